//! What comes in: one file per format.
//!
//! One thread cuts the input into raw pieces, a document each, and does nothing else; the workers make documents of
//! them (`decode`). Cuts depend on the input alone, so the output does not depend on the number of workers.

mod decode;
pub(crate) mod encoding;
mod fields;
pub mod gold;
mod jsonl;
mod parquet;
mod sources;
mod stdin;
pub(crate) mod stream;
mod text;

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use pipeline_core::{ErrorCode, engine};

pub use decode::{DecodeOptions, Decoder};
pub use fields::Fields;
pub(crate) use sources::modified;
pub use sources::{Sources, list};

use sources::Source;

use crate::interrupt;

/// Why a piece of input is no document, or not quite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputError {
    /// What kind of error.
    pub code: ErrorCode,
    /// File, line, what is wrong and the cure.
    pub message: String,
}

impl InputError {
    fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

/// What a source holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// One document: the text itself.
    Text,
    /// Lines, each a JSON object that has the text in a field.
    Json,
    /// Rows that have the text in a column.
    Parquet,
}

/// What a piece of input is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// Bytes of the text itself.
    Text(Vec<u8>),
    /// Bytes of a JSON object.
    Json(Vec<u8>),
    /// Fields that need no decoding.
    Fields(Box<Fields>),
}

/// A document as it stands in the input.
#[derive(Clone, Debug)]
pub struct RawDoc {
    /// File it is from, as ids and messages name it.
    pub source: Arc<str>,
    /// Line (row) of that file, from 1; 0 when the file is the document.
    pub line: u64,
    /// What stands there, or why nothing does.
    pub body: Result<Body, InputError>,
}

/// Cuts one source into documents.
trait Reader: Send {
    /// The next document; `None` after the last.
    fn next(&mut self) -> Option<RawDoc>;

    /// Leaves out the next `count` documents, before any was read; says how many there were.
    fn skip(&mut self, count: u64) -> u64 {
        (0..count).take_while(|_| !interrupt::asked() && self.next().is_some()).count() as u64
    }
}

/// Limits a reader keeps to.
#[derive(Clone, Copy, Debug)]
pub struct ReadLimits {
    /// Documents in all; `u64::MAX` for no limit.
    pub documents: u64,
    /// Bytes a document (a file, a line) may have. More of it is never held.
    pub document_bytes: u64,
}

/// Documents of all sources, in order, in chunks.
pub struct Input {
    sources: VecDeque<Source>,
    open: Option<Box<dyn Reader>>,
    how: How,
    left: u64,
    progress: ReadProgress,
}

/// How sources are read.
struct How {
    options: DecodeOptions,
    limits: ReadLimits,
}

/// How far reading is, for whoever shows it.
#[derive(Clone, Debug, Default)]
pub struct ReadProgress {
    /// Bytes of input read so far (of compressed files: compressed ones).
    pub bytes: Arc<AtomicU64>,
    ended: Arc<AtomicBool>,
}

impl ReadProgress {
    /// Whether the last document has been read.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Relaxed)
    }
}

/// Documents of a chunk: few enough to spread over workers, enough to compress well together.
const CHUNK_DOCUMENTS: usize = 256;
/// Bytes of a chunk: little enough to stay in a worker's cache while all stages walk it. A chunk ends with the
/// document that reaches them.
const CHUNK_BYTES: usize = 256 << 10;

impl Input {
    /// Reads `sources` one after the other.
    #[must_use]
    pub fn new(sources: Sources, options: DecodeOptions, limits: ReadLimits) -> Self {
        Self {
            sources: sources.files.into(),
            open: None,
            how: How { options, limits },
            left: limits.documents,
            progress: ReadProgress::default(),
        }
    }

    /// How far it is, now and later.
    #[must_use]
    pub fn progress(&self) -> ReadProgress {
        self.progress.clone()
    }

    /// Leaves out the first `count` documents: an earlier run has done them.
    pub fn skip(&mut self, mut count: u64) {
        self.left = self.left.saturating_sub(count);
        while count > 0 && !interrupt::asked() {
            let Some(source) = self.sources.pop_front() else { return };
            if source.form == Some(Form::Text) {
                advance(&self.progress.bytes, source.size as usize);
                count -= 1;
                continue;
            }
            let mut reader = open(source, &self.how, &self.progress.bytes);
            count -= reader.skip(count);
            self.open = Some(reader);
        }
    }

    fn next_doc(&mut self) -> Option<RawDoc> {
        self.left = self.left.checked_sub(1)?;
        loop {
            if let Some(doc) = self.open.as_mut().and_then(|reader| reader.next()) {
                return Some(doc);
            }
            let source = self.sources.pop_front()?;
            self.open = Some(open(source, &self.how, &self.progress.bytes));
        }
    }
}

impl engine::Source for Input {
    type Raw = RawDoc;

    fn next_chunk(&mut self, chunk: &mut Vec<RawDoc>) -> io::Result<()> {
        let mut bytes = 0;
        // What is being read is finished, and nothing more is begun.
        while chunk.len() < CHUNK_DOCUMENTS
            && bytes < CHUNK_BYTES
            && !(chunk.is_empty() && interrupt::asked())
        {
            let doc = self.next_doc();
            if stdin::cut() {
                break;
            }
            let Some(doc) = doc else {
                self.progress.ended.store(true, Ordering::Relaxed);
                break;
            };
            bytes += Self::size(&doc);
            chunk.push(doc);
        }
        Ok(())
    }

    fn size(raw: &RawDoc) -> usize {
        match &raw.body {
            Ok(Body::Text(bytes) | Body::Json(bytes)) => bytes.len(),
            Ok(Body::Fields(fields)) => fields.text.as_ref().map_or(0, String::len),
            Err(_) => 0,
        }
    }
}

/// The one place that knows which reader reads what.
fn open(source: Source, how: &How, bytes: &Arc<AtomicU64>) -> Box<dyn Reader> {
    let name: Arc<str> = source.name().into();
    try_open(&source, Arc::clone(&name), how, bytes)
        .unwrap_or_else(|error| Box::new(text::Unreadable::new(name, error)))
}

fn try_open(
    source: &Source,
    name: Arc<str>,
    how: &How,
    bytes: &Arc<AtomicU64>,
) -> Result<Box<dyn Reader>, InputError> {
    let limit = how.limits.document_bytes;
    if let (Some(Form::Parquet), Some(path)) = (source.form, &source.path) {
        return Ok(Box::new(parquet::ParquetFile::open(name, path, &how.options, limit, bytes)?));
    }
    let opened = stream::open(source, how.options.encoding, bytes);
    // Standard input has no name that tells what it is; its first bytes do.
    let opened = opened.and_then(|stream| match source.form {
        Some(form) => Ok((form, stream)),
        None => stream::sniff(stream),
    });
    let (form, stream) = opened.map_err(|error| unreadable(&error))?;
    Ok(match form {
        Form::Json => Box::new(jsonl::JsonLines::new(name, stream, limit)),
        Form::Text | Form::Parquet => Box::new(text::TextFile::new(name, stream, source.size, limit)),
    })
}

fn unreadable(error: &io::Error) -> InputError {
    InputError::new(ErrorCode::Unreadable, format!("cannot be read: {error}"))
}

fn too_large(what: &str, limit: u64) -> InputError {
    let message = format!("{what} has more than {limit} bytes: raise --max-doc-bytes, or split it");
    InputError::new(ErrorCode::TooLarge, message)
}

/// Adds to what progress shows.
fn advance(counter: &AtomicU64, bytes: usize) {
    counter.fetch_add(bytes as u64, Ordering::Relaxed);
}
