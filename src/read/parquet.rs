//! Parquet: a document a row, its fields in columns. Batches of rows are small, whatever the size of row groups.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use arrow_array::cast::AsArray;
use arrow_array::{Array, RecordBatch, StringArray};
use arrow_json::WriterBuilder;
use arrow_json::writer::LineDelimited;
use arrow_schema::{ArrowError, DataType, Schema};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::errors::ParquetError;
use parquet::file::metadata::ParquetMetaData;
use pipeline_core::ErrorCode;

use super::decode::DecodeOptions;
use super::fields::Fields;
use super::{Body, InputError, RawDoc, Reader, advance, too_large};

type Builder = ParquetRecordBatchReaderBuilder<File>;

/// Bytes of text a batch is to have.
const BATCH_BYTES: i64 = 256 << 10;
/// Rows it has at most.
const BATCH_ROWS: i64 = 1024;

/// Reads the rows of a file.
pub(super) struct ParquetFile {
    name: Arc<str>,
    batches: Option<ParquetRecordBatchReader>,
    wanted: Wanted,
    rows: std::vec::IntoIter<Fields>,
    /// The last row given, from 1.
    row: u64,
    total: u64,
    limit: u64,
    bytes: u64,
    counter: Arc<AtomicU64>,
}

/// Names of columns.
struct Wanted {
    text: String,
    id: Option<String>,
    title: Option<String>,
    date: Option<String>,
    /// All others, where they are kept.
    others: Vec<String>,
}

impl ParquetFile {
    pub(super) fn open(
        name: Arc<str>,
        path: &Path,
        options: &DecodeOptions,
        limit: u64,
        counter: &Arc<AtomicU64>,
    ) -> Result<Self, InputError> {
        let file = File::open(path).map_err(|error| super::unreadable(&error))?;
        let bytes = file.metadata().map_or(0, |found| found.len());
        // Types as Parquet has them: what the writing program called them is of no matter here.
        let reading = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        let builder = Builder::try_new_with_options(file, reading).map_err(|error| fault(&error))?;
        let wanted = Wanted::new(builder.schema(), options)?;
        let total = builder.metadata().file_metadata().num_rows().max(0) as u64;
        let rows = batch_rows(builder.metadata(), &wanted.text);
        let builder = builder.with_batch_size(rows);
        let mask = wanted.mask(&builder);
        let batches = builder.with_projection(mask).build().map_err(|error| fault(&error))?;
        Ok(Self {
            name,
            batches: Some(batches),
            wanted,
            rows: Vec::new().into_iter(),
            row: 0,
            total,
            limit,
            bytes,
            counter: Arc::clone(counter),
        })
    }

    fn next_batch(&mut self) -> Option<Result<Vec<Fields>, InputError>> {
        let batch = self.batches.as_mut()?.next()?;
        let fields = batch.and_then(|batch| {
            let share = u128::from(self.bytes) * batch.num_rows() as u128 / u128::from(self.total.max(1));
            advance(&self.counter, share as usize);
            self.wanted.rows(&batch)
        });
        Some(fields.map_err(|error| {
            // What follows cannot be read either.
            self.batches = None;
            InputError::new(ErrorCode::Unreadable, format!("cannot be read: {error}"))
        }))
    }

    fn record(&mut self, fields: Fields) -> RawDoc {
        self.row += 1;
        let over = fields.text.as_ref().is_some_and(|text| text.len() as u64 > self.limit);
        let body = match over {
            true => Err(too_large("this row", self.limit)),
            false => Ok(Body::Fields(Box::new(fields))),
        };
        RawDoc { source: Arc::clone(&self.name), line: self.row, body }
    }
}

impl Reader for ParquetFile {
    fn next(&mut self) -> Option<RawDoc> {
        loop {
            if let Some(fields) = self.rows.next() {
                return Some(self.record(fields));
            }
            match self.next_batch()? {
                Ok(rows) => self.rows = rows.into_iter(),
                Err(error) => {
                    let source = Arc::clone(&self.name);
                    return Some(RawDoc { source, line: self.row + 1, body: Err(error) });
                }
            }
        }
    }
}

impl Wanted {
    fn new(schema: &Schema, options: &DecodeOptions) -> Result<Self, InputError> {
        let has = |name: &str| schema.fields().iter().any(|field| field.name() == name);
        let some = |name: &String| has(name).then(|| name.clone());
        if !has(&options.text_field) {
            let names: Vec<_> = schema.fields().iter().map(|field| field.name().as_str()).collect();
            let message = format!(
                "no column `{}`: name the one that has the text with --text-field; there are {}",
                options.text_field,
                names.join(", ")
            );
            return Err(InputError::new(ErrorCode::MissingField, message));
        }
        let mut wanted = Self {
            text: options.text_field.clone(),
            id: some(&options.id_field),
            title: options.title_field.as_ref().and_then(some),
            date: options.date_field.as_ref().and_then(some),
            others: Vec::new(),
        };
        if options.keep_meta {
            let names = schema.fields().iter().map(|field| field.name());
            wanted.others =
                names.filter(|name| !wanted.named().any(|known| known == *name)).cloned().collect();
        }
        Ok(wanted)
    }

    fn named(&self) -> impl Iterator<Item = &String> {
        [Some(&self.text), self.id.as_ref(), self.title.as_ref(), self.date.as_ref()].into_iter().flatten()
    }

    fn mask(&self, builder: &Builder) -> ProjectionMask {
        let all: Vec<&String> = self.named().chain(&self.others).collect();
        let fields = builder.schema().fields().iter().enumerate();
        let roots = fields.filter(|(_, field)| all.contains(&field.name())).map(|(number, _)| number);
        ProjectionMask::roots(builder.parquet_schema(), roots)
    }

    fn rows(&self, batch: &RecordBatch) -> Result<Vec<Fields>, ArrowError> {
        let column = |name: Option<&String>| name.map(|name| words(batch, name)).transpose();
        let (text, id) = (words(batch, &self.text)?, column(self.id.as_ref())?);
        let (title, date) = (column(self.title.as_ref())?, column(self.date.as_ref())?);
        let mut metas = self.metas(batch)?.into_iter();
        let rows = (0..batch.num_rows()).map(|row| Fields {
            text: word(&text, row),
            id: id.as_ref().and_then(|column| word(column, row)),
            title: title.as_ref().and_then(|column| word(column, row)),
            date: date.as_ref().and_then(|column| word(column, row)),
            meta: metas.next(),
        });
        Ok(rows.collect())
    }

    /// The other columns, a JSON object for each row.
    fn metas(&self, batch: &RecordBatch) -> Result<Vec<String>, ArrowError> {
        if self.others.is_empty() {
            return Ok(Vec::new());
        }
        let schema = batch.schema();
        let numbers = self.others.iter().map(|name| schema.index_of(name)).collect::<Result<Vec<_>, _>>()?;
        let mut lines = Vec::new();
        let mut writer = WriterBuilder::new().with_explicit_nulls(true).build::<_, LineDelimited>(&mut lines);
        writer.write(&batch.project(&numbers)?)?;
        writer.finish()?;
        drop(writer);
        let lines = String::from_utf8(lines).map_err(|error| ArrowError::JsonError(error.to_string()))?;
        Ok(lines.lines().map(str::to_owned).collect())
    }
}

/// A column of any type as text: dates and times as ISO 8601 has them.
fn words(batch: &RecordBatch, name: &str) -> Result<StringArray, ArrowError> {
    let column = batch.column(batch.schema().index_of(name)?);
    Ok(arrow_cast::cast(column, &DataType::Utf8)?.as_string::<i32>().clone())
}

fn word(column: &StringArray, row: usize) -> Option<String> {
    column.is_valid(row).then(|| column.value(row).to_owned())
}

/// Rows of a batch, by how long texts are in the row group that has the longest.
fn batch_rows(metadata: &ParquetMetaData, text: &str) -> usize {
    let row_bytes = metadata.row_groups().iter().map(|group| {
        let columns = group.columns().iter();
        let texts =
            columns.filter(|column| column.column_path().parts().first().is_some_and(|name| name == text));
        texts.map(|column| column.uncompressed_size()).sum::<i64>() / group.num_rows().max(1)
    });
    (BATCH_BYTES / row_bytes.max().unwrap_or(0).max(1)).clamp(1, BATCH_ROWS) as usize
}

fn fault(error: &ParquetError) -> InputError {
    InputError::new(ErrorCode::Unreadable, format!("cannot be read as Parquet: {error}"))
}
