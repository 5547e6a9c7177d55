//! The gallery shows what the program finds in its items.
//!
//! `PIPELINE_BLESS=1 cargo test --test integration gallery` writes what is found anew; the items and the remarks stay.

use serde_json::{Value, json};

use crate::program::{root, with_input};

const OPEN: &str = "\n```text\n";
const CLOSE: &str = "```\n";

/// An item: its text, and where in the page stands what is found in it.
struct Item {
    text: String,
    found: std::ops::Range<usize>,
}

fn items(page: &str) -> Vec<Item> {
    let mut items = Vec::new();
    let mut from = 0;
    while let Some(open) = page[from..].find(OPEN) {
        let start = from + open + OPEN.len();
        let end = start + page[start..].find(CLOSE).expect("a block that ends");
        let quoted = page[from..start].lines().filter_map(|line| line.strip_prefix("> "));
        items.push(Item { text: quoted.collect::<Vec<_>>().join(" "), found: start..end });
        from = end;
    }
    items
}

/// Lines of what a record holds: a line for each relation.
fn lines(record: &Value) -> String {
    let entities = record["entities"].as_array().expect("names");
    let name =
        |place: &Value| entities[place.as_u64().expect("a place") as usize]["text"].as_str().expect("a text");
    let text: Vec<char> = record["text"].as_str().expect("the text").chars().collect();
    let words = |span: &Value| {
        let at = |n: usize| span[n].as_u64().map(|at| at as usize);
        at(0).zip(at(1)).map_or(String::from("-"), |(from, to)| text[from..to].iter().collect())
    };
    let relation = |found: &Value| {
        let (head, tail) = (name(&found["head"]), name(&found["tail"]));
        let (label, score) =
            (found["label"].as_str().expect("a label"), found["score"].as_f64().expect("a score"));
        format!("{head} | {label} | {tail} | {} | {score:.2}\n", words(&found["trigger"]))
    };
    record["relations"].as_array().expect("relations").iter().map(relation).collect()
}

#[test]
fn the_gallery_shows_what_is_found() {
    let file = root().join("docs/gallery.md");
    let page = std::fs::read_to_string(&file).unwrap();
    let items = items(&page);
    assert!(items.len() >= 20, "the gallery has only {} items", items.len());
    let input: String = items.iter().map(|item| json!({ "text": item.text }).to_string() + "\n").collect();
    let folder = crate::program::Folder::new();
    let news = folder.file("news.jsonl", input);
    let records =
        with_input(["run".as_ref(), news.as_os_str(), "--layers".as_ref(), "+text".as_ref()], b"").well();
    let mut blessed = page.clone();
    for (item, record) in items.iter().zip(&records).rev() {
        blessed.replace_range(item.found.clone(), &lines(record));
    }
    if std::env::var_os("PIPELINE_BLESS").is_some() {
        std::fs::write(&file, blessed).unwrap();
        return;
    }
    for (shown, found) in page.lines().zip(blessed.lines()) {
        assert_eq!(shown, found, "docs/gallery.md shows another result than the program gives; see its head");
    }
    assert_eq!(page, blessed);
}
