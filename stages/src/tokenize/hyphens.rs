//! Whether a hyphen joins or splits.

use super::atoms::Class;
use super::rules::flag;
use super::words::Chunk;

/// Whether the word `from..to` goes on after the hyphen at atom `to`, which a word follows.
pub(super) fn joins(chunk: &Chunk<'_, '_>, from: usize, to: usize) -> bool {
    let rules = chunk.rules();
    if chunk.class(to + 1) == Some(Class::Letters)
        && rules.flags(chunk.text(to + 1, to + 2)) & flag::ENCLITIC != 0
    {
        return false;
    }
    if !rules.split_hyphens {
        return true;
    }
    match (chunk.class(to - 1), chunk.class(to + 1)) {
        (Some(Class::Digits), Some(Class::Digits)) => joins_numbers(chunk, from, to),
        _ => to == from + 1 && rules.flags(chunk.text(from, to)) & flag::PREFIX != 0,
    }
}

/// Telephone numbers and dates stay whole (`713-853-3989`, `646-8420`, `2006-08-07`), ranges do not (`5-10`).
fn joins_numbers(chunk: &Chunk<'_, '_>, from: usize, to: usize) -> bool {
    let third = chunk.is(to + 2, b'-') && chunk.class(to + 3) == Some(Class::Digits);
    let telephone = chunk.text(to - 1, to).len() == 3 && chunk.text(to + 1, to + 2).len() == 4;
    third || telephone || to > from + 1 && chunk.is(to - 2, b'-')
}
