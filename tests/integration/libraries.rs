//! Libraries for the tests: built when they are needed, of stages that behave and misbehave.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::program::{Folder, root};

/// The file name of a library on this system.
pub(crate) fn file_name(name: &str) -> String {
    format!("{}{name}{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX)
}

/// Builds the library of a package of the workspace, with the features and the profile that this test was built with.
pub(crate) fn build(package: &str) -> PathBuf {
    // target/debug/deps/integration-0123 lies two folders below the libraries.
    let program = std::env::current_exe().unwrap();
    let place = program.parent().and_then(Path::parent).unwrap();
    let mut cargo = Command::new(env!("CARGO"));
    // Libraries alone: the program is in use by other tests and must stay where it is.
    cargo.args(["build", "--quiet", "--lib", "-p", "pipeline", "-p", package, "--target-dir"]);
    cargo.arg(place.parent().unwrap()).current_dir(root());
    let profile = place.file_name().unwrap();
    cargo.arg("--profile").arg(if profile == "debug" { OsStr::new("dev") } else { profile });
    let built = cargo.output().unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    place.join(file_name(&package.replace('-', "_")))
}

/// The stages in Rust that misbehave on request.
pub(crate) fn misbehaving() -> &'static Path {
    static LIBRARY: OnceLock<PathBuf> = OnceLock::new();
    LIBRARY.get_or_init(|| build("fixture-stages"))
}

/// A stage in C, with what is wrong with it given as `-D` flags; `None`, loudly, where there is no C compiler.
pub(crate) fn in_c(folder: &Folder, name: &str, flags: &[&str]) -> Option<PathBuf> {
    let library = folder.path(&file_name(name));
    std::fs::create_dir_all(library.parent().unwrap()).unwrap();
    let core = root().join("pipeline-core");
    let mut compiler = Command::new("cc");
    compiler
        .args(["-std=gnu11", "-shared", "-fPIC", "-O1", "-pthread"])
        .args(flags)
        .arg("-I")
        .arg(core.join("include"));
    compiler.arg(core.join("tests/fixtures/c/fixture.c")).arg("-o").arg(&library);
    let Ok(output) = compiler.output() else {
        eprintln!("SKIPPED: there is no `cc`; libraries written in C were not tried");
        return None;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(library)
}

/// A copy of a library with some bytes of its declaration replaced; it stands at `offset` in `pipeline_decl`.
pub(crate) fn patched(library: &Path, folder: &Folder, offset: usize, bytes: &[u8]) -> PathBuf {
    let mut file = std::fs::read(library).unwrap();
    let magic = b"pipeline-stage\x01\n\xff";
    let starts =
        |at: &usize| file[*at..].starts_with(&magic[..16]) && file[*at + 20..].starts_with(&[4, 3, 2, 1]);
    let at = (0..file.len() - 64).find(starts).expect("a declaration") + offset;
    file[at..at + bytes.len()].copy_from_slice(bytes);
    folder.file(library.file_name().unwrap().to_str().unwrap(), file)
}

/// Arguments that run `stages` of `library` over `input`.
pub(crate) fn run(library: &Path, stages: &str, input: &Path) -> [OsString; 7] {
    let word = |word: &str| OsString::from(word);
    [
        word("run"),
        word("--quiet"),
        word("--plugin"),
        library.into(),
        word("--stages"),
        word(stages),
        input.into(),
    ]
}
