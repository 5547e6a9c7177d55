//! What was typed after `pipeline bench`.

use std::path::PathBuf;

use clap::Args;

use crate::cli;

const EXAMPLES: &str = "\
Examples:
  pipeline bench                                  generated news
  pipeline bench news/ --html speed.html          your documents, as a page with plots
  pipeline bench news/ --against plugins          built in against the same stages from libraries
  pipeline bench news/ --against other.toml       one configuration against another
  pipeline bench news/ --layers language --json speed.json";

const DETAILS: &str = "\
HOW IT MEASURES
  Each measurement is a process of its own that does what `run` does, after a warm-up: it reads the documents, annotates
  them and makes their records. Rounds of all measurements follow each other, so that what else the machine does
  disturbs all alike; shown are medians over the rounds, with quartiles. Rounds go on until the medians are known to
  within 1 % or --seconds are over. What is found must be the same in every round; if not, nothing is reported.
  Of long inputs the first documents are taken, as many as fit into the time.

  With --against both configurations take turns in every round. A difference is called one when it is more than 1 %
  and the 99 % confidence interval of the median ratio leaves out 1.";

/// The arguments of `pipeline bench`.
#[derive(Args, Clone, Debug)]
#[command(after_help = EXAMPLES, after_long_help = format!("{DETAILS}\n\n{EXAMPLES}"))]
pub struct Bench {
    /// Files, folders, or - for standard input; without any, news that is generated
    #[arg(value_name = "INPUT")]
    pub inputs: Vec<PathBuf>,
    /// Compare with this configuration file; with `plugins`: with the same stages from libraries
    #[arg(long, value_name = "FILE|plugins", help_heading = "Measuring")]
    pub against: Option<PathBuf>,
    /// Time it may take
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=86_400), help_heading = "Measuring")]
    pub seconds: u32,
    /// Bytes of generated news; accepts K, M, G
    #[arg(hide_short_help = true, long, value_name = "BYTES", default_value = "8M", value_parser = cli::bytes, help_heading = "Measuring")]
    pub size: u64,
    /// Seed of generated news; the same seed gives the same documents
    #[arg(hide_short_help = true, long, value_name = "N", default_value_t = 1, help_heading = "Measuring")]
    pub seed: u64,
    /// Write all figures to this file, as JSON
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub json: Option<PathBuf>,
    /// Write a page with plots to this file
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub html: Option<PathBuf>,
    /// Layers of the records, as for `run`
    #[arg(long, value_name = "LIST", help_heading = "Output")]
    pub layers: Option<String>,
    /// Say nothing on standard error but errors and warnings
    #[arg(short, long, help_heading = "Output")]
    pub quiet: bool,
    /// How documents are read.
    #[command(flatten)]
    pub documents: cli::Documents,
    /// Which stages, with which options.
    #[command(flatten)]
    pub pipeline: cli::Pipeline,
    /// What a process that the command starts is to measure
    #[arg(long, hide = true, value_name = "JSON")]
    pub job: Option<String>,
}

impl Bench {
    /// The run that is measured, with documents from `inputs`.
    pub(super) fn into_run(self, inputs: Vec<PathBuf>) -> cli::Run {
        cli::Run {
            inputs,
            output: None,
            resume: false,
            pipeline: self.pipeline,
            layers: self.layers,
            offsets: cli::Unit::Chars,
            keep_meta: false,
            documents: self.documents,
            max_errors: None,
            quiet: true,
        }
    }
}
