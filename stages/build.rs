//! Looks through the built-in model of names, so that no run has to: that it is unaltered, and where its rows begin.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

#[allow(dead_code, unreachable_pub)]
#[path = "src/model.rs"]
mod model;
#[allow(dead_code)]
#[path = "src/entities/table.rs"]
mod table;

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/model.rs");
    println!("cargo::rerun-if-changed=src/entities/table.rs");
    let path = Path::new("../models/entities.en.bin");
    println!("cargo::rerun-if-changed={}", path.display());
    let bytes = fs::read(path)?;
    // A model of another time has none, and is read as files are: what trains the next one must still be built.
    let index = index(&bytes).unwrap_or_default();
    let out = env::var_os("OUT_DIR").map(PathBuf::from).ok_or(io::ErrorKind::NotFound)?;
    fs::write(out.join("entities.en.index"), bytemuck::cast_slice(&index))
}

fn index(bytes: &[u8]) -> Option<Vec<u32>> {
    let file = model::ModelFile::open(bytes).ok()?;
    // Outside every name, and four places in a name of each type. The stage takes no index for another number.
    table::index(&file, 1 + 4 * file.header().labels.len())
}
