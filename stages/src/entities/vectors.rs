//! The scores of words met so far: what a word adds to the labels of the tokens around it, kept per word.

use fearless_simd::{Level, dispatch, prelude::*};

use super::features::{SLOTS, Word};
use super::lanes::{Block, LANES, add};
use super::margin::{self, Margin};
use super::rows::Rows;
use crate::learn::hash::Hashed;

/// Parts kept before all are forgotten.
const MOST_PARTS: usize = 1 << 13;

/// Rows of scores for words and for parts of words, by number.
#[derive(Debug, Default)]
pub(super) struct Vectors {
    /// Blocks of a row.
    blocks: usize,
    /// What is added to the scores at each distance for their margin.
    biases: [Vec<Block>; SLOTS],
    /// For each word `SLOTS` rows of scores.
    rows: Vec<Block>,
    /// For each word the margins of its rows.
    margins: Vec<[Margin; SLOTS]>,
    /// Where in `part_rows` the sum of the features that a [part](Word::parts) stands for begins.
    parts: Hashed<u64, u32>,
    part_rows: Vec<Block>,
}

impl Vectors {
    /// Forgets all. What comes will be rows of scores with these biases for their margins by distance, of about as many
    /// words.
    pub(super) fn reset(&mut self, biases: [Vec<Block>; SLOTS], words: usize) {
        (self.blocks, self.biases) = (biases[0].len(), biases);
        self.rows.clear();
        self.margins.clear();
        // Grown bit by bit they would leave holes of their former sizes; what is not used takes no memory.
        self.rows.reserve_exact(words * SLOTS * self.blocks);
        self.margins.reserve_exact(words);
        self.forget_parts();
    }

    /// Keeps these words only, numbered anew; they are in ascending order.
    pub(super) fn keep(&mut self, words: &[u32]) {
        let size = SLOTS * self.blocks;
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
    pub(super) fn row(&self, word: u32, slot: usize) -> &[Block] {
        &self.rows[(word as usize * SLOTS + slot) * self.blocks..][..self.blocks]
    }

    /// The margins of a word's rows.
    #[inline]
    pub(super) fn margins(&self, word: u32) -> &[Margin; SLOTS] {
        &self.margins[word as usize]
    }

    /// Adds up the weights of the features of the next word.
    pub(super) fn push(&mut self, word: &Word, weights: &Rows, level: Level) {
        dispatch!(level, simd => self.add_word(simd, word, weights));
    }

    #[inline(always)]
    fn add_word<S: Simd>(&mut self, simd: S, word: &Word, weights: &Rows) {
        let (size, blocks) = (SLOTS * self.blocks, self.blocks);
        let start = self.rows.len();
        self.rows.resize(start + size, [0; LANES]);
        let mut own = 0;
        for (key, range) in &word.parts {
            let part = self.part(simd, *key, &word.features[range.clone()], weights);
            add(simd, &mut self.rows[start..], &self.part_rows[part..part + size]);
            weights.add(simd, &word.features[own..range.start], &mut self.rows[start..], blocks);
            own = range.end;
        }
        let new = &mut self.rows[start..];
        weights.add(simd, &word.features[own..], new, blocks);
        let mut margins = [Margin::default(); SLOTS];
        for ((margin, row), bias) in margins.iter_mut().zip(new.chunks_exact(blocks)).zip(&self.biases) {
            *margin = margin::margin(simd, row, bias).to_array();
        }
        self.margins.push(margins);
    }

    /// Where the sum of some features that many words share begins.
    #[inline(always)]
    fn part<S: Simd>(&mut self, simd: S, key: u64, features: &[(u64, u8)], weights: &Rows) -> usize {
        if let Some(&start) = self.parts.get(&key) {
            return start as usize;
        }
        if self.parts.len() == MOST_PARTS {
            self.forget_parts();
        }
        let start = self.part_rows.len();
        self.part_rows.resize(start + SLOTS * self.blocks, [0; LANES]);
        weights.add(simd, features, &mut self.part_rows[start..], self.blocks);
        self.parts.insert(key, start as u32);
        start
    }

    fn forget_parts(&mut self) {
        self.parts.clear();
        self.part_rows.clear();
    }
}
