//! The `pipeline` program.

use std::process::ExitCode;

use clap::Parser;
use pipeline::cli::{Cli, Command};

fn main() -> ExitCode {
    let Cli { command } = Cli::parse();
    let done = match command {
        Command::Run(args) => pipeline::run::run(args),
        Command::Stages(args) => pipeline::stages::list(&args),
        Command::Plugins(args) => pipeline::plugins::run(&args),
        Command::Train(args) => pipeline::train::train(&args),
        Command::Eval(args) => pipeline::eval::eval(&args),
        Command::Config(args) => pipeline::show_config::show(&args),
        Command::Completions(args) => pipeline::shell::completions(&args),
        Command::Man(args) => pipeline::shell::man(&args),
        Command::Licenses => pipeline::licenses::print(),
        Command::View(args) => pipeline::view::run(&args),
        Command::Graph(args) => pipeline::graph::run(&args),
        Command::Bench(args) => pipeline::bench::run(args),
    };
    match done {
        Ok(status) => status.into(),
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::from(2)
        }
    }
}
