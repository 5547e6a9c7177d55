//! Layers that stages describe themselves, in records of both formats.

use serde_json::{Value, json};

use crate::args;
use crate::libraries::{misbehaving, run};
use crate::parquet::{as_row, rows};
use crate::program::{Folder, pipeline};

const STAGES: &str = "tokenize,fixture.caps,fixture.notes,fixture.more-notes";

fn records(text: &str, more: &[&str]) -> Vec<Value> {
    let folder = Folder::new();
    let mut args = run(misbehaving(), STAGES, &folder.file("a.txt", text)).to_vec();
    args.extend(more.iter().map(std::ffi::OsString::from));
    pipeline(args).well()
}

#[test]
fn rows_have_their_columns_by_name() {
    let record = &records("Zoé met Bo", &[])[0];
    let nothing = |start: u32, end: u32, row: u32| {
        json!({"start": start, "end": end, "small": row, "count": null, "sum": 0, "weight": 0.0, "size": 0.0,
            "tag": null, "word": null, "stretch": null, "name": null, "before": null})
    };
    let mut last = nothing(10, 10, 0);
    // The note that the last one leads to lies over the first, which stands in its place.
    (last["word"], last["before"]) = (json!("after"), json!(0));
    let expected = json!([
        {"start": 0, "end": 3, "small": 0, "count": 1, "sum": 0, "weight": 0.1, "size": 1e-7, "tag": "NOTE",
            "word": "Zoé", "stretch": [0, 3], "name": 0, "before": null},
        nothing(4, 7, 1),
        {"start": 8, "end": 10, "small": 2, "count": 3, "sum": -2, "weight": 0.1, "size": 1e-7, "tag": "NOTE",
            "word": "Bo", "stretch": [8, 10], "name": 1, "before": 1},
        last,
    ]);
    assert_eq!(record["fixture.notes"], expected);
    let origins: Vec<_> =
        record["entities"].as_array().unwrap().iter().map(|row| row["origin"].clone()).collect();
    assert_eq!(origins, [Value::Null, Value::Null, json!("added")]);
}

#[test]
fn they_are_there_unless_the_list_of_layers_leaves_them_out() {
    let has = |more: &[&str]| records("Bo", more)[0].get("fixture.notes").is_some();
    assert!(has(&[]) && has(&["--layers", "+text"]) && has(&["--layers", "fixture.notes"]));
    assert!(!has(&["--layers", "entities"]));
    let folder = Folder::new();
    let text = folder.file("a.txt", "Bo");
    let refusal = |stages: &str, layer: &str| {
        let mut args = run(misbehaving(), stages, &text).to_vec();
        args.extend(args!["--layers", layer]);
        pipeline(args).refusal()
    };
    assert!(refusal(STAGES, "fixture.note").contains("did you mean `fixture.notes`"));
    let message = refusal("tokenize,fixture.caps", "fixture.notes");
    assert!(message.contains("no stage of this run makes a layer `fixture.notes`"), "{message}");
}

#[test]
fn parquet_has_the_same() {
    let folder = Folder::new();
    let lines = "{\"text\":\"Zoé met Bo\"}\n{\"text\":\"\"}\n{\"text\":\"a b c d\"}\n";
    let input = folder.file("in.jsonl", lines);
    let call = |more: &[std::ffi::OsString]| {
        let mut args = run(misbehaving(), STAGES, &input).to_vec();
        args.extend_from_slice(more);
        pipeline(args)
    };
    let output = folder.path("out.parquet");
    let lines = call(&[]).well();
    call(&args!["-o", output]).well();
    let (rows, _) = rows(&output);
    assert_eq!(rows.len(), lines.len());
    for (row, line) in rows.iter().zip(&lines) {
        let mut line = line.clone();
        line.as_object_mut().unwrap().entry("skipped").or_insert(json!([]));
        // A relation between names, which no stage here finds, is no column either.
        assert_eq!(as_row(row), as_row(&line));
    }
}

#[test]
fn scores_count_the_names_that_records_have() {
    let folder = Folder::new();
    let gold = folder.file(
        "gold.jsonl",
        "{\"id\":\"a\",\"text\":\"Anna met Bo\",\"entities\":[{\"start\":0,\"end\":4,\"label\":\"CAP\"},\
         {\"start\":9,\"end\":11,\"label\":\"CAP\"}]}\n",
    );
    let report = |stages: &str| {
        let done = pipeline(args!["eval", "--plugin", misbehaving(), "--stages", stages, gold]);
        assert_eq!(done.status, 0, "{}", done.err);
        let scores = |line: &&str| line.contains("CAP");
        done.out.lines().find(scores).map(str::to_owned).unwrap_or(done.out)
    };
    // The rows that `fixture.links` adds lie over all names, and do not count.
    assert_eq!(report("tokenize,fixture.caps"), report("tokenize,fixture.caps,fixture.links"));
    assert!(report("tokenize,fixture.caps").contains("100"), "{}", report("tokenize,fixture.caps"));
}
