//! Processes that measure, one after the other, round after round.

use std::io::{BufReader, Read};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;

use super::args::Bench;
use super::job::{Counts, Job, Latency, Pass, Side, Task};
use super::sample::{Sample, first_documents};
use super::side;
use crate::interrupt;

/// Rounds that are always made, however long they take.
const FEWEST: usize = 3;
/// Rounds after which to stop when medians are known to within [`KNOWN`].
const ENOUGH: usize = 12;
/// How well medians are to be known.
const KNOWN: f64 = 0.01;
/// Rounds that are planned for.
const PLANNED: f64 = 14.0;
/// Bytes of documents that make a pass worth timing: several chunks for each thread.
const ENOUGH_BYTES: f64 = 2e6;
/// Bytes of documents for the first look at how fast this machine is.
const TRIAL: f64 = 100e3;

/// What was measured of one side, a value each round.
#[derive(Default)]
pub(super) struct Rounds {
    /// Seconds from the start of the program to its first record.
    pub(super) start_up: Vec<f64>,
    /// For each number of threads, the passes.
    pub(super) passes: Vec<(usize, Vec<Pass>)>,
    pub(super) latencies: Vec<Latency>,
}

impl Rounds {
    /// What is found in the documents.
    pub(super) fn counts(&self) -> Counts {
        self.passes.first().and_then(|(_, passes)| passes.first()).map(|pass| pass.counts).unwrap_or_default()
    }

    fn is_known(&self) -> bool {
        let known = |passes: &Vec<Pass>| {
            let times = passes.iter().map(|pass| pass.seconds).collect();
            super::stats::Summary::of(times).is_some_and(|times| times.is_known_to(KNOWN))
        };
        self.passes.iter().all(|(_, passes)| known(passes))
    }
}

/// All that is needed to measure.
pub(super) struct Session<'a> {
    sample: &'a Sample,
    sides: Vec<Side>,
    threads: Vec<usize>,
    until: Instant,
    documents: u64,
    /// Whether the documents are all of the input.
    pub(super) whole: bool,
    passes: u32,
    show: Box<dyn Fn(&str) + 'a>,
}

impl<'a> Session<'a> {
    /// Tries both sides and settles how many documents are taken. `show` is told how far it is.
    ///
    /// # Errors
    /// In words for the user: all that `run` would refuse.
    pub(super) fn new(
        args: &'a Bench,
        sample: &'a Sample,
        show: Box<dyn Fn(&str) + 'a>,
    ) -> Result<Self, String> {
        let sides = if args.against.is_some() { vec![Side::One, Side::Other] } else { vec![Side::One] };
        let until = Instant::now() + Duration::from_secs(args.seconds.into());
        let config = side::config(args, Side::One, sample.inputs(args))?;
        let threads = thread_counts(crate::run::threads(config.pipeline.threads).get());
        let mut session = Self { sample, sides, threads, until, documents: 1, whole: true, passes: 1, show };
        (session.show)("a first look");
        (session.documents, session.whole) = first_documents(&config, TRIAL)?;
        let mut rate = f64::INFINITY;
        let mut bytes = 0;
        for &side in &session.sides {
            session.first_record(side)?;
            let pass: Pass = session.ask(side, Task::Pass { threads: 1, passes: 1 })?;
            bytes = pass.counts.text_bytes;
            if bytes == 0 {
                return Err("the documents hold no text: give others, or name the field that has it with --text-field"
                    .into());
            }
            rate = rate.min(bytes as f64 / pass.seconds.max(1e-6));
        }
        // Enough for many rounds that fit into the time; if these would be short, fewer rounds.
        let fewest = rate * session.time_of_a_pass(FEWEST as f64 + 1.0);
        let wanted = (rate * session.time_of_a_pass(PLANNED)).max(fewest.min(ENOUGH_BYTES));
        if !session.whole {
            (session.documents, session.whole) = first_documents(&config, wanted)?;
        } else {
            session.passes = (wanted / bytes as f64).clamp(1.0, 1e6) as u32;
        }
        Ok(session)
    }

    /// Seconds that a pass on one thread is to take, so that so many rounds fit. A round has on each side one for
    /// each number of threads and one for single documents, each with a warm-up.
    fn time_of_a_pass(&self, rounds: f64) -> f64 {
        let left = self.until.saturating_duration_since(Instant::now()).as_secs_f64();
        let shares = 1.1 + self.threads.iter().map(|&threads| 1.1 / threads as f64).sum::<f64>();
        let starts = 0.1 * (2 + self.threads.len()) as f64;
        let round = left / rounds / self.sides.len() as f64;
        ((round - starts) / shares).clamp(0.02, 5.0)
    }

    /// Measures until the medians are known or time is over.
    ///
    /// # Errors
    /// When a process fails, or does not find what the others found.
    pub(super) fn measure(&self) -> Result<Vec<Rounds>, String> {
        let mut all: Vec<Rounds> = self.sides.iter().map(|_| Rounds::default()).collect();
        let mut longest = Duration::ZERO;
        for number in 0.. {
            let start = Instant::now();
            let known = number >= ENOUGH && all.iter().all(Rounds::is_known);
            if number >= FEWEST && (known || start + longest > self.until) {
                break;
            }
            (self.show)(&format!(
                "round {}, {} s left",
                number + 1,
                self.until.saturating_duration_since(start).as_secs()
            ));
            self.round(number, &mut all)?;
            longest = longest.max(start.elapsed());
        }
        Ok(all)
    }

    /// One of each; who is first takes turns.
    fn round(&self, number: usize, all: &mut [Rounds]) -> Result<(), String> {
        let order = |nth: usize| (nth + number) % self.sides.len();
        let turns = || (0..self.sides.len()).map(order);
        for nth in turns() {
            all[nth].start_up.push(self.first_record(self.sides[nth])?);
        }
        for (place, &threads) in self.threads.iter().enumerate() {
            for nth in turns() {
                let pass: Pass = self.ask(self.sides[nth], Task::Pass { threads, passes: self.passes })?;
                self.keep(&mut all[nth], place, threads, pass)?;
            }
        }
        for nth in turns() {
            // A document's fastest of several passes is no better than that of one where they are many.
            let passes = self.passes.min(5);
            all[nth].latencies.push(self.ask(self.sides[nth], Task::Each { passes })?);
        }
        Ok(())
    }

    fn keep(&self, rounds: &mut Rounds, place: usize, threads: usize, pass: Pass) -> Result<(), String> {
        let expected = rounds.passes.first().map(|_| rounds.counts());
        if expected.is_some_and(|expected| expected != pass.counts) {
            return Err(format!(
                "a round on {threads} threads found other things in the same documents ({:?}, expected was {expected:?}): \
                 nothing is reported; were they changed meanwhile?",
                pass.counts
            ));
        }
        if rounds.passes.len() == place {
            rounds.passes.push((threads, Vec::new()));
        }
        rounds.passes[place].1.push(pass);
        Ok(())
    }

    /// This program, as it was called, with a job.
    fn process(&self, side: Side, documents: u64, task: Task) -> Result<Command, String> {
        let job = Job { side, input: self.sample.file.clone(), documents, task };
        let job = serde_json::to_string(&job).map_err(|error| error.to_string())?;
        let program =
            std::env::current_exe().map_err(|error| format!("the program cannot be found: {error}"))?;
        let mut command = Command::new(program);
        // Options come before a `--` that was typed.
        command.args(["bench", "--job", &job]).args(std::env::args_os().skip(2));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Ok(command)
    }

    fn ask<T: DeserializeOwned>(&self, side: Side, task: Task) -> Result<T, String> {
        let done =
            self.process(side, self.documents, task)?.output().map_err(|error| cannot_start(&error))?;
        if interrupt::asked() {
            return Err("interrupted: nothing is reported".into());
        }
        if !done.status.success() {
            return Err(failure(&done.stderr));
        }
        serde_json::from_slice(&done.stdout).map_err(|error| format!("a process gave no answer: {error}"))
    }

    /// Seconds from starting the program until it gives the record of the first document.
    fn first_record(&self, side: Side) -> Result<f64, String> {
        let start = Instant::now();
        let mut process = self.process(side, 1, Task::Run)?.spawn().map_err(|error| cannot_start(&error))?;
        let mut stdout = BufReader::new(process.stdout.take().ok_or("no output")?);
        let first = stdout.read_exact(&mut [0]).map(|()| start.elapsed().as_secs_f64());
        // It must not wait for somebody who reads the rest.
        let _ = std::io::copy(&mut stdout, &mut std::io::sink());
        let done = process.wait_with_output().map_err(|error| cannot_start(&error))?;
        first.map_err(|_| failure(&done.stderr))
    }
}

fn cannot_start(error: &std::io::Error) -> String {
    format!("processes that measure cannot be started: {error}")
}

/// What a process said before it failed.
fn failure(stderr: &[u8]) -> String {
    let said = String::from_utf8_lossy(stderr);
    let said = said.trim();
    match said.strip_prefix("error: ") {
        Some(said) => said.to_owned(),
        None if said.is_empty() => "a process that measures was ended from outside".to_owned(),
        None => said.to_owned(),
    }
}

/// One, two, four and so on, and all.
fn thread_counts(most: usize) -> Vec<usize> {
    let mut all: Vec<usize> =
        std::iter::successors(Some(1), |n| Some(n * 2)).take_while(|n| *n < most).collect();
    all.push(most);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_double_up_to_all() {
        assert_eq!(thread_counts(1), [1]);
        assert_eq!(thread_counts(2), [1, 2]);
        assert_eq!(thread_counts(6), [1, 2, 4, 6]);
    }

    #[test]
    fn what_a_process_said_is_handed_on() {
        assert_eq!(failure(b"error: unknown stage `x`\n"), "unknown stage `x`");
        assert!(failure(b"").contains("ended from outside"));
    }
}
