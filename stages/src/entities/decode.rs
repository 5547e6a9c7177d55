//! The best row of labels for a sentence (Viterbi), in whole numbers.

use super::scheme::{self, Place};
use crate::learn::crf;

/// Scores are whole multiples of this: natural logarithms.
pub(super) const LOG_STEP: f32 = 1.0 / 48.0;

/// Score of what must not be.
pub(super) const NEVER: i16 = -16_000;

/// Labels that fall behind the best by more than this are given up: e^-6 of its weight. On news, looking farther
/// changes nothing but the time it takes.
const BEAM: i16 = 290;

/// A token whose best label of a name falls behind by more than this is outside: e^-4.
pub(super) const SURE: i16 = 190;

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

    /// Whether a token with these scores is outside names beyond doubt.
    #[must_use]
    pub(super) fn lone(&self, row: &[i16]) -> bool {
        let Some((first, rest)) = row.split_first_chunk::<8>() else { return false };
        let top = |scores: &[i16]| scores.iter().copied().fold(i16::MIN, i16::max);
        top(rest).max(top(&first[scheme::OUTSIDE + 1..])) < first[scheme::OUTSIDE].saturating_sub(SURE)
    }

    /// Writes the best labels for `scores`, a row per token, to `out`: a run of tokens that begins and ends outside
    /// names. `forward` is working memory.
    pub(super) fn best(&self, scores: &[i16], forward: &mut Vec<i16>, out: &mut [u8]) {
        let (stride, length) = (self.stride, out.len());
        forward.clear();
        forward.resize(length * stride, NEVER);
        for t in 0..length {
            let (before, now) = forward.split_at_mut(t * stride);
            let now = &mut now[..stride];
            match t.checked_sub(1) {
                None => now.copy_from_slice(&self.transitions[..stride]),
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
            // A branch for eight, as most are out.
            if scores.iter().fold(i16::MIN, |top, &score| top.max(score)) > -BEAM {
                for (at, &score) in scores.iter().enumerate().filter(|(_, score)| **score > -BEAM) {
                    self.reach(block * 8 + at, score, now);
                }
            }
        }
    }

    /// Raises `now` to what is reached from label `from`.
    fn reach(&self, from: usize, score: i16, now: &mut [i16]) {
        let row = &self.transitions[from * self.stride..][..self.stride];
        if let Some((kind, Place::Begin | Place::Inside)) = scheme::parts(from) {
            // Only the same name can go on.
            for to in [Place::Inside, Place::End].map(|place| scheme::label(kind, place)) {
                now[to] = now[to].max(row[to].saturating_add(score));
            }
            return;
        }
        for (n, t) in now.iter_mut().zip(row) {
            *n = (*n).max(t.saturating_add(score));
        }
    }

    /// Walks back from the best end. Which label came before is found again rather than kept.
    fn trace(&self, forward: &[i16], out: &mut [u8]) {
        let mut next: Option<usize> = None;
        for (t, out) in out.iter_mut().enumerate().rev() {
            let row = &forward[t * self.stride..][..self.labels];
            let best = match next.map(|to| (to, scheme::parts(to))) {
                Some((to, Some((kind, Place::Inside | Place::End)))) => {
                    let [begin, inside] =
                        [Place::Begin, Place::Inside].map(|place| scheme::label(kind, place));
                    if self.path(row, inside, to) > self.path(row, begin, to) { inside } else { begin }
                }
                Some((to, _)) => self.source(row, |label| self.path(row, label, to)),
                None => self.source(row, |label| row[label]),
            };
            *out = best as u8;
            next = Some(best);
        }
    }

    fn path(&self, row: &[i16], from: usize, to: usize) -> i16 {
        let score = if row[from] > -BEAM { row[from] } else { NEVER };
        score.saturating_add(self.transitions[from * self.stride + to])
    }

    fn source(&self, row: &[i16], total: impl Fn(usize) -> i16) -> usize {
        let mut best = (i16::MIN, 0);
        for label in 0..row.len() {
            let total = total(label);
            if total > best.0 {
                best = (total, label);
            }
        }
        best.1
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
        let ahead = (0..self.labels).map(|l| total(l) - own).filter(|&ahead| ahead > -i32::from(BEAM));
        1.0 / ahead.map(|ahead| crf::exp(ahead as f32 * step)).sum::<f32>()
    }
}

fn add(sum: &mut [i16], row: &[i16]) {
    for (s, w) in sum.iter_mut().zip(row) {
        *s = s.saturating_add(*w);
    }
}

/// Lowers all numbers alike so that the greatest is 0.
fn level(row: &mut [i16]) {
    let top = row.iter().copied().fold(i16::MIN, i16::max);
    for n in row {
        *n = n.saturating_sub(top);
    }
}
