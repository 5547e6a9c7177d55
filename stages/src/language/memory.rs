//! What words said of the languages, kept: most words of a batch are few.

use super::ngrams::{Group, MAX_LANGUAGES};

/// Words kept. Each has one place, which the next word of the same hash takes: bounded, and nothing to clear.
const PLACES: usize = 1 << 13;

/// Longest word kept, in bytes; longer ones are rare and are added up anew.
const LONGEST: usize = 15;

/// Bytes of a word and how many they are. No word is [`NO_WORD`].
type Key = u128;
const NO_WORD: Key = 0;

/// Memory of one worker, reused from text to text. It changes the time that detection takes, never its result.
#[derive(Debug, Default)]
pub struct Memory {
    keys: Vec<Key>,
    sums: Vec<[i16; MAX_LANGUAGES]>,
}

impl Memory {
    /// Adds what `word`, a word in the group's script, says to the scores.
    pub(super) fn add(&mut self, group: &Group, word: &str, scores: &mut [i32; MAX_LANGUAGES]) {
        let Some(key) = key(word) else { return add(scores, &group.sums(word)) };
        if self.keys.is_empty() {
            self.keys.resize(PLACES, NO_WORD);
            self.sums.resize(PLACES, [0; MAX_LANGUAGES]);
        }
        let place = place(key);
        if self.keys[place] != key {
            self.keys[place] = key;
            self.sums[place] = group.sums(word);
        }
        add(scores, &self.sums[place]);
    }
}

fn add(scores: &mut [i32; MAX_LANGUAGES], sums: &[i16; MAX_LANGUAGES]) {
    scores.iter_mut().zip(sums).for_each(|(score, &sum)| *score += i32::from(sum));
}

/// The word itself as a number. The script of its first letter says which group it is of.
fn key(word: &str) -> Option<Key> {
    let mut bytes = [0; 16];
    bytes.get_mut(..word.len()).filter(|_| word.len() <= LONGEST)?.copy_from_slice(word.as_bytes());
    bytes[LONGEST] = word.len() as u8;
    Some(Key::from_le_bytes(bytes))
}

fn place(key: Key) -> usize {
    let mixed = (key as u64 ^ (key >> 64) as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> (64 - PLACES.trailing_zeros())) as usize
}
