//! A sentence as the relation model sees it: a row of words and names, names masked by their type.

use pipeline_core::Span;

use super::hash;
use super::phrases::{self, Phrase};
use super::seen::Seen;
use super::stem::stem_hash;
use super::tags::Tag;
use super::types::NameType;
use super::words::{Senses, Words};

/// What an item is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A name, by its index among the names of the sentence.
    Name(u16),
    /// A word.
    #[default]
    Word,
    /// Punctuation.
    Mark,
}

/// A word, a mark or a whole name.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Item {
    pub kind: Kind,
    pub span: Span,
    /// Hash of the lower-case form; of the type for a name.
    pub word: u64,
    /// Hash of the stem.
    pub stem: u64,
    /// Classes by distribution.
    pub fine: u16,
    pub coarse: u16,
    /// Part of speech.
    pub tag: Tag,
    pub senses: Senses,
    pub capital: bool,
    /// Last three bytes of the lower-case form.
    pub ending: u64,
    /// Whether the form alone settles the tag.
    pub sure: bool,
}

/// A name of the sentence and where it stands among the items.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mention {
    /// Index among the document's names.
    pub entity: u32,
    pub kind: NameType,
    /// Its item.
    pub item: usize,
    /// First and last item of the enumeration it belongs to; its own item when it stands alone.
    pub group: (usize, usize),
    /// Hash of its last word, with its class.
    pub last: u64,
    pub last_class: u16,
    /// A sense of its words, the last one's first; zero: none.
    pub sense: u8,
    /// Hash of the whole.
    pub whole: u64,
    /// In brackets after another name, as its short form.
    pub alias: bool,
    /// Its phrase, and the first and last phrase of its enumeration.
    pub phrase: usize,
    pub phrase_group: (usize, usize),
}

/// The row of one sentence.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sentence {
    pub items: Vec<Item>,
    pub mentions: Vec<Mention>,
    pub phrases: Vec<Phrase>,
    seen: Seen,
}

impl Sentence {
    /// Fills the row from the tokens and names of one sentence, but for what [`Self::shape`] adds.
    pub(crate) fn read(
        &mut self,
        text: &str,
        tokens: &[Span],
        names: &[(u32, Span, NameType)],
        words: &Words,
    ) {
        self.items.clear();
        self.mentions.clear();
        let mut next = 0;
        let mut covered = 0;
        let mut seen = std::mem::take(&mut self.seen);
        seen.prepare(words);
        let tokens = &tokens[near(tokens, names)];
        seen.look_at(text, tokens);
        for (number, &token) in tokens.iter().enumerate() {
            while next < names.len() && names[next].1.end <= token.start {
                next += 1;
            }
            if let Some(&(entity, span, kind)) = names.get(next)
                && span.overlaps(token)
            {
                let word = seen.item(text, (number, token), words);
                self.name_token(word, (entity, span, kind), &mut covered);
                continue;
            }
            self.items.push(seen.item(text, (number, token), words));
        }
        self.seen = seen;
    }

    /// Tags the words and finds phrases and enumerations.
    pub(crate) fn shape(&mut self, words: &Words) {
        words.tagger.tag(&mut self.items);
        super::groups::group(&mut self.items, &mut self.mentions);
        phrases::cut(&self.items, &mut self.phrases);
        phrases::place(&mut self.mentions, &self.phrases);
    }

    fn name_token(&mut self, word: Item, (entity, span, kind): (u32, Span, NameType), covered: &mut u32) {
        if *covered == span.end && self.mentions.last().is_some_and(|m| m.entity == entity) {
            if let Some(mention) = self.mentions.last_mut() {
                mention.last = word.word;
                mention.last_class = word.fine;
                if word.senses[0] != 0 {
                    mention.sense = word.senses[0];
                }
                mention.whole = hash::join(mention.whole, word.word);
            }
            return;
        }
        *covered = span.end;
        let item = self.items.len();
        let index = u16::try_from(self.mentions.len()).unwrap_or(u16::MAX);
        self.mentions.push(Mention {
            entity,
            kind,
            item,
            group: (item, item),
            last: word.word,
            last_class: word.fine,
            sense: word.senses[0],
            whole: word.word,
            alias: false,
            phrase: 0,
            phrase_group: (0, 0),
        });
        self.items.push(Item {
            kind: Kind::Name(index),
            span,
            word: hash::sequence(&[1, kind as u64]),
            stem: hash::sequence(&[1, kind as u64]),
            tag: Tag::Name,
            senses: Senses::default(),
            fine: 0,
            coarse: 0,
            capital: true,
            ending: 0,
            sure: true,
        });
    }
}

/// Words before the first name and after the last that are looked at.
const MARGIN: usize = 18;

/// The tokens that may matter to the names.
fn near(tokens: &[Span], names: &[(u32, Span, NameType)]) -> std::ops::Range<usize> {
    let (Some(first), Some(last)) = (names.first(), names.last()) else { return 0..0 };
    let from = tokens.partition_point(|t| t.end <= first.1.start);
    let to = tokens.partition_point(|t| t.start < last.1.end);
    from.saturating_sub(MARGIN)..(to + MARGIN).min(tokens.len())
}

pub(crate) fn word_item(text: &str, span: Span, words: &Words, lower: &mut String) -> Item {
    let form = &text[span.range()];
    lower.clear();
    if form.is_ascii() {
        lower.push_str(form);
        lower.make_ascii_lowercase();
    } else {
        lower.extend(form.chars().flat_map(char::to_lowercase));
    }
    let possessive = matches!(lower.as_str(), "'s" | "’s");
    if possessive {
        lower.replace_range(.., "'s");
    }
    let is_word = lower.chars().any(char::is_alphanumeric);
    let word = hash::lower(lower);
    let entry = words.entry(word);
    let stem = if is_word { stem_hash(lower) } else { word };
    let (tag, sure) = if !is_word {
        (Tag::of_mark(lower), true)
    } else if lower.starts_with(|c: char| c.is_ascii_digit()) {
        (Tag::Num, true)
    } else {
        (Tag::of_number(entry.tag), entry.tag != 0)
    };
    let bytes = lower.as_bytes();
    Item {
        kind: if is_word { Kind::Word } else { Kind::Mark },
        span,
        word,
        stem,
        fine: entry.fine,
        coarse: entry.coarse,
        tag,
        sure,
        senses: words.senses(stem),
        capital: form.chars().next().is_some_and(char::is_uppercase),
        ending: bytes[bytes.len().saturating_sub(3)..].iter().fold(0, |e, &b| e << 8 | u64::from(b)),
    }
}

#[cfg(test)]
impl Sentence {
    /// The row of a text of one sentence with these names, tagged by the small words alone.
    pub(crate) fn of(text: &str, names: &[(&str, NameType)]) -> Self {
        let mut tokens = crate::tokenize::Words::default();
        crate::tokenize::Tokenizer::new().run(text, "en", &mut tokens);
        let names: Vec<(u32, Span, NameType)> = names
            .iter()
            .zip(0..)
            .map(|(&(name, kind), number)| {
                let at = text.find(name).expect("in the text") as u32;
                (number, Span::new(at, at + name.len() as u32), kind)
            })
            .collect();
        let mut words = Words::default();
        words.add_small_words();
        let mut row = Self::default();
        row.read(text, &tokens.tokens, &names, &words);
        row.shape(&words);
        row
    }
}
