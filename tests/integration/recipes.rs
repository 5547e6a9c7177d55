//! The commands of the guide and the recipes, run as a reader would run them.

use std::path::Path;
use std::process::Command;

use crate::program::{Done, Folder, finish, root};
use crate::readme::blocks;

/// A folder with the samples, in which `pipeline` is the program.
fn workplace() -> Folder {
    let folder = Folder::new();
    for entry in std::fs::read_dir(root().join("examples/news")).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        folder.file(&format!("examples/news/{name}"), std::fs::read(entry.path()).unwrap());
    }
    folder
}

/// Runs a block of commands; a million documents are a thousand here, a minute is a second.
fn run(commands: &str, folder: &Folder) -> Done {
    let program = Path::new(env!("CARGO_BIN_EXE_pipeline")).parent().unwrap();
    let path = std::env::var("PATH").unwrap_or_default();
    let mut shell = Command::new("sh");
    shell.args(["-e", "-c", &commands.replace("1000000", "1000").replace("--seconds 60", "--seconds 1")]);
    shell.current_dir(folder.path("")).env("PATH", format!("{}:{path}", program.display()));
    finish(shell, b"")
}

fn commands_of(name: &str) {
    let folder = workplace();
    let text = std::fs::read_to_string(root().join("docs").join(name)).unwrap();
    let mut count = 0;
    for block in blocks(&text).iter().filter(|block| block.language == "sh") {
        let done = run(&block.text, &folder);
        assert_eq!(done.status, 0, "{name}: {}\n{}", block.text, done.err);
        count += 1;
    }
    assert!(count >= 2, "{name} has only {count} blocks of commands");
}

#[test]
fn commands_of_the_guide_run() {
    commands_of("guide.md");
}

#[test]
fn commands_about_open_relations_run() {
    commands_of("triples.md");
}

#[test]
fn commands_of_the_recipes_run() {
    commands_of("recipes.md");
}

#[test]
fn commands_of_the_benchmark_run() {
    commands_of("benchmark.md");
}

#[test]
fn the_configuration_that_is_shown_can_be_used() {
    let folder = workplace();
    let shown = run("pipeline config > pipeline.toml; pipeline config", &folder);
    assert_eq!(shown.status, 0, "{}", shown.err);
    assert_eq!(std::fs::read_to_string(folder.path("pipeline.toml")).unwrap(), shown.out);
    assert!(shown.out.contains("[language]") && shown.out.contains("# threads = 4"), "{}", shown.out);
    assert_eq!(run("pipeline run examples/news", &folder).status, 0);
}

#[test]
fn shells_and_man_know_every_command() {
    let folder = workplace();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let done = run(&format!("pipeline completions {shell}"), &folder);
        assert!(done.status == 0 && done.out.contains("max-doc-bytes"), "{shell}: {}", done.err);
    }
    let page = run("pipeline man", &folder).out;
    let commands = ["run", "stages", "train", "eval", "config", "completions", "man", "licenses", "bench"];
    for command in commands {
        assert!(page.contains(command), "{command} is missing in {page}");
        assert!(run(&format!("pipeline man {command}"), &folder).out.starts_with(".ie"), "{command}");
    }
    assert!(run("pipeline man runn", &folder).refusal().contains("did you mean `run`"));
}
