//! The model of a pair of names: which relation, and which word states it.
//!
//! The probability of relation r stated by word w is proportional to `exp(l_r + o_r · h_w)`, that of r without a
//! stating word to `exp(l_r)`, that of no relation to `exp(l_0)`. `l` is linear in the features of the pair; `h_w`
//! is the positive part of a sum of learnt vectors, one per feature of the word in its place between the names.
//! The probability of r is the sum over the words. All sums are of small whole numbers.

use fearless_simd::prelude::*;
use fearless_simd::{dispatch, f32x8};

use super::columns::{Columns, WIDTH};
use super::output::Output;
use super::processor::Processor;
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
    bias: Hidden,
    /// A row of weights per lane, and what one stands for.
    out: Vec<Hidden>,
    unit: f32,
    output: Output,
    processor: Processor,
}

/// Buffers of a decision.
#[derive(Clone, Debug, Default)]
pub(crate) struct Work {
    /// Per column: the scores without a stating word, then those of each candidate.
    scores: Vec<Linear>,
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
        let bias = std::array::from_fn(|at| bias.get(at).map_or(0, |&b| whole(b, vectors.unit())));
        let out: Vec<_> = out.as_chunks::<HIDDEN>().0.iter().map(|row| row.map(|w| whole(w, unit))).collect();
        let output = Output::new(&columns, &out);
        Self { columns, typed, plain, vectors, bias, out, unit, output, processor: Processor::default() }
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
    pub(crate) fn linear(&self, types: usize, typed: &[i16; WIDTH], plain: &[i16]) -> Linear {
        let (typed_unit, plain_unit) = (self.typed.unit(), self.plain.unit());
        let mut linear = typed.map(|sum| f32::from(sum) * typed_unit);
        let plain = &plain[..LANES];
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
        // No word states that there is no relation, and unused columns are far behind all.
        let mut base = [f32::MIN; WIDTH];
        base[1..lanes.len()].copy_from_slice(&linear[1..lanes.len()]);
        work.scores.clear();
        work.scores.resize(1 + hidden.len(), base);
        let unit = self.vectors.unit() * self.unit;
        dispatch!(self.processor.0, simd => {
            self.output.score(simd, types, hidden, (&self.bias, unit), &mut work.scores[1..]);
            add_up(simd, lanes, linear[0], &work.scores)
        })
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
        let columns = Columns::read(lanes, file)?;
        let out: Vec<Hidden> = file.section("out")?;
        let [bias] = file.section::<Hidden>("bias")?[..] else { return Err(fault("bias")) };
        if out.len() != lanes {
            return Err(fault("out"));
        }
        Ok(Self {
            output: Output::new(&columns, &out),
            columns,
            typed: RowTable::read("typed", file)?,
            plain: RowTable::read("plain", file)?,
            vectors: RowTable::read("vectors", file)?,
            bias,
            out,
            unit,
            processor: Processor::default(),
        })
    }
}

/// Scores this far below the best add nothing that matters.
const NEGLIGIBLE: f32 = 12.0;

/// Sums the shares of each column over the rows of scores; columns that are not in use are far below all.
#[inline(always)]
fn add_up<S: Simd>(simd: S, lanes: &[u8], none: f32, scores: &[Linear]) -> Verdict {
    let mut tops = [none; WIDTH];
    for row in scores {
        for at in 0..WIDTH {
            tops[at] = tops[at].max(row[at]);
        }
    }
    let most = tops.iter().fold(none, |most, &score| most.max(score));
    let share = |score: f32| if score < most - NEGLIGIBLE { 0.0 } else { (score - most).exp() };
    let mut sums = [0.0; WIDTH];
    for row in scores {
        let mut columns = 0;
        for (at, scores) in row.as_chunks::<8>().0.iter().enumerate() {
            let counts = f32x8::from_slice(simd, scores).simd_ge(f32x8::splat(simd, most - NEGLIGIBLE));
            columns |= counts.to_bitmask() << (8 * at);
        }
        while columns != 0 {
            let at = columns.trailing_zeros() as usize;
            sums[at] += (row[at] - most).exp();
            columns &= columns - 1;
        }
    }
    let mut verdict = Verdict { lane: 1, probability: 0.0, any: 0.0, candidate: None };
    let mut relations = 0.0;
    let mut column = 0;
    for at in 1..lanes.len() {
        relations += sums[at];
        if sums[at] > verdict.probability {
            column = at;
            verdict.lane = usize::from(lanes[at]);
            verdict.probability = sums[at];
        }
    }
    if column != 0 {
        let first_best =
            |best: usize, at: usize| if scores[at][column] > scores[best][column] { at } else { best };
        verdict.candidate = (1..scores.len()).fold(0, first_best).checked_sub(1);
    }
    let total = share(none) + relations;
    verdict.probability /= total;
    verdict.any = relations / total;
    verdict
}
