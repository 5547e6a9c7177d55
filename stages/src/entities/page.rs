//! A document as the tagger sees it: sentences of numbered words, with what their surroundings say of them.

use std::ops::Range;

use pipeline_core::Span;

use super::features::{CASES, Case, Setting, Word};
use super::lexicon::{LONGEST, Lexicon, PREFIX, extend};
use super::scheme;
use super::words::Words;

/// So many words into a sentence a dash may end a dateline.
const FARTHEST_DASH: usize = 16;

/// Number of lists an entry can be in.
const LISTS: usize = 15;

/// Where the numbers of each group of surrounding features begin.
pub(super) mod group {
    use super::{CASES, LISTS};
    /// Cases of the word and its neighbours: in running text, in title case, in capitals.
    pub(crate) const CASES_AROUND: usize = 0;
    /// Lists and places of the words of longer list entries.
    pub(crate) const PHRASE: usize = CASES_AROUND + 3 * CASES * CASES * CASES;
    /// Whether the word is seen small, and capitalised in running text, elsewhere in the document.
    pub(crate) const ELSEWHERE: usize = PHRASE + LISTS * 4;
    /// A dash that no name spans.
    pub(crate) const BREAK: usize = ELSEWHERE + 16;
    /// Where the features of the second pass begin.
    pub(crate) const SECOND: usize = BREAK + 1;
}

/// The first pass's view of a document.
#[derive(Clone, Debug, Default)]
pub(super) struct Page {
    /// Ranges of tokens that are sentences.
    pub sentences: Vec<Range<u32>>,
    /// Number of the word at each token.
    pub words: Vec<u32>,
    /// Number of the lower-case form at each token.
    pub forms: Vec<u32>,
    /// What capitals mean at each token.
    pub settings: Vec<Setting>,
    /// How each token is written.
    pub cases: Vec<Case>,
    /// Numbers of surrounding features: token `t` has `extras[ends[t-1]..ends[t]]`.
    pub extras: Vec<u16>,
    /// See `extras`.
    pub ends: Vec<u32>,
    /// Per form: in which document it was last seen small or capitalised, and as which.
    seen: Vec<(u32, u8)>,
    document: u32,
}

const SEEN_SMALL: u8 = 1;
const SEEN_CAPITAL: u8 = 2;

impl Page {
    /// The surrounding features of a token.
    #[must_use]
    pub(super) fn extras_at(&self, token: usize) -> &[u16] {
        let start = if token == 0 { 0 } else { self.ends[token - 1] };
        &self.extras[start as usize..self.ends[token] as usize]
    }

    /// Reads a document. `new` is told of every word that `words` did not know.
    pub(super) fn read(
        &mut self,
        text: &str,
        tokens: &[Span],
        sentences: &[Span],
        lexicon: &Lexicon,
        words: &mut Words,
        new: &mut impl FnMut(&Word),
    ) {
        self.document = self.document.wrapping_add(1);
        self.words.clear();
        self.cases.clear();
        self.forms.clear();
        self.extras.clear();
        self.ends.clear();
        self.settings.clear();
        self.settings.resize(tokens.len(), Setting::Running);
        for token in tokens {
            let number = words.number(&text[token.range()], Setting::Running, lexicon, new);
            let info = words.info(number);
            self.words.push(number);
            self.cases.push(info.case);
            self.forms.push(info.form);
        }
        split(tokens, sentences, &mut self.sentences);
        for sentence in 0..self.sentences.len() {
            let range = self.sentences[sentence].clone();
            self.set(text, tokens, range.start as usize..range.end as usize);
        }
        self.note_seen(words.forms());
        for (t, token) in tokens.iter().enumerate() {
            if self.settings[t] != Setting::Running {
                self.words[t] = words.number(&text[token.range()], self.settings[t], lexicon, new);
            }
        }
        for sentence in 0..self.sentences.len() {
            let range = self.sentences[sentence].clone();
            let range = range.start as usize..range.end as usize;
            let dash = self.dash(text, tokens, range.clone());
            self.surroundings(range, dash, lexicon, words);
        }
    }

    /// Gives back memory that only reading needs.
    pub(super) fn forget_seen(&mut self) {
        self.seen = Vec::new();
    }

    /// Decides what capitals mean in a sentence.
    fn set(&mut self, text: &str, tokens: &[Span], range: Range<usize>) {
        let whole = headline(&self.cases[range.clone()], &tokens[range.clone()]);
        if whole != Setting::Running {
            for t in range {
                if self.cases[t].capital() {
                    self.settings[t] = whole;
                }
            }
            return;
        }
        let mut opening = true;
        for t in range {
            if opening && self.cases[t] == Case::Initial {
                self.settings[t] = Setting::Opening;
            }
            let word = &text[tokens[t].range()];
            opening = match self.cases[t] {
                Case::Mark => {
                    matches!(word, "\"" | "“" | "``" | "‘" | ":" | "•" | "*") || (opening && word != ".")
                }
                Case::Number => opening,
                _ => false,
            };
        }
    }

    fn note_seen(&mut self, forms: usize) {
        if self.seen.len() < forms {
            self.seen.resize(forms.next_power_of_two(), (0, 0));
        }
        for t in 0..self.cases.len() {
            let what = match (self.cases[t], self.settings[t]) {
                (Case::Lower, _) => SEEN_SMALL,
                (case, Setting::Running) if case.capital() => SEEN_CAPITAL,
                _ => continue,
            };
            let seen = &mut self.seen[self.forms[t] as usize];
            if seen.0 != self.document {
                *seen = (self.document, 0);
            }
            seen.1 |= what;
        }
    }

    /// What capitals mean in a sentence, where a word opens it or not.
    #[must_use]
    pub(super) fn manner(&self, sentence: Range<usize>) -> Setting {
        let whole = |setting: &&Setting| matches!(setting, Setting::Title | Setting::Capitals);
        self.settings[sentence].iter().find(whole).copied().unwrap_or_default()
    }

    /// The dash after a dateline or the subject of a headline, in capitals before it.
    fn dash(&self, text: &str, tokens: &[Span], sentence: Range<usize>) -> Option<usize> {
        let near = sentence.start..sentence.end.min(sentence.start + FARTHEST_DASH);
        if self.cases.get(near.start) != Some(&Case::Upper) {
            return None;
        }
        near.skip(1).find(|&t| {
            let (before, after) = text.split_at(tokens[t].start as usize);
            let dash =
                self.cases[t] == Case::Mark && matches!(&text[tokens[t].range()], "-" | "--" | "–" | "—");
            let mut after = after.chars().skip_while(|c| matches!(c, '-' | '–' | '—'));
            dash && before.ends_with(char::is_whitespace) && after.next().is_some_and(char::is_whitespace)
        })
    }

    fn surroundings(&mut self, range: Range<usize>, dash: Option<usize>, lexicon: &Lexicon, words: &Words) {
        let (mut phrase, mut lists) = (range.start..range.start, 0);
        let manner = match self.manner(range.clone()) {
            Setting::Title => 1,
            Setting::Capitals => 2,
            _ => 0,
        };
        for t in range.clone() {
            let before = if t > range.start { self.cases[t - 1] } else { Case::Mark };
            let after = if t + 1 < range.end { self.cases[t + 1] } else { Case::Mark };
            let around = (manner * CASES + before as usize) * CASES + self.cases[t] as usize;
            let around = around * CASES + after as usize;
            if dash == Some(t) {
                self.extras.push(group::BREAK as u16);
            }
            self.extras.push((group::CASES_AROUND + around) as u16);
            if t >= phrase.end && self.cases[t].capital() {
                (phrase, lists) = self.longest_entry(t..range.end, lexicon, words);
            }
            if phrase.contains(&t) {
                let place = scheme::place(t - phrase.start, phrase.len()) as usize;
                for list in (0..LISTS).filter(|list| lists >> list & 1 == 1) {
                    self.extras.push((group::PHRASE + list * 4 + place) as u16);
                }
            }
            if self.settings[t] != Setting::Running {
                let (document, seen) = self.seen[self.forms[t] as usize];
                let seen = if document == self.document { usize::from(seen) } else { 0 };
                self.extras.push((group::ELSEWHERE + self.settings[t] as usize * 4 + seen) as u16);
            }
            self.ends.push(self.extras.len() as u32);
        }
    }

    /// The longest list entry of two words or more that begins at the start of `range`, and its lists.
    fn longest_entry(&self, range: Range<usize>, lexicon: &Lexicon, words: &Words) -> (Range<usize>, u16) {
        let start = range.start;
        let first = words.info(self.words[start]);
        let mut found = (start..start, 0);
        let (mut phrase, mut lists) = (first.phrase, first.lists);
        for t in range.skip(1).take(LONGEST - 1) {
            if lists & PREFIX == 0 {
                break;
            }
            phrase = extend(phrase, words.info(self.words[t]).lower);
            lists = lexicon.lists(phrase);
            if lists & !PREFIX != 0 {
                found = (start..t + 1, lists & !PREFIX);
            }
        }
        found
    }
}

/// Whether a sentence is a headline in capitals or in title case.
fn headline(cases: &[Case], tokens: &[Span]) -> Setting {
    let count = |wanted: &[Case]| cases.iter().filter(|case| wanted.contains(case)).count();
    let (lower, upper) = (count(&[Case::Lower]), count(&[Case::Upper]));
    let capital = upper + count(&[Case::Initial, Case::Mixed]);
    let long = |(case, token): (&Case, &Span)| *case == Case::Lower && token.len() > 4;
    if upper >= 2 && upper * 3 > capital * 2 && lower == 0 {
        Setting::Capitals
    } else if capital >= 4 && capital > 2 * lower && !cases.iter().zip(tokens).any(long) {
        Setting::Title
    } else {
        Setting::Running
    }
}

/// Ranges of tokens for spans of sentences; tokens outside all sentences make sentences of their own.
fn split(tokens: &[Span], sentences: &[Span], out: &mut Vec<Range<u32>>) {
    out.clear();
    let mut start = 0;
    let mut push = |start: usize, end: usize| {
        if start < end {
            out.push(start as u32..end as u32);
        }
    };
    for sentence in sentences {
        let from = start + tokens[start..].partition_point(|t| t.start < sentence.start);
        push(start, from);
        let to = from + tokens[from..].partition_point(|t| t.start < sentence.end);
        push(from, to);
        start = to;
    }
    push(start, tokens.len());
}
