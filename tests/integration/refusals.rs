//! Libraries that are refused: each with its code, what was found and what to do, before a document is read.

use std::path::Path;
use std::process::Command;

use crate::args;
use crate::libraries::{file_name, in_c, misbehaving, patched, run};
use crate::program::{Folder, finish, pipeline, root};

const C_STAGE: &str = "tokenize,fixture.caps,fixture.first";

/// The message of a run that needs a stage of `library`.
#[track_caller]
fn refused(library: &Path, stages: &str, words: &[&str]) {
    let input = Folder::new();
    let message = pipeline(run(library, stages, &input.file("a.txt", "One two"))).refusal();
    assert!(message.contains(&library.file_name().unwrap().to_string_lossy()[..]), "{message}");
    for word in words {
        assert!(message.contains(word), "no `{word}` in: {message}");
    }
}

#[test]
fn what_is_no_plugin() {
    let folder = Folder::new();
    refused(&folder.path("nowhere.so"), "+acme.caps", &["not-found", "check the name"]);
    refused(&folder.file("text.so", "no library"), "+acme.caps", &["not-plugin"]);
    let bytes = std::fs::read(misbehaving()).unwrap();
    refused(&folder.file("cut.so", &bytes[..bytes.len() * 2 / 3]), "+fixture.caps", &["truncated"]);
}

#[test]
fn what_was_built_for_another_host() {
    let folder = Folder::new();
    let library = misbehaving();
    let patch = |offset, bytes: &[u8]| patched(library, &folder, offset, bytes);
    refused(&patch(24, &[9, 0]), "+fixture.caps", &["abi-major", "9"]);
    refused(&patch(28, &[7, 0]), "+fixture.caps", &["abi-newer", "1.7", "later version of this program"]);
    refused(&patch(32, &[183, 0]), "+fixture.caps", &["platform", "aarch64"]);
    refused(&patch(152, b"x"), "+fixture.caps", &["card"]);
    refused(&patch(31, &[2]), "+fixture.caps", &["panic-abort", "panic = \"unwind\"", "--allow-abort"]);
}

#[test]
fn what_fails_while_it_is_opened() {
    let folder = Folder::new();
    let cases = [
        ("UNRESOLVED", "dlopen", "fixture_that_nobody_defines"),
        ("ENTRY_FAILS", "entry-failed", "reason"),
        ("NULL_PROCESS", "null-function", "`process`"),
    ];
    for (flag, code, word) in cases {
        let Some(library) = in_c(&folder, flag, &[&format!("-D{flag}"), "-DSTAGE=\"fixture.broken\""]) else {
            return;
        };
        refused(&library, "+fixture.broken", &[code, word]);
    }
}

#[test]
fn what_lacks_its_entry_or_has_a_sidecar_that_cannot_be_read() {
    let folder = Folder::new();
    let Some(library) = in_c(&folder, "mute", &["-DNO_ENTRY"]) else { return };
    refused(&library, C_STAGE, &["no-entry", "pipeline_plugin_entry_v1"]);
    let library = folder.file(&file_name("beside"), std::fs::read(misbehaving()).unwrap());
    folder.file(&format!("{}.toml", library.file_stem().unwrap().display()), "manifest_version = 9\n");
    let text = folder.file("a.txt", "One two");
    let message = pipeline(run(&library, "+fixture.caps", &text)).refusal();
    assert!(message.contains("config") && message.contains("manifest_version"), "{message}");
}

#[cfg(unix)]
#[test]
fn files_that_others_can_change() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let library = folder.file(&file_name("open"), std::fs::read(misbehaving()).unwrap());
    std::fs::set_permissions(&library, std::fs::Permissions::from_mode(0o666)).unwrap();
    refused(&library, "+fixture.caps", &["permissions", "writable by everybody", "chmod go-w"]);
}

#[test]
fn two_libraries_of_one_name_in_one_folder() {
    let folder = Folder::new();
    let bytes = std::fs::read(misbehaving()).unwrap();
    folder.file(&file_name("one"), &bytes);
    folder.file(&file_name("two"), &bytes);
    let text = folder.file("a.txt", "One two");
    let done = pipeline(args!["run", "--plugin-dir", folder.path(""), "--stages", "+fixture.caps", text]);
    let message = done.refusal();
    assert!(message.contains("duplicate") && message.contains("first one searched wins"), "{message}");
}

#[test]
fn a_stage_that_is_nowhere_comes_with_proposals() {
    let input = Folder::new();
    let text = input.file("a.txt", "One two");
    let message = pipeline(run(misbehaving(), "+fixture.cap", &text)).refusal();
    assert!(message.contains("did you mean `fixture.caps`"), "{message}");
    let message = pipeline(args!["run", "--stages", "plugin:tokenize", text]).refusal();
    assert!(
        message.contains("no library has a stage `tokenize`") && message.contains("plugins list"),
        "{message}"
    );
}

#[test]
fn options_that_do_not_fit() {
    let folder = Folder::new();
    let text = folder.file("a.txt", "One two");
    let refusal = |options: &str| {
        let config = folder.file("pipeline.toml", format!("[stages.\"fixture.caps\"]\n{options}\n"));
        let mut args = run(misbehaving(), "tokenize,fixture.caps", &text).to_vec();
        args.extend(args!["--config", config]);
        pipeline(args).refusal()
    };
    let message = refusal("min_le = 3");
    assert!(message.contains("fixture.caps") && message.contains("`min_len`"), "{message}");
    assert!(refusal("min_len = 0").contains("1"), "the least value is named");
    assert!(refusal("overlap = 'longest'").contains("prefer-longest"));
    assert!(refusal("inputs = { tokens = 'acme.words' }").contains("acme.words"), "the plan names the layer");
}

#[test]
fn locked_runs_load_what_is_pinned_and_nothing_else() {
    let folder = Folder::new();
    let Some(library) = in_c(&folder, "pinned", &[]) else { return };
    let text = folder.file("a.txt", "One two");
    let config = folder.file("pipeline.toml", "");
    let call = |more: &[&str]| {
        let mut args = args!["run", "--quiet", "--config", config, "--plugin", library, "--plugin"].to_vec();
        args.extend(args![misbehaving(), "--stages", C_STAGE, text]);
        args.extend(more.iter().map(std::ffi::OsString::from));
        pipeline(args)
    };
    let message = call(&["--locked"]).refusal();
    assert!(message.contains("pipeline.lock"), "{message}");
    call(&[]).well();
    let lock = std::fs::read_to_string(folder.path("pipeline.lock")).unwrap();
    assert!(lock.contains("fixture-c") && lock.contains("fixture-stages"), "{lock}");
    call(&["--locked"]).well();
    in_c(&folder, "pinned", &["-DLABEL=\"OTHER\""]);
    let message = call(&["--locked"]).refusal();
    assert!(message.contains("hash") && message.contains("SHA-256"), "{message}");
    // A run that is not locked goes on with the library as it is now, and says so once.
    let changed = call(&[]);
    let words = ["`fixture-c` has changed", "pipeline.lock", "--locked"];
    assert!(changed.status == 0 && words.iter().all(|word| changed.err.contains(word)), "{}", changed.err);
    assert!(!changed.err.contains("`fixture-stages` has"), "{}", changed.err);
    assert_eq!(call(&[]).err, "");
    call(&["--locked"]).well();
}

#[test]
fn options_of_a_stage_that_is_nowhere() {
    let folder = Folder::new();
    let text = folder.file("a.txt", "One two");
    let call = |section: &str, stages: &str| {
        let config = folder.file("pipeline.toml", format!("[stages.\"{section}\"]\nmin_len = 3\n"));
        let mut args = run(misbehaving(), stages, &text).to_vec();
        args.extend(args!["--config", config]);
        pipeline(args)
    };
    for stages in ["tokenize,fixture.caps", "tokenize"] {
        let message = call("fixture.cap", stages).refusal();
        assert!(message.contains("did you mean `fixture.caps`?"), "{message}");
        assert_eq!(call("fixture.words", stages).err, "", "a stage of the library that is not used");
        let absent = call("acme.gazetteer", stages);
        assert!(absent.status == 0 && absent.err.contains("acme.gazetteer"), "{}", absent.err);
    }
}

#[test]
fn a_library_that_needs_a_standard_library_which_is_not_found() {
    let Some(library) = prefers_dynamic() else { return };
    let input = Folder::new();
    let text = input.file("a.txt", "One two");
    let call = |path: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pipeline"));
        command.args(run(&library, "tokenize,fixture.caps", &text)).env("LD_LIBRARY_PATH", path);
        finish(command, b"")
    };
    let message = call("").refusal();
    for word in ["dlopen", "libstd-", "install what it needs"] {
        assert!(message.contains(word), "no `{word}` in: {message}");
    }
    let libdir = Command::new("rustc").args(["--print", "target-libdir"]).output().unwrap();
    let record = &call(String::from_utf8(libdir.stdout).unwrap().trim()).well()[0];
    assert_eq!(record["entities"][0]["label"], "CAP");
}

/// The stages as a library that shares the standard library with others; `None`, loudly, where that cannot be tried.
fn prefers_dynamic() -> Option<std::path::PathBuf> {
    if !cfg!(target_os = "linux") {
        eprintln!("SKIPPED: how libraries share the standard library was tried on Linux only");
        return None;
    }
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("dynamic");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args([
        "build",
        "--quiet",
        "-p",
        "fixture-stages",
        "--config",
        "build.rustflags=[\"-Cprefer-dynamic\"]",
    ]);
    cargo.arg("--target-dir").arg(&target).current_dir(root()).env_remove("RUSTFLAGS");
    let built = cargo.output().unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    Some(target.join("debug").join(file_name("fixture_stages")))
}
