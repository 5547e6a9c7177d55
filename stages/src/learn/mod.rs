//! Learners the stages share.
