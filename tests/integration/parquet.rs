//! Parquet in and out: what is written says the same as JSON Lines do, and comes in again.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow_array::{Int64Array, RecordBatch, StringArray, TimestampMillisecondArray};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::{Value, json};

use crate::args;
use crate::program::{Folder, codes, ids, pipeline};

/// Rows of a file as JSON objects, and its metadata.
pub(crate) fn rows(path: &Path) -> (Vec<Value>, Vec<(String, String)>) {
    let builder = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap();
    let metadata = builder.metadata().file_metadata().key_value_metadata().unwrap();
    let metadata = metadata.iter().map(|pair| (pair.key.clone(), pair.value.clone().unwrap())).collect();
    let mut lines = Vec::new();
    let mut writer = arrow_json::LineDelimitedWriter::new(&mut lines);
    builder.build().unwrap().for_each(|batch| writer.write(&batch.unwrap()).unwrap());
    writer.finish().unwrap();
    drop(writer);
    let lines = String::from_utf8(lines).unwrap();
    (lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect(), metadata)
}

/// A JSON record with pairs written as Parquet has them; what is null or empty there is left out on both sides.
pub(crate) fn as_row(value: &Value) -> Value {
    match value {
        Value::Array(pair) if pair.len() == 2 && pair.iter().all(Value::is_u64) => {
            json!({"start": pair[0], "end": pair[1]})
        }
        Value::Array(all) => all.iter().map(as_row).collect(),
        Value::Object(members) => {
            let members = members.iter().filter(|(_, value)| !value.is_null());
            Value::Object(members.map(|(key, value)| (key.clone(), as_row(value))).collect())
        }
        Value::Number(number) if number.is_f64() => {
            json!((f64::from(number.as_f64().unwrap() as f32) * 1e4).round() / 1e4)
        }
        other => other.clone(),
    }
}

#[test]
fn rows_say_what_lines_say() {
    let folder = Folder::new();
    let output = folder.path("out.parquet");
    let layers = ["--layers", "+text,tokens,sentences,passages,syntax,triples"];
    for (unit, language) in [("chars", "auto"), ("utf16", "xx")] {
        let options = ["--offsets", unit, "--language", language];
        let run =
            ["run", "examples/news"].iter().chain(&layers).chain(&options).map(std::ffi::OsString::from);
        let lines = pipeline(run.clone()).records();
        let done = pipeline(run.chain(args!["-o", output]));
        assert!(done.status < 2, "{}", done.err);
        let (rows, metadata) = rows(&output);
        assert_eq!(rows.len(), lines.len());
        for (row, line) in rows.iter().zip(&lines) {
            let mut line = line.clone();
            let line = line.as_object_mut().unwrap();
            line.remove("offsets");
            line.entry("skipped").or_insert(json!([]));
            assert_eq!(as_row(row), as_row(&json!(line)));
        }
        assert!(metadata.contains(&("pipeline.offsets".to_owned(), unit.to_owned())), "{metadata:?}");
        assert!(metadata.contains(&("pipeline.schema_version".to_owned(), "1".to_owned())), "{metadata:?}");
    }
}

#[test]
fn any_number_of_threads_gives_the_same_file() {
    let folder = Folder::new();
    let run = |threads: &str| {
        let output = folder.path("out.parquet");
        pipeline(args!["run", "examples/news", "-o", output, "--threads", threads]).well();
        std::fs::read(output).unwrap()
    };
    assert!(run("1") == run("5"));
}

#[test]
fn what_was_written_comes_in_again() {
    let folder = Folder::new();
    let output = folder.path("out.parquet");
    pipeline(args!["run", "examples/news", "-o", output, "--layers", "text"]).well();
    let texts = |input: &Path| {
        let records = pipeline(args!["run", input, "--layers", "text"]).well();
        records.iter().map(|record| (record["id"].clone(), record["text"].clone())).collect::<Vec<_>>()
    };
    assert_eq!(texts(&output), texts(Path::new("examples/news")));
}

#[test]
fn nothing_in_gives_a_file_without_rows() {
    let folder = Folder::new();
    let input = folder.file("a.jsonl", "");
    for name in ["out.jsonl", "out.jsonl.gz", "out.jsonl.zst", "out.parquet"] {
        let output = folder.path(name);
        pipeline(args!["run", input, "-o", output]).well();
        match name {
            "out.jsonl" => assert_eq!(std::fs::read(&output).unwrap(), b""),
            "out.parquet" => assert_eq!(rows(&output).0, [Value::Null; 0]),
            _ => assert_eq!(pipeline(args!["run", output]).well().len(), 0),
        }
    }
}

/// A file that others have written: its columns have types and names of their own.
fn foreign(path: &Path) {
    let batch = RecordBatch::try_from_iter([
        ("key", Arc::new(Int64Array::from(vec![7, 8, 9])) as arrow_array::ArrayRef),
        ("body", Arc::new(StringArray::from(vec![Some("Oslo."), None, Some("Bergen.")]))),
        ("head", Arc::new(StringArray::from(vec!["A", "B", "C"]))),
        ("at", Arc::new(TimestampMillisecondArray::from(vec![0, 1_741_910_400_000, 1]))),
        ("n", Arc::new(Int64Array::from(vec![Some(1), None, Some(3)]))),
    ])
    .unwrap();
    let mut writer = ArrowWriter::try_new(File::create(path).unwrap(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

#[test]
fn columns_are_named() {
    let folder = Folder::new();
    let input = folder.path("a.parquet");
    foreign(&input);
    let fields = ["--text-field", "body", "--id-field", "key", "--title-field", "head", "--date-field", "at"];
    let run = args!["run", input, "--keep-meta", "--layers", "text"];
    let done = pipeline(run.into_iter().chain(fields.map(std::ffi::OsString::from)));
    let records = done.records();
    assert_eq!(
        ids(&records),
        ["7", "a.parquet:2", "9"].map(|id| id.replace("a.parquet", &input.to_string_lossy()))
    );
    assert_eq!((&records[0]["text"], &records[0]["title"]), (&json!("Oslo."), &json!("A")));
    assert_eq!(records[0]["date"], "1970-01-01T00:00:00");
    assert_eq!((&records[0]["meta"], &records[2]["meta"]), (&json!({"n": 1}), &json!({"n": 3})));
    assert_eq!(codes(&records[1]), ["missing-field"]);
    let done = pipeline(args!["run", input]);
    let message = done.records()[0]["errors"][0]["message"].as_str().unwrap().to_owned();
    assert!(message.contains("--text-field; there are key, body, head, at, n"), "{message}");
}

#[test]
fn what_is_no_parquet_has_a_record() {
    let folder = Folder::new();
    let input = folder.file("a.parquet", "no Parquet");
    let done = pipeline(args!["run", input]);
    assert_eq!((done.status, codes(&done.records()[0])), (1, vec!["unreadable"]));
}

#[test]
fn meta_and_dates_come_back_in_rows() {
    let folder = Folder::new();
    let input = folder.file(
        "a.jsonl",
        "{\"text\":\"Oslo.\",\"day\":\"2025-03-14\",\"n\":[1]}\n{\"text\":\"Bergen.\",\"n\":2}\n",
    );
    let output = folder.path("out.parquet");
    let run = args!["run", input, "-o", output, "--keep-meta", "--date-field", "day", "--date", "2025-01-01"];
    pipeline(run).well();
    let (rows, _) = rows(&output);
    let dates: Vec<_> = rows.iter().map(|row| row["date"].as_str().unwrap()).collect();
    assert_eq!(dates, ["2025-03-14", "2025-01-01"]);
    let metas: Vec<_> = rows.iter().map(|row| row["meta"].as_str().unwrap()).collect();
    assert_eq!(metas, ["{\"n\":[1]}", "{\"n\":2}"]);
}
