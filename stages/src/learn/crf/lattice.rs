//! Sums over all label rows of a sequence: forward and backward (Rabiner 1989), in scaled probabilities.

use super::{Grammar, LANES};

/// What the sums run over.
pub(super) struct Chain<'a> {
    pub grammar: &'a Grammar,
    pub stride: usize,
    /// A factor per position and label.
    pub emissions: &'a [f32],
    /// A factor per pair of neighbouring labels; 0 where not allowed.
    pub table: &'a [f32],
    /// Permitted labels: number of the set at each position, flags of each set. None: all.
    pub limit: Option<(&'a [u16], &'a [Vec<f32>])>,
}

/// Expected counts, added up over calls.
#[derive(Debug, Default)]
pub(super) struct Counts {
    /// Per position and label.
    pub emissions: Vec<f32>,
    /// Per pair of labels.
    pub transitions: Vec<f32>,
}

impl Counts {
    pub(super) fn reset(&mut self, length: usize, stride: usize) {
        self.emissions.clear();
        self.emissions.resize(length * stride, 0.0);
        self.transitions.clear();
        self.transitions.resize(stride * stride, 0.0);
    }
}

/// Working memory of the sums.
#[derive(Debug, Default)]
pub(super) struct Lattice {
    forward: Vec<f32>,
    backward: Vec<f32>,
    here: Vec<f32>,
}

impl Chain<'_> {
    /// The factors of position `t`.
    fn factors(&self, t: usize, out: &mut [f32]) {
        out.copy_from_slice(&self.emissions[t * self.stride..][..self.stride]);
        if let Some((numbers, sets)) = self.limit {
            multiply(out, &sets[usize::from(numbers[t])]);
        }
    }

    fn edge(flags: &[bool], out: &mut [f32]) {
        for (value, &flag) in out.iter_mut().zip(flags) {
            *value = f32::from(u8::from(flag));
        }
    }
}

impl Lattice {
    /// Adds `sign` times the expected counts to `counts` and gives the logarithm of the sum over all rows, less a
    /// constant that is the same for every limit; minus infinity, and no counts, if there is no row at all.
    pub(super) fn expect(&mut self, chain: &Chain<'_>, length: usize, sign: f32, counts: &mut Counts) -> f64 {
        let stride = chain.stride;
        for buffer in [&mut self.forward, &mut self.backward] {
            buffer.clear();
            buffer.resize(length * stride, 0.0);
        }
        self.here.clear();
        self.here.resize(stride, 0.0);
        let log = self.run_forward(chain, length);
        if log.is_finite() {
            self.run_backward(chain, length, sign, counts);
        }
        log
    }

    fn run_forward(&mut self, chain: &Chain<'_>, length: usize) -> f64 {
        let stride = chain.stride;
        let mut log = 0.0f64;
        for t in 0..length {
            chain.factors(t, &mut self.here);
            let (before, now) = self.forward.split_at_mut(t * stride);
            let now = &mut now[..stride];
            match t.checked_sub(1) {
                None => Chain::edge(&chain.grammar.first, now),
                Some(t) => times(&before[t * stride..], chain.table, now),
            }
            multiply(now, &self.here);
            if t + 1 == length {
                Chain::edge(&chain.grammar.last, &mut self.here);
                multiply(now, &self.here);
            }
            let total = sum(now);
            log += f64::from(total).ln();
            scale(now, 1.0 / total);
        }
        log
    }

    fn run_backward(&mut self, chain: &Chain<'_>, length: usize, sign: f32, counts: &mut Counts) {
        let stride = chain.stride;
        Chain::edge(&chain.grammar.last, &mut self.backward[(length - 1) * stride..]);
        for t in (0..length).rev() {
            let now = &self.forward[t * stride..][..stride];
            let (earlier, later) = self.backward.split_at_mut(t * stride);
            let ahead = &later[..stride];
            let total = dot(now, ahead);
            let share = sign / total;
            for ((count, a), b) in counts.emissions[t * stride..][..stride].iter_mut().zip(now).zip(ahead) {
                *count += share * a * b;
            }
            let Some(previous) = t.checked_sub(1) else { break };
            chain.factors(t, &mut self.here);
            multiply(&mut self.here, ahead);
            let back = &mut earlier[previous * stride..];
            let before = &self.forward[previous * stride..][..stride];
            back_step(chain, &self.here, before, back, sign, &mut counts.transitions);
        }
    }
}

/// One step back: the sums before from those after (already times their factors), and the counts of pairs.
fn back_step(
    chain: &Chain<'_>,
    here: &[f32],
    before: &[f32],
    back: &mut [f32],
    sign: f32,
    pairs: &mut [f32],
) {
    let (stride, labels) = (chain.stride, chain.grammar.labels);
    let mut total = 0.0f32;
    for ((row, b), f) in chain.table.chunks_exact(stride).zip(back.iter_mut()).zip(before).take(labels) {
        // Of labels that no way leads to nothing is needed.
        if *f > 1e-9 {
            *b = dot(row, here);
            total += f * *b;
        }
    }
    let share = sign / total;
    let rows = chain.table.chunks_exact(stride).zip(pairs.chunks_exact_mut(stride));
    for ((row, counts), f) in rows.zip(before).take(labels) {
        let weight = f * share;
        if weight.abs() > 1e-6 {
            for ((count, r), h) in counts.iter_mut().zip(row).zip(here) {
                *count += weight * r * h;
            }
        }
    }
    let top = largest(back).max(f32::MIN_POSITIVE);
    scale(back, 1.0 / top);
}

fn times(vector: &[f32], table: &[f32], out: &mut [f32]) {
    for (row, &v) in table.chunks_exact(out.len()).zip(vector) {
        if v > 1e-9 {
            for (o, r) in out.iter_mut().zip(row) {
                *o += v * r;
            }
        }
    }
}

fn multiply(values: &mut [f32], by: &[f32]) {
    for (v, b) in values.iter_mut().zip(by) {
        *v *= b;
    }
}

pub(super) fn scale(values: &mut [f32], by: f32) {
    for v in values {
        *v *= by;
    }
}

/// The sum of a padded row.
fn sum(row: &[f32]) -> f32 {
    let mut lanes = [0.0f32; LANES];
    for part in row.as_chunks::<LANES>().0 {
        lanes.iter_mut().zip(part).for_each(|(lane, value)| *lane += value);
    }
    lanes.iter().sum()
}

/// The largest absolute value of a padded row.
pub(super) fn largest(row: &[f32]) -> f32 {
    let mut lanes = [0.0f32; LANES];
    for part in row.as_chunks::<LANES>().0 {
        lanes.iter_mut().zip(part).for_each(|(lane, value)| *lane = lane.max(value.abs()));
    }
    lanes.into_iter().fold(0.0, f32::max)
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0.0f32; LANES];
    for (a, b) in a.as_chunks::<LANES>().0.iter().zip(b.as_chunks::<LANES>().0) {
        for ((lane, a), b) in lanes.iter_mut().zip(a).zip(b) {
            *lane += a * b;
        }
    }
    lanes.iter().sum()
}
