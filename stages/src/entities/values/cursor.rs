//! A text's tokens, as the rules look at them.

use pipeline_core::Span;

use super::calendar::Date;
use super::table::{Role, Table};

/// Tokens with what the rules ask of them. Beyond the last token everything is the empty word.
pub(super) struct Cursor<'a> {
    pub(super) text: &'a str,
    pub(super) tokens: &'a [Span],
    pub(super) table: &'static Table,
    pub(super) english: bool,
    /// Whether the comma is the decimal mark.
    pub(super) comma: bool,
    /// The day by which relative dates go.
    pub(super) today: Option<Date>,
}

impl<'a> Cursor<'a> {
    pub(super) fn word(&self, i: usize) -> &'a str {
        self.tokens.get(i).and_then(|span| self.text.get(span.range())).unwrap_or("")
    }

    pub(super) fn digit(&self, i: usize) -> bool {
        self.word(i).as_bytes().first().is_some_and(u8::is_ascii_digit)
    }

    pub(super) fn is(&self, i: usize, word: &str) -> bool {
        self.word(i).eq_ignore_ascii_case(word)
    }

    pub(super) fn role(&self, i: usize, name: &str) -> Option<Role> {
        self.table.roles(self.word(i)).iter().find(|role| role.name == name).copied()
    }

    /// Whether token `i` follows the one before it without space.
    pub(super) fn joined(&self, i: usize) -> bool {
        i > 0 && i < self.tokens.len() && self.tokens[i - 1].end == self.tokens[i].start
    }

    /// Whether a hyphen or dash that joins two words stands at `i`.
    pub(super) fn hyphen(&self, i: usize) -> bool {
        matches!(self.word(i), "-" | "–" | "‑") && self.joined(i) && self.joined(i + 1)
    }

    pub(super) fn skip_hyphen(&self, i: usize) -> usize {
        i + usize::from(self.hyphen(i))
    }

    /// Digits alone as a number.
    pub(super) fn integer(&self, i: usize) -> Option<i64> {
        let word = self.word(i);
        (word.len() <= 9 && word.bytes().all(|b| b.is_ascii_digit())).then(|| word.parse().ok())?
    }

    pub(super) fn capital(&self, i: usize) -> bool {
        self.word(i).as_bytes().first().is_some_and(u8::is_ascii_uppercase)
    }
}
