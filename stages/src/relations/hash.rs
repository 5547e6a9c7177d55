//! Hashing of words and features. Part of the model format: a change here makes old models unreadable.

const SEED: u64 = 0x517c_c1b7_2722_0a95;
const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;

/// Joins `value` to a running hash.
#[inline]
pub(crate) fn join(hash: u64, value: u64) -> u64 {
    let mixed = (hash.rotate_left(23) ^ value).wrapping_mul(MULTIPLIER);
    mixed ^ (mixed >> 29)
}

/// Hash of a sequence of values.
#[inline]
pub(crate) fn sequence(values: &[u64]) -> u64 {
    values.iter().fold(SEED, |hash, &value| join(hash, value))
}

/// Hash of a lower-case word, eight bytes at a time.
pub(crate) fn lower(word: &str) -> u64 {
    bytes(word.as_bytes())
}

/// Hash of some bytes.
#[inline]
pub(crate) fn bytes(bytes: &[u8]) -> u64 {
    let mut chunks = bytes.chunks_exact(8);
    let whole = chunks.by_ref().fold(SEED, |hash, chunk| {
        join(hash, chunk.iter().rev().fold(0, |n, &byte| n << 8 | u64::from(byte)))
    });
    let rest = chunks.remainder();
    join(whole, rest.iter().rev().fold(rest.len() as u64, |n, &byte| n << 8 | u64::from(byte)))
}
