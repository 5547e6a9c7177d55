//! Row groups: many chunks in one, and in the end all in one file.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom};
use std::sync::Arc;

use arrow_ipc::reader::StreamReader;
use arrow_schema::{ArrowError, Schema};
use bytes::Bytes;
use parquet::arrow::ArrowSchemaConverter;
use parquet::arrow::arrow_writer::{ArrowWriter, ArrowWriterOptions};
use parquet::basic::{Compression, ZstdLevel};
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::ParquetError;
use parquet::file::metadata::{KeyValue, ParquetMetaDataReader};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesPtr};
use parquet::file::writer::SerializedFileWriter;
use pipeline_core::engine::Finished;

/// Documents of a row group. Readers go through a file by row groups, on a thread each.
const DOCUMENTS: u64 = 1 << 14;
/// Bytes of text after which one is full sooner; it is held in memory, encoded, until it is.
const TEXT_BYTES: u64 = 16 << 20;

/// Gathers chunks. Where a row group ends depends on the input alone.
#[derive(Debug)]
pub struct RowGroups {
    schema: Arc<Schema>,
    properties: WriterPropertiesPtr,
    open: Option<ArrowWriter<Vec<u8>>>,
    docs: u64,
    text_bytes: u64,
}

impl RowGroups {
    pub(super) fn new(schema: Arc<Schema>) -> Self {
        let metadata = schema.metadata();
        let mut metadata: Vec<_> =
            metadata.iter().map(|(key, value)| KeyValue::new(key.clone(), value.clone())).collect();
        metadata.sort_by(|a, b| a.key.cmp(&b.key));
        let properties = WriterProperties::builder()
            .set_created_by(concat!("pipeline version ", env!("CARGO_PKG_VERSION")).to_owned())
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_offset_index_disabled(true)
            .set_max_row_group_row_count(None)
            // Words that differ from row to row gain nothing from a dictionary.
            .set_column_dictionary_enabled("id".into(), false)
            .set_column_dictionary_enabled("text".into(), false)
            .set_key_value_metadata(Some(metadata))
            .build();
        Self { schema, properties: Arc::new(properties), open: None, docs: 0, text_bytes: 0 }
    }

    /// Takes a chunk; gives the row group that is full with it.
    ///
    /// # Errors
    /// When the columns cannot be encoded.
    pub(crate) fn push(&mut self, chunk: &Finished) -> io::Result<Option<Vec<u8>>> {
        self.encode(&chunk.bytes).map_err(of_arrow)?;
        self.docs += chunk.docs;
        self.text_bytes += chunk.text_bytes;
        if self.docs >= DOCUMENTS || self.text_bytes >= TEXT_BYTES { self.last() } else { Ok(None) }
    }

    fn encode(&mut self, columns: &[u8]) -> Result<(), ArrowError> {
        if self.open.is_none() {
            let properties = WriterProperties::clone(&self.properties);
            let options =
                ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
            let writer = ArrowWriter::try_new_with_options(Vec::new(), Arc::clone(&self.schema), options)?;
            self.open = Some(writer);
        }
        let Some(writer) = &mut self.open else { return Ok(()) };
        for batch in StreamReader::try_new(columns, None)? {
            writer.write(&batch?)?;
        }
        Ok(())
    }

    /// The row group under way, with its length before it.
    ///
    /// # Errors
    /// When the columns cannot be encoded.
    pub(crate) fn last(&mut self) -> io::Result<Option<Vec<u8>>> {
        (self.docs, self.text_bytes) = (0, 0);
        let Some(writer) = self.open.take() else { return Ok(None) };
        let file = writer.into_inner().map_err(of_parquet)?;
        let mut piece = (file.len() as u64).to_le_bytes().to_vec();
        piece.extend_from_slice(&file);
        Ok(Some(piece))
    }

    /// Puts the row groups of `part` one after the other into `whole`.
    ///
    /// # Errors
    /// When one cannot be read or the other not be written.
    pub(crate) fn merge(&self, part: &mut File, whole: File) -> io::Result<()> {
        let schema = ArrowSchemaConverter::new().convert(&self.schema).map_err(of_parquet)?;
        let out = BufWriter::with_capacity(1 << 20, whole);
        let properties = Arc::clone(&self.properties);
        let mut writer =
            SerializedFileWriter::new(out, schema.root_schema_ptr(), properties).map_err(of_parquet)?;
        part.seek(SeekFrom::Start(0))?;
        while let Some(piece) = read_piece(part)? {
            append(&mut writer, piece).map_err(of_parquet)?;
        }
        let out = writer.into_inner().map_err(of_parquet)?;
        out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
    }
}

fn read_piece(part: &mut File) -> io::Result<Option<Bytes>> {
    let mut length = [0; 8];
    match part.read_exact(&mut length) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let length = u64::from_le_bytes(length);
    let mut piece = Vec::new();
    part.take(length).read_to_end(&mut piece)?;
    match piece.len() as u64 == length {
        true => Ok(Some(piece.into())),
        false => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

/// Copies the row groups of a file, encoded as they are.
fn append(writer: &mut SerializedFileWriter<BufWriter<File>>, piece: Bytes) -> Result<(), ParquetError> {
    let metadata = ParquetMetaDataReader::new().parse_and_finish(&piece)?;
    for group in metadata.row_groups() {
        let mut to = writer.next_row_group()?;
        for column in group.columns() {
            let close = ColumnCloseResult {
                bytes_written: column.compressed_size() as u64,
                rows_written: group.num_rows() as u64,
                metadata: column.clone(),
                bloom_filter: None,
                column_index: None,
                offset_index: None,
            };
            to.append_column(&piece, close)?;
        }
        to.close()?;
    }
    Ok(())
}

fn of_parquet(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(inner) => match inner.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(inner) => io::Error::other(inner),
        },
        other => io::Error::other(other),
    }
}

fn of_arrow(error: ArrowError) -> io::Error {
    match error {
        ArrowError::IoError(_, error) => error,
        other => io::Error::other(other),
    }
}
