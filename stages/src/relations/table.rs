//! Rows of small whole numbers, found by feature.

use super::index::{Index, MOST_ROWS};
use crate::model::{ModelError, ModelFile, ModelWriter};

/// Rows are scaled by powers of two up to this one, so that small weights keep their digits.
const MOST_SHIFT: u32 = 4;

/// A row of `W` whole numbers per feature, to be added up in 16 bits.
#[derive(Clone, Debug, Default)]
pub(crate) struct RowTable<const W: usize> {
    keys: Vec<u32>,
    shifts: Vec<u8>,
    cells: Vec<i8>,
    /// What one stands for in a sum.
    unit: f32,
    index: Index,
}

/// Weights as whole numbers: what one stands for, and how a row is scaled to it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scale {
    /// What one stands for in a sum.
    pub unit: f32,
}

impl Scale {
    /// The scale of these rows.
    pub(crate) fn of<'r>(rows: impl Iterator<Item = &'r [f32]>) -> Self {
        let most = rows.map(largest).fold(1e-9_f32, f32::max);
        Self { unit: most / (127.0 * (1 << MOST_SHIFT) as f32) }
    }

    /// The power of two that a row is scaled by. A weight is rounded to 1/127 of the power of two (of the largest
    /// weight) next above the largest of its row.
    pub(crate) fn shift(self, row: &[f32]) -> u32 {
        let fits = |shift: &u32| largest(row) <= 127.5 * self.unit * (1 << shift) as f32;
        (0..=MOST_SHIFT).find(fits).unwrap_or(MOST_SHIFT)
    }

    /// A weight of a row scaled by `shift`.
    pub(crate) fn cell(self, weight: f32, shift: u32) -> i8 {
        (weight / (self.unit * (1 << shift) as f32)).round() as i8
    }
}

fn largest(row: &[f32]) -> f32 {
    row.iter().fold(1e-9_f32, |m, w| m.max(w.abs()))
}

impl<const W: usize> RowTable<W> {
    /// A table of these rows, which must differ in their keys.
    pub(crate) fn build<'r>(rows: impl Iterator<Item = (u32, &'r [f32])> + Clone) -> Self {
        let scale = Scale::of(rows.clone().map(|(_, row)| row));
        let mut table = Self { unit: scale.unit, ..Self::default() };
        for (key, row) in rows {
            let shift = scale.shift(row);
            table.keys.push(key);
            table.shifts.push(u8::try_from(shift).unwrap_or(0));
            let mut cells = [0; W];
            cells.iter_mut().zip(row).for_each(|(cell, &w)| *cell = scale.cell(w, shift));
            table.cells.extend(cells);
        }
        table.index = Index::new(&table.keys);
        table
    }

    /// Adds the row of a feature to `sums`; nothing for a feature without one.
    #[inline]
    pub(crate) fn add(&self, key: u32, sums: &mut [i16; W]) {
        if let Some(row) = self.index.find(key) {
            self.add_row(row, sums);
        }
    }

    /// Adds the rows of many features: first all are found, then all fetched, then all added, so that the waits
    /// for memory overlap.
    pub(crate) fn add_all(&self, features: &[u64], rows: &mut Vec<u32>, sums: &mut [i16; W]) {
        self.index.find_all(features, rows);
        let touched = rows.iter().fold(0_i8, |sum, &row| sum.wrapping_add(self.cells[row as usize * W]));
        std::hint::black_box(touched);
        for &row in rows.iter() {
            self.add_row(row as usize, sums);
        }
    }

    #[inline]
    fn add_row(&self, row: usize, sums: &mut [i16; W]) {
        let shift = u32::from(self.shifts[row]) & 7;
        if let Some(cells) = self.cells[row * W..].first_chunk::<W>() {
            for (sum, &cell) in sums.iter_mut().zip(cells) {
                *sum = sum.saturating_add(i16::from(cell) << shift);
            }
        }
    }

    /// What one stands for in a sum.
    pub(crate) fn unit(&self) -> f32 {
        self.unit
    }

    pub(crate) fn len(&self) -> usize {
        self.keys.len()
    }

    pub(crate) fn write(&self, name: &str, writer: &mut ModelWriter) {
        writer.section(&format!("{name}.keys"), &self.keys);
        writer.section(&format!("{name}.shifts"), &self.shifts);
        writer.section(&format!("{name}.cells"), &self.cells);
        writer.section(&format!("{name}.unit"), &[self.unit]);
    }

    pub(crate) fn read(name: &str, file: &ModelFile<'_>) -> Result<Self, ModelError> {
        let fault = |part: &str| ModelError::Section(format!("{name}.{part}"), "does not fit its keys");
        let keys: Vec<u32> = file.section(&format!("{name}.keys"))?;
        let shifts: Vec<u8> = file.section(&format!("{name}.shifts"))?;
        let cells: Vec<i8> = file.section(&format!("{name}.cells"))?;
        let [unit] = file.section::<f32>(&format!("{name}.unit"))?[..] else { return Err(fault("unit")) };
        if shifts.len() != keys.len() || cells.len() != keys.len() * W || keys.len() > MOST_ROWS {
            return Err(fault("cells"));
        }
        let index = Index::new(&keys);
        Ok(Self { keys, shifts, cells, unit, index })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_comes_back_within_rounding() {
        let rows: [(u32, &[f32]); 2] = [(7, &[0.05, -2.0, 0.0]), (1 << 20 | 7, &[0.1, 0.1, 0.1])];
        let table = RowTable::<3>::build(rows.into_iter());
        let mut sums = [0; 3];
        table.add(7, &mut sums);
        table.add(8, &mut sums);
        table.add(1 << 20 | 7, &mut sums);
        let found = sums.map(|s| f32::from(s) * table.unit());
        for (found, want) in found.into_iter().zip([0.15, -1.9, 0.1]) {
            assert!((found - want).abs() < 0.01, "{found} for {want}");
        }
    }
}
