//! What stages are written against.
mod span;
pub use span::Span;
