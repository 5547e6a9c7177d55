//! What is known about words before any training: word classes and name lists.

use super::KIND;
use super::table::Table;
use crate::builtin;
use crate::learn::hash;
use crate::model::{ModelError, ModelFile, ModelWriter};

/// How many class systems of different fineness a code stands for.
pub(super) const GRAINS: usize = 4;

/// Set in a list entry whose words begin a longer entry.
pub(super) const PREFIX: u16 = 1 << 15;

/// The longest list entry that is looked for, in words.
pub(super) const LONGEST: usize = 6;

/// Word classes and name lists, ready to look up.
#[derive(Clone, Debug, Default)]
pub struct Lexicon {
    /// Exact word to Brown class.
    brown: Table,
    /// Lower-case word to its finest class.
    codes: Table,
    /// For each finest class, the classes of all grains.
    grains: Vec<[u16; GRAINS]>,
    /// Words of an entry, joined by [`extend`], to the lists it stands in.
    lists: Table,
}

/// The hash of a phrase that goes on with a (lower-case) word.
#[must_use]
pub(super) const fn extend(phrase: u64, word: u64) -> u64 {
    hash::mix(phrase, word)
}

impl Lexicon {
    /// The tables of the built-in model for a language, where there is one.
    #[must_use]
    pub fn builtin(language: &str) -> Option<Result<Self, ModelError>> {
        let content = builtin::for_language(const { &builtin::of(KIND) }, language)?;
        Some(ModelFile::open(content).and_then(|file| Self::read(&file)))
    }

    /// Brown class of a word as written.
    #[must_use]
    pub fn brown(&self, word: &str) -> Option<u16> {
        self.brown.get(hash::bytes(word.as_bytes()))
    }

    /// Classes of a lower-case word, by its hash.
    #[must_use]
    pub fn classes(&self, lower: u64) -> Option<[u16; GRAINS]> {
        self.codes.get(lower).and_then(|code| self.grains.get(usize::from(code)).copied())
    }

    /// The lists (a bit each) that hold a phrase, and the bit that tells that longer entries begin with it.
    #[must_use]
    pub fn lists(&self, phrase: u64) -> u16 {
        self.lists.get(phrase).unwrap_or(0)
    }

    /// Adds the tables to a model file.
    pub fn write(&self, writer: &mut ModelWriter) {
        writer.section("brown", self.brown.slots());
        writer.section("codes", self.codes.slots());
        writer.section("grains", self.grains.as_flattened());
        writer.section("lists", self.lists.slots());
    }

    /// Takes the tables from a model file.
    ///
    /// # Errors
    /// When one is missing or cannot be a table.
    pub fn read(file: &ModelFile<'_>) -> Result<Self, ModelError> {
        let table = |name: &str| {
            Table::from_slots(file.kept(name)?)
                .ok_or_else(|| ModelError::Section(name.to_owned(), "is not a table"))
        };
        Ok(Self {
            brown: table("brown")?,
            codes: table("codes")?,
            grains: file.section("grains")?,
            lists: table("lists")?,
        })
    }
}

/// Collects word classes and name lists for training.
#[derive(Clone, Debug, Default)]
pub struct LexiconBuilder {
    brown: Vec<(u64, u16)>,
    codes: Vec<(u64, u16)>,
    grains: Vec<[u16; GRAINS]>,
    phrases: std::collections::BTreeMap<u64, u16>,
}

impl LexiconBuilder {
    /// Adds Brown classes: lines of word, tab, class number.
    pub fn brown(&mut self, lines: &str) {
        for line in lines.lines() {
            if let Some((word, class)) = line.split_once('\t')
                && let Ok(class) = class.trim().parse()
            {
                self.brown.push((hash::bytes(word.as_bytes()), class));
            }
        }
    }

    /// Adds classes by four systems: a header, then lines of lower-case word and its class in each, the finest
    /// last. Only the finest is kept per word; the coarser ones become those that most of its words have.
    pub fn classes(&mut self, lines: &str, most: usize) {
        let mut votes: Vec<[std::collections::BTreeMap<u16, u32>; GRAINS]> = Vec::new();
        for line in lines.lines().skip(1).take(most) {
            let mut fields = line.split('\t');
            let Some(word) = fields.next() else { continue };
            let numbers: Vec<u16> = fields.filter_map(|f| f.trim().parse().ok()).collect();
            let Ok(grains) = <[u16; GRAINS]>::try_from(numbers) else { continue };
            let code = grains[GRAINS - 1];
            self.codes.push((hash::bytes(word.as_bytes()), code));
            if votes.len() <= usize::from(code) {
                votes.resize_with(usize::from(code) + 1, Default::default);
            }
            for (vote, grain) in votes[usize::from(code)].iter_mut().zip(grains) {
                *vote.entry(grain).or_default() += 1;
            }
        }
        let first = |vote: &std::collections::BTreeMap<u16, u32>| {
            vote.iter()
                .max_by_key(|&(&grain, &n)| (n, std::cmp::Reverse(grain)))
                .map_or(0, |(&grain, _)| grain)
        };
        self.grains = votes.iter().map(|vote| std::array::from_fn(|i| first(&vote[i]))).collect();
    }

    /// Adds an entry, given as its lower-case words, to list number `list` (below 15).
    pub fn entry<'a>(&mut self, words: impl IntoIterator<Item = &'a str>, list: u8) {
        let mut keys = Vec::new();
        let mut phrase = 0;
        for word in words {
            phrase = extend(phrase, hash::bytes(word.as_bytes()));
            keys.push(phrase);
        }
        let Some(whole) = keys.pop().filter(|_| keys.len() < LONGEST) else { return };
        for key in keys {
            *self.phrases.entry(key).or_default() |= PREFIX;
        }
        *self.phrases.entry(whole).or_default() |= 1 << list;
    }

    /// The tables.
    #[must_use]
    pub fn build(&self) -> Lexicon {
        let phrases: Vec<_> = self.phrases.iter().map(|(&key, &lists)| (key, lists)).collect();
        Lexicon {
            brown: Table::build(&self.brown),
            codes: Table::build(&self.codes),
            grains: self.grains.clone(),
            lists: Table::build(&phrases),
        }
    }
}
