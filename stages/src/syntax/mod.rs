//! Part of speech and dependencies, after Universal Dependencies v2.
//!
//! A sentence is tagged from left to right, then parsed by a transition system (`state`), each decision by a
//! small network ([`crate::learn::net`]) over word forms, what is known of them (`lexicon`) and what was decided
//! before (`view`). Where the parser is unsure, several parses are followed (`beam`). Punctuation is then attached
//! by rule (`marks`). `train` learns both from treebanks; the same views serve both.

mod arcs;
mod beam;
mod cache;
mod choices;
mod lexicon;
mod marks;
mod parser;
pub mod recipe;
mod stage;
mod state;
pub mod train;
mod view;

pub use parser::{Parsed, Parser, Scratch};
pub use stage::SyntaxStage;

/// The kind of model file this stage reads.
pub const KIND: &str = "syntax";
