//! A linear-chain conditional random field over sparse binary features, trained by AdaGrad with feature
//! dropout, with full or partial labels (Lafferty et al. 2001; Duchi et al. 2011; Tsuboi et al. 2008).
//!
//! Features of a position come as lists of feature numbers. Lists are shared: positions with the same word
//! point at the same list, so that a corpus costs little more than its distinct words.

mod lattice;

use self::lattice::{Chain, Counts, Lattice, largest, scale};
use super::random::Random;

/// Numbers in a row are padded to a multiple of this, for whole vector registers.
pub const LANES: usize = 8;

/// What a model over `labels` labels may do between neighbours.
#[derive(Clone, Debug)]
pub struct Grammar {
    /// Number of labels.
    pub labels: usize,
    /// `allowed[i * labels + j]`: whether label `j` may follow label `i`.
    pub allowed: Vec<bool>,
    /// Labels a sequence may begin with.
    pub first: Vec<bool>,
    /// Labels a sequence may end with.
    pub last: Vec<bool>,
}

/// One sequence to learn from.
#[derive(Clone, Debug, Default)]
pub struct Sequence {
    /// Numbers of feature lists, `slots` of them for each position.
    pub lists: Vec<u32>,
    /// Further features of single positions: position `t` has `extras[ends[t-1]..ends[t]]`.
    pub extras: Vec<u32>,
    /// See `extras`.
    pub ends: Vec<u32>,
    /// For each position, the number of its set of permitted labels.
    pub sets: Vec<u16>,
    /// How much the sequence counts.
    pub weight: f32,
}

impl Sequence {
    /// Number of positions.
    #[must_use]
    pub fn len(&self) -> usize {
        self.sets.len()
    }

    /// Whether it has no position.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sets.is_empty()
    }

    fn extras_at(&self, t: usize) -> &[u32] {
        let start = if t == 0 { 0 } else { self.ends[t - 1] };
        &self.extras[start as usize..self.ends[t] as usize]
    }
}

/// All there is to learn from.
#[derive(Clone, Copy, Debug)]
pub struct Data<'a> {
    /// The sequences.
    pub sequences: &'a [Sequence],
    /// The shared feature lists.
    pub lists: &'a [Vec<u32>],
    /// For each set of permitted labels a flag per label.
    pub sets: &'a [Vec<bool>],
}

/// How to train.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Step size of AdaGrad.
    pub rate: f32,
    /// Share of the features of a position that is left out at each visit.
    pub dropout: f32,
    /// Passes over the data.
    pub epochs: usize,
    /// The weights are the mean of those after each of the last so many epochs.
    pub averaged: usize,
}

/// A sequence with less loss than this is passed over the next time: it would change nothing worth its time.
const EASY: f64 = 0.02;

/// Feature weights and transition weights.
#[derive(Clone, Debug)]
pub struct Crf {
    grammar: Grammar,
    stride: usize,
    /// One row per feature, `stride` weights followed by `stride` sums of squared gradients.
    rows: Vec<f32>,
    /// `stride` weights a row, the row is the label before; then the sums of squares.
    transitions: Vec<f32>,
    transition_squares: Vec<f32>,
}

/// What one sequence needs while it is worked on; kept to reuse its memory.
#[derive(Debug, Default)]
struct Work {
    active: Vec<u32>,
    active_ends: Vec<u32>,
    emissions: Vec<f32>,
    lattice: Lattice,
    gradient: Counts,
}

impl Crf {
    /// A model with all weights zero.
    #[must_use]
    pub fn new(grammar: Grammar, features: usize) -> Self {
        let stride = grammar.labels.next_multiple_of(LANES);
        Self {
            rows: vec![0.0; features * stride * 2],
            transitions: vec![0.0; stride * stride],
            transition_squares: vec![0.0; stride * stride],
            grammar,
            stride,
        }
    }

    /// Distance between the rows of [`Crf::weights`].
    #[must_use]
    pub fn stride(&self) -> usize {
        self.stride
    }

    /// The weights of a feature, one per label.
    #[must_use]
    pub fn weights(&self, feature: usize) -> &[f32] {
        &self.rows[feature * self.stride * 2..][..self.grammar.labels]
    }

    /// The weight of label `to` after label `from`.
    #[must_use]
    pub fn transition(&self, from: usize, to: usize) -> f32 {
        self.transitions[from * self.stride + to]
    }

    /// Trains on `data`. `visit` chooses, for each epoch, which sequences are read, in what order. `epoch_done`
    /// is told after each epoch its number from 1 and the mean loss a position; the feature weights it sees are
    /// those for the features left over by dropout.
    pub fn train(
        &mut self,
        data: &Data<'_>,
        settings: &Settings,
        random: &mut Random,
        visit: &mut dyn FnMut(&mut Random) -> Vec<u32>,
        epoch_done: &mut dyn FnMut(&Self, usize, f64),
    ) {
        let sets = self.padded_sets(data.sets);
        let mut work = Work::default();
        let mut sum: Option<Vec<f32>> = None;
        let mut transition_sum = vec![0.0; self.transitions.len()];
        let mut easy = vec![false; data.sequences.len()];
        for epoch in 1..=settings.epochs {
            let order = visit(random);
            let (mut loss, mut positions) = (0.0f64, 0usize);
            for &index in &order {
                let sequence = &data.sequences[index as usize];
                let skip = std::mem::take(&mut easy[index as usize]);
                if !sequence.is_empty() && !skip {
                    let own = self.step(sequence, data.lists, &sets, settings, random, &mut work);
                    easy[index as usize] = own < EASY;
                    loss += own;
                    positions += sequence.len();
                }
            }
            if epoch + settings.averaged > settings.epochs {
                add_weights(
                    sum.get_or_insert_with(|| vec![0.0; self.rows.len() / 2]),
                    &self.rows,
                    self.stride,
                );
                for (sum, w) in transition_sum.iter_mut().zip(&self.transitions) {
                    *sum += w;
                }
            }
            epoch_done(self, epoch, loss / positions.max(1) as f64);
        }
        let share = 1.0 / settings.averaged.clamp(1, settings.epochs.max(1)) as f32;
        if let Some(sum) = sum {
            set_weights(&mut self.rows, &sum, self.stride, share * (1.0 - settings.dropout));
            for (w, sum) in self.transitions.iter_mut().zip(&transition_sum) {
                *w = sum * share;
            }
        }
    }

    fn padded_sets(&self, sets: &[Vec<bool>]) -> Vec<Vec<f32>> {
        let pad = |set: &Vec<bool>| {
            let mut row: Vec<f32> = set.iter().map(|&b| f32::from(u8::from(b))).collect();
            row.resize(self.stride, 0.0);
            row
        };
        sets.iter().map(pad).collect()
    }

    /// One gradient step; gives the loss.
    fn step(
        &mut self,
        sequence: &Sequence,
        lists: &[Vec<u32>],
        sets: &[Vec<f32>],
        settings: &Settings,
        random: &mut Random,
        work: &mut Work,
    ) -> f64 {
        self.choose(sequence, lists, settings.dropout, random, work);
        self.emit(sequence.len(), work);
        let (table, length, stride) = (self.exponentials(), sequence.len(), self.stride);
        work.gradient.reset(length, stride);
        let Work { lattice, gradient, emissions, .. } = work;
        let mut chain = Chain { grammar: &self.grammar, stride, emissions, table: &table, limit: None };
        let all = lattice.expect(&chain, length, -1.0, gradient);
        chain.limit = Some((&sequence.sets, sets));
        let permitted = lattice.expect(&chain, length, 1.0, gradient);
        if !(all.is_finite() && permitted.is_finite()) {
            return 0.0;
        }
        self.update(length, sequence.weight, settings.rate, work);
        all - permitted
    }

    /// Picks the features of each position that count this time.
    fn choose(
        &self,
        sequence: &Sequence,
        lists: &[Vec<u32>],
        dropout: f32,
        random: &mut Random,
        work: &mut Work,
    ) {
        work.active.clear();
        work.active_ends.clear();
        let slots = sequence.lists.len() / sequence.len();
        let threshold = (dropout * 256.0) as u64;
        let mut coins = Coins { random, bits: 0, left: 0 };
        for t in 0..sequence.len() {
            for &list in &sequence.lists[t * slots..(t + 1) * slots] {
                work.active
                    .extend(lists[list as usize].iter().copied().filter(|_| coins.byte() >= threshold));
            }
            work.active.extend(sequence.extras_at(t).iter().copied().filter(|_| coins.byte() >= threshold));
            work.active_ends.push(work.active.len() as u32);
        }
    }

    fn emit(&self, length: usize, work: &mut Work) {
        let stride = self.stride;
        work.emissions.clear();
        work.emissions.resize(length * stride, 0.0);
        let mut start = 0;
        for (row, &end) in work.emissions.chunks_exact_mut(stride).zip(&work.active_ends) {
            for &feature in &work.active[start as usize..end as usize] {
                let weights = &self.rows[feature as usize * stride * 2..][..stride];
                for (sum, w) in row.iter_mut().zip(weights) {
                    *sum += w;
                }
            }
            // Scores become factors, the greatest of them 1.
            let top = row[..self.grammar.labels].iter().copied().fold(f32::MIN, f32::max);
            for (label, score) in row.iter_mut().enumerate() {
                *score = if label < self.grammar.labels { exp(*score - top) } else { 0.0 };
            }
            start = end;
        }
    }

    fn exponentials(&self) -> Vec<f32> {
        let (stride, labels) = (self.stride, self.grammar.labels);
        let mut table = vec![0.0; stride * stride];
        for from in 0..labels {
            for to in 0..labels {
                if self.grammar.allowed[from * labels + to] {
                    table[from * stride + to] = exp(self.transitions[from * stride + to]);
                }
            }
        }
        table
    }

    fn update(&mut self, length: usize, weight: f32, rate: f32, work: &Work) {
        let stride = self.stride;
        let mut start = 0;
        let mut row = vec![0.0f32; stride];
        for t in 0..length {
            let end = work.active_ends[t];
            row.copy_from_slice(&work.gradient.emissions[t * stride..][..stride]);
            scale(&mut row, weight);
            // Positions the model is sure of teach nothing; leaving them out saves most of the time.
            if largest(&row) > 1e-3 {
                for &feature in &work.active[start as usize..end as usize] {
                    let both = &mut self.rows[feature as usize * stride * 2..][..stride * 2];
                    let (weights, squares) = both.split_at_mut(stride);
                    adagrad(weights, squares, &row, rate);
                }
            }
            start = end;
        }
        let mut gradient = work.gradient.transitions.clone();
        scale(&mut gradient, weight);
        adagrad(&mut self.transitions, &mut self.transition_squares, &gradient, rate);
    }
}

/// One byte of a random number after the other.
struct Coins<'a> {
    random: &'a mut Random,
    bits: u64,
    left: u32,
}

impl Coins<'_> {
    fn byte(&mut self) -> u64 {
        if self.left == 0 {
            self.bits = self.random.bits();
            self.left = 8;
        }
        let byte = self.bits & 0xFF;
        self.bits >>= 8;
        self.left -= 1;
        byte
    }
}

fn adagrad(weights: &mut [f32], squares: &mut [f32], gradient: &[f32], rate: f32) {
    for ((w, s), g) in weights.iter_mut().zip(squares.iter_mut()).zip(gradient) {
        *s += g * g;
        *w += rate * g / (s.sqrt() + 1e-6);
    }
}

fn add_weights(sum: &mut [f32], rows: &[f32], stride: usize) {
    for (sum, row) in sum.chunks_exact_mut(stride).zip(rows.chunks_exact(stride * 2)) {
        for (s, w) in sum.iter_mut().zip(row) {
            *s += w;
        }
    }
}

fn set_weights(rows: &mut [f32], sum: &[f32], stride: usize, share: f32) {
    for (sum, row) in sum.chunks_exact(stride).zip(rows.chunks_exact_mut(stride * 2)) {
        for (s, w) in sum.iter().zip(row) {
            *w = s * share;
        }
    }
}

/// e^x for x in about -80..80, to 1e-6 relative: 2^k times a polynomial, the same on every machine.
#[must_use]
pub fn exp(x: f32) -> f32 {
    let y = (x.clamp(-80.0, 80.0)) * std::f32::consts::LOG2_E;
    let whole = (y + 12_582_912.0) - 12_582_912.0; // rounds: leaves no bits for the fraction
    let part = (y - whole) * std::f32::consts::LN_2;
    let series = 1.0
        + part
            * (1.0
                + part
                    * (0.5 + part * (1.0 / 6.0 + part * (1.0 / 24.0 + part * (1.0 / 120.0 + part / 720.0)))));
    series * f32::from_bits(((whole as i32 + 127) as u32) << 23)
}
