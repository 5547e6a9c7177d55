//! The commands of the README, run as a reader would run them; what it shows must be what they give.

use std::path::Path;
use std::process::Command;

use crate::program::{finish, root};

/// How the README calls the program.
const CALL: &str = "cargo run --release -- ";
/// How the README runs the tests.
const TEST: &str = "cargo test --workspace";

/// A fenced block: its language, its text, and where that begins in the file.
pub(crate) struct Block {
    pub(crate) language: String,
    pub(crate) text: String,
    at: usize,
}

fn readme() -> String {
    std::fs::read_to_string(root().join("README.md")).unwrap()
}

pub(crate) fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let (mut at, mut open): (usize, Option<Block>) = (0, None);
    for line in text.split_inclusive('\n') {
        at += line.len();
        match (line.strip_prefix("```"), &mut open) {
            (Some(language), None) => {
                open = Some(Block { language: language.trim().to_owned(), text: String::new(), at });
            }
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (None, Some(block)) => block.text.push_str(line),
            (None, None) => {}
        }
    }
    blocks
}

#[test]
fn commands_run_and_give_what_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("examples"), &folder.path().join("examples"));
    let (text, mut blessed, mut calls) = (readme(), readme(), 0);
    for pair in blocks(&text).windows(2).rev() {
        let [block, next] = pair else { unreachable!("windows of two") };
        for line in block.text.lines().filter(|_| block.language == "sh") {
            if line == TEST {
                continue;
            }
            assert!(line.contains(CALL), "the README has a command that is not tried: {line}");
            let line = line.replace(CALL, &format!("{} ", env!("CARGO_BIN_EXE_pipeline")));
            let mut shell = Command::new("sh");
            shell.args(["-c", &line]).current_dir(folder.path());
            let done = finish(shell, b"");
            assert_eq!(done.status, 0, "{line}: {}", done.err);
            calls += 1;
            if next.language == "json" {
                blessed.replace_range(next.at..next.at + next.text.len(), &done.out);
            }
        }
    }
    assert!(calls >= 4, "the README shows only {calls} commands");
    if std::env::var_os("PIPELINE_BLESS").is_some() {
        std::fs::write(root().join("README.md"), blessed).unwrap();
    } else {
        assert!(
            blessed == text,
            "the README shows another output than its commands give; it should be {blessed}"
        );
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let name = to.join(entry.file_name());
        match entry.path() {
            path if path.is_dir() => copy(&path, &name),
            path => drop(std::fs::copy(path, name).unwrap()),
        }
    }
}

#[test]
fn the_checks_run_the_test_command_of_the_readme() {
    assert!(readme().contains(&format!("\n{TEST}\n")));
    let checks = std::fs::read_to_string(root().join(".ci/run")).unwrap();
    assert!(checks.lines().any(|line| line == TEST), "{checks}");
}

#[test]
fn documents_that_are_linked_exist() {
    for name in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"] {
        let text = std::fs::read_to_string(root().join(name)).unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let there = link.starts_with("http") || root().join(link.split('#').next().unwrap()).exists();
            assert!(there, "{name} links to {link}, which does not exist");
        }
    }
}
