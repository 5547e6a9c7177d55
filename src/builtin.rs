//! The stages that are linked in, and how a configuration becomes a pipeline of them.

use pipeline_core::manifest::StageCard;
use pipeline_core::{Log, OnError, Pipeline, StageSource, StageUse};
use serde_json::{Map, Value};

use crate::config::PipelineConfig;
use crate::suggest::unknown;
use crate::{cli, libraries};

/// Origin of stages that are linked in.
const BUILT_IN: &str = "built in";

/// Every stage that is linked in, in the order they run.
///
/// # Errors
/// When a stage describes itself wrongly.
pub fn stages() -> Result<Vec<StageSource>, String> {
    Ok(vec![
        StageSource::linked::<stages::language::LanguageStage>()?,
        StageSource::linked::<stages::tokenize::TokenizeStage>()?,
        StageSource::linked::<stages::entities::EntitiesStage>()?,
        StageSource::linked::<stages::syntax::SyntaxStage>()?,
        StageSource::linked::<stages::relations::RelationsStage>()?,
        StageSource::linked::<stages::triples::TriplesStage>()?,
    ])
}

/// Makes the pipeline that `config` describes, so that `layers` are made. `supplied` are layers that come with the
/// documents: stages that would make them are left out.
///
/// # Errors
/// In words for the user: a stage or option nobody knows, a layer nobody makes, a model that cannot be read.
pub fn assemble(
    config: &PipelineConfig,
    layers: &[String],
    supplied: &[&str],
    log: Log,
) -> Result<Pipeline, String> {
    let mut known = stages()?;
    let mut names = config.stages.clone();
    let loaded = libraries::load(&config.plugins, &mut names, &mut known)?;
    let mentioned = config.options.keys().chain(config.on_error_of.keys());
    loaded.check_mentioned(mentioned.clone(), &known, &config.plugins)?;
    for stage in mentioned.filter(|stage| !stage.contains('.')) {
        find(&known, stage)?;
    }
    add_makers(&known, &mut names, layers, supplied)?;
    names.retain(|name| find(&known, name).is_ok_and(|stage| !all_supplied(&stage.card, supplied)));
    if !config.named {
        keep_needed(&known, &mut names, layers)?;
    }
    let uses = names
        .iter()
        .map(|name| usage(find(&known, name)?, config, loaded.options.get(name), layers))
        .collect::<Result<Vec<_>, String>>()?;
    let cards: Vec<&StageCard> = known.iter().map(|stage| &stage.card).chain(&loaded.others).collect();
    Pipeline::new(uses, supplied, &cards, log)
}

fn find<'a>(known: &'a [StageSource], name: &str) -> Result<&'a StageSource, String> {
    known.iter().find(|stage| stage.card.name == name).ok_or_else(|| {
        let names: Vec<_> = known.iter().map(|stage| stage.card.name.as_str()).collect();
        unknown("stage", name, &names)
    })
}

fn makes(card: &StageCard, layer: &str) -> bool {
    card.provides.iter().any(|made| made.layer == layer)
}

fn all_supplied(card: &StageCard, supplied: &[&str]) -> bool {
    !card.provides.is_empty() && card.provides.iter().all(|made| supplied.contains(&made.layer.as_str()))
}

/// Asking for a layer brings in the stage that makes it, and those whose layers that one needs.
fn add_makers(
    known: &[StageSource],
    names: &mut Vec<String>,
    layers: &[String],
    supplied: &[&str],
) -> Result<(), String> {
    let mut wanted: Vec<&str> = layers.iter().map(String::as_str).collect();
    while let Some(layer) = wanted.pop() {
        let made = names.iter().any(|name| find(known, name).is_ok_and(|stage| makes(&stage.card, layer)));
        if made || supplied.contains(&layer) {
            continue;
        }
        if let Some(maker) = known.iter().find(|stage| makes(&stage.card, layer)) {
            names.push(maker.card.name.clone());
            wanted.extend(maker.card.requires.iter().map(|need| need.layer.as_str()));
        }
    }
    Ok(())
}

/// Leaves out the stages that no layer asked for depends on.
fn keep_needed(known: &[StageSource], names: &mut Vec<String>, layers: &[String]) -> Result<(), String> {
    let mut wanted: Vec<&str> = layers.iter().map(String::as_str).collect();
    let mut needed = Vec::new();
    let mut at = 0;
    while at < wanted.len() {
        for name in names.iter() {
            let stage = find(known, name)?;
            if makes(&stage.card, wanted[at]) && !needed.contains(name) {
                needed.push(name.clone());
                let inputs = stage.card.requires.iter().chain(&stage.card.optional);
                wanted.extend(inputs.map(|input| input.layer.as_str()));
            }
        }
        at += 1;
    }
    names.retain(|name| needed.contains(name));
    Ok(())
}

fn usage(
    stage: &StageSource,
    config: &PipelineConfig,
    defaults: Option<&Map<String, Value>>,
    layers: &[String],
) -> Result<StageUse, String> {
    let name = &stage.card.name;
    let mut options = defaults.cloned().unwrap_or_default();
    options.extend(config.options.get(name).cloned().unwrap_or_default());
    let known = stage.card.config.get("properties").and_then(Value::as_object);
    let known: Vec<&str> = known.into_iter().flat_map(Map::keys).map(String::as_str).collect();
    // What libraries say of their options is checked when they are made.
    let unlisted = options.keys().find(|key| !known.contains(&key.as_str()));
    if let Some(key) = unlisted.filter(|_| stage.origin == BUILT_IN) {
        return Err(match known.is_empty() {
            true => format!("unknown key `{key}` in [stages.{name}]: this stage has no options"),
            false => format!("{} in [stages.{name}]", unknown("key", key, &known)),
        });
    }
    // What holds for the whole run goes to the stages that ask for it.
    let language = config.language.as_deref().map(Value::from);
    let asked = |wanted: &str| makes(&stage.card, wanted) && layers.iter().any(|layer| layer == wanted);
    let passages = asked("passages").then_some(Value::Bool(true));
    let fallback = Some(Value::from(config.fallback.as_str()));
    // Whoever wants to see the parse wants all of it.
    let sentences = asked("syntax").then(|| Value::from("all"));
    for (key, value) in
        [("language", language), ("fallback", fallback), ("passages", passages), ("sentences", sentences)]
    {
        if let (true, Some(value)) = (known.contains(&key), value) {
            options.entry(key).or_insert(value);
        }
    }
    let policy = config.on_error_of.get(name).unwrap_or(&config.on_error);
    Ok(StageUse {
        config: Value::Object(options).to_string(),
        on_error: match policy {
            cli::OnError::SkipStage => OnError::SkipStage,
            cli::OnError::SkipDoc => OnError::SkipDoc,
            cli::OnError::Fail => OnError::Fail,
        },
        renames: config.renames_of.get(name).cloned().unwrap_or_default(),
        overlap: config.overlap_of.get(name).copied().unwrap_or_default(),
        ..StageUse::new(stage.clone())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(layers: &[&str], supplied: &[&str]) -> Vec<String> {
        let layers: Vec<String> = layers.iter().map(|&layer| layer.to_owned()).collect();
        let pipeline = assemble(&PipelineConfig::default(), &layers, supplied, Box::new(|_, _| {})).unwrap();
        pipeline.times().map(|(name, _)| name.to_owned()).collect()
    }

    #[test]
    fn only_what_is_asked_for_runs() {
        assert_eq!(order(&["language"], &[]), ["language"]);
        assert_eq!(order(&["tokens"], &[]), ["language", "tokenize"]);
        assert_eq!(order(&["tokens"], &["tokens", "sentences"]), [""; 0]);
    }

    #[test]
    fn the_parse_is_made_where_it_is_asked_for_and_then_of_all_sentences() {
        assert!(!order(&["language", "entities", "relations"], &[]).contains(&"syntax".to_owned()));
        assert_eq!(order(&["syntax"], &["tokens", "sentences"])[..1], ["language"]);
        let known = stages().unwrap();
        let of = |layers: &[&str], options: &[(&str, &str)]| {
            let options = options.iter().map(|(key, value)| ((*key).to_owned(), Value::from(*value)));
            let mut config = PipelineConfig::default();
            config.options.insert("syntax".into(), options.collect());
            let layers: Vec<String> = layers.iter().map(|&layer| layer.to_owned()).collect();
            usage(find(&known, "syntax").unwrap(), &config, None, &layers).unwrap().config
        };
        assert_eq!(of(&["entities"], &[]), "{}");
        assert_eq!(of(&["syntax"], &[]), r#"{"sentences":"all"}"#);
        assert_eq!(of(&["syntax"], &[("sentences", "names")]), r#"{"sentences":"names"}"#);
    }

    #[test]
    fn unknown_stages_and_options_are_refused() {
        let refusal =
            |config: PipelineConfig| assemble(&config, &[], &[], Box::new(|_, _| {})).err().unwrap();
        let stages = vec!["tokenise".to_owned()];
        let error = refusal(PipelineConfig { stages, named: true, ..PipelineConfig::default() });
        assert!(error.contains("did you mean `tokenize`"), "{error}");
        let mut config = PipelineConfig { named: true, ..PipelineConfig::default() };
        let option = Map::from_iter([("fallbak".to_owned(), Value::from("de"))]);
        config.options.insert("language".into(), option);
        assert!(refusal(config).contains("did you mean `fallback`"));
    }
}
