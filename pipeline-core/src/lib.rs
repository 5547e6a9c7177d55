//! What stages are written against: documents and their layers, the stage trait, and the boundary that lets a
//! stage come from a library. With the feature `host` also what runs them: the plan, the pipeline and the engine.
//!
//! A stage in a library of its own:
//!
//! ```
//! use pipeline_core::{Doc, Init, Out, Result, Stage, StageInfo, Sym};
//!
//! struct Caps {
//!     label: Sym,
//!     min: u32,
//! }
//!
//! impl Stage for Caps {
//!     const INFO: StageInfo =
//!         StageInfo::new("acme.caps", "marks capitalised words").requires(&["tokens"]).extends(&["entities"]);
//!
//!     fn new(cx: &Init<'_>) -> Result<Self> {
//!         Ok(Caps { label: cx.sym("CAP"), min: cx.get("min_len", 3)? })
//!     }
//!
//!     fn process(&self, doc: Doc<'_>, out: &mut Out<'_>) -> Result {
//!         for token in doc.tokens() {
//!             if token.len() >= self.min && doc[token].starts_with(char::is_uppercase) {
//!                 out.entity(*token, self.label, 1.0);
//!             }
//!         }
//!         Ok(())
//!     }
//! }
//!
//! pipeline_core::export_plugin!(Caps);
//! ```

mod card;
mod error;
mod json;
pub mod layers;
pub mod plugin;
mod span;
mod stage;

#[cfg(feature = "host")]
pub mod check;
#[cfg(feature = "host")]
mod document;
#[cfg(feature = "host")]
pub mod engine;
#[cfg(feature = "host")]
mod intern;
#[cfg(feature = "host")]
pub mod manifest;
#[cfg(feature = "host")]
pub mod options;
#[cfg(feature = "host")]
mod overlap;
#[cfg(feature = "host")]
mod pipeline;
#[cfg(feature = "host")]
pub mod plan;
#[cfg(feature = "host")]
mod records;

/// Version of the stage interface, major and minor.
pub const ABI_VERSION: (u16, u16) = (plugin::abi::ABI_MAJOR, plugin::abi::ABI_MINOR);

pub use card::{PluginMeta, card_len, declare};
pub use error::{Error, ErrorCode, Result};
pub use json::FromJson;
pub use layers::{ColumnSpec, Kind, LayerSpec, Order, column, reference};
pub use plugin::{Batch, Doc, Entities, HostRef, LayerView, Out, Relations, Row, Strs, Sym, Syntax};
pub use span::Span;
pub use stage::{BatchStage, Init, Stage, StageInfo, Threads};

#[cfg(feature = "host")]
pub use document::{DocError, Document, MAX_TEXT};
#[cfg(feature = "host")]
pub use intern::Interner;
#[cfg(feature = "host")]
pub use overlap::Overlap;
#[cfg(feature = "host")]
pub use pipeline::{OnError, Pipeline, StageSource, StageUse};
#[cfg(feature = "host")]
pub use plugin::host::Log;
#[cfg(feature = "host")]
pub use plugin::{ColumnData, Table};
