//! Drives the program as a user does.

mod bench;
mod contained;
mod documents;
mod errors;
mod formats;
mod gallery;
mod gold;
mod golden;
mod guide;
mod help;
mod libraries;
mod licenses;
mod loaded;
mod open;
mod own_layers;
mod pages;
mod parquet;
mod plugins;
mod program;
mod readme;
mod recipes;
mod refusals;
mod resume;
mod train;
mod unicode;
