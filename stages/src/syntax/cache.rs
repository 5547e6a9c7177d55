//! Words met before, with what they give to the two networks.

use crate::learn::hash::{self, Hashed};
use crate::learn::net::fast::Net;

/// Words of a generation. Two are kept: what was not met for a whole generation is forgotten.
const MOST: usize = 4096;

/// What words give to one network: their vectors, and rows for the places that they were met in.
#[derive(Clone, Debug, Default)]
pub(crate) struct Given {
    vectors: Vec<f32>,
    /// For each word and place the number of its row, from 1; 0 if there is none yet.
    places: Vec<u32>,
    /// The first `count` rows are in use.
    rows: Vec<i16>,
    count: u32,
}

/// Rows that room is made for at a time.
const ROOM: usize = 256;

impl Given {
    fn clear(&mut self) {
        self.vectors.clear();
        self.places.clear();
        self.count = 0;
    }

    fn add(&mut self, net: &Net, features: &[u32]) {
        net.vector(features, &mut self.vectors);
        self.places.resize(self.places.len() + net.shape().places, 0);
    }

    /// Adds what another has of a word.
    fn add_from(&mut self, net: &Net, other: &Self, word: u32) {
        let (shape, word) = (net.shape(), word as usize);
        self.vectors.extend_from_slice(&other.vectors[word * shape.dim..][..shape.dim]);
        for &row in &other.places[word * shape.places..][..shape.places] {
            let own = if row == 0 {
                0
            } else {
                self.add_row(net, |_, new| new.copy_from_slice(other.get(net, row)))
            };
            self.places.push(own);
        }
    }

    /// The number of a new row; `fill` is given the vectors of all words.
    fn add_row(&mut self, net: &Net, fill: impl FnOnce(&[f32], &mut [i16])) -> u32 {
        let hidden = net.shape().hidden;
        let start = self.count as usize * hidden;
        if self.rows.len() < start + hidden {
            self.rows.resize(start + ROOM * hidden, 0);
        }
        fill(&self.vectors, &mut self.rows[start..start + hidden]);
        self.count += 1;
        self.count
    }

    /// The number of the row that a word gives at a place.
    #[inline]
    pub(crate) fn row(&mut self, net: &Net, word: u32, place: usize) -> u32 {
        let at = word as usize * net.shape().places + place;
        if self.places[at] == 0 {
            let vector = word as usize * net.shape().dim;
            self.places[at] =
                self.add_row(net, |vectors, row| net.give(&vectors[vector..][..net.shape().dim], place, row));
        }
        self.places[at]
    }

    /// The row of that number.
    #[inline]
    pub(crate) fn get(&self, net: &Net, row: u32) -> &[i16] {
        let hidden = net.shape().hidden;
        &self.rows[(row as usize - 1) * hidden..][..hidden]
    }
}

#[derive(Clone, Debug, Default)]
struct Generation {
    numbers: Hashed<u64, u32>,
    given: [Given; 2],
    /// For each word the set of tags it may have.
    sets: Vec<u16>,
}

/// What words give, as long as they are remembered.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cache {
    /// Whose words these are.
    owner: u64,
    young: Generation,
    old: Generation,
}

impl Cache {
    /// Before a sentence: makes room, and forgets what belongs to another model. `fixed` are the items that are
    /// always there, a feature each; they have the first numbers.
    pub(crate) fn begin(&mut self, owner: u64, nets: [&Net; 2], fixed: &[u32]) {
        let other = self.owner != owner;
        if !other && self.young.numbers.len() < MOST {
            return;
        }
        self.owner = owner;
        std::mem::swap(&mut self.young, &mut self.old);
        self.young.numbers.clear();
        self.young.given.iter_mut().for_each(Given::clear);
        if other {
            self.old.numbers.clear();
        }
        for feature in fixed {
            let given = self.young.given.iter_mut().zip(nets);
            given.for_each(|(given, net)| given.add(net, &[*feature]));
        }
        self.young.sets.clear();
        self.young.sets.resize(fixed.len(), 0);
    }

    /// The number of a word, and its set of tags; `make` tells a new word's features and set.
    pub(crate) fn number<'f>(
        &mut self,
        form: &str,
        nets: [&Net; 2],
        make: impl FnOnce() -> (&'f [u32], u16),
    ) -> (u32, u16) {
        let key = hash::bytes(form.as_bytes());
        if let Some(&number) = self.young.numbers.get(&key) {
            return (number, self.young.sets[number as usize]);
        }
        let number = self.young.sets.len() as u32;
        self.young.numbers.insert(key, number);
        let given = self.young.given.iter_mut().zip(nets);
        let set = if let Some(&there) = self.old.numbers.get(&key) {
            given.zip(&self.old.given).for_each(|((young, net), old)| young.add_from(net, old, there));
            self.old.sets[there as usize]
        } else {
            let (features, set) = make();
            given.for_each(|(given, net)| given.add(net, features));
            set
        };
        self.young.sets.push(set);
        (number, set)
    }

    /// What all words give to the first and to the second network.
    pub(crate) fn given(&mut self) -> [&mut Given; 2] {
        self.young.given.each_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learn::net::{Shape, Weights};
    use crate::learn::random::Random;

    const SHAPE: Shape = Shape { features: 40, dim: 16, places: 2, cells: 1, hidden: 64, outcomes: 1 };

    /// Looks words up as a model does whose words have their length for a feature; how many had to be made.
    fn look_up(cache: &mut Cache, owner: u64, nets: [&Net; 2], words: &[String]) -> usize {
        cache.begin(owner, nets, &[0, 1]);
        let mut made = 0;
        for word in words {
            let length = word.len() as u32;
            let features = [length];
            let (number, set) = cache.number(word, nets, || {
                made += 1;
                (&features, length as u16)
            });
            assert_eq!(u32::from(set), length);
            for (given, net) in cache.given().into_iter().zip(nets) {
                let (mut vector, mut row) = (Vec::new(), vec![0; SHAPE.hidden]);
                net.vector(&features, &mut vector);
                net.give(&vector, 1, &mut row);
                let found = given.row(net, number, 1);
                assert_eq!(given.get(net, found), row, "{word}");
            }
        }
        made
    }

    #[test]
    fn words_in_use_are_kept_and_others_forgotten() {
        let net = |seed| Net::of(&Weights::random(SHAPE, &mut Random::new(seed)));
        let (one, two) = (net(1), net(2));
        let nets = [&one, &two];
        let words = |name: &str, count: usize| (0..count).map(|n| format!("{name}{n}")).collect::<Vec<_>>();
        let (common, first) = (words("common", 10), words("a", MOST));
        let mut cache = Cache::default();
        assert_eq!(look_up(&mut cache, 1, nets, &common), 10);
        assert_eq!(look_up(&mut cache, 1, nets, &first), MOST);
        assert_eq!(look_up(&mut cache, 1, nets, &common), 0, "of the generation before");
        look_up(&mut cache, 1, nets, &words("bb", MOST));
        assert_eq!(look_up(&mut cache, 1, nets, &common), 0, "in use all the time");
        assert_eq!(look_up(&mut cache, 1, nets, &first), MOST, "not in use for a generation");
        assert_eq!(look_up(&mut cache, 2, [&two, &one], &common), 10, "another model has words of its own");
    }
}
