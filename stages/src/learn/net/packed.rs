//! Matrices in a byte a number.

use super::kernels::{LANES, add_cells};
use crate::model::{ModelError, ModelFile, ModelWriter};

/// Rows are scaled by powers of two up to this one, so that small rows keep their digits.
const MOST_SHIFT: u8 = 7;

/// A matrix of small whole numbers, each row with a scale of its own.
#[derive(Clone, Debug, Default)]
pub struct Packed {
    width: usize,
    unit: f32,
    shifts: Vec<u8>,
    cells: Vec<i8>,
}

impl Packed {
    /// Rounds rows of `width` numbers. A number is off by at most 1/127 of the power of two (of the largest
    /// number) next above the largest of its row.
    #[must_use]
    pub fn new(numbers: &[f32], width: usize) -> Self {
        let largest = |row: &[f32]| row.iter().fold(1e-9_f32, |most, number| most.max(number.abs()));
        let unit = largest(numbers) / (127.0 * f32::from(1_u16 << MOST_SHIFT));
        let mut packed = Self { width, unit, ..Self::default() };
        for row in numbers.chunks_exact(width) {
            let step = |shift: u8| unit * f32::from(1_u16 << shift);
            let fits = |shift: &u8| largest(row) <= 127.4 * step(*shift);
            let shift = (0..MOST_SHIFT).find(fits).unwrap_or(MOST_SHIFT);
            packed.shifts.push(shift);
            packed.cells.extend(row.iter().map(|number| (number / step(shift)).round() as i8));
        }
        packed
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.shifts.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.shifts.is_empty()
    }

    /// The numbers of a row.
    pub fn row(&self, row: usize) -> impl Iterator<Item = f32> + '_ {
        let step = self.step(row);
        self.cells[row * self.width..][..self.width].iter().map(move |&cell| f32::from(cell) * step)
    }

    /// Adds a row whose length is a multiple of [`LANES`].
    #[inline(always)]
    pub(super) fn add_row(&self, row: usize, sums: &mut [f32]) {
        let cells = self.cells[row * self.width..][..self.width].as_chunks::<LANES>().0;
        add_cells(sums.as_chunks_mut().0, cells, self.step(row));
    }

    fn step(&self, row: usize) -> f32 {
        self.unit * f32::from(1_u16 << (self.shifts[row] & 15))
    }

    /// All numbers, row after row.
    pub fn numbers(&self) -> impl Iterator<Item = f32> + '_ {
        (0..self.len()).flat_map(|row| self.row(row))
    }

    /// Writes it as sections that begin with `name`.
    pub fn write(&self, name: &str, writer: &mut ModelWriter) {
        writer.section(&format!("{name}.unit"), &[self.unit]);
        writer.section(&format!("{name}.shifts"), &self.shifts);
        writer.section(&format!("{name}.cells"), &self.cells);
    }

    /// Reads a matrix of so many rows and columns.
    ///
    /// # Errors
    /// When a section is missing or has another size.
    pub fn read(file: &ModelFile<'_>, name: &str, rows: usize, width: usize) -> Result<Self, ModelError> {
        let section = format!("{name}.cells");
        let (units, shifts): (Vec<f32>, Vec<u8>) =
            (file.section(&format!("{name}.unit"))?, file.section(&format!("{name}.shifts"))?);
        let cells: Vec<i8> = file.section(&section)?;
        match units[..] {
            [unit] if shifts.len() == rows && cells.len() == rows * width => {
                Ok(Self { width, unit, shifts, cells })
            }
            _ => Err(ModelError::Section(section, "does not have the size that the header says")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_within_rounding() {
        let numbers = [0.5, -2.0, 0.25, 0.01, -0.02, 0.0, 0.0, 0.0, 0.0];
        let packed = Packed::new(&numbers, 3);
        assert_eq!(packed.len(), 3);
        for (row, (found, wanted)) in packed.numbers().zip(numbers).enumerate() {
            let most = if row < 3 { 2.0 / 127.0 } else { 0.04 / 127.0 };
            assert!((found - wanted).abs() <= most, "{found} for {wanted}");
        }
    }
}
