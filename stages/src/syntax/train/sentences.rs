//! Sentences of treebanks, in the numbers that training works on.

use std::collections::{BTreeMap, HashMap};

use super::super::lexicon::{self, Lexicon};
use super::super::parser::Tagset;
use super::super::view::{FIRST_TAG, ROOT_TAG};
use super::oracle::make_projective;
use crate::gold::{GoldDoc, GoldWord};

/// A fine tag must occur this often; rarer ones count as the universal tag's commonest.
const LEAST_TAG: usize = 10;
/// More fine tags than this, and only the universal ones are used.
const MOST_TAGS: usize = 120;

/// A sentence; words from 1, none at 0 and the root behind the last.
#[derive(Clone, Debug)]
pub(super) struct Sentence {
    pub(super) features: Vec<Vec<u32>>,
    /// How often the form of each word occurs in the treebank.
    pub(super) counts: Vec<u32>,
    pub(super) tags: Vec<u16>,
    pub(super) heads: Vec<u32>,
    /// From 1 on.
    pub(super) labels: Vec<u16>,
}

impl Sentence {
    pub(super) fn words(&self) -> usize {
        self.tags.len() - 2
    }
}

/// The words of each sentence of the documents that have dependencies.
pub(super) fn split(docs: &[GoldDoc]) -> Vec<&[GoldWord]> {
    let words = docs.iter().filter_map(|doc| doc.syntax.as_deref());
    words.flat_map(|words| words.chunk_by(|a, b| a.sentence == b.sentence)).collect()
}

/// The tags of a treebank, and the number of each pair of universal and own tag.
pub(super) fn tagset(sentences: &[&[GoldWord]]) -> (Tagset, HashMap<(String, String), u16>) {
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for word in sentences.iter().copied().flatten() {
        *counts.entry((&word.pos, &word.tag)).or_default() += 1;
    }
    let mut order: Vec<_> = counts.into_iter().collect();
    order.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    let coarse = order.iter().filter(|one| one.1 >= LEAST_TAG).count() > MOST_TAGS;
    let mut set = Tagset::default();
    let mut numbers = HashMap::new();
    let mut first: HashMap<&str, u16> = HashMap::new();
    for ((pos, tag), count) in order {
        let known = first.get(pos).copied();
        let number = match known {
            Some(number) if coarse || count < LEAST_TAG => number,
            _ => {
                let name = set.pos.iter().position(|name| name == pos).unwrap_or_else(|| {
                    set.pos.push(pos.to_owned());
                    set.pos.len() - 1
                });
                set.of.push(name as u8);
                set.of.len() as u16 - 1 + FIRST_TAG
            }
        };
        first.entry(pos).or_insert(number);
        numbers.insert((pos.to_owned(), tag.to_owned()), number);
    }
    (set, numbers)
}

/// The labels of a treebank, the commonest first.
pub(super) fn labels(sentences: &[&[GoldWord]]) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    sentences.iter().copied().flatten().for_each(|word| *counts.entry(&word.label).or_default() += 1);
    let mut order: Vec<_> = counts.into_iter().collect();
    order.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    order.into_iter().map(|(label, _)| label.to_owned()).collect()
}

/// Words as numbers.
pub(super) struct Numbers<'a> {
    pub(super) lexicon: &'a Lexicon,
    pub(super) tags: &'a HashMap<(String, String), u16>,
    pub(super) labels: &'a HashMap<&'a str, u16>,
    pub(super) counts: &'a HashMap<&'a str, u32>,
}

impl Numbers<'_> {
    pub(super) fn sentence(&self, words: &[GoldWord], first: u32) -> Sentence {
        let count = words.len();
        let mut sentence = Sentence {
            features: vec![vec![lexicon::NONE]],
            counts: vec![u32::MAX],
            tags: vec![0],
            heads: vec![0],
            labels: vec![0],
        };
        for word in words {
            let mut features = Vec::new();
            self.lexicon.features(&word.form, &mut features);
            sentence.features.push(features);
            sentence.counts.push(self.counts.get(word.form.as_str()).copied().unwrap_or(1));
            sentence
                .tags
                .push(self.tags.get(&(word.pos.clone(), word.tag.clone())).copied().unwrap_or(FIRST_TAG));
            sentence.heads.push(word.head.map_or(count as u32, |head| head - first) + 1);
            sentence.labels.push(self.labels.get(word.label.as_str()).copied().unwrap_or(1));
        }
        sentence.features.push(vec![lexicon::ROOT]);
        sentence.counts.push(u32::MAX);
        sentence.tags.push(ROOT_TAG);
        sentence.heads.push(0);
        sentence.labels.push(0);
        make_projective(&mut sentence.heads);
        sentence
    }
}
