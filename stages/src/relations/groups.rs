//! The shape of a sentence without a parse: tags of words, enumerations of names, bracketed short forms.

use super::sentence::{Item, Kind, Mention};
use super::tags::Tag;

/// Finds enumerations ("A, B and C") and bracketed short forms.
pub(crate) fn group(items: &mut [Item], mentions: &mut [Mention]) {
    mark_aliases(items, mentions);
    let mut first = 0;
    while first < mentions.len() {
        let last = enumeration(items, mentions, first);
        if last > first {
            let group = (mentions[first].item, mentions[last].item);
            for mention in &mut mentions[first..=last] {
                mention.group = group;
            }
        }
        first = last + 1;
    }
}

fn mark_aliases(items: &[Item], mentions: &mut [Mention]) {
    for mention in mentions.iter_mut() {
        let at = mention.item;
        mention.alias = at >= 2
            && items[at - 1].tag == Tag::Open
            && items[at - 2].tag == Tag::Name
            && items.get(at + 1).is_some_and(|item| item.tag == Tag::Close);
    }
}

/// The last mention of the enumeration that starts at mention `first`: commas and at least one conjunction
/// between names of alike types.
fn enumeration(items: &[Item], mentions: &[Mention], first: usize) -> usize {
    let mut last = first;
    let mut sealed = first;
    for next in first + 1..mentions.len() {
        if !alike(&mentions[first], &mentions[next]) {
            break;
        }
        let Some(conjunction) = joins(&items[mentions[last].item + 1..mentions[next].item]) else { break };
        last = next;
        if conjunction {
            sealed = next;
        }
    }
    sealed
}

fn alike(a: &Mention, b: &Mention) -> bool {
    use super::types::NameType::{Gpe, Loc, Norp, Org};
    let state = |m: &Mention| matches!(m.kind, Gpe | Norp | Org);
    let place = |m: &Mention| matches!(m.kind, Gpe | Loc);
    a.kind == b.kind || (state(a) && state(b)) || (place(a) && place(b))
}

/// Whether the items between two names join them in an enumeration, and if so whether by a conjunction.
fn joins(between: &[Item]) -> Option<bool> {
    let mut conjunction = false;
    let mut any = false;
    for item in between {
        match (item.kind, item.tag) {
            (_, Tag::Conj) => conjunction = true,
            (_, Tag::Comma) => {}
            (Kind::Word, Tag::Det) if any => {}
            _ => return None,
        }
        any = true;
    }
    any.then_some(conjunction)
}

#[cfg(test)]
mod tests {
    use super::super::sentence::Sentence;
    use super::super::types::NameType;

    #[test]
    fn an_enumeration_is_one_group() {
        let names = [("Ostia", NameType::Gpe), ("Velden", NameType::Gpe), ("Marrow", NameType::Gpe)];
        let row = Sentence::of("Ostia, Velden and Marrow agreed.", &names);
        assert!(row.mentions.iter().all(|m| m.group == (row.mentions[0].item, row.mentions[2].item)));
    }

    #[test]
    fn a_chain_of_places_is_none() {
        let row = Sentence::of(
            "It rained in Ostia, Velden.",
            &[("Ostia", NameType::Gpe), ("Velden", NameType::Gpe)],
        );
        assert!(row.mentions.iter().all(|m| m.group == (m.item, m.item)));
    }

    #[test]
    fn a_short_form_in_brackets_is_known_as_one() {
        let row = Sentence::of(
            "The Harbour Union (HU) struck.",
            &[("Harbour Union", NameType::Org), ("HU", NameType::Org)],
        );
        assert_eq!(row.mentions.iter().map(|m| m.alias).collect::<Vec<_>>(), [false, true]);
    }
}
