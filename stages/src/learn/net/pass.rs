//! Training on one sequence: forward for each decision, backward at once, and back to the features at its end.

use fearless_simd::{Level, dispatch};

use super::super::random::Random;
use super::kernels::{add, add_scaled, dot};
use super::{Shape, Weights};

/// Rows of a matrix that are worked on for all items of a sequence in turn: they and their gradients fit the
/// nearest cache. Divides the length of vectors.
const ROWS: usize = 16;

/// Gradients of one worker, and which rows of the large tables they touch.
#[derive(Debug)]
pub struct Gradients {
    /// The sums.
    pub sums: Weights,
    /// Rows of `embed` that are not zero, in the order of their first use.
    pub features: Touched,
    /// Rows of `cells` that are not zero.
    pub cells: Touched,
}

/// A set of row numbers that remembers the order of insertion.
#[derive(Debug)]
pub struct Touched {
    rows: Vec<u32>,
    there: Vec<bool>,
}

impl Touched {
    fn new(len: usize) -> Self {
        Self { rows: Vec::new(), there: vec![false; len] }
    }

    pub(super) fn add(&mut self, row: u32) {
        if !std::mem::replace(&mut self.there[row as usize], true) {
            self.rows.push(row);
        }
    }

    pub(super) fn rows(&self) -> &[u32] {
        &self.rows
    }

    pub(super) fn clear(&mut self) {
        self.rows.drain(..).for_each(|row| self.there[row as usize] = false);
    }
}

impl Gradients {
    /// None yet.
    #[must_use]
    pub fn new(shape: Shape) -> Self {
        Self {
            sums: Weights::zero(shape),
            features: Touched::new(shape.features),
            cells: Touched::new(shape.cells),
        }
    }
}

/// Reused memory for passes over sequences.
#[derive(Debug, Default)]
pub struct Pass {
    /// Features of each item.
    items: Vec<Vec<u32>>,
    /// What sums of features are multiplied by.
    scale: f32,
    /// Vector of each item.
    vectors: Vec<f32>,
    /// What each item gives at each place, and its gradient; worked out when asked for.
    given: Vec<f32>,
    back: Vec<f32>,
    used: Vec<bool>,
    /// The decision at hand.
    places: Vec<usize>,
    cells: Vec<u32>,
    hidden: Vec<f32>,
    kept: Vec<bool>,
    hidden_back: Vec<f32>,
}

impl Pass {
    /// Begins a sequence of items, each with its features, whose sum is multiplied by `scale`: where a share of the
    /// features is left out at random, that makes up for them.
    pub fn begin(&mut self, weights: &Weights, items: impl Iterator<Item = Vec<u32>>, scale: f32) {
        let Shape { dim, places, hidden, .. } = weights.shape;
        self.scale = scale;
        self.items.clear();
        self.items.extend(items);
        let count = self.items.len();
        self.vectors.clear();
        self.vectors.resize(count * dim, 0.0);
        for (item, vector) in self.items.iter().zip(self.vectors.chunks_exact_mut(dim)) {
            for &feature in item {
                add_scaled(vector, scale, &weights.embed[feature as usize * dim..][..dim]);
            }
        }
        for numbers in [&mut self.given, &mut self.back] {
            numbers.clear();
            numbers.resize(count * places * hidden, 0.0);
        }
        self.used.clear();
        self.used.resize(count * places, false);
        self.give(weights);
    }

    /// What each item gives at each place, some rows of a matrix for all items at a time.
    fn give(&mut self, weights: &Weights) {
        dispatch!(Level::new(), _ => self.give_all(weights));
    }

    #[inline(always)]
    fn give_all(&mut self, weights: &Weights) {
        let Shape { dim, places, hidden, .. } = weights.shape;
        for (block, rows) in weights.project.chunks(ROWS * hidden).enumerate() {
            let (place, first) = (block * ROWS / dim, block * ROWS % dim);
            for (item, vector) in self.vectors.chunks_exact(dim).enumerate() {
                let given = &mut self.given[(item * places + place) * hidden..][..hidden];
                for (&factor, row) in vector[first..].iter().zip(rows.chunks_exact(hidden)) {
                    add_scaled(given, factor, row);
                }
            }
        }
    }

    /// Works out a decision: items at the places, and cells. `drop` is the share of hidden units left out.
    pub fn decide(
        &mut self,
        weights: &Weights,
        places: &[usize],
        cells: &[u32],
        (drop, random): (f32, &mut Random),
    ) {
        let hidden = weights.shape.hidden;
        self.places.clear();
        self.places.extend_from_slice(places);
        self.cells.clear();
        self.cells.extend_from_slice(cells);
        self.hidden.clear();
        self.hidden.extend_from_slice(&weights.bias);
        for (place, &item) in places.iter().enumerate() {
            let at = item * weights.shape.places + place;
            self.used[at] = true;
            add(&mut self.hidden, &self.given[at * hidden..][..hidden]);
        }
        for &cell in cells {
            add(&mut self.hidden, &weights.cells[cell as usize * hidden..][..hidden]);
        }
        let scale = 1.0 / (1.0 - drop);
        self.kept.clear();
        for unit in &mut self.hidden {
            let kept = *unit > 0.0 && (drop == 0.0 || random.unit() >= drop);
            *unit = if kept { *unit * scale } else { 0.0 };
            self.kept.push(kept);
        }
        self.hidden_back.clear();
        self.hidden_back.resize(hidden, 0.0);
    }

    /// Score of an outcome.
    #[must_use]
    pub fn score(&self, weights: &Weights, outcome: usize) -> f32 {
        let hidden = weights.shape.hidden;
        weights.out_bias[outcome] + dot(&self.hidden, &weights.out[outcome * hidden..][..hidden])
    }

    /// Takes in the gradient of an outcome's score.
    pub fn learn(&mut self, weights: &Weights, outcome: usize, slope: f32, gradients: &mut Gradients) {
        dispatch!(Level::new(), _ => self.learn_one(weights, outcome, slope, gradients));
    }

    #[inline(always)]
    fn learn_one(&mut self, weights: &Weights, outcome: usize, slope: f32, gradients: &mut Gradients) {
        let hidden = weights.shape.hidden;
        let row = outcome * hidden..(outcome + 1) * hidden;
        add_scaled(&mut gradients.sums.out[row.clone()], slope, &self.hidden);
        gradients.sums.out_bias[outcome] += slope;
        add_scaled(&mut self.hidden_back, slope, &weights.out[row]);
    }

    /// Ends a decision: its gradient goes back to items and cells. `drop` as in [`Pass::decide`].
    pub fn settle(&mut self, weights: &Weights, drop: f32, gradients: &mut Gradients) {
        let hidden = weights.shape.hidden;
        let scale = 1.0 / (1.0 - drop);
        for (back, &kept) in self.hidden_back.iter_mut().zip(&self.kept) {
            *back = if kept { *back * scale } else { 0.0 };
        }
        add(&mut gradients.sums.bias, &self.hidden_back);
        for &cell in &self.cells {
            gradients.cells.add(cell);
            add(&mut gradients.sums.cells[cell as usize * hidden..][..hidden], &self.hidden_back);
        }
        for (place, &item) in self.places.iter().enumerate() {
            let at = (item * weights.shape.places + place) * hidden;
            add(&mut self.back[at..at + hidden], &self.hidden_back);
        }
    }

    /// Ends the sequence: what came back to its items goes on to matrices and features.
    pub fn end(&mut self, weights: &Weights, gradients: &mut Gradients) {
        let mut backs = vec![0.0; self.vectors.len()];
        dispatch!(Level::new(), _ => self.back_to_vectors(weights, gradients, &mut backs));
        let dim = weights.shape.dim;
        for (item, back) in self.items.iter().zip(backs.chunks_exact(dim)) {
            for &feature in item {
                gradients.features.add(feature);
                let sum = &mut gradients.sums.embed[feature as usize * dim..][..dim];
                add_scaled(sum, self.scale, back);
            }
        }
    }

    /// The gradients of matrices and of the vectors of items.
    #[inline(always)]
    fn back_to_vectors(&self, weights: &Weights, gradients: &mut Gradients, backs: &mut [f32]) {
        let Shape { dim, places, hidden, .. } = weights.shape;
        let sums = gradients.sums.project.chunks_mut(ROWS * hidden);
        for (block, (rows, sums)) in weights.project.chunks(ROWS * hidden).zip(sums).enumerate() {
            let (place, first) = (block * ROWS / dim, block * ROWS % dim);
            for item in (0..self.items.len()).filter(|item| self.used[item * places + place]) {
                let given = &self.back[(item * places + place) * hidden..][..hidden];
                let numbers = item * dim + first..(item + 1) * dim;
                let vector = &self.vectors[numbers.clone()];
                let matrix = rows.chunks_exact(hidden).zip(sums.chunks_exact_mut(hidden));
                for (((row, sum), &factor), back) in matrix.zip(vector).zip(&mut backs[numbers]) {
                    add_scaled(sum, factor, given);
                    *back += dot(row, given);
                }
            }
        }
    }
}
