//! Gradient descent on the likelihood of the relations and the words that state them.

use std::collections::HashMap;

use super::super::columns::{Columns, WIDTH};
use super::super::index::MOST_ROWS;
use super::super::scorer::{HIDDEN, LANES, Scorer};
use super::super::table::RowTable;
use super::examples::Example;
use super::{Options, Tune};
use crate::learn::random::Random;

/// A pair of which almost nothing is left to learn is passed over.
const SETTLED: f32 = 0.995;

/// Rounds of the training that shows which features matter.
const TRIAL: usize = 4;

/// Rounds at the end whose weights are averaged.
const AVERAGED: usize = 3;

/// Weights with the sum of the squares of their gradients (Duchi, Hazan and Singer 2011).
#[derive(Clone, Debug, Default)]
struct Matrix {
    weights: Vec<f32>,
    squares: Vec<f32>,
    sums: Vec<f32>,
}

impl Matrix {
    fn new(size: usize, inertia: f32) -> Self {
        Self { weights: vec![0.0; size], squares: vec![inertia; size], sums: vec![0.0; size] }
    }

    fn random(size: usize, inertia: f32, width: f32, random: &mut Random) -> Self {
        let mut matrix = Self::new(size, inertia);
        matrix.weights.iter_mut().for_each(|w| *w = (random.unit() - 0.5) * width);
        matrix
    }

    fn step(&mut self, from: usize, gradient: &[f32], rate: f32) {
        let to = from + gradient.len();
        let rows = self.weights[from..to].iter_mut().zip(&mut self.squares[from..to]);
        for ((weight, square), &g) in rows.zip(gradient) {
            *square += g * g;
            *weight -= rate * g / square.sqrt();
        }
    }

    fn note(&mut self) {
        self.sums.iter_mut().zip(&self.weights).for_each(|(sum, weight)| *sum += weight);
    }

    fn average(&mut self, rounds: usize) {
        self.weights
            .iter_mut()
            .zip(&self.sums)
            .for_each(|(weight, sum)| *weight = sum / rounds.max(1) as f32);
    }
}

/// Rows of an example's features.
#[derive(Clone, Debug, Default)]
struct Rows {
    linear: [Vec<u32>; 2],
    candidates: Vec<Vec<u32>>,
}

/// The features that have rows: of pairs of types, of any types, of stating words.
#[derive(Clone, Debug, Default)]
struct Keys {
    typed: Vec<u32>,
    plain: Vec<u32>,
    vectors: Vec<u32>,
}

/// A model in training.
pub(crate) struct Learner<'a> {
    lanes: usize,
    tune: Tune,
    keys: Keys,
    typed: Matrix,
    plain: Matrix,
    vectors: Matrix,
    bias: Matrix,
    out: Matrix,
    columns: Columns,
    examples: &'a [&'a Example],
    rows: Vec<Rows>,
}

/// Buffers of one step.
#[derive(Default)]
struct Step {
    rows: Rows,
    hidden: Vec<[f32; HIDDEN]>,
    /// Per candidate and, last, for no stating word: a probability per column, then its gradient.
    joint: Vec<[f32; WIDTH]>,
    out: Vec<f32>,
}

impl<'a> Learner<'a> {
    /// Trains on the examples, twice if features have to be dropped.
    pub(crate) fn fit(examples: &'a [&'a Example], lanes: usize, options: &Options) -> Scorer {
        let cutoff = options.tune.cutoff;
        let keys = Keys {
            typed: frequent(examples.iter().flat_map(|e| &e.linear[0]), cutoff),
            plain: frequent(examples.iter().flat_map(|e| &e.linear[1]), cutoff),
            vectors: frequent(examples.iter().flat_map(|e| e.candidates.iter().flatten()), cutoff),
        };
        let most = options.most.map(|most| most.min(MOST_ROWS));
        let fits =
            keys.typed.len() <= most[0] && keys.plain.len() <= most[1] && keys.vectors.len() <= most[2];
        let epochs = if fits { options.epochs } else { options.epochs.min(TRIAL) };
        let mut learner = Self::run(examples, lanes, keys, &Options { epochs, ..options.clone() });
        if !fits {
            let keys = learner.strongest(most);
            learner = Self::run(examples, lanes, keys, options);
        }
        learner.scorer()
    }

    /// The keys that matter most.
    fn strongest(&self, most: [usize; 3]) -> Keys {
        Keys {
            typed: strongest(&self.keys.typed, &self.typed.weights, WIDTH, most[0]),
            plain: strongest(&self.keys.plain, &self.plain.weights, LANES, most[1]),
            vectors: strongest(&self.keys.vectors, &self.vectors.weights, HIDDEN, most[2]),
        }
    }

    fn run(examples: &'a [&'a Example], lanes: usize, keys: Keys, options: &Options) -> Self {
        let tune = options.tune;
        let mut random = Random::new(options.seed);
        let mut learner = Self {
            lanes,
            tune,
            typed: Matrix::new(keys.typed.len() * WIDTH, tune.inertia[0]),
            plain: Matrix::new(keys.plain.len() * LANES, tune.inertia[0]),
            vectors: Matrix::random(keys.vectors.len() * HIDDEN, tune.inertia[1], 0.2, &mut random),
            bias: Matrix::new(HIDDEN, tune.inertia[1]),
            out: Matrix::random(lanes * HIDDEN, tune.inertia[1], 0.4, &mut random),
            columns: columns(examples),
            rows: rows(examples, &keys),
            keys,
            examples,
        };
        let mut order: Vec<usize> = (0..examples.len()).collect();
        let mut step = Step::default();
        for epoch in 0..options.epochs {
            random.shuffle(&mut order);
            for &number in &order {
                learner.learn(number, &mut step, &mut random);
            }
            if epoch + AVERAGED >= options.epochs {
                learner.matrices().into_iter().for_each(Matrix::note);
            }
        }
        let rounds = options.epochs.min(AVERAGED);
        learner.matrices().into_iter().for_each(|m| m.average(rounds));
        learner
    }

    fn matrices(&mut self) -> [&mut Matrix; 5] {
        [&mut self.typed, &mut self.plain, &mut self.vectors, &mut self.bias, &mut self.out]
    }

    fn learn(&mut self, number: usize, step: &mut Step, random: &mut Random) {
        let example = self.examples[number];
        let columns = std::mem::take(&mut self.columns);
        self.follow(example, columns.lanes(example.types), number, step, random);
        self.columns = columns;
    }

    fn follow(
        &mut self,
        example: &Example,
        lanes: &[u8],
        number: usize,
        step: &mut Step,
        random: &mut Random,
    ) {
        if lanes.is_empty() {
            return;
        }
        drop_out(&self.rows[number], self.tune.dropout, random, &mut step.rows);
        self.forward(lanes, step);
        if !target(example, lanes, &mut step.joint) {
            return;
        }
        step.joint.iter_mut().flatten().for_each(|gradient| *gradient *= example.weight);
        self.backward_linear(lanes, step);
        self.backward_candidates(lanes, step);
    }

    /// Probabilities of all relations with all candidates.
    fn forward(&self, lanes: &[u8], step: &mut Step) {
        let mut base = [0.0_f32; WIDTH];
        let keep = 1.0 / (1.0 - self.tune.dropout[0]);
        for &row in &step.rows.linear[0] {
            let weights = &self.typed.weights[row as usize * WIDTH..][..WIDTH];
            base.iter_mut().zip(weights).for_each(|(b, w)| *b += w * keep);
        }
        for &row in &step.rows.linear[1] {
            let weights = &self.plain.weights[row as usize * LANES..][..LANES];
            base.iter_mut().zip(lanes).for_each(|(b, &lane)| *b += weights[usize::from(lane)] * keep);
        }
        let keep = 1.0 / (1.0 - self.tune.dropout[1]);
        step.hidden.clear();
        step.joint.clear();
        for candidate in &step.rows.candidates {
            let mut hidden = [0.0; HIDDEN];
            for &row in candidate {
                let weights = &self.vectors.weights[row as usize * HIDDEN..][..HIDDEN];
                hidden.iter_mut().zip(weights).for_each(|(h, w)| *h += w);
            }
            hidden.iter_mut().zip(&self.bias.weights).for_each(|(h, b)| *h = (*h * keep + b).max(0.0));
            let mut scores = [f32::MIN; WIDTH];
            for (column, &lane) in lanes.iter().enumerate().skip(1) {
                let row = &self.out.weights[usize::from(lane) * HIDDEN..][..HIDDEN];
                scores[column] = base[column] + row.iter().zip(&hidden).map(|(a, b)| a * b).sum::<f32>();
            }
            step.hidden.push(hidden);
            step.joint.push(scores);
        }
        base[lanes.len()..].fill(f32::MIN);
        step.joint.push(base);
        softmax(&mut step.joint);
    }

    fn backward_linear(&mut self, lanes: &[u8], step: &Step) {
        let mut gradient = [0.0_f32; WIDTH];
        for row in &step.joint {
            gradient.iter_mut().zip(row).for_each(|(g, p)| *g += p);
        }
        for &row in &step.rows.linear[1] {
            for (&lane, &gradient) in lanes.iter().zip(&gradient) {
                self.plain.step(row as usize * LANES + usize::from(lane), &[gradient], self.tune.rates[0]);
            }
        }
        for &row in &step.rows.linear[0] {
            self.typed.step(row as usize * WIDTH, &gradient[..lanes.len()], self.tune.rates[0]);
        }
    }

    fn backward_candidates(&mut self, lanes: &[u8], step: &mut Step) {
        let Step { rows, hidden, joint, out } = step;
        out.clear();
        out.resize(self.lanes * HIDDEN, 0.0);
        let keep = 1.0 / (1.0 - self.tune.dropout[1]);
        for (number, hidden) in hidden.iter().enumerate() {
            let mut gradient = [0.0_f32; HIDDEN];
            for (&lane, &share) in lanes.iter().zip(&joint[number]).skip(1) {
                if share.abs() < 1e-6 {
                    continue;
                }
                let at = usize::from(lane) * HIDDEN;
                let weights = &self.out.weights[at..at + HIDDEN];
                gradient.iter_mut().zip(weights).for_each(|(g, w)| *g += share * w);
                out[at..at + HIDDEN].iter_mut().zip(hidden).for_each(|(o, h)| *o += share * h);
            }
            gradient.iter_mut().zip(hidden).filter(|(_, h)| **h <= 0.0).for_each(|(g, _)| *g = 0.0);
            self.bias.step(0, &gradient, self.tune.rates[1]);
            gradient.iter_mut().for_each(|g| *g *= keep);
            for &row in &rows.candidates[number] {
                self.vectors.step(row as usize * HIDDEN, &gradient, self.tune.rates[1]);
            }
        }
        for &lane in lanes.iter().skip(1) {
            let row = usize::from(lane) * HIDDEN..(usize::from(lane) + 1) * HIDDEN;
            self.out.step(row.start, &out[row], self.tune.rates[1]);
        }
    }

    fn scorer(&self) -> Scorer {
        let typed = RowTable::build(rows_of(&self.keys.typed, &self.typed.weights, WIDTH));
        let plain = RowTable::build(rows_of(&self.keys.plain, &self.plain.weights, LANES));
        let vectors = RowTable::build(rows_of(&self.keys.vectors, &self.vectors.weights, HIDDEN));
        Scorer::new(self.columns.clone(), (typed, plain), vectors, &self.bias.weights, &self.out.weights)
    }
}

fn rows_of<'w>(
    keys: &'w [u32],
    weights: &'w [f32],
    width: usize,
) -> impl Iterator<Item = (u32, &'w [f32])> + Clone {
    keys.iter().copied().zip(weights.chunks(width))
}

/// Turns the probabilities into the gradient of the loss; false when there is nothing to learn.
fn target(example: &Example, lanes: &[u8], joint: &mut [[f32; WIDTH]]) -> bool {
    let last = joint.len() - 1;
    if example.gold.is_empty() {
        return target_none(example.annotated, lanes, joint);
    }
    let column = |lane: usize| lanes.iter().position(|&l| usize::from(l) == lane);
    let gold = example.gold.iter().filter_map(|&(lane, stated)| Some((column(lane)?, stated)));
    let share = 1.0 / gold.clone().count() as f32;
    let before = joint.to_vec();
    for (at, stated) in gold {
        match stated {
            Some(candidate) => joint[candidate.min(last)][at] -= share,
            None => {
                let total: f32 = before.iter().map(|row| row[at]).sum::<f32>().max(1e-12);
                joint.iter_mut().zip(&before).for_each(|(row, old)| row[at] -= share * old[at] / total);
            }
        }
    }
    share.is_finite()
}

/// No annotated relation holds: the pair has none, or one that is not annotated here.
fn target_none(annotated: u64, lanes: &[u8], joint: &mut [[f32; WIDTH]]) -> bool {
    let open = |column: usize| lanes.get(column).is_some_and(|&lane| lane == 0 || annotated >> lane & 1 == 0);
    let total: f32 =
        joint.iter().flat_map(|row| row.iter().enumerate().filter(|(c, _)| open(*c))).map(|(_, p)| p).sum();
    if total > SETTLED {
        return false;
    }
    for row in joint.iter_mut() {
        for (_, p) in row.iter_mut().enumerate().filter(|(column, _)| open(*column)) {
            *p -= *p / total.max(1e-12);
        }
    }
    true
}

fn softmax(joint: &mut [[f32; WIDTH]]) {
    let most = joint.iter().flatten().fold(f32::MIN, |m, s| m.max(*s));
    let mut total = 0.0;
    for score in joint.iter_mut().flatten() {
        *score = if *score == f32::MIN { 0.0 } else { (*score - most).exp() };
        total += *score;
    }
    joint.iter_mut().flatten().for_each(|p| *p /= total);
}

fn drop_out(rows: &Rows, rates: [f32; 2], random: &mut Random, kept: &mut Rows) {
    for (out, row) in kept.linear.iter_mut().zip(&rows.linear) {
        out.clear();
        out.extend(row.iter().filter(|_| random.unit() >= rates[0]));
    }
    kept.candidates.resize_with(rows.candidates.len(), Vec::new);
    for (out, row) in kept.candidates.iter_mut().zip(&rows.candidates) {
        out.clear();
        out.extend(row.iter().filter(|_| random.unit() >= rates[1]));
    }
}

/// Keys that occur at least `cutoff` times, in order of first sight.
fn frequent<'k>(keys: impl Iterator<Item = &'k u32> + Clone, cutoff: u32) -> Vec<u32> {
    let mut counts: HashMap<u32, u32> = HashMap::new();
    for &key in keys.clone() {
        *counts.entry(key).or_default() += 1;
    }
    keys.copied().filter(|key| counts.remove(key).is_some_and(|n| n >= cutoff)).collect()
}

/// The keys with the largest rows.
fn strongest(keys: &[u32], weights: &[f32], width: usize, most: usize) -> Vec<u32> {
    let mut ranked: Vec<(f32, u32)> = keys
        .iter()
        .zip(weights.chunks(width))
        .map(|(&key, row)| (row.iter().map(|w| w * w).sum(), key))
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    ranked.truncate(most);
    ranked.into_iter().map(|(_, key)| key).collect()
}

fn rows(examples: &[&Example], keys: &Keys) -> Vec<Rows> {
    let index = |keys: &[u32]| keys.iter().zip(0..).map(|(&k, n)| (k, n)).collect::<HashMap<u32, u32>>();
    let (typed, plain, vectors) = (index(&keys.typed), index(&keys.plain), index(&keys.vectors));
    let find =
        |index: &HashMap<u32, u32>, keys: &[u32]| keys.iter().filter_map(|k| index.get(k).copied()).collect();
    examples
        .iter()
        .map(|e| Rows {
            linear: [find(&typed, &e.linear[0]), find(&plain, &e.linear[1])],
            candidates: e.candidates.iter().map(|c| find(&vectors, c)).collect(),
        })
        .collect()
}

/// The relations that each pair of types has in the examples.
fn columns(examples: &[&Example]) -> Columns {
    Columns::of_occurrences(examples.iter().flat_map(|e| e.gold.iter().map(|&(lane, _)| (e.types, lane))))
}
