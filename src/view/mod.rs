//! `pipeline view`: records as one page that needs nothing else.
//!
//! `data` makes what the page shows of the records, with all offsets in the UTF-16 units of its scripts; `page`
//! puts it together with the scripts and styles under `assets/`.

mod args;
mod data;
mod page;
#[cfg(test)]
mod palette;

pub use args::View;

use crate::graph::Merger;
use crate::records::{Record, Records};
use crate::status::Status;
use crate::write::Output;

/// Most documents a page may hold.
const MAX_DOCUMENTS: usize = 20_000;
/// Most bytes of text a page may hold.
const MAX_BYTES: usize = 64 << 20;

/// Runs the command.
///
/// # Errors
/// In words for the user, when it could not run or not to its end.
pub fn run(args: &View) -> Result<Status, String> {
    let collection = collect(args)?;
    let page = page::assemble(&title(args), &collection);
    let mut output = Output::open(Some(&args.output))?;
    let name = output.name();
    output
        .write(page.as_bytes())
        .and_then(|()| output.finish())
        .map_err(|error| format!("{name} cannot be written: {error}"))?;
    if !args.quiet {
        let (documents, bytes) = (collection.docs.len(), page.len());
        eprintln!("{documents} documents in {} ({:.1} MB)", args.output.display(), bytes as f64 / 1e6);
    }
    Ok(Status::Well)
}

fn collect(args: &View) -> Result<data::Collection, String> {
    let mut records = Records::open(&args.annotated)?;
    let mut collector = data::Collector::default();
    // Evidence is shown in the texts themselves.
    let mut merger = Merger::new(0);
    let mut bytes = 0;
    while let Some(record) = records.next()? {
        bytes += text_of(&record)?.len();
        if collector.documents() == MAX_DOCUMENTS || bytes > MAX_BYTES {
            return Err(too_much(collector.documents()));
        }
        collector.add(&record, record.date(&args.annotated.date_field), &mut merger)?;
    }
    Ok(collector.finish(merger))
}

fn text_of(record: &Record) -> Result<&str, String> {
    record.text.as_deref().ok_or_else(|| {
        format!(
            "{}: this record holds no text: run again with --layers +text, or give the documents with --source",
            record.id
        )
    })
}

fn too_much(documents: usize) -> String {
    format!(
        "too much for one page, which holds {MAX_DOCUMENTS} documents and {} MiB of text: take the first of them with \
         --limit {documents}, or some lines of the records, e.g. grep ORG out.jsonl | pipeline view - -o some.html",
        MAX_BYTES >> 20
    )
}

fn title(args: &View) -> String {
    let file = || args.annotated.outputs.first()?.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let title = args.title.clone().or_else(file).filter(|title| title != "-");
    title.unwrap_or_else(|| "Documents".to_owned())
}
