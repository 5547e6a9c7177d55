//! The journal of a file under way: what it is made from, and how much of it is surely there.
//!
//! A JSON object a line. The first says what the file is made from; each of the others says how many documents the
//! file holds up to which byte, and is written after those bytes have reached the disk. A line that was not finished
//! counts for nothing.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Version of the journal's form.
const VERSION: u32 = 1;

/// What has been written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Documents.
    pub docs: u64,
    /// Those with an error.
    pub failed: u64,
    /// Bytes of the part file that hold them.
    pub bytes: u64,
    /// Whether these are all documents of the input.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub complete: bool,
}

#[derive(Serialize, Deserialize)]
struct Header {
    journal: u32,
    made_from: Value,
}

/// The journal, open for writing. It is locked: two runs cannot write one file.
#[derive(Debug)]
pub(crate) struct Journal {
    file: File,
    path: PathBuf,
}

/// A journal that was found.
pub(crate) struct Found {
    journal: Journal,
    /// What the file under way is made from.
    pub made_from: Value,
    /// Each mark with the end of its line.
    marks: Vec<(Mark, u64)>,
    header_end: u64,
}

impl Journal {
    /// Begins a journal. Its first line reaches the disk with the first mark, before which there is nothing to go on with.
    ///
    /// # Errors
    /// What the system says; [`io::ErrorKind::WouldBlock`] when another run has it.
    pub(crate) fn create(path: &Path, made_from: Value) -> io::Result<Self> {
        let mut journal = Self::locked(path, true)?;
        journal.file.set_len(0)?;
        journal.write(&Header { journal: VERSION, made_from })?;
        Ok(journal)
    }

    /// Opens the journal of an earlier run; `None` if there is none.
    ///
    /// # Errors
    /// What the system says; [`io::ErrorKind::WouldBlock`] when another run has it, and
    /// [`io::ErrorKind::InvalidData`] when it is no journal.
    pub(crate) fn find(path: &Path) -> io::Result<Option<Found>> {
        let mut journal = match Self::locked(path, false) {
            Ok(journal) => journal,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut bytes = Vec::new();
        journal.file.read_to_end(&mut bytes)?;
        let mut end = 0;
        let mut lines = bytes.split_inclusive(|&byte| byte == b'\n').map(|line| {
            end += line.len() as u64;
            (line, end)
        });
        // A run that was ended before its first line was whole has written nothing else.
        let Some((first, header_end)) = lines.next().filter(|(line, _)| line.ends_with(b"\n")) else {
            return Ok(None);
        };
        let header: Header = serde_json::from_slice(first)?;
        if header.journal != VERSION {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let marks = lines
            .take_while(|(line, _)| line.ends_with(b"\n"))
            .map_while(|(line, end)| Some((serde_json::from_slice(line).ok()?, end)))
            .collect();
        Ok(Some(Found { journal, made_from: header.made_from, marks, header_end }))
    }

    fn locked(path: &Path, create: bool) -> io::Result<Self> {
        let file = OpenOptions::new().read(true).write(true).create(create).truncate(false).open(path)?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => return Err(io::ErrorKind::WouldBlock.into()),
            // Where files cannot be locked, users have to see to it.
            Err(TryLockError::Error(_)) | Ok(()) => {}
        }
        Ok(Self { file, path: path.to_path_buf() })
    }

    /// Notes what has reached the disk.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn note(&mut self, mark: &Mark) -> io::Result<()> {
        self.write(mark)?;
        self.file.sync_data()
    }

    fn write(&mut self, line: &impl Serialize) -> io::Result<()> {
        let mut bytes = serde_json::to_vec(line)?;
        bytes.push(b'\n');
        self.file.write_all(&bytes)
    }

    /// Takes it away: the file it is about is complete.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn remove(self) -> io::Result<()> {
        std::fs::remove_file(&self.path)
    }
}

impl Found {
    /// The last mark.
    #[must_use]
    pub(crate) fn last(&self) -> Mark {
        self.marks.last().map_or_else(Mark::default, |(mark, _)| *mark)
    }

    /// Goes on after the last mark that a part file of `bytes` bytes still holds.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn go_on(self, bytes: u64) -> io::Result<(Journal, Mark)> {
        let Self { mut journal, marks, header_end, .. } = self;
        let last = marks.into_iter().rfind(|(mark, _)| mark.bytes <= bytes);
        let (mark, end) = last.unwrap_or((Mark::default(), header_end));
        journal.file.set_len(end)?;
        journal.file.seek(SeekFrom::Start(end))?;
        Ok((journal, mark))
    }

    /// Takes it away.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn remove(self) -> io::Result<()> {
        self.journal.remove()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(docs: u64, bytes: u64) -> Mark {
        Mark { docs, failed: 1, bytes, complete: false }
    }

    fn two_marks(path: &Path) {
        let mut journal = Journal::create(path, Value::from("inputs")).unwrap();
        journal.note(&mark(10, 100)).unwrap();
        journal.note(&mark(20, 200)).unwrap();
    }

    #[test]
    fn a_run_goes_on_after_what_the_file_still_holds() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("j");
        for (bytes, expected) in [(250, mark(20, 200)), (199, mark(10, 100)), (0, Mark::default())] {
            two_marks(&path);
            let found = Journal::find(&path).unwrap().unwrap();
            assert_eq!((found.last(), &found.made_from), (mark(20, 200), &Value::from("inputs")));
            assert_eq!(found.go_on(bytes).unwrap().1, expected);
            assert_eq!(Journal::find(&path).unwrap().unwrap().last(), expected);
        }
    }

    #[test]
    fn an_unfinished_line_counts_for_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("j");
        two_marks(&path);
        let whole = std::fs::read(&path).unwrap();
        let mut docs = Vec::new();
        for cut in 0..=whole.len() {
            std::fs::write(&path, &whole[..cut]).unwrap();
            docs.push(Journal::find(&path).unwrap().map(|found| found.last().docs));
        }
        docs.dedup();
        assert_eq!(docs, [None, Some(0), Some(10), Some(20)]);
        std::fs::write(&path, "something else\n").unwrap();
        assert_eq!(Journal::find(&path).err().unwrap().kind(), io::ErrorKind::InvalidData);
    }

    #[test]
    fn two_runs_cannot_write_one_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("j");
        let first = Journal::create(&path, Value::Null).unwrap();
        assert_eq!(Journal::create(&path, Value::Null).unwrap_err().kind(), io::ErrorKind::WouldBlock);
        assert_eq!(Journal::find(&path).err().unwrap().kind(), io::ErrorKind::WouldBlock);
        drop(first);
        assert!(Journal::find(&path).is_ok());
    }
}
