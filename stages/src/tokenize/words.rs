//! Chunks into words.

use pipeline_core::Span;

use super::atoms::{self, Atom, Class};
use super::chars::{self, BYTES, Byte};
use super::rules::{Rules, flag};
use super::sentences::{Candidate, Why};
use super::{Kind, Words, hyphens, web};

/// Fills `out` with words and sentence candidates. Without `FAST`, every chunk goes the general way.
pub(super) fn tokenize<const FAST: bool>(text: &str, rules: &Rules, out: &mut Words) {
    out.clear();
    let mut cutter = Cutter { text, bytes: text.as_bytes(), rules, out };
    let mut at = 0;
    while let Some(start) = cutter.skip_space(at) {
        at = if FAST { cutter.plain_word(start) } else { start };
        if at == start {
            at = cutter.chunk::<FAST>(start);
        }
    }
}

struct Cutter<'a> {
    text: &'a str,
    bytes: &'a [u8],
    rules: &'a Rules,
    out: &'a mut Words,
}

impl Cutter<'_> {
    /// The next byte that is no white space, noting line breaks on the way.
    #[inline]
    fn skip_space(&mut self, mut at: usize) -> Option<usize> {
        let mut lines = 0;
        loop {
            let byte = *self.bytes.get(at)?;
            at += match BYTES[usize::from(byte)] {
                Byte::Space => {
                    lines += u32::from(self.breaks_line(at, byte));
                    1
                }
                Byte::High => match self.text[at..].chars().next() {
                    Some(c) if chars::is_space(c) => {
                        lines += line_breaks_of(c);
                        c.len_utf8()
                    }
                    _ => break,
                },
                _ => break,
            };
        }
        if lines > 0 {
            self.candidate(if lines > 1 { Why::Paragraph } else { Why::Line });
        }
        Some(at)
    }

    /// Whether a space byte ends a line (of `\r\n` only the second does).
    fn breaks_line(&self, at: usize, byte: u8) -> bool {
        byte == b'\n' || byte == 0x0c || byte == b'\r' && self.bytes.get(at + 1) != Some(&b'\n')
    }

    fn candidate(&mut self, why: Why) {
        self.out.candidates.push(Candidate { before: self.out.tokens.len() as u32, why });
    }

    #[inline]
    fn push(&mut self, start: usize, end: usize, kind: Kind) {
        self.out.tokens.push(Span::new(start as u32, end as u32));
        self.out.kinds.push(kind as u8);
    }

    /// Takes a word of ASCII letters that stands alone or before a comma; returns where it stopped, which is
    /// `start` if the chunk is anything else.
    #[inline]
    fn plain_word(&mut self, start: usize) -> usize {
        let class = |at: usize| self.bytes.get(at).map_or(Byte::Space, |&b| BYTES[usize::from(b)]);
        let mut end = start;
        while class(end) == Byte::Letter {
            end += 1;
        }
        let comma = self.bytes.get(end) == Some(&b',');
        if end == start || class(end + usize::from(comma)) != Byte::Space {
            return start;
        }
        self.word(start, end);
        if comma {
            self.push(end, end + 1, Kind::Punctuation);
        }
        end + usize::from(comma)
    }

    /// A word of letters, which may be two written together.
    #[inline]
    fn word(&mut self, start: usize, end: usize) {
        match self.rules.split_of(&self.text[start..end]) {
            Some(at) if at < end - start => {
                self.push(start, start + at, Kind::Word);
                self.push(start + at, end, Kind::Word);
            }
            _ => self.push(start, end, Kind::Word),
        }
    }

    /// Takes the chunk that begins at `start` and returns its end.
    fn chunk<const FAST: bool>(&mut self, start: usize) -> usize {
        let (end, ascii) = self.chunk_end(start);
        let mut atoms = std::mem::take(&mut self.out.atoms);
        atoms.clear();
        if FAST && ascii {
            atoms::ascii(&self.bytes[start..end], start as u32, &mut atoms);
        } else {
            atoms::general(&self.text[start..end], start as u32, &mut atoms);
        }
        Chunk { atoms: &atoms, end, cutter: self }.run();
        self.out.atoms = atoms;
        end
    }

    /// Where the chunk at `start` ends, and whether it is all ASCII.
    fn chunk_end(&self, start: usize) -> (usize, bool) {
        let (mut at, mut ascii) = (start, true);
        while let Some(&byte) = self.bytes.get(at) {
            at += match BYTES[usize::from(byte)] {
                Byte::Space => break,
                Byte::High => match self.text[at..].chars().next() {
                    Some(c) if !chars::is_space(c) => {
                        ascii = false;
                        c.len_utf8()
                    }
                    _ => break,
                },
                _ => 1,
            };
        }
        (at, ascii)
    }
}

fn line_breaks_of(c: char) -> u32 {
    match c {
        '\u{2029}' => 2,
        '\u{2028}' | '\u{85}' => 1,
        _ => 0,
    }
}

/// A chunk being cut.
pub(super) struct Chunk<'c, 'a> {
    pub(super) atoms: &'c [Atom],
    end: usize,
    cutter: &'c mut Cutter<'a>,
}

impl Chunk<'_, '_> {
    fn run(&mut self) {
        let mut i = 0;
        while i < self.atoms.len() {
            i = match web::find(self, i) {
                Some((next, kind)) => {
                    self.push(i, next, kind);
                    next
                }
                None if self.atoms[i].is_word() => self.word(i),
                None => self.sign(i),
            };
        }
    }

    /// The text of atoms `from..to`.
    pub(super) fn text(&self, from: usize, to: usize) -> &str {
        &self.cutter.text[self.atoms[from].start as usize..self.atoms[to - 1].end as usize]
    }

    pub(super) fn rules(&self) -> &Rules {
        self.cutter.rules
    }

    pub(super) fn is(&self, i: usize, mark: u8) -> bool {
        self.atoms.get(i).is_some_and(|atom| atom.is(mark))
    }

    pub(super) fn class(&self, i: usize) -> Option<Class> {
        self.atoms.get(i).map(|atom| atom.class)
    }

    pub(super) fn is_word(&self, i: usize) -> bool {
        self.atoms.get(i).is_some_and(Atom::is_word)
    }

    fn is_apostrophe(&self, i: usize) -> bool {
        self.atoms.get(i).and_then(Atom::sign).is_some_and(chars::is_apostrophe)
    }

    pub(super) fn flags(&self, i: usize) -> u32 {
        self.rules().flags(self.text(i, i + 1))
    }

    /// The first character after the chunk and its white space (a bounded look).
    fn next_char(&self) -> Option<char> {
        self.cutter.text[self.end..].chars().take(8).find(|&c| !chars::is_space(c))
    }

    fn push(&mut self, from: usize, to: usize, kind: Kind) {
        self.cutter.push(self.atoms[from].start as usize, self.atoms[to - 1].end as usize, kind);
    }

    /// The word that begins with atom `i`; returns the next atom.
    fn word(&mut self, i: usize) -> usize {
        let mut next = i + 1;
        while let Some(further) = self.joined(i, next) {
            next = further;
        }
        if self.rules().split_clitics && self.negation_follows(next) {
            return self.push_negation(i, next);
        }
        if self.elision_ends(i, next) {
            self.push(i, next + 1, Kind::Word);
            return next + 1;
        }
        if self.is(next, b'$') && next == i + 1 && self.is_upper(i) && self.text(i, next).len() <= 3 {
            self.push(i, next + 1, Kind::Currency);
            return next + 1;
        }
        if self.keeps_stop(i, next) {
            next += 1;
            self.push(i, next, self.kind(i));
            if next == self.atoms.len() {
                self.cutter.candidate(Why::Abbreviation);
            }
            return next;
        }
        if hyphens::cut_off(self, i, next) {
            self.push(i, next + 1, Kind::Word);
            return next + 1;
        }
        if self.decade_follows(i, next) {
            self.push(i, next + 2, Kind::Number);
            return next + 2;
        }
        self.push_word(i, next);
        next
    }

    /// `60's`: no genitive.
    fn decade_follows(&self, i: usize, next: usize) -> bool {
        next == i + 1
            && self.class(i) == Some(Class::Digits)
            && matches!(self.text(i, next).len(), 2 | 4)
            && self.text(i, next).ends_with('0')
            && self.is_apostrophe(next)
            && self.is_word(next + 1)
            && self.text(next + 1, next + 2) == "s"
    }

    fn push_word(&mut self, from: usize, to: usize) {
        match self.kind(from) {
            Kind::Word if to == from + 1 => {
                self.cutter.word(self.atoms[from].start as usize, self.atoms[to - 1].end as usize);
            }
            Kind::Number if self.class(to - 1) == Some(Class::Mixed) => self.push_quantity(from, to),
            kind => self.push(from, to, kind),
        }
    }

    /// A number with what touches it; a unit comes apart (`5:30|pm`).
    fn push_quantity(&mut self, from: usize, to: usize) {
        let (start, end) = (self.atoms[from].start as usize, self.atoms[to - 1].end as usize);
        let last = self.text(to - 1, to);
        let unit = last.trim_start_matches(|c: char| c.is_ascii_digit());
        let at = end - unit.len();
        if at > start && self.rules().flags(unit) & flag::UNIT != 0 {
            self.cutter.push(start, at, Kind::Number);
            self.cutter.push(at, end, Kind::Word);
        } else {
            self.cutter.push(start, end, Kind::Number);
        }
    }

    fn kind(&self, i: usize) -> Kind {
        match self.atoms[i].class {
            Class::Letters => Kind::Word,
            _ => Kind::Number,
        }
    }

    /// If the word `from..to` goes on with the mark at `to`, where it goes on to.
    fn joined(&self, from: usize, to: usize) -> Option<usize> {
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

    fn are_digits(&self, i: usize) -> bool {
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

    fn is_upper(&self, i: usize) -> bool {
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
    fn negation_follows(&self, next: usize) -> bool {
        self.is_apostrophe(next)
            && self.class(next + 1) == Some(Class::Letters)
            && self.text(next + 1, next + 2).eq_ignore_ascii_case("t")
            && self.text(next - 1, next).len() > 1
            && self.text(next - 1, next).ends_with(['n', 'N'])
    }

    /// `do|n't`: the second word begins one letter before the apostrophe.
    fn push_negation(&mut self, from: usize, next: usize) -> usize {
        let (start, middle) = (self.atoms[from].start as usize, self.atoms[next].start as usize - 1);
        self.cutter.push(start, middle, Kind::Word);
        self.cutter.push(middle, self.atoms[next + 1].end as usize, Kind::Word);
        next + 2
    }

    /// `l'` before a word, in languages that elide.
    fn elision_ends(&self, from: usize, next: usize) -> bool {
        self.is_apostrophe(next) && next == from + 1 && self.flags(from) & flag::ELISION != 0 && {
            let whole =
                self.is_word(next + 1) && self.rules().flags(self.text(from, next + 2)) & flag::WHOLE != 0;
            !whole
        }
    }

    /// Whether the word `from..next` is an abbreviation and the full stop at `next` belongs to it.
    fn keeps_stop(&self, from: usize, next: usize) -> bool {
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

    /// The sign or run of signs at atom `i`; returns the next atom.
    fn sign(&mut self, i: usize) -> usize {
        let sign = self.atoms[i].sign().unwrap_or(' ');
        if let Some(next) = self.clitic(i, sign) {
            self.push(i, next, Kind::Word);
            return next;
        }
        if let Some(next) = hyphens::enclitic(self, i) {
            self.push(i, next, Kind::Word);
            return next;
        }
        if let Some(next) = self.signed_number(i, sign) {
            self.push(i, next, Kind::Number);
            return next;
        }
        let mut next = i + 1;
        if sign == '[' && self.is(i + 1, b'.') {
            next = self.omission_end(i);
        }
        while self.continues_run(i, sign, next) {
            next += 1;
        }
        self.push(i, next, chars::kind_of_sign(sign));
        if matches!(sign, '.' | '!' | '?' | '…' | ':' | ';') || chars::is_wide_stop(sign) {
            self.cutter.candidate(Why::Stop);
        }
        next
    }

    /// `'s` and its kin, `'em`, `'99`: an apostrophe with what follows.
    fn clitic(&self, i: usize, sign: char) -> Option<usize> {
        if !self.rules().split_clitics || !chars::is_apostrophe(sign) || !self.is_word(i + 1) {
            return None;
        }
        let ends = !self.is_apostrophe(i + 2) || !self.is_word(i + 3);
        let clitic = self.flags(i + 1) & flag::CLITIC != 0 && ends;
        let years =
            self.cutter_starts(i) && self.text(i + 1, i + 2).starts_with(|c: char| c.is_ascii_digit());
        (clitic || years && self.text(i + 1, i + 2).len() <= 3).then_some(i + 2)
    }

    fn cutter_starts(&self, i: usize) -> bool {
        i == 0
    }

    /// `+44…` and `.203` at the start of a chunk.
    fn signed_number(&self, i: usize, sign: char) -> Option<usize> {
        let starts = i == 0 || i == 1 && self.is(0, b'(');
        if !starts || !matches!(sign, '+' | '.') || !self.are_digits(i + 1) {
            return None;
        }
        let mut next = i + 2;
        while sign == '+' && self.is(next, b'-') && self.are_digits(next + 1) {
            next += 2;
        }
        Some(next)
    }

    /// The end of `[...]`, or of the bracket alone.
    fn omission_end(&self, i: usize) -> usize {
        let dots = (1..=4).take_while(|k| self.is(i + k, b'.')).count();
        if dots >= 2 && self.is(i + dots + 1, b']') { i + dots + 2 } else { i + 1 }
    }

    /// Whether the atom at `next` belongs to the run of `sign` that begins at `i`.
    fn continues_run(&self, i: usize, sign: char, next: usize) -> bool {
        let Some(other) = self.atoms.get(next).and_then(Atom::sign) else { return false };
        match sign {
            '!' | '?' => matches!(other, '!' | '?'),
            '.' if other == '.' => self.is(next - 1, b'.'),
            '.' => matches!(other, '!' | '?') && (next == i + 1 || !self.is(next - 1, b'.')),
            '’' | '‘' => matches!(other, '’' | '‘'),
            '-' | '$' | '*' | '=' | '_' | '~' | '+' | '#' | '<' | '>' | '\'' | '`' | '…' | '^' => {
                other == sign
            }
            _ => false,
        }
    }
}
