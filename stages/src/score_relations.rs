//! Scores of relations.

use std::collections::{BTreeMap, BTreeSet};

use pipeline_core::Span;

use crate::score_text::Counts;

/// A relation by what is compared: the spans of its names, and its label.
pub type Triple<'a> = (Span, Span, &'a str);

/// Counts by relation; they add up over documents.
#[derive(Clone, Debug, Default)]
pub struct RelationScores {
    /// By label.
    pub by_label: BTreeMap<String, Counts>,
}

impl RelationScores {
    /// Compares the relations of a document, strictly: both spans and the label must be right; those of `symmetric`
    /// labels have no direction. Only labels of `counted` count, on both sides.
    pub fn add(
        &mut self,
        gold: &[Triple<'_>],
        found: &[Triple<'_>],
        counted: &BTreeSet<&str>,
        symmetric: &[&str],
    ) {
        let canonical = |all: &[Triple<'_>]| -> BTreeSet<(Span, Span, String)> {
            let turn = |&(head, tail, label): &Triple<'_>| match symmetric.contains(&label) && tail < head {
                true => (tail, head, label.to_owned()),
                false => (head, tail, label.to_owned()),
            };
            all.iter().filter(|(_, _, label)| counted.contains(label)).map(turn).collect()
        };
        let (gold, found) = (canonical(gold), canonical(found));
        for (_, _, label) in &gold {
            self.by_label.entry(label.clone()).or_default().gold += 1;
        }
        for relation in &found {
            let counts = self.by_label.entry(relation.2.clone()).or_default();
            counts.found += 1;
            counts.correct += u64::from(gold.contains(relation));
        }
    }

    /// All relations together.
    #[must_use]
    pub fn micro(&self) -> Counts {
        let mut sum = Counts::default();
        self.by_label.values().for_each(|&counts| sum.add(counts));
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Span = Span::new(0, 4);
    const B: Span = Span::new(5, 9);

    #[test]
    fn direction_counts_unless_the_relation_has_none() {
        let counted = BTreeSet::from(["owns", "meets_with"]);
        let mut scores = RelationScores::default();
        let gold = [(A, B, "owns"), (A, B, "meets_with")];
        let found = [(B, A, "owns"), (B, A, "meets_with"), (A, B, "visits")];
        scores.add(&gold, &found, &counted, &["meets_with"]);
        assert_eq!(scores.by_label["owns"], Counts { correct: 0, gold: 1, found: 1 });
        assert_eq!(scores.micro(), Counts { correct: 1, gold: 2, found: 2 });
    }
}
