//! `pipeline graph`: who with whom over all documents.
//!
//! `merge` makes things of mentions and edges of relations, over documents in a stream; one file per format writes
//! them. The rule and the formats are described in `docs/graph.md`.

mod args;
mod csv;
mod format;
mod graphml;
mod merge;
#[cfg(test)]
mod merge_tests;
mod name;
mod network;
mod ntriples;
mod vocabulary;

pub use args::Graph;
pub use merge::Merger;
pub use network::{Edge, Evidence, Network, Node};
pub use stages::relations::is_symmetric;
pub use vocabulary::{VALUE_LABELS, is_value};

use format::Target;

use crate::records::{Places, Records};
use crate::status::Status;

/// Runs the command.
///
/// # Errors
/// In words for the user, when it could not run or not to its end.
pub fn run(args: &Graph) -> Result<Status, String> {
    let target = Target::new(&args.output)?;
    let mut merger = Merger::new(args.evidence);
    let mut undated = 0_u64;
    let mut records = Records::open(&args.annotated)?;
    let mut without_text = 0_u64;
    while let Some(record) = records.next()? {
        let text = record.text.as_deref().unwrap_or_default();
        let places = Places::new(text, record.offsets);
        record.agree(&places)?;
        without_text += u64::from(record.text.is_none());
        let date = record.date(&args.annotated.date_field);
        undated += u64::from(date.is_none());
        merger.add(&record, &places, date);
    }
    let documents = merger.documents();
    let network = merger.finish(args.all);
    target.write(&network, &args.base)?;
    if !args.quiet {
        report(&network, documents, &target);
        note(documents, without_text, undated, &args.annotated.date_field);
    }
    Ok(Status::Well)
}

fn report(network: &Network, documents: u64, target: &Target) {
    let statements: u64 = network.edges.iter().map(|edge| edge.count).sum();
    eprintln!(
        "{documents} documents: {} names, {} edges from {statements} relations, in {}",
        network.nodes.len(),
        network.edges.len(),
        target.names()
    );
}

fn note(documents: u64, without_text: u64, undated: u64, field: &str) {
    if without_text > 0 {
        eprintln!(
            "note: {without_text} records hold no text, so their triggers are left out: run with --layers +text, or \
             give the documents with --source"
        );
    }
    if undated == documents {
        eprintln!(
            "note: no record has a date in meta.{field}, so edges have none: run with --keep-meta on documents that \
             have one, or name its field with --date-field"
        );
    }
}
