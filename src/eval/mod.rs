//! `pipeline eval`: the very pipeline that `run` uses, scored on annotated documents.

mod languages;
mod open;
mod pass;
mod report;
mod syntax;
mod tally;

use std::path::Path;
use std::time::Instant;

use stages::gold::GoldDoc;

use crate::config::PipelineConfig;
use crate::read::gold;
use crate::run::threads;
use crate::status::Status;
use crate::{builtin, cli, log};
use pass::Pass;
pub(crate) use syntax::as_words;
use tally::Tally;

/// Runs the command.
///
/// # Errors
/// In words for the user: a gold file that cannot be read, a pipeline that cannot be made.
pub fn eval(args: &cli::Eval) -> Result<Status, String> {
    log::start(args.pipeline.verbose);
    let config = PipelineConfig::new(&args.pipeline)?;
    for file in &args.gold {
        let report = match &args.found {
            Some(found) => open::of_file(file, found),
            None => score(file, &config),
        };
        print!("{}", report?);
    }
    Ok(Status::Well)
}

/// Scores the pipeline on a file; the report.
///
/// # Errors
/// As [`eval`].
pub fn score(file: &Path, config: &PipelineConfig) -> Result<String, String> {
    let docs = gold::read(file).map_err(|error| error.to_string())?;
    let needs = Needs::of(&docs);
    // Corpora that have only tokens are scored with these given.
    let given: &[&str] = if docs.iter().all(|doc| doc.pretokenized) { &["tokens", "sentences"] } else { &[] };
    let pipeline = builtin::assemble(config, &needs.layers(), given, log::of_stages())?;
    let threads = threads(config.threads).get();
    let start = Instant::now();
    let found = Pass::new(&pipeline, given).all(&docs, threads)?;
    let took = start.elapsed();
    let mut tally = Tally::new(&docs);
    docs.iter().zip(&found).for_each(|(gold, found)| tally.add(gold, found));
    if needs.relations && pipeline.plan().layer("relations").is_some() {
        let given = [given, &["entities"]].concat();
        let pipeline = builtin::assemble(config, &needs.layers(), &given, log::of_stages())?;
        let found = Pass::new(&pipeline, &given).all(&docs, threads)?;
        docs.iter().zip(&found).for_each(|(gold, found)| tally.add_with_gold_names(gold, found));
    }
    if needs.syntax && pipeline.plan().layer("syntax").is_some() {
        let (given, docs) = (["tokens", "sentences"], syntax::as_words(&docs));
        let pipeline = builtin::assemble(config, &["syntax".to_owned()], &given, log::of_stages())?;
        let found = Pass::new(&pipeline, &given).all(&docs, threads)?;
        docs.iter()
            .zip(&found)
            .for_each(|(gold, found)| syntax::add(&mut tally.syntax_of_words, gold, found));
    }
    let has = |layer: &str| given.contains(&layer) || pipeline.plan().layer(layer).is_some();
    let missing: Vec<_> = needs.layers().into_iter().filter(|layer| !has(layer)).collect();
    let mut report = report::write(file, &docs, &tally, &missing, took);
    if has("triples") {
        let facts: Vec<_> = found.into_iter().map(|found| found.facts).collect();
        open::write(&mut report, &docs, &facts);
    }
    Ok(report)
}

/// What a corpus annotates, and so what is to be computed.
struct Needs {
    entities: bool,
    relations: bool,
    words: bool,
    syntax: bool,
    language: bool,
    triples: bool,
}

impl Needs {
    fn of(docs: &[GoldDoc]) -> Self {
        Self {
            entities: docs.iter().any(|doc| doc.entities.is_some()),
            relations: docs.iter().any(|doc| doc.relations.as_ref().is_some_and(|all| !all.is_empty())),
            words: docs.iter().any(|doc| doc.words.is_some()),
            syntax: docs.iter().any(|doc| doc.syntax.is_some()),
            language: docs.iter().any(|doc| doc.language.is_some()),
            triples: docs.iter().any(|doc| doc.facts.is_some()),
        }
    }

    fn layers(&self) -> Vec<String> {
        let all = [
            (self.language, "language"),
            (self.words, "tokens"),
            (self.words, "sentences"),
            (self.syntax || self.triples, "syntax"),
            (self.entities, "entities"),
            (self.relations, "relations"),
            (self.triples, "triples"),
        ];
        all.into_iter().filter(|(needed, _)| *needed).map(|(_, layer)| layer.to_owned()).collect()
    }
}
