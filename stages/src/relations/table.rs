//! Rows of small whole numbers, found by feature.

use crate::model::{ModelError, ModelFile, ModelWriter};

/// The key of a feature: its hash folded to 32 bits.
#[inline]
pub(crate) fn key(feature: u64) -> u32 {
    (feature ^ (feature >> 32)) as u32
}

/// A row per feature, `width` numbers each, every row with its own scale.
#[derive(Clone, Debug, Default)]
pub(crate) struct RowTable {
    width: usize,
    keys: Vec<u32>,
    scales: Vec<f32>,
    cells: Vec<i8>,
    /// Open addressing: key and row plus one; row zero: free.
    slots: Vec<[u32; 2]>,
}

impl RowTable {
    /// A table of these rows, which must differ in their keys; the numbers are rounded to 1/127 of a row's largest.
    pub(crate) fn build(width: usize, rows: &[(u32, Vec<f32>)]) -> Self {
        let mut table = Self { width, ..Self::default() };
        for (key, row) in rows {
            let largest = row.iter().fold(1e-9_f32, |m, w| m.max(w.abs()));
            table.keys.push(*key);
            table.scales.push(largest / 127.0);
            table.cells.extend(row.iter().map(|w| (w / largest * 127.0).round() as i8));
        }
        table.index();
        table
    }

    fn index(&mut self) {
        let slots = (self.keys.len() * 2).next_power_of_two().max(2);
        self.slots = vec![[0, 0]; slots];
        for (row, &key) in self.keys.iter().enumerate() {
            let mut at = key as usize & (slots - 1);
            while self.slots[at][1] != 0 {
                at = (at + 1) & (slots - 1);
            }
            self.slots[at] = [key, row as u32 + 1];
        }
    }

    fn find(&self, key: u32) -> Option<usize> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut at = key as usize & mask;
        loop {
            match self.slots[at] {
                [_, 0] => return None,
                [found, row] if found == key => return Some(row as usize - 1),
                _ => at = (at + 1) & mask,
            }
        }
    }

    /// Adds the row of a feature to `sums`; nothing for a feature without one.
    #[inline]
    pub(crate) fn add(&self, key: u32, sums: &mut [f32]) {
        if let Some(row) = self.find(key) {
            let scale = self.scales[row];
            let cells = &self.cells[row * self.width..][..self.width];
            for (sum, &cell) in sums.iter_mut().zip(cells) {
                *sum += scale * f32::from(cell);
            }
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.keys.len()
    }

    pub(crate) fn write(&self, name: &str, writer: &mut ModelWriter) {
        writer.section(&format!("{name}.keys"), &self.keys);
        writer.section(&format!("{name}.scales"), &self.scales);
        writer.section(&format!("{name}.cells"), &self.cells);
    }

    pub(crate) fn read(name: &str, width: usize, file: &ModelFile<'_>) -> Result<Self, ModelError> {
        let keys = file.section(&format!("{name}.keys"))?;
        let scales: Vec<f32> = file.section(&format!("{name}.scales"))?;
        let cells: Vec<i8> = file.section(&format!("{name}.cells"))?;
        let mut table = Self { width, keys, scales, cells, slots: Vec::new() };
        if table.scales.len() != table.keys.len() || table.cells.len() != table.keys.len() * width {
            return Err(ModelError::Section(format!("{name}.cells"), "does not fit its keys"));
        }
        table.index();
        Ok(table)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_comes_back_within_rounding() {
        let table = RowTable::build(3, &[(7, vec![0.5, -2.0, 0.0]), (1 << 20 | 7, vec![1.0, 1.0, 1.0])]);
        let mut sums = [0.0; 3];
        table.add(7, &mut sums);
        assert!((sums[0] - 0.5).abs() < 0.02 && (sums[1] + 2.0).abs() < 0.02 && sums[2] == 0.0);
        table.add(8, &mut sums);
        table.add(1 << 20 | 7, &mut sums);
        assert!((sums[2] - 1.0).abs() < 0.02);
    }
}
