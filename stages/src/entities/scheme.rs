//! Entity types as labels of single tokens: BIOES (begin, inside, outside, end, single).

use crate::learn::crf::Grammar;

/// The label of a token outside every name.
pub(super) const OUTSIDE: usize = 0;

/// Where in a name a token stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// First of several.
    Begin,
    /// Neither first nor last.
    Inside,
    /// Last of several.
    End,
    /// The whole name.
    Single,
}

const PLACES: [Place; 4] = [Place::Begin, Place::Inside, Place::End, Place::Single];

/// Number of labels for so many types.
#[must_use]
pub(super) const fn labels(types: usize) -> usize {
    1 + 4 * types
}

/// The label of a token in a name of type `kind`.
#[must_use]
pub(super) const fn label(kind: usize, place: Place) -> usize {
    1 + 4 * kind + place as usize
}

/// The place of token `at` of a name of `length` tokens.
#[must_use]
pub(super) const fn place(at: usize, length: usize) -> Place {
    match (at == 0, at + 1 == length) {
        (true, true) => Place::Single,
        (true, false) => Place::Begin,
        (false, true) => Place::End,
        (false, false) => Place::Inside,
    }
}

/// Type and place of a label; `None` outside.
#[must_use]
pub(super) const fn parts(label: usize) -> Option<(usize, Place)> {
    match label.checked_sub(1) {
        None => None,
        Some(rest) => Some((rest / 4, PLACES[rest % 4])),
    }
}

/// Whether label `to` may follow label `from`.
#[must_use]
pub(super) fn may_follow(from: usize, to: usize) -> bool {
    let open = match parts(from) {
        Some((kind, Place::Begin | Place::Inside)) => Some(kind),
        _ => None,
    };
    let continued = match parts(to) {
        Some((kind, Place::Inside | Place::End)) => Some(kind),
        _ => None,
    };
    open == continued
}

/// Whether a sequence may begin with `label`.
#[must_use]
pub(super) fn may_begin(label: usize) -> bool {
    may_follow(OUTSIDE, label)
}

/// Whether a sequence may end with `label`.
#[must_use]
pub(super) fn may_end(label: usize) -> bool {
    may_follow(label, OUTSIDE)
}

/// What may stand beside what, for the learner.
#[must_use]
pub(super) fn grammar(types: usize) -> Grammar {
    let labels = labels(types);
    Grammar {
        labels,
        allowed: (0..labels * labels).map(|i| may_follow(i / labels, i % labels)).collect(),
        first: (0..labels).map(may_begin).collect(),
        last: (0..labels).map(may_end).collect(),
    }
}

/// The names in a row of labels, as type and range of tokens.
pub(super) fn names(labels: &[u8]) -> impl Iterator<Item = (usize, std::ops::Range<usize>)> + '_ {
    let mut start = 0;
    labels.iter().enumerate().filter_map(move |(at, &label)| match parts(usize::from(label)) {
        Some((_, Place::Begin)) => {
            start = at;
            None
        }
        Some((kind, Place::Single)) => Some((kind, at..at + 1)),
        Some((kind, Place::End)) => Some((kind, start..at + 1)),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_and_parts_agree() {
        for kind in 0..5 {
            for place in PLACES {
                assert_eq!(parts(label(kind, place)), Some((kind, place)));
            }
        }
        assert_eq!(parts(OUTSIDE), None);
    }

    #[test]
    fn a_name_is_never_left_open_nor_changes_its_type() {
        let begin = label(0, Place::Begin);
        assert!(may_follow(begin, label(0, Place::End)));
        assert!(!may_follow(begin, label(1, Place::End)));
        assert!(!may_follow(begin, OUTSIDE) && !may_end(begin));
        assert!(!may_follow(OUTSIDE, label(0, Place::Inside)) && !may_begin(label(0, Place::End)));
        assert!(may_follow(label(0, Place::Single), label(1, Place::Begin)));
    }

    #[test]
    fn names_are_read_back() {
        let row: Vec<u8> = [OUTSIDE, label(1, Place::Begin), label(1, Place::End), label(0, Place::Single)]
            .iter()
            .map(|&l| l as u8)
            .collect();
        assert_eq!(names(&row).collect::<Vec<_>>(), [(1, 1..3), (0, 3..4)]);
    }
}
