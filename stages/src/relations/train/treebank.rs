//! Parts of speech learnt from a treebank.

use std::collections::HashMap;

use pipeline_core::Span;

use super::super::hash;
use super::super::sentence::{Item, word_item};
use super::super::table::key;
use super::super::tags::Tag;
use super::super::words::Words;
use super::tagging;

/// Genres of the treebank left out for their licence (share-alike).
const SHARE_ALIKE: [&str; 2] = ["bio", "voyage"];

/// A word must occur this often with one tag only for its form to settle its tag.
const SURE: u32 = 4;

/// Learns from CoNLL-U which words have one tag only, and a tagger for the rest.
pub(crate) fn learn_tags(treebank: &str, words: &mut Words) {
    let mut counts: HashMap<u64, [u32; Tag::COUNT]> = HashMap::new();
    let mut sentences = read(treebank, words);
    for item in sentences.iter().flatten().filter(|i| i.tag != Tag::Name && !i.sure) {
        counts.entry(item.word).or_insert([0; Tag::COUNT])[item.tag as usize] += 1;
    }
    for (word, count) in &counts {
        let total: u32 = count.iter().sum();
        let (best, &n) = count.iter().enumerate().max_by_key(|&(_, n)| n).unwrap_or((0, &0));
        if total >= SURE && (n == total || (total >= 20 && n * 100 >= total * 98)) {
            words.entries.entry(key(*word)).or_default().tag = u8::try_from(best).unwrap_or(0);
        }
    }
    for item in sentences.iter_mut().flatten() {
        item.sure |= words.entry(item.word).tag != 0;
    }
    words.tagger = tagging::train(&sentences, 6);
}

/// Share of words tagged right.
pub(crate) fn accuracy(treebank: &str, words: &Words) -> f64 {
    let (mut right, mut all) = (0, 0);
    for gold in read(treebank, words) {
        let mut items = gold.clone();
        for item in &mut items {
            let usual = words.entry(item.word).tag;
            if item.tag != Tag::Name && usual != 0 {
                item.tag = Tag::of_number(usual);
                item.sure = true;
            }
        }
        words.tagger.tag(&mut items);
        for (a, b) in items.iter().zip(&gold).filter(|(_, g)| g.tag != Tag::Name) {
            right += usize::from(a.tag == b.tag);
            all += 1;
        }
    }
    right as f64 / all as f64
}

/// Sentences of a CoNLL-U text as items; runs of proper nouns become one name, as they are in use.
fn read(treebank: &str, words: &Words) -> Vec<Vec<Item>> {
    let mut sentences = Vec::new();
    let mut items: Vec<Item> = Vec::new();
    let mut skip = false;
    let mut lower = String::new();
    for line in treebank.lines() {
        if let Some(genre) = line.strip_prefix("# meta::genre = ") {
            skip = SHARE_ALIKE.contains(&genre.trim());
        }
        if line.is_empty() {
            let sentence = std::mem::take(&mut items);
            if !skip && !sentence.is_empty() {
                sentences.push(sentence);
            }
            continue;
        }
        let fields: Vec<&str> = line.split('\t').collect();
        if fields.len() < 5 || !fields[0].bytes().all(|b| b.is_ascii_digit()) {
            continue;
        }
        let form = fields[1];
        let mut item =
            word_item(form, Span::new(0, u32::try_from(form.len()).unwrap_or(0)), words, &mut lower);
        if fields[3] == "PROPN" && item.senses[0] == 0 {
            if items.last().is_some_and(|last| last.tag == Tag::Name) {
                continue;
            }
            item.tag = Tag::Name;
            item.sure = true;
            item.word = hash::sequence(&[1, 1]);
        } else if !item.sure {
            item.tag = Tag::of_treebank(&lower, fields[3], fields[4]);
        }
        items.push(item);
    }
    sentences
}
