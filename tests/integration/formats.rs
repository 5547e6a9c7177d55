//! What records say: offsets in every unit, layers, and the file they go to.

use serde_json::Value;

use crate::args;
use crate::program::{Folder, pipeline, with_input};

/// Text of many scripts, widths and lengths of characters.
const MIXED: &str = "Zoë 👩‍👩‍👧 met Ümit in Kraków. 星海科技在成都签约。 Привет, Мир! 🇳🇴 Oslo.";

fn units(text: &str, layers: &str) -> [Value; 3] {
    ["chars", "bytes", "utf16"].map(|unit| {
        let done = with_input(["run", "-", "--offsets", unit, "--layers", layers], text.as_bytes());
        done.well().remove(0)
    })
}

/// The stretch `start..end` of `text`, counted in a unit.
fn slice(text: &str, unit: usize, start: usize, end: usize) -> String {
    match unit {
        0 => text.chars().skip(start).take(end - start).collect(),
        1 => text[start..end].to_owned(),
        _ => {
            let units: Vec<u16> = text.encode_utf16().collect();
            String::from_utf16(&units[start..end]).unwrap()
        }
    }
}

fn pairs(record: &Value, layer: &str) -> Vec<(usize, usize)> {
    let pair = |pair: &Value| (pair[0].as_u64().unwrap() as usize, pair[1].as_u64().unwrap() as usize);
    record[layer].as_array().unwrap().iter().map(pair).collect()
}

#[test]
fn offsets_of_all_units_cut_the_same_text() {
    let texts = std::fs::read_dir("examples/news").unwrap().map(|entry| entry.unwrap().path());
    let texts = texts.filter(|path| path.extension().is_some_and(|extension| extension == "txt"));
    let texts = texts.map(|path| std::fs::read_to_string(path).unwrap()).chain([MIXED.repeat(30)]);
    for text in texts {
        let records = units(&text, "tokens,sentences");
        for layer in ["tokens", "sentences"] {
            let cut = |unit: usize| -> Vec<String> {
                pairs(&records[unit], layer).into_iter().map(|(s, e)| slice(&text, unit, s, e)).collect()
            };
            assert!(cut(0).len() > 1, "{layer} of {text}");
            assert_eq!(cut(0), cut(1));
            assert_eq!(cut(0), cut(2));
        }
    }
}

#[test]
fn records_name_the_unit_unless_it_is_characters() {
    let [chars, bytes, utf16] = units("Oslo.", "language");
    assert_eq!(chars.get("offsets"), None);
    assert_eq!((&bytes["offsets"], &utf16["offsets"]), (&"bytes".into(), &"utf16".into()));
}

#[test]
fn layers_are_those_asked_for() {
    let keys = |args: &[&str]| {
        let record = with_input(["run", "-"].iter().chain(args), b"Anna is in Oslo.").well().remove(0);
        record.as_object().unwrap().keys().cloned().collect::<Vec<_>>()
    };
    assert_eq!(keys(&["--layers", "tokens"]), ["errors", "id", "tokens"]);
    assert_eq!(keys(&["--layers", "language, text"]), ["errors", "id", "language", "text"]);
    assert_eq!(keys(&["--stages", "language"]), ["errors", "id", "language"]);
    assert!(keys(&["--layers", "+sentences"]).contains(&"sentences".to_owned()));
}

#[test]
fn the_language_can_be_given() {
    let record = |code| with_input(["run", "-", "--language", code], b"Oslo.").well().remove(0);
    assert_eq!(record("nb")["language"], serde_json::json!({"code": "nb", "confidence": 1.0}));
}

#[test]
fn a_file_gets_its_name_when_it_is_complete() {
    let folder = Folder::new();
    let output = folder.path("out.jsonl");
    let done = pipeline(args!["run", "examples/news", "-o", output, "--quiet"]);
    assert_eq!((done.status, done.out.as_str(), done.err.as_str()), (0, "", ""));
    assert_eq!(folder.names(), ["out.jsonl"]);
    let written = std::fs::read_to_string(&output).unwrap();
    assert_eq!(written, pipeline(["run", "examples/news"]).out);
}

#[test]
fn a_closed_pipe_ends_the_run_in_silence() {
    let folder = Folder::new();
    let input = folder.file("a.jsonl", "{\"text\":\"Anna is in Oslo.\"}\n".repeat(20_000));
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_pipeline"));
    command
        .args(args!["run", input])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap().as_str()), (Some(0), ""));
}
