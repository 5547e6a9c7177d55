//! Chunks into words.

use pipeline_core::Span;

use super::atoms;
use super::chars::{self, BYTES, Byte};
use super::chunk::Chunk;
use super::rules::Rules;
use super::sentences::{Candidate, Why};
use super::{Kind, Words};

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

/// Cuts a text, chunk by chunk.
pub(super) struct Cutter<'a> {
    pub(super) text: &'a str,
    bytes: &'a [u8],
    pub(super) rules: &'a Rules,
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

    pub(super) fn candidate(&mut self, why: Why) {
        self.out.candidates.push(Candidate { before: self.out.tokens.len() as u32, why });
    }

    #[inline]
    pub(super) fn push(&mut self, start: usize, end: usize, kind: Kind) {
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
            self.comma(start, end);
        }
        end + usize::from(comma)
    }

    /// The comma at `end` after the word that began at `start`.
    #[inline]
    pub(super) fn comma(&mut self, start: usize, end: usize) {
        self.push(end, end + 1, Kind::Punctuation);
        if self.rules.closes_letter(&self.text[start..end]) {
            self.candidate(Why::Closing);
        }
    }

    /// A word of letters, which may be two written together.
    #[inline]
    pub(super) fn word(&mut self, start: usize, end: usize) {
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
        Chunk::new(&atoms, end, self).run();
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
