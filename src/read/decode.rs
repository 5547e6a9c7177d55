//! From a raw piece of input to a document: the part of reading that workers do.

use pipeline_core::{Document, ErrorCode};

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

/// Makes a document of a piece of input: `doc`, which is empty, gets its id, its text and what was wrong.
pub fn decode(raw: RawDoc, options: &DecodeOptions, doc: &mut Document) {
    let RawDoc { source, line, form, bytes } = raw;
    let place = if line == 0 { source.to_string() } else { format!("{source}:{line}") };
    let found = bytes.and_then(|bytes| {
        let (text, broken) = text(bytes);
        let fields = match form {
            Form::Text => Fields { text: Some(text), ..Fields::default() },
            // Some programs mark a file as UTF-8 at its start, where JSON has no place for it.
            Form::Json => jsonl::fields(text.strip_prefix('\u{feff}').unwrap_or(&text), options)?,
        };
        Ok((fields, broken))
    });
    match found {
        Ok((fields, broken)) => {
            doc.text = fields.text.unwrap_or_default();
            doc.id = fields.id.unwrap_or_default();
            doc.meta = fields.meta;
            if let Some(broken) = broken {
                doc.warn(broken.code, format!("{place}: {}", broken.message));
            }
        }
        Err(error) => doc.fail(error.code, format!("{place}: {}", error.message)),
    }
    if doc.id.is_empty() {
        doc.id = place;
    }
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

    fn decoded(form: Form, bytes: &[u8]) -> Document {
        let mut doc = Document::default();
        decode(raw(form, bytes), &DecodeOptions::default(), &mut doc);
        doc
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
        assert_eq!(doc.text, "a\u{fffd}b\u{fffd}");
        assert_eq!(doc.errors[0].code, ErrorCode::Encoding);
        assert!(doc.errors[0].message.starts_with("a: 2 byte sequences"), "{}", doc.errors[0].message);
    }

    #[test]
    fn faults_name_file_and_line() {
        let doc = decoded(Form::Json, b"{\"text\"");
        assert_eq!((doc.text.as_str(), doc.errors[0].code), ("", ErrorCode::BadInput));
        assert!(
            doc.errors[0].message.starts_with("a:3: no JSON object (column 7)"),
            "{}",
            doc.errors[0].message
        );
    }
}
