//! Every built-in stage from its shared library: the same bytes as built in.

use std::num::NonZero;
use std::path::PathBuf;

use pipeline_core::engine::{self, Options, Source};
use pipeline_core::plugin::{Library, OpenOptions};
use pipeline_core::{ColumnData, Document, Pipeline, StageSource, StageUse};

use crate::libraries::build;

const TEXTS: [&str; 10] = [
    "Maria Keller, who runs Northwind Traders in Zurich, met Dr. O'Neil at 10:30 on 3 May 2024. She paid $1.2m.",
    "Der Vorstand der Bremer Hafen AG tagt am Montag. Frau Dr. Yıldız leitet die Sitzung, z. B. per Video.",
    "La société Dupont et Fils a vendu 12,5 % de ses parts. « Une bonne affaire », dit-elle.",
    "El río Ebro creció 3 m. ¿Quién avisó? Nadie lo sabe.",
    "東京で会議が開かれた。参加者は二百人。",
    "U.S. stocks fell. The Fed's J. Smith didn't comment; see https://example.org/a?b=1 or mail x@example.org.",
    "",
    "   \n\n \t",
    "HEADLINE IN CAPITALS\n\nA second paragraph 😀 with #tags and @names.",
    "e\u{301}te\u{301} \u{200f}שלום\u{200e} 1,234.56 €",
];

/// The texts, each many times over, so many a chunk.
struct Texts(std::ops::Range<usize>, usize);
impl Source for Texts {
    type Raw = usize;
    fn next_chunk(&mut self, chunk: &mut Vec<usize>) -> std::io::Result<()> {
        chunk.extend(self.0.by_ref().take(self.1));
        Ok(())
    }
    fn size(number: &usize) -> usize {
        TEXTS[number % TEXTS.len()].len()
    }
}

fn text(number: usize) -> String {
    (0..=number % 3).map(|more| TEXTS[(number + more * 7) % TEXTS.len()]).collect::<Vec<_>>().join("\n\n")
}

/// Everything a run found, symbols as words.
fn run(stages: &[StageSource], threads: usize, chunk: usize) -> String {
    let uses = stages.iter().cloned().map(StageUse::new).collect();
    let pipeline = Pipeline::new(uses, &[], &[], Box::new(|_, _| {})).unwrap();
    let mut written = String::new();
    let load = |number: usize, doc: &mut Document| {
        doc.id = number.to_string();
        doc.text = text(number);
    };
    let encode = |docs: &[Document], bytes: &mut engine::Records| {
        docs.iter().for_each(|doc| bytes.extend_from_slice(print(&pipeline, doc).as_bytes()));
    };
    let options = Options::new(NonZero::new(threads).unwrap());
    engine::run(&pipeline, options, Texts(0..300, chunk), load, encode, |chunk| {
        written.push_str(std::str::from_utf8(&chunk.bytes).unwrap());
        Ok(true)
    })
    .unwrap();
    written
}

fn print(pipeline: &Pipeline, doc: &Document) -> String {
    let mut text = format!("{} {:?} {:?}\n", doc.id, doc.errors, doc.skipped);
    for (number, layer) in pipeline.plan().layers().iter().enumerate() {
        let Some(table) = doc.layer(number) else { continue };
        let cols = table.cols.iter().map(|values| match values {
            ColumnData::Sym(syms) => {
                format!("{:?}", syms.iter().map(|sym| pipeline.symbols().text(*sym)).collect::<Vec<_>>())
            }
            other => format!("{other:?}"),
        });
        let cols: Vec<_> = cols.collect();
        text.push_str(&format!("{}: {:?} {}\n", layer.name, table.spans, cols.join(" ")));
    }
    text
}

#[test]
fn built_in_and_loaded_stages_give_the_same_bytes_whatever_threads_and_chunks() {
    let built_in = pipeline::builtin::stages().unwrap();
    let names: Vec<_> = built_in.iter().map(|stage| stage.card.name.clone()).collect();
    let open = |path: PathBuf| {
        let library = Library::scan(&path).unwrap_or_else(|error| panic!("{error}"));
        library.open(OpenOptions::default()).unwrap_or_else(|error| panic!("{error}"))
    };
    let loaded: Vec<_> = names.iter().map(|name| build(&format!("pipeline-{name}"))).flat_map(open).collect();
    assert_eq!(loaded.iter().map(|stage| stage.card.name.clone()).collect::<Vec<_>>(), names);
    let expected = run(&built_in, 1, 1);
    assert!(expected.contains("tokens: [Span"), "{}", &expected[..200]);
    for (threads, chunk) in [(1, 1), (1, 64), (2, 1), (2, 64), (8, 1), (8, 64)] {
        assert!(run(&built_in, threads, chunk) == expected, "built in, {threads} threads, {chunk} a chunk");
        assert!(run(&loaded, threads, chunk) == expected, "loaded, {threads} threads, {chunk} a chunk");
    }
}
