//! The stage: provides the layers `tokens` and `sentences`.

use pipeline_core::{BatchStage, Doc, Init, Out, Result, StageInfo};

use super::{Tokenizer, Words};

/// Cuts each document into words and sentences after the rules of its language.
pub struct TokenizeStage {
    tokenizer: Tokenizer,
}

impl BatchStage for TokenizeStage {
    const INFO: StageInfo = StageInfo::new("tokenize", "words and sentences, after the rules of the language")
        .optional(&["language"])
        .provides(&["tokens", "sentences"]);
    type Worker = Words;

    fn new(_: &Init<'_>) -> Result<Self> {
        Ok(Self { tokenizer: Tokenizer::new() })
    }

    fn worker(&self) -> Words {
        Words::default()
    }

    fn process_with(&self, words: &mut Words, doc: Doc<'_>, out: &mut Out<'_>) -> Result {
        self.tokenizer.run(doc.text(), doc.language().0, words);
        out.tokens(&words.tokens, &words.kinds);
        out.sentences(&words.sentences);
        Ok(())
    }
}
