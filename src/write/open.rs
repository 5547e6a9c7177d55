//! Syntax and open relations: layers whose records do not have the shape of their tables.

use pipeline_core::layers::TRIPLE_FLAGS;
use pipeline_core::plan::Plan;
use pipeline_core::{ColumnData, Document, Interner, Span, Sym, Table};

use super::json::{comma, number, score, string};
use super::offsets::Offsets;

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

/// A pen for these layers.
pub(super) struct OpenPen<'a> {
    pub(super) out: &'a mut Vec<u8>,
    pub(super) text: &'a str,
    pub(super) offsets: &'a Offsets,
    pub(super) symbols: &'a Interner,
}

impl OpenPen<'_> {
    /// `[{"pos","head","deprel"}]`, one for each token; all are null where its sentence was not parsed.
    pub(super) fn syntax(&mut self, table: &Table) {
        let [ColumnData::Sym(pos), ColumnData::Ref(heads), ColumnData::Sym(deprels), ..] =
            table.cols.as_slice()
        else {
            return self.raw("[]");
        };
        self.out.push(b'[');
        let mut first = true;
        for ((&pos, &head), &deprel) in pos.iter().zip(heads).zip(deprels) {
            comma(self.out, &mut first);
            self.raw("{\"pos\":");
            self.word(pos);
            self.raw(",\"head\":");
            match head {
                u32::MAX => self.raw("null"),
                head => number(self.out, head.into()),
            }
            self.raw(",\"deprel\":");
            self.word(deprel);
            self.out.push(b'}');
        }
        self.out.push(b']');
    }

    /// `[{"subject","predicate","relation","object","flags","args","score"}]`.
    pub(super) fn triples(&mut self, triples: &Triples<'_>) {
        self.out.push(b'[');
        let mut first = true;
        for row in 0..triples.len() {
            comma(self.out, &mut first);
            self.triple(triples, row);
        }
        self.out.push(b']');
    }

    fn triple(&mut self, triples: &Triples<'_>, row: usize) {
        self.raw("{\"subject\":");
        self.pair(triples.subjects[row]);
        self.raw(",\"predicate\":");
        string(self.out, triples.predicate(row));
        self.raw(",\"relation\":");
        self.pair(triples.relations[row]);
        self.raw(",\"object\":");
        self.pair(triples.objects[row]);
        self.raw(",\"flags\":[");
        let mut first = true;
        for flag in triples.flags(row) {
            comma(self.out, &mut first);
            string(self.out, flag);
        }
        self.raw("],\"args\":[");
        let mut first = true;
        for (role, span) in triples.args(row) {
            comma(self.out, &mut first);
            self.raw("{\"role\":");
            self.word(role);
            self.raw(",\"span\":");
            self.pair(span);
            self.out.push(b'}');
        }
        self.raw("],\"score\":");
        score(self.out, triples.score(row));
        self.out.push(b'}');
    }

    fn raw(&mut self, json: &str) {
        self.out.extend_from_slice(json.as_bytes());
    }

    fn word(&mut self, sym: Sym) {
        match sym {
            Sym::EMPTY => self.raw("null"),
            sym => string(self.out, self.symbols.text(sym)),
        }
    }

    fn pair(&mut self, span: Span) {
        if span.is_none() {
            return self.raw("null");
        }
        self.out.push(b'[');
        number(self.out, self.offsets.get(self.text, span.start).into());
        self.out.push(b',');
        number(self.out, self.offsets.get(self.text, span.end).into());
        self.out.push(b']');
    }
}
