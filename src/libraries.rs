//! Stages from libraries: those a configuration names are found, checked and opened.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use pipeline_core::StageSource;
use pipeline_core::manifest::StageCard;
use pipeline_core::plugin::{Candidate, Found, Lock, OpenOptions, discover};
use serde_json::{Map, Value};

use crate::config::PluginConfig;
use crate::suggest::{closest, unknown};

/// In front of the name of a stage: it comes from a library even if one of this name is built in.
const FROM_LIBRARY: &str = "plugin:";

/// What libraries gave for a run.
#[derive(Default)]
pub(crate) struct Loaded {
    /// Options by stage, from sidecars.
    pub(crate) options: BTreeMap<String, Map<String, Value>>,
    /// Cards of stages that were found and not named, for proposals.
    pub(crate) others: Vec<StageCard>,
    /// Whether libraries were looked for.
    searched: bool,
}

impl Loaded {
    /// Looks at the stages from libraries that options are given for and that are not `known`: options of a library's
    /// other stages are no mistake, and those of a library that is not here are told of.
    ///
    /// # Errors
    /// When the name is nearly that of a stage: it is a slip of the pen.
    pub(crate) fn check_mentioned<'m>(
        &self,
        mentioned: impl Iterator<Item = &'m String>,
        known: &[StageSource],
        config: &PluginConfig,
    ) -> Result<(), String> {
        let is_known = |name: &str| known.iter().any(|stage| stage.card.name == name);
        let foreign: BTreeSet<_> = mentioned.filter(|name| name.contains('.') && !is_known(name)).collect();
        if foreign.is_empty() {
            return Ok(());
        }
        let late = if self.searched { Found::default() } else { discover(&config.search()) };
        let cards = late.libraries.iter().flat_map(|candidate| &candidate.library.card.stages);
        let names = cards.chain(&self.others).chain(known.iter().map(|stage| &stage.card));
        let names: Vec<_> = names.map(|card| card.name.as_str()).filter(|name| name.contains('.')).collect();
        for name in foreign.into_iter().filter(|name| !names.contains(&name.as_str())) {
            if closest(name, &names).is_some() {
                return Err(format!("{} in [stages]", unknown("stage", name, &names)));
            }
            tracing::warn!("[stages.\"{name}\"] is not used: no library that was found has this stage");
        }
        Ok(())
    }
}

/// Opens the libraries of the stages in `names` that are not linked in, and adds these stages to `known`; `plugin:` is
/// taken off the names. Looks at no library where all stages are linked in.
///
/// # Errors
/// When a stage is in no library, or its library is refused.
pub(crate) fn load(
    config: &PluginConfig,
    names: &mut [String],
    known: &mut Vec<StageSource>,
) -> Result<Loaded, String> {
    let built_in = |name: &String| known.iter().any(|stage| stage.card.name == *name);
    let wanted: Vec<String> = names.iter().filter(|name| !built_in(name)).cloned().collect();
    if wanted.is_empty() {
        return Ok(Loaded::default());
    }
    let found = discover(&config.search());
    found.notes.iter().for_each(|note| tracing::warn!("{note}"));
    let mut loaded = Loaded { searched: true, ..Loaded::default() };
    let mut used: Vec<&Candidate> = Vec::new();
    for full in &wanted {
        let name = full.strip_prefix(FROM_LIBRARY).unwrap_or(full);
        let candidate = found.stage(name).ok_or_else(|| nowhere(config, full, known, &found))?;
        if !used.iter().any(|other| other.library.path == candidate.library.path) {
            used.push(candidate);
        }
        let source = open(candidate, name, config)?;
        known.retain(|stage| stage.card.name != name);
        known.push(source);
        let defaults = candidate.sidecar.as_ref().and_then(|sidecar| sidecar.config.get(name));
        loaded.options.extend(defaults.map(|options| (name.to_owned(), options.clone())));
    }
    pin(config, &used)?;
    for name in names {
        if let Some(bare) = name.strip_prefix(FROM_LIBRARY) {
            *name = bare.to_owned();
        }
    }
    let cards = found.libraries.iter().flat_map(|candidate| &candidate.library.card.stages);
    loaded.others =
        cards.filter(|card| !known.iter().any(|stage| stage.card.name == card.name)).cloned().collect();
    Ok(loaded)
}

fn open(candidate: &Candidate, name: &str, config: &PluginConfig) -> Result<StageSource, String> {
    let library = &candidate.library;
    if config.locked {
        let lock = config
            .lock
            .as_ref()
            .ok_or("--locked needs a configuration: pins stand in pipeline.lock beside it")?;
        Lock::read(lock).and_then(|lock| lock.verify(library)).map_err(|error| error.to_string())?;
    }
    let options = OpenOptions { allow_abort: config.allow_abort };
    let stages = library.open(options).map_err(|error| error.to_string())?;
    let stage = stages.into_iter().find(|stage| stage.card.name == name);
    stage.ok_or_else(|| format!("{} has no stage `{name}`", library.path.display()))
}

/// Writes which libraries a project runs with, where that has changed; a library that is not the one pinned is told of.
fn pin(config: &PluginConfig, used: &[&Candidate]) -> Result<(), String> {
    let Some(path) = config.lock.as_ref().filter(|_| !config.locked) else { return Ok(()) };
    let old = path.is_file().then(|| Lock::read(path)).transpose().map_err(|error| error.to_string())?;
    let mut lock = match &old {
        Some(lock) => lock.clone(),
        None => Lock::of([]).map_err(|error| error.to_string())?,
    };
    for candidate in used {
        lock.set(&candidate.library).map_err(|error| error.to_string())?;
    }
    for (was, is) in old.iter().flat_map(|old| old.changes(&lock)) {
        tracing::warn!(
            "the library `{}` has changed since {} was written: it was {} ({:.12}…), it is {} ({:.12}…); --locked refuses \
             such a change",
            is.id,
            path.display(),
            was.version,
            was.sha256,
            is.version,
            is.sha256
        );
    }
    if old.is_some_and(|old| old.to_text() == lock.to_text()) {
        return Ok(());
    }
    lock.write(path).map_err(|error| format!("{} cannot be written: {error}", path.display()))
}

/// The message for a stage that is nowhere. Libraries that were refused may have it: one the user named is the answer.
fn nowhere(config: &PluginConfig, full: &str, known: &[StageSource], found: &Found) -> String {
    // Some refusals name the file as it was typed, some where it really is.
    let named = |path: &Path| {
        config.files.iter().any(|file| file == path || file.canonicalize().is_ok_and(|file| file == path))
    };
    if let Some(error) = found.errors.iter().find(|error| named(&error.path)) {
        return error.to_string();
    }
    let name = full.strip_prefix(FROM_LIBRARY).unwrap_or(full);
    let stages = found.libraries.iter().flat_map(|candidate| &candidate.library.card.stages);
    let mut names: Vec<&str> = stages.map(|stage| stage.name.as_str()).collect();
    if full == name {
        names.extend(known.iter().map(|stage| stage.card.name.as_str()));
    }
    let mut message = match names.is_empty() {
        true => {
            format!("no library has a stage `{name}`; `pipeline plugins list` says where they are looked for")
        }
        false => unknown("stage", name, &names),
    };
    for error in &found.errors {
        message.push_str(&format!("\nnot used: {error}"));
    }
    message
}
