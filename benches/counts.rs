//! Instructions of the hot paths, against those of the baseline: `cargo bench --bench counts`.
//!
//! Valgrind's callgrind counts them, so that a busy machine changes nothing. More than the allowance over
//! `benches/counts.json` is a failure; `PIPELINE_BLESS=1` rewrites that file, as is due with other models or another
//! compiler. Counts hold for one kind of processor only, which the file names.

#[allow(dead_code, reason = "shared with the bench of the stages")]
mod corpus;
#[allow(dead_code, reason = "shared with the table of sizes")]
mod samples;

use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use pipeline::read::{Body, DecodeOptions, Decoder, RawDoc};
use pipeline::write::{FormatKind, OffsetUnit, RecordOptions, format};
use pipeline_core::Document;
use pipeline_core::engine::Records;
use serde::{Deserialize, Serialize};

/// How many more instructions than the baseline are let pass, as a part of it.
const ALLOWANCE: f64 = 0.02;
/// Documents, and bytes of each.
const DOCUMENTS: usize = 20;
const SIZE: usize = 2_000;
/// Stage, the layer that it makes, the layers it is given.
const STAGES: [(&str, &str, &[&str]); 4] = [
    ("language", "language", &[]),
    ("tokenize", "tokens", &["language", "passages"]),
    ("entities", "entities", &["language", "passages", "tokens", "sentences"]),
    ("relations", "relations", &["language", "passages", "tokens", "sentences", "entities"]),
];
const OTHERS: [&str; 3] = ["read fields", "make records", "all stages"];

#[derive(Default, Serialize, Deserialize)]
struct Baseline {
    arch: String,
    rustc: String,
    /// Instructions for each byte of text, by path.
    instructions_per_byte: BTreeMap<String, f64>,
}

/// What callgrind counts: nothing before, nothing after.
#[inline(never)]
fn measured(work: &mut dyn FnMut()) {
    work();
}

fn docs() -> Vec<Document> {
    (0..DOCUMENTS).map(|_| samples::document("en", SIZE)).collect()
}

/// Does one path once as a warm-up and once for the count.
fn work(path: &str) {
    let twice = |work: &mut dyn FnMut()| {
        work();
        measured(work);
    };
    let mut docs = docs();
    let whole = samples::linked();
    if let Some((_, layer, given)) = STAGES.iter().find(|(stage, ..)| *stage == path) {
        let alone = corpus::pipeline(&[layer], given);
        let mut docs = corpus::supply(&docs, &alone, given);
        return twice(&mut || alone.process(&mut docs).expect("the samples are worked on"));
    }
    match path {
        "read fields" => {
            let options = DecodeOptions::default();
            let decoder = Decoder::new(&options, whole.plan());
            let line = |doc: &Document| {
                serde_json::json!({ "id": doc.id, "text": doc.text }).to_string().into_bytes()
            };
            let lines: Vec<_> = docs.iter().map(line).collect();
            let raw =
                |line: &Vec<u8>| RawDoc { source: "a".into(), line: 1, body: Ok(Body::Json(line.clone())) };
            twice(&mut || lines.iter().zip(&mut docs).for_each(|(line, doc)| decoder.decode(raw(line), doc)));
        }
        "make records" => {
            corpus::again(&whole, &mut docs);
            let layers = ["language", "entities", "relations"].map(str::to_owned).into();
            let options = RecordOptions { layers, unit: OffsetUnit::Chars, meta: false };
            let format = format(FormatKind::JsonLines(None), whole.plan(), whole.symbols(), &options);
            let mut out = Records::default();
            twice(&mut || format.encode(black_box(&docs), &mut out));
        }
        _ => twice(&mut || corpus::again(&whole, &mut docs)),
    }
}

/// Instructions for each byte of text, as callgrind counts them.
fn count(path: &str, scratch: &Path) -> Result<f64, String> {
    let file = scratch.join("callgrind.out");
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--collect-atstart=no", "--toggle-collect=*counts::measured*"]);
    valgrind.arg(format!("--callgrind-out-file={}", file.display()));
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let done = valgrind.arg(program).args(["--count", path]).output().map_err(|error| error.to_string())?;
    if !done.status.success() {
        return Err(String::from_utf8_lossy(&done.stderr).into_owned());
    }
    let found = std::fs::read_to_string(&file).map_err(|error| error.to_string())?;
    let total = found.lines().find_map(|line| line.strip_prefix("totals:")?.trim().parse::<f64>().ok());
    match total {
        Some(total) if total > 0.0 => Ok(total / (DOCUMENTS * SIZE) as f64),
        _ => Err(format!(
            "callgrind counted nothing: was `measured` renamed?\n{}",
            String::from_utf8_lossy(&done.stderr)
        )),
    }
}

/// The first words of what the compiler says of itself.
fn rustc() -> String {
    let said = Command::new("rustc").arg("--version").output();
    said.map(|said| String::from_utf8_lossy(&said.stdout).trim().to_owned()).unwrap_or_default()
}

fn compare(baseline: &Baseline, now: &Baseline) -> bool {
    let mut well = true;
    println!("{:14}{:>12}{:>12}{:>10}   instructions a byte of text", "", "baseline", "now", "change");
    for (path, count) in &now.instructions_per_byte {
        let Some(before) = baseline.instructions_per_byte.get(path) else {
            println!("{path:14}{:>12}{count:>12.2}{:>10}   not in the baseline", "-", "-");
            well = false;
            continue;
        };
        let change = count / before - 1.0;
        let remark = match change {
            change if change > ALLOWANCE => "   MORE THAN ALLOWED",
            change if change < -ALLOWANCE => "   fewer: PIPELINE_BLESS=1 keeps that",
            _ => "",
        };
        well &= change <= ALLOWANCE;
        println!("{path:14}{before:>12.2}{count:>12.2}{:>+9.2} %{remark}", 100.0 * change);
    }
    well
}

fn measure_all() -> Result<Baseline, String> {
    let scratch = tempfile::tempdir().map_err(|error| error.to_string())?;
    let paths = STAGES.iter().map(|(stage, ..)| *stage).chain(OTHERS);
    let counts = paths.map(|path| Ok((path.to_owned(), count(path, scratch.path())?)));
    let instructions_per_byte = counts.collect::<Result<_, String>>()?;
    Ok(Baseline { arch: std::env::consts::ARCH.into(), rustc: rustc(), instructions_per_byte })
}

fn gate() -> Result<bool, String> {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("benches/counts.json");
    let now = measure_all()?;
    if std::env::var_os("PIPELINE_BLESS").is_some() {
        let text = serde_json::to_string_pretty(&now).map_err(|error| error.to_string())? + "\n";
        std::fs::write(&file, text).map_err(|error| format!("{}: {error}", file.display()))?;
        println!("wrote {}", file.display());
    }
    let text = std::fs::read_to_string(&file)
        .map_err(|error| format!("{}: {error}; PIPELINE_BLESS=1 makes it", file.display()))?;
    let baseline: Baseline =
        serde_json::from_str(&text).map_err(|error| format!("{}: {error}", file.display()))?;
    if baseline.arch != now.arch {
        println!("the baseline is for {}, this is {}: nothing to compare", baseline.arch, now.arch);
        return Ok(true);
    }
    if baseline.rustc != now.rustc {
        println!(
            "the baseline was made with {}, this is {}: compilers count differently",
            baseline.rustc, now.rustc
        );
    }
    Ok(compare(&baseline, &now))
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().collect();
    if let Some(at) = args.iter().position(|arg| arg == "--count") {
        work(args.get(at + 1).map_or("", String::as_str));
        return ExitCode::SUCCESS;
    }
    if Command::new("valgrind").arg("--version").output().is_err() {
        eprintln!("valgrind is not installed: instructions were not counted");
        return ExitCode::SUCCESS;
    }
    match gate() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            eprintln!("more instructions than the baseline and {} % allow", 100.0 * ALLOWANCE);
            ExitCode::FAILURE
        }
        Err(message) => {
            eprintln!("instructions could not be counted: {message}");
            ExitCode::FAILURE
        }
    }
}
