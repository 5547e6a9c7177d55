//! From offsets as users count to bytes.

use super::Unit;

/// Units between two places that are known: few enough that walking on costs nothing.
const STEP: u32 = 64;

/// Finds the byte that an offset of a text stands for.
#[derive(Clone, Debug)]
pub struct Places {
    unit: Unit,
    /// Per `STEP` units: of the first character that begins there or later, units and bytes before it. Empty where
    /// bytes and units are the same.
    known: Vec<(u32, u32)>,
}

impl Places {
    /// For offsets into `text` that count `unit`. One pass over the text.
    #[must_use]
    pub fn new(text: &str, unit: Unit) -> Self {
        let mut known = Vec::new();
        if unit != Unit::Bytes && !text.is_ascii() {
            let mut units = 0;
            for (byte, c) in text.char_indices() {
                if units >= STEP * known.len() as u32 {
                    known.push((units, byte as u32));
                }
                units += width(unit, c);
            }
        }
        Self { unit, known }
    }

    /// The byte at offset `at`; `None` beyond the end of `text` and inside a character.
    #[must_use]
    pub fn byte(&self, text: &str, at: u32) -> Option<usize> {
        if self.known.is_empty() {
            let at = at as usize;
            return text.is_char_boundary(at).then_some(at);
        }
        let nearest = (at / STEP) as usize;
        let &(mut units, start) = self.known.get(nearest).or(self.known.last())?;
        let mut byte = start as usize;
        let mut rest = text[byte..].chars();
        while units < at {
            let c = rest.next()?;
            units += width(self.unit, c);
            byte += c.len_utf8();
        }
        (units == at).then_some(byte)
    }
}

fn width(unit: Unit, c: char) -> u32 {
    if unit == Unit::Utf16 { c.len_utf16() as u32 } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_boundary_is_found(text in "[a-z]{0,3}|[äß語🥇\u{301}a]{0,40}", repeat in 1..20_usize) {
            let text = text.repeat(repeat);
            let places = [Unit::Chars, Unit::Bytes, Unit::Utf16].map(|unit| Places::new(&text, unit));
            for at in text.char_indices().map(|(at, _)| at).chain([text.len()]) {
                let before = &text[..at];
                let counts = [before.chars().count(), at, before.encode_utf16().count()];
                for (places, count) in places.iter().zip(counts) {
                    prop_assert_eq!(places.byte(&text, count as u32), Some(at));
                }
            }
            let beyond = text.len() as u32 + 1;
            prop_assert!(places.iter().all(|places| places.byte(&text, beyond).is_none()));
        }
    }

    #[test]
    fn there_is_nothing_inside_a_character() {
        let text = "🥇".repeat(100);
        assert_eq!(Places::new(&text, Unit::Utf16).byte(&text, 129), None);
        assert_eq!(Places::new(&text, Unit::Utf16).byte(&text, 128), Some(256));
        assert_eq!(Places::new(&text, Unit::Bytes).byte(&text, 2), None);
        assert_eq!(Places::new(&text, Unit::Chars).byte(&text, 100), Some(400));
        assert_eq!(Places::new(&text, Unit::Chars).byte(&text, 101), None);
    }
}
