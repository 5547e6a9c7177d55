//! `pipeline plugins`: list, inspect, check, new.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::args;
use crate::libraries::{build, file_name, in_c, misbehaving};
use crate::program::{Done, Folder, finish, pipeline, root};

/// The program in a folder, that knows no libraries but those it is given.
fn inside(folder: &Folder, args: &[&str]) -> Done {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pipeline"));
    command
        .args(args)
        .current_dir(folder.path(""))
        .env_remove("PIPELINE_PLUGIN_PATH")
        .env("XDG_DATA_HOME", folder.path(""));
    finish(command, b"")
}

#[test]
fn list_shows_what_is_used_hidden_and_refused() {
    let folder = Folder::new();
    let bytes = std::fs::read(misbehaving()).unwrap();
    let (first, second) = (file_name("first"), file_name("second"));
    folder.file(&format!("a/{first}"), &bytes);
    folder.file(&format!("b/{second}"), &bytes);
    folder.file(&format!("b/{}", file_name("cut")), &bytes[..bytes.len() / 2]);
    folder.file("b/notes.txt", "not a library");
    let call = |more: &[&str]| {
        inside(&folder, &[&["plugins", "list", "--plugin-dir", "a", "--plugin-dir", "b"], more].concat())
    };
    let text = call(&[]);
    assert_eq!(text.status, 1, "a library was refused");
    for word in
        ["fixture-stages ", "stage fixture.caps: marks capitals", "not used: ", "refused: ", "truncated"]
    {
        assert!(text.out.contains(word), "no `{word}` in: {}", text.out);
    }
    let json: Value = serde_json::from_str(&call(&["--json"]).out).unwrap();
    assert_eq!(json["libraries"][0]["id"], "fixture-stages");
    assert!(json["shadowed"][0]["path"].as_str().unwrap().ends_with(&second));
    assert!(json["shadowed"][0]["by"].as_str().unwrap().ends_with(&first));
    assert_eq!(json["refused"][0]["code"], "truncated");
}

#[test]
fn list_without_libraries_says_where_it_looked() {
    let folder = Folder::new();
    folder.file("pipeline.toml", "[plugins]\npaths = ['mine']\n");
    folder.file("mine/notes.txt", "");
    let done = inside(&folder, &["plugins", "list"]);
    assert!(
        done.status == 0 && done.out.contains("no libraries found") && done.out.contains("mine"),
        "{}",
        done.out
    );
}

/// The program tells of a folder that it cannot search: it has not tried.
#[test]
fn libraries_are_looked_for_only_when_a_stage_is_not_built_in() {
    let folder = Folder::new();
    let text = folder.file("a.txt", "One two");
    let call = |stages: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pipeline"));
        command.args(args!["run", "--quiet", "--stages", stages, "--plugin", misbehaving(), text]);
        command.env("PIPELINE_PLUGIN_PATH", "relative");
        finish(command, b"")
    };
    let built_in = call("language,tokenize");
    assert_eq!((built_in.status, built_in.err.as_str()), (0, ""));
    let loaded = call("language,tokenize,fixture.words");
    assert!(loaded.err.contains("`relative` is not absolute"), "{}", loaded.err);
}

#[test]
fn inspect_reads_without_running() {
    let folder = Folder::new();
    let done = pipeline(args!["plugins", "inspect", misbehaving()]);
    for word in [
        "stage fixture.caps",
        "provides   entities (spans: label sym",
        "threads    per-worker",
        "option     min_len",
    ] {
        assert!(done.out.contains(word), "no `{word}` in: {}", done.out);
    }
    let json: Value =
        serde_json::from_str(&pipeline(args!["plugins", "inspect", "--json", misbehaving()]).out).unwrap();
    assert_eq!((&json["id"], &json["loads"]), (&Value::from("fixture-stages"), &Value::from(true)));
    let stages = json["stages"].as_array().unwrap();
    let caps = stages.iter().find(|stage| stage["name"] == "fixture.caps").unwrap();
    assert_eq!(caps["requires"][0]["layer"], "tokens");
    // A library that ends the process as soon as it is loaded.
    let Some(deadly) = in_c(&folder, "deadly", &["-DABORTS_WHEN_LOADED"]) else { return };
    assert_eq!(pipeline(args!["plugins", "inspect", deadly]).status, 0);
    assert_eq!(pipeline(args!["plugins", "list", "--plugin", deadly]).status, 0);
    let text = folder.file("a.txt", "no library");
    assert!(pipeline(args!["plugins", "inspect", text]).refusal().contains("not-plugin"));
}

#[test]
fn check_passes_what_keeps_the_contract_and_names_what_breaks_it() {
    let call = |more: &[&str]| {
        let mut args = args!["plugins", "check", misbehaving()].to_vec();
        args.extend(more.iter().map(std::ffi::OsString::from));
        pipeline(args)
    };
    let good = call(&["--stage", "fixture.words"]);
    assert_eq!((good.status, good.out.as_str()), (0, "fixture.words: keeps the contract\n"), "{}", good.err);
    let bad = call(&["--stage", "fixture.caps"]);
    assert_eq!(bad.status, 1, "{}", bad.err);
    assert!(bad.out.contains("breaks the contract") && bad.out.contains("valid output"), "{}", bad.out);
    let error = call(&["--stage", "fixture.caps", "--options", "{\"min_len\":\"x\"}"]).refusal();
    assert!(error.contains("min_len"), "{error}");
    assert!(call(&["--stage", "fixture.cap"]).refusal().contains("did you mean `fixture.caps`"));
    assert!(call(&["--options", "[]"]).refusal().contains("JSON object"));
}

#[test]
fn check_survives_what_harms_the_process_and_names_it() {
    let call = |does: &str, limit: &str| {
        let options = serde_json::json!({"does": does}).to_string();
        let args =
            args!["plugins", "check", misbehaving(), "--stage", "fixture.harmful", "--options", options];
        let mut args = args.to_vec();
        args.extend(args!["--time-limit", limit]);
        pipeline(args)
    };
    assert_eq!(call("nothing", "600").out, "fixture.harmful: keeps the contract\n");
    let mut cases = vec![("loop", "2", "no end after 2 s"), ("exit", "600", "ended by exit status: 0")];
    if cfg!(unix) {
        cases.extend([("abort", "600", "(SIGABRT)"), ("recurse", "600", "stack overflow")]);
    }
    for (does, limit, words) in cases {
        let done = call(does, limit);
        assert_eq!(done.status, 1, "{does}: {}", done.err);
        let text = "on the text \"Anna Lindqvist joined";
        for word in ["fixture.harmful: breaks the contract", "no harm to the process", words, text] {
            assert!(done.out.contains(word), "{does}: no `{word}` in: {}", done.out);
        }
    }
    let folder = Folder::new();
    let Some(deadly) = in_c(&folder, "deadly", &["-DABORTS_WHEN_LOADED"]) else { return };
    let done = pipeline(args!["plugins", "check", deadly]);
    assert!(
        done.status == 1 && done.out.contains("(SIGABRT) while the library was loaded"),
        "{}{}",
        done.out,
        done.err
    );
}

#[test]
fn new_refuses_names_and_folders_and_says_what_would_do() {
    let folder = Folder::new();
    let refusal = |name: &str| inside(&folder, &["plugins", "new", name]).refusal();
    assert!(refusal("Acme Caps").contains("`acme-caps`"));
    assert!(refusal("../acme").contains("`acme`"));
    assert!(refusal("match").contains("`my-match`"));
    folder.file("acme-caps/notes.txt", "mine");
    assert!(refusal("acme-caps").contains("take another name"));
    folder.file("taken", "a file");
    assert!(refusal("taken").contains("is no folder"));
    assert_eq!(folder.names(), ["acme-caps", "taken"]);
    assert_eq!(std::fs::read_to_string(folder.path("acme-caps/notes.txt")).unwrap(), "mine");
}

#[test]
fn the_example_in_c_finds_what_its_tests_say_and_keeps_the_contract() {
    let folder = Folder::new();
    let (example, library) = (root().join("plugins/example-c"), folder.path(&file_name("example_contacts")));
    let compile = |sources: &[&str], flags: &[&str], to: &Path| {
        let mut compiler = Command::new("cc");
        compiler
            .args(["-std=c11", "-O1", "-Wall", "-Wextra", "-Werror", "-pedantic"])
            .args(flags)
            .args(sources);
        compiler.arg("-I").arg(root().join("pipeline-core/include")).arg("-o").arg(to).current_dir(&example);
        let output = compiler.output().ok()?;
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Some(())
    };
    if compile(&["test.c", "find.c"], &[], &folder.path("test")).is_none() {
        return eprintln!("SKIPPED: there is no `cc`; plugins/example-c was not tried");
    }
    let tested = finish(Command::new(folder.path("test")), b"");
    assert_eq!(tested.status, 0, "{}", tested.out);
    compile(&["contacts.c", "find.c"], &["-shared", "-fPIC"], &library);
    let checked = pipeline(args!["plugins", "check", library]);
    assert_eq!(
        (checked.status, checked.out.as_str()),
        (0, "example.contacts: keeps the contract\n"),
        "{}",
        checked.err
    );
    let text = folder.file("a.txt", "Ask press@example.com or +1 212 555 0100.");
    let mut args = args!["run", "--quiet", "--plugin", library, "--plugin", misbehaving()].to_vec();
    args.extend(args!["--stages", "tokenize,fixture.caps,example.contacts", text]);
    let found = pipeline(args).well()[0]["entities"].as_array().unwrap().clone();
    let labels: Vec<_> = found.iter().map(|entity| (&entity["label"], &entity["text"])).collect();
    assert_eq!(
        labels[1..],
        [(&"EMAIL".into(), &"press@example.com".into()), (&"PHONE".into(), &"+1 212 555 0100".into())]
    );
}

#[test]
fn the_example_in_rust_marks_the_names_of_its_list() {
    let folder = Folder::new();
    let library = build("example-gazetteer");
    let list = folder.file("names.tsv", "# firms\nnorthwind traders\tORG\n");
    let options = serde_json::json!({"list": list}).to_string();
    let checked = pipeline(args!["plugins", "check", library, "--options", options]);
    assert_eq!(
        (checked.status, checked.out.as_str()),
        (0, "example.gazetteer: keeps the contract\n"),
        "{}",
        checked.err
    );
    let config = folder.file("pipeline.toml", format!("[stages.\"example.gazetteer\"]\nlist = {list:?}\n"));
    let text = folder.file("a.txt", "Anna left northwind traders.");
    let mut args =
        args!["run", "--quiet", "--plugin", library, "--plugin", misbehaving(), "--config", config].to_vec();
    args.extend(args!["--stages", "tokenize,fixture.caps,example.gazetteer", text]);
    let found = pipeline(args).well()[0]["entities"].as_array().unwrap().clone();
    assert_eq!(found[1]["label"], "ORG");
    assert_eq!(found[1]["text"], "northwind traders");
}
