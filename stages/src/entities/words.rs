//! The words met so far, each with a number, for trainer and tagger alike.

use super::features::{Case, Extractor, Setting, Word};
use super::lexicon::Lexicon;
use crate::learn::hash;

/// What is kept of a word in a setting.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Info {
    /// Hash of the word as written, and its setting.
    key: u64,
    /// How it is written.
    pub case: Case,
    /// Number of its lower-case form, shared by all its spellings.
    pub form: u32,
    /// Lists that hold the word alone, and whether it begins a longer entry.
    pub lists: u16,
    /// Hash of its lower-case form.
    pub lower: u64,
    /// Hash of the list entry of this word alone.
    pub phrase: u64,
    /// Whether it was met again since it was added or last kept.
    again: bool,
}

/// Numbers words. A number stays good until [`Words::clear`].
#[derive(Clone, Debug)]
pub(super) struct Words {
    /// Open addressing by key: a part of the key, and number + 1; 0 is free.
    slots: Vec<(u32, u32)>,
    infos: Vec<Info>,
    /// Open addressing by the hash of the lower-case form: a part of it, and number + 1; 0 is free.
    forms: Vec<(u32, u32)>,
    /// Hashes of the lower-case forms.
    lowers: Vec<u64>,
    extractor: Extractor,
    word: Word,
}

impl Default for Words {
    fn default() -> Self {
        Self::with_room(1 << 12)
    }
}

impl Words {
    /// Room for `slots` / 2 words before it grows; `slots` is a power of two.
    #[must_use]
    pub(super) fn with_room(slots: usize) -> Self {
        Self {
            slots: vec![(0, 0); slots],
            infos: Vec::with_capacity(slots / 2),
            forms: vec![(0, 0); slots],
            lowers: Vec::with_capacity(slots / 2),
            extractor: Extractor::default(),
            word: Word::default(),
        }
    }

    /// Number of words.
    #[must_use]
    pub(super) fn len(&self) -> usize {
        self.infos.len()
    }

    /// Number of different lower-case forms.
    #[must_use]
    pub(super) fn forms(&self) -> usize {
        self.lowers.len()
    }

    /// The number of a lower-case form, by its hash, if it has been met.
    #[must_use]
    pub(super) fn form(&self, lower: u64) -> Option<u32> {
        self.forms[self.form_slot(lower)].1.checked_sub(1)
    }

    /// What is kept of a word.
    #[must_use]
    pub(super) fn info(&self, number: u32) -> &Info {
        &self.infos[number as usize]
    }

    /// Forgets all words, keeps the memory.
    pub(super) fn clear(&mut self) {
        self.slots.fill((0, 0));
        self.forms.fill((0, 0));
        self.infos.clear();
        self.lowers.clear();
    }

    /// Forgets the words that were not met again; the others are numbered anew in the same order. Gives the old
    /// numbers of those that are kept, the first word among them in any case.
    pub(super) fn thin(&mut self) -> Vec<u32> {
        let keep = |word: &u32| *word == 0 || self.infos[*word as usize].again;
        let kept: Vec<u32> = (0..self.infos.len() as u32).filter(keep).collect();
        let infos: Vec<Info> = kept.iter().map(|&word| self.infos[word as usize]).collect();
        self.clear();
        for info in infos {
            self.insert(Info { again: false, ..info });
        }
        kept
    }

    /// The number of a word. `new` is called with the word's features when it is met for the first time, before
    /// any other number is given out.
    #[inline]
    pub(super) fn number(
        &mut self,
        text: &str,
        setting: Setting,
        lexicon: &Lexicon,
        new: &mut impl FnMut(&Word),
    ) -> u32 {
        let key = hash::mix(hash::bytes(text.as_bytes()), setting as u64 + 1);
        match self.slots[self.slot(key)].1.checked_sub(1) {
            Some(number) => {
                self.infos[number as usize].again = true;
                number
            }
            None => self.add(text, setting, lexicon, key, new),
        }
    }

    #[cold]
    fn add(
        &mut self,
        text: &str,
        setting: Setting,
        lexicon: &Lexicon,
        key: u64,
        new: &mut impl FnMut(&Word),
    ) -> u32 {
        self.extractor.word(text, setting, lexicon, &mut self.word);
        let Word { case, lists, lower, phrase, .. } = self.word;
        let number = self.insert(Info { key, case, lists, lower, phrase, ..Info::default() });
        new(&self.word);
        number
    }

    /// Gives a word the next number, and its form one if it is new.
    fn insert(&mut self, info: Info) -> u32 {
        let at = self.form_slot(info.lower);
        if self.forms[at].1 == 0 {
            self.lowers.push(info.lower);
            self.forms[at] = (info.lower as u32, self.lowers.len() as u32);
        }
        let form = self.forms[at].1 - 1;
        let at = self.slot(info.key);
        self.infos.push(Info { form, ..info });
        let number = self.infos.len() as u32;
        self.slots[at] = (info.key as u32, number);
        if self.infos.len() * 2 > self.slots.len() {
            grow(&mut self.slots, |number| self.infos[number as usize].key);
            grow(&mut self.forms, |form| self.lowers[form as usize]);
        }
        number - 1
    }

    fn slot(&self, key: u64) -> usize {
        probe(&self.slots, key, |number| self.infos[number as usize].key)
    }

    fn form_slot(&self, lower: u64) -> usize {
        probe(&self.forms, lower, |form| self.lowers[form as usize])
    }
}

/// Where a key is, or the free place where it would be; `key_of` gives the whole key of a number.
#[inline]
fn probe(slots: &[(u32, u32)], key: u64, key_of: impl Fn(u32) -> u64) -> usize {
    let mask = slots.len() - 1;
    let mut at = (key >> 40) as usize & mask;
    loop {
        let (part, next) = slots[at];
        if next == 0 || (part == key as u32 && key_of(next - 1) == key) {
            return at;
        }
        at = (at + 1) & mask;
    }
}

fn grow(slots: &mut Vec<(u32, u32)>, key_of: impl Fn(u32) -> u64) {
    let mut larger = vec![(0, 0); slots.len() * 2];
    for &slot in slots.iter().filter(|slot| slot.1 != 0) {
        let at = probe(&larger, key_of(slot.1 - 1), &key_of);
        larger[at] = slot;
    }
    *slots = larger;
}
