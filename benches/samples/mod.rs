//! The sample documents by language, over and over: text that everybody has.

use std::path::{Path, PathBuf};
use std::process::Command;

use pipeline::builtin;
use pipeline::config::{PipelineConfig, PluginConfig};
use pipeline_core::{Document, Pipeline};

use crate::corpus;

/// Languages of the samples.
pub(crate) const LANGUAGES: [&str; 4] = ["en", "de", "fr", "zh"];
/// All layers that are looked at.
pub(crate) const ALL: [&str; 4] = ["language", "tokens", "entities", "relations"];

/// One document of about so many bytes: the samples of a language one after the other.
pub(crate) fn document(language: &str, bytes: usize) -> Document {
    let all = texts(language);
    let mut text = String::with_capacity(bytes);
    for sample in all.iter().cycle() {
        if text.len() >= bytes {
            break;
        }
        text.push_str(sample);
        text.push_str("\n\n");
    }
    let end = (0..=bytes).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
    text.truncate(end);
    Document::new(format!("{language}-{bytes}"), text)
}

fn texts(language: &str) -> Vec<String> {
    let files: &[&str] = match language {
        "de" => &["12-stadtwerke.txt"],
        "fr" => &["13-visite-a-dakar.txt"],
        "zh" => &["16-xinghai.txt"],
        _ => &[
            "01-lumen-buys-kestrel.txt",
            "02-foreign-ministers-meet.txt",
            "05-court-fines-search-firm.txt",
            "08-peace-talks.txt",
        ],
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/news");
    files.iter().map(|file| std::fs::read_to_string(folder.join(file)).expect("a sample")).collect()
}

/// The whole pipeline, linked in.
pub(crate) fn linked() -> Pipeline {
    corpus::pipeline(&ALL, &[])
}

/// The same from libraries, which are built where there are none.
pub(crate) fn loaded() -> Pipeline {
    let config = PipelineConfig {
        stages: ["language", "tokenize", "entities", "relations"]
            .map(|stage| format!("plugin:{stage}"))
            .into(),
        plugins: PluginConfig { dirs: vec![libraries()], ..PluginConfig::default() },
        ..PipelineConfig::default()
    };
    builtin::assemble(&config, &ALL.map(str::to_owned), &[], Box::new(|_, _| {}))
        .expect("stages from libraries")
}

fn libraries() -> PathBuf {
    // target/release/deps/sizes-0123 lies two folders below the libraries.
    let program = std::env::current_exe().expect("a program");
    let place = program.ancestors().nth(2).expect("cargo's folders").to_path_buf();
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--quiet", "--release", "-p", "pipeline"]);
    for stage in ["language", "tokenize", "entities", "relations"] {
        cargo.args(["-p", &format!("pipeline-{stage}")]);
    }
    cargo
        .arg("--target-dir")
        .arg(place.parent().expect("cargo's folder"))
        .current_dir(env!("CARGO_MANIFEST_DIR"));
    assert!(cargo.status().is_ok_and(|status| status.success()));
    place
}
