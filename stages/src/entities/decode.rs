//! The best row of labels for a sentence (Viterbi), in whole numbers.

use super::scheme::{self, OUTSIDE, Place};
use crate::learn::crf;

/// Scores are whole multiples of this: natural logarithms.
pub(super) const LOG_STEP: f32 = 1.0 / 48.0;

/// Score of what must not be.
pub(super) const NEVER: i16 = -16_000;

/// Labels that fall behind the best by more than this are given up: e^-6 of its weight. On news, looking farther
/// changes nothing but the time it takes.
const BEAM: i16 = 290;

/// Transition scores and the search over them.
#[derive(Clone, Debug)]
pub(super) struct Decoder {
    labels: usize,
    stride: usize,
    /// Row: the label before.
    transitions: Vec<i16>,
    first: Vec<i16>,
    last: Vec<i16>,
    /// From each label to the one outside names.
    closing: Vec<i16>,
    /// Row: the label after.
    back: Vec<i16>,
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
        let column = |to: usize| -> Vec<i16> {
            (0..stride)
                .map(|from| if from < labels { transitions[from * stride + to] } else { NEVER })
                .collect()
        };
        Some(Self {
            labels,
            stride,
            first: edge(scheme::may_begin),
            last: edge(scheme::may_end),
            closing: column(OUTSIDE),
            back: (0..labels).flat_map(column).collect(),
            transitions,
        })
    }

    /// For each label, the most that its transitions can add to a name over tokens outside names, for
    /// [`margin`](super::margin::margin).
    #[must_use]
    pub(super) fn bonus(&self) -> Vec<i16> {
        let step = |from: usize, to: usize| self.transitions[from * self.stride + to];
        let edges = |may: fn(usize) -> bool| (0..self.labels).filter(move |&label| may(label));
        let plain = step(OUTSIDE, OUTSIDE);
        let enter = |label| edges(scheme::may_end).map(|from| step(from, label) - step(from, OUTSIDE)).max();
        let leave = |label| edges(scheme::may_begin).map(|to| step(label, to) - step(OUTSIDE, to)).max();
        let bonus = |label: usize| {
            let Some((kind, place)) = scheme::parts(label) else { return NEVER };
            let [begin, inside] = [Place::Begin, Place::Inside].map(|place| scheme::label(kind, place));
            let go_on = step(begin, label).max(step(inside, label)) - plain;
            match place {
                Place::Begin => enter(label).unwrap_or(0),
                Place::Inside => go_on,
                // A sentence may end here.
                Place::End => go_on + leave(label).unwrap_or(0).max(0),
                Place::Single => enter(label).unwrap_or(0) + leave(label).unwrap_or(0).max(0),
            }
        };
        (0..self.stride).map(|label| if label < self.labels { bonus(label) } else { NEVER }).collect()
    }

    /// Writes the best labels for `scores`, a row per token, to `out`: a run of tokens with none in a name right before
    /// or after it; `last` tells whether the sentence ends with it. `forward` is working memory.
    pub(super) fn best(&self, scores: &[i16], last: bool, forward: &mut Vec<i16>, out: &mut [u8]) {
        let (stride, length) = (self.stride, out.len());
        if length == 1 {
            out[0] = self.single(&scores[..stride], last);
            return;
        }
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
                add(now, self.leave(last));
            }
            level(now);
        }
        self.trace(forward, out);
    }

    /// What a run's last label adds.
    fn leave(&self, last: bool) -> &[i16] {
        if last { &self.last } else { &self.closing }
    }

    /// The best label of a run of one token.
    fn single(&self, row: &[i16], last: bool) -> u8 {
        let leave = self.leave(last);
        let total =
            |label: usize| row[label].saturating_add(self.transitions[label]).saturating_add(leave[label]);
        self.source(&row[..self.labels], total) as u8
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
        let (stride, labels) = (self.stride, self.labels);
        let left = before.map_or(&self.first[..], |b| &self.transitions[usize::from(b) * stride..]);
        let right = after.map_or(&self.last[..], |a| &self.back[usize::from(a) * stride..]);
        let around = left[..labels].iter().zip(&right[..labels]);
        let totals =
            scores[..labels].iter().zip(around).map(|(s, (l, r))| s.saturating_add(*l).saturating_add(*r));
        let at = usize::from(label);
        let own = scores[at].saturating_add(left[at]).saturating_add(right[at]);
        let ahead = totals.map(|total| total.saturating_sub(own)).filter(|&ahead| ahead > -BEAM);
        1.0 / ahead.map(|ahead| crf::exp(f32::from(ahead) * step)).sum::<f32>()
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
