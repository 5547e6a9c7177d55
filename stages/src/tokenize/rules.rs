//! The rules of a language, read from data files that a person can edit (`rules/*.txt`).

use std::sync::LazyLock;

/// What the rules say of a word, as bits.
pub(super) mod flag {
    /// An abbreviation that a name follows.
    pub(crate) const TITLE: u16 = 1;
    /// An abbreviation that may end a sentence.
    pub(crate) const ABBREVIATION: u16 = 1 << 1;
    /// An abbreviation before numbers.
    pub(crate) const NUMBERED: u16 = 1 << 2;
    /// A prefix whose hyphen does not split.
    pub(crate) const PREFIX: u16 = 1 << 3;
    /// Follows an apostrophe and is a word of its own.
    pub(crate) const CLITIC: u16 = 1 << 4;
    /// Loses its vowel and keeps the apostrophe.
    pub(crate) const ELISION: u16 = 1 << 5;
    /// Follows a hyphen and is a word of its own.
    pub(crate) const ENCLITIC: u16 = 1 << 6;
    /// Begins a sentence.
    pub(crate) const STARTER: u16 = 1 << 7;
    /// Stays whole.
    pub(crate) const WHOLE: u16 = 1 << 8;
    /// Written together: comes apart after as many bytes as the four highest bits say.
    pub(crate) const SPLIT_SHIFT: u32 = 12;
}

use flag::{ABBREVIATION, CLITIC, ELISION, ENCLITIC, NUMBERED, PREFIX, SPLIT_SHIFT, STARTER, TITLE, WHOLE};

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
    split_lengths: [u16; 32],
}

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
            "numbered" => self.table.insert(entry, NUMBERED),
            "prefixes" => self.table.insert(entry, PREFIX),
            "clitics" => self.table.insert(entry, CLITIC),
            "elisions" => self.table.insert(entry, ELISION),
            "enclitics" => self.table.insert(entry, ENCLITIC),
            "starters" => self.table.insert(entry, STARTER),
            "whole" => self.table.insert(entry, WHOLE),
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
        self.table.insert(&word, (at as u16) << SPLIT_SHIFT);
    }

    /// All that is known of a word, as bits of [`flag`].
    pub(super) fn flags(&self, word: &str) -> u16 {
        self.table.get(word)
    }

    /// Where a word that is written together comes apart (bytes from its start).
    #[inline]
    pub(super) fn split_of(&self, word: &str) -> Option<usize> {
        let maybe = self.split_lengths[usize::from(word.as_bytes()[0] & 31)];
        if word.len() > 15 || maybe & (1 << word.len()) == 0 {
            return None;
        }
        match self.table.get(word) >> SPLIT_SHIFT {
            0 => None,
            at => Some(usize::from(at)),
        }
    }
}

/// Words of at most 16 bytes with their flags: open addressing over the bytes of the word as one number.
#[derive(Debug)]
struct Table {
    slots: Vec<(u128, u16)>,
    used: usize,
}

impl Default for Table {
    fn default() -> Self {
        Self { slots: vec![(0, 0); 1024], used: 0 }
    }
}

impl Table {
    fn insert(&mut self, word: &str, flags: u16) {
        assert!(word.len() <= 16, "{word} is longer than 16 bytes");
        let slot = self.slot(pack(word));
        self.used += usize::from(self.slots[slot].0 == 0);
        assert!(self.used * 2 < self.slots.len(), "the rule table is full");
        self.slots[slot].0 = pack(word);
        self.slots[slot].1 |= flags;
    }

    /// Flags of the word as written and in lower case.
    fn get(&self, word: &str) -> u16 {
        if word.len() > 16 || word.is_empty() {
            return 0;
        }
        let key = pack(word);
        let lower = lower(word, key);
        let flags = self.slots[self.slot(key)].1;
        if lower == key { flags } else { flags | self.slots[self.slot(lower)].1 }
    }

    fn slot(&self, key: u128) -> usize {
        let folded = (key as u64) ^ ((key >> 64) as u64).rotate_left(29);
        let mut slot = (folded.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 54) as usize;
        while self.slots[slot].0 != 0 && self.slots[slot].0 != key {
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
