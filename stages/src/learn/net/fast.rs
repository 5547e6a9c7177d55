//! The network in use: whole numbers of 16 bits, and what an item gives to the hidden layer kept.

use fearless_simd::{Level, dispatch};

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

/// Log odds of an outcome that does not count.
const NEGLIGIBLE: f32 = -10.0;

/// Columns of a matrix worked on at a time, with sums that fit the registers.
const COLUMNS: usize = 64;

/// A trained network.
#[derive(Clone, Debug)]
pub struct Net {
    shape: Shape,
    embed: Packed,
    /// For each place and block of columns the rows of the matrix.
    project: Vec<[f32; COLUMNS]>,
    cells: Vec<i16>,
    bias: Vec<i16>,
    out: Vec<i16>,
    out_bias: Vec<i32>,
    /// What is taken out of all that items give, place after place.
    nothing: Vec<i16>,
    /// What the processor can do.
    level: Level,
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
            project: in_blocks(&project.numbers().collect::<Vec<f32>>(), dim, hidden),
            cells: table.numbers().map(hidden_unit).collect(),
            bias: bias.into_iter().map(hidden_unit).collect(),
            out: out.into_iter().map(|weight| (weight * unit).round() as i16).collect(),
            out_bias: out_bias.into_iter().map(|bias| (bias * unit * ONE).round() as i32).collect(),
            nothing: Vec::new(),
            level: Level::new(),
            unit: unit * ONE,
        })
    }

    /// Its sizes.
    #[must_use]
    #[inline]
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// Appends the vector of an item with these features.
    pub fn vector(&self, features: &[u32], vectors: &mut Vec<f32>) {
        let start = vectors.len();
        vectors.resize(start + self.shape.dim, 0.0);
        let (embed, vector) = (&self.embed, &mut vectors[start..]);
        dispatch!(self.level, _ => features.iter().for_each(|&feature| embed.add_row(feature as usize, vector)));
    }

    /// Works out what an item with this vector gives to the hidden layer at a place.
    pub fn give(&self, vector: &[f32], place: usize, row: &mut [i16]) {
        let Shape { dim, hidden, .. } = self.shape;
        let size = dim * hidden / COLUMNS;
        let matrix = &self.project[place * size..][..size];
        dispatch!(self.level, _ => give(vector, matrix, row));
        if let Some(nothing) = self.nothing.get(place * hidden..(place + 1) * hidden) {
            move_by(row, nothing, -1);
        }
    }

    /// Takes out of each group of cells what its first one gives, of each place what an item with the feature
    /// `nothing` gives there, and puts it into the bias: the first of a group and that item then give nothing, and
    /// may be left out. Groups are `(first, count)`.
    pub fn take_out(&mut self, nothing: u32, groups: impl Iterator<Item = (u32, u32)>) {
        let width = self.shape.hidden;
        let (mut vector, mut given) = (Vec::new(), vec![0; self.shape.places * width]);
        self.vector(&[nothing], &mut vector);
        let rows = given.chunks_exact_mut(width).enumerate();
        rows.for_each(|(place, row)| self.give(&vector, place, row));
        given.chunks_exact(width).for_each(|row| move_by(&mut self.bias, row, 1));
        self.nothing = given;
        for (first, count) in groups {
            let first = first as usize * width;
            let row = self.cells[first..first + width].to_vec();
            move_by(&mut self.bias, &row, 1);
            let group = self.cells[first..].chunks_exact_mut(width).take(count as usize);
            group.for_each(|cell| move_by(cell, &row, -1));
        }
    }

    /// What the hidden layer has before anything is added.
    #[must_use]
    #[inline]
    pub fn bias(&self) -> &[i16] {
        &self.bias
    }

    /// What a cell gives to the hidden layer.
    #[must_use]
    #[inline]
    pub fn cell(&self, cell: u32) -> &[i16] {
        &self.cells[cell as usize * self.shape.hidden..][..self.shape.hidden]
    }

    /// Works out the sum of rows.
    pub fn add_up(&self, rows: &[&[i16]], sums: &mut [i16]) {
        dispatch!(self.level, _ => add_up(rows, i16::MIN, i16::MAX, sums));
    }

    /// Works out the hidden layer from rows that add up to it.
    pub fn hide(&self, rows: &[&[i16]], hidden: &mut Hidden) {
        hidden.0.resize(self.shape.hidden, 0);
        dispatch!(self.level, _ => add_up(rows, 0, MOST, &mut hidden.0));
    }

    /// Scores of some outcomes, each `base` more than its number in `open`; comparable within a network.
    pub fn scores(&self, hidden: &Hidden, base: usize, open: &[u8], scores: &mut Vec<i32>) {
        scores.resize(open.len(), 0);
        let (out, bias) = (&self.out[base * self.shape.hidden..], &self.out_bias[base..]);
        dispatch!(self.level, _ => score(&hidden.0, out, bias, open, scores));
    }

    /// The log of an outcome's share among those that have these scores. What has next to no share is not counted.
    #[must_use]
    pub fn share(&self, scores: &[i32], outcome: usize) -> f32 {
        let behind = |&score: &i32| (score - scores[outcome]) as f32 / self.unit;
        let odds = scores.iter().map(behind).filter(|odds| *odds > NEGLIGIBLE).map(f32::exp);
        -odds.sum::<f32>().ln()
    }

    /// What one (a log odds) is in a score.
    #[must_use]
    #[inline]
    pub fn unit(&self) -> f32 {
        self.unit
    }
}

#[inline(always)]
fn give(vector: &[f32], matrix: &[[f32; COLUMNS]], row: &mut [i16]) {
    let blocks = row.as_chunks_mut::<COLUMNS>().0.iter_mut();
    for (units, block) in blocks.zip(matrix.chunks_exact(vector.len())) {
        let sums = product(vector, block);
        for i in 0..COLUMNS {
            units[i] = hidden_unit(sums[i]);
        }
    }
}

#[inline(always)]
fn add_up(rows: &[&[i16]], least: i16, most: i16, sums: &mut [i16]) {
    for (number, block) in sums.as_chunks_mut::<BLOCK>().0.iter_mut().enumerate() {
        let mut sums = [0_i16; BLOCK];
        for row in rows {
            add_small(&mut sums, &row[number * BLOCK..]);
        }
        for i in 0..BLOCK {
            block[i] = sums[i].max(least).min(most);
        }
    }
}

#[inline(always)]
fn score(hidden: &[i16], out: &[i16], bias: &[i32], open: &[u8], scores: &mut [i32]) {
    // Loops of a length known beforehand are faster by half.
    match hidden.len() {
        128 => score_in::<128>(hidden, out, bias, open, scores),
        192 => score_in::<192>(hidden, out, bias, open, scores),
        256 => score_in::<256>(hidden, out, bias, open, scores),
        _ => {
            for (score, &outcome) in scores.iter_mut().zip(open) {
                let weights = &out[usize::from(outcome) * hidden.len()..][..hidden.len()];
                *score = bias[usize::from(outcome)].wrapping_add(dot_small(hidden, weights));
            }
        }
    }
}

#[inline(always)]
fn score_in<const N: usize>(hidden: &[i16], out: &[i16], bias: &[i32], open: &[u8], scores: &mut [i32]) {
    let ([hidden], _) = hidden.as_chunks::<N>() else { return };
    let (out, _) = out.as_chunks::<N>();
    for (score, &outcome) in scores.iter_mut().zip(open) {
        *score = bias[usize::from(outcome)].wrapping_add(dot_small(hidden, &out[usize::from(outcome)]));
    }
}

/// Matrices of `dim` rows by blocks of columns.
fn in_blocks(numbers: &[f32], dim: usize, width: usize) -> Vec<[f32; COLUMNS]> {
    let matrices = numbers.chunks_exact(dim * width);
    let blocks = |matrix: &'_ [f32]| -> Vec<[f32; COLUMNS]> {
        let places =
            (0..width).step_by(COLUMNS).flat_map(|column| (0..dim).map(move |row| row * width + column));
        places.map(|from| std::array::from_fn(|i| matrix[from + i])).collect()
    };
    matrices.flat_map(blocks).collect()
}

/// Adds `sign` times a row.
fn move_by(numbers: &mut [i16], row: &[i16], sign: i16) {
    numbers.iter_mut().zip(row).for_each(|(number, by)| *number = number.saturating_add(by * sign));
}

/// Rounds to the nearest: the sum with 1.5 × 2²³ has the whole number in its last bits. A conversion, or `round`, would
/// not become vector code.
#[inline(always)]
fn hidden_unit(number: f32) -> i16 {
    let whole = (number * ONE).clamp(f32::from(i16::MIN), f32::from(i16::MAX));
    (whole + 12_582_912.0).to_bits() as i16
}
