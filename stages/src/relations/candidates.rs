//! Words that may state a relation between two names, and what the classifier looks at for each.

use super::hash;
use super::phrases::{Phrase, PhraseKind};
use super::roles;
use super::sentence::{Kind, Mention, Sentence};
use super::tags::Tag;

/// Spreads the numbers of templates over a hash.
const TEMPLATE: u64 = 0xd6e8_feb8_6659_fd93;

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

/// Appends all features of a candidate: those of the word, of each name, of its place towards the word, and of
/// all three.
pub(crate) fn features(
    sentence: &Sentence,
    a: &Mention,
    b: &Mention,
    candidate: Candidate,
    out: &mut Vec<u64>,
) {
    out.extend(word(sentence, candidate));
    out.extend(senses(sentence, candidate).flatten());
    let places = [(a, Side::First), (b, Side::Second)].map(|(mention, side)| {
        out.extend(name(sentence, mention, side));
        let (features, place) = place(sentence, mention, side, candidate);
        out.extend(features);
        place
    });
    out.extend(together(sentence, a, b, candidate, places));
}

/// A feature of a template, small numbers packed into one, and another number.
#[inline]
fn feature(template: u64, small: u64, number: u64) -> u64 {
    hash::join(hash::join(template.wrapping_mul(TEMPLATE), small), number)
}

/// The word after a candidate that may belong to it.
fn particle(sentence: &Sentence, candidate: Candidate) -> u64 {
    let next = sentence.items.get(candidate.item + 1);
    next.filter(|n| matches!(n.tag, Tag::Adp | Tag::Adv)).map_or(1, |n| n.stem)
}

/// Features of the word alone.
pub(crate) fn word(sentence: &Sentence, candidate: Candidate) -> [u64; 8] {
    let item = &sentence.items[candidate.item];
    let phrase = &sentence.phrases[candidate.phrase];
    let particle = particle(sentence, candidate);
    [
        feature(1, 0, item.stem),
        feature(2, 0, u64::from(item.fine)),
        feature(3, 0, u64::from(item.coarse)),
        feature(4, item.tag as u64, phrase.code),
        feature(5, particle, item.stem),
        feature(6, 0, particle),
        feature(12, u64::from(phrase.negated) << 1 | u64::from(phrase.modal), 0),
        feature(13, 0, governor(sentence, candidate)),
    ]
}

/// Features of each sense of the word.
pub(crate) fn senses(sentence: &Sentence, candidate: Candidate) -> impl Iterator<Item = [u64; 2]> + use<> {
    let particle = particle(sentence, candidate);
    let senses = sentence.items[candidate.item].senses.into_iter().take_while(|&sense| sense != 0);
    senses.map(u64::from).map(move |sense| [feature(7, 0, sense), feature(8, sense, particle)])
}

/// Features of a name whatever the word.
pub(crate) fn name(sentence: &Sentence, mention: &Mention, side: Side) -> [u64; 3] {
    let side = side as u64;
    let kind = mention.kind as u64;
    [
        feature(36 + side, 0, roles::head(sentence, mention)),
        feature(44 + side, 0, u64::from(mention.last_class)),
        feature(46 + side, kind, u64::from(mention.sense)),
    ]
}

/// Features of a name's place towards the word; gives the place in short.
pub(crate) fn place(
    sentence: &Sentence,
    mention: &Mention,
    side: Side,
    candidate: Candidate,
) -> ([u64; 10], u64) {
    let code = sentence.phrases[candidate.phrase].code;
    let role = roles::role(sentence, mention, candidate.phrase, candidate.item);
    let view = roles::view(sentence, mention, candidate.phrase, candidate.item);
    let side = side as u64;
    let stand = view.place << 2 | view.order;
    let features = [
        feature(20 + side, 0, role.fine),
        feature(22 + side, 0, role.coarse),
        feature(24 + side, stand, code),
        feature(26 + side, view.distance << 2 | view.order, 0),
        feature(28 + side, view.order, view.nearest),
        feature(30 + side, view.order, view.first),
        feature(32 + side, view.order, view.last),
        feature(34 + side, view.verbs << 6 | view.commas << 2 | view.order, 0),
        feature(38 + side, stand, mention.kind as u64),
        feature(40 + side, view.names << 2 | view.order, 0),
    ];
    (features, hash::sequence(&[stand << 2 | view.distance.min(3)]))
}

/// Features of the word and both names.
pub(crate) fn together(
    sentence: &Sentence,
    a: &Mention,
    b: &Mention,
    candidate: Candidate,
    places: [u64; 2],
) -> [u64; 5] {
    let group = u64::from(a.group == b.group && a.group.0 != a.group.1);
    let order = u64::from(candidate.item > a.item) << 1 | u64::from(candidate.item > b.item);
    let types = (a.kind as u64) << 4 | b.kind as u64;
    let code = sentence.phrases[candidate.phrase].code;
    let both = hash::join(places[0], places[1]);
    [
        feature(9, order << 1 | group, 0),
        feature(10, types, 0),
        feature(11, types, order << 1 | group),
        feature(42, code, both),
        feature(43, types, both),
    ]
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
