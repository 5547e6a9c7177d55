//! `pipeline bench`: how fast this is, on the user's own documents.
//!
//! The command starts itself again for everything it measures (`worker`), in rounds (`session`), and makes a report of
//! the medians (`report`, `compare`), for the terminal (`table`) or as a page (`page`).

mod args;
mod charts;
mod compare;
mod generate;
mod job;
mod machine;
mod page;
mod report;
mod sample;
mod session;
mod side;
mod stats;
mod table;
mod usage;
mod worker;

use std::io::IsTerminal;
use std::path::Path;
use std::time::Instant;

use indicatif::ProgressBar;

pub use args::Bench;

use compare::Comparison;
use job::Side;
use machine::Machine;
use report::{Figures, Measured, Report};
use sample::Sample;
use session::{Rounds, Session};

use crate::status::Status;
use crate::write::Output;

/// Runs the command.
///
/// # Errors
/// In words for the user, when it could not run or rounds did not find the same.
pub fn run(args: Bench) -> Result<Status, String> {
    if let Some(job) = &args.job {
        return worker::work(&args, job);
    }
    crate::log::start(args.pipeline.verbose);
    // What it leaves in the folder for temporary files is taken away then, too.
    crate::interrupt::listen();
    let (machine, start) = (Machine::this(), Instant::now());
    let warnings = machine.warnings();
    warnings.iter().for_each(|warning| eprintln!("warning: {warning}"));
    let sample = Sample::of(&args)?;
    let same = is_same(&args, &sample)?;
    let bar = progress(args.quiet);
    let session = Session::new(&args, &sample, Box::new(|state| bar.set_message(state.to_owned())))?;
    let rounds = session.measure()?;
    bar.finish_and_clear();
    let mut report = report(&args, machine, &rounds, same);
    report.input = Measured { name: sample.name.clone(), whole: session.whole, ..report.input };
    report.warnings = warnings;
    report.seconds = start.elapsed().as_secs_f64();
    print(&table::show(&report));
    if let Some(file) = &args.json {
        let json = serde_json::to_string_pretty(&report).map_err(|error| error.to_string())?;
        save(file, &(json + "\n"))?;
    }
    if let Some(file) = &args.html {
        save(file, &page::assemble(&report))?;
    }
    Ok(Status::of(report.input.counts.failed))
}

fn report(args: &Bench, machine: Machine, rounds: &[Rounds], same: bool) -> Report {
    let sides: Vec<_> =
        side::names(args).into_iter().zip(rounds).map(|(name, rounds)| Figures::new(name, rounds)).collect();
    let comparison = match sides.as_slice() {
        [one, other] => Some(Comparison::new(one, other, same)),
        _ => None,
    };
    Report {
        schema: 1,
        machine,
        warnings: Vec::new(),
        input: Measured {
            name: String::new(),
            whole: true,
            counts: rounds.first().map(Rounds::counts).unwrap_or_default(),
        },
        rounds: rounds.first().map_or(0, |rounds| rounds.start_up.len()),
        seconds: 0.0,
        sides,
        comparison,
    }
}

/// Whether both sides mean the same. Both are made once: what is wrong with them is said before anything is measured.
fn is_same(args: &Bench, sample: &Sample) -> Result<bool, String> {
    let made = |side| {
        let config = side::config(args, side, sample.inputs(args))?;
        side::assemble(&config)?;
        Ok::<_, String>(side::described(&config))
    };
    let one = made(Side::One)?;
    Ok(args.against.is_some() && one == made(Side::Other)?)
}

fn progress(quiet: bool) -> ProgressBar {
    match quiet || !std::io::stderr().is_terminal() {
        true => ProgressBar::hidden(),
        false => ProgressBar::new_spinner(),
    }
}

fn print(text: &str) {
    // A closed pipe is no error of ours.
    let _ = std::io::Write::write_all(&mut std::io::stdout(), text.as_bytes());
}

fn save(file: &Path, text: &str) -> Result<(), String> {
    let mut output = Output::open(Some(file))?;
    let name = output.name();
    output
        .write(text.as_bytes())
        .and_then(|()| output.finish())
        .map_err(|error| format!("{name} cannot be written: {error}"))
}
