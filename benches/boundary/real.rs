//! The stages that come with the program, linked in and from their libraries, on the sample documents.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use pipeline_core::{Document, Pipeline, StageSource, StageUse};

use super::{library, open};

const ROUNDS: usize = 41;
const DOCUMENTS: usize = 64;

/// Prints for each stage the median of many rounds, taken in turns, of its time from a library over that linked in.
pub(super) fn report() {
    let linked = pipeline::builtin::stages().expect("stages that describe themselves");
    let libraries = linked.iter().map(|stage| library(&format!("pipeline-{}", stage.card.name)));
    let loaded: Vec<_> = libraries.flat_map(|path| open(&path)).collect();
    let pipelines = [linked, loaded].map(|stages| pipeline_of(&stages));
    let mut docs = documents();
    let mut ratios = BTreeMap::<String, Vec<f64>>::new();
    for round in 0..ROUNDS {
        let mut times = [BTreeMap::new(), BTreeMap::new()];
        for turn in [round % 2, 1 - round % 2] {
            times[turn] = spent(&pipelines[turn], &mut docs);
        }
        for (stage, linked) in &times[0] {
            let loaded = times[1][stage];
            ratios.entry(stage.clone()).or_default().push(loaded.as_secs_f64() / linked.as_secs_f64());
        }
    }
    for (stage, mut ratios) in ratios {
        ratios.sort_by(f64::total_cmp);
        let percent = |at: usize| (ratios[at] - 1.0) * 100.0;
        let (low, median, high) = (percent(ROUNDS / 4), percent(ROUNDS / 2), percent(ROUNDS * 3 / 4));
        println!("{stage}: from a library {median:+.1} % (quartiles {low:+.1} %, {high:+.1} %)");
    }
}

fn pipeline_of(stages: &[StageSource]) -> Pipeline {
    let uses = stages.iter().cloned().map(StageUse::new).collect();
    Pipeline::new(uses, &[], &[], Box::new(|_, _| {})).unwrap()
}

/// The sample documents, over and over.
fn documents() -> Vec<Document> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/news");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> =
        files.filter(|path| path.extension().is_some_and(|ending| ending == "txt")).collect();
    files.sort();
    let texts = files.iter().map(|path| std::fs::read_to_string(path).unwrap());
    let docs = texts.map(|text| Document::new("sample", text)).collect::<Vec<_>>();
    docs.iter().cycle().take(DOCUMENTS).cloned().collect()
}

/// The time spent in each stage on the documents.
fn spent(pipeline: &Pipeline, docs: &mut [Document]) -> BTreeMap<String, Duration> {
    let times = || pipeline.times().map(|(stage, time)| (stage.to_owned(), time)).collect::<BTreeMap<_, _>>();
    for doc in docs.iter_mut() {
        *doc = Document::new(std::mem::take(&mut doc.id), std::mem::take(&mut doc.text));
    }
    let before = times();
    pipeline.process(docs).unwrap();
    times().into_iter().map(|(stage, time)| (stage.clone(), time - before[&stage])).collect()
}
