//! The configurations that are measured.

use std::path::{Path, PathBuf};

use pipeline_core::Pipeline;
use pipeline_core::plugin::discover;

use super::args::Bench;
use super::job::Side;
use crate::config::{PipelineConfig, RunConfig};
use crate::{builtin, log};

/// With `--against`: the same stages from libraries.
const PLUGINS: &str = "plugins";

/// What a side is called where it is shown.
pub(super) fn names(args: &Bench) -> Vec<String> {
    let typed = |config: Option<&Path>| {
        let found =
            || Path::new(crate::config::CONFIG_FILE).is_file().then(|| crate::config::CONFIG_FILE.to_owned());
        config.map(|file| file.display().to_string()).or_else(found).unwrap_or_else(|| "built in".to_owned())
    };
    let other = args.against.as_deref().map(|other| typed(Some(other)));
    std::iter::once(typed(args.pipeline.config.as_deref())).chain(other).collect()
}

/// What a side means, with documents from `inputs`.
///
/// # Errors
/// In words for the user.
pub(super) fn config(args: &Bench, side: Side, inputs: Vec<PathBuf>) -> Result<RunConfig, String> {
    let mut args = args.clone();
    let other = args.against.take().filter(|_| side == Side::Other);
    let plugins = other.as_deref() == Some(Path::new(PLUGINS));
    if let (Some(file), false) = (other, plugins) {
        args.pipeline.config = Some(file);
    }
    let mut config = RunConfig::new(args.into_run(inputs))?;
    // A measurement pins nothing.
    config.pipeline.plugins.lock = config.pipeline.plugins.lock.filter(|_| config.pipeline.plugins.locked);
    if plugins {
        take_from_libraries(&mut config.pipeline)?;
    }
    Ok(config)
}

/// Takes each stage that a library has from there; libraries beside the program are found, too.
fn take_from_libraries(config: &mut PipelineConfig) -> Result<(), String> {
    let program = std::env::current_exe().ok().and_then(|file| Some(file.parent()?.to_path_buf()));
    config.plugins.paths.extend(program);
    let found = discover(&config.plugins.search());
    let mut taken = 0;
    for name in config.stages.iter_mut().filter(|name| !name.contains([':', '.'])) {
        if found.stage(name).is_some() {
            *name = format!("plugin:{name}");
            taken += 1;
        }
    }
    match taken {
        0 => Err(format!(
            "no library has one of the stages {}: make libraries with cargo build --release, and name their folder with \
             --plugin-dir",
            config.stages.join(", ")
        )),
        _ => Ok(()),
    }
}

/// The pipeline of a configuration.
///
/// # Errors
/// As [`builtin::assemble`].
pub(super) fn assemble(config: &RunConfig) -> Result<Pipeline, String> {
    builtin::assemble(&config.pipeline, &config.needed, config.decode.supplied(), log::of_stages())
}

/// What a configuration says, for comparing two of them.
pub(super) fn described(config: &RunConfig) -> String {
    format!("{:?} {:?} {:?}", config.pipeline, config.layers, config.needed)
}
