//! The best row of labels for a sentence (Viterbi), in whole numbers.

use super::scheme;
use crate::learn::crf;

/// Scores are whole multiples of this: natural logarithms.
pub(super) const LOG_STEP: f32 = 1.0 / 48.0;

/// Score of what must not be.
const NEVER: i16 = -16_000;

/// Label rows that fall behind the best by more than this are given up: e^-20 of its weight.
const BEAM: i16 = 960;

/// Transition scores and the search over them.
#[derive(Clone, Debug)]
pub(super) struct Decoder {
    labels: usize,
    stride: usize,
    /// Row: the label before.
    transitions: Vec<i16>,
    first: Vec<i16>,
    last: Vec<i16>,
}

impl Decoder {
    /// From `labels` × `labels` transition scores; `None` if there are not so many.
    #[must_use]
    pub(super) fn new(types: usize, stride: usize, scores: &[i16]) -> Option<Self> {
        let labels = scheme::labels(types);
        if scores.len() != labels * labels {
            return None;
        }
        let mut transitions = vec![NEVER; labels * stride];
        for from in 0..labels {
            for to in (0..labels).filter(|&to| scheme::may_follow(from, to)) {
                transitions[from * stride + to] = scores[from * labels + to];
            }
        }
        let edge = |may: fn(usize) -> bool| {
            (0..stride).map(|l| if l < labels && may(l) { 0 } else { NEVER }).collect()
        };
        Some(Self {
            labels,
            stride,
            transitions,
            first: edge(scheme::may_begin),
            last: edge(scheme::may_end),
        })
    }

    /// Writes the best labels for `scores`, a row per token, to `out`. `forward` is working memory.
    pub(super) fn best(&self, scores: &[i16], forward: &mut Vec<i16>, out: &mut [u8]) {
        let (stride, length) = (self.stride, out.len());
        forward.clear();
        forward.resize(length * stride, NEVER);
        for t in 0..length {
            let (before, now) = forward.split_at_mut(t * stride);
            let now = &mut now[..stride];
            match t.checked_sub(1) {
                None => now.copy_from_slice(&self.first),
                Some(t) => self.follow(&before[t * stride..], now),
            }
            add(now, &scores[t * stride..][..stride]);
            if t + 1 == length {
                add(now, &self.last);
            }
            level(now);
        }
        self.trace(forward, out);
    }

    /// The best way to each label from those that are still in the race.
    fn follow(&self, before: &[i16], now: &mut [i16]) {
        for (block, scores) in before[..self.stride].as_chunks::<8>().0.iter().enumerate() {
            if scores.iter().any(|&score| score > -BEAM) {
                for (at, &score) in scores.iter().enumerate().filter(|(_, score)| **score > -BEAM) {
                    self.reach(block * 8 + at, score, now);
                }
            }
        }
    }

    /// Raises `now` to what is reached from label `from`.
    fn reach(&self, from: usize, score: i16, now: &mut [i16]) {
        let Some(row) = self.transitions.get(from * self.stride..(from + 1) * self.stride) else { return };
        for (now, row) in now.as_chunks_mut::<8>().0.iter_mut().zip(row.as_chunks::<8>().0) {
            for (n, t) in now.iter_mut().zip(row) {
                *n = (*n).max(t.saturating_add(score));
            }
        }
    }

    /// Walks back from the best end. Which label came before is found again rather than kept.
    fn trace(&self, forward: &[i16], out: &mut [u8]) {
        let mut next: Option<usize> = None;
        for t in (0..out.len()).rev() {
            let row = &forward[t * self.stride..][..self.labels];
            let step = |label: usize| match next {
                None => 0,
                Some(next) => self.transitions[label * self.stride + next],
            };
            let mut best = (i16::MIN, 0);
            for (label, &score) in row.iter().enumerate() {
                let total = if score > -BEAM { score.saturating_add(step(label)) } else { NEVER * 2 };
                if total > best.0 {
                    best = (total, label);
                }
            }
            out[t] = best.1 as u8;
            next = Some(best.1);
        }
    }

    /// The share of `label` among all labels that could stand between `before` and `after`; `step` turns
    /// scores into natural logarithms.
    #[must_use]
    pub(super) fn share(
        &self,
        scores: &[i16],
        before: Option<u8>,
        label: u8,
        after: Option<u8>,
        step: f32,
    ) -> f32 {
        let total = |label: usize| {
            let left =
                before.map_or(self.first[label], |b| self.transitions[usize::from(b) * self.stride + label]);
            let right =
                after.map_or(self.last[label], |a| self.transitions[label * self.stride + usize::from(a)]);
            i32::from(scores[label]) + i32::from(left) + i32::from(right)
        };
        let own = total(usize::from(label));
        let sum: f32 = (0..self.labels).map(|l| crf::exp((total(l) - own) as f32 * step)).sum();
        1.0 / sum
    }
}

fn add(sum: &mut [i16], row: &[i16]) {
    for (sum, row) in sum.as_chunks_mut::<8>().0.iter_mut().zip(row.as_chunks::<8>().0) {
        for (s, w) in sum.iter_mut().zip(row) {
            *s = s.saturating_add(*w);
        }
    }
}

/// Lowers all numbers alike so that the greatest is 0.
fn level(row: &mut [i16]) {
    let mut tops = [i16::MIN; 8];
    for block in row.as_chunks::<8>().0 {
        for (top, &n) in tops.iter_mut().zip(block) {
            *top = (*top).max(n);
        }
    }
    let top = tops.into_iter().fold(i16::MIN, i16::max);
    for n in row {
        *n = n.saturating_sub(top);
    }
}
