//! What a call across the boundary costs: the same stage, which does nothing, linked in and loaded.
//!
//! `cargo bench --bench boundary` reports both for Criterion's record, and then the difference in nanoseconds a
//! document: of very many short rounds, taken in turns, the quickest of each, which nothing else on the machine has
//! disturbed; and beside it the median of the differences between neighbouring rounds. With `PIPELINE_GATE=1` a
//! difference between the quickest of more than 3 ns at 64 documents a call is a failure. At the end the stages that
//! come with the program, where the difference is lost in what the stages do and in where code came to lie.

#[path = "boundary/real.rs"]
mod real;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;

use criterion::{BenchmarkId, Criterion, Throughput};
use pipeline_core::plugin::{Library, OpenOptions};
use pipeline_core::{Doc, Document, Init, Out, Pipeline, Result, Stage, StageInfo, StageSource, StageUse};

/// As `fixture.noop` in the library.
struct Noop;
impl Stage for Noop {
    const INFO: StageInfo = StageInfo::new("fixture.noop", "does nothing");
    fn new(_: &Init<'_>) -> Result<Self> {
        Ok(Noop)
    }
    fn process(&self, _: Doc<'_>, _: &mut Out<'_>) -> Result {
        Ok(())
    }
}

/// Most that a document may cost more in a loaded stage, in nanoseconds.
const GATE: f64 = 3.0;
const ROUNDS: usize = 4001;
/// Documents of a round: a tenth of a millisecond, less than a busy system leaves a thread at a time.
const ROUND: usize = 3200;

/// The library of a package of the workspace, built with the profile this bench was built with.
fn library(package: &str) -> PathBuf {
    // target/release/deps/boundary-0123 lies two folders below the libraries.
    let program = std::env::current_exe().unwrap();
    let place = program.parent().and_then(Path::parent).unwrap();
    let profile = place.file_name().unwrap();
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--quiet", "-p", package, "--profile"]).arg(profile);
    cargo.arg("--target-dir").arg(place.parent().unwrap()).current_dir(env!("CARGO_MANIFEST_DIR"));
    assert!(cargo.status().is_ok_and(|status| status.success()), "{package} is built");
    let (prefix, suffix) = (std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    place.join(format!("{prefix}{}{suffix}", package.replace('-', "_")))
}

fn open(library: &Path) -> Vec<StageSource> {
    let library = Library::scan(library).unwrap_or_else(|error| panic!("{error}"));
    library.open(OpenOptions::default()).unwrap_or_else(|error| panic!("{error}"))
}

fn loaded() -> StageSource {
    let stages = open(&library("fixture-stages"));
    stages.into_iter().find(|stage| stage.card.name == "fixture.noop").expect("the stage")
}

fn pipeline(stage: StageSource) -> Pipeline {
    Pipeline::new(vec![StageUse::new(stage)], &[], &[], Box::new(|_, _| {})).unwrap()
}

fn docs(count: usize) -> Vec<Document> {
    (0..count).map(|number| Document::new(number.to_string(), "Maria met Bo in Rome.")).collect()
}

/// Nanoseconds a document.
struct Cost {
    linked: f64,
    loaded: f64,
    median_difference: f64,
}

fn cost(linked: &Pipeline, loaded: &Pipeline, count: usize) -> Cost {
    let (mut docs, calls) = (docs(count), ROUND / count);
    let mut round = |pipeline: &Pipeline| {
        let start = Instant::now();
        (0..calls).for_each(|_| pipeline.process(&mut docs).unwrap());
        start.elapsed().as_nanos() as f64 / (calls * count) as f64
    };
    let mut least = [f64::INFINITY; 2];
    let mut differences = Vec::with_capacity(ROUNDS);
    for number in 0..ROUNDS {
        let mut times = [0.0; 2];
        for turn in [number % 2, 1 - number % 2] {
            times[turn] = round([linked, loaded][turn]);
            least[turn] = least[turn].min(times[turn]);
        }
        differences.push(times[1] - times[0]);
    }
    differences.sort_by(f64::total_cmp);
    Cost { linked: least[0], loaded: least[1], median_difference: differences[ROUNDS / 2] }
}

fn main() -> ExitCode {
    let (linked, loaded) = (pipeline(StageSource::linked::<Noop>().unwrap()), pipeline(loaded()));
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("no-op stage");
    for count in [1, 64] {
        group.throughput(Throughput::Elements(count as u64));
        for (name, pipeline) in [("linked", &linked), ("loaded", &loaded)] {
            let mut docs = docs(count);
            let id = BenchmarkId::new(name, count);
            group.bench_function(id, |bencher| bencher.iter(|| pipeline.process(&mut docs).unwrap()));
        }
    }
    group.finish();
    criterion.final_summary();
    let mut costs = 0.0;
    for count in [1, 64] {
        let Cost { linked, loaded, median_difference } = cost(&linked, &loaded, count);
        costs = loaded - linked;
        println!(
            "{count} documents a call: linked {linked:.1} ns, loaded {loaded:.1} ns a document, difference {costs:+.2} ns, \
             median {median_difference:+.2} ns"
        );
    }
    real::report();
    if std::env::var_os("PIPELINE_GATE").is_some() && costs > GATE {
        eprintln!("the boundary costs more than {GATE} ns a document");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
