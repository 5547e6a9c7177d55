//! `pipeline run`: documents in, annotations out.

use std::io;
use std::num::NonZero;

use pipeline_core::Pipeline;
use pipeline_core::engine::{self, RunError};

use crate::config::RunConfig;
use crate::progress::{Progress, Totals};
use crate::read::{self, Input};
use crate::status::Status;
use crate::write::{JsonLines, Output, RecordOptions};
use crate::{builtin, cli, log};

/// Runs the command.
///
/// # Errors
/// In words for the user, when it could not run or not to its end.
pub fn run(args: cli::Run) -> Result<Status, String> {
    log::start(args.pipeline.verbose);
    let config = RunConfig::new(args)?;
    let sources = read::list(&config.inputs)?;
    sources.refuse_output(config.output.as_deref())?;
    let pipeline = builtin::assemble(&config.pipeline, &config.needed, &[], log::of_stages())?;
    let mut output = Output::open(config.output.as_deref())?;
    let records = RecordOptions { layers: config.layers.clone(), unit: config.unit };
    let writer = JsonLines::new(pipeline.plan(), pipeline.symbols(), &records);
    let total = sources.bytes;
    let input = Input::new(sources, config.limits);
    let progress = Progress::new(total, input.bytes_read(), config.quiet);
    let mut totals = Totals::default();
    let ended = engine::run(
        &pipeline,
        engine::Options::new(threads(config.pipeline.threads)),
        input,
        |raw, doc| read::decode(raw, &config.decode, doc),
        |docs, out| writer.write(docs, out),
        |chunk| {
            output.write(&chunk.bytes)?;
            totals.add(chunk);
            progress.show(&totals);
            Ok(totals.failed <= config.max_errors)
        },
    );
    settle(ended, output, &totals, &config, progress, &pipeline)
}

/// A number of threads; for 0, one for each core.
pub(crate) fn threads(wanted: usize) -> NonZero<usize> {
    let cores = || std::thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
    NonZero::new(wanted).unwrap_or_else(cores)
}

/// Gives the output its name if the run came to its end, and says how it went.
fn settle(
    ended: Result<(), RunError>,
    output: Output,
    totals: &Totals,
    config: &RunConfig,
    progress: Progress,
    pipeline: &Pipeline,
) -> Result<Status, String> {
    let name = output.name();
    let gave_up = totals.failed > config.max_errors;
    let ended = if gave_up { ended } else { ended.and_then(|()| output.finish().map_err(RunError::Write)) };
    match ended {
        // Whoever reads our output has seen enough: no error, and nobody to tell.
        Err(RunError::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(Status::Well),
        Err(error) => return Err(explain(error, &name)),
        Ok(()) => progress.finish(totals, pipeline),
    }
    match (gave_up, totals.failed) {
        (true, failed) => Err(format!(
            "{failed} documents have errors, more than --max-errors allows: gave up; {name} is not complete"
        )),
        (false, 0) => Ok(Status::Well),
        (false, _) => Ok(Status::SomeFailed),
    }
}

fn explain(error: RunError, output: &str) -> String {
    match error {
        RunError::Read(error) => format!("the input cannot be read on: {error}"),
        RunError::Write(error) if error.kind() == io::ErrorKind::StorageFull => {
            format!("no space left for {output}: make room, or give -o another place")
        }
        RunError::Write(error) => format!("{output} cannot be written: {error}"),
        RunError::Stage(message) => format!("{message} (--on-error fail)"),
        RunError::Threads(error) => {
            format!("worker threads cannot be started: {error}; try a smaller --threads")
        }
    }
}
