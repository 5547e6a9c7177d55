//! Compressed output: a member (gzip) or frame (Zstandard) of its own for each chunk of documents.
//!
//! Members one after the other are one file to every reader. Each is made by the worker that made its records, and
//! where one ends depends on the input alone: the same bytes come out whatever the number of threads, and a file can
//! be cut after any member and gone on with.

use std::io::{self, Write};

/// How a file is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// gzip, RFC 1952.
    Gzip,
    /// Zstandard, RFC 8878.
    Zstd,
}

/// What `gzip` takes by default.
const GZIP_LEVEL: u32 = 6;
/// What `zstd` takes by default.
const ZSTD_LEVEL: i32 = 3;

impl Compression {
    /// Appends a member that holds `bytes`.
    ///
    /// # Panics
    /// Never for lack of anything but memory: writing to memory does not fail.
    pub fn member(self, bytes: &[u8], out: &mut Vec<u8>) {
        self.write(bytes, out).expect("writing to memory does not fail");
    }

    fn write(self, bytes: &[u8], out: &mut Vec<u8>) -> io::Result<()> {
        match self {
            Self::Gzip => {
                let mut gzip = flate2::write::GzEncoder::new(out, flate2::Compression::new(GZIP_LEVEL));
                gzip.write_all(bytes)?;
                gzip.finish().map(drop)
            }
            Self::Zstd => {
                let mut zstd = zstd::Encoder::new(out, ZSTD_LEVEL)?;
                zstd.include_checksum(true)?;
                zstd.set_pledged_src_size(Some(bytes.len() as u64))?;
                zstd.write_all(bytes)?;
                zstd.finish().map(drop)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn members_one_after_the_other_are_one_file() {
        for kind in [Compression::Gzip, Compression::Zstd] {
            let mut file = Vec::new();
            kind.member(b"{\"id\":1}\n", &mut file);
            kind.member(b"", &mut file);
            kind.member(b"{\"id\":2}\n", &mut file);
            let mut read = String::new();
            match kind {
                Compression::Gzip => flate2::read::MultiGzDecoder::new(&file[..]).read_to_string(&mut read),
                Compression::Zstd => zstd::Decoder::new(&file[..]).unwrap().read_to_string(&mut read),
            }
            .unwrap();
            assert_eq!(read, "{\"id\":1}\n{\"id\":2}\n");
        }
    }
}
