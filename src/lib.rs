//! What the `pipeline` program is made of, lent to benches and bindings.

#[allow(missing_docs, reason = "the help texts, which are for users, stand as documentation comments")]
pub mod cli;
pub mod config;
pub mod read;
mod suggest;
pub mod write;
