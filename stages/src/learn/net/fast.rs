//! The network in use: whole numbers of 16 bits, and what an item gives to the hidden layer kept.

use super::kernels::{LANES, add_small, dot_small, product};
use super::packed::Packed;
use super::{Shape, Weights};
use crate::model::{ModelError, ModelFile, ModelWriter};

/// What one is in a sum of the hidden layer.
const ONE: f32 = 256.0;
/// Largest value of a hidden unit, so that scores stay within 32 bits.
const MOST: i16 = 8191;
/// Largest weight between the hidden layer and an outcome, as a whole number.
const MOST_OUT: f32 = 1023.0;
/// Units of the hidden layer added up at a time: what fits the registers.
pub const BLOCK: usize = 64;

/// Columns of a matrix worked on at a time, with sums that fit the registers.
const COLUMNS: usize = 32;

/// A trained network.
#[derive(Clone, Debug)]
pub struct Net {
    shape: Shape,
    embed: Packed,
    project: Vec<f32>,
    cells: Vec<i16>,
    bias: Vec<i16>,
    out: Vec<i16>,
    out_bias: Vec<i32>,
    /// What one is in a score.
    unit: f32,
}

/// Memory of one decision.
#[derive(Clone, Debug, Default)]
pub struct Hidden(Vec<i16>);

impl Net {
    /// Writes weights as sections that begin with `name`.
    pub fn write(weights: &Weights, name: &str, writer: &mut ModelWriter) {
        let Shape { features, dim, places, cells, hidden, outcomes } = weights.shape;
        let shape = [features, dim, places, cells, hidden, outcomes].map(|size| size as u32);
        writer.section(&format!("{name}.shape"), &shape);
        Packed::new(&weights.embed, dim).write(&format!("{name}.embed"), writer);
        Packed::new(&weights.project, hidden).write(&format!("{name}.project"), writer);
        Packed::new(&weights.cells, hidden).write(&format!("{name}.cells"), writer);
        writer.section(&format!("{name}.bias"), &weights.bias);
        writer.section(&format!("{name}.out"), &weights.out);
        writer.section(&format!("{name}.out_bias"), &weights.out_bias);
    }

    /// Reads the sections that begin with `name`.
    ///
    /// # Errors
    /// When one is missing or has an impossible size.
    pub fn read(file: &ModelFile<'_>, name: &str) -> Result<Self, ModelError> {
        let section = |part: &str| format!("{name}.{part}");
        let fault = |part: &str| ModelError::Section(section(part), "has an impossible size");
        let sizes: Vec<u32> = file.section(&section("shape"))?;
        let [features, dim, places, cells, hidden, outcomes] = sizes[..] else { return Err(fault("shape")) };
        let [features, dim, places] = [features, dim, places].map(|size| size as usize);
        let [cells, hidden, outcomes] = [cells, hidden, outcomes].map(|size| size as usize);
        if hidden == 0 || hidden % BLOCK != 0 || dim % LANES != 0 || [dim, places, outcomes].contains(&0) {
            return Err(fault("shape"));
        }
        let shape = Shape { features, dim, places, cells, hidden, outcomes };
        let bias: Vec<f32> = file.section(&section("bias"))?;
        let out: Vec<f32> = file.section(&section("out"))?;
        let out_bias: Vec<f32> = file.section(&section("out_bias"))?;
        if bias.len() != hidden || out.len() != outcomes * hidden || out_bias.len() != outcomes {
            return Err(fault("out"));
        }
        let unit = MOST_OUT / out.iter().fold(1e-9_f32, |most, weight| most.max(weight.abs()));
        let project = Packed::read(file, &section("project"), places * dim, hidden)?;
        let table = Packed::read(file, &section("cells"), cells, hidden)?;
        Ok(Self {
            shape,
            embed: Packed::read(file, &section("embed"), features, dim)?,
            project: project.numbers().collect(),
            cells: table.numbers().map(hidden_unit).collect(),
            bias: bias.into_iter().map(hidden_unit).collect(),
            out: out.into_iter().map(|weight| (weight * unit).round() as i16).collect(),
            out_bias: out_bias.into_iter().map(|bias| (bias * unit * ONE).round() as i32).collect(),
            unit: unit * ONE,
        })
    }

    /// Its sizes.
    #[must_use]
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// Numbers that [`Net::give`] appends.
    #[must_use]
    pub fn given(&self) -> usize {
        self.shape.places * self.shape.hidden
    }

    /// Appends what an item with these features gives to the hidden layer, place after place.
    pub fn give(&self, features: &[u32], given: &mut Vec<i16>) {
        let Shape { dim, places, hidden, .. } = self.shape;
        let mut vector = vec![0.0; dim];
        for &feature in features {
            vector.iter_mut().zip(self.embed.row(feature as usize)).for_each(|(sum, number)| *sum += number);
        }
        for matrix in self.project.chunks_exact(dim * hidden).take(places) {
            for first in (0..hidden).step_by(COLUMNS) {
                let sums = product::<COLUMNS>(&vector, matrix, hidden, first);
                let mut units = [0; COLUMNS];
                for (unit, sum) in units.iter_mut().zip(sums) {
                    *unit = hidden_unit(sum);
                }
                given.extend_from_slice(&units);
            }
        }
    }

    /// Works out the hidden layer: `rows` are what items give at their places, `cells` rows of the table.
    pub fn hide(&self, given: &[i16], rows: &[usize], cells: &[u32], hidden: &mut Hidden) {
        let width = self.shape.hidden;
        hidden.0.clear();
        for (number, bias) in self.bias.chunks_exact(BLOCK).enumerate() {
            let from = number * BLOCK;
            let mut sums = [0_i16; BLOCK];
            sums.copy_from_slice(bias);
            for &row in rows {
                add_small(&mut sums, &given[row + from..]);
            }
            for &cell in cells {
                add_small(&mut sums, &self.cells[cell as usize * width + from..]);
            }
            for sum in &mut sums {
                *sum = (*sum).clamp(0, MOST);
            }
            hidden.0.extend_from_slice(&sums);
        }
    }

    /// Score of an outcome; comparable within a network.
    #[must_use]
    pub fn score(&self, hidden: &Hidden, outcome: usize) -> i32 {
        let weights = &self.out[outcome * self.shape.hidden..][..self.shape.hidden];
        self.out_bias[outcome].wrapping_add(dot_small(&hidden.0, weights))
    }

    /// Which of `open` has the best score, counted from the outcome `base`: the first of equals.
    #[must_use]
    pub fn best(&self, hidden: &Hidden, base: usize, open: &[u8]) -> u8 {
        let mut best = (i32::MIN, 0);
        for &outcome in open {
            let score = self.score(hidden, base + usize::from(outcome));
            if score > best.0 {
                best = (score, outcome);
            }
        }
        best.1
    }

    /// As [`Net::best`], with the log of the best one's share among all that are `open`.
    #[must_use]
    pub fn best_with_share(&self, hidden: &Hidden, base: usize, open: &[u8]) -> (u8, f32) {
        let mut scores = [0; 256];
        let mut best = (i32::MIN, 0);
        for (score, &outcome) in scores.iter_mut().zip(open) {
            *score = self.score(hidden, base + usize::from(outcome));
            best = if *score > best.0 { (*score, outcome) } else { best };
        }
        let own = best.0 as f32 / self.unit;
        let odds = |&score: &i32| (score as f32 / self.unit - own).exp();
        (best.1, -scores.iter().take(open.len()).map(odds).sum::<f32>().ln())
    }

    /// What one (a log odds) is in a score.
    #[must_use]
    pub fn unit(&self) -> f32 {
        self.unit
    }
}

/// Rounds to the nearest, halves up: `round` would be a call for each number.
#[inline]
fn hidden_unit(number: f32) -> i16 {
    let shifted = number * ONE + 32768.5;
    (shifted.clamp(0.0, 65535.0) as i32 - 32768) as i16
}
