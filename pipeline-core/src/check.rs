//! The contract suite: what every stage must keep to, whoever wrote it and wherever it comes from.
//!
//! Spans within the text and on character boundaries, known symbols, references to rows that exist and the
//! declared shapes are checked by the host at every hand-over, so any breach shows as an error of a document. What is
//! left to see here: that hostile texts do not make the stage fail, and that the same text gives the same output
//! whatever the batch, the neighbours and the thread.

use std::fmt;

use crate::document::Document;
use crate::pipeline::{Pipeline, StageSource, StageUse};
use crate::plan::LayerDef;
use crate::plugin::Table;
use crate::{ErrorCode, Kind};

/// A breach of the contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// Which rule.
    pub rule: &'static str,
    /// What was seen, and on which text.
    pub what: String,
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.rule, self.what)
    }
}

/// Texts that break what is not careful: empty, blank, one character of each length, combining and joined ones,
/// right-to-left, control characters, no spaces, only punctuation, very long words, mixed scripts.
#[must_use]
pub fn hostile_texts() -> Vec<String> {
    let mut texts: Vec<String> = [
        "",
        " ",
        "\n\n\n",
        "\u{feff}",
        "\0\u{1}\u{7f}",
        "a",
        "é",
        "漢",
        "😀",
        "👩‍👩‍👧‍👦🇩🇪👍🏽",
        "e\u{301}\u{300}\u{323}",
        "\u{202e}tfel ot thgir\u{202c}",
        "مرحبا بالعالم، كيف الحال؟",
        "שלום עולם",
        "สวัสดีชาวโลก",
        "今天北京下雨。明天呢？",
        "....!!!???---",
        "\"'“”‘’«»()[]{}",
        "U.S. U.S. U.S.",
        "don't can't won't 'tis O'Neil",
        "http://example.com/a?b=c#d x@example.org @who #what $MU MU.O",
        "1,234.56 €3m 12.5% 1/2 10:30 2020-01-01",
        "ALL CAPITALS HERE AND THERE",
        "Line one\r\nLine two\rLine three\u{2028}Line four\u{85}",
        "\u{a0}\u{2003}wide\u{3000}spaces\u{200b}",
    ]
    .map(String::from)
    .into();
    texts.push("x".repeat(10_000));
    texts.push("é".repeat(5_000));
    texts.push("(".repeat(3_000));
    texts.push("a. ".repeat(3_000));
    texts
}

/// Runs a stage, with the stages it needs before it, over `texts` and the hostile ones, and reports every breach.
///
/// # Errors
/// When the stages cannot be put together at all.
pub fn check(stage: &StageUse, before: &[StageUse], texts: &[String]) -> Result<Vec<Breach>, String> {
    check_telling(stage, before, texts, &mut |_| {})
}

/// As [`check`]; `tell` hears what is done next, so that it is known even if the stage ends the process.
///
/// # Errors
/// When the stages cannot be put together at all.
pub fn check_telling(
    stage: &StageUse,
    before: &[StageUse],
    texts: &[String],
    tell: &mut dyn FnMut(&str),
) -> Result<Vec<Breach>, String> {
    let mut texts: Vec<String> = texts.to_vec();
    texts.extend(hostile_texts());
    let uses = before.iter().chain([stage]).cloned().collect();
    tell("while the stage was made");
    let pipeline = Pipeline::new(uses, &[], &[], Box::new(|_, _| {}))?;
    let mut breaches = Vec::new();
    let mut alone = Vec::with_capacity(texts.len());
    for text in &texts {
        tell(&format!("on the text {}", excerpt(text)));
        alone.extend(results(&pipeline, &[text]));
    }
    for (text, result) in texts.iter().zip(&alone) {
        breaches.extend(result.failure(text));
    }
    tell("on all texts in a batch");
    compare(&mut breaches, "same alone and in a batch", &texts, &alone, &results(&pipeline, &refs(&texts)));
    compare(&mut breaches, "same a second time", &texts, &alone, &results(&pipeline, &refs(&texts)));
    let backwards: Vec<_> = texts.iter().rev().collect();
    let mut reversed = results(&pipeline, &backwards);
    reversed.reverse();
    compare(&mut breaches, "same whatever the neighbours", &texts, &alone, &reversed);
    tell("on many threads at once");
    for threaded in on_threads(&pipeline, &texts) {
        compare(&mut breaches, "same on many threads at once", &texts, &alone, &threaded);
    }
    tell("when the stage was ended");
    drop(pipeline);
    Ok(breaches)
}

fn refs(texts: &[String]) -> Vec<&String> {
    texts.iter().collect()
}

fn on_threads(pipeline: &Pipeline, texts: &[String]) -> Vec<Vec<Outcome>> {
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| results(pipeline, &refs(texts)))).collect();
        threads.into_iter().filter_map(|thread| thread.join().ok()).collect()
    })
}

/// What a run said of one text, with symbols as words.
#[derive(Debug, PartialEq)]
struct Outcome {
    layers: Vec<String>,
    errors: Vec<(String, ErrorCode, String)>,
}

impl Outcome {
    fn failure(&self, text: &str) -> Option<Breach> {
        let (stage, code, message) = self.errors.first()?;
        let what = format!("{stage} on {}: {code}: {message}", excerpt(text));
        let rule = if *code == ErrorCode::InvalidOutput { "valid output" } else { "no failure on any text" };
        Some(Breach { rule, what })
    }
}

fn results(pipeline: &Pipeline, texts: &[&String]) -> Vec<Outcome> {
    let mut docs: Vec<_> = texts.iter().map(|text| Document::new("check", text.as_str())).collect();
    if let Err(message) = pipeline.process(&mut docs) {
        let errors = vec![("run".to_string(), ErrorCode::Stage, message)];
        return docs.iter().map(|_| Outcome { layers: Vec::new(), errors: errors.clone() }).collect();
    }
    docs.iter().map(|doc| outcome(pipeline, doc)).collect()
}

fn outcome(pipeline: &Pipeline, doc: &Document) -> Outcome {
    let layers = pipeline.plan().layers().iter().enumerate();
    let layers = layers.filter_map(|(number, def)| Some(print(pipeline, def, doc.layer(number)?))).collect();
    let errors =
        doc.errors.iter().map(|error| (error.stage.clone(), error.code, error.message.clone())).collect();
    Outcome { layers, errors }
}

/// A table in words that do not depend on the numbers of symbols.
fn print(pipeline: &Pipeline, def: &LayerDef, table: &Table) -> String {
    let mut text = format!("{}: {:?}", def.name, table.spans);
    for (col, values) in def.cols.iter().zip(&table.cols) {
        let values = match values {
            crate::ColumnData::Sym(syms) => {
                format!("{:?}", syms.iter().map(|sym| pipeline.symbols().text(*sym)).collect::<Vec<_>>())
            }
            other => format!("{other:?}"),
        };
        debug_assert!(col.kind != Kind::Sym || values.starts_with('['));
        text.push_str(&format!(" {}={values}", col.name));
    }
    text
}

fn compare(breaches: &mut Vec<Breach>, rule: &'static str, texts: &[String], a: &[Outcome], b: &[Outcome]) {
    let differs = texts.iter().zip(a.iter().zip(b)).find(|(_, (a, b))| a != b);
    breaches.extend(differs.map(|(text, _)| Breach { rule, what: format!("differs on {}", excerpt(text)) }));
}

fn excerpt(text: &str) -> String {
    let start: String = text.chars().take(40).collect();
    format!("{start:?}{}", if text.chars().nth(40).is_some() { "…" } else { "" })
}

/// As [`check`], for a stage that is linked in, with its options.
///
/// # Errors
/// When the stages cannot be put together at all.
pub fn check_linked<S: crate::BatchStage>(
    config: &str,
    before: &[StageUse],
    texts: &[String],
) -> Result<Vec<Breach>, String> {
    let mut stage = StageUse::new(StageSource::linked::<S>()?);
    stage.config = config.into();
    check(&stage, before, texts)
}
