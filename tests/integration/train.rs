//! Models learnt from gold documents.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use crate::args;
use crate::program::{Done, Folder, finish, root};

/// The program where no corpora are to be had.
fn train(args: &[OsString]) -> Done {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pipeline"));
    command.arg("train").args(args).current_dir(root()).env("PIPELINE_DATA", "no such folder");
    finish(command, b"")
}

/// Trains a stage on the sample gold documents; the model's bytes.
#[track_caller]
fn model(stage: &str, output: &Path, seed: &str) -> Vec<u8> {
    let done =
        train(&args![stage, "--train", "examples/gold.jsonl", "--epochs", "3", "--seed", seed, "-o", output]);
    assert_eq!(done.status, 0, "{}", done.err);
    std::fs::read(output).unwrap()
}

#[test]
fn the_same_seed_gives_the_same_model() {
    let folder = Folder::new();
    for stage in ["entities", "relations"] {
        let one = model(stage, &folder.path("one"), "1");
        assert!(one == model(stage, &folder.path("two"), "1"), "{stage}: the same seed gives another model");
        assert!(one != model(stage, &folder.path("three"), "2"), "{stage}: the seed makes no difference");
    }
}

#[test]
fn english_is_learnt_with_the_word_classes_of_the_built_in_model() {
    let folder = Folder::new();
    let told = |language: &str| {
        let output = folder.path(language);
        let learn =
            args!["entities", "--train", "examples/gold.jsonl", "--epochs", "1", "--language", language];
        let done = train(&[&learn[..], &args!["-o", output]].concat());
        assert_eq!(done.status, 0, "{}", done.err);
        (done.err, std::fs::metadata(output).unwrap().len())
    };
    let ((english, with), (danish, without)) = (told("en"), told("da"));
    assert!(!english.contains("no word classes") && danish.contains("no word classes"), "{english}{danish}");
    assert!(with > without + 1_000_000, "{with} and {without} bytes");
}

#[test]
fn what_cannot_be_learnt_from_is_refused() {
    let folder = Folder::new();
    let output = folder.path("model");
    let refusal = |stage: &str, name: &str, text: &str| {
        let message = train(&args![stage, "--train", folder.file(name, text), "-o", output]).refusal();
        assert_eq!(folder.names(), [name], "nothing is left behind");
        std::fs::remove_file(folder.path(name)).unwrap();
        message
    };
    assert!(refusal("entities", "a.jsonl", "{\"text\":\"Oslo.\"}\n").contains("no name is marked"));
    assert!(refusal("relations", "a.conll", "Oslo\tB-LOC\n").contains("no document has relations"));
    assert!(refusal("entities", "b.conll", "Oslo\tB-LOC\nBergen\n").contains("b.conll:2"));
    assert!(refusal("tokens", "a.conllu", "#").contains("entities, relations"));
    assert!(refusal("syntax", "a.jsonl", "{\"text\":\"Oslo.\"}\n").contains("a treebank in CoNLL-U"));
    let word = |id: u32, head: &str| format!("{id}\ta\ta\tX\t_\t_\t{head}\tdep\t_\t_\n");
    assert!(refusal("syntax", "b.conllu", &word(1, "2")).contains("b.conllu:1: has the head `2`"));
    let circle = word(1, "2") + &word(2, "1");
    assert!(refusal("syntax", "c.conllu", &circle).contains("c.conllu:1: depends on itself"));
}

/// A treebank of one sentence pattern, many times over.
fn treebank() -> String {
    let row = |id: u32, form: &str, pos: &str, head: u32, label: &str| {
        format!("{id}\t{form}\t_\t{pos}\t_\t_\t{head}\t{label}\t_\t_\n")
    };
    let sentence = |noun: &str| {
        row(1, noun, "NOUN", 2, "nsubj")
            + &row(2, "sings", "VERB", 0, "root")
            + &row(3, ".", "PUNCT", 2, "punct")
            + "\n"
    };
    ["Anna", "Berg", "nobody"].map(sentence).concat().repeat(8)
}

#[test]
fn a_treebank_teaches_syntax_and_the_model_is_used() {
    let folder = Folder::new();
    let (gold, model) = (folder.file("xx.conllu", treebank()), folder.path("syntax.model"));
    let args = args!["syntax", "--train", gold, "--dev", gold, "--epochs", "4", "-o", model];
    let done = train(&args);
    assert_eq!(done.status, 0, "{}", done.err);
    assert!(done.err.contains("dev UPOS 100.00 UAS 100.00 LAS 100.00"), "{}", done.err);
    let again = std::fs::read(&model).unwrap();
    assert_eq!(train(&args).status, 0);
    assert!(again == std::fs::read(&model).unwrap(), "the same seed gives another model");
    let config = folder.file("p.toml", format!("[stages.syntax]\nmodels = [{model:?}]\n"));
    let report = crate::program::pipeline(args!["eval", gold, "--config", config, "--language", "en"]).out;
    let row = |title: &str| report.lines().filter(|line| line.starts_with(title)).collect::<Vec<_>>();
    assert_eq!(row("LAS").len(), 2, "{report}");
    assert!(row("LAS")[1].contains("100.00 100.00 100.00      72      72      72"), "{report}");
}
