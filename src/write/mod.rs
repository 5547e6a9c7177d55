//! What goes out: one file per format.

mod json;
mod offsets;
mod output;

pub use offsets::{OffsetUnit, Offsets};
pub use output::Output;
