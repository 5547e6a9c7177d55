//! Texts that are not UTF-8.

use std::io::{self, BufRead, BufReader, Read};

use encoding_rs::{CoderResult, Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// The encoding of a name as browsers know it: `windows-1252`, `shift_jis`, `utf-16le`.
///
/// # Errors
/// In words for the user.
pub(crate) fn by_name(name: &str) -> Result<&'static Encoding, String> {
    Encoding::for_label(name.as_bytes()).ok_or_else(|| {
        format!(
            "unknown encoding `{name}`: known are the names browsers know, e.g. utf-8, windows-1252, iso-8859-2, \
             koi8-r, gb18030, big5, shift_jis, euc-kr, utf-16le"
        )
    })
}

/// Whether bytes can be cut at line ends before they are decoded.
pub(super) fn has_ascii_lines(encoding: &'static Encoding) -> bool {
    encoding != UTF_16LE && encoding != UTF_16BE
}

/// The bytes as text, and how many sequences had to be replaced for that.
pub(super) fn decode(bytes: Vec<u8>, encoding: &'static Encoding) -> (String, usize) {
    if encoding == UTF_8 {
        return utf8(bytes);
    }
    let mut decoder = encoding.new_decoder_with_bom_removal();
    let (mut text, mut broken, mut at) = (String::with_capacity(bytes.len() + bytes.len() / 8), 0, 0);
    loop {
        let (result, read) = decoder.decode_to_string_without_replacement(&bytes[at..], &mut text, true);
        at += read;
        match result {
            DecoderResult::InputEmpty => return (text, broken),
            DecoderResult::OutputFull => text.reserve(4 + bytes.len() - at),
            DecoderResult::Malformed(..) => {
                text.push(char::REPLACEMENT_CHARACTER);
                broken += 1;
            }
        }
    }
}

fn utf8(bytes: Vec<u8>) -> (String, usize) {
    match String::from_utf8(bytes) {
        Ok(text) => (text, 0),
        Err(error) => {
            let bytes = error.into_bytes();
            let broken = bytes.utf8_chunks().filter(|chunk| !chunk.invalid().is_empty()).count();
            (String::from_utf8_lossy(&bytes).into_owned(), broken)
        }
    }
}

/// Decodes a stream while it is read, for encodings whose bytes cannot be cut at line ends.
pub(super) struct Transcoded<R> {
    inner: BufReader<R>,
    decoder: Decoder,
    /// UTF-8 that did not fit the buffer it was asked for.
    ready: Vec<u8>,
    at: usize,
    ended: bool,
}

const PIECE: usize = 32 << 10;

impl<R: Read> Transcoded<R> {
    pub(super) fn new(inner: R, encoding: &'static Encoding) -> Self {
        let decoder = encoding.new_decoder_with_bom_removal();
        Self {
            inner: BufReader::with_capacity(PIECE, inner),
            decoder,
            ready: Vec::new(),
            at: 0,
            ended: false,
        }
    }

    fn refill(&mut self) -> io::Result<()> {
        let piece = self.inner.fill_buf()?;
        let last = piece.is_empty();
        self.ready.resize(4 * PIECE, 0);
        let (result, read, written, _) = self.decoder.decode_to_utf8(piece, &mut self.ready, last);
        self.inner.consume(read);
        self.ready.truncate(written);
        self.at = 0;
        self.ended = last && result == CoderResult::InputEmpty;
        Ok(())
    }
}

impl<R: Read> Read for Transcoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.ready.len() && !self.ended {
            self.refill()?;
        }
        let some = buffer.len().min(self.ready.len() - self.at);
        buffer[..some].copy_from_slice(&self.ready[self.at..self.at + some]);
        self.at += some;
        Ok(some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_sequences_are_replaced_and_counted() {
        let decoded = |bytes: &[u8], name| decode(bytes.to_vec(), by_name(name).unwrap());
        assert_eq!(decoded(b"a\xFFb\xC3", "utf-8"), ("a\u{fffd}b\u{fffd}".into(), 2));
        assert_eq!(decoded(b"K\xF6ln \x80", "latin1"), ("Köln €".into(), 0));
        assert_eq!(decoded(b"\x83\x41\x83\xFFx", "shift_jis"), ("ア\u{fffd}x".into(), 1));
        assert!(by_name("utf-9").unwrap_err().contains("windows-1252"));
    }

    #[test]
    fn streams_are_decoded_over_the_bounds_of_pieces() {
        let text = "Zürich, 東京 and 👩‍👧.\n".repeat(3000);
        let mut bytes = vec![0xFF, 0xFE];
        bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        let mut read = String::new();
        Transcoded::new(&bytes[..], UTF_16LE).read_to_string(&mut read).unwrap();
        assert!(read == text);
    }
}
