//! The words met so far, each with a number, for trainer and tagger alike.

use super::features::{Case, Extractor, Setting, Word};
use super::lexicon::Lexicon;
use crate::learn::hash;

/// What is kept of a word in a setting.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Info {
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
}

/// Numbers words. A number stays good until [`Words::clear`].
#[derive(Clone, Debug)]
pub(super) struct Words {
    /// Open addressing: key and number + 1; 0 is free.
    slots: Vec<(u64, u32)>,
    infos: Vec<Info>,
    /// Whether a word was met again since it was added or last kept.
    again: Vec<bool>,
    /// Open addressing: hash of the lower-case form and its number + 1.
    forms: Vec<(u64, u32)>,
    form_count: u32,
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
            again: Vec::with_capacity(slots / 2),
            forms: vec![(0, 0); slots],
            form_count: 0,
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
        self.form_count as usize
    }

    /// The number of a lower-case form, by its hash, if it has been met.
    #[must_use]
    pub(super) fn form(&self, lower: u64) -> Option<u32> {
        self.forms[probe(&self.forms, lower)].1.checked_sub(1)
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
        self.again.clear();
        self.form_count = 0;
    }

    /// Forgets the words that were not met again; the others are numbered anew in the same order. Gives the old
    /// numbers of those that are kept, the first word among them in any case.
    pub(super) fn thin(&mut self) -> Vec<u32> {
        let keep = |word: &u32| *word == 0 || self.again[*word as usize];
        let kept: Vec<u32> = (0..self.infos.len() as u32).filter(keep).collect();
        let mut keys = vec![0; self.infos.len()];
        for &(key, number) in self.slots.iter().filter(|slot| slot.1 != 0) {
            keys[number as usize - 1] = key;
        }
        let infos: Vec<Info> = kept.iter().map(|&word| self.infos[word as usize]).collect();
        self.clear();
        for (&old, info) in kept.iter().zip(infos) {
            self.insert(keys[old as usize], info);
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
        let at = probe(&self.slots, key);
        match self.slots[at].1.checked_sub(1) {
            Some(number) => {
                self.again[number as usize] = true;
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
        let number = self.insert(key, Info { case, form: 0, lists, lower, phrase });
        new(&self.word);
        number
    }

    /// Gives a word the next number, and its form one if it is new.
    fn insert(&mut self, key: u64, info: Info) -> u32 {
        let at = probe(&self.forms, info.lower);
        if self.forms[at].1 == 0 {
            self.form_count += 1;
            self.forms[at] = (info.lower, self.form_count);
        }
        let form = self.forms[at].1 - 1;
        let number = self.infos.len() as u32;
        self.infos.push(Info { form, ..info });
        self.again.push(false);
        let at = probe(&self.slots, key);
        self.slots[at] = (key, number + 1);
        if self.infos.len() * 2 > self.slots.len() {
            grow(&mut self.slots);
            grow(&mut self.forms);
        }
        number
    }
}

fn probe(slots: &[(u64, u32)], key: u64) -> usize {
    let mask = slots.len() - 1;
    let mut at = (key >> 20) as usize & mask;
    while slots[at].1 != 0 && slots[at].0 != key {
        at = (at + 1) & mask;
    }
    at
}

fn grow(slots: &mut Vec<(u64, u32)>) {
    let mut larger = vec![(0, 0); slots.len() * 2];
    for &slot in slots.iter().filter(|slot| slot.1 != 0) {
        let at = probe(&larger, slot.0);
        larger[at] = slot;
    }
    *slots = larger;
}
