//! From names to relations.

use pipeline_core::Span;

use super::cache::Cache;
use super::candidates::{self, Candidate};
use super::claims::{self, Claim};
use super::columns::type_pair;
use super::features::{self, Features, Path};
use super::first_look::FirstLook;
use super::hash;
use super::labels::Lanes;
use super::lists::lists;
use super::scorer::{Hidden, LANES, Scorer, Verdict, Work};
use super::sentence::Sentence;
use super::spread::{Pair, spread};
use super::table::SUMS;
use super::trigger::Phrasebook;
use super::types::NameType;
use super::words::Words;
use super::{Name, Relation};
use crate::model::{Expected, Header, ModelError, ModelFile};

/// Most names of a sentence that are paired; a sentence with more is a list.
pub(crate) const MOST_NAMES: usize = 40;

/// Finds the relations between the names of a sentence.
#[derive(Clone, Debug)]
pub struct Extractor {
    pub(crate) header: Header,
    pub(crate) lanes: Lanes,
    pub(crate) words: Words,
    pub(crate) first_look: FirstLook,
    pub(crate) scorer: Scorer,
    pub(crate) phrasebook: Phrasebook,
    pub(crate) calibration: Calibration,
}

/// From the model's probability to a decision and a score.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Calibration {
    /// Least probability of a relation that is stated.
    pub threshold: f32,
    /// Slope and offset on the log odds.
    pub slope: f32,
    pub offset: f32,
    /// How far the linear part may put every relation behind "none" before the pair is given up.
    pub gap: f32,
}

impl Calibration {
    pub(crate) fn score(self, probability: f32) -> f32 {
        let p = probability.clamp(1e-6, 1.0 - 1e-6);
        let odds = (p / (1.0 - p)).ln();
        1.0 / (1.0 + (-(self.slope * odds + self.offset)).exp())
    }
}

/// Buffers reused from document to document.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    sentence: Sentence,
    names: Vec<(u32, Span, NameType)>,
    pairs: Vec<(usize, usize)>,
    claims: Vec<Claim>,
    keep: Vec<bool>,
    found: Vec<Pair>,
    pub(crate) pair: PairScratch,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct PairScratch {
    path: Path,
    features: Features,
    candidates: Vec<Candidate>,
    hidden: Vec<Hidden>,
    cache: Cache,
    work: Work,
    rows: Vec<u32>,
}

impl Extractor {
    /// Reads a model file.
    ///
    /// # Errors
    /// When the file is no relation model that this program can use; the message names the cure.
    pub fn load(bytes: &[u8]) -> Result<Self, ModelError> {
        let expected = Expected {
            kind: super::KIND,
            features: features::TEMPLATES,
            tokenizer: Some(crate::tokenize::VERSION),
        };
        let file = ModelFile::read(bytes, &expected)?;
        let header = file.header().clone();
        let lanes = Lanes::new(&header.labels);
        if lanes.len() > LANES {
            return Err(ModelError::Section("labels".to_owned(), "has more labels than a model can hold"));
        }
        let [threshold, slope, offset, gap] = file.section::<f32>("calibration")?[..] else {
            return Err(ModelError::Section("calibration".to_owned(), "has the wrong size"));
        };
        Ok(Self {
            words: Words::read(&file)?,
            first_look: FirstLook::read(&file)?,
            scorer: Scorer::read(lanes.len(), &file)?,
            phrasebook: Phrasebook::read(&file)?,
            calibration: Calibration { threshold, slope, offset, gap },
            lanes,
            header,
        })
    }

    /// The labels that relations point into.
    #[must_use]
    pub fn labels(&self) -> &[String] {
        &self.header.labels
    }

    /// What the model file says about itself.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Appends the relations between `names` to `out`, sentence by sentence, in text order of their names.
    ///
    /// All spans are bytes of `text`; `tokens`, `sentences` and `names` are in text order. Names that cross a
    /// sentence's end and names without a type take no part.
    pub fn extract(
        &self,
        text: &str,
        tokens: &[Span],
        sentences: &[Span],
        names: &[Name],
        scratch: &mut Scratch,
        out: &mut Vec<Relation>,
    ) {
        let (mut token, mut name) = (0, 0);
        for &bounds in sentences {
            name += names[name..].iter().take_while(|n| n.span.start < bounds.start).count();
            let count = names[name..].iter().take_while(|n| n.span.start < bounds.end).count();
            let inside = &names[name..name + count];
            let first = u32::try_from(name).unwrap_or(u32::MAX);
            name += count;
            if count < 2 {
                continue;
            }
            token += before(&tokens[token..], bounds.start);
            let end = token + before(&tokens[token..], bounds.end);
            scratch.names.clear();
            scratch.names.extend(typed(inside, first, bounds));
            if scratch.names.len() >= 2 && self.may_relate(&scratch.names) {
                self.sentence(text, &tokens[token..end], scratch, out);
            }
            token = end;
        }
    }

    /// Whether any two of the names have types that relate.
    fn may_relate(&self, names: &[(u32, Span, NameType)]) -> bool {
        names
            .iter()
            .enumerate()
            .any(|(i, a)| names[i + 1..].iter().any(|b| self.scorer.relates(type_pair(a.2, b.2))))
    }

    fn sentence(&self, text: &str, tokens: &[Span], scratch: &mut Scratch, out: &mut Vec<Relation>) {
        let Scratch { sentence, names, pairs, claims, keep, found, pair } = scratch;
        sentence.read(text, tokens, names, &self.words);
        self.choose(sentence, pairs);
        if pairs.is_empty() {
            return;
        }
        sentence.shape(&self.words);
        pair.cache.clear(sentence);
        claims.clear();
        let start = out.len();
        for &(first, second) in pairs.iter() {
            if let Some(verdict) = self.judge(sentence, first, second, pair)
                && verdict.any >= self.calibration.threshold
            {
                claims.push(self.claim((first, second), verdict, pair));
                out.push(self.relation(sentence, first, second, verdict, pair));
            }
        }
        claims::kept(claims, &self.header.labels, &sentence.mentions, keep);
        found.clear();
        found.extend(claims.iter().zip(&*keep).filter(|(_, kept)| **kept).map(|(claim, _)| claim.pair));
        drop_the_rest(out, start, keep);
        spread(sentence, &self.header.labels, found, start, out);
        lists(sentence, &self.header.labels, start, out);
    }

    /// The pairs worth more than a first look.
    fn choose(&self, sentence: &Sentence, pairs: &mut Vec<(usize, usize)>) {
        pairs.clear();
        let mentions = &sentence.mentions;
        let count = mentions.len().min(MOST_NAMES);
        for first in 0..count {
            for second in first + 1..count {
                let types = type_pair(mentions[first].kind, mentions[second].kind);
                if self.scorer.relates(types) && self.first_look.passes(sentence, first, second) {
                    pairs.push((first, second));
                }
            }
        }
    }

    /// What the model makes of two mentions; `None` where they hardly could relate.
    pub(crate) fn judge(
        &self,
        sentence: &Sentence,
        first: usize,
        second: usize,
        scratch: &mut PairScratch,
    ) -> Option<Verdict> {
        let (a, b) = (&sentence.mentions[first], &sentence.mentions[second]);
        let types = type_pair(a.kind, b.kind);
        let PairScratch { path, features, candidates, hidden, cache, work, rows } = scratch;
        features.clear();
        features::pair(sentence, first, second, path, features);
        let (mut typed, mut plain) = ([[0; SUMS]], [[0; SUMS]; LANES.div_ceil(SUMS)]);
        self.scorer.typed.add_all(&features.typed, rows, &mut typed);
        self.scorer.plain.add_all(&features.plain, rows, &mut plain);
        let linear = self.scorer.linear(types, &typed[0], plain.as_flattened());
        if self.scorer.gap(types, &linear) > self.calibration.gap {
            return None;
        }
        candidates.clear();
        hidden.clear();
        candidates::find(sentence, a, b, candidates);
        for &candidate in candidates.iter() {
            hidden.push(cache.hidden(&self.scorer, sentence, (first, second), candidate));
        }
        Some(self.scorer.decide(types, &linear, hidden, work))
    }

    fn claim(&self, pair: Pair, verdict: Verdict, scratch: &PairScratch) -> Claim {
        let (label, backwards) = self.lanes.label(verdict.lane);
        let item = verdict.candidate.and_then(|number| scratch.candidates.get(number)).map(|c| c.item);
        Claim { pair, backwards, label, item, probability: verdict.any }
    }

    fn relation(
        &self,
        sentence: &Sentence,
        first: usize,
        second: usize,
        verdict: Verdict,
        scratch: &PairScratch,
    ) -> Relation {
        let (label, backwards) = self.lanes.label(verdict.lane);
        let (a, b) = (sentence.mentions[first].entity, sentence.mentions[second].entity);
        let (head, tail) = if backwards { (b, a) } else { (a, b) };
        let trigger = verdict
            .candidate
            .and_then(|number| scratch.candidates.get(number))
            .map_or(Span::NONE, |candidate| self.phrasebook.span(sentence, candidate.item));
        Relation { head, tail, label, score: self.calibration.score(verdict.any), trigger }
    }
}

/// How many tokens start before a place that is mostly not far on.
fn before(tokens: &[Span], place: u32) -> usize {
    let (mut from, mut step) = (0, 16);
    while let Some(token) = tokens.get(from + step)
        && token.start < place
    {
        from += step;
        step *= 2;
    }
    from + tokens[from..tokens.len().min(from + step)].partition_point(|token| token.start < place)
}

/// Leaves the relations from `start` on that are kept.
fn drop_the_rest(out: &mut Vec<Relation>, start: usize, keep: &[bool]) {
    let mut to = start;
    for (from, _) in (start..out.len()).zip(keep).filter(|(_, kept)| **kept) {
        out[to] = out[from];
        to += 1;
    }
    out.truncate(to);
}

/// The names of a sentence that have a type, with their numbers; overlapping ones only once.
fn typed(names: &[Name], first: u32, bounds: Span) -> impl Iterator<Item = (u32, Span, NameType)> + '_ {
    let mut end = 0;
    names.iter().zip(first..).filter_map(move |(name, number)| {
        let kind = name.kind?;
        if name.span.start < end || name.span.end > bounds.end || name.span.is_empty() {
            return None;
        }
        end = name.span.end;
        Some((number, name.span, kind))
    })
}

/// Hash of the stems of a run of items.
pub(crate) fn run_hash(stems: impl Iterator<Item = u64>) -> u64 {
    stems.fold(hash::sequence(&[11]), hash::join)
}
