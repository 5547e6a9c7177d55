//! `pipeline stages`: what is computed, and from what.

use std::io::{self, Write};

use pipeline_core::StageSource;
use pipeline_core::manifest::LayerCard;
use serde_json::{Value, json};

use crate::status::Status;
use crate::{builtin, cli};

/// Runs the command.
///
/// # Errors
/// When a stage describes itself wrongly.
pub fn list(args: &cli::Stages) -> Result<Status, String> {
    let stages = builtin::stages()?;
    let text = if args.json { as_json(&stages) } else { stages.iter().map(describe).collect() };
    // A closed pipe is no error of ours.
    let _ = io::stdout().write_all(text.as_bytes());
    Ok(Status::Well)
}

fn describe(stage: &StageSource) -> String {
    let card = &stage.card;
    let mut text = format!("{} ({})\n    {}\n", card.name, stage.origin, card.about);
    let rows = [
        ("needs", &card.requires),
        ("uses", &card.optional),
        ("gives", &card.provides),
        ("extends", &card.extends),
        ("replaces", &card.replaces),
    ];
    for (title, layers) in rows.into_iter().filter(|(_, layers)| !layers.is_empty()) {
        let layers: Vec<_> = layers.iter().map(LayerCard::describe).collect();
        text.push_str(&format!("    {title:<9}{}\n", layers.join(", ")));
    }
    for (key, schema) in card.config.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let about = schema.get("description").and_then(Value::as_str).unwrap_or_default();
        text.push_str(&format!("    option   {key}: {about}\n"));
    }
    text
}

fn as_json(stages: &[StageSource]) -> String {
    let layers = |layers: &[LayerCard]| layers.iter().map(|layer| layer.layer.clone()).collect::<Vec<_>>();
    let all: Vec<_> = stages
        .iter()
        .map(|stage| {
            let card = &stage.card;
            json!({
                "name": card.name, "about": card.about, "origin": stage.origin,
                "requires": layers(&card.requires), "optional": layers(&card.optional),
                "provides": layers(&card.provides), "extends": layers(&card.extends),
                "replaces": layers(&card.replaces), "config": card.config,
            })
        })
        .collect();
    format!("{:#}\n", Value::from(all))
}
