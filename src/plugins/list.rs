//! `pipeline plugins list`: what is installed, and what is not used and why.

use std::fmt::Write;
use std::path::Path;

use pipeline_core::plugin::{Candidate, Found, SearchPath, discover};
use serde_json::{Value, json};

use crate::cli;
use crate::config::PipelineConfig;
use crate::status::Status;

/// Runs the command.
///
/// # Errors
/// When the configuration cannot be read. Libraries that cannot be used are listed, and make the status 1.
pub(super) fn list(args: &cli::PluginList) -> Result<Status, String> {
    let mut config = PipelineConfig::read(args.config.as_deref())?.plugins;
    config.files.clone_from(&args.search.plugin);
    config.dirs.clone_from(&args.search.plugin_dir);
    let search = config.search();
    let found = discover(&search);
    super::print(&if args.json { format!("{:#}\n", as_json(&found)) } else { as_text(&found, &search) });
    Ok(if found.errors.is_empty() { Status::Well } else { Status::SomeFailed })
}

fn as_text(found: &Found, search: &SearchPath) -> String {
    let mut text = String::new();
    for Candidate { library, origin, sidecar } in &found.libraries {
        let card = &library.card;
        line(&mut text, format_args!("{} {} ({origin})", card.id, card.version));
        line(&mut text, format_args!("    {}", library.path.display()));
        if let Some(sidecar) = sidecar {
            line(&mut text, format_args!("    sidecar {}", sidecar.path.display()));
        }
        for stage in &card.stages {
            line(&mut text, format_args!("    stage {}: {}", stage.name, stage.about));
        }
    }
    for hidden in &found.shadowed {
        let (path, by) = (hidden.library.path.display(), hidden.by.display());
        line(&mut text, format_args!("not used: {path}\n    `{}` is found in {by} first", hidden.name));
    }
    for error in &found.errors {
        line(&mut text, format_args!("refused: {error}"));
    }
    for note in &found.notes {
        line(&mut text, format_args!("note: {note}"));
    }
    if text.is_empty() {
        text.push_str("no libraries found; searched, in this order:\n");
        for (dir, origin) in &search.dirs {
            line(&mut text, format_args!("    {} ({origin})", dir.display()));
        }
    }
    text
}

/// Writing to a string cannot fail.
fn line(text: &mut String, args: std::fmt::Arguments<'_>) {
    let _ = writeln!(text, "{args}");
}

fn as_json(found: &Found) -> Value {
    let path = |path: &Path| path.display().to_string();
    let library = |candidate: &Candidate| {
        let card = &candidate.library.card;
        json!({
            "id": card.id, "version": card.version, "license": card.license,
            "path": path(&candidate.library.path), "origin": candidate.origin.to_string(),
            "sidecar": candidate.sidecar.as_ref().map(|sidecar| path(&sidecar.path)),
            "stages": card.stages.iter().map(|stage| json!({"name": stage.name, "about": stage.about})).collect::<Vec<_>>(),
        })
    };
    let shadowed = found.shadowed.iter().map(|hidden| {
        json!({
            "path": path(&hidden.library.path), "origin": hidden.origin.to_string(),
            "by": path(&hidden.by), "name": hidden.name,
        })
    });
    let refused = found.errors.iter().map(|error| {
        json!({
            "path": path(&error.path), "id": error.id, "code": error.code.name(), "found": error.found,
            "expected": error.expected, "remedy": error.remedy,
        })
    });
    json!({
        "libraries": found.libraries.iter().map(library).collect::<Vec<_>>(),
        "shadowed": shadowed.collect::<Vec<_>>(),
        "refused": refused.collect::<Vec<_>>(),
        "notes": found.notes,
    })
}
