//! What a configuration says of libraries with stages.

use std::path::{Path, PathBuf};

use pipeline_core::Overlap;
use pipeline_core::plugin::{LOCK_FILE, SearchPath};
use toml::Table;

use super::{check_keys, string, strings};
use crate::cli;
use crate::suggest::unknown;

/// Where libraries with stages are looked for, and what is let pass.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PluginConfig {
    /// Libraries named one by one.
    pub files: Vec<PathBuf>,
    /// Folders of the command line.
    pub dirs: Vec<PathBuf>,
    /// Folders of the configuration, found from where it is.
    pub paths: Vec<PathBuf>,
    /// The file that pins libraries, beside the configuration; `None` without one.
    pub lock: Option<PathBuf>,
    /// Whether only pinned libraries are loaded.
    pub locked: bool,
    /// Whether libraries are loaded whose panics end the process.
    pub allow_abort: bool,
}

impl PluginConfig {
    /// From the section `[plugins]` of a configuration in `folder`.
    pub(super) fn from_toml(table: Option<&Table>, folder: &Path) -> Result<Self, String> {
        let mut config = Self { lock: Some(folder.join(LOCK_FILE)), ..Self::default() };
        if let Some(table) = table {
            check_keys(table, "[plugins]", &["paths"])?;
            let paths = table.get("paths").map(|paths| strings(paths, "paths")).transpose()?;
            config.paths = paths.into_iter().flatten().map(|path| folder.join(path)).collect();
        }
        Ok(config)
    }

    /// Adds what was typed.
    pub(super) fn typed(&mut self, args: &cli::PluginUse) {
        self.files.clone_from(&args.search.plugin);
        self.dirs.clone_from(&args.search.plugin_dir);
        self.locked = args.locked;
        self.allow_abort = args.allow_abort;
    }

    /// Where libraries are looked for, in order.
    #[must_use]
    pub fn search(&self) -> SearchPath {
        SearchPath::standard(&self.files, &self.dirs, &self.paths, Path::new(""))
    }
}

/// The layers that a stage knows by another name: `inputs = { tokens = "acme.tokens" }`.
pub(super) fn inputs(options: &Table, stage: &str) -> Result<Option<Vec<(String, String)>>, String> {
    let Some(value) = options.get("inputs") else { return Ok(None) };
    let pair = |(own, run): (&String, &toml::Value)| Some((own.clone(), run.as_str()?.to_owned()));
    let pairs = value.as_table().and_then(|table| table.iter().map(pair).collect::<Option<Vec<_>>>());
    let expected = "a table of names, for example { tokens = \"acme.tokens\" }";
    pairs.map(Some).ok_or_else(|| format!("inputs in [stages.{stage}] must be {expected}"))
}

/// What happens where rows that a stage appends overlap others: `overlap = "prefer-longest"`.
pub(super) fn overlap(options: &Table, stage: &str) -> Result<Option<Overlap>, String> {
    let Some(word) = string(options, "overlap")? else { return Ok(None) };
    let names = Overlap::ALL.map(Overlap::name);
    let refusal = || format!("{} in [stages.{stage}]", unknown("overlap", &word, &names));
    Overlap::from_name(&word).map(Some).ok_or_else(refusal)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Table {
        text.parse().unwrap()
    }

    #[test]
    fn folders_are_found_from_the_configuration() {
        let config =
            PluginConfig::from_toml(Some(&table("paths = ['plugins', '/opt/p']")), Path::new("conf"))
                .unwrap();
        assert_eq!(config.paths, [Path::new("conf/plugins"), Path::new("/opt/p")]);
        assert_eq!(config.lock.as_deref(), Some(Path::new("conf/pipeline.lock")));
        let error = PluginConfig::from_toml(Some(&table("path = []")), Path::new("")).unwrap_err();
        assert!(error.contains("did you mean `paths`"), "{error}");
    }

    #[test]
    fn inputs_and_overlaps_are_read_or_refused() {
        let renames = inputs(&table("inputs = { tokens = 'acme.tokens' }"), "x").unwrap().unwrap();
        assert_eq!(renames, [("tokens".to_owned(), "acme.tokens".to_owned())]);
        assert!(inputs(&table("inputs = ['tokens']"), "x").unwrap_err().contains("{ tokens = "));
        assert_eq!(overlap(&table("overlap = 'prefer-new'"), "x"), Ok(Some(Overlap::PreferNew)));
        assert!(overlap(&table("overlap = 'longest'"), "x").unwrap_err().contains("prefer-longest"));
    }
}
