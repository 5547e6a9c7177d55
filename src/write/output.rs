//! Where records go: standard output, or a file that has its name only once it is complete.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use pipeline_core::engine::Finished;
use serde_json::Value;

use super::journal::{Journal, Mark};
use super::part::PartFile;
use super::pieces::Pieces;

/// Where finished records go, in the order of the input.
pub struct Output {
    pieces: Pieces,
    place: Place,
    /// All chunks taken.
    taken: Mark,
}

enum Place {
    /// Standard output, or what only can be written to: `/dev/null`, a named pipe.
    Stream(BufWriter<Box<dyn Write>>, String),
    File(PartFile),
}

/// What there is to go on with.
pub enum Resumed {
    /// This, after the documents that [`Output::counts`] tells.
    Output(Output),
    /// Nothing: the earlier run came to its end.
    Complete(Mark),
}

/// Enough to make system calls rare.
pub(super) const BUFFER: usize = 1 << 18;

impl Output {
    /// Opens the file `name`, or standard output where there is none or it is `-`. With `made_from` there is a
    /// journal: the run can be gone on with if the same is made from the same.
    ///
    /// # Errors
    /// In words for the user, with the cure: a directory in the way, a folder that does not exist or cannot be
    /// written, another run that writes the same file.
    pub fn open(name: Option<&Path>, pieces: Pieces, made_from: Option<Value>) -> Result<Self, String> {
        let place = match name {
            None => Place::Stream(stream(io::stdout()), "standard output".into()),
            Some(name) if name == Path::new("-") => {
                Place::Stream(stream(io::stdout()), "standard output".into())
            }
            Some(name) if is_device(name) => device(name, &pieces)?,
            Some(name) => Place::File(PartFile::create(name, made_from)?),
        };
        Ok(Self { pieces, place, taken: Mark::default() })
    }

    /// Goes on with the file `name` of an earlier run; from the start where there is none. `compare` says whether
    /// what it was made from is what it would be made from now.
    ///
    /// # Errors
    /// In words for the user: those of [`Output::open`] and of `compare`.
    pub fn resume(
        name: &Path,
        pieces: Pieces,
        made_from: Value,
        compare: impl FnOnce(&Value) -> Result<(), String>,
    ) -> Result<Resumed, String> {
        let path = super::part::journal_of(name);
        let found = Journal::find(&path).map_err(|error| super::part::journal_fault(&path, &error))?;
        let Some(found) = found else {
            return Self::open(Some(name), pieces, Some(made_from)).map(Resumed::Output);
        };
        compare(&found.made_from)?;
        PartFile::go_on(name, found).map(|went_on| match went_on {
            Ok((file, taken)) => Resumed::Output(Self { pieces, place: Place::File(file), taken }),
            Err(complete) => Resumed::Complete(complete),
        })
    }

    /// Documents so far, an earlier run's among them, and how many have errors.
    #[must_use]
    pub const fn counts(&self) -> Mark {
        self.taken
    }

    /// Takes the records of a chunk.
    ///
    /// # Errors
    /// What the system says: a full disk, a pipe whose reader has gone.
    pub fn write(&mut self, chunk: &Finished) -> io::Result<()> {
        self.taken.docs += chunk.docs;
        self.taken.failed += chunk.failed;
        let Some(piece) = self.pieces.push(chunk)? else { return Ok(()) };
        match &mut self.place {
            Place::Stream(out, _) => out.write_all(&piece),
            Place::File(file) => {
                file.write(&piece)?;
                file.note(&self.taken)
            }
        }
    }

    /// Writes what is left and gives a file its name.
    ///
    /// # Errors
    /// What the system says.
    pub fn finish(mut self) -> io::Result<()> {
        let last = self.pieces.last(self.taken.docs)?;
        match self.place {
            Place::Stream(mut out, _) => {
                out.write_all(&last)?;
                out.flush()
            }
            Place::File(mut file) => {
                file.write(&last)?;
                file.finish(self.taken, &self.pieces)
            }
        }
    }

    /// Closes the output of a run that did not come to its end: all that is whole is kept.
    ///
    /// # Errors
    /// What the system says.
    pub fn keep(self) -> io::Result<()> {
        match self.place {
            Place::Stream(mut out, _) => out.flush(),
            Place::File(file) => file.keep(),
        }
    }

    /// Whether a run that is ended can be gone on with.
    #[must_use]
    pub const fn can_be_resumed(&self) -> bool {
        matches!(&self.place, Place::File(file) if file.journal.is_some())
    }

    /// What messages call it.
    #[must_use]
    pub fn name(&self) -> String {
        match &self.place {
            Place::Stream(_, name) => name.clone(),
            Place::File(file) => file.part.display().to_string(),
        }
    }
}

fn stream(to: impl Write + 'static) -> BufWriter<Box<dyn Write>> {
    BufWriter::with_capacity(BUFFER, Box::new(to))
}

fn device(name: &Path, pieces: &Pieces) -> Result<Place, String> {
    let shown = name.display();
    if pieces.are_merged() {
        return Err(format!("{shown} is no file, and Parquet can only be written to a file"));
    }
    let file = File::create(name).map_err(|error| format!("{shown} cannot be written: {error}"))?;
    Ok(Place::Stream(stream(file), shown.to_string()))
}

/// Whether the name stands for something that can only be written to: `/dev/null`, a named pipe.
#[must_use]
pub fn is_device(name: &Path) -> bool {
    std::fs::metadata(name).is_ok_and(|found| !found.is_file() && !found.is_dir())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(bytes: &[u8]) -> Finished {
        Finished { bytes: bytes.to_vec(), docs: 1, ..Finished::default() }
    }

    fn open(name: &Path, made_from: Option<Value>) -> Result<Output, String> {
        Output::open(Some(name), Pieces::Chunks(None), made_from)
    }

    fn resume(name: &Path) -> Resumed {
        Output::resume(name, Pieces::Chunks(None), Value::Null, |_| Ok(())).unwrap()
    }

    #[test]
    fn the_name_appears_when_the_file_is_complete() {
        for made_from in [None, Some(Value::Null)] {
            let folder = tempfile::tempdir().unwrap();
            let name = folder.path().join("out.jsonl");
            let mut output = open(&name, made_from).unwrap();
            output.write(&chunk(b"{}\n")).unwrap();
            assert!(!name.exists());
            output.finish().unwrap();
            assert_eq!(std::fs::read(&name).unwrap(), b"{}\n");
            assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        }
    }

    #[test]
    fn a_kept_file_is_gone_on_with() {
        let folder = tempfile::tempdir().unwrap();
        let name = folder.path().join("out.jsonl");
        let mut output = open(&name, Some(Value::Null)).unwrap();
        output.write(&chunk(b"1\n")).unwrap();
        assert!(output.can_be_resumed());
        output.keep().unwrap();
        // What came after the last mark is not trusted.
        let part = folder.path().join("out.jsonl.part");
        std::fs::write(&part, b"1\n2").unwrap();
        let Resumed::Output(mut output) = resume(&name) else { panic!("not complete yet") };
        assert_eq!(output.counts().docs, 1);
        output.write(&chunk(b"2\n")).unwrap();
        output.finish().unwrap();
        assert_eq!(std::fs::read(&name).unwrap(), b"1\n2\n");
    }

    #[test]
    fn a_run_that_was_ended_after_its_last_document_is_complete() {
        let folder = tempfile::tempdir().unwrap();
        let name = folder.path().join("out.jsonl");
        let mut journal = Journal::create(&super::super::part::journal_of(&name), Value::Null).unwrap();
        let complete = Mark { docs: 3, failed: 1, bytes: 2, complete: true };
        journal.note(&complete).unwrap();
        drop(journal);
        std::fs::write(&name, b"1\n").unwrap();
        assert!(matches!(resume(&name), Resumed::Complete(mark) if mark == complete));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_is_in_the_way_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let error = open(folder.path(), None).err().unwrap();
        assert!(error.contains("is a directory"), "{error}");
        let error = open(&folder.path().join("none/out.jsonl"), None).err().unwrap();
        assert!(error.contains("does not exist"), "{error}");
        let name = folder.path().join("out.jsonl");
        let _first = open(&name, Some(Value::Null)).unwrap();
        let error = open(&name, Some(Value::Null)).err().unwrap();
        assert!(error.contains("another run"), "{error}");
    }
}
