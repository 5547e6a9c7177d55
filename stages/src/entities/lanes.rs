//! Rows of scores as blocks of the size of a vector register, and what is done with them.
//!
//! Functions here are inlined into callers that were compiled for the processor at hand (`dispatch!`).

use fearless_simd::{i16x16, prelude::*};

/// Numbers in a block.
pub(super) const LANES: usize = 16;

/// A part of a row of scores.
pub(super) type Block = [i16; LANES];

/// Blocks that a row of so many numbers takes.
pub(super) const fn blocks(numbers: usize) -> usize {
    numbers.div_ceil(LANES)
}

/// Numbers as blocks, the last filled up.
pub(super) fn row(numbers: &[i16], fill: i16) -> Vec<Block> {
    let block = |part: &[i16]| std::array::from_fn(|at| part.get(at).copied().unwrap_or(fill));
    numbers.chunks(LANES).map(block).collect()
}

#[inline(always)]
pub(super) fn load<S: Simd>(simd: S, block: &Block) -> i16x16<S> {
    i16x16::load_array_ref(simd, block)
}

/// Adds scores to scores.
#[inline(always)]
pub(super) fn add<S: Simd>(simd: S, sum: &mut [Block], row: &[Block]) {
    for (sum, row) in sum.iter_mut().zip(row) {
        load(simd, sum).saturating_add(load(simd, row)).store_array(sum);
    }
}

/// A bit for each number of `block` that is greater than `least`.
#[inline(always)]
pub(super) fn above<S: Simd>(simd: S, block: i16x16<S>, least: i16) -> u64 {
    block.simd_gt(i16x16::splat(simd, least)).to_bitmask()
}
