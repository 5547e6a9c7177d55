//! From the key of a feature to its row.

use fearless_simd::prelude::*;
use fearless_simd::u32x8;

/// The key of a feature: its hash folded to 32 bits.
#[inline]
pub(crate) fn key(feature: u64) -> u32 {
    (feature ^ (feature >> 32)) as u32
}

/// Most rows of a table.
pub(crate) const MOST_ROWS: usize = u16::MAX as usize - 1;

/// Bits of a key that tell whether it may occur.
const PRESENT: u32 = 18;

/// Slots looked at together.
const TOGETHER: usize = 8;

/// The rows of some keys. Small, because it shares the cache with all that a sentence touches.
#[derive(Clone, Debug)]
pub(crate) struct Index {
    /// Open addressing: row plus one above the upper half of the key; zero: free. The first slots are there again
    /// behind all, so that there are always enough to look at.
    slots: Vec<u32>,
    /// How many slots there are, a power of two, less one.
    mask: usize,
    /// How many keys there are.
    rows: u32,
    /// A bit for the upper end of each key that occurs: many features of a pair have no row, and this says so from
    /// a few kilobytes.
    present: Box<[u64; 1 << (PRESENT - 6)]>,
}

impl Default for Index {
    fn default() -> Self {
        Self::new(&[])
    }
}

impl Index {
    /// Numbers the keys, which must differ and be at most [`MOST_ROWS`].
    pub(crate) fn new(keys: &[u32]) -> Self {
        // At least one slot stays free: it ends the search for a key that is not there.
        let size = (keys.len() * 4 / 3 + 1).next_power_of_two().max(TOGETHER);
        let (slots, mask, rows) = (vec![0; size], size - 1, keys.len() as u32);
        let mut index = Self { slots, mask, rows, present: Box::new([0; _]) };
        for (row, &key) in keys.iter().enumerate() {
            let mut at = key as usize & index.mask;
            while index.slots[at] != 0 {
                at = (at + 1) & index.mask;
            }
            index.slots[at] = (row as u32 + 1) << 16 | key >> 16;
            let bit = key >> (32 - PRESENT);
            index.present[bit as usize / 64] |= 1 << (bit % 64);
        }
        index.slots.extend_from_within(..TOGETHER);
        index
    }

    /// Whether the key may occur, as a bit.
    #[inline(always)]
    fn may_occur(&self, key: u32) -> u32 {
        let bit = key >> (32 - PRESENT);
        (self.present[bit as usize / 64] >> (bit % 64)) as u32 & 1
    }

    /// The row of a key.
    #[inline(never)]
    pub(crate) fn find(&self, key: u32) -> Option<usize> {
        if self.may_occur(key) == 0 {
            return None;
        }
        let mut at = key as usize & self.mask;
        loop {
            match self.slots[at] {
                0 => return None,
                slot if slot & 0xffff == key >> 16 => return Some((slot >> 16) as usize - 1),
                _ => at = (at + 1) & self.mask,
            }
        }
    }

    /// Writes the rows of the features that have one to the front of `rows`, where there is room for all; gives
    /// their number.
    #[inline(always)]
    pub(crate) fn find_all<S: Simd>(&self, simd: S, features: &[u64], rows: &mut [u32]) -> usize {
        let rows = &mut rows[..features.len()];
        // Written in any case and kept if it may be one, and then if it is: no branch to guess wrong.
        let mut keys = 0;
        for &feature in features {
            let key = key(feature);
            rows[keys] = key;
            keys += self.may_occur(key) as usize;
        }
        let mut count = 0;
        for at in 0..keys {
            let (row, found) = self.look_up(simd, rows[at]);
            rows[count] = row;
            count += usize::from(found);
        }
        count
    }

    /// The row of a feature, or the number of rows where it has none.
    #[inline(always)]
    pub(crate) fn row_or_last<S: Simd>(&self, simd: S, feature: u64) -> usize {
        let (row, found) = self.look_up(simd, key(feature));
        let mask = u32::from(found).wrapping_neg();
        (row & mask | self.rows & !mask) as usize
    }

    /// The row of a key, and whether it has one.
    #[inline(always)]
    fn look_up<S: Simd>(&self, simd: S, key: u32) -> (u32, bool) {
        let near = self.slots.get(key as usize & self.mask..).and_then(|near| near.first_chunk());
        let Some(near) = near else { return (0, false) };
        let (free, same) = compare(simd, near, key);
        if free | same == 0 {
            return self.find(key).map_or((0, false), |row| (row as u32, true));
        }
        // The first slot that is free or has the key tells.
        let first = (free | same).trailing_zeros() & (TOGETHER as u32 - 1);
        let found = (same & !free) >> first & self.may_occur(key);
        ((near[first as usize] >> 16).wrapping_sub(1), found & 1 != 0)
    }
}

/// A bit for each slot that is free, and for each with the upper half of the key.
#[inline(always)]
fn compare<S: Simd>(simd: S, near: &[u32; TOGETHER], key: u32) -> (u32, u32) {
    let near = u32x8::from_slice(simd, near);
    let free = near.simd_eq(u32x8::splat(simd, 0)).to_bitmask();
    let same = (near << 16).simd_eq(u32x8::splat(simd, key & 0xffff_0000)).to_bitmask();
    (free as u32, same as u32)
}

#[cfg(test)]
mod tests {
    use super::super::processor::Processor;
    use super::*;
    use fearless_simd::dispatch;

    /// Where each key is found, one by one and all together.
    fn found(index: &Index, keys: &[u32]) -> (Vec<Option<usize>>, Vec<u32>) {
        let features: Vec<u64> = keys.iter().map(|&key| u64::from(key)).collect();
        let mut rows = vec![0; keys.len()];
        let count = dispatch!(Processor::default().0, simd => index.find_all(simd, &features, &mut rows));
        rows.truncate(count);
        let last = features
            .iter()
            .map(|&key| dispatch!(Processor::default().0, simd => index.row_or_last(simd, key)));
        let found = last.filter(|&row| row < index.rows as usize).map(|row| row as u32);
        assert_eq!(found.collect::<Vec<u32>>(), rows);
        (keys.iter().map(|&key| index.find(key)).collect(), rows)
    }

    #[test]
    fn keys_that_share_a_slot_keep_their_rows() {
        let keys: Vec<u32> = (0..40).map(|n| n << 20 | if n < 20 { 7 } else { n * 977 }).collect();
        let index = Index::new(&keys);
        let rows = keys.iter().map(|&key| index.find(key)).collect();
        assert_eq!(found(&index, &keys), (rows, (0..40).collect()));
        assert_eq!(found(&index, &[77 << 20 | 7, u32::MAX]), (vec![None; 2], vec![]));
    }

    #[test]
    fn nothing_is_found_among_none() {
        assert_eq!(found(&Index::default(), &[0, 7]), (vec![None; 2], vec![]));
    }
}
