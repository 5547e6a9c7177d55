//! Language as a stage of the pipeline.

use pipeline_core::{BatchStage, Doc, Init, Out, Result, Span, StageInfo, Sym};

use super::{Detection, Detector, Memory};

/// The `language` stage: tells the language of each document and of its passages.
pub struct LanguageStage {
    detector: Detector,
    forced: Option<Sym>,
    fallback: Sym,
    min_confidence: f32,
    passages: bool,
}

/// Scratch: what words said, and passages of the document at hand.
#[derive(Default)]
pub struct Worker {
    memory: Memory,
    passages: Vec<(Span, Detection)>,
}

impl BatchStage for LanguageStage {
    const INFO: StageInfo = StageInfo::new("language", "the language of a document and of its passages")
        .provides(&["language", "passages"])
        .config(
            r#"{"type":"object","additionalProperties":false,"properties":{
            "language":{"type":"string","default":"auto","description":"BCP 47 code of the language of all documents; auto: it is told for each"},
            "fallback":{"type":"string","default":"en","description":"language to go by where it cannot be told"},
            "min_confidence":{"type":"number","minimum":0,"maximum":1,"default":0.5,
                "description":"below this the fallback is gone by"},
            "passages":{"type":"boolean","default":false,"description":"tell each passage's language too"}}}"#,
        );
    type Worker = Worker;

    fn new(cx: &Init<'_>) -> Result<Self> {
        let forced: String = cx.get("language", "auto".to_owned())?;
        Ok(Self {
            detector: Detector::new(),
            forced: (forced != "auto").then(|| cx.sym(&forced)),
            fallback: cx.sym(&cx.get("fallback", "en".to_owned())?),
            min_confidence: cx.get("min_confidence", 0.5)?,
            passages: cx.get("passages", false)?,
        })
    }

    fn worker(&self) -> Worker {
        Worker::default()
    }

    fn process_with(&self, worker: &mut Worker, doc: Doc<'_>, out: &mut Out<'_>) -> Result {
        match self.forced {
            Some(code) => out.language(code, 1.0, code),
            None => self.document(&mut worker.memory, doc, out),
        }
        if self.passages {
            self.detector.passages(&mut worker.memory, doc.text(), &mut worker.passages);
            for (span, found) in &worker.passages {
                out.passage(*span, doc.host().intern(found.code), found.confidence);
            }
        }
        Ok(())
    }
}

impl LanguageStage {
    fn document(&self, memory: &mut Memory, doc: Doc<'_>, out: &mut Out<'_>) {
        let found = self.detector.detect_with(memory, doc.text());
        let code = doc.host().intern(found.code);
        let known = found.code != "und" && found.confidence >= self.min_confidence;
        out.language(code, found.confidence, if known { code } else { self.fallback });
    }
}
