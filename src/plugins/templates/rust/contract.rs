//! Builds the library and has the program check that it keeps the contract of stages.
//!
//! The program is the one that the environment variable PIPELINE names, else `pipeline` on the search path.

use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The program; `None`, loudly, where there is none.
fn program() -> Option<PathBuf> {
    let program = std::env::var_os("PIPELINE").map_or_else(|| "pipeline".into(), PathBuf::from);
    if Command::new(&program).arg("--version").output().is_ok_and(|output| output.status.success()) {
        return Some(program);
    }
    eprintln!("SKIPPED: `{}` does not start; set PIPELINE to the program", program.display());
    None
}

/// Builds the library: `cargo test` alone does not.
fn library() -> PathBuf {
    let built = Command::new(env!("CARGO")).args(["build", "--lib"]).current_dir(env!("CARGO_MANIFEST_DIR")).status();
    assert!(built.unwrap().success());
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    target.join("debug").join(format!("{DLL_PREFIX}{{crate}}{DLL_SUFFIX}"))
}

#[track_caller]
fn well(output: Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn it_keeps_the_contract() {
    if let Some(program) = program() {
        println!("{}", well(Command::new(program).args(["plugins", "check"]).arg(library()).output().unwrap()));
    }
}

#[test]
fn it_marks_the_sample() {
    if let Some(program) = program() {
        let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample.txt");
        let mut run = Command::new(program);
        run.args(["run", "--quiet", "--stages", "+{{stage}}", "--plugin"]).arg(library()).arg(sample);
        let records = well(run.output().unwrap());
        assert!(records.contains("\"CAP\""), "{records}");
    }
}
