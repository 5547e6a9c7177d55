//! Words and sentences as a stage of the pipeline.

use pipeline_core::{BatchStage, Doc, Init, Out, Result, StageInfo};

use super::{Tokenizer, Words};

/// The `tokenize` stage: words and sentences after the rules of the document's language.
pub struct TokenizeStage(Tokenizer);

impl BatchStage for TokenizeStage {
    const INFO: StageInfo = StageInfo::new("tokenize", "words and sentences")
        .optional(&["language"])
        .provides(&["tokens", "sentences"])
        .config(r#"{"type":"object","additionalProperties":false,"properties":{}}"#);
    type Worker = Words;

    fn new(_: &Init<'_>) -> Result<Self> {
        Ok(Self(Tokenizer::new()))
    }

    fn worker(&self) -> Words {
        Words::default()
    }

    fn process_with(&self, words: &mut Words, doc: Doc<'_>, out: &mut Out<'_>) -> Result {
        self.0.run(doc.text(), doc.route(), words);
        out.sentences(&words.sentences);
        out.take_tokens(&mut words.tokens, &mut words.kinds);
        Ok(())
    }
}
