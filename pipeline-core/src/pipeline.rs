//! Stages put together: what a chunk of documents goes through.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::document::{DocError, Document};
use crate::intern::Interner;
use crate::manifest::{Mode, StageCard};
use crate::overlap::Overlap;
use crate::plan::{Output, Plan, Step, Wanted};
use crate::plugin::Table;
use crate::plugin::host::{Functions, HostSide, Log, Runner, Scratch, linked};
use crate::plugin::sink::Job;
use crate::{BatchStage, ErrorCode, PluginMeta};

/// A stage that can be used: its card, and the functions behind it.
#[derive(Clone)]
pub struct StageSource {
    /// What it says of itself.
    pub card: StageCard,
    /// Where it comes from, for people: `built in`, or the path of a library.
    pub origin: String,
    pub(crate) functions: Functions,
}

impl fmt::Debug for StageSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.card.name, self.origin)
    }
}

impl StageSource {
    /// A stage that is linked in.
    ///
    /// # Errors
    /// When its card is not what a card should be.
    pub fn linked<S: BatchStage>() -> Result<Self, String> {
        let meta = PluginMeta { id: S::INFO.name, version: env!("CARGO_PKG_VERSION"), license: "" };
        let card = crate::card::linked_card(&meta, &S::INFO);
        let card: crate::manifest::Card = serde_json::from_str(&card)
            .map_err(|error| format!("the card of stage `{}` is wrong: {error}", S::INFO.name))?;
        let card = card.stages.into_iter().next().ok_or("a card without stages")?;
        Ok(Self { card, origin: "built in".into(), functions: linked::<S>() })
    }
}

/// What happens to a document that a stage failed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum OnError {
    /// It goes on without what the stage would have given.
    #[default]
    SkipStage,
    /// No more stages run on it.
    SkipDoc,
    /// The run ends.
    Fail,
}

/// A stage as it is to be used in a run.
#[derive(Clone, Debug)]
pub struct StageUse {
    /// The stage.
    pub source: StageSource,
    /// Its options, a JSON object.
    pub config: String,
    /// Layers it knows by another name: its name for it, the run's name.
    pub renames: Vec<(String, String)>,
    /// What happens to documents it fails on.
    pub on_error: OnError,
    /// What happens where rows it appends overlap rows that are there.
    pub overlap: Overlap,
}

impl StageUse {
    /// A stage without options.
    #[must_use]
    pub fn new(source: StageSource) -> Self {
        Self {
            source,
            config: "{}".into(),
            renames: Vec::new(),
            on_error: OnError::default(),
            overlap: Overlap::default(),
        }
    }
}

/// Longest text whose scratch memory is kept for other documents.
const KEEP: usize = 64 << 10;

/// Stages made and planned, ready for documents.
pub struct Pipeline {
    plan: Plan,
    stages: Vec<Ready>,
    scratch: Mutex<Vec<Scratch>>,
    // Last: what the stages were made with must outlive them.
    host: HostSide,
}

struct Ready {
    name: String,
    origin: String,
    runner: Runner,
    on_error: OnError,
    overlap: Overlap,
    /// Most documents a call.
    batch: usize,
    nanos: AtomicU64,
}

impl Pipeline {
    /// Plans the run and makes the stages. `supplied` names layers that come with the documents, `known` the
    /// stages to propose where one is missing.
    ///
    /// # Errors
    /// When no plan can be made, or a stage cannot; the words name the stage, the reason and the cure.
    pub fn new(
        uses: Vec<StageUse>,
        supplied: &[&str],
        known: &[&StageCard],
        log: Log,
    ) -> Result<Self, String> {
        let wanted: Vec<_> =
            uses.iter().map(|used| Wanted { card: &used.source.card, renames: &used.renames }).collect();
        let plan = Plan::new(&wanted, supplied, known).map_err(|error| error.to_string())?;
        let host = HostSide::new(log);
        let mut stages = Vec::with_capacity(uses.len());
        for used in uses {
            let StageSource { card, origin, functions } = used.source;
            let runner = check_options(&card, &used.config)
                .and_then(|()| Runner::new(functions, card.threads, &host, used.config))
                .map_err(|error| format!("stage `{}` could not be made: {error}", card.name))?;
            let (on_error, overlap) = (used.on_error, used.overlap);
            stages.push(Ready {
                name: card.name,
                origin,
                runner,
                on_error,
                overlap,
                batch: if card.preferred_batch == 0 { usize::MAX } else { card.preferred_batch as usize },
                nanos: AtomicU64::new(0),
            });
        }
        host.context().symbols.cap();
        Ok(Self { plan, stages, scratch: Mutex::default(), host })
    }

    /// The plan.
    #[must_use]
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The run's table of symbols.
    #[must_use]
    pub fn symbols(&self) -> &Interner {
        &self.host.context().symbols
    }

    /// Stages in the order they run, with the time spent in each so far, over all threads.
    pub fn times(&self) -> impl Iterator<Item = (&str, Duration)> {
        self.plan.order().map(|stage| {
            let ready = &self.stages[stage];
            (ready.name.as_str(), Duration::from_nanos(ready.nanos.load(Ordering::Relaxed)))
        })
    }

    /// Where each stage comes from, in the order of the run: `built in`, or the path of a library.
    pub fn origins(&self) -> impl Iterator<Item = &str> {
        self.plan.order().map(|stage| self.stages[stage].origin.as_str())
    }

    /// Asks stages that take long to come to an end.
    pub fn stop(&self) {
        self.host.context().stop.store(true, Ordering::Relaxed);
    }

    /// Runs every stage on the documents, on this thread.
    ///
    /// # Errors
    /// When a stage whose policy is [`OnError::Fail`] failed on one of them.
    pub fn process(&self, docs: &mut [Document]) -> Result<(), String> {
        docs.iter_mut().for_each(|doc| doc.prepare(&self.plan));
        let pool = || self.scratch.lock().unwrap_or_else(PoisonError::into_inner);
        let idle = pool().pop();
        let mut scratch = idle.unwrap_or_default();
        let result = self.plan.steps().iter().try_for_each(|step| {
            let start = Instant::now();
            let result = self.step(step, docs, &mut scratch);
            self.stages[step.stage].nanos.fetch_add(start.elapsed().as_nanos() as u64, Ordering::Relaxed);
            result
        });
        // Memory that a large document took is given back.
        if docs.iter().all(|doc| doc.text.len() <= KEEP) {
            pool().push(scratch);
        }
        result
    }

    fn step(&self, step: &Step, docs: &mut [Document], scratch: &mut Scratch) -> Result<(), String> {
        let ready = &self.stages[step.stage];
        let mut active = std::mem::take(&mut scratch.active);
        active.clear();
        for (number, doc) in docs.iter_mut().enumerate().filter(|(_, doc)| !doc.abandoned) {
            match step.required.iter().find(|layer| !doc.present[**layer]) {
                None => active.push(number),
                Some(layer) => doc.errors.push(self.upstream(ready, *layer)),
            }
        }
        let mut result = Ok(());
        for part in active.chunks(ready.batch) {
            let called = ready.runner.process(&self.host, Job { step, docs, active: part }, scratch);
            for (index, &number) in part.iter().enumerate() {
                let failed = match &called {
                    Ok(()) => scratch.sink.error(index),
                    Err(message) => Some((ErrorCode::Batch, message.clone())),
                };
                let done = settle(ready, step, &mut docs[number], index, failed, scratch);
                result = result.and(done);
            }
        }
        scratch.active = active;
        result
    }

    fn upstream(&self, ready: &Ready, layer: usize) -> DocError {
        let layer = &self.plan.layers()[layer];
        let maker = layer.provider.map_or("the input", |stage| self.stages[stage].name.as_str());
        let message = format!("not run: layer `{}` is missing because `{maker}` failed", layer.name);
        DocError { stage: ready.name.clone(), code: ErrorCode::Upstream, message }
    }
}

/// Options are checked before any code of the stage runs.
fn check_options(card: &StageCard, config: &str) -> Result<(), String> {
    let options =
        serde_json::from_str(config).map_err(|error| format!("its options are no JSON: {error}"))?;
    crate::options::check(&card.config, &options)
}

/// Takes over what a stage gave for a document, or notes its error.
fn settle(
    ready: &Ready,
    step: &Step,
    doc: &mut Document,
    index: usize,
    failed: Option<(ErrorCode, String)>,
    scratch: &mut Scratch,
) -> Result<(), String> {
    match failed {
        None => commit(ready, step, doc, index, scratch),
        Some((ErrorCode::Skipped, reason)) => {
            doc.skipped.push((ready.name.clone(), reason));
            commit(ready, step, doc, index, scratch);
        }
        Some((code, message)) => {
            if ready.on_error == OnError::Fail {
                return Err(format!(
                    "stage `{}` failed on document `{}`: {code}: {message}",
                    ready.name, doc.id
                ));
            }
            doc.abandoned |= ready.on_error == OnError::SkipDoc;
            doc.errors.push(DocError { stage: ready.name.clone(), code, message });
        }
    }
    Ok(())
}

/// Puts the layers a stage gave on the document; what it provides is there afterwards even if it is empty.
fn commit(ready: &Ready, step: &Step, doc: &mut Document, index: usize, scratch: &mut Scratch) {
    for (slot, output) in step.outputs.iter().enumerate() {
        let given = scratch.sink.table(index, slot);
        let layer = &mut doc.layers[output.layer];
        match (output.mode, given) {
            (Mode::Replace, None) | (Mode::Extend, None) => {}
            (Mode::Provide, None) => layer.clear(),
            (Mode::Extend, Some(given)) => {
                let first = layer.len;
                append(layer, output, given);
                layer.settle(first, ready.overlap);
            }
            (_, Some(given)) if output.whole => std::mem::swap(layer, given),
            (_, Some(given)) => {
                layer.clear();
                append(layer, output, given);
            }
        }
        doc.present[output.layer] = true;
    }
}

fn append(layer: &mut Table, output: &Output, given: &Table) {
    layer.len += given.len;
    layer.spans.extend_from_slice(&given.spans);
    for (values, col) in given.cols.iter().zip(&output.cols) {
        layer.cols[*col].extend(values);
    }
    let len = layer.len;
    layer.cols.iter_mut().for_each(|col| col.pad(len));
}
