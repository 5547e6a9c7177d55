//! Where records go: standard output, or a file that has its name only once it is complete.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// A stream of finished records.
pub enum Output {
    /// Standard output.
    Stdout(BufWriter<io::Stdout>),
    /// A file, written as `NAME.part` until it is complete.
    File(PartFile),
}

/// A file under way.
pub struct PartFile {
    out: BufWriter<File>,
    part: PathBuf,
    name: PathBuf,
}

/// Enough to make system calls rare.
const BUFFER: usize = 1 << 18;

impl Output {
    /// Opens the file `name`, or standard output where there is none or it is `-`.
    ///
    /// # Errors
    /// In words for the user, with the cure: a directory in the way, a folder that does not exist or can not be
    /// written.
    pub fn open(name: Option<&Path>) -> Result<Self, String> {
        match name {
            None => Ok(Self::stdout()),
            Some(name) if name == Path::new("-") => Ok(Self::stdout()),
            Some(name) => PartFile::create(name).map(Self::File),
        }
    }

    fn stdout() -> Self {
        Self::Stdout(BufWriter::with_capacity(BUFFER, io::stdout()))
    }

    /// Writes whole records.
    ///
    /// # Errors
    /// What the system says: a full disk, a pipe whose reader has gone.
    pub fn write(&mut self, records: &[u8]) -> io::Result<()> {
        match self {
            Self::Stdout(out) => out.write_all(records),
            Self::File(file) => file.out.write_all(records),
        }
    }

    /// Writes what is left and gives a file its name.
    ///
    /// # Errors
    /// What the system says.
    pub fn finish(self) -> io::Result<()> {
        match self {
            Self::Stdout(mut out) => out.flush(),
            Self::File(file) => file.finish(),
        }
    }

    /// Takes back a file that was begun.
    pub fn abandon(self) {
        if let Self::File(file) = self
            && file.part != file.name
        {
            drop(file.out);
            // What cannot be taken away stays: it has no final name.
            let _ = std::fs::remove_file(file.part);
        }
    }

    /// What messages call it.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Stdout(_) => "standard output".to_owned(),
            Self::File(file) => file.part.display().to_string(),
        }
    }
}

impl PartFile {
    fn create(name: &Path) -> Result<Self, String> {
        if is_device(name) {
            return Self::open(name.to_path_buf(), name);
        }
        let shown = name.display();
        if name.is_dir() {
            return Err(format!(
                "{shown} is a directory: give -o the name of a file, e.g. {}",
                name.join("out.jsonl").display()
            ));
        }
        let mut part = name.as_os_str().to_owned();
        part.push(".part");
        Self::open(PathBuf::from(part), name)
    }

    fn open(part: PathBuf, name: &Path) -> Result<Self, String> {
        let shown = name.display();
        let file = File::create(&part).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => {
                format!("the folder of {shown} does not exist: make it, or give -o another name")
            }
            io::ErrorKind::PermissionDenied => {
                format!("{shown} can not be written here ({error}): give -o another name")
            }
            _ => format!("{} can not be written: {error}", part.display()),
        })?;
        Ok(Self { out: BufWriter::with_capacity(BUFFER, file), part, name: name.to_path_buf() })
    }

    fn finish(self) -> io::Result<()> {
        let Self { out, part, name } = self;
        let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        if part == name {
            return Ok(());
        }
        // A name must never stand for a file that a power cut leaves empty.
        file.sync_all()?;
        drop(file);
        std::fs::rename(part, name)
    }
}

/// Whether the name stands for something that can only be written to: `/dev/null`, a named pipe.
fn is_device(name: &Path) -> bool {
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
    fn what_is_in_the_way_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let error = Output::open(Some(folder.path())).err().unwrap();
        assert!(error.contains("is a directory"), "{error}");
        let error = Output::open(Some(&folder.path().join("none/out.jsonl"))).err().unwrap();
        assert!(error.contains("does not exist"), "{error}");
    }
}
