//! Drives the program as a user does.

mod contained;
mod documents;
mod errors;
mod formats;
mod gold;
mod golden;
mod guide;
mod help;
mod libraries;
mod loaded;
mod pages;
mod plugins;
mod program;
mod readme;
mod refusals;
mod train;
mod unicode;
