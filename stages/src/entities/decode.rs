//! The best row of labels for a sentence (Viterbi), in whole numbers.

use fearless_simd::{i16x16, prelude::*};

use super::lanes::{self, Block, above, add, load};
use super::scheme::{self, OUTSIDE, Place};
use crate::learn::crf;

/// Scores are whole multiples of this: natural logarithms.
pub(super) const LOG_STEP: f32 = 1.0 / 48.0;

/// Score of what must not be.
pub(super) const NEVER: i16 = -16_000;

/// Labels that fall behind the best by more than this are given up: e^-6 of its weight. On news, looking farther
/// changes nothing but the time it takes.
const BEAM: i16 = 290;

/// Transition scores and the search over them. All rows have a block for every [`lanes::LANES`] labels.
#[derive(Clone, Debug)]
pub(super) struct Decoder {
    labels: usize,
    blocks: usize,
    /// Row: the label before.
    transitions: Vec<Block>,
    first: Vec<Block>,
    last: Vec<Block>,
    /// Row: the label after.
    back: Vec<Block>,
    /// Weights of what lies from -[`BEAM`] to [`BEAM`] ahead.
    weights: Vec<f32>,
}

/// Memory of a search: for each token the labels still in the race, with how far they are behind.
#[derive(Debug, Default)]
pub(super) struct Race {
    now: Vec<Block>,
    alive: Vec<(i16, u8)>,
    /// Where in `alive` those of a token end.
    ends: Vec<u32>,
}

impl Decoder {
    /// From `labels` × `labels` transition scores; `None` if there are not so many.
    #[must_use]
    pub(super) fn new(types: usize, scores: &[i16]) -> Option<Self> {
        let labels = scheme::labels(types);
        if scores.len() != labels * labels {
            return None;
        }
        let step = |from: usize, to: usize| {
            if scheme::may_follow(from, to) { scores[from * labels + to] } else { NEVER }
        };
        let row =
            |score: &dyn Fn(usize) -> i16| lanes::row(&(0..labels).map(score).collect::<Vec<_>>(), NEVER);
        let edge = |may: fn(usize) -> bool| row(&|label| if may(label) { 0 } else { NEVER });
        Some(Self {
            labels,
            blocks: lanes::blocks(labels),
            transitions: (0..labels).flat_map(|from| row(&|to| step(from, to))).collect(),
            first: edge(scheme::may_begin),
            last: edge(scheme::may_end),
            back: (0..labels).flat_map(|to| row(&|from| step(from, to))).collect(),
            weights: (-BEAM..=BEAM).map(weight).collect(),
        })
    }

    /// For each label, the most that its transitions can add to a name over tokens outside names, for
    /// [`margin`](super::margin::margin).
    #[must_use]
    pub(super) fn bonus(&self) -> Vec<Block> {
        let step = |from: usize, to: usize| self.from(from).as_flattened()[to];
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
        lanes::row(&(0..self.labels).map(bonus).collect::<Vec<_>>(), NEVER)
    }

    /// Writes the best labels to `out`: those of a run of tokens with none in a name right before or after it. `rows` has
    /// the numbers of their rows of `scores`; `last` tells whether the sentence ends with the run.
    #[inline(always)]
    pub(super) fn best<S: Simd>(
        &self,
        simd: S,
        scores: &[Block],
        rows: &[u32],
        last: bool,
        race: &mut Race,
        out: &mut [u8],
    ) {
        let leave = if last { &self.last } else { self.to(OUTSIDE) };
        if let [label] = out {
            let scores = &scores[rows[0] as usize * self.blocks..][..self.blocks];
            *label = self.single(simd, scores, leave, &mut race.now);
            return;
        }
        race.alive.clear();
        race.alive.push((0, OUTSIDE as u8));
        race.ends.clear();
        race.ends.push(1);
        let mut before = 0..1;
        for (t, &row) in rows.iter().enumerate() {
            let scores = &scores[row as usize * self.blocks..][..self.blocks];
            let leave = (t + 1 == out.len()).then_some(leave);
            self.follow(simd, scores, leave, before.clone(), race);
            before = before.end..race.alive.len();
            race.ends.push(before.end as u32);
        }
        self.trace(race, out);
    }

    /// The row of transitions from a label.
    #[inline(always)]
    fn from(&self, label: usize) -> &[Block] {
        &self.transitions[label * self.blocks..][..self.blocks]
    }

    /// The row of transitions to a label.
    #[inline(always)]
    fn to(&self, label: usize) -> &[Block] {
        &self.back[label * self.blocks..][..self.blocks]
    }

    /// The best label of a run of one token.
    #[inline(always)]
    fn single<S: Simd>(&self, simd: S, scores: &[Block], leave: &[Block], now: &mut Vec<Block>) -> u8 {
        now.clear();
        now.extend_from_slice(scores);
        add(simd, now, self.from(OUTSIDE));
        add(simd, now, leave);
        let top = top(simd, now);
        for (block, scores) in now.iter().enumerate() {
            let equal = load(simd, scores).simd_eq(i16x16::splat(simd, top)).to_bitmask();
            if equal != 0 {
                return (block * lanes::LANES) as u8 + equal.trailing_zeros() as u8;
            }
        }
        OUTSIDE as u8
    }

    /// Goes on by a token from the labels `before`, and notes which are then in the race.
    #[inline(always)]
    fn follow<S: Simd>(
        &self,
        simd: S,
        scores: &[Block],
        leave: Option<&[Block]>,
        before: std::ops::Range<usize>,
        race: &mut Race,
    ) {
        let Race { now, alive, .. } = race;
        now.clear();
        for (block, scores) in scores.iter().enumerate() {
            let mut best = i16x16::splat(simd, NEVER);
            for &(score, label) in &alive[before.clone()] {
                let steps = load(simd, &self.transitions[usize::from(label) * self.blocks + block]);
                best = best.max(steps.saturating_add(i16x16::splat(simd, score)));
            }
            now.push(best.saturating_add(load(simd, scores)).to_array());
        }
        if let Some(leave) = leave {
            add(simd, now, leave);
        }
        let most = top(simd, now);
        for (block, scores) in now.iter().enumerate() {
            let behind = load(simd, scores).saturating_sub(i16x16::splat(simd, most));
            let mut near = above(simd, behind, -BEAM);
            while near != 0 {
                let at = near.trailing_zeros() as usize;
                alive.push((
                    scores[at % lanes::LANES].saturating_sub(most),
                    (block * lanes::LANES + at) as u8,
                ));
                near &= near - 1;
            }
        }
    }

    /// Walks back from the best end. Which label came before is found again rather than kept.
    #[inline(always)]
    fn trace(&self, race: &Race, out: &mut [u8]) {
        let mut next: Option<u8> = None;
        for (out, ends) in out.iter_mut().zip(race.ends.windows(2)).rev() {
            let mut best = (i16::MIN, OUTSIDE as u8);
            for &(score, label) in &race.alive[ends[0] as usize..ends[1] as usize] {
                let step =
                    next.map_or(0, |next| self.from(usize::from(label)).as_flattened()[usize::from(next)]);
                let total = score.saturating_add(step);
                if total > best.0 {
                    best = (total, label);
                }
            }
            *out = best.1;
            next = Some(best.1);
        }
    }

    /// The share of `label` among all labels that could stand between `before` and `after`.
    #[inline(always)]
    pub(super) fn share<S: Simd>(
        &self,
        simd: S,
        scores: &[Block],
        before: Option<u8>,
        label: u8,
        after: Option<u8>,
    ) -> f32 {
        let left = before.map_or(&self.first[..], |before| self.from(before.into()));
        let right = after.map_or(&self.last[..], |after| self.to(after.into()));
        let at = usize::from(label);
        let (block, at) = (at / lanes::LANES, at % lanes::LANES);
        let own = scores[block][at].saturating_add(left[block][at]).saturating_add(right[block][at]);
        let own_score = i16x16::splat(simd, own);
        let mut sum = 0.0;
        for ((scores, left), right) in scores.iter().zip(left).zip(right) {
            let total = load(simd, scores).saturating_add(load(simd, left)).saturating_add(load(simd, right));
            let ahead = total.saturating_sub(own_score);
            let (mut near, ahead) = (above(simd, ahead, -BEAM), ahead.to_array());
            while near != 0 {
                sum += self.weight(ahead[near.trailing_zeros() as usize % lanes::LANES]);
                near &= near - 1;
            }
        }
        1.0 / sum
    }

    fn weight(&self, ahead: i16) -> f32 {
        let known =
            usize::try_from(i32::from(ahead) + i32::from(BEAM)).ok().and_then(|at| self.weights.get(at));
        known.copied().unwrap_or_else(|| weight(ahead))
    }
}

/// How much more often stands what is so far ahead.
fn weight(ahead: i16) -> f32 {
    crf::exp(f32::from(ahead) * LOG_STEP)
}

/// The greatest number.
#[inline(always)]
fn top<S: Simd>(simd: S, row: &[Block]) -> i16 {
    let mut top = load(simd, &row[0]);
    for block in &row[1..] {
        top = top.max(load(simd, block));
    }
    top.reduce_max()
}
