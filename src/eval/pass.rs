//! Gold documents through a pipeline.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use pipeline_core::{ColumnData, Document, Kind, Pipeline, Span, Sym, Table};
use stages::gold::GoldDoc;
use stages::score::things;
use stages::score_open::Fact;
use stages::score_syntax::Word;

/// What the pipeline found in a document.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    pub(super) tokens: Vec<Span>,
    pub(super) sentences: Vec<Span>,
    /// A word for each token, where there was a parse.
    pub(super) syntax: Vec<Word<'static>>,
    pub(super) names: Vec<Name>,
    pub(super) relations: Vec<(Span, Span, &'static str)>,
    pub(super) language: &'static str,
    pub(super) facts: Vec<Fact>,
}

/// A name that was found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Name {
    pub(super) span: Span,
    pub(super) label: &'static str,
    /// Names of one thing share it; every other name has one of its own.
    pub(super) thing: u32,
}

/// A pipeline, and the layers that the gold data gives it.
pub(super) struct Pass<'a> {
    pipeline: &'a Pipeline,
    given: &'a [&'a str],
}

/// Documents a thread takes at a time.
const CHUNK: usize = 64;

impl<'a> Pass<'a> {
    pub(super) fn new(pipeline: &'a Pipeline, given: &'a [&'a str]) -> Self {
        Self { pipeline, given }
    }

    /// What is found in each document.
    pub(super) fn all(&self, gold: &[GoldDoc], threads: usize) -> Result<Vec<Found>, String> {
        let chunks: Vec<_> = gold.chunks(CHUNK).collect();
        let results: Vec<_> = chunks.iter().map(|_| Mutex::new(Ok(Vec::new()))).collect();
        let next = AtomicUsize::new(0);
        let work = || {
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                let Some(chunk) = chunks.get(at) else { break };
                *lock(&results[at]) = self.chunk(chunk);
            }
        };
        std::thread::scope(|scope| (0..threads).for_each(|_| _ = scope.spawn(work)));
        let mut all = Vec::with_capacity(gold.len());
        for result in results {
            all.extend(result.into_inner().unwrap_or_else(PoisonError::into_inner)?);
        }
        Ok(all)
    }

    fn chunk(&self, gold: &[GoldDoc]) -> Result<Vec<Found>, String> {
        let mut docs = gold.iter().map(|gold| self.document(gold)).collect::<Result<Vec<_>, _>>()?;
        self.pipeline.process(&mut docs)?;
        docs.iter().map(|doc| self.found(doc)).collect()
    }

    fn document(&self, gold: &GoldDoc) -> Result<Document, String> {
        let mut doc = Document::new(gold.id.as_str(), gold.text.as_str());
        for layer in self.given {
            let number = self
                .pipeline
                .plan()
                .layer(layer)
                .ok_or_else(|| format!("no stage knows the layer {layer}"))?;
            let table = match *layer {
                "tokens" => self.table(number, gold.tokens.clone().unwrap_or_default(), |_, _| None),
                "sentences" => self.table(number, sentences(gold), |_, _| None),
                _ => self.names(number, gold),
            };
            doc.supply(self.pipeline.plan(), number, table)
                .map_err(|error| format!("{}: {error}", gold.id))?;
        }
        Ok(doc)
    }

    /// A table of a layer: one row a span; `fill` gives columns by name, the others are blank.
    fn table(
        &self,
        layer: usize,
        spans: Vec<Span>,
        fill: impl Fn(&str, usize) -> Option<ColumnData>,
    ) -> Table {
        let len = spans.len();
        let cols = self.pipeline.plan().layers()[layer].cols.iter();
        let cols = cols.map(|col| fill(&col.name, len).unwrap_or_else(|| blank(col.kind, len))).collect();
        let mut table = Table::default();
        (table.len, table.spans, table.cols) = (len, spans, cols);
        table
    }

    fn names(&self, layer: usize, gold: &GoldDoc) -> Table {
        let mut names: Vec<_> = gold.entities.iter().flatten().collect();
        names.sort_by_key(|name| name.span);
        let mentions: Vec<_> =
            names.iter().map(|name| (&gold.text[name.span.range()], name.label.as_str())).collect();
        let things = things(&mentions, gold.clusters.as_deref().unwrap_or_default());
        let symbols = self.pipeline.symbols();
        let spans = names.iter().map(|name| name.span).collect();
        self.table(layer, spans, |column, len| match column {
            "label" => Some(ColumnData::Sym(names.iter().map(|name| symbols.intern(&name.label)).collect())),
            "score" => Some(ColumnData::F32(vec![1.0; len])),
            "cluster" => Some(ColumnData::U32(things.clone())),
            _ => None,
        })
    }

    fn found(&self, doc: &Document) -> Result<Found, String> {
        if let Some(error) = doc.errors.first() {
            return Err(format!("document {}: stage {}: {}", doc.id, error.stage, error.message));
        }
        let spans = |layer| {
            let table = self.layer(doc, layer);
            table.map(|table| table.rows().map(|row| table.spans[row]).collect()).unwrap_or_default()
        };
        Ok(Found {
            tokens: spans("tokens"),
            sentences: spans("sentences"),
            syntax: self.found_syntax(doc),
            relations: self.found_relations(doc),
            facts: self.found_facts(doc),
            names: self.found_names(doc),
            language: self.syms(doc, "language", "lang").first().copied().unwrap_or("und"),
        })
    }

    fn found_syntax(&self, doc: &Document) -> Vec<Word<'static>> {
        let heads = self.numbers(doc, "syntax", "head");
        let rows = self.syms(doc, "syntax", "pos").into_iter().zip(self.syms(doc, "syntax", "deprel"));
        let word = |((pos, label), &head): ((&'static str, &'static str), &u32)| {
            let head = (head != u32::MAX).then_some(head as usize);
            Word { span: Span::NONE, pos, head, label }
        };
        rows.zip(heads).map(word).collect()
    }

    /// The names that count: those that writers write.
    fn found_names(&self, doc: &Document) -> Vec<Name> {
        let Some(table) = self.layer(doc, "entities") else { return Vec::new() };
        let labels = self.syms(doc, "entities", "label");
        let things = self.numbers(doc, "entities", "cluster");
        let name = |row: usize| {
            let thing = things.get(row).copied().filter(|&thing| thing != u32::MAX);
            let label = labels.get(row).copied().unwrap_or_default();
            Name { span: table.spans[row], label, thing: thing.unwrap_or(u32::MAX - row as u32) }
        };
        table.rows().map(name).collect()
    }

    /// Relations between names that count; those between two mentions of which one is left fall away, as in records.
    fn found_relations(&self, doc: &Document) -> Vec<(Span, Span, &'static str)> {
        let Some(names) = self.layer(doc, "entities") else { return Vec::new() };
        let heads = self.numbers(doc, "relations", "head");
        let tails = self.numbers(doc, "relations", "tail");
        let labels = self.syms(doc, "relations", "label");
        let place = |row: u32| ((row as usize) < names.len).then(|| names.in_place_of(row as usize));
        let relation = |((&head, &tail), label): ((&u32, &u32), &'static str)| {
            let (from, to) = (place(head)?, place(tail)?);
            (from != to || head == tail).then(|| (names.spans[from], names.spans[to], label))
        };
        heads.iter().zip(tails).zip(labels).filter_map(relation).collect()
    }

    /// Open relations as words of the text; where no words state the relation, its normal form.
    fn found_facts(&self, doc: &Document) -> Vec<Fact> {
        let column = |layer, name| self.column(doc, layer, name);
        let (
            Some(ColumnData::Span(subjects)),
            Some(ColumnData::Span(relations)),
            Some(ColumnData::Span(objects)),
            Some(predicates),
            Some(ColumnData::F32(scores)),
        ) = (
            column("triples", "subject"),
            column("triples", "relation"),
            column("triples", "object"),
            column("triples", "predicate"),
            column("triples", "score"),
        )
        else {
            return Vec::new();
        };
        let words = |span: Span| (!span.is_none()).then(|| doc.text[span.range()].to_owned());
        let fact = |row: usize| Fact {
            relation: words(relations[row]).unwrap_or_else(|| predicates.str(row).to_owned()),
            args: words(subjects[row]).into_iter().chain(words(objects[row])).collect(),
            confidence: f64::from(scores[row]),
        };
        let mut facts: Vec<Fact> = (0..subjects.len()).map(fact).collect();
        if let Some(ColumnData::Span(args)) = column("triple_args", "arg") {
            let roles = self.syms(doc, "triple_args", "role");
            let rows = self.numbers(doc, "triple_args", "triple").iter().zip(args).zip(roles);
            // Who says so is no part of what is said.
            for ((&triple, &arg), _) in rows.filter(|(_, role)| *role != "source") {
                facts[triple as usize].args.extend(words(arg));
            }
        }
        facts
    }

    fn layer<'d>(&self, doc: &'d Document, layer: &str) -> Option<&'d Table> {
        doc.layer(self.pipeline.plan().layer(layer)?)
    }

    fn column<'d>(&self, doc: &'d Document, layer: &str, column: &str) -> Option<&'d ColumnData> {
        let def = &self.pipeline.plan().layers()[self.pipeline.plan().layer(layer)?];
        self.layer(doc, layer)?.cols.get(def.cols.iter().position(|col| col.name == column)?)
    }

    fn syms(&self, doc: &Document, layer: &str, column: &str) -> Vec<&'static str> {
        match self.column(doc, layer, column) {
            Some(ColumnData::Sym(values)) => {
                values.iter().map(|&sym| self.pipeline.symbols().text(sym)).collect()
            }
            _ => Vec::new(),
        }
    }

    fn numbers<'d>(&self, doc: &'d Document, layer: &str, column: &str) -> &'d [u32] {
        match self.column(doc, layer, column) {
            Some(ColumnData::U32(values) | ColumnData::Ref(values)) => values,
            _ => &[],
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Sentences of a corpus; of one that does not say where they are, the text is one.
fn sentences(gold: &GoldDoc) -> Vec<Span> {
    let whole = || (!gold.text.is_empty()).then(|| Span::new(0, gold.text.len() as u32));
    gold.sentences.clone().unwrap_or_else(|| whole().into_iter().collect())
}

/// A column that says nothing.
fn blank(kind: Kind, len: usize) -> ColumnData {
    match kind {
        Kind::U8 => ColumnData::U8(vec![0; len]),
        Kind::U32 => ColumnData::U32(vec![u32::MAX; len]),
        Kind::I64 => ColumnData::I64(vec![0; len]),
        Kind::F32 => ColumnData::F32(vec![0.0; len]),
        Kind::F64 => ColumnData::F64(vec![0.0; len]),
        Kind::Sym => ColumnData::Sym(vec![Sym::EMPTY; len]),
        Kind::Ref => ColumnData::Ref(vec![u32::MAX; len]),
        Kind::Span => ColumnData::Span(vec![Span::NONE; len]),
        Kind::Str => ColumnData::Str { offsets: vec![0; len + 1], bytes: Vec::new() },
    }
}
