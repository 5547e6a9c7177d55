//! Training a tagger from annotated documents.

use pipeline_core::Span;

use super::decode::LOG_STEP;
use super::document::{self, Evidence, Source};
use super::features::{self, CASES, REACH, SLOTS, Setting, Word};
use super::lessons::{Lesson, Sets, number_features, numbers, permitted};
use super::lexicon::Lexicon;
use super::page::Page;
use super::scheme;
use super::table::Rows;
use super::words::Words;
use super::{KIND, Scratch, TOKENIZER, Tagger};
use crate::gold::GoldDoc;
use crate::learn::crf::{Crf, Data, Sequence, Settings};
use crate::learn::random::Random;
use crate::model::{Header, ModelWriter};

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
            header: Header { languages: vec!["en".to_owned()], ..Header::default() },
        }
    }
}

impl Options {
    /// The weights of a feature that the model keeps; none if they matter too little.
    fn pruned(&self, mut row: Vec<i8>) -> Option<Vec<i8>> {
        let most = row.iter().map(|w| i32::from(w.unsigned_abs())).max().unwrap_or(0);
        row.iter_mut().filter(|w| i32::from(w.unsigned_abs()) < self.prune).for_each(|w| *w = 0);
        (most >= self.prune.max(self.prune_rows).max(1)).then_some(row)
    }
}

/// What makes tokens and sentences of a text that comes without.
pub type Split<'a> = &'a (dyn Fn(&str) -> (Vec<Span>, Vec<Span>) + Sync);

/// All that is fixed before learning begins.
struct School<'a> {
    docs: Vec<&'a GoldDoc>,
    types: Vec<String>,
    lessons: Vec<Lesson>,
    /// For each word and distance the features, numbered.
    lists: Vec<Vec<u32>>,
    sets: Vec<Vec<bool>>,
    /// Hash of each numbered feature, after the surrounding ones.
    hashes: Vec<u64>,
    /// Number of features that are not of single words.
    extras: usize,
    lexicon: &'a Lexicon,
    words: Words,
}

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

/// How much a copy counts. Weights that only copies have something to say of become no smaller by this, as the size of
/// the steps follows that of the gradients.
const COPY: f32 = 0.25;

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

impl<'a> School<'a> {
    fn open(
        corpora: &'a [Corpus],
        types: &[String],
        lexicon: &'a Lexicon,
        split: Split<'_>,
        options: &Options,
    ) -> Self {
        let mut words = Words::with_room(1 << 16);
        let mut features: Vec<Vec<(u64, u8)>> = Vec::new();
        let mut new = |word: &Word| features.push(word.features.clone());
        words.number("", Setting::Running, lexicon, &mut new);
        let mut sets = Sets::default();
        let (mut docs, mut lessons) = (Vec::new(), Vec::new());
        for (number, corpus) in corpora.iter().enumerate() {
            let hidden: Vec<usize> = numbers(types, corpus.hidden.iter().map(String::as_str));
            let all = corpus.docs.iter().map(|doc| (doc, false));
            for (doc, copy) in all.chain(corpus.copies.iter().map(|doc| (doc, true))) {
                let (tokens, sentences) = match (&doc.tokens, &doc.sentences) {
                    (Some(tokens), Some(sentences)) => (tokens.clone(), sentences.clone()),
                    _ => split(&doc.text),
                };
                let mut page = Page::default();
                page.read(&doc.text, &tokens, &sentences, lexicon, &mut words, &mut new);
                page.forget_seen();
                let labels = permitted(doc, &tokens, types, &hidden, &mut sets);
                lessons.push(Lesson {
                    text: docs.len(),
                    tokens,
                    sentences,
                    page,
                    sets: labels,
                    weight: corpus.weight * if copy { COPY } else { 1.0 },
                    copy,
                    corpus: number,
                });
                docs.push(doc);
            }
        }
        // Beside the tagger's own, each further corpus has features that take up what is peculiar to it.
        let extras = document::extras(types.len()) + corpora.len().saturating_sub(1) * CASES;
        let (lists, hashes) = number_features(&features, &lessons, extras, options.least);
        let sets = sets.flags(scheme::labels(types.len()));
        Self { docs, types: types.to_vec(), lessons, lists, sets, hashes, extras, lexicon, words }
    }

    /// First-pass labels of each document by a model that has not seen it.
    fn first_labels(&self, options: &Options, say: &(dyn Fn(&str) + Sync)) -> Vec<Vec<u8>> {
        let mut labels = vec![Vec::new(); self.lessons.len()];
        let folds: Vec<usize> = (0..options.folds).collect();
        for pair in folds.chunks(2) {
            let done: Vec<(usize, Vec<Vec<u8>>)> = std::thread::scope(|scope| {
                let work = |fold: usize| move || (fold, self.fold(fold, options, say));
                let threads: Vec<_> = pair.iter().map(|&fold| scope.spawn(work(fold))).collect();
                threads.into_iter().filter_map(|t| t.join().ok()).collect()
            });
            for (fold, results) in done {
                for (i, result) in results.into_iter().enumerate() {
                    labels[fold + i * options.folds] = result;
                }
            }
        }
        labels
    }

    fn fold(&self, fold: usize, options: &Options, say: &(dyn Fn(&str) + Sync)) -> Vec<Vec<u8>> {
        let crf = self.learn(Some((fold, options.folds)), &[], options, &mut |_, _, _| ());
        say(&format!("first-pass labels, part {} of {}", fold + 1, options.folds));
        let whole = Options { prune_rows: 0, ..options.clone() };
        let Ok(tagger) = Tagger::load(&self.model(&crf, &whole, 1.0)) else { return Vec::new() };
        let mut scratch = Scratch::default();
        let own = self.lessons.iter().skip(fold).step_by(options.folds);
        own.map(|lesson| {
            let text = &self.docs[lesson.text].text;
            tagger.first_labels(text, &lesson.tokens, &lesson.sentences, &mut scratch)
        })
        .collect()
    }

    /// Learns from all documents but those of `without` (number, of so many); with second-pass features where
    /// `first` has labels.
    fn learn(
        &self,
        without: Option<(usize, usize)>,
        first: &[Vec<u8>],
        options: &Options,
        done: &mut dyn FnMut(&Crf, usize, f64),
    ) -> Crf {
        let mut data = Vec::new();
        let mut evidence = Evidence::default();
        // For each document the range of its sequences, and the start of its second-pass ones.
        let mut docs: Vec<(usize, usize, usize)> = Vec::new();
        for (number, lesson) in self.lessons.iter().enumerate() {
            if without.is_some_and(|(fold, folds)| number % folds == fold) {
                continue;
            }
            let start = data.len();
            self.sequences(lesson, None, &mut evidence, &mut data);
            let middle = data.len();
            if let Some(labels) = first.get(number) {
                self.sequences(lesson, Some(labels), &mut evidence, &mut data);
            }
            docs.push((start, middle, data.len()));
        }
        let settings = Settings {
            rate: options.rate,
            dropout: options.dropout,
            epochs: options.epochs,
            averaged: options.averaged,
        };
        let mut crf = Crf::new(scheme::grammar(self.types.len()), self.extras + self.hashes.len());
        let mut random = Random::new(options.seed);
        let mut visit = |random: &mut Random| {
            let mut order = Vec::new();
            for &(start, middle, end) in &docs {
                let alone = end == middle || random.unit() < options.first_pass;
                let range = if alone { start..middle } else { middle..end };
                order.extend(range.map(|i| i as u32));
            }
            random.shuffle(&mut order);
            order
        };
        let data = Data { sequences: &data, lists: &self.lists, sets: &self.sets };
        crf.train(&data, &settings, &mut random, &mut visit, done);
        crf
    }

    fn sequences(
        &self,
        lesson: &Lesson,
        labels: Option<&Vec<u8>>,
        evidence: &mut Evidence,
        data: &mut Vec<Sequence>,
    ) {
        let page = &lesson.page;
        if let Some(labels) = labels {
            let text = &self.docs[lesson.text].text;
            let source = Source { text, tokens: &lesson.tokens, page, words: &self.words };
            evidence.count(&source, labels, self.types.len());
        }
        let mut second = Vec::new();
        for sentence in &page.sentences {
            let range = sentence.start as usize..sentence.end as usize;
            if lesson.copy && page.manner(range.clone()) == Setting::Running {
                // Too short to be told from running text, to which it would do harm.
                continue;
            }
            let mut sequence = Sequence { weight: lesson.weight, ..Sequence::default() };
            for t in range.clone() {
                for slot in 0..SLOTS {
                    let at = t + slot;
                    let inside = at >= range.start + REACH && at < range.end + REACH;
                    let word = if inside { page.words[at - REACH] } else { 0 };
                    sequence.lists.push(word * SLOTS as u32 + slot as u32);
                }
                sequence.extras.extend(page.extras_at(t).iter().map(|&e| u32::from(e)));
                if lesson.corpus > 0 {
                    let own = (lesson.corpus - 1) * CASES + page.cases[t] as usize;
                    sequence.extras.push((document::extras(self.types.len()) + own) as u32);
                }
                if let Some(labels) = labels {
                    second.clear();
                    evidence.features(page, &self.words, range.clone(), t, labels, &mut second);
                    sequence.extras.extend(second.iter().map(|&e| u32::from(e)));
                }
                sequence.ends.push(sequence.extras.len() as u32);
                sequence.sets.push(lesson.sets[t]);
            }
            data.push(sequence);
        }
    }

    /// The model file; weights of words are taken `share` times.
    fn model(&self, crf: &Crf, options: &Options, share: f32) -> Vec<u8> {
        let header = Header {
            kind: KIND.to_owned(),
            features: features::VERSION,
            tokenizer: TOKENIZER.unwrap_or(0),
            labels: self.types.clone(),
            ..options.header.clone()
        };
        let mut writer = ModelWriter::new(header);
        let labels = scheme::labels(self.types.len());
        let stride = labels.next_multiple_of(8);
        let extras = document::extras(self.types.len());
        let whole = |w: f32| (w * share / LOG_STEP).round().clamp(-127.0, 127.0) as i8;
        let mut dense = vec![0i8; extras * stride];
        for extra in 0..extras {
            for (cell, &w) in dense[extra * stride..].iter_mut().zip(crf.weights(extra)) {
                *cell = whole(w);
            }
        }
        let mut rows: Vec<(u64, Vec<i8>)> = Vec::new();
        for (i, &hash) in self.hashes.iter().enumerate() {
            let row = crf.weights(self.extras + i).iter().map(|&w| whole(w));
            rows.extend(options.pruned(row.collect()).map(|row| (hash, row)));
        }
        Rows::write(&rows, &mut writer);
        writer.section("extras", &dense);
        let transitions: Vec<i16> = (0..labels * labels)
            .map(|i| (crf.transition(i / labels, i % labels) / LOG_STEP).round() as i16)
            .collect();
        writer.section("transitions", &transitions);
        self.lexicon.write(&mut writer);
        writer.finish()
    }
}
