//! Bytes of a source, decompressed and counted.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use encoding_rs::Encoding;

use super::encoding::{Transcoded, has_ascii_lines};
use super::sources::{Compression, Source};
use super::stdin::StandardInput;
use super::{Form, advance};

/// Bytes of a source.
pub(crate) type Stream = Box<dyn BufRead + Send>;

const BUFFER: usize = 128 << 10;

/// Counts what is read from the file, before it is decompressed.
struct Counted<R> {
    inner: R,
    bytes: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        advance(&self.bytes, read);
        Ok(read)
    }
}

/// Opens a source of text that is in `encoding`.
pub(super) fn open(
    source: &Source,
    encoding: &'static Encoding,
    bytes: &Arc<AtomicU64>,
) -> io::Result<Stream> {
    let inner: Box<dyn Read + Send> = match &source.path {
        Some(path) => Box::new(File::open(path)?),
        None => Box::new(StandardInput::start()),
    };
    let counted = Counted { inner, bytes: Arc::clone(bytes) };
    Ok(match source.compression {
        None => decoded(counted, encoding),
        Some(Compression::Gzip) => decoded(flate2::read::MultiGzDecoder::new(counted), encoding),
        Some(Compression::Zstd) => decoded(zstd::Decoder::new(counted)?, encoding),
    })
}

fn decoded(read: impl Read + Send + 'static, encoding: &'static Encoding) -> Stream {
    match has_ascii_lines(encoding) {
        true => buffered(read),
        false => buffered(Transcoded::new(read, encoding)),
    }
}

fn buffered(read: impl Read + Send + 'static) -> Stream {
    Box::new(BufReader::with_capacity(BUFFER, read))
}

/// Whether the bytes are JSON Lines: their first letter is an opening brace.
pub(crate) fn sniff(mut stream: Stream) -> io::Result<(Form, Stream)> {
    // A pipe hands over its bytes in pieces; a first piece of blanks alone tells nothing.
    let mut head = Vec::new();
    loop {
        let piece = stream.fill_buf()?;
        let read = piece.len();
        let first = piece.iter().find(|byte| !byte.is_ascii_whitespace()).copied();
        if read == 0 || first.is_some() || head.len() > BUFFER {
            let form = if first == Some(b'{') { Form::Json } else { Form::Text };
            return Ok((form, Box::new(io::Cursor::new(head).chain(stream))));
        }
        head.extend_from_slice(piece);
        stream.consume(read);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_letter_tells_the_form_and_nothing_is_lost() {
        for (bytes, form) in
            [("\n {\"text\":1}", Form::Json), ("Hello {", Form::Text), ("", Form::Text), (" ", Form::Text)]
        {
            let (found, mut stream) = sniff(Box::new(BufReader::with_capacity(1, bytes.as_bytes()))).unwrap();
            let mut read = String::new();
            stream.read_to_string(&mut read).unwrap();
            assert_eq!((found, read.as_str()), (form, bytes));
        }
    }
}
