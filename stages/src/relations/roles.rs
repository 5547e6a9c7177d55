//! How a name stands to a word that may state a relation.

use super::hash;
use super::phrases::{Joint, Phrase, PhraseKind, Voice};
use super::sentence::{Mention, Sentence};

/// Longest path between phrases that is spelt out.
const SPELT: usize = 6;

/// Two views of how a name stands to a word: the whole path, and the path without what can be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Role {
    pub fine: u64,
    pub coarse: u64,
}

/// The role of `mention` towards item `word` of phrase `at`.
pub(crate) fn role(sentence: &Sentence, mention: &Mention, at: usize, word: usize) -> Role {
    let place = place_of(sentence, mention);
    if mention.phrase == at {
        let order = u64::from(mention.item < word);
        let gap = mention.item.abs_diff(word).min(3) as u64;
        let head = u64::from(sentence.phrases[at].head == word);
        return Role {
            fine: hash::sequence(&[1, order, gap, head]),
            coarse: hash::sequence(&[2, order, head]),
        };
    }
    let phrases = &sentence.phrases;
    let (before, between) = if mention.phrase < at {
        (1, &phrases[(mention.phrase_group.1 + 1).min(at)..at])
    } else {
        (0, &phrases[at + 1..mention.phrase_group.0.max(at + 1)])
    };
    let voice = phrases[at].code;
    Role {
        fine: spell(&[3, before, place, voice], between),
        coarse: reduced(&[4, before, place, voice], between),
    }
}

/// Whether the name is the head of its phrase, stands before it, or is its possessor.
fn place_of(sentence: &Sentence, mention: &Mention) -> u64 {
    let phrase = &sentence.phrases[mention.phrase];
    match phrase.kind {
        PhraseKind::Noun { genitive } if phrase.head == mention.item => u64::from(genitive),
        PhraseKind::Noun { genitive } => 2 + u64::from(genitive),
        _ => 4,
    }
}

fn spell(start: &[u64], between: &[Phrase]) -> u64 {
    let head = hash::sequence(start);
    if between.len() > SPELT {
        let ends = between[..2].iter().chain(&between[between.len() - 2..]);
        return ends.fold(hash::join(head, 99), |h, p| hash::join(h, p.code));
    }
    between.iter().fold(head, |h, p| hash::join(h, p.code))
}

/// The path without prepositional phrases, adverbial commas and what stands between a pair of commas.
fn reduced(start: &[u64], between: &[Phrase]) -> u64 {
    let mut hash = hash::sequence(start);
    let mut at = 0;
    let mut kept = 0;
    while at < between.len() && kept < SPELT {
        let phrase = &between[at];
        let noun_next = between.get(at + 1).is_some_and(|p| matches!(p.kind, PhraseKind::Noun { .. }));
        if phrase.joint == Joint::Preposition && noun_next && start[1] == 1 {
            at += 2;
            continue;
        }
        if let Some(close) = parenthesis(between, at) {
            at = close + 1;
            continue;
        }
        hash = hash::join(hash, phrase.code);
        kept += 1;
        at += 1;
    }
    hash
}

/// Where the comma or bracket opened at `at` closes, with no finite verb in between.
fn parenthesis(between: &[Phrase], at: usize) -> Option<usize> {
    if between[at].joint != Joint::Comma {
        return None;
    }
    for (offset, phrase) in between[at + 1..].iter().enumerate() {
        if phrase.joint == Joint::Comma {
            return Some(at + 1 + offset);
        }
        if matches!(phrase.kind, PhraseKind::Verb(Voice::Active | Voice::Passive | Voice::Copula)) {
            return None;
        }
    }
    None
}

/// A role in parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct View {
    /// How the name stands in its phrase.
    pub place: u64,
    /// Name before (1) or after (0) the word, in the same phrase (2, 3).
    pub order: u64,
    /// Phrases between, in steps.
    pub distance: u64,
    /// The joining word next to the name.
    pub nearest: u64,
    /// Code of the phrase between that is next to the word, and next to the name.
    pub first: u64,
    pub last: u64,
    pub verbs: u64,
    pub commas: u64,
    pub names: u64,
}

/// Class of the head noun of a name's phrase where the name is not the head; zero where it is.
pub(crate) fn head(sentence: &Sentence, mention: &Mention) -> u64 {
    let phrase = &sentence.phrases[mention.phrase];
    if phrase.head == mention.item { 0 } else { 1 + u64::from(sentence.items[phrase.head].fine) }
}

/// The parts of the role of `mention` towards item `word` of phrase `at`.
pub(crate) fn view(sentence: &Sentence, mention: &Mention, at: usize, word: usize) -> View {
    let phrases = &sentence.phrases;
    let place = place_of(sentence, mention);
    if mention.phrase == at {
        let order = 2 + u64::from(mention.item < word);
        let gap = mention.item.abs_diff(word) as u64;
        return View {
            place,
            order,
            distance: gap.min(5),
            nearest: 0,
            first: 0,
            last: 0,
            verbs: 0,
            commas: 0,
            names: 0,
        };
    }
    let before = mention.phrase < at;
    let between = if before {
        &phrases[(mention.phrase_group.1 + 1).min(at)..at]
    } else {
        &phrases[at + 1..mention.phrase_group.0.max(at + 1)]
    };
    let (near_name, near_word) =
        if before { (between.first(), between.last()) } else { (between.last(), between.first()) };
    let preposition =
        phrases[..mention.phrase_group.0].last().filter(|p| p.kind == PhraseKind::Word).map_or(0, |p| p.code);
    let (mut verbs, mut commas, mut names) = (0, 0, 0);
    for phrase in between {
        verbs += u64::from(matches!(phrase.kind, PhraseKind::Verb(_)));
        commas += u64::from(phrase.joint == Joint::Comma);
        names += u64::from(phrase.named);
    }
    View {
        place,
        order: u64::from(before),
        distance: match between.len() {
            n @ 0..=4 => n as u64,
            5..=6 => 5,
            7..=9 => 6,
            _ => 7,
        },
        nearest: preposition,
        first: near_word.map_or(0, |p| p.code),
        last: near_name.map_or(0, |p| p.code),
        verbs: verbs.min(3),
        commas: commas.min(3),
        names: names.min(3),
    }
}
