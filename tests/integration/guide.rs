//! The commands of docs/write-a-plugin.md, one after the other in an empty folder, as a reader would run them.

use std::path::Path;
use std::process::Command;

use crate::program::{Folder, finish, pipeline, root};

/// A step of the guide.
enum Step {
    /// Commands for a shell.
    Run(String),
    /// A file to write: its path, its contents.
    Write(String, String),
}

fn steps(guide: &str) -> Vec<Step> {
    let (mut steps, mut lines, mut file) = (Vec::new(), guide.lines(), None);
    while let Some(line) = lines.next() {
        if let Some(path) = line.strip_prefix("<!-- file: ") {
            file = Some(path.trim_end_matches(" -->").to_owned());
        }
        let Some(language) = line.strip_prefix("```") else { continue };
        let text: String =
            lines.by_ref().take_while(|line| *line != "```").map(|line| format!("{line}\n")).collect();
        match file.take() {
            Some(path) => steps.push(Step::Write(path, text)),
            None if language == "sh" => steps.push(Step::Run(text)),
            None => {}
        }
    }
    steps
}

fn has_compiler() -> bool {
    let there = Command::new("cc").arg("--version").output().is_ok();
    if !there {
        eprintln!("SKIPPED: there is no `cc`; the guide's commands for C were not tried");
    }
    there
}

/// Whether a stage that is linked in finds names, which the guide's stages add to.
fn names_are_found() -> bool {
    let there = pipeline(["stages", "--json"]).out.contains("\"provides\": [\n      \"entities\"");
    if !there {
        eprintln!("SKIPPED: no stage finds names; the guide's stages were built and checked, and not run");
    }
    there
}

#[test]
fn commands_of_the_guide_work() {
    let guide = std::fs::read_to_string(root().join("docs/write-a-plugin.md")).unwrap();
    let folder = Folder::new();
    let program = Path::new(env!("CARGO_BIN_EXE_pipeline"));
    let path = format!("{}:{}", program.parent().unwrap().display(), std::env::var("PATH").unwrap());
    let (compiler, names) = (has_compiler(), names_are_found());
    let (mut place, mut commands) = (folder.path(""), 0);
    for step in steps(&guide) {
        match step {
            Step::Write(path, text) => drop(folder.file(&path, text)),
            Step::Run(text) => {
                for line in text.lines() {
                    if line.contains("acme-first") && !compiler {
                        return;
                    }
                    let runs = line.contains("pipeline run")
                        || line == "make test"
                        || line == "cargo test --offline";
                    if runs && !names {
                        continue;
                    }
                    if let Some(to) = line.strip_prefix("cd ") {
                        place = place.join(to).canonicalize().unwrap();
                        continue;
                    }
                    let mut shell = Command::new("sh");
                    shell.args(["-c", line]).current_dir(&place).env("PATH", &path);
                    // What this test was built with is not the reader's.
                    for name in ["CARGO_TARGET_DIR", "RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "PIPELINE"] {
                        shell.env_remove(name);
                    }
                    let done = finish(shell, b"");
                    assert_eq!(done.status, 0, "{line}: {}{}", done.out, done.err);
                    assert!(!done.err.contains("warning"), "{line}: {}", done.err);
                    commands += 1;
                }
            }
        }
    }
    assert!(commands >= 12, "only {commands} commands were tried");
}

/// The guide promises short stages.
#[test]
fn the_smallest_stage_in_rust_has_fifteen_lines() {
    let guide = std::fs::read_to_string(root().join("docs/write-a-plugin.md")).unwrap();
    let rust = steps(&guide).into_iter().find_map(|step| match step {
        Step::Write(path, text) if path.ends_with("lib.rs") => Some(text),
        _ => None,
    });
    assert!(rust.unwrap().lines().count() <= 15);
}
