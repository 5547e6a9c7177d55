//! What an output is made from: a run can only go on with a file that is made from the same.

use std::fmt::Write;
use std::path::Path;

use pipeline_core::Pipeline;
use serde_json::{Map, Value, json};

use crate::config::RunConfig;
use crate::read::{Sources, modified};

/// Inputs whose stamps are kept one by one, so that the first that changed can be named.
const NAMED: usize = 10_000;

/// All that the output of a run depends on: the program with what is built in, settings, models and libraries, and
/// the inputs with their size and time. The number of threads is none of it.
pub(crate) fn of(config: &RunConfig, sources: &Sources, pipeline: &Pipeline) -> Value {
    let stamps: Vec<u64> = sources.stamps().map(|stamp| digest(&format!("{stamp:?}"))).collect();
    let whole = stamps.iter().fold(SEED, |sum, stamp| mix(sum, &stamp.to_le_bytes()));
    json!({
        "program": { "version": env!("CARGO_PKG_VERSION"), "file": program() },
        "settings": settings(config),
        "models": files(config),
        "plugins": libraries(pipeline),
        "inputs": {
            "files": stamps.len(),
            "bytes": sources.bytes,
            "digest": whole,
            "stamps": &stamps[..stamps.len().min(NAMED)],
        },
    })
}

/// Says what has changed.
///
/// # Errors
/// In words for the user, when anything has.
pub(crate) fn compare(then: &Value, now: &Value, sources: &Sources, output: &Path) -> Result<(), String> {
    let mut changes = Vec::new();
    if then["program"] != now["program"] {
        let (then, now) = (&then["program"]["version"], &now["program"]["version"]);
        changes.push(match then == now {
            true => "the program is another build of its version".to_owned(),
            false => format!("the program was version {}, is {}", show(then), show(now)),
        });
    }
    for part in ["settings", "models", "plugins"] {
        differences(&then[part], &now[part], &mut changes);
    }
    if then["inputs"] != now["inputs"] {
        changes.push(input_change(&then["inputs"], &now["inputs"], sources));
    }
    if changes.is_empty() {
        return Ok(());
    }
    Err(format!(
        "cannot go on with {}.part, since it would be made from something else now: {}. Run as then, or without \
         --resume to begin anew",
        output.display(),
        changes.join("; ")
    ))
}

fn differences(then: &Value, now: &Value, changes: &mut Vec<String>) {
    let empty = Map::new();
    let (then, now) = (then.as_object().unwrap_or(&empty), now.as_object().unwrap_or(&empty));
    for key in then.keys().chain(now.keys().filter(|key| !then.contains_key(*key))) {
        let (was, is) = (then.get(key), now.get(key));
        if was == is {
            continue;
        }
        changes.push(match (was, is) {
            (Some(was @ Value::String(_)), Some(is)) => format!("{key} was {}, is {}", show(was), show(is)),
            (Some(_), Some(_)) => format!("{key} has changed"),
            (Some(was), None) => format!("{key} was {}, is not set", show(was)),
            (None, is) => format!("{key} was not set, is {}", is.map_or_else(String::new, show)),
        });
    }
}

fn show(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn input_change(then: &Value, now: &Value, sources: &Sources) -> String {
    let mut text = String::from("the input has changed");
    if (&then["files"], &then["bytes"]) != (&now["files"], &now["bytes"]) {
        let size = |of: &Value| format!("{} files with {} bytes", of["files"], of["bytes"]);
        let _ = write!(text, " (it was {}, is {})", size(then), size(now));
    }
    let stamps = |of: &Value| of["stamps"].as_array().cloned().unwrap_or_default();
    let (then, now) = (stamps(then), stamps(now));
    let same = then.iter().zip(&now).take_while(|(then, now)| then == now).count();
    if let Some((name, ..)) = sources.stamps().nth(same).filter(|_| same < NAMED) {
        let _ = write!(text, ", first at {name}");
    }
    text
}

fn settings(config: &RunConfig) -> Value {
    let (decode, pipeline) = (&config.decode, &config.pipeline);
    let mut all = Map::new();
    let mut set = |key: &str, value: Value| all.insert(key.to_owned(), value);
    set("stages", pipeline.stages.join(",").into());
    set("--layers", config.layers.join(",").into());
    set("--offsets", config.unit.name().into());
    set("--text-field", decode.text_field.as_str().into());
    set("--id-field", decode.id_field.as_str().into());
    set("--encoding", decode.encoding.name().into());
    set("--keep-meta", decode.keep_meta.to_string().into());
    set("--max-doc-bytes", config.limits.document_bytes.to_string().into());
    set("--language", pipeline.language.as_deref().unwrap_or("auto").into());
    set("fallback", pipeline.fallback.as_str().into());
    set("--on-error", format!("{:?}", pipeline.on_error).into());
    let optional = [
        ("--title-field", &decode.title_field),
        ("--date-field", &decode.date_field),
        ("--date", &decode.date),
    ];
    for (key, value) in optional {
        value.as_ref().map(|value| set(key, value.as_str().into()));
    }
    if config.limits.documents != u64::MAX {
        set("--limit", config.limits.documents.to_string().into());
    }
    for (stage, options) in &pipeline.options {
        set(&format!("[stages.{stage}]"), Value::Object(options.clone()).to_string().into());
    }
    for (stage, policy) in &pipeline.on_error_of {
        set(&format!("on_error of {stage}"), format!("{policy:?}").into());
    }
    for (stage, renames) in &pipeline.renames_of {
        set(&format!("inputs of {stage}"), format!("{renames:?}").into());
    }
    for (stage, overlap) in &pipeline.overlap_of {
        set(&format!("overlap of {stage}"), overlap.name().into());
    }
    Value::Object(all)
}

/// Size and time of each model file that is named.
fn files(config: &RunConfig) -> Value {
    let options = config.pipeline.options.values();
    let models = options.filter_map(|options| options.get("models")?.as_array()).flatten();
    let paths = models.filter_map(Value::as_str).filter(|path| !path.starts_with("builtin:"));
    Value::Object(paths.map(|path| (path.to_owned(), stamp(Path::new(path)))).collect())
}

/// Size and time of each library.
fn libraries(pipeline: &Pipeline) -> Value {
    let paths = pipeline.origins().filter(|origin| Path::new(origin).is_file());
    Value::Object(paths.map(|path| (path.to_owned(), stamp(Path::new(path)))).collect())
}

fn program() -> Value {
    std::env::current_exe().map_or(Value::Null, |path| stamp(&path))
}

fn stamp(path: &Path) -> Value {
    std::fs::metadata(path).map_or(Value::Null, |found| json!([found.len(), modified(&found)]))
}

/// FNV-1a, 64 bits: <http://www.isthe.com/chongo/tech/comp/fnv/>.
fn digest(text: &str) -> u64 {
    mix(SEED, text.as_bytes())
}

const SEED: u64 = 0xcbf2_9ce4_8422_2325;

fn mix(sum: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(sum, |sum, &byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_changed_is_named() {
        let then = json!({"a": "1", "b": "2", "c": [1]});
        let now = json!({"a": "1", "b": "3", "c": [2], "d": "4"});
        let mut changes = Vec::new();
        differences(&then, &now, &mut changes);
        assert_eq!(changes, ["b was 2, is 3", "c has changed", "d was not set, is 4"]);
    }
}
