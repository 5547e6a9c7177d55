//! Where the records of a run go: in pieces, and with a journal where the run can be gone on with.

use std::io::{self, Write};
use std::path::Path;

use pipeline_core::engine::Finished;
use serde_json::Value;

use super::journal::{Journal, Mark};
use super::output::{Output, Place};
use super::part::{PartFile, journal_fault, journal_of};
use super::pieces::Pieces;

/// Where finished records go, in the order of the input.
pub struct RunOutput {
    pieces: Pieces,
    output: Output,
    /// All chunks taken.
    taken: Mark,
}

/// What there is to go on with.
pub enum Resumed {
    /// This, after the documents that [`RunOutput::counts`] tells.
    Output(RunOutput),
    /// Nothing: the earlier run came to its end.
    Complete(Mark),
}

impl RunOutput {
    /// Opens what cannot be gone on with: a stream, or a file made from one.
    ///
    /// # Errors
    /// In words for the user: those of [`Output::open`], and Parquet that is to go into a stream.
    pub fn open(name: Option<&Path>, pieces: Pieces) -> Result<Self, String> {
        let output = Output::open(name)?;
        if pieces.are_merged() && matches!(output.0, Place::Stream(..)) {
            return Err(format!("{} is no file, and Parquet can only be written to a file", output.name()));
        }
        Ok(Self { pieces, output, taken: Mark::default() })
    }

    /// Begins the file `name` with a journal: the run can be gone on with if the same is made from the same.
    ///
    /// # Errors
    /// In words for the user: those of [`Output::open`], and another run that writes the same file.
    pub fn begin(name: &Path, pieces: Pieces, made_from: Value) -> Result<Self, String> {
        let file = PartFile::create(name, Some(made_from))?;
        Ok(Self { pieces, output: Output(Place::File(file)), taken: Mark::default() })
    }

    /// Goes on with the file `name` of an earlier run; from the start where there is none. `compare` says whether
    /// what it was made from is what it would be made from now.
    ///
    /// # Errors
    /// In words for the user: those of [`RunOutput::begin`] and of `compare`.
    pub fn resume(
        name: &Path,
        pieces: Pieces,
        made_from: Value,
        compare: impl FnOnce(&Value) -> Result<(), String>,
    ) -> Result<Resumed, String> {
        let path = journal_of(name);
        let found = Journal::find(&path).map_err(|error| journal_fault(&path, &error))?;
        let Some(found) = found else { return Self::begin(name, pieces, made_from).map(Resumed::Output) };
        compare(&found.made_from)?;
        PartFile::go_on(name, found).map(|went_on| match went_on {
            Ok((file, taken)) => Resumed::Output(Self { pieces, output: Output(Place::File(file)), taken }),
            Err(complete) => Resumed::Complete(complete),
        })
    }

    /// Documents so far, an earlier run's among them, and how many have errors.
    #[must_use]
    pub const fn counts(&self) -> Mark {
        self.taken
    }

    /// Takes the records of a chunk, or a part of them.
    ///
    /// # Errors
    /// What the system says: a full disk, a pipe whose reader has gone.
    pub fn write(&mut self, chunk: &Finished) -> io::Result<()> {
        self.taken.docs += chunk.docs;
        self.taken.failed += chunk.failed;
        let Some(piece) = self.pieces.push(chunk)? else { return Ok(()) };
        self.output.write(&piece)?;
        match &mut self.output.0 {
            // A file is gone on with after whole documents.
            Place::File(file) if !chunk.part => file.note(&self.taken),
            Place::Stream(..) | Place::File(_) => Ok(()),
        }
    }

    /// Writes what is left and gives a file its name.
    ///
    /// # Errors
    /// What the system says.
    pub fn finish(mut self) -> io::Result<()> {
        let last = self.pieces.last(self.taken.docs)?;
        self.output.write(&last)?;
        match self.output.0 {
            Place::Stream(mut out, _) => out.flush(),
            Place::File(file) => file.finish(self.taken, Some(&self.pieces)),
        }
    }

    /// Closes the output of a run that did not come to its end: all that is whole is kept.
    ///
    /// # Errors
    /// What the system says.
    pub fn keep(self) -> io::Result<()> {
        match self.output.0 {
            Place::Stream(mut out, _) => out.flush(),
            Place::File(file) => file.keep(),
        }
    }

    /// Whether a run that is ended can be gone on with.
    #[must_use]
    pub const fn can_be_resumed(&self) -> bool {
        matches!(&self.output.0, Place::File(file) if file.journal.is_some())
    }

    /// What messages call it.
    #[must_use]
    pub fn name(&self) -> String {
        self.output.name()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(bytes: &[u8]) -> Finished {
        Finished { bytes: bytes.to_vec(), docs: 1, ..Finished::default() }
    }

    fn begin(name: &Path) -> Result<RunOutput, String> {
        RunOutput::begin(name, Pieces::Chunks(None), Value::Null)
    }

    fn resume(name: &Path) -> Resumed {
        RunOutput::resume(name, Pieces::Chunks(None), Value::Null, |_| Ok(())).unwrap()
    }

    #[test]
    fn nothing_is_left_beside_a_complete_file() {
        let folder = tempfile::tempdir().unwrap();
        let name = folder.path().join("out.jsonl");
        let mut output = begin(&name).unwrap();
        output.write(&chunk(b"{}\n")).unwrap();
        assert!(!name.exists());
        output.finish().unwrap();
        assert_eq!(std::fs::read(&name).unwrap(), b"{}\n");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_kept_file_is_gone_on_with() {
        let folder = tempfile::tempdir().unwrap();
        let name = folder.path().join("out.jsonl");
        let mut output = begin(&name).unwrap();
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
        let mut journal = Journal::create(&journal_of(&name), Value::Null).unwrap();
        let complete = Mark { docs: 3, failed: 1, bytes: 2, complete: true };
        journal.note(&complete).unwrap();
        drop(journal);
        std::fs::write(&name, b"1\n").unwrap();
        assert!(matches!(resume(&name), Resumed::Complete(mark) if mark == complete));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn two_runs_cannot_write_one_file() {
        let folder = tempfile::tempdir().unwrap();
        let name = folder.path().join("out.jsonl");
        let _first = begin(&name).unwrap();
        let error = begin(&name).err().unwrap();
        assert!(error.contains("another run"), "{error}");
    }
}
