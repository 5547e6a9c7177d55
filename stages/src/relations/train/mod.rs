//! Training of a relation model.
//!
//! 1. Words: the trigger lexicon, word classes, parts of speech from a treebank.
//! 2. Examples: every pair of names of a sentence whose types may relate, right or not.
//! 3. Cross-validation over documents: gives the threshold and the calibration of scores.
//! 4. The model on all documents; features that matter least are dropped, and it is trained again without them.

mod calibrate;
mod examples;
mod first_look;
mod learner;
mod side_by_side;
mod tagging;
mod treebank;

#[cfg(test)]
mod tests;

use std::collections::HashSet;

use super::extractor::{Calibration, Extractor};
use super::features::TEMPLATES;
use super::first_look::FirstLook;
use super::labels::Lanes;
use super::scorer::{LANES, Scorer};
use super::trigger::Phrasebook;
use super::words::Words;
use crate::gold::GoldDoc;
use crate::model::{Header, ModelWriter};
use calibrate::Guess;
use examples::{Example, Examples};
use learner::Learner;
use side_by_side::side_by_side;

/// Texts of the lists and corpora that are not documents.
#[derive(Clone, Copy, Debug, Default)]
pub struct Resources<'a> {
    /// Word classes: `word, k64, k256, k1024, k4096`, tab-separated under a heading, frequent words first.
    pub classes: &'a str,
    /// A treebank in CoNLL-U, for parts of speech.
    pub treebank: &'a str,
}

/// How to train.
#[derive(Clone, Debug)]
pub struct Options {
    /// How many of the documents, the first, take part in the cross-validation; all others are learnt from in every
    /// part of it.
    pub judged: usize,
    /// What a document that is never judged weighs against one that is.
    pub weight: f32,
    /// Rounds over the examples.
    pub epochs: usize,
    /// Starts the generator of random numbers.
    pub seed: u64,
    /// Parts of the cross-validation that sets the threshold; less than two: none, and a threshold of one half.
    pub folds: usize,
    /// Words that keep their class in the model.
    pub vocabulary: usize,
    /// Most linear features kept, of pairs of types and of any types, and most features of stating words.
    pub most: [usize; 3],
    /// What the model file says about its origin.
    pub provenance: String,
    /// Licence of the model file.
    pub licence: String,
    /// Step sizes and the like.
    pub tune: Tune,
}

/// Step sizes and dropout; the defaults were chosen by cross-validation.
#[derive(Clone, Copy, Debug)]
pub struct Tune {
    /// Share of linear features and of features of stating words left out at random.
    pub dropout: [f32; 2],
    /// Step of the linear part and of the vectors.
    pub rates: [f32; 2],
    /// Starting sum of squares of the linear part and of the vectors.
    pub inertia: [f32; 2],
    /// A feature must occur this often.
    pub cutoff: u32,
}

impl Default for Tune {
    fn default() -> Self {
        Self { dropout: [0.5, 0.2], rates: [0.05, 0.05], inertia: [1.0, 0.1], cutoff: 3 }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            judged: usize::MAX,
            weight: 1.0,
            epochs: 12,
            seed: 1,
            folds: 5,
            vocabulary: 25_000,
            most: [23_000, 8_000, 28_000],
            provenance: String::new(),
            licence: String::new(),
            tune: Tune::default(),
        }
    }
}

impl Options {
    /// How the English model that comes with the program is trained: on news, of which the first `judged` documents
    /// are those of NewsGraph that the threshold is set on.
    #[must_use]
    pub fn recipe(judged: usize) -> Self {
        Self { judged, provenance: PROVENANCE.to_owned(), licence: LICENCE.to_owned(), ..Self::default() }
    }
}

const PROVENANCE: &str = "NewsGraph train (625 documents: Wikinews 2019-2020, Voice of America 2004-2010); NewsGraph \
more (Voice of America 2004-2010, newswire and magazines of MASC 3.0, Wikinews articles of GUM) and written (invented \
news); word classes from GloVe 6B 50d; parts of speech from UD English GUM (academic, court, interview, news, speech, \
textbook, vlog)";

const LICENCE: &str = "CC-BY-4.0. Attribution: Wikinews contributors (CC-BY 2.5); Voice of America (public \
domain); MASC 3.0 (open); NewsGraph labels and written news (CC0); GloVe, Stanford NLP (PDDL); UD English GUM, \
Georgetown University (CC-BY 4.0)";

/// Why no model could be trained.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TrainError {
    /// No document has both names and relations.
    NoRelations,
    /// More labels than a model can hold: found.
    TooManyLabels(usize),
}

impl std::fmt::Display for TrainError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoRelations => {
                write!(f, "no document has relations between names; name a gold file that does")
            }
            Self::TooManyLabels(found) => write!(
                f,
                "the gold files have {found} relation labels; a model holds {} at most: join or drop some",
                (LANES - 1) / 2
            ),
        }
    }
}

impl std::error::Error for TrainError {}

/// The lexicon of words that tend to state relations.
const LEXICON: &str = include_str!("../lexicon.tsv");

/// Trains a model and gives the bytes of its file. `progress` gets a line now and then.
///
/// # Errors
/// When the documents hold no relations, or too many kinds of them.
pub fn train(
    docs: &[GoldDoc],
    resources: &Resources<'_>,
    options: &Options,
    progress: &mut dyn FnMut(&str),
) -> Result<Vec<u8>, TrainError> {
    let labels = labels_of(docs);
    if labels.is_empty() {
        return Err(TrainError::NoRelations);
    }
    let lanes = Lanes::new(&labels);
    if lanes.len() > LANES {
        return Err(TrainError::TooManyLabels(labels.len()));
    }
    let words = words(resources, options);
    let (judged, more) = docs.split_at(options.judged.min(docs.len()));
    let mut data = Examples::of(judged, &labels, &lanes, &words);
    data.learn_from(Examples::of(more, &labels, &lanes, &words), options.weight);
    progress(&format!("{} pairs of names, {} relations", data.all.len(), data.gold));
    let (calibration, first_look, scorer) = learn(&data, &lanes, options, progress);
    progress(&format!(
        "{} linear features, {} of stating words",
        scorer.typed.len() + scorer.plain.len(),
        scorer.vectors.len()
    ));
    let header = Header {
        kind: super::KIND.to_owned(),
        features: TEMPLATES,
        tokenizer: crate::tokenize::VERSION,
        languages: vec!["en".to_owned()],
        labels,
        provenance: options.provenance.clone(),
        licence: options.licence.clone(),
    };
    let phrasebook = Phrasebook { expressions: expressions(docs, &words) };
    Ok(write(&Extractor { header, lanes, words, first_look, scorer, phrasebook, calibration }))
}

fn labels_of(docs: &[GoldDoc]) -> Vec<String> {
    let mut labels: Vec<String> =
        docs.iter().flat_map(|d| d.relations.iter().flatten()).map(|r| r.label.clone()).collect();
    labels.sort();
    labels.dedup();
    labels
}

fn words(resources: &Resources<'_>, options: &Options) -> Words {
    let mut words = Words::default();
    words.add_lexicon(LEXICON);
    words.add_classes(resources.classes, options.vocabulary);
    words.add_small_words();
    treebank::learn_tags(resources.treebank, &mut words);
    words
}

/// Expressions of several words that state relations in the documents.
fn expressions(docs: &[GoldDoc], words: &Words) -> HashSet<u32> {
    let mut found = HashSet::new();
    for doc in docs {
        for trigger in doc.relations.iter().flatten().filter_map(|r| r.trigger) {
            examples::expression(&doc.text, trigger, words).map(|key| found.insert(key));
        }
    }
    found
}

fn write(model: &Extractor) -> Vec<u8> {
    let mut writer = ModelWriter::new(model.header.clone());
    let Calibration { threshold, slope, offset, gap } = model.calibration;
    writer.section("calibration", &[threshold, slope, offset, gap]);
    model.words.write(&mut writer);
    model.first_look.write(&mut writer);
    model.scorer.write(&mut writer);
    model.phrasebook.write(&mut writer);
    writer.finish()
}

/// The model of all documents; threshold and calibration from models that have not seen the documents they judge.
fn learn(
    data: &Examples,
    lanes: &Lanes,
    options: &Options,
    progress: &mut dyn FnMut(&str),
) -> (Calibration, FirstLook, Scorer) {
    let folds = if options.folds < 2 { 0 } else { options.folds };
    let held =
        |e: &&Example, fold: usize| fold < folds && e.doc.is_some_and(|doc| doc as usize % folds == fold);
    let mut models = side_by_side(folds + 1, |fold| {
        let seen: Vec<&Example> = data.all.iter().filter(|e| !held(e, fold)).collect();
        Learner::fit(&seen, lanes.len(), options)
    });
    let scorer = models.pop().unwrap_or_default();
    let judged = models.iter().zip(0..).flat_map(|(model, fold)| {
        data.all.iter().filter(move |e| held(e, fold)).map(|e| (e, e.judge(model)))
    });
    let (calibration, look) = calibrate(judged.collect(), data.gold, options, progress);
    (calibration, look, scorer)
}

/// `judged`: nothing without a cross-validation.
fn calibrate(
    judged: Vec<(&Example, Guess)>,
    gold: usize,
    options: &Options,
    progress: &mut dyn FnMut(&str),
) -> (Calibration, FirstLook) {
    if judged.is_empty() {
        let calibration = Calibration { threshold: 0.5, slope: 1.0, offset: 0.0, gap: f32::MAX };
        return (calibration, FirstLook::default());
    }
    progress(&format!("cross-validation: {}", calibrate::best(&guesses(&judged), gold)));
    let calibration = calibrate::fit(&guesses(&judged), gold);
    let (look, passes) = first_look::fit(&judged, calibration.threshold, options.folds, options.seed);
    let judged: Vec<_> =
        judged.into_iter().zip(passes).filter(|(_, passes)| *passes).map(|(j, _)| j).collect();
    let figures = calibrate::best(&guesses(&judged), gold);
    let early = judged.iter().filter(|(_, guess)| guess.gap > calibration.gap).count();
    progress(&format!(
        "{} pairs pass a first look, {early} of them are given up later: {figures}",
        judged.len()
    ));
    (calibration, look)
}

fn guesses(judged: &[(&Example, Guess)]) -> Vec<Guess> {
    judged.iter().map(|(_, guess)| *guess).collect()
}
