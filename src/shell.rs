//! `pipeline completions` and `pipeline man`: made from the definition of the command line.

use std::io::{self, Write};

use clap::CommandFactory;

use crate::cli;
use crate::status::Status;
use crate::suggest::unknown;

/// Prints the completions for a shell.
///
/// # Errors
/// None.
pub fn completions(args: &cli::Completions) -> Result<Status, String> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut cli::Cli::command(), "pipeline", &mut text);
    print(&text);
    Ok(Status::Well)
}

/// Prints a manual page.
///
/// # Errors
/// For a command that does not exist.
pub fn man(args: &cli::Man) -> Result<Status, String> {
    let mut program = cli::Cli::command();
    program.build();
    let page = match &args.command {
        None => clap_mangen::Man::new(program),
        Some(name) => {
            let names: Vec<_> = program.get_subcommands().map(clap::Command::get_name).collect();
            let found = program.find_subcommand(name).ok_or_else(|| unknown("command", name, &names))?;
            clap_mangen::Man::new(found.clone()).title(format!("pipeline-{name}"))
        }
    };
    let mut text = Vec::new();
    page.render(&mut text).map_err(|error| error.to_string())?;
    print(&text);
    Ok(Status::Well)
}

fn print(text: &[u8]) {
    // A closed pipe is no error of ours.
    let _ = io::stdout().write_all(text);
}
