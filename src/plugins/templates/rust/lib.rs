//! The stage `{{stage}}`: marks words that begin with a capital.

use pipeline_core::{Doc, Init, Out, Result, Stage, StageInfo, Sym, export_plugin};

struct {{type}} {
    label: Sym,
    min_len: u32,
}

impl Stage for {{type}} {
    const INFO: StageInfo = StageInfo::new("{{stage}}", "marks words that begin with a capital")
        .requires(&["tokens"])
        .extends(&["entities"])
        .config(
            r#"{"type": "object", "properties": {
                "min_len": {"type": "integer", "minimum": 1, "default": 3, "description": "bytes a word must have"}
            }}"#,
        );

    /// Made once a run: load files here, and look up the symbols of labels.
    fn new(cx: &Init<'_>) -> Result<Self> {
        Ok(Self { label: cx.sym("CAP"), min_len: cx.get("min_len", 3)? })
    }

    /// Called for each document, from many threads at once.
    fn process(&self, doc: Doc<'_>, out: &mut Out<'_>) -> Result {
        for token in doc.tokens() {
            if token.len() >= self.min_len && doc[token].starts_with(char::is_uppercase) {
                out.entity(*token, self.label, 1.0);
            }
        }
        Ok(())
    }
}

export_plugin!({{type}});
