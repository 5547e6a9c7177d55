//! Gathers the model cards: `pipeline licenses` prints whose data is in the models that are built in.

use std::path::{Path, PathBuf};
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
    fs::write(out.join("model-cards.md"), text)
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
