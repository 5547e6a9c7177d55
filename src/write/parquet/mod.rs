//! Parquet: a row a document. The schema is described in `docs/formats.md`.
//!
//! Workers make Arrow columns of a chunk of documents ([`Rows`]); the writing thread gathers chunks into row groups
//! ([`RowGroups`]). Each is a small file of its own at first, so that a run can be gone on with after any of them; at
//! the end they are put together by copying their bytes.

mod columns;
mod groups;
mod layer;
mod open;
mod schema;

pub(crate) use groups::RowGroups;

use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{ArrowError, Schema};
use pipeline_core::engine::Records;
use pipeline_core::plan::Plan;
use pipeline_core::{Document, Interner};

use self::columns::Columns;
use self::schema::Shape;
use super::jsonl::RecordOptions;
use super::{Format, Pieces};

/// Makes columns of documents; made for one plan.
pub(crate) struct Rows<'a> {
    symbols: &'a Interner,
    shape: Shape,
    schema: Arc<Schema>,
}

impl<'a> Rows<'a> {
    /// Rows for documents of `plan`.
    #[must_use]
    pub(crate) fn new(plan: &Plan, symbols: &'a Interner, options: &RecordOptions) -> Self {
        let shape = Shape::new(plan, options);
        let schema = Arc::new(shape.schema());
        Self { symbols, shape, schema }
    }

    fn batch(&self, docs: &[Document]) -> Result<RecordBatch, ArrowError> {
        let mut columns = Columns::new(&self.shape, self.symbols);
        docs.iter().for_each(|doc| columns.push(doc));
        RecordBatch::try_new(Arc::clone(&self.schema), columns.finish()?)
    }

    fn write(&self, docs: &[Document], out: &mut Vec<u8>) -> Result<(), ArrowError> {
        let batch = self.batch(docs)?;
        let mut stream = StreamWriter::try_new(out, &self.schema)?;
        stream.write(&batch)?;
        stream.finish()
    }
}

impl Format for Rows<'_> {
    /// # Panics
    /// When the columns of a chunk do not fit their schema, which is a fault of the program.
    fn encode(&self, docs: &[Document], out: &mut Records) {
        self.write(docs, out).expect("columns fit the schema they are made for");
    }

    fn pieces(&self) -> Pieces {
        Pieces::RowGroups(Box::new(RowGroups::new(Arc::clone(&self.schema))))
    }
}
