//! What comes in: one file per format.

pub mod gold;
