//! What was typed after `pipeline view`.

use std::path::PathBuf;

use clap::Args;

use crate::records::Annotated;

/// The arguments of `pipeline view`.
#[derive(Args, Clone, Debug)]
#[command(after_help = "\
Examples:
  pipeline run news/ --layers +text -o out.jsonl && pipeline view out.jsonl -o news.html
  pipeline view out.jsonl --source news/ -o news.html       records without text
  pipeline view out.jsonl --limit 500 -o start.html         the first 500 documents

The page is one file and needs no network. It holds up to 20,000 documents and 64 MiB of text; of more, take a part
with --limit, or some lines of OUTPUT: grep ORG out.jsonl | pipeline view - -o some.html")]
pub struct View {
    /// The records.
    #[command(flatten)]
    pub annotated: Annotated,
    /// Page to write
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    /// Title of the page [default: the name of OUTPUT]
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// Say nothing on standard error but errors
    #[arg(short, long)]
    pub quiet: bool,
}
