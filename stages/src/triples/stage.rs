//! Open relations as a stage of the pipeline.

use pipeline_core::{BatchStage, Doc, Error, Init, Out, Result, Span, StageInfo, Sym};

use super::Found;
use super::extract::Extractor;
use super::roles::{Role, Sense};
use super::tags::{Meanings, Pos};
use super::tree::{NONE, Node, Tree};

/// The `triples` stage: who does what to whom, in the words of the text.
pub struct TriplesStage {
    roles: [Sym; Role::COUNT],
    least: f32,
}

/// Scratch: memory of the extraction, and what symbols mean.
#[derive(Default)]
pub struct Worker {
    extractor: Extractor,
    meanings: Meanings,
    found: Found,
    /// What entities say of stretches of the text, in its order.
    senses: Vec<(Span, Sense)>,
}

impl BatchStage for TriplesStage {
    const INFO: StageInfo = StageInfo::new("triples", "who does what to whom, in the words of the text")
        .requires(&["tokens", "sentences", "syntax"])
        .optional(&["language", "entities"])
        .provides(&["triples", "triple_args"])
        .config(
            r#"{"type":"object","additionalProperties":false,"properties":{
            "min_score":{"type":"number","minimum":0,"maximum":1,"default":0.25,
                "description":"triples with a lower score are left out"}}}"#,
        );
    type Worker = Worker;

    fn new(cx: &Init<'_>) -> Result<Self> {
        let least = cx.get("min_score", 0.25_f64)?;
        if !(0.0..=1.0).contains(&least) {
            return Err(Error::new(format!("min_score = {least} is no score: give a number from 0 to 1")));
        }
        Ok(Self { roles: std::array::from_fn(|number| cx.sym(Role::name(number))), least: least as f32 })
    }

    fn worker(&self) -> Worker {
        Worker::default()
    }

    fn process_with(&self, worker: &mut Worker, doc: Doc<'_>, out: &mut Out<'_>) -> Result {
        if !matches!(doc.route(), "en" | "und") {
            return Err(Error::skip("no-rules"));
        }
        worker.found.clear();
        worker.fill_senses(doc);
        worker.read(doc);
        self.write(&worker.found, out);
        Ok(())
    }
}

impl Worker {
    fn fill_senses(&mut self, doc: Doc<'_>) {
        let entities = doc.entities();
        let rows = entities.spans.iter().zip(entities.labels);
        self.senses.clear();
        self.senses.extend(rows.map(|(&span, &label)| (span, Sense::of_label(doc.host().text(label)))));
        self.senses.sort_by_key(|(span, _)| *span);
    }

    fn read(&mut self, doc: Doc<'_>) {
        let (tokens, syntax) = (doc.tokens(), doc.syntax());
        let text = |sym| doc.host().text(sym);
        let (mut token, mut entity) = (0, 0);
        for &sentence in doc.sentences() {
            token += tokens[token..].partition_point(|span| span.start < sentence.start);
            let end = token + tokens[token..].partition_point(|span| span.start < sentence.end);
            let rows = token..end;
            token = end;
            let parsed = rows.clone().any(|row| syntax.pos.get(row).is_some_and(|&pos| pos != Sym::EMPTY));
            if !parsed || rows.len() > Tree::MOST {
                continue;
            }
            self.extractor.begin();
            let mut before = None;
            for row in rows.clone() {
                let (pos, _) = self.meanings.of(syntax.pos[row], text);
                let (_, rel) = self.meanings.of(syntax.deprels[row], text);
                let head = (syntax.heads[row] as usize)
                    .checked_sub(rows.start)
                    .filter(|_| syntax.heads[row] != u32::MAX);
                let head = head.filter(|&head| head < rows.len()).map_or(NONE, |head| head as u16);
                let sense = sense(&self.senses, &mut entity, tokens[row]);
                let pos = if pos == Pos::None { Pos::X } else { pos };
                let goes_on = row > rows.start && sense.is_some() && sense == before;
                before = sense;
                let sense = sense.map_or(Sense::None, |at| self.senses[at].1);
                self.extractor.push(Node::new(tokens[row], pos, rel, head), sense, goes_on);
            }
            self.extractor.extract(doc.text(), &mut self.found);
        }
    }
}

/// The entity that covers a token; `next` walks along.
fn sense(senses: &[(Span, Sense)], next: &mut usize, token: Span) -> Option<usize> {
    while senses.get(*next).is_some_and(|(span, _)| span.end <= token.start) {
        *next += 1;
    }
    senses.get(*next).filter(|(span, _)| span.overlaps(token)).map(|_| *next)
}

impl TriplesStage {
    fn write(&self, found: &Found, out: &mut Out<'_>) {
        let mut args = found.args.iter().peekable();
        for (number, triple) in found.triples.iter().enumerate() {
            if triple.score < self.least {
                while args.next_if(|arg| arg.triple as usize == number).is_some() {}
                continue;
            }
            let row = out
                .row("triples")
                .span("subject", triple.subject)
                .span("relation", triple.relation)
                .span("object", triple.object)
                .str("predicate", found.predicate(number))
                .u32("flags", triple.flags)
                .f32("score", triple.score)
                .index();
            while let Some(arg) = args.next_if(|arg| arg.triple as usize == number) {
                let role = self.roles[arg.role.number()];
                let _ = out.row("triple_args").u32("triple", row).sym("role", role).span("arg", arg.span);
            }
        }
    }
}
