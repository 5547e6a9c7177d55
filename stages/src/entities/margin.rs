//! How far a token surely is from being part of a name, without its scores being added up.
//!
//! Labels are parted into [`GROUPS`] groups. The margin of a row of scores has for each group by how much the label
//! outside names leads the best of the group. The margin of a sum of rows is at least the sum of their margins, so
//! that margins kept with the rows show most tokens to be outside names beyond doubt.

use super::scheme::OUTSIDE;

/// Number of groups; a label belongs to the group of its number modulo this.
pub(super) const GROUPS: usize = 8;

/// By how much the label outside names leads each group.
pub(super) type Margin = [i16; GROUPS];

/// The margin of a row of scores, a label each.
pub(super) fn margin(scores: impl Iterator<Item = i16>) -> Margin {
    let (mut outside, mut tops) = (0, [i16::MIN / 2; GROUPS]);
    for (label, score) in scores.enumerate() {
        match label {
            OUTSIDE => outside = score,
            _ => tops[label % GROUPS] = tops[label % GROUPS].max(score),
        }
    }
    tops.map(|top| outside.saturating_sub(top))
}

/// Adds a margin to a sum of margins.
pub(super) fn add(sum: &mut Margin, margin: &Margin) {
    for (sum, margin) in sum.iter_mut().zip(margin) {
        *sum = sum.saturating_add(*margin);
    }
}

/// The least of a margin: by how much the label outside names leads every other, at least.
pub(super) fn least(margin: &Margin) -> i16 {
    margin.iter().copied().fold(i16::MAX, i16::min)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_of_margins_never_promises_too_much() {
        let row = |seed: i32| (0..45).map(move |label| ((label * 37 + seed * 101) % 211 - 100) as i16);
        for seed in 0..50 {
            let mut sum = margin(row(seed));
            add(&mut sum, &margin(row(seed + 7)));
            let joined: Vec<i16> = row(seed).zip(row(seed + 7)).map(|(a, b)| a + b).collect();
            let top = joined[1..].iter().max().unwrap();
            assert!(least(&sum) <= joined[OUTSIDE] - top);
        }
    }
}
