//! Open relations: who does what to whom, in the words of the text, without a list of relations.
//!
//! A parsed sentence (`tree`) is read clause by clause (`clause`): its predicate with auxiliaries and particles, its
//! subject, also where that is shared, inherited or what a relative clause describes, and its complements (`extract`).
//! What nouns say without a verb comes on top (`nominal`). `score` says how sure each is.

mod clause;
mod complements;
mod context;
mod extract;
pub mod fit;
mod lemma;
mod lexicon;
mod nominal;
mod phrase;
mod roles;
mod score;
mod stage;
mod tags;
#[cfg(test)]
mod tests;
mod tree;

use pipeline_core::Span;

pub use stage::TriplesStage;

/// What was found in a document. Memory is reused from one to the next.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    pub(crate) triples: Vec<Triple>,
    pub(crate) args: Vec<Arg>,
    /// What the score of each triple looked at.
    pub(crate) signs: Vec<score::Signs>,
    /// Predicates, one after the other.
    pub(crate) predicates: String,
}

/// An open relation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Triple {
    pub(crate) subject: Span,
    /// The words that state it; [`Span::NONE`] where none do.
    pub(crate) relation: Span,
    /// [`Span::NONE`] where there is none.
    pub(crate) object: Span,
    /// Where its predicate ends in [`Found::predicates`].
    pub(crate) predicate_end: usize,
    /// Bits, as [`pipeline_core::layers::TRIPLE_FLAGS`] names them.
    pub(crate) flags: u32,
    /// Estimated probability that it is right.
    pub(crate) score: f32,
}

/// A further argument of a triple.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Arg {
    /// Index into [`Found::triples`].
    pub(crate) triple: u32,
    pub(crate) role: roles::Role,
    pub(crate) span: Span,
}

impl Found {
    pub(crate) fn clear(&mut self) {
        self.triples.clear();
        self.args.clear();
        self.signs.clear();
        self.predicates.clear();
    }

    /// Predicate of a triple.
    pub(crate) fn predicate(&self, triple: usize) -> &str {
        let start = triple.checked_sub(1).map_or(0, |before| self.triples[before].predicate_end);
        &self.predicates[start..self.triples[triple].predicate_end]
    }
}

/// Bits of `flags`.
pub(crate) mod flag {
    use pipeline_core::layers::TRIPLE_FLAGS;

    const fn bit(name: &str) -> u32 {
        let mut at = 0;
        while at < TRIPLE_FLAGS.len() {
            if same(TRIPLE_FLAGS[at].as_bytes(), name.as_bytes()) {
                return 1 << at;
            }
            at += 1;
        }
        panic!("a flag that the layer does not have")
    }

    const fn same(a: &[u8], b: &[u8]) -> bool {
        let mut at = 0;
        while at < a.len() && at < b.len() && a[at] == b[at] {
            at += 1;
        }
        a.len() == b.len() && at == a.len()
    }

    pub(crate) const NEGATED: u32 = bit("negated");
    pub(crate) const PASSIVE: u32 = bit("passive");
    pub(crate) const MODAL: u32 = bit("modal");
    pub(crate) const FUTURE: u32 = bit("future");
    pub(crate) const CONDITIONAL: u32 = bit("conditional");
    pub(crate) const ATTRIBUTED: u32 = bit("attributed");
}
