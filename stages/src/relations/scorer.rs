//! The model of a pair of names: which relation, and which word states it.
//!
//! The probability of relation r stated by word w is proportional to `exp(l_r + o_r · h_w)`, that of r without a
//! stating word to `exp(l_r)`, that of no relation to `exp(l_0)`. `l` is linear in the features of the pair; `h_w`
//! is the positive part of a sum of learnt vectors, one per feature of the word in its place between the names.
//! The probability of r is the sum over the words.

use super::table::RowTable;
use super::types::NameType;
use crate::model::{ModelError, ModelFile, ModelWriter};

/// Length of the learnt vectors.
pub(crate) const HIDDEN: usize = 32;

/// Lanes of a linear row: labels with "none" first, padded.
pub(crate) const LANES: usize = 56;

/// Features of one candidate word, summed as they come.
pub(crate) type Hidden = [i16; HIDDEN];

/// The trained numbers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scorer {
    /// Labels with both directions, and "none".
    pub(crate) lanes: usize,
    pub(crate) linear: RowTable<LANES>,
    pub(crate) vectors: RowTable<HIDDEN>,
    pub(crate) bias: Vec<f32>,
    /// `lanes` rows of `HIDDEN`.
    pub(crate) out: Vec<f32>,
    /// Per pair of types, a bit per lane.
    pub(crate) allowed: Vec<u64>,
}

/// Buffers of a decision.
#[derive(Clone, Debug, Default)]
pub(crate) struct Work {
    active: Vec<[f32; HIDDEN]>,
    /// Score, lane, and the candidate's number plus one or zero for none; lane by lane.
    scores: Vec<(f32, usize, usize)>,
}

/// What the model makes of a pair.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Verdict {
    /// The likeliest relation, as a lane (never zero).
    pub lane: usize,
    /// Its probability.
    pub probability: f32,
    /// Probability that there is a relation.
    pub any: f32,
    /// The candidate word that states it, if one does.
    pub candidate: Option<usize>,
}

/// Number of a pair of types.
pub(crate) fn type_pair(a: NameType, b: NameType) -> usize {
    a as usize * NameType::COUNT + b as usize
}

impl Scorer {
    /// Lanes that the pair of types may have; zero: none.
    pub(crate) fn allowed(&self, types: usize) -> u64 {
        self.allowed.get(types).copied().unwrap_or(0)
    }

    /// How far the linear part puts the best relation behind "none".
    pub(crate) fn gap(&self, types: usize, linear: &[i16; LANES]) -> f32 {
        let allowed = self.allowed(types);
        let lanes = (1..self.lanes).filter(|lane| allowed >> lane & 1 == 1);
        let best = lanes.map(|lane| linear[lane]).max().unwrap_or(i16::MIN);
        (f32::from(linear[0]) - f32::from(best)) * self.linear.unit()
    }

    /// Decides on a pair from its linear sums and the sums of its candidates.
    pub(crate) fn decide(
        &self,
        types: usize,
        linear: &[i16; LANES],
        hidden: &[Hidden],
        work: &mut Work,
    ) -> Verdict {
        let allowed = self.allowed(types);
        let linear = linear.map(|sum| f32::from(sum) * self.linear.unit());
        self.activate(hidden, work);
        work.scores.clear();
        let mut most = linear[0];
        for lane in (1..self.lanes).filter(|lane| allowed >> lane & 1 == 1) {
            let row = &self.out[lane * HIDDEN..][..HIDDEN];
            let stated =
                work.active.iter().zip(1..).map(|(active, n)| (linear[lane] + product(row, active), lane, n));
            for score in std::iter::once((linear[lane], lane, 0)).chain(stated) {
                most = most.max(score.0);
                work.scores.push(score);
            }
        }
        add_up(&work.scores, linear[0], most)
    }

    fn activate(&self, hidden: &[Hidden], work: &mut Work) {
        let unit = self.vectors.unit();
        work.active.clear();
        work.active.extend(hidden.iter().map(|sums| {
            let mut active = [0.0; HIDDEN];
            for ((a, &sum), bias) in active.iter_mut().zip(sums).zip(&self.bias) {
                *a = (f32::from(sum) * unit + bias).max(0.0);
            }
            active
        }));
    }

    pub(crate) fn write(&self, writer: &mut ModelWriter) {
        self.linear.write("linear", writer);
        self.vectors.write("vectors", writer);
        writer.section("bias", &self.bias);
        writer.section("out", &self.out);
        writer.section("allowed", &self.allowed);
    }

    pub(crate) fn read(lanes: usize, file: &ModelFile<'_>) -> Result<Self, ModelError> {
        let scorer = Self {
            lanes,
            linear: RowTable::read("linear", file)?,
            vectors: RowTable::read("vectors", file)?,
            bias: file.section("bias")?,
            out: file.section("out")?,
            allowed: file.section("allowed")?,
        };
        let fits = scorer.bias.len() == HIDDEN
            && scorer.out.len() == lanes * HIDDEN
            && scorer.allowed.len() == NameType::COUNT * NameType::COUNT;
        if fits { Ok(scorer) } else { Err(ModelError::Section("out".to_owned(), "has the wrong size")) }
    }
}

fn product(row: &[f32], active: &[f32; HIDDEN]) -> f32 {
    let mut sums = [0.0_f32; 8];
    for (row, active) in row.chunks_exact(8).zip(active.chunks_exact(8)) {
        for ((sum, a), b) in sums.iter_mut().zip(row).zip(active) {
            *sum += a * b;
        }
    }
    sums.iter().sum()
}

/// Scores this far below the best add nothing that matters.
const NEGLIGIBLE: f32 = 14.0;

/// Sums the shares of each lane over its candidates, in lane order.
fn add_up(scores: &[(f32, usize, usize)], none: f32, most: f32) -> Verdict {
    let share = |score: f32| if score < most - NEGLIGIBLE { 0.0 } else { (score - most).exp() };
    let mut verdict = Verdict { lane: 1, probability: 0.0, any: 0.0, candidate: None };
    let mut total = share(none);
    let (mut at, mut relations) = (0, 0.0);
    while at < scores.len() {
        let lane = scores[at].1;
        let (mut sum, mut best) = (0.0, (f32::MIN, 0));
        while let Some(&(score, _, number)) = scores.get(at).filter(|s| s.1 == lane) {
            sum += share(score);
            if score > best.0 {
                best = (score, number);
            }
            at += 1;
        }
        relations += sum;
        if sum > verdict.probability {
            verdict = Verdict { lane, probability: sum, any: 0.0, candidate: best.1.checked_sub(1) };
        }
    }
    total += relations;
    verdict.probability /= total;
    verdict.any = relations / total;
    verdict
}
