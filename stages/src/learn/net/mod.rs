//! A feed-forward network with one hidden layer over the words of a sequence, made for decisions that follow each
//! other along it (Chen and Manning 2014).
//!
//! A decision looks at items in fixed *places* (this word, the one before) and at *cells*, rows of a table that
//! stand for all else (the tag in some place). An item is a set of features, each with a vector; its vector is
//! their sum, and each place has a matrix that takes it to the hidden layer. Since all of this is a sum, what an
//! item gives to the hidden layer at a place can be kept: training works it out once a sentence, [`fast`] once for
//! as long as the word is remembered.

pub mod adam;
pub mod fast;
mod kernels;
pub mod packed;
pub mod pass;
#[cfg(test)]
mod tests;

use super::random::Random;

/// The sizes of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Features an item may have.
    pub features: usize,
    /// Numbers in the vector of a feature.
    pub dim: usize,
    /// Places that items are looked at in.
    pub places: usize,
    /// Rows of the table of cells.
    pub cells: usize,
    /// Units of the hidden layer.
    pub hidden: usize,
    /// Outcomes.
    pub outcomes: usize,
}

/// The weights of a network, or anything that comes in the same shape: gradients, moments.
#[derive(Clone, Debug)]
pub struct Weights {
    /// Sizes.
    pub shape: Shape,
    /// Vectors of features: `features × dim`.
    pub embed: Vec<f32>,
    /// For each place a matrix: `places × dim × hidden`.
    pub project: Vec<f32>,
    /// What cells give to the hidden layer: `cells × hidden`.
    pub cells: Vec<f32>,
    /// Bias of the hidden layer.
    pub bias: Vec<f32>,
    /// Hidden layer to outcomes: `outcomes × hidden`.
    pub out: Vec<f32>,
    /// Bias of the outcomes.
    pub out_bias: Vec<f32>,
}

impl Weights {
    /// All zero.
    #[must_use]
    pub fn zero(shape: Shape) -> Self {
        let Shape { features, dim, places, cells, hidden, outcomes } = shape;
        Self {
            shape,
            embed: vec![0.0; features * dim],
            project: vec![0.0; places * dim * hidden],
            cells: vec![0.0; cells * hidden],
            bias: vec![0.0; hidden],
            out: vec![0.0; outcomes * hidden],
            out_bias: vec![0.0; outcomes],
        }
    }

    /// Small random numbers, of a size that keeps the sums of the hidden layer near one.
    #[must_use]
    pub fn random(shape: Shape, random: &mut Random) -> Self {
        let mut weights = Self::zero(shape);
        let mut fill = |numbers: &mut [f32], size: f32| {
            numbers.iter_mut().for_each(|number| *number = (2.0 * random.unit() - 1.0) * size);
        };
        fill(&mut weights.embed, 0.1);
        fill(&mut weights.project, 1.0 / (shape.dim as f32).sqrt());
        fill(&mut weights.cells, 0.1);
        fill(&mut weights.out, 1.0 / (shape.hidden as f32).sqrt());
        weights.bias.fill(0.1);
        weights
    }
}
