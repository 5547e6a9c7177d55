//! Whose code and data the program is made of.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::program::{pipeline, root};

/// Packages and how they depend on each other, as built for Linux.
fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked"])
        .args(["--filter-platform", "x86_64-unknown-linux-gnu"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Ids of the packages that the program is linked with.
fn linked(metadata: &Value) -> BTreeSet<String> {
    let nodes = metadata["resolve"]["nodes"].as_array().unwrap();
    let nodes: BTreeMap<&str, &Value> =
        nodes.iter().map(|node| (node["id"].as_str().unwrap(), node)).collect();
    let mut found = BTreeSet::new();
    let mut open = vec![metadata["resolve"]["root"].as_str().unwrap().to_owned()];
    while let Some(id) = open.pop() {
        let normal =
            |dep: &&Value| dep["dep_kinds"].as_array().unwrap().iter().any(|kind| kind["kind"].is_null());
        let deps = nodes[id.as_str()]["deps"].as_array().unwrap().iter().filter(normal);
        let deps: Vec<_> = deps.map(|dep| dep["pkg"].as_str().unwrap().to_owned()).collect();
        if found.insert(id) {
            open.extend(deps);
        }
    }
    found
}

/// The list as it should be, and after it the licence texts of crates that leave no choice.
fn expected() -> String {
    let metadata = metadata();
    let linked = linked(&metadata);
    let packages = metadata["packages"].as_array().unwrap().iter();
    let mut packages: Vec<_> = packages
        .filter(|package| linked.contains(package["id"].as_str().unwrap()) && !package["source"].is_null())
        .collect();
    packages.sort_by_key(|package| (package["name"].to_string(), package["version"].to_string()));
    let mut text = String::from(
        "# Crates the program is linked with\n\n\
         Where a crate is offered under several licences, the Apache License 2.0 is taken if it is one of them; its \
         text is in\nLICENSE-APACHE. The texts of the others follow the list.\n\n\
         | crate | licence | authors |\n|---|---|---|\n",
    );
    let mut texts: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for package in packages {
        let (name, version) = (package["name"].as_str().unwrap(), package["version"].as_str().unwrap());
        let license = package["license"].as_str().unwrap_or("see its files");
        let authors = package["authors"].as_array().unwrap().iter().filter_map(Value::as_str);
        let authors: Vec<_> = authors.map(|author| author.split(" <").next().unwrap()).collect();
        writeln!(text, "| {name} {version} | {license} | {} |", authors.join(", ")).unwrap();
        let folder = Path::new(package["manifest_path"].as_str().unwrap()).parent().unwrap();
        if !license.contains("Apache-2.0") || license.contains(" AND ") {
            texts.entry(license_text(folder)).or_default().push(name);
        } else if let Ok(notice) = std::fs::read_to_string(folder.join("NOTICE")) {
            texts.entry(notice).or_default().push(name);
        } else if let Ok(notice) = std::fs::read_to_string(folder.join("NOTICE.txt")) {
            texts.entry(notice).or_default().push(name);
        }
    }
    for (license, names) in texts {
        let lines: Vec<_> = license.lines().map(str::trim_end).collect();
        write!(text, "\n## {}\n\n```text\n{}\n```\n", names.join(", "), lines.join("\n").trim_matches('\n'))
            .unwrap();
    }
    text
}

/// The licence files of a crate, one after the other.
fn license_text(folder: &Path) -> String {
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let is_license = |path: &std::path::PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().to_ascii_uppercase();
        path.is_file()
            && ["LICENSE", "LICENCE", "COPYING", "NOTICE"].iter().any(|start| name.starts_with(start))
    };
    let mut files: Vec<_> = names.filter(is_license).collect();
    files.sort();
    let texts = files.iter().map(|file| std::fs::read_to_string(file).unwrap());
    texts.collect::<Vec<_>>().join("\n\n")
}

#[test]
fn the_list_of_crates_is_that_of_the_lock_file() {
    let (file, expected) = (root().join("THIRD-PARTY.md"), expected());
    if std::env::var_os("PIPELINE_BLESS").is_some() {
        std::fs::write(&file, &expected).unwrap();
    }
    let found = std::fs::read_to_string(&file).unwrap();
    let differs = found.lines().zip(expected.lines()).find(|(found, expected)| found != expected);
    assert!(
        found == expected,
        "THIRD-PARTY.md does not fit Cargo.lock, first where it should say {:?}; PIPELINE_BLESS=1 cargo test writes \
         it anew",
        differs.map(|pair| pair.1)
    );
}

#[test]
fn licenses_tell_of_the_models_and_the_crates() {
    let done = pipeline(["licenses"]);
    assert_eq!(done.status, 0, "{}", done.err);
    let card = std::fs::read_to_string(root().join("models/newsgraph/README.md")).unwrap();
    assert!(done.out.contains(card.trim_end()));
    assert!(done.out.contains("| parquet ") && done.out.contains("MIT licence or the Apache License 2.0"));
}
