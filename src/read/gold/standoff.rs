//! Labels that stand off from their texts: lines of NewsGraph's labels, joined with the texts by their ids.

use std::borrow::Cow;
use std::collections::HashMap;

use pipeline_core::plugin::sha256;
use serde::Deserialize;
use stages::gold::GoldDoc;

use super::newsgraph::{self, Name, Relation};
use super::{Fault, filled_lines, json_fault};

/// A line, as `models/newsgraph/README.md` describes it.
#[derive(Deserialize)]
struct Labels {
    id: String,
    characters: usize,
    sha256: String,
    sentences: Vec<[usize; 2]>,
    entities: Vec<(usize, usize, String, usize)>,
    relations: Vec<(u32, u32, String, Option<[usize; 2]>)>,
}

/// A record of raw text.
#[derive(Deserialize)]
struct Raw<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    text: Cow<'a, str>,
}

/// Texts by their ids, from files of one JSON object with `id` and `text` a line.
///
/// # Errors
/// A line is not such an object.
pub fn texts(files: &[String]) -> Result<HashMap<Cow<'_, str>, Cow<'_, str>>, String> {
    let mut texts = HashMap::new();
    for line in files.iter().flat_map(|file| file.lines()) {
        let raw: Raw<'_> = serde_json::from_str(line).map_err(|error| json_fault(&error))?;
        texts.insert(raw.id, raw.text);
    }
    Ok(texts)
}

/// Documents of labels and the texts they stand on. Where a text goes on after the characters that are annotated, the
/// rest is left out.
///
/// # Errors
/// With the line: it is malformed, its text is missing or not the one annotated.
pub fn join(labels: &str, texts: &HashMap<Cow<'_, str>, Cow<'_, str>>) -> Result<Vec<GoldDoc>, String> {
    let doc = |(number, line)| {
        document(number, line, texts).map_err(|fault| format!("line {}: {}", fault.line, fault.message))
    };
    filled_lines(labels).map(doc).collect()
}

fn document(
    number: usize,
    line: &str,
    texts: &HashMap<Cow<'_, str>, Cow<'_, str>>,
) -> Result<GoldDoc, Fault> {
    let labels: Labels =
        serde_json::from_str(line).map_err(|error| Fault::new(number, json_fault(&error)))?;
    let id = labels.id.clone();
    let text = texts.get(id.as_str()).ok_or_else(|| format!("there is no text `{id}`"));
    let doc = text.and_then(|text| {
        let end = text.char_indices().nth(labels.characters).map_or(text.len(), |(at, _)| at);
        on_text(number, labels, &text[..end])
    });
    doc.map_err(|message| Fault::new(number, message))
}

fn on_text(number: usize, labels: Labels, text: &str) -> Result<GoldDoc, String> {
    if sha256(text.as_bytes()) != labels.sha256 {
        return Err(format!("the text `{}` is not the one annotated: its SHA-256 differs", labels.id));
    }
    let name = |(start, end, label, _)| Name { start, end, label };
    let relation = |(head, tail, label, trigger)| Relation { head, tail, label, trigger };
    let record = newsgraph::Record {
        id: Some(labels.id),
        text: text.into(),
        sentences: Some(labels.sentences),
        entities: Some(labels.entities.into_iter().map(name).collect()),
        relations: Some(labels.relations.into_iter().map(relation).collect()),
        annotated_properties: None,
        clusters: None,
        language: None,
    };
    newsgraph::convert("", number, record)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LABELS: &str = r#"{"id":"a","characters":14,"sentences":[[0,14]],"entities":[[0,3,"PERSON",0],[10,14,"ORG",0]],
        "relations":[[0,1,"founded",[4,9]]],"clusters":[],
        "sha256":"c88cb912bd11e24cd3d3c3645842c4dafc46d051c55d2cc7db85da6413350631"}"#;

    fn joined(text: &str) -> Result<Vec<GoldDoc>, String> {
        let files = [serde_json::json!({"id": "a", "text": text}).to_string()];
        join(&LABELS.replace('\n', ""), &texts(&files).unwrap())
    }

    #[test]
    fn labels_find_their_text_and_leave_the_rest_out() {
        let docs = joined("Zoë built Önal. And more.").unwrap();
        let doc = &docs[0];
        assert_eq!(doc.text, "Zoë built Önal");
        let names = doc.entities.as_ref().unwrap();
        assert_eq!(&doc.text[names[1].span.range()], "Önal");
        let relation = &doc.relations.as_ref().unwrap()[0];
        assert_eq!(&doc.text[relation.trigger.unwrap().range()], "built");
    }

    #[test]
    fn another_text_is_refused() {
        let error = joined("Zoe built Önal. And more.").unwrap_err();
        assert_eq!(error, "line 1: the text `a` is not the one annotated: its SHA-256 differs");
        let error = join(&LABELS.replace('\n', ""), &HashMap::new()).unwrap_err();
        assert_eq!(error, "line 1: there is no text `a`");
    }
}
