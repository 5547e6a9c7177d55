//! The stage `triples` as a library of its own.
#![forbid(unsafe_code)]

pipeline_core::export_plugin!(stages::triples::TriplesStage);
