//! How a command ended.

use std::process::ExitCode;

/// How a command that could run ended; one that could not ends with status 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// All well: 0.
    Well,
    /// Some documents have errors: 1.
    SomeFailed,
}

impl Status {
    /// That of a run in which so many documents have errors.
    #[must_use]
    pub const fn of(failed: u64) -> Self {
        if failed == 0 { Self::Well } else { Self::SomeFailed }
    }
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        match status {
            Status::Well => Self::SUCCESS,
            Status::SomeFailed => Self::from(1),
        }
    }
}
