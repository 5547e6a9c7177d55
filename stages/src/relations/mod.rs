//! Typed, directed relations between the names of a sentence, with the words that state them and a score.
//!
//! A sentence becomes a row of items, names masked by their type (`sentence`); phrases and enumerations are
//! found without a parse (`phrases`, `groups`). For each pair of names whose types may relate, a small model
//! (`scorer`) weighs the words around and between them, and each word that may state a relation by how both
//! names stand to it (`candidates`, `roles`). [`train`] learns it; the same features serve both.

mod cache;
mod candidates;
mod claims;
mod columns;
mod extractor;
mod features;
mod first_look;
mod groups;
mod hash;
mod index;
mod labels;
mod lists;
mod output;
mod phrases;
mod processor;
mod roles;
mod scorer;
mod seen;
mod sentence;
mod spread;
mod stage;
mod stem;
mod table;
mod tagger;
mod tags;
pub mod train;
mod trigger;
mod types;
mod words;

use pipeline_core::Span;

pub use extractor::{Extractor, Scratch};
pub use stage::RelationsStage;
pub use types::{NameType, SYMMETRIC, is_symmetric};

/// The kind of model file this stage reads.
pub const KIND: &str = "relations";

/// A name that may take part in relations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name {
    /// Where it stands.
    pub span: Span,
    /// Its type; `None` takes no part. [`NameType::of_label`] gives it for a tagger's label.
    pub kind: Option<NameType>,
}

/// A relation found: `head` label `tail`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Relation {
    /// Index into the names given.
    pub head: u32,
    /// Index into the names given; for a symmetric relation the later of the two.
    pub tail: u32,
    /// Index into [`Extractor::labels`].
    pub label: u16,
    /// Estimated probability that it is right.
    pub score: f32,
    /// The shortest words that state it; [`Span::NONE`] when none do.
    pub trigger: Span,
}
