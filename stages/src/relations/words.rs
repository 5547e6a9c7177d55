//! What is known of a word: its classes, its tag when alone, the senses in which it states relations.

use std::collections::HashMap;

use super::hash;
use super::stem::stem_hash;

/// Most senses that one stem has.
pub(crate) const MAX_SENSES: usize = 4;

/// Senses of a stem; zero stands for none.
pub(crate) type Senses = [u8; MAX_SENSES];

/// What the model knows of a word form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct WordEntry {
    /// Fine class by distribution (1,024 of them); zero: unknown.
    pub fine: u16,
    /// Coarse class by distribution (256 of them); zero: unknown.
    pub coarse: u16,
    /// Usual tag.
    pub tag: u8,
}

/// The words and senses of a model.
#[derive(Clone, Debug, Default)]
pub struct Words {
    pub(crate) entries: HashMap<u64, WordEntry>,
    pub(crate) senses: HashMap<u64, Senses>,
    pub(crate) sense_names: Vec<String>,
    pub(crate) tagger: super::tagger::Tagger,
}

impl Words {
    pub(crate) fn entry(&self, lower: u64) -> WordEntry {
        self.entries.get(&lower).copied().unwrap_or_default()
    }

    pub(crate) fn senses(&self, stem: u64) -> Senses {
        self.senses.get(&stem).copied().unwrap_or_default()
    }

    /// Adds the senses of a lexicon: lines of a sense's name, a tab and its words; `#` opens a comment.
    pub(crate) fn add_lexicon(&mut self, text: &str) {
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let Some((name, words)) = line.split_once('\t') else { continue };
            self.sense_names.push(name.to_owned());
            let Ok(sense) = u8::try_from(self.sense_names.len()) else { return };
            for word in words.split_whitespace() {
                let senses = self.senses.entry(stem_hash(word)).or_default();
                if !senses.contains(&sense)
                    && let Some(free) = senses.iter_mut().find(|s| **s == 0)
                {
                    *free = sense;
                }
            }
        }
    }

    /// Settles the tags of words of time, which stand where adverbs do.
    pub(crate) fn add_times(&mut self) {
        for word in TIMES.split(' ') {
            self.entries.entry(hash::lower(word)).or_default().tag = super::tags::Tag::Adv as u8;
        }
    }

    /// Adds the classes of a table of `word, k64, k256, k1024, k4096` lines, the most frequent words first, up
    /// to `limit` of them.
    pub(crate) fn add_classes(&mut self, table: &str, limit: usize) {
        for line in table.lines().skip(1).take(limit) {
            let mut fields = line.split('\t');
            let (Some(word), Some(coarse), Some(fine)) = (fields.next(), fields.nth(1), fields.next()) else {
                continue;
            };
            let entry = self.entries.entry(hash::lower(word)).or_default();
            entry.coarse = coarse.parse::<u16>().unwrap_or(0) + 1;
            entry.fine = fine.parse::<u16>().unwrap_or(0) + 1;
        }
    }
}

const TIMES: &str = "monday tuesday wednesday thursday friday saturday sunday yesterday today tomorrow tonight";
