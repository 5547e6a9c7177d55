//! Words met before, with what they give to the two networks.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use crate::learn::hash;

/// Words of a generation. Two are kept: what was not met for a whole generation is forgotten.
const MOST: usize = 4096;

/// Keys are hashes already.
#[derive(Clone, Copy, Debug, Default)]
struct Plain(u64);

impl Hasher for Plain {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = hash::bytes(bytes);
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}

#[derive(Clone, Debug, Default)]
struct Generation {
    numbers: HashMap<u64, u32, BuildHasherDefault<Plain>>,
    given: [Vec<i16>; 2],
    /// For each word the set of tags it may have.
    sets: Vec<u16>,
}

impl Generation {
    /// Of a word, what it gives to each network.
    fn of(&self, number: u32, widths: [usize; 2]) -> [&[i16]; 2] {
        std::array::from_fn(|net| &self.given[net][number as usize * widths[net]..][..widths[net]])
    }
}

/// What words give, as long as they are remembered.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cache {
    /// Whose words these are.
    owner: u64,
    widths: [usize; 2],
    young: Generation,
    old: Generation,
}

impl Cache {
    /// Before a sentence: makes room, and forgets what belongs to another model. `fixed` appends the items that are
    /// always there.
    pub(crate) fn begin(&mut self, owner: u64, widths: [usize; 2], fixed: impl Fn(&mut [Vec<i16>; 2])) {
        let other = self.owner != owner;
        if !other && self.young.numbers.len() < MOST {
            return;
        }
        (self.owner, self.widths) = (owner, widths);
        std::mem::swap(&mut self.young, &mut self.old);
        self.young.numbers.clear();
        self.young.given.iter_mut().for_each(Vec::clear);
        if other {
            self.old.numbers.clear();
        }
        fixed(&mut self.young.given);
        self.young.sets.clear();
        self.young.sets.resize(self.young.given[0].len() / widths[0], 0);
    }

    /// The number of a word, and its set of tags; `make` appends what a new one gives, and tells the set.
    pub(crate) fn number(&mut self, form: &str, make: impl FnOnce(&mut [Vec<i16>; 2]) -> u16) -> (u32, u16) {
        let key = hash::bytes(form.as_bytes());
        if let Some(&number) = self.young.numbers.get(&key) {
            return (number, self.young.sets[number as usize]);
        }
        let number = self.young.sets.len() as u32;
        self.young.numbers.insert(key, number);
        let set = match self.old.numbers.get(&key) {
            Some(&there) => {
                let given = self.old.of(there, self.widths);
                self.young.given.iter_mut().zip(given).for_each(|(young, old)| young.extend_from_slice(old));
                self.old.sets[there as usize]
            }
            None => make(&mut self.young.given),
        };
        self.young.sets.push(set);
        (number, set)
    }

    /// What all words give to the first and to the second network.
    pub(crate) fn given(&self) -> [&[i16]; 2] {
        [&self.young.given[0], &self.young.given[1]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Looks words up as a model does whose words give their length; how many had to be made.
    fn look_up(cache: &mut Cache, owner: u64, words: &[String]) -> usize {
        cache.begin(owner, [1, 2], |given| {
            given[0].push(-1);
            given[1].extend([-1, -1]);
        });
        let mut made = 0;
        for word in words {
            let length = word.len() as i16;
            let (number, set) = cache.number(word, |given| {
                made += 1;
                given[0].push(length);
                given[1].extend([length, owner as i16]);
                length as u16
            });
            let [one, two] = cache.given();
            let at = number as usize;
            assert_eq!(
                (one[at], &two[2 * at..2 * at + 2], set),
                (length, &[length, owner as i16][..], length as u16)
            );
        }
        made
    }

    #[test]
    fn words_in_use_are_kept_and_others_forgotten() {
        let words = |name: &str, count: usize| (0..count).map(|n| format!("{name}{n}")).collect::<Vec<_>>();
        let (common, first) = (words("common", 10), words("a", MOST));
        let mut cache = Cache::default();
        assert_eq!(look_up(&mut cache, 1, &common), 10);
        assert_eq!(look_up(&mut cache, 1, &first), MOST);
        assert_eq!(look_up(&mut cache, 1, &common), 0, "of the generation before");
        look_up(&mut cache, 1, &words("bb", MOST));
        assert_eq!(look_up(&mut cache, 1, &common), 0, "in use all the time");
        assert_eq!(look_up(&mut cache, 1, &first), MOST, "not in use for a generation");
        assert_eq!(look_up(&mut cache, 2, &common), 10, "another model has words of its own");
    }
}
