//! Words that may state a relation between two names, and what the classifier looks at for each.

use super::hash;
use super::phrases::{Phrase, PhraseKind};
use super::roles;
use super::sentence::{Kind, Mention, Sentence};
use super::tags::Tag;

/// How many phrases outside the pair are looked at.
const REACH: usize = 5;

/// A word that may state the relation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    /// Its phrase.
    pub phrase: usize,
    /// Its item.
    pub item: usize,
}

/// Appends the candidates for the pair `a` before `b`, in text order.
pub(crate) fn find(sentence: &Sentence, a: &Mention, b: &Mention, out: &mut Vec<Candidate>) {
    let from = a.phrase_group.0.saturating_sub(REACH);
    let to = (b.phrase_group.1 + REACH + 1).min(sentence.phrases.len());
    for at in from..to {
        let phrase = &sentence.phrases[at];
        let inside = at >= a.phrase && at <= b.phrase;
        match phrase.kind {
            PhraseKind::Verb(_) => out.push(Candidate { phrase: at, item: phrase.head }),
            PhraseKind::Noun { .. } => nouns(sentence, phrase, at, inside, out),
            PhraseKind::Word if inside && sentence.items[phrase.head].tag == Tag::Adp => {
                out.push(Candidate { phrase: at, item: phrase.head });
            }
            _ => {}
        }
    }
}

fn nouns(sentence: &Sentence, phrase: &Phrase, at: usize, inside: bool, out: &mut Vec<Candidate>) {
    for word in phrase.first..=phrase.last {
        let item = &sentence.items[word];
        let stated = item.senses[0] != 0 || (inside && (word == phrase.head || item.tag == Tag::Noun));
        if item.kind == Kind::Word && stated {
            out.push(Candidate { phrase: at, item: word });
        }
    }
}

/// Which of the two names of a pair a feature is about: the first in the text or the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    First,
    Second,
}

/// Appends all features of a candidate: those of the word, of each name's place towards it, and of all three.
pub(crate) fn features(
    sentence: &Sentence,
    a: &Mention,
    b: &Mention,
    candidate: Candidate,
    out: &mut Vec<u64>,
) {
    word(sentence, candidate, out);
    let places =
        [side(sentence, a, Side::First, candidate, out), side(sentence, b, Side::Second, candidate, out)];
    together(sentence, a, b, candidate, places, out);
}

fn feature(values: &[u64]) -> u64 {
    hash::join(hash::sequence(values), 77)
}

/// Features of the word alone.
pub(crate) fn word(sentence: &Sentence, candidate: Candidate, out: &mut Vec<u64>) {
    let item = &sentence.items[candidate.item];
    let phrase = &sentence.phrases[candidate.phrase];
    let mut put = |values: &[u64]| out.push(feature(values));
    let next = sentence.items.get(candidate.item + 1);
    let particle = next.filter(|n| matches!(n.tag, Tag::Adp | Tag::Adv)).map_or(1, |n| n.stem);
    put(&[1, item.stem]);
    put(&[2, u64::from(item.fine)]);
    put(&[3, u64::from(item.coarse)]);
    put(&[4, item.tag as u64, phrase.code]);
    put(&[5, item.stem, particle]);
    put(&[6, particle]);
    for sense in item.senses.into_iter().filter(|&s| s != 0) {
        put(&[7, u64::from(sense)]);
        put(&[8, u64::from(sense), particle]);
    }
    put(&[12, u64::from(phrase.negated), u64::from(phrase.modal)]);
    put(&[13, governor(sentence, candidate)]);
}

/// Features of a name's place towards the word; gives the place in short.
pub(crate) fn side(
    sentence: &Sentence,
    mention: &Mention,
    side: Side,
    candidate: Candidate,
    out: &mut Vec<u64>,
) -> u64 {
    let code = sentence.phrases[candidate.phrase].code;
    let role = roles::role(sentence, mention, candidate.phrase, candidate.item);
    let view = roles::view(sentence, mention, candidate.phrase, candidate.item);
    let side = side as u64;
    let mut put = |values: &[u64]| out.push(feature(values));
    put(&[20 + side, role.fine]);
    put(&[22 + side, role.coarse]);
    put(&[24 + side, view.place, view.order, code]);
    put(&[26 + side, view.distance, view.order]);
    put(&[28 + side, view.nearest, view.order]);
    put(&[30 + side, view.first, view.order]);
    put(&[32 + side, view.last, view.order]);
    put(&[34 + side, view.verbs, view.commas, view.order]);
    put(&[36 + side, view.head]);
    put(&[38 + side, mention.kind as u64, view.place, view.order]);
    put(&[40 + side, view.names, view.order]);
    put(&[44 + side, u64::from(mention.last_class)]);
    put(&[46 + side, u64::from(mention.sense), mention.kind as u64]);
    hash::sequence(&[view.place, view.order, view.distance.min(3)])
}

/// Features of the word and both names.
pub(crate) fn together(
    sentence: &Sentence,
    a: &Mention,
    b: &Mention,
    candidate: Candidate,
    places: [u64; 2],
    out: &mut Vec<u64>,
) {
    let group = u64::from(a.group == b.group && a.group.0 != a.group.1);
    let order = [u64::from(candidate.item > a.item), u64::from(candidate.item > b.item)];
    let types = [a.kind as u64, b.kind as u64];
    let code = sentence.phrases[candidate.phrase].code;
    let mut put = |values: &[u64]| out.push(feature(values));
    put(&[9, order[0], order[1], group]);
    put(&[10, types[0], types[1]]);
    put(&[11, types[0], types[1], order[0], order[1], group]);
    put(&[42, places[0], places[1], code]);
    put(&[43, types[0], types[1], places[0], places[1]]);
}

/// The sense of the verb group just before, for what is hoped for, said or denied.
fn governor(sentence: &Sentence, candidate: Candidate) -> u64 {
    let before = &sentence.phrases[candidate.phrase.saturating_sub(3)..candidate.phrase];
    before
        .iter()
        .rev()
        .find(|p| matches!(p.kind, PhraseKind::Verb(_)))
        .map_or(0, |p| 1 + u64::from(sentence.items[p.head].senses[0]))
}
