//! What the `pipeline` program is made of, lent to benches and bindings.

pub mod read;
pub mod write;
