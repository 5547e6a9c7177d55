//! Reading a stage's options: a JSON object the host wrote, so the kit needs no JSON library.

use crate::{Error, Result};

/// A type that an option can have.
pub trait FromJson: Sized {
    /// What it is called in error messages.
    const NAME: &'static str;

    /// The value of a JSON text, or `None` if it is of another type.
    fn from_json(raw: &str) -> Option<Self>;
}

macro_rules! numbers {
    ($($t:ty: $name:literal),+) => {$(
        impl FromJson for $t {
            const NAME: &'static str = $name;
            fn from_json(raw: &str) -> Option<Self> {
                raw.parse().ok()
            }
        }
    )+};
}

numbers!(u8: "a whole number from 0 to 255", u16: "a whole number from 0 to 65535",
    u32: "a whole number from 0", u64: "a whole number from 0", usize: "a whole number from 0",
    i32: "a whole number", i64: "a whole number", f32: "a number", f64: "a number", bool: "true or false");

impl FromJson for String {
    const NAME: &'static str = "a text";
    fn from_json(raw: &str) -> Option<Self> {
        unquote(raw)
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    const NAME: &'static str = "a list";
    fn from_json(raw: &str) -> Option<Self> {
        let inner = raw.strip_prefix('[')?.strip_suffix(']')?;
        parts(inner).map(|part| T::from_json(part.trim())).collect()
    }
}

/// The value of `key` in the JSON object `config`.
pub(crate) fn option<T: FromJson>(config: &str, key: &str) -> Result<Option<T>> {
    let Some(raw) = member(config, key) else { return Ok(None) };
    if raw == "null" {
        return Ok(None);
    }
    match T::from_json(raw) {
        Some(value) => Ok(Some(value)),
        None => Err(Error::new(format!("option `{key}` must be {}, found {raw}", T::NAME))),
    }
}

/// The raw text of a member of an object.
fn member<'a>(object: &'a str, key: &str) -> Option<&'a str> {
    let inner = object.trim().strip_prefix('{')?.strip_suffix('}')?;
    parts(inner).find_map(|part| {
        let colon = split_at_top(part, b':')?;
        let name = unquote(part[..colon].trim())?;
        (name == key).then(|| part[colon + 1..].trim())
    })
}

/// The parts between the commas of this level.
fn parts(mut rest: &str) -> impl Iterator<Item = &str> {
    std::iter::from_fn(move || {
        if rest.trim().is_empty() {
            return None;
        }
        let comma = split_at_top(rest, b',').unwrap_or(rest.len());
        let part = &rest[..comma];
        rest = rest.get(comma + 1..).unwrap_or("");
        Some(part)
    })
}

/// Where `separator` first stands outside strings and brackets.
fn split_at_top(text: &str, separator: u8) -> Option<usize> {
    let (mut depth, mut quoted, mut escaped) = (0i32, false, false);
    for (i, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            _ if byte == separator && depth == 0 => return Some(i),
            _ => {}
        }
    }
    None
}

/// The text of a JSON string.
fn unquote(raw: &str) -> Option<String> {
    let inner = raw.strip_prefix('"')?.strip_suffix('"')?;
    let mut text = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        text.push(if c == '\\' { escape(&mut chars)? } else { c });
    }
    Some(text)
}

fn escape(chars: &mut core::str::Chars<'_>) -> Option<char> {
    Some(match chars.next()? {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'u' => match hex4(chars)? {
            high @ 0xD800..0xDC00 => {
                let low = chars.next().zip(chars.next()).and_then(|pair| (pair == ('\\', 'u')).then_some(()));
                let low = low.and_then(|()| hex4(chars)).filter(|low| (0xDC00..0xE000).contains(low))?;
                char::from_u32(0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00))?
            }
            unit => char::from_u32(unit)?,
        },
        c => c,
    })
}

fn hex4(chars: &mut core::str::Chars<'_>) -> Option<u32> {
    (0..4).try_fold(0, |sum, _| Some(sum * 16 + chars.next()?.to_digit(16)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIG: &str = r#"{"min_len": 4, "name":"a \"b\", {c}\u00e9\ud83d\ude00", "list":["x,y","z"], "deep":{"min_len":9}, "on":true, "none":null}"#;

    #[test]
    fn options_are_found_by_name_and_type() {
        assert_eq!(option::<u32>(CONFIG, "min_len").unwrap(), Some(4));
        assert_eq!(option::<String>(CONFIG, "name").unwrap().unwrap(), "a \"b\", {c}é😀");
        assert_eq!(option::<Vec<String>>(CONFIG, "list").unwrap().unwrap(), ["x,y", "z"]);
        assert_eq!(option::<bool>(CONFIG, "on").unwrap(), Some(true));
        assert_eq!(option::<u32>(CONFIG, "none").unwrap(), None);
        assert_eq!(option::<u32>(CONFIG, "absent").unwrap(), None);
    }

    #[test]
    fn a_wrong_type_names_the_option_and_what_it_should_be() {
        let error = option::<u32>(CONFIG, "name").unwrap_err();
        assert!(error.message().contains("`name`") && error.message().contains("whole number"), "{error}");
    }
}
