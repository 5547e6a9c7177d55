//! `pipeline plugins check`: whether the stages of a library keep the contract.

use std::time::Duration;

use pipeline_core::check::{Breach, check_telling as run_suite};
use pipeline_core::manifest::{LayerCard, StageCard};
use pipeline_core::plugin::{Library, OpenOptions, SearchPath, discover};
use pipeline_core::{Doc, Init, Out, Result as StageResult, Stage, StageInfo, StageSource, StageUse, Sym};
use serde_json::Value;

use super::apart;
use crate::status::Status;
use crate::suggest::unknown;
use crate::{builtin, cli};

/// Texts as people write them; the hostile ones come with the suite.
const TEXTS: [&str; 5] = [
    "Anna Lindqvist joined Orbital Foods in Oslo on 3 May 2021. She had worked for the Tern Institute before.",
    "Die Bahn verspätet sich um 20 Minuten, sagte Sprecher Uwe Kranz am Dienstag in Köln.",
    "Le maire de Lyon a signé l’accord; 1 250 € par mois, a-t-il précisé.",
    "我们明天去北京大学。東京で会議がある。",
    "Write to press@example.com or see https://example.com/news (tel. +1 212 555 0100).",
];

/// Runs the command: each stage in a process of its own, so that one that crashes or never returns is reported like
/// any other breach.
///
/// # Errors
/// When the library or its stages cannot be loaded, or the options do not fit.
pub(super) fn check(args: &cli::PluginCheck) -> Result<Status, String> {
    if args.in_process {
        return check_here(args);
    }
    let library = Library::scan(&args.file).map_err(|error| error.to_string())?;
    let names: Vec<_> = library.card.stages.iter().map(|stage| stage.name.as_str()).collect();
    let mut status = Status::Well;
    for name in choose(&names, args.stage.as_deref())? {
        let (report, kept) = match apart::check(name, Duration::from_secs(args.time_limit))? {
            apart::End::Report { text, kept } => (text, kept),
            apart::End::Lost(what) => {
                (report(name, &[Breach { rule: "no harm to the process", what }]), false)
            }
        };
        super::print(&report);
        if !kept {
            status = Status::SomeFailed;
        }
    }
    Ok(status)
}

/// Checks one stage in this process, and says on the way what it does.
fn check_here(args: &cli::PluginCheck) -> Result<Status, String> {
    apart::tell("while the library was loaded");
    let open = OpenOptions { allow_abort: args.allow_abort };
    let library = Library::scan(&args.file).map_err(|error| error.to_string())?;
    let stages = library.open(open).map_err(|error| error.to_string())?;
    let stage = stages.iter().find(|stage| Some(&stage.card.name) == args.stage.as_ref());
    let stage = stage.ok_or("the library has other stages than it had")?;
    let mut others = makers()?;
    others.extend(stages.iter().cloned());
    others.extend(named_libraries(&args.search, open)?);
    let breaches = breaches(stage, &others, &args.options, &texts(&args.text)?)?;
    super::print(&report(&stage.card.name, &breaches));
    Ok(if breaches.is_empty() { Status::Well } else { Status::SomeFailed })
}

fn choose<'a>(stages: &[&'a str], name: Option<&str>) -> Result<Vec<&'a str>, String> {
    let Some(name) = name else { return Ok(stages.to_vec()) };
    match stages.iter().find(|stage| **stage == name) {
        Some(stage) => Ok(vec![*stage]),
        None => Err(unknown("stage", name, stages)),
    }
}

/// Stages that make what others need. Names come from a stand-in that finds some in any language.
fn makers() -> Result<Vec<StageSource>, String> {
    let mut makers = vec![StageSource::linked::<Names>()?];
    makers.extend(builtin::stages()?);
    Ok(makers)
}

fn named_libraries(search: &cli::PluginSearch, open: OpenOptions) -> Result<Vec<StageSource>, String> {
    let found = discover(&SearchPath {
        files: search.plugin.clone(),
        dirs: search
            .plugin_dir
            .iter()
            .map(|dir| (dir.clone(), pipeline_core::plugin::Origin::Flag))
            .collect(),
        notes: Vec::new(),
    });
    if let Some(error) = found.errors.first() {
        return Err(error.to_string());
    }
    let mut stages = Vec::new();
    for candidate in &found.libraries {
        stages.extend(candidate.library.open(open).map_err(|error| error.to_string())?);
    }
    Ok(stages)
}

fn texts(files: &[std::path::PathBuf]) -> Result<Vec<String>, String> {
    let read = |file: &std::path::PathBuf| {
        std::fs::read_to_string(file).map_err(|error| format!("{} cannot be read: {error}", file.display()))
    };
    TEXTS.iter().map(|text| Ok((*text).to_owned())).chain(files.iter().map(read)).collect()
}

fn breaches(
    stage: &StageSource,
    others: &[StageSource],
    options: &str,
    texts: &[String],
) -> Result<Vec<Breach>, String> {
    let value: Value =
        serde_json::from_str(options).map_err(|error| format!("--options is not JSON: {error}"))?;
    if !value.is_object() {
        return Err("--options must be a JSON object, for example {\"min_len\":3}".into());
    }
    let name = &stage.card.name;
    pipeline_core::options::check(&stage.card.config, &value)
        .map_err(|error| format!("stage `{name}`: {error}"))?;
    let mut checked = StageUse::new(stage.clone());
    checked.config = value.to_string();
    run_suite(&checked, &before(&stage.card, others), texts, &mut apart::tell)
}

/// The stages that make the layers one needs, each after those it needs itself.
fn before(card: &StageCard, others: &[StageSource]) -> Vec<StageUse> {
    let mut before: Vec<StageUse> = Vec::new();
    add(card, others, &mut before, 0);
    before
}

fn add(card: &StageCard, others: &[StageSource], before: &mut Vec<StageUse>, depth: usize) {
    let made =
        |layer: &LayerCard, card: &StageCard| card.provides.iter().any(|made| made.layer == layer.layer);
    let needs = card.requires.iter().chain(&card.optional).chain(&card.extends).chain(&card.replaces);
    for layer in needs {
        let there = before.iter().any(|used| made(layer, &used.source.card));
        let maker = others.iter().find(|other| made(layer, &other.card) && other.card.name != card.name);
        if let (false, Some(maker), true) = (there, maker, depth < others.len()) {
            add(&maker.card, others, before, depth + 1);
            if !before.iter().any(|used| used.source.card.name == maker.card.name) {
                before.push(StageUse::new(maker.clone()));
            }
        }
    }
}

fn report(stage: &str, breaches: &[Breach]) -> String {
    if breaches.is_empty() {
        return format!("{stage}: keeps the contract\n");
    }
    let mut text = format!("{stage}: breaks the contract\n");
    for breach in breaches {
        text.push_str(&format!("    {breach}\n"));
    }
    text
}

/// Marks words that begin with a capital, and single ideographs.
struct Names(Sym);

impl Stage for Names {
    const INFO: StageInfo = StageInfo::new("stand-in", "some names in any language")
        .requires(&["tokens"])
        .provides(&["entities"]);

    fn new(cx: &Init<'_>) -> StageResult<Self> {
        Ok(Self(cx.sym("PERSON")))
    }

    fn process(&self, doc: Doc<'_>, out: &mut Out<'_>) -> StageResult {
        let named = |text: &str| text.starts_with(|c: char| c.is_uppercase() || c >= '\u{4e00}');
        for token in doc.tokens().iter().filter(|token| named(&doc[**token])) {
            out.entity(*token, self.0, 0.5);
        }
        Ok(())
    }
}
