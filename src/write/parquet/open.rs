//! Open relations as a column: a list of structs for each document, with lists in them.

use std::sync::Arc;

use arrow_array::builder::{Float32Builder, Int32Builder, StringBuilder};
use arrow_array::{ArrayRef, ListArray, StructArray};
use arrow_buffer::{NullBufferBuilder, OffsetBuffer};
use arrow_schema::{ArrowError, DataType, Field, Fields};
use pipeline_core::Span;

use super::super::open::Triples;
use super::layer::{Context, Ends};
use super::schema::{element, pair};

/// Members of the struct.
pub(super) fn fields() -> Fields {
    let span = |name: &str, nullable| Field::new(name, DataType::Struct(pair()), nullable);
    let list = |name: &str, element: Arc<Field>| Field::new(name, DataType::List(element), false);
    Fields::from(vec![
        span("subject", false),
        Field::new("predicate", DataType::Utf8, false),
        span("relation", true),
        span("object", true),
        list("flags", flag()),
        list("args", element(arg())),
        Field::new("score", DataType::Float32, false),
    ])
}

fn flag() -> Arc<Field> {
    Field::new("element", DataType::Utf8, false).into()
}

fn arg() -> Fields {
    let span = Field::new("span", DataType::Struct(pair()), false);
    Fields::from(vec![Field::new("role", DataType::Utf8, false), span])
}

/// Spans under way.
struct Spans {
    starts: Int32Builder,
    ends: Int32Builder,
    valid: NullBufferBuilder,
}

impl Spans {
    fn new() -> Self {
        Self { starts: Int32Builder::new(), ends: Int32Builder::new(), valid: NullBufferBuilder::new(0) }
    }

    fn push(&mut self, span: Span, at: &Context<'_>) {
        let there = !span.is_none();
        let offset = |byte: u32| if there { at.offsets.get(at.text, byte) as i32 } else { 0 };
        self.starts.append_value(offset(span.start));
        self.ends.append_value(offset(span.end));
        self.valid.append(there);
    }

    fn finish(mut self) -> Result<ArrayRef, ArrowError> {
        let columns: Vec<ArrayRef> = vec![Arc::new(self.starts.finish()), Arc::new(self.ends.finish())];
        Ok(Arc::new(StructArray::try_new(pair(), columns, self.valid.finish())?))
    }
}

/// Open relations of the documents so far.
pub(super) struct TriplesColumn {
    subjects: Spans,
    predicates: StringBuilder,
    relations: Spans,
    objects: Spans,
    flags: StringBuilder,
    flag_ends: Vec<i32>,
    roles: StringBuilder,
    args: Spans,
    arg_ends: Vec<i32>,
    scores: Float32Builder,
    ends: Ends,
}

impl TriplesColumn {
    pub(super) fn new() -> Self {
        Self {
            subjects: Spans::new(),
            predicates: StringBuilder::new(),
            relations: Spans::new(),
            objects: Spans::new(),
            flags: StringBuilder::new(),
            flag_ends: vec![0],
            roles: StringBuilder::new(),
            args: Spans::new(),
            arg_ends: vec![0],
            scores: Float32Builder::new(),
            ends: Ends::new(),
        }
    }

    pub(super) fn push(&mut self, triples: Option<Triples<'_>>, at: &Context<'_>) {
        self.ends.push(triples.as_ref().map(Triples::len));
        let Some(triples) = triples else { return };
        for row in 0..triples.len() {
            self.subjects.push(triples.subjects[row], at);
            self.predicates.append_value(triples.predicate(row));
            self.relations.push(triples.relations[row], at);
            self.objects.push(triples.objects[row], at);
            let (flags, args) = (self.flag_ends.last().copied(), self.arg_ends.last().copied());
            let (mut flags, mut args) = (flags.unwrap_or(0), args.unwrap_or(0));
            for flag in triples.flags(row) {
                self.flags.append_value(flag);
                flags += 1;
            }
            for (role, span) in triples.args(row) {
                self.roles.append_value(at.symbols.text(role));
                self.args.push(span, at);
                args += 1;
            }
            self.flag_ends.push(flags);
            self.arg_ends.push(args);
            self.scores.append_value(triples.score(row));
        }
    }

    pub(super) fn finish(mut self) -> Result<ArrayRef, ArrowError> {
        let offsets = |ends: Vec<i32>| OffsetBuffer::new(ends.into());
        let flags = ListArray::try_new(flag(), offsets(self.flag_ends), Arc::new(self.flags.finish()), None)?;
        let args: Vec<ArrayRef> = vec![Arc::new(self.roles.finish()), self.args.finish()?];
        let args = StructArray::try_new(arg(), args, None)?;
        let args = ListArray::try_new(element(arg()), offsets(self.arg_ends), Arc::new(args), None)?;
        let columns: Vec<ArrayRef> = vec![
            self.subjects.finish()?,
            Arc::new(self.predicates.finish()),
            self.relations.finish()?,
            self.objects.finish()?,
            Arc::new(flags),
            Arc::new(args),
            Arc::new(self.scores.finish()),
        ];
        self.ends.list(fields(), columns)
    }
}
