//! Whether a hyphen joins or splits.

use super::atoms::Class;
use super::chunk::Chunk;
use super::rules::flag;

/// Whether the word `from..to` goes on after the hyphen at atom `to`, which a word follows.
pub(super) fn joins(chunk: &Chunk<'_, '_>, from: usize, to: usize) -> bool {
    if enclitic(chunk, to).is_some() {
        return chunk.rules().flags(chunk.text(from, to + 2)) & flag::WHOLE != 0;
    }
    if !chunk.rules().split_hyphens {
        return true;
    }
    match (chunk.class(to - 1), chunk.class(to + 1)) {
        (Some(Class::Digits), Some(Class::Digits)) => joins_numbers(chunk, from, to),
        (Some(Class::Letters), _) => {
            to == from + 1 && joins_prefix(chunk, from, to) || chunk.flags(to + 1) & flag::SUFFIX != 0
        }
        _ => false,
    }
}

/// Before a name only some prefixes join (`mid-July`, but not `pro-European`), unless all is in capitals.
fn joins_prefix(chunk: &Chunk<'_, '_>, from: usize, to: usize) -> bool {
    let flags = chunk.flags(from);
    let name = chunk.text(to + 1, to + 2).starts_with(char::is_uppercase);
    let capitals = chunk.text(from, to).chars().all(char::is_uppercase);
    flags & flag::PREFIX != 0 && (!name || flags & flag::STRONG_PREFIX != 0 || capitals)
}

/// Telephone numbers, postcodes and dates stay whole (`713-853-3989`, `646-8420`, `94720-1900`, `2006-08-07`),
/// ranges do not (`5-10`).
fn joins_numbers(chunk: &Chunk<'_, '_>, from: usize, to: usize) -> bool {
    let third = chunk.is(to + 2, b'-') && chunk.class(to + 3) == Some(Class::Digits);
    let lengths = (chunk.text(to - 1, to).len(), chunk.text(to + 1, to + 2).len());
    third || matches!(lengths, (3 | 5, 4)) || to > from + 1 && chunk.is(to - 2, b'-')
}

/// A pronoun bound to the word before by the hyphen at atom `i` (`-il`, `-t-il`): the atom after it.
pub(super) fn enclitic(chunk: &Chunk<'_, '_>, i: usize) -> Option<usize> {
    let bound = |i: usize| {
        i > 0
            && chunk.is(i, b'-')
            && chunk.is_word(i - 1)
            && chunk.is_word(i + 1)
            && chunk.flags(i + 1) & flag::ENCLITIC != 0
    };
    let ends = |i: usize| !chunk.is(i, b'-') || !chunk.is_word(i + 1);
    if !bound(i) {
        return None;
    }
    if ends(i + 2) {
        return Some(i + 2);
    }
    let filler = matches!(chunk.text(i + 1, i + 2), "t" | "T");
    (bound(i + 2) && ends(i + 4)).then_some(if filler { i + 4 } else { i + 2 })
}

/// Whether the hyphen at `next` ends a word that was cut off in speaking (`th-`).
pub(super) fn cut_off(chunk: &Chunk<'_, '_>, from: usize, next: usize) -> bool {
    chunk.rules().split_hyphens
        && next == from + 1
        && chunk.is(next, b'-')
        && !chunk.is_word(next + 1)
        && !chunk.is(next + 1, b'-')
        && chunk.class(from) == Some(Class::Letters)
        && chunk.text(from, next).len() <= 3
        && chunk.flags(from) & flag::PREFIX == 0
}
