//! What a stage sees of a document: slices into the host's memory, with names.

use core::ops::Index;
use core::slice;

use super::host_ref::{HostRef, str_from};
use super::{Sym, abi};
use crate::Span;
use crate::layers::{self, Kind, LayerSpec};

/// Which layers a stage instance sees and fills, and at which index.
#[derive(Debug)]
pub(crate) struct Shape {
    pub(crate) inputs: Vec<LayerSpec>,
    pub(crate) outputs: Vec<LayerSpec>,
    /// First output that is a replacement.
    pub(crate) replaces: usize,
}

impl Shape {
    pub(crate) fn new(info: &crate::StageInfo) -> Self {
        let specs = |lists: &[&[&'static str]]| {
            lists.iter().copied().flatten().map(|name| info.spec(name)).collect::<Vec<_>>()
        };
        Self {
            inputs: specs(&[info.requires, info.optional]),
            outputs: specs(&[info.provides, info.extends, info.replaces]),
            replaces: info.provides.len() + info.extends.len(),
        }
    }

    pub(crate) fn input(&self, name: &str) -> Option<usize> {
        self.inputs.iter().position(|spec| spec.name == name)
    }

    pub(crate) fn output(&self, name: &str) -> Option<usize> {
        self.outputs.iter().position(|spec| spec.name == name)
    }
}

/// How a batch is laid out, and who made it.
#[derive(Clone, Copy)]
pub(crate) struct Frame<'a> {
    pub(crate) shape: &'a Shape,
    pub(crate) host: HostRef<'a>,
    pub(crate) layer_stride: usize,
    pub(crate) col_stride: usize,
}

/// A document: its text, and the layers the stage asked for.
///
/// Indexing with a span gives its text: `doc[span]`.
#[derive(Clone, Copy)]
pub struct Doc<'a> {
    raw: &'a abi::Doc,
    frame: &'a Frame<'a>,
}

impl<'a> Doc<'a> {
    pub(crate) const fn new(raw: &'a abi::Doc, frame: &'a Frame<'a>) -> Self {
        Self { raw, frame }
    }

    /// The text.
    #[must_use]
    pub const fn text(&self) -> &'a str {
        // SAFETY: the host's texts are UTF-8 and live as long as the batch.
        unsafe { str_from(self.raw.text) }
    }

    /// Whether the whole text is ASCII.
    #[must_use]
    pub const fn is_ascii(&self) -> bool {
        self.raw.flags & abi::DOC_ASCII != 0
    }

    /// The host, for symbols, its log and its extensions.
    #[must_use]
    pub const fn host(&self) -> HostRef<'a> {
        self.frame.host
    }

    /// A layer by name; empty where the stage did not ask for it or nothing made it.
    #[must_use]
    pub fn layer(&self, name: &str) -> LayerView<'a> {
        let slot = self.frame.shape.input(name);
        slot.map_or(LayerView::EMPTY, |slot| self.slot(slot))
    }

    fn slot(&self, slot: usize) -> LayerView<'a> {
        if slot >= self.raw.n_layers as usize {
            return LayerView::EMPTY;
        }
        // SAFETY: the host passes `n_layers` layers, `layer_stride` bytes apart, that live as long as the batch.
        let raw = unsafe { &*self.raw.layers.byte_add(slot * self.frame.layer_stride) };
        LayerView {
            raw: Some(raw),
            cols: self.frame.shape.inputs[slot].cols,
            col_stride: self.frame.col_stride,
        }
    }

    /// The words.
    #[must_use]
    pub fn tokens(&self) -> &'a [Span] {
        self.layer(layers::TOKENS.name).spans()
    }

    /// What each word is, as [`Doc::tokens`] has them.
    #[must_use]
    pub fn token_kinds(&self) -> &'a [u8] {
        self.layer(layers::TOKENS.name).u8s("kind")
    }

    /// The sentences.
    #[must_use]
    pub fn sentences(&self) -> &'a [Span] {
        self.layer(layers::SENTENCES.name).spans()
    }

    /// The code of the document's language (BCP 47), `und` where nothing said, and how sure that is.
    #[must_use]
    pub fn language(&self) -> (&'a str, f32) {
        let layer = self.layer(layers::LANGUAGE.name);
        match layer.syms("lang").first() {
            Some(&sym) => (self.host().text(sym), layer.f32s("confidence").first().copied().unwrap_or(0.0)),
            None => ("und", 0.0),
        }
    }

    /// The code of the language to go by when choosing rules or a model: the document's, or the fallback of the
    /// run where that is not known well enough.
    #[must_use]
    pub fn route(&self) -> &'a str {
        match self.layer(layers::LANGUAGE.name).syms("route").first() {
            Some(&route) if route != Sym::EMPTY => self.host().text(route),
            _ => self.language().0,
        }
    }

    /// The entities.
    #[must_use]
    pub fn entities(&self) -> Entities<'a> {
        let layer = self.layer(layers::ENTITIES.name);
        Entities {
            spans: layer.spans(),
            labels: layer.syms("label"),
            scores: layer.f32s("score"),
            clusters: layer.u32s("cluster"),
            values: layer.strs("value"),
        }
    }

    /// Parts of speech and dependencies.
    #[must_use]
    pub fn syntax(&self) -> Syntax<'a> {
        let layer = self.layer(layers::SYNTAX.name);
        Syntax { pos: layer.syms("pos"), heads: layer.refs("head"), deprels: layer.syms("deprel") }
    }

    /// The relations.
    #[must_use]
    pub fn relations(&self) -> Relations<'a> {
        let layer = self.layer(layers::RELATIONS.name);
        Relations {
            heads: layer.refs("head"),
            tails: layer.refs("tail"),
            labels: layer.syms("label"),
            scores: layer.f32s("score"),
            triggers: layer.span_column("trigger"),
        }
    }
}

impl Index<Span> for Doc<'_> {
    type Output = str;

    fn index(&self, span: Span) -> &str {
        &self.text()[span.range()]
    }
}

impl Index<&Span> for Doc<'_> {
    type Output = str;

    fn index(&self, span: &Span) -> &str {
        &self.text()[span.range()]
    }
}

/// The entities of a document, column by column.
#[derive(Clone, Copy)]
pub struct Entities<'a> {
    /// Where each stands.
    pub spans: &'a [Span],
    /// Its type.
    pub labels: &'a [Sym],
    /// How sure, 0 to 1.
    pub scores: &'a [f32],
    /// Mentions of one thing share it; `u32::MAX` is none.
    pub clusters: &'a [u32],
    /// Normalised values.
    pub values: Strs<'a>,
}

/// The relations of a document, column by column.
#[derive(Clone, Copy)]
pub struct Relations<'a> {
    /// Rows of `entities`.
    pub heads: &'a [u32],
    /// Rows of `entities`.
    pub tails: &'a [u32],
    /// What holds.
    pub labels: &'a [Sym],
    /// How sure, 0 to 1.
    pub scores: &'a [f32],
    /// The words that state it.
    pub triggers: &'a [Span],
}

/// Parts of speech and dependencies (Universal Dependencies v2), a row for each word; empty where there are none.
#[derive(Clone, Copy)]
pub struct Syntax<'a> {
    /// Universal part of speech; [`Sym::EMPTY`] where the sentence was not parsed.
    pub pos: &'a [Sym],
    /// Row of `tokens` that the word depends on; `u32::MAX` for a root and where the sentence was not parsed.
    pub heads: &'a [u32],
    /// Kind of dependency, with its subtype.
    pub deprels: &'a [Sym],
}

/// A layer of a document.
#[derive(Clone, Copy)]
pub struct LayerView<'a> {
    raw: Option<&'a abi::Layer>,
    cols: &'static [layers::ColumnSpec],
    col_stride: usize,
}

macro_rules! columns {
    ($($(#[$doc:meta])* $name:ident: $t:ty = $kind:ident;)+) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $name(&self, column: &str) -> &'a [$t] {
            // SAFETY: values of this kind have this type.
            unsafe { self.values(column, Kind::$kind) }
        }
    )+};
}

impl<'a> LayerView<'a> {
    const EMPTY: Self = Self { raw: None, cols: &[], col_stride: 0 };

    /// Rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.raw.map_or(0, |raw| raw.len as usize)
    }

    /// Whether it has no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether something made this layer, be it without rows, for this document. Of a layer without columns only its
    /// rows tell.
    #[must_use]
    pub fn is_made(&self) -> bool {
        self.raw.is_some_and(|raw| raw.n_cols > 0 || raw.len > 0)
    }

    /// One span a row; empty where the layer has none.
    #[must_use]
    pub fn spans(&self) -> &'a [Span] {
        match self.raw {
            // SAFETY: the host passes `len` spans that live as long as the batch.
            Some(raw) if raw.len > 0 && !raw.spans.is_null() => unsafe {
                slice::from_raw_parts(raw.spans, raw.len as usize)
            },
            _ => &[],
        }
    }

    columns! {
        /// A column of small integers by name; empty where it is not there or of another kind.
        u8s: u8 = U8;
        /// A column of integers by name; empty where it is not there or of another kind.
        u32s: u32 = U32;
        /// A column of signed integers by name; empty where it is not there or of another kind.
        i64s: i64 = I64;
        /// A column of numbers by name; empty where it is not there or of another kind.
        f32s: f32 = F32;
        /// A column of numbers by name; empty where it is not there or of another kind.
        f64s: f64 = F64;
        /// A column of symbols by name; empty where it is not there or of another kind.
        syms: Sym = Sym;
        /// A column of rows of another layer by name; empty where it is not there or of another kind.
        refs: u32 = Ref;
        /// A column of spans by name; empty where it is not there or of another kind.
        span_column: Span = Span;
    }

    /// A column of texts by name; empty where it is not there or of another kind.
    #[must_use]
    pub fn strs(&self, column: &str) -> Strs<'a> {
        match self.column(column, Kind::Str) {
            // SAFETY: a `str` column has `len + 1` offsets, and as many bytes as the last of them says.
            Some(raw) if !self.is_empty() => unsafe {
                let offsets = slice::from_raw_parts(raw.data.cast::<u32>(), self.len() + 1);
                let size = offsets[self.len()] as usize;
                let bytes = if size == 0 { &[] } else { slice::from_raw_parts(raw.aux.cast::<u8>(), size) };
                Strs { offsets, bytes }
            },
            _ => Strs { offsets: &[], bytes: &[] },
        }
    }

    fn column(&self, name: &str, kind: Kind) -> Option<&'a abi::Column> {
        let raw = self.raw?;
        let index = self.cols.iter().position(|col| col.name == name)?;
        if index >= raw.n_cols as usize {
            return None;
        }
        // SAFETY: the host passes `n_cols` columns, `col_stride` bytes apart.
        let column = unsafe { &*raw.cols.byte_add(index * self.col_stride) };
        (column.kind == kind as u32).then_some(column)
    }

    /// # Safety
    /// `T` must be the type of the values of `kind`.
    unsafe fn values<T>(&self, name: &str, kind: Kind) -> &'a [T] {
        match self.column(name, kind) {
            // SAFETY: the host passes `len` values of the column's kind, aligned for it.
            Some(raw) if !self.is_empty() => unsafe { slice::from_raw_parts(raw.data.cast(), self.len()) },
            _ => &[],
        }
    }
}

/// A column of texts.
#[derive(Clone, Copy)]
pub struct Strs<'a> {
    offsets: &'a [u32],
    bytes: &'a [u8],
}

impl<'a> Strs<'a> {
    /// The text of a row, empty if there is no such row.
    #[must_use]
    pub fn get(&self, row: usize) -> &'a str {
        let cut = self.offsets.get(row).zip(self.offsets.get(row + 1));
        let bytes = cut.and_then(|(start, end)| self.bytes.get(*start as usize..*end as usize));
        bytes.and_then(|bytes| core::str::from_utf8(bytes).ok()).unwrap_or("")
    }
}
