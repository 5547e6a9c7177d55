//! What is to be learnt from each document: permitted labels and numbered features.

use std::collections::{BTreeSet, HashMap};

use pipeline_core::Span;

use super::features::SLOTS;
use super::page::Page;
use super::scheme;
use crate::gold::{GoldDoc, GoldEntity};

/// A document prepared for learning.
pub(super) struct Lesson {
    pub text: usize,
    pub tokens: Vec<Span>,
    pub sentences: Vec<Span>,
    pub page: Page,
    /// Number of the set of permitted labels of each token.
    pub sets: Vec<u16>,
    pub weight: f32,
    /// Whether it is the copy of another.
    pub copy: bool,
    pub corpus: usize,
}

/// Numbers the sets of permitted labels.
#[derive(Default)]
pub(super) struct Sets {
    numbers: HashMap<Vec<u8>, u16>,
    members: Vec<Vec<u8>>,
}

impl Sets {
    fn number(&mut self, labels: Vec<u8>) -> u16 {
        let next = self.members.len() as u16;
        *self.numbers.entry(labels).or_insert_with_key(|labels| {
            self.members.push(labels.clone());
            next
        })
    }

    pub(super) fn flags(&self, labels: usize) -> Vec<Vec<bool>> {
        let flag = |set: &Vec<u8>| (0..labels).map(|l| set.contains(&(l as u8))).collect();
        self.members.iter().map(flag).collect()
    }
}

pub(super) fn numbers<'a>(types: &[String], names: impl Iterator<Item = &'a str>) -> Vec<usize> {
    names.filter_map(|name| types.iter().position(|t| t == name)).collect()
}

/// The set of permitted labels of each token.
pub(super) fn permitted(
    doc: &GoldDoc,
    tokens: &[Span],
    types: &[String],
    hidden: &[usize],
    sets: &mut Sets,
) -> Vec<u16> {
    let mut outside: Vec<u8> = vec![scheme::OUTSIDE as u8];
    for &kind in hidden {
        outside.extend((0..4).map(|place| (1 + 4 * kind + place) as u8));
    }
    let outside = sets.number(outside);
    let mut labels = vec![outside; tokens.len()];
    let any: Vec<u8> = (0..scheme::labels(types.len()) as u8).collect();
    for GoldEntity { span, label: kind } in doc.entities.iter().flatten() {
        let first = tokens.partition_point(|t| t.end <= span.start);
        let last = tokens.partition_point(|t| t.start < span.end);
        let kinds = numbers(types, kind.split('|'));
        for (at, label) in labels[first..last].iter_mut().enumerate() {
            let place = scheme::place(at, last - first);
            let set: BTreeSet<u8> = kinds.iter().map(|&k| scheme::label(k, place) as u8).collect();
            // A type that the model does not have: nothing is said about these words.
            *label = sets.number(if set.is_empty() { any.clone() } else { set.into_iter().collect() });
        }
    }
    labels
}

/// Numbers the features of words that occur often enough, after the surrounding ones.
pub(super) fn number_features(
    features: &[Vec<(u64, u8)>],
    lessons: &[Lesson],
    extras: usize,
    least: u32,
) -> (Vec<Vec<u32>>, Vec<u64>) {
    let counts = [false, true].map(|copy| {
        count(features, lessons.iter().filter(|lesson| lesson.copy == copy).map(|lesson| &lesson.page))
    });
    // What a document and its copy have once each is no more frequent by that.
    let frequent = |hash: &u64| counts.iter().any(|counts| counts.get(hash).is_some_and(|&n| n >= least));
    let mut numbers: HashMap<u64, u32> = HashMap::new();
    let mut hashes = Vec::new();
    let mut lists = vec![Vec::new(); features.len() * SLOTS];
    for (word, list) in features.iter().enumerate() {
        for &(hash, slot) in list.iter().filter(|(hash, _)| frequent(hash)) {
            let number = *numbers.entry(hash).or_insert_with(|| {
                hashes.push(hash);
                (extras + hashes.len() - 1) as u32
            });
            lists[word * SLOTS + usize::from(slot)].push(number);
        }
    }
    (lists, hashes)
}

/// How often each feature occurs on some pages.
fn count<'a>(features: &[Vec<(u64, u8)>], pages: impl Iterator<Item = &'a Page>) -> HashMap<u64, u32> {
    let mut occurrences = vec![0u32; features.len()];
    for &word in pages.flat_map(|page| &page.words) {
        occurrences[word as usize] += 1;
    }
    occurrences[0] = u32::MAX / 2;
    let mut counts: HashMap<u64, u32> = HashMap::new();
    for (list, &n) in features.iter().zip(&occurrences).filter(|(_, n)| **n > 0) {
        for &(hash, _) in list {
            let count = counts.entry(hash).or_default();
            *count = count.saturating_add(n);
        }
    }
    counts
}
