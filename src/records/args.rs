//! What `view` and `graph` are told about the records they read.

use std::path::PathBuf;

use clap::Args;

/// Records of `run`, and where their texts are.
#[derive(Args, Clone, Debug)]
pub struct Annotated {
    /// What `pipeline run` wrote: JSON Lines, also with .gz or .zst, or - for standard input
    #[arg(required = true, value_name = "OUTPUT")]
    pub outputs: Vec<PathBuf>,
    /// The documents `run` read, where the records hold no text; may be given several times
    #[arg(long, value_name = "INPUT", help_heading = "Input")]
    pub source: Vec<PathBuf>,
    /// Field of JSON documents that holds the text
    #[arg(long, value_name = "NAME", default_value = "text", help_heading = "Input")]
    pub text_field: String,
    /// Field of JSON documents that holds the id
    #[arg(long, value_name = "NAME", default_value = "id", help_heading = "Input")]
    pub id_field: String,
    /// Field of a record's `meta` that holds the date of the document
    #[arg(long, value_name = "NAME", default_value = "date", help_heading = "Input")]
    pub date_field: String,
    /// Take the first N records only
    #[arg(long, value_name = "N", help_heading = "Input", value_parser = clap::value_parser!(u64).range(1..))]
    pub limit: Option<u64>,
}
