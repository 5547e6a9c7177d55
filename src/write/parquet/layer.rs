//! One layer as a column: a struct for each document, or a list of them.

use std::sync::Arc;

use arrow_array::builder::{Float32Builder, Float64Builder, Int32Builder, Int64Builder, StringBuilder};
use arrow_array::{Array, ArrayRef, ListArray, StructArray};
use arrow_buffer::{NullBufferBuilder, OffsetBuffer};
use arrow_schema::{ArrowError, Fields};
use pipeline_core::{ColumnData, Document, Interner, Kind, Span, Table};

use super::super::offsets::Offsets;
use super::super::places::Places;
use super::open::TriplesColumn;
use super::schema::{From, LayerShape, Rows, element, pair};

/// What is needed to write the rows of one document.
pub(super) struct Context<'a> {
    pub(super) text: &'a str,
    pub(super) offsets: &'a Offsets,
    pub(super) places: &'a Places,
    pub(super) symbols: &'a Interner,
}

/// Values of one member.
enum Values {
    Int(Int32Builder),
    Long(Int64Builder),
    Float(Float32Builder),
    Double(Float64Builder),
    Word(StringBuilder),
    Pair(Int32Builder, Int32Builder, NullBufferBuilder),
}

impl Values {
    fn new(from: From) -> Self {
        let From::Column { kind, .. } = from else {
            return match from {
                From::Text => Self::Word(StringBuilder::new()),
                _ => Self::Int(Int32Builder::new()),
            };
        };
        match kind {
            Kind::U8 | Kind::Ref => Self::Int(Int32Builder::new()),
            Kind::U32 | Kind::I64 => Self::Long(Int64Builder::new()),
            Kind::F32 => Self::Float(Float32Builder::new()),
            Kind::F64 => Self::Double(Float64Builder::new()),
            Kind::Sym | Kind::Str => Self::Word(StringBuilder::new()),
            Kind::Span => Self::Pair(Int32Builder::new(), Int32Builder::new(), NullBufferBuilder::new(0)),
        }
    }

    fn push(&mut self, from: From, table: &Table, row: usize, at: &Context<'_>) {
        let span = table.spans.get(row).copied().unwrap_or_default();
        match (self, from) {
            (Self::Int(all), From::Start) => all.append_value(offset(at, span.start)),
            (Self::Int(all), From::End) => all.append_value(offset(at, span.end)),
            (Self::Word(all), From::Text) => all.append_value(at.text.get(span.range()).unwrap_or_default()),
            (values, From::Column { number, target, .. }) => {
                if let Some(column) = table.cols.get(number) {
                    values.push_column(column, row, target, at);
                }
            }
            _ => {}
        }
    }

    fn push_column(&mut self, column: &ColumnData, row: usize, target: Option<usize>, at: &Context<'_>) {
        let some = |value: u32| (value != u32::MAX).then_some(value);
        match (self, column) {
            (Self::Int(all), ColumnData::U8(column)) => all.append_option(column.get(row).map(|&v| v.into())),
            (Self::Int(all), ColumnData::Ref(column)) => {
                let place = |row| at.places.of(target, row) as i32;
                all.append_option(column.get(row).and_then(|&v| some(v)).map(place));
            }
            (Self::Long(all), ColumnData::U32(column)) => {
                all.append_option(column.get(row).and_then(|&v| some(v)).map(i64::from));
            }
            (Self::Long(all), ColumnData::I64(column)) => all.append_option(column.get(row).copied()),
            (Self::Float(all), ColumnData::F32(column)) => all.append_option(column.get(row).copied()),
            (Self::Double(all), ColumnData::F64(column)) => all.append_option(column.get(row).copied()),
            (Self::Word(all), ColumnData::Sym(column)) => {
                let word = column.get(row).map_or("", |&sym| at.symbols.text(sym));
                all.append_option((!word.is_empty()).then_some(word));
            }
            (Self::Word(all), column @ ColumnData::Str { .. }) => {
                let word = if row < column.len() { column.str(row) } else { "" };
                all.append_option((!word.is_empty()).then_some(word));
            }
            (Self::Pair(starts, ends, valid), ColumnData::Span(column)) => {
                let span = column.get(row).copied().unwrap_or(Span::NONE);
                valid.append(!span.is_none());
                let span = if span.is_none() { Span::default() } else { span };
                starts.append_value(offset(at, span.start));
                ends.append_value(offset(at, span.end));
            }
            _ => {}
        }
    }

    fn push_nothing(&mut self, nullable: bool) {
        match self {
            Self::Int(all) if nullable => all.append_null(),
            Self::Int(all) => all.append_value(0),
            Self::Long(all) => all.append_null(),
            Self::Float(all) => all.append_null(),
            Self::Double(all) => all.append_null(),
            Self::Word(all) if nullable => all.append_null(),
            Self::Word(all) => all.append_value(""),
            Self::Pair(starts, ends, valid) => {
                starts.append_value(0);
                ends.append_value(0);
                valid.append_null();
            }
        }
    }

    fn finish(self) -> Result<ArrayRef, ArrowError> {
        Ok(match self {
            Self::Int(mut all) => Arc::new(all.finish()),
            Self::Long(mut all) => Arc::new(all.finish()),
            Self::Float(mut all) => Arc::new(all.finish()),
            Self::Double(mut all) => Arc::new(all.finish()),
            Self::Word(mut all) => Arc::new(all.finish()),
            Self::Pair(mut starts, mut ends, mut valid) => {
                let columns: Vec<ArrayRef> = vec![Arc::new(starts.finish()), Arc::new(ends.finish())];
                Arc::new(StructArray::try_new(pair(), columns, valid.finish())?)
            }
        })
    }
}

/// Documents that get here are under 2 GiB.
fn offset(at: &Context<'_>, byte: u32) -> i32 {
    at.offsets.get(at.text, byte) as i32
}

/// Where the rows of each document end, and whether the document has the layer.
pub(super) struct Ends {
    ends: Vec<i32>,
    rows: i32,
    valid: NullBufferBuilder,
}

impl Ends {
    pub(super) fn new() -> Self {
        Self { ends: vec![0], rows: 0, valid: NullBufferBuilder::new(0) }
    }

    /// A document with so many rows; `None`: without the layer.
    pub(super) fn push(&mut self, rows: Option<usize>) {
        self.rows += rows.unwrap_or(0) as i32;
        self.ends.push(self.rows);
        self.valid.append(rows.is_some());
    }

    pub(super) fn list(mut self, fields: Fields, columns: Vec<ArrayRef>) -> Result<ArrayRef, ArrowError> {
        let rows = StructArray::try_new(fields.clone(), columns, None)?;
        let offsets = OffsetBuffer::new(self.ends.into());
        let list = ListArray::try_new(element(fields), offsets, Arc::new(rows), self.valid.finish())?;
        Ok(Arc::new(list))
    }
}

/// A layer of the documents so far.
pub(super) struct LayerColumn<'a> {
    shape: &'a LayerShape,
    values: Vec<Values>,
    ends: Ends,
    /// In place of values.
    triples: Option<TriplesColumn>,
}

impl<'a> LayerColumn<'a> {
    pub(super) fn new(shape: &'a LayerShape) -> Self {
        let values = shape.members.iter().map(|member| Values::new(member.from)).collect();
        Self { shape, values, ends: Ends::new(), triples: shape.open.as_ref().map(|_| TriplesColumn::new()) }
    }

    pub(super) fn push(&mut self, doc: &Document, at: &Context<'_>) {
        if let Some((triples, layers)) = self.triples.as_mut().zip(self.shape.open.as_ref()) {
            return triples.push(layers.of(doc), at);
        }
        let table = doc.layer(self.shape.number);
        if self.shape.single {
            self.push_single(table, at);
            return;
        }
        let rows = table.map(|table| self.rows(table, at));
        self.ends.push(rows.as_ref().map(Vec::len));
        let Some((table, rows)) = table.zip(rows) else { return };
        for (member, values) in self.shape.members.iter().zip(&mut self.values) {
            rows.iter().for_each(|&row| values.push(member.from, table, row, at));
        }
    }

    /// The rows that are written, in order.
    fn rows(&self, table: &Table, at: &Context<'_>) -> Vec<usize> {
        match self.shape.rows {
            Rows::Counting => table.rows().collect(),
            Rows::Entities => {
                let order = &at.places.entities;
                (0..order.count(table)).map(|place| order.row(place)).collect()
            }
            // Of two mentions that overlap one counts; what held between them is gone with the other.
            Rows::Relations => {
                let (Some(ColumnData::Ref(heads)), Some(ColumnData::Ref(tails))) =
                    (table.cols.first(), table.cols.get(1))
                else {
                    return (0..table.len).collect();
                };
                let places = &at.places.entities;
                let same = |row: usize| places.place(heads[row]) == places.place(tails[row]);
                (0..table.len).filter(|&row| heads[row] == tails[row] || !same(row)).collect()
            }
        }
    }

    fn push_single(&mut self, table: Option<&Table>, at: &Context<'_>) {
        let table = table.filter(|table| table.len > 0);
        self.ends.push(table.map(|_| 1));
        for (member, values) in self.shape.members.iter().zip(&mut self.values) {
            match table {
                Some(table) => values.push(member.from, table, 0, at),
                None => values.push_nothing(member.nullable()),
            }
        }
    }

    pub(super) fn finish(mut self) -> Result<ArrayRef, ArrowError> {
        if let Some(triples) = self.triples {
            return triples.finish();
        }
        let columns = self.values.into_iter().map(Values::finish).collect::<Result<Vec<_>, _>>()?;
        if !self.shape.single {
            return self.ends.list(self.shape.fields(), columns);
        }
        let rows = columns.first().map_or(0, |column| column.len());
        debug_assert_eq!(rows + 1, self.ends.ends.len());
        Ok(Arc::new(StructArray::try_new(self.shape.fields(), columns, self.ends.valid.finish())?))
    }
}
