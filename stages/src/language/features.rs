//! What the short-text model looks at: runs of up to five characters inside a word and over its ends.
//!
//! Trainer and detector share this file; a model learnt with other features is refused by [`VERSION`].

/// Version of the features.
pub const VERSION: u32 = 1;

/// Longest run.
const ORDER: usize = 5;

/// Characters of a word that are looked at; the rest of longer words is left out.
const MAX_WORD: usize = 30;

/// Stands for the ends of a word.
const EDGE: u32 = 1;

/// Calls `feature` with the hash of every run of characters of `word`, which is letters only.
#[inline]
pub fn of_word(word: &str, mut feature: impl FnMut(u32)) {
    let mut chars = [EDGE; MAX_WORD + 2];
    let mut len = 1;
    for c in word.chars().take(MAX_WORD) {
        chars[len] = lower(c);
        len += 1;
    }
    let chars = &chars[..=len];
    for start in 0..len {
        let mut hash = 0x9e37_79b9u64;
        for (order, &c) in chars[start..].iter().take(ORDER).enumerate() {
            hash = (hash ^ u64::from(c)).wrapping_mul(0xff51_afd7_ed55_8ccd);
            hash ^= hash >> 29;
            if start + order > 0 {
                feature((hash >> 16) as u32);
            }
        }
    }
}

/// A character in lower case, where that is one character.
fn lower(c: char) -> u32 {
    if c.is_ascii() {
        return u32::from(c.to_ascii_lowercase());
    }
    u32::from(c.to_lowercase().next().unwrap_or(c))
}

/// The words of a text: runs of letters. Combining marks part them, as in the tables that the model is learnt from.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !is_letter(c)).filter(|word| !word.is_empty())
}

/// Letters without the combining marks that count as alphabetic, for the scripts of the model.
fn is_letter(c: char) -> bool {
    let mark = matches!(c, '\u{345}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6e4}'
        | '\u{6e7}'..='\u{6ed}' | '\u{8d3}'..='\u{8ff}' | '\u{900}'..='\u{903}' | '\u{93a}' | '\u{93b}'
        | '\u{93e}'..='\u{94f}' | '\u{955}'..='\u{957}' | '\u{962}' | '\u{963}');
    c.is_ascii_alphabetic() || c.is_alphabetic() && !mark
}
