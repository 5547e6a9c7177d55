//! Which tokens can be part of a name at all: told without a search, and for most without adding up their scores.
//!
//! A name is worth less than nothing when the labels outside names score more over its tokens, whatever stands around
//! it. What a token can add to that at most, for each place in a name, is its *gain*. Gains are bounded by sums of
//! *margins*: by how much the label outside names leads, kept with every row of scores. The lead in a sum of rows is
//! at least the sum of their leads.

use fearless_simd::{i16x8, i16x16, prelude::*};

use super::lanes::{Block, load};
use super::scheme::OUTSIDE;

/// Labels are parted into so many groups, by their number modulo this. Those of a group have one place in a name.
const GROUPS: usize = 8;

/// By how much the label outside names leads the best of each group.
pub(super) type Margin = [i16; GROUPS];

/// What a token can add to a name at most, as its begin, inside, end, and whole.
pub(super) type Gain = [i16; 4];

/// The margin of a row of scores; `bias` is added to them but for the label outside names, whose bias must be too low
/// to win.
#[inline(always)]
pub(super) fn margin<S: Simd>(simd: S, scores: &[Block], bias: &[Block]) -> i16x8<S> {
    let mut tops = i16x16::splat(simd, i16::MIN);
    for (scores, bias) in scores.iter().zip(bias) {
        tops = tops.max(load(simd, scores).saturating_add(load(simd, bias)));
    }
    let (low, high) = tops.split();
    i16x8::splat(simd, scores[0][OUTSIDE]).saturating_sub(low.max(high))
}

/// The gain of a token whose scores have this margin, or at least this.
#[inline(always)]
pub(super) fn gain<S: Simd>(simd: S, margin: i16x8<S>) -> Gain {
    // Label 1 begins the first type: one half of the groups begins with group 1, the other with group 5.
    let half = margin.rotate_elements_left::<1>();
    let least = half.min(half.rotate_elements_left::<4>());
    let gains = i16x8::splat(simd, 0).saturating_sub(least).to_array();
    [gains[0], gains[1], gains[2], gains[3]]
}

/// Calls `open` with each token of a sentence that can be in a name which gains enough; the last comes first.
/// `reach` is working memory.
#[inline(always)]
pub(super) fn possible(gains: &[Gain], reach: &mut Vec<i32>, mut open: impl FnMut(usize)) {
    reach.clear();
    // The best of a name that goes on after a token.
    let mut best = NONE;
    reach.push(best);
    for &[begin, inside, ..] in gains {
        best = i32::from(begin).max(best + i32::from(inside));
        reach.push(best);
    }
    // The best of a name that began before a token.
    let mut rest = NONE;
    for (t, (gain, &before)) in gains.iter().zip(reach.iter()).enumerate().rev() {
        let [begin, inside, end, whole] = gain.map(i32::from);
        let most = whole.max(begin + rest).max(before + end.max(inside + rest));
        if most > LEAST {
            open(t);
        }
        rest = end.max(inside + rest);
    }
}

/// A name must be worth more than this: half a natural logarithm. What is worth less is as often none.
const LEAST: i32 = 24;

/// Worth of a name that cannot be.
const NONE: i32 = -1 << 24;

#[cfg(test)]
mod tests {
    use fearless_simd::{Level, dispatch};

    use super::*;
    use crate::entities::lanes;

    #[test]
    fn a_sum_of_margins_never_promises_too_much() {
        dispatch!(Level::new(), simd => check_sums(simd));
    }

    fn check_sums<S: Simd>(simd: S) {
        let scores = |seed: i32| -> Vec<Block> {
            let number = |label: i32| ((label * 37 + seed * 101) % 211 - 100) as i16;
            lanes::row(&(0..48).map(number).collect::<Vec<_>>(), 0)
        };
        let mut bias = vec![[0; lanes::LANES]; 3];
        bias[0][OUTSIDE] = -16_000;
        for seed in 0..50 {
            let (mut joined, other) = (scores(seed), scores(seed + 7));
            let sum = margin(simd, &joined, &bias).saturating_add(margin(simd, &other, &bias));
            lanes::add(simd, &mut joined, &other);
            let real = gain(simd, margin(simd, &joined, &bias));
            assert!(gain(simd, sum).iter().zip(real).all(|(bound, real)| *bound >= real));
        }
    }

    #[test]
    fn names_need_every_token_to_be_worth_it() {
        let possible = |gains: &[Gain]| {
            let mut open = Vec::new();
            super::possible(gains, &mut Vec::new(), |t| open.push(t));
            open.sort_unstable();
            open
        };
        let (low, begin, end) = ([-90; 4], [40, -90, -90, -90], [-90, -90, 30, -90]);
        assert_eq!(possible(&[low, [-90, -90, -90, 25], low]), [1]);
        assert_eq!(possible(&[low, begin, end, low]), [1, 2]);
        assert_eq!(possible(&[begin, [-90, -45, -90, -90], end]), [0, 1, 2]);
        assert!(possible(&[begin, [-90, -46, -90, -90], end]).is_empty());
        assert!(possible(&[begin]).is_empty());
    }
}
