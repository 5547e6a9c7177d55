//! What is known of a word: its classes, its tag when alone, the senses in which it states relations.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::hash;
use super::index::key;
use super::stem::stem_hash;
use super::tagger::Tagger;
use super::tags::Tag;
use crate::model::{ModelError, ModelFile, ModelWriter};

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
    /// The tag that the form always has; zero: not settled.
    pub tag: u8,
}

/// Keys are hashes already.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Plain(u64);

impl Hasher for Plain {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |h, &b| hash::join(h, u64::from(b)));
    }

    fn write_u32(&mut self, number: u32) {
        self.0 = u64::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

type Map<V> = HashMap<u32, V, BuildHasherDefault<Plain>>;

/// The words and senses of a model.
#[derive(Clone, Debug, Default)]
pub(crate) struct Words {
    pub(crate) entries: Map<WordEntry>,
    senses: Map<Senses>,
    count: u8,
    /// Differs between models that know other words.
    pub(crate) identity: u64,
    pub(crate) tagger: Tagger,
}

impl Words {
    pub(crate) fn entry(&self, lower: u64) -> WordEntry {
        self.entries.get(&key(lower)).copied().unwrap_or_default()
    }

    pub(crate) fn senses(&self, stem: u64) -> Senses {
        self.senses.get(&key(stem)).copied().unwrap_or_default()
    }

    /// Adds the senses of a lexicon: lines of a sense's name, a tab and its words; `#` opens a comment.
    pub(crate) fn add_lexicon(&mut self, text: &str) {
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let Some((_, words)) = line.split_once('\t') else { continue };
            self.count = self.count.saturating_add(1);
            for word in words.split_whitespace() {
                let senses = self.senses.entry(key(stem_hash(word))).or_default();
                if !senses.contains(&self.count)
                    && let Some(free) = senses.iter_mut().find(|s| **s == 0)
                {
                    *free = self.count;
                }
            }
        }
    }

    /// Settles the tags of the commonest small words, and of words of time, which stand where adverbs do.
    pub(crate) fn add_small_words(&mut self) {
        for (tag, words) in SMALL {
            for word in words.split(' ') {
                self.entries.entry(key(hash::lower(word))).or_default().tag = tag as u8;
            }
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
            let entry = self.entries.entry(key(hash::lower(word))).or_default();
            entry.coarse = coarse.parse::<u16>().unwrap_or(0) + 1;
            entry.fine = fine.parse::<u16>().unwrap_or(0) + 1;
        }
    }

    pub(crate) fn write(&self, writer: &mut ModelWriter) {
        let mut entries: Vec<(u32, WordEntry)> = self.entries.iter().map(|(k, e)| (*k, *e)).collect();
        entries.sort_unstable_by_key(|e| e.0);
        let numbers: Vec<u32> = entries.iter().map(|e| e.0).collect();
        let classes: Vec<[u16; 2]> = entries.iter().map(|(_, e)| [e.fine, pack(e.coarse, e.tag)]).collect();
        writer.section("words.keys", &numbers);
        writer.section("words.classes", &classes);
        let mut senses: Vec<(u32, Senses)> = self.senses.iter().map(|(k, s)| (*k, *s)).collect();
        senses.sort_unstable();
        writer.section("senses.keys", &senses.iter().map(|s| s.0).collect::<Vec<u32>>());
        writer.section("senses.numbers", &senses.iter().map(|s| s.1).collect::<Vec<Senses>>());
        writer.section("tagger", &self.tagger.weights);
    }

    pub(crate) fn read(file: &ModelFile<'_>) -> Result<Self, ModelError> {
        let keys: Vec<u32> = file.section("words.keys")?;
        let classes: Vec<[u16; 2]> = file.section("words.classes")?;
        let stems: Vec<u32> = file.section("senses.keys")?;
        let senses: Vec<Senses> = file.section("senses.numbers")?;
        let tagger = Tagger::of_weights(file.section("tagger")?)
            .ok_or_else(|| ModelError::Section("tagger".to_owned(), "has the wrong size"))?;
        if keys.len() != classes.len() || stems.len() != senses.len() {
            return Err(ModelError::Section("words.classes".to_owned(), "does not fit its keys"));
        }
        let known = keys.iter().zip(&classes).fold(keys.len() as u64, |hash, (&key, &[fine, packed])| {
            hash::join(hash, u64::from(key) << 32 | u64::from(fine) << 16 | u64::from(packed))
        });
        let identity = stems.iter().zip(&senses).fold(known, |hash, (&stem, &senses)| {
            hash::join(hash, u64::from(stem) << 32 | u64::from(u32::from_le_bytes(senses)))
        });
        let entries = keys.into_iter().zip(classes).map(|(key, [fine, packed])| (key, unpack(fine, packed)));
        Ok(Self {
            entries: entries.collect(),
            senses: stems.into_iter().zip(senses).collect(),
            count: 0,
            identity,
            tagger,
        })
    }
}

/// Class and tag in one number: the class takes the upper eleven bits.
fn pack(coarse: u16, tag: u8) -> u16 {
    coarse << 5 | u16::from(tag)
}

fn unpack(fine: u16, packed: u16) -> WordEntry {
    WordEntry { fine, coarse: packed >> 5, tag: (packed & 31) as u8 }
}

const SMALL: [(Tag, &str); 5] = [
    (Tag::Adv, "monday tuesday wednesday thursday friday saturday sunday yesterday today tomorrow tonight"),
    (Tag::Conj, "and or nor"),
    (Tag::Det, "the a an"),
    (Tag::Adp, "of at by with from into against between among"),
    (Tag::Possessive, "'s"),
];
