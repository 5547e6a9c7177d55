//! Models: those built in, and those in files.

use std::borrow::Cow;

use pipeline_core::{Error, Init, Result};

/// Models built into the program: kind, name, content.
const MODELS: &[(&str, &str, &[u8])] = &[
    ("entities", "builtin:en", include_bytes!("../../models/entities.en.bin")),
    ("relations", "builtin:en", include_bytes!("../../models/relations.en.bin")),
    ("syntax", "builtin:en", include_bytes!("../../models/syntax.en.bin")),
];

/// The models a stage is to use: its option `models`, or those built in; each with the name it was asked for by.
pub(crate) fn models(cx: &Init<'_>, kind: &str) -> Result<Vec<(String, Cow<'static, [u8]>)>> {
    let names = cx.get("models", builtin(kind))?;
    names.into_iter().map(|name| open(kind, &name).map(|bytes| (name, bytes))).collect()
}

/// A model by name.
fn open(kind: &str, name: &str) -> Result<Cow<'static, [u8]>> {
    let known = MODELS.iter().find(|(of, known, _)| *of == kind && *known == name);
    if let Some((_, _, bytes)) = known {
        return Ok(Cow::Borrowed(bytes));
    }
    if name.starts_with("builtin:") {
        let known = builtin(kind).join(", ");
        return Err(Error::new(format!(
            "model `{name}` is not built in; built in are {known}, or name a file"
        )));
    }
    let bytes = std::fs::read(name);
    bytes.map(Cow::Owned).map_err(|error| Error::new(format!("model file {name} cannot be read: {error}")))
}

fn builtin(kind: &str) -> Vec<String> {
    MODELS.iter().filter(|(of, ..)| *of == kind).map(|(_, name, _)| (*name).to_owned()).collect()
}

/// Which of the models, whose languages are given, is for the language to go by. Where no stage told the language
/// it is the first.
///
/// # Errors
/// Not an error but a reason to leave the document out, where none is.
pub(crate) fn choose<'a>(languages: impl Iterator<Item = &'a [String]>, route: &str) -> Result<usize> {
    let mut languages = languages;
    let speaks = |codes: &[String]| route == "und" || codes.iter().any(|code| code == route);
    languages.position(speaks).ok_or_else(|| Error::skip("no-model"))
}
