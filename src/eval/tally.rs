//! Gold against found, document by document.

use std::collections::BTreeSet;

use pipeline_core::Span;
use stages::gold::GoldDoc;
use stages::relations::SYMMETRIC;
use stages::score::{BCubed, NameScores, fold, things};
use stages::score_relations::{RelationScores, Triple};
use stages::score_syntax::SyntaxScores;
use stages::score_text::{Counts, Languages};

use super::languages::short;
use super::pass::Found;
use super::syntax;

/// All scores of a corpus.
#[derive(Default)]
pub(super) struct Tally {
    name_labels: BTreeSet<String>,
    folded_labels: BTreeSet<String>,
    relation_labels: BTreeSet<String>,
    pub(super) names: NameScores,
    pub(super) folded: NameScores,
    pub(super) clusters: BCubed,
    pub(super) clusters_of_right_names: BCubed,
    pub(super) relations: RelationScores,
    pub(super) relations_with_names: RelationScores,
    pub(super) tokens: Counts,
    pub(super) words: Counts,
    pub(super) sentences: Counts,
    pub(super) syntax: SyntaxScores,
    /// With the gold words and sentences given.
    pub(super) syntax_of_words: SyntaxScores,
    pub(super) languages: Languages,
    /// Tokens found, or given, in all documents.
    pub(super) seen: u64,
}

impl Tally {
    /// For a corpus: what is found of labels it does not have is not counted.
    pub(super) fn new(docs: &[GoldDoc]) -> Self {
        let names = docs.iter().flat_map(|doc| doc.entities.iter().flatten()).map(|name| name.label.clone());
        let relations =
            docs.iter().flat_map(|doc| doc.relations.iter().flatten()).map(|one| one.label.clone());
        let annotated = docs.iter().flat_map(|doc| doc.annotated.iter().flatten()).cloned();
        let name_labels: BTreeSet<_> = names.collect();
        Self {
            folded_labels: name_labels.iter().filter_map(|label| fold(label)).map(str::to_owned).collect(),
            name_labels,
            relation_labels: relations.chain(annotated).collect(),
            ..Self::default()
        }
    }

    pub(super) fn add(&mut self, gold: &GoldDoc, found: &Found) {
        self.seen += found.tokens.len() as u64;
        if gold.entities.is_some() {
            self.add_names(gold, found);
        }
        add_relations(&mut self.relations, &self.relation_labels, gold, found);
        if let (Some(words), Some(tokens), Some(sentences)) = (&gold.words, &gold.tokens, &gold.sentences) {
            self.words.add(spans(words, &found.tokens));
            self.tokens.add(spans(tokens, &found.tokens));
            self.sentences.add(spans(sentences, &found.sentences));
        }
        syntax::add(&mut self.syntax, gold, found);
        if let Some(language) = &gold.language {
            self.languages.add(&gold.text, short(language), short(found.language));
        }
    }

    /// The same for relations that were found between the names of the gold data.
    pub(super) fn add_with_gold_names(&mut self, gold: &GoldDoc, found: &Found) {
        add_relations(&mut self.relations_with_names, &self.relation_labels, gold, found);
    }

    fn add_names(&mut self, gold: &GoldDoc, found: &Found) {
        let names = gold.entities.as_deref().unwrap_or_default();
        let right: Vec<_> = names.iter().map(|name| (name.span, name.label.as_str())).collect();
        let guessed: Vec<_> = found.names.iter().map(|name| (name.span, name.label)).collect();
        self.names.add(&right, &guessed, &self.name_labels);
        self.folded.add(&folded(&right), &folded(&guessed), &self.folded_labels);
        if let Some(clusters) = &gold.clusters {
            let mentions: Vec<_> =
                right.iter().map(|(span, label)| (&gold.text[span.range()], *label)).collect();
            let things = things(&mentions, clusters);
            let gold: Vec<_> = right.iter().map(|(span, _)| *span).zip(things).collect();
            self.add_clusters(&gold, found);
        }
    }

    fn add_clusters(&mut self, gold: &[(Span, u32)], found: &Found) {
        let labels = &self.name_labels;
        let counted = found.names.iter().filter(|name| labels.contains(name.label));
        let found: Vec<_> = counted.map(|name| (name.span, name.thing)).collect();
        self.clusters.add(gold, &found);
        let in_both =
            |(span, _): &&(Span, u32), other: &[(Span, u32)]| other.iter().any(|(there, _)| there == span);
        let gold_both: Vec<_> = gold.iter().filter(|one| in_both(one, &found)).copied().collect();
        let found_both: Vec<_> = found.iter().filter(|one| in_both(one, gold)).copied().collect();
        self.clusters_of_right_names.add(&gold_both, &found_both);
    }
}

fn folded<'a>(names: &[(Span, &'a str)]) -> Vec<(Span, &'a str)> {
    names.iter().filter_map(|&(span, label)| Some((span, fold(label)?))).collect()
}

fn add_relations(scores: &mut RelationScores, labels: &BTreeSet<String>, gold: &GoldDoc, found: &Found) {
    let (Some(relations), Some(names)) = (&gold.relations, &gold.entities) else { return };
    let span = |name: u32| names[name as usize].span;
    let right: Vec<Triple<'_>> =
        relations.iter().map(|one| (span(one.head), span(one.tail), one.label.as_str())).collect();
    // Only what a document annotates exhaustively can be found wrong.
    let counted: BTreeSet<&str> = match &gold.annotated {
        Some(annotated) => annotated.iter().map(String::as_str).collect(),
        None => labels.iter().map(String::as_str).collect(),
    };
    scores.add(&right, &found.relations, &counted, &SYMMETRIC);
}

/// Spans that can not be found, since the text does not spell them, count as missed.
fn spans(gold: &[Span], found: &[Span]) -> Counts {
    let spelled: Vec<_> = gold.iter().filter(|span| !span.is_none()).copied().collect();
    Counts { gold: gold.len() as u64, ..Counts::of(&spelled, found) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_are_not_spelled_are_missed() {
        let gold = [Span::new(0, 2), Span::NONE, Span::NONE, Span::new(6, 9)];
        let found = [Span::new(0, 2), Span::new(3, 5), Span::new(6, 9)];
        assert_eq!(spans(&gold, &found), Counts { correct: 2, gold: 4, found: 3 });
    }
}
