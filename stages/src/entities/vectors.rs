//! The scores of words met so far: what a word adds to the labels of the tokens around it, kept per word.

use std::collections::HashMap;

use super::features::{SLOTS, Word};
use super::margin::{self, Margin};
use super::table::Rows;

/// Parts kept before all are forgotten.
const MOST_PARTS: usize = 1 << 13;

/// Rows of scores for words and for parts of words, by number.
#[derive(Debug, Default)]
pub(super) struct Vectors {
    stride: usize,
    /// What is added to the scores at each distance for their margin.
    biases: [Vec<i16>; SLOTS],
    /// For each word `SLOTS` rows of scores.
    rows: Vec<i16>,
    /// For each word the margins of its rows.
    margins: Vec<[Margin; SLOTS]>,
    /// Where in `part_rows` the sum of the features that a [part](Word::parts) stands for begins.
    parts: HashMap<u64, u32, Hashed>,
    part_rows: Vec<i16>,
}

impl Vectors {
    /// Forgets all. What comes will be rows of `stride` scores, with these biases for their margins by distance, of
    /// about as many words.
    pub(super) fn reset(&mut self, stride: usize, biases: [Vec<i16>; SLOTS], words: usize) {
        (self.stride, self.biases) = (stride, biases);
        self.rows.clear();
        self.margins.clear();
        // Grown bit by bit they would leave holes of their former sizes; what is not used takes no memory.
        self.rows.reserve_exact(words * SLOTS * stride);
        self.margins.reserve_exact(words);
        self.forget_parts();
    }

    /// Keeps these words only, numbered anew; they are in ascending order.
    pub(super) fn keep(&mut self, words: &[u32]) {
        let size = SLOTS * self.stride;
        for (to, &from) in words.iter().enumerate() {
            let from = from as usize;
            self.rows.copy_within(from * size..(from + 1) * size, to * size);
            self.margins[to] = self.margins[from];
        }
        self.rows.truncate(words.len() * size);
        self.margins.truncate(words.len());
    }

    /// What the word adds to the labels of a token from which it stands `slot` - `REACH` words away.
    #[inline]
    pub(super) fn row(&self, word: u32, slot: usize) -> &[i16] {
        &self.rows[(word as usize * SLOTS + slot) * self.stride..][..self.stride]
    }

    /// The margins of a word's rows.
    #[inline]
    pub(super) fn margins(&self, word: u32) -> &[Margin; SLOTS] {
        &self.margins[word as usize]
    }

    /// Adds up the weights of the features of the next word.
    pub(super) fn push(&mut self, word: &Word, weights: &Rows) {
        let (size, stride) = (SLOTS * self.stride, self.stride);
        let start = self.rows.len();
        self.rows.resize(start + size, 0);
        let mut own = 0;
        for (key, range) in &word.parts {
            let part = self.part(*key, &word.features[range.clone()], weights);
            add(&mut self.rows[start..], &self.part_rows[part..part + size]);
            add_features(&mut self.rows[start..], stride, &word.features[own..range.start], weights);
            own = range.end;
        }
        let new = &mut self.rows[start..];
        add_features(new, stride, &word.features[own..], weights);
        let margin = |slot: usize| margin::margin(&new[slot * stride..][..stride], &self.biases[slot]);
        self.margins.push(std::array::from_fn(margin));
    }

    /// Where the sum of some features that many words share begins.
    fn part(&mut self, key: u64, features: &[(u64, u8)], weights: &Rows) -> usize {
        if let Some(&start) = self.parts.get(&key) {
            return start as usize;
        }
        if self.parts.len() == MOST_PARTS {
            self.forget_parts();
        }
        let start = self.part_rows.len();
        self.part_rows.resize(start + SLOTS * self.stride, 0);
        add_features(&mut self.part_rows[start..], self.stride, features, weights);
        self.parts.insert(key, start as u32);
        start
    }

    fn forget_parts(&mut self) {
        self.parts.clear();
        self.part_rows.clear();
    }
}

fn add_features(rows: &mut [i16], stride: usize, features: &[(u64, u8)], weights: &Rows) {
    for &(feature, slot) in features {
        if let Some(weights) = weights.row(feature) {
            let row = &mut rows[usize::from(slot) * stride..][..stride];
            row.iter_mut().zip(weights).for_each(|(sum, &weight)| *sum = sum.saturating_add(weight.into()));
        }
    }
}

/// Adds scores to scores.
#[inline]
pub(super) fn add(sum: &mut [i16], row: &[i16]) {
    for (s, w) in sum.iter_mut().zip(row) {
        *s = s.saturating_add(*w);
    }
}

/// Keys are hashes already.
#[derive(Clone, Copy, Debug, Default)]
struct Hashed;

/// See [`Hashed`].
#[derive(Clone, Copy, Debug, Default)]
struct Taken(u64);

impl std::hash::BuildHasher for Hashed {
    type Hasher = Taken;

    fn build_hasher(&self) -> Taken {
        Taken(0)
    }
}

impl std::hash::Hasher for Taken {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = crate::learn::hash::bytes(bytes);
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}
