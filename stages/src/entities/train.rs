//! Training a tagger from annotated documents.

use pipeline_core::Span;

use super::Tagger;
use super::lexicon::Lexicon;
use super::school::School;
use crate::gold::GoldDoc;
use crate::learn::crf::Crf;
use crate::model::Header;

/// Documents that were annotated in one way.
#[derive(Clone, Debug, Default)]
pub struct Corpus {
    /// The documents. A label may name several types, `GPE|LOC`, when the corpus does not tell them apart.
    pub docs: Vec<GoldDoc>,
    /// Some of them once more, changed to teach what the corpus has too little of. They count a quarter,
    /// and only their sentences in title case or capitals count.
    pub copies: Vec<GoldDoc>,
    /// How much each of its sentences counts; 1 is usual.
    pub weight: f32,
    /// Types that the corpus does not annotate: they may hide where it has no name.
    pub hidden: Vec<String>,
}

/// How to train.
#[derive(Clone, Debug)]
pub struct Options {
    /// Same seed, same model.
    pub seed: u64,
    /// Passes over the data.
    pub epochs: usize,
    /// The weights are the mean of those after so many last passes.
    pub averaged: usize,
    /// Share of features left out at each visit.
    pub dropout: f32,
    /// Step size.
    pub rate: f32,
    /// Parts in which the data is cut to make first-pass labels for the second pass.
    pub folds: usize,
    /// Share of visits in which a document is learnt without the second pass.
    pub first_pass: f32,
    /// A feature must occur with so many tokens.
    pub least: u32,
    /// Weights below so many steps of the stored numbers are left out of the model.
    pub prune: i32,
    /// Features of which no weight has so many steps are left out of the model.
    pub prune_rows: i32,
    /// The model keeps so many features at most, those with the greatest weights.
    pub most_rows: usize,
    /// What the model file will say of itself; kind, versions and labels are filled in.
    pub header: Header,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            seed: 1,
            epochs: 8,
            averaged: 3,
            dropout: 0.5,
            rate: 0.07,
            folds: 3,
            first_pass: 0.4,
            least: 2,
            prune: 2,
            prune_rows: 0,
            most_rows: usize::MAX,
            header: Header { languages: vec!["en".to_owned()], ..Header::default() },
        }
    }
}

impl Options {
    /// The weights of a feature that the model keeps; none if they matter too little.
    pub(super) fn pruned(&self, mut row: Vec<i8>) -> Option<Vec<i8>> {
        let most = row.iter().map(|w| i32::from(w.unsigned_abs())).max().unwrap_or(0);
        row.iter_mut().filter(|w| i32::from(w.unsigned_abs()) < self.prune).for_each(|w| *w = 0);
        (most >= self.prune.max(self.prune_rows).max(1)).then_some(row)
    }
}

/// What makes tokens and sentences of a text that comes without.
pub type Split<'a> = &'a (dyn Fn(&str) -> (Vec<Span>, Vec<Span>) + Sync);

/// Whom to tell how training goes.
#[derive(Clone, Copy)]
pub struct Progress<'a> {
    /// Told a line at each step.
    pub say: &'a (dyn Fn(&str) + Sync),
    /// Scores the tagger after each pass over the data, for the line about it; it takes time, but changes nothing.
    pub score: Option<&'a dyn Fn(&Tagger) -> String>,
}

/// Why nothing can be learnt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrainError {
    /// No document has a token.
    NoText,
    /// There is no type to learn.
    NoTypes,
    /// There are more types than a model can hold.
    TooManyTypes(usize),
}

impl std::fmt::Display for TrainError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoText => {
                write!(f, "there is no text to learn from; check that the gold files hold documents")
            }
            Self::NoTypes => write!(f, "no name is marked in the gold files; check that they hold entities"),
            Self::TooManyTypes(found) => {
                write!(
                    f,
                    "{found} entity types are more than the {MOST_TYPES} a model can hold; map some together"
                )
            }
        }
    }
}

impl std::error::Error for TrainError {}

/// Labels are numbered in a byte, four for each type.
const MOST_TYPES: usize = 60;

/// The types that occur in `corpora`, in alphabetical order.
#[must_use]
pub fn types(corpora: &[Corpus]) -> Vec<String> {
    let names = corpora.iter().flat_map(|c| &c.docs).flat_map(|doc| doc.entities.iter().flatten());
    let types: std::collections::BTreeSet<&str> = names.flat_map(|name| name.label.split('|')).collect();
    types.into_iter().map(str::to_owned).collect()
}

/// Trains a tagger and gives the bytes of its model file.
///
/// `types` are the labels it will give, in order; where a name has none of them, nothing is learnt from its words.
///
/// # Errors
/// When there is nothing to learn: see [`TrainError`].
pub fn train(
    corpora: &[Corpus],
    types: &[String],
    lexicon: &Lexicon,
    split: Split<'_>,
    options: &Options,
    progress: Progress<'_>,
) -> Result<Vec<u8>, TrainError> {
    match types.len() {
        0 => return Err(TrainError::NoTypes),
        1..=MOST_TYPES => (),
        more => return Err(TrainError::TooManyTypes(more)),
    }
    let school = School::open(corpora, types, lexicon, split, options);
    let tokens: usize = school.lessons.iter().map(|lesson| lesson.tokens.len()).sum();
    if tokens == 0 {
        return Err(TrainError::NoText);
    }
    let (documents, features) = (school.lessons.len(), school.hashes.len());
    (progress.say)(&format!("{documents} documents, {tokens} tokens, {features} features"));
    let first = if options.folds > 1 { school.first_labels(options, progress.say) } else { Vec::new() };
    let mut done = |crf: &Crf, epoch: usize, loss: f64| {
        let mut line = format!("pass {epoch} of {}: loss {loss:.5} a token", options.epochs);
        if let Some(score) = progress.score
            && let Ok(tagger) = Tagger::load(&school.model(crf, options, 1.0 - options.dropout))
        {
            line += &format!(", {}", score(&tagger));
        }
        (progress.say)(&line);
    };
    let crf = school.learn(None, &first, options, &mut done);
    Ok(school.model(&crf, options, 1.0))
}
