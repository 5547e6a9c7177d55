//! What the `pipeline` program is made of, lent to benches and bindings.

pub mod bench;
pub mod builtin;
#[allow(missing_docs, reason = "the help texts, which are for users, stand as documentation comments")]
pub mod cli;
pub mod config;
pub mod data;
pub mod eval;
mod fingerprint;
pub mod graph;
mod interrupt;
mod libraries;
pub mod licenses;
pub mod log;
pub mod plugins;
pub mod progress;
pub mod read;
pub mod records;
pub mod run;
pub mod shell;
pub mod show_config;
pub mod stages;
pub mod status;
mod suggest;
pub mod train;
pub mod view;
pub mod write;
