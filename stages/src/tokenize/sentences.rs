//! Sentences: which of the places that a sentence might end at are ends.

use pipeline_core::Span;

use super::rules::{Rules, flag};
use super::{Kind, Words, chars};

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
    /// A web address stands before.
    Address,
    /// A date in digits stands behind.
    Date,
    /// A line drawn of marks stands before or behind.
    Rule,
    /// An emoticon or emoji stands before.
    Face,
    /// A time of day stands before.
    Time,
    /// `Regards,` stands before.
    Closing,
    /// A number with a point stands before, perhaps that of a figure.
    Caption,
}

/// Fills `words.sentences` from its tokens and candidates.
pub(super) fn split(text: &str, rules: &Rules, words: &mut Words) {
    let Words { tokens, kinds, sentences, candidates, .. } = words;
    let mut judge = Judge { text, rules, tokens, kinds, first: 0 };
    for candidate in candidates {
        let before = judge.after_closers(*candidate);
        if before > judge.first
            && before < tokens.len()
            && judge.ends(candidate.why, candidate.before as usize, before)
        {
            sentences.push(Span::new(tokens[judge.first].start, tokens[before - 1].end));
            judge.first = before;
        }
    }
    if let (Some(begin), Some(end)) = (tokens.get(judge.first), tokens.last()) {
        sentences.push(Span::new(begin.start, end.end));
    }
}

struct Judge<'a> {
    text: &'a str,
    rules: &'a Rules,
    tokens: &'a [Span],
    kinds: &'a [u8],
    /// First token of the sentence at hand.
    first: usize,
}

impl Judge<'_> {
    fn token(&self, i: usize) -> &str {
        &self.text[self.tokens[i].range()]
    }

    fn touches(&self, i: usize) -> bool {
        self.tokens[i - 1].end == self.tokens[i].start
    }

    fn is_kind(&self, i: usize, kind: Kind) -> bool {
        self.kinds[i] == kind as u8
    }

    /// The candidate moved behind what belongs to its sentence: closing quotes and brackets that follow without a
    /// space, `PM` after a time.
    fn after_closers(&self, candidate: Candidate) -> usize {
        let mut before = candidate.before as usize;
        let follows = |i: usize| match candidate.why {
            Why::Stop | Why::Abbreviation => self.touches(i) && self.token(i).starts_with(chars::is_closer),
            Why::Time => matches!(self.token(i), "AM" | "PM"),
            _ => false,
        };
        while before > 0 && before < self.tokens.len() && follows(before) {
            before += 1;
        }
        if candidate.why == Why::Stop {
            self.after_faces(self.after_notes(before + usize::from(self.is_loose_quote(before))))
        } else {
            before
        }
    }

    /// Whether the token is a closing quotation mark that a space sets off from its sentence.
    fn is_loose_quote(&self, i: usize) -> bool {
        self.goes_on_line(i)
            && !self.touches(i)
            && matches!(self.token(i), "\"" | "'" | "”" | "’" | "»")
            && (i + 1 == self.tokens.len() || !self.touches(i + 1))
    }

    /// Behind references to notes (`[12] [citation needed]`), which belong to the sentence before.
    fn after_notes(&self, mut before: usize) -> usize {
        while self.goes_on_line(before) && self.token(before) == "[" {
            let end = self.tokens.len().min(before + 5);
            match (before + 2..end).find(|&i| self.token(i) == "]") {
                Some(i) if self.is_kind(before + 1, Kind::Number) || self.token(i - 1) == "needed" => {
                    before = i + 1
                }
                _ => break,
            }
        }
        before
    }

    /// Behind emoticons and emoji, which comment on the sentence before.
    fn after_faces(&self, mut before: usize) -> usize {
        while self.goes_on_line(before) && self.is_face(before) {
            before += 1;
        }
        before
    }

    /// Whether there is a token `i` on the line of the one before.
    fn goes_on_line(&self, i: usize) -> bool {
        i > 0 && i < self.tokens.len() && {
            let gap = self.tokens[i - 1].end as usize..self.tokens[i].start as usize;
            !self.text.as_bytes()[gap].contains(&b'\n')
        }
    }

    /// Whether a sentence ends before token `before`; `stop` is the token after the mark that made the candidate.
    fn ends(&self, why: Why, stop: usize, before: usize) -> bool {
        match why {
            Why::Paragraph => true,
            Why::Line => self.line_ends(before),
            Why::Stop if self.token(stop - 1).starts_with(chars::is_wide_stop) => true,
            _ if self.touches(before) => why == Why::Stop && self.space_is_missing(stop, before),
            Why::Stop => self.stop_ends(stop, before),
            Why::Abbreviation => self.abbreviation_ends(stop - 1, before),
            Why::Address => {
                self.begins(before)
                    || !self.token(before).starts_with(char::is_lowercase)
                        && self.is_kind(before, Kind::Number)
                    || self.is_kind(before, Kind::Url)
            }
            Why::Face => self.begins(before) && (self.first..stop).rev().any(|i| !self.is_face(i)),
            Why::Rule => true,
            Why::Date => self.time_follows(before),
            Why::Time => self.begins(before) && self.is_stamp(stop - 1),
            Why::Caption => self.begins(before) && stop == self.first + 2 && self.is_label(self.first),
            Why::Closing => self.begins(before) && stop - self.first <= 4,
        }
    }

    fn is_face(&self, i: usize) -> bool {
        self.is_kind(i, Kind::Emoji) || self.is_kind(i, Kind::Emoticon)
    }

    /// Whether the token begins with a capital.
    fn begins(&self, i: usize) -> bool {
        self.token(i).starts_with(char::is_uppercase)
    }

    /// Whether the time at token `i` follows a date in digits: the head of a message.
    fn is_stamp(&self, i: usize) -> bool {
        i > self.first && self.is_kind(i - 1, Kind::Number) && self.token(i - 1).matches('/').count() == 2
    }

    /// Whether a time of day stands behind the token at `i`.
    fn time_follows(&self, i: usize) -> bool {
        i + 1 < self.tokens.len() && self.is_kind(i + 1, Kind::Number) && self.token(i + 1).contains(':')
    }

    /// `… the end.The next`: a word in lower case, one mark, a capital.
    fn space_is_missing(&self, stop: usize, before: usize) -> bool {
        before == stop
            && stop >= 2
            && self.begins(before)
            && self.token(stop - 2).len() > 1
            && self.token(stop - 2).chars().all(char::is_lowercase)
    }

    fn stop_ends(&self, stop: usize, before: usize) -> bool {
        let mark = self.token(stop - 1);
        if self.is_enumerator(stop - 1)
            || self.token(before).starts_with(['.', ',', ';', ':', ')', ']', '?', '!'])
        {
            return false;
        }
        if before > stop && mark != "." && self.token(before).starts_with(['-', '–', '—']) {
            return false;
        }
        if !self.word_from(before).starts_with(char::is_lowercase) {
            return !(mark == "." && before == stop && self.is_small_letter(stop.wrapping_sub(2)));
        }
        // In lower case: after a plain stop, unless it may be that of an abbreviation we do not know.
        let quoted = before > stop;
        !quoted && !mark.starts_with("..") && mark != "…" && !self.is_short(stop.wrapping_sub(2))
    }

    /// Whether the sentence so far is the number of an item (`2.`, `Figure 2.`).
    fn is_enumerator(&self, mark: usize) -> bool {
        mark == self.first + 1
            && self.token(mark) == "."
            && (self.is_kind(self.first, Kind::Number) || self.token(self.first).len() == 1)
            || mark == self.first + 2
                && self.is_kind(self.first + 1, Kind::Number)
                && self.is_label(self.first)
    }

    /// Whether the token names the kind of a numbered item.
    fn is_label(&self, i: usize) -> bool {
        self.rules.flags(self.token(i)) & flag::LABEL != 0
    }

    /// Whether the token may be an abbreviation, from its length.
    fn is_short(&self, i: usize) -> bool {
        i >= self.tokens.len() || self.token(i).chars().count() < 2
    }

    /// Whether the token is a single small letter: an abbreviation (`b. March 2009`).
    fn is_small_letter(&self, i: usize) -> bool {
        i < self.tokens.len()
            && self.tokens[i].len() == 1
            && self.token(i).starts_with(|c: char| c.is_ascii_lowercase())
    }

    /// The first token from `before` on that is no opening mark.
    fn word_from(&self, before: usize) -> &str {
        let end = self.tokens.len().min(before + 3);
        let word = (before..end).map(|i| self.token(i)).find(|token| !token.starts_with(chars::is_opener));
        word.unwrap_or_default()
    }

    fn abbreviation_ends(&self, abbreviation: usize, before: usize) -> bool {
        let word = self.token(abbreviation);
        if self.rules.flags(word.trim_end_matches('.')) & flag::TITLE != 0 {
            return false;
        }
        self.rules.flags(self.word_from(before)) & flag::STARTER != 0
    }

    /// A line break ends a sentence unless the line was filled and the next goes on.
    fn line_ends(&self, before: usize) -> bool {
        let stop = self.token(before - 1).ends_with(['.', '!', '?', '"', '”', ':', '。']);
        let end = self.tokens[before - 1].end as usize;
        let from = end.saturating_sub(100);
        let length = self.text.as_bytes()[from..end].iter().rev().take_while(|&&b| b != b'\n').count();
        let filled = (50..100).contains(&length);
        stop || !filled && !self.word_from(before).starts_with(char::is_lowercase)
    }
}
