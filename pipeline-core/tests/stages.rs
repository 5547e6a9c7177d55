//! Stages linked in, through the very boundary that loaded ones cross.
#![cfg(feature = "host")]

use std::num::NonZero;
use std::sync::atomic::{AtomicBool, Ordering};

use pipeline_core::engine::{self, Source};
use pipeline_core::{
    BatchStage, ColumnData, Doc, Document, ErrorCode, Init, Kind, LayerSpec, OnError, Out, Pipeline, Result,
    Span, Stage, StageInfo, StageSource, StageUse, Sym, Threads, check, column,
};

/// Words between spaces.
struct Words;
impl Stage for Words {
    const INFO: StageInfo = StageInfo::new("words", "cuts at spaces").provides(&["tokens", "sentences"]);
    fn new(_: &Init<'_>) -> Result<Self> {
        Ok(Words)
    }
    fn process(&self, doc: Doc<'_>, out: &mut Out<'_>) -> Result {
        let start = doc.text().as_ptr() as usize;
        let spans: Vec<_> = doc
            .text()
            .split_whitespace()
            .map(|word| {
                let from = word.as_ptr() as usize - start;
                Span::new(from as u32, (from + word.len()) as u32)
            })
            .collect();
        out.tokens(&spans, &vec![1; spans.len()]);
        Ok(())
    }
}

/// Marks capitalised words; misbehaves on request.
struct Caps {
    label: Sym,
    min: u32,
}
impl Stage for Caps {
    const INFO: StageInfo =
        StageInfo::new("caps", "marks capitals").requires(&["tokens"]).provides(&["entities"]);
    fn new(cx: &Init<'_>) -> Result<Self> {
        Ok(Caps { label: cx.sym("CAP"), min: cx.get("min_len", 1)? })
    }
    fn process(&self, doc: Doc<'_>, out: &mut Out<'_>) -> Result {
        match doc.text() {
            "panic" => panic!("asked to"),
            "error" => return Err(pipeline_core::Error::new("asked to")),
            "skip" => return Err(pipeline_core::Error::skip("no-model")),
            "out of bounds" => {
                let _ = out.entity(Span::new(0, 99), self.label, 1.0);
            }
            "backwards" => {
                let _ = out.entity(Span::new(3, 1), self.label, 1.0);
            }
            "é" => {
                let _ = out.entity(Span::new(1, 2), self.label, 1.0);
            }
            "symbol" => {
                let _ = out.entity(Span::new(0, 1), Sym(9999), 1.0);
            }
            "undeclared" => {
                let _ = out.row("relations");
            }
            _ => {}
        }
        for token in doc.tokens() {
            if token.len() >= self.min && doc[token].starts_with(char::is_uppercase) {
                let _ = out.entity(*token, self.label, 0.5).str("value", &doc[token].to_lowercase());
            }
        }
        Ok(())
    }
}

/// Adds rows to `entities` and relations to them.
struct Links {
    label: Sym,
}
impl Stage for Links {
    const INFO: StageInfo = StageInfo::new("links", "links neighbours")
        .requires(&["entities"])
        .extends(&["entities"])
        .provides(&["relations"]);
    fn new(cx: &Init<'_>) -> Result<Self> {
        Ok(Links { label: cx.sym("next_to") })
    }
    fn process(&self, doc: Doc<'_>, out: &mut Out<'_>) -> Result {
        let count = doc.entities().spans.len() as u32;
        for tail in 1..count {
            let _ = out.relation(tail - 1, tail, self.label, 1.0);
        }
        if doc.text() == "dangling" {
            let _ = out.relation(77, 0, self.label, 1.0);
        }
        if let Some(first) = doc.entities().spans.first() {
            assert_eq!(out.entity(*first, self.label, 0.1).index(), count);
        }
        Ok(())
    }
}

/// A layer of its own, and scratch that must not leak between documents.
struct Lengths;
const LENGTHS: LayerSpec =
    LayerSpec::spans("acme.lengths", &[column("n", Kind::I64), column("name", Kind::Str)]);
impl BatchStage for Lengths {
    const INFO: StageInfo = StageInfo::new("acme.lengths", "lengths of words")
        .requires(&["tokens"])
        .provides(&["acme.lengths"])
        .layers(&[LENGTHS])
        .threads(Threads::PerWorker);
    type Worker = Vec<Span>;
    fn new(_: &Init<'_>) -> Result<Self> {
        Ok(Lengths)
    }
    fn worker(&self) -> Vec<Span> {
        Vec::new()
    }
    fn process_with(&self, worker: &mut Vec<Span>, doc: Doc<'_>, out: &mut Out<'_>) -> Result {
        worker.clear();
        worker.extend_from_slice(doc.tokens());
        for token in worker.iter() {
            let _ = out
                .span_row("acme.lengths", *token)
                .i64("n", i64::from(token.len()))
                .str("name", &doc[*token]);
        }
        Ok(())
    }
}

fn used<S: BatchStage>() -> StageUse {
    StageUse::new(StageSource::linked::<S>().unwrap())
}

fn pipeline(uses: Vec<StageUse>) -> Pipeline {
    Pipeline::new(uses, &[], &[], Box::new(|_, _| {})).unwrap()
}

fn refused(uses: Vec<StageUse>) -> String {
    let words = StageSource::linked::<Words>().unwrap();
    Pipeline::new(uses, &[], &[&words.card], Box::new(|_, _| {})).err().expect("a plan that must be refused")
}

fn docs(texts: &[&str]) -> Vec<Document> {
    texts.iter().enumerate().map(|(i, text)| Document::new(i.to_string(), *text)).collect()
}

#[test]
fn layers_reach_the_document_with_columns_and_defaults() {
    let pipeline = pipeline(vec![used::<Words>(), used::<Caps>(), used::<Links>(), used::<Lengths>()]);
    let mut docs = docs(&["Anna met Bo", ""]);
    pipeline.process(&mut docs).unwrap();
    let layer = |name| docs[0].layer(pipeline.plan().layer(name).unwrap()).unwrap();
    let entities = layer("entities");
    assert_eq!(entities.spans, [Span::new(0, 4), Span::new(9, 11), Span::new(0, 4)]);
    assert_eq!(entities.cols[2], ColumnData::U32(vec![u32::MAX; 3]));
    assert_eq!([0, 1, 2].map(|row| entities.cols[3].str(row)), ["anna", "bo", ""]);
    let relations = layer("relations");
    assert_eq!(
        (&relations.cols[0], &relations.cols[1]),
        (&ColumnData::Ref(vec![0]), &ColumnData::Ref(vec![1]))
    );
    assert_eq!(relations.cols[4], ColumnData::Span(vec![Span::NONE]));
    assert_eq!(layer("acme.lengths").cols[0], ColumnData::I64(vec![4, 3, 2]));
    assert!(docs[0].errors.is_empty() && docs[1].errors.is_empty());
    assert_eq!(docs[1].layer(pipeline.plan().layer("entities").unwrap()).unwrap().len, 0);
}

#[test]
fn a_failure_stays_with_its_document_and_says_why() {
    let cases = [
        ("panic", ErrorCode::Panic, "asked to"),
        ("error", ErrorCode::Stage, "asked to"),
        ("out of bounds", ErrorCode::InvalidOutput, "0..99 is out of bounds"),
        ("backwards", ErrorCode::InvalidOutput, "3..1"),
        ("é", ErrorCode::InvalidOutput, "cuts a character"),
        ("symbol", ErrorCode::InvalidOutput, "symbol 9999"),
        ("undeclared", ErrorCode::InvalidOutput, "`relations`"),
    ];
    let mut texts: Vec<_> = cases.iter().map(|case| case.0).collect();
    texts.extend(["Good One", "skip"]);
    let pipeline = pipeline(vec![used::<Words>(), used::<Caps>(), used::<Links>()]);
    let mut docs = docs(&texts);
    pipeline.process(&mut docs).unwrap();
    for (doc, (text, code, words)) in docs.iter().zip(cases) {
        assert_eq!((doc.errors[0].code, doc.errors[0].stage.as_str()), (code, "caps"), "{text}");
        assert!(doc.errors[0].message.contains(words), "{}", doc.errors[0].message);
        assert_eq!((doc.errors[1].code, doc.errors[1].stage.as_str()), (ErrorCode::Upstream, "links"));
        assert_eq!(doc.layer(pipeline.plan().layer("entities").unwrap()), None);
        assert!(doc.layer(pipeline.plan().layer("tokens").unwrap()).is_some());
    }
    let good = &docs[cases.len()];
    assert!(good.errors.is_empty());
    assert_eq!(good.layer(pipeline.plan().layer("entities").unwrap()).unwrap().len, 3);
    let skipped = &docs[cases.len() + 1];
    assert_eq!((skipped.errors.len(), skipped.skipped[0].1.as_str()), (0, "no-model"));
}

#[test]
fn calls_have_no_more_documents_than_a_stage_asks_for() {
    static SIZES: std::sync::Mutex<Vec<usize>> = std::sync::Mutex::new(Vec::new());
    struct Few;
    impl BatchStage for Few {
        const INFO: StageInfo = StageInfo::new("few", "counts the documents of a call").batch(3);
        type Worker = ();
        fn new(_: &Init<'_>) -> Result<Self> {
            Ok(Few)
        }
        fn worker(&self) {}
        fn process_with(&self, (): &mut (), doc: Doc<'_>, _: &mut Out<'_>) -> Result {
            if doc.text() == "error" { Err(pipeline_core::Error::new("asked to")) } else { Ok(()) }
        }
        fn process_batch(&self, worker: &mut (), batch: &mut pipeline_core::Batch<'_>) {
            SIZES.lock().unwrap().push(batch.len());
            batch.each(worker, || (), |worker, doc, out| self.process_with(worker, doc, out));
        }
    }
    let mut docs = docs(&["a", "b", "c", "d", "error", "f", "g", "h"]);
    pipeline(vec![used::<Few>()]).process(&mut docs).unwrap();
    assert_eq!(*SIZES.lock().unwrap(), [3, 3, 2]);
    let failed: Vec<_> =
        docs.iter().filter(|doc| !doc.errors.is_empty()).map(|doc| doc.id.as_str()).collect();
    assert_eq!(failed, ["4"]);
}

#[test]
fn references_must_lead_somewhere() {
    let pipeline = pipeline(vec![used::<Words>(), used::<Caps>(), used::<Links>()]);
    let mut docs = docs(&["dangling"]);
    pipeline.process(&mut docs).unwrap();
    assert!(docs[0].errors[0].message.contains("row 77 of a layer of 0"), "{:?}", docs[0].errors);
}

#[test]
fn policies_decide_what_follows_a_failure() {
    let mut caps = used::<Caps>();
    caps.on_error = OnError::SkipDoc;
    let skip = pipeline(vec![used::<Words>(), caps.clone(), used::<Links>(), used::<Lengths>()]);
    let mut some = docs(&["error", "Fine"]);
    skip.process(&mut some).unwrap();
    assert_eq!(some[0].errors.len(), 1);
    assert!(some[0].layer(skip.plan().layer("acme.lengths").unwrap()).is_none());
    assert!(some[1].errors.is_empty());
    caps.on_error = OnError::Fail;
    let fail = pipeline(vec![used::<Words>(), caps]);
    let error = fail.process(&mut docs(&["Fine", "error"])).unwrap_err();
    assert!(error.contains("`caps` failed on document `1`") && error.contains("asked to"), "{error}");
}

#[test]
fn plans_are_checked_and_errors_name_stage_layer_and_cure() {
    let error = refused(vec![used::<Caps>()]);
    assert!(error.contains("`caps` requires layer `tokens`") && error.contains("add `words`"), "{error}");
    let error = refused(vec![used::<Words>(), used::<Words>()]);
    assert!(error.contains("`tokens` is made twice"), "{error}");
    let mut renamed = used::<Words>();
    renamed.renames = vec![("tokens".into(), "acme.words".into()), ("sentences".into(), "acme.lines".into())];
    let error = refused(vec![renamed.clone(), used::<Caps>()]);
    assert!(error.contains("acme.words"), "{error}");
    let mut reader = used::<Caps>();
    reader.renames = vec![("tokens".into(), "acme.words".into())];
    assert!(pipeline(vec![renamed, reader]).plan().layer("acme.words").is_some());
    let mut wrong = used::<Words>();
    wrong.config = "{}".into();
    let mut mistyped = used::<Lengths>();
    mistyped.renames = vec![("tokens".into(), "acme.lengths".into())];
    let error = refused(vec![wrong, mistyped]);
    assert!(error.contains("circle") || error.contains("expects"), "{error}");
}

#[test]
fn stages_move_only_as_far_as_their_needs_say() {
    let pipeline = pipeline(vec![used::<Links>(), used::<Lengths>(), used::<Caps>(), used::<Words>()]);
    assert_eq!(pipeline.plan().order().collect::<Vec<_>>(), [3, 1, 2, 0]);
}

#[test]
fn options_reach_the_stage_and_wrong_ones_are_told() {
    let mut caps = used::<Caps>();
    caps.config = r#"{"min_len": 3}"#.into();
    let long = pipeline(vec![used::<Words>(), caps.clone()]);
    let mut some = docs(&["Anna met Bo"]);
    long.process(&mut some).unwrap();
    assert_eq!(some[0].layer(long.plan().layer("entities").unwrap()).unwrap().len, 1);
    caps.config = r#"{"min_len": "three"}"#.into();
    assert!(refused(vec![used::<Words>(), caps]).contains("`min_len`"));
}

#[test]
fn layers_that_come_with_the_document_are_used_as_they_are() {
    let pipeline = Pipeline::new(vec![used::<Caps>()], &["tokens"], &[], Box::new(|_, _| {})).unwrap();
    let tokens = pipeline.plan().layer("tokens").unwrap();
    let mut docs = docs(&["Anna Bo"]);
    let mut table = pipeline.plan().layers()[tokens].table();
    table.spans = vec![Span::new(0, 7)];
    table.len = 1;
    table.cols[0] = ColumnData::U8(vec![0]);
    docs[0].supply(pipeline.plan(), tokens, table).unwrap();
    pipeline.process(&mut docs).unwrap();
    let entities = docs[0].layer(pipeline.plan().layer("entities").unwrap()).unwrap();
    assert_eq!(entities.spans, [Span::new(0, 7)]);
}

#[test]
fn the_contract_suite_passes_a_good_stage_and_finds_a_bad_one() {
    struct Moody(AtomicBool, Sym);
    impl Stage for Moody {
        const INFO: StageInfo = StageInfo::new("moody", "changes its mind").provides(&["entities"]);
        fn new(cx: &Init<'_>) -> Result<Self> {
            Ok(Moody(AtomicBool::new(false), cx.sym("X")))
        }
        fn process(&self, doc: Doc<'_>, out: &mut Out<'_>) -> Result {
            if !doc.text().is_empty() && self.0.fetch_xor(true, Ordering::Relaxed) {
                let _ = out.entity(Span::new(0, 1), self.1, 1.0);
            }
            Ok(())
        }
    }
    let texts = ["Anna met Bo in Rome".to_string()];
    assert_eq!(check::check_linked::<Lengths>("{}", &[used::<Words>()], &texts).unwrap(), []);
    let breaches = check::check_linked::<Moody>("{}", &[], &texts).unwrap();
    assert!(breaches.iter().any(|breach| breach.rule == "valid output"), "{breaches:?}");
    assert!(breaches.iter().any(|breach| breach.rule.starts_with("same")), "{breaches:?}");
}

/// Numbers as documents, a few a chunk.
struct Numbers(std::ops::Range<u32>);
impl Source for Numbers {
    type Raw = u32;
    fn next_chunk(&mut self, chunk: &mut Vec<u32>) -> std::io::Result<()> {
        chunk.extend(self.0.by_ref().take(7));
        Ok(())
    }
    fn size(_: &u32) -> usize {
        1 << 20
    }
}

fn run_numbers(threads: usize, stop_after: usize) -> (String, usize) {
    let pipeline = pipeline(vec![used::<Words>(), used::<Caps>(), used::<Lengths>()]);
    let (mut written, mut chunks) = (String::new(), 0);
    let tokens = pipeline.plan().layer("tokens").unwrap();
    engine::run(
        &pipeline,
        engine::Options::new(NonZero::new(threads).unwrap()),
        Numbers(0..500),
        |number, doc| {
            doc.id = number.to_string();
            doc.text = if number % 10 == 3 { "panic".into() } else { "Word ".repeat(number as usize % 13) };
        },
        |docs, bytes| {
            for doc in docs {
                let words = doc.layer(tokens).map_or(0, |table| table.len);
                bytes.extend_from_slice(format!("{} {words} {}\n", doc.id, doc.errors.len()).as_bytes());
            }
        },
        |finished| {
            written.push_str(std::str::from_utf8(&finished.bytes).unwrap());
            chunks += 1;
            Ok(chunks < stop_after)
        },
    )
    .unwrap();
    (written, chunks)
}

#[test]
fn every_document_once_in_order_whatever_the_threads() {
    let (one, _) = run_numbers(1, usize::MAX);
    let ids: Vec<_> =
        one.lines().map(|line| line.split(' ').next().unwrap().parse::<u32>().unwrap()).collect();
    assert_eq!(ids, (0..500).collect::<Vec<_>>());
    assert!(one.contains("\n13 1 1\n") && one.contains("\n14 1 0\n"), "{one}");
    assert_eq!(run_numbers(2, usize::MAX).0, one);
    assert_eq!(run_numbers(8, usize::MAX).0, one);
}

#[test]
fn a_writer_that_has_enough_ends_the_run() {
    let (written, chunks) = run_numbers(4, 3);
    assert_eq!((chunks, written.lines().count()), (3, 21));
}

#[test]
fn input_that_breaks_off_keeps_what_came_before() {
    struct Broken(u32);
    impl Source for Broken {
        type Raw = u32;
        fn next_chunk(&mut self, chunk: &mut Vec<u32>) -> std::io::Result<()> {
            self.0 += 1;
            chunk.push(self.0);
            if self.0 == 5 { Err(std::io::Error::other("cable cut")) } else { Ok(()) }
        }
        fn size(_: &u32) -> usize {
            1
        }
    }
    let pipeline = pipeline(vec![used::<Words>()]);
    let mut docs = 0;
    let options = engine::Options::new(NonZero::new(2).unwrap());
    let result = engine::run(
        &pipeline,
        options,
        Broken(0),
        |_, _| {},
        |_, _| {},
        |chunk| {
            docs += chunk.docs;
            Ok(true)
        },
    );
    assert!(matches!(result, Err(engine::RunError::Read(error)) if error.to_string() == "cable cut"));
    assert_eq!(docs, 4);
}

#[test]
fn a_panic_outside_stages_ends_the_run_instead_of_hanging_it() {
    let pipeline = pipeline(vec![used::<Words>()]);
    let options = engine::Options::new(NonZero::new(2).unwrap());
    let encode = |docs: &[Document], _: &mut engine::Records| assert!(docs[0].id != "70", "asked to");
    let load = |number: u32, doc: &mut Document| doc.id = number.to_string();
    let mut docs = 0;
    let result = engine::run(&pipeline, options, Numbers(0..500), load, encode, |chunk| {
        docs += chunk.docs;
        Ok(true)
    });
    assert!(matches!(result, Err(engine::RunError::Stage(message)) if message.contains("fault")));
    assert_eq!(docs, 70);
}
