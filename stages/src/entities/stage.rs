//! Names and values as a stage of the pipeline.

use pipeline_core::{BatchStage, Doc, Error, Init, Out, Result, StageInfo, Sym};

use super::{Entity, Scratch, Tagger};
use crate::builtin;

/// The `entities` stage: names by the model for the document's language.
pub struct EntitiesStage(Vec<Model>);

struct Model {
    tagger: Tagger,
    labels: Vec<Sym>,
}

/// Scratch: memory of each model, and what was found.
#[derive(Default)]
pub struct Worker {
    scratch: Vec<Scratch>,
    found: Vec<Entity>,
}

impl BatchStage for EntitiesStage {
    const INFO: StageInfo = StageInfo::new("entities", "names of people, organisations, places and more")
        .requires(&["tokens", "sentences"])
        .optional(&["language"])
        .provides(&["entities"])
        .config(
            r#"{"type":"object","additionalProperties":false,"properties":{
            "models":{"type":"array","items":{"type":"string"},"default":["builtin:en"],
                "description":"built-in models and files that `pipeline train entities` wrote"}}}"#,
        );
    type Worker = Worker;

    fn new(cx: &Init<'_>) -> Result<Self> {
        let model = |(name, bytes): (String, std::borrow::Cow<'static, [u8]>)| {
            let tagger = Tagger::load(&bytes).map_err(|error| Error::new(format!("{name}: {error}")))?;
            let labels = tagger.labels().iter().map(|label| cx.sym(label)).collect();
            Ok(Model { tagger, labels })
        };
        Ok(Self(builtin::models(cx, super::KIND)?.into_iter().map(model).collect::<Result<_>>()?))
    }

    fn worker(&self) -> Worker {
        Worker { scratch: self.0.iter().map(|_| Scratch::default()).collect(), found: Vec::new() }
    }

    fn process_with(&self, worker: &mut Worker, doc: Doc<'_>, out: &mut Out<'_>) -> Result {
        let languages = self.0.iter().map(|model| model.tagger.header().languages.as_slice());
        let index = builtin::choose(languages, doc.route())?;
        let (model, scratch) = (&self.0[index], &mut worker.scratch[index]);
        model.tagger.tag(doc.text(), doc.tokens(), doc.sentences(), scratch, &mut worker.found);
        for entity in &worker.found {
            let label = model.labels[usize::from(entity.label)];
            let _ = out.entity(entity.span, label, entity.score).u32("cluster", entity.cluster);
        }
        Ok(())
    }
}
