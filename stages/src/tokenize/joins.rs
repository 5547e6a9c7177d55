//! Which marks inside a word belong to it.

use super::atoms::Class;
use super::chunk::Chunk;
use super::rules::flag;
use super::{chars, hyphens};

impl Chunk<'_, '_> {
    /// If the word `from..to` goes on with the mark at `to`, where it goes on to.
    pub(super) fn joined(&self, from: usize, to: usize) -> Option<usize> {
        if !self.is_word(to + 1) {
            return None;
        }
        let sign = self.atoms[to].sign()?;
        let joins = match sign {
            '.' | '·' => self.joins_at_stop(from, to),
            ',' => self.are_digits(to - 1) && self.joins_at_comma(to + 1),
            ':' => self.are_digits(to - 1) && self.starts_with_digit(to + 1),
            '/' => self.joins_at_slash(from, to),
            '-' | '\u{2010}' | '\u{2011}' => hyphens::joins(self, from, to),
            '&' => {
                self.is_upper(to - 1) && self.is_upper(to + 1) && self.text(to - 1, to).len() <= 3
                    || self.is_letter(to - 1) && self.is_letter(to + 1)
            }
            _ if chars::is_apostrophe(sign) => self.joins_at_apostrophe(from, to),
            _ => false,
        };
        joins.then_some(to + 2)
    }

    pub(super) fn are_digits(&self, i: usize) -> bool {
        self.class(i) == Some(Class::Digits)
    }

    fn starts_with_digit(&self, i: usize) -> bool {
        matches!(self.class(i), Some(Class::Digits | Class::Mixed))
    }

    /// Groups of three digits after a comma; where the comma is the decimal sign, any.
    fn joins_at_comma(&self, i: usize) -> bool {
        let digits = self.text(i, i + 1).bytes().take_while(u8::is_ascii_digit).count();
        self.starts_with_digit(i) && (digits == 3 || !self.rules().split_clitics)
    }

    pub(super) fn is_upper(&self, i: usize) -> bool {
        self.text(i, i + 1).bytes().all(|b| b.is_ascii_uppercase())
    }

    fn is_letter(&self, i: usize) -> bool {
        self.class(i) == Some(Class::Letters) && self.text(i, i + 1).chars().count() == 1
    }

    fn joins_at_stop(&self, from: usize, to: usize) -> bool {
        self.are_digits(to - 1) && self.starts_with_digit(to + 1)
            || self.is_letter(to - 1) && self.is_letter(to + 1)
            || self.is_ticker(from, to)
            || self.text(from, to + 2).len() <= 16
                && self.rules().flags(self.text(from, to + 2)) & (flag::ABBREVIATION | flag::TITLE) != 0
    }

    /// A share with its market: `MU.O`.
    fn is_ticker(&self, from: usize, to: usize) -> bool {
        to == from + 1
            && (2..=4).contains(&self.text(from, to).len())
            && self.text(to + 1, to + 2).len() <= 2
            && self.is_upper(from)
            && self.is_upper(to + 1)
            && !matches!(self.text(to + 1, to + 2), "I" | "A" | "He" | "It" | "We")
    }

    fn joins_at_slash(&self, from: usize, to: usize) -> bool {
        self.are_digits(to - 1) && self.are_digits(to + 1)
            || to == from + 1 && self.is_letter(from) && self.is_letter(to + 1)
    }

    fn joins_at_apostrophe(&self, from: usize, to: usize) -> bool {
        if self.class(to + 1) != Some(Class::Letters) {
            return false;
        }
        if self.rules().split_clitics {
            return self.flags(to + 1) & flag::CLITIC == 0 && !self.negation_follows(to);
        }
        !self.elision_ends(from, to)
    }

    /// Whether the atom before `next` ends in n and `'t` follows.
    pub(super) fn negation_follows(&self, next: usize) -> bool {
        self.is_apostrophe(next)
            && self.class(next + 1) == Some(Class::Letters)
            && self.text(next + 1, next + 2).eq_ignore_ascii_case("t")
            && self.text(next - 1, next).len() > 1
            && self.text(next - 1, next).ends_with(['n', 'N'])
    }

    /// `l'` before a word, in languages that elide.
    pub(super) fn elision_ends(&self, from: usize, next: usize) -> bool {
        self.is_apostrophe(next) && next == from + 1 && self.flags(from) & flag::ELISION != 0 && {
            let whole =
                self.is_word(next + 1) && self.rules().flags(self.text(from, next + 2)) & flag::WHOLE != 0;
            !whole
        }
    }

    /// Whether the word `from..next` is an abbreviation and the full stop at `next` belongs to it.
    pub(super) fn keeps_stop(&self, from: usize, next: usize) -> bool {
        if !self.is(next, b'.')
            || self.is_ellipsis(next)
            || self.is_word(next + 1) && !self.is_abbreviation(from, next)
        {
            return false;
        }
        match self.atoms[from].class {
            Class::Letters => self.is_abbreviation(from, next) || self.is_initial(from, next),
            _ => self.is_ordinal(from, next),
        }
    }

    /// Three stops or more.
    fn is_ellipsis(&self, i: usize) -> bool {
        self.is(i + 1, b'.') && self.is(i + 2, b'.')
    }

    fn is_abbreviation(&self, from: usize, next: usize) -> bool {
        let acronym = next > from + 1 && self.is(from + 1, b'.') && self.is_letter(next - 1);
        let flags = self.rules().flags(self.text(from, next));
        acronym
            || flags & (flag::TITLE | flag::ABBREVIATION) != 0
            || flags & flag::WEAK != 0 && !self.next_char().is_none_or(char::is_uppercase)
            || flags & flag::NUMBERED != 0 && self.next_char().is_some_and(char::is_numeric)
    }

    /// A single capital, unless it seems to end a sentence.
    fn is_initial(&self, from: usize, next: usize) -> bool {
        next == from + 1
            && self.is_letter(from)
            && self.text(from, next) != "I"
            && self.text(from, next).chars().all(char::is_uppercase)
            && (self.is_word(next + 1) || self.next_char().is_some_and(char::is_uppercase))
    }

    fn is_ordinal(&self, from: usize, next: usize) -> bool {
        self.rules().ordinals
            && next == from + 1
            && next + 1 == self.atoms.len()
            && self.are_digits(from)
            && self.text(from, next).len() <= 2
            && self.next_char().is_some_and(char::is_alphabetic)
    }
}
