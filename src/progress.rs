//! How far a run is, and what it came to.

use std::fmt::Write;
use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{HumanBytes, HumanCount, ProgressBar, ProgressStyle};
use pipeline_core::Pipeline;
use pipeline_core::engine::Finished;

use crate::write::Mark;

/// Sums over the chunks written.
#[derive(Clone, Copy, Debug, Default)]
pub struct Totals {
    /// Documents.
    pub docs: u64,
    /// Those with an error.
    pub failed: u64,
    /// Documents of an earlier run that this one goes on with.
    earlier: u64,
    text_bytes: u64,
    tokens: u64,
}

impl Totals {
    /// Totals of a run that goes on after what another has written.
    #[must_use]
    pub fn after(earlier: Mark) -> Self {
        Self { docs: earlier.docs, failed: earlier.failed, earlier: earlier.docs, ..Self::default() }
    }

    /// Adds a chunk.
    pub fn add(&mut self, chunk: &Finished) {
        self.docs += chunk.docs;
        self.failed += chunk.failed;
        self.text_bytes += chunk.text_bytes;
        self.tokens += chunk.tokens;
    }
}

/// A line on standard error while it is a terminal, and a summary at the end.
pub struct Progress {
    bar: ProgressBar,
    bytes_read: Arc<AtomicU64>,
    start: Instant,
    quiet: bool,
}

impl Progress {
    /// Progress through `total` bytes of input, as counted by `bytes_read`; `None` when nobody knows how many come.
    #[must_use]
    pub fn new(total: Option<u64>, bytes_read: Arc<AtomicU64>, quiet: bool) -> Self {
        let bar = match total {
            _ if quiet || !std::io::stderr().is_terminal() => ProgressBar::hidden(),
            Some(total) => ProgressBar::new(total)
                .with_style(style("{bar:30} {msg} documents, {binary_bytes_per_sec}, {eta} left")),
            None => ProgressBar::new_spinner()
                .with_style(style("{spinner} {msg} documents, {binary_bytes_per_sec}")),
        };
        // What an earlier run has done tells nothing about the rate.
        bar.set_position(bytes_read.load(Ordering::Relaxed));
        bar.reset_eta();
        Self { bar, bytes_read, start: Instant::now(), quiet }
    }

    /// Shows the state.
    pub fn show(&self, totals: &Totals) {
        if !self.bar.is_hidden() {
            self.bar.set_position(self.bytes_read.load(Ordering::Relaxed));
            self.bar.set_message(HumanCount(totals.docs).to_string());
        }
    }

    /// Takes the line away.
    pub fn clear(self) {
        self.bar.finish_and_clear();
    }

    /// Takes the line away and says what the run came to.
    pub fn finish(self, totals: &Totals, pipeline: &Pipeline) {
        self.bar.finish_and_clear();
        if !self.quiet {
            eprintln!("{}", summary(totals, self.start.elapsed(), pipeline.times()));
        }
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

fn summary<'a>(totals: &Totals, took: Duration, times: impl Iterator<Item = (&'a str, Duration)>) -> String {
    let Totals { docs, failed, earlier, text_bytes, tokens } = *totals;
    let mut text = format!("{} document{}", HumanCount(docs), if docs == 1 { "" } else { "s" });
    if earlier > 0 {
        let _ = write!(text, " ({} of them by an earlier run)", HumanCount(earlier));
    }
    let _ = match failed {
        0 => write!(text, ", none with errors"),
        _ => write!(text, ", {} with errors", HumanCount(failed)),
    };
    let seconds = took.as_secs_f64().max(1e-9);
    let rate = HumanBytes((text_bytes as f64 / seconds) as u64);
    let _ = write!(text, "; {} of text in {seconds:.2} s, {rate}/s", HumanBytes(text_bytes));
    if tokens > 0 {
        let _ = write!(text, ", {} tokens/s", HumanCount((tokens as f64 / seconds) as u64));
    }
    let times: Vec<_> = times.collect();
    let sum: f64 = times.iter().map(|(_, time)| time.as_secs_f64()).sum();
    let shares = times.iter().map(|(name, time)| format!("{name} {:.0} %", 100.0 * time.as_secs_f64() / sum));
    if sum > 0.0 {
        let _ = write!(text, "\ntime by stage: {}", shares.collect::<Vec<_>>().join(", "));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_counts_and_divides() {
        let totals = Totals { docs: 1200, failed: 2, earlier: 0, text_bytes: 4 << 20, tokens: 800_000 };
        let times = [("tokenize", Duration::from_millis(250)), ("entities", Duration::from_millis(750))];
        assert_eq!(
            summary(&totals, Duration::from_secs(2), times.into_iter()),
            "1,200 documents, 2 with errors; 4.00 MiB of text in 2.00 s, 2.00 MiB/s, 400,000 tokens/s\n\
             time by stage: tokenize 25 %, entities 75 %"
        );
        let totals = Totals { earlier: 1000, ..totals };
        let text = summary(&totals, Duration::from_secs(2), times.into_iter());
        assert!(
            text.starts_with("1,200 documents (1,000 of them by an earlier run), 2 with errors"),
            "{text}"
        );
    }
}
