//! Gathers the model cards: `pipeline licenses` prints whose data is in the models that are built in. Notes how this is
//! built: `pipeline bench` says so.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=models");
    let mut cards = Vec::new();
    collect(Path::new("models"), &mut cards)?;
    cards.sort();
    let mut text = String::new();
    for card in cards {
        text.push_str(fs::read_to_string(card)?.trim_end());
        text.push_str("\n\n");
    }
    let out = env::var_os("OUT_DIR").map(PathBuf::from).ok_or(io::ErrorKind::NotFound)?;
    fs::write(out.join("model-cards.md"), text)?;
    note_build(&out);
    Ok(())
}

/// Compiler, profile and level of optimisation, for the program to tell.
fn note_build(out: &Path) {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = Command::new(rustc).arg("--version").output();
    let version =
        version.map(|said| String::from_utf8_lossy(&said.stdout).trim().to_owned()).unwrap_or_default();
    // Cargo's folder is named for the profile: target/PROFILE/build/pipeline-HASH/out.
    let profile = out.ancestors().nth(3).and_then(Path::file_name).unwrap_or_default().to_string_lossy();
    println!("cargo::rustc-env=PIPELINE_RUSTC={version}");
    println!("cargo::rustc-env=PIPELINE_PROFILE={profile}");
    println!("cargo::rustc-env=PIPELINE_OPT_LEVEL={}", env::var("OPT_LEVEL").unwrap_or_default());
}

/// The Markdown files of a folder and those in it.
fn collect(folder: &Path, cards: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, cards)?;
        } else if path.extension().is_some_and(|extension| extension == "md") {
            cards.push(path);
        }
    }
    Ok(())
}
