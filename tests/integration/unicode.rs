//! Whatever the text: what records point at is there.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::args;
use crate::program::{Folder, pipeline};

/// Words that stages care for, between whatever Unicode has.
fn texts() -> Vec<String> {
    let word = prop_oneof![
        Just("Anna Berg".to_owned()),
        Just(" of Lumen Energy, ".to_owned()),
        Just("’s U.S. ".to_owned()),
        Just("Müller\u{301} 星海科技 👩‍👩‍👧. ".to_owned()),
        Just("met Mr. O'Neil in Kraków on 3\u{a0}May.\n\n".to_owned()),
        any::<String>(),
        "\\PC{0,12}",
        "[ .,;!?\"“”()\\n-]{0,4}",
    ];
    let text = proptest::collection::vec(word, 0..20).prop_map(|words| words.concat());
    let mut runner = TestRunner::deterministic();
    (0..400).map(|_| text.new_tree(&mut runner).unwrap().current()).collect()
}

fn number(value: &Value) -> usize {
    value.as_u64().unwrap() as usize
}

/// Checks a stretch and gives its text.
#[track_caller]
fn cut(text: &[char], start: &Value, end: &Value) -> String {
    let (start, end) = (number(start), number(end));
    assert!(start < end && end <= text.len(), "{start}..{end} in {} characters", text.len());
    text[start..end].iter().collect()
}

#[test]
fn what_records_point_at_is_there() {
    let folder = Folder::new();
    let texts = texts();
    let lines: String = texts.iter().map(|text| json!({ "text": text }).to_string() + "\n").collect();
    let input = folder.file("a.jsonl", lines);
    let done = pipeline(args!["run", input, "--layers", "+text,passages,tokens,sentences"]);
    let records = done.well();
    assert_eq!(records.len(), texts.len());
    for (record, text) in records.iter().zip(&texts) {
        assert_eq!(record["text"], **text);
        check(record, &text.chars().collect::<Vec<_>>());
    }
}

fn check(record: &Value, text: &[char]) {
    let rows = |layer: &str| record[layer].as_array().cloned().unwrap_or_default();
    for layer in ["tokens", "sentences"] {
        let mut before = 0;
        for pair in rows(layer) {
            cut(text, &pair[0], &pair[1]);
            assert!(before <= number(&pair[0]), "{layer} overlap in {record}");
            before = number(&pair[1]);
        }
    }
    for passage in rows("passages") {
        cut(text, &passage["start"], &passage["end"]);
    }
    let entities = rows("entities");
    for entity in &entities {
        assert_eq!(cut(text, &entity["start"], &entity["end"]), entity["text"]);
    }
    for relation in rows("relations") {
        let (head, tail) = (number(&relation["head"]), number(&relation["tail"]));
        assert!(head != tail && head.max(tail) < entities.len(), "{relation}");
        if !relation["trigger"].is_null() {
            cut(text, &relation["trigger"][0], &relation["trigger"][1]);
        }
    }
}
