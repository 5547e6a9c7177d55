//! Typed relations between the names of a sentence.

pub mod types;

pub mod experiment;
pub mod net;
mod candidates;
mod features;
mod hash;
mod phrases;
mod roles;
mod sentence;
mod shape;
mod stem;
mod tagger;
mod tags;
mod treebank;
pub mod words;
