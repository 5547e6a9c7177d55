//! Why a library is not loaded: a code that stays, and words that say what to do.
#![forbid(unsafe_code)]

use std::fmt;
use std::path::{Path, PathBuf};

/// What kind of refusal. The names are stable; scripts may rely on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LoadCode {
    /// There is no such file.
    NotFound,
    /// A file, but not a library with a declaration.
    NotPlugin,
    /// Built for another processor or operating system.
    Platform,
    /// Another major version of the interface.
    AbiMajor,
    /// Needs a later minor version of the interface than this program has.
    AbiNewer,
    /// The file ends before its headers say it does.
    Truncated,
    /// The declaration or its card is not what it should be.
    Card,
    /// The bytes are not those that were pinned, or not those that were scanned.
    Hash,
    /// Others could change the file.
    Permissions,
    /// Built so that a panic ends the process.
    PanicAbort,
    /// The operating system's loader refused it.
    Dlopen,
    /// It exports no entry function of this major version.
    NoEntry,
    /// Its entry function reported a failure.
    EntryFailed,
    /// It left out a function that must be there.
    NullFunction,
    /// A sidecar or lock that cannot be used.
    Config,
    /// Two libraries in one place claim the same name.
    Duplicate,
}

impl LoadCode {
    /// All codes.
    pub const ALL: [Self; 16] = [
        Self::NotFound,
        Self::NotPlugin,
        Self::Platform,
        Self::AbiMajor,
        Self::AbiNewer,
        Self::Truncated,
        Self::Card,
        Self::Hash,
        Self::Permissions,
        Self::PanicAbort,
        Self::Dlopen,
        Self::NoEntry,
        Self::EntryFailed,
        Self::NullFunction,
        Self::Config,
        Self::Duplicate,
    ];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::NotPlugin => "not-plugin",
            Self::Platform => "platform",
            Self::AbiMajor => "abi-major",
            Self::AbiNewer => "abi-newer",
            Self::Truncated => "truncated",
            Self::Card => "card",
            Self::Hash => "hash",
            Self::Permissions => "permissions",
            Self::PanicAbort => "panic-abort",
            Self::Dlopen => "dlopen",
            Self::NoEntry => "no-entry",
            Self::EntryFailed => "entry-failed",
            Self::NullFunction => "null-function",
            Self::Config => "config",
            Self::Duplicate => "duplicate",
        }
    }
}

impl fmt::Display for LoadCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Why a library was not loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadError {
    /// What kind.
    pub code: LoadCode,
    /// The file, as it was named.
    pub path: PathBuf,
    /// The id of the plugin, where it could be read.
    pub id: Option<String>,
    /// What is there.
    pub found: Box<str>,
    /// What should be.
    pub expected: Box<str>,
    /// What would help.
    pub remedy: Box<str>,
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.display())?;
        if let Some(id) = self.id.as_ref().filter(|id| !id.is_empty()) {
            write!(f, " (`{id}`)")?;
        }
        write!(f, ": {}: found {}, expected {}; {}", self.code, self.found, self.expected, self.remedy)
    }
}

impl std::error::Error for LoadError {}

/// A refusal before it is known which file it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) code: LoadCode,
    pub(super) found: Box<str>,
    pub(super) expected: Box<str>,
    pub(super) remedy: Box<str>,
}

impl Refusal {
    pub(super) fn new(
        code: LoadCode,
        found: impl Into<Box<str>>,
        expected: impl Into<Box<str>>,
        remedy: impl Into<Box<str>>,
    ) -> Self {
        Self { code, found: found.into(), expected: expected.into(), remedy: remedy.into() }
    }

    pub(super) fn at(self, path: &Path, id: Option<&str>) -> LoadError {
        let Self { code, found, expected, remedy } = self;
        LoadError { code, path: path.into(), id: id.map(Into::into), found, expected, remedy }
    }
}
