//! From a raw piece of input to a document: the part of reading that workers do.

use pipeline_core::ErrorCode;

use super::jsonl::{self, Fields};
use super::{Form, InputError, RawDoc};

/// Which fields of a JSON object are what.
#[derive(Clone, Debug)]
pub struct DecodeOptions {
    /// The field that holds the text.
    pub text_field: String,
    /// The field that holds the id; where it is absent the id is `file:line`.
    pub id_field: String,
    /// Whether other fields are kept.
    pub keep_meta: bool,
}

impl Default for DecodeOptions {
    fn default() -> Self {
        Self { text_field: "text".to_owned(), id_field: "id".to_owned(), keep_meta: false }
    }
}

/// A document, or what is left of one.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Decoded {
    /// Its id.
    pub id: String,
    /// Its text; empty where it could not be had.
    pub text: String,
    /// Fields that came with it, their values as JSON.
    pub meta: Vec<(String, String)>,
    /// What was wrong with it.
    pub error: Option<InputError>,
    /// Whether there is a text to work on.
    pub usable: bool,
}

/// Makes a document of a piece of input.
#[must_use]
pub fn decode(raw: RawDoc, options: &DecodeOptions) -> Decoded {
    let RawDoc { source, line, form, bytes } = raw;
    let place = if line == 0 { source.to_string() } else { format!("{source}:{line}") };
    let mut doc = match bytes.map(text) {
        Err(error) => unusable(error),
        Ok((text, error)) => match form {
            Form::Text => Decoded { text, error, usable: true, ..Decoded::default() },
            Form::Json => object(&text, error, options),
        },
    };
    if let Some(error) = &mut doc.error {
        error.message = format!("{place}: {}", error.message);
    }
    if doc.id.is_empty() {
        doc.id = place;
    }
    doc
}

fn object(line: &str, broken: Option<InputError>, options: &DecodeOptions) -> Decoded {
    // Some programs mark a file as UTF-8 at its start, where JSON has no place for it.
    match jsonl::fields(line.strip_prefix('\u{feff}').unwrap_or(line), options) {
        Err(error) => unusable(error),
        Ok(Fields { text, id, meta }) => Decoded {
            id: id.unwrap_or_default(),
            text: text.unwrap_or_default(),
            meta,
            error: broken,
            usable: true,
        },
    }
}

fn unusable(error: InputError) -> Decoded {
    Decoded { error: Some(error), ..Decoded::default() }
}

/// The bytes as text, and what had to be replaced for that.
fn text(bytes: Vec<u8>) -> (String, Option<InputError>) {
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => return (text, None),
        Err(error) => error.into_bytes(),
    };
    let broken = bytes.utf8_chunks().filter(|chunk| !chunk.invalid().is_empty()).count();
    let message = format!("{broken} byte sequences are not UTF-8; each was replaced with U+FFFD");
    (String::from_utf8_lossy(&bytes).into_owned(), Some(InputError::new(ErrorCode::Encoding, message)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(form: Form, bytes: &[u8]) -> RawDoc {
        RawDoc {
            source: "a".into(),
            line: u64::from(form == Form::Json) * 3,
            form,
            bytes: Ok(bytes.to_vec()),
        }
    }

    fn decoded(form: Form, bytes: &[u8]) -> Decoded {
        decode(raw(form, bytes), &DecodeOptions::default())
    }

    #[test]
    fn ids_come_from_the_field_or_the_place() {
        assert_eq!(decoded(Form::Json, b"{\"id\":\"x\",\"text\":\"t\"}").id, "x");
        assert_eq!(decoded(Form::Json, "\u{feff}{\"text\":\"t\"}".as_bytes()).id, "a:3");
        assert_eq!(decoded(Form::Text, b"t").id, "a");
    }

    #[test]
    fn broken_bytes_are_replaced_and_counted() {
        let doc = decoded(Form::Text, b"a\xFFb\xC3");
        assert_eq!((doc.text.as_str(), doc.usable), ("a\u{fffd}b\u{fffd}", true));
        let error = doc.error.unwrap();
        assert_eq!(error.code, ErrorCode::Encoding);
        assert!(error.message.starts_with("a: 2 byte sequences"), "{}", error.message);
    }

    #[test]
    fn faults_name_file_and_line() {
        let doc = decoded(Form::Json, b"{\"text\"");
        assert!(!doc.usable && doc.text.is_empty());
        assert!(doc.error.unwrap().message.starts_with("a:3: no JSON object (column 7)"));
    }
}
