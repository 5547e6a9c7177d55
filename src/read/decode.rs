//! From a raw piece of input to a document: the part of reading that workers do.

use encoding_rs::{Encoding, UTF_8};
use pipeline_core::layers::META;
use pipeline_core::plan::Plan;
use pipeline_core::{ColumnData, Document, ErrorCode, MAX_TEXT, Table};

use super::fields::Fields;
use super::{Body, InputError, RawDoc, encoding, jsonl};

/// What the fields of a record are, and how bytes become text.
#[derive(Clone, Debug)]
pub struct DecodeOptions {
    /// The field that holds the text.
    pub text_field: String,
    /// The field that holds the id; where it is absent the id is `file:line`.
    pub id_field: String,
    /// The field that holds the title, if there is one.
    pub title_field: Option<String>,
    /// The field that holds the date, likewise.
    pub date_field: Option<String>,
    /// Date of documents that have none of their own.
    pub date: Option<String>,
    /// Whether other fields are kept.
    pub keep_meta: bool,
    /// What the bytes of text and JSON are.
    pub encoding: &'static Encoding,
}

impl Default for DecodeOptions {
    fn default() -> Self {
        Self {
            text_field: "text".to_owned(),
            id_field: "id".to_owned(),
            title_field: None,
            date_field: None,
            date: None,
            keep_meta: false,
            encoding: UTF_8,
        }
    }
}

impl DecodeOptions {
    /// Layers that come with the documents: title and date, where there are any.
    #[must_use]
    pub fn supplied(&self) -> &'static [&'static str] {
        let any = self.title_field.is_some() || self.date_field.is_some() || self.date.is_some();
        if any { &["meta"] } else { &[] }
    }
}

/// Makes documents; made for one plan.
pub struct Decoder<'a> {
    options: &'a DecodeOptions,
    plan: &'a Plan,
    /// The layer of title and date, if any are wanted.
    meta: Option<usize>,
}

impl<'a> Decoder<'a> {
    /// A decoder for documents of `plan`, to which [`DecodeOptions::supplied`] was told.
    #[must_use]
    pub fn new(options: &'a DecodeOptions, plan: &'a Plan) -> Self {
        let meta = if options.supplied().is_empty() { None } else { plan.layer("meta") };
        Self { options, plan, meta }
    }

    /// Makes a document of a piece of input: `doc`, which is empty, gets its id, its text and what was wrong.
    pub fn decode(&self, raw: RawDoc, doc: &mut Document) {
        let RawDoc { source, line, body } = raw;
        let place = if line == 0 { source.to_string() } else { format!("{source}:{line}") };
        match body.and_then(|body| self.fields(body)) {
            Ok((fields, broken)) => {
                doc.text = fields.text.unwrap_or_default();
                doc.id = fields.id.unwrap_or_default();
                doc.meta = fields.meta;
                self.supply(fields.title, fields.date, doc);
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

    /// The fields of a piece, and what had to be replaced in it.
    fn fields(&self, body: Body) -> Result<(Fields, Option<InputError>), InputError> {
        match body {
            Body::Fields(fields) if fields.text.is_none() => Err(no_text(&self.options.text_field)),
            Body::Fields(fields) => Ok((*fields, None)),
            Body::Text(bytes) => {
                let (text, broken) = self.text(bytes);
                Ok((Fields { text: Some(text), ..Fields::default() }, broken))
            }
            Body::Json(bytes) => {
                let (line, broken) = self.text(bytes);
                // Some programs mark a file as UTF-8 at its start, where JSON has no place for it.
                let fields = jsonl::fields(line.strip_prefix('\u{feff}').unwrap_or(&line), self.options);
                match (fields, broken) {
                    (Ok(fields), broken) => Ok((fields, broken)),
                    // The bytes are the likelier reason.
                    (Err(error), Some(broken)) => {
                        Err(InputError { message: format!("{}; {}", error.message, broken.message), ..error })
                    }
                    (Err(error), None) => Err(error),
                }
            }
        }
    }

    fn text(&self, bytes: Vec<u8>) -> (String, Option<InputError>) {
        let wide = bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF");
        // Such streams were decoded when they were read.
        let encoding =
            if encoding::has_ascii_lines(self.options.encoding) { self.options.encoding } else { UTF_8 };
        let (text, broken) = encoding::decode(bytes, encoding);
        let name = encoding.name();
        let hint = if wide { "; this looks like UTF-16, name it with --encoding" } else { "" };
        let message = format!("{broken} byte sequences are not {name}; each was replaced with U+FFFD{hint}");
        (text, (broken > 0).then(|| InputError::new(ErrorCode::Encoding, message)))
    }

    fn supply(&self, title: Option<String>, date: Option<String>, doc: &mut Document) {
        let Some(layer) = self.meta.filter(|_| doc.text.len() <= MAX_TEXT) else { return };
        let date = date.as_deref().or(self.options.date.as_deref());
        let rows = [("title", title.as_deref()), ("date", date)];
        let rows: Vec<_> = rows.into_iter().filter_map(|(key, value)| Some((key, value?))).collect();
        let column = |words: Vec<&str>| {
            let (mut offsets, mut bytes) = (vec![0], Vec::new());
            for word in words {
                bytes.extend_from_slice(word.as_bytes());
                offsets.push(bytes.len() as u32);
            }
            ColumnData::Str { offsets, bytes }
        };
        let cols = vec![
            column(rows.iter().map(|row| row.0).collect()),
            column(rows.iter().map(|row| row.1).collect()),
        ];
        let mut table = Table::of(META.cols);
        (table.len, table.cols) = (rows.len(), cols);
        // Only spans can be refused, and there are none.
        let _ = doc.supply(self.plan, layer, table);
    }
}

pub(super) fn no_text(field: &str) -> InputError {
    let message = format!("no text in the field `{field}`: name the field that has it with --text-field");
    InputError::new(ErrorCode::MissingField, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(body: Body) -> Document {
        let mut doc = Document::default();
        let line = u64::from(matches!(body, Body::Json(_))) * 3;
        let plan = Plan::new(&[], &[], &[]).unwrap();
        let options = DecodeOptions::default();
        Decoder::new(&options, &plan).decode(RawDoc { source: "a".into(), line, body: Ok(body) }, &mut doc);
        doc
    }

    #[test]
    fn ids_come_from_the_field_or_the_place() {
        assert_eq!(decoded(Body::Json(b"{\"id\":\"x\",\"text\":\"t\"}".into())).id, "x");
        assert_eq!(decoded(Body::Json("\u{feff}{\"text\":\"t\"}".into())).id, "a:3");
        assert_eq!(decoded(Body::Text(b"t".into())).id, "a");
    }

    #[test]
    fn broken_bytes_are_replaced_and_counted() {
        let doc = decoded(Body::Text(b"a\xFFb\xC3".into()));
        assert_eq!(doc.text, "a\u{fffd}b\u{fffd}");
        assert_eq!(doc.errors[0].code, ErrorCode::Encoding);
        assert!(doc.errors[0].message.starts_with("a: 2 byte sequences"), "{}", doc.errors[0].message);
        let doc = decoded(Body::Text(b"\xFF\xFEa\0".into()));
        assert!(doc.errors[0].message.contains("--encoding"), "{}", doc.errors[0].message);
    }

    #[test]
    fn faults_name_file_and_line() {
        let doc = decoded(Body::Json(b"{\"text\"".into()));
        assert_eq!((doc.text.as_str(), doc.errors[0].code), ("", ErrorCode::BadInput));
        assert!(
            doc.errors[0].message.starts_with("a:3: no JSON object (column 7)"),
            "{}",
            doc.errors[0].message
        );
    }
}
