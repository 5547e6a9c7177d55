//! The boundary between host and stage. The one place with `unsafe`; each use says why it holds.
#![allow(unsafe_code)]

pub mod abi;
mod columns;
pub mod export;
mod guard;
#[cfg(feature = "host")]
pub(crate) mod host;
mod out;
#[cfg(feature = "host")]
pub(crate) mod sink;
mod view;

pub use columns::{ColumnData, Table};
pub use export::Batch;
pub use out::{Out, Row};
pub use view::{Doc, Entities, HostRef, LayerView, Relations, Strs};

/// Number of a word in the run's table of symbols. Equal words have equal numbers within a run; the numbers
/// mean nothing beyond it.
#[repr(transparent)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Sym(pub u32);

impl Sym {
    /// The empty word.
    pub const EMPTY: Self = Self(0);
}
