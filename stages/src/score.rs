//! Scores of names and of the clusters they form.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use pipeline_core::Span;

use crate::score_text::Counts;

/// Counts by type; they add up over documents.
#[derive(Clone, Debug, Default)]
pub struct NameScores {
    /// By label of the gold data.
    pub by_label: BTreeMap<String, Counts>,
}

impl NameScores {
    /// Compares the names of a document: span and label must be right. `labels` are those the gold data has in any
    /// document; others are not counted.
    pub fn add(&mut self, gold: &[(Span, &str)], found: &[(Span, &str)], labels: &BTreeSet<String>) {
        let gold: BTreeSet<_> = gold.iter().filter(|(_, label)| labels.contains(*label)).collect();
        let found: BTreeSet<_> = found.iter().filter(|(_, label)| labels.contains(*label)).collect();
        for (_, label) in &gold {
            self.of(label).gold += 1;
        }
        for name in &found {
            let counts = self.of(name.1);
            counts.found += 1;
            counts.correct += u64::from(gold.contains(name));
        }
    }

    fn of(&mut self, label: &str) -> &mut Counts {
        self.by_label.entry(label.to_owned()).or_default()
    }

    /// All types together.
    #[must_use]
    pub fn micro(&self) -> Counts {
        let mut sum = Counts::default();
        self.by_label.values().for_each(|&counts| sum.add(counts));
        sum
    }
}

/// The three types that nearly every corpus has: places of all kinds are LOC. `None` for what is none of them.
#[must_use]
pub fn fold(label: &str) -> Option<&'static str> {
    match label {
        "PERSON" | "PER" => Some("PER"),
        "GPE" | "LOC" | "FAC" => Some("LOC"),
        "ORG" => Some("ORG"),
        _ => None,
    }
}

/// B-cubed (Bagga and Baldwin 1998): for each mention, how much of its cluster is right; sums over documents.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct BCubed {
    precision: f64,
    recall: f64,
    found: u64,
    gold: u64,
}

impl BCubed {
    /// Compares the clusters of a document. A mention is a span with the number of its cluster.
    pub fn add(&mut self, gold: &[(Span, u32)], found: &[(Span, u32)]) {
        self.gold += gold.len() as u64;
        self.found += found.len() as u64;
        let cluster_of: HashMap<Span, u32> = gold.iter().copied().collect();
        let both: Vec<(u32, u32)> =
            found.iter().filter_map(|&(span, cluster)| Some((cluster, *cluster_of.get(&span)?))).collect();
        let (mut pairs, mut in_found, mut in_gold) = (HashMap::new(), HashMap::new(), HashMap::new());
        for &(f, g) in &both {
            *pairs.entry((f, g)).or_insert(0_u32) += 1;
        }
        for &(_, f) in found {
            *in_found.entry(f).or_insert(0_u32) += 1;
        }
        for &(_, g) in gold {
            *in_gold.entry(g).or_insert(0_u32) += 1;
        }
        for (f, g) in both {
            let shared = f64::from(pairs[&(f, g)]);
            self.precision += shared / f64::from(in_found[&f]);
            self.recall += shared / f64::from(in_gold[&g]);
        }
    }

    /// Precision, recall and their harmonic mean, 0 to 1.
    #[must_use]
    pub fn scores(&self) -> (f64, f64, f64) {
        let share = |sum: f64, all: u64| if all == 0 { 0.0 } else { sum / all as f64 };
        let (p, r) = (share(self.precision, self.found), share(self.recall, self.gold));
        (p, r, if p + r == 0.0 { 0.0 } else { 2.0 * p * r / (p + r) })
    }
}

/// Numbers the things that mentions of a document stand for: those of one text and label are one thing, and so are
/// those whose texts stand together in one of `clusters`.
#[must_use]
pub fn things(mentions: &[(&str, &str)], clusters: &[Vec<String>]) -> Vec<u32> {
    let mut group_of = HashMap::new();
    for (number, group) in clusters.iter().enumerate() {
        group.iter().for_each(|text| _ = group_of.insert(text.as_str(), number));
    }
    let mut numbers = HashMap::new();
    let thing = |&(text, label)| {
        let key = group_of.get(text).map_or((Some((text, label)), 0), |&group| (None, group));
        let next = numbers.len() as u32;
        *numbers.entry(key).or_insert(next)
    };
    mentions.iter().map(thing).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Span = Span::new(0, 4);
    const B: Span = Span::new(5, 9);
    const C: Span = Span::new(10, 14);

    #[test]
    fn names_count_by_gold_label() {
        let labels = BTreeSet::from(["ORG".to_owned(), "GPE".to_owned()]);
        let mut scores = NameScores::default();
        scores.add(&[(A, "ORG"), (B, "GPE")], &[(A, "ORG"), (B, "ORG"), (C, "DATE")], &labels);
        assert_eq!(scores.micro(), Counts { correct: 1, gold: 2, found: 2 });
        assert_eq!(scores.by_label["GPE"], Counts { correct: 0, gold: 1, found: 0 });
    }

    #[test]
    fn clusters_by_hand() {
        let mut scores = BCubed::default();
        // Gold {A B} {C}, found {A} {B C}: precision (1 + 1/2 + 1/2) / 3, recall (1/2 + 1/2 + 1) / 3.
        scores.add(&[(A, 0), (B, 0), (C, 1)], &[(A, 7), (B, 8), (C, 8)]);
        let (p, r, f) = scores.scores();
        assert!([p, r, f].iter().all(|x| (x - 2.0 / 3.0).abs() < 1e-9), "{p} {r} {f}");
    }

    #[test]
    fn things_are_told_by_text_label_and_cluster() {
        let clusters = [vec!["Ana Soto".to_owned(), "Soto".to_owned()]];
        let mentions = [
            ("Ana Soto", "PERSON"),
            ("Georgia", "GPE"),
            ("Soto", "PERSON"),
            ("Georgia", "PERSON"),
            ("Georgia", "GPE"),
        ];
        assert_eq!(things(&mentions, &clusters), [0, 1, 0, 2, 1]);
    }
}
