//! Words and sentences.
//!
//! Text is cut at white space into *chunks*. Most chunks are a plain word, with a comma or full stop at most, and
//! are done at once; the others are cut into *atoms* (word boundaries of UAX 29, and at every mark between letters
//! besides), which the rules of the language join into words. Where a sentence might end is noted on the way and
//! decided afterwards.
mod atoms;
mod chars;
mod chunk;
mod hyphens;
mod joins;
mod kind;
mod rules;
mod sentences;
mod stage;
mod web;
mod words;

pub use kind::Kind;
pub use rules::Rules;
pub use stage::TokenizeStage;

use pipeline_core::Span;

/// Version of the words this module makes. Models learnt on other words do not fit.
pub const VERSION: u32 = 1;

/// What a tokenizer makes of a text; reused from text to text.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// Words in text order: disjoint, never empty, without white space inside.
    pub tokens: Vec<Span>,
    /// A [`Kind`] per token, as a number.
    pub kinds: Vec<u8>,
    /// Sentences in text order: disjoint; each begins with a token and ends with one, and all tokens lie in one.
    pub sentences: Vec<Span>,
    candidates: Vec<sentences::Candidate>,
    atoms: Vec<atoms::Atom>,
}

impl Words {
    fn clear(&mut self) {
        self.tokens.clear();
        self.kinds.clear();
        self.sentences.clear();
        self.candidates.clear();
    }
}

/// Cuts text into words and sentences.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tokenizer;

impl Tokenizer {
    /// A tokenizer for all languages. Costs nothing: the rules are read once, when first used.
    #[must_use]
    pub fn new() -> Self {
        Self
    }

    /// Fills `out` with the words and sentences of `text` after the rules of `language` (BCP 47; only the primary
    /// subtag counts; `und` and languages without rules of their own are cut by neutral rules).
    ///
    /// Takes time linear in the length of `text`, which must be shorter than 4 GiB.
    pub fn run(&self, text: &str, language: &str, out: &mut Words) {
        words::tokenize::<true>(text, Rules::of(language), out);
        sentences::split(text, Rules::of(language), out);
    }

    /// The same by the general path alone: the measure of the fast path.
    #[doc(hidden)]
    pub fn run_general(&self, text: &str, language: &str, out: &mut Words) {
        words::tokenize::<false>(text, Rules::of(language), out);
        sentences::split(text, Rules::of(language), out);
    }
}
