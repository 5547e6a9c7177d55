//! The stage `syntax` as a library of its own.
#![forbid(unsafe_code)]

pipeline_core::export_plugin!(stages::syntax::SyntaxStage);
