//! The process that measures: it does what `run` does, and says how long that took.

use std::hash::{DefaultHasher, Hasher};
use std::num::NonZero;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use pipeline_core::engine::{self, Finished, Records, RunError, Source};
use pipeline_core::{Document, Pipeline};
use serde::Serialize;

use super::args::Bench;
use super::job::{Counts, Job, Latency, Pass, Task};
use super::{side, stats, usage};
use crate::config::RunConfig;
use crate::read::{self, Decoder, Input, RawDoc, Sources};
use crate::run;
use crate::status::Status;
use crate::write::{self, Format, RecordOptions};

/// Does the job and prints the answer.
///
/// # Errors
/// In words for the user.
pub(super) fn work(args: &Bench, job: &str) -> Result<Status, String> {
    let job: Job = serde_json::from_str(job).map_err(|error| format!("--job: {error}"))?;
    let inputs: Vec<PathBuf> = match &job.input {
        Some(file) => vec![file.clone()],
        None => args.inputs.clone(),
    };
    let mut config = side::config(args, job.side, inputs)?;
    config.limits.documents = config.limits.documents.min(job.documents);
    match job.task {
        Task::Run => run::run_as(config),
        Task::Pass { threads, passes } => {
            Ready::new(&config)?.pass(threads, passes).and_then(|pass| answer(&pass))
        }
        Task::Each { passes } => Ready::new(&config)?.each(passes).and_then(|latency| answer(&latency)),
    }
}

fn answer(answer: &impl Serialize) -> Result<Status, String> {
    println!("{}", serde_json::to_string(answer).map_err(|error| error.to_string())?);
    Ok(Status::Well)
}

/// All that is made once.
struct Ready<'a> {
    config: &'a RunConfig,
    sources: Sources,
    pipeline: Pipeline,
}

/// Nanoseconds spent outside the stages, on all threads.
#[derive(Default)]
struct Outside {
    decode: AtomicU64,
    encode: AtomicU64,
}

fn timed<T>(nanos: &AtomicU64, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let done = work();
    nanos.fetch_add(start.elapsed().as_nanos() as u64, Ordering::Relaxed);
    done
}

impl<'a> Ready<'a> {
    fn new(config: &'a RunConfig) -> Result<Self, String> {
        Ok(Self { config, sources: read::list(&config.inputs)?, pipeline: side::assemble(config)? })
    }

    fn format(&self) -> Box<dyn Format + '_> {
        let config = self.config;
        let records =
            RecordOptions { layers: config.layers.clone(), unit: config.unit, meta: config.decode.keep_meta };
        write::format(config.format, self.pipeline.plan(), self.pipeline.symbols(), &records)
    }

    fn input(&self, documents: u64) -> Input {
        let mut limits = self.config.limits;
        limits.documents = limits.documents.min(documents);
        Input::new(self.sources.clone(), self.config.decode.clone(), limits)
    }

    /// After a warm-up on a tenth of the documents, all of them `passes` times over.
    fn pass(&self, threads: usize, passes: u32) -> Result<Pass, String> {
        let outside = Outside::default();
        let threads = NonZero::new(threads).ok_or("--job: no threads")?;
        self.once(threads, (self.config.limits.documents / 10).max(1), 1, &Outside::default())?;
        let before: Vec<Duration> = self.pipeline.times().map(|(_, time)| time).collect();
        let (cpu, start) = (usage::cpu_seconds(), Instant::now());
        let counts = self.once(threads, u64::MAX, passes, &outside)?.of_each(passes.into());
        let each = 1.0 / f64::from(passes.max(1));
        let seconds = start.elapsed().as_secs_f64() * each;
        let cpu_seconds = usage::cpu_seconds().zip(cpu).map(|(after, before)| (after - before) * each);
        let nanos = |nanos: &AtomicU64| nanos.load(Ordering::Relaxed) as f64 * 1e-9 * each;
        let mut parts = vec![("read fields".to_owned(), nanos(&outside.decode))];
        for ((name, time), before) in self.pipeline.times().zip(before) {
            parts.push((name.to_owned(), (time - before).as_secs_f64() * each));
        }
        parts.push(("make records".to_owned(), nanos(&outside.encode)));
        let origins = self.pipeline.origins().map(str::to_owned).collect();
        Ok(Pass { counts, seconds, cpu_seconds, peak_bytes: usage::peak_bytes(), parts, origins })
    }

    /// The first documents as `run` would take them, some times over; their records are hashed where `run` would write
    /// them. What is found counts for all the times together.
    fn once(
        &self,
        threads: NonZero<usize>,
        documents: u64,
        times: u32,
        outside: &Outside,
    ) -> Result<Counts, String> {
        let decoder = Decoder::new(&self.config.decode, self.pipeline.plan());
        let format = self.format();
        let (mut counts, mut hash) = (Counts::default(), DefaultHasher::new());
        let ended = engine::run(
            &self.pipeline,
            engine::Options::new(threads),
            Again { next: Box::new(|| self.input(documents)), input: self.input(documents), left: times },
            |raw, doc| timed(&outside.decode, || decoder.decode(raw, doc)),
            |docs, out| timed(&outside.encode, || format.encode(docs, out)),
            |chunk| {
                hash.write(&chunk.bytes);
                counts.add(chunk);
                Ok(true)
            },
        );
        counts.records_hash = hash.finish();
        ended.map(|()| counts).map_err(|error| match error {
            RunError::Read(error) | RunError::Write(error) => error.to_string(),
            RunError::Stage(message) | RunError::Threads(message) => message,
        })
    }

    /// Seconds from raw to record for each document by itself, at some ranks; of several passes a document's fastest.
    fn each(&self, passes: u32) -> Result<Latency, String> {
        let raw = self.raw()?;
        let decoder = Decoder::new(&self.config.decode, self.pipeline.plan());
        let format = self.format();
        let (mut docs, mut out) = ([Document::default()], Records::default());
        let mut one = |raw: RawDoc| -> Result<f64, String> {
            let start = Instant::now();
            docs[0].clear();
            decoder.decode(raw, &mut docs[0]);
            self.pipeline.process(&mut docs)?;
            out.clear();
            format.encode(&docs, &mut out);
            Ok(start.elapsed().as_secs_f64())
        };
        for raw in raw.iter().take(raw.len() / 10 + 1) {
            one(raw.clone())?;
        }
        let mut times = vec![f64::INFINITY; raw.len()];
        for _ in 0..passes.max(1) {
            for (time, raw) in times.iter_mut().zip(&raw) {
                *time = time.min(one(raw.clone())?);
            }
        }
        times.sort_by(f64::total_cmp);
        let [p50, p90, p99, max] = [0.5, 0.9, 0.99, 1.0].map(|part| stats::nearest_rank(&times, part));
        Ok(Latency { p50, p90, p99, max })
    }

    fn raw(&self) -> Result<Vec<RawDoc>, String> {
        let (mut input, mut all) = (self.input(u64::MAX), Vec::new());
        loop {
            let before = all.len();
            let mut chunk = Vec::new();
            input.next_chunk(&mut chunk).map_err(|error| error.to_string())?;
            all.append(&mut chunk);
            if all.len() == before {
                return Ok(all);
            }
        }
    }
}

/// The same input several times over: of few documents the threads would otherwise have nothing to share.
struct Again<'a> {
    next: Box<dyn Fn() -> Input + Send + 'a>,
    input: Input,
    /// Times to come, with the present one.
    left: u32,
}

impl Source for Again<'_> {
    type Raw = RawDoc;

    fn next_chunk(&mut self, chunk: &mut Vec<RawDoc>) -> std::io::Result<()> {
        self.input.next_chunk(chunk)?;
        if chunk.is_empty() && self.left > 1 {
            self.left -= 1;
            self.input = (self.next)();
            return self.input.next_chunk(chunk);
        }
        Ok(())
    }

    fn size(raw: &RawDoc) -> usize {
        Input::size(raw)
    }
}

impl Counts {
    /// Of one of so many passes.
    fn of_each(mut self, passes: u64) -> Self {
        let all = [&mut self.documents, &mut self.failed, &mut self.text_bytes, &mut self.tokens];
        all.into_iter().chain([&mut self.record_bytes]).for_each(|count| *count /= passes.max(1));
        self
    }

    fn add(&mut self, chunk: &Finished) {
        self.documents += chunk.docs;
        self.failed += chunk.failed;
        self.text_bytes += chunk.text_bytes;
        self.tokens += chunk.tokens;
        self.record_bytes += chunk.bytes.len() as u64;
    }
}
