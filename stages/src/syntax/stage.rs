//! Part of speech and dependencies as a stage of the pipeline.

use pipeline_core::{BatchStage, Doc, Error, Init, Out, Result, Span, StageInfo, Sym};

use super::{Parsed, Parser, Scratch};
use crate::builtin;
use crate::entities::values::Label;

/// The `syntax` stage: part of speech and dependencies of words.
pub struct SyntaxStage {
    models: Vec<Model>,
    /// Whether only sentences with two names or more are parsed, where there are names.
    names_only: bool,
}

struct Model {
    parser: Parser,
    pos: Vec<Sym>,
    labels: Vec<Sym>,
}

/// Scratch: memory of each model, and what was found in the document at hand.
#[derive(Default)]
pub struct Worker {
    scratch: Vec<Scratch>,
    parsed: Vec<Parsed>,
    names: Vec<u32>,
    pos: Vec<Sym>,
    heads: Vec<u32>,
    labels: Vec<Sym>,
}

/// No head: of a root, and of a token that was not parsed.
const NO_HEAD: u32 = u32::MAX;

impl BatchStage for SyntaxStage {
    const INFO: StageInfo = StageInfo::new("syntax", "part of speech and dependencies of words")
        .requires(&["tokens", "sentences"])
        .optional(&["language", "entities"])
        .provides(&["syntax"])
        .config(
            r#"{"type":"object","additionalProperties":false,"properties":{
            "models":{"type":"array","items":{"type":"string"},"default":["builtin:en"],
                "description":"built-in models and files that `pipeline train syntax` wrote"},
            "sentences":{"type":"string","enum":["names","all"],"default":"names",
                "description":"sentences that are parsed: those with two names or more, or all; all where the layer is asked for or there are no names"}}}"#,
        );
    type Worker = Worker;

    fn new(cx: &Init<'_>) -> Result<Self> {
        let models = builtin::models(cx, const { &builtin::of(super::KIND) }, |bytes| {
            let parser = Parser::load(&bytes)?;
            let symbols = |words: &[String]| words.iter().map(|word| cx.sym(word)).collect();
            Ok(Model { pos: symbols(parser.pos()), labels: symbols(parser.labels()), parser })
        })?;
        let names_only = match cx.get("sentences", "names".to_owned())?.as_str() {
            "names" => true,
            "all" => false,
            other => {
                return Err(Error::new(format!(
                    "sentences = \"{other}\" is unknown: use \"names\" or \"all\""
                )));
            }
        };
        Ok(Self { models, names_only })
    }

    fn worker(&self) -> Worker {
        Worker { scratch: self.models.iter().map(|_| Scratch::default()).collect(), ..Worker::default() }
    }

    fn process_with(&self, worker: &mut Worker, doc: Doc<'_>, out: &mut Out<'_>) -> Result {
        let languages = self.models.iter().map(|model| model.parser.header().languages.as_slice());
        let index = builtin::choose(languages, doc.route())?;
        let names_only = self.names_only && doc.layer("entities").is_made();
        worker.begin(doc, names_only);
        // A document that says little of names is parsed for what it says.
        let names_only =
            names_only && doc.sentences().iter().any(|&sentence| names_in(&worker.names, sentence) >= 2);
        let tokens = doc.tokens();
        let mut token = 0;
        for &sentence in doc.sentences() {
            token += tokens[token..].partition_point(|span| span.start < sentence.start);
            let end = token + tokens[token..].partition_point(|span| span.start < sentence.end);
            if !names_only || names_in(&worker.names, sentence) >= 2 {
                worker.parse(&self.models[index], index, doc.text(), &tokens[token..end], token);
            }
            token = end;
        }
        out.syntax(&worker.pos, &worker.heads, &worker.labels);
        Ok(())
    }
}

impl Worker {
    /// Blank rows for all tokens, and where the names begin, in text order.
    fn begin(&mut self, doc: Doc<'_>, names_only: bool) {
        let count = doc.tokens().len();
        for symbols in [&mut self.pos, &mut self.labels] {
            symbols.clear();
            symbols.resize(count, Sym::EMPTY);
        }
        self.heads.clear();
        self.heads.resize(count, NO_HEAD);
        self.names.clear();
        if names_only {
            let entities = doc.entities();
            let rows = entities.spans.iter().zip(entities.labels);
            let names = rows.filter(|(_, label)| !Label::NAMES.contains(&doc.host().text(**label)));
            self.names.extend(names.map(|(span, _)| span.start));
            self.names.sort_unstable();
        }
    }

    /// Parses a sentence, whose first token is number `first`.
    fn parse(&mut self, model: &Model, index: usize, text: &str, tokens: &[Span], first: usize) {
        self.parsed.clear();
        model.parser.parse(text, tokens, &mut self.scratch[index], &mut self.parsed);
        for (row, word) in (first..).zip(&self.parsed) {
            self.pos[row] = model.pos[usize::from(word.pos)];
            self.heads[row] = word.head.map_or(NO_HEAD, |head| first as u32 + head);
            self.labels[row] = model.labels[usize::from(word.label)];
        }
    }
}

fn names_in(names: &[u32], sentence: Span) -> usize {
    let before = |place: u32| names.partition_point(|start| *start < place);
    before(sentence.end) - before(sentence.start)
}
