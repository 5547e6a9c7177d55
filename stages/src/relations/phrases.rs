//! Phrases without a parse: a sentence's items as a row of noun phrases, verb groups and the small words that
//! join them.

use std::sync::LazyLock;

use super::hash;
use super::sentence::{Item, Kind, Mention};
use super::stem::stem_hash;
use super::tags::Tag;

/// What a phrase is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PhraseKind {
    /// A noun phrase; in the genitive when `'s` or an apostrophe follows.
    Noun { genitive: bool },
    /// A verb with its auxiliaries.
    Verb(Voice),
    /// A word that joins phrases, standing for itself.
    Word,
    /// Anything else.
    Mark,
}

/// Form of a verb group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Voice {
    Active,
    Passive,
    Infinitive,
    Gerund,
    Participle,
    Copula,
}

/// What a small word joins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Joint {
    None,
    Preposition,
    Comma,
}

/// A stretch of items.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Phrase {
    pub kind: PhraseKind,
    /// First and last item.
    pub first: usize,
    pub last: usize,
    /// The item that stands for it.
    pub head: usize,
    /// A verb negated.
    pub negated: bool,
    /// A verb under a modal.
    pub modal: bool,
    /// A noun phrase with a name in it.
    pub named: bool,
    /// A preposition that may open an adverbial, or a comma.
    pub joint: Joint,
    /// Short stand-in for skeletons of paths.
    pub code: u64,
}

/// Cuts the items into phrases.
pub(crate) fn cut(items: &[Item], phrases: &mut Vec<Phrase>) {
    phrases.clear();
    let mut at = 0;
    while at < items.len() {
        let next = noun_phrase(items, at, phrases)
            .or_else(|| verb_group(items, at, phrases))
            .unwrap_or_else(|| single(items, at, phrases));
        at = next;
    }
    for phrase in phrases.iter_mut() {
        phrase.code = code(phrase, items);
    }
}

fn code(phrase: &Phrase, items: &[Item]) -> u64 {
    match phrase.kind {
        PhraseKind::Noun { genitive } => 10 + u64::from(genitive) + 2 * u64::from(phrase.named),
        PhraseKind::Verb(voice) => 20 + voice as u64,
        PhraseKind::Word => items[phrase.head].stem,
        PhraseKind::Mark => 40 + items[phrase.head].tag as u64,
    }
}

fn noun_phrase(items: &[Item], start: usize, phrases: &mut Vec<Phrase>) -> Option<usize> {
    let mut end = start;
    let mut head = None;
    let mut named = false;
    while end < items.len() {
        let tag = items[end].tag;
        let opens = matches!(tag, Tag::Det | Tag::PossPron);
        if opens && end > start {
            break;
        }
        if tag == Tag::Pron && end == start {
            head = Some(end);
            end += 1;
            break;
        }
        if tag.is_nominal() || inner(items, start, end) {
            if matches!(tag, Tag::Noun | Tag::Name | Tag::Num) || head.is_none() {
                head = Some(end);
            }
            named |= tag == Tag::Name;
            end += 1;
        } else if tag == Tag::Open && named && alias(items, end) {
            end += 3;
        } else {
            break;
        }
    }
    let head = head.filter(|_| end > start)?;
    let genitive = items.get(end).is_some_and(|i| i.tag == Tag::Possessive);
    phrases.push(Phrase {
        kind: PhraseKind::Noun { genitive },
        first: start,
        last: end - 1,
        head,
        negated: false,
        modal: false,
        named,
        joint: Joint::None,
        code: 0,
    });
    Some(end + usize::from(genitive))
}

fn alias(items: &[Item], open: usize) -> bool {
    items.get(open + 1).is_some_and(|i| i.tag == Tag::Name)
        && items.get(open + 2).is_some_and(|i| i.tag == Tag::Close)
}

/// Participles, adverbs and hyphens inside a noun phrase.
fn inner(items: &[Item], start: usize, at: usize) -> bool {
    let next = items.get(at + 1).map(|i| i.tag);
    let nominal_next = matches!(next, Some(Tag::Noun | Tag::Adj | Tag::Name | Tag::Num));
    match items[at].tag {
        Tag::Participle | Tag::Gerund => at > start && nominal_next && items[at - 1].tag != Tag::Name,
        Tag::Adv => at > start && matches!(next, Some(Tag::Adj | Tag::Num | Tag::Participle)),
        Tag::Other => {
            items[at].kind == Kind::Mark
                && at > start
                && next.is_some_and(|t| t.is_nominal() || t.is_verbal())
        }
        Tag::Quote => nominal_next && at > start && !matches!(items[at - 1].tag, Tag::Noun | Tag::Name),
        _ => false,
    }
}

fn verb_group(items: &[Item], start: usize, phrases: &mut Vec<Phrase>) -> Option<usize> {
    let mut end = start;
    let mut head = None;
    let (mut negated, mut modal, mut be, mut aux, mut to) = (false, false, false, false, false);
    while let Some(item) = items.get(end) {
        match item.tag {
            Tag::To if end == start => to = true,
            Tag::Aux => {
                let form = item.word;
                be |= BE.contains(&form);
                modal |= MODALS.contains(&form);
                aux = true;
            }
            Tag::Not => negated = true,
            Tag::Adv if end > start => {}
            tag if tag.is_verbal() => {
                head = Some(end);
                end += 1;
                break;
            }
            _ => break,
        }
        end += 1;
    }
    let voice = match head.map(|h| items[h].tag) {
        Some(_) if to => Voice::Infinitive,
        Some(Tag::Participle) if be => Voice::Passive,
        Some(Tag::Participle) if !aux => Voice::Participle,
        Some(Tag::Gerund) if !aux => Voice::Gerund,
        Some(_) => Voice::Active,
        None if aux => Voice::Copula,
        None => return None,
    };
    let head = head.unwrap_or(end - 1);
    phrases.push(Phrase {
        kind: PhraseKind::Verb(voice),
        first: start,
        last: end - 1,
        head,
        negated,
        modal,
        named: false,
        joint: Joint::None,
        code: 0,
    });
    Some(end)
}

static BE: LazyLock<Vec<u64>> = LazyLock::new(|| hashes("is are was were be been being 's 're"));
static MODALS: LazyLock<Vec<u64>> = LazyLock::new(|| hashes("may might could would should can must"));
static ADVERBIAL: LazyLock<Vec<u64>> = LazyLock::new(|| {
    ["in", "on", "at", "of", "for", "with", "from", "after", "during", "near"].map(stem_hash).to_vec()
});

fn hashes(words: &str) -> Vec<u64> {
    words.split(' ').map(hash::lower).collect()
}

fn single(items: &[Item], at: usize, phrases: &mut Vec<Phrase>) -> usize {
    let kind = match items[at].tag {
        Tag::Adv | Tag::Quote | Tag::Not => return at + 1,
        Tag::Adp | Tag::Sub | Tag::Rel | Tag::Conj | Tag::To | Tag::Comma | Tag::Pron => PhraseKind::Word,
        _ => PhraseKind::Mark,
    };
    let joint = match items[at].tag {
        Tag::Comma => Joint::Comma,
        Tag::Adp if ADVERBIAL.contains(&items[at].stem) => Joint::Preposition,
        _ => Joint::None,
    };
    phrases.push(Phrase {
        kind,
        first: at,
        last: at,
        head: at,
        negated: false,
        modal: false,
        named: false,
        joint,
        code: 0,
    });
    at + 1
}

/// The phrase that each mention stands in, and the first and last phrase of its enumeration.
pub(crate) fn place(mentions: &mut [Mention], phrases: &[Phrase]) {
    let find = |item: usize| phrases.partition_point(|p| p.last < item).min(phrases.len().saturating_sub(1));
    for mention in mentions {
        mention.phrase = find(mention.item);
        mention.phrase_group = (find(mention.group.0), find(mention.group.1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pipeline_core::Span;

    fn row(tags: &[Tag]) -> Vec<Item> {
        tags.iter()
            .map(|&tag| {
                let word = if tag == Tag::Aux { hash::lower("was") } else { tag as u64 };
                let kind = if tag == Tag::Name { Kind::Name(0) } else { Kind::Word };
                let span = Span::new(0, 1);
                let (fine, coarse, ending, capital, sure) = (0, 0, 0, false, true);
                Item {
                    kind,
                    span,
                    word,
                    stem: word,
                    fine,
                    coarse,
                    tag,
                    senses: [0; 4],
                    capital,
                    ending,
                    sure,
                }
            })
            .collect()
    }

    fn kinds(tags: &[Tag]) -> Vec<PhraseKind> {
        let mut phrases = Vec::new();
        cut(&row(tags), &mut phrases);
        phrases.iter().map(|p| p.kind).collect()
    }

    #[test]
    fn a_passive_clause_falls_into_phrases() {
        use PhraseKind::{Noun, Verb, Word};
        let clause =
            [Tag::Det, Tag::Adj, Tag::Noun, Tag::Aux, Tag::Adv, Tag::Participle, Tag::Adp, Tag::Name];
        let noun = Noun { genitive: false };
        assert_eq!(kinds(&clause), [noun, Verb(Voice::Passive), Word, noun]);
    }

    #[test]
    fn a_genitive_parts_two_noun_phrases() {
        let phrase = [Tag::Name, Tag::Possessive, Tag::Noun];
        assert_eq!(
            kinds(&phrase),
            [PhraseKind::Noun { genitive: true }, PhraseKind::Noun { genitive: false }]
        );
    }

    #[test]
    fn to_makes_an_infinitive_and_ing_alone_a_gerund() {
        assert_eq!(kinds(&[Tag::To, Tag::Verb]), [PhraseKind::Verb(Voice::Infinitive)]);
        assert_eq!(kinds(&[Tag::Comma, Tag::Gerund])[1], PhraseKind::Verb(Voice::Gerund));
    }
}
