//! What a stage fills: buffers the worker reuses, handed to the host once a layer and document.

use core::ffi::c_void;

use super::host_ref::str_of;
use super::view::{Frame, Shape};
use super::{ColumnData, Doc, Sym, Table, abi};
use crate::layers::{self, Kind};
use crate::{Error, ErrorCode, Result, Span};

/// Where a stage puts what it found in one document.
///
/// A layer the stage did not declare is not an error at once: the document fails at its end, with the name of
/// the layer and the cure.
pub struct Out<'a> {
    tables: &'a mut [Table],
    shape: &'a Shape,
    doc: Doc<'a>,
    undeclared: Option<&'static str>,
    kept: bool,
}

impl<'a> Out<'a> {
    pub(crate) fn new(tables: &'a mut [Table], shape: &'a Shape, doc: Doc<'a>) -> Self {
        tables.iter_mut().for_each(Table::clear);
        Self { tables, shape, doc, undeclared: None, kept: false }
    }

    pub(crate) fn tables(shape: &Shape) -> Vec<Table> {
        shape.outputs.iter().map(|spec| Table::of(spec.cols)).collect()
    }

    /// A new row of a layer without spans.
    pub fn row(&mut self, layer: &'static str) -> Row<'_> {
        self.push(layer, None)
    }

    /// A new row of a layer of spans.
    pub fn span_row(&mut self, layer: &'static str, span: impl Into<Span>) -> Row<'_> {
        self.push(layer, Some(span.into()))
    }

    /// Makes room for so many more rows of a layer. It saves memory where there are very many.
    pub fn reserve(&mut self, layer: &'static str, rows: usize) {
        if let Some(slot) = self.shape.output(layer) {
            self.tables[slot].reserve(rows);
        }
    }

    fn push(&mut self, layer: &'static str, span: Option<Span>) -> Row<'_> {
        let Some(slot) = self.shape.output(layer) else {
            self.undeclared = Some(layer);
            return Row { table: None, cols: &[], row: 0, base: 0 };
        };
        let table = &mut self.tables[slot];
        let row = table.len;
        table.len += 1;
        table.spans.extend(span);
        table.cols.iter_mut().for_each(|col| col.pad(row + 1));
        let base = self.doc.layer(layer).len();
        Row { table: Some(table), cols: self.shape.outputs[slot].cols, row, base }
    }

    fn table(&mut self, layer: &'static str) -> Option<&mut Table> {
        let slot = self.shape.output(layer);
        if slot.is_none() {
            self.undeclared = Some(layer);
        }
        slot.map(|slot| &mut self.tables[slot])
    }

    /// Leaves the layers the stage replaces as they are in this document, unless rows were put in. Without it a
    /// stage that replaces a layer and puts nothing in empties it.
    pub const fn keep(&mut self) {
        self.kept = true;
    }

    /// The language of the document (a BCP 47 code as a symbol), how sure that is, 0 to 1, and the code that later
    /// stages are to go by.
    pub fn language(&mut self, code: Sym, confidence: f32, route: Sym) {
        self.row(layers::LANGUAGE.name).sym("lang", code).f32("confidence", confidence).sym("route", route);
    }

    /// A stretch in one language.
    pub fn passage(&mut self, span: impl Into<Span>, code: Sym, confidence: f32) {
        self.span_row(layers::PASSAGES.name, span).sym("lang", code).f32("confidence", confidence);
    }

    /// All words at once, in order, with what each is.
    pub fn tokens(&mut self, spans: &[Span], kinds: &[u8]) {
        let Some(table) = self.table(layers::TOKENS.name) else { return };
        table.spans.extend_from_slice(spans);
        table.len = table.spans.len();
        if let Some(ColumnData::U8(column)) = table.cols.first_mut() {
            column.extend_from_slice(kinds);
            column.resize(table.len, 0);
        }
    }

    /// As [`Out::tokens`], but nothing is copied: the words are taken out of the vectors, which get other memory for
    /// the next document's.
    pub fn take_tokens(&mut self, spans: &mut Vec<Span>, kinds: &mut Vec<u8>) {
        let Some(table) = self.table(layers::TOKENS.name).filter(|table| table.len == 0) else {
            return self.tokens(spans, kinds);
        };
        std::mem::swap(&mut table.spans, spans);
        table.len = table.spans.len();
        if let Some(ColumnData::U8(column)) = table.cols.first_mut() {
            std::mem::swap(column, kinds);
            column.resize(table.len, 0);
        }
    }

    /// All sentences at once, in order.
    pub fn sentences(&mut self, spans: &[Span]) {
        let Some(table) = self.table(layers::SENTENCES.name) else { return };
        table.spans.extend_from_slice(spans);
        table.len = table.spans.len();
    }

    /// A name or value, and how sure that is, 0 to 1. More columns can be set on the row.
    pub fn entity(&mut self, span: impl Into<Span>, label: Sym, score: f32) -> Row<'_> {
        self.span_row(layers::ENTITIES.name, span).sym("label", label).f32("score", score)
    }

    /// A relation between two rows of `entities`, and how sure that is, 0 to 1.
    pub fn relation(&mut self, head: u32, tail: u32, label: Sym, score: f32) -> Row<'_> {
        let row = self.row(layers::RELATIONS.name).u32("head", head).u32("tail", tail);
        row.sym("label", label).f32("score", score)
    }

    /// Part of speech, head (row of `tokens`; `u32::MAX` for none) and dependency of all words at once: a value for
    /// each word, in their order. Words that were not parsed have empty symbols and no head.
    pub fn syntax(&mut self, pos: &[Sym], heads: &[u32], deprels: &[Sym]) {
        let Some(table) = self.table(layers::SYNTAX.name) else { return };
        table.len = pos.len();
        if let [ColumnData::Sym(to_pos), ColumnData::Ref(to_heads), ColumnData::Sym(to_deprels)] =
            table.cols.as_mut_slice()
        {
            to_pos.extend_from_slice(pos);
            to_heads.extend_from_slice(heads);
            to_deprels.extend_from_slice(deprels);
        }
    }

    /// Hands the layers to the host.
    ///
    /// # Safety
    /// `out` must be the batch's own, on the thread of the call.
    pub(crate) unsafe fn flush(&self, index: u32, out: *mut c_void, cols: &mut Vec<abi::Column>) -> Result {
        if let Some(layer) = self.undeclared {
            return Err(Error {
                code: ErrorCode::InvalidOutput,
                message: format!(
                    "the stage wrote to `{layer}`, which it does not declare; add it to provides, extends or replaces"
                ),
            });
        }
        let (kept, replaced) = (self.kept, self.shape.replaces);
        let given = |slot: usize, table: &Table| table.len > 0 || (slot >= replaced && !kept);
        for (slot, table) in self.tables.iter().enumerate().filter(|(slot, table)| given(*slot, table)) {
            // SAFETY: passed on.
            unsafe { emit(&self.doc, index, slot as u32, table, out, cols) };
        }
        Ok(())
    }
}

/// # Safety
/// As [`Out::flush`].
unsafe fn emit(
    doc: &Doc<'_>,
    index: u32,
    slot: u32,
    table: &Table,
    out: *mut c_void,
    cols: &mut Vec<abi::Column>,
) {
    cols.clear();
    cols.extend(table.cols.iter().map(ColumnData::as_abi));
    let layer = abi::Layer {
        spans: if table.spans.is_empty() { core::ptr::null() } else { table.spans.as_ptr() },
        cols: cols.as_ptr(),
        len: table.len as u32,
        n_cols: cols.len() as u32,
    };
    let host = doc.host();
    if let Some(emit) = host.raw().emit {
        // SAFETY: `layer` points into tables that outlive the call; `out` by the contract. A refusal is
        // recorded by the host, so its result needs no look.
        unsafe { emit(out, index, slot, &raw const layer) };
    }
}

/// Reports a document's error to the host.
///
/// # Safety
/// As [`Out::flush`].
pub(crate) unsafe fn report(frame: &Frame<'_>, index: u32, error: &Error, out: *mut c_void) {
    let host = frame.host.raw();
    if let Some(doc_error) = host.doc_error {
        // SAFETY: the message outlives the call; `out` by the contract.
        unsafe { doc_error(out, index, error.code as i32, str_of(&error.message)) };
    }
}

/// A row just added; its columns are set by name, the others keep their defaults.
pub struct Row<'a> {
    /// None where the layer was not declared.
    table: Option<&'a mut Table>,
    cols: &'static [layers::ColumnSpec],
    row: usize,
    base: usize,
}

macro_rules! setters {
    ($($(#[$doc:meta])* $name:ident($t:ty) = $($variant:ident)|+;)+) => {$(
        $(#[$doc])*
        pub fn $name(mut self, column: &str, value: $t) -> Self {
            let row = self.row;
            if let Some($(ColumnData::$variant(values))|+) = self.column(column) {
                values[row] = value;
            }
            self
        }
    )+};
}

impl Row<'_> {
    /// Its index in the layer, for references from other layers. Where the layer is extended, this counts the
    /// rows before only if the stage also requires it.
    #[must_use]
    pub const fn index(&self) -> u32 {
        (self.base + self.row) as u32
    }

    fn column(&mut self, name: &str) -> Option<&mut ColumnData> {
        let index = self.cols.iter().position(|col| col.name == name)?;
        self.table.as_mut()?.cols.get_mut(index)
    }

    setters! {
        /// Sets a column of small integers.
        u8(u8) = U8;
        /// Sets a column of integers or of references.
        u32(u32) = U32 | Ref;
        /// Sets a column of signed integers.
        i64(i64) = I64;
        /// Sets a column of numbers.
        f32(f32) = F32;
        /// Sets a column of numbers.
        f64(f64) = F64;
        /// Sets a column of symbols.
        sym(Sym) = Sym;
        /// Sets a column of spans.
        span(Span) = Span;
    }

    /// Sets a column of texts.
    pub fn str(mut self, column: &str, text: &str) -> Self {
        let row = self.row;
        if let Some(texts) = self.column(column).filter(|texts| texts.kind() == Kind::Str) {
            texts.truncate(row);
            texts.push_str(text);
        }
        self
    }
}
