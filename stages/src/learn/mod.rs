//! Learners the stages share.

pub mod crf;
pub mod hash;
pub mod net;
pub mod random;
