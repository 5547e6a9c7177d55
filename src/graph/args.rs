//! What was typed after `pipeline graph`.

use std::path::PathBuf;

use clap::Args;

use crate::records::Annotated;

/// The arguments of `pipeline graph`.
#[derive(Args, Clone, Debug)]
#[command(after_help = "\
Formats, by the name of FILE:
  .graphml     for networkx, Gephi, yEd
  .csv         two files, NAME.nodes.csv and NAME.edges.csv, for neo4j-admin import; a folder gets nodes.csv, edges.csv
  .nt          N-Triples, for triple stores

Examples:
  pipeline run news/ --layers +text -o out.jsonl && pipeline graph out.jsonl -o who.graphml
  pipeline graph out.jsonl --source news/ -o who.csv
  pipeline graph january.jsonl.gz february.jsonl.gz -o who.nt")]
pub struct Graph {
    /// The records.
    #[command(flatten)]
    pub annotated: Annotated,
    /// File to write: .graphml, .csv or .nt; or a folder, for two CSV files
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    /// Names that no relation touches as well
    #[arg(long)]
    pub all: bool,
    /// Statements kept as evidence of an edge; all are counted
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub evidence: usize,
    /// What the IRIs of N-Triples begin with
    #[arg(long, value_name = "IRI", default_value = "urn:pipeline:")]
    pub base: String,
    /// Say nothing on standard error but errors
    #[arg(short, long)]
    pub quiet: bool,
}
