//! Names and values as a stage of the pipeline.

use pipeline_core::{BatchStage, Doc, Error, Init, Out, Result, StageInfo, Sym};

use super::values::{self, Date, Label, Value, ticker};
use super::{Entity, Scratch, Tagger};
use crate::builtin;

/// The `entities` stage: names by the model for the document's language, and values by rules. Where there is no
/// model for the language there are values alone.
pub struct EntitiesStage {
    models: Vec<Model>,
    /// Types of values by [`Label`]; none where values are not wanted.
    values: Option<[Sym; Label::NAMES.len()]>,
    today: Option<Date>,
}

struct Model {
    tagger: Tagger,
    labels: Vec<Sym>,
    /// Which of them companies have.
    org: Option<usize>,
}

/// Longest text, in bytes, after which the memory of a model is used again: what a very long one took is freed before
/// its names are put out.
const KEEP: usize = 4 << 20;

/// Scratch: memory of each model, and what was found.
#[derive(Default)]
pub struct Worker {
    scratch: Vec<Scratch>,
    found: Vec<Entity>,
    values: Vec<Value>,
}

impl BatchStage for EntitiesStage {
    const INFO: StageInfo = StageInfo::new("entities", "names of people, organisations, places and more, and values")
        .requires(&["tokens", "sentences"])
        .optional(&["language", "meta"])
        .provides(&["entities"])
        .config(
            r#"{"type":"object","additionalProperties":false,"properties":{
            "models":{"type":"array","items":{"type":"string"},"default":["builtin:en"],
                "description":"built-in models and files that `pipeline train entities` wrote"},
            "values":{"type":"boolean","default":true,"description":"dates, times, sums, shares, measures, numbers"},
            "date":{"type":"string","description":"day (YYYY-MM-DD) by which relative dates of all documents are told"}}}"#,
        );
    type Worker = Worker;

    fn new(cx: &Init<'_>) -> Result<Self> {
        let models = builtin::models(cx, const { &builtin::of(super::KIND) }, |content| {
            let tagger = Tagger::load(content)?;
            let labels = tagger.labels().iter().map(|label| cx.sym(label)).collect();
            let org = tagger.labels().iter().position(|label| label == "ORG");
            Ok(Model { tagger, labels, org })
        })?;
        let wanted = cx.get("values", true)?;
        let values = wanted.then(|| Label::NAMES.map(|label| cx.sym(label)));
        Ok(Self { models, values, today: today(&cx.get("date", String::new())?)? })
    }

    fn worker(&self) -> Worker {
        let scratch = self.models.iter().map(|_| Scratch::default()).collect();
        Worker { scratch, ..Worker::default() }
    }

    fn process_with(&self, worker: &mut Worker, doc: Doc<'_>, out: &mut Out<'_>) -> Result {
        let languages = self.models.iter().map(|model| model.tagger.header().languages.as_slice());
        match builtin::choose(languages, doc.route()) {
            Ok(index) => {
                let (model, scratch) = (&self.models[index], &mut worker.scratch[index]);
                model.tagger.tag(doc.text(), doc.tokens(), doc.sentences(), scratch, &mut worker.found);
                if doc.text().len() > KEEP {
                    *scratch = Scratch::default();
                }
                self.find_values(doc, worker);
                self.give(doc.text(), Some(model), worker, out);
            }
            Err(reason) => {
                // Values need no model.
                worker.found.clear();
                self.find_values(doc, worker);
                self.give(doc.text(), None, worker, out);
                return Err(reason);
            }
        }
        Ok(())
    }
}

impl Model {
    /// A name; a company with its ticker, where one follows.
    fn give_name(&self, text: &str, name: &Entity, out: &mut Out<'_>) {
        let label = usize::from(name.label);
        let row = out.entity(name.span, self.labels[label], name.score).u32("cluster", name.cluster);
        let company = self.org == Some(label);
        if let Some(share) = company.then(|| ticker::behind(text, name.span.end as usize)).flatten() {
            let _ = row.str("ticker", &share);
        }
    }
}

impl EntitiesStage {
    fn find_values(&self, doc: Doc<'_>, worker: &mut Worker) {
        worker.values.clear();
        if self.values.is_some() {
            let today = day_of(doc).or(self.today);
            values::find(doc.text(), doc.tokens(), doc.route(), today, &mut worker.values);
        }
    }

    /// Names and values in text order; a value that shares text with a name is left out.
    fn give(&self, text: &str, model: Option<&Model>, worker: &Worker, out: &mut Out<'_>) {
        out.reserve("entities", worker.found.len() + worker.values.len());
        let mut values = worker.values.iter().peekable();
        let mut covered = 0;
        for name in &worker.found {
            while let Some(value) = values.next_if(|value| value.span.start < name.span.end) {
                if value.span.start >= covered && value.span.end <= name.span.start {
                    self.give_value(value, out);
                }
            }
            covered = covered.max(name.span.end);
            model.iter().for_each(|model| model.give_name(text, name, out));
        }
        values.filter(|value| value.span.start >= covered).for_each(|value| self.give_value(value, out));
    }

    /// A value; it is in no cluster.
    fn give_value(&self, value: &Value, out: &mut Out<'_>) {
        let Some(labels) = &self.values else { return };
        let row = out.entity(value.span, labels[value.label as usize], 1.0);
        let _ = row.u32("cluster", u32::MAX).str("value", &value.value);
    }
}

/// The day the document is of, where it came with a date that begins with one.
fn day_of(doc: Doc<'_>) -> Option<Date> {
    let meta = doc.layer("meta");
    let (keys, values) = (meta.strs("key"), meta.strs("value"));
    let date = (0..meta.len()).find(|row| keys.get(*row) == "date").map(|row| values.get(row));
    date.and_then(|date| Date::parse(date.get(..10)?))
}

/// The option `date`; empty where it is not given.
fn today(date: &str) -> Result<Option<Date>> {
    let day = Date::parse(date).filter(|_| date.len() == 10);
    if day.is_none() && !date.is_empty() {
        return Err(Error::new(format!("date `{date}` is no day; write it as 2025-04-14")));
    }
    Ok(day)
}
