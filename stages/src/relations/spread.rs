//! What is said of one name of an enumeration is said of all: "A visited B, C and D" is three visits.

use super::sentence::{Mention, Sentence};
use super::{Relation, is_symmetric};

/// Certainty of a relation that was handed on, as a share of that of the one it comes from.
const SHARE: f32 = 0.9;

/// Mentions of one relation of a sentence, in text order.
pub(crate) type Pair = (usize, usize);

/// Hands the relations of a sentence, `out` from `start` on, on to the other names of the enumerations that their
/// ends stand in. `pairs` are their mentions, and grow along.
pub(crate) fn spread(
    sentence: &Sentence,
    labels: &[String],
    pairs: &mut Vec<Pair>,
    start: usize,
    out: &mut Vec<Relation>,
) {
    let mut at = 0;
    while at < pairs.len() {
        let (first, second) = pairs[at];
        for (kept, moved) in [(first, second), (second, first)] {
            for other in siblings(&sentence.mentions, kept, moved) {
                let pair = (kept.min(other), kept.max(other));
                if !pairs.contains(&pair) {
                    pairs.push(pair);
                    out.push(moved_to(&sentence.mentions, labels, &out[start + at], moved, other));
                }
            }
        }
        at += 1;
    }
}

/// The other names of the enumeration of `moved`, of its type; none where `kept` stands in the same one.
fn siblings(mentions: &[Mention], kept: usize, moved: usize) -> impl Iterator<Item = usize> + '_ {
    let (group, kind) = (mentions[moved].group, mentions[moved].kind);
    let apart = mentions[kept].group != group && group.0 != group.1;
    let alike = move |&other: &usize| {
        other != moved && mentions[other].group == group && mentions[other].kind == kind
    };
    (0..if apart { mentions.len() } else { 0 }).filter(alike)
}

fn moved_to(mentions: &[Mention], labels: &[String], from: &Relation, moved: usize, to: usize) -> Relation {
    let (old, new) = (mentions[moved].entity, mentions[to].entity);
    let end = |entity: u32| if entity == old { new } else { entity };
    let (mut head, mut tail) = (end(from.head), end(from.tail));
    let symmetric = labels.get(usize::from(from.label)).is_some_and(|label| is_symmetric(label));
    if symmetric && head > tail {
        (head, tail) = (tail, head);
    }
    Relation { head, tail, score: from.score * SHARE, ..*from }
}
