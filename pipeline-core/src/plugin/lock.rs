//! `pipeline.lock`: the libraries a project was run with, by hash. The one defence against a file that was altered
//! and still loads.
#![forbid(unsafe_code)]

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::refusal::{LoadCode, LoadError, Refusal};
use super::scan::{Platform, Scanned};
use super::sidecar::{one_line, read_text};

/// Name of the file, beside the configuration.
pub const LOCK_FILE: &str = "pipeline.lock";

/// Libraries by hash.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    version: u32,
    #[serde(default, rename = "library")]
    libraries: Vec<Pin>,
    #[serde(skip)]
    path: PathBuf,
}

/// A library as it was.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pin {
    /// Id of the plugin.
    pub id: String,
    /// Platform it was for.
    pub platform: String,
    /// Version in its card; for people.
    pub version: String,
    /// Hash of its file, in hexadecimal.
    pub sha256: String,
}

impl Lock {
    /// A lock of these libraries.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn of<'a>(libraries: impl IntoIterator<Item = &'a Scanned>) -> Result<Self, LoadError> {
        let mut lock = Self { version: 1, ..Self::default() };
        for library in libraries {
            lock.set(library)?;
        }
        Ok(lock)
    }

    /// Reads a lock.
    ///
    /// # Errors
    /// When it is not one.
    pub fn read(path: &Path) -> Result<Self, LoadError> {
        let wrong = |found: String| {
            let remedy = "write it anew with a run that is not locked";
            Refusal::new(LoadCode::Config, found, "a lock: version = 1", remedy).at(path, None)
        };
        let text = read_text(path).map_err(wrong)?;
        let mut lock: Self = toml::from_str(&text).map_err(|error| wrong(one_line(&error)))?;
        if lock.version != 1 {
            return Err(wrong(format!("version = {}", lock.version)));
        }
        lock.path = path.into();
        Ok(lock)
    }

    /// What is pinned, by id and platform.
    #[must_use]
    pub fn pins(&self) -> &[Pin] {
        &self.libraries
    }

    /// Pins a library as it is now; pins of the same plugin for other platforms stay.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn set(&mut self, library: &Scanned) -> Result<(), LoadError> {
        let pin = Pin {
            id: library.declared.id.clone(),
            platform: library.declared.platform.name(),
            version: library.card.version.clone(),
            sha256: library.sha256()?,
        };
        self.libraries.retain(|other| (&other.id, &other.platform) != (&pin.id, &pin.platform));
        self.libraries.push(pin);
        self.libraries.sort();
        Ok(())
    }

    /// Pins that `now` has with another hash: what was, and what is.
    pub fn changes<'a>(&'a self, now: &'a Self) -> impl Iterator<Item = (&'a Pin, &'a Pin)> {
        let same = |was: &Pin, is: &Pin| (&was.id, &was.platform) == (&is.id, &is.platform);
        let pairs = self
            .libraries
            .iter()
            .filter_map(move |was| Some((was, now.libraries.iter().find(|is| same(was, is))?)));
        pairs.filter(|(was, is)| was.sha256 != is.sha256)
    }

    /// Whether a library is the one pinned.
    ///
    /// # Errors
    /// When it is another, or none is pinned.
    pub fn verify(&self, library: &Scanned) -> Result<(), LoadError> {
        let id = &library.declared.id;
        let host = Platform::HOST.name();
        match self.libraries.iter().find(|pin| pin.id == *id && pin.platform == host) {
            Some(pin) => library.pinned(&pin.sha256, &self.path),
            None => {
                let found = format!("no pin for `{id}` on {host} in `{}`", self.path.display());
                let remedy = "run once without --locked if you trust the library";
                Err(Refusal::new(LoadCode::Hash, found, "a pinned library", remedy)
                    .at(&library.path, Some(id)))
            }
        }
    }

    /// The text of the file: the same pins give the same bytes.
    #[must_use]
    pub fn to_text(&self) -> String {
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        let mut text = String::from("# Plugins by hash; `--locked` refuses any other.\nversion = 1\n");
        for pin in &self.libraries {
            text.push_str(&format!(
                "\n[[library]]\nid = {}\nplatform = {}\nversion = {}\nsha256 = {}\n",
                quoted(&pin.id),
                quoted(&pin.platform),
                quoted(&pin.version),
                quoted(&pin.sha256)
            ));
        }
        text
    }

    /// Writes the file: whole or not at all.
    ///
    /// # Errors
    /// Those of writing.
    pub fn write(&self, path: &Path) -> std::io::Result<()> {
        let part = path.with_extension("lock.part");
        std::fs::write(&part, self.to_text())?;
        std::fs::rename(&part, path)
    }
}
