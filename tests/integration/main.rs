//! Drives the program as a user does.

mod documents;
mod errors;
mod formats;
mod gold;
mod golden;
mod help;
mod program;
mod readme;
