//! Where bytes go: standard output, or a file that has its name only once it is complete.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use super::journal::Mark;
use super::part::PartFile;

/// A stream under way.
pub struct Output(pub(super) Place);

pub(super) enum Place {
    /// Standard output, or what only can be written to: `/dev/null`, a named pipe.
    Stream(BufWriter<Box<dyn Write>>, String),
    File(PartFile),
}

/// Enough to make system calls rare.
pub(super) const BUFFER: usize = 1 << 18;

impl Output {
    /// Opens the file `name`, or standard output where there is none or it is `-`.
    ///
    /// # Errors
    /// In words for the user, with the cure: a directory in the way, a folder that does not exist or cannot be
    /// written.
    pub fn open(name: Option<&Path>) -> Result<Self, String> {
        Ok(Self(match name {
            None => Place::Stream(stream(io::stdout()), "standard output".into()),
            Some(name) if name == Path::new("-") => {
                Place::Stream(stream(io::stdout()), "standard output".into())
            }
            Some(name) if is_device(name) => device(name)?,
            Some(name) => Place::File(PartFile::create(name, None)?),
        }))
    }

    /// Writes whole records.
    ///
    /// # Errors
    /// What the system says: a full disk, a pipe whose reader has gone.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match &mut self.0 {
            Place::Stream(out, _) => out.write_all(bytes),
            Place::File(file) => file.write(bytes),
        }
    }

    /// Writes what is left and gives a file its name.
    ///
    /// # Errors
    /// What the system says.
    pub fn finish(self) -> io::Result<()> {
        match self.0 {
            Place::Stream(mut out, _) => out.flush(),
            Place::File(file) => file.finish(Mark::default(), None),
        }
    }

    /// Takes back a file that was begun.
    pub fn abandon(self) {
        if let Place::File(file) = self.0 {
            file.abandon();
        }
    }

    /// What messages call it.
    #[must_use]
    pub fn name(&self) -> String {
        match &self.0 {
            Place::Stream(_, name) => name.clone(),
            Place::File(file) => file.part.display().to_string(),
        }
    }
}

fn stream(to: impl Write + 'static) -> BufWriter<Box<dyn Write>> {
    BufWriter::with_capacity(BUFFER, Box::new(to))
}

fn device(name: &Path) -> Result<Place, String> {
    let shown = name.display();
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

    #[test]
    fn the_name_appears_when_the_file_is_complete() {
        let folder = tempfile::tempdir().unwrap();
        let name = folder.path().join("out.jsonl");
        let mut output = Output::open(Some(&name)).unwrap();
        output.write(b"{}\n").unwrap();
        assert!(!name.exists());
        output.finish().unwrap();
        assert_eq!(std::fs::read(&name).unwrap(), b"{}\n");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn nothing_is_left_of_what_is_taken_back() {
        let folder = tempfile::tempdir().unwrap();
        let mut output = Output::open(Some(&folder.path().join("out.jsonl"))).unwrap();
        output.write(b"{}\n").unwrap();
        output.abandon();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn what_is_in_the_way_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let error = Output::open(Some(folder.path())).err().unwrap();
        assert!(error.contains("is a directory"), "{error}");
        let error = Output::open(Some(&folder.path().join("none/out.jsonl"))).err().unwrap();
        assert!(error.contains("does not exist"), "{error}");
    }
}
