//! `NAME.toml` beside a library: what its user wants of it.
#![forbid(unsafe_code)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::refusal::{LoadCode, LoadError, Refusal};
use super::scan::{Platform, Scanned};

/// Largest sidecar or lock that is read, in bytes.
pub(super) const MAX_BYTES: u64 = 1 << 20;

/// A sidecar, read.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sidecar {
    /// Version of the format: 1.
    manifest_version: u32,
    /// Id the library must have.
    pub id: Option<String>,
    /// SHA-256 the file must have: one, or one a platform.
    sha256: Option<Sha>,
    /// Whether the library is to be found at all.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Where the library is, by platform, relative to the sidecar; without it, beside the sidecar under its name.
    #[serde(default)]
    paths: BTreeMap<String, PathBuf>,
    /// Options by stage, for those the configuration does not give.
    #[serde(default)]
    pub config: BTreeMap<String, serde_json::Map<String, serde_json::Value>>,
    /// The file itself.
    #[serde(skip)]
    pub path: PathBuf,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Sha {
    One(String),
    Each(BTreeMap<String, String>),
}

const fn yes() -> bool {
    true
}

impl Sidecar {
    /// Reads a sidecar.
    ///
    /// # Errors
    /// When it is not one.
    pub fn read(path: &Path) -> Result<Self, LoadError> {
        let wrong = |found: String| {
            let remedy = "see the guide to plugins for its keys, or remove the file";
            Refusal::new(LoadCode::Config, found, "a sidecar: manifest_version = 1", remedy).at(path, None)
        };
        let text = read_text(path).map_err(wrong)?;
        let mut sidecar: Self = toml::from_str(&text).map_err(|error| wrong(one_line(&error)))?;
        if sidecar.manifest_version != 1 {
            return Err(wrong(format!("manifest_version = {}", sidecar.manifest_version)));
        }
        sidecar.path = path.into();
        Ok(sidecar)
    }

    /// The sidecar of a library: the file with its name and the ending `toml`, if there is one that says it is a
    /// sidecar (other programs use the ending too).
    ///
    /// # Errors
    /// When it is there and cannot be used.
    pub fn beside(library: &Path) -> Result<Option<Self>, LoadError> {
        let path = library.with_extension("toml");
        if is_sidecar(&path) { Self::read(&path).map(Some) } else { Ok(None) }
    }

    /// Where the library for this platform is, if the sidecar says so.
    ///
    /// # Errors
    /// When it names libraries, and none for this platform.
    pub(super) fn library(&self) -> Result<Option<PathBuf>, LoadError> {
        if self.paths.is_empty() {
            return Ok(None);
        }
        let host = Platform::HOST.name();
        let Some(path) = self.paths.get(&host) else {
            let there: Vec<_> = self.paths.keys().map(String::as_str).collect();
            let found = format!("libraries for {}", there.join(", "));
            let remedy = "get or build it for this platform";
            return Err(
                Refusal::new(LoadCode::Platform, found, host, remedy).at(&self.path, self.id.as_deref())
            );
        };
        Ok(Some(self.path.parent().unwrap_or(Path::new("")).join(path)))
    }

    /// Whether a library is the one it means.
    ///
    /// # Errors
    /// When its id or hash is another.
    pub fn check(&self, library: &Scanned) -> Result<(), LoadError> {
        if let Some(id) = self.id.as_ref().filter(|id| **id != library.declared.id) {
            let found = format!("the id `{}`", library.declared.id);
            let expected = format!("`{id}` as `{}` says", self.path.display());
            let remedy = "put the right library beside the sidecar, or correct the id there";
            return Err(Refusal::new(LoadCode::Config, found, expected, remedy)
                .at(&library.path, Some(&library.declared.id)));
        }
        let sha256 = match &self.sha256 {
            Some(Sha::One(sha256)) => Some(sha256),
            Some(Sha::Each(each)) => each.get(&Platform::HOST.name()),
            None => None,
        };
        sha256.map_or(Ok(()), |sha256| library.pinned(sha256, &self.path))
    }
}

/// Whether a file looks like a sidecar.
pub(super) fn is_sidecar(path: &Path) -> bool {
    read_text(path)
        .is_ok_and(|text| text.lines().any(|line| line.trim_start().starts_with("manifest_version")))
}

/// The text of a small file.
pub(super) fn read_text(path: &Path) -> Result<String, String> {
    let meta = std::fs::metadata(path).map_err(|error| format!("a file that cannot be read ({error})"))?;
    if !meta.is_file() || meta.len() > MAX_BYTES {
        return Err(format!("no file, or one of {} bytes where {MAX_BYTES} are the most", meta.len()));
    }
    std::fs::read_to_string(path).map_err(|error| format!("a file that cannot be read ({error})"))
}

/// A parser's words without its drawing of the place.
pub(super) fn one_line(error: &toml::de::Error) -> String {
    error.message().replace('\n', " ")
}
