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
pub(crate) const LANES: usize = 52;

/// Features of one candidate word, summed as they come.
pub(crate) type Hidden = [f32; HIDDEN];

/// The trained numbers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scorer {
    /// Labels with both directions, and "none".
    pub(crate) lanes: usize,
    pub(crate) linear: RowTable,
    pub(crate) vectors: RowTable,
    pub(crate) bias: Vec<f32>,
    /// `lanes` rows of `HIDDEN`.
    pub(crate) out: Vec<f32>,
    /// Per pair of types, a bit per lane.
    pub(crate) allowed: Vec<u64>,
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

    /// Decides on a pair from its linear sums and the sums of its candidates.
    pub(crate) fn decide(&self, types: usize, linear: &[f32; LANES], hidden: &mut [Hidden]) -> Verdict {
        let allowed = self.allowed(types);
        for sums in hidden.iter_mut() {
            for (sum, bias) in sums.iter_mut().zip(&self.bias) {
                *sum = (*sum + bias).max(0.0);
            }
        }
        let mut verdict = Verdict { lane: 1, probability: 0.0, any: 0.0, candidate: None };
        let most = self.most(allowed, linear);
        let mut total = (linear[0] - most).exp();
        for lane in (1..self.lanes).filter(|lane| allowed >> lane & 1 == 1) {
            let row = &self.out[lane * HIDDEN..][..HIDDEN];
            let base = (linear[lane] - most).exp();
            let (mut sum, mut best, mut candidate) = (base, base, None);
            for (number, hidden) in hidden.iter().enumerate() {
                let product: f32 = row.iter().zip(hidden).map(|(a, b)| a * b).sum();
                let share = base * product.min(60.0).exp();
                sum += share;
                if share > best {
                    best = share;
                    candidate = Some(number);
                }
            }
            total += sum;
            if sum > verdict.probability {
                verdict = Verdict { lane, probability: sum, any: 0.0, candidate };
            }
        }
        verdict.probability /= total;
        verdict.any = 1.0 - (linear[0] - most).exp() / total;
        verdict
    }

    fn most(&self, allowed: u64, linear: &[f32; LANES]) -> f32 {
        (1..self.lanes).filter(|lane| allowed >> lane & 1 == 1).fold(linear[0], |m, lane| m.max(linear[lane]))
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
            linear: RowTable::read("linear", LANES, file)?,
            vectors: RowTable::read("vectors", HIDDEN, file)?,
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
