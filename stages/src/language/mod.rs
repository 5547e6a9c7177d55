//! The language of a text.

pub mod codes;
mod detector;
pub mod features;
mod memory;
mod model;
pub mod ngrams;
pub mod script;
mod stage;
pub mod train;

pub use detector::Detector;
pub use memory::Memory;
pub use model::Model;
pub use stage::LanguageStage;

/// What a text is written in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Detection {
    /// BCP 47 code; `und` when nothing can be said.
    pub code: &'static str,
    /// Probability that `code` is right, 0 to 1.
    pub confidence: f32,
}

impl Detection {
    /// Nothing can be said.
    pub const UNDETERMINED: Self = Self { code: "und", confidence: 0.0 };
}
