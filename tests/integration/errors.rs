//! What the program says when it cannot do what it is asked: the thing, the choices, the cure; status 2.

use crate::args;
use crate::program::{Folder, finish, pipeline};

/// The refusal of arguments, which must say all of `words`.
#[track_caller]
fn refused(args: &[&str], words: &[&str]) {
    let message = pipeline(args).refusal();
    for word in words {
        assert!(message.contains(word), "`{word}` is not said in: {message}");
    }
}

#[test]
fn unknown_words_come_with_the_known_ones() {
    refused(
        &["run", "examples/news", "--layers", "entitys"],
        &["`entitys`", "did you mean `entities`", "sentences"],
    );
    refused(
        &["run", "examples/news", "--stages", "+tokenise"],
        &["`tokenise`", "did you mean `tokenize`", "language"],
    );
    refused(&["run", "examples/news", "--offsets", "words"], &["words", "chars, bytes, utf16"]);
    refused(&["run", "examples/news", "--on-error", "stop"], &["skip-stage, skip-doc, fail"]);
    refused(&["run", "examples/news", "--layer", "text"], &["--layer", "--layers"]);
    refused(&["run", "examples/news", "--threads", "0"], &["0", "1..=1024"]);
    refused(&["run", "examples/news", "--max-doc-bytes", "5X"], &["`X`", "K, M or G"]);
    refused(&["rum"], &["rum", "run"]);
    refused(&["run"], &["INPUT"]);
}

#[test]
fn inputs_that_cannot_be_read_are_named() {
    refused(&["run", "examples/nothing"], &["examples/nothing does not exist", "-"]);
    refused(&["run", "Cargo.toml"], &["Cargo.toml", ".txt, .md, .jsonl"]);
    let folder = Folder::new();
    folder.file("a.pdf", "");
    let message = pipeline(args!["run", folder.path("")]).refusal();
    assert!(message.contains("nothing to read in") && message.contains(".txt"), "{message}");
}

#[test]
fn documents_of_one_id_are_refused() {
    let folder = Folder::new();
    folder.file("x/a.txt", "1");
    folder.file("y/a.txt", "2");
    let message = pipeline(args!["run", folder.path("x"), folder.path("y")]).refusal();
    assert!(message.contains("both get the id a.txt"), "{message}");
    assert_eq!(pipeline(args!["run", folder.path("")]).well().len(), 2);
}

#[test]
fn outputs_that_cannot_be_written_are_named() {
    let folder = Folder::new();
    let input = folder.file("in/a.jsonl", "{\"text\":\"Oslo.\"}\n");
    let refusal = |output: std::path::PathBuf| pipeline(args!["run", input, "-o", output]).refusal();
    assert!(refusal(folder.path("in")).contains("is a directory"));
    assert!(refusal(folder.path("none/out.jsonl")).contains("does not exist"));
    assert!(refusal(input.clone()).contains("is part of the input"));
    assert_eq!(std::fs::read(&input).unwrap(), b"{\"text\":\"Oslo.\"}\n");
}

#[test]
fn a_run_gives_up_after_too_many_errors() {
    let folder = Folder::new();
    let input = folder.file("a.jsonl", "no json\n".repeat(200));
    let output = folder.path("out.jsonl");
    let done = pipeline(args!["run", input, "-o", output, "--max-errors", "10"]);
    assert_eq!(done.status, 2);
    assert!(done.err.contains("--max-errors"), "{}", done.err);
    assert!(!output.exists());
}

#[test]
fn the_configuration_is_checked() {
    let folder = Folder::new();
    let refusal = |text: &str| {
        let config = folder.file("p.toml", text);
        pipeline(args!["run", "examples/news", "--config", config]).refusal()
    };
    assert!(refusal("[pipeline]\nstage = []").contains("did you mean `stages`"));
    assert!(refusal("[stages.tokenise]\nx = 1").contains("did you mean `tokenize`"));
    assert!(refusal("[stages.language]\nfallbck = 'de'").contains("did you mean `fallback`"));
    assert!(refusal("pipeline").contains("is not TOML"));
}

#[test]
fn the_configuration_of_the_working_directory_counts() {
    let folder = Folder::new();
    folder.file("pipeline.toml", "[pipeline]\nstages = ['language']\n[language]\ncode = 'sv'");
    folder.file("a.txt", "Oslo.");
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_pipeline"));
    command.args(["run", "a.txt"]).current_dir(folder.path(""));
    let records = finish(command, b"").well();
    assert_eq!(records[0]["language"]["code"], "sv");
}
