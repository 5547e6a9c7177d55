//! Documents in, records out: one for each, in order, whatever happens.

use serde_json::Value;

use crate::args;
use crate::program::{Folder, codes, ids, pipeline, with_input};

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let folder = Folder::new();
    // Enough for many chunks, of sizes that differ.
    let sentence = "Ana Soto of Lumen met Jürgen Weiß in Oslo. ";
    let lines: String =
        (0..700).map(|i| format!("{{\"text\":\"{} No. {i}.\"}}\n", sentence.repeat(i % 40))).collect();
    let input = folder.file("many.jsonl", lines);
    let run = |threads: &str| {
        let done = pipeline(args!["run", input, "--layers", "+text,tokens,sentences", "--threads", threads]);
        assert_eq!(done.status, 0, "{}", done.err);
        done.out
    };
    let one = run("1");
    assert_eq!(one.lines().count(), 700);
    assert!(one == run("2"), "two threads give other bytes than one");
    assert!(one == run("7"), "seven threads give other bytes than one");
}

#[test]
fn each_input_has_its_record_and_failures_show_in_the_status() {
    let folder = Folder::new();
    folder.file("a-empty.txt", "");
    folder.file("b-broken.txt", b"Caf\xE9 in Oslo.");
    folder.file(
        "c.jsonl",
        "{\"id\":\"good\",\"text\":\"Oslo.\"}\n\n{\"id\":\"bad\",\"text\":\n{\"id\":\"none\"}\n",
    );
    let done = pipeline(args!["run", folder.path(""), "--layers", "+text"]);
    assert_eq!(done.status, 1);
    let records = done.records();
    assert_eq!(ids(&records), ["a-empty.txt", "b-broken.txt", "good", "c.jsonl:3", "c.jsonl:4"]);
    let all: Vec<_> = records.iter().map(codes).collect();
    assert_eq!(all, [vec![], vec!["encoding"], vec![], vec!["bad-input"], vec!["missing-field"]]);
    assert_eq!(records[1]["text"], "Caf\u{fffd} in Oslo.");
    assert!(records[3]["errors"][0]["message"].as_str().unwrap().starts_with("c.jsonl:3: "));
    assert!(done.err.contains("5 documents, 3 with errors"), "{}", done.err);
}

#[test]
fn a_document_over_the_limit_is_told_and_the_run_goes_on() {
    let folder = Folder::new();
    let input =
        folder.file("a.jsonl", format!("{{\"text\":\"{}\"}}\n{{\"text\":\"b\"}}\n", "a".repeat(500_000)));
    let long = folder.file("long.txt", "x".repeat(2000));
    let done = pipeline(args!["run", input, long, "--max-doc-bytes", "1K"]);
    assert_eq!(done.status, 1);
    let all: Vec<Vec<String>> =
        done.records().iter().map(|record| codes(record).into_iter().map(str::to_owned).collect()).collect();
    assert_eq!(all, [vec!["too-large".to_owned()], vec![], vec!["too-large".to_owned()]]);
}

#[test]
fn standard_input_is_text_or_json_lines() {
    let text = with_input(["run", "-", "--layers", "+text"], "Anna lebt in Köln.".as_bytes()).well();
    assert_eq!((ids(&text), &text[0]["text"]), (vec!["-"], &Value::from("Anna lebt in Köln.")));
    let json = with_input(["run", "-"], b"{\"text\":\"a\"}\n{\"id\":\"x\",\"text\":\"b\"}").well();
    assert_eq!(ids(&json), ["-:1", "x"]);
}

#[test]
fn fields_are_named_and_others_come_back() {
    let line = br#"{"key":17,"body":"Oslo.","tags":["a",{"b":null}],"n":1.5}"#;
    let fields = ["run", "-", "--text-field", "body", "--id-field", "key"];
    let records = with_input(fields.into_iter().chain(["--keep-meta"]), line).well();
    assert_eq!(ids(&records), ["17"]);
    assert_eq!(records[0]["meta"], serde_json::json!({"tags": ["a", {"b": null}], "n": 1.5}));
    assert_eq!(with_input(fields, line).well()[0].get("meta"), None);
}

#[test]
fn the_limit_counts_documents() {
    let records = pipeline(["run", "examples/news", "--limit", "3"]).well();
    assert_eq!(
        ids(&records),
        ["01-lumen-buys-kestrel.txt", "02-foreign-ministers-meet.txt", "03-sanctions-on-shipping.txt"]
    );
    assert_eq!(pipeline(["run", "examples/news", "--limit", "0"]).well().len(), 0);
}

#[test]
fn compressed_files_are_read_as_what_they_hold() {
    let folder = Folder::new();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut gzip, b"{\"text\":\"Oslo.\"}\n").unwrap();
    // Two members, one after the other, are one file.
    let member = gzip.finish().unwrap();
    folder.file("a.jsonl.gz", [member.clone(), member].concat());
    folder.file("b.txt.zst", zstd::encode_all(&b"Bergen."[..], 1).unwrap());
    folder.file("c.txt.gz", b"no gzip");
    let done = pipeline(args!["run", folder.path(""), "--layers", "+text"]);
    let records = done.records();
    assert_eq!(ids(&records), ["a.jsonl.gz:1", "a.jsonl.gz:2", "b.txt.zst", "c.txt.gz"]);
    assert_eq!((&records[2]["text"], codes(&records[3])), (&Value::from("Bergen."), vec!["unreadable"]));
    assert_eq!(done.status, 1);
}

#[test]
fn texts_in_other_encodings_are_read() {
    let folder = Folder::new();
    let old = folder.file("old.txt", b"K\xF6ln \x96 5 \x80");
    let texts = |input: &std::path::Path, encoding: &str| {
        let records = pipeline(args!["run", input, "--layers", "text", "--encoding", encoding]).well();
        records.iter().map(|record| record["text"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(texts(&old, "windows-1252"), ["Köln – 5 €"]);
    // As some shells write what is redirected to a file: with a mark at the start, two bytes a line end.
    let mut wide = vec![0xFF, 0xFE];
    wide.extend(
        "{\"text\":\"Köln\"}\r\n{\"text\":\"東京 👩\"}\r\n".encode_utf16().flat_map(u16::to_le_bytes),
    );
    let wide = folder.file("wide.jsonl", wide);
    assert_eq!(texts(&wide, "utf-16le"), ["Köln", "東京 👩"]);
    let done = pipeline(args!["run", wide]);
    assert!(done.out.contains("--encoding"), "{}", done.out);
    let refusal = pipeline(args!["run", old, "--encoding", "utf-9"]).refusal();
    assert!(refusal.contains("unknown encoding `utf-9`") && refusal.contains("windows-1252"), "{refusal}");
}

#[test]
fn title_and_date_come_back() {
    let lines = b"{\"head\":\"A\",\"day\":\"2025-03-14\",\"text\":\"Oslo.\"}\n{\"text\":\"Bergen.\"}\n";
    let run = [
        "run",
        "-",
        "--title-field",
        "head",
        "--date-field",
        "day",
        "--date",
        "2024-12-31",
        "--layers",
        "text",
    ];
    let records = with_input(run, lines).well();
    assert_eq!((&records[0]["title"], &records[0]["date"]), (&"A".into(), &"2025-03-14".into()));
    assert_eq!((records[1].get("title"), &records[1]["date"]), (None, &"2024-12-31".into()));
    let refusal = pipeline(["run", "examples/news", "--date", "14.3.2025"]).refusal();
    assert!(refusal.contains("2025-03-14"), "{refusal}");
}

#[test]
fn relative_dates_are_told_by_the_date_of_the_document() {
    let folder = Folder::new();
    let lines = b"{\"day\":\"2025-03-14T09:00:00Z\",\"text\":\"The talks in Bergen ended yesterday.\"}\n\
        {\"day\":\"2024-01-01\",\"text\":\"The talks in Bergen ended yesterday.\"}\n";
    let input = folder.file("a.jsonl", lines);
    let value = |record: &Value| record["entities"][1]["value"].clone();
    let records = pipeline(args!["run", input, "--date-field", "day"]).well();
    assert_eq!(records.iter().map(value).collect::<Vec<_>>(), ["2025-03-13", "2023-12-31"]);
    let records = pipeline(args!["run", input]).well();
    assert_eq!(records.iter().map(value).collect::<Vec<_>>(), [Value::Null, Value::Null]);
}

#[test]
fn values_and_tickers_stand_with_the_names() {
    let folder = Folder::new();
    let text = "Qualcomm Inc. (NASDAQ: QCOM) paid $1.2bn for the British company ARM Holdings (ARM.L) on March 3, 2021. \
        Analysts in London had expected three quarters of that, 12 percentage points less, by 9 a.m. GMT.";
    let records = pipeline(args!["run", folder.file("a.txt", text)]).well();
    let found = records[0]["entities"].as_array().expect("a list");
    let of = |text: &str| found.iter().find(|row| row["text"] == text);
    let value = |text: &str| of(text).map(|row| (row["label"].clone(), row["value"].clone()));
    for (text, label, wanted) in [
        ("$1.2bn", "MONEY", "USD 1200000000"),
        ("March 3, 2021", "DATE", "2021-03-03"),
        ("12 percentage points", "PERCENT", "12 %"),
        ("9 a.m. GMT", "TIME", "T09:00Z"),
    ] {
        assert_eq!(value(text), Some((label.into(), wanted.into())), "{text} in {found:?}");
    }
    let tickers: Vec<_> = found.iter().filter_map(|row| row.get("ticker")).collect();
    assert_eq!(tickers, ["NASDAQ:QCOM", "ARM.L"]);
    assert!(found.iter().all(|row| row["text"] != "QCOM" || row.get("ticker").is_none()));
    let ends: Vec<_> = found.iter().map(|row| (row["start"].as_u64(), row["end"].as_u64())).collect();
    assert!(ends.is_sorted_by(|a, b| a.1 <= b.0), "rows overlap: {found:?}");
}

#[test]
fn a_language_without_a_model_gets_values_and_says_what_was_skipped() {
    let folder = Folder::new();
    let input =
        folder.file("a.txt", "Die Preise stiegen in diesem Jahr um 12,5 % und die Gemeinde zahlte dafür.");
    let records = pipeline(args!["run", input]).well();
    assert_eq!(records[0]["entities"][0]["value"], "12.5 %", "{}", records[0]);
    assert_eq!(records[0]["skipped"][0]["stage"], "entities");
}
