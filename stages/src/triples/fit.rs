//! Learns the weights of the score from sentences with gold facts.

use pipeline_core::Span;

use super::Found;
use super::extract::Extractor;
use super::roles::{Role, Sense};
use super::score::{RULES, SIGN_NAMES, SIGNS, Signs, Weights};
use super::tags::{Pos, Rel};
use super::tree::{NONE, Node};
use crate::score_open::{Fact, likeness};

/// A word of a parsed sentence.
#[derive(Clone, Copy, Debug)]
pub struct Word<'a> {
    /// Where it stands.
    pub span: Span,
    /// Universal part of speech.
    pub pos: &'a str,
    /// The word it depends on.
    pub head: Option<usize>,
    /// Dependency.
    pub deprel: &'a str,
}

/// A triple as words, with what its score looks at.
#[derive(Clone, Debug)]
pub struct Example {
    /// Its words; the confidence is the present score.
    pub fact: Fact,
    /// How it was found.
    pub rule: &'static str,
    /// Its predicate in normal form.
    pub predicate: String,
    signs: Signs,
}

/// What the sentence says.
#[must_use]
pub fn examples(text: &str, words: &[Word<'_>]) -> Vec<Example> {
    let (mut extractor, mut found) = (Extractor::default(), Found::default());
    extractor.begin();
    for word in words {
        let head = word.head.map_or(NONE, |head| head as u16);
        extractor.push(
            Node::new(word.span, Pos::of(word.pos), Rel::of_label(word.deprel), head),
            Sense::None,
            false,
        );
    }
    extractor.extract(text, &mut found);
    let words = |span: Span| (!span.is_none()).then(|| text[span.range()].to_owned());
    let example = |(at, signs): (usize, Signs)| {
        let triple = &found.triples[at];
        let more = found.args.iter().filter(|arg| arg.triple as usize == at && arg.role != Role::Source);
        let args = [words(triple.subject), words(triple.object)].into_iter().flatten();
        let fact = Fact {
            relation: words(triple.relation).unwrap_or_else(|| found.predicate(at).to_owned()),
            args: args.chain(more.filter_map(|arg| words(arg.span))).collect(),
            confidence: f64::from(triple.score),
        };
        Example { fact, rule: RULES[signs.rule as usize].0, predicate: found.predicate(at).to_owned(), signs }
    };
    found.signs.iter().copied().enumerate().map(example).collect()
}

/// Weights learnt from examples, each with the gold facts of its sentence.
#[derive(Clone, Debug)]
pub struct Fitted(Weights);

impl Fitted {
    /// Logistic regression on whether an example is like a gold fact, by plain gradient descent, with a penalty on
    /// large weights.
    #[must_use]
    pub fn new(sentences: &[(&[Example], &[Fact])]) -> Self {
        const STEPS: usize = 3000;
        const PENALTY: f64 = 0.3;
        let rows: Vec<(&Signs, f64)> = sentences
            .iter()
            .flat_map(|(examples, gold)| examples.iter().map(|one| (&one.signs, target(&one.fact, gold))))
            .collect();
        let mut weights = [0.0_f64; RULES.len() + SIGNS];
        for step in 0..STEPS {
            let mut slopes = weights.map(|weight| PENALTY * weight);
            for (signs, target) in &rows {
                let wrong = probability(&weights, signs) - target;
                slopes[signs.rule as usize] += wrong;
                for (slope, value) in slopes[RULES.len()..].iter_mut().zip(&signs.values) {
                    *slope += wrong * f64::from(*value);
                }
            }
            let rate = 4.0 / rows.len() as f64 / (1.0 + step as f64 / STEPS as f64);
            weights.iter_mut().zip(slopes).for_each(|(weight, slope)| *weight -= rate * slope);
        }
        let rules = std::array::from_fn(|at| weights[at] as f32);
        Self(Weights { rules, signs: std::array::from_fn(|at| weights[RULES.len() + at] as f32) })
    }

    /// The score of an example.
    #[must_use]
    pub fn score(&self, example: &Example) -> f64 {
        f64::from(self.0.score(&example.signs))
    }

    /// As the table that `score` is made of.
    #[must_use]
    pub fn table(&self) -> String {
        let rules = RULES.iter().zip(self.0.rules).map(|((name, _), weight)| (*name, weight));
        let signs = SIGN_NAMES.iter().zip(self.0.signs).map(|((name, _), weight)| (*name, weight));
        rules.chain(signs).map(|(name, weight)| format!("(\"{name}\", {weight:.2}),\n")).collect()
    }
}

fn probability(weights: &[f64; RULES.len() + SIGNS], signs: &Signs) -> f64 {
    let more: f64 = weights[RULES.len()..]
        .iter()
        .zip(&signs.values)
        .map(|(weight, value)| weight * f64::from(*value))
        .sum();
    1.0 / (1.0 + (-(weights[signs.rule as usize] + more)).exp())
}

/// How like a fact is to the gold fact nearest to it, 0 to 1.
fn target(fact: &Fact, gold: &[Fact]) -> f64 {
    let nearest = gold.iter().map(|gold| likeness(gold, fact)).fold(0.0, f64::max);
    if nearest >= 0.5 { 1.0 } else { 0.0 }
}
