//! Training of a syntax model.
//!
//! 1. The lexicon: forms, affixes and shapes that are frequent enough, and classes of words from lists.
//! 2. Tags for the parser to learn with: each part of the treebank tagged by a tagger trained on the others.
//! 3. The tagger on everything.
//! 4. The parser, on the states it gets into, with the dynamic oracle to say what would be best from there.

mod batches;
mod oracle;
mod parsing;
mod sentences;
mod tagging;

use std::collections::HashMap;

use super::choices::{Choices, Seen};
use super::lexicon::{self, Lexicon};
use super::marks::Marks;
use super::parser::{Parser, Tagset};
use super::view::View;
use crate::gold::{GoldDoc, GoldWord};
use crate::learn::net::Weights;
use crate::learn::net::fast::Net;
use crate::model::{Header, ModelWriter};
use sentences::{Numbers, Sentence};

/// Lists that tell of words beyond the treebank.
#[derive(Clone, Copy, Debug, Default)]
pub struct Resources<'a> {
    /// Word classes: `word, k64, k256, k1024, k4096`, tab-separated under a heading, frequent words first.
    pub classes: &'a str,
    /// Brown clusters: `word, cluster`, tab-separated, frequent words first.
    pub brown: &'a str,
}

/// Sizes and steps of a network.
#[derive(Clone, Copy, Debug)]
pub struct Rates {
    /// Rounds over the sentences.
    pub epochs: usize,
    /// Sentences a step.
    pub batch: usize,
    /// First step size; it falls to nearly nothing in a straight line.
    pub rate: f32,
    /// Share of hidden units left out at random.
    pub drop: f32,
    /// A form that occurs n times is left out with probability `blur / (blur + n)`.
    pub blur: f32,
    /// Share of the features of words left out at random.
    pub thin: f32,
    /// Numbers in the vector of a feature.
    pub dim: usize,
    /// Hidden units.
    pub hidden: usize,
}

/// How to train.
#[derive(Clone, Debug)]
pub struct Options {
    /// Starts the generator of random numbers.
    pub seed: u64,
    /// Parts that the treebank is cut into to tag it for the parser.
    pub folds: usize,
    /// The tagger.
    pub tagger: Rates,
    /// The parser.
    pub parser: Rates,
    /// Words whose class is kept, of each list.
    pub classes: [usize; 2],
    /// Least occurrences of a form, least forms with an affix or shape.
    pub least: [u32; 2],
    /// Language of the treebanks (BCP 47).
    pub language: String,
    /// What the model file says about its origin.
    pub provenance: String,
    /// Licence of the model file.
    pub licence: String,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            seed: 1,
            folds: 3,
            tagger: Rates {
                epochs: 7,
                batch: 16,
                rate: 2e-3,
                drop: 0.3,
                blur: 0.5,
                thin: 0.1,
                dim: 32,
                hidden: 128,
            },
            parser: Rates {
                epochs: 12,
                batch: 16,
                rate: 2e-3,
                drop: 0.4,
                blur: 0.5,
                thin: 0.1,
                dim: 48,
                hidden: 256,
            },
            classes: [60_000, 20_000],
            least: [3, 10],
            language: "en".to_owned(),
            provenance: String::new(),
            licence: String::new(),
        }
    }
}

/// Why no model could be trained.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TrainError {
    /// No document has dependencies.
    NoSyntax,
    /// More labels or tags than a model can hold: found.
    TooMany(usize),
}

impl std::fmt::Display for TrainError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoSyntax => write!(
                f,
                "no document has parts of speech and dependencies: training of `syntax` needs a treebank in CoNLL-U"
            ),
            Self::TooMany(found) => {
                write!(f, "the treebank has {found} labels of dependencies or tags; a model holds 250")
            }
        }
    }
}

impl std::error::Error for TrainError {}

/// Where training says how it is getting on.
pub struct Progress<'a> {
    /// Takes a line for the user.
    pub say: &'a dyn Fn(&str),
    /// Scores a parser on held-out documents, in words.
    pub score: Option<&'a dyn Fn(&Parser) -> String>,
}

/// Trains a model on the documents that have dependencies; the content of a model file.
///
/// The same documents, lists and options give the same bytes, on any number of cores.
///
/// # Errors
/// When there is nothing to learn from, or too many labels.
pub fn train(
    docs: &[GoldDoc],
    resources: &Resources<'_>,
    options: &Options,
    progress: &Progress<'_>,
) -> Result<Vec<u8>, TrainError> {
    let material = Material::new(docs, resources, options)?;
    let Material { sentences, view, lexicon, .. } = &material;
    let features = lexicon.len();
    let words: usize = sentences.iter().map(Sentence::words).sum();
    (progress.say)(&format!("{} sentences, {words} words, {features} features", sentences.len()));
    let tagging =
        tagging::Course { sentences, view: *view, features, rates: options.tagger, seed: options.seed };
    let tags = tagging.jackknife(options.folds, &mut |line| (progress.say)(&line));
    let choices = material.choices(&tags);
    let all: Vec<usize> = (0..sentences.len()).collect();
    let tagger = tagging.train(&all, &mut |round, loss, _| {
        (progress.say)(&format!("tagger, round {}: loss {loss:.4}", round + 1));
    });
    let parsing = parsing::Course {
        sentences,
        tags: &tags,
        view: *view,
        features,
        labels: material.labels.len(),
        rates: options.parser,
        seed: options.seed + 1,
    };
    let parser = parsing.train(&mut |round, loss, weights| {
        let mut line = format!("parser, round {}: loss {loss:.4}", round + 1);
        if let Some(score) = progress.score {
            let model = material.write(&choices, &tagger, weights, options);
            line +=
                &Parser::load(&model).map_or_else(|e| e.to_string(), |model| format!(", {}", score(&model)));
        }
        (progress.say)(&line);
    });
    Ok(material.write(&choices, &tagger, &parser, options))
}

/// Everything but the networks.
struct Material {
    sentences: Vec<Sentence>,
    tagset: Tagset,
    labels: Vec<String>,
    lexicon: Lexicon,
    view: View,
    /// The label of punctuation, from 1, if the treebank attaches it as the rule does; else 0.
    marks: u16,
}

/// Most tags, and most labels.
const MOST: usize = 250;

impl Material {
    fn new(docs: &[GoldDoc], resources: &Resources<'_>, options: &Options) -> Result<Self, TrainError> {
        let gold: Vec<&[GoldWord]> = sentences::split(docs);
        let (tagset, tags) = sentences::tagset(&gold);
        let labels = sentences::labels(&gold);
        if gold.is_empty() || labels.iter().all(String::is_empty) {
            return Err(TrainError::NoSyntax);
        }
        if labels.len().max(tagset.of.len()) > MOST {
            return Err(TrainError::TooMany(labels.len().max(tagset.of.len())));
        }
        let forms = || gold.iter().copied().flatten().map(|word| word.form.as_str());
        let mut lexicon = Lexicon::default();
        lexicon.add_classes(resources.classes, resources.brown, options.classes);
        lexicon.add_forms(forms(), options.least);
        let mut counts: HashMap<&str, u32> = HashMap::new();
        forms().for_each(|form| *counts.entry(form).or_default() += 1);
        let label_numbers = labels.iter().map(String::as_str).zip(1..).collect();
        let numbers = Numbers { lexicon: &lexicon, tags: &tags, labels: &label_numbers, counts: &counts };
        let marks = marks_by_rule(&gold, &labels);
        let mut first = 0;
        let mut sentences = Vec::new();
        for words in gold {
            first = if words[0].sentence == 0 { 0 } else { first };
            sentences.push(numbers.sentence(words, first));
            first += words.len() as u32;
        }
        let view = View::new(tagset.of.len(), labels.len());
        Ok(Self { sentences, tagset, labels, lexicon, view, marks })
    }

    /// What was seen, arcs by the tags that the tagger finds.
    fn choices(&self, tags: &[Vec<u16>]) -> Choices {
        let mut seen = Seen::default();
        for (sentence, tags) in self.sentences.iter().zip(tags) {
            let forms: Vec<u32> = sentence.features.iter().map(|features| features[0]).collect();
            seen.add(&forms, &sentence.tags, tags, &sentence.heads, &sentence.labels);
        }
        seen.forms.remove(&lexicon::UNKNOWN);
        Choices::new(&seen, self.lexicon.len(), self.tagset.of.len(), self.labels.len())
    }

    fn write(&self, choices: &Choices, tagger: &Weights, parser: &Weights, options: &Options) -> Vec<u8> {
        let mut writer = ModelWriter::new(Header {
            kind: super::KIND.to_owned(),
            features: lexicon::VERSION,
            tokenizer: crate::tokenize::VERSION,
            languages: vec![options.language.clone()],
            labels: self.labels.clone(),
            provenance: options.provenance.clone(),
            licence: options.licence.clone(),
        });
        self.tagset.write(&mut writer);
        self.lexicon.write(&mut writer);
        choices.write(&mut writer);
        Net::write(tagger, "tagger", &mut writer);
        Net::write(parser, "parser", &mut writer);
        writer.section("marks", &[self.marks]);
        writer.finish()
    }
}

/// Share of the punctuation that the rule must attach as the treebank does.
const BY_RULE: f64 = 0.9;

/// The number of the label `punct`, from 1, if the rule attaches what bears it as the treebank does; else 0.
fn marks_by_rule(gold: &[&[GoldWord]], labels: &[String]) -> u16 {
    let (mut right, mut all, mut first) = (0, 0, 0);
    let mut marks = Marks::default();
    for words in gold {
        first = if words[0].sentence == 0 { 0 } else { first };
        let root = words.len() as u32 + 1;
        let of = |word: &GoldWord| word.head.map_or(root, |head| head - first + 1);
        let mut heads: Vec<u32> = std::iter::once(0).chain(words.iter().map(of)).chain([0]).collect();
        let is_mark = |at: usize| words[at - 1].label == "punct";
        marks.attach(&mut heads, |at| words[at - 1].form.as_str(), is_mark);
        for (word, head) in words.iter().zip(&heads[1..]).filter(|(word, _)| word.label == "punct") {
            right += u32::from(*head == of(word));
            all += 1;
        }
        first += words.len() as u32;
    }
    let label = labels.iter().position(|label| label == "punct").map_or(0, |at| at as u16 + 1);
    if f64::from(right) >= BY_RULE * f64::from(all) { label } else { 0 }
}
