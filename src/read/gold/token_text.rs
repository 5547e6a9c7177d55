//! Text made of tokens.

use pipeline_core::Span;

/// Joins tokens by single spaces and sentences by line breaks, and knows where each came to stand.
#[derive(Default)]
pub(super) struct TokenText {
    pub(super) text: String,
    pub(super) tokens: Vec<Span>,
    pub(super) sentences: Vec<Span>,
    /// First token of the sentence under way.
    open: usize,
}

impl TokenText {
    /// Appends a token to the sentence under way.
    pub(super) fn push(&mut self, token: &str) {
        if !self.text.is_empty() {
            self.text.push(if self.tokens.len() == self.open { '\n' } else { ' ' });
        }
        let start = self.text.len();
        self.text.push_str(token);
        self.tokens.push(span(start, self.text.len()));
    }

    /// Closes the sentence under way; one without tokens is none.
    pub(super) fn end_sentence(&mut self) {
        if let Some(sentence) = self.cover(self.open, self.tokens.len()) {
            self.sentences.push(sentence);
        }
        self.open = self.tokens.len();
    }

    /// Text covered by tokens `start..end`; `None` when there are none such.
    pub(super) fn cover(&self, start: usize, end: usize) -> Option<Span> {
        let tokens = self.tokens.get(start..end)?;
        Some(Span::new(tokens.first()?.start, tokens.last()?.end))
    }
}

/// Files are at most 2 GiB when they come here, so offsets fit.
pub(super) fn span(start: usize, end: usize) -> Span {
    Span::new(start as u32, end as u32)
}
