//! Offsets in the units users count in.

/// What offsets of the output count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OffsetUnit {
    /// Unicode characters, as Python slices a `str`.
    #[default]
    Chars,
    /// Bytes of UTF-8.
    Bytes,
    /// UTF-16 code units, as JavaScript, Java and C# slice a string.
    Utf16,
}

impl OffsetUnit {
    /// Its name on the command line and in records.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Chars => "chars",
            Self::Bytes => "bytes",
            Self::Utf16 => "utf16",
        }
    }
}

/// Bytes between two known counts: few enough that counting on from one costs nothing.
const BLOCK: usize = 64;

/// Turns byte offsets of one text after another into another unit.
///
/// One pass over the text counts the units before each block; after that any offset is a look-up and the counting of
/// less than a block, in whatever order offsets are asked for. Where bytes and units are the same nothing is counted.
#[derive(Debug, Default)]
pub struct Offsets {
    unit: OffsetUnit,
    /// Units before each block; empty where bytes are the unit.
    before: Vec<u32>,
}

impl Offsets {
    /// Offsets in `unit`.
    #[must_use]
    pub fn new(unit: OffsetUnit) -> Self {
        Self { unit, before: Vec::new() }
    }

    /// Turns to the next text.
    pub fn index(&mut self, text: &str) {
        self.before.clear();
        if self.unit == OffsetUnit::Bytes || text.is_ascii() {
            return;
        }
        let mut units = 0;
        for block in text.as_bytes().chunks(BLOCK) {
            self.before.push(units);
            units += self.count(block);
        }
        self.before.push(units);
    }

    /// The unit's count of what stands before byte `at` of the text last indexed; a byte inside a character counts
    /// as its end.
    #[must_use]
    pub fn get(&self, text: &str, at: u32) -> u32 {
        let byte = (at as usize).min(text.len());
        match self.before.get(byte / BLOCK) {
            Some(&before) => before + self.count(&text.as_bytes()[byte - byte % BLOCK..byte]),
            None => at,
        }
    }

    fn count(&self, bytes: &[u8]) -> u32 {
        // Every character has one byte that continues none; beyond the basic plane it has two UTF-16 units and a
        // first byte of 0xF0 or more.
        let chars: u32 = bytes.iter().map(|&b| u32::from(b & 0xC0 != 0x80)).sum();
        match self.unit {
            OffsetUnit::Utf16 => chars + bytes.iter().map(|&b| u32::from(b >= 0xF0)).sum::<u32>(),
            _ => chars,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn agree_with_counting(text in any::<String>(), repeat in 1..20_usize) {
            let text = text.repeat(repeat);
            let mut offsets: Vec<_> =
                [OffsetUnit::Chars, OffsetUnit::Bytes, OffsetUnit::Utf16].map(Offsets::new).into();
            offsets.iter_mut().for_each(|o| o.index(&text));
            for (at, _) in text.char_indices().chain([(text.len(), ' ')]) {
                let got: Vec<_> = offsets.iter().map(|o| o.get(&text, at as u32) as usize).collect();
                let before = &text[..at];
                prop_assert_eq!(got, [before.chars().count(), at, before.encode_utf16().count()]);
            }
        }
    }
}
