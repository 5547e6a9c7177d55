//! Pieces of a file: what is written at once, and after which the file can be cut and gone on with.

use std::borrow::Cow;
use std::fs::File;
use std::io;

use pipeline_core::engine::Finished;

use super::compress::Compression;
use super::parquet::RowGroups;

/// How chunks become pieces, in the order of the input.
#[derive(Debug)]
pub enum Pieces {
    /// A chunk is a piece.
    Chunks(Option<Compression>),
    /// A row group of many chunks is one; the file is put together of them at the end.
    RowGroups(Box<RowGroups>),
}

impl Pieces {
    /// Takes a chunk; gives the piece that is complete with it.
    ///
    /// # Errors
    /// When a row group cannot be made.
    pub(super) fn push<'a>(&mut self, chunk: &'a Finished) -> io::Result<Option<Cow<'a, [u8]>>> {
        match self {
            Self::Chunks(_) => Ok(Some(Cow::Borrowed(&chunk.bytes))),
            Self::RowGroups(groups) => Ok(groups.push(chunk)?.map(Cow::Owned)),
        }
    }

    /// The last piece of a run that has come to its end after `docs` documents.
    ///
    /// # Errors
    /// When a row group cannot be made.
    pub(super) fn last(&mut self, docs: u64) -> io::Result<Vec<u8>> {
        let mut piece = Vec::new();
        match self {
            Self::Chunks(None) => {}
            // A compressed file of nothing has a member, too.
            Self::Chunks(Some(compression)) if docs == 0 => compression.member(&[], &mut piece),
            Self::Chunks(Some(_)) => {}
            Self::RowGroups(groups) => piece = groups.last()?.unwrap_or_default(),
        }
        Ok(piece)
    }

    /// Puts the file together of its pieces, where they are not simply the file.
    ///
    /// # Errors
    /// When the pieces cannot be read or the file not be written.
    pub(super) fn merge(&self, part: &mut File, whole: File) -> io::Result<()> {
        match self {
            Self::Chunks(_) => Ok(()),
            Self::RowGroups(groups) => groups.merge(part, whole),
        }
    }

    /// Whether [`Pieces::merge`] is needed.
    pub(super) fn are_merged(&self) -> bool {
        matches!(self, Self::RowGroups(_))
    }
}
