//! Parts of speech from left to right, one linear decision a word.

use fearless_simd::dispatch;

use super::hash;
use super::processor::Processor;
use super::sentence::{Item, Kind};
use super::tags::Tag;

/// Rows of the weight table; a power of two.
pub(crate) const ROWS: usize = 1 << 13;

/// Weights of a row: one per tag, padded.
pub(crate) const LANES: usize = 32;

/// A trained tagger: small whole numbers, row by row.
#[derive(Clone, Debug)]
pub(crate) struct Tagger {
    pub(crate) weights: Vec<i8>,
    processor: Processor,
}

impl Default for Tagger {
    fn default() -> Self {
        Self { weights: vec![0; ROWS * LANES], processor: Processor::default() }
    }
}

/// Templates of one decision.
pub(crate) const FEATURES: usize = 12;

/// Rows of the weight table that bear on the tag of item `at`; the items before it are tagged.
#[inline(always)]
pub(crate) fn rows(items: &[Item], at: usize) -> [usize; FEATURES] {
    let item = &items[at];
    let before = |n: usize| at.checked_sub(n).map(|i| &items[i]);
    let tag1 = before(1).map_or(30, |i| i.tag as u64);
    let tag2 = before(2).map_or(30, |i| i.tag as u64);
    let next = items.get(at + 1);
    let next_word = next.map_or(1, |i| i.word);
    let next_coarse = next.map_or(300, |i| u64::from(i.coarse));
    let next_fine = next.map_or(2000, |i| u64::from(i.fine));
    let capital = u64::from(item.capital) + 2 * u64::from(at == 0);
    let coarse = u64::from(item.coarse);
    let features = [
        [1, item.word],
        [2, item.ending],
        [3, u64::from(item.fine)],
        [4, coarse << 2 | capital],
        [5, tag1 << 8 | tag2],
        [6, item.word ^ tag1 << 1],
        [7, next_word],
        [8, next_fine << 16 | coarse],
        [9, tag1 << 16 | next_coarse],
        [10, (item.ending << 24 | tag1 << 16) ^ next_coarse],
        [11, tag1 << 16 | coarse],
        [12, item.ending << 16 | tag2 << 8 | tag1],
    ];
    let mut rows = [0; FEATURES];
    for number in 0..FEATURES {
        rows[number] = hash::sequence(&features[number]) as usize & (ROWS - 1);
    }
    rows
}

impl Tagger {
    /// A tagger of these weights; `None` when their number is wrong.
    pub(crate) fn of_weights(weights: Vec<i8>) -> Option<Self> {
        (weights.len() == ROWS * LANES).then(|| Self { weights, ..Self::default() })
    }

    /// Tags the items whose tag their form leaves open.
    pub(crate) fn tag(&self, items: &mut [Item]) {
        dispatch!(self.processor.0, _ => {
            for at in 0..items.len() {
                if items[at].kind == Kind::Word && !items[at].sure {
                    items[at].tag = self.decide(items, at);
                }
            }
        });
    }

    #[inline(always)]
    fn decide(&self, items: &[Item], at: usize) -> Tag {
        let weights = self.weights.as_chunks::<LANES>().0;
        let mut sums = [0_i16; LANES];
        for row in rows(items, at) {
            let row = &weights[row & (weights.len() - 1)];
            for lane in 0..LANES {
                sums[lane] += i16::from(row[lane]);
            }
        }
        // The largest sum, and of equal ones the noun, else the first, from one number each.
        let mut best = i32::MIN;
        for lane in 0..LANES {
            best = best.max((i32::from(sums[lane]) << 6) + PREFERENCE[lane]);
        }
        let lane = match best & 63 {
            32 => Tag::Noun as i32,
            first => LANES as i32 - 1 - first,
        };
        Tag::of_number(u8::try_from(lane).unwrap_or(0))
    }
}

/// What makes sums differ that are equal, in the lower six bits; lanes of no tag are behind all.
const PREFERENCE: [i32; LANES] = {
    let mut preference = [i32::MIN / 2; LANES];
    let mut lane = 0;
    while lane < Tag::COUNT {
        preference[lane] = (LANES - 1 - lane) as i32;
        lane += 1;
    }
    preference[Tag::Noun as usize] = LANES as i32;
    preference
};
