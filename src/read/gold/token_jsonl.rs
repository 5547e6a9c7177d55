//! Token JSONL: `{"id","tokens","entities":[{"start","end","type"}],"relations":[{"head","tail","type"}]}`.
//!
//! Offsets count tokens, end-exclusive. `sent_starts` gives the first token of each sentence; without it the
//! corpus does not say where sentences are.

use std::collections::BTreeMap;

use serde::Deserialize;
use stages::gold::{GoldDoc, GoldEntity, GoldRelation};

use super::token_text::TokenText;
use super::{Fault, filled_lines, json_fault};

#[derive(Deserialize)]
struct Record {
    id: Option<String>,
    tokens: Vec<String>,
    sent_starts: Option<Vec<usize>>,
    entities: Option<Vec<Name>>,
    relations: Option<Vec<Relation>>,
    annotated_properties: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Name {
    start: usize,
    end: usize,
    #[serde(alias = "label")]
    r#type: String,
    cluster: Option<u32>,
}

#[derive(Deserialize)]
struct Relation {
    head: u32,
    tail: u32,
    #[serde(alias = "label")]
    r#type: String,
}

pub(super) fn parse(name: &str, text: &str) -> Result<Vec<GoldDoc>, Fault> {
    filled_lines(text).map(|(number, line)| record(name, number, line)).collect()
}

fn record(name: &str, number: usize, line: &str) -> Result<GoldDoc, Fault> {
    let record: Record = serde_json::from_str(line).map_err(|e| Fault::new(number, json_fault(&e)))?;
    convert(name, number, record).map_err(|message| Fault::new(number, message))
}

fn convert(name: &str, number: usize, record: Record) -> Result<GoldDoc, String> {
    let text = join(&record.tokens, record.sent_starts.as_deref())?;
    let clusters = record.entities.as_deref().and_then(|names| clusters(names, &text));
    let entities =
        record.entities.map(|all| all.into_iter().map(|e| entity(e, &text)).collect::<Result<Vec<_>, _>>());
    let entities = entities.transpose()?;
    let count = entities.as_ref().map_or(0, Vec::len);
    let relations = record
        .relations
        .map(|all| all.into_iter().map(|r| relation(r, count)).collect::<Result<Vec<_>, _>>());
    Ok(GoldDoc {
        id: record.id.unwrap_or_else(|| format!("{name}:{number}")),
        text: text.text,
        pretokenized: true,
        tokens: Some(text.tokens),
        sentences: record.sent_starts.is_some().then_some(text.sentences),
        entities,
        relations: relations.transpose()?,
        annotated: record.annotated_properties,
        clusters,
        ..GoldDoc::default()
    })
}

fn join(tokens: &[String], sent_starts: Option<&[usize]>) -> Result<TokenText, String> {
    let mut text = TokenText::default();
    for (i, token) in tokens.iter().enumerate() {
        if token.is_empty() {
            return Err(format!("has an empty token {i}"));
        }
        if sent_starts.is_some_and(|starts| starts.contains(&i)) {
            text.end_sentence();
        }
        text.push(token);
    }
    text.end_sentence();
    Ok(text)
}

fn entity(name: Name, text: &TokenText) -> Result<GoldEntity, String> {
    let Name { start, end, r#type: label, .. } = name;
    let span = text.cover(start, end);
    let span = span
        .ok_or_else(|| format!("has the entity {start}..{end} in a text of {} tokens", text.tokens.len()))?;
    Ok(GoldEntity { span, label })
}

fn relation(relation: Relation, entities: usize) -> Result<GoldRelation, String> {
    let Relation { head, tail, r#type: label } = relation;
    if head.max(tail) as usize >= entities {
        return Err(format!(
            "has a relation `{label}` of entities {head} and {tail}, but only {entities} entities"
        ));
    }
    Ok(GoldRelation { head, tail, label, trigger: None })
}

/// Different texts that share a cluster number; `None` where the corpus numbers no clusters.
fn clusters(names: &[Name], text: &TokenText) -> Option<Vec<Vec<String>>> {
    let mut groups: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    for name in names {
        let group = groups.entry(name.cluster?).or_default();
        let words = &text.text[text.cover(name.start, name.end)?.range()];
        if !group.iter().any(|known| known == words) {
            group.push(words.to_owned());
        }
    }
    Some(groups.into_values().filter(|group| group.len() > 1).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_become_text() {
        let line = r#"{"id":"k","tokens":["Ana","Soto","joined","Lumen",".","Soto","left","."],"sent_starts":[0,5],
            "entities":[{"start":0,"end":2,"type":"PER","cluster":0},{"start":3,"end":4,"type":"ORG","cluster":1},
            {"start":5,"end":6,"type":"PER","cluster":0}],
            "relations":[{"head":0,"tail":1,"type":"employee_of"}],"annotated_properties":["employee_of"]}"#
            .replace('\n', " ");
        let doc = parse("x", &line).unwrap().remove(0);
        assert_eq!(doc.text, "Ana Soto joined Lumen .\nSoto left .");
        assert_eq!(&doc.text[doc.entities.as_ref().unwrap()[1].span.range()], "Lumen");
        assert_eq!(doc.sentences.unwrap().len(), 2);
        assert_eq!(doc.clusters.unwrap(), [["Ana Soto", "Soto"]]);
        assert_eq!(doc.annotated.unwrap(), ["employee_of"]);
    }

    #[test]
    fn faults_carry_their_line() {
        let text = "{\"tokens\":[\"a\"]}\n{\"tokens\":[\"a\"],\"entities\":[{\"start\":0,\"end\":2,\"type\":\"X\"}]}";
        let fault = parse("x", text).unwrap_err();
        assert_eq!((fault.line, fault.message.as_str()), (2, "has the entity 0..2 in a text of 1 tokens"));
    }
}
