//! The weights of features: from a 64-bit hash to a row of small numbers, used as they lie in the model file.
//!
//! Most of the time that weights take is spent waiting for memory, so each look-up touches few lines of the cache: one
//! with the names of a bucket of features, one with the row, and for some rows one with numbers that did not fit it.

use std::borrow::Cow;

use fearless_simd::{i8x16, prelude::*, u8x16, u32x16, u64x2};

use super::lanes::{Block, LANES, load};
use crate::model::{ModelError, ModelFile, ModelWriter};

/// Features in a bucket: their names fill a line of the cache.
const BUCKET: usize = 16;
/// Bytes that hold the digits of a block.
const HALF: usize = LANES / 2;
/// Digits after a row's numbers, which tell where its numbers that stand apart begin.
const DIGITS: usize = 3;
/// Rows after which that is counted anew: few enough for three digits, even of rows of 255 numbers.
const GROUP: usize = 16;

/// The numbers that digits of 4 bits stand for.
const VALUES: [i8; 16] = [0, 0, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6, 7, -7, 8, -8];
/// The digit of a number that is none of these and stands apart, in a byte.
const APART: u8 = 1;

/// The table.
///
/// A row is a digit of 4 bits for each number and a few more; of every 16 digits the first eight lie in the lower halves
/// of eight bytes, the others in the upper. Rows lie in the order of their buckets.
#[derive(Clone, Debug)]
pub(super) struct Rows {
    /// Of each feature 32 bits of its hash; 0: free, as is what comes after it in the bucket.
    names: Cow<'static, [u32]>,
    /// Number of the first row of each bucket.
    firsts: Vec<u32>,
    digits: Cow<'static, [u8]>,
    /// Numbers that stand apart, row after row, and a block of zeros.
    apart: Cow<'static, [i8]>,
    /// Where those of each group of rows begin.
    groups: Cow<'static, [u32]>,
    columns: usize,
    /// The digits of numbers in the last block that has any.
    last: u64,
}

/// A row of a table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'a> {
    digits: &'a [u8],
    apart: &'a [i8],
    last: u64,
}

impl Rows {
    /// A table of these rows, each a hash and a number per column; written to a model file.
    pub(super) fn write(rows: &[(u64, Vec<i8>)], writer: &mut ModelWriter) {
        let buckets = (rows.len() * 5 / 4).div_ceil(BUCKET) + 1;
        let mut places: Vec<Vec<(u32, &[i8])>> = vec![Vec::new(); buckets];
        for (hash, row) in rows {
            let mut at = bucket(buckets, *hash);
            while places[at].len() == BUCKET {
                at = (at + 1) % buckets;
            }
            if places[at].iter().all(|(known, _)| *known != name(*hash)) {
                places[at].push((name(*hash), row));
            }
        }
        let (mut digits, mut apart, mut groups) = (Vec::new(), Vec::new(), Vec::new());
        for (number, (_, row)) in places.iter().flatten().enumerate() {
            if number % GROUP == 0 {
                groups.push(apart.len() as u32);
            }
            let start = apart.len() - groups[number / GROUP] as usize;
            pack(row, start, &mut digits, &mut apart);
        }
        apart.resize(apart.len() + LANES, 0);
        let name = |bucket: &[(u32, &[i8])], place| bucket.get(place).map_or(0, |(name, _)| *name);
        let names = places.iter().flat_map(|bucket| (0..BUCKET).map(|place| name(bucket, place)));
        writer.section("names", &names.collect::<Vec<u32>>());
        writer.section("digits", &digits);
        writer.section("apart", &apart);
        writer.section("groups", &groups);
    }

    /// Takes a table with so many columns from a model file.
    ///
    /// # Errors
    /// When a part is missing or they do not fit each other.
    pub(super) fn read(file: &ModelFile<'_>, columns: usize) -> Result<Self, ModelError> {
        let names = file.kept::<u32>("names")?;
        let (digits, apart, groups) = (file.kept("digits")?, file.kept("apart")?, file.kept("groups")?);
        let mut rows = 0;
        let count = |bucket: &[u32]| {
            let first = rows;
            rows += bucket.iter().map(|&name| u32::from(name != 0)).sum::<u32>();
            first
        };
        let firsts = names.chunks_exact(BUCKET).map(count).collect();
        let rows = rows as usize;
        // A search ends at a free place.
        let whole = names.len() % BUCKET == 0 && rows < names.len();
        if columns == 0
            || !whole
            || digits.len() != rows * width(columns)
            || groups.len() != rows.div_ceil(GROUP)
        {
            return Err(ModelError::Section("names".to_owned(), "is not a table"));
        }
        Ok(Self { names, firsts, digits, apart, groups, columns, last: digits_of((columns - 1) % LANES + 1) })
    }

    /// Adds the rows of features, each a hash and a distance, to `sums`: `blocks` blocks for each distance.
    ///
    /// Many are looked for before the first is read, so that the processor waits for all of them at once.
    // No closures: what is compiled for the processor at hand must be inlined, and they may not be.
    #[inline(always)]
    pub(super) fn add<S: Simd>(&self, simd: S, features: &[(u64, u8)], sums: &mut [Block], blocks: usize) {
        const AT_ONCE: usize = 32;
        for features in features.chunks(AT_ONCE) {
            let mut found = [(0, 0); AT_ONCE];
            let mut count = 0;
            for &(hash, slot) in features {
                let (row, there) = self.look(simd, hash);
                found[count] = (row, slot);
                count += usize::from(there);
            }
            for &(row, slot) in &found[..count] {
                if let Some(row) = self.row(row) {
                    row.add_to(simd, &mut sums[usize::from(slot) * blocks..][..blocks]);
                }
            }
        }
    }

    /// The number of a key's row, and whether it is there.
    #[inline(always)]
    fn look<S: Simd>(&self, simd: S, hash: u64) -> (u32, bool) {
        let mut at = bucket(self.firsts.len(), hash);
        loop {
            let names = u32x16::from_slice(simd, &self.names[at * BUCKET..][..BUCKET]);
            let there = names.simd_eq(u32x16::splat(simd, name(hash))).to_bitmask();
            let free = names.simd_eq(u32x16::splat(simd, 0)).to_bitmask();
            if there | free != 0 {
                return (self.firsts[at] + (there.trailing_zeros() & 15), there != 0);
            }
            at = (at + 1) % self.firsts.len();
        }
    }

    /// A row by its number; none where the file is not as the trainer wrote it.
    #[inline(always)]
    fn row(&self, number: u32) -> Option<Row<'_>> {
        let (number, width) = (number as usize, width(self.columns));
        let digits = self.digits.get(number * width..)?.get(..width)?;
        let at = self.columns;
        let within = digit(digits, at) | digit(digits, at + 1) << 4 | digit(digits, at + 2) << 8;
        let start = *self.groups.get(number / GROUP)? as usize + within;
        Some(Row { digits, apart: self.apart.get(start..)?, last: self.last })
    }
}

/// A digit of a row.
#[inline(always)]
fn digit(row: &[u8], at: usize) -> usize {
    let byte = row[at / LANES * HALF + at % HALF];
    usize::from(if at % LANES < HALF { byte & 15 } else { byte >> 4 })
}

impl Row<'_> {
    /// Adds the row's numbers to scores.
    #[inline(always)]
    pub(super) fn add_to<S: Simd>(self, simd: S, sum: &mut [Block]) {
        let values = i8x16::load_array(simd, VALUES);
        let (mut apart, blocks) = (self.apart, sum.len());
        for (block, (sum, digits)) in sum.iter_mut().zip(self.digits.as_chunks::<HALF>().0).enumerate() {
            let own = if block + 1 == blocks { self.last } else { u64::MAX };
            let digits = u64::from_le_bytes(*digits) & own;
            let halves = [digits & LOWER, digits >> 4 & LOWER];
            let digits: u8x16<S> = u64x2::load_array(simd, halves).bitcast();
            // Without a branch, which would be guessed wrong as often as not.
            let gaps = digits.simd_eq(u8x16::splat(simd, APART)).to_bitmask();
            let Some(more) = apart.first_chunk() else { return };
            let more = i8x16::load_array_ref(simd, more).swizzle_dyn_precise(ranks(simd, gaps));
            apart = &apart[gaps.count_ones() as usize..];
            let (low, high) = (values.swizzle_dyn(digits) | more).widen();
            load(simd, sum).saturating_add(low.combine(high)).store_array(sum);
        }
    }
}

/// The lower halves of eight bytes.
const LOWER: u64 = 0x0F0F_0F0F_0F0F_0F0F;

/// All bits of the first digits of a block, and no others.
const fn digits_of(count: usize) -> u64 {
    let mut mask = 0;
    let mut at = 0;
    while at < count {
        mask |= 15 << (at % HALF * 8 + at / HALF * 4);
        at += 1;
    }
    mask
}

/// For each place that has its bit the number of those before it; too large a number for the others.
#[inline(always)]
fn ranks<S: Simd>(simd: S, bits: u64) -> u8x16<S> {
    let (low, high) = (bits as u8, (bits >> 8) as u8);
    let before = u64::from(low.count_ones()) * 0x0101_0101_0101_0101;
    u64x2::load_array(simd, [RANKS[usize::from(low)], RANKS[usize::from(high)] + before]).bitcast()
}

/// [`ranks`] of eight places, a byte each.
static RANKS: [u64; 256] = {
    let mut all = [0; 256];
    let mut bits = 0;
    while bits < 256 {
        let (mut at, mut rank) = (0, 0);
        while at < 8 {
            let there = bits >> at & 1 == 1;
            all[bits] |= (if there { rank } else { 0x80 }) << (at * 8);
            rank += there as u64;
            at += 1;
        }
        bits += 1;
    }
    all
};

/// Appends a row whose numbers that stand apart begin at `start` of its group.
fn pack(row: &[i8], start: usize, digits: &mut Vec<u8>, apart: &mut Vec<i8>) {
    let digit = |&value: &i8| match VALUES.iter().rposition(|&known| known == value) {
        Some(1) => 0,
        Some(digit) => digit as u8,
        None => APART,
    };
    apart.extend(row.iter().filter(|value| digit(value) == APART));
    let place = (0..DIGITS).map(|at| (start >> (4 * at)) as u8 & 15);
    let all: Vec<u8> = row.iter().map(digit).chain(place).collect();
    for block in all.chunks(LANES) {
        let digit = |at: usize| block.get(at).copied().unwrap_or(0);
        digits.extend((0..HALF).map(|at| digit(at) | digit(at + HALF) << 4));
    }
}

/// Bytes of a row.
const fn width(columns: usize) -> usize {
    (columns + DIGITS).div_ceil(LANES) * HALF
}

/// The bucket in which a key is looked for first.
#[inline(always)]
fn bucket(buckets: usize, hash: u64) -> usize {
    (((hash >> 32) * buckets as u64) >> 32) as usize
}

/// 32 bits of the hash, never 0.
#[inline(always)]
fn name(hash: u64) -> u32 {
    (hash as u32).max(1)
}

#[cfg(test)]
mod tests {
    use fearless_simd::{Level, dispatch};

    use super::*;
    use crate::learn::hash;
    use crate::model::Header;

    /// Rows that have numbers of all sizes, the last with none that fits.
    fn rows(columns: usize) -> Vec<(u64, Vec<i8>)> {
        let number = |n: u64, at: u64| match hash::mix(n, at) % 4 {
            0 => 0,
            1 => (hash::mix(at, n) % 255) as u8 as i8,
            _ => (hash::mix(at, n) % 9) as i8,
        };
        let row = |n: u64| (hash::mix(n, 1), (0..columns as u64).map(|at| number(n, at)).collect());
        let last = (hash::mix(1000, 1), vec![-127; columns]);
        (0..1000u64).map(row).chain([last]).collect()
    }

    fn check<S: Simd>(simd: S, columns: usize) {
        let rows = rows(columns);
        let mut writer = ModelWriter::new(Header::default());
        Rows::write(&rows, &mut writer);
        let bytes = writer.finish();
        let table = Rows::read(&ModelFile::open(&bytes).expect("a whole file"), columns).expect("a table");
        let absent = (5000..6000).map(|n| hash::mix(n, 1));
        let keys: Vec<u64> = rows.iter().map(|row| row.0).chain(absent).collect();
        let blocks = columns.div_ceil(LANES);
        for (key, row) in keys.iter().zip(rows.iter().map(|row| Some(&row.1)).chain(std::iter::repeat(None)))
        {
            let mut sums = vec![[1; LANES]; 2 * blocks];
            table.add(simd, &[(*key, 1)], &mut sums, blocks);
            let (other, sum) = sums.split_at(blocks);
            let (own, rest) = sum.as_flattened().split_at(columns);
            let expected = |at: usize| 1 + row.map_or(0, |row| i16::from(row[at]));
            assert!((0..columns).all(|at| own[at] == expected(at)), "{row:?} gives {own:?}");
            assert!(
                other.as_flattened().iter().chain(rest).all(|&sum| sum == 1),
                "more than the columns changed"
            );
        }
        let features: Vec<(u64, u8)> = keys.iter().map(|&key| (key, 0)).collect();
        let mut sum = vec![[0; LANES]; blocks];
        table.add(simd, &features, &mut sum, blocks);
        let total = |at: usize| rows.iter().fold(0i16, |sum, row| sum.saturating_add(row.1[at].into()));
        assert!((0..columns).all(|at| sum.as_flattened()[at] == total(at)));
    }

    #[test]
    fn rows_come_back_whatever_the_processor() {
        for columns in [1, 5, 13, 14, 16, 17, 45, 64, 255] {
            dispatch!(Level::new(), simd => check(simd, columns));
            dispatch!(Level::baseline(), simd => check(simd, columns));
        }
    }
}
