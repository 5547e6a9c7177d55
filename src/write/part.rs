//! A file under way: `NAME.part`, and beside it `NAME.part.journal`.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::journal::{Found, Journal, Mark};
use super::output::BUFFER;
use super::pieces::Pieces;

/// Bytes that a run which is killed may have to make again. Each time that many are written it waits for the disk.
const NOTE_BYTES: u64 = 16 << 20;
/// Likewise, time.
const NOTE_TIME: Duration = Duration::from_millis(500);

/// A file under way.
pub(super) struct PartFile {
    out: BufWriter<File>,
    pub(super) part: PathBuf,
    name: PathBuf,
    pub(super) journal: Option<Journal>,
    /// Bytes written.
    written: u64,
    /// The last that is known of, on disk or not yet.
    mark: Mark,
    /// Bytes the journal tells of, and when it was told.
    noted: (u64, Instant),
    /// Whether it has told of any.
    told: bool,
}

fn beside(name: &Path, ending: &str) -> PathBuf {
    let mut path = name.as_os_str().to_owned();
    path.push(ending);
    path.into()
}

/// The journal of a file.
pub(super) fn journal_of(name: &Path) -> PathBuf {
    beside(name, ".part.journal")
}

/// Whether an earlier run has begun to write the file `name` and left a journal.
#[must_use]
pub fn begun(name: &Path) -> bool {
    fs::metadata(journal_of(name)).is_ok_and(|journal| journal.len() > 0)
}

impl PartFile {
    /// Begins a file.
    pub(super) fn create(name: &Path, made_from: Option<Value>) -> Result<Self, String> {
        refuse_folder(name)?;
        let path = journal_of(name);
        let journal = made_from.map(|made_from| Journal::create(&path, made_from)).transpose();
        let journal = journal.map_err(|error| match error.kind() {
            io::ErrorKind::WouldBlock => journal_fault(&path, &error),
            _ => fault(name, &path, &error),
        })?;
        let part = beside(name, ".part");
        // What is merged at the end is read again.
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(true).open(&part);
        let file = file.map_err(|error| fault(name, &part, &error))?;
        Ok(Self::new(file, name, part, journal, Mark::default()))
    }

    /// Goes on with a file; `Err` tells of one that is complete already.
    pub(super) fn go_on(name: &Path, found: Found) -> Result<Result<(Self, Mark), Mark>, String> {
        refuse_folder(name)?;
        let part = beside(name, ".part");
        let last = found.last();
        let whole = fs::metadata(name).is_ok_and(|file| file.is_file());
        if last.complete && whole && !part.exists() {
            let path = journal_of(name);
            found.remove().map_err(|error| fault(name, &path, &error))?;
            return Ok(Err(last));
        }
        let (file, journal, mark) = Self::cut(&part, found).map_err(|error| fault(name, &part, &error))?;
        Ok(Ok((Self::new(file, name, part, Some(journal), mark), mark)))
    }

    /// Cuts the file back to what its journal tells of.
    fn cut(part: &Path, found: Found) -> io::Result<(File, Journal, Mark)> {
        let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(part)?;
        let (journal, mut mark) = found.go_on(file.metadata()?.len())?;
        file.set_len(mark.bytes)?;
        file.seek(SeekFrom::Start(mark.bytes))?;
        mark.complete = false;
        Ok((file, journal, mark))
    }

    fn new(file: File, name: &Path, part: PathBuf, journal: Option<Journal>, mark: Mark) -> Self {
        Self {
            out: BufWriter::with_capacity(BUFFER, file),
            part,
            name: name.to_path_buf(),
            journal,
            written: mark.bytes,
            mark,
            noted: (mark.bytes, Instant::now()),
            told: mark != Mark::default(),
        }
    }

    pub(super) fn write(&mut self, piece: &[u8]) -> io::Result<()> {
        self.out.write_all(piece)?;
        self.written += piece.len() as u64;
        Ok(())
    }

    /// Takes note that the documents counted are in what was written; tells the journal now and then.
    pub(super) fn note(&mut self, counts: &Mark) -> io::Result<()> {
        self.mark = Mark { bytes: self.written, complete: false, ..*counts };
        let (bytes, time) = self.noted;
        let due = self.written - bytes >= NOTE_BYTES || time.elapsed() >= NOTE_TIME;
        if due { self.tell() } else { Ok(()) }
    }

    /// First the records, then the line that tells of them.
    fn tell(&mut self) -> io::Result<()> {
        if let Some(journal) = &mut self.journal {
            self.out.flush()?;
            self.out.get_ref().sync_data()?;
            journal.note(&self.mark)?;
        }
        self.noted = (self.mark.bytes, Instant::now());
        self.told = true;
        Ok(())
    }

    /// Keeps the file as it is, to be gone on with.
    pub(super) fn keep(mut self) -> io::Result<()> {
        self.tell()?;
        self.out.flush()
    }

    /// Completes the file: from here on its journal says so, whatever happens. That of a run that was over before there
    /// was anything to tell does not: such a run is soon made again, and waiting for the disk would be most of its time.
    pub(super) fn finish(mut self, counts: Mark, pieces: Option<&Pieces>) -> io::Result<()> {
        self.mark = Mark { bytes: self.written, complete: true, ..counts };
        if self.told {
            self.tell()?;
        }
        let Self { out, part, name, journal, .. } = self;
        let mut file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        // A name must never stand for a file that a power cut leaves empty.
        if let Some(pieces) = pieces.filter(|pieces| pieces.are_merged()) {
            let whole = beside(&part, ".merged");
            pieces.merge(&mut file, File::create(&whole)?)?;
            drop(file);
            fs::rename(whole, &name)?;
            fs::remove_file(part)?;
        } else {
            file.sync_all()?;
            drop(file);
            fs::rename(part, &name)?;
        }
        sync_folder(&name);
        journal.map_or(Ok(()), Journal::remove)
    }

    /// Takes the file away.
    pub(super) fn abandon(self) {
        let Self { out, part, .. } = self;
        drop(out);
        // What cannot be taken away stays: it has no final name.
        let _ = fs::remove_file(part);
    }
}

/// Makes the new name last; a system that cannot will do so in its own time.
fn sync_folder(name: &Path) {
    let folder = name.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}

fn refuse_folder(name: &Path) -> Result<(), String> {
    let shown = name.display();
    match name.is_dir() {
        true => Err(format!(
            "{shown} is a directory: give -o the name of a file, e.g. {}",
            name.join("out.jsonl").display()
        )),
        false => Ok(()),
    }
}

fn fault(name: &Path, path: &Path, error: &io::Error) -> String {
    let shown = name.display();
    match error.kind() {
        io::ErrorKind::NotFound => {
            format!("the folder of {shown} does not exist: make it, or give -o another name")
        }
        io::ErrorKind::PermissionDenied => {
            format!("{shown} cannot be written here ({error}): give -o another name")
        }
        io::ErrorKind::IsADirectory => {
            format!("{} is a directory: move it away, or give -o another name", path.display())
        }
        _ => format!("{} cannot be written: {error}", path.display()),
    }
}

/// What is wrong with a journal.
pub(super) fn journal_fault(path: &Path, error: &io::Error) -> String {
    let shown = path.display();
    match error.kind() {
        io::ErrorKind::WouldBlock => {
            format!(
                "another run is writing this output ({shown} is locked): wait for it, or give -o another name"
            )
        }
        io::ErrorKind::InvalidData => {
            format!("{shown} is no journal of this version: run without --resume to begin anew")
        }
        _ => format!("{shown} cannot be read: {error}"),
    }
}
