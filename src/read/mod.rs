//! What comes in: one file per format.
//!
//! One thread cuts the input into raw pieces, a document each, and does nothing else; the workers make documents of
//! them ([`decode`]). Cuts depend on the input alone, so the output does not depend on the number of workers.

mod decode;
pub mod gold;
mod jsonl;
mod sources;
mod stream;
mod text;

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use pipeline_core::{ErrorCode, engine};

pub use decode::{DecodeOptions, decode};
pub use sources::{Sources, list};

use sources::Source;

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

/// What the bytes of a piece are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The text itself.
    Text,
    /// A JSON object that has the text in a field.
    Json,
}

/// A document as it stands in the input.
#[derive(Clone, Debug)]
pub struct RawDoc {
    /// File it is from, as ids and messages name it.
    pub source: Arc<str>,
    /// Line of that file, from 1; 0 when the file is the document.
    pub line: u64,
    /// What `bytes` are.
    pub form: Form,
    /// The bytes, or why there are none.
    pub bytes: Result<Vec<u8>, InputError>,
}

/// Cuts one source into documents.
trait Reader: Send {
    /// The next document; `None` after the last.
    fn next(&mut self) -> Option<RawDoc>;
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
    limits: ReadLimits,
    left: u64,
    bytes_read: Arc<AtomicU64>,
}

/// Documents of a chunk: few enough to spread over workers.
const CHUNK_DOCUMENTS: usize = 64;
/// Bytes of a chunk: little enough to stay in a worker's cache while all stages walk it. A chunk ends with the
/// document that reaches them.
const CHUNK_BYTES: usize = 256 << 10;

impl Input {
    /// Reads `sources` one after the other.
    #[must_use]
    pub fn new(sources: Sources, limits: ReadLimits) -> Self {
        Self {
            sources: sources.files.into(),
            open: None,
            limits,
            left: limits.documents,
            bytes_read: Arc::default(),
        }
    }

    /// Bytes of input read so far (of compressed files: compressed ones), for whoever shows progress.
    #[must_use]
    pub fn bytes_read(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.bytes_read)
    }

    fn next_doc(&mut self) -> Option<RawDoc> {
        self.left = self.left.checked_sub(1)?;
        loop {
            if let Some(doc) = self.open.as_mut().and_then(|reader| reader.next()) {
                return Some(doc);
            }
            let source = self.sources.pop_front()?;
            self.open = Some(open(source, self.limits.document_bytes, &self.bytes_read));
        }
    }
}

impl engine::Source for Input {
    type Raw = RawDoc;

    fn next_chunk(&mut self, chunk: &mut Vec<RawDoc>) -> io::Result<()> {
        let mut bytes = 0;
        while chunk.len() < CHUNK_DOCUMENTS && bytes < CHUNK_BYTES {
            let Some(doc) = self.next_doc() else { break };
            bytes += Self::size(&doc);
            chunk.push(doc);
        }
        Ok(())
    }

    fn size(raw: &RawDoc) -> usize {
        raw.bytes.as_ref().map_or(0, Vec::len)
    }
}

/// The one place that knows which reader reads what.
fn open(source: Source, limit: u64, bytes_read: &Arc<AtomicU64>) -> Box<dyn Reader> {
    let name: Arc<str> = source.name().into();
    let stream = match stream::open(&source, bytes_read) {
        Ok(stream) => stream,
        Err(error) => return Box::new(text::Unreadable::new(name, &error)),
    };
    match source.form {
        Some(form) => reader(form, name, stream, limit),
        // Standard input has no name that tells what it is; its first bytes do.
        None => match stream::sniff(stream) {
            Ok((form, stream)) => reader(form, name, stream, limit),
            Err(error) => Box::new(text::Unreadable::new(name, &error)),
        },
    }
}

fn reader(form: Form, name: Arc<str>, stream: stream::Stream, limit: u64) -> Box<dyn Reader> {
    match form {
        Form::Text => Box::new(text::TextFile::new(name, stream, limit)),
        Form::Json => Box::new(jsonl::JsonLines::new(name, stream, limit)),
    }
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
