//! The tagger: adds up kept word scores, finds the best row of labels, and does so twice.

use pipeline_core::Span;

use super::features::{self, Setting, Word};
use super::lexicon::Lexicon;
use super::page::Page;
use super::passes::{Marks, Passes, View};
use super::rows::Rows;
use super::scheme;
use super::vectors::Vectors;
use super::words::Words;
use super::{Entity, Joiner, KIND};
use crate::model::{self, Content, Expected, Header, ModelError, ModelFile};

/// Words kept before those that were met only once are forgotten.
const MOST_WORDS: usize = 1 << 15;
/// Tokens that are tagged together, some hundred kilobytes of text: what is said on one page does not count on another.
const PAGE: usize = 1 << 16;

/// A trained tagger. It is not changed by use: threads share one, each with a [`Scratch`] of its own.
#[derive(Debug)]
pub struct Tagger {
    identity: u64,
    header: Header,
    lexicon: Lexicon,
    rows: Rows,
    passes: Passes,
}

/// Memory of one worker, reused from document to document.
#[derive(Debug, Default)]
pub struct Scratch {
    owner: u64,
    words: Words,
    vectors: Vectors,
    page: Page,
    marks: Marks,
    joiner: Joiner,
}

impl Tagger {
    /// Reads a model file.
    ///
    /// # Errors
    /// When the file is no whole, unaltered entity model of this version: see [`ModelError`].
    pub fn load<'a>(content: impl Into<Content<'a>>) -> Result<Self, ModelError> {
        let expected = Expected { kind: KIND, features: features::VERSION, tokenizer: super::TOKENIZER };
        let file = ModelFile::read(content, &expected)?;
        let types = file.header().labels.len();
        let labels = scheme::labels(types);
        if labels > 255 {
            return Err(ModelError::Section("labels".to_owned(), "are too many"));
        }
        Ok(Self {
            identity: model::identity(),
            header: file.header().clone(),
            lexicon: Lexicon::read(&file)?,
            rows: Rows::read(&file, labels)?,
            passes: Passes::read(&file, types)?,
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
        for (tokens, sentences) in pages(tokens, sentences) {
            self.pass(text, tokens, sentences, scratch);
            self.take(tokens, scratch, out);
        }
        scratch.joiner.join(text, out, &self.header.labels);
    }

    /// Labels of the tokens after the first pass: what the second pass is taught with.
    pub(super) fn first_labels(
        &self,
        text: &str,
        tokens: &[Span],
        sentences: &[Span],
        scratch: &mut Scratch,
    ) -> Vec<u8> {
        let mut labels = Vec::with_capacity(tokens.len());
        for (tokens, sentences) in pages(tokens, sentences) {
            self.pass(text, tokens, sentences, scratch);
            labels.extend_from_slice(&scratch.marks.first);
        }
        labels
    }

    /// Both passes over a page.
    fn pass(&self, text: &str, tokens: &[Span], sentences: &[Span], scratch: &mut Scratch) {
        self.prepare(text, tokens, sentences, scratch);
        let Scratch { words, vectors, page, marks, .. } = scratch;
        self.passes.run(text, tokens, View { page, words, vectors }, marks);
    }

    /// Appends the names that the labels of a page make.
    fn take(&self, tokens: &[Span], scratch: &mut Scratch, out: &mut Vec<Entity>) {
        let Scratch { words, vectors, page, marks, .. } = scratch;
        let view = View { page, words, vectors };
        for sentence in &page.sentences {
            let range = sentence.start as usize..sentence.end as usize;
            let start = out.len();
            out.extend(scheme::names(&marks.labels[range.clone()]).map(|(kind, name)| {
                let span = Span::new((range.start + name.start) as u32, (range.start + name.end) as u32);
                Entity { span, label: kind as u16, score: 0.0, cluster: 0 }
            }));
            self.passes.judge(view, &range, marks, &mut out[start..]);
            for name in &mut out[start..] {
                let (first, last) = (name.span.start as usize, name.span.end as usize - 1);
                name.span = Span::new(tokens[first].start, tokens[last].end);
            }
        }
    }

    fn prepare(&self, text: &str, tokens: &[Span], sentences: &[Span], scratch: &mut Scratch) {
        let Scratch { words, vectors, page, .. } = scratch;
        if scratch.owner != self.identity {
            scratch.owner = self.identity;
            words.clear();
            vectors.reset(self.passes.biases(), MOST_WORDS + MOST_WORDS / 2);
        } else if words.len() > MOST_WORDS {
            vectors.keep(&words.thin());
        }
        let mut add = |word: &Word| vectors.push(word, &self.rows, self.passes.level);
        words.number("", Setting::Running, &self.lexicon, &mut add);
        page.read(text, tokens, sentences, &self.lexicon, words, &mut add);
    }
}

/// The pages of a text: tokens and the sentences they are in.
fn pages<'a>(
    mut tokens: &'a [Span],
    mut sentences: &'a [Span],
) -> impl Iterator<Item = (&'a [Span], &'a [Span])> {
    std::iter::from_fn(move || {
        if tokens.is_empty() {
            return None;
        }
        let (words, lines) = page_size(tokens, sentences);
        let page = (&tokens[..words], &sentences[..lines]);
        (tokens, sentences) = (&tokens[words..], &sentences[lines..]);
        Some(page)
    })
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
        super::pages(&tokens, &sentences).map(|(words, lines)| (words.len(), lines.len())).collect()
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
