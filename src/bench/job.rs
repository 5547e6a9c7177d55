//! What a process is told to measure, and what it answers.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// One of the configurations that are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Side {
    /// The one that was typed.
    One,
    /// That of `--against`.
    Other,
}

/// A measurement.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Job {
    pub(super) side: Side,
    /// Documents, where they are not those that were typed: standard input is read once, generated news lies in a file.
    pub(super) input: Option<PathBuf>,
    /// Documents of the input that are taken, the first ones.
    pub(super) documents: u64,
    pub(super) task: Task,
}

/// What is measured.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) enum Task {
    /// Runs the documents and writes their records; whoever started it times the first.
    Run,
    /// All documents on so many threads, several times over.
    Pass { threads: usize, passes: u32 },
    /// One document after the other, on one thread.
    Each { passes: u32 },
}

/// What a pass found; the same in each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Counts {
    /// Documents.
    pub(super) documents: u64,
    /// Those with an error.
    pub(super) failed: u64,
    /// Bytes of text.
    pub(super) text_bytes: u64,
    /// Words.
    pub(super) tokens: u64,
    /// Bytes of records.
    pub(super) record_bytes: u64,
    /// A hash of the records of all passes.
    pub(super) records_hash: u64,
}

/// Answer to [`Task::Pass`]; times are those of one pass, on average.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Pass {
    pub(super) counts: Counts,
    pub(super) seconds: f64,
    /// Of all threads; `None` where the system does not say.
    pub(super) cpu_seconds: Option<f64>,
    /// Of the process so far, with the models it has loaded.
    pub(super) peak_bytes: Option<u64>,
    /// Seconds in each part, summed over the threads: reading fields, the stages, making records.
    pub(super) parts: Vec<(String, f64)>,
    /// Where the stages come from.
    pub(super) origins: Vec<String>,
}

/// Answer to [`Task::Each`]: seconds of a document from raw to record, at some ranks.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Latency {
    pub(super) p50: f64,
    pub(super) p90: f64,
    pub(super) p99: f64,
    pub(super) max: f64,
}
