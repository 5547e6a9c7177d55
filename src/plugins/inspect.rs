//! `pipeline plugins inspect`: what a library says of itself. Nothing of it runs.

use pipeline_core::manifest::{LayerCard, StageCard};
use pipeline_core::plugin::{Library, PanicMode, Scanned};
use serde_json::{Map, Value, json};

use crate::cli;
use crate::status::Status;

/// Runs the command.
///
/// # Errors
/// When the file is no library with a declaration.
pub(super) fn inspect(args: &cli::PluginInspect) -> Result<Status, String> {
    let library = Library::inspect(&args.file).map_err(|error| error.to_string())?;
    super::print(&if args.json { format!("{:#}\n", as_json(&library)?) } else { as_text(&library)? });
    Ok(Status::Well)
}

fn as_text(library: &Scanned) -> Result<String, String> {
    let (card, declared) = (&library.card, &library.declared);
    let usable = match Library::scan(&library.path) {
        Ok(_) => "yes".to_owned(),
        Err(error) => format!(
            "no: {}: found {}, expected {}; {}",
            error.code, error.found, error.expected, error.remedy
        ),
    };
    let rows = [
        ("file", format!("{} ({})", library.path.display(), library.format.name())),
        ("sha256", library.sha256().map_err(|error| error.to_string())?),
        ("licence", card.license.clone()),
        (
            "interface",
            format!("{}.{}, needs {0}.{}", declared.abi_major, declared.abi_minor, declared.abi_min_minor),
        ),
        ("platform", declared.platform.name()),
        ("built by", format!("{}, {}", declared.sdk, declared.compiler)),
        ("panics", panics(declared.panic).to_owned()),
        ("loads here", usable),
    ];
    let mut text = format!("{} {}\n", card.id, card.version);
    for (title, value) in rows.iter().filter(|(_, value)| !value.is_empty()) {
        text.push_str(&format!("    {title:<11}{value}\n"));
    }
    card.stages.iter().for_each(|stage| text.push_str(&describe(stage)));
    Ok(text)
}

const fn panics(mode: PanicMode) -> &'static str {
    match mode {
        PanicMode::None => "none: not in Rust",
        PanicMode::Unwind => "fail a document",
        PanicMode::Abort => "end the process",
    }
}

/// A stage: what it needs and gives, and its options.
fn describe(stage: &StageCard) -> String {
    let mut text = format!("\nstage {}\n    {}\n", stage.name, stage.about);
    let layers = [
        ("requires", &stage.requires),
        ("optional", &stage.optional),
        ("provides", &stage.provides),
        ("extends", &stage.extends),
        ("replaces", &stage.replaces),
    ];
    for (title, layers) in layers.into_iter().filter(|(_, layers)| !layers.is_empty()) {
        let layers: Vec<_> = layers.iter().map(LayerCard::describe).collect();
        text.push_str(&format!("    {title:<11}{}\n", layers.join(", ")));
    }
    text.push_str(&format!("    {:<11}{}\n", "threads", stage.threads.name()));
    let required = stage.config.get("required").and_then(Value::as_array);
    for (key, schema) in stage.config.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let must = required.is_some_and(|required| required.iter().any(|name| name == key));
        text.push_str(&option(key, schema, must));
    }
    text
}

fn option(key: &str, schema: &Value, must: bool) -> String {
    let word = |name: &str| schema.get(name).and_then(Value::as_str).unwrap_or_default();
    let choices = schema.get("enum").and_then(Value::as_array);
    let choices = choices.map(|all| all.iter().map(Value::to_string).collect::<Vec<_>>().join(" or "));
    let values = choices.unwrap_or_else(|| word("type").to_owned());
    let default = schema.get("default").map_or_else(String::new, |value| format!(", default {value}"));
    let must = if must { ", must be given" } else { "" };
    let about =
        if word("description").is_empty() { String::new() } else { format!(": {}", word("description")) };
    format!("    {:<11}{key} ({values}{default}{must}){about}\n", "option")
}

fn as_json(library: &Scanned) -> Result<Value, String> {
    let (card, declared) = (&library.card, &library.declared);
    let loads = Library::scan(&library.path)
        .map_or_else(|error| Value::from(error.code.name()), |_| Value::Bool(true));
    Ok(json!({
        "path": library.path.display().to_string(), "format": library.format.name(),
        "sha256": library.sha256().map_err(|error| error.to_string())?,
        "id": card.id, "version": card.version, "license": card.license,
        "abi": {"major": declared.abi_major, "minor": declared.abi_minor, "min_minor": declared.abi_min_minor},
        "platform": declared.platform.name(), "sdk": declared.sdk, "compiler": declared.compiler,
        "panic": match declared.panic { PanicMode::None => "none", PanicMode::Unwind => "unwind", PanicMode::Abort => "abort" },
        "loads": loads,
        "stages": card.stages.iter().map(stage).collect::<Vec<_>>(),
    }))
}

fn stage(stage: &StageCard) -> Value {
    let layers = |layers: &[LayerCard]| layers.iter().map(layer).collect::<Vec<_>>();
    json!({
        "name": stage.name, "about": stage.about, "requires": layers(&stage.requires),
        "optional": layers(&stage.optional), "provides": layers(&stage.provides), "extends": layers(&stage.extends),
        "replaces": layers(&stage.replaces), "config": stage.config, "threads": stage.threads.name(),
        "preferred_batch": stage.preferred_batch,
    })
}

fn layer(layer: &LayerCard) -> Value {
    let cols = layer.cols.iter().map(|col| {
        let mut value = Map::from_iter([
            ("name".into(), col.name.as_str().into()),
            ("kind".into(), col.kind.name().into()),
        ]);
        if !col.layer.is_empty() {
            value.insert("layer".into(), col.layer.as_str().into());
        }
        Value::Object(value)
    });
    json!({
        "layer": layer.layer, "form": if layer.spans { "spans" } else { "rows" }, "order": layer.order.name(),
        "cols": cols.collect::<Vec<_>>(),
    })
}
