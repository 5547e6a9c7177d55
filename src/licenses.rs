//! `pipeline licenses`: whose data and code this is made of.

use std::io::{self, Write};

use crate::status::Status;

/// The program itself, then the cards of the models, then the crates it is linked with.
const TEXTS: [&str; 3] = [
    "# Licences\n\nThe program is under the MIT licence or the Apache License 2.0, at your choice.\n\n",
    include_str!(concat!(env!("OUT_DIR"), "/model-cards.md")),
    include_str!("../THIRD-PARTY.md"),
];

/// Runs the command.
///
/// # Errors
/// None.
pub fn print() -> Result<Status, String> {
    // A closed pipe is no error of ours.
    let _ = io::stdout().write_all(TEXTS.concat().as_bytes());
    Ok(Status::Well)
}
