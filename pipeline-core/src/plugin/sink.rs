//! Where a stage's output arrives: checked, copied, and kept apart until the document is through.

use core::ffi::c_void;
use core::slice;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{ColumnData, Sym, Table, abi};
use crate::document::Document;
use crate::intern::Interner;
use crate::layers::{Kind, Order};
use crate::manifest::Mode;
use crate::plan::{Output, Step};
use crate::{ErrorCode, Span};

/// What a stage gave for the documents of one call.
#[derive(Default)]
pub(crate) struct Sink {
    staged: Vec<Staged>,
}

/// What a stage gave for one document.
#[derive(Default)]
struct Staged {
    /// One table a slot.
    tables: Vec<Table>,
    /// Which slots were filled.
    filled: Vec<bool>,
    error: Option<(ErrorCode, String)>,
}

/// What a stage is called on.
#[derive(Clone, Copy)]
pub(crate) struct Job<'a> {
    pub(crate) step: &'a Step,
    pub(crate) docs: &'a [Document],
    /// Numbers in `docs` of the documents of the call.
    pub(crate) active: &'a [usize],
}

/// A call in progress: what `out` points to.
pub(crate) struct Call<'a> {
    pub(crate) sink: &'a mut Sink,
    pub(crate) job: Job<'a>,
    pub(crate) symbols: &'a Interner,
}

impl Sink {
    /// Gets ready for a call with so many documents.
    pub(crate) fn open(&mut self, docs: usize, step: &Step) {
        if self.staged.len() < docs {
            self.staged.resize_with(docs, Staged::default);
        }
        for staged in &mut self.staged[..docs] {
            staged.error = None;
            staged.filled.clear();
            staged.filled.resize(step.outputs.len(), false);
            staged.fit(step);
        }
    }

    /// What went wrong with a document of the call.
    pub(crate) fn error(&mut self, index: usize) -> Option<(ErrorCode, String)> {
        self.staged[index].error.take()
    }

    /// A table of a slot, if it was filled.
    pub(crate) fn table(&mut self, index: usize, slot: usize) -> Option<&mut Table> {
        let staged = &mut self.staged[index];
        staged.filled[slot].then(|| &mut staged.tables[slot])
    }
}

impl Staged {
    /// Tables of the shapes this step fills; memory is kept where they are the same.
    fn fit(&mut self, step: &Step) {
        self.tables.resize_with(step.outputs.len(), Table::default);
        for (table, output) in self.tables.iter_mut().zip(&step.outputs) {
            let same = table.cols.iter().map(ColumnData::kind).eq(output.kinds.iter().copied());
            if same { table.clear() } else { *table = Table::new(output.kinds.iter().copied()) }
        }
    }
}

/// [`abi::Host::emit`].
pub(crate) unsafe extern "C" fn emit(out: *mut c_void, doc: u32, slot: u32, layer: *const abi::Layer) -> i32 {
    // SAFETY: `out` is the call this host made, on its thread; `layer` is readable during it.
    let (call, layer) = unsafe { (&mut *out.cast::<Call<'_>>(), layer.as_ref()) };
    let result = catch_unwind(AssertUnwindSafe(|| call.take(doc as usize, slot as usize, layer)));
    match result {
        Ok(Ok(())) => 0,
        Ok(Err(message)) => {
            call.refuse(doc as usize, message);
            -1
        }
        Err(_) => -2,
    }
}

/// [`abi::Host::doc_error`].
pub(crate) unsafe extern "C" fn doc_error(out: *mut c_void, doc: u32, code: i32, message: abi::Str) {
    // SAFETY: as in `emit`; the message is readable bytes.
    let (call, bytes) = unsafe {
        let bytes = if message.len == 0 || message.ptr.is_null() {
            &[]
        } else {
            slice::from_raw_parts(message.ptr, message.len)
        };
        (&mut *out.cast::<Call<'_>>(), bytes)
    };
    let _ = catch_unwind(AssertUnwindSafe(|| {
        let message = String::from_utf8_lossy(bytes).into_owned();
        if let Some(staged) = call.staged(doc as usize) {
            staged.error.get_or_insert((ErrorCode::from_raw(code), message));
        }
    }));
}

impl Call<'_> {
    fn staged(&mut self, doc: usize) -> Option<&mut Staged> {
        (doc < self.job.active.len()).then(|| &mut self.sink.staged[doc])
    }

    fn refuse(&mut self, doc: usize, message: String) {
        match self.staged(doc) {
            Some(staged) => {
                staged.error.get_or_insert((ErrorCode::InvalidOutput, message));
            }
            // No document can be blamed: all of the call are.
            None => {
                for staged in &mut self.sink.staged[..self.job.active.len()] {
                    staged.error.get_or_insert((ErrorCode::InvalidOutput, message.clone()));
                }
            }
        }
    }

    /// Checks a layer and takes it.
    fn take(&mut self, doc: usize, slot: usize, layer: Option<&abi::Layer>) -> Result<(), String> {
        let layer = layer.ok_or("emit was called without a layer")?;
        let Some(&number) = self.job.active.get(doc) else {
            return Err(format!("emit names document {doc}, the batch has {}", self.job.active.len()));
        };
        let outputs = &self.job.step.outputs;
        let Some(output) = outputs.get(slot) else {
            return Err(format!("emit names slot {slot}, the stage declares {}", outputs.len()));
        };
        if self.sink.staged[doc].filled[slot] {
            return Err(format!("slot {slot} was filled twice"));
        }
        let document = &self.job.docs[number];
        check_form(layer, output)?;
        let len = layer.len as usize;
        if output.spans && len > 0 {
            // SAFETY: `check_form` saw the pointer; the stage vouches for its length.
            check_spans(document, unsafe { slice::from_raw_parts(layer.spans, len) }, output.order)?;
        }
        for col in 0..output.kinds.len() {
            // SAFETY: `check_form` saw as many columns.
            let raw = unsafe { &*layer.cols.add(col) };
            self.check_column(document, output, col, raw, len)?;
        }
        let staged = &mut self.sink.staged[doc];
        staged.filled[slot] = true;
        let table = &mut staged.tables[slot];
        table.len = len;
        if output.spans && len > 0 {
            // SAFETY: as above.
            table.spans.extend_from_slice(unsafe { slice::from_raw_parts(layer.spans, len) });
        }
        for (col, values) in table.cols.iter_mut().enumerate() {
            // SAFETY: kinds and contents were checked above.
            unsafe { values.append(&*layer.cols.add(col), len) };
        }
        Ok(())
    }

    fn check_column(
        &self,
        document: &Document,
        output: &Output,
        col: usize,
        raw: &abi::Column,
        len: usize,
    ) -> Result<(), String> {
        let kind = output.kinds[col];
        if raw.kind != kind as u32 {
            let found = Kind::from_raw(raw.kind).map_or("an unknown kind", Kind::name);
            return Err(format!("column {col} is declared as {kind}, found {found}"));
        }
        if len == 0 {
            return Ok(());
        }
        if raw.data.is_null() || !raw.data.addr().is_multiple_of(alignment(kind)) {
            return Err(format!("column {col} is null or not aligned for {kind}"));
        }
        // SAFETY: not null, aligned; the stage vouches for the length.
        unsafe {
            match kind {
                Kind::Sym => check_syms(slice::from_raw_parts(raw.data.cast(), len), self.symbols.len()),
                Kind::Span => {
                    let spans = slice::from_raw_parts(raw.data.cast::<Span>(), len);
                    spans
                        .iter()
                        .filter(|span| !span.is_none())
                        .try_for_each(|span| check_span(document, *span))
                }
                Kind::Str => check_strs(slice::from_raw_parts(raw.data.cast(), len + 1), raw.aux.cast()),
                // References wait until all layers of the document are in: see `check_refs`.
                _ => Ok(()),
            }
        }
    }
}

impl Sink {
    /// Checks the references that a call gave: a stage may fill its layers in any order, and refer to rows it adds.
    pub(crate) fn check_refs(&mut self, job: Job<'_>) {
        for (slot, output) in job.step.outputs.iter().enumerate() {
            for (col, layer) in output.targets.iter().enumerate() {
                let Some(layer) = *layer else { continue };
                for (staged, number) in self.staged.iter_mut().zip(job.active) {
                    let rows = staged.rows(&job.docs[*number], job.step, layer);
                    let bad = match &staged.tables[slot].cols[col] {
                        ColumnData::Ref(refs) if staged.filled[slot] => check_refs(refs, rows).err(),
                        _ => None,
                    };
                    if let Some(message) = bad {
                        staged.error.get_or_insert((ErrorCode::InvalidOutput, message));
                    }
                }
            }
        }
    }
}

impl Staged {
    /// Rows a layer will have once this document is through.
    fn rows(&self, document: &Document, step: &Step, layer: usize) -> usize {
        let there = document.layer(layer).map_or(0, |table| table.len);
        let slots = step.outputs.iter().zip(&self.tables).zip(&self.filled);
        let given = slots.filter(|((output, _), filled)| output.layer == layer && **filled);
        given.fold(there, |rows, ((output, table), _)| match output.mode {
            Mode::Replace => table.len,
            Mode::Provide | Mode::Extend => rows + table.len,
        })
    }
}

fn check_form(layer: &abi::Layer, output: &Output) -> Result<(), String> {
    if layer.n_cols as usize != output.kinds.len() {
        return Err(format!("{} columns are declared, found {}", output.kinds.len(), layer.n_cols));
    }
    if layer.len > 0 && output.spans == layer.spans.is_null() {
        let (declared, found) = if output.spans { ("spans", "none") } else { ("rows", "spans") };
        return Err(format!("the layer is declared with {declared}, found {found}"));
    }
    if !layer.spans.is_null() && !layer.spans.is_aligned() {
        return Err("the spans are not aligned".into());
    }
    if layer.n_cols > 0 && (layer.cols.is_null() || !layer.cols.is_aligned()) {
        return Err("the columns are null or not aligned".into());
    }
    Ok(())
}

const fn alignment(kind: Kind) -> usize {
    match kind {
        Kind::U8 => 1,
        Kind::I64 | Kind::F64 => 8,
        _ => 4,
    }
}

fn check_span(document: &Document, span: Span) -> Result<(), String> {
    let (start, end) = (span.start as usize, span.end as usize);
    let text = document.text.as_str();
    if start > end || end > text.len() {
        return Err(format!("span {start}..{end} is out of bounds of a text of {} bytes", text.len()));
    }
    let whole = document.ascii || (text.is_char_boundary(start) && text.is_char_boundary(end));
    if !whole {
        return Err(format!("span {start}..{end} cuts a character in two"));
    }
    Ok(())
}

fn check_spans(document: &Document, spans: &[Span], order: Order) -> Result<(), String> {
    let mut last = Span::new(0, 0);
    for &span in spans {
        check_span(document, span)?;
        let bad = match order {
            Order::Any => false,
            Order::Sorted => span.start < last.start,
            Order::Disjoint => span.start < last.end,
        };
        if bad {
            return Err(format!(
                "span {}..{} follows {}..{}, but the layer's spans are {}",
                span.start,
                span.end,
                last.start,
                last.end,
                order.name()
            ));
        }
        last = span;
    }
    Ok(())
}

fn check_syms(syms: &[Sym], known: u32) -> Result<(), String> {
    match syms.iter().find(|sym| sym.0 >= known) {
        Some(sym) => Err(format!("symbol {} was never given out", sym.0)),
        None => Ok(()),
    }
}

fn check_refs(refs: &[u32], rows: usize) -> Result<(), String> {
    match refs.iter().find(|row| **row != u32::MAX && **row as usize >= rows) {
        Some(row) => Err(format!("a reference to row {row} of a layer of {rows} rows")),
        None => Ok(()),
    }
}

/// # Safety
/// `bytes` must be readable as far as the last offset says.
unsafe fn check_strs(offsets: &[u32], bytes: *const u8) -> Result<(), String> {
    if offsets[0] != 0 || offsets.windows(2).any(|pair| pair[0] > pair[1]) {
        return Err("the offsets of a text column do not rise from 0".into());
    }
    let size = offsets[offsets.len() - 1] as usize;
    if size == 0 {
        return Ok(());
    }
    if bytes.is_null() {
        return Err("a text column has no bytes".into());
    }
    // SAFETY: by the contract.
    let text = core::str::from_utf8(unsafe { slice::from_raw_parts(bytes, size) });
    let text = text.map_err(|error| format!("a text column is not UTF-8: {error}"))?;
    match offsets.iter().find(|end| !text.is_char_boundary(**end as usize)) {
        Some(end) => Err(format!("offset {end} of a text column cuts a character in two")),
        None => Ok(()),
    }
}

#[cfg(test)]
#[path = "sink_tests.rs"]
mod tests;
