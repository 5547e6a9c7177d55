//! Texts for records without: from the documents that `run` read.

use std::collections::{HashMap, VecDeque};
use std::path::PathBuf;

use pipeline_core::Document;
use pipeline_core::engine::Source;
use pipeline_core::plan::Plan;

use crate::read::{self, DecodeOptions, Decoder, Input, RawDoc, ReadLimits};

/// Bytes of texts kept in case that their records come later.
const KEPT: usize = 256 << 20;

/// The documents, read once and in step with the records, which are in the same order.
pub struct Texts {
    input: Input,
    options: DecodeOptions,
    /// Of no stage: the documents are only read.
    plan: Plan,
    chunk: VecDeque<RawDoc>,
    /// Texts that were passed over.
    passed: HashMap<String, String>,
    kept: usize,
}

impl Texts {
    /// Opens files and folders as `run` does.
    ///
    /// # Errors
    /// In words for the user: what `run` says of the same input.
    pub fn open(source: &[PathBuf], text_field: &str, id_field: &str) -> Result<Self, String> {
        let sources = read::list(source).map_err(|error| format!("--source: {error}"))?;
        let limits = ReadLimits { documents: u64::MAX, document_bytes: u64::MAX };
        let options = DecodeOptions {
            text_field: text_field.to_owned(),
            id_field: id_field.to_owned(),
            ..DecodeOptions::default()
        };
        let plan = Plan::new(&[], options.supplied(), &[]).map_err(|error| error.to_string())?;
        let input = Input::new(sources, options.clone(), limits);
        Ok(Self { input, options, plan, chunk: VecDeque::new(), passed: HashMap::new(), kept: 0 })
    }

    /// Text of the document `id`.
    ///
    /// # Errors
    /// In words for the user, when there is none.
    pub fn of(&mut self, id: &str) -> Result<String, String> {
        if let Some(text) = self.passed.remove(id) {
            self.kept -= text.len();
            return Ok(text);
        }
        while let Some(doc) = self.next()? {
            if doc.id == id {
                return Ok(doc.text);
            }
            if self.kept + doc.text.len() <= KEPT {
                self.kept += doc.text.len();
                self.passed.insert(doc.id, doc.text);
            }
        }
        Err(format!(
            "--source has no document {id}: give the same files and folders that `run` read, in the same order, \
             with the same --id-field"
        ))
    }

    fn next(&mut self) -> Result<Option<Document>, String> {
        if self.chunk.is_empty() {
            let mut chunk = Vec::new();
            self.input.next_chunk(&mut chunk).map_err(|error| format!("--source cannot be read: {error}"))?;
            self.chunk = chunk.into();
        }
        let Some(raw) = self.chunk.pop_front() else { return Ok(None) };
        let mut doc = Document::default();
        Decoder::new(&self.options, &self.plan).decode(raw, &mut doc);
        Ok(Some(doc))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_found_by_id_in_any_order() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a", "b", "c"] {
            std::fs::write(folder.path().join(format!("{name}.txt")), format!("text of {name}")).unwrap();
        }
        let mut texts = Texts::open(&[folder.path().to_path_buf()], "text", "id").unwrap();
        assert_eq!(texts.of("b.txt").unwrap(), "text of b");
        assert_eq!(texts.of("a.txt").unwrap(), "text of a");
        assert_eq!(texts.of("c.txt").unwrap(), "text of c");
        assert!(texts.of("d.txt").unwrap_err().contains("no document d.txt"));
    }
}
