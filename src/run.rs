//! `pipeline run`: documents in, annotations out.

use std::io;
use std::num::NonZero;

use pipeline_core::Pipeline;
use pipeline_core::engine::{self, RunError};

use crate::config::RunConfig;
use crate::progress::{Progress, Totals};
use crate::read::{self, Decoder, Input, Sources};
use crate::status::Status;
use crate::suggest::unknown;
use crate::write::{self, RecordOptions, Resumed, RunOutput};
use crate::{builtin, cli, fingerprint, interrupt, log};

/// Runs the command.
///
/// # Errors
/// In words for the user, when it could not run or not to its end.
pub fn run(args: cli::Run) -> Result<Status, String> {
    log::start(args.pipeline.verbose);
    run_as(RunConfig::new(args)?)
}

/// Runs what a configuration means.
///
/// # Errors
/// As [`run`].
pub(crate) fn run_as(config: RunConfig) -> Result<Status, String> {
    let sources = read::list(&config.inputs)?;
    sources.refuse_output(config.output.as_deref())?;
    let pipeline =
        builtin::assemble(&config.pipeline, &config.needed, config.decode.supplied(), log::of_stages())?;
    let decoder = Decoder::new(&config.decode, pipeline.plan());
    let records = RecordOptions {
        layers: record_layers(&config, &pipeline)?,
        unit: config.unit,
        meta: config.decode.keep_meta,
    };
    let format = write::format(config.format, pipeline.plan(), pipeline.symbols(), &records);
    let mut output = match open(&config, &sources, &pipeline, format.pieces())? {
        Resumed::Output(output) => output,
        Resumed::Complete(counts) => return Ok(already(counts, &config)),
    };
    let mut totals = Totals::after(output.counts());
    let total = sources.bytes;
    let mut input = Input::new(sources, config.decode.clone(), config.limits);
    let reading = input.progress();
    interrupt::listen();
    input.skip(totals.docs);
    let progress = Progress::new(total, reading.bytes.clone(), config.quiet);
    let ended = engine::run(
        &pipeline,
        engine::Options::new(threads(config.pipeline.threads)),
        input,
        |raw, doc| decoder.decode(raw, doc),
        |docs, out| format.encode(docs, out),
        |chunk| {
            output.write(chunk)?;
            totals.add(chunk);
            progress.show(&totals);
            Ok(totals.failed <= config.max_errors)
        },
    );
    let stopped = interrupt::asked() && !reading.has_ended();
    settle(Ended { ended, stopped, totals }, output, &config, progress, &pipeline)
}

/// The layers of the records: those asked for, and as a rule those that stages of the run describe themselves.
fn record_layers(config: &RunConfig, pipeline: &Pipeline) -> Result<Vec<String>, String> {
    let own = pipeline.plan().layers().iter().map(|layer| layer.name.as_str());
    let own: Vec<_> = own.filter(|name| write::is_own(name)).collect();
    let missing = |name: &&String| write::is_own(name) && !own.contains(&name.as_str());
    if let Some(name) = config.layers.iter().find(missing) {
        return Err(match own.is_empty() {
            true => {
                format!("no stage of this run makes a layer `{name}`: add the one that does with --stages")
            }
            false => unknown("layer", name, &own),
        });
    }
    let mut layers = config.layers.clone();
    let others =
        own.into_iter().filter(|name| config.own_layers && !layers.iter().any(|layer| layer == name));
    let others: Vec<_> = others.map(str::to_owned).collect();
    layers.extend(others);
    Ok(layers)
}

/// A number of threads; for 0, one for each core.
pub(crate) fn threads(wanted: usize) -> NonZero<usize> {
    let cores = || std::thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
    NonZero::new(wanted).unwrap_or_else(cores)
}

/// Opens the output; with a journal where the run could be gone on with.
fn open(
    config: &RunConfig,
    sources: &Sources,
    pipeline: &Pipeline,
    pieces: write::Pieces,
) -> Result<Resumed, String> {
    let file = config.output.as_deref().filter(|name| name.as_os_str() != "-" && !write::is_device(name));
    let lasting = file.filter(|_| !sources.once);
    let Some(name) = lasting else {
        return match config.resume {
            true => {
                Err("--resume works for files in and a file out: standard input, named pipes and standard \
                         output cannot be gone on with"
                    .into())
            }
            false => RunOutput::open(config.output.as_deref(), pieces).map(Resumed::Output),
        };
    };
    let made_from = fingerprint::of(config, sources, pipeline);
    if config.resume {
        let now = made_from.clone();
        let compare = |then: &_| fingerprint::compare(then, &now, sources, name);
        return RunOutput::resume(name, pieces, made_from, compare);
    }
    if write::begun(name) && !config.quiet {
        eprintln!(
            "note: {}.part, which an earlier run left, is begun anew; --resume would have gone on with it",
            name.display()
        );
    }
    RunOutput::begin(name, pieces, made_from).map(Resumed::Output)
}

fn already(counts: write::Mark, config: &RunConfig) -> Status {
    if let (Some(name), false) = (&config.output, config.quiet) {
        eprintln!("{} was complete already: {} documents", name.display(), counts.docs);
    }
    Status::of(counts.failed)
}

/// How a run came to its end.
struct Ended {
    ended: Result<(), RunError>,
    /// Whether the user stopped it.
    stopped: bool,
    totals: Totals,
}

/// Gives the output its name if the run came to its end, and says how it went.
fn settle(
    run: Ended,
    output: RunOutput,
    config: &RunConfig,
    progress: Progress,
    pipeline: &Pipeline,
) -> Result<Status, String> {
    let Ended { ended, stopped, totals } = run;
    let name = output.name();
    let gave_up = totals.failed > config.max_errors;
    let lasting = output.can_be_resumed();
    if let (Ok(()), false, false) = (&ended, stopped, gave_up) {
        output.finish().map_err(|error| explain(RunError::Write(error), &name, lasting))?;
        progress.finish(&totals, pipeline);
        return Ok(Status::of(totals.failed));
    }
    progress.clear();
    let kept = output.keep().is_ok() && lasting;
    match ended {
        // Whoever reads our output has seen enough: no error, and nobody to tell.
        Err(RunError::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Status::Well),
        Err(error) => Err(explain(error, &name, kept)),
        Ok(()) if gave_up => Err(format!(
            "{} documents have errors, more than --max-errors allows: gave up; {name} is not complete{}",
            totals.failed,
            if kept { "; to go on, run the same with a larger --max-errors and --resume" } else { "" }
        )),
        Ok(()) => Err(format!(
            "interrupted after {} documents; {name} is not complete{}",
            totals.docs,
            if kept { "; to go on, run the same with --resume" } else { "" }
        )),
    }
}

fn explain(error: RunError, output: &str, kept: bool) -> String {
    let go_on = if kept { "; to go on then, run the same with --resume" } else { "" };
    match error {
        RunError::Read(error) => format!("the input cannot be read on: {error}{go_on}"),
        RunError::Write(error) if is_full(&error) => {
            format!("no space left for {output}: make room, or give -o another place{go_on}")
        }
        RunError::Write(error) => format!("{output} cannot be written: {error}{go_on}"),
        RunError::Stage(message) => format!("{message} (--on-error fail)"),
        RunError::Threads(error) => {
            format!("worker threads cannot be started: {error}; try a smaller --threads")
        }
    }
}

fn is_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge
    )
}
