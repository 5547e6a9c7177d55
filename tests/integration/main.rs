//! Drives the program as a user does.

mod documents;
mod errors;
mod formats;
mod golden;
mod loaded;
mod program;
mod readme;
