//! The two passes over a page: scores of its tokens, the best labels for them, and both again with what the first
//! pass said of other occurrences of a word.

use std::ops::Range;

use fearless_simd::{Level, dispatch, i16x8, prelude::*};
use pipeline_core::Span;

use super::Entity;
use super::decode::{Decoder, NEVER, Race};
use super::document::{self, Evidence, Source};
use super::features::{REACH, SLOTS};
use super::lanes::{self, Block, add};
use super::margin::{self, Gain, Margin};
use super::page::{Page, group};
use super::scheme;
use super::vectors::Vectors;
use super::words::Words;
use crate::model::{ModelError, ModelFile};

/// Memory of the passes, reused from page to page.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// A row of scores for each token whose scores were added up.
    scores: Vec<Block>,
    /// Which row is that of a token; [`NOT_ADDED`].
    rows: Vec<u32>,
    /// What each token can add to a name: exact where its scores were added up, else a bound.
    gains: Vec<Gain>,
    /// Tokens whose labels are to be searched for.
    open: Vec<bool>,
    /// The tokens of a sentence that were open in the first pass.
    opened: Vec<bool>,
    /// Tokens of a sentence whose scores the second pass changed.
    changed: Vec<bool>,
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
    race: Race,
}

/// The scores of a token were not added up.
const NOT_ADDED: u32 = u32::MAX;

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
    /// Blocks of a row.
    blocks: usize,
    /// Rows of the surrounding features.
    extras: Vec<Block>,
    /// The margins of these rows.
    margins: Vec<Margin>,
    /// What transitions can add to each label.
    bonus: Vec<Block>,
    decoder: Decoder,
    /// What the processor can do.
    pub level: Level,
}

impl Passes {
    /// Takes the weights for so many types from a model file.
    ///
    /// # Errors
    /// When a part is missing or does not fit the types.
    pub(super) fn read(file: &ModelFile<'_>, types: usize) -> Result<Self, ModelError> {
        let fault = |name: &str| ModelError::Section(name.to_owned(), "does not fit the labels");
        let (weights, transitions) = (file.section::<i8>("extras")?, file.section::<i16>("transitions")?);
        let (labels, blocks) = (scheme::labels(types), lanes::blocks(scheme::labels(types)));
        if weights.len() != document::extras(types) * labels {
            return Err(fault("extras"));
        }
        let mut extras = Vec::with_capacity(document::extras(types) * blocks);
        for (extra, weights) in weights.chunks_exact(labels).enumerate() {
            let mut row: Vec<i16> = weights.iter().map(|&weight| weight.into()).collect();
            if extra == group::BREAK {
                // Not a matter of more or less.
                row[1..].fill(NEVER);
            }
            extras.extend(lanes::row(&row, 0));
        }
        let decoder = Decoder::new(types, &transitions).ok_or_else(|| fault("transitions"))?;
        let (bias, level) = (no_bias(types), Level::new());
        let margins = dispatch!(level, simd => {
            let margin = |row| margin::margin(simd, row, &bias).to_array();
            extras.chunks(blocks).map(margin).collect()
        });
        Ok(Self { types, blocks, extras, margins, bonus: decoder.bonus(), decoder, level })
    }

    /// For [`Vectors::reset`].
    pub(super) fn biases(&self) -> [Vec<Block>; SLOTS] {
        let bias = |slot| if slot == REACH { self.bonus.clone() } else { no_bias(self.types) };
        std::array::from_fn(bias)
    }

    /// Finds the labels of a page.
    pub(super) fn run(&self, text: &str, tokens: &[Span], view: View<'_>, marks: &mut Marks) {
        let length = tokens.len();
        marks.scores.clear();
        marks.rows.clear();
        marks.rows.resize(length, NOT_ADDED);
        marks.open.clear();
        marks.open.resize(length, false);
        marks.gains.clear();
        marks.first.clear();
        marks.first.resize(length, scheme::OUTSIDE as u8);
        dispatch!(self.level, simd => self.first_passes(simd, view, marks));
        marks.labels.clone_from(&marks.first);
        let source = Source { text, tokens, page: view.page, words: view.words };
        marks.evidence.count(&source, &marks.first, self.types);
        dispatch!(self.level, simd => self.second_passes(simd, view, marks));
    }

    #[inline(always)]
    fn first_passes<S: Simd>(&self, simd: S, view: View<'_>, marks: &mut Marks) {
        for sentence in &view.page.sentences {
            let sentence = sentence.start as usize..sentence.end as usize;
            if self.bound(simd, view, &sentence, marks) && self.open(simd, view, &sentence, marks) {
                let Marks { scores, rows, open, first, race, .. } = &mut *marks;
                for run in runs(&open[sentence.clone()]) {
                    let run = sentence.start + run.start..sentence.start + run.end;
                    self.decode(simd, (scores, rows), run.clone(), run.end == sentence.end, race, first);
                }
            }
        }
    }

    /// Notes bounds of what the tokens of a sentence can add to a name; whether any can add something.
    #[inline(always)]
    fn bound<S: Simd>(&self, simd: S, view: View<'_>, sentence: &Range<usize>, marks: &mut Marks) -> bool {
        let Marks { line, gains, .. } = marks;
        line.clear();
        line.resize(REACH, 0);
        line.extend_from_slice(&view.page.words[sentence.clone()]);
        line.resize(sentence.len() + 2 * REACH, 0);
        let mut any = false;
        // What the words so far add to the tokens around the last of them, those that it is not the last for.
        let mut sums = [i16x8::splat(simd, 0); SLOTS - 1];
        for (at, &word) in line.iter().enumerate() {
            let margins = view.vectors.margins(word);
            let mut sum = sums[SLOTS - 2].saturating_add(i16x8::load_array_ref(simd, &margins[SLOTS - 1]));
            for to in (1..SLOTS - 1).rev() {
                sums[to] = sums[to - 1].saturating_add(i16x8::load_array_ref(simd, &margins[to]));
            }
            sums[0] = i16x8::load_array_ref(simd, &margins[0]);
            let Some(t) = at.checked_sub(SLOTS - 1) else { continue };
            for &extra in view.page.extras_at(sentence.start + t) {
                sum = sum.saturating_add(i16x8::load_array_ref(simd, &self.margins[usize::from(extra)]));
            }
            let gain = margin::gain(simd, sum);
            any |= gain.iter().any(|&gain| gain > 0);
            gains.push(gain);
        }
        any
    }

    /// Marks the tokens of a sentence that can be in names as open, with their scores added up; whether there are any.
    #[inline(always)]
    fn open<S: Simd>(&self, simd: S, view: View<'_>, sentence: &Range<usize>, marks: &mut Marks) -> bool {
        let found = note_possible(sentence, marks);
        let mut bounded = false;
        for t in found.clone() {
            if marks.open[t] && marks.rows[t] == NOT_ADDED {
                self.add_up(simd, view, sentence, t, marks);
                bounded = true;
            }
        }
        // What no name can touch by its bounds stays so.
        let found = if bounded { note_possible(&found, marks) } else { found };
        !found.is_empty()
    }

    /// Finds the labels of a run of open tokens; `last` tells whether the sentence ends with it.
    #[inline(always)]
    fn decode<S: Simd>(
        &self,
        simd: S,
        (scores, rows): (&[Block], &[u32]),
        run: Range<usize>,
        last: bool,
        race: &mut Race,
        labels: &mut [u8],
    ) {
        self.decoder.best(simd, scores, &rows[run.clone()], last, race, &mut labels[run]);
    }

    /// Adds up the scores of a token.
    #[inline(always)]
    fn add_up<S: Simd>(&self, simd: S, view: View<'_>, sentence: &Range<usize>, t: usize, marks: &mut Marks) {
        let around = around(view.page, sentence, t);
        let start = marks.scores.len();
        marks.scores.extend_from_slice(view.vectors.row(around[0], 0));
        let sum = &mut marks.scores[start..];
        for (slot, &word) in around.iter().enumerate().skip(1) {
            add(simd, sum, view.vectors.row(word, slot));
        }
        for &extra in view.page.extras_at(t) {
            add(simd, sum, self.extra(extra));
        }
        marks.gains[t] = margin::gain(simd, margin::margin(simd, sum, &self.bonus));
        marks.rows[t] = (start / self.blocks) as u32;
    }

    #[inline(always)]
    fn extra(&self, extra: u16) -> &[Block] {
        &self.extras[usize::from(extra) * self.blocks..][..self.blocks]
    }

    #[inline(always)]
    fn second_passes<S: Simd>(&self, simd: S, view: View<'_>, marks: &mut Marks) {
        for sentence in &view.page.sentences {
            let sentence = sentence.start as usize..sentence.end as usize;
            if !self.change(simd, view, &sentence, marks) {
                continue;
            }
            marks.opened.clear();
            marks.opened.extend_from_slice(&marks.open[sentence.clone()]);
            marks.labels[sentence.clone()].fill(scheme::OUTSIDE as u8);
            if self.open(simd, view, &sentence, marks) {
                self.decode_again(simd, &sentence, marks);
            }
        }
    }

    /// Adds what other occurrences of a sentence's words say to their scores; whether they say anything.
    #[inline(always)]
    fn change<S: Simd>(&self, simd: S, view: View<'_>, sentence: &Range<usize>, marks: &mut Marks) -> bool {
        let page = view.page;
        marks.majorities.clear();
        let majority = |t: usize| marks.evidence.majority(page, t, marks.first[t]);
        marks.majorities.extend(sentence.clone().map(majority));
        marks.changed.clear();
        marks.changed.resize(sentence.len(), false);
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
            if marks.rows[t] == NOT_ADDED {
                self.add_up(simd, view, sentence, t, marks);
            }
            let sum = &mut marks.scores[marks.rows[t] as usize * self.blocks..][..self.blocks];
            marks.second.iter().for_each(|&extra| add(simd, sum, self.extra(extra)));
            marks.gains[t] = margin::gain(simd, margin::margin(simd, sum, &self.bonus));
            marks.changed[t - sentence.start] = true;
            changed = true;
        }
        changed
    }

    /// Finds the labels of the open tokens of a sentence; those of a run whose scores are as in the first pass are
    /// known.
    #[inline(always)]
    fn decode_again<S: Simd>(&self, simd: S, sentence: &Range<usize>, marks: &mut Marks) {
        let Marks { scores, rows, open, opened, changed, first, labels, race, .. } = marks;
        for run in runs(&open[sentence.clone()]) {
            let edge = |t: usize| opened.get(t) != Some(&true);
            let known = !changed[run.clone()].contains(&true)
                && !opened[run.clone()].contains(&false)
                && edge(run.start.wrapping_sub(1))
                && edge(run.end);
            let run = sentence.start + run.start..sentence.start + run.end;
            if known {
                labels[run.clone()].copy_from_slice(&first[run]);
            } else {
                self.decode(simd, (scores, rows), run.clone(), run.end == sentence.end, race, labels);
            }
        }
    }

    /// How sure the labels of names are: for each the least, over its tokens and the one after, of the share that the
    /// label has among all that could stand between its neighbours' labels.
    pub(super) fn judge(
        &self,
        view: View<'_>,
        sentence: &Range<usize>,
        marks: &mut Marks,
        names: &mut [Entity],
    ) {
        dispatch!(self.level, simd => {
            for name in names {
                name.score = self.certainty(simd, view, sentence, name.span.range(), marks);
            }
        });
    }

    #[inline(always)]
    fn certainty<S: Simd>(
        &self,
        simd: S,
        view: View<'_>,
        sentence: &Range<usize>,
        name: Range<usize>,
        marks: &mut Marks,
    ) -> f32 {
        let mut least = 1.0f32;
        for t in name.start..(name.end + 1).min(sentence.end) {
            if marks.rows[t] == NOT_ADDED {
                self.add_up(simd, view, sentence, t, marks);
            }
            let label = |t: usize| sentence.contains(&t).then(|| marks.labels[t]);
            let row = &marks.scores[marks.rows[t] as usize * self.blocks..][..self.blocks];
            let before = t.checked_sub(1).and_then(label);
            least = least.min(self.decoder.share(simd, row, before, marks.labels[t], label(t + 1)));
        }
        least
    }
}

/// Marks the tokens of a range that can be in names as open; from the first to the last of them.
#[inline(always)]
fn note_possible(range: &Range<usize>, marks: &mut Marks) -> Range<usize> {
    let Marks { gains, open, reach, .. } = marks;
    open[range.clone()].fill(false);
    let mut found = range.start..range.start;
    margin::possible(&gains[range.clone()], reach, |t| {
        let t = range.start + t;
        open[t] = true;
        found = t..found.end.max(t + 1);
    });
    found
}

/// The words around a token, by distance; word 0 where the sentence has none.
fn around(page: &Page, sentence: &Range<usize>, t: usize) -> [u32; SLOTS] {
    std::array::from_fn(|slot| match (t + slot).checked_sub(REACH) {
        Some(at) if sentence.contains(&at) => page.words[at],
        _ => 0,
    })
}

/// No bias for the labels of names, and what must not win is kept from it.
fn no_bias(types: usize) -> Vec<Block> {
    let bias = |label: usize| if label == scheme::OUTSIDE { NEVER } else { 0 };
    lanes::row(&(0..scheme::labels(types)).map(bias).collect::<Vec<_>>(), NEVER)
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
