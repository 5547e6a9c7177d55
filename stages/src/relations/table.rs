//! Rows of small whole numbers, found by feature.

use fearless_simd::prelude::*;
use fearless_simd::{dispatch, i16x32};

use super::index::{Index, MOST_ROWS};
use super::processor::Processor;
use crate::model::{ModelError, ModelFile, ModelWriter};

/// Rows are scaled by powers of two up to this one, so that small weights keep their digits.
const MOST_SHIFT: u32 = 4;

/// Sums of 16 bits that are added up at a time.
pub(crate) const SUMS: usize = 32;

/// A row of `W` whole numbers per feature, to be added up in 16 bits.
#[derive(Clone, Debug, Default)]
pub(crate) struct RowTable<const W: usize> {
    /// Per row: its key, and the power of two that it is scaled by.
    keys: Vec<u32>,
    shifts: Vec<u8>,
    /// Rows scaled to one unit, each in as many parts as it takes.
    parts: Vec<Part>,
    /// What one stands for in a sum.
    unit: f32,
    index: Index,
    processor: Processor,
}

/// A row or part of one: a whole line of the cache.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Part([i16; SUMS]);

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
    /// Parts of a row.
    const PARTS: usize = W.div_ceil(SUMS);

    /// A table of these rows, which must differ in their keys.
    pub(crate) fn build<'r>(rows: impl Iterator<Item = (u32, &'r [f32])> + Clone) -> Self {
        let scale = Scale::of(rows.clone().map(|(_, row)| row));
        let (mut keys, mut shifts, mut cells) = (Vec::new(), Vec::new(), Vec::new());
        for (key, row) in rows {
            let shift = scale.shift(row);
            keys.push(key);
            shifts.push(u8::try_from(shift).unwrap_or(0));
            cells.extend((0..W).map(|at| row.get(at).map_or(0, |&weight| scale.cell(weight, shift))));
        }
        Self::of_rows(keys, shifts, &cells, scale.unit)
    }

    /// A table of rows that are each to be scaled by a power of two.
    fn of_rows(keys: Vec<u32>, mut shifts: Vec<u8>, cells: &[i8], unit: f32) -> Self {
        shifts.iter_mut().for_each(|shift| *shift &= 7);
        // Behind all rows stands one of zeros, for features without a row.
        let mut parts = vec![Part([0; SUMS]); (keys.len() + 1) * Self::PARTS];
        let rows = parts.chunks_exact_mut(Self::PARTS).zip(cells.chunks_exact(W));
        for ((parts, cells), &shift) in rows.zip(&shifts) {
            for (part, cells) in parts.iter_mut().zip(cells.chunks(SUMS)) {
                part.0.iter_mut().zip(cells).for_each(|(to, &cell)| *to = i16::from(cell) << shift);
            }
        }
        let index = Index::new(&keys);
        Self { keys, shifts, parts, unit, index, processor: Processor::default() }
    }

    /// The numbers of each row.
    fn rows(&self) -> impl Iterator<Item = impl Iterator<Item = i16>> {
        self.parts
            .chunks(Self::PARTS)
            .take(self.len())
            .map(|parts| parts.iter().flat_map(|part| part.0).take(W))
    }

    /// Adds the row of a feature to `sums`; nothing for a feature without one.
    pub(crate) fn add(&self, key: u32, sums: &mut [i16; W]) {
        if let Some(row) = self.index.find(key) {
            let parts = self.parts[row * Self::PARTS..].iter();
            for (sums, part) in sums.chunks_mut(SUMS).zip(parts) {
                sums.iter_mut().zip(part.0).for_each(|(sum, cell)| *sum = sum.saturating_add(cell));
            }
        }
    }

    /// Adds the rows of many features to sums, of which there may be more than a row has: first all are found, then
    /// all added, so that the waits for memory overlap.
    pub(crate) fn add_all(&self, features: &[u64], rows: &mut Vec<u32>, sums: &mut [[i16; SUMS]]) {
        if rows.len() < features.len() {
            rows.resize(features.len(), 0);
        }
        dispatch!(self.processor.0, simd => self.add_up(simd, features, &mut rows[..features.len()], sums));
    }

    #[inline(always)]
    fn add_up<S: Simd>(&self, simd: S, features: &[u64], rows: &mut [u32], sums: &mut [[i16; SUMS]]) {
        let count = self.index.find_all(simd, features, rows);
        let (rows, parts) = (&rows[..count], &self.parts[..]);
        for (number, sums) in sums.iter_mut().enumerate().take(Self::PARTS) {
            let mut sum = i16x32::from_slice(simd, sums);
            for &row in rows {
                if let Some(part) = parts.get(row as usize * Self::PARTS + number) {
                    sum = sum.saturating_add(i16x32::from_slice(simd, &part.0));
                }
            }
            sum.store_slice(sums);
        }
    }

    /// Adds the rows, of one part, of a few features, most of which have one: their number is known, and where there
    /// is no row one of zeros is added, so that no branch can be guessed wrong.
    pub(crate) fn add_each<const N: usize>(&self, features: &[u64; N], sums: &mut [i16; SUMS]) {
        dispatch!(self.processor.0, simd => {
            let mut rows = [0; N];
            for at in 0..N {
                rows[at] = self.index.row_or_last(simd, features[at]);
            }
            let mut sum = i16x32::from_slice(simd, sums);
            for row in rows {
                if let Some(part) = self.parts.get(row * Self::PARTS) {
                    sum = sum.saturating_add(i16x32::from_slice(simd, &part.0));
                }
            }
            sum.store_slice(sums);
        });
    }

    /// What one stands for in a sum.
    pub(crate) fn unit(&self) -> f32 {
        self.unit
    }

    pub(crate) fn len(&self) -> usize {
        self.keys.len()
    }

    pub(crate) fn write(&self, name: &str, writer: &mut ModelWriter) {
        let cells =
            self.rows().zip(&self.shifts).flat_map(|(row, shift)| row.map(move |cell| (cell >> shift) as i8));
        writer.section(&format!("{name}.keys"), &self.keys);
        writer.section(&format!("{name}.shifts"), &self.shifts);
        writer.section(&format!("{name}.cells"), &cells.collect::<Vec<i8>>());
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
        Ok(Self::of_rows(keys, shifts, &cells, unit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_comes_back_within_rounding() {
        let rows: [(u32, &[f32]); 2] = [(7, &[0.05, -2.0, 0.0]), (1 << 20 | 7, &[0.1, 0.1, 0.1])];
        let table = RowTable::<3>::build(rows.into_iter());
        let keys = [7, 8, 1 << 20 | 7];
        let mut sums = [0; 3];
        keys.iter().for_each(|&key| table.add(key, &mut sums));
        let mut together = [[0; SUMS]];
        table.add_all(&keys.map(u64::from), &mut Vec::new(), &mut together);
        assert_eq!(together[0][..4], [sums[0], sums[1], sums[2], 0]);
        let found = sums.map(|s| f32::from(s) * table.unit());
        for (found, want) in found.into_iter().zip([0.15, -1.9, 0.1]) {
            assert!((found - want).abs() < 0.01, "{found} for {want}");
        }
    }
}
