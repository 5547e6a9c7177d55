//! What goes out: one file per format.

mod json;
mod jsonl;
mod offsets;
mod output;

pub use jsonl::{JsonLines, RecordOptions};
pub use offsets::{OffsetUnit, Offsets};
pub use output::Output;
