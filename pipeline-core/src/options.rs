//! Options of stages against the JSON Schema of their cards.
//!
//! Of JSON Schema this reads what options need: `type`, `properties`, `required`, `additionalProperties`, `enum`,
//! `const`, `minimum`, `maximum`, `exclusiveMinimum`, `exclusiveMaximum`, `minLength`, `maxLength` (in
//! characters), `items`, `minItems`, `maxItems`; `title`, `description`, `default`, `examples`, `$schema`, `$id`
//! and `$comment` are for people. Any other keyword makes the card invalid rather than being passed over. In one
//! thing it is stricter than the standard: where `properties` are listed and `additionalProperties` is not, unknown
//! keys are refused, since they are as a rule misspelt.

use serde_json::{Map, Value};

/// Keywords with a meaning here, and those that are for people.
const KEYWORDS: [&str; 22] = [
    "type",
    "properties",
    "required",
    "additionalProperties",
    "enum",
    "const",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "items",
    "minItems",
    "maxItems",
    "title",
    "description",
    "default",
    "examples",
    "$schema",
    "$id",
    "$comment",
];
const TYPES: [&str; 7] = ["object", "array", "string", "number", "integer", "boolean", "null"];
/// Deepest nesting of a schema.
const MAX_DEPTH: usize = 32;

/// Whether a schema can be checked against.
///
/// # Errors
/// Says where it cannot.
pub fn check_schema(schema: &Value) -> Result<(), String> {
    schema_at(schema, "", 0)
}

/// Checks options against a schema.
///
/// # Errors
/// Says which option, what was found, what is expected, and which name may have been meant.
pub fn check(schema: &Value, options: &Value) -> Result<(), String> {
    value_at(schema, options, "")
}

fn place(path: &str) -> String {
    if path.is_empty() { "the options".into() } else { format!("option `{path}`") }
}

fn under(path: &str, key: &str) -> String {
    if path.is_empty() { key.into() } else { format!("{path}.{key}") }
}

fn schema_at(schema: &Value, path: &str, depth: usize) -> Result<(), String> {
    if depth > MAX_DEPTH {
        return Err(format!("the schema of {} is nested too deeply", place(path)));
    }
    let object = match schema {
        Value::Null | Value::Bool(_) => return Ok(()),
        Value::Object(object) => object,
        other => return Err(format!("the schema of {} is {other}", place(path))),
    };
    if let Some(keyword) = object.keys().find(|keyword| !KEYWORDS.contains(&keyword.as_str())) {
        return Err(format!("the schema of {} uses `{keyword}`, which is not supported", place(path)));
    }
    if let Some(unknown) = types(object).find(|name| !TYPES.contains(name)) {
        return Err(format!("the schema of {} names the type `{unknown}`", place(path)));
    }
    if let Some(Value::Object(properties)) = object.get("properties") {
        for (key, schema) in properties {
            schema_at(schema, &under(path, key), depth + 1)?;
        }
    }
    ["items", "additionalProperties"]
        .iter()
        .filter_map(|key| object.get(*key))
        .try_for_each(|inner| schema_at(inner, path, depth + 1))
}

/// The types a schema allows; none listed allows all.
fn types(schema: &Map<String, Value>) -> impl Iterator<Item = &str> {
    let listed = match schema.get("type") {
        Some(Value::Array(names)) => names.as_slice(),
        Some(name) => std::slice::from_ref(name),
        None => &[],
    };
    listed.iter().map(|name| name.as_str().unwrap_or("?"))
}

fn is_of(value: &Value, name: &str) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|n| n.fract() == 0.0),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        _ => false,
    }
}

fn value_at(schema: &Value, value: &Value, path: &str) -> Result<(), String> {
    let schema = match schema {
        Value::Bool(false) => return Err(format!("{} is not allowed", place(path))),
        Value::Object(schema) => schema,
        _ => return Ok(()),
    };
    let mut listed = types(schema).peekable();
    if listed.peek().is_some() && !listed.any(|name| is_of(value, name)) {
        let expected: Vec<_> = types(schema).collect();
        return Err(format!("{} must be of type {}, found {value}", place(path), expected.join(" or ")));
    }
    choices(schema, value, path)?;
    match value {
        Value::Object(object) => members(schema, object, path),
        Value::Array(items) => elements(schema, items, path),
        Value::String(text) => limits(schema, text.chars().count() as f64, path, &LENGTH),
        Value::Number(number) => limits(schema, number.as_f64().unwrap_or(f64::NAN), path, &VALUE),
        Value::Null | Value::Bool(_) => Ok(()),
    }
}

fn choices(schema: &Map<String, Value>, value: &Value, path: &str) -> Result<(), String> {
    let choices = match (schema.get("enum"), schema.get("const")) {
        (Some(Value::Array(choices)), _) => choices.as_slice(),
        (_, Some(only)) => std::slice::from_ref(only),
        _ => return Ok(()),
    };
    if choices.contains(value) {
        return Ok(());
    }
    let words: Vec<_> = choices.iter().map(Value::to_string).collect();
    let near = value.as_str().and_then(|text| nearest(text, choices.iter().filter_map(Value::as_str)));
    let hint = near.map_or_else(String::new, |near| format!("; did you mean \"{near}\"?"));
    Err(format!("{} must be {}, found {value}{hint}", place(path), words.join(" or ")))
}

/// Keywords that bound a number, what kind of bound each is, and what is counted.
type Bounds = ([(&'static str, &'static str); 4], &'static str);
const VALUE: Bounds = (
    [
        ("minimum", "at least"),
        ("maximum", "at most"),
        ("exclusiveMinimum", "more than"),
        ("exclusiveMaximum", "less than"),
    ],
    "",
);
const LENGTH: Bounds =
    ([("minLength", "at least"), ("maxLength", "at most"), ("", ""), ("", "")], " characters");
const COUNT: Bounds = ([("minItems", "at least"), ("maxItems", "at most"), ("", ""), ("", "")], " items");

fn limits(schema: &Map<String, Value>, found: f64, path: &str, bounds: &Bounds) -> Result<(), String> {
    for (keyword, words) in bounds.0 {
        let Some(bound) = schema.get(keyword).and_then(Value::as_f64) else { continue };
        let holds = match words {
            "at least" => found >= bound,
            "at most" => found <= bound,
            "more than" => found > bound,
            _ => found < bound,
        };
        if !holds {
            return Err(format!("{} must be {words} {bound}{}, found {found}", place(path), bounds.1));
        }
    }
    Ok(())
}

fn elements(schema: &Map<String, Value>, items: &[Value], path: &str) -> Result<(), String> {
    limits(schema, items.len() as f64, path, &COUNT)?;
    let Some(inner) = schema.get("items") else { return Ok(()) };
    items.iter().enumerate().try_for_each(|(index, item)| value_at(inner, item, &format!("{path}[{index}]")))
}

fn members(schema: &Map<String, Value>, object: &Map<String, Value>, path: &str) -> Result<(), String> {
    let none = Map::new();
    let properties = schema.get("properties").and_then(Value::as_object).unwrap_or(&none);
    let required = schema.get("required").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    if let Some(missing) = required.iter().filter_map(Value::as_str).find(|key| !object.contains_key(*key)) {
        return Err(format!("{} must be given", place(&under(path, missing))));
    }
    for (key, value) in object {
        let at = under(path, key);
        match (properties.get(key), schema.get("additionalProperties")) {
            (Some(inner), _) => value_at(inner, value, &at)?,
            (None, None) if properties.is_empty() => {}
            (None, None | Some(Value::Bool(false))) => return Err(unknown(&at, key, properties)),
            (None, Some(rest)) => value_at(rest, value, &at)?,
        }
    }
    Ok(())
}

fn unknown(at: &str, key: &str, properties: &Map<String, Value>) -> String {
    let known: Vec<_> = properties.keys().map(String::as_str).collect();
    let hint = match nearest(key, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => "this stage has no options".into(),
        None => format!("known are {}", known.join(", ")),
    };
    format!("there is no option `{at}`; {hint}")
}

/// The name that is nearest, if one is near enough to have been meant.
fn nearest<'a>(word: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let ranked = names.map(|name| (edits(word, name), name)).min()?;
    (ranked.0 <= (word.chars().count() / 3).max(1)).then_some(ranked.1)
}

/// Insertions, deletions and substitutions from one word to another.
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let cost = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = cost.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn schema() -> Value {
        json!({"type": "object", "required": ["mode"], "properties": {
            "mode": {"enum": ["fast", "exact"]},
            "min_len": {"type": "integer", "minimum": 1, "maximum": 9},
            "ratio": {"type": ["number", "null"], "exclusiveMaximum": 1},
            "name": {"type": "string", "minLength": 2},
            "words": {"type": "array", "maxItems": 2, "items": {"type": "string"}},
            "deep": {"type": "object", "additionalProperties": {"type": "boolean"}}}})
    }

    #[test]
    fn good_options_pass() {
        check_schema(&schema()).unwrap();
        let options = json!({"mode": "fast", "min_len": 3.0, "ratio": null, "name": "éé", "words": ["a", "b"],
            "deep": {"any": true}});
        check(&schema(), &options).unwrap();
        check(&json!({"type": "object"}), &json!({"anything": 1})).unwrap();
        check(&Value::Null, &json!({"anything": 1})).unwrap();
    }

    #[test]
    fn bad_options_are_named_with_what_is_expected() {
        for (options, words) in [
            (json!({}), "option `mode` must be given"),
            (json!({"mode": "fasst"}), "did you mean \"fast\"?"),
            (json!({"mode": "fast", "min_len": 0}), "option `min_len` must be at least 1, found 0"),
            (json!({"mode": "fast", "min_len": "3"}), "must be of type integer, found \"3\""),
            (json!({"mode": "fast", "min_length": 3}), "no option `min_length`"),
            (json!({"mode": "fast", "minlen": 3}), "did you mean `min_len`?"),
            (json!({"mode": "fast", "ratio": 1}), "must be less than 1, found 1"),
            (json!({"mode": "fast", "name": "é"}), "at least 2 characters, found 1"),
            (json!({"mode": "fast", "words": ["a", 1]}), "option `words[1]` must be of type string"),
            (json!({"mode": "fast", "words": ["a", "b", "c"]}), "at most 2 items"),
            (json!({"mode": "fast", "deep": {"x": 1}}), "option `deep.x` must be of type boolean"),
            (json!([]), "the options must be of type object"),
        ] {
            let error = check(&schema(), &options).unwrap_err();
            assert!(error.contains(words), "{options}: {error}");
        }
    }

    #[test]
    fn schemas_beyond_what_is_read_are_refused_not_passed_over() {
        for schema in
            [json!({"oneOf": []}), json!({"type": "int"}), json!({"properties": {"a": {"pattern": "x"}}})]
        {
            assert!(check_schema(&schema).is_err(), "{schema}");
        }
    }
}
