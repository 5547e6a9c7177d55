//! The stage `segment-words.icu`: words of Chinese, Japanese and Thai, which are written without spaces.
//!
//! Stands between `tokenize` and what works on words. In documents of these languages the words that `tokenize` has cut
//! next to each other out of one stretch of ideographs, kana or Thai letters are put together again and cut by the
//! dictionaries (Chinese, Japanese) and the neural model (Thai) of ICU. Numbers, marks, addresses and words in other
//! scripts stay as they are, and so do all words of documents in other languages.

mod script;

use icu_segmenter::options::WordBreakInvariantOptions;
use icu_segmenter::{WordSegmenter, WordSegmenterBorrowed};
use pipeline_core::{BatchStage, Doc, Init, Out, Result, Span, StageInfo};

/// The kind of token that a word is.
const WORD: u8 = 0;
/// Languages whose words are cut anew, without region or script.
const LANGUAGES: [&str; 3] = ["zh", "ja", "th"];

struct SegmentWords {
    segmenter: WordSegmenterBorrowed<'static>,
}

/// Scratch: the words of the document at hand.
#[derive(Default)]
struct Words {
    spans: Vec<Span>,
    kinds: Vec<u8>,
}

impl BatchStage for SegmentWords {
    const INFO: StageInfo = StageInfo::new("segment-words.icu", "words of Chinese, Japanese and Thai")
        .requires(&["language", "tokens"])
        .replaces(&["tokens"])
        .config(r#"{"type":"object","additionalProperties":false,"properties":{}}"#);
    type Worker = Words;

    fn new(_: &Init<'_>) -> Result<Self> {
        Ok(Self { segmenter: WordSegmenter::new_auto(WordBreakInvariantOptions::default()) })
    }

    fn worker(&self) -> Words {
        Words::default()
    }

    fn process_with(&self, words: &mut Words, doc: Doc<'_>, out: &mut Out<'_>) -> Result {
        let language = doc.route().split('-').next().unwrap_or_default();
        if LANGUAGES.contains(&language) {
            self.cut(doc, words);
            out.tokens(&words.spans, &words.kinds);
        } else {
            out.keep();
        }
        Ok(())
    }
}

impl SegmentWords {
    fn cut(&self, doc: Doc<'_>, words: &mut Words) {
        words.spans.clear();
        words.kinds.clear();
        let (tokens, kinds) = (doc.tokens(), doc.token_kinds());
        let mut first = 0;
        while first < tokens.len() {
            let after = first + run(doc, &tokens[first..], &kinds[first..]);
            if after > first {
                self.cut_run(doc, Span::new(tokens[first].start, tokens[after - 1].end), words);
                first = after;
            } else {
                words.push(tokens[first], kinds[first]);
                first += 1;
            }
        }
    }

    /// Cuts a stretch of text without spaces.
    fn cut_run(&self, doc: Doc<'_>, run: Span, words: &mut Words) {
        let mut start = run.start;
        for end in self.segmenter.segment_str(&doc[run]).map(|end| run.start + end as u32) {
            if end > start {
                words.push(Span::new(start, end), WORD);
                start = end;
            }
        }
    }
}

impl Words {
    fn push(&mut self, span: Span, kind: u8) {
        self.spans.push(span);
        self.kinds.push(kind);
    }
}

/// How many of the tokens belong to the stretch that the first begins; 0 if it begins none.
fn run(doc: Doc<'_>, tokens: &[Span], kinds: &[u8]) -> usize {
    let in_script =
        |index: usize| kinds[index] == WORD && doc[tokens[index]].chars().all(script::without_spaces);
    let joined = |index: usize| index == 0 || tokens[index - 1].end == tokens[index].start;
    (0..tokens.len()).find(|&index| !joined(index) || !in_script(index)).unwrap_or(tokens.len())
}

pipeline_core::export_plugin!(SegmentWords);

#[cfg(test)]
mod tests;
