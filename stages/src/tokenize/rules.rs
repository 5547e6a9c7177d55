//! The rules of a language, read from data files that a person can edit (`rules/*.txt`).

use std::sync::LazyLock;

/// What the rules say of a word, as bits.
pub(super) mod flag {
    /// An abbreviation that a name follows.
    pub(crate) const TITLE: u32 = 1;
    /// An abbreviation that may end a sentence.
    pub(crate) const ABBREVIATION: u32 = 1 << 1;
    /// An abbreviation before numbers.
    pub(crate) const NUMBERED: u32 = 1 << 2;
    /// A prefix whose hyphen does not split.
    pub(crate) const PREFIX: u32 = 1 << 3;
    /// Follows an apostrophe and is a word of its own.
    pub(crate) const CLITIC: u32 = 1 << 4;
    /// Loses its vowel and keeps the apostrophe.
    pub(crate) const ELISION: u32 = 1 << 5;
    /// Follows a hyphen and is a word of its own.
    pub(crate) const ENCLITIC: u32 = 1 << 6;
    /// Begins a sentence.
    pub(crate) const STARTER: u32 = 1 << 7;
    /// Stays whole.
    pub(crate) const WHOLE: u32 = 1 << 8;
    /// A suffix whose hyphen does not split.
    pub(crate) const SUFFIX: u32 = 1 << 9;
    /// A unit that comes apart from digits.
    pub(crate) const UNIT: u32 = 1 << 10;
    /// A prefix whose hyphen does not split, not even before a capital.
    pub(crate) const STRONG_PREFIX: u32 = 1 << 11;
    /// An abbreviation that leaves its full stop to the sentence before a capital.
    pub(crate) const WEAK: u32 = 1 << 12;
    /// Closes a letter, before a comma.
    pub(crate) const CLOSING: u32 = 1 << 13;
    /// Names the kind of a numbered item.
    pub(crate) const LABEL: u32 = 1 << 14;
    /// Written together: comes apart after as many bytes as the four highest bits say.
    pub(crate) const SPLIT_SHIFT: u32 = 28;
}

use flag::{
    ABBREVIATION, CLITIC, CLOSING, ELISION, ENCLITIC, LABEL, NUMBERED, PREFIX, SPLIT_SHIFT, STARTER,
    STRONG_PREFIX, SUFFIX, TITLE, UNIT, WEAK, WHOLE,
};

/// The rules of one language.
#[derive(Debug, Default)]
pub struct Rules {
    /// Hyphens split words, but for prefixes.
    pub(super) split_hyphens: bool,
    /// `'s`, `n't` and their kin are words.
    pub(super) split_clitics: bool,
    /// Digits with a full stop are ordinals (`3. Oktober`).
    pub(super) ordinals: bool,
    table: Table,
    split_lengths: Lengths,
    closing_lengths: Lengths,
}

/// Lengths (as bits) of the words that begin with a letter: a quick no for most words.
type Lengths = [u16; 32];

macro_rules! languages {
    ($($code:literal),*) => {
        static ALL: LazyLock<Vec<(&'static str, Rules)>> = LazyLock::new(|| {
            vec![$(($code, Rules::parse(include_str!(concat!("rules/", $code, ".txt"))))),*]
        });
    };
}

languages!("und", "en", "de", "es", "fr");

impl Rules {
    /// The rules for a language (BCP 47), or the neutral ones.
    #[must_use]
    pub fn of(language: &str) -> &'static Self {
        let primary = language.split(['-', '_']).next().unwrap_or_default();
        let found = ALL.iter().find(|(code, _)| code.eq_ignore_ascii_case(primary));
        &found.unwrap_or(&ALL[0]).1
    }

    /// Reads a rule file; what it does not understand is a mistake of the build.
    fn parse(file: &str) -> Self {
        let mut rules = Self::default();
        let mut section = String::new();
        for line in file.lines().map(|line| line.split('#').next().unwrap_or_default().trim()) {
            match line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
                Some(name) => section = name.to_owned(),
                None => line.split_whitespace().for_each(|entry| rules.add(&section, entry)),
            }
        }
        rules
    }

    fn add(&mut self, section: &str, entry: &str) {
        match section {
            "options" => self.set_option(entry),
            "titles" => self.table.insert(entry, TITLE),
            "abbreviations" => self.table.insert(entry, ABBREVIATION),
            "weak" => self.table.insert(entry, WEAK),
            "numbered" => self.table.insert(entry, NUMBERED),
            "suffixes" => self.table.insert(entry, SUFFIX),
            "units" => self.table.insert(entry, UNIT),
            "strong-prefixes" => self.table.insert(entry, STRONG_PREFIX | PREFIX),
            "prefixes" => self.table.insert(entry, PREFIX),
            "clitics" => self.table.insert(entry, CLITIC),
            "elisions" => self.table.insert(entry, ELISION),
            "enclitics" => self.table.insert(entry, ENCLITIC),
            "starters" => self.table.insert(entry, STARTER),
            "whole" => self.table.insert(entry, WHOLE),
            "labels" => self.table.insert(entry, LABEL),
            "closings" => self.add_closing(entry),
            "splits" => self.add_split(entry),
            other => panic!("unknown section [{other}]"),
        }
    }

    fn set_option(&mut self, option: &str) {
        match option {
            "split-hyphens" => self.split_hyphens = true,
            "split-clitics" => self.split_clitics = true,
            "ordinals" => self.ordinals = true,
            other => panic!("unknown option {other}"),
        }
    }

    fn add_split(&mut self, entry: &str) {
        let at = entry.find('|').unwrap_or_else(|| panic!("no | in {entry}"));
        let word = entry.replace('|', "");
        self.split_lengths[usize::from(word.as_bytes()[0] & 31)] |= 1 << word.len();
        self.table.insert(&word, (at as u32) << SPLIT_SHIFT);
    }

    fn add_closing(&mut self, entry: &str) {
        self.closing_lengths[usize::from(entry.as_bytes()[0] & 31)] |= 1 << entry.len();
        self.table.insert(entry, CLOSING);
    }

    /// Whether a word closes a letter (`Regards`).
    #[inline]
    pub(super) fn closes_letter(&self, word: &str) -> bool {
        may_be_in(&self.closing_lengths, word) && self.table.get(word) & CLOSING != 0
    }

    /// All that is known of a word, as bits of [`flag`].
    pub(super) fn flags(&self, word: &str) -> u32 {
        self.table.get(word)
    }

    /// Where a word that is written together comes apart (bytes from its start).
    #[inline]
    pub(super) fn split_of(&self, word: &str) -> Option<usize> {
        if !may_be_in(&self.split_lengths, word) {
            return None;
        }
        match self.table.get(word) >> SPLIT_SHIFT {
            0 => None,
            at => Some(at as usize),
        }
    }
}

#[inline]
fn may_be_in(lengths: &Lengths, word: &str) -> bool {
    word.len() < 16 && lengths[usize::from(word.as_bytes()[0] & 31)] & (1 << word.len()) != 0
}

/// Words of at most 16 bytes with their flags: open addressing over the bytes of the word as one number.
#[derive(Debug)]
struct Table {
    slots: Vec<Slot>,
    used: usize,
}

#[derive(Clone, Debug, Default)]
struct Slot {
    key: u128,
    /// Flags of the word as written.
    written: u32,
    /// Flags of other words that are this one in lower case.
    folded: u32,
}

impl Default for Table {
    fn default() -> Self {
        Self { slots: vec![Slot::default(); 1024], used: 0 }
    }
}

impl Table {
    /// Adds a word; with `=` at its end, only as written.
    fn insert(&mut self, entry: &str, flags: u32) {
        let word = entry.trim_end_matches('=');
        assert!(word.len() <= 16, "{word} is longer than 16 bytes");
        let at = self.slot(pack(word));
        self.used += usize::from(self.slots[at].key == 0);
        assert!(self.used * 2 < self.slots.len(), "the rule table is full");
        let slot = &mut self.slots[at];
        slot.key = pack(word);
        slot.written |= flags;
        slot.folded |= if word == entry { flags } else { 0 };
    }

    /// Flags of the word as written and in lower case.
    fn get(&self, word: &str) -> u32 {
        if word.len() > 16 || word.is_empty() {
            return 0;
        }
        let key = pack(word);
        let lower = lower(word, key);
        let written = self.slots[self.slot(key)].written;
        if lower == key { written } else { written | self.slots[self.slot(lower)].folded }
    }

    fn slot(&self, key: u128) -> usize {
        let folded = (key as u64) ^ ((key >> 64) as u64).rotate_left(29);
        let mut slot = (folded.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 54) as usize;
        while self.slots[slot].key != 0 && self.slots[slot].key != key {
            slot = (slot + 1) & (self.slots.len() - 1);
        }
        slot
    }
}

/// The bytes of a word of at most 16 bytes as a number.
fn pack(word: &str) -> u128 {
    let mut bytes = [0; 16];
    bytes[..word.len()].copy_from_slice(word.as_bytes());
    u128::from_le_bytes(bytes)
}

fn lower(word: &str, key: u128) -> u128 {
    if word.is_ascii() {
        return u128::from_le_bytes(key.to_le_bytes().map(|b| b.to_ascii_lowercase()));
    }
    let lower = word.to_lowercase();
    if lower.len() <= 16 { pack(&lower) } else { key }
}
