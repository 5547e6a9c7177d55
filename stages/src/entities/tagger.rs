//! The tagger: adds up kept word scores, finds the best row of labels, and does so twice.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

use pipeline_core::Span;

use super::decode::{Decoder, LOG_STEP, NEVER};
use super::document::{self, Evidence, Source};
use super::features::{self, REACH, SLOTS, Setting, Word};
use super::lexicon::Lexicon;
use super::page::Page;
use super::scheme;
use super::table::Rows;
use super::words::Words;
use super::{Entity, Joiner, KIND};
use crate::model::{Expected, Header, ModelError, ModelFile};

/// Words kept before all are forgotten and the memory is used anew.
const MOST_WORDS: usize = 1 << 15;
/// Tokens that are tagged together, some hundred kilobytes of text: what is said on one page does not count on another.
/// The scores of a page, two bytes for each token and label, are most of the memory that tagging takes.
const PAGE: usize = 1 << 16;

/// A trained tagger. It is not changed by use: threads share one, each with a [`Scratch`] of its own.
#[derive(Debug)]
pub struct Tagger {
    identity: u64,
    header: Header,
    lexicon: Lexicon,
    rows: Rows,
    /// Rows of the surrounding features, `stride` each.
    extras: Vec<i8>,
    decoder: Decoder,
    stride: usize,
}

/// Memory of one worker, reused from document to document.
#[derive(Debug, Default)]
pub struct Scratch {
    owner: u64,
    words: Words,
    /// For each word `SLOTS` rows of scores.
    vectors: Vec<i16>,
    page: Page,
    scores: Vec<i16>,
    first: Vec<u8>,
    labels: Vec<u8>,
    evidence: Evidence,
    second: Vec<u16>,
    forward: Vec<i16>,
    joiner: Joiner,
    /// Labels of the whole document after each pass, a byte a token.
    passed: [Vec<u8>; 2],
}

impl Scratch {
    /// The labels of the last document's tokens after the first and after the second pass.
    #[must_use]
    pub fn passes(&self) -> (&[u8], &[u8]) {
        (&self.passed[0], &self.passed[1])
    }
}

impl Tagger {
    /// Reads a model file.
    ///
    /// # Errors
    /// When the file is no whole, unaltered entity model of this version: see [`ModelError`].
    pub fn load(bytes: &[u8]) -> Result<Self, ModelError> {
        static COUNT: AtomicU64 = AtomicU64::new(1);
        let expected = Expected { kind: KIND, features: features::VERSION, tokenizer: super::TOKENIZER };
        let file = ModelFile::read(bytes, &expected)?;
        let types = file.header().labels.len();
        let labels = scheme::labels(types);
        let stride = labels.next_multiple_of(8);
        let fault = |name: &str| ModelError::Section(name.to_owned(), "does not fit the labels");
        let extras: Vec<i8> = file.section("extras")?;
        let transitions: Vec<i16> = file.section("transitions")?;
        if extras.len() != document::extras(types) * stride || labels > 255 {
            return Err(fault("extras"));
        }
        Ok(Self {
            identity: COUNT.fetch_add(1, Ordering::Relaxed),
            header: file.header().clone(),
            lexicon: Lexicon::read(&file)?,
            rows: Rows::read(&file, labels, stride)?,
            extras,
            decoder: Decoder::new(types, stride, &transitions).ok_or_else(|| fault("transitions"))?,
            stride,
        })
    }

    /// The entity types; an [`Entity`]'s label is an index into them.
    #[must_use]
    pub fn labels(&self) -> &[String] {
        &self.header.labels
    }

    /// What the model file says about itself.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The word classes and name lists in the model, for training another that uses them too.
    #[must_use]
    pub fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// Finds the names in a text whose `tokens` and `sentences` are given, in order of place; `out` is
    /// overwritten.
    pub fn tag(
        &self,
        text: &str,
        tokens: &[Span],
        sentences: &[Span],
        scratch: &mut Scratch,
        out: &mut Vec<Entity>,
    ) {
        out.clear();
        scratch.passed.iter_mut().for_each(Vec::clear);
        let (mut token, mut sentence) = (0, 0);
        while token < tokens.len() {
            let (words, lines) = page_size(&tokens[token..], &sentences[sentence..]);
            let page = (&tokens[token..token + words], &sentences[sentence..sentence + lines]);
            self.tag_page(text, page.0, page.1, scratch, out);
            (token, sentence) = (token + words, sentence + lines);
        }
        scratch.joiner.join(text, out, &self.header.labels);
    }

    fn tag_page(
        &self,
        text: &str,
        tokens: &[Span],
        sentences: &[Span],
        scratch: &mut Scratch,
        out: &mut Vec<Entity>,
    ) {
        self.prepare(text, tokens, sentences, scratch);
        self.first_pass(scratch);
        self.second_pass(text, tokens, scratch);
        for sentence in &scratch.page.sentences {
            let range = sentence.start as usize..sentence.end as usize;
            for (kind, name) in scheme::names(&scratch.labels[range.clone()]) {
                let (first, last) = (range.start + name.start, range.start + name.end - 1);
                let score = self.certainty(scratch, &range, first..last + 1);
                let span = Span::new(tokens[first].start, tokens[last].end);
                out.push(Entity { span, label: kind as u16, score, cluster: 0 });
            }
        }
        scratch.passed[0].extend_from_slice(&scratch.first);
        scratch.passed[1].extend_from_slice(&scratch.labels);
    }

    fn prepare(&self, text: &str, tokens: &[Span], sentences: &[Span], scratch: &mut Scratch) {
        let Scratch { words, vectors, page, .. } = scratch;
        if scratch.owner != self.identity || words.len() > MOST_WORDS {
            scratch.owner = self.identity;
            words.clear();
            vectors.clear();
        }
        let mut add = |word: &Word| self.add_vectors(word, vectors);
        words.number("", Setting::Running, &self.lexicon, &mut add);
        page.read(text, tokens, sentences, &self.lexicon, words, &mut add);
    }

    /// Adds up the weights of a word's features, for each distance.
    fn add_vectors(&self, word: &Word, vectors: &mut Vec<i16>) {
        let start = vectors.len();
        vectors.resize(start + SLOTS * self.stride, 0);
        let new = &mut vectors[start..];
        // What fills a row up to whole registers must never win.
        let middle = &mut new[REACH * self.stride..(REACH + 1) * self.stride];
        middle[scheme::labels(self.header.labels.len())..].fill(NEVER);
        for &(feature, slot) in &word.features {
            if let Some(weights) = self.rows.row(feature) {
                add_small(&mut new[usize::from(slot) * self.stride..][..self.stride], weights);
            }
        }
    }

    fn first_pass(&self, scratch: &mut Scratch) {
        let Scratch { page, scores, first, labels, vectors, forward, .. } = scratch;
        let stride = self.stride;
        scores.clear();
        scores.resize(page.words.len() * stride, 0);
        first.clear();
        first.resize(page.words.len(), 0);
        for sentence in &page.sentences {
            let (start, end) = (sentence.start as usize, sentence.end as usize);
            for t in start..end {
                let sum = &mut scores[t * stride..][..stride];
                for slot in 0..SLOTS {
                    let at = t + slot;
                    let word =
                        if at < start + REACH || at >= end + REACH { 0 } else { page.words[at - REACH] };
                    add(sum, &vectors[(word as usize * SLOTS + slot) * stride..][..stride]);
                }
                for &extra in page.extras_at(t) {
                    self.add_extra(sum, extra);
                }
            }
            self.decoder.best(&scores[start * stride..end * stride], forward, &mut first[start..end]);
        }
        labels.clone_from(first);
    }

    fn second_pass(&self, text: &str, tokens: &[Span], scratch: &mut Scratch) {
        let Scratch { page, scores, first, labels, words, evidence, second, forward, .. } = scratch;
        let stride = self.stride;
        evidence.count(&Source { text, tokens, page, words }, first, self.header.labels.len());
        for sentence in &page.sentences {
            let range = sentence.start as usize..sentence.end as usize;
            let mut changed = false;
            for t in range.clone() {
                second.clear();
                evidence.features(page, range.clone(), t, first, second);
                for &extra in second.iter() {
                    self.add_extra(&mut scores[t * stride..][..stride], extra);
                }
                changed |= !second.is_empty();
            }
            if changed {
                let scores = &scores[range.start * stride..range.end * stride];
                self.decoder.best(scores, forward, &mut labels[range]);
            }
        }
    }

    fn add_extra(&self, sum: &mut [i16], extra: u16) {
        add_small(sum, &self.extras[usize::from(extra) * self.stride..][..self.stride]);
    }

    /// How sure the labels of a name are: the least, over its tokens and the one after, of the share that the
    /// label has among all that could stand between its neighbours' labels.
    fn certainty(&self, scratch: &Scratch, sentence: &Range<usize>, name: Range<usize>) -> f32 {
        let Scratch { scores, labels, .. } = scratch;
        let label = |t: usize| sentence.contains(&t).then(|| labels[t]);
        let mut least = 1.0f32;
        for t in name.start..(name.end + 1).min(sentence.end) {
            let row = &scores[t * self.stride..][..self.stride];
            let before = if t == 0 { None } else { label(t - 1) };
            least = least.min(self.decoder.share(row, before, labels[t], label(t + 1), LOG_STEP));
        }
        least
    }
}

/// How many of the tokens and of the sentences are the next page: whole sentences, all there are if they fit.
fn page_size(tokens: &[Span], sentences: &[Span]) -> (usize, usize) {
    let (Some(after), false) = (tokens.get(PAGE), sentences.is_empty()) else {
        return (tokens.len().min(PAGE), sentences.len());
    };
    let lines = sentences.partition_point(|sentence| sentence.end <= after.start).max(1);
    let end = sentences[lines - 1].end;
    (tokens.partition_point(|token| token.start < end), lines)
}

fn add_small(sum: &mut [i16], row: &[i8]) {
    for (s, &w) in sum.iter_mut().zip(row) {
        *s = s.saturating_add(i16::from(w));
    }
}

fn add(sum: &mut [i16], row: &[i16]) {
    for (s, w) in sum.iter_mut().zip(row) {
        *s = s.saturating_add(*w);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sizes of the pages of a text of one-letter words, with sentences of so many.
    fn pages(sentences: &[usize], loose: usize) -> Vec<(usize, usize)> {
        let count = sentences.iter().sum::<usize>() + loose;
        let tokens: Vec<_> = (0..count as u32).map(|t| Span::new(2 * t, 2 * t + 1)).collect();
        let mut start = 0;
        let end = |&length: &usize| {
            start += length as u32;
            Span::new(2 * (start - length as u32), 2 * start - 1)
        };
        let sentences: Vec<_> = sentences.iter().map(end).collect();
        let (mut pages, mut at) = (Vec::new(), (0, 0));
        while at.0 < tokens.len() {
            let size = page_size(&tokens[at.0..], &sentences[at.1..]);
            at = (at.0 + size.0, at.1 + size.1);
            pages.push(size);
        }
        pages
    }

    #[test]
    fn pages_are_whole_sentences() {
        assert_eq!(pages(&[3, 4], 2), [(9, 2)]);
        assert_eq!(pages(&[PAGE - 1, 2, 5], 0), [(PAGE - 1, 1), (7, 2)]);
        assert_eq!(pages(&[PAGE, 2], 0), [(PAGE, 1), (2, 1)]);
        assert_eq!(pages(&[2 * PAGE, 2], 1), [(2 * PAGE, 1), (3, 1)]);
        assert_eq!(pages(&[], PAGE + 1), [(PAGE, 0), (1, 0)]);
    }
}
