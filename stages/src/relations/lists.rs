//! "The states of A: B, C and D", "towns in A, including B and C": a list after a plural noun of places says that
//! each of its names lies in A. It is too rare for the model to learn, and hardly ever means anything else.

use std::sync::LazyLock;

use super::Relation;
use super::hash;
use super::sentence::{Item, Kind, Mention, Sentence};
use super::tags::Tag;
use super::types::NameType;

/// The label that is given.
const LABEL: &str = "located_in";

/// Its score: of four in five such lists the guide says the same.
const SCORE: f32 = 0.8;

/// Words at most between the noun and what opens the list.
const REACH: usize = 12;

/// Names of a list at least.
const LEAST: usize = 2;

static PLACES: LazyLock<Vec<u64>> = LazyLock::new(|| {
    hashes("states provinces cities towns villages districts regions counties islands municipalities suburbs")
});
static IN: LazyLock<Vec<u64>> = LazyLock::new(|| hashes("of in"));
static OPENERS: LazyLock<Vec<u64>> = LazyLock::new(|| hashes(": including namely"));

fn hashes(words: &str) -> Vec<u64> {
    words.split(' ').map(hash::lower).collect()
}

/// Adds the relations of such a list to `out`, whose part from `start` on is of this sentence.
pub(crate) fn lists(sentence: &Sentence, labels: &[String], start: usize, out: &mut Vec<Relation>) {
    if sentence.mentions.len() <= LEAST {
        return;
    }
    let Some(label) = labels.iter().position(|label| label == LABEL) else { return };
    let label = u16::try_from(label).unwrap_or(0);
    for whole in sentence.mentions.iter().filter(|m| is_place(m)) {
        let Some(noun) = noun_of(sentence, whole) else { continue };
        let Some(list) = list_after(sentence, noun, whole) else { continue };
        let trigger = sentence.items[noun].span;
        for part in list.iter().filter(|part| is_place(part)) {
            let known =
                |r: &Relation| [(r.head, r.tail), (r.tail, r.head)].contains(&(part.entity, whole.entity));
            if !out[start..].iter().any(known) {
                out.push(Relation { head: part.entity, tail: whole.entity, label, score: SCORE, trigger });
            }
        }
    }
}

fn is_place(mention: &Mention) -> bool {
    matches!(mention.kind, NameType::Gpe | NameType::Loc)
}

/// The item of the plural noun: "A states", "A's northern states", "states of A".
fn noun_of(sentence: &Sentence, whole: &Mention) -> Option<usize> {
    let items = &sentence.items;
    let plural = |at: &usize| items.get(*at).is_some_and(|item| PLACES.contains(&item.word));
    let inner = |at: &usize| matches!(items[*at].tag, Tag::Possessive | Tag::Adj | Tag::Noun);
    let after = (whole.item + 1..items.len()).take(3);
    let before = whole.item.checked_sub(1).filter(|&at| items[at].tag == Tag::Det).unwrap_or(whole.item);
    after.take_while(|at| inner(at)).find(plural).or_else(|| {
        let noun = before.checked_sub(2)?;
        (plural(&noun) && IN.contains(&items[before - 1].word)).then_some(noun)
    })
}

/// The enumeration that is opened after the noun, with no other name in between but the one it belongs to.
fn list_after<'s>(sentence: &'s Sentence, noun: usize, whole: &Mention) -> Option<&'s [Mention]> {
    let items = &sentence.items;
    let opens = |&at: &usize| OPENERS.contains(&items[at].word) || is_such_as(items, at);
    let open = (noun + 1..items.len().min(noun + REACH)).find(opens)?;
    let first = sentence.mentions.partition_point(|m| m.item <= open);
    let group = sentence.mentions.get(first).filter(|m| m.item <= open + 2)?.group;
    let count = sentence.mentions[first..].iter().take_while(|m| m.group == group).count();
    let stranger = |at: usize| at != whole.item && matches!(items[at].kind, Kind::Name(_));
    let alone = !(noun + 1..open).any(stranger);
    (count >= LEAST && alone).then(|| &sentence.mentions[first..first + count])
}

fn is_such_as(items: &[Item], at: usize) -> bool {
    static SUCH_AS: LazyLock<[u64; 2]> = LazyLock::new(|| [hash::lower("such"), hash::lower("as")]);
    at > 0 && [items[at - 1].word, items[at].word] == *SUCH_AS
}

#[cfg(test)]
mod tests {
    use super::super::types::NameType::{Gpe, Norp};
    use super::*;

    /// The pairs given, part before whole.
    fn found(text: &str, names: &[(&str, NameType)]) -> Vec<(u32, u32)> {
        let mut out = Vec::new();
        lists(&Sentence::of(text, names), &[LABEL.to_owned()], 0, &mut out);
        out.iter().map(|r| (r.head, r.tail)).collect()
    }

    #[test]
    fn a_list_of_states_lies_in_the_country() {
        let names = [("Zaria", Gpe), ("Lund", Gpe), ("Ostia", Gpe), ("Velden", Gpe)];
        let after_colon = "Zaria states where it rained: Lund, Ostia and Velden.";
        assert_eq!(found(after_colon, &names), [(1, 0), (2, 0), (3, 0)]);
        let such_as = "It rained in the towns of Zaria, such as Lund, Ostia and Velden.";
        assert_eq!(found(such_as, &names), [(1, 0), (2, 0), (3, 0)]);
    }

    #[test]
    fn a_list_of_anything_else_does_not() {
        let names = [("Zaria", Gpe), ("Lund", Gpe), ("Ostia", Gpe)];
        assert!(found("Zaria exports to states it likes, Lund and Ostia.", &names).is_empty());
        assert!(found("Zaria has rivals: Lund and Ostia.", &names).is_empty());
        let people = [("Zarian", Norp), ("Lund", Gpe), ("Ostia", Gpe)];
        assert!(found("Zarian states such as Lund and Ostia.", &people).is_empty());
    }
}
