//! Scores of parts of speech and dependencies, as in the CoNLL 2018 shared task (Zeman et al. 2018).
//!
//! Words found are aligned with gold words of the same place. A part of speech is right when it is the same; an
//! attachment (UAS) when the heads are aligned, too, or both are roots; with its label (LAS) when also the labels
//! are the same up to a colon, that is, without their subtypes. Precision counts all words found, recall all gold
//! words.

use pipeline_core::Span;

use crate::score_text::Counts;

/// A word with what is said of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word<'a> {
    /// Where it stands.
    pub span: Span,
    /// Universal part of speech.
    pub pos: &'a str,
    /// Index of its head among the words; `None` for a root.
    pub head: Option<usize>,
    /// Label of its dependency.
    pub label: &'a str,
}

/// Counts that add up over documents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SyntaxScores {
    /// Parts of speech.
    pub pos: Counts,
    /// Unlabelled attachments.
    pub uas: Counts,
    /// Labelled attachments.
    pub las: Counts,
}

impl SyntaxScores {
    /// Adds a document; both lists are in text order. Gold words that stand nowhere ([`Span::NONE`]) are missed.
    pub fn add(&mut self, gold: &[Word<'_>], found: &[Word<'_>]) {
        let of_gold = align(gold, found);
        let (mut pos, mut uas, mut las) = (0, 0, 0);
        for (word, at) in gold.iter().zip(&of_gold) {
            let Some(other) = at.map(|at| &found[at]) else { continue };
            let attached = match (word.head, other.head) {
                (None, None) => true,
                (Some(head), Some(other)) => of_gold[head] == Some(other),
                _ => false,
            };
            pos += u64::from(word.pos == other.pos);
            uas += u64::from(attached);
            las += u64::from(attached && plain(word.label) == plain(other.label));
        }
        let counts = |correct| Counts { correct, gold: gold.len() as u64, found: found.len() as u64 };
        self.pos.add(counts(pos));
        self.uas.add(counts(uas));
        self.las.add(counts(las));
    }
}

/// A label without its subtype.
fn plain(label: &str) -> &str {
    label.split(':').next().unwrap_or(label)
}

/// For each gold word the word found in the same place.
fn align(gold: &[Word<'_>], found: &[Word<'_>]) -> Vec<Option<usize>> {
    let mut at = 0;
    let find = |word: &Word<'_>| {
        if word.span.is_none() {
            return None;
        }
        while found.get(at).is_some_and(|other| other.span.start < word.span.start) {
            at += 1;
        }
        found.get(at).filter(|other| other.span == word.span).map(|_| at)
    };
    gold.iter().map(find).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(span: (u32, u32), pos: &'static str, head: Option<usize>, label: &'static str) -> Word<'static> {
        Word { span: Span::new(span.0, span.1), pos, head, label }
    }

    #[test]
    fn heads_count_where_both_words_are_found() {
        let gold = [
            word((0, 2), "PRON", Some(1), "nsubj:pass"),
            word((3, 6), "VERB", None, "root"),
            word((7, 10), "NOUN", Some(1), "obj"),
        ];
        // The last word is cut in two: it is missed, and what hangs on it can not be right.
        let found = [
            word((0, 2), "PRON", Some(1), "nsubj"),
            word((3, 6), "NOUN", None, "root"),
            word((7, 8), "NOUN", Some(1), "obj"),
            word((8, 10), "NOUN", Some(2), "flat"),
        ];
        let mut scores = SyntaxScores::default();
        scores.add(&gold, &found);
        let counts = |correct| Counts { correct, gold: 3, found: 4 };
        assert_eq!(scores, SyntaxScores { pos: counts(1), uas: counts(2), las: counts(2) });
    }

    #[test]
    fn words_that_stand_nowhere_are_missed() {
        let gold = [
            Word { span: Span::NONE, ..word((0, 0), "ADP", Some(1), "case") },
            word((0, 2), "X", None, "root"),
        ];
        let mut scores = SyntaxScores::default();
        scores.add(&gold, &gold[1..]);
        assert_eq!((scores.las.correct, scores.las.gold, scores.las.found), (1, 2, 1));
    }
}
