//! Stages that misbehave: one document fails, with the stage and the reason, and the run goes on.

use serde_json::{Value, json};

use crate::args;
use crate::libraries::{build, in_c, misbehaving, run};
use crate::program::{Folder, codes, pipeline};

/// What the stage `fixture.caps` makes of texts, in one run.
fn records(texts: &[&str]) -> Vec<Value> {
    let folder = Folder::new();
    let lines: String = texts.iter().map(|text| format!("{}\n", json!({"text": text}))).collect();
    let input = folder.file("in.jsonl", lines);
    let done = pipeline(run(misbehaving(), "tokenize,fixture.caps", &input));
    assert_eq!(done.status, 1, "{}", done.err);
    assert_eq!(done.err, "", "nothing of it reaches the terminal");
    done.records()
}

#[test]
fn a_failure_stays_with_its_document() {
    let cases = [
        ("panic", "panic", "asked to at "),
        ("bomb", "panic", "(no message)"),
        ("passed on", "panic", "from elsewhere"),
        ("error", "stage-error", "asked to"),
        ("out of bounds", "invalid-output", "0..99 is out of bounds"),
        ("é", "invalid-output", "cuts a character"),
        ("symbol", "invalid-output", "was never given out"),
    ];
    let mut texts: Vec<_> = cases.iter().map(|case| case.0).collect();
    texts.insert(3, "Anna met Bo");
    let mut records = records(&texts);
    let good = records.remove(3);
    assert_eq!(good["errors"], json!([]));
    assert_eq!(good["entities"].as_array().unwrap().len(), 2);
    for (record, (text, code, words)) in records.iter().zip(cases) {
        assert_eq!(codes(record), [code], "{text}");
        let error = &record["errors"][0];
        assert_eq!(error["stage"], "fixture.caps");
        assert!(error["message"].as_str().unwrap().contains(words), "{error}");
    }
}

#[test]
fn output_in_c_that_cannot_be_fails_its_document() {
    let folder = Folder::new();
    let text = folder.file("a.txt", "one Two");
    let cases = [
        ("WRONG_KIND", "invalid-output", "column 0 is declared as sym, found u32"),
        ("BROKEN_UTF8", "invalid-output", "a text column is not UTF-8"),
        ("TWICE", "invalid-output", "slot 0 was filled twice"),
        ("GIVES_UP", "batch-failure", "the stage gave up on the batch (status -7)"),
    ];
    for (flag, code, words) in cases {
        let Some(library) = in_c(&folder, flag, &[&format!("-D{flag}")]) else { return };
        let mut args = run(&library, "tokenize,fixture.caps,fixture.first", &text).to_vec();
        args.extend(args!["--plugin", misbehaving()]);
        let done = pipeline(args);
        assert_eq!(done.status, 1, "{flag}: {}", done.err);
        let record = &done.records()[0];
        assert_eq!(codes(record), [code], "{record}");
        assert!(record["errors"][0]["message"].as_str().unwrap().contains(words), "{record}");
        assert_eq!(record["entities"].as_array().unwrap().len(), 1, "what others found stays: {record}");
    }
}

#[test]
fn a_reference_to_no_row_fails_its_document() {
    let folder = Folder::new();
    let input = folder.file("in.jsonl", "{\"text\":\"dangling\"}\n{\"text\":\"Anna met Bo\"}\n");
    let records = pipeline(run(misbehaving(), "tokenize,fixture.caps,fixture.links", &input)).records();
    assert_eq!(codes(&records[0]), ["invalid-output"]);
    let message = records[0]["errors"][0]["message"].as_str().unwrap();
    assert!(message.contains("a reference to row 77 of a layer of 0 rows"), "{message}");
    assert_eq!(codes(&records[1]), [""; 0]);
}

#[test]
fn what_breaks_while_a_stage_is_made_ends_the_run_with_its_words() {
    let folder = Folder::new();
    let text = folder.file("a.txt", "One two");
    let call = |breaks: &str| {
        let config =
            folder.file("pipeline.toml", format!("[stages.\"fixture.fragile\"]\nbreaks = '{breaks}'\n"));
        let mut args = run(misbehaving(), "+fixture.fragile", &text).to_vec();
        args.extend(args!["--config", config]);
        pipeline(args)
    };
    assert!(call("create").refusal().contains("broken in create"));
    let message = call("refuse").refusal();
    assert!(message.contains("`fixture.fragile`") && message.contains("name one with `model`"), "{message}");
    assert_eq!(call("destroy").status, 0);
    for breaks in ["worker", "batch"] {
        let done = call(breaks);
        assert_eq!(done.status, 1, "{}", done.err);
        let record = &done.records()[0];
        assert!(
            record["errors"][0]["message"].as_str().unwrap().contains(&format!("broken in {breaks}")),
            "{record}"
        );
    }
}

#[test]
fn a_stage_in_c_works_beside_one_in_rust() {
    let folder = Folder::new();
    let Some(library) = in_c(&folder, "first", &[]) else { return };
    let text = folder.file("a.txt", "one Two");
    let mut args = run(&library, "tokenize,fixture.caps,fixture.first", &text).to_vec();
    args.extend(args!["--plugin", misbehaving()]);
    let record = &pipeline(args).well()[0];
    let labels: Vec<_> =
        record["entities"].as_array().unwrap().iter().map(|entity| &entity["label"]).collect();
    assert_eq!(labels, ["FIRST", "CAP"]);
}

#[test]
fn of_entities_that_overlap_one_is_written_as_the_policy_says() {
    let folder = Folder::new();
    let Some(library) = in_c(&folder, "first", &[]) else { return };
    let text = folder.file("a.txt", "Two one");
    let labels = |policy: &str| {
        let config =
            folder.file("pipeline.toml", format!("[stages.\"fixture.first\"]\noverlap = '{policy}'\n"));
        let mut args = run(&library, "tokenize,fixture.caps,fixture.first", &text).to_vec();
        args.extend(args!["--plugin", misbehaving(), "--config", config]);
        let record = &pipeline(args).well()[0];
        record["entities"].as_array().unwrap().iter().map(|row| row["label"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(labels("keep-existing"), ["CAP"]);
    assert_eq!(labels("prefer-longest"), ["CAP"]);
    assert_eq!(labels("prefer-new"), ["FIRST"]);
    assert_eq!(labels("keep-both"), ["CAP", "FIRST"]);
}

#[test]
fn stages_give_the_same_built_in_and_from_a_library() {
    let (language, tokenize) = (build("pipeline-language"), build("pipeline-tokenize"));
    let call = |stages: &str| {
        let layers = ["--layers", "language,passages,tokens,sentences,text", "examples/news"];
        let mut args =
            args!["run", "--quiet", "--plugin", language, "--plugin", tokenize, "--stages", stages].to_vec();
        args.extend(layers.map(std::ffi::OsString::from));
        pipeline(args)
    };
    let (built_in, loaded) = (call("language,tokenize"), call("plugin:language,plugin:tokenize"));
    assert_eq!((built_in.status, loaded.status), (0, 0), "{}{}", built_in.err, loaded.err);
    assert!(built_in.out.len() > 1000);
    assert_eq!(built_in.out, loaded.out);
}
