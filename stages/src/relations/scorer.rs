//! The model of a pair of names: which relation, and which word states it.
//!
//! The probability of relation r stated by word w is proportional to `exp(l_r + o_r · h_w)`, that of r without a
//! stating word to `exp(l_r)`, that of no relation to `exp(l_0)`. `l` is linear in the features of the pair; `h_w`
//! is the positive part of a sum of learnt vectors, one per feature of the word in its place between the names.
//! The probability of r is the sum over the words. All sums are of small whole numbers.

use super::columns::{Columns, WIDTH};
use super::table::RowTable;
use crate::model::{ModelError, ModelFile, ModelWriter};

/// Length of the learnt vectors.
pub(crate) const HIDDEN: usize = 32;

/// Most lanes: labels with both directions, and "none".
pub(crate) const LANES: usize = 56;

/// Features of one candidate word, summed as they come.
pub(crate) type Hidden = [i16; HIDDEN];

/// The linear part of a score, per column of the types.
pub(crate) type Linear = [f32; WIDTH];

/// The largest output weight as a whole number: products with 32 sums of 16 bits stay within 32 bits.
const LARGEST: f32 = 1023.0;

/// The trained numbers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scorer {
    pub(crate) columns: Columns,
    /// Weights of features of two types and whatever the types.
    pub(crate) typed: RowTable<WIDTH>,
    pub(crate) plain: RowTable<LANES>,
    pub(crate) vectors: RowTable<HIDDEN>,
    /// Added to each sum of vectors, in their unit.
    bias: Vec<i16>,
    /// A row of weights per lane, and what one stands for.
    out: Vec<Hidden>,
    unit: f32,
}

/// Buffers of a decision.
#[derive(Clone, Debug, Default)]
pub(crate) struct Work {
    active: Vec<Hidden>,
    /// Per column but the first: a score without a stating word, then one per candidate.
    scores: Vec<f32>,
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

impl Scorer {
    /// A scorer of these tables, of a bias per part of a vector and of `HIDDEN` output weights per lane.
    pub(crate) fn new(
        columns: Columns,
        (typed, plain): (RowTable<WIDTH>, RowTable<LANES>),
        vectors: RowTable<HIDDEN>,
        bias: &[f32],
        out: &[f32],
    ) -> Self {
        let unit = out.iter().fold(1e-9_f32, |most, w| most.max(w.abs())) / LARGEST;
        let whole = |weight: f32, unit: f32| (weight / unit).round() as i16;
        let bias = bias.iter().map(|&b| whole(b, vectors.unit())).collect();
        let out = out.as_chunks::<HIDDEN>().0.iter().map(|row| row.map(|w| whole(w, unit))).collect();
        Self { columns, typed, plain, vectors, bias, out, unit }
    }

    /// Whether the pair of types may relate.
    pub(crate) fn relates(&self, types: usize) -> bool {
        !self.columns.lanes(types).is_empty()
    }

    /// How far the linear part puts the best relation behind "none".
    pub(crate) fn gap(&self, types: usize, linear: &Linear) -> f32 {
        let relations = linear[..self.columns.lanes(types).len()].iter().skip(1);
        linear[0] - relations.fold(f32::MIN, |most, &score| most.max(score))
    }

    /// The linear part from the sums of features.
    pub(crate) fn linear(&self, types: usize, typed: &[i16; WIDTH], plain: &[i16; LANES]) -> Linear {
        let (typed_unit, plain_unit) = (self.typed.unit(), self.plain.unit());
        let mut linear = typed.map(|sum| f32::from(sum) * typed_unit);
        for (score, &lane) in linear.iter_mut().zip(self.columns.lanes(types)) {
            *score += f32::from(plain[usize::from(lane) % LANES]) * plain_unit;
        }
        linear
    }

    /// Decides on a pair from its linear sums and the sums of its candidates.
    pub(crate) fn decide(
        &self,
        types: usize,
        linear: &Linear,
        hidden: &[Hidden],
        work: &mut Work,
    ) -> Verdict {
        let lanes = self.columns.lanes(types);
        let unit = self.vectors.unit() * self.unit;
        self.activate(hidden, &mut work.active);
        work.scores.clear();
        for (&lane, &base) in lanes.iter().zip(linear).skip(1) {
            let row = &self.out[usize::from(lane)];
            work.scores.push(base);
            work.scores.extend(work.active.iter().map(|active| base + product(row, active) as f32 * unit));
        }
        add_up(lanes, linear[0], &work.scores, 1 + hidden.len())
    }

    fn activate(&self, hidden: &[Hidden], active: &mut Vec<Hidden>) {
        let Some(bias) = self.bias.first_chunk::<HIDDEN>() else { return };
        active.clear();
        active.extend(hidden.iter().map(|sums| {
            let mut active = [0; HIDDEN];
            for at in 0..HIDDEN {
                active[at] = sums[at].saturating_add(bias[at]).max(0);
            }
            active
        }));
    }

    pub(crate) fn write(&self, writer: &mut ModelWriter) {
        self.columns.write(writer);
        self.typed.write("typed", writer);
        self.plain.write("plain", writer);
        self.vectors.write("vectors", writer);
        writer.section("bias", &self.bias);
        writer.section("out", &self.out);
        writer.section("out.unit", &[self.unit]);
    }

    /// `lanes`: how many the labels have.
    pub(crate) fn read(lanes: usize, file: &ModelFile<'_>) -> Result<Self, ModelError> {
        let fault = |part: &str| ModelError::Section(part.to_owned(), "has the wrong size");
        let [unit] = file.section::<f32>("out.unit")?[..] else { return Err(fault("out.unit")) };
        let scorer = Self {
            columns: Columns::read(lanes, file)?,
            typed: RowTable::read("typed", file)?,
            plain: RowTable::read("plain", file)?,
            vectors: RowTable::read("vectors", file)?,
            bias: file.section("bias")?,
            out: file.section("out")?,
            unit,
        };
        let fits = scorer.bias.len() == HIDDEN && scorer.out.len() == lanes;
        if fits { Ok(scorer) } else { Err(fault("out")) }
    }
}

fn product(row: &Hidden, active: &Hidden) -> i32 {
    row.iter().zip(active).map(|(&a, &b)| i32::from(a) * i32::from(b)).sum()
}

/// Scores this far below the best add nothing that matters.
const NEGLIGIBLE: f32 = 12.0;

/// Sums the shares of each lane over its candidates; `scores`: `stride` per lane after the first.
fn add_up(lanes: &[u8], none: f32, scores: &[f32], stride: usize) -> Verdict {
    let most = scores.iter().fold(none, |most, &score| most.max(score));
    let share = |score: f32| if score < most - NEGLIGIBLE { 0.0 } else { (score - most).exp() };
    let mut verdict = Verdict { lane: 1, probability: 0.0, any: 0.0, candidate: None };
    let mut relations = 0.0;
    for (&lane, scores) in lanes.iter().skip(1).zip(scores.chunks_exact(stride)) {
        let (mut sum, mut best) = (0.0, (f32::MIN, 0));
        for (&score, number) in scores.iter().zip(0..) {
            sum += share(score);
            if score > best.0 {
                best = (score, number);
            }
        }
        relations += sum;
        if sum > verdict.probability {
            let candidate = usize::checked_sub(best.1, 1);
            verdict = Verdict { lane: usize::from(lane), probability: sum, any: 0.0, candidate };
        }
    }
    let total = share(none) + relations;
    verdict.probability /= total;
    verdict.any = relations / total;
    verdict
}
