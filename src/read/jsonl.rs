//! JSON Lines: a document a line.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, BufRead};
use std::sync::Arc;

use pipeline_core::ErrorCode;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::decode::{DecodeOptions, no_text};
use super::fields::Fields;
use super::stream::Stream;
use super::{Body, InputError, RawDoc, Reader, too_large, unreadable};

/// Cuts a stream at its line ends.
pub(super) struct JsonLines {
    name: Arc<str>,
    stream: Option<Stream>,
    line: u64,
    limit: u64,
}

impl JsonLines {
    pub(super) fn new(name: Arc<str>, stream: Stream, limit: u64) -> Self {
        Self { name, stream: Some(stream), line: 0, limit }
    }
}

impl Reader for JsonLines {
    fn next(&mut self) -> Option<RawDoc> {
        loop {
            let mut bytes = Vec::new();
            let end = next_line(self.stream.as_mut()?, self.limit, &mut bytes);
            self.line += 1;
            let bytes = match end {
                Ok(Line::End) => {
                    self.stream = None;
                    return None;
                }
                Ok(Line::Whole) if bytes.trim_ascii().is_empty() => continue,
                Ok(Line::Whole) => Ok(bytes),
                Ok(Line::TooLong) => Err(too_large("this line", self.limit)),
                // What follows cannot be read either.
                Err(error) => {
                    self.stream = None;
                    Err(unreadable(&error))
                }
            };
            let body = bytes.map(Body::Json);
            return Some(RawDoc { source: Arc::clone(&self.name), line: self.line, body });
        }
    }
}

enum Line {
    Whole,
    /// It was skipped.
    TooLong,
    End,
}

/// Appends the next line without its line end; of one over the limit no more than that is ever held.
fn next_line(stream: &mut Stream, limit: u64, line: &mut Vec<u8>) -> io::Result<Line> {
    let (mut any, mut fits) = (false, true);
    loop {
        let piece = match stream.fill_buf() {
            Ok(piece) => piece,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let end = memchr::memchr(b'\n', piece);
        let part = &piece[..end.unwrap_or(piece.len())];
        any |= !piece.is_empty();
        fits &= (line.len() + part.len()) as u64 <= limit;
        if fits {
            line.extend_from_slice(part);
        }
        let used = part.len() + usize::from(end.is_some());
        stream.consume(used);
        if end.is_some() || used == 0 {
            return Ok(match (any, fits) {
                (false, _) => Line::End,
                (true, true) => Line::Whole,
                (true, false) => Line::TooLong,
            });
        }
    }
}

/// Takes the fields that `options` name from a line.
pub(super) fn fields(line: &str, options: &DecodeOptions) -> Result<Fields, InputError> {
    let mut json = serde_json::Deserializer::from_str(line);
    let fields = Wanted(options).deserialize(&mut json).and_then(|fields| json.end().map(|()| fields));
    let fields = fields.map_err(|error| {
        let said = error.to_string();
        let said = said.rsplit_once(" at line ").map_or(said.as_str(), |(said, _)| said);
        InputError::new(ErrorCode::BadInput, format!("no JSON object (column {}): {said}", error.column()))
    })?;
    if fields.text.is_none() {
        return Err(no_text(&options.text_field));
    }
    Ok(fields)
}

/// Reads an object without building a tree of it.
struct Wanted<'a>(&'a DecodeOptions);

impl<'de> DeserializeSeed<'de> for Wanted<'_> {
    type Value = Fields;

    fn deserialize<D: serde::Deserializer<'de>>(self, json: D) -> Result<Fields, D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Wanted<'_> {
    type Value = Fields;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
        let mut fields = Fields::default();
        let mut meta = String::new();
        while let Some(Key(key)) = map.next_key()? {
            if key == self.0.text_field {
                fields.text = string(map.next_value()?);
            } else if key == self.0.id_field {
                let value: &RawValue = map.next_value()?;
                fields.id = string(value).or_else(|| plain(value));
            } else if self.0.title_field.as_deref() == Some(&key) {
                fields.title = string(map.next_value()?);
            } else if self.0.date_field.as_deref() == Some(&key) {
                let value: &RawValue = map.next_value()?;
                fields.date = string(value).or_else(|| plain(value));
            } else if self.0.keep_meta {
                let value: &RawValue = map.next_value()?;
                meta.push(if meta.is_empty() { '{' } else { ',' });
                meta.push_str(&serde_json::Value::from(key).to_string());
                meta.push(':');
                meta.push_str(value.get());
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        if self.0.keep_meta {
            meta.push_str(if meta.is_empty() { "{}" } else { "}" });
            fields.meta = Some(meta);
        }
        Ok(fields)
    }
}

/// A key, borrowed where it has no escapes.
#[derive(serde::Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

fn string(value: &RawValue) -> Option<String> {
    serde_json::from_str(value.get()).ok()
}

/// A number is as good an id as a string.
fn plain(value: &RawValue) -> Option<String> {
    let text = value.get();
    text.starts_with(|first: char| first.is_ascii_digit() || first == '-').then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &'static str, limit: u64) -> Vec<(u64, Result<String, ErrorCode>)> {
        let stream = io::BufReader::with_capacity(3, text.as_bytes());
        let mut reader = JsonLines::new("a.jsonl".into(), Box::new(stream), limit);
        let doc = |doc: RawDoc| {
            let text = |body| match body {
                Body::Json(bytes) => String::from_utf8(bytes).unwrap(),
                other => panic!("{other:?}"),
            };
            (doc.line, doc.body.map(text).map_err(|error| error.code))
        };
        std::iter::from_fn(|| reader.next()).map(doc).collect()
    }

    #[test]
    fn lines_keep_their_numbers() {
        let found = lines("{1}\r\n\n  \n{2222}\n{3}", 5);
        assert_eq!(found, [(1, Ok("{1}\r".into())), (4, Err(ErrorCode::TooLarge)), (5, Ok("{3}".into()))]);
        assert_eq!(lines("", 5), []);
    }

    #[test]
    fn fields_are_taken_by_name() {
        let mut options = DecodeOptions { keep_meta: true, ..DecodeOptions::default() };
        let line = r#"{"id":7,"n":[1, 2],"text":"a\nb","date":"2025-01-01"}"#;
        let named =
            fields(line, &DecodeOptions { date_field: Some("date".into()), ..options.clone() }).unwrap();
        assert_eq!(
            (named.date.as_deref(), named.meta.as_deref()),
            (Some("2025-01-01"), Some(r#"{"n":[1, 2]}"#))
        );
        options.title_field = Some("headline".into());
        let fields = fields(line, &options).unwrap();
        assert_eq!((fields.id.as_deref(), fields.text.as_deref()), (Some("7"), Some("a\nb")));
        assert_eq!((fields.title, fields.date), (None, None));
        assert_eq!(fields.meta.as_deref(), Some(r#"{"n":[1, 2],"date":"2025-01-01"}"#));
    }

    #[test]
    fn what_is_wrong_is_said() {
        let code = |line| fields(line, &DecodeOptions::default()).unwrap_err().code;
        assert_eq!(code("{\"text\":"), ErrorCode::BadInput);
        assert_eq!(code("[1]"), ErrorCode::BadInput);
        assert_eq!(code("{\"text\":\"a\"} x"), ErrorCode::BadInput);
        assert_eq!(code("{\"body\":\"a\"}"), ErrorCode::MissingField);
        assert_eq!(code("{\"text\":null}"), ErrorCode::MissingField);
    }
}
