//! Models: those built in, and those in files.

use std::borrow::Cow;

use pipeline_core::{Error, Init, Result};

use crate::model::ModelError;

/// Models built in: kind, name, content. To be looked at in constants only ([`of`]): what is built then holds the models
/// of the stages it has, and no others.
const MODELS: &[(&str, &str, &[u8])] = &[
    ("entities", "builtin:en", include_bytes!("../../models/entities.en.bin")),
    ("relations", "builtin:en", include_bytes!("../../models/relations.en.bin")),
    ("syntax", "builtin:en", include_bytes!("../../models/syntax.en.bin")),
];

/// The built-in models of one kind, name and content; places of others are empty.
pub(crate) type BuiltIn = [Option<(&'static str, &'static [u8])>; MODELS.len()];

/// The built-in models of a kind.
pub(crate) const fn of(kind: &str) -> BuiltIn {
    let mut found = [None; MODELS.len()];
    let mut at = 0;
    while at < MODELS.len() {
        let (of, name, bytes) = MODELS[at];
        if same(of.as_bytes(), kind.as_bytes()) {
            found[at] = Some((name, bytes));
        }
        at += 1;
    }
    found
}

const fn same(a: &[u8], b: &[u8]) -> bool {
    let mut at = 0;
    while at < a.len() && at < b.len() && a[at] == b[at] {
        at += 1;
    }
    at == a.len() && at == b.len()
}

/// The models a stage is to use: its option `models`, or those built in, as `load` reads them; errors name the model.
pub(crate) fn models<M>(
    cx: &Init<'_>,
    built_in: &'static BuiltIn,
    load: impl Fn(&[u8]) -> std::result::Result<M, ModelError>,
) -> Result<Vec<M>> {
    let names = cx.get("models", names(built_in))?;
    let model =
        |name: String| load(&open(built_in, &name)?).map_err(|error| Error::new(format!("{name}: {error}")));
    names.into_iter().map(model).collect()
}

/// A model by name.
fn open(built_in: &'static BuiltIn, name: &str) -> Result<Cow<'static, [u8]>> {
    if let Some((_, bytes)) = built_in.iter().flatten().find(|(known, _)| *known == name) {
        return Ok(Cow::Borrowed(bytes));
    }
    if name.starts_with("builtin:") {
        let known = names(built_in).join(", ");
        return Err(Error::new(format!(
            "model `{name}` is not built in; built in are {known}, or name a file"
        )));
    }
    let bytes = std::fs::read(name);
    bytes.map(Cow::Owned).map_err(|error| Error::new(format!("model file {name} cannot be read: {error}")))
}

/// The content of a built-in model for a language.
pub(crate) fn for_language(built_in: &'static BuiltIn, language: &str) -> Option<&'static [u8]> {
    let named = |name: &str| name.strip_prefix("builtin:") == Some(language);
    built_in.iter().flatten().find(|(name, _)| named(name)).map(|(_, bytes)| *bytes)
}

fn names(built_in: &BuiltIn) -> Vec<String> {
    built_in.iter().flatten().map(|(name, _)| (*name).to_owned()).collect()
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
