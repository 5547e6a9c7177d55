//! Words seen before: what is known of a form is worked out once for as long as it keeps its place.

use pipeline_core::Span;

use super::hash;
use super::sentence::{Item, word_item};
use super::words::Words;

/// Places; a power of two. A form has one, shared with others of its hash.
const PLACES: usize = 1 << 12;

/// Items by form, for the words of one model at a time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    /// Which words the items are of.
    words: u64,
    places: Vec<(u64, Item)>,
    lower: String,
}

impl Seen {
    /// Makes ready for these words: forgets those of another model.
    pub(crate) fn prepare(&mut self, words: &Words) {
        if self.words != words.identity || self.places.is_empty() {
            self.words = words.identity;
            self.places.clear();
            self.places.resize(PLACES, (0, Item::default()));
        }
    }

    /// The item of a token.
    pub(crate) fn item(&mut self, text: &str, span: Span, words: &Words) -> Item {
        let form = hash::bytes(&text.as_bytes()[span.range()]) | 1;
        let place = &mut self.places[(form >> 20) as usize & (PLACES - 1)];
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
        let text = "Visits visits Visits";
        let spans = [Span::new(0, 6), Span::new(7, 13), Span::new(14, 20)];
        let (mut seen, mut known) = (Seen::default(), Words::default());
        seen.prepare(&known);
        let before = spans.map(|span| seen.item(text, span, &known));
        assert_eq!(
            (before[0].word, before[0].stem, before[0].capital),
            (before[2].word, before[2].stem, true)
        );
        assert_eq!((before[1].capital, before[2].span), (false, spans[2]));
        known.add_lexicon("visits.v\tvisit");
        known.identity = 1;
        seen.prepare(&known);
        assert_eq!((before[0].senses[0], seen.item(text, spans[0], &known).senses[0]), (0, 1));
    }
}
