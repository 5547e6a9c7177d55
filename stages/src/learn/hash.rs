//! The hash under words and features. Part of the model format: weights are found by it.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

const PRIME: u64 = 0x9E37_79B9_7F4A_7C15;

/// A hash of some bytes: eight at a time, multiplied and folded.
#[must_use]
pub fn bytes(bytes: &[u8]) -> u64 {
    let mut words = bytes.chunks_exact(8);
    let mut sum = bytes.len() as u64;
    for word in &mut words {
        let mut eight = [0; 8];
        eight.copy_from_slice(word);
        sum = mix(sum, u64::from_le_bytes(eight));
    }
    mix(sum, tail(words.remainder()))
}

/// Up to seven bytes as one number, without a loop. Different bytes of one length give different numbers.
fn tail(bytes: &[u8]) -> u64 {
    let four =
        |at: usize| u64::from(u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]));
    match bytes.len() {
        0 => 0,
        n @ 1..4 => u64::from(bytes[0]) | u64::from(bytes[n / 2]) << 8 | u64::from(bytes[n - 1]) << 16,
        n => four(0) | four(n - 4) << 32,
    }
}

/// Joins two hashes into one; the order matters.
#[must_use]
pub const fn mix(a: u64, b: u64) -> u64 {
    let product = (a.rotate_left(23) ^ b ^ PRIME) as u128 * (PRIME ^ 0x5851_F42D_4C95_7F2D) as u128;
    ((product >> 64) as u64 ^ product as u64).wrapping_mul(PRIME)
}

/// A table whose keys are hashes already.
pub type Hashed<K, V> = HashMap<K, V, BuildHasherDefault<Plain>>;

/// Takes keys for their own hashes; the upper bits of short ones are filled.
#[derive(Clone, Copy, Debug, Default)]
pub struct Plain(u64);

impl Hasher for Plain {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = self::bytes(bytes);
    }

    fn write_u32(&mut self, number: u32) {
        self.0 = u64::from(number).wrapping_mul(PRIME);
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}
