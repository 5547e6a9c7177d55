//! Typed relations as a stage of the pipeline.

use pipeline_core::{BatchStage, Doc, Entities, Init, Out, Result, StageInfo, Sym};

use super::{Extractor, Name, NameType, Relation, Scratch};
use crate::builtin;
use crate::entities::values::Label;

/// The `relations` stage: who did what with whom, between the names of a sentence.
pub struct RelationsStage(Vec<Model>);

struct Model {
    extractor: Extractor,
    labels: Vec<Sym>,
}

/// Scratch: buffers of the extractor, and the names of the document at hand.
#[derive(Default)]
pub struct Worker {
    scratch: Scratch,
    names: Names,
    found: Vec<Relation>,
}

/// The names of a document in text order, which the layer's rows need not have.
#[derive(Default)]
struct Names {
    /// Rows of `entities`, in text order.
    rows: Vec<u32>,
    names: Vec<Name>,
    /// The type behind each label met so far.
    kinds: Vec<(Sym, Option<NameType>)>,
}

impl BatchStage for RelationsStage {
    const INFO: StageInfo =
        StageInfo::new("relations", "who did what with whom, between the names of a sentence")
            .requires(&["tokens", "sentences", "entities"])
            .optional(&["language"])
            .provides(&["relations"])
            .config(
                r#"{"type":"object","additionalProperties":false,"properties":{
            "models":{"type":"array","items":{"type":"string"},"default":["builtin:en"],
                "description":"built-in models and files that `pipeline train relations` wrote"}}}"#,
            );
    type Worker = Worker;

    fn new(cx: &Init<'_>) -> Result<Self> {
        let models = builtin::models(cx, const { &builtin::of(super::KIND) }, |bytes| {
            let extractor = Extractor::load(&bytes)?;
            let labels = extractor.labels().iter().map(|label| cx.sym(label)).collect();
            Ok(Model { extractor, labels })
        });
        models.map(Self)
    }

    fn worker(&self) -> Worker {
        Worker::default()
    }

    fn process_with(&self, worker: &mut Worker, doc: Doc<'_>, out: &mut Out<'_>) -> Result {
        let languages = self.0.iter().map(|model| model.extractor.header().languages.as_slice());
        let model = &self.0[builtin::choose(languages, doc.route())?];
        let Worker { scratch, names, found } = worker;
        names.fill(doc, doc.entities());
        found.clear();
        model.extractor.extract(doc.text(), doc.tokens(), doc.sentences(), &names.names, scratch, found);
        for relation in found {
            let row = |name: u32| names.rows[name as usize];
            let label = model.labels[usize::from(relation.label)];
            let _ = out
                .relation(row(relation.head), row(relation.tail), label, relation.score)
                .span("trigger", relation.trigger);
        }
        Ok(())
    }
}

impl Names {
    fn fill(&mut self, doc: Doc<'_>, entities: Entities<'_>) {
        self.rows.clear();
        let value = |row: &u32| Label::NAMES.contains(&doc.host().text(entities.labels[*row as usize]));
        self.rows.extend((0..entities.spans.len() as u32).filter(|row| !value(row)));
        self.rows.sort_by_key(|row| entities.spans[*row as usize]);
        self.names.clear();
        for &row in &self.rows {
            let (span, label) = (entities.spans[row as usize], entities.labels[row as usize]);
            let known = self.kinds.iter().find(|(sym, _)| *sym == label);
            let kind = known.map_or_else(|| NameType::of_label(doc.host().text(label)), |(_, kind)| *kind);
            if known.is_none() {
                self.kinds.push((label, kind));
            }
            self.names.push(Name { span, kind });
        }
    }
}
