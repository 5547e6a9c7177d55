//! What the page shows, in the compact form its scripts read (`assets/data.js` names the places).

use std::collections::HashMap;
use std::ops::Range;

use serde::Serialize;
use serde_json::Value;
use stages::tokenize::{Tokenizer, Words};

use crate::graph::{Merger, is_value};
use crate::records::{Mention, Places, Record, Triple};
use crate::write::{OffsetUnit, Offsets};

/// Start and end in UTF-16 units, the end exclusive; of nothing: -1, -1.
type Pair = (i64, i64);
const NOTHING: Pair = (-1, -1);

/// All documents of a page.
#[derive(Debug, Serialize)]
pub(super) struct Collection {
    /// Types of entities.
    labels: Vec<String>,
    /// Types of relations.
    relations: Vec<String>,
    /// Name and type of each thing.
    things: Vec<(String, u32)>,
    pub(super) docs: Vec<Doc>,
}

type Entity = (i64, i64, u32, i64, i64, i64, String, String);
type Relation = (u32, u32, u32, i64, Pair, Pair);
type Open = (Pair, Pair, Pair, String, Vec<String>, Vec<Argument>, i64);
type Argument = (String, Pair);

/// A document; fields that are empty are left out.
#[derive(Debug, Serialize)]
pub(super) struct Doc {
    id: String,
    /// Text.
    t: String,
    /// Language.
    #[serde(skip_serializing_if = "String::is_empty")]
    l: String,
    /// Day.
    #[serde(skip_serializing_if = "Option::is_none")]
    d: Option<String>,
    /// Entities: start, end, type, thing or -1, cluster or -1, score in percent or -1, value, ticker.
    e: Vec<Entity>,
    /// Relations: head, tail, type, score in percent or -1, trigger, sentences.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    r: Vec<Relation>,
    /// Triples: subject, predicate's words, object, predicate, flags, further arguments, score.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    p: Vec<Open>,
    /// Errors, and stages that had nothing for it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    x: Vec<String>,
    /// Other fields.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    m: Vec<(String, String)>,
}

/// Numbers for words that come again and again.
#[derive(Default)]
struct Names {
    words: Vec<String>,
    numbers: HashMap<String, u32>,
}

impl Names {
    fn number(&mut self, word: &str) -> u32 {
        if let Some(&number) = self.numbers.get(word) {
            return number;
        }
        let number = self.words.len() as u32;
        self.words.push(word.to_owned());
        self.numbers.insert(word.to_owned(), number);
        number
    }
}

/// Takes records one after the other.
#[derive(Default)]
pub(super) struct Collector {
    labels: Names,
    relations: Names,
    docs: Vec<Doc>,
    words: Words,
}

/// Offsets of one record, into those of the page.
struct Ruler<'a> {
    record: &'a Record,
    text: &'a str,
    places: Places,
    units: Offsets,
}

impl<'a> Ruler<'a> {
    fn new(record: &'a Record) -> Self {
        let text = record.text.as_deref().unwrap_or_default();
        let mut units = Offsets::new(OffsetUnit::Utf16);
        units.index(text);
        Self { record, text, places: Places::new(text, record.offsets), units }
    }

    fn bytes(&self, pair: [u32; 2]) -> Option<Range<usize>> {
        self.record.range(&self.places, pair)
    }

    fn pair(&self, pair: Option<[u32; 2]>) -> Pair {
        pair.and_then(|pair| self.bytes(pair)).map_or(NOTHING, |range| self.units_of(range))
    }

    fn units_of(&self, range: Range<usize>) -> Pair {
        let unit = |byte: usize| self.units.get(self.text, byte as u32).into();
        (unit(range.start), unit(range.end))
    }
}

impl Collector {
    pub(super) fn documents(&self) -> usize {
        self.docs.len()
    }

    /// Takes a record that has its text.
    pub(super) fn add(
        &mut self,
        record: &Record,
        date: Option<&str>,
        merger: &mut Merger,
    ) -> Result<(), String> {
        let ruler = Ruler::new(record);
        record.agree(&ruler.places)?;
        let things = merger.add(record, &ruler.places, date);
        let sentences = self.sentences(record, &ruler);
        let mentions = record.mentions().iter().zip(&things);
        let doc = Doc {
            id: record.id.clone(),
            e: mentions.map(|(mention, &thing)| self.entity(mention, thing, &ruler)).collect(),
            r: self.statements(record, &ruler, &sentences),
            p: record.triples.iter().flatten().map(|triple| open_relation(triple, &ruler)).collect(),
            t: ruler.text.to_owned(),
            l: record.language.as_ref().map_or_else(String::new, |language| language.code.clone()),
            d: date.map(str::to_owned),
            x: remarks(record),
            m: meta(record),
        };
        self.docs.push(doc);
        Ok(())
    }

    fn entity(
        &mut self,
        mention: &Mention,
        thing: u32,
        ruler: &Ruler<'_>,
    ) -> (i64, i64, u32, i64, i64, i64, String, String) {
        let (start, end) = ruler.pair(Some([mention.start, mention.end]));
        let thing = if is_value(&mention.label) { -1 } else { thing.into() };
        let cluster = mention.cluster.map_or(-1, i64::from);
        let label = self.labels.number(&mention.label);
        let value = mention.value.clone().unwrap_or_default();
        let ticker = mention.ticker.clone().unwrap_or_default();
        (start, end, label, thing, cluster, percent(mention.score), value, ticker)
    }

    fn statements(
        &mut self,
        record: &Record,
        ruler: &Ruler<'_>,
        sentences: &[Range<usize>],
    ) -> Vec<(u32, u32, u32, i64, Pair, Pair)> {
        let span = |at: u32| {
            let mention = &record.mentions()[at as usize];
            ruler.bytes([mention.start, mention.end]).unwrap_or_default()
        };
        let statement = |relation: &crate::records::Relation| {
            let (head, tail) = (span(relation.head), span(relation.tail));
            let whole = enclose(sentences, head.start.min(tail.start)..head.end.max(tail.end));
            (
                relation.head,
                relation.tail,
                self.relations.number(&relation.label),
                percent(relation.score),
                ruler.pair(relation.trigger),
                ruler.units_of(whole),
            )
        };
        record.statements().map(statement).collect()
    }

    /// Sentences in bytes: those of the record, else those our tokenizer sees.
    fn sentences(&mut self, record: &Record, ruler: &Ruler<'_>) -> Vec<Range<usize>> {
        if let Some(sentences) = &record.sentences {
            return sentences.iter().filter_map(|&pair| ruler.bytes(pair)).collect();
        }
        if record.relations.as_ref().is_none_or(Vec::is_empty) {
            return Vec::new();
        }
        let language = record.language.as_ref().map_or("und", |language| &language.code);
        Tokenizer::new().run(ruler.text, language, &mut self.words);
        self.words.sentences.iter().map(|span| span.range()).collect()
    }

    /// The page's data, with each mention's thing as the merger sees it after all documents.
    pub(super) fn finish(mut self, merger: Merger) -> Collection {
        let network = merger.finish(true);
        for entity in self.docs.iter_mut().flat_map(|doc| &mut doc.e) {
            let thing = u32::try_from(entity.3).ok().and_then(|thing| network.node_of(thing));
            entity.3 = thing.map_or(-1, i64::from);
        }
        let mut things = Vec::with_capacity(network.nodes.len());
        for node in network.nodes {
            things.push((node.name, self.labels.number(&node.label)));
        }
        Collection { labels: self.labels.words, relations: self.relations.words, things, docs: self.docs }
    }
}

/// The sentences that `range` touches, from the start of the first to the end of the last.
fn enclose(sentences: &[Range<usize>], range: Range<usize>) -> Range<usize> {
    let mut touched =
        sentences.iter().filter(|sentence| sentence.start < range.end && range.start < sentence.end);
    let Some(first) = touched.next() else { return range };
    let last = touched.next_back().unwrap_or(first);
    first.start.min(range.start)..last.end.max(range.end)
}

fn open_relation(triple: &Triple, ruler: &Ruler<'_>) -> Open {
    let args = triple.args.iter().map(|arg| (arg.role.clone(), ruler.pair(Some(arg.span)))).collect();
    (
        ruler.pair(Some(triple.subject)),
        ruler.pair(triple.relation),
        ruler.pair(triple.object),
        triple.predicate.clone(),
        triple.flags.clone(),
        args,
        percent(triple.score),
    )
}

fn percent(score: Option<f32>) -> i64 {
    score.map_or(-1, |score| (score.clamp(0.0, 1.0) * 100.0).round() as i64)
}

fn remarks(record: &Record) -> Vec<String> {
    let failed = record.errors.iter().map(|error| match error.stage.is_empty() {
        true => error.message.clone(),
        false => format!("{}: {}", error.stage, error.message),
    });
    let skipped =
        record.skipped.iter().map(|skipped| format!("{}: skipped, {}", skipped.stage, skipped.reason));
    failed.chain(skipped).collect()
}

/// Fields of one value, as text; what is nested is left out.
fn meta(record: &Record) -> Vec<(String, String)> {
    let plain = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    };
    let fields = record.meta.iter().flatten();
    fields.filter_map(|(name, value)| Some((name.clone(), plain(value)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn collection(json: &str) -> Result<Collection, String> {
        let mut collector = Collector::default();
        let mut merger = Merger::new(0);
        for line in json.lines() {
            let record: Record = serde_json::from_str(line).unwrap();
            collector.add(&record, record.date("date"), &mut merger)?;
        }
        Ok(collector.finish(merger))
    }

    /// "🥇 Zoë runs Acme." with the offsets that each unit has.
    fn gold(unit: &str, zoe: [u32; 2], runs: [u32; 2], acme: [u32; 2]) -> String {
        let [[s, e], [rs, re], [as_, ae]] = [zoe, runs, acme];
        format!(
            r#"{{"id":"a","offsets":"{unit}","text":"Good news. 🥇 Zoë runs Acme. She is glad.","entities":[
            {{"start":{s},"end":{e},"label":"PERSON","text":"Zoë","cluster":0}},
            {{"start":{as_},"end":{ae},"label":"ORG","text":"Acme","cluster":1}}],
            "relations":[{{"head":0,"tail":1,"label":"employee_of","trigger":[{rs},{re}]}}]}}"#
        )
        .replace('\n', " ")
    }

    #[test]
    fn every_unit_gives_the_same_page() {
        let cases = [
            gold("chars", [13, 16], [17, 21], [22, 26]),
            gold("bytes", [16, 20], [21, 25], [26, 30]),
            gold("utf16", [14, 17], [18, 22], [23, 27]),
        ];
        for json in cases {
            let doc = &collection(&json).unwrap().docs[0];
            let units: Vec<u16> = doc.t.encode_utf16().collect();
            let slice =
                |(start, end): Pair| String::from_utf16(&units[start as usize..end as usize]).unwrap();
            let (_, _, _, _, trigger, sentence) = doc.r[0];
            let (zoe, acme) = (&doc.e[0], &doc.e[1]);
            let found = [slice((zoe.0, zoe.1)), slice(trigger), slice((acme.0, acme.1)), slice(sentence)];
            assert_eq!(found, ["Zoë", "runs", "Acme", "Zoë runs Acme."]);
        }
    }

    #[test]
    fn things_are_one_over_documents_and_values_are_none() {
        let line = |id: &str, org: &str| {
            format!(
                r#"{{"id":"{id}","text":"{org} 2025","entities":[
                {{"start":0,"end":{0},"label":"ORG","text":"{org}","cluster":null}},
                {{"start":{1},"end":{2},"label":"DATE","text":"2025","value":"2025"}}]}}"#,
                org.len(),
                org.len() + 1,
                org.len() + 5,
            )
            .replace('\n', " ")
        };
        let found = collection(&format!("{}\n{}", line("a", "ACME"), line("b", "Acme"))).unwrap();
        assert_eq!(found.things.len(), 1);
        let things: Vec<_> = found.docs.iter().flat_map(|doc| doc.e.iter().map(|entity| entity.3)).collect();
        assert_eq!(things, [0, -1, 0, -1]);
        assert_eq!(found.docs[0].e[1].6, "2025");
    }

    #[test]
    fn sentences_of_a_relation() {
        let sentences = [0..10, 11..20, 21..30];
        assert_eq!(enclose(&sentences, 12..18), 11..20);
        assert_eq!(enclose(&sentences, 5..15), 0..20);
        assert_eq!(enclose(&sentences, 5..25), 0..30);
        assert_eq!(enclose(&[], 5..25), 5..25);
    }
}
