//! Libraries for the tests of the loader, built when they are needed.
#![allow(dead_code, reason = "each test file uses a part")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use pipeline_core::plugin::{Library, OpenOptions, abi};
use pipeline_core::{BatchStage, Document, Pipeline, StageSource, StageUse};

/// An empty folder of a test.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("loader").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder.canonicalize().unwrap()
}

/// Where the C stage is written.
pub(crate) fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/c/fixture.c")
}

/// Runs a tool under the first of its names that is there; `None`, loudly, where none is installed.
pub(crate) fn tool(names: &[&str], args: &[&str]) -> Option<()> {
    let Some(output) = names.iter().find_map(|name| Command::new(name).args(args).output().ok()) else {
        eprintln!("SKIPPED: there is no {names:?} here; install it to test what needs it");
        return None;
    };
    assert!(output.status.success(), "{names:?} {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    Some(())
}

/// The C stage as a library `lib{name}.so` in `folder`, with what is wrong with it given as `-D` flags.
pub(crate) fn compile(compiler: &str, folder: &Path, name: &str, flags: &[&str]) -> Option<PathBuf> {
    let library =
        folder.join(format!("{}{name}{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX));
    let include = Path::new(env!("CARGO_MANIFEST_DIR")).join("include");
    let (include, source) = (format!("-I{}", include.display()), source());
    let mut args = vec!["-shared", "-fPIC", "-O1", "-pthread", &include];
    args.extend_from_slice(flags);
    args.extend([source.to_str().unwrap(), "-o", library.to_str().unwrap()]);
    tool(&[compiler], &args).map(|()| library)
}

/// The same by the system's C compiler, which the tests need.
pub(crate) fn c_library(folder: &Path, name: &str, flags: &[&str]) -> PathBuf {
    compile("cc", folder, name, flags).expect("a C compiler, as the contributing guide says")
}

/// The Rust stages as a library; further arguments of cargo choose how it is built, `place` a folder for that.
pub(crate) fn build_rust(cargo: &[&str], place: &str, more: &[&str]) -> std::io::Result<Option<PathBuf>> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("rust").join(place);
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/stages/Cargo.toml");
    let mut command = Command::new(cargo[0]);
    command.args(&cargo[1..]).args(["build", "--quiet", "--lib", "--manifest-path"]).arg(manifest);
    command.arg("--target-dir").arg(&target).args(more);
    if cargo[0] != env!("CARGO") {
        // What this test was built with need not be known to another compiler.
        for name in ["RUSTC", "RUSTDOC", "RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "RUSTUP_TOOLCHAIN"] {
            command.env_remove(name);
        }
    }
    let output = command.output()?;
    if !output.status.success() {
        eprintln!("{cargo:?}: {}", String::from_utf8_lossy(&output.stderr));
        return Ok(None);
    }
    let name = format!("{}fixture_stages{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    let profile = if more.contains(&"--release") { "release" } else { "debug" };
    Ok(Some(target.join(profile).join(name)))
}

/// The Rust stages as a library, built as this test is.
pub(crate) fn rust_library() -> &'static Path {
    static LIBRARY: OnceLock<PathBuf> = OnceLock::new();
    LIBRARY.get_or_init(|| build_rust(&[env!("CARGO")], "plain", &[]).unwrap().expect("it compiles"))
}

/// The file with some bytes of its declaration replaced.
pub(crate) fn patched(library: &Path, name: &str, offset: usize, bytes: &[u8]) -> PathBuf {
    let mut file = std::fs::read(library).unwrap();
    let start = declaration(&file);
    file[start + offset..][..bytes.len()].copy_from_slice(bytes);
    let path = library.with_file_name(name);
    std::fs::write(&path, file).unwrap();
    path
}

/// Where the declaration begins.
pub(crate) fn declaration(file: &[u8]) -> usize {
    file.windows(abi::MAGIC.len()).position(|window| window == abi::MAGIC).unwrap()
}

/// The stages of a library.
pub(crate) fn open(library: &Path) -> Vec<StageSource> {
    let scanned = Library::scan(library).unwrap_or_else(|error| panic!("{error}"));
    scanned.open(OpenOptions::default()).unwrap_or_else(|error| panic!("{error}"))
}

/// A stage of a library.
pub(crate) fn loaded(library: &Path, stage: &str) -> StageUse {
    let stages = open(library);
    StageUse::new(stages.into_iter().find(|source| source.card.name == stage).expect("the stage"))
}

/// A stage that is linked in.
pub(crate) fn linked<S: BatchStage>() -> StageUse {
    StageUse::new(StageSource::linked::<S>().unwrap())
}

/// A pipeline of these stages.
pub(crate) fn pipeline(uses: Vec<StageUse>) -> Pipeline {
    Pipeline::new(uses, &[], &[], Box::new(|_, _| {})).unwrap()
}

/// Documents with these texts.
pub(crate) fn docs<T: AsRef<str>>(texts: &[T]) -> Vec<Document> {
    texts.iter().enumerate().map(|(i, text)| Document::new(i.to_string(), text.as_ref())).collect()
}

/// All that is known of a document, with symbols as words.
pub(crate) fn print(pipeline: &Pipeline, doc: &Document) -> String {
    let mut text = format!("{} {:?} {:?}", doc.id, doc.errors, doc.skipped);
    for (number, layer) in pipeline.plan().layers().iter().enumerate() {
        let Some(table) = doc.layer(number) else { continue };
        text.push_str(&format!("\n {} {:?} {:?}", layer.name, table.spans, table.rows().collect::<Vec<_>>()));
        for (col, values) in layer.cols.iter().zip(&table.cols) {
            let values = match values {
                pipeline_core::ColumnData::Sym(syms) => {
                    format!("{:?}", syms.iter().map(|sym| pipeline.symbols().text(*sym)).collect::<Vec<_>>())
                }
                other => format!("{other:?}"),
            };
            text.push_str(&format!(" {}={values}", col.name));
        }
    }
    text
}
