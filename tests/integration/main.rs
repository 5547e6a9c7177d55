//! Drives the program as a user does.

mod documents;
mod errors;
mod formats;
mod golden;
mod program;
mod readme;
