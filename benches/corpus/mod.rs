//! Text to measure on: news of the data folder, or the example documents where that is absent.

use std::num::NonZero;
use std::path::{Path, PathBuf};

use pipeline::builtin;
use pipeline::config::PipelineConfig;
use pipeline_core::engine::{self, Source};
use pipeline_core::{Document, Pipeline, Table};

/// Documents to measure on.
pub(crate) struct Corpus {
    /// Where they come from, for the name of the measurement.
    pub(crate) name: &'static str,
    /// The documents.
    pub(crate) docs: Vec<Document>,
}

/// About so many bytes of English news, in documents of the size they come in.
pub(crate) fn news(bytes: usize) -> Corpus {
    let file = data_root().join("raw/gmb_voa_detok.jsonl");
    match std::fs::read_to_string(&file) {
        Ok(lines) => Corpus { name: "news", docs: cut(lines.lines().filter_map(record), bytes) },
        Err(_) => {
            eprintln!("NOTE: {} is not there; measuring on examples/news, over and over", file.display());
            Corpus { name: "examples", docs: cut(examples().into_iter().cycle(), bytes) }
        }
    }
}

/// The same text in one document.
pub(crate) fn joined(corpus: &Corpus) -> Document {
    let texts: Vec<_> = corpus.docs.iter().map(|doc| doc.text.as_str()).collect();
    Document::new("joined", texts.join("\n\n"))
}

/// A pipeline for some layers, with others given.
pub(crate) fn pipeline(layers: &[&str], supplied: &[&str]) -> Pipeline {
    let layers: Vec<String> = layers.iter().map(|layer| (*layer).to_owned()).collect();
    builtin::assemble(&PipelineConfig::default(), &layers, supplied, Box::new(|_, _| {}))
        .expect("built-in stages")
}

/// Copies of documents on which the layers `supplied` are already there, as the whole pipeline makes them.
pub(crate) fn supply(docs: &[Document], target: &Pipeline, supplied: &[&str]) -> Vec<Document> {
    let layers = ["language", "tokens", "sentences", "entities", "syntax", "relations"];
    let whole = pipeline(&layers, &[]);
    let mut done = fresh(docs);
    whole.process(&mut done).expect("the news is worked on");
    let give = |done: &Document| {
        let mut doc = Document::new(done.id.clone(), done.text.clone());
        for name in supplied {
            let table: Option<&Table> = whole.plan().layer(name).and_then(|layer| done.layer(layer));
            let layer = target.plan().layer(name).expect("a supplied layer");
            let table = renumbered(table.expect("a layer of the pipeline").clone(), &whole, target);
            doc.supply(target.plan(), layer, table).expect("spans fit their text");
        }
        doc
    };
    done.iter().map(give).collect()
}

/// The same documents without any layer.
pub(crate) fn fresh(docs: &[Document]) -> Vec<Document> {
    docs.iter().map(|doc| Document::new(doc.id.clone(), doc.text.clone())).collect()
}

/// Works on documents as if they had just come.
pub(crate) fn again(pipeline: &Pipeline, docs: &mut [Document]) {
    for doc in docs.iter_mut() {
        let (id, text) = (std::mem::take(&mut doc.id), std::mem::take(&mut doc.text));
        doc.clear();
        (doc.id, doc.text) = (id, text);
    }
    pipeline.process(docs).expect("the texts are worked on");
}

/// Bytes of text.
pub(crate) fn size(docs: &[Document]) -> u64 {
    docs.iter().map(|doc| doc.text.len() as u64).sum()
}

/// Rows of a layer over all documents.
pub(crate) fn rows(pipeline: &Pipeline, docs: &[Document], layer: &str) -> usize {
    let layer = pipeline.plan().layer(layer).expect("a layer of the pipeline");
    docs.iter().filter_map(|doc| doc.layer(layer)).map(|table| table.len).sum()
}

/// Documents that are there already.
struct Given<'a>(std::slice::Iter<'a, Document>);

impl<'a> Source for Given<'a> {
    type Raw = &'a Document;

    fn next_chunk(&mut self, chunk: &mut Vec<&'a Document>) -> std::io::Result<()> {
        chunk.extend(self.0.by_ref().take(32));
        Ok(())
    }

    fn size(doc: &&'a Document) -> usize {
        doc.text.len()
    }
}

/// Words that the engine finds on so many threads.
pub(crate) fn run(pipeline: &Pipeline, docs: &[Document], threads: usize) -> u64 {
    let mut tokens = 0;
    engine::run(
        pipeline,
        engine::Options::new(NonZero::new(threads).expect("at least one")),
        Given(docs.iter()),
        |from, doc| doc.text.push_str(&from.text),
        |_, _| {},
        |chunk| {
            tokens += chunk.tokens;
            Ok(true)
        },
    )
    .expect("the texts are worked on");
    tokens
}

/// Symbols are numbered anew by each pipeline.
fn renumbered(mut table: Table, from: &Pipeline, to: &Pipeline) -> Table {
    for col in &mut table.cols {
        if let pipeline_core::ColumnData::Sym(syms) = col {
            syms.iter_mut().for_each(|sym| *sym = to.symbols().intern(from.symbols().text(*sym)));
        }
    }
    table
}

fn data_root() -> PathBuf {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    std::env::var_os("PIPELINE_DATA").map_or_else(beside, PathBuf::from)
}

fn record(line: &str) -> Option<Document> {
    let record: serde_json::Value = serde_json::from_str(line).ok()?;
    Some(Document::new(record["id"].as_str()?, record["text"].as_str()?))
}

fn examples() -> Vec<Document> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/news");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).expect("examples").flatten().map(|file| file.path()).collect();
    files.sort();
    let text = |file: &PathBuf| std::fs::read_to_string(file).ok();
    files
        .iter()
        .filter(|file| file.extension().is_some_and(|ext| ext == "txt"))
        .filter_map(|file| Some(Document::new(file.to_string_lossy(), text(file)?)))
        .collect()
}

fn cut(docs: impl Iterator<Item = Document>, bytes: usize) -> Vec<Document> {
    let mut left = bytes;
    docs.take_while(|doc| {
        let room = left > 0;
        left = left.saturating_sub(doc.text.len());
        room
    })
    .collect()
}
