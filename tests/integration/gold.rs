//! Scores on gold documents.

use crate::args;
use crate::program::{Folder, pipeline};

/// The numbers of the row of a report that begins with `title`.
fn row(report: &str, title: &str) -> Vec<f64> {
    let row = report.lines().find_map(|line| line.strip_prefix(title));
    let row = row.unwrap_or_else(|| panic!("{title} is not in {report}"));
    row.split_whitespace().map(|number| number.parse().unwrap()).collect()
}

#[test]
fn words_and_sentences_are_scored_on_raw_text() {
    let folder = Folder::new();
    let line = |id: &str, form: &str, misc: &str| format!("{id}\t{form}\t_\t_\t_\t_\t0\t_\t_\t{misc}\n");
    let text = [
        "# newdoc id = a\n# text = Anna doesn't sing. She reads.\n".to_owned(),
        line("1", "Anna", "_")
            + &line("2-3", "doesn't", "_")
            + &line("2", "does", "_")
            + &line("3", "n't", "_"),
        line("4", "sing", "SpaceAfter=No")
            + &line("5", ".", "_")
            + &line("6", "She", "_")
            + &line("7", "reads", "SpaceAfter=No"),
        line("8", ".", "_"),
    ];
    let gold = folder.file("a.conllu", text.concat());
    let report = pipeline(args!["eval", gold]).out;
    // Eight words, as found; one sentence, where two are found: none is right.
    assert_eq!(row(&report, "words (syntactic)")[3..], [8.0, 8.0, 8.0]);
    assert_eq!(row(&report, "sentences")[3..], [1.0, 2.0, 0.0]);
}

#[test]
fn languages_are_scored_by_length() {
    let folder = Folder::new();
    let text = "Der Vorstand der Gesellschaft hat gestern in Hamburg über den Verkauf der Werft beraten.";
    let gold = folder.file("a.tsv", format!("deu\t{text}\nfra\t{text}\n"));
    let report = pipeline(args!["eval", gold]).out;
    assert_eq!(row(&report, "51-100"), [50.0, 2.0]);
    assert_eq!(row(&report, "mean over languages"), [50.0, 2.0]);
}

#[test]
fn bad_gold_is_refused_with_file_and_line() {
    let folder = Folder::new();
    let refusal = |name: &str, text: &str| pipeline(args!["eval", folder.file(name, text)]).refusal();
    let outside =
        "{\"text\":\"ab\"}\n{\"text\":\"ab\",\"entities\":[{\"start\":1,\"end\":9,\"label\":\"ORG\"}]}";
    let message = refusal("a.jsonl", outside);
    assert!(message.contains("a.jsonl:2: has the entity 1..9 in a text of 2 characters"), "{message}");
    assert!(refusal("a.conll", "Anna\tB-PER\nBerg\n").contains("a.conll:2: has one column"));
    assert!(refusal("a.xyz", "nothing").contains("known are JSONL"));
    assert!(refusal("b.jsonl", "").contains("holds no document"));
}
