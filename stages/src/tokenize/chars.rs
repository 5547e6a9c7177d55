//! Classes of characters.

use super::Kind;

/// Class of a byte: what the loop over chunks branches on.
#[repr(u8)]
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Byte {
    Letter,
    Digit,
    Mark,
    Space,
    High,
}

/// Class of every byte.
pub(super) static BYTES: [Byte; 256] = byte_classes();

const fn byte_classes() -> [Byte; 256] {
    let mut table = [Byte::Mark; 256];
    let mut b = 0;
    while b < 256 {
        table[b] = match b as u8 {
            b'a'..=b'z' | b'A'..=b'Z' => Byte::Letter,
            b'0'..=b'9' => Byte::Digit,
            b'\t'..=b'\r' | b' ' => Byte::Space,
            128.. => Byte::High,
            _ => Byte::Mark,
        };
        b += 1;
    }
    table
}

/// White space, and what is as invisible as that: zero-width space, byte order mark, marks of direction.
pub(super) fn is_space(c: char) -> bool {
    let invisible = || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    c.is_whitespace() || invisible()
}

/// Ends a sentence wherever it stands, in scripts that put no space after it.
pub(super) fn is_wide_stop(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '｡' | '।' | '॥' | '۔' | '؟' | '።' | '፧' | '။' | '។' | '։' | '᙮' | '᠃')
}

/// An apostrophe in any of its forms; a grave or acute accent often stands for one.
pub(super) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '\u{2bc}' | '\u{ff07}' | '\u{2018}' | '`' | '\u{b4}' | '\u{2032}')
}

/// A closing quotation mark or bracket, or a mark that may be one.
pub(super) fn is_closer(c: char) -> bool {
    matches!(
        c,
        '"' | '\''
            | ')'
            | ']'
            | '}'
            | '’'
            | '”'
            | '»'
            | '›'
            | '“'
            | '」'
            | '』'
            | '）'
            | '】'
            | '》'
            | '〉'
    )
}

/// An opening quotation mark or bracket, or a mark that may be one.
pub(super) fn is_opener(c: char) -> bool {
    matches!(
        c,
        '"' | '\''
            | '('
            | '['
            | '{'
            | '‘'
            | '“'
            | '«'
            | '‹'
            | '„'
            | '‚'
            | '”'
            | '»'
            | '「'
            | '『'
            | '（'
            | '【'
            | '《'
            | '`'
    )
}

/// The kind of a token that begins with `c` and has no letter or digit.
pub(super) fn kind_of_sign(c: char) -> Kind {
    match c {
        '$'
        | '¢'..='¥'
        | '\u{58f}'
        | '\u{60b}'
        | '\u{9f2}'
        | '\u{9f3}'
        | '\u{e3f}'
        | '\u{20a0}'..='\u{20cf}' => Kind::Currency,
        '+'
        | '<'
        | '='
        | '>'
        | '|'
        | '~'
        | '^'
        | '%'
        | '`'
        | '¬'
        | '°'
        | '±'
        | '©'
        | '®'
        | '¨'
        | '¯'
        | '´'
        | '¸'
        | '×'
        | '÷'
        | '¦'
        | '\u{2044}'
        | '\u{2052}'
        | '\u{2100}'..='\u{22ff}' => Kind::Symbol,
        '!'..='/' | ':'..='@' | '['..='`' | '{'..='~' | '¡' | '§' | '«' | '¶' | '·' | '»' | '¿' => {
            Kind::Punctuation
        }
        '\u{2010}'..='\u{2027}'
        | '\u{2030}'..='\u{205e}'
        | '\u{3001}'..='\u{3003}'
        | '\u{3008}'..='\u{3011}' => Kind::Punctuation,
        '\u{3014}'..='\u{301f}'
        | '\u{ff01}'..='\u{ff0f}'
        | '\u{ff1a}'..='\u{ff20}'
        | '\u{ff3b}'..='\u{ff40}' => Kind::Punctuation,
        '\u{ff5b}'..='\u{ff65}'
        | '\u{5be}'..='\u{5f4}'
        | '\u{600}'..='\u{61f}'
        | '\u{66a}'..='\u{66d}'
        | '\u{6d4}' => Kind::Punctuation,
        '\u{964}' | '\u{965}' | '\u{2e00}'..='\u{2e7f}' | '\u{fe10}'..='\u{fe6b}' => Kind::Punctuation,
        '\u{2190}'..='\u{23ff}' | '\u{2460}'..='\u{25ff}' | '\u{27c0}'..='\u{2bff}' => Kind::Symbol,
        '\u{2600}'..='\u{27bf}' | '\u{1f000}'..='\u{1faff}' => Kind::Emoji,
        _ => Kind::Other,
    }
}
