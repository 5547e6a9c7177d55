//! The knowledge: the stages, and what trains and scores them.
mod builtin;
pub mod entities;
pub mod gold;
pub mod language;
pub mod learn;
pub mod model;
pub mod relations;
pub mod score;
pub mod score_open;
pub mod score_relations;
pub mod score_syntax;
pub mod score_text;
pub mod syntax;
pub mod tokenize;
pub mod triples;
