//! Names in text: who, where, what.

mod cluster;
mod decode;
mod document;
mod features;
mod gazetteer;
mod lanes;
mod lessons;
mod lexicon;
mod margin;
mod page;
mod passes;
pub mod recipe;
mod rows;
mod scheme;
mod school;
mod stage;
mod table;
mod tables;
mod tagger;
pub mod train;
pub mod values;
mod vectors;
mod words;

use pipeline_core::Span;

pub use cluster::Joiner;
pub use lexicon::{Lexicon, LexiconBuilder};
pub use stage::EntitiesStage;
pub use tagger::{Scratch, Tagger};

/// The kind of model file this stage takes.
pub const KIND: &str = "entities";

/// The tokenizer that models must have been trained with.
const TOKENIZER: Option<u32> = Some(crate::tokenize::VERSION);

/// A name found in a text.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Entity {
    /// Where it stands.
    pub span: Span,
    /// Its type, an index into [`Tagger::labels`].
    pub label: u16,
    /// How probable it is that this name stands here, 0 to 1.
    pub score: f32,
    /// Names of one thing in a document share this number.
    pub cluster: u32,
}
