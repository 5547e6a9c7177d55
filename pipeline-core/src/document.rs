//! A document and what has been found in it.

use crate::plan::Plan;
use crate::plugin::Table;
use crate::{ErrorCode, Span};

/// Longest text in bytes: offsets are 32 bits wide, and the largest stands for "none".
pub const MAX_TEXT: usize = u32::MAX as usize - 1;

/// What went wrong with a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocError {
    /// The stage, or `input` for what went wrong before any stage.
    pub stage: String,
    /// What kind.
    pub code: ErrorCode,
    /// In words.
    pub message: String,
}

/// A document: its text, which never changes, and the layers stages have put on it.
///
/// Layers are numbered as the [`Plan`] of the run has them.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// Its name.
    pub id: String,
    /// The text.
    pub text: String,
    /// Fields that came with it, as JSON (an object), for those who ask to keep them.
    pub meta: Option<String>,
    /// What went wrong with it.
    pub errors: Vec<DocError>,
    /// Stages that had nothing for it, with the reason.
    pub skipped: Vec<(String, String)>,
    pub(crate) ascii: bool,
    pub(crate) abandoned: bool,
    pub(crate) layers: Vec<Table>,
    pub(crate) present: Vec<bool>,
}

impl Document {
    /// A document with a name and a text.
    pub fn new(id: impl Into<String>, text: impl Into<String>) -> Self {
        Self { id: id.into(), text: text.into(), ..Self::default() }
    }

    /// Makes it empty, keeps its memory.
    pub fn clear(&mut self) {
        self.id.clear();
        self.text.clear();
        self.meta = None;
        self.errors.clear();
        self.skipped.clear();
        self.abandoned = false;
        self.present.fill(false);
    }

    /// Notes something that went wrong before any stage. The stages are not run on it.
    pub fn fail(&mut self, code: ErrorCode, message: impl Into<String>) {
        self.warn(code, message);
        self.abandoned = true;
    }

    /// Notes something that went wrong with the input and leaves the text fit to work on.
    pub fn warn(&mut self, code: ErrorCode, message: impl Into<String>) {
        self.errors.push(DocError { stage: "input".into(), code, message: message.into() });
    }

    /// Gets ready for a run: a table for each layer of the plan.
    pub(crate) fn prepare(&mut self, plan: &Plan) {
        self.ascii = self.text.is_ascii();
        if self.layers.len() != plan.layers().len() {
            self.layers = plan.layers().iter().map(|layer| layer.table()).collect();
            self.present = vec![false; self.layers.len()];
        }
        for (table, _) in self.layers.iter_mut().zip(&self.present).filter(|(_, present)| !**present) {
            table.clear();
        }
        if self.text.len() > MAX_TEXT {
            let message =
                format!("the text has {} bytes, at most {MAX_TEXT} are possible; split it", self.text.len());
            self.fail(ErrorCode::TextTooLong, message);
        }
    }

    /// A layer by the plan's number; `None` where nothing has made it.
    #[must_use]
    pub fn layer(&self, layer: usize) -> Option<&Table> {
        (*self.present.get(layer)?).then(|| &self.layers[layer])
    }

    /// Puts a layer on the document before the run, as a reader with gold annotations does. The layer must be one
    /// the plan counts as supplied; spans must be within the text and on character boundaries.
    ///
    /// # Errors
    /// Says which span is wrong.
    pub fn supply(&mut self, plan: &Plan, layer: usize, table: Table) -> Result<(), String> {
        if let Some(span) = table.spans.iter().find(|span| !fits(&self.text, **span)) {
            return Err(format!(
                "span {}..{} is not within the text on character boundaries",
                span.start, span.end
            ));
        }
        self.prepare(plan);
        self.layers[layer] = table;
        self.present[layer] = true;
        Ok(())
    }
}

/// Whether a span lies within a text and on its character boundaries.
pub(crate) fn fits(text: &str, span: Span) -> bool {
    let (start, end) = (span.start as usize, span.end as usize);
    start <= end && end <= text.len() && text.is_char_boundary(start) && text.is_char_boundary(end)
}
