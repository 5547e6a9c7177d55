//! Tables that are looked up as they lie in the model file: open addressing, no building at load.

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

/// From a 64-bit hash to a row of small numbers, most of which are zero and not stored.
#[derive(Clone, Debug)]
pub(super) struct Rows {
    /// Per slot: 32 bits of the hash (0: free) and where the row begins in `cells`.
    slots: Vec<[u32; 2]>,
    /// A row: its length, then column and value by turns.
    cells: Vec<u8>,
}

impl Rows {
    /// A table of these rows, each a hash and its non-zero columns.
    #[must_use]
    pub(super) fn build(rows: &[(u64, Vec<(u8, i8)>)]) -> Self {
        let mut table = Self { slots: vec![[0, 0]; (rows.len() * 5 / 4).max(8)], cells: Vec::new() };
        for (hash, row) in rows {
            let at = table.probe(*hash);
            if table.slots[at][0] == 0 {
                table.slots[at] = [name(*hash), table.cells.len() as u32];
                table.cells.push(row.len() as u8);
                table.cells.extend(row.iter().flat_map(|&(column, value)| [column, value as u8]));
            }
        }
        table
    }

    /// The table as it lies in a file. `None` if it could not be searched.
    #[must_use]
    pub(super) fn from_parts(slots: Vec<[u32; 2]>, cells: Vec<u8>) -> Option<Self> {
        slots.iter().any(|slot| slot[0] == 0).then_some(Self { slots, cells })
    }

    /// What is stored in a file.
    #[must_use]
    pub(super) fn parts(&self) -> (&[[u32; 2]], &[u8]) {
        (&self.slots, &self.cells)
    }

    /// The non-zero columns of a row with their values; empty for a key that is absent.
    pub(super) fn row(&self, hash: u64) -> impl Iterator<Item = (usize, i8)> + '_ {
        let [found, start] = self.slots[self.probe(hash)];
        let row = match self.cells.get(start as usize..) {
            Some([length, rest @ ..]) if found != 0 => rest.get(..usize::from(*length) * 2).unwrap_or(&[]),
            _ => &[],
        };
        row.chunks_exact(2).map(|cell| (usize::from(cell[0]), cell[1] as i8))
    }

    fn probe(&self, hash: u64) -> usize {
        let name = name(hash);
        let mut at = (((hash >> 32) * self.slots.len() as u64) >> 32) as usize;
        while self.slots[at][0] != 0 && self.slots[at][0] != name {
            at += 1;
            if at == self.slots.len() {
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
        let rows: Vec<_> = (0..1000u64)
            .map(|n| (hash::mix(n, 1), vec![(n as u8 % 40, -1i8), (44, (n % 100) as i8)]))
            .collect();
        let table = Rows::build(&rows);
        for (hash, row) in &rows {
            let want: Vec<_> = row.iter().map(|&(c, v)| (usize::from(c), v)).collect();
            assert_eq!(table.row(*hash).collect::<Vec<_>>(), want);
        }
        assert_eq!(table.row(hash::mix(5000, 1)).count(), 0);
    }
}
