//! What the rounds came to.

use serde::Serialize;

use super::job::{Counts, Latency, Pass};
use super::machine::Machine;
use super::session::Rounds;
use super::stats::Summary;

/// All figures; what `--json` writes. `docs/benchmark.md` describes it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Report {
    /// Version of this form.
    pub(super) schema: u32,
    /// The machine and the build.
    pub(super) machine: Machine,
    /// Why the figures say little, if they do.
    pub(super) warnings: Vec<String>,
    /// The documents.
    pub(super) input: Measured,
    /// Rounds made.
    pub(super) rounds: usize,
    /// Seconds the whole took.
    pub(super) seconds: f64,
    /// What was measured: one configuration or two.
    pub(super) sides: Vec<Figures>,
    /// The second against the first.
    pub(super) comparison: Option<super::compare::Comparison>,
}

/// The documents measured on.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Measured {
    /// What they are.
    pub(super) name: String,
    /// Whether they are all there are, not the first ones.
    pub(super) whole: bool,
    /// What is in them, by the first configuration.
    #[serde(flatten)]
    pub(super) counts: Counts,
}

/// Figures of one configuration.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Figures {
    /// Its name.
    pub(super) name: String,
    /// What it found.
    pub(super) counts: Counts,
    /// Seconds from the start of the program to its first record.
    pub(super) start_up_seconds: Summary,
    /// By number of threads.
    pub(super) threads: Vec<Threads>,
    /// Where the time of one thread goes.
    pub(super) parts: Vec<Part>,
    /// A document from raw to record, by itself on one thread.
    pub(super) latency: Percentiles,
}

/// Figures for a number of threads.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Threads {
    /// Worker threads.
    pub(super) threads: usize,
    /// Seconds for all documents.
    pub(super) seconds: Summary,
    /// The same, of the processor; `None` where the system does not say.
    pub(super) cpu_seconds: Option<Summary>,
    /// Documents a second.
    pub(super) documents_per_second: Summary,
    /// Words a second; 0 where no stage makes words.
    pub(super) tokens_per_second: Summary,
    /// Millions of bytes of text a second.
    pub(super) megabytes_per_second: Summary,
    /// The same for each second of the processor.
    pub(super) megabytes_per_cpu_second: Option<Summary>,
    /// Most memory the process had, in bytes; `None` where the system does not say.
    pub(super) peak_bytes: Option<Summary>,
}

/// A stage, or what is done around them.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Part {
    /// Its name.
    pub(super) name: String,
    /// Where a stage comes from.
    pub(super) origin: Option<String>,
    /// Of the time of all parts, from 0 to 1.
    pub(super) share: f64,
    /// A document, on average.
    pub(super) microseconds_per_document: f64,
    /// Millions of bytes of text a second, in this part alone.
    pub(super) megabytes_per_second: f64,
    /// Words a second, in this part alone.
    pub(super) tokens_per_second: f64,
}

/// Seconds that so many of the documents do not exceed.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Percentiles {
    /// Half of them.
    pub(super) p50_seconds: Summary,
    /// Nine of ten.
    pub(super) p90_seconds: Summary,
    /// 99 of 100.
    pub(super) p99_seconds: Summary,
    /// All.
    pub(super) max_seconds: Summary,
}

impl Figures {
    pub(super) fn new(name: String, rounds: &Rounds) -> Self {
        let counts = rounds.counts();
        let rank = |rank: fn(&Latency) -> f64| summary(rounds.latencies.iter().map(rank));
        Self {
            name,
            counts,
            start_up_seconds: summary(rounds.start_up.iter().copied()),
            threads: rounds
                .passes
                .iter()
                .map(|(threads, passes)| Threads::new(*threads, passes, &counts))
                .collect(),
            parts: rounds.passes.first().map(|(_, passes)| parts(passes, &counts)).unwrap_or_default(),
            latency: Percentiles {
                p50_seconds: rank(|latency| latency.p50),
                p90_seconds: rank(|latency| latency.p90),
                p99_seconds: rank(|latency| latency.p99),
                max_seconds: rank(|latency| latency.max),
            },
        }
    }
}

impl Threads {
    fn new(threads: usize, passes: &[Pass], counts: &Counts) -> Self {
        let seconds = summary(passes.iter().map(|pass| pass.seconds));
        let measured = |of: fn(&Pass) -> Option<f64>| passes.iter().map(of).collect::<Option<Vec<_>>>();
        let cpu_seconds = measured(|pass| pass.cpu_seconds).map(summary);
        let rate = |count: f64| move |seconds: f64| count / seconds.max(1e-9);
        let megabytes = counts.text_bytes as f64 / 1e6;
        Self {
            threads,
            documents_per_second: seconds.map(rate(counts.documents as f64)),
            tokens_per_second: seconds.map(rate(counts.tokens as f64)),
            megabytes_per_second: seconds.map(rate(megabytes)),
            megabytes_per_cpu_second: cpu_seconds.as_ref().map(|cpu| cpu.map(rate(megabytes))),
            peak_bytes: measured(|pass| pass.peak_bytes.map(|bytes| bytes as f64)).map(summary),
            seconds,
            cpu_seconds,
        }
    }
}

fn summary(values: impl IntoIterator<Item = f64>) -> Summary {
    Summary::of(values.into_iter().collect()).unwrap_or_default()
}

/// Medians of the parts, and what they mean for each document.
fn parts(passes: &[Pass], counts: &Counts) -> Vec<Part> {
    let Some(first) = passes.first() else { return Vec::new() };
    let time = |part: usize| summary(passes.iter().map(|pass| pass.parts[part].1)).median;
    let times: Vec<f64> = (0..first.parts.len()).map(time).collect();
    let sum: f64 = times.iter().sum::<f64>().max(1e-9);
    let per_second = |count: u64, time: f64| count as f64 / time.max(1e-9);
    let part = |(nth, (name, _)): (usize, &(String, f64))| Part {
        name: name.clone(),
        // The first and the last are no stages.
        origin: nth.checked_sub(1).and_then(|stage| first.origins.get(stage)).cloned(),
        share: times[nth] / sum,
        microseconds_per_document: 1e6 * times[nth] / counts.documents.max(1) as f64,
        megabytes_per_second: per_second(counts.text_bytes, times[nth]) / 1e6,
        tokens_per_second: per_second(counts.tokens, times[nth]),
    };
    first.parts.iter().enumerate().map(part).collect()
}
