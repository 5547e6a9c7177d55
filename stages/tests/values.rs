//! Value expressions, each in a sentence, with what should be made of them.

use stages::entities::values::{self, Date, Label, Value};
use stages::tokenize::{Tokenizer, Words};

/// A row of the tables: sentence, marked text, label, value, language.
struct Row<'a> {
    text: &'a str,
    marked: &'a str,
    label: &'a str,
    value: &'a str,
    language: &'a str,
}

fn rows(table: &str) -> impl Iterator<Item = Row<'_>> {
    table.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let cells: Vec<&str> = line.split('\t').collect();
        let cell = |n: usize| cells.get(n).copied().unwrap_or("");
        let language = if cells.len() > 4 { cells[4] } else { "en" };
        Row { text: cell(0), marked: cell(1), label: cell(2), value: cell(3), language }
    })
}

fn find(text: &str, language: &str, today: Option<&str>) -> Vec<Value> {
    let (mut words, mut found) = (Words::default(), Vec::new());
    Tokenizer::new().run(text, language, &mut words);
    values::find(text, &words.tokens, language, today.and_then(Date::parse), &mut found);
    found
}

fn right(row: &Row<'_>) -> bool {
    let found = find(row.text, row.language, Some("2021-03-17"));
    let text = |value: &Value| &row.text[value.span.range()];
    if row.label == "-" {
        return !found.iter().any(|value| text(value).eq_ignore_ascii_case(row.marked));
    }
    let same = |value: &Value| {
        let wanted = if row.value == "-" { "" } else { row.value };
        text(value) == row.marked && Label::NAMES[value.label as usize] == row.label && value.value == wanted
    };
    found.iter().any(same)
}

fn score(table: &str) {
    let (right, wrong): (Vec<_>, Vec<_>) = rows(table).partition(right);
    for row in &wrong {
        println!("{} [{}] should be {} {}", row.text, row.marked, row.label, row.value);
    }
    println!("{} right of {}", right.len(), right.len() + wrong.len());
    assert!(right.len() * 100 >= (right.len() + wrong.len()) * 95, "fewer than 95 % are right");
}

#[test]
fn expressions_to_develop_on() {
    score(include_str!("values.tsv"));
}

#[test]
fn expressions_held_out() {
    score(include_str!("values_held.tsv"));
}

#[test]
fn expressions_of_a_second_reader() {
    score(include_str!("values_fresh.tsv"));
}

#[test]
fn expressions_of_a_third_reader() {
    score(include_str!("values_third.tsv"));
}

#[test]
fn relative_dates_have_no_value_without_a_date() {
    let found = find("The minister resigned last week.", "en", None);
    assert_eq!((found.len(), found[0].label, found[0].value.as_str()), (1, Label::Date, ""));
}

#[test]
fn odd_numbers_do_no_harm() {
    for text in [
        "99999999999999999999999999999999999999999999 trillion crore",
        "1/0/0 0/0/0000 31.02.2020 24:61",
        "half half a a",
        "-",
        "$",
        "9999-99-99T",
        "nine million billion trillion trillion ago",
        "‑5 – ’",
        "last 999999999 years",
        "1.0000000000000000000000000000000000000001%",
        "0-0 million 0 to 0.5 million 5 to 0.05%",
    ] {
        for language in ["en", "de"] {
            let _ = find(text, language, Some("2021-03-17"));
        }
    }
}
