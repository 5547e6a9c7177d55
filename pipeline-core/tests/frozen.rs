//! Interface 1.0 is final: what was built for it works with every later host of major version 1.
//!
//! `fixtures/abi-1.0` holds the header as it was then, a stage that uses all of it, and its library as it was built
//! then for Linux on x86-64. None of these is ever changed.
#![cfg(feature = "host")]

mod common;

use std::path::{Path, PathBuf};

use common::{docs, folder, linked, loaded, pipeline, print, tool};
use pipeline_core::{Doc, Document, ErrorCode, Init, Out, Pipeline, Result, Span, Stage, StageInfo};

fn frozen() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/abi-1.0")
}

/// Words between spaces, of kind 1, and no names.
struct Words;
impl Stage for Words {
    const INFO: StageInfo = StageInfo::new("frozen.words", "words").provides(&["tokens", "entities"]);
    fn new(_: &Init<'_>) -> Result<Self> {
        Ok(Words)
    }
    fn process(&self, doc: Doc<'_>, out: &mut Out<'_>) -> Result {
        let text = doc.text();
        let place = |word: &str| word.as_ptr() as usize - text.as_ptr() as usize;
        let span = |word: &str| Span::new(place(word) as u32, (place(word) + word.len()) as u32);
        let spans: Vec<_> = text.split_whitespace().map(span).collect();
        out.tokens(&spans, &vec![1; spans.len()]);
        Ok(())
    }
}

/// What the stage does, to the last column, seen by the host of today.
fn works(library: &Path) {
    let pipeline = pipeline(vec![linked::<Words>(), loaded(library, "frozen.all")]);
    let mut some = docs(&["Zoë met Anna", "FAIL me", "SKIP me", ""]);
    pipeline.process(&mut some).unwrap();
    let printed = print(&pipeline, &some[0]);
    for column in [
        "u8=U8([1, 1, 1])",
        "u32=U32([0, 1, 2])",
        "i64=I64([-4, -3, -4])",
        "f32=F32([0.5, 0.5, 0.5])",
        "f64=F64([0.25, 0.3333333333333333, 0.25])",
        r#"sym=["LONGEST", "LONGEST", "LONGEST"]"#,
        "ref=Ref([0, 1, 2])",
        r#"label=["LONGEST"]"#,
        "score=F32([0.75])",
    ] {
        assert!(printed.contains(column), "{column} is not in {printed}");
    }
    texts(&pipeline, &some[0]);
    assert_eq!(some[1].errors.len(), 1);
    assert_eq!(some[1].errors[0].code, ErrorCode::Stage);
    assert!(some[1].errors[0].message.contains("the text says so"));
    assert!(some[2].errors.is_empty() && some[2].skipped.len() == 1);
    assert!(some[3].errors.is_empty() && some[3].skipped.is_empty());
}

/// The columns of texts and spans of the first document.
fn texts(pipeline: &Pipeline, doc: &Document) {
    let layer = pipeline.plan().layer("frozen.kinds").unwrap();
    let table = doc.layer(layer).unwrap();
    let spans: Vec<_> = table.spans.iter().map(|span| &doc.text[span.range()]).collect();
    assert_eq!(spans, ["Zoë", "met", "Anna"]);
    let cols = &pipeline.plan().layers()[layer].cols;
    let col = |name: &str| &table.cols[cols.iter().position(|col| col.name == name).unwrap()];
    let firsts: String = (0..3).map(|row| col("str").str(row)).collect();
    assert_eq!(firsts, "ZmA");
    assert_eq!(col("span"), &pipeline_core::ColumnData::Span(table.spans.clone()));
}

#[test]
fn the_library_of_then_works_with_the_host_of_today() {
    if cfg!(all(target_os = "linux", target_arch = "x86_64", target_pointer_width = "64")) {
        // A place that only its owner can write to, whatever the folder of the sources is like.
        let library = folder("frozen").join("frozen.so");
        std::fs::copy(frozen().join("frozen-x86_64-linux.so"), &library).unwrap();
        works(&library);
    } else {
        eprintln!(
            "SKIPPED: the library kept from 1.0 is for Linux on x86-64; its source was compiled instead"
        );
    }
}

#[test]
fn the_source_of_then_compiles_with_the_headers_of_then_and_of_today() {
    let today = Path::new(env!("CARGO_MANIFEST_DIR")).join("include");
    for (name, header) in [("then", frozen()), ("today", today)] {
        // The header beside the source would come first.
        let folder = folder(&format!("frozen-{name}"));
        let source = folder.join("frozen.c");
        std::fs::copy(frozen().join("frozen.c"), &source).unwrap();
        let library =
            folder.join(format!("{}frozen{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX));
        let include = format!("-I{}", header.display());
        let files = [source.to_str().unwrap(), "-o", library.to_str().unwrap()];
        let args = [&["-std=c11", "-shared", "-fPIC", &include][..], &files].concat();
        tool(&["cc"], &args).expect("a C compiler, as the contributing guide says");
        works(&library);
    }
}

#[test]
fn the_header_of_today_is_that_of_then_or_of_a_later_minor_version() {
    let read = |path: PathBuf| std::fs::read_to_string(path).unwrap();
    let then = read(frozen().join("pipeline_stage.h"));
    let today = read(Path::new(env!("CARGO_MANIFEST_DIR")).join("include/pipeline_stage.h"));
    assert!(
        then == today || !today.contains("#define PIPELINE_ABI_MINOR 0\n"),
        "the header differs from that of 1.0, which is final: raise PIPELINE_ABI_MINOR, and only add"
    );
}
