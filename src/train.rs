//! `pipeline train`: models from annotated documents.

mod syntax;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Instant;

use pipeline_core::Span;
use serde_json::{Map, Value};
use stages::entities::recipe::{self, ENGLISH, TYPES};
use stages::entities::train::Corpus;
use stages::entities::{self, Lexicon, LexiconBuilder, Tagger};
use stages::gold::GoldDoc;
use stages::relations;
use stages::score::NameScores;
use stages::tokenize::{Tokenizer, Words};

use crate::cli::{self, Trainable};
use crate::config::PipelineConfig;
use crate::read::gold::{self, GoldFormat, standoff};
use crate::status::Status;
use crate::write::Output;
use crate::{data, eval};

/// Runs the command.
///
/// # Errors
/// In words for the user: a gold file that cannot be read, or that does not annotate what is to be learnt.
pub fn train(args: &cli::Train) -> Result<Status, String> {
    let start = Instant::now();
    let mut output = Output::open(Some(&args.output))?;
    let model = match args.stage {
        Trainable::Entities => train_entities(args),
        Trainable::Relations => train_relations(args),
        Trainable::Syntax => syntax::train_syntax(args),
    };
    let model = match model {
        Ok(model) => model,
        Err(message) => {
            output.abandon();
            return Err(message);
        }
    };
    let wrote = output.write(&model).and_then(|()| output.finish());
    wrote.map_err(|error| format!("{} cannot be written: {error}", args.output.display()))?;
    let seconds = start.elapsed().as_secs_f64();
    eprintln!("{}: {} bytes, {seconds:.0} s", args.output.display(), model.len());
    for dev in &args.dev {
        print!("{}", eval::score(dev, &with_model(args))?);
    }
    Ok(Status::Well)
}

fn train_entities(args: &cli::Train) -> Result<Vec<u8>, String> {
    let (corpora, types) = if args.recipe { recipe_corpora()? } else { corpus(read_all(&args.train)?) };
    let mut options = if args.recipe { recipe::options() } else { entities::train::Options::default() };
    options.seed = args.seed;
    options.epochs = args.epochs.unwrap_or(options.epochs);
    if !args.recipe {
        options.header.languages = vec![args.language.clone()];
        options.header.provenance = provenance(&args.train);
    }
    let split = |text: &str| tokens(text, &args.language);
    let dev = Dev::new(read_all(&args.dev)?, &args.language);
    let score = |tagger: &Tagger| dev.score(tagger);
    let score: Option<&dyn Fn(&Tagger) -> String> = if args.dev.is_empty() { None } else { Some(&score) };
    let progress = entities::train::Progress { say: &|line| eprintln!("{line}"), score };
    let model = entities::train::train(&corpora, &types, &lexicon(args)?, &split, &options, progress);
    model.map_err(|error| error.to_string())
}

/// Gold documents on which each pass of training is scored.
struct Dev {
    docs: Vec<GoldDoc>,
    labels: BTreeSet<String>,
}

impl Dev {
    /// With the tokens and sentences of the corpus, or those that the tokenizer makes.
    fn new(mut docs: Vec<GoldDoc>, language: &str) -> Self {
        for doc in docs.iter_mut().filter(|doc| !doc.pretokenized) {
            let (tokens, sentences) = tokens(&doc.text, language);
            (doc.tokens, doc.sentences) = (Some(tokens), Some(sentences));
        }
        let labels = docs.iter().flat_map(|doc| doc.entities.iter().flatten()).map(|name| name.label.clone());
        Self { labels: labels.collect(), docs }
    }

    fn score(&self, tagger: &Tagger) -> String {
        let mut scratch = entities::Scratch::default();
        let (mut found, mut scores) = (Vec::new(), NameScores::default());
        for doc in &self.docs {
            let tokens = doc.tokens.as_deref().unwrap_or_default();
            let sentences = doc.sentences.as_deref().unwrap_or_default();
            tagger.tag(&doc.text, tokens, sentences, &mut scratch, &mut found);
            let label = |name: &entities::Entity| tagger.labels()[usize::from(name.label)].as_str();
            let found: Vec<_> = found.iter().map(|name| (name.span, label(name))).collect();
            let gold = doc.entities.iter().flatten().map(|name| (name.span, name.label.as_str()));
            scores.add(&gold.collect::<Vec<_>>(), &found, &self.labels);
        }
        format!("dev F1 {:.2}", 100.0 * scores.micro().f1())
    }
}

fn train_relations(args: &cli::Train) -> Result<Vec<u8>, String> {
    let (classes, treebank) = (list(args, CLASSES)?, list(args, TREEBANK)?);
    let resources = relations::train::Resources { classes: &classes, treebank: &treebank };
    let (docs, mut options) = if args.recipe {
        let options = relations::train::Options::recipe(newsgraph()?.len());
        let written =
            written()?.into_iter().filter(|doc| FIRST_WRITTEN.iter().any(|id| doc.id.starts_with(id)));
        (news()?.into_iter().chain(written).collect(), options)
    } else {
        let provenance = provenance(&args.train);
        (read_all(&args.train)?, relations::train::Options { provenance, ..Default::default() })
    };
    options.seed = args.seed;
    options.epochs = args.epochs.unwrap_or(options.epochs);
    let model = relations::train::train(&docs, &resources, &options, &mut |line| eprintln!("{line}"));
    model.map_err(|error| error.to_string())
}

/// Written news that relations are learnt from. The rest, written later, did not make them better on NewsGraph dev.
const FIRST_WRITTEN: [&str; 5] = ["written-0-", "written-1-", "written-2-", "written-3-", "written-4-"];

/// Word classes, and the treebank that tells parts of speech, below the data root.
const CLASSES: &str = "clusters/glove_kmeans.tsv";
const TREEBANK: &str = "ud/UD_English-GUM/en_gum-ud-train.rebuilt_permissive_genres.conllu";

fn read_all(files: &[PathBuf]) -> Result<Vec<GoldDoc>, String> {
    let mut docs = Vec::new();
    for file in files {
        docs.extend(gold::read(file).map_err(|error| error.to_string())?);
    }
    Ok(docs)
}

/// One corpus of all documents with names, and the types of these.
fn corpus(docs: Vec<GoldDoc>) -> (Vec<Corpus>, Vec<String>) {
    let docs = docs.into_iter().filter(|doc| doc.entities.is_some()).collect();
    let corpora = vec![Corpus { docs, weight: 1.0, ..Corpus::default() }];
    let types = entities::train::types(&corpora);
    (corpora, types)
}

/// The corpora of the English model that is built in.
fn recipe_corpora() -> Result<(Vec<Corpus>, Vec<String>), String> {
    let corpus = |source: &recipe::Source| match source.format {
        recipe::Format::NewsGraph => Ok(source.corpus(news()?)),
        recipe::Format::Written => Ok(source.corpus(written()?)),
        recipe::Format::Conll => Ok(source.corpus(read_all(&[data_file(source.path)?])?)),
    };
    let mut corpora = ENGLISH.iter().map(corpus).collect::<Result<Vec<_>, String>>()?;
    corpora.push(recipe::tables(&mut |path| data::read(path))?);
    Ok((corpora, TYPES.map(str::to_owned).into()))
}

/// Texts that more of the labels stand off from, below the data root.
const RAW: [&str; 3] = ["raw/gmb_voa_detok.jsonl", "raw/gum_wikinews.jsonl", "raw/masc_all.jsonl"];

/// The training part of NewsGraph.
fn newsgraph() -> Result<Vec<GoldDoc>, String> {
    read_all(&[data_file("newsgraph/train.jsonl")?])
}

/// The training part of NewsGraph, then what was annotated after it.
fn news() -> Result<Vec<GoldDoc>, String> {
    let mut docs = newsgraph()?;
    let raw = RAW.iter().map(|path| data::read(path)).collect::<Result<Vec<_>, _>>()?;
    let labels = include_str!("../models/newsgraph/more.jsonl");
    let more = standoff::join(labels, &standoff::texts(&raw)?);
    docs.extend(more.map_err(|message| format!("models/newsgraph/more.jsonl: {message}"))?);
    Ok(docs)
}

/// What was written for NewsGraph.
fn written() -> Result<Vec<GoldDoc>, String> {
    let text = include_str!("../models/newsgraph/written.jsonl");
    let path = Path::new("models/newsgraph/written.jsonl");
    gold::parse(path, text, GoldFormat::NewsGraph).map_err(|error| error.to_string())
}

fn data_file(path: &str) -> Result<PathBuf, String> {
    let root =
        data::root().ok_or("no corpora are at ../shared/data: name their folder with PIPELINE_DATA")?;
    Ok(root.join(path))
}

/// What is known about words beforehand; without the lists, nothing.
fn lexicon(args: &cli::Train) -> Result<Lexicon, String> {
    if args.recipe {
        return recipe::lexicon(&mut |path| data::read(path));
    }
    if let Some(lexicon) = Lexicon::builtin(&args.language) {
        return lexicon.map_err(|error| error.to_string());
    }
    eprintln!(
        "no word classes and name lists for `{}`: learning from the gold documents alone",
        args.language
    );
    Ok(LexiconBuilder::default().build())
}

/// A list below the data root; empty where there is none, unless the recipe asks for it.
fn list(args: &cli::Train, path: &str) -> Result<String, String> {
    if args.recipe || (args.language == "en" && data::root().is_some()) {
        data::read(path)
    } else {
        Ok(String::new())
    }
}

fn tokens(text: &str, language: &str) -> (Vec<Span>, Vec<Span>) {
    let mut words = Words::default();
    Tokenizer::new().run(text, language, &mut words);
    (words.tokens, words.sentences)
}

fn provenance(files: &[PathBuf]) -> String {
    let name = |file: &PathBuf| file.file_name().map(|name| name.to_string_lossy().into_owned());
    format!("Trained on {}.", files.iter().filter_map(name).collect::<Vec<_>>().join(", "))
}

/// The pipeline as it is, but with the model just written.
fn with_model(args: &cli::Train) -> PipelineConfig {
    let stage = match args.stage {
        Trainable::Entities => "entities",
        Trainable::Relations => "relations",
        Trainable::Syntax => "syntax",
    };
    let models = Value::from(vec![path(&args.output)]);
    let options = Map::from_iter([("models".to_owned(), models)]);
    PipelineConfig { options: [(stage.to_owned(), options)].into(), ..PipelineConfig::default() }
}

fn path(file: &Path) -> String {
    file.to_string_lossy().into_owned()
}
