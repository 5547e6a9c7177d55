//! A file that is one document.

use std::io::{BufRead, Read};
use std::sync::Arc;

use super::stream::Stream;
use super::{Body, InputError, RawDoc, Reader, too_large, unreadable};

/// Reads a file as one document.
pub(super) struct TextFile {
    name: Arc<str>,
    stream: Option<Stream>,
    /// Bytes it is likely to have.
    size: u64,
    limit: u64,
}

impl TextFile {
    pub(super) fn new(name: Arc<str>, stream: Stream, size: u64, limit: u64) -> Self {
        Self { name, stream: Some(stream), size, limit }
    }
}

impl Reader for TextFile {
    fn next(&mut self) -> Option<RawDoc> {
        let stream = self.stream.take()?;
        Some(whole(&self.name, read(stream, self.size.min(self.limit), self.limit)))
    }
}

fn read(stream: Stream, size: u64, limit: u64) -> Result<Vec<u8>, InputError> {
    let mut bytes = Vec::with_capacity(size as usize);
    let mut limited = stream.take(limit);
    limited.read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
    let more = limited.into_inner().fill_buf().map_err(|error| unreadable(&error))?.len();
    if more > 0 { Err(too_large("this document", limit)) } else { Ok(bytes) }
}

/// Stands for a source that could not be opened: one record that says so.
pub(super) struct Unreadable(Option<RawDoc>);

impl Unreadable {
    pub(super) fn new(name: Arc<str>, error: InputError) -> Self {
        Self(Some(whole(&name, Err(error))))
    }
}

impl Reader for Unreadable {
    fn next(&mut self) -> Option<RawDoc> {
        self.0.take()
    }
}

fn whole(name: &Arc<str>, bytes: Result<Vec<u8>, InputError>) -> RawDoc {
    RawDoc { source: Arc::clone(name), line: 0, body: bytes.map(Body::Text) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pipeline_core::ErrorCode;

    fn read_with(limit: u64) -> Result<Vec<u8>, InputError> {
        let mut file = TextFile::new("a.txt".into(), Box::new(&b"12345"[..]), 3, limit);
        let doc = file.next().unwrap();
        assert!(file.next().is_none());
        match doc.body? {
            Body::Text(bytes) => Ok(bytes),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_limit_is_what_a_document_may_have() {
        assert_eq!(read_with(5).unwrap(), b"12345");
        let error = read_with(4).unwrap_err();
        assert_eq!(error.code, ErrorCode::TooLarge);
        assert!(error.message.contains("--max-doc-bytes"), "{}", error.message);
    }
}
