//! From the key of a feature to its row.

/// The key of a feature: its hash folded to 32 bits.
#[inline]
pub(crate) fn key(feature: u64) -> u32 {
    (feature ^ (feature >> 32)) as u32
}

/// Most rows of a table.
pub(crate) const MOST_ROWS: usize = u16::MAX as usize - 1;

/// Bits of a key that tell whether it may occur.
const PRESENT: u32 = 18;

/// The rows of some keys. Small, because it shares the cache with all that a sentence touches.
#[derive(Clone, Debug, Default)]
pub(crate) struct Index {
    /// Open addressing: upper half of the key, and row plus one; row zero: free.
    slots: Vec<[u16; 2]>,
    /// A bit for the upper end of each key that occurs: most features of a pair have no row, and this says so
    /// from a few kilobytes.
    present: Vec<u64>,
}

impl Index {
    /// Numbers the keys, which must differ and be at most [`MOST_ROWS`].
    pub(crate) fn new(keys: &[u32]) -> Self {
        // At least one slot stays free: it ends the search for a key that is not there.
        let size = (keys.len() * 4 / 3 + 1).next_power_of_two();
        let mut index = Self { slots: vec![[0, 0]; size], present: vec![0; (1 << PRESENT) / 64] };
        for (row, &key) in keys.iter().enumerate() {
            let mut at = key as usize & (size - 1);
            while index.slots[at][1] != 0 {
                at = (at + 1) & (size - 1);
            }
            index.slots[at] = [(key >> 16) as u16, row as u16 + 1];
            let bit = key >> (32 - PRESENT);
            index.present[bit as usize / 64] |= 1 << (bit % 64);
        }
        index
    }

    /// The row of a key.
    #[inline]
    pub(crate) fn find(&self, key: u32) -> Option<usize> {
        let bit = key >> (32 - PRESENT);
        if self.present.get(bit as usize / 64)? >> (bit % 64) & 1 == 0 {
            return None;
        }
        self.probe(key)
    }

    #[inline]
    fn probe(&self, key: u32) -> Option<usize> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut at = key as usize & mask;
        loop {
            match self.slots[at] {
                [_, 0] => return None,
                [found, row] if u32::from(found) == key >> 16 => return Some(row as usize - 1),
                _ => at = (at + 1) & mask,
            }
        }
    }

    /// The rows of the features that have one.
    pub(crate) fn find_all(&self, features: &[u64], rows: &mut Vec<u32>) {
        rows.clear();
        rows.resize(features.len(), 0);
        let mut count = 0;
        for &feature in features {
            // Written in any case and kept if it may occur: no branch to guess wrong.
            let key = key(feature);
            rows[count] = key;
            let bit = key >> (32 - PRESENT);
            let word = self.present.get(bit as usize / 64).copied().unwrap_or(0);
            count += (word >> (bit % 64) & 1) as usize;
        }
        rows.truncate(count);
        rows.retain_mut(|key| match self.probe(*key) {
            Some(row) => {
                *key = row as u32;
                true
            }
            None => false,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_share_a_slot_keep_their_rows() {
        let keys = [7, 1 << 20 | 7, 2 << 20 | 7];
        let index = Index::new(&keys);
        assert_eq!(keys.map(|key| index.find(key)), [Some(0), Some(1), Some(2)]);
        assert_eq!(index.find(3 << 20 | 7), None);
        assert_eq!(Index::default().find(7), None);
    }
}
