//! What goes out: one file per format.

mod compress;
mod entity_order;
mod fields;
mod journal;
mod json;
mod jsonl;
mod offsets;
mod open;
mod output;
mod own_rows;
mod parquet;
mod part;
mod pen;
mod pieces;
mod places;
mod run_output;

use std::path::Path;

use pipeline_core::engine::Records;
use pipeline_core::plan::Plan;
use pipeline_core::{Document, Interner};

pub use compress::Compression;
pub use journal::Mark;
pub use jsonl::{JsonLines, RecordOptions};
pub use offsets::{OffsetUnit, Offsets};
pub use output::{Output, is_device};
pub(crate) use own_rows::is_own;
pub use part::begun;
pub use pieces::Pieces;
pub use run_output::{Resumed, RunOutput};

/// A format of records.
pub trait Format: Sync {
    /// Appends what the documents of a chunk become. Workers call it.
    fn encode(&self, docs: &[Document], out: &mut Records);

    /// How chunks become a file.
    fn pieces(&self) -> Pieces;
}

/// Which format a file has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormatKind {
    /// JSON Lines, perhaps compressed.
    JsonLines(Option<Compression>),
    /// Parquet.
    Parquet,
}

impl FormatKind {
    /// What the name of the output says; JSON Lines where it says nothing.
    ///
    /// # Errors
    /// In words for the user, for Parquet in an envelope: it is compressed inside.
    pub fn of(name: Option<&Path>) -> Result<Self, String> {
        let Some(name) = name else { return Ok(Self::JsonLines(None)) };
        let lower = name.to_string_lossy().to_ascii_lowercase();
        let (stem, compression) = match lower.rsplit_once('.') {
            Some((stem, "gz")) => (stem, Some(Compression::Gzip)),
            Some((stem, "zst")) => (stem, Some(Compression::Zstd)),
            _ => (lower.as_str(), None),
        };
        match (stem.ends_with(".parquet"), compression) {
            (false, compression) => Ok(Self::JsonLines(compression)),
            (true, None) => Ok(Self::Parquet),
            (true, Some(_)) => {
                Err(format!("{}: Parquet is compressed already; end the name with .parquet", name.display()))
            }
        }
    }
}

/// The one place that knows which writer writes what.
#[must_use]
pub fn format<'a>(
    kind: FormatKind,
    plan: &Plan,
    symbols: &'a Interner,
    options: &RecordOptions,
) -> Box<dyn Format + 'a> {
    match kind {
        FormatKind::JsonLines(compression) => {
            Box::new(jsonl::Lines::new(JsonLines::new(plan, symbols, options), compression))
        }
        FormatKind::Parquet => Box::new(parquet::Rows::new(plan, symbols, options)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_tells_the_format() {
        let of = |name: &str| FormatKind::of(Some(Path::new(name)));
        assert_eq!(of("a.jsonl"), Ok(FormatKind::JsonLines(None)));
        assert_eq!(of("b.parquet.d/a"), Ok(FormatKind::JsonLines(None)));
        assert_eq!(of("a.jsonl.GZ"), Ok(FormatKind::JsonLines(Some(Compression::Gzip))));
        assert_eq!(of("a.ndjson.zst"), Ok(FormatKind::JsonLines(Some(Compression::Zstd))));
        assert_eq!(of("a.parquet"), Ok(FormatKind::Parquet));
        assert!(of("a.parquet.gz").unwrap_err().contains("end the name with .parquet"));
        assert_eq!(FormatKind::of(None), Ok(FormatKind::JsonLines(None)));
    }
}
