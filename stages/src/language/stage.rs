//! The stage: provides the layer `language`.

use pipeline_core::{Doc, Init, Out, Result, Stage, StageInfo, Sym};

use super::Detector;

/// Tells the language of each document, or takes the one it is given.
pub struct LanguageStage {
    detector: Detector,
    /// The language of all documents, where the user says so.
    given: Option<Sym>,
}

impl Stage for LanguageStage {
    const INFO: StageInfo = StageInfo::new("language", "the language of the document")
        .provides(&["language"])
        .config(
            r#"{"type":"object","additionalProperties":false,"properties":{"language":{"type":"string","description":"BCP 47 code of the language of all documents; auto: it is told for each"}}}"#,
        );

    fn new(cx: &Init<'_>) -> Result<Self> {
        let language = cx.get("language", "auto".to_owned())?;
        let given = (language != "auto").then(|| cx.sym(&language));
        Ok(Self { detector: Detector::new(), given })
    }

    fn process(&self, doc: Doc<'_>, out: &mut Out<'_>) -> Result {
        if let Some(code) = self.given {
            out.language(code, 1.0);
            return Ok(());
        }
        let found = self.detector.detect(doc.text());
        let code = doc.host().intern(found.code);
        out.language(code, found.confidence);
        Ok(())
    }
}
