//! Adam (Kingma and Ba 2015), in its lazy form for large tables: a row's moments move only when it has a gradient.
#![allow(clippy::needless_range_loop, reason = "such loops become vector code in every build")]

use fearless_simd::{Level, dispatch};

use super::Weights;
use super::pass::Gradients;

const DECAY: [f32; 2] = [0.9, 0.999];
const EPSILON: f32 = 1e-8;

/// The state of the optimiser.
#[derive(Debug)]
pub struct Adam {
    first: Weights,
    second: Weights,
    /// Powers of the decay rates, for the correction of the bias of early steps.
    powers: [f32; 2],
    sums: Weights,
}

struct Step {
    rate: f32,
    /// Largest square of a gradient's length is not limited; each number is.
    correction: f32,
}

impl Adam {
    /// For weights like these.
    #[must_use]
    pub fn new(weights: &Weights) -> Self {
        let zero = || Weights::zero(weights.shape);
        Self { first: zero(), second: zero(), powers: [1.0; 2], sums: zero() }
    }

    /// A step at `rate` along the gradients of all workers, which are added in their order, and cleared.
    pub fn step(&mut self, weights: &mut Weights, rate: f32, parts: &mut [&mut Gradients]) {
        dispatch!(Level::new(), _ => self.step_all(weights, rate, parts));
    }

    #[inline(always)]
    fn step_all(&mut self, weights: &mut Weights, rate: f32, parts: &mut [&mut Gradients]) {
        self.powers.iter_mut().zip(DECAY).for_each(|(power, decay)| *power *= decay);
        let step = Step { rate: rate / (1.0 - self.powers[0]), correction: 1.0 / (1.0 - self.powers[1]) };
        let dim = weights.shape.dim;
        let hidden = weights.shape.hidden;
        let Self { first, second, sums, .. } = self;
        macro_rules! dense {
            ($($field:ident),*) => {$(
                for part in parts.iter_mut() {
                    gather(&mut sums.$field, &mut part.sums.$field);
                }
                step.go(&mut weights.$field, &mut first.$field, &mut second.$field, &mut sums.$field);
            )*};
        }
        dense!(project, bias, out, out_bias);
        macro_rules! sparse {
            ($touched:ident, $field:ident, $width:expr) => {
                let mut rows: Vec<u32> =
                    parts.iter().flat_map(|part| part.$touched.rows()).copied().collect();
                rows.sort_unstable();
                rows.dedup();
                for row in rows {
                    let at = row as usize * $width..(row as usize + 1) * $width;
                    for part in parts.iter_mut() {
                        gather(&mut sums.$field[at.clone()], &mut part.sums.$field[at.clone()]);
                    }
                    step.go(
                        &mut weights.$field[at.clone()],
                        &mut first.$field[at.clone()],
                        &mut second.$field[at.clone()],
                        &mut sums.$field[at],
                    );
                }
                parts.iter_mut().for_each(|part| part.$touched.clear());
            };
        }
        sparse!(features, embed, dim);
        sparse!(cells, cells, hidden);
    }
}

/// Adds up, and leaves zeros behind.
#[inline(always)]
fn gather(sums: &mut [f32], part: &mut [f32]) {
    let part = &mut part[..sums.len()];
    for i in 0..sums.len() {
        sums[i] += part[i];
        part[i] = 0.0;
    }
}

impl Step {
    #[inline(always)]
    fn go(&self, weights: &mut [f32], first: &mut [f32], second: &mut [f32], sums: &mut [f32]) {
        let len = weights.len();
        let (first, second, sums) = (&mut first[..len], &mut second[..len], &mut sums[..len]);
        for i in 0..len {
            first[i] += (1.0 - DECAY[0]) * (sums[i] - first[i]);
            second[i] += (1.0 - DECAY[1]) * (sums[i] * sums[i] - second[i]);
            weights[i] -= self.rate * first[i] / ((second[i] * self.correction).sqrt() + EPSILON);
            sums[i] = 0.0;
        }
    }
}
