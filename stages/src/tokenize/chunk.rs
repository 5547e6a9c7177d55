//! One chunk: its atoms into words.

use super::atoms::{Atom, Class};
use super::rules::{Rules, flag};
use super::sentences::Why;
use super::words::Cutter;
use super::{Kind, chars, hyphens, web};

/// A chunk being cut.
pub(super) struct Chunk<'c, 'a> {
    pub(super) atoms: &'c [Atom],
    /// Byte after the chunk.
    end: usize,
    cutter: &'c mut Cutter<'a>,
}

impl<'c, 'a> Chunk<'c, 'a> {
    /// A chunk with its atoms; `end` is the byte after it.
    pub(super) fn new(atoms: &'c [Atom], end: usize, cutter: &'c mut Cutter<'a>) -> Self {
        Self { atoms, end, cutter }
    }
}

impl Chunk<'_, '_> {
    /// Pushes the words of the chunk.
    pub(super) fn run(&mut self) {
        let mut i = 0;
        while i < self.atoms.len() {
            i = match web::find(self, i) {
                Some((next, kind)) => {
                    self.push(i, next, kind);
                    self.note_sign(i, next, kind);
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

    pub(super) fn is_apostrophe(&self, i: usize) -> bool {
        self.atoms.get(i).and_then(Atom::sign).is_some_and(chars::is_apostrophe)
    }

    pub(super) fn flags(&self, i: usize) -> u32 {
        self.rules().flags(self.text(i, i + 1))
    }

    /// The first character after the chunk and its white space (a bounded look).
    pub(super) fn next_char(&self) -> Option<char> {
        self.cutter.text[self.end..].chars().take(8).find(|&c| !chars::is_space(c))
    }

    pub(super) fn push(&mut self, from: usize, to: usize, kind: Kind) {
        self.cutter.push(self.atoms[from].start as usize, self.atoms[to - 1].end as usize, kind);
    }

    /// Addresses and faces may end a sentence that has no stop.
    fn note_sign(&mut self, i: usize, next: usize, kind: Kind) {
        if next != self.atoms.len() {
            return;
        }
        match kind {
            Kind::Url if self.is(i + 1, b':') => self.cutter.candidate(Why::Address),
            Kind::Emoticon | Kind::Emoji => self.cutter.candidate(Why::Face),
            _ => {}
        }
    }

    /// The word that begins with atom `i`; returns the next atom.
    pub(super) fn word(&mut self, i: usize) -> usize {
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
        if next >= i + 5 && self.is(i + 1, b'/') && self.is(i + 3, b'/') {
            self.cutter.candidate(Why::Date);
        }
        self.push_word(i, next);
        if next == self.atoms.len() && next >= i + 3 {
            self.note_number(i);
        }
        next
    }

    /// `do|n't`: the second word begins one letter before the apostrophe.
    fn push_negation(&mut self, from: usize, next: usize) -> usize {
        let (start, middle) = (self.atoms[from].start as usize, self.atoms[next].start as usize - 1);
        self.cutter.push(start, middle, Kind::Word);
        self.cutter.push(middle, self.atoms[next + 1].end as usize, Kind::Word);
        next + 2
    }

    /// Times (`12:30`) and the numbers of figures (`1.4`) may end a sentence that has no stop.
    fn note_number(&mut self, i: usize) {
        match (self.atoms[i].class, self.atoms[i + 1].class) {
            (Class::Digits, Class::Mark(b':')) => self.cutter.candidate(Why::Time),
            (Class::Digits, Class::Mark(b'.')) => self.cutter.candidate(Why::Caption),
            _ => {}
        }
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

    /// The sign or run of signs at atom `i`; returns the next atom.
    pub(super) fn sign(&mut self, i: usize) -> usize {
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
        if sign == ',' && next == self.atoms.len() && i == 1 && self.class(0) == Some(Class::Letters) {
            self.cutter.comma(self.atoms[0].start as usize, self.atoms[i].start as usize);
            return next;
        }
        let kind = chars::kind_of_sign(sign);
        let rule =
            next >= i + 5 && matches!(sign, '-' | '*' | '=') || sign == '_' && self.text(i, next).len() >= 10;
        if rule {
            self.cutter.candidate(Why::Rule);
        }
        self.push(i, next, kind);
        if rule {
            self.cutter.candidate(Why::Rule);
        }
        self.note_sign(i, next, kind);
        let omission = sign == '[' && next > i + 1;
        if omission || matches!(sign, '.' | '!' | '?' | '…') || chars::is_wide_stop(sign) {
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
        let years = i == 0 && self.text(i + 1, i + 2).starts_with(|c: char| c.is_ascii_digit());
        (clitic || years && self.text(i + 1, i + 2).len() <= 3).then_some(i + 2)
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
