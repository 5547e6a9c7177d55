//! The stage `language-lingua.short`: the language of short texts, by the n-gram models of lingua.
//!
//! Stands after `language`, whose trigrams need a few sentences. For texts up to `max_chars` characters in which lingua
//! is sure enough it puts its own answer in the place; all others keep theirs.

use lingua::{IsoCode639_1, Language, LanguageDetector, LanguageDetectorBuilder};
use pipeline_core::{Doc, Error, Init, Out, Result, Stage, StageInfo, Sym};

struct ShortTexts {
    detector: LanguageDetector,
    /// Codes of the languages, as symbols.
    codes: Vec<(Language, Sym)>,
    max_chars: usize,
    min_confidence: f32,
}

impl Stage for ShortTexts {
    const INFO: StageInfo = StageInfo::new("language-lingua.short", "the language of short texts")
        .requires(&["language"])
        .replaces(&["language"])
        .config(
            r#"{"type":"object","additionalProperties":false,"properties":{
            "max_chars":{"type":"integer","minimum":1,"default":200,"description":"longest text that is looked at"},
            "min_confidence":{"type":"number","minimum":0,"maximum":1,"default":0.5,
                "description":"below this the answer of the stage before stays"},
            "languages":{"type":"array","items":{"type":"string"},"minItems":2,
                "description":"languages to choose from (ISO 639-1); all that lingua knows where not given"}}}"#,
        );

    fn new(cx: &Init<'_>) -> Result<Self> {
        let names: Vec<String> = cx.get("languages", Vec::new())?;
        let languages = names.iter().map(|name| language(name)).collect::<Result<Vec<_>>>()?;
        let languages = if languages.is_empty() { Language::all().into_iter().collect() } else { languages };
        let code = |language: Language| language.iso_code_639_1().to_string();
        Ok(Self {
            detector: LanguageDetectorBuilder::from_languages(&languages).build(),
            codes: languages.iter().map(|&language| (language, cx.sym(&code(language)))).collect(),
            max_chars: cx.get("max_chars", 200)?,
            min_confidence: cx.get("min_confidence", 0.5)?,
        })
    }

    fn process(&self, doc: Doc<'_>, out: &mut Out<'_>) -> Result {
        match self.answer(doc.text()) {
            Some((code, confidence)) => out.language(code, confidence, code),
            None => out.keep(),
        }
        Ok(())
    }
}

impl ShortTexts {
    /// The language of a text that is short and has letters, if it is sure enough.
    fn answer(&self, text: &str) -> Option<(Sym, f32)> {
        let short = text.chars().nth(self.max_chars).is_none();
        if !short || !text.contains(char::is_alphabetic) {
            return None;
        }
        let values = self.detector.compute_language_confidence_values(text);
        let &(language, confidence) = values.first()?;
        // Sums over tables without order: the last digits differ from run to run.
        let confidence = ((confidence * 1000.0).round() / 1000.0) as f32;
        let code = self.codes.iter().find(|(known, _)| *known == language)?.1;
        (confidence >= self.min_confidence).then_some((code, confidence))
    }
}

fn language(code: &str) -> Result<Language> {
    let known =
        |code: &str| code.parse::<IsoCode639_1>().ok().map(|code| Language::from_iso_code_639_1(&code));
    known(code).ok_or_else(|| {
        Error::new(format!(
            "option `languages`: lingua does not know `{code}`; codes are ISO 639-1, like `de`"
        ))
    })
}

pipeline_core::export_plugin!(ShortTexts);

#[cfg(test)]
mod tests;
