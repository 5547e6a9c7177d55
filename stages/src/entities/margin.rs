//! Which tokens can be part of a name at all: told without a search, and for most without adding up their scores.
//!
//! A name is worth less than nothing when the labels outside names score more over its tokens, whatever stands around
//! it. What a token can add to that at most, for each place in a name, is its *gain*. Gains are bounded by sums of
//! *margins*: by how much the label outside names leads, kept with every row of scores. The lead in a sum of rows is
//! at least the sum of their leads.

use super::scheme::OUTSIDE;

/// Labels are parted into so many groups, by their number modulo this. Those of a group have one place in a name.
const GROUPS: usize = 8;

/// By how much the label outside names leads the best of each group.
pub(super) type Margin = [i16; GROUPS];

/// What a token can add to a name at most, as its begin, inside, end, and whole.
pub(super) type Gain = [i16; 4];

/// The margin of a row of scores; `bias` is added to them but for the label outside names, whose bias must be too low
/// to win.
#[inline]
pub(super) fn margin(scores: &[i16], bias: &[i16]) -> Margin {
    let mut tops = [i16::MIN; GROUPS];
    for (scores, bias) in scores.as_chunks::<GROUPS>().0.iter().zip(bias.as_chunks::<GROUPS>().0) {
        for (top, (score, bias)) in tops.iter_mut().zip(scores.iter().zip(bias)) {
            *top = (*top).max(score.saturating_add(*bias));
        }
    }
    tops.map(|top| scores[OUTSIDE].saturating_sub(top))
}

/// Adds a margin to a sum of margins.
#[inline]
pub(super) fn add(sum: &mut Margin, margin: &Margin) {
    for (sum, margin) in sum.iter_mut().zip(margin) {
        *sum = sum.saturating_add(*margin);
    }
}

/// The gain of a token whose scores have this margin, or at least this.
#[inline]
pub(super) fn gain(margin: &Margin) -> Gain {
    // Label 1 begins the first type.
    std::array::from_fn(|place| 0_i16.saturating_sub(margin[place + 1].min(margin[(place + 5) % GROUPS])))
}

/// Calls `open` with each token of a sentence that can be in a name which gains enough; the last comes first.
/// `reach` is working memory.
pub(super) fn possible(gains: &[Gain], reach: &mut Vec<i32>, mut open: impl FnMut(usize)) {
    reach.clear();
    // The best of a name that goes on after a token.
    let mut best = NONE;
    reach.extend(gains.iter().map(|&[begin, inside, ..]| {
        best = i32::from(begin).max(best + i32::from(inside));
        best
    }));
    // The best of a name that began before a token.
    let mut rest = NONE;
    for (t, gain) in gains.iter().enumerate().rev() {
        let [begin, inside, end, whole] = gain.map(i32::from);
        let before = t.checked_sub(1).map_or(NONE, |t| reach[t]);
        let most = whole.max(begin + rest).max(before + end).max(before + inside + rest);
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
    use super::*;

    #[test]
    fn a_sum_of_margins_never_promises_too_much() {
        let row = |seed: i32| -> Vec<i16> {
            (0..48).map(|label| ((label * 37 + seed * 101) % 211 - 100) as i16).collect()
        };
        let mut bias = [0; 48];
        bias[OUTSIDE] = -16_000;
        for seed in 0..50 {
            let (one, other) = (row(seed), row(seed + 7));
            let mut sum = margin(&one, &bias);
            add(&mut sum, &margin(&other, &bias));
            let joined: Vec<i16> = one.iter().zip(&other).map(|(a, b)| a + b).collect();
            assert!(gain(&sum).iter().zip(gain(&margin(&joined, &bias))).all(|(bound, real)| *bound >= real));
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
