//! Rows that overlap: which of them count when a stage appends to a layer of spans that others have filled.
//!
//! Rows never move, since other layers refer to them by number. A row that does not count is marked with the one
//! that stands in its place; writers leave it out and lead references to it to that one.

use crate::Span;
use crate::plugin::Table;

/// What happens where an appended row overlaps one that was there. Rows of one stage never rule each other out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Overlap {
    /// The row that was there counts. The default: what earlier stages built on keeps its meaning.
    #[default]
    KeepExisting,
    /// The longer one counts; of equals, the one that was there.
    PreferLongest,
    /// The appended row counts.
    PreferNew,
    /// Both count.
    KeepBoth,
}

impl Overlap {
    /// All policies.
    pub const ALL: [Self; 4] = [Self::KeepExisting, Self::PreferLongest, Self::PreferNew, Self::KeepBoth];

    /// Its name in configurations.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::KeepExisting => "keep-existing",
            Self::PreferLongest => "prefer-longest",
            Self::PreferNew => "prefer-new",
            Self::KeepBoth => "keep-both",
        }
    }

    /// The policy of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|policy| policy.name() == name)
    }
}

/// Mark of a row that counts.
const COUNTS: u32 = u32::MAX;

impl Table {
    /// Whether a row counts: no row of another stage stands in its place.
    #[must_use]
    pub fn counts(&self, row: usize) -> bool {
        self.marks.get(row).is_none_or(|mark| *mark == COUNTS)
    }

    /// The rows that count, in their order: those a writer writes.
    pub fn rows(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.len).filter(|row| self.counts(*row))
    }

    /// Whether there are rows that do not count.
    #[must_use]
    pub fn has_marks(&self) -> bool {
        self.marks.iter().any(|mark| *mark != COUNTS)
    }

    /// The row that counts in the place of a row: itself, as a rule.
    #[must_use]
    pub fn in_place_of(&self, mut row: usize) -> usize {
        // A row is marked once, with one that counted then: the way ends.
        while !self.counts(row) {
            row = self.marks[row] as usize;
        }
        row
    }

    /// For each row its place among those that count; a row that does not has that of the one in its place. `None`
    /// where all count, and rows and places are the same. For references to this layer.
    #[must_use]
    pub fn places(&self) -> Option<Vec<u32>> {
        if !self.has_marks() {
            return None;
        }
        let mut places = vec![COUNTS; self.len];
        self.rows().enumerate().for_each(|(place, row)| places[row] = place as u32);
        (0..self.len).for_each(|row| places[row] = places[self.in_place_of(row)]);
        Some(places)
    }

    /// Marks what the rows from `first` on, just appended, and those before rule out of each other.
    pub(crate) fn settle(&mut self, first: usize, policy: Overlap) {
        if !self.marks.is_empty() {
            self.marks.resize(self.len, COUNTS);
        }
        if policy == Overlap::KeepBoth || first == self.len || first == 0 || self.spans.len() != self.len {
            return;
        }
        let there = Sorted::new(&self.spans, (0..first).filter(|row| self.counts(*row)));
        let mut new: Vec<_> = (first..self.len).collect();
        if policy == Overlap::PreferLongest {
            new.sort_by_key(|row| std::cmp::Reverse(self.spans[*row].len()));
        }
        for row in new {
            let rivals: Vec<_> =
                there.overlapping(self.spans[row]).filter(|rival| self.counts(*rival)).collect();
            let longest = rivals
                .iter()
                .copied()
                .max_by_key(|rival| (self.spans[*rival].len(), std::cmp::Reverse(*rival)));
            let Some(longest) = longest else { continue };
            let wins = match policy {
                Overlap::PreferNew => true,
                Overlap::PreferLongest => self.spans[row].len() > self.spans[longest].len(),
                Overlap::KeepExisting | Overlap::KeepBoth => false,
            };
            if wins {
                rivals.iter().for_each(|rival| self.mark(*rival, row));
            } else {
                self.mark(row, longest);
            }
        }
    }

    fn mark(&mut self, row: usize, by: usize) {
        self.marks.resize(self.len, COUNTS);
        self.marks[row] = by as u32;
    }
}

/// Spans by start, with how far those before reach.
struct Sorted {
    rows: Vec<(Span, usize)>,
    reach: Vec<u32>,
}

impl Sorted {
    fn new(spans: &[Span], rows: impl Iterator<Item = usize>) -> Self {
        let mut rows: Vec<_> = rows.map(|row| (spans[row], row)).collect();
        rows.sort_by_key(|(span, row)| (span.start, *row));
        let mut far = 0;
        let reach = rows.iter().map(|(span, _)| {
            far = far.max(span.end);
            far
        });
        let reach = reach.collect();
        Self { rows, reach }
    }

    fn overlapping(&self, span: Span) -> impl Iterator<Item = usize> + '_ {
        let end = self.rows.partition_point(|(other, _)| other.start < span.end);
        let near = (0..end).rev().take_while(move |at| self.reach[*at] > span.start);
        let both = near.map(|at| self.rows[at]).filter(move |(other, _)| {
            other.start < span.end && other.end > span.start && !other.is_empty() && !span.is_empty()
        });
        both.map(|(_, row)| row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(there: &[(u32, u32)], new: &[(u32, u32)], policy: Overlap) -> Table {
        let spans = there.iter().chain(new).map(|(start, end)| Span::new(*start, *end)).collect::<Vec<_>>();
        let mut table = Table { len: spans.len(), spans, ..Table::default() };
        table.settle(there.len(), policy);
        table
    }

    fn kept(there: &[(u32, u32)], new: &[(u32, u32)], policy: Overlap) -> Vec<usize> {
        table(there, new, policy).rows().collect()
    }

    #[test]
    fn each_policy_keeps_what_it_says() {
        let (there, new) = ([(0, 4), (10, 14), (20, 30)], [(0, 9), (12, 13), (20, 30), (40, 44)]);
        assert_eq!(kept(&there, &new, Overlap::KeepExisting), [0, 1, 2, 6]);
        assert_eq!(kept(&there, &new, Overlap::PreferLongest), [1, 2, 3, 6]);
        assert_eq!(kept(&there, &new, Overlap::PreferNew), [3, 4, 5, 6]);
        assert_eq!(kept(&there, &new, Overlap::KeepBoth), [0, 1, 2, 3, 4, 5, 6]);
    }

    #[test]
    fn touching_and_empty_spans_do_not_overlap_and_rows_of_one_stage_never_do() {
        let new = [(4, 6), (2, 2), (4, 9)];
        assert_eq!(kept(&[(0, 4), (0, 3)], &new, Overlap::KeepExisting), [0, 1, 2, 3, 4]);
        assert_eq!(kept(&[], &new, Overlap::PreferNew), [0, 1, 2]);
    }

    #[test]
    fn the_longest_of_the_new_wins_and_what_it_beat_rules_nothing_out() {
        // The second new row beats the only rival of the first; both stay.
        assert_eq!(kept(&[(0, 5)], &[(0, 3), (0, 9)], Overlap::PreferLongest), [1, 2]);
    }

    #[test]
    fn references_lead_to_the_row_in_place() {
        let mut table = table(&[(0, 4), (10, 14)], &[(0, 9), (11, 12)], Overlap::PreferLongest);
        assert_eq!(table.places(), Some(vec![1, 0, 1, 0]));
        table.spans.push(Span::new(0, 20));
        table.len += 1;
        table.settle(4, Overlap::PreferNew);
        assert_eq!(table.places(), Some(vec![0; 5]));
        let plain = self::table(&[(0, 4)], &[(5, 6)], Overlap::KeepExisting);
        assert_eq!(plain.places(), None);
    }
}
