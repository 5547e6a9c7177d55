//! Syntax and open relations: layers whose records do not have the shape of their tables.

use pipeline_core::layers::TRIPLE_FLAGS;
use pipeline_core::plan::Plan;
use pipeline_core::{ColumnData, Document, Span, Sym, Table};

use super::json::{comma, number, score, string};
use super::pen::Pen;

/// Where the columns of open relations are in a plan.
#[derive(Clone, Debug)]
pub(super) struct OpenLayers {
    triples: usize,
    args: Option<usize>,
}

/// The open relations of a document, column by column.
pub(super) struct Triples<'a> {
    pub(super) subjects: &'a [Span],
    pub(super) relations: &'a [Span],
    pub(super) objects: &'a [Span],
    predicates: &'a ColumnData,
    flags: &'a [u32],
    scores: &'a [f32],
    /// Rows of triples, roles and spans of further arguments, by triple.
    args: Vec<(u32, Sym, Span)>,
}

impl OpenLayers {
    /// `None` where nothing makes open relations.
    pub(super) fn find(plan: &Plan) -> Option<Self> {
        Some(Self { triples: plan.layer("triples")?, args: plan.layer("triple_args") })
    }

    /// Those of a document; `None` where they could not be made.
    pub(super) fn of<'a>(&self, doc: &'a Document) -> Option<Triples<'a>> {
        let [
            ColumnData::Span(subjects),
            ColumnData::Span(relations),
            ColumnData::Span(objects),
            predicates,
            ColumnData::U32(flags),
            ColumnData::F32(scores),
            ..,
        ] = doc.layer(self.triples)?.cols.as_slice()
        else {
            return None;
        };
        let mut args = Vec::new();
        if let Some([ColumnData::Ref(triples), ColumnData::Sym(roles), ColumnData::Span(spans), ..]) =
            self.args.and_then(|layer| doc.layer(layer)).map(|table| table.cols.as_slice())
        {
            args.extend(
                triples.iter().zip(roles).zip(spans).map(|((&triple, &role), &span)| (triple, role, span)),
            );
            // In the order of their triples already, unless another stage appended some.
            args.sort_by_key(|&(triple, ..)| triple);
        }
        Some(Triples { subjects, relations, objects, predicates, flags, scores, args })
    }
}

impl<'a> Triples<'a> {
    pub(super) fn len(&self) -> usize {
        self.subjects.len()
    }

    pub(super) fn predicate(&self, row: usize) -> &'a str {
        if row < self.predicates.len() { self.predicates.str(row) } else { "" }
    }

    pub(super) fn score(&self, row: usize) -> f32 {
        self.scores.get(row).copied().unwrap_or(0.0)
    }

    /// Names of what holds of a triple.
    pub(super) fn flags(&self, row: usize) -> impl Iterator<Item = &'static str> {
        let bits = self.flags.get(row).copied().unwrap_or(0);
        TRIPLE_FLAGS.iter().enumerate().filter(move |(bit, _)| bits & (1 << bit) != 0).map(|(_, name)| *name)
    }

    /// Roles and spans of the further arguments of a triple.
    pub(super) fn args(&self, row: usize) -> impl Iterator<Item = (Sym, Span)> {
        let first = self.args.partition_point(|&(triple, ..)| (triple as usize) < row);
        let own = self.args[first..].iter().take_while(move |&&(triple, ..)| triple as usize == row);
        own.map(|&(_, role, span)| (role, span))
    }
}

/// `[{"pos","head","deprel"}]`, one for each token; all are null where its sentence was not parsed.
pub(super) fn syntax(table: &Table, pen: &mut Pen<'_, '_>) {
    let [ColumnData::Sym(pos), ColumnData::Ref(heads), ColumnData::Sym(deprels), ..] = table.cols.as_slice()
    else {
        return pen.raw("[]");
    };
    pen.out.push(b'[');
    let mut first = true;
    for ((&pos, &head), &deprel) in pos.iter().zip(heads).zip(deprels) {
        comma(pen.out, &mut first);
        pen.raw("{\"pos\":");
        pen.word_or_null(pos);
        pen.raw(",\"head\":");
        match head {
            u32::MAX => pen.raw("null"),
            head => number(pen.out, head.into()),
        }
        pen.raw(",\"deprel\":");
        pen.word_or_null(deprel);
        pen.out.push(b'}');
    }
    pen.out.push(b']');
}

/// `[{"subject","predicate","relation","object","flags","args","score"}]`.
pub(super) fn triples(triples: &Triples<'_>, text: &str, pen: &mut Pen<'_, '_>) {
    pen.out.push(b'[');
    let mut first = true;
    for row in 0..triples.len() {
        comma(pen.out, &mut first);
        triple(triples, row, text, pen);
    }
    pen.out.push(b']');
}

fn triple(triples: &Triples<'_>, row: usize, text: &str, pen: &mut Pen<'_, '_>) {
    pen.raw("{\"subject\":");
    pen.pair_or_null(text, triples.subjects[row]);
    pen.raw(",\"predicate\":");
    string(pen.out, triples.predicate(row));
    pen.raw(",\"relation\":");
    pen.pair_or_null(text, triples.relations[row]);
    pen.raw(",\"object\":");
    pen.pair_or_null(text, triples.objects[row]);
    pen.raw(",\"flags\":[");
    let mut first = true;
    for flag in triples.flags(row) {
        comma(pen.out, &mut first);
        string(pen.out, flag);
    }
    pen.raw("],\"args\":[");
    let mut first = true;
    for (role, span) in triples.args(row) {
        comma(pen.out, &mut first);
        pen.raw("{\"role\":");
        pen.word_or_null(role);
        pen.raw(",\"span\":");
        pen.pair_or_null(text, span);
        pen.out.push(b'}');
    }
    pen.raw("],\"score\":");
    score(pen.out, triples.score(row));
    pen.out.push(b'}');
}
