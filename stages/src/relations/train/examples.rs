//! Examples: pairs of names with their features and what the gold data says of them.

use std::collections::HashMap;

use pipeline_core::Span;

use super::super::candidates::{self, Candidate};
use super::super::columns::{WIDTH, type_pair};
use super::super::extractor::{MOST_NAMES, run_hash};
use super::super::features::{self, Features, Path};
use super::super::first_look;
use super::super::index::key;
use super::super::labels::Lanes;
use super::super::scorer::{HIDDEN, LANES, Scorer, Work};
use super::super::sentence::{Mention, Sentence, word_item};
use super::super::types::NameType;
use super::super::words::Words;
use super::calibrate::Guess;
use crate::gold::GoldDoc;
use crate::tokenize::Tokenizer;

/// A pair of names.
#[derive(Clone, Debug)]
pub(crate) struct Example {
    /// Its document; nothing for one that is only learnt from.
    pub doc: Option<u32>,
    /// What it weighs in learning.
    pub weight: f32,
    /// Number of the pair of types.
    pub types: usize,
    /// Rows of a first look.
    pub first: Vec<u16>,
    /// Keys of its linear features: those of its types, and those of any.
    pub linear: [Vec<u32>; 2],
    /// Keys of the features of each candidate.
    pub candidates: Vec<Vec<u32>>,
    /// Lanes that hold, and for each the candidate that states it: its number, the number of candidates when the
    /// gold data says that none does, or nothing when it is not known.
    pub gold: Vec<(usize, Option<usize>)>,
    /// Lanes whose absence is known; others are neither right nor wrong.
    pub annotated: u64,
}

/// All pairs of some documents.
#[derive(Clone, Debug, Default)]
pub(crate) struct Examples {
    pub all: Vec<Example>,
    /// Relations of the gold data, found among the pairs or not.
    pub gold: usize,
}

type GoldMap = HashMap<(u32, u32), Vec<(usize, Option<Span>)>>;

impl Examples {
    pub(crate) fn of(docs: &[GoldDoc], labels: &[String], lanes: &Lanes, words: &Words) -> Self {
        let mut examples = Self::default();
        let mut row = Sentence::default();
        for (number, doc) in docs.iter().enumerate() {
            let (Some(relations), Some(_)) = (&doc.relations, &doc.entities) else { continue };
            examples.gold += relations.len();
            let gold = gold_map(doc, labels, lanes);
            let annotated = annotated(doc, labels, lanes);
            for_sentences(doc, words, &mut row, |row| {
                examples.pairs(u32::try_from(number).unwrap_or(0), row, &gold, annotated);
            });
        }
        examples
    }

    /// Adds pairs that are only learnt from.
    pub(crate) fn learn_from(&mut self, more: Self, weight: f32) {
        self.all.extend(more.all.into_iter().map(|example| Example { doc: None, weight, ..example }));
    }

    fn pairs(&mut self, doc: u32, row: &Sentence, gold: &GoldMap, annotated: u64) {
        let count = row.mentions.len().min(MOST_NAMES);
        for first in 0..count {
            for second in first + 1..count {
                let (a, b) = (&row.mentions[first], &row.mentions[second]);
                let stated = gold.get(&(a.entity, b.entity)).map_or(&[][..], Vec::as_slice);
                let mut example = features_of(row, first, second);
                example.doc = Some(doc);
                example.annotated = annotated;
                example.gold = states(row, a, b, stated);
                self.all.push(example);
            }
        }
    }
}

/// Runs over the sentences of a document that have two names or more.
fn for_sentences(doc: &GoldDoc, words: &Words, row: &mut Sentence, mut each: impl FnMut(&Sentence)) {
    let mut made = crate::tokenize::Words::default();
    Tokenizer::new().run(&doc.text, "en", &mut made);
    let tokens = doc.tokens.as_ref().unwrap_or(&made.tokens);
    let sentences = doc.sentences.as_ref().unwrap_or(&made.sentences);
    let entities = doc.entities.as_deref().unwrap_or_default();
    for &bounds in sentences {
        let names: Vec<(u32, Span, NameType)> = entities
            .iter()
            .zip(0..)
            .filter(|(e, _)| bounds.contains(e.span))
            .filter_map(|(e, number)| Some((number, e.span, NameType::of_label(&e.label)?)))
            .collect();
        if names.len() < 2 {
            continue;
        }
        let from = tokens.partition_point(|t| t.start < bounds.start);
        let to = tokens.partition_point(|t| t.start < bounds.end);
        row.read(&doc.text, &tokens[from..to], &names, words);
        row.shape(words);
        each(row);
    }
}

fn features_of(row: &Sentence, first: usize, second: usize) -> Example {
    let (a, b) = (&row.mentions[first], &row.mentions[second]);
    let (mut path, mut hashes, mut found) = (Path::default(), Vec::new(), Vec::new());
    let mut linear = Features::default();
    features::pair(row, first, second, &mut path, &mut linear);
    let linear = [keys(&linear.typed), keys(&linear.plain)];
    candidates::find(row, a, b, &mut found);
    let candidates = found
        .iter()
        .map(|&candidate| {
            hashes.clear();
            candidates::features(row, a, b, candidate, &mut hashes);
            keys(&hashes)
        })
        .collect();
    let mut seen = Vec::new();
    first_look::rows(row, first, second, |row| seen.push(u16::try_from(row).unwrap_or(0)));
    let (types, gold) = (type_pair(a.kind, b.kind), Vec::new());
    Example { doc: None, weight: 1.0, types, first: seen, linear, candidates, gold, annotated: 0 }
}

fn keys(hashes: &[u64]) -> Vec<u32> {
    hashes.iter().map(|&hash| key(hash)).collect()
}

/// The gold relations of each pair of names, as lanes.
fn gold_map(doc: &GoldDoc, labels: &[String], lanes: &Lanes) -> GoldMap {
    let mut gold = GoldMap::new();
    for relation in doc.relations.iter().flatten() {
        let pair = (relation.head.min(relation.tail), relation.head.max(relation.tail));
        let Ok(label) = labels.binary_search(&relation.label) else { continue };
        let label = u16::try_from(label).unwrap_or(u16::MAX);
        if let Some(lane) = lanes.lane(label, relation.head > relation.tail) {
            gold.entry(pair).or_default().push((lane, relation.trigger));
        }
    }
    gold
}

/// A bit per lane whose label the document annotates exhaustively.
fn annotated(doc: &GoldDoc, labels: &[String], lanes: &Lanes) -> u64 {
    let Some(known) = &doc.annotated else { return u64::MAX };
    (1..lanes.len())
        .filter(|&lane| labels.get(lanes.label(lane).0 as usize).is_some_and(|l| known.contains(l)))
        .fold(0, |bits, lane| bits | 1 << lane)
}

/// The lanes that hold, each with the candidate that its trigger points at.
fn states(
    row: &Sentence,
    a: &Mention,
    b: &Mention,
    stated: &[(usize, Option<Span>)],
) -> Vec<(usize, Option<usize>)> {
    let mut found: Vec<Candidate> = Vec::new();
    if !stated.is_empty() {
        candidates::find(row, a, b, &mut found);
    }
    let at = |trigger: Span| {
        let touches = |c: &Candidate| row.items[c.item].span.overlaps(trigger);
        let meant = |c: &Candidate| touches(c) && row.items[c.item].senses[0] != 0;
        found.iter().position(meant).or_else(|| found.iter().position(touches))
    };
    stated.iter().map(|&(lane, trigger)| (lane, trigger.map_or(Some(found.len()), at))).collect()
}

impl Example {
    /// What a model makes of the pair.
    pub(crate) fn judge(&self, scorer: &Scorer) -> Guess {
        if !scorer.relates(self.types) {
            return Guess { probability: 0.0, right: false, gap: 0.0 };
        }
        let (mut typed, mut plain) = ([0; WIDTH], [0; LANES]);
        self.linear[0].iter().for_each(|&key| scorer.typed.add(key, &mut typed));
        self.linear[1].iter().for_each(|&key| scorer.plain.add(key, &mut plain));
        let linear = scorer.linear(self.types, &typed, &plain);
        let mut hidden = vec![[0; HIDDEN]; self.candidates.len()];
        for (sums, keys) in hidden.iter_mut().zip(&self.candidates) {
            keys.iter().for_each(|&key| scorer.vectors.add(key, sums));
        }
        let verdict = scorer.decide(self.types, &linear, &hidden, &mut Work::default());
        let gap = scorer.gap(self.types, &linear);
        let right = self.gold.iter().any(|g| g.0 == verdict.lane);
        Guess { gap, probability: verdict.any, right }
    }
}

/// Key of an expression of several words; nothing for one word and for very long ones.
pub(crate) fn expression(text: &str, span: Span, words: &Words) -> Option<u32> {
    let part = text.get(span.range())?;
    let mut made = crate::tokenize::Words::default();
    Tokenizer::new().run(part, "en", &mut made);
    let mut lower = String::new();
    let stems: Vec<u64> = made.tokens.iter().map(|&t| word_item(part, t, words, &mut lower).stem).collect();
    (2..=super::super::trigger::LONGEST).contains(&stems.len()).then(|| key(run_hash(stems.into_iter())))
}
