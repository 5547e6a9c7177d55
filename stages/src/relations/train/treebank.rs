//! Parts of speech learnt from a treebank.

use std::collections::HashMap;

use pipeline_core::Span;

use super::super::hash;
use super::super::index::key;
use super::super::sentence::{Item, word_item};
use super::super::tags::Tag;
use super::super::words::Words;
use super::tagging;

/// Genres of the treebank left out for their licences (share-alike, no derivatives).
const LEFT_OUT: [&str; 3] = ["bio", "voyage", "conversation"];

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

/// Sentences of a CoNLL-U text as items; runs of proper nouns become one name, as they are in use.
fn read(treebank: &str, words: &Words) -> Vec<Vec<Item>> {
    let mut sentences = Vec::new();
    let mut items: Vec<Item> = Vec::new();
    let mut skip = false;
    let mut lower = String::new();
    for line in treebank.lines() {
        if let Some(genre) = line.strip_prefix("# meta::genre = ") {
            skip = LEFT_OUT.contains(&genre.trim());
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A treebank of one sentence pattern: in "they V the N" the second word is a verb and the last a noun.
    fn treebank() -> String {
        let mut text = String::from("# meta::genre = news\n");
        for (verb, noun) in
            [("paint", "wall"), ("wall", "paint"), ("fish", "pond"), ("pond", "fish")].repeat(4)
        {
            for (number, (form, universal, penn)) in
                [("they", "PRON", "PRP"), (verb, "VERB", "VBP"), ("the", "DET", "DT"), (noun, "NOUN", "NN")]
                    .into_iter()
                    .enumerate()
            {
                text += &format!("{}\t{form}\t{form}\t{universal}\t{penn}\t_\t0\t_\t_\t_\n", number + 1);
            }
            text.push('\n');
        }
        text
    }

    #[test]
    fn a_word_is_tagged_by_its_place() {
        let mut words = Words::default();
        learn_tags(&treebank(), &mut words);
        let mut lower = String::new();
        let mut row: Vec<Item> = ["they", "fish", "the", "paint"]
            .map(|form| word_item(form, Span::new(0, form.len() as u32), &words, &mut lower))
            .to_vec();
        words.tagger.tag(&mut row);
        let tags: Vec<Tag> = row.iter().map(|item| item.tag).collect();
        assert_eq!(tags, [Tag::Pron, Tag::Verb, Tag::Det, Tag::Noun]);
    }

    #[test]
    fn genres_under_other_licences_are_left_out() {
        let text = treebank().replace("genre = news", "genre = voyage");
        assert!(read(&text, &Words::default()).is_empty());
    }
}
