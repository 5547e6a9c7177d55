//! Words seen before: what is known of a form is worked out once for as long as it keeps its place.

use pipeline_core::Span;

use super::hash;
use super::sentence::{Item, Kind, word_item};
use super::tags::Tag;
use super::words::{Senses, Words};

/// Places; a power of two. A word has one, shared with others of its hash.
const PLACES: usize = 1 << 13;

/// Places of words with other letters than those of ASCII, which are rare.
const OTHERS: usize = 1 << 8;

/// What is known of words, for those of one model at a time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    /// Which words these are.
    words: u64,
    places: Vec<Known>,
    others: Vec<(u64, Item)>,
    /// Hashes of the words at hand; zero for those with other letters.
    hashes: Vec<u64>,
    lower: String,
}

/// What an item has from its lower-case form: half a line of the cache.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(32))]
struct Known {
    word: u64,
    stem: u64,
    fine: u16,
    coarse: u16,
    senses: Senses,
    ending: [u8; 3],
    tag: Tag,
    is_word: bool,
    sure: bool,
}

impl Known {
    fn of(item: &Item) -> Self {
        let Item { word, stem, fine, coarse, senses, tag, sure, .. } = *item;
        let [ending @ .., _, _, _, _, _] = item.ending.to_le_bytes();
        Self { word, stem, fine, coarse, senses, ending, tag, is_word: item.kind == Kind::Word, sure }
    }

    #[inline]
    fn item(self, span: Span, capital: bool) -> Item {
        let Self { word, stem, fine, coarse, senses, ending: [a, b, c], tag, is_word, sure } = self;
        let kind = if is_word { Kind::Word } else { Kind::Mark };
        let ending = u64::from(u32::from_le_bytes([a, b, c, 0]));
        Item { kind, span, word, stem, fine, coarse, tag, senses, capital, ending, sure }
    }
}

impl Seen {
    /// Makes ready for these words: forgets those of another model.
    pub(crate) fn prepare(&mut self, words: &Words) {
        if self.words != words.identity || self.places.is_empty() {
            self.words = words.identity;
            self.places.clear();
            self.places.resize(PLACES, Known::default());
            self.others.clear();
            self.others.resize(OTHERS, (0, Item::default()));
        }
    }

    /// Finds out which words these tokens are, before [`Self::item`] is asked for them.
    ///
    /// The words are of any length and the memory of what is known of them is far away: one after the other, and
    /// for each token at once, each would wait for the other.
    pub(crate) fn look_at(&mut self, text: &str, tokens: &[Span]) {
        self.hashes.clear();
        self.hashes
            .extend(tokens.iter().map(|token| hash::of_ascii(text.as_bytes(), token.range()).unwrap_or(0)));
    }

    /// The item of a token, by its number among those looked at.
    #[inline]
    pub(crate) fn item(&mut self, text: &str, (number, span): (usize, Span), words: &Words) -> Item {
        let word = self.hashes[number];
        if word == 0 {
            return self.other(text, span, words);
        }
        let place = &mut self.places[(word >> 20) as usize & (PLACES - 1)];
        if place.word != word {
            *place = Known::of(&word_item(text, span, words, &mut self.lower));
        }
        let capital = text.as_bytes().get(span.start as usize).is_some_and(u8::is_ascii_uppercase);
        place.item(span, capital)
    }

    fn other(&mut self, text: &str, span: Span, words: &Words) -> Item {
        let form = hash::bytes(&text.as_bytes()[span.range()]) | 1;
        let place = &mut self.others[(form >> 20) as usize & (OTHERS - 1)];
        if place.0 != form {
            *place = (form, word_item(text, span, words, &mut self.lower));
        }
        Item { span, ..place.1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_comes_back_as_it_was_and_another_model_has_its_own() {
        let text = "Visits visits Visits \u{c9}tat";
        let spans = [Span::new(0, 6), Span::new(7, 13), Span::new(14, 20)];
        let (mut seen, mut known) = (Seen::default(), Words::default());
        seen.prepare(&known);
        seen.look_at(text, &spans);
        let before = [0, 1, 2].map(|at| seen.item(text, (at, spans[at]), &known));
        assert_eq!(
            (before[0].word, before[0].stem, before[0].capital),
            (before[2].word, before[2].stem, true)
        );
        assert_eq!((before[1].capital, before[2].span), (false, spans[2]));
        assert_eq!(
            (before[1].word, before[1].ending),
            (before[0].word, u64::from_be_bytes(*b"\0\0\0\0\0its"))
        );
        let span = Span::new(21, 26);
        seen.look_at(text, &[span]);
        let other = [(); 2].map(|()| seen.item(text, (0, span), &known));
        assert_eq!((other[0].word, other[1].capital), (hash::lower("\u{e9}tat"), true));
        known.add_lexicon("visits.v\tvisit");
        known.identity = 1;
        seen.prepare(&known);
        seen.look_at(text, &spans);
        assert_eq!((before[0].senses[0], seen.item(text, (0, spans[0]), &known).senses[0]), (0, 1));
    }
}
