//! Hashing of words and features. Part of the model format: a change here makes old models unreadable.

use std::ops::Range;

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

/// [`lower`] of the lower-case form of a word of ASCII letters and marks, `span` of a text; `None` for other words.
#[inline]
pub(crate) fn of_ascii(text: &[u8], span: Range<usize>) -> Option<u64> {
    let word = text.get(span.clone())?;
    let (chunks, rest) = word.as_chunks::<8>();
    let mut seen = 0;
    let whole = chunks.iter().fold(SEED, |hash, chunk| {
        let chunk = u64::from_le_bytes(*chunk);
        seen |= chunk;
        join(hash, to_lower(chunk))
    });
    // Mostly there are eight bytes to read, of which some are of what follows.
    let rest_bits = 8 * rest.len();
    let rest = match text[span.end - rest.len()..].first_chunk() {
        Some(chunk) => u64::from_le_bytes(*chunk) & !(u64::MAX << rest_bits),
        None => rest.iter().rev().fold(0, |n, &byte| n << 8 | u64::from(byte)),
    };
    seen |= rest;
    (seen & UPPER == 0).then(|| join(whole, (rest_bits as u64 / 8) << rest_bits | to_lower(rest)))
}

/// One in each byte.
const EACH: u64 = 0x0101_0101_0101_0101;

/// The upper bit of each byte, which is zero in ASCII.
const UPPER: u64 = EACH * 0x80;

/// The lower case of eight bytes of ASCII; of others no matter what.
#[inline]
fn to_lower(bytes: u64) -> u64 {
    let from_a = bytes.wrapping_add(EACH * u64::from(0x80 - b'A'));
    let after_z = bytes.wrapping_add(EACH * u64::from(0x7f - b'Z'));
    bytes | ((from_a ^ after_z) & UPPER) >> 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_has_the_hash_of_its_lower_case_form() {
        for text in ["A[`{@Zz9", "The Ministers of THE uninhabited Islands, Xx", "I", ""] {
            for start in 0..text.len() {
                for end in start..=text.len() {
                    let word = text[start..end].to_ascii_lowercase();
                    assert_eq!(of_ascii(text.as_bytes(), start..end), Some(lower(&word)), "{word}");
                }
            }
        }
        assert_eq!(of_ascii("caf\u{e9}s or more".as_bytes(), 0..6), None);
        assert_eq!(of_ascii("\u{ff}\u{ff}\u{ff}\u{ff}\u{ff}".as_bytes(), 0..10), None);
        assert_eq!(of_ascii("caf\u{e9}s or more".as_bytes(), 7..9), Some(lower("or")));
    }
}
