//! Layers that stages describe themselves, in JSON: each row an object, the columns under their names.

use pipeline_core::plan::Plan;
use pipeline_core::{ColumnData, Document, Table};

use super::json::{comma, number, string};
use super::pen::Pen;

/// A column: what it is called, its number in the layer, and for references the layer they lead to.
#[derive(Clone, Debug)]
pub(super) struct Column {
    name: String,
    number: usize,
    target: Option<usize>,
}

impl Column {
    /// The columns of a layer that are not among `known`.
    pub(super) fn beside(plan: &Plan, layer: usize, known: &[&str]) -> Vec<Self> {
        let cols = plan.layers()[layer].cols.iter().enumerate();
        let cols = cols.filter(|(_, col)| !known.contains(&col.name.as_str()));
        cols.map(|(number, col)| Self { name: col.name.clone(), number, target: plan.layer(&col.layer) })
            .collect()
    }
}

/// A layer that is not one of the standard ones.
#[derive(Clone, Debug)]
pub(super) struct OwnLayer {
    pub(super) name: String,
    number: usize,
    cols: Vec<Column>,
}

/// Whether the name is that of a layer which stages describe themselves: `vendor.name`.
#[must_use]
pub(crate) fn is_own(name: &str) -> bool {
    name.contains('.')
}

impl OwnLayer {
    /// Those of `wanted` that a plan has.
    pub(super) fn all(plan: &Plan, wanted: &[String]) -> Vec<Self> {
        let own = wanted.iter().filter(|name| is_own(name));
        let find = |name: &String| {
            let number = plan.layer(name)?;
            Some(Self { name: name.clone(), number, cols: Column::beside(plan, number, &[]) })
        };
        own.filter_map(find).collect()
    }

    pub(super) fn table<'d>(&self, doc: &'d Document) -> Option<&'d Table> {
        doc.layer(self.number)
    }

    /// Writes the rows.
    pub(super) fn write(&self, table: &Table, text: &str, pen: &mut Pen<'_, '_>) {
        pen.out.push(b'[');
        let mut first = true;
        for row in table.rows() {
            comma(pen.out, &mut first);
            pen.out.push(b'{');
            let mut first = true;
            if let Some(span) = table.spans.get(row) {
                first = false;
                pen.raw("\"start\":");
                pen.offset(text, span.start);
                pen.raw(",\"end\":");
                pen.offset(text, span.end);
            }
            for column in &self.cols {
                comma(pen.out, &mut first);
                column.write(table, row, text, pen);
            }
            pen.out.push(b'}');
        }
        pen.out.push(b']');
    }
}

impl Column {
    /// Writes name and value; what stands for nothing is `null`.
    pub(super) fn write(&self, table: &Table, row: usize, text: &str, pen: &mut Pen<'_, '_>) {
        string(pen.out, &self.name);
        pen.out.push(b':');
        match table.cols.get(self.number) {
            Some(column) => self.value(column, row, text, pen),
            None => pen.raw("null"),
        }
    }

    fn value(&self, column: &ColumnData, row: usize, text: &str, pen: &mut Pen<'_, '_>) {
        match column {
            ColumnData::U8(values) => number(pen.out, values[row].into()),
            ColumnData::U32(values) if values[row] != u32::MAX => number(pen.out, values[row].into()),
            ColumnData::I64(values) => pen.raw(&values[row].to_string()),
            ColumnData::F32(values) if values[row].is_finite() => pen.raw(&format!("{:?}", values[row])),
            ColumnData::F64(values) if values[row].is_finite() => pen.raw(&format!("{:?}", values[row])),
            ColumnData::Ref(values) if values[row] != u32::MAX => {
                let place = pen.places.of(self.target, values[row]);
                number(pen.out, place.into());
            }
            ColumnData::Sym(values) => pen.text_or_null(pen.symbols.text(values[row])),
            ColumnData::Str { .. } => pen.text_or_null(column.str(row)),
            ColumnData::Span(values) if !values[row].is_none() => pen.pair(text, values[row]),
            _ => pen.raw("null"),
        }
    }
}
