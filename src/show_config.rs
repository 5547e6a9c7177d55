//! `pipeline config`: the configuration in effect, as a file that gives it.

use std::collections::BTreeSet;
use std::fmt::Write;

use serde_json::Value;

use crate::builtin;
use crate::cli;
use crate::config::{CONFIG_FILE, PipelineConfig};
use crate::status::Status;

/// Runs the command.
///
/// # Errors
/// In words for the user: a configuration that cannot be.
pub fn show(args: &cli::Config) -> Result<Status, String> {
    let config = PipelineConfig::new(&args.pipeline)?;
    print!("{}", text(&config)?);
    Ok(Status::Well)
}

/// The file.
fn text(config: &PipelineConfig) -> Result<String, String> {
    let mut out = format!("# What `pipeline run` goes by; kept as {CONFIG_FILE}, it is found.\n\n");
    // Writing to a string does not fail.
    let _ = pipeline(config, &mut out);
    let _ = language(config, &mut out);
    let _ = plugins(config, &mut out);
    let stages = builtin::stages()?;
    for stage in &stages {
        let _ = stage_section(config, &stage.card, &mut out);
    }
    let is_built_in = |name: &String| stages.iter().any(|stage| stage.card.name == *name);
    for name in mentioned(config).into_iter().filter(|name| !is_built_in(name)) {
        let _ = library_section(config, name, &mut out);
    }
    Ok(out)
}

fn pipeline(config: &PipelineConfig, out: &mut String) -> std::fmt::Result {
    writeln!(out, "[pipeline]")?;
    writeln!(out, "# Stages, in order; `pipeline stages` lists them.")?;
    let stages = Value::from(config.stages.clone());
    match config.named {
        true => writeln!(out, "stages = {stages}")?,
        false => {
            writeln!(out, "# Where none are named, those of these run whose layers are asked for.")?;
            writeln!(out, "# stages = {stages}")?;
        }
    }
    writeln!(out, "# What happens to a document in which a stage fails: skip-stage, skip-doc or fail.")?;
    writeln!(out, "on_error = \"{}\"", policy(config.on_error))?;
    writeln!(out, "# Worker threads; one for each core where nothing is said.")?;
    match config.threads {
        0 => writeln!(out, "# threads = 4\n"),
        threads => writeln!(out, "threads = {threads}\n"),
    }
}

fn language(config: &PipelineConfig, out: &mut String) -> std::fmt::Result {
    writeln!(out, "[language]")?;
    writeln!(out, "# Language of all documents, as BCP 47 code; auto: it is told for each.")?;
    writeln!(out, "code = {}", Value::from(config.language.as_deref().unwrap_or("auto")))?;
    writeln!(out, "# What counts where it cannot be told.")?;
    writeln!(out, "fallback = {}", Value::from(config.fallback.as_str()))
}

fn plugins(config: &PipelineConfig, out: &mut String) -> std::fmt::Result {
    let paths: Vec<_> = config.plugins.paths.iter().map(|path| path.to_string_lossy()).collect();
    writeln!(out, "\n[plugins]")?;
    writeln!(out, "# Folders in which libraries with stages are looked for, beside the usual ones.")?;
    writeln!(out, "paths = {}", Value::from(paths))
}

/// Stages of which the configuration says anything.
fn mentioned(config: &PipelineConfig) -> BTreeSet<&String> {
    let all = config.options.keys().chain(config.on_error_of.keys());
    all.chain(config.renames_of.keys()).chain(config.overlap_of.keys()).collect()
}

/// A stage that is not built in: what is set, without what else could be.
fn library_section(config: &PipelineConfig, name: &str, out: &mut String) -> std::fmt::Result {
    writeln!(out, "\n[stages.{}]", key(name))?;
    of_every_stage(config, name, out)?;
    config
        .options
        .get(name)
        .into_iter()
        .flatten()
        .try_for_each(|(key, value)| writeln!(out, "{key} = {}", toml(value)))
}

/// A name as a key of a table.
fn key(name: &str) -> String {
    if name.contains('.') { format!("\"{name}\"") } else { name.to_owned() }
}

/// What can be set for every stage.
fn of_every_stage(config: &PipelineConfig, name: &str, out: &mut String) -> std::fmt::Result {
    if let Some(own) = config.on_error_of.get(name) {
        writeln!(out, "on_error = \"{}\"", policy(*own))?;
    }
    if let Some(renames) = config.renames_of.get(name) {
        let pairs: Vec<_> =
            renames.iter().map(|(own, run)| format!("{own} = {}", Value::from(run.as_str()))).collect();
        writeln!(out, "inputs = {{ {} }}", pairs.join(", "))?;
    }
    config.overlap_of.get(name).map_or(Ok(()), |overlap| writeln!(out, "overlap = \"{}\"", overlap.name()))
}

fn stage_section(
    config: &PipelineConfig,
    card: &pipeline_core::manifest::StageCard,
    out: &mut String,
) -> std::fmt::Result {
    let set = config.options.get(&card.name);
    let schema = card.config.get("properties").and_then(Value::as_object);
    // What the section [language] says is not said twice.
    let known = schema.into_iter().flatten().filter(|(key, _)| !is_of_the_run(key));
    let known: Vec<_> = known.collect();
    if known.is_empty() && !mentioned(config).contains(&card.name) {
        return Ok(());
    }
    writeln!(out, "\n# {}\n[stages.{}]", card.about, key(&card.name))?;
    of_every_stage(config, &card.name, out)?;
    for (key, schema) in known {
        if let Some(about) = schema.get("description").and_then(Value::as_str) {
            writeln!(out, "# {about}")?;
        }
        match set.and_then(|set| set.get(key)) {
            Some(value) => writeln!(out, "{key} = {}", toml(value))?,
            None => writeln!(out, "# {key} = {}", toml(schema.get("default").unwrap_or(&Value::Null)))?,
        }
    }
    Ok(())
}

fn is_of_the_run(key: &str) -> bool {
    matches!(key, "code" | "fallback" | "passages")
}

fn policy(policy: cli::OnError) -> String {
    clap::ValueEnum::to_possible_value(&policy).map_or_else(String::new, |value| value.get_name().to_owned())
}

/// JSON and TOML write strings, numbers and lists of them alike; where nothing is known, nothing is written.
fn toml(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Object(members) => {
            let members: Vec<_> =
                members.iter().map(|(key, value)| format!("{key} = {}", toml(value))).collect();
            format!("{{ {} }}", members.join(", "))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Map;

    fn reread(config: &PipelineConfig) -> PipelineConfig {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(CONFIG_FILE);
        std::fs::write(&file, text(config).unwrap()).unwrap();
        // Where pins stand depends on where the file stands.
        let mut reread = PipelineConfig::read(Some(&file)).unwrap();
        reread.plugins.lock.clone_from(&config.plugins.lock);
        // A stage all of whose options are comments has none.
        reread.options.retain(|stage, options| !options.is_empty() || config.options.contains_key(stage));
        reread
    }

    #[test]
    fn it_is_read_as_what_it_says() {
        let default = PipelineConfig::default();
        assert_eq!(reread(&default), PipelineConfig { stages: default.stages.clone(), ..default });
        let mut config = PipelineConfig {
            stages: vec!["language".into()],
            named: true,
            on_error: cli::OnError::Fail,
            language: Some("de".into()),
            fallback: "fr".into(),
            threads: 3,
            ..PipelineConfig::default()
        };
        config.on_error_of.insert("language".into(), cli::OnError::SkipDoc);
        config.options.insert("language".into(), Map::new());
        let set = serde_json::json!({"min": 4, "words": ["a"], "by": {"x": true}});
        config.options.insert("acme.caps".into(), set.as_object().unwrap().clone());
        config.renames_of.insert("acme.caps".into(), vec![("tokens".into(), "acme.tokens".into())]);
        config.overlap_of.insert("acme.caps".into(), pipeline_core::Overlap::ALL[0]);
        assert_eq!(reread(&config), config);
    }
}
