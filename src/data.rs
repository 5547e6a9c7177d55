//! Corpora and lists that are not part of the repository.

use std::path::PathBuf;

/// The folder that holds them: the environment variable `PIPELINE_DATA` names it, else it is `../shared/data`.
/// `None` where there is no such folder.
#[must_use]
pub fn root() -> Option<PathBuf> {
    let named = std::env::var_os("PIPELINE_DATA").filter(|name| !name.is_empty());
    let root = named.map_or_else(|| PathBuf::from("../shared/data"), PathBuf::from);
    root.is_dir().then_some(root)
}

/// The text of a file below the root.
///
/// # Errors
/// In words for the user.
pub fn read(path: &str) -> Result<String, String> {
    let root =
        root().ok_or("no corpora and lists are at ../shared/data: name their folder with PIPELINE_DATA")?;
    let file = root.join(path);
    std::fs::read_to_string(&file).map_err(|error| format!("{} cannot be read: {error}", file.display()))
}
