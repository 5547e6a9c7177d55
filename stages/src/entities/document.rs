//! The second pass: what the first pass said of other occurrences of a word in the document.

use pipeline_core::Span;

use super::features::Setting;
use super::lexicon::PREFIX;
use super::page::{Page, group};
use super::scheme::{self, Place};
use super::words::Words;
use crate::learn::hash;

/// Number of surrounding features, those of the second pass included, for so many types.
#[must_use]
pub(super) const fn extras(types: usize) -> usize {
    leading(types) + WAYS * types * (types + 1) * 2
}

/// Where the features of words that begin longer names begin.
const fn leading(types: usize) -> usize {
    let majorities = types + 2;
    group::SECOND + majorities * 2 + majorities * (types + 1) + majorities * 2
}

/// How a word can be short for a name of several words: as its first, as its last, as its initials.
const WAYS: usize = 3;

/// How much a word in a name of several counts.
const LONG: u16 = 2;

/// A document as read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source<'a> {
    pub(super) text: &'a str,
    pub(super) tokens: &'a [Span],
    pub(super) page: &'a Page,
    pub(super) words: &'a Words,
}

/// Counts, for each form, how often the first pass gave it each type in this document.
#[derive(Clone, Debug, Default)]
pub(super) struct Evidence {
    types: usize,
    /// For each form the count of tokens outside names, then of each type.
    counts: Vec<u16>,
    /// Per form: the document its counts are of.
    stamps: Vec<u32>,
    /// Per form: the types, a bit each, of names of several words that begin with it, that end with it, and of which
    /// it is the initials.
    long_forms: Vec<[u64; WAYS]>,
    document: u32,
}

impl Evidence {
    /// Counts the labels of a document of which `page` is the view.
    pub(super) fn count(&mut self, source: &Source<'_>, labels: &[u8], types: usize) {
        let page = source.page;
        self.types = types;
        self.document = self.document.wrapping_add(1);
        let forms = source.words.forms();
        if self.stamps.len() < forms || self.counts.len() < forms * (types + 1) {
            self.stamps.resize(forms.next_power_of_two(), 0);
            self.counts.resize(self.stamps.len() * (types + 1), 0);
            self.long_forms.resize(self.stamps.len(), [0; WAYS]);
        }
        for (t, &label) in labels.iter().enumerate() {
            if let Some((column, weight)) = vote(page, t, label) {
                self.add(page.forms[t], column, weight);
                match scheme::parts(usize::from(label)) {
                    Some((kind, Place::Begin)) => self.long_forms[page.forms[t] as usize][0] |= 1 << kind,
                    Some((kind, Place::End)) => self.long_forms[page.forms[t] as usize][1] |= 1 << kind,
                    _ => (),
                }
            }
        }
        for sentence in &page.sentences {
            let range = sentence.start as usize..sentence.end as usize;
            for (kind, name) in scheme::names(&labels[range.clone()]) {
                self.count_initials(source, range.start + name.start..range.start + name.end, kind);
            }
        }
    }

    /// A long name votes for its initials, should the document use them as a word.
    fn count_initials(&mut self, source: &Source<'_>, name: std::ops::Range<usize>, kind: usize) {
        if name.len() < 2 {
            return;
        }
        let mut letters = [0u8; 8];
        let mut length = 0;
        for t in name.filter(|&t| source.page.cases[t].capital()) {
            let first = source.text.as_bytes()[source.tokens[t].start as usize];
            if !first.is_ascii_alphabetic() || length == letters.len() {
                return;
            }
            letters[length] = first.to_ascii_lowercase();
            length += 1;
        }
        if length > 1
            && let Some(form) = source.words.form(hash::bytes(&letters[..length]))
        {
            self.add(form, kind + 1, LONG);
            self.long_forms[form as usize][2] |= 1 << kind;
        }
    }

    fn add(&mut self, form: u32, column: usize, weight: u16) {
        let width = self.types + 1;
        let row = &mut self.counts[form as usize * width..][..width];
        if self.stamps[form as usize] != self.document {
            self.stamps[form as usize] = self.document;
            row.fill(0);
            self.long_forms[form as usize] = [0; WAYS];
        }
        row[column] = row[column].saturating_add(weight);
    }

    /// What most other occurrences of the word at `t` are: 0 no telling, 1 outside names, 2.. a type; and
    /// whether all are.
    #[must_use]
    pub(super) fn majority(&self, page: &Page, t: usize, label: u8) -> (usize, bool) {
        let form = page.forms[t] as usize;
        if !page.cases[t].capital() || self.stamps[form] != self.document {
            return (0, false);
        }
        let row = &self.counts[form * (self.types + 1)..][..self.types + 1];
        let own = vote(page, t, label);
        let (mut best, mut most, mut total) = (0, 0, 0);
        for (column, &count) in row.iter().enumerate() {
            let count =
                count.saturating_sub(own.map_or(0, |(at, weight)| if at == column { weight } else { 0 }));
            total += u32::from(count);
            if count > most {
                (best, most) = (column + 1, count);
            }
        }
        (best, u32::from(most) == total)
    }

    /// Says the features of a word that begins or ends longer names of one type, or is the initials of such, where it
    /// stands alone or outside names; they tell words that the lists know from others.
    pub(super) fn short_form(
        &self,
        page: &Page,
        words: &Words,
        t: usize,
        label: u8,
        say: &mut impl FnMut(u16),
    ) {
        let form = page.forms[t] as usize;
        if !page.cases[t].capital() || self.stamps[form] != self.document {
            return;
        }
        let own = match scheme::parts(usize::from(label)) {
            None => 0,
            Some((kind, Place::Single)) => kind + 1,
            Some(_) => return,
        };
        let known = usize::from(words.info(page.words[t]).lists & !PREFIX != 0);
        for (way, kinds) in self.long_forms[form].iter().enumerate() {
            if kinds.count_ones() == 1 {
                let kind = kinds.trailing_zeros() as usize;
                let row = (way * self.types + kind) * (self.types + 1) + own;
                say((leading(self.types) + row * 2 + known) as u16);
            }
        }
    }

    /// Adds the second-pass features of token `t` of a sentence to `out`; none when the word stands alone.
    pub(super) fn features(
        &self,
        page: &Page,
        words: &Words,
        sentence: std::ops::Range<usize>,
        t: usize,
        labels: &[u8],
        out: &mut Vec<u16>,
    ) {
        let of = |t: usize| sentence.contains(&t).then(|| self.majority(page, t, labels[t]));
        features(self.types, labels[t], [of(t.wrapping_sub(1)), of(t), of(t + 1)], &mut |extra| {
            out.push(extra)
        });
        self.short_form(page, words, t, labels[t], &mut |extra| out.push(extra));
    }
}

/// Says the second-pass features of a token with its first label, by the majorities of the word before, of its own and
/// of the word after.
pub(super) fn features(
    types: usize,
    label: u8,
    [before, here, after]: [Option<(usize, bool)>; 3],
    say: &mut impl FnMut(u16),
) {
    let majorities = types + 2;
    let mut base = group::SECOND;
    if let Some((here @ 1.., all)) = here {
        say((base + here * 2 + usize::from(all)) as u16);
        let own = scheme::parts(usize::from(label)).map_or(0, |(kind, _)| kind + 1);
        say((base + majorities * 2 + here * (types + 1) + own) as u16);
    }
    base += majorities * 2 + majorities * (types + 1);
    if let Some((before @ 1.., _)) = before {
        say((base + before) as u16);
    }
    base += majorities;
    if let Some((after @ 1.., _)) = after {
        say((base + after) as u16);
    }
}

/// What a token says of its form: in which column it counts, and how much. Words in longer names are surer than
/// single ones; words that are capitalised only because of where they stand say nothing when outside names.
fn vote(page: &Page, t: usize, label: u8) -> Option<(usize, u16)> {
    match scheme::parts(usize::from(label)) {
        Some((kind, Place::Single)) => Some((kind + 1, 1)),
        Some((kind, _)) => Some((kind + 1, LONG)),
        None if page.cases[t].capital() && page.settings[t] == Setting::Running => Some((0, 1)),
        None => None,
    }
}
