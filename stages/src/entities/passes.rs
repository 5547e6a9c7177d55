//! The two passes over a page: scores of its tokens, the best labels for them, and both again with what the first
//! pass said of other occurrences of a word.

use std::ops::Range;

use pipeline_core::Span;

use super::decode::{Decoder, LOG_STEP, NEVER};
use super::document::{self, Evidence, Source};
use super::features::{REACH, SLOTS};
use super::margin::{self, Gain, Margin};
use super::page::{Page, group};
use super::scheme;
use super::table;
use super::vectors::{Vectors, add};
use super::words::Words;
use crate::model::{ModelError, ModelFile};

/// Memory of the passes, reused from page to page.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// A row of scores for each token whose scores were added up.
    scores: Vec<i16>,
    /// Whether they were.
    added: Vec<bool>,
    /// What each token can add to a name: exact where its scores were added up, else a bound.
    gains: Vec<Gain>,
    /// Tokens of a sentence whose labels are to be searched for.
    open: Vec<bool>,
    reach: Vec<i32>,
    /// The words of a sentence, with word 0 before and after it.
    line: Vec<u32>,
    /// Labels after the first pass.
    pub first: Vec<u8>,
    /// Labels after the second pass.
    pub labels: Vec<u8>,
    evidence: Evidence,
    majorities: Vec<(usize, bool)>,
    second: Vec<u16>,
    forward: Vec<i16>,
}

/// A page with the vectors of its words.
#[derive(Clone, Copy, Debug)]
pub(super) struct View<'a> {
    pub page: &'a Page,
    pub words: &'a Words,
    pub vectors: &'a Vectors,
}

/// The weights that are not of single words, and the search for labels.
#[derive(Debug)]
pub(super) struct Passes {
    types: usize,
    stride: usize,
    /// Rows of the surrounding features, `stride` each.
    extras: Vec<i16>,
    /// The margins of these rows.
    margins: Vec<Margin>,
    /// What transitions can add to each label.
    bonus: Vec<i16>,
    decoder: Decoder,
}

impl Passes {
    /// Takes the weights for so many types from a model file.
    ///
    /// # Errors
    /// When a part is missing or does not fit the types.
    pub(super) fn read(file: &ModelFile<'_>, types: usize, stride: usize) -> Result<Self, ModelError> {
        let fault = |name: &str| ModelError::Section(name.to_owned(), "does not fit the labels");
        let (packed, transitions): (Vec<u8>, Vec<i16>) =
            (file.section("extras")?, file.section("transitions")?);
        let mut extras = vec![0; document::extras(types) * stride];
        let mut left = packed.as_slice();
        for row in extras.chunks_mut(stride) {
            left = table::unpack(left, &mut row[..scheme::labels(types)]).ok_or_else(|| fault("extras"))?;
        }
        let mut extras: Vec<i16> = extras.into_iter().map(i16::from).collect();
        // Not a matter of more or less.
        extras[group::BREAK * stride..][1..scheme::labels(types)].fill(NEVER);
        let decoder = Decoder::new(types, stride, &transitions).ok_or_else(|| fault("transitions"))?;
        let bias = no_bias(types, stride);
        let margins = extras.chunks(stride).map(|row| margin::margin(row, &bias)).collect();
        Ok(Self { types, stride, extras, margins, bonus: decoder.bonus(), decoder })
    }

    /// For [`Vectors::reset`].
    pub(super) fn biases(&self) -> [Vec<i16>; SLOTS] {
        let bias = |slot| if slot == REACH { self.bonus.clone() } else { no_bias(self.types, self.stride) };
        std::array::from_fn(bias)
    }

    /// Finds the labels of a page.
    pub(super) fn run(&self, text: &str, tokens: &[Span], view: View<'_>, marks: &mut Marks) {
        let length = tokens.len();
        // Rows that were not added up are not read, whatever they hold.
        marks.scores.resize(marks.scores.len().max(length * self.stride), 0);
        marks.added.clear();
        marks.added.resize(length, false);
        marks.gains.clear();
        marks.first.clear();
        marks.first.resize(length, scheme::OUTSIDE as u8);
        for sentence in &view.page.sentences {
            self.first_pass(view, sentence.start as usize..sentence.end as usize, marks);
        }
        marks.labels.clone_from(&marks.first);
        let source = Source { text, tokens, page: view.page, words: view.words };
        marks.evidence.count(&source, &marks.first, self.types);
        for sentence in &view.page.sentences {
            self.second_pass(view, sentence.start as usize..sentence.end as usize, marks);
        }
    }

    fn first_pass(&self, view: View<'_>, sentence: Range<usize>, marks: &mut Marks) {
        marks.line.clear();
        marks.line.resize(REACH, 0);
        marks.line.extend_from_slice(&view.page.words[sentence.clone()]);
        marks.line.resize(sentence.len() + 2 * REACH, 0);
        for (t, around) in sentence.clone().zip(marks.line.windows(SLOTS)) {
            let mut sum = Margin::default();
            for (slot, &word) in around.iter().enumerate() {
                margin::add(&mut sum, &view.vectors.margins(word)[slot]);
            }
            for &extra in view.page.extras_at(t) {
                margin::add(&mut sum, &self.margins[usize::from(extra)]);
            }
            marks.gains.push(margin::gain(&sum));
        }
        if self.open(view, &sentence, marks) {
            let Marks { scores, open, first, forward, .. } = marks;
            self.decode(scores, open, sentence, forward, first);
        }
    }

    /// Marks the tokens of a sentence that can be in names as open, with their scores added up; whether there are any.
    fn open(&self, view: View<'_>, sentence: &Range<usize>, marks: &mut Marks) -> bool {
        let mut found = self.note_possible(sentence, marks);
        let bounded = sentence.clone().filter(|t| marks.open[t - sentence.start] && !marks.added[*t]);
        let bounded: Vec<usize> = bounded.collect();
        if !bounded.is_empty() {
            bounded.into_iter().for_each(|t| self.add_up(view, sentence, t, marks));
            found = self.note_possible(sentence, marks);
        }
        found
    }

    fn note_possible(&self, sentence: &Range<usize>, marks: &mut Marks) -> bool {
        let Marks { gains, open, reach, .. } = marks;
        open.clear();
        open.resize(sentence.len(), false);
        let mut any = false;
        margin::possible(&gains[sentence.clone()], reach, |t| (open[t], any) = (true, true));
        any
    }

    /// Finds the labels of the open tokens of a sentence; the others are outside names.
    fn decode(
        &self,
        scores: &[i16],
        open: &[bool],
        sentence: Range<usize>,
        forward: &mut Vec<i16>,
        labels: &mut [u8],
    ) {
        for run in runs(open) {
            let (start, end) = (sentence.start + run.start, sentence.start + run.end);
            let scores = &scores[start * self.stride..end * self.stride];
            self.decoder.best(scores, end == sentence.end, forward, &mut labels[start..end]);
        }
    }

    /// Adds up the scores of a token.
    fn add_up(&self, view: View<'_>, sentence: &Range<usize>, t: usize, marks: &mut Marks) {
        let around = around(view.page, sentence, t);
        let sum = &mut marks.scores[t * self.stride..][..self.stride];
        sum.copy_from_slice(view.vectors.row(around[0], 0));
        for (slot, &word) in around.iter().enumerate().skip(1) {
            add(sum, view.vectors.row(word, slot));
        }
        for &extra in view.page.extras_at(t) {
            add(sum, self.extra(extra));
        }
        marks.gains[t] = margin::gain(&margin::margin(sum, &self.bonus));
        marks.added[t] = true;
    }

    fn extra(&self, extra: u16) -> &[i16] {
        &self.extras[usize::from(extra) * self.stride..][..self.stride]
    }

    fn second_pass(&self, view: View<'_>, sentence: Range<usize>, marks: &mut Marks) {
        let page = view.page;
        marks.majorities.clear();
        let majority = |t: usize| marks.evidence.majority(page, t, marks.first[t]);
        marks.majorities.extend(sentence.clone().map(majority));
        let mut changed = false;
        for t in sentence.clone() {
            let at = |t: usize| marks.majorities.get(t.wrapping_sub(sentence.start)).copied();
            let (before, here, after) = (at(t.wrapping_sub(1)), at(t), at(t + 1));
            marks.second.clear();
            let mut say = |extra| marks.second.push(extra);
            document::features(self.types, marks.first[t], [before, here, after], &mut say);
            marks.evidence.short_form(page, view.words, t, marks.first[t], &mut say);
            if marks.second.is_empty() {
                continue;
            }
            if !marks.added[t] {
                self.add_up(view, &sentence, t, marks);
            }
            let sum = &mut marks.scores[t * self.stride..][..self.stride];
            marks.second.iter().for_each(|&extra| add(sum, self.extra(extra)));
            marks.gains[t] = margin::gain(&margin::margin(sum, &self.bonus));
            changed = true;
        }
        if changed {
            marks.labels[sentence.clone()].fill(scheme::OUTSIDE as u8);
            self.open(view, &sentence, marks);
            let Marks { scores, open, labels, forward, .. } = marks;
            self.decode(scores, open, sentence, forward, labels);
        }
    }

    /// How sure the labels of a name are: the least, over its tokens and the one after, of the share that the
    /// label has among all that could stand between its neighbours' labels.
    pub(super) fn certainty(
        &self,
        view: View<'_>,
        sentence: &Range<usize>,
        name: Range<usize>,
        marks: &mut Marks,
    ) -> f32 {
        let mut least = 1.0f32;
        for t in name.start..(name.end + 1).min(sentence.end) {
            if !marks.added[t] {
                self.add_up(view, sentence, t, marks);
            }
            let label = |t: usize| sentence.contains(&t).then(|| marks.labels[t]);
            let row = &marks.scores[t * self.stride..][..self.stride];
            let before = t.checked_sub(1).and_then(label);
            least = least.min(self.decoder.share(row, before, marks.labels[t], label(t + 1), LOG_STEP));
        }
        least
    }
}

/// The words around a token, by distance; word 0 where the sentence has none.
fn around(page: &Page, sentence: &Range<usize>, t: usize) -> [u32; SLOTS] {
    std::array::from_fn(|slot| match (t + slot).checked_sub(REACH) {
        Some(at) if sentence.contains(&at) => page.words[at],
        _ => 0,
    })
}

/// No bias for the labels of names, and what must not win is kept from it.
fn no_bias(types: usize, stride: usize) -> Vec<i16> {
    let name = |label: usize| label != scheme::OUTSIDE && label < scheme::labels(types);
    (0..stride).map(|label| if name(label) { 0 } else { NEVER }).collect()
}

/// The longest runs of open tokens.
fn runs(open: &[bool]) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut from = 0;
    std::iter::from_fn(move || {
        let start = (from..open.len()).find(|&t| open[t])?;
        from = (start..open.len()).find(|&t| !open[t]).unwrap_or(open.len());
        Some(start..from)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_parted_by_what_is_outside_names() {
        assert_eq!(
            runs(&[true, false, true, true, false, false, true]).collect::<Vec<_>>(),
            [0..1, 2..4, 6..7]
        );
        assert_eq!(runs(&[false]).count(), 0);
    }
}
