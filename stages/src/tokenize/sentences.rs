//! Sentences: which of the places that a sentence might end at are ends.

use pipeline_core::Span;

use super::rules::{Rules, flag};
use super::{Words, chars};

/// A place where a sentence might end: before a token.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    /// Index of the token that would begin the next sentence.
    pub(super) before: u32,
    pub(super) why: Why,
}

/// Why a sentence might end there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// A mark such as `.`, `?`, `…` stands before.
    Stop,
    /// An abbreviation with its full stop stands before.
    Abbreviation,
    /// A line ends there.
    Line,
    /// A blank line stands there.
    Paragraph,
}

/// Fills `words.sentences` from its tokens and candidates.
pub(super) fn split(text: &str, rules: &Rules, words: &mut Words) {
    let candidates = std::mem::take(&mut words.candidates);
    let mut first = 0;
    for candidate in &candidates {
        let judge = Judge { text, rules, tokens: &words.tokens };
        let before = judge.after_closers(*candidate);
        if before > first && before < words.tokens.len() && judge.ends(*candidate, before) {
            words.sentences.push(Span::new(words.tokens[first].start, words.tokens[before - 1].end));
            first = before;
        }
    }
    if let (Some(begin), Some(end)) = (words.tokens.get(first), words.tokens.last()) {
        words.sentences.push(Span::new(begin.start, end.end));
    }
    words.candidates = candidates;
}

struct Judge<'a> {
    text: &'a str,
    rules: &'a Rules,
    tokens: &'a [Span],
}

impl Judge<'_> {
    fn token(&self, i: usize) -> &str {
        &self.text[self.tokens[i].range()]
    }

    fn touches(&self, i: usize) -> bool {
        self.tokens[i - 1].end == self.tokens[i].start
    }

    /// The candidate moved behind the closing quotes and brackets that follow without a space.
    fn after_closers(&self, candidate: Candidate) -> usize {
        let mut before = candidate.before as usize;
        if matches!(candidate.why, Why::Stop | Why::Abbreviation) {
            while before < self.tokens.len()
                && self.touches(before)
                && self.token(before).starts_with(chars::is_closer)
            {
                before += 1;
            }
        }
        before
    }

    fn ends(&self, candidate: Candidate, before: usize) -> bool {
        let stop = self.token(candidate.before as usize - 1);
        match candidate.why {
            Why::Paragraph => true,
            Why::Line => self.line_ends(before),
            Why::Stop if stop.starts_with(chars::is_wide_stop) => true,
            _ if self.touches(before) => false,
            Why::Stop if stop.starts_with([':', ';']) => false,
            Why::Stop => !self.goes_on(before),
            Why::Abbreviation => self.abbreviation_ends(candidate.before as usize - 1, before),
        }
    }

    /// Whether the next word (behind opening marks) is in lower case.
    fn goes_on(&self, before: usize) -> bool {
        let word = self.word_from(before);
        word.starts_with(char::is_lowercase) || self.token(before).starts_with([',', ';', ':', ')', ']'])
    }

    /// The first token from `before` on that is no opening mark.
    fn word_from(&self, before: usize) -> &str {
        let end = self.tokens.len().min(before + 3);
        let word = (before..end).map(|i| self.token(i)).find(|token| !token.starts_with(chars::is_opener));
        word.unwrap_or_default()
    }

    fn abbreviation_ends(&self, abbreviation: usize, before: usize) -> bool {
        let word = self.token(abbreviation);
        let flags = self.rules.flags(word.trim_end_matches('.'));
        if flags & flag::TITLE != 0 {
            return false;
        }
        self.rules.flags(self.word_from(before)) & flag::STARTER != 0
    }

    /// A line break ends a sentence unless the next line goes on in lower case.
    fn line_ends(&self, before: usize) -> bool {
        let stop = self.token(before - 1).ends_with(['.', '!', '?', '"', '”', ':']);
        stop || !self.word_from(before).starts_with(char::is_lowercase)
    }
}
