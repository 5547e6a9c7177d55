//! Tables that are looked up as they lie in the model file: open addressing, no building at load.

use std::borrow::Cow;
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
}
