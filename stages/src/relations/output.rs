//! From the sums of the words that may state a relation to a score per relation.

use fearless_simd::prelude::*;
use fearless_simd::{i16x16, i32x8};

use super::columns::{Columns, WIDTH};
use super::scorer::{HIDDEN, Hidden};

/// Columns worked on at a time.
const TOGETHER: usize = 8;

/// Blocks of columns.
const BLOCKS: usize = WIDTH / TOGETHER;

/// Sums are taken in pairs: two products and their sum are one instruction.
const PAIRS: usize = HIDDEN / 2;

/// Two weights for each column of a block.
#[derive(Clone, Copy, Debug)]
#[repr(align(32))]
struct Weights([i16; 2 * TOGETHER]);

/// The weights of a block of columns, a pair of sums after the other.
type Block = [Weights; PAIRS];

/// Output weights, laid out for each pair of types that may relate.
#[derive(Clone, Debug, Default)]
pub(crate) struct Output {
    blocks: Vec<Block>,
    /// Per pair of types: its first block, and how many it has.
    places: Vec<(usize, usize)>,
}

impl Output {
    /// `out`: a row of weights per lane.
    pub(crate) fn new(columns: &Columns, out: &[Hidden]) -> Self {
        let mut output = Self::default();
        for lanes in columns.all() {
            let count = lanes.len().div_ceil(TOGETHER);
            output.places.push((output.blocks.len(), count));
            for block in 0..count {
                // The first column is of no relation: no word states it.
                let row = |column: usize| {
                    let lane = lanes.get(block * TOGETHER + column).filter(|&&lane| lane != 0)?;
                    out.get(usize::from(*lane))
                };
                output.blocks.push(std::array::from_fn(|pair| {
                    let cell = |at: usize| row(at / 2).map_or(0, |row| row[2 * pair + at % 2]);
                    Weights(std::array::from_fn(cell))
                }));
            }
        }
        output
    }

    /// Adds to the row of scores of each candidate what its sums give, in this unit.
    #[inline(always)]
    pub(crate) fn score<S: Simd>(
        &self,
        simd: S,
        types: usize,
        hidden: &[Hidden],
        (bias, unit): (&Hidden, f32),
        scores: &mut [[f32; WIDTH]],
    ) {
        let (first, count) = self.places.get(types).copied().unwrap_or_default();
        let blocks = &self.blocks[first..first + count];
        for (sums, scores) in hidden.iter().zip(scores) {
            product(simd, blocks, &active(sums, bias), unit, scores);
        }
    }
}

/// The positive part of sums with their bias, in pairs.
#[inline(always)]
fn active(sums: &Hidden, bias: &Hidden) -> [i32; PAIRS] {
    let mut active: Hidden = [0; HIDDEN];
    for at in 0..HIDDEN {
        active[at] = sums[at].saturating_add(bias[at]).max(0);
    }
    bytemuck::cast(active)
}

#[inline(always)]
fn product<S: Simd>(simd: S, blocks: &[Block], active: &[i32; PAIRS], unit: f32, scores: &mut [f32; WIDTH]) {
    match blocks.len() {
        1 => add_products::<S, 1>(simd, blocks, active, unit, scores),
        2 => add_products::<S, 2>(simd, blocks, active, unit, scores),
        3 => add_products::<S, 3>(simd, blocks, active, unit, scores),
        _ => add_products::<S, BLOCKS>(simd, blocks, active, unit, scores),
    }
}

/// With the number of blocks known, all sums stay in registers.
#[inline(always)]
fn add_products<S: Simd, const N: usize>(
    simd: S,
    blocks: &[Block],
    active: &[i32; PAIRS],
    unit: f32,
    scores: &mut [f32; WIDTH],
) {
    let Some(blocks) = blocks.first_chunk::<N>() else { return };
    let mut sums = [i32x8::splat(simd, 0); N];
    for pair in 0..PAIRS {
        let both: i16x16<S> = i32x8::splat(simd, active[pair]).bitcast();
        for block in 0..N {
            sums[block] += both.pairwise_dot_product(i16x16::from_slice(simd, &blocks[block][pair].0));
        }
    }
    for (sums, scores) in sums.into_iter().zip(scores.as_chunks_mut::<TOGETHER>().0) {
        for (score, &sum) in scores.iter_mut().zip(sums.as_slice()) {
            *score += sum as f32 * unit;
        }
    }
}
