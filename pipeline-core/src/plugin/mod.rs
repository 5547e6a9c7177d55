//! The boundary between host and stage. The one place with `unsafe`; each use says why it holds.
#![allow(unsafe_code)]

pub mod abi;
mod columns;
#[cfg(feature = "host")]
mod discover;
pub mod export;
mod guard;
#[cfg(feature = "host")]
pub(crate) mod host;
mod host_ref;
#[cfg(feature = "host")]
mod image;
#[cfg(feature = "host")]
mod lock;
#[cfg(feature = "host")]
mod open;
mod out;
mod parallel;
#[cfg(feature = "host")]
mod refusal;
#[cfg(feature = "host")]
mod scan;
#[cfg(feature = "host")]
mod sidecar;
#[cfg(feature = "host")]
pub(crate) mod sink;
#[cfg(feature = "host")]
mod trust;
mod view;

pub use columns::{ColumnData, Table};
#[cfg(feature = "host")]
pub use discover::{Candidate, Found, Origin, PATH_VARIABLE, SearchPath, Shadowed, discover};
pub use export::Batch;
pub use host_ref::HostRef;
#[cfg(feature = "host")]
pub use image::Format;
#[cfg(feature = "host")]
pub use lock::{LOCK_FILE, Lock, Pin};
#[cfg(feature = "host")]
pub use open::OpenOptions;
pub use out::{Out, Row};
pub use parallel::{PARALLEL, Parallel, RawParallel};
#[cfg(feature = "host")]
pub use refusal::{LoadCode, LoadError};
#[cfg(feature = "host")]
pub use scan::{Declared, Library, PanicMode, Platform, Scanned};
#[cfg(feature = "host")]
pub use sidecar::Sidecar;
#[cfg(feature = "host")]
pub use trust::sha256;
pub use view::{Doc, Entities, LayerView, Relations, Strs, Syntax};

/// Number of a word in the run's table of symbols. Equal words have equal numbers within a run; the numbers
/// mean nothing beyond it.
#[repr(transparent)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Sym(pub u32);

impl Sym {
    /// The empty word.
    pub const EMPTY: Self = Self(0);
}
