//! The files that the user's names stand for.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::Form;

/// A file to read, or standard input.
#[derive(Clone, Debug)]
pub(super) struct Source {
    /// Where it is; `None` for standard input.
    pub(super) path: Option<PathBuf>,
    /// Bytes of `path` that the user gave as a folder: its id starts after them.
    folder: usize,
    /// What it holds; `None` when only its first bytes tell.
    pub(super) form: Option<Form>,
    pub(super) compression: Option<Compression>,
    /// Its bytes, as they lie on disk.
    pub(super) size: u64,
    /// When it was written last, in nanoseconds since 1970; 0 where nobody knows.
    modified: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compression {
    Gzip,
    Zstd,
}

/// What is to be read, in order.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    pub(super) files: Vec<Source>,
    /// Bytes of all files, compressed as they are; `None` with standard input.
    pub bytes: Option<u64>,
    /// Files in the folders given that are of no kind that is read.
    pub ignored: u64,
    /// Whether one of them can be read only once: standard input, a named pipe.
    pub once: bool,
}

const READ: &str = ".txt, .md, .jsonl and .ndjson, each also with .gz or .zst, and .parquet";

impl Source {
    /// What ids and messages call it: the path below the folder given, or the path as given.
    pub(super) fn name(&self) -> String {
        let Some(path) = &self.path else { return "-".to_owned() };
        let path = path.to_string_lossy();
        let name = path.get(self.folder..).unwrap_or(&path).trim_start_matches(['/', '\\']);
        let name = if self.folder == 0 { path.strip_prefix("./").unwrap_or(&path) } else { name };
        if cfg!(windows) { name.replace('\\', "/") } else { name.to_owned() }
    }

    fn stdin() -> Self {
        Self { path: None, folder: 0, form: None, compression: None, size: 0, modified: 0 }
    }

    /// `None` for a file of a kind that is not read.
    fn file(path: PathBuf, folder: usize) -> Option<Self> {
        let name = path.file_name()?.to_string_lossy().to_ascii_lowercase();
        let (stem, compression) = match name.rsplit_once('.')? {
            (stem, "gz") => (stem, Some(Compression::Gzip)),
            (stem, "zst") => (stem, Some(Compression::Zstd)),
            _ => (name.as_str(), None),
        };
        let form = match stem.rsplit_once('.')?.1 {
            "txt" | "md" => Form::Text,
            "jsonl" | "ndjson" => Form::Json,
            "parquet" if compression.is_none() => Form::Parquet,
            _ => return None,
        };
        Some(Self { path: Some(path), folder, form: Some(form), compression, size: 0, modified: 0 })
    }
}

/// Lists what `inputs` stand for: folders recursively, in the order of their paths; hidden files left out.
///
/// # Errors
/// In words for the user: a path that does not exist, a kind of file that is not read, nothing to read at all, two
/// documents of one id.
pub fn list(inputs: &[PathBuf]) -> Result<Sources, String> {
    let mut sources = Sources { bytes: Some(0), ..Sources::default() };
    for input in inputs {
        add(input, &mut sources)?;
    }
    if sources.files.is_empty() {
        let names: Vec<_> = inputs.iter().map(|input| input.display().to_string()).collect();
        return Err(format!("nothing to read in {}: read are {READ}", names.join(", ")));
    }
    if inputs.len() > 1 {
        refuse_duplicates(&sources.files)?;
    }
    Ok(sources)
}

fn add(input: &Path, sources: &mut Sources) -> Result<(), String> {
    let shown = input.display();
    if input == Path::new("-") {
        sources.files.push(Source::stdin());
        sources.bytes = None;
        sources.once = true;
        return Ok(());
    }
    let found = fs::metadata(input).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => {
            format!("{shown} does not exist: give files, folders, or - for standard input")
        }
        _ => format!("{shown} cannot be read: {error}"),
    })?;
    if found.is_dir() {
        let folder = input.as_os_str().len();
        return walk(input, folder, sources)
            .map_err(|(path, error)| format!("{} cannot be read: {error}", path.display()));
    }
    let source = Source::file(input.to_path_buf(), 0).ok_or_else(|| {
        format!("{shown} is of no kind that is read ({READ}): rename it, or give its text to standard input with -")
    })?;
    sources.once |= !found.is_file();
    sources.push(source, Some(&found));
    Ok(())
}

impl Sources {
    /// Refuses to write a file that is being read.
    ///
    /// # Errors
    /// In words for the user, when `output` is one of the sources.
    pub fn refuse_output(&self, output: Option<&Path>) -> Result<(), String> {
        let Some((output, real)) = output.and_then(|output| Some((output, output.canonicalize().ok()?)))
        else {
            return Ok(());
        };
        let same = |source: &Source| {
            let path = source.path.as_deref();
            path.is_some_and(|path| {
                path.file_name() == real.file_name() && path.canonicalize().ok().as_ref() == Some(&real)
            })
        };
        match self.files.iter().any(same) {
            true => Err(format!("{} is part of the input: give -o a name outside of it", output.display())),
            false => Ok(()),
        }
    }

    /// Each file's name, size, and when it was written last.
    pub fn stamps(&self) -> impl Iterator<Item = (String, u64, u64)> {
        self.files.iter().map(|file| (file.name(), file.size, file.modified))
    }

    fn push(&mut self, mut source: Source, found: Option<&fs::Metadata>) {
        source.size = found.map_or(0, fs::Metadata::len);
        source.modified = found.map_or(0, modified);
        self.bytes = self.bytes.map(|sum| sum + source.size);
        self.files.push(source);
    }
}

/// When a file was written last, in nanoseconds since 1970.
pub(crate) fn modified(found: &fs::Metadata) -> u64 {
    let since = found.modified().ok().and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok());
    since.map_or(0, |since| since.as_nanos() as u64)
}

fn walk(folder: &Path, given: usize, sources: &mut Sources) -> Result<(), (PathBuf, io::Error)> {
    let fail = |error| (folder.to_path_buf(), error);
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).map_err(fail)? {
        let entry = entry.map_err(fail)?;
        let name = entry.file_name();
        if name.as_encoded_bytes().starts_with(b".") {
            continue;
        }
        // A folder sorts as its files do, by the path with the slash; a link to a folder is not followed.
        let is_folder = entry.file_type().map_err(fail)?.is_dir();
        let mut key = name.into_encoded_bytes();
        key.extend(is_folder.then_some(b'/'));
        entries.push((key, entry.path(), is_folder));
    }
    entries.sort();
    for (_, path, is_folder) in entries {
        if is_folder {
            walk(&path, given, sources)?;
            continue;
        }
        match (Source::file(path.clone(), given), fs::metadata(&path)) {
            (Some(_), Ok(found)) if found.is_dir() => {}
            (Some(source), found) => sources.push(source, found.ok().as_ref()),
            (None, _) => sources.ignored += 1,
        }
    }
    Ok(())
}

/// Within one folder ids are paths and differ; between inputs they may clash.
fn refuse_duplicates(files: &[Source]) -> Result<(), String> {
    let mut seen: HashMap<String, &Source> = HashMap::with_capacity(files.len());
    for file in files {
        if let Some(other) = seen.insert(file.name(), file) {
            let show = |source: &Source| {
                source.path.as_ref().map_or("-".to_owned(), |path| path.display().to_string())
            };
            let (a, b, id) = (show(other), show(file), file.name());
            return Err(match a == b {
                true => format!("{a} is given twice: give it once"),
                false => format!(
                    "{a} and {b} both get the id {id}: give the folder above both, whose paths tell them apart"
                ),
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        folder
    }

    fn names(sources: &Sources) -> Vec<String> {
        sources.files.iter().map(Source::name).collect()
    }

    #[test]
    fn folders_are_listed_in_the_order_of_paths() {
        let folder =
            folder(&["b.txt", "a/z.md", "a.txt", "a-b.jsonl", "c.txt.gz", "d.pdf", ".hidden.txt", "B.TXT"]);
        for given in [folder.path().to_path_buf(), folder.path().join("")] {
            let sources = list(&[given]).unwrap();
            assert_eq!(names(&sources), ["B.TXT", "a-b.jsonl", "a.txt", "a/z.md", "b.txt", "c.txt.gz"]);
            assert_eq!((sources.bytes, sources.ignored), (Some(6), 1));
        }
    }

    #[test]
    fn clashing_ids_are_refused() {
        let folder = folder(&["x/a.txt", "y/a.txt"]);
        let [x, y] = ["x", "y"].map(|name| folder.path().join(name));
        let error = list(&[x.clone(), y]).unwrap_err();
        assert!(error.contains("both get the id a.txt"), "{error}");
        assert!(list(&[x.clone(), x]).unwrap_err().contains("given twice"));
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        let folder = folder(&["a.pdf"]);
        assert!(list(&[folder.path().join("none")]).unwrap_err().contains("does not exist"));
        assert!(list(&[folder.path().join("a.pdf")]).unwrap_err().contains(".txt, .md"));
        assert!(list(&[folder.path().to_path_buf()]).unwrap_err().contains("nothing to read"));
    }
}
