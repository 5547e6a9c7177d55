//! Tables that are looked up as they lie in the model file: open addressing, no building at load.

use std::borrow::Cow;
use std::sync::OnceLock;

use crate::model::{ModelError, ModelFile, ModelWriter};

/// From a 64-bit hash to 16 bits. An entry keeps 16 bits of its hash besides its place, so that about one
/// absent key in forty thousand is taken for a present one.
#[derive(Clone, Debug)]
pub(super) struct Table(Cow<'static, [u32]>);

impl Default for Table {
    fn default() -> Self {
        Self::build(&[])
    }
}

impl Table {
    /// A table of these entries; of entries with the same key the first is kept.
    #[must_use]
    pub(super) fn build(entries: &[(u64, u16)]) -> Self {
        let mut slots = vec![0; (entries.len() * 5 / 4).max(8)];
        for &(hash, value) in entries {
            let at = place(&slots, hash);
            if slots[at] == 0 {
                slots[at] = u32::from(mark(hash)) << 16 | u32::from(value);
            }
        }
        Self(slots.into())
    }

    /// The table as it lies in a file. `None` if it could not be searched.
    #[must_use]
    pub(super) fn from_slots(slots: Cow<'static, [u32]>) -> Option<Self> {
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
        let slot = self.0[place(&self.0, hash)];
        (slot != 0).then_some(slot as u16)
    }
}

/// Where the key of a [`Table`] is, or the free place where it would be.
fn place(slots: &[u32], hash: u64) -> usize {
    let mark = mark(hash);
    let mut at = (((hash & 0xFFFF_FFFF) * slots.len() as u64) >> 32) as usize;
    while slots[at] != 0 && (slots[at] >> 16) as u16 != mark {
        at += 1;
        if at == slots.len() {
            at = 0;
        }
    }
    at
}

/// 16 bits of the hash that its place does not show, never 0.
fn mark(hash: u64) -> u16 {
    ((hash >> 48) as u16).max(1)
}

/// Slots whose rows are spread out together.
const BLOCK: usize = 8;

/// From a 64-bit hash to a row of small numbers.
///
/// In the file a row keeps only its numbers that are not zero, and most of them in half a byte; rows lie in the order of
/// their slots. Some rows are spread out when one of them is first asked for, and stay so: a short run needs few of them,
/// and a long one reads them far more often than that.
#[derive(Clone, Debug)]
pub(super) struct Rows {
    /// Per slot 32 bits of the hash; 0: free.
    names: Cow<'static, [u32]>,
    packed: Cow<'static, [u8]>,
    /// Per block of slots where its rows begin in `packed`.
    starts: Cow<'static, [u32]>,
    /// Per block its rows, `stride` numbers a slot, once one was asked for.
    blocks: Vec<OnceLock<Box<[i8]>>>,
    columns: usize,
    stride: usize,
}

impl Rows {
    /// A table of these rows, each a hash and a number per column, not all of them zero; written to a model file.
    pub(super) fn write(rows: &[(u64, Vec<i8>)], writer: &mut ModelWriter) {
        let slots = (rows.len() * 5 / 4).max(8);
        let mut names = vec![0; slots];
        let mut placed: Vec<&[i8]> = vec![&[]; slots];
        for (hash, row) in rows {
            let at = probe(&names, *hash);
            if names[at] == 0 {
                names[at] = name(*hash);
                placed[at] = row;
            }
        }
        let mut cells = Vec::new();
        placed.into_iter().filter(|row| !row.is_empty()).for_each(|row| pack(row, &mut cells));
        writer.section("names", &names);
        writer.section("cells", &cells);
    }

    /// Takes a table with so many columns from a model file, each row filled up to `stride`.
    ///
    /// # Errors
    /// When a part is missing or they do not fit each other.
    pub(super) fn read(file: &ModelFile<'_>, columns: usize, stride: usize) -> Result<Self, ModelError> {
        let fault = || ModelError::Section("names".to_owned(), "is not a table");
        let (names, packed) = (file.kept::<u32>("names")?, file.kept::<u8>("cells")?);
        if !names.contains(&0) || columns > stride {
            return Err(fault());
        }
        let starts = match file.index() {
            Some([found, starts @ ..]) if *found as usize == columns => Cow::Borrowed(starts),
            _ => Cow::Owned(starts(&names, &packed, columns).ok_or_else(fault)?),
        };
        let blocks = starts.iter().map(|_| OnceLock::new()).collect();
        Ok(Self { names, packed, starts, blocks, columns, stride })
    }

    /// A row; none for a key that is absent.
    #[inline]
    pub(super) fn row(&self, hash: u64) -> Option<&[i8]> {
        let at = probe(&self.names, hash);
        if self.names[at] == 0 {
            return None;
        }
        let rows = self.blocks[at / BLOCK].get_or_init(|| self.spread_out(at / BLOCK));
        rows.get(at % BLOCK * self.stride..)?.get(..self.stride)
    }

    #[cold]
    fn spread_out(&self, block: usize) -> Box<[i8]> {
        let mut rows = vec![0; BLOCK * self.stride];
        let mut left = &self.packed[self.starts[block] as usize..];
        let slots = self.names[block * BLOCK..].iter().zip(rows.chunks_exact_mut(self.stride));
        for (_, row) in slots.filter(|(name, _)| **name != 0) {
            // Their lengths were found, here or when the program was built.
            left = unpack(left, &mut row[..self.columns]).unwrap_or_default();
        }
        rows.into_boxed_slice()
    }
}

/// What [`Rows::read`] would have to read all rows to find out: the number of columns, then where each block begins.
/// `None` where the file has no such table.
#[allow(dead_code, reason = "the build script calls it")]
pub(super) fn index(file: &ModelFile<'_>, columns: usize) -> Option<Vec<u32>> {
    let (names, packed) = (file.kept::<u32>("names").ok()?, file.kept::<u8>("cells").ok()?);
    let starts = starts(&names, &packed, columns)?;
    Some([vec![columns as u32], starts].concat())
}

/// Where the rows of each block begin; `None` where they go beyond the end.
fn starts(names: &[u32], packed: &[u8], columns: usize) -> Option<Vec<u32>> {
    let mut at = 0;
    let blocks = names.chunks(BLOCK).map(|slots| {
        let start = at as u32;
        for _ in slots.iter().filter(|name| **name != 0) {
            at += length(packed.get(at..)?, columns)?;
        }
        Some(start)
    });
    blocks.collect()
}

/// The greatest value that half a byte holds.
const SMALL: u8 = 8;

/// Appends a row: a bit for each number that is not zero, then these, most in half a byte: the size less one, and in
/// the lowest bit the sign. 0 says that a whole byte follows.
pub(super) fn pack(row: &[i8], out: &mut Vec<u8>) {
    let bit = |(at, &value): (usize, &i8)| u8::from(value != 0) << at;
    out.extend(row.chunks(8).map(|part| part.iter().enumerate().map(bit).sum::<u8>()));
    let mut halves = Vec::new();
    for &value in row.iter().filter(|&&value| value != 0) {
        match value.unsigned_abs() {
            size @ 2..=SMALL => halves.push((size - 1) << 1 | u8::from(value < 0)),
            _ => halves.extend([0, value as u8 & 15, value as u8 >> 4]),
        }
    }
    out.extend(halves.chunks(2).map(|pair| pair[0] | pair.get(1).unwrap_or(&0) << 4));
}

/// Reads a row of zeros in, and gives what is left; `None` where the bytes end too early.
///
/// Four numbers take at most six bytes, and are read from eight at once: a model has millions of them.
pub(super) fn unpack<'a>(bytes: &'a [u8], row: &mut [i8]) -> Option<&'a [u8]> {
    let (bits, packed) = bytes.split_at_checked(row.len().div_ceil(8))?;
    let mut at = 0;
    for (number, part) in row.chunks_mut(4).enumerate() {
        let mut left = bits[number / 2] >> (number % 2 * 4) & 15;
        let mut halves = eight(packed, at / 2) >> (at % 2 * 4);
        while left != 0 {
            let value = part.get_mut(left.trailing_zeros() as usize)?;
            *value = VALUES[(halves & 15) as usize];
            halves >>= 4;
            at += 1;
            if *value == 0 {
                *value = halves as i8;
                halves >>= 8;
                at += 2;
            }
            left &= left - 1;
        }
    }
    packed.get(at.div_ceil(2)..)
}

/// How many bytes a row takes; `None` where they end too early.
fn length(bytes: &[u8], columns: usize) -> Option<usize> {
    /// Half bytes that eight bytes surely have, from either half of the first on.
    const SURE: usize = 15;
    let (bits, packed) = bytes.split_at_checked(columns.div_ceil(8))?;
    let mut left = bits.iter().map(|byte| byte.count_ones() as usize).sum::<usize>();
    let mut at = 0;
    while left > 0 {
        let halves = eight(packed, at / 2) >> (at % 2 * 4);
        // The lowest bit that is set tells of the first half byte that is 0 (Mycroft's test).
        let zeros = halves.wrapping_sub(0x1111_1111_1111_1111) & !halves & 0x8888_8888_8888_8888;
        let plain = (zeros.trailing_zeros() as usize / 4).min(SURE).min(left);
        (at, left) = (at + plain, left - plain);
        if left > 0 && plain < SURE {
            (at, left) = (at + 3, left - 1);
        }
    }
    let len = bits.len() + at.div_ceil(2);
    (len <= bytes.len()).then_some(len)
}

/// What half a byte says; 0 that a whole byte follows.
const VALUES: [i8; 16] = {
    let mut values = [0; 16];
    let mut code = 2;
    while code < 16 {
        let size = 1 + (code >> 1) as i8;
        values[code] = if code & 1 == 1 { -size } else { size };
        code += 1;
    }
    values
};

/// Eight bytes from a place on, zeros beyond the end.
#[inline]
fn eight(bytes: &[u8], at: usize) -> u64 {
    if let Some(word) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
        return u64::from_le_bytes(*word);
    }
    let rest = bytes.get(at..).unwrap_or_default();
    rest.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte))
}

/// Where the key is, or the free place where it would be.
#[inline]
fn probe(names: &[u32], hash: u64) -> usize {
    let name = name(hash);
    let mut at = (((hash >> 32) * names.len() as u64) >> 32) as usize;
    while names[at] != 0 && names[at] != name {
        at += 1;
        if at == names.len() {
            at = 0;
        }
    }
    at
}

/// 32 bits of the hash, never 0.
fn name(hash: u64) -> u32 {
    (hash as u32).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learn::hash;
    use crate::model::Header;

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
                    (0..45).map(|at| if at % 7 == n % 7 { (n % 255) as u8 as i8 | 1 } else { 0 }).collect(),
                )
            })
            .collect();
        let mut writer = ModelWriter::new(Header::default());
        Rows::write(&rows, &mut writer);
        let bytes = writer.finish();
        let table = Rows::read(&ModelFile::open(&bytes).unwrap(), 45, 48).unwrap();
        for (hash, row) in &rows {
            let found = table.row(*hash).unwrap();
            assert_eq!((&found[..45], &found[45..]), (row.as_slice(), [0; 3].as_slice()));
        }
        assert_eq!(table.row(hash::mix(5000, 1)), None);
    }

    #[test]
    fn the_build_has_found_the_rows_of_the_built_in_model() {
        let content = crate::builtin::for_language(const { &crate::builtin::of("entities") }, "en").unwrap();
        let file = ModelFile::open(content).unwrap();
        let columns = crate::entities::scheme::labels(file.header().labels.len());
        let plain = ModelFile::open(&content[..]).unwrap();
        assert_eq!(file.index(), index(&plain, columns).as_deref());
    }
}
