//! `pipeline plugins`: libraries with stages.

mod apart;
mod check;
mod inspect;
mod list;
mod new;
mod scaffold;

use std::io::{self, Write};

use crate::cli::{self, PluginsCommand};
use crate::status::Status;

/// Runs the command.
///
/// # Errors
/// In words for the user, when it could not run.
pub fn run(args: &cli::Plugins) -> Result<Status, String> {
    match &args.command {
        PluginsCommand::List(args) => list::list(args),
        PluginsCommand::Inspect(args) => inspect::inspect(args),
        PluginsCommand::Check(args) => check::check(args),
        PluginsCommand::New(args) => new::new(args),
    }
}

fn print(text: &str) {
    // A closed pipe is no error of ours.
    let _ = io::stdout().write_all(text.as_bytes());
}
