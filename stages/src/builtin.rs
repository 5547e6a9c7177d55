//! Models: those built in, and those in files.

use pipeline_core::{Error, Init, Result};

use crate::model::{Content, ModelError};

/// Bytes that lie as numbers have to, so that a model is used where it stands in the program.
#[repr(C, align(64))]
struct Aligned<T: ?Sized>(T);

/// The content of a file, aligned.
macro_rules! file {
    ($path:expr) => {{
        const FILE: &Aligned<[u8]> = &Aligned(*include_bytes!($path));
        &FILE.0
    }};
}

/// Models built in: kind, name, content. To be looked at in constants only ([`of`]): what is built then holds the models
/// of the stages it has, and no others.
const MODELS: &[(&str, &str, &[u8])] = &[
    ("entities", "builtin:en", file!("../../models/entities.en.bin")),
    ("relations", "builtin:en", file!("../../models/relations.en.bin")),
    ("syntax", "builtin:en", file!("../../models/syntax.en.bin")),
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
    load: impl Fn(Content<'_>) -> std::result::Result<M, ModelError>,
) -> Result<Vec<M>> {
    let names = cx.get("models", names(built_in))?;
    let model = |name: String| {
        let file = match content(built_in, &name)? {
            Some(content) => return load(content).map_err(|error| Error::new(format!("{name}: {error}"))),
            None => std::fs::read(&name),
        };
        let bytes = file.map_err(|error| Error::new(format!("model file {name} cannot be read: {error}")))?;
        load(Content::Read(&bytes)).map_err(|error| Error::new(format!("{name}: {error}")))
    };
    names.into_iter().map(model).collect()
}

/// A built-in model by name; `None` for the name of a file.
fn content(built_in: &'static BuiltIn, name: &str) -> Result<Option<Content<'static>>> {
    let found =
        built_in.iter().flatten().find(|(known, _)| *known == name).map(|(_, bytes)| Content::BuiltIn(bytes));
    if found.is_none() && name.starts_with("builtin:") {
        let known = names(built_in).join(", ");
        return Err(Error::new(format!(
            "model `{name}` is not built in; built in are {known}, or name a file"
        )));
    }
    Ok(found)
}

/// The content of a built-in model for a language.
pub(crate) fn for_language(built_in: &'static BuiltIn, language: &str) -> Option<Content<'static>> {
    let named = |name: &str| name.strip_prefix("builtin:") == Some(language);
    built_in.iter().flatten().find(|(name, _)| named(name)).map(|(_, bytes)| Content::BuiltIn(bytes))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ModelFile;

    #[test]
    fn built_in_models_are_unaltered() {
        for (kind, name, bytes) in MODELS {
            let file = ModelFile::open(Content::Read(bytes))
                .unwrap_or_else(|error| panic!("{kind} {name}: {error}"));
            assert_eq!(file.header().kind, *kind);
        }
    }
}
