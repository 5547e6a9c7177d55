//! Stages from a library against the same stages linked in: equal in what they give and in how they fail.
#![cfg(all(feature = "host", unix))]

mod common;
#[path = "fixtures/stages/src/stages.rs"]
mod stages;

use std::num::NonZero;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use common::{build_rust, c_library, compile, docs, folder, linked, loaded, pipeline, print, rust_library};
use pipeline_core::engine::{self, Source};
use pipeline_core::plugin::{Library, LoadCode, OpenOptions, PanicMode};
use pipeline_core::{ErrorCode, OnError, Pipeline, StageUse};
use stages::{Caps, Fragile, Links, Noop, Words};

fn all_linked() -> Pipeline {
    pipeline(vec![linked::<Words>(), linked::<Caps>(), linked::<Links>(), linked::<Noop>()])
}

fn all_loaded() -> Pipeline {
    let names = ["fixture.words", "fixture.caps", "fixture.links", "fixture.noop"];
    pipeline(names.map(|name| loaded(rust_library(), name)).into())
}

fn option(mut stage: StageUse, options: &str) -> StageUse {
    stage.config = options.into();
    stage
}

/// Numbered texts, so many a chunk.
struct Texts(std::ops::Range<usize>, usize);
impl Source for Texts {
    type Raw = usize;
    fn next_chunk(&mut self, chunk: &mut Vec<usize>) -> std::io::Result<()> {
        chunk.extend(self.0.by_ref().take(self.1));
        Ok(())
    }
    fn size(_: &usize) -> usize {
        100
    }
}

fn text(number: usize) -> String {
    match number % 17 {
        3 => "error".into(),
        5 => "out of bounds".into(),
        7 => "é".into(),
        9 => "dangling".into(),
        11 => String::new(),
        _ => (0..number % 23)
            .map(|word| ["Anna ", "met ", "Émile ", "in ", "Łódź "][(word * number) % 5])
            .collect(),
    }
}

fn run(pipeline: &Pipeline, threads: usize, chunk: usize) -> String {
    let mut written = String::new();
    engine::run(
        pipeline,
        engine::Options::new(NonZero::new(threads).unwrap()),
        Texts(0..600, chunk),
        |number, doc| {
            doc.id = number.to_string();
            doc.text = text(number);
        },
        |docs, bytes| docs.iter().for_each(|doc| bytes.extend_from_slice(print(pipeline, doc).as_bytes())),
        |chunk| {
            written.push_str(std::str::from_utf8(&chunk.bytes).unwrap());
            Ok(true)
        },
    )
    .unwrap();
    written
}

#[test]
fn linked_and_loaded_give_the_same_bytes_whatever_threads_and_chunks() {
    let (linked, loaded) = (all_linked(), all_loaded());
    let expected = run(&linked, 1, 1);
    assert!(expected.contains("InvalidOutput") && expected.contains("head=Ref(["));
    for (threads, chunk) in [(1, 1), (1, 64), (2, 1), (2, 64), (8, 1), (8, 64)] {
        assert!(run(&linked, threads, chunk) == expected, "linked, {threads} threads, {chunk} a chunk");
        assert!(run(&loaded, threads, chunk) == expected, "loaded, {threads} threads, {chunk} a chunk");
    }
}

#[test]
fn a_panic_fails_one_document_and_says_where() {
    let pipeline = all_loaded();
    let mut some = docs(&["Anna", "panic", "Bo", "bomb", "passed on", "caught", "parallel", "Carl"]);
    pipeline.process(&mut some).unwrap();
    let failed: Vec<_> =
        some.iter().filter(|doc| !doc.errors.is_empty()).map(|doc| doc.text.as_str()).collect();
    assert_eq!(failed, ["panic", "bomb", "passed on", "parallel"]);
    let message = |index: usize| (some[index].errors[0].code, some[index].errors[0].message.as_str());
    for (index, words) in [(1, "panicked: asked to at "), (3, "(no message) at "), (6, "in a loop")] {
        let (code, message) = message(index);
        assert_eq!(code, ErrorCode::Panic);
        assert!(message.contains(words) && message.contains("stages.rs:") || index == 6, "{message}");
    }
    // Passed on, not raised: the hook has not seen it, and must not tell of another.
    assert_eq!(message(4), (ErrorCode::Panic, "panicked: from elsewhere"));
    let entities = pipeline.plan().layer("entities").unwrap();
    assert_eq!(some[7].layer(entities).unwrap().spans.len(), 1);
    assert_eq!(
        some.iter().map(|doc| doc.id.clone()).collect::<Vec<_>>(),
        ["0", "1", "2", "3", "4", "5", "6", "7"]
    );
}

#[test]
fn the_hosts_panic_hook_is_its_own() {
    let before = Arc::new(Mutex::new(0));
    let count = before.clone();
    std::panic::set_hook(Box::new(move |_| *count.lock().unwrap() += 1));
    let pipeline = all_loaded();
    pipeline.process(&mut docs(&["panic", "bomb"])).unwrap();
    let in_library = *before.lock().unwrap();
    let own = std::thread::spawn(|| panic!("of the host")).join();
    let after = *before.lock().unwrap();
    let _ = std::panic::take_hook();
    // Other tests of this process may panic on purpose meanwhile, so the counts are bounds.
    assert!(own.is_err() && after > in_library, "{in_library} {after}");
    assert_eq!(pipeline.plan().order().count(), 4);
}

#[test]
fn panics_outside_documents_are_contained_too() {
    for (source, place) in [(linked::<Fragile>(), false), (loaded(rust_library(), "fixture.fragile"), true)] {
        let made = |breaks: &str| {
            let stage = option(source.clone(), &format!("{{\"breaks\":\"{breaks}\"}}"));
            Pipeline::new(vec![stage], &[], &[], Box::new(|_, _| {}))
        };
        let error = made("create").err().unwrap();
        assert!(
            error.contains("`fixture.fragile` could not be made: panic: panicked: broken in create"),
            "{error}"
        );
        assert_eq!(error.contains("stages.rs:"), place, "{error}");
        assert!(made("refuse").err().unwrap().contains("no model; name one"));
        drop(made("destroy").unwrap());
        for breaks in ["worker", "batch"] {
            let pipeline = made(breaks).unwrap();
            for _ in 0..3 {
                let mut some = docs(&["a", "b"]);
                pipeline.process(&mut some).unwrap();
                for doc in &some {
                    let error = &doc.errors[0];
                    assert_eq!(error.code, ErrorCode::Panic, "{error:?}");
                    assert!(error.message.contains(&format!("broken in {breaks}")), "{error:?}");
                }
            }
        }
    }
}

#[test]
fn options_are_checked_before_the_library_sees_them() {
    for caps in [linked::<Caps>(), loaded(rust_library(), "fixture.caps")] {
        let refused = |options: &str| {
            let uses = vec![linked::<Words>(), option(caps.clone(), options)];
            Pipeline::new(uses, &[], &[], Box::new(|_, _| {})).err().expect("options to refuse")
        };
        assert!(refused(r#"{"min_len": 0}"#).contains("`fixture.caps`"));
        assert!(refused(r#"{"min_len": 0}"#).contains("option `min_len` must be at least 1, found 0"));
        assert!(refused(r#"{"minlen": 2}"#).contains("did you mean `min_len`?"));
        assert!(refused("{").contains("no JSON"));
    }
}

#[test]
fn a_policy_ends_the_run_for_loaded_stages_as_for_linked_ones() {
    let mut caps = loaded(rust_library(), "fixture.caps");
    caps.on_error = OnError::Fail;
    let pipeline = pipeline(vec![linked::<Words>(), caps]);
    let error = pipeline.process(&mut docs(&["Fine", "panic"])).unwrap_err();
    assert!(error.contains("`fixture.caps` failed on document `1`: panic"), "{error}");
}

#[test]
fn a_stage_in_c_works_beside_stages_in_rust() {
    let library = c_library(&folder("c-stage"), "first", &[]);
    let pipeline = pipeline(vec![linked::<Words>(), linked::<Caps>(), loaded(&library, "fixture.first")]);
    let mut some = docs(&["met Anna", "Bo ran", ""]);
    pipeline.process(&mut some).unwrap();
    let printed: Vec<_> = some.iter().map(|doc| print(&pipeline, doc)).collect();
    assert!(printed[0].contains(r#"label=["CAP", "FIRST"]"#), "{}", printed[0]);
    // The name was there first; the appended row stays and does not count.
    let entities = some[1].layer(pipeline.plan().layer("entities").unwrap()).unwrap();
    assert_eq!((entities.len, entities.rows().collect::<Vec<_>>()), (2, vec![0]));
    assert!(some.iter().all(|doc| doc.errors.is_empty()));
}

#[test]
fn every_compiler_of_c_and_cpp_makes_a_library_that_gives_the_same() {
    let folder = folder("compilers");
    let strict = ["-Wall", "-Wextra", "-Werror", "-Wno-unused"];
    let compilers = [
        ("gcc", "gcc", &["-std=c11"][..]),
        ("clang", "clang", &["-std=c11"]),
        ("g++", "gcc", &["-std=c++17", "-x", "c++"]),
        ("clang++", "clang", &["-std=c++17", "-x", "c++"]),
    ];
    for (compiler, family, standard) in compilers {
        let flags = [&strict[..], standard].concat();
        let Some(library) = compile(compiler, &folder, compiler, &flags) else { continue };
        assert!(Library::scan(&library).unwrap().declared.compiler.starts_with(family));
        let pipeline = pipeline(vec![linked::<Words>(), linked::<Caps>(), loaded(&library, "fixture.first")]);
        let mut some = docs(&["met Anna", ""]);
        pipeline.process(&mut some).unwrap();
        let printed = print(&pipeline, &some[0]);
        assert!(printed.contains(r#"label=["CAP", "FIRST"]"#), "{compiler}: {printed}");
        assert!(some.iter().all(|doc| doc.errors.is_empty()), "{compiler}");
    }
}

#[test]
fn two_libraries_with_one_symbol_find_each_their_own() {
    let folder = folder("symbols");
    let library = |n: u32| {
        let flags = [
            format!("-DID=\"fixture-{n}\""),
            format!("-DSTAGE=\"fixture.s{n}\""),
            format!("-DLABEL=\"L{n}\""),
        ];
        let path = c_library(&folder, &n.to_string(), &flags.each_ref().map(String::as_str));
        loaded(&path, &format!("fixture.s{n}"))
    };
    let pipeline = pipeline(vec![linked::<Words>(), linked::<Caps>(), library(1), library(2)]);
    let mut some = docs(&["met"]);
    pipeline.process(&mut some).unwrap();
    let printed = print(&pipeline, &some[0]);
    assert!(printed.contains(r#"label=["L1", "L2"]"#), "{printed}");
}

#[test]
fn libraries_outlive_everything_made_with_them() {
    let library = c_library(&folder("lingers"), "lingers", &["-DLINGERS"]);
    let rust = rust_library();
    // The library notes a value with a destructor on this thread; it runs after all of the pipeline is gone.
    std::thread::scope(|scope| {
        let thread = scope.spawn(|| {
            let uses = vec![
                linked::<Words>(),
                linked::<Caps>(),
                loaded(&library, "fixture.first"),
                loaded(rust, "fixture.fragile"),
            ];
            let pipeline = pipeline(uses);
            pipeline.process(&mut docs(&["met Anna"])).unwrap();
            drop(pipeline);
            close_once_more(&library);
            close_once_more(rust);
        });
        // Not before its destructors have run, as the end of the scope would be.
        thread.join().unwrap();
    });
    assert_eq!(counter(&library, b"fixture_destroyed"), 1);
    let ticks = counter(&library, b"fixture_ticks");
    let start = Instant::now();
    while counter(&library, b"fixture_ticks") == ticks && start.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(counter(&library, b"fixture_ticks") > ticks, "the library's thread has stopped");
}

/// Someone else who opens the library and closes it.
#[allow(unsafe_code, reason = "the point is what the system's loader does")]
fn close_once_more(path: &Path) {
    // SAFETY: loaded already, so nothing of it runs anew; no symbol is used.
    let library = unsafe { libloading::Library::new(path) }.unwrap();
    library.close().unwrap();
}

#[allow(unsafe_code, reason = "counters of the library, read from outside")]
fn counter(path: &Path, name: &[u8]) -> i32 {
    // SAFETY: loaded already; the symbol is an int that is only ever read whole.
    unsafe {
        let library = libloading::Library::new(path).unwrap();
        library.get::<*const i32>(name).unwrap().read_volatile()
    }
}

#[test]
fn a_build_that_aborts_on_panic_is_refused() {
    let config = ["--config", "profile.dev.panic=\"abort\""];
    let library = build_rust(&[env!("CARGO")], "abort", &config).unwrap().expect("it compiles");
    let scanned = Library::scan(&library).unwrap();
    assert_eq!(scanned.declared.panic, PanicMode::Abort);
    let error = scanned.open(OpenOptions::default()).unwrap_err();
    assert_eq!(error.code, LoadCode::PanicAbort, "{error}");
    assert_eq!(Library::scan(rust_library()).unwrap().declared.panic, PanicMode::Unwind);
}

#[test]
fn libraries_of_other_compilers_and_profiles_give_the_same_bytes() {
    let expected = run(&all_linked(), 1, 64);
    let debian = std::env::var("PIPELINE_OTHER_CARGO").unwrap_or_else(|_| "/usr/bin/cargo".into());
    let builds: [(&str, &[&str], &[&str]); 5] = [
        // The lowest that the scaffold of a plugin asks for.
        ("lowest", &["rustup", "run", "1.85.0", "cargo"], &["--ignore-rust-version"]),
        ("beta", &["rustup", "run", "beta", "cargo"], &[]),
        ("nightly", &["rustup", "run", "nightly", "cargo"], &[]),
        ("other", &[&debian], &["--ignore-rust-version"]),
        (
            "lean",
            &[env!("CARGO")],
            &[
                "--release",
                "--config",
                "profile.release.strip=true",
                "--config",
                "profile.release.lto=\"thin\"",
            ],
        ),
    ];
    for (place, cargo, more) in builds {
        let library = match build_rust(cargo, place, more) {
            Ok(Some(library)) => library,
            Ok(None) | Err(_) => {
                eprintln!("SKIPPED: {cargo:?} is not here or cannot build the stages");
                continue;
            }
        };
        eprintln!("{place}: {}", Library::scan(&library).unwrap().declared.compiler);
        let names = ["fixture.words", "fixture.caps", "fixture.links", "fixture.noop"];
        let pipeline = pipeline(names.map(|name| loaded(&library, name)).into());
        assert!(run(&pipeline, 2, 64) == expected, "{place}");
        let mut some = docs(&["panic"]);
        pipeline.process(&mut some).unwrap();
        assert_eq!(some[0].errors[0].code, ErrorCode::Panic, "{place}");
    }
}
