//! The two passes over a page: scores of its tokens, the best labels for them, and both again with what the first
//! pass said of other occurrences of a word.

use std::ops::Range;

use pipeline_core::Span;

use super::decode::{Decoder, LOG_STEP, SURE};
use super::document::{self, Evidence, Source};
use super::features::{REACH, SLOTS};
use super::margin::{self, Margin};
use super::page::Page;
use super::scheme;
use super::vectors::{Vectors, add, add_small};
use super::words::Words;
use crate::model::{ModelError, ModelFile};

/// What is known of a token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    /// Outside names by its margin; its scores were not added up.
    #[default]
    Skipped,
    /// Outside names by its scores.
    Lone,
    /// Its label is for the decoder to find.
    Open,
}

/// Memory of the passes, reused from page to page.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// A row of scores for each token that is not skipped.
    scores: Vec<i16>,
    states: Vec<State>,
    /// Tokens of which the second pass had something to say.
    touched: Vec<bool>,
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
    extras: Vec<i8>,
    /// The margins of these rows.
    margins: Vec<Margin>,
    decoder: Decoder,
}

impl Passes {
    /// Takes the weights for so many types from a model file.
    ///
    /// # Errors
    /// When a part is missing or does not fit the types.
    pub(super) fn read(file: &ModelFile<'_>, types: usize, stride: usize) -> Result<Self, ModelError> {
        let fault = |name: &str| ModelError::Section(name.to_owned(), "does not fit the labels");
        let (extras, transitions): (Vec<i8>, Vec<i16>) =
            (file.section("extras")?, file.section("transitions")?);
        if extras.len() != document::extras(types) * stride {
            return Err(fault("extras"));
        }
        let labels = scheme::labels(types);
        let margin = |row: &[i8]| margin::margin(row[..labels].iter().map(|&weight| i16::from(weight)));
        Ok(Self {
            types,
            stride,
            margins: extras.chunks(stride).map(margin).collect(),
            extras,
            decoder: Decoder::new(types, stride, &transitions).ok_or_else(|| fault("transitions"))?,
        })
    }

    /// Finds the labels of a page.
    pub(super) fn run(&self, text: &str, tokens: &[Span], view: View<'_>, marks: &mut Marks) {
        let length = tokens.len();
        // Rows of skipped tokens are not read, whatever they hold.
        marks.scores.resize(marks.scores.len().max(length * self.stride), 0);
        marks.states.clear();
        marks.states.resize(length, State::Skipped);
        marks.touched.clear();
        marks.touched.resize(length, false);
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
        for t in sentence.clone() {
            let around = around(view.page, &sentence, t);
            let mut sum = Margin::default();
            for (slot, &word) in around.iter().enumerate() {
                margin::add(&mut sum, &view.vectors.margins(word)[slot]);
            }
            for &extra in view.page.extras_at(t) {
                margin::add(&mut sum, &self.margins[usize::from(extra)]);
            }
            if margin::least(&sum) <= SURE {
                self.add_up(view, around, t, marks);
            }
        }
        let Marks { scores, states, first, forward, .. } = marks;
        for run in runs(states, sentence) {
            let scores = &scores[run.start * self.stride..run.end * self.stride];
            self.decoder.best(scores, forward, &mut first[run]);
        }
    }

    /// Adds up the scores of a token.
    fn add_up(&self, view: View<'_>, around: [u32; SLOTS], t: usize, marks: &mut Marks) {
        let sum = &mut marks.scores[t * self.stride..][..self.stride];
        sum.copy_from_slice(view.vectors.row(around[0], 0));
        for (slot, &word) in around.iter().enumerate().skip(1) {
            add(sum, view.vectors.row(word, slot));
        }
        for &extra in view.page.extras_at(t) {
            add_small(sum, self.extra(extra));
        }
        marks.states[t] = if self.decoder.lone(sum) { State::Lone } else { State::Open };
    }

    fn extra(&self, extra: u16) -> &[i8] {
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
            if marks.second.is_empty() {
                continue;
            }
            if marks.states[t] == State::Skipped {
                self.add_up(view, around(page, &sentence, t), t, marks);
            }
            let sum = &mut marks.scores[t * self.stride..][..self.stride];
            marks.second.iter().for_each(|&extra| add_small(sum, self.extra(extra)));
            marks.states[t] = if self.decoder.lone(sum) { State::Lone } else { State::Open };
            marks.touched[t] = true;
            changed = true;
        }
        if changed {
            self.decode_touched(sentence, marks);
        }
    }

    /// Finds the labels of those runs anew in or beside which something was touched.
    fn decode_touched(&self, sentence: Range<usize>, marks: &mut Marks) {
        let Marks { scores, states, touched, labels, forward, .. } = marks;
        for t in sentence.clone().filter(|&t| touched[t]) {
            labels[t] = scheme::OUTSIDE as u8;
        }
        for run in runs(states, sentence.clone()) {
            let beside = run.start.saturating_sub(1).max(sentence.start)..(run.end + 1).min(sentence.end);
            if touched[beside].contains(&true) {
                let scores = &scores[run.start * self.stride..run.end * self.stride];
                self.decoder.best(scores, forward, &mut labels[run]);
            }
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
            if marks.states[t] == State::Skipped {
                self.add_up(view, around(view.page, sentence, t), t, marks);
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

/// The longest runs of open tokens in a range.
fn runs(states: &[State], range: Range<usize>) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut from = range.start;
    std::iter::from_fn(move || {
        let open = |t: &usize| states[*t] == State::Open;
        let start = (from..range.end).find(open)?;
        from = (start..range.end).find(|t| !open(t)).unwrap_or(range.end);
        Some(start..from)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_parted_by_what_is_outside_names() {
        let (o, l, s) = (State::Open, State::Lone, State::Skipped);
        let states = [o, l, o, o, s, s, o];
        assert_eq!(runs(&states, 0..7).collect::<Vec<_>>(), [0..1, 2..4, 6..7]);
        assert_eq!(runs(&states, 1..3).collect::<Vec<_>>(), [2..3]);
        assert_eq!(runs(&states, 4..6).count(), 0);
    }
}
