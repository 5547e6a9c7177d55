//! Tables that own their columns: what a stage fills, and what a document keeps.

use core::ffi::c_void;

use super::{Sym, abi};
use crate::Span;
use crate::layers::{ColumnSpec, Kind};

/// The values of a column.
#[derive(Clone, Debug, PartialEq)]
pub enum ColumnData {
    /// [`Kind::U8`].
    U8(Vec<u8>),
    /// [`Kind::U32`].
    U32(Vec<u32>),
    /// [`Kind::I64`].
    I64(Vec<i64>),
    /// [`Kind::F32`].
    F32(Vec<f32>),
    /// [`Kind::F64`].
    F64(Vec<f64>),
    /// [`Kind::Sym`].
    Sym(Vec<Sym>),
    /// [`Kind::Ref`].
    Ref(Vec<u32>),
    /// [`Kind::Str`]: one more offset than rows, and the bytes they cut.
    Str {
        /// Ends of the texts, after a leading 0.
        offsets: Vec<u32>,
        /// The texts, one after the other; UTF-8.
        bytes: Vec<u8>,
    },
    /// [`Kind::Span`].
    Span(Vec<Span>),
}

/// Runs `$body` with `$v` bound to the vector of any kind but `Str`, and `$str` for that.
macro_rules! each_kind {
    ($self:expr, $v:ident => $body:expr, ($o:ident, $b:ident) => $str:expr) => {
        match $self {
            ColumnData::U8($v) => $body,
            ColumnData::U32($v) => $body,
            ColumnData::I64($v) => $body,
            ColumnData::F32($v) => $body,
            ColumnData::F64($v) => $body,
            ColumnData::Sym($v) => $body,
            ColumnData::Ref($v) => $body,
            ColumnData::Span($v) => $body,
            ColumnData::Str { offsets: $o, bytes: $b } => $str,
        }
    };
}

impl ColumnData {
    /// An empty column.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        match kind {
            Kind::U8 => Self::U8(Vec::new()),
            Kind::U32 => Self::U32(Vec::new()),
            Kind::I64 => Self::I64(Vec::new()),
            Kind::F32 => Self::F32(Vec::new()),
            Kind::F64 => Self::F64(Vec::new()),
            Kind::Sym => Self::Sym(Vec::new()),
            Kind::Ref => Self::Ref(Vec::new()),
            Kind::Span => Self::Span(Vec::new()),
            Kind::Str => Self::Str { offsets: vec![0], bytes: Vec::new() },
        }
    }

    /// What its values are.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::U8(_) => Kind::U8,
            Self::U32(_) => Kind::U32,
            Self::I64(_) => Kind::I64,
            Self::F32(_) => Kind::F32,
            Self::F64(_) => Kind::F64,
            Self::Sym(_) => Kind::Sym,
            Self::Ref(_) => Kind::Ref,
            Self::Span(_) => Kind::Span,
            Self::Str { .. } => Kind::Str,
        }
    }

    /// Rows.
    #[must_use]
    pub fn len(&self) -> usize {
        each_kind!(self, v => v.len(), (offsets, _b) => offsets.len() - 1)
    }

    /// Whether it has no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Drops the rows, keeps the memory.
    pub fn clear(&mut self) {
        each_kind!(self, v => v.clear(), (offsets, bytes) => { offsets.truncate(1); bytes.clear() });
    }

    /// Drops the rows from `len` on.
    pub(crate) fn truncate(&mut self, len: usize) {
        each_kind!(self, v => v.truncate(len), (offsets, bytes) => {
            offsets.truncate(len + 1);
            bytes.truncate(offsets.last().map_or(0, |end| *end as usize));
        });
    }

    /// Makes room for so many more rows, and no more than that.
    pub(crate) fn reserve(&mut self, rows: usize) {
        each_kind!(self, v => v.reserve_exact(rows), (offsets, _bytes) => offsets.reserve_exact(rows));
    }

    /// Fills up to `len` rows with what stands for nothing: 0, the empty word, no row, no span, the empty text.
    pub(crate) fn pad(&mut self, len: usize) {
        match self {
            Self::U8(v) => v.resize(len, 0),
            Self::U32(v) => v.resize(len, u32::MAX),
            Self::Ref(v) => v.resize(len, u32::MAX),
            Self::I64(v) => v.resize(len, 0),
            Self::F32(v) => v.resize(len, 0.0),
            Self::F64(v) => v.resize(len, 0.0),
            Self::Sym(v) => v.resize(len, Sym::EMPTY),
            Self::Span(v) => v.resize(len, Span::NONE),
            Self::Str { offsets, .. } => {
                let end = offsets.last().copied().unwrap_or(0);
                offsets.resize(len + 1, end);
            }
        }
    }

    /// Appends a text.
    pub(crate) fn push_str(&mut self, text: &str) {
        if let Self::Str { offsets, bytes } = self {
            bytes.extend_from_slice(text.as_bytes());
            offsets.push(bytes.len() as u32);
        }
    }

    /// The text of a row of a `str` column.
    #[must_use]
    pub fn str(&self, row: usize) -> &str {
        match self {
            Self::Str { offsets, bytes } => {
                let cut = offsets.get(row).zip(offsets.get(row + 1));
                let text = cut.and_then(|(start, end)| bytes.get(*start as usize..*end as usize));
                text.and_then(|text| core::str::from_utf8(text).ok()).unwrap_or("")
            }
            _ => "",
        }
    }

    /// As it crosses the boundary: points into `self`.
    pub(crate) fn as_abi(&self) -> abi::Column {
        let kind = self.kind() as u32;
        match self {
            Self::Str { offsets, bytes } => {
                abi::Column { data: offsets.as_ptr().cast(), aux: bytes.as_ptr().cast(), kind, flags: 0 }
            }
            other => abi::Column { data: other.data(), aux: core::ptr::null(), kind, flags: 0 },
        }
    }

    fn data(&self) -> *const c_void {
        each_kind!(self, v => v.as_ptr().cast(), (offsets, _b) => offsets.as_ptr().cast())
    }

    /// Appends `len` rows of a column that came over the boundary.
    ///
    /// # Safety
    /// `column` must be of this kind and hold `len` readable values; a `str` column must have been checked:
    /// offsets monotone from 0, bytes UTF-8.
    #[cfg(feature = "host")]
    pub(crate) unsafe fn append(&mut self, column: &abi::Column, len: usize) {
        if len == 0 {
            return;
        }
        // SAFETY: the caller vouches for kind and length; every kind here is plain old data.
        unsafe {
            match self {
                Self::Str { offsets, bytes } => {
                    let ends = core::slice::from_raw_parts(column.data.cast::<u32>(), len + 1);
                    let base = bytes.len() as u32;
                    let size = ends[len] as usize;
                    offsets.extend(ends[1..].iter().map(|end| base + end));
                    if size > 0 {
                        bytes.extend_from_slice(core::slice::from_raw_parts(column.aux.cast::<u8>(), size));
                    }
                }
                Self::U8(v) => v.extend_from_slice(core::slice::from_raw_parts(column.data.cast(), len)),
                Self::U32(v) | Self::Ref(v) => {
                    v.extend_from_slice(core::slice::from_raw_parts(column.data.cast(), len));
                }
                Self::I64(v) => v.extend_from_slice(core::slice::from_raw_parts(column.data.cast(), len)),
                Self::F32(v) => v.extend_from_slice(core::slice::from_raw_parts(column.data.cast(), len)),
                Self::F64(v) => v.extend_from_slice(core::slice::from_raw_parts(column.data.cast(), len)),
                Self::Sym(v) => v.extend_from_slice(core::slice::from_raw_parts(column.data.cast(), len)),
                Self::Span(v) => v.extend_from_slice(core::slice::from_raw_parts(column.data.cast(), len)),
            }
        }
    }

    /// Appends the rows of another column of the same kind.
    #[cfg(feature = "host")]
    pub(crate) fn extend(&mut self, other: &Self) {
        match (self, other) {
            (Self::U8(a), Self::U8(b)) => a.extend_from_slice(b),
            (Self::U32(a), Self::U32(b)) | (Self::Ref(a), Self::Ref(b)) => a.extend_from_slice(b),
            (Self::I64(a), Self::I64(b)) => a.extend_from_slice(b),
            (Self::F32(a), Self::F32(b)) => a.extend_from_slice(b),
            (Self::F64(a), Self::F64(b)) => a.extend_from_slice(b),
            (Self::Sym(a), Self::Sym(b)) => a.extend_from_slice(b),
            (Self::Span(a), Self::Span(b)) => a.extend_from_slice(b),
            (this @ Self::Str { .. }, other @ Self::Str { .. }) => {
                (0..other.len()).for_each(|row| this.push_str(other.str(row)));
            }
            _ => {}
        }
    }
}

/// A table: rows, with spans or without, and columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// Rows.
    pub len: usize,
    /// One span a row; empty where the layer has none.
    pub spans: Vec<Span>,
    /// The columns, in the order of the layer's description.
    pub cols: Vec<ColumnData>,
    /// For each row the one that stands in its place, `u32::MAX` where it counts; empty where all do.
    pub(crate) marks: Vec<u32>,
}

impl Table {
    /// An empty table with columns of these kinds.
    pub fn new(kinds: impl IntoIterator<Item = Kind>) -> Self {
        let cols = kinds.into_iter().map(ColumnData::new).collect();
        Self { len: 0, spans: Vec::new(), cols, marks: Vec::new() }
    }

    /// An empty table of a described layer.
    #[must_use]
    pub fn of(cols: &[ColumnSpec]) -> Self {
        Self::new(cols.iter().map(|col| col.kind))
    }

    /// Makes room for so many more rows with spans.
    pub(crate) fn reserve(&mut self, rows: usize) {
        self.spans.reserve_exact(rows);
        self.cols.iter_mut().for_each(|col| col.reserve(rows));
    }

    /// Drops the rows, keeps the memory.
    pub fn clear(&mut self) {
        self.len = 0;
        self.spans.clear();
        self.marks.clear();
        self.cols.iter_mut().for_each(ColumnData::clear);
    }
}
