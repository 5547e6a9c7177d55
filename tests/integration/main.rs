//! Drives the program as a user does.

mod documents;
mod errors;
mod formats;
mod gold;
mod golden;
mod help;
mod licenses;
mod parquet;
mod program;
mod readme;
mod recipes;
mod resume;
