//! What was typed and what `pipeline.toml` says, put together and checked once. Stages see neither.

mod plugins;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use pipeline_core::Overlap;
use serde_json::{Map, Value};
use toml::Table;

pub use plugins::PluginConfig;

use crate::cli;
use crate::read::{DecodeOptions, ReadLimits, encoding};
use crate::suggest::unknown;
use crate::write::{FormatKind, OffsetUnit};

/// The file that is read from the working directory without being asked for.
pub const CONFIG_FILE: &str = "pipeline.toml";

/// Stages that run where nothing else is said, in order.
pub const DEFAULT_STAGES: [&str; 4] = ["language", "tokenize", "entities", "relations"];
/// Layers of the records where nothing else is said.
pub const DEFAULT_LAYERS: [&str; 3] = ["language", "entities", "relations"];
/// Layers that may be asked for.
pub const LAYERS: [&str; 9] =
    ["language", "passages", "tokens", "sentences", "entities", "relations", "syntax", "triples", "text"];

/// Which stages run, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct PipelineConfig {
    /// Their names, in order.
    pub stages: Vec<String>,
    /// Whether the user named them; else those run whose layers are asked for.
    pub named: bool,
    /// Options by stage, as JSON.
    pub options: BTreeMap<String, Map<String, Value>>,
    /// What happens to a document in which a stage fails.
    pub on_error: cli::OnError,
    /// The same, for single stages.
    pub on_error_of: BTreeMap<String, cli::OnError>,
    /// Layers that single stages know by another name: their name for it, the run's name.
    pub renames_of: BTreeMap<String, Vec<(String, String)>>,
    /// What happens where rows that single stages append overlap others.
    pub overlap_of: BTreeMap<String, Overlap>,
    /// Where libraries with stages are looked for.
    pub plugins: PluginConfig,
    /// Language of all documents; `None`: it is told for each.
    pub language: Option<String>,
    /// Language taken where it cannot be told.
    pub fallback: String,
    /// Worker threads; 0: one for each core.
    pub threads: usize,
}

/// All that `run` needs to know.
#[derive(Clone, Debug)]
pub struct RunConfig {
    /// Files, folders, `-`.
    pub inputs: Vec<PathBuf>,
    /// File to write; `None`: standard output.
    pub output: Option<PathBuf>,
    /// Its format.
    pub format: FormatKind,
    /// Whether to go on with the file of an earlier run.
    pub resume: bool,
    /// Which stages run, and how.
    pub pipeline: PipelineConfig,
    /// Layers of the records, where there are such.
    pub layers: Vec<String>,
    /// Whether layers that stages describe themselves are in the records too.
    pub own_layers: bool,
    /// Layers that must be made: those asked for, and the default ones unless the user chose the stages.
    pub needed: Vec<String>,
    /// What offsets count.
    pub unit: OffsetUnit,
    /// Which fields of JSON input are what.
    pub decode: DecodeOptions,
    /// How much is read.
    pub limits: ReadLimits,
    /// Documents with errors after which the run ends.
    pub max_errors: u64,
    /// Whether to say nothing but errors.
    pub quiet: bool,
}

impl RunConfig {
    /// What `args` mean.
    ///
    /// # Errors
    /// In words for the user.
    pub fn new(args: cli::Run) -> Result<Self, String> {
        let pipeline = PipelineConfig::new(&args.pipeline)?;
        let list = args.layers.as_deref().unwrap_or("+");
        let layers = layers(list, &DEFAULT_LAYERS.map(str::to_owned))?;
        Ok(Self {
            own_layers: list.starts_with('+'),
            needed: if pipeline.named { self::layers(list, &[])? } else { layers.clone() },
            layers,
            pipeline,
            inputs: args.inputs,
            format: format(args.output.as_deref(), args.documents.max_doc_bytes)?,
            output: args.output,
            resume: args.resume,
            unit: match args.offsets {
                cli::Unit::Chars => OffsetUnit::Chars,
                cli::Unit::Bytes => OffsetUnit::Bytes,
                cli::Unit::Utf16 => OffsetUnit::Utf16,
            },
            decode: DecodeOptions {
                text_field: args.documents.text_field,
                id_field: args.documents.id_field,
                title_field: args.documents.title_field,
                date_field: args.documents.date_field,
                date: args.documents.date,
                keep_meta: args.keep_meta,
                encoding: encoding::by_name(&args.documents.encoding)?,
            },
            limits: ReadLimits {
                documents: args.documents.limit.unwrap_or(u64::MAX),
                document_bytes: args.documents.max_doc_bytes,
            },
            max_errors: args.max_errors.unwrap_or(u64::MAX),
            quiet: args.quiet,
        })
    }
}

/// The format of an output; offsets of Parquet have 31 bits, as most programs that read it want them.
fn format(output: Option<&Path>, document_bytes: u64) -> Result<FormatKind, String> {
    const PARQUET_BYTES: u64 = 1 << 30;
    let format = FormatKind::of(output)?;
    match format == FormatKind::Parquet && document_bytes > PARQUET_BYTES {
        true => {
            Err("documents of a Parquet file have 1G at most: lower --max-doc-bytes, or write JSON Lines"
                .into())
        }
        false => Ok(format),
    }
}

impl Default for PipelineConfig {
    fn default() -> Self {
        Self {
            stages: DEFAULT_STAGES.map(str::to_owned).into(),
            named: false,
            options: BTreeMap::new(),
            on_error: cli::OnError::SkipStage,
            on_error_of: BTreeMap::new(),
            renames_of: BTreeMap::new(),
            overlap_of: BTreeMap::new(),
            plugins: PluginConfig::default(),
            language: None,
            fallback: "en".to_owned(),
            threads: 0,
        }
    }
}

impl PipelineConfig {
    /// The configuration file, if there is one, and over it what was typed.
    ///
    /// # Errors
    /// In words for the user.
    pub fn new(args: &cli::Pipeline) -> Result<Self, String> {
        let mut config = Self::read(args.config.as_deref())?;
        config.plugins.typed(&args.plugins);
        if let Some(list) = &args.stages {
            config.stages = list_of(list, &config.stages);
            config.named = true;
        }
        if let Some(code) = &args.language {
            config.language = language(code).map_err(|message| format!("--language: {message}"))?;
        }
        config.on_error = args.on_error.unwrap_or(config.on_error);
        config.threads = args.threads.map_or(config.threads, usize::from);
        Ok(config)
    }

    /// The configuration file named, else that of the working directory, else what is built in.
    ///
    /// # Errors
    /// In words for the user.
    pub fn read(file: Option<&Path>) -> Result<Self, String> {
        match file {
            Some(file) => Self::from_file(file),
            None if Path::new(CONFIG_FILE).is_file() => Self::from_file(Path::new(CONFIG_FILE)),
            None => Ok(Self::default()),
        }
    }

    fn from_file(file: &Path) -> Result<Self, String> {
        let shown = file.display();
        let text =
            std::fs::read_to_string(file).map_err(|error| format!("{shown} cannot be read: {error}"))?;
        let table: Table = text.parse().map_err(|error| format!("{shown} is not TOML: {error}"))?;
        let folder = file.parent().unwrap_or(Path::new(""));
        Self::from_toml(&table, folder).map_err(|message| format!("{shown}: {message}"))
    }

    fn from_toml(file: &Table, folder: &Path) -> Result<Self, String> {
        let mut config = Self::default();
        check_keys(file, "the file", &["pipeline", "language", "plugins", "stages"])?;
        if let Some(table) = section(file, "pipeline")? {
            check_keys(table, "[pipeline]", &["stages", "on_error", "threads"])?;
            if let Some(stages) = table.get("stages") {
                config.stages = strings(stages, "stages")?;
                config.named = true;
            }
            config.on_error = policy(table, "[pipeline]")?.unwrap_or(config.on_error);
            config.threads = threads(table)?;
        }
        if let Some(table) = section(file, "language")? {
            check_keys(table, "[language]", &["code", "fallback"])?;
            if let Some(code) = string(table, "code")? {
                config.language =
                    language(&code).map_err(|message| format!("code in [language]: {message}"))?;
            }
            config.fallback = string(table, "fallback")?.unwrap_or(config.fallback);
        }
        config.plugins = PluginConfig::from_toml(section(file, "plugins")?, folder)?;
        for (stage, options) in section(file, "stages")?.into_iter().flatten() {
            let options = options.as_table().ok_or_else(|| format!("[stages.{stage}] must be a table"))?;
            config.stage(stage, options, folder)?;
        }
        Ok(config)
    }

    fn stage(&mut self, stage: &str, options: &Table, folder: &Path) -> Result<(), String> {
        if let Some(policy) = policy(options, &format!("[stages.{stage}]"))? {
            self.on_error_of.insert(stage.to_owned(), policy);
        }
        if let Some(renames) = plugins::inputs(options, stage)? {
            self.renames_of.insert(stage.to_owned(), renames);
        }
        if let Some(overlap) = plugins::overlap(options, stage)? {
            self.overlap_of.insert(stage.to_owned(), overlap);
        }
        let mut json = Map::new();
        let ours = ["on_error", "inputs", "overlap"];
        for (key, value) in options.iter().filter(|(key, _)| !ours.contains(&key.as_str())) {
            let value = if key == "models" { Value::from(models(value, folder)?) } else { to_json(value) };
            json.insert(key.clone(), value);
        }
        self.options.insert(stage.to_owned(), json);
        Ok(())
    }
}

/// A language code, or `auto`.
fn language(code: &str) -> Result<Option<String>, String> {
    let mut parts = code.split('-');
    let main = parts.next().unwrap_or_default();
    let fits = (2..=3).contains(&main.len())
        && main.bytes().all(|byte| byte.is_ascii_lowercase())
        && parts.all(|part| {
            (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        });
    match (code, fits) {
        ("auto", _) => Ok(None),
        (_, true) => Ok(Some(code.to_owned())),
        _ => Err(format!(
            "`{code}` is no language code; expected is auto, or a code such as en, de, zh, pt-BR"
        )),
    }
}

/// Layers that were asked for. Those that stages describe themselves have a dot; whether there are such is seen when the
/// stages are known.
fn layers(list: &str, default: &[String]) -> Result<Vec<String>, String> {
    let layers = list_of(list, default);
    match layers.iter().find(|layer| !LAYERS.contains(&layer.as_str()) && !layer.contains('.')) {
        Some(layer) => Err(unknown("layer", layer, &LAYERS)),
        None => Ok(layers),
    }
}

/// A list with commas; one that starts with + comes in addition to `default`.
fn list_of(list: &str, default: &[String]) -> Vec<String> {
    let (mut all, list) = match list.strip_prefix('+') {
        Some(more) => (default.to_vec(), more),
        None => (Vec::new(), list),
    };
    for name in
        list.split(',').map(|name| name.trim().trim_start_matches('+')).filter(|name| !name.is_empty())
    {
        if !all.iter().any(|known| known == name) {
            all.push(name.to_owned());
        }
    }
    all
}

fn check_keys(table: &Table, place: &str, known: &[&str]) -> Result<(), String> {
    match table.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => Err(format!("{} in {place}", unknown("key", key, known))),
        None => Ok(()),
    }
}

fn section<'a>(file: &'a Table, name: &str) -> Result<Option<&'a Table>, String> {
    file.get(name)
        .map(|value| value.as_table().ok_or_else(|| format!("[{name}] must be a table")))
        .transpose()
}

fn string(table: &Table, key: &str) -> Result<Option<String>, String> {
    let text = |value: &toml::Value| {
        value.as_str().map(str::to_owned).ok_or_else(|| format!("{key} must be a string"))
    };
    table.get(key).map(text).transpose()
}

fn strings(value: &toml::Value, key: &str) -> Result<Vec<String>, String> {
    let all =
        value.as_array().and_then(|all| all.iter().map(|item| item.as_str().map(str::to_owned)).collect());
    all.ok_or_else(|| format!("{key} must be a list of strings"))
}

fn threads(table: &Table) -> Result<usize, String> {
    let Some(value) = table.get("threads") else { return Ok(0) };
    let number = value.as_integer().and_then(|number| usize::try_from(number).ok());
    number
        .filter(|number| (1..=1024).contains(number))
        .ok_or_else(|| "threads must be from 1 to 1024".to_owned())
}

fn policy(table: &Table, place: &str) -> Result<Option<cli::OnError>, String> {
    let Some(word) = string(table, "on_error")? else { return Ok(None) };
    match <cli::OnError as clap::ValueEnum>::from_str(&word, false) {
        Ok(policy) => Ok(Some(policy)),
        Err(_) => {
            Err(format!("{} in {place}", unknown("on_error", &word, &["skip-stage", "skip-doc", "fail"])))
        }
    }
}

/// Model files are found from where the configuration is.
fn models(value: &toml::Value, folder: &Path) -> Result<Vec<String>, String> {
    let place = |model: String| match model.starts_with("builtin:") {
        true => model,
        false => folder.join(model).to_string_lossy().into_owned(),
    };
    Ok(strings(value, "models")?.into_iter().map(place).collect())
}

fn to_json(value: &toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::from(text.as_str()),
        toml::Value::Integer(number) => Value::from(*number),
        toml::Value::Float(number) => Value::from(*number),
        toml::Value::Boolean(flag) => Value::from(*flag),
        toml::Value::Datetime(date) => Value::from(date.to_string()),
        toml::Value::Array(all) => all.iter().map(to_json).collect(),
        toml::Value::Table(table) => {
            Value::Object(table.iter().map(|(key, value)| (key.clone(), to_json(value))).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<PipelineConfig, String> {
        PipelineConfig::from_toml(&text.parse().unwrap(), Path::new("conf"))
    }

    #[test]
    fn lists_replace_or_add() {
        let default = DEFAULT_LAYERS.map(str::to_owned);
        let read = |list| layers(list, &default);
        assert_eq!(read("+").unwrap(), default);
        assert_eq!(read("entities").unwrap(), ["entities"]);
        assert_eq!(read("+text, tokens").unwrap(), ["language", "entities", "relations", "text", "tokens"]);
        assert!(read("entitys").unwrap_err().contains("did you mean `entities`"));
        assert_eq!(read("acme.speeds").unwrap(), ["acme.speeds"]);
    }

    #[test]
    fn languages_are_codes() {
        assert_eq!(language("auto"), Ok(None));
        assert_eq!(language("pt-BR"), Ok(Some("pt-BR".to_owned())));
        assert!(["english", "EN", "", "e", "en_US"].iter().all(|code| language(code).is_err()));
    }

    #[test]
    fn a_file_is_understood() {
        let config = read(
            "[pipeline]\nstages = ['language', 'tokenize']\non_error = 'fail'\n[language]\nfallback = 'de'\n\
             [stages.entities]\nmodels = ['builtin:en', 'my.model']\non_error = 'skip-doc'\nmin = 2",
        )
        .unwrap();
        assert_eq!((config.stages.len(), config.fallback.as_str()), (2, "de"));
        assert_eq!(config.on_error_of["entities"], cli::OnError::SkipDoc);
        let models = Path::new("conf").join("my.model");
        assert_eq!(
            config.options["entities"]["models"],
            Value::from(vec!["builtin:en", models.to_str().unwrap()])
        );
        assert_eq!(config.options["entities"].len(), 2);
    }

    #[test]
    fn unknown_keys_come_with_a_suggestion() {
        let error = read("[pipeline]\nstage = ['x']").unwrap_err();
        assert_eq!(
            error,
            "unknown key `stage`, did you mean `stages`? Known are stages, on_error, threads in [pipeline]"
        );
        assert!(read("[pipelin]").unwrap_err().contains("did you mean `pipeline`"));
        assert!(read("[pipeline]\non_error='skip'").unwrap_err().contains("skip-stage, skip-doc, fail"));
        assert!(read("[pipeline]\nthreads=0").unwrap_err().contains("1 to 1024"));
    }
}
