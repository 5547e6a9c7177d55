//! What records of JSON are written with.

use pipeline_core::engine::Records;
use pipeline_core::{Interner, Span, Sym, Table};

use super::json::{comma, number, string};
use super::offsets::{OffsetUnit, Offsets};
use super::places::Places;

/// Memory for one chunk of documents.
pub(super) struct Pen<'a, 'b> {
    pub(super) out: &'a mut Records,
    pub(super) offsets: Offsets,
    pub(super) symbols: &'b Interner,
    /// Words of symbols met so far: the run's table is shared by all threads, and asked once for each.
    words: Vec<Option<&'b str>>,
    pub(super) places: Places,
}

impl<'a, 'b> Pen<'a, 'b> {
    pub(super) fn new(out: &'a mut Records, unit: OffsetUnit, symbols: &'b Interner, places: Places) -> Self {
        Self { out, offsets: Offsets::new(unit), symbols, words: Vec::new(), places }
    }

    pub(super) fn raw(&mut self, json: &str) {
        self.out.extend_from_slice(json.as_bytes());
    }

    pub(super) fn offset(&mut self, text: &str, at: u32) {
        number(self.out, self.offsets.get(text, at).into());
    }

    pub(super) fn pair(&mut self, text: &str, span: Span) {
        self.out.push(b'[');
        self.offset(text, span.start);
        self.out.push(b',');
        self.offset(text, span.end);
        self.out.push(b']');
    }

    pub(super) fn pair_or_null(&mut self, text: &str, span: Span) {
        if span.is_none() { self.raw("null") } else { self.pair(text, span) }
    }

    pub(super) fn spans(&mut self, text: &str, table: &Table) {
        self.out.push(b'[');
        let mut first = true;
        for row in table.rows() {
            self.out.pause();
            comma(self.out, &mut first);
            self.pair(text, table.spans[row]);
        }
        self.out.push(b']');
    }

    pub(super) fn attribute(&mut self, key: &str, value: &str) {
        if !value.is_empty() {
            self.raw(key);
            string(self.out, value);
        }
    }

    /// The name of the next member of a record.
    pub(super) fn member(&mut self, name: &str) {
        self.out.push(b',');
        string(self.out, name);
        self.out.push(b':');
    }

    pub(super) fn text_or_null(&mut self, text: &str) {
        if text.is_empty() { self.raw("null") } else { string(self.out, text) }
    }

    pub(super) fn word_or_null(&mut self, sym: Sym) {
        let word = self.word(sym);
        self.text_or_null(word);
    }

    pub(super) fn word(&mut self, sym: Sym) -> &'b str {
        let at = sym.0 as usize;
        if at >= self.words.len() {
            self.words.resize(at + 1, None);
        }
        self.words[at].get_or_insert_with(|| self.symbols.text(sym))
    }
}
