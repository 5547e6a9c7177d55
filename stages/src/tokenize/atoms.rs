//! Atoms: the pieces of a chunk that rules join into words.

use unicode_segmentation::UnicodeSegmentation;

/// What an atom is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// Letters first (digits and underscores may follow).
    Letters,
    /// Digits only.
    Digits,
    /// Digits first, then letters.
    Mixed,
    /// One ASCII mark, this byte.
    Mark(u8),
    /// Any other character, with what combines with it.
    Sign(char),
}

/// A piece of a chunk; offsets are bytes of the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Atom {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) class: Class,
}

impl Atom {
    /// Whether it has letters or digits.
    pub(super) fn is_word(&self) -> bool {
        matches!(self.class, Class::Letters | Class::Digits | Class::Mixed)
    }

    /// Whether it is this ASCII mark.
    pub(super) fn is(&self, mark: u8) -> bool {
        self.class == Class::Mark(mark)
    }

    /// The character of a mark or sign.
    pub(super) fn sign(&self) -> Option<char> {
        match self.class {
            Class::Mark(b) => Some(char::from(b)),
            Class::Sign(c) => Some(c),
            _ => None,
        }
    }
}

/// Atoms of an ASCII chunk, which starts at byte `base` of the text. Must agree with [`general`].
pub(super) fn ascii(chunk: &[u8], base: u32, atoms: &mut Vec<Atom>) {
    let mut i = 0;
    while i < chunk.len() {
        let start = i;
        i += 1;
        let class = if is_word_byte(chunk[start]) {
            while i < chunk.len() && is_word_byte(chunk[i]) {
                i += 1;
            }
            ascii_word_class(&chunk[start..i])
        } else {
            Class::Mark(chunk[start])
        };
        atoms.push(Atom { start: base + start as u32, end: base + i as u32, class });
    }
}

fn is_word_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_'
}

fn ascii_word_class(word: &[u8]) -> Class {
    if word.iter().all(|&b| b == b'_') {
        return if word.len() == 1 { Class::Mark(b'_') } else { Class::Sign('_') };
    }
    match word[0].is_ascii_digit() {
        false => Class::Letters,
        true if word.iter().all(u8::is_ascii_digit) => Class::Digits,
        true => Class::Mixed,
    }
}

/// Atoms of any chunk, which starts at byte `base` of the text: the word boundaries of UAX 29, and a boundary on
/// both sides of every mark that UAX 29 leaves between letters or digits.
pub(super) fn general(chunk: &str, base: u32, atoms: &mut Vec<Atom>) {
    for (at, segment) in chunk.split_word_bound_indices() {
        split_marks(segment, base + at as u32, atoms);
    }
}

/// Cuts a segment of UAX 29 at its marks (`.`, `’`, `·`); a mark keeps what combines with it.
fn split_marks(segment: &str, base: u32, atoms: &mut Vec<Atom>) {
    let first = segment.chars().next().unwrap_or(' ');
    if !is_word_char(first) {
        let class = if segment.len() == 1 { Class::Mark(segment.as_bytes()[0]) } else { Class::Sign(first) };
        atoms.push(Atom { start: base, end: base + segment.len() as u32, class });
        return;
    }
    let mut start = 0;
    let mut inside_word = true;
    for (at, c) in segment.char_indices().skip(1) {
        let word = if combines(c) { inside_word } else { is_word_char(c) };
        if word != inside_word || (!word && !combines(c)) {
            push_piece(&segment[start..at], base + start as u32, atoms);
            start = at;
            inside_word = word;
        }
    }
    push_piece(&segment[start..], base + start as u32, atoms);
}

fn push_piece(piece: &str, base: u32, atoms: &mut Vec<Atom>) {
    let class = match piece.as_bytes() {
        bytes if piece.is_ascii() && is_word_byte(bytes[0]) => ascii_word_class(bytes),
        &[mark] => Class::Mark(mark),
        _ => class_of(piece),
    };
    atoms.push(Atom { start: base, end: base + piece.len() as u32, class });
}

fn class_of(piece: &str) -> Class {
    let mut chars = piece.chars();
    let first = chars.next().unwrap_or(' ');
    match first {
        c if !is_word_char(c) => Class::Sign(c),
        c if !c.is_numeric() => Class::Letters,
        _ if chars.all(|c| c.is_numeric() || combines(c)) => Class::Digits,
        _ => Class::Mixed,
    }
}

fn is_word_char(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// Marks, joiners and format characters, which belong to the character before.
fn combines(c: char) -> bool {
    !c.is_ascii() && !c.is_alphanumeric() && is_extending(c)
}

fn is_extending(c: char) -> bool {
    // By UAX 29 rule WB4 a letter does not break before exactly these.
    let mut buffer = [0; 8];
    buffer[0] = b'a';
    let len = 1 + c.encode_utf8(&mut buffer[1..]).len();
    std::str::from_utf8(&buffer[..len]).is_ok_and(|pair| pair.split_word_bounds().count() == 1)
}
