//! Libraries as a user meets them: each refusal with its code and words, each failure kept to its document.
#![cfg(unix)]

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::args;
use crate::program::{Done, Folder, pipeline, root};

/// The C stage `fixture.first` as a library, with what is wrong with it as flags of the compiler.
fn compile(folder: &Folder, name: &str, flags: &[&str]) -> PathBuf {
    let library = folder.path(&format!("{name}{}", std::env::consts::DLL_SUFFIX));
    let core = root().join("pipeline-core");
    let mut cc = Command::new("cc");
    cc.args(["-shared", "-fPIC", "-pthread", "-I"]).arg(core.join("include")).args(flags);
    cc.arg(core.join("tests/fixtures/c/fixture.c")).arg("-o").arg(&library);
    assert!(cc.status().expect("a C compiler, as the contributing guide says").success());
    library
}

/// The same with bytes of its declaration replaced.
fn patched(folder: &Folder, name: &str, offset: usize, bytes: &[u8]) -> PathBuf {
    let library = compile(folder, name, &[]);
    let mut file = std::fs::read(&library).unwrap();
    let start = file.windows(16).position(|window| window == b"pipeline-stage\x01\n").unwrap();
    file[start + offset..][..bytes.len()].copy_from_slice(bytes);
    std::fs::write(&library, file).unwrap();
    library
}

fn run(library: &Path, more: &[&str]) -> Done {
    let mut args = args!["run", "examples/news", "--plugin", library, "--stages", "+fixture.first"].to_vec();
    args.extend(more.iter().map(Into::into));
    pipeline(args)
}

#[track_caller]
fn refused(library: &Path, code: &str, words: &[&str]) {
    let message = run(library, &[]).refusal();
    for word in [&[code, library.to_str().unwrap()], words].concat() {
        assert!(message.contains(word), "`{word}` is not said in: {message}");
    }
}

#[test]
fn libraries_of_two_languages_work_in_one_run() {
    let folder = Folder::new();
    let config = folder.file(
        "pipeline.toml",
        "[pipeline]\nstages = [\"fixture.words\", \"fixture.caps\", \"fixture.first\"]\n",
    );
    let (c, rust) = (compile(&folder, "good", &[]), misbehaving());
    let input = folder.file("in.jsonl", "{\"text\":\"met Anna\"}\n{\"text\":\"Bo ran\"}\n");
    let records = pipeline(args!["run", input, "--config", config, "--plugin", c, "--plugin", rust]).well();
    let labels = |record: &Value| -> Vec<String> {
        let rows = record["entities"].as_array().unwrap().iter();
        rows.map(|row| format!("{} {}", row["label"].as_str().unwrap(), row["text"].as_str().unwrap()))
            .collect()
    };
    assert_eq!(labels(&records[0]), ["FIRST met", "CAP Anna"]);
    // The appended row overlaps one that was there, which counts.
    assert_eq!(labels(&records[1]), ["CAP Bo"]);
}

#[test]
fn each_refusal_has_its_code_what_was_found_and_what_would_help() {
    let folder = Folder::new();
    let file = |name: &str, text: &str| folder.file(name, text.repeat(80));
    let built = |name: &str, flag: &str| compile(&folder, name, &[flag]);
    let patched = |name: &str, offset, bytes: &[u8]| patched(&folder, name, offset, bytes);
    let foreign = if cfg!(target_arch = "x86_64") { 183u16 } else { 62 };
    refused(&folder.path("absent.so"), "not-found", &["check the name"]);
    refused(&file("text.so", "no library. "), "not-plugin", &["pipeline_plugin_decl"]);
    refused(&built("plain", "-DNO_DECLARATION"), "not-plugin", &["exports no such symbol"]);
    refused(&patched("arch", 32, &foreign.to_ne_bytes()), "platform", &["for this platform"]);
    refused(&patched("major", 24, &2u16.to_ne_bytes()), "abi-major", &["interface 2.0", "1.x"]);
    refused(&patched("newer", 28, &9u16.to_ne_bytes()), "abi-newer", &["1.9", "later version"]);
    refused(&patched("card", 152, b"["), "card", &["fixture-c", "cannot be read"]);
    refused(&patched("abort", 31, &[2]), "panic-abort", &["--allow-abort"]);
    refused(&built("unresolved", "-DUNRESOLVED"), "dlopen", &["fixture_that_nobody_defines"]);
    refused(&built("no-entry", "-DNO_ENTRY"), "no-entry", &["pipeline_plugin_entry_v1"]);
    refused(&built("failing", "-DENTRY_FAILS"), "entry-failed", &["the licence has run out"]);
    refused(&built("null", "-DNULL_PROCESS"), "null-function", &["`process`"]);
    let whole = std::fs::read(compile(&folder, "whole", &[])).unwrap();
    refused(&folder.file("cut.so", &whole[..whole.len() / 2]), "truncated", &["ends at byte"]);
    let open = compile(&folder, "open", &[]);
    std::fs::set_permissions(&open, std::fs::Permissions::from_mode(0o666)).unwrap();
    refused(&open, "permissions", &["writable by everybody", "chmod go-w"]);
    let sidecar = compile(&folder, "sidecar", &[]);
    folder.file("sidecar.toml", "manifest_version = 1\nids = \"x\"\n");
    let message = run(&sidecar, &[]).refusal();
    assert!(
        message.contains("config") && message.contains("ids") && message.contains("sidecar.toml"),
        "{message}"
    );
    folder.file("sidecar.toml", format!("manifest_version = 1\nsha256 = \"{}\"\n", "0".repeat(64)));
    refused(&sidecar, "hash", &["SHA-256"]);
}

#[test]
fn two_libraries_of_one_name_are_refused() {
    let folder = Folder::new();
    let (one, two) = (compile(&folder, "one", &[]), compile(&folder, "two", &[]));
    let message = run(&one, &["--plugin", two.to_str().unwrap()]).refusal();
    for word in ["duplicate", "one.so", "two.so", "`fixture-c`"] {
        assert!(message.contains(word), "`{word}` is not said in: {message}");
    }
}

#[test]
fn a_locked_run_takes_no_other_bytes() {
    let folder = Folder::new();
    std::fs::create_dir(folder.path("libs")).unwrap();
    let library = compile(&folder, "libs/first", &[]);
    let config = folder.file(
        "pipeline.toml",
        "[pipeline]\nstages = [\"language\", \"tokenize\", \"fixture.first\"]\n[plugins]\npaths = [\"libs\"]\n",
    );
    let run = |more: &[&str]| {
        let mut args = args!["run", "examples/news", "--config", config].to_vec();
        args.extend(more.iter().map(Into::into));
        pipeline(args)
    };
    // `fixture.first` appends to entities, which nobody makes here.
    let message = run(&[]).refusal();
    assert!(message.contains("`fixture.first` extends layer `entities`"), "{message}");
    let message = run(&["--locked"]).refusal();
    assert!(message.contains("pipeline.lock") || message.contains("entities"), "{message}");
    let mut bytes = std::fs::read(&library).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::remove_file(&library).unwrap();
    std::fs::write(&library, bytes).unwrap();
    let message = run(&["--locked"]).refusal();
    assert!(message.contains("hash") && message.contains("SHA-256"), "{message}");
}

/// The Rust stages that misbehave, as a library.
fn misbehaving() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("stages");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--quiet", "-p", "fixture-stages", "--target-dir"]).arg(&target).current_dir(root());
    assert!(cargo.status().unwrap().success());
    let (prefix, suffix) = (std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    target.join("debug").join(format!("{prefix}fixture_stages{suffix}"))
}

#[test]
fn a_failure_stays_with_its_document_and_the_others_come_in_order() {
    let folder = Folder::new();
    let texts = ["Anna", "panic", "Bo", "bomb", "error", "out of bounds", "é", "symbol", "parallel", "Carl"];
    let lines: String =
        texts.iter().map(|text| format!("{}\n", serde_json::json!({ "text": text }))).collect();
    let input = folder.file("in.jsonl", lines);
    let config = folder.file(
        "pipeline.toml",
        "[pipeline]\nstages = [\"fixture.words\", \"fixture.caps\"]\n[stages.\"fixture.caps\"]\nmin_len = 2\n",
    );
    let library = misbehaving();
    let done = pipeline(args!["run", input, "--config", config, "--plugin", library]);
    assert_eq!(done.status, 1, "{}", done.err);
    let records = done.records();
    assert_eq!(records.len(), texts.len());
    let error = |index: usize, key: &str| records[index]["errors"][0][key].as_str().unwrap_or("");
    for (index, code, words) in [
        (1, "panic", "panicked: asked to at "),
        (3, "panic", "(no message) at "),
        (4, "stage-error", "asked to"),
        (5, "invalid-output", "0..99 is out of bounds"),
        (6, "invalid-output", "cuts a character in two"),
        (7, "invalid-output", "was never given out"),
        (8, "panic", "in a loop"),
    ] {
        assert_eq!((error(index, "stage"), error(index, "code")), ("fixture.caps", code), "{}", texts[index]);
        assert!(error(index, "message").contains(words), "{}", error(index, "message"));
    }
    for index in [0, 2, 9] {
        assert_eq!(records[index]["errors"], Value::Array(Vec::new()));
        assert_eq!(records[index]["entities"][0]["text"], texts[index], "{}", records[index]);
    }
    let wrong = folder.file(
        "wrong.toml",
        "[pipeline]\nstages = [\"fixture.words\", \"fixture.caps\"]\n[stages.\"fixture.caps\"]\nmin_len = 0\n",
    );
    let message = pipeline(args!["run", input, "--config", wrong, "--plugin", library]).refusal();
    assert!(message.contains("`min_len` must be at least 1, found 0"), "{message}");
}
