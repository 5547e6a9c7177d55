//! NewsGraph JSONL: raw text with names, relations and name clusters; offsets count Unicode characters.

use std::borrow::Cow;

use pipeline_core::Span;
use serde::Deserialize;
use stages::gold::{GoldDoc, GoldEntity, GoldRelation};

use super::token_text::span;
use super::{Fault, filled_lines, json_fault};

#[derive(Deserialize)]
pub(super) struct Record<'a> {
    pub(super) id: Option<String>,
    #[serde(borrow)]
    pub(super) text: Cow<'a, str>,
    pub(super) sentences: Option<Vec<[usize; 2]>>,
    pub(super) entities: Option<Vec<Name>>,
    pub(super) relations: Option<Vec<Relation>>,
    pub(super) annotated_properties: Option<Vec<String>>,
    pub(super) clusters: Option<Vec<Vec<String>>>,
    pub(super) language: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Name {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) label: String,
}

#[derive(Deserialize)]
pub(super) struct Relation {
    pub(super) head: u32,
    pub(super) tail: u32,
    pub(super) label: String,
    #[serde(default)]
    pub(super) trigger: Option<[usize; 2]>,
}

pub(super) fn parse(name: &str, text: &str) -> Result<Vec<GoldDoc>, Fault> {
    filled_lines(text).map(|(number, line)| record(name, number, line)).collect()
}

fn record(name: &str, number: usize, line: &str) -> Result<GoldDoc, Fault> {
    let record: Record<'_> = serde_json::from_str(line).map_err(|e| Fault::new(number, json_fault(&e)))?;
    convert(name, number, record).map_err(|message| Fault::new(number, message))
}

pub(super) fn convert(name: &str, number: usize, record: Record<'_>) -> Result<GoldDoc, String> {
    let place = CharIndex::new(&record.text);
    let sentences = record.sentences.map(|all| {
        all.iter().map(|&[start, end]| place.span("sentence", start, end)).collect::<Result<Vec<_>, _>>()
    });
    let entities = record.entities.map(|all| {
        all.into_iter()
            .map(|e| Ok(GoldEntity { span: place.span("entity", e.start, e.end)?, label: e.label }))
            .collect::<Result<Vec<_>, String>>()
    });
    let entities = entities.transpose()?;
    let count = entities.as_ref().map_or(0, Vec::len);
    let relations = record
        .relations
        .map(|all| all.into_iter().map(|r| relation(r, count, &place)).collect::<Result<Vec<_>, _>>());
    Ok(GoldDoc {
        id: record.id.unwrap_or_else(|| format!("{name}:{number}")),
        sentences: sentences.transpose()?,
        entities,
        relations: relations.transpose()?,
        annotated: record.annotated_properties,
        clusters: record.clusters,
        language: record.language,
        text: record.text.into_owned(),
        ..GoldDoc::default()
    })
}

fn relation(relation: Relation, entities: usize, place: &CharIndex<'_>) -> Result<GoldRelation, String> {
    let Relation { head, tail, label, trigger } = relation;
    if head.max(tail) as usize >= entities {
        return Err(format!(
            "has a relation `{label}` of entities {head} and {tail}, but only {entities} entities"
        ));
    }
    let trigger = trigger.map(|[start, end]| place.span("trigger", start, end)).transpose()?;
    Ok(GoldRelation { head, tail, label, trigger })
}

/// Byte offset of each character.
struct CharIndex<'a> {
    text: &'a str,
    /// Empty for ASCII, where the two are the same.
    bytes: Vec<u32>,
    len: usize,
}

impl<'a> CharIndex<'a> {
    fn new(text: &'a str) -> Self {
        if text.is_ascii() {
            return Self { text, bytes: Vec::new(), len: text.len() };
        }
        let mut bytes: Vec<u32> = text.char_indices().map(|(at, _)| at as u32).collect();
        let len = bytes.len();
        bytes.push(text.len() as u32);
        Self { text, bytes, len }
    }

    fn span(&self, what: &str, start: usize, end: usize) -> Result<Span, String> {
        if start >= end || end > self.len {
            let len = self.len;
            return Err(format!("has the {what} {start}..{end} in a text of {len} characters"));
        }
        let byte = |at: usize| self.bytes.get(at).map_or(at, |&b| b as usize);
        let span = span(byte(start), byte(end));
        debug_assert!(self.text.get(span.range()).is_some());
        Ok(span)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_become_bytes() {
        let line = r#"{"id":"a","text":"Zoë Önal führt Müller AG.","sentences":[[0,25]],
            "entities":[{"start":0,"end":8,"label":"PERSON","sentence":0},{"start":15,"end":24,"label":"ORG"}],
            "relations":[{"head":0,"tail":1,"label":"employee_of","trigger":[9,14]}],"clusters":[["Zoë Önal","Önal"]]}"#
            .replace('\n', " ");
        let doc = parse("x", &line).unwrap().remove(0);
        let entities = doc.entities.unwrap();
        assert_eq!(&doc.text[entities[0].span.range()], "Zoë Önal");
        assert_eq!(&doc.text[entities[1].span.range()], "Müller AG");
        let relations = doc.relations.unwrap();
        assert_eq!(&doc.text[relations[0].trigger.unwrap().range()], "führt");
        assert_eq!(doc.sentences.unwrap()[0].len() as usize, doc.text.len());
    }

    #[test]
    fn what_is_not_annotated_is_not_empty() {
        let doc = parse("f.jsonl", r#"{"text":"Hello."}"#).unwrap().remove(0);
        assert_eq!((doc.id.as_str(), doc.entities, doc.relations), ("f.jsonl:1", None, None));
    }

    #[test]
    fn faults_carry_their_line() {
        let outside =
            "{\"text\":\"ab\"}\n{\"text\":\"ab\",\"entities\":[{\"start\":1,\"end\":3,\"label\":\"X\"}]}";
        let fault = parse("x", outside).unwrap_err();
        assert_eq!(
            (fault.line, fault.message.as_str()),
            (2, "has the entity 1..3 in a text of 2 characters")
        );
        let dangling = r#"{"text":"ab","relations":[{"head":0,"tail":1,"label":"owns"}]}"#;
        assert!(parse("x", dangling).unwrap_err().message.contains("only 0 entities"));
        assert_eq!(parse("x", "\n\n{\"text\":").unwrap_err().line, 3);
    }
}
