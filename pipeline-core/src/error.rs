//! Errors of stages and of documents.

use core::fmt;

/// What went wrong with a document. The numbers are part of the plugin interface, the names of the output.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// The stage said so.
    Stage = 1,
    /// The stage panicked.
    Panic = 2,
    /// The stage gave annotations that cannot be.
    InvalidOutput = 3,
    /// The text has more bytes than offsets can count.
    TextTooLong = 4,
    /// The stage failed on the whole batch the document was in.
    Batch = 5,
    /// A stage this one builds on failed.
    Upstream = 6,
    /// Not an error: the stage has nothing for this document (no model for its language), and says why.
    Skipped = 7,
    /// Input that is not in the format it should be (a line that is not JSON).
    BadInput = 20,
    /// The record lacks the field that holds the text.
    MissingField = 21,
    /// Larger than the limit set for a document.
    TooLarge = 22,
    /// The file could not be read.
    Unreadable = 23,
    /// Bytes that are not in the encoding; they were replaced.
    Encoding = 24,
}

impl ErrorCode {
    /// All codes.
    pub const ALL: [Self; 12] = [
        Self::Stage,
        Self::Panic,
        Self::InvalidOutput,
        Self::TextTooLong,
        Self::Batch,
        Self::Upstream,
        Self::Skipped,
        Self::BadInput,
        Self::MissingField,
        Self::TooLarge,
        Self::Unreadable,
        Self::Encoding,
    ];

    /// Its name in the output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stage => "stage-error",
            Self::Panic => "panic",
            Self::InvalidOutput => "invalid-output",
            Self::TextTooLong => "text-too-long",
            Self::Batch => "batch-failure",
            Self::Upstream => "upstream-failed",
            Self::Skipped => "skipped",
            Self::BadInput => "bad-input",
            Self::MissingField => "missing-field",
            Self::TooLarge => "too-large",
            Self::Unreadable => "unreadable",
            Self::Encoding => "encoding",
        }
    }

    /// The code of a number that came over the boundary; numbers no stage may use count as [`ErrorCode::Stage`].
    #[must_use]
    pub fn from_raw(raw: i32) -> Self {
        match raw {
            2 => Self::Panic,
            3 => Self::InvalidOutput,
            7 => Self::Skipped,
            _ => Self::Stage,
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Why a stage could not be made, or could not work on a document.
///
/// Any [`std::error::Error`] turns into it with `?`; therefore it is not one itself.
pub struct Error {
    pub(crate) code: ErrorCode,
    pub(crate) message: String,
}

impl Error {
    /// An error in the stage's own words: say what, and what would cure it.
    pub fn new(message: impl Into<String>) -> Self {
        Self { code: ErrorCode::Stage, message: message.into() }
    }

    /// Not an error: the stage has nothing for this document, or nothing but what it put out already, which is kept.
    /// `reason` is one word (`no-model`) that the record shows.
    pub fn skip(reason: impl Into<String>) -> Self {
        Self { code: ErrorCode::Skipped, message: reason.into() }
    }

    /// What kind of error.
    #[must_use]
    pub const fn code(&self) -> ErrorCode {
        self.code
    }

    /// Its words.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl<E: std::error::Error> From<E> for Error {
    fn from(error: E) -> Self {
        Self::new(error.to_string())
    }
}

/// What a stage returns.
pub type Result<T = (), E = Error> = core::result::Result<T, E>;
