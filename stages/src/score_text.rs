//! Scores of words, sentences and languages.

use std::collections::BTreeMap;

use pipeline_core::Span;

/// Counts behind an F1 score; they add up over documents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Spans that are in both.
    pub correct: u64,
    /// Spans in the gold data.
    pub gold: u64,
    /// Spans found.
    pub found: u64,
}

impl Counts {
    /// Compares spans that must be equal to count; both lists are in text order and disjoint.
    #[must_use]
    pub fn of(gold: &[Span], found: &[Span]) -> Self {
        let mut correct = 0;
        let (mut g, mut f) = (0, 0);
        while g < gold.len() && f < found.len() {
            correct += u64::from(gold[g] == found[f]);
            match (gold[g].end, gold[g].start).cmp(&(found[f].end, found[f].start)) {
                std::cmp::Ordering::Less => g += 1,
                std::cmp::Ordering::Greater => f += 1,
                std::cmp::Ordering::Equal => (g, f) = (g + 1, f + 1),
            }
        }
        Self { correct, gold: gold.len() as u64, found: found.len() as u64 }
    }

    /// Adds the counts of another document.
    pub fn add(&mut self, other: Self) {
        self.correct += other.correct;
        self.gold += other.gold;
        self.found += other.found;
    }

    /// Share of what was found that is right, 0 to 1.
    #[must_use]
    pub fn precision(&self) -> f64 {
        ratio(self.correct, self.found)
    }

    /// Share of the gold spans that were found, 0 to 1.
    #[must_use]
    pub fn recall(&self) -> f64 {
        ratio(self.correct, self.gold)
    }

    /// Harmonic mean of precision and recall, 0 to 1.
    #[must_use]
    pub fn f1(&self) -> f64 {
        ratio(2 * self.correct, self.gold + self.found)
    }
}

fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// Length buckets of texts, by characters.
pub const BUCKETS: [&str; 4] = ["1-20", "21-50", "51-100", "101+"];

/// Index into [`BUCKETS`] for a text.
#[must_use]
pub fn bucket(text: &str) -> usize {
    match text.chars().count() {
        0..=20 => 0,
        21..=50 => 1,
        51..=100 => 2,
        _ => 3,
    }
}

/// Right answers and answers in all, per bucket of length and per language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Languages {
    /// Right and all, per bucket of [`BUCKETS`].
    pub buckets: [(u64, u64); 4],
    /// Right and all, per gold code.
    pub codes: BTreeMap<String, (u64, u64)>,
}

impl Languages {
    /// Counts one text with its gold and found codes.
    pub fn add(&mut self, text: &str, gold: &str, found: &str) {
        let right = u64::from(gold == found);
        let per_code = self.codes.entry(gold.to_owned()).or_default();
        for (correct, all) in [&mut self.buckets[bucket(text)], per_code] {
            *correct += right;
            *all += 1;
        }
    }

    /// Accuracy per bucket, 0 to 1; 0 for a bucket without texts.
    #[must_use]
    pub fn accuracies(&self) -> [f64; 4] {
        self.buckets.map(|(correct, all)| ratio(correct, all))
    }
}
