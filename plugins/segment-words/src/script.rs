//! Scripts of the languages that put no spaces between words.

/// Whether a character is an ideograph, kana, or a Thai letter or mark.
pub(crate) fn without_spaces(c: char) -> bool {
    matches!(c,
        '\u{0e01}'..='\u{0e3a}' | '\u{0e40}'..='\u{0e4e}' // Thai, without the sign of baht, marks and digits
        | '\u{3005}'..='\u{3007}' // marks of repetition and closing, the ideograph for zero
        | '\u{3031}'..='\u{3035}' // marks of repetition
        | '\u{3041}'..='\u{309f}' | '\u{30a1}'..='\u{30fa}' | '\u{30fc}'..='\u{30ff}' // kana, without the middle dot
        | '\u{31f0}'..='\u{31ff}' // small katakana
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' // ideographs
        | '\u{ff66}'..='\u{ff9f}' // half-width katakana
        | '\u{1b000}'..='\u{1b16f}' // historic kana
        | '\u{20000}'..='\u{3ffff}') // ideographs of the supplementary planes
}
