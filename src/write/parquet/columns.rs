//! The columns of a chunk of documents.

use std::sync::Arc;

use arrow_array::ArrayRef;
use arrow_array::builder::StringBuilder;
use arrow_schema::ArrowError;
use pipeline_core::{Document, Interner};

use super::super::fields;
use super::super::offsets::Offsets;
use super::super::places::Places;
use super::layer::{Context, Ends, LayerColumn};
use super::schema::{Shape, words};

/// Columns under way, in the order of the schema.
pub(super) struct Columns<'a> {
    shape: &'a Shape,
    symbols: &'a Interner,
    offsets: Offsets,
    places: Places,
    ids: StringBuilder,
    titles: StringBuilder,
    dates: StringBuilder,
    texts: StringBuilder,
    layers: Vec<LayerColumn<'a>>,
    metas: StringBuilder,
    skipped: Remarks<2>,
    errors: Remarks<3>,
}

impl<'a> Columns<'a> {
    pub(super) fn new(shape: &'a Shape, symbols: &'a Interner) -> Self {
        Self {
            shape,
            symbols,
            offsets: Offsets::new(shape.unit),
            places: shape.places.clone(),
            ids: StringBuilder::new(),
            titles: StringBuilder::new(),
            dates: StringBuilder::new(),
            texts: StringBuilder::new(),
            layers: shape.layers.iter().map(LayerColumn::new).collect(),
            metas: StringBuilder::new(),
            skipped: Remarks::new(["stage", "reason"]),
            errors: Remarks::new(["stage", "code", "message"]),
        }
    }

    pub(super) fn push(&mut self, doc: &Document) {
        self.offsets.index(&doc.text);
        self.places.turn(doc);
        self.ids.append_value(&doc.id);
        if let Some(layer) = self.shape.fields {
            self.titles.append_option(fields::title(doc, layer));
            self.dates.append_option(fields::date(doc, layer));
        }
        if self.shape.text {
            self.texts.append_value(&doc.text);
        }
        let at =
            Context { text: &doc.text, offsets: &self.offsets, places: &self.places, symbols: self.symbols };
        for column in &mut self.layers {
            column.push(doc, &at);
        }
        if self.shape.meta {
            self.metas.append_option(doc.meta.as_deref());
        }
        self.skipped.push(doc.skipped.iter().map(|(stage, reason)| [stage.as_str(), reason]));
        let errors = doc.errors.iter().map(|error| [error.stage.as_str(), error.code.name(), &error.message]);
        self.errors.push(errors);
    }

    pub(super) fn finish(self) -> Result<Vec<ArrayRef>, ArrowError> {
        let mut columns: Vec<ArrayRef> = Vec::new();
        let named = self.shape.fields.is_some();
        let words =
            [(self.ids, true), (self.titles, named), (self.dates, named), (self.texts, self.shape.text)];
        let array = |mut words: StringBuilder| -> ArrayRef { Arc::new(words.finish()) };
        columns.extend(words.into_iter().filter(|(_, wanted)| *wanted).map(|(words, _)| array(words)));
        for layer in self.layers {
            columns.push(layer.finish()?);
        }
        columns.extend(self.shape.meta.then(|| array(self.metas)));
        columns.push(self.skipped.finish()?);
        columns.push(self.errors.finish()?);
        Ok(columns)
    }
}

/// A list of structs of words for each document.
struct Remarks<const N: usize> {
    names: [&'static str; N],
    words: [StringBuilder; N],
    ends: Ends,
}

impl<const N: usize> Remarks<N> {
    fn new(names: [&'static str; N]) -> Self {
        Self { names, words: std::array::from_fn(|_| StringBuilder::new()), ends: Ends::new() }
    }

    fn push<'d>(&mut self, rows: impl ExactSizeIterator<Item = [&'d str; N]>) {
        self.ends.push(Some(rows.len()));
        for row in rows {
            self.words.iter_mut().zip(row).for_each(|(words, word)| words.append_value(word));
        }
    }

    fn finish(self) -> Result<ArrayRef, ArrowError> {
        let columns = self.words.into_iter().map(|mut words| Arc::new(words.finish()) as ArrayRef).collect();
        self.ends.list(words(&self.names), columns)
    }
}
