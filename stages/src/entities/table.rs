//! Tables that are looked up as they lie in the model file: open addressing, no building at load.

use crate::model::{ModelError, ModelFile, ModelWriter};

/// From a 64-bit hash to 16 bits. An entry keeps 16 bits of its hash besides its place, so that about one
/// absent key in forty thousand is taken for a present one.
#[derive(Clone, Debug)]
pub(super) struct Table(Vec<u32>);

impl Default for Table {
    fn default() -> Self {
        Self::build(&[])
    }
}

impl Table {
    /// A table of these entries; of entries with the same key the first is kept.
    #[must_use]
    pub(super) fn build(entries: &[(u64, u16)]) -> Self {
        let mut table = Self(vec![0; (entries.len() * 5 / 4).max(8)]);
        for &(hash, value) in entries {
            let at = table.probe(hash);
            if table.0[at] == 0 {
                table.0[at] = u32::from(mark(hash)) << 16 | u32::from(value);
            }
        }
        table
    }

    /// The table as it lies in a file. `None` if it could not be searched.
    #[must_use]
    pub(super) fn from_slots(slots: Vec<u32>) -> Option<Self> {
        slots.contains(&0).then_some(Self(slots))
    }

    /// What is stored in a file.
    #[must_use]
    pub(super) fn slots(&self) -> &[u32] {
        &self.0
    }

    /// The value of a key.
    #[must_use]
    pub(super) fn get(&self, hash: u64) -> Option<u16> {
        let slot = self.0[self.probe(hash)];
        (slot != 0).then_some(slot as u16)
    }

    /// Where the key is, or the free place where it would be.
    fn probe(&self, hash: u64) -> usize {
        let mark = mark(hash);
        let mut at = (((hash & 0xFFFF_FFFF) * self.0.len() as u64) >> 32) as usize;
        while self.0[at] != 0 && (self.0[at] >> 16) as u16 != mark {
            at += 1;
            if at == self.0.len() {
                at = 0;
            }
        }
        at
    }
}

/// 16 bits of the hash that its place does not show, never 0.
fn mark(hash: u64) -> u16 {
    ((hash >> 48) as u16).max(1)
}

/// From a 64-bit hash to a row of small numbers, many of which are zero and not stored.
///
/// Rows lie in the order of their slots. Where one begins is known for every [`BLOCK`]th slot; from there the lengths
/// are added up.
#[derive(Clone, Debug)]
pub(super) struct Rows {
    /// Per slot 32 bits of the hash; 0: free.
    names: Vec<u32>,
    /// Per slot how many numbers are stored; 0: free.
    counts: Vec<u8>,
    /// Where the rows of each block of slots begin in `cells`.
    starts: Vec<u32>,
    /// A row: a bit for each column, lowest first, that tells whether it is stored; then what is stored.
    cells: Vec<u8>,
    columns: usize,
}

/// Slots whose rows have one known beginning.
const BLOCK: usize = 16;

impl Rows {
    /// A table of these rows, each a hash and a number per column, not all of them zero.
    pub(super) fn build(rows: &[(u64, Vec<i8>)], columns: usize) -> Self {
        let slots = (rows.len() * 5 / 4).max(8);
        let (names, counts) = (vec![0; slots], vec![0; slots]);
        let mut table = Self { names, counts, starts: Vec::new(), cells: Vec::new(), columns };
        let mut placed: Vec<Option<&[i8]>> = vec![None; slots];
        for (hash, row) in rows {
            let at = table.probe(*hash);
            if table.names[at] == 0 {
                table.names[at] = name(*hash);
                table.counts[at] = row.iter().filter(|&&value| value != 0).count() as u8;
                placed[at] = Some(row);
            }
        }
        let bit = |(at, &value): (usize, &i8)| u8::from(value != 0) << at;
        for (at, row) in placed.into_iter().enumerate() {
            if at % BLOCK == 0 {
                table.starts.push(table.cells.len() as u32);
            }
            let row = row.unwrap_or_default();
            table.cells.extend(row.chunks(8).map(|part| part.iter().enumerate().map(bit).sum::<u8>()));
            table.cells.extend(row.iter().filter(|&&value| value != 0).map(|&value| value as u8));
        }
        table
    }

    /// Adds the table to a model file.
    pub(super) fn write(&self, writer: &mut ModelWriter) {
        writer.section("names", &self.names);
        writer.section("counts", &self.counts);
        writer.section("starts", &self.starts);
        writer.section("cells", &self.cells);
    }

    /// Takes a table with so many columns from a model file.
    ///
    /// # Errors
    /// When a part is missing or they do not fit each other.
    pub(super) fn read(file: &ModelFile<'_>, columns: usize) -> Result<Self, ModelError> {
        let (names, counts): (Vec<u32>, Vec<u8>) = (file.section("names")?, file.section("counts")?);
        let table =
            Self { names, counts, starts: file.section("starts")?, cells: file.section("cells")?, columns };
        let sound = table.names.contains(&0)
            && table.counts.len() == table.names.len()
            && table.starts.len() == table.names.len().div_ceil(BLOCK);
        if sound { Ok(table) } else { Err(ModelError::Section("names".to_owned(), "is not a table")) }
    }

    /// The columns of a row that are not zero, with their values; none for a key that is absent.
    pub(super) fn row(&self, hash: u64) -> impl Iterator<Item = (usize, i8)> + '_ {
        let at = self.probe(hash);
        let mask = self.columns.div_ceil(8);
        let length = |&count: &u8| if count == 0 { 0 } else { mask + usize::from(count) };
        let skipped: usize = self.counts[at / BLOCK * BLOCK..at].iter().map(length).sum();
        let start = self.starts[at / BLOCK] as usize + skipped;
        let row = self.cells.get(start..start + length(&self.counts[at])).unwrap_or(&[]);
        let (bits, values) = row.split_at(mask.min(row.len()));
        let columns = bits.iter().enumerate().flat_map(|(byte, &bits)| {
            let mut left = bits;
            std::iter::from_fn(move || {
                let at = left.trailing_zeros() as usize;
                left &= left.wrapping_sub(1);
                (at < 8).then_some(byte * 8 + at)
            })
        });
        columns.zip(values.iter().map(|&value| value as i8))
    }

    /// Where the key is, or the free place where it would be.
    fn probe(&self, hash: u64) -> usize {
        let name = name(hash);
        let mut at = (((hash >> 32) * self.names.len() as u64) >> 32) as usize;
        while self.names[at] != 0 && self.names[at] != name {
            at += 1;
            if at == self.names.len() {
                at = 0;
            }
        }
        at
    }
}

/// 32 bits of the hash, never 0.
fn name(hash: u64) -> u32 {
    (hash as u32).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learn::hash;

    #[test]
    fn finds_what_is_there_and_little_else() {
        let key = |n: u64| hash::bytes(&n.to_le_bytes());
        let entries: Vec<_> = (0..5000).map(|n| (key(n), (n % 1000) as u16)).collect();
        let table = Table::build(&entries);
        let right = entries.iter().filter(|(hash, value)| table.get(*hash) == Some(*value)).count();
        assert!(right > 4990);
        assert!((5000..10_000).filter(|&n| table.get(key(n)).is_some()).count() < 10);
    }

    #[test]
    fn rows_come_back() {
        let rows: Vec<(u64, Vec<i8>)> = (0..1000u64)
            .map(|n| {
                (
                    hash::mix(n, 1),
                    (0..45).map(|at| if at % 7 == n % 7 { (n % 100) as i8 + 1 } else { 0 }).collect(),
                )
            })
            .collect();
        let table = Rows::build(&rows, 45);
        for (hash, row) in &rows {
            let want: Vec<_> = row.iter().copied().enumerate().filter(|&(_, value)| value != 0).collect();
            assert_eq!(table.row(*hash).collect::<Vec<_>>(), want);
        }
        assert_eq!(table.row(hash::mix(5000, 1)).count(), 0);
    }
}
