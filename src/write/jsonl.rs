//! JSON Lines: one record a document. The format is described in `docs/formats.md`.

use pipeline_core::engine::Records;
use pipeline_core::plan::Plan;
use pipeline_core::{ColumnData, Document, Interner, Span, Sym, Table};

use super::compress::Compression;
use super::json::{comma, number, score, string};
use super::offsets::OffsetUnit;
use super::open::{self, OpenLayers};
use super::own_rows::{Column, OwnLayer};
use super::pen::Pen;
use super::places::Places;
use super::{Format, Pieces, fields};

/// What records are to hold.
#[derive(Clone, Debug)]
pub struct RecordOptions {
    /// Layers, of those in [`crate::config::LAYERS`] and those that stages of the run describe.
    pub layers: Vec<String>,
    /// What offsets count.
    pub unit: OffsetUnit,
    /// Whether other fields of the input are kept; only formats that have a fixed schema need to know.
    pub meta: bool,
}

/// JSON Lines as a format of files.
pub(super) struct Lines<'a> {
    writer: JsonLines<'a>,
    compression: Option<Compression>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(writer: JsonLines<'a>, compression: Option<Compression>) -> Self {
        Self { writer, compression }
    }
}

impl Format for Lines<'_> {
    fn encode(&self, docs: &[Document], out: &mut Records) {
        let Some(compression) = self.compression else { return self.writer.write(docs, out) };
        let mut lines = Records::default();
        self.writer.write(docs, &mut lines);
        compression.member(&lines, out);
    }

    fn pieces(&self) -> Pieces {
        Pieces::Chunks(self.compression)
    }
}

/// Writes records; made for one plan.
pub struct JsonLines<'a> {
    symbols: &'a Interner,
    unit: OffsetUnit,
    text: bool,
    /// The layer with title and date.
    fields: Option<usize>,
    language: Option<Layer>,
    passages: Option<Layer>,
    sentences: Option<Layer>,
    tokens: Option<Layer>,
    entities: Option<Layer>,
    relations: Option<Layer>,
    syntax: Option<Layer>,
    triples: Option<OpenLayers>,
    /// Layers that stages describe themselves.
    own: Vec<OwnLayer>,
    places: Places,
}

/// Number of a layer in the plan, and of its columns in the order they are wanted here.
#[derive(Clone, Debug)]
struct Layer {
    number: usize,
    cols: Vec<Option<usize>>,
    /// Columns that stages have added to the standard ones.
    added: Vec<Column>,
}

impl Layer {
    /// `None` where nothing makes the layer.
    fn find(plan: &Plan, name: &str, cols: &[&str]) -> Option<Self> {
        let number = plan.layer(name)?;
        let place = |col: &&str| plan.layers()[number].cols.iter().position(|there| there.name == *col);
        let added = match name {
            "entities" | "relations" => Column::beside(plan, number, cols),
            _ => Vec::new(),
        };
        Some(Self { number, cols: cols.iter().map(place).collect(), added })
    }

    fn table<'a>(&self, doc: &'a Document) -> Option<&'a Table> {
        doc.layer(self.number)
    }

    fn col<'a>(&self, table: &'a Table, wanted: usize) -> Option<&'a ColumnData> {
        table.cols.get((*self.cols.get(wanted)?)?)
    }

    fn syms<'a>(&self, table: &'a Table, wanted: usize) -> &'a [Sym] {
        if let Some(ColumnData::Sym(values)) = self.col(table, wanted) { values } else { &[] }
    }

    fn floats<'a>(&self, table: &'a Table, wanted: usize) -> &'a [f32] {
        if let Some(ColumnData::F32(values)) = self.col(table, wanted) { values } else { &[] }
    }

    fn numbers<'a>(&self, table: &'a Table, wanted: usize) -> &'a [u32] {
        match self.col(table, wanted) {
            Some(ColumnData::U32(values) | ColumnData::Ref(values)) => values,
            _ => &[],
        }
    }

    fn spans<'a>(&self, table: &'a Table, wanted: usize) -> &'a [Span] {
        if let Some(ColumnData::Span(values)) = self.col(table, wanted) { values } else { &[] }
    }

    /// Members for the columns that stages have added.
    fn added(&self, table: &Table, row: usize, text: &str, pen: &mut Pen<'_, '_>) {
        for column in &self.added {
            pen.out.push(b',');
            column.write(table, row, text, pen);
        }
    }

    fn text<'a>(&self, table: &'a Table, wanted: usize, row: usize) -> &'a str {
        self.col(table, wanted).map_or("", |col| if col.is_empty() { "" } else { col.str(row) })
    }
}

impl<'a> JsonLines<'a> {
    /// A writer for documents of `plan`.
    #[must_use]
    pub fn new(plan: &Plan, symbols: &'a Interner, options: &RecordOptions) -> Self {
        let wanted = |name: &str| options.layers.iter().any(|layer| layer == name);
        let layer = |name: &str, cols: &[&str]| wanted(name).then(|| Layer::find(plan, name, cols))?;
        Self {
            symbols,
            unit: options.unit,
            text: wanted("text"),
            fields: plan.layer("meta"),
            language: layer("language", &["lang", "confidence"]),
            passages: layer("passages", &["lang", "confidence"]),
            sentences: layer("sentences", &[]),
            tokens: layer("tokens", &[]),
            entities: layer("entities", &["label", "score", "cluster", "value", "ticker"]),
            relations: layer("relations", &["head", "tail", "label", "score", "trigger"]),
            syntax: layer("syntax", &[]),
            triples: wanted("triples").then(|| OpenLayers::find(plan)).flatten(),
            own: OwnLayer::all(plan, &options.layers),
            places: Places::new(plan, &options.layers),
        }
    }

    /// Appends the records of documents.
    pub fn write(&self, docs: &[Document], out: &mut Records) {
        let mut pen = Pen::new(out, self.unit, self.symbols, self.places.clone());
        for doc in docs {
            self.record(doc, &mut pen);
        }
    }

    fn record(&self, doc: &Document, pen: &mut Pen<'_, 'a>) {
        pen.offsets.index(&doc.text);
        pen.places.turn(doc);
        pen.raw("{\"id\":");
        string(pen.out, &doc.id);
        if self.unit != OffsetUnit::Chars {
            pen.raw(",\"offsets\":");
            string(pen.out, self.unit.name());
        }
        if let Some(layer) = self.fields {
            pen.attribute(",\"title\":", fields::title(doc, layer).unwrap_or_default());
            pen.attribute(",\"date\":", fields::date(doc, layer).unwrap_or_default());
        }
        if self.text {
            pen.raw(",\"text\":");
            string(pen.out, &doc.text);
        }
        self.layer(&self.language, "language", doc, pen, |layer, table, pen| {
            self.language(layer, table, pen)
        });
        self.layer(&self.passages, "passages", doc, pen, |layer, table, pen| {
            self.passages(layer, table, &doc.text, pen)
        });
        self.layer(&self.sentences, "sentences", doc, pen, |_, table, pen| pen.spans(&doc.text, table));
        self.layer(&self.tokens, "tokens", doc, pen, |_, table, pen| pen.spans(&doc.text, table));
        self.layer(&self.entities, "entities", doc, pen, |layer, table, pen| {
            self.entities(layer, table, &doc.text, pen)
        });
        self.layer(&self.relations, "relations", doc, pen, |layer, table, pen| {
            self.relations(layer, table, &doc.text, pen);
        });
        self.open_layers(doc, pen);
        for layer in &self.own {
            pen.member(&layer.name);
            match layer.table(doc) {
                Some(table) => layer.write(table, &doc.text, pen),
                None => pen.raw("null"),
            }
        }
        remarks(doc, pen.out);
        pen.raw("}\n");
    }

    /// Syntax and open relations.
    fn open_layers(&self, doc: &Document, pen: &mut Pen<'_, 'a>) {
        self.layer(&self.syntax, "syntax", doc, pen, |_, table, pen| open::syntax(table, pen));
        let Some(layers) = &self.triples else { return };
        pen.raw(",\"triples\":");
        match layers.of(doc) {
            Some(triples) => open::triples(&triples, &doc.text, pen),
            None => pen.raw("null"),
        }
    }

    /// A layer under its name; `null` where it could not be made.
    fn layer<'d, 'p>(
        &self,
        layer: &Option<Layer>,
        name: &str,
        doc: &'d Document,
        pen: &mut Pen<'p, 'a>,
        write: impl FnOnce(&Layer, &'d Table, &mut Pen<'p, 'a>),
    ) {
        let Some(layer) = layer else { return };
        pen.member(name);
        match layer.table(doc) {
            Some(table) => write(layer, table, pen),
            None => pen.raw("null"),
        }
    }

    fn language(&self, layer: &Layer, table: &Table, pen: &mut Pen<'_, 'a>) {
        let code = layer.syms(table, 0).first().map_or("und", |&code| pen.word(code));
        pen.raw("{\"code\":");
        string(pen.out, code);
        pen.raw(",\"confidence\":");
        score(pen.out, layer.floats(table, 1).first().copied().unwrap_or(0.0));
        pen.out.push(b'}');
    }

    fn passages(&self, layer: &Layer, table: &Table, text: &str, pen: &mut Pen<'_, 'a>) {
        let (codes, confidences) = (layer.syms(table, 0), layer.floats(table, 1));
        pen.out.push(b'[');
        let mut first = true;
        for row in table.rows() {
            let span = table.spans[row];
            comma(pen.out, &mut first);
            pen.raw("{\"start\":");
            pen.offset(text, span.start);
            pen.raw(",\"end\":");
            pen.offset(text, span.end);
            pen.raw(",\"code\":");
            let code = codes.get(row).map_or("und", |&code| pen.word(code));
            string(pen.out, code);
            pen.raw(",\"confidence\":");
            score(pen.out, confidences.get(row).copied().unwrap_or(0.0));
            pen.out.push(b'}');
        }
        pen.out.push(b']');
    }

    fn entities(&self, layer: &Layer, table: &Table, text: &str, pen: &mut Pen<'_, 'a>) {
        let (labels, scores, clusters) =
            (layer.syms(table, 0), layer.floats(table, 1), layer.numbers(table, 2));
        pen.out.push(b'[');
        for nth in 0..pen.places.entities.count(table) {
            pen.out.pause();
            let row = pen.places.entities.row(nth);
            let span = table.spans[row];
            pen.raw(if nth == 0 { "{\"start\":" } else { ",{\"start\":" });
            pen.offset(text, span.start);
            pen.raw(",\"end\":");
            pen.offset(text, span.end);
            pen.raw(",\"label\":");
            let label = labels.get(row).map_or("", |&label| pen.word(label));
            string(pen.out, label);
            pen.raw(",\"text\":");
            string(pen.out, text.get(span.range()).unwrap_or_default());
            pen.raw(",\"score\":");
            score(pen.out, scores.get(row).copied().unwrap_or(0.0));
            pen.raw(",\"cluster\":");
            match clusters.get(row) {
                Some(&cluster) if cluster != u32::MAX => number(pen.out, cluster.into()),
                _ => pen.raw("null"),
            }
            pen.attribute(",\"value\":", layer.text(table, 3, row));
            pen.attribute(",\"ticker\":", layer.text(table, 4, row));
            layer.added(table, row, text, pen);
            pen.out.push(b'}');
        }
        pen.out.push(b']');
    }

    fn relations(&self, layer: &Layer, table: &Table, text: &str, pen: &mut Pen<'_, 'a>) {
        let (heads, tails) = (layer.numbers(table, 0), layer.numbers(table, 1));
        let (labels, scores, triggers) =
            (layer.syms(table, 2), layer.floats(table, 3), layer.spans(table, 4));
        pen.out.push(b'[');
        let mut first = true;
        for (row, (&head, &tail)) in heads.iter().zip(tails).enumerate() {
            let (from, to) = (pen.places.entities.place(head), pen.places.entities.place(tail));
            // Of two mentions that overlap one counts; what held between them is gone with the other.
            if from == to && head != tail {
                continue;
            }
            pen.out.pause();
            comma(pen.out, &mut first);
            pen.raw("{\"head\":");
            number(pen.out, from.into());
            pen.raw(",\"tail\":");
            number(pen.out, to.into());
            pen.raw(",\"label\":");
            let label = labels.get(row).map_or("", |&label| pen.word(label));
            string(pen.out, label);
            pen.raw(",\"score\":");
            score(pen.out, scores.get(row).copied().unwrap_or(0.0));
            pen.raw(",\"trigger\":");
            pen.pair_or_null(text, triggers.get(row).copied().unwrap_or(Span::NONE));
            layer.added(table, row, text, pen);
            pen.out.push(b'}');
        }
        pen.out.push(b']');
    }
}

/// What else is to be said of a document: fields that came with it, stages that had nothing for it, errors.
fn remarks(doc: &Document, out: &mut Vec<u8>) {
    if let Some(meta) = &doc.meta {
        out.extend_from_slice(b",\"meta\":");
        out.extend_from_slice(meta.as_bytes());
    }
    if !doc.skipped.is_empty() {
        out.extend_from_slice(b",\"skipped\":[");
        let mut first = true;
        for (stage, reason) in &doc.skipped {
            comma(out, &mut first);
            object(out, &[("stage", stage), ("reason", reason)]);
        }
        out.push(b']');
    }
    out.extend_from_slice(b",\"errors\":[");
    let mut first = true;
    for error in &doc.errors {
        comma(out, &mut first);
        object(out, &[("stage", &error.stage), ("code", error.code.name()), ("message", &error.message)]);
    }
    out.push(b']');
}

fn object(out: &mut Vec<u8>, members: &[(&str, &str)]) {
    out.push(b'{');
    let mut first = true;
    for (key, value) in members {
        comma(out, &mut first);
        string(out, key);
        out.push(b':');
        string(out, value);
    }
    out.push(b'}');
}
