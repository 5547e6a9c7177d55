//! What a tagger is taught, how it is taught, and the model that comes of it.

use super::decode::LOG_STEP;
use super::document::{self, Evidence, Source};
use super::features::{self, CASES, REACH, SLOTS, Setting, Word};
use super::lessons::{Lesson, Sets, number_features, numbers, permitted};
use super::lexicon::Lexicon;
use super::page::Page;
use super::rows::Rows;
use super::scheme;
use super::train::{Corpus, Options, Split};
use super::words::Words;
use super::{KIND, Scratch, TOKENIZER, Tagger};
use crate::gold::GoldDoc;
use crate::learn::crf::{Crf, Data, Sequence, Settings};
use crate::learn::random::Random;
use crate::model::{Header, ModelWriter};

/// How much a copy counts. Weights that only copies have something to say of become no smaller by this, as the size of
/// the steps follows that of the gradients.
const COPY: f32 = 0.25;

/// All that is fixed before learning begins.
pub(super) struct School<'a> {
    docs: Vec<&'a GoldDoc>,
    types: Vec<String>,
    pub(super) lessons: Vec<Lesson>,
    /// For each word and distance the features, numbered.
    lists: Vec<Vec<u32>>,
    sets: Vec<Vec<bool>>,
    /// Hash of each numbered feature, after the surrounding ones.
    pub(super) hashes: Vec<u64>,
    /// Number of features that are not of single words.
    extras: usize,
    lexicon: &'a Lexicon,
    words: Words,
}

impl<'a> School<'a> {
    pub(super) fn open(
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
    pub(super) fn first_labels(&self, options: &Options, say: &(dyn Fn(&str) + Sync)) -> Vec<Vec<u8>> {
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
        let whole = Options { prune_rows: 0, most_rows: usize::MAX, ..options.clone() };
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
    pub(super) fn learn(
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
    pub(super) fn model(&self, crf: &Crf, options: &Options, share: f32) -> Vec<u8> {
        let header = Header {
            kind: KIND.to_owned(),
            features: features::VERSION,
            tokenizer: TOKENIZER.unwrap_or(0),
            labels: self.types.clone(),
            ..options.header.clone()
        };
        let mut writer = ModelWriter::new(header);
        let labels = scheme::labels(self.types.len());
        let extras = document::extras(self.types.len());
        let whole = |w: f32| (w * share / LOG_STEP).round().clamp(-127.0, 127.0) as i8;
        let extras = (0..extras).flat_map(|extra| crf.weights(extra)).map(|&weight| whole(weight));
        let extras: Vec<i8> = extras.collect();
        let mut rows: Vec<(u64, Vec<i8>)> = Vec::new();
        for (i, &hash) in self.hashes.iter().enumerate() {
            let row = crf.weights(self.extras + i).iter().map(|&w| whole(w));
            rows.extend(options.pruned(row.collect()).map(|row| (hash, row)));
        }
        if rows.len() > options.most_rows {
            let greatest = |row: &(u64, Vec<i8>)| row.1.iter().map(|w| w.unsigned_abs()).max();
            rows.sort_by_key(|row| std::cmp::Reverse(greatest(row)));
            rows.truncate(options.most_rows);
        }
        Rows::write(&rows, &mut writer);
        writer.section("extras", &extras);
        let transitions: Vec<i16> = (0..labels * labels)
            .map(|i| (crf.transition(i / labels, i % labels) / LOG_STEP).round() as i16)
            .collect();
        writer.section("transitions", &transitions);
        self.lexicon.write(&mut writer);
        writer.finish()
    }
}
