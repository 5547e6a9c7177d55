//! Which libraries are found, in which order, and which are not trusted.
#![cfg(all(feature = "host", unix))]

mod common;

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use common::{c_library, folder};
use pipeline_core::plugin::{
    Found, Library, LoadCode, Lock, OpenOptions, Origin, Platform, SearchPath, discover,
};

/// Folders of an environment, each with libraries of these ids and stages.
fn place(root: &Path, name: &str, libraries: &[(&str, &str, &str)]) -> PathBuf {
    let place = root.join(name);
    std::fs::create_dir_all(&place).unwrap();
    for (file, id, stage) in libraries {
        c_library(&place, file, &[&format!("-DID=\"{id}\""), &format!("-DSTAGE=\"{stage}\"")]);
    }
    place
}

fn search(files: &[PathBuf], dirs: &[(&Path, Origin)]) -> Found {
    let dirs = dirs.iter().map(|(dir, origin)| (dir.to_path_buf(), *origin)).collect();
    discover(&SearchPath { files: files.to_vec(), dirs, notes: Vec::new() })
}

fn ids(found: &Found) -> Vec<&str> {
    found.libraries.iter().map(|candidate| candidate.library.declared.id.as_str()).collect()
}

fn codes(found: &Found) -> Vec<LoadCode> {
    found.errors.iter().map(|error| error.code).collect()
}

#[test]
fn the_first_folder_wins_and_what_it_hides_is_listed() {
    let root = folder("shadows");
    let first = place(&root, "first", &[("one", "acme-one", "acme.one")]);
    let second = place(&root, "second", &[("one", "acme-one", "acme.one"), ("two", "acme-two", "acme.two")]);
    let third = place(&root, "third", &[("other", "acme-other", "acme.two")]);
    std::fs::create_dir_all(first.join("deeper")).unwrap();
    c_library(&first.join("deeper"), "deep", &["-DID=\"acme-deep\""]);
    std::fs::write(
        first.join("notes.so"),
        "something else entirely, with the ending of a library; passed over",
    )
    .unwrap();
    let places = [(&*first, Origin::Flag), (&*second, Origin::Config), (&*third, Origin::User)];
    let found = search(&[], &places);
    assert_eq!(ids(&found), ["acme-one", "acme-two"]);
    assert!(found.errors.is_empty(), "{:?}", found.errors);
    assert!(found.libraries[0].library.path.starts_with(&first));
    let hidden: Vec<_> = found.shadowed.iter().map(|hidden| (hidden.name.as_str(), hidden.origin)).collect();
    assert_eq!(hidden, [("acme-one", Origin::Config), ("acme.two", Origin::User)]);
    assert_eq!(found.stage("acme.two").unwrap().library.declared.id, "acme-two");
    // A file that is named comes before every folder.
    let named = second.join(found.shadowed[0].library.path.file_name().unwrap());
    let found = search(&[named], &places);
    assert!(found.libraries[0].library.path.starts_with(&second), "{:?}", ids(&found));
}

#[test]
fn two_of_one_name_in_one_folder_are_both_refused() {
    let root = folder("duplicates");
    let libraries = [("a", "acme-same", "acme.a"), ("b", "acme-same", "acme.b"), ("c", "acme-c", "acme.c")];
    let found = search(&[], &[(&place(&root, "dir", &libraries), Origin::Flag)]);
    assert_eq!((ids(&found), codes(&found)), (vec!["acme-c"], vec![LoadCode::Duplicate; 2]));
    let text = found.errors[0].to_string();
    assert!(text.contains("liba.so") && text.contains("libb.so") && text.contains("`acme-same`"), "{text}");
    let stages = [("d", "acme-d", "acme.x"), ("e", "acme-e", "acme.x")];
    let found = search(&[], &[(&place(&root, "stages", &stages), Origin::Flag)]);
    assert_eq!(codes(&found), [LoadCode::Duplicate; 2]);
}

#[test]
fn a_named_file_that_is_no_plugin_is_an_error_and_one_in_a_folder_is_not() {
    let root = folder("named");
    c_library(&root, "plain", &["-DNO_DECLARATION"]);
    assert!(search(&[], &[(&root, Origin::Flag)]).errors.is_empty());
    assert_eq!(codes(&search(&[root.join("libplain.so")], &[])), [LoadCode::NotPlugin]);
    assert_eq!(codes(&search(&[root.join("absent.so")], &[])), [LoadCode::NotFound]);
    let found = search(&[], &[(&root.join("absent"), Origin::Config), (&root.join("gone"), Origin::User)]);
    assert!(found.notes.len() == 1 && found.notes[0].contains("absent"), "{:?}", found.notes);
}

#[test]
fn relative_folders_of_the_environment_are_not_searched() {
    // The variable is this process's own; no other test of this file reads it.
    let Some(output) =
        child("environment", &[("PIPELINE_PLUGIN_PATH", ":plugins:/opt/there::."), ("HOME", "/home/x")])
    else {
        let search =
            SearchPath::standard(&[], &["here".into()], &["plugins".into()], Path::new("/etc/pipeline"));
        for (dir, origin) in &search.dirs {
            println!("{origin}: {}", dir.display());
        }
        return search.notes.iter().for_each(|note| println!("{note}"));
    };
    let lines: Vec<_> = output
        .lines()
        .filter(|line| line.contains('/') || line.contains("here") || line.contains("not"))
        .collect();
    let expected = [
        "command line: here",
        "configuration: /etc/pipeline/plugins",
        "PIPELINE_PLUGIN_PATH: /opt/there",
        "user's folder: /home/x/.local/share/pipeline/plugins",
        "system's folder: /usr/local/lib/pipeline/plugins",
        "system's folder: /usr/lib/pipeline/plugins",
        "PIPELINE_PLUGIN_PATH: `plugins` is not absolute and is not searched",
        "PIPELINE_PLUGIN_PATH: `.` is not absolute and is not searched",
    ];
    for line in expected {
        assert!(lines.iter().any(|found| found.ends_with(line)), "no {line:?} in {lines:#?}");
    }
}

/// Runs the calling test again in a process with other variables, and gives its output; `None` in that process.
fn child(test: &str, variables: &[(&str, &str)]) -> Option<String> {
    const MARK: &str = "PIPELINE_TEST_CHILD";
    if std::env::var_os(MARK).is_some() {
        return None;
    }
    let mut command = std::process::Command::new(std::env::current_exe().unwrap());
    command.args([test, "--nocapture", "--test-threads=1"]).env(MARK, "1").env_remove("XDG_DATA_HOME");
    let output = command.envs(variables.iter().copied()).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    Some(String::from_utf8(output.stdout).unwrap())
}

#[test]
fn what_others_could_change_is_refused() {
    let root = folder("permissions");
    let dir = place(&root, "dir", &[("one", "acme-one", "acme.one")]);
    let file = dir.join("libone.so");
    let mode = |path: &Path, mode| std::fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    let refusal = || Library::scan(&file).unwrap().open(OpenOptions::default()).err();
    mode(&dir, 0o755);
    mode(&file, 0o646);
    let error = refusal().unwrap();
    assert_eq!(error.code, LoadCode::Permissions);
    let text = error.to_string();
    assert!(text.contains("writable by everybody (mode 646)") && text.contains("chmod go-w"), "{text}");
    assert_eq!(codes(&search(&[], &[(&dir, Origin::Flag)])), [LoadCode::Permissions]);
    mode(&file, 0o644);
    mode(&dir, 0o757);
    let text = refusal().unwrap().to_string();
    assert!(text.contains("the folder") && text.contains("757"), "{text}");
    // As in /tmp: others may put files beside it, and cannot replace it.
    mode(&dir, 0o1777);
    assert!(refusal().is_none());
    mode(&dir, 0o755);
    std::os::unix::fs::symlink(&file, root.join("link.so")).unwrap();
    assert_eq!(Library::scan(&root.join("link.so")).unwrap().path, file);
}

#[test]
fn a_sidecar_says_what_its_user_wants_of_a_library() {
    let root = folder("sidecars");
    let dir = place(&root, "dir", &[("one", "acme-one", "acme.one")]);
    let hash = Library::scan(&dir.join("libone.so")).unwrap().sha256().unwrap();
    let with = |text: String| {
        std::fs::write(dir.join("libone.toml"), text).unwrap();
        search(&[], &[(&dir, Origin::Flag)])
    };
    let good = format!(
        "manifest_version = 1\nid = \"acme-one\"\nsha256 = \"{hash}\"\n[config.\"acme.one\"]\nmin_len = 4\n"
    );
    let found = with(good);
    let sidecar = found.libraries[0].sidecar.as_ref().unwrap();
    assert_eq!(sidecar.config["acme.one"]["min_len"], 4);
    let found = with("manifest_version = 1\nenabled = false\n".into());
    assert!(found.libraries.is_empty() && found.notes[0].contains("switched off"), "{found:?}");
    for (text, code, words) in [
        (format!("manifest_version = 1\nsha256 = \"{}\"\n", "0".repeat(64)), LoadCode::Hash, hash.as_str()),
        ("manifest_version = 1\nid = \"acme-two\"\n".into(), LoadCode::Config, "`acme-two`"),
        ("manifest_version = 2\n".into(), LoadCode::Config, "manifest_version = 2"),
        ("manifest_version = 1\nsha265 = \"x\"\n".into(), LoadCode::Config, "sha265"),
        ("manifest_version = \n".into(), LoadCode::Config, "libone.toml"),
    ] {
        let found = with(text);
        assert_eq!(codes(&found), [code], "{:?}", found.errors);
        assert!(found.errors[0].to_string().contains(words), "{}", found.errors[0]);
    }
    // Settings of other programs have the ending too.
    assert_eq!(ids(&with("[package]\nname = \"x\"\n".into())), ["acme-one"]);
}

#[test]
fn a_sidecar_leads_to_the_library_of_this_platform() {
    let root = folder("manifests");
    let elsewhere = place(&root, "lib", &[("one", "acme-one", "acme.one")]);
    let dir = place(&root, "dir", &[]);
    let host = Platform::HOST.name();
    let text = format!("manifest_version = 1\n[paths]\n{host} = \"../lib/libone.so\"\n");
    std::fs::write(dir.join("acme.toml"), text).unwrap();
    let found = search(&[], &[(&dir, Origin::User)]);
    assert_eq!(found.libraries[0].library.path, elsewhere.join("libone.so"));
    std::fs::write(dir.join("acme.toml"), "manifest_version = 1\n[paths]\nplan9_mips = \"a.so\"\n").unwrap();
    let found = search(&[], &[(&dir, Origin::User)]);
    assert_eq!(codes(&found), [LoadCode::Platform]);
    assert!(found.errors[0].to_string().contains("plan9_mips"), "{}", found.errors[0]);
}

#[test]
fn a_lock_holds_libraries_to_their_bytes() {
    let root = folder("lock");
    let dir = place(&root, "dir", &[("one", "acme-one", "acme.one"), ("two", "acme-two", "acme.two")]);
    let scan = |name: &str| Library::scan(&dir.join(name)).unwrap();
    let (one, two) = (scan("libone.so"), scan("libtwo.so"));
    let path = root.join("pipeline.lock");
    Lock::of([&two, &one]).unwrap().write(&path).unwrap();
    let lock = Lock::read(&path).unwrap();
    assert_eq!(lock.pins().iter().map(|pin| pin.id.as_str()).collect::<Vec<_>>(), ["acme-one", "acme-two"]);
    assert_eq!(lock.to_text(), std::fs::read_to_string(&path).unwrap());
    lock.verify(&one).unwrap();
    // One byte of code: the file loads as well as before.
    let mut bytes = std::fs::read(&one.path).unwrap();
    let spot = bytes.len() - 1;
    bytes[spot] ^= 1;
    std::fs::write(&one.path, bytes).unwrap();
    let error = lock.verify(&one).unwrap_err();
    assert_eq!(error.code, LoadCode::Hash);
    assert!(error.to_string().contains("pipeline.lock") && error.to_string().contains("SHA-256"), "{error}");
    let error = Lock::of([&two]).unwrap().verify(&one).unwrap_err();
    assert!(error.code == LoadCode::Hash && error.to_string().contains("no pin for `acme-one`"), "{error}");
    std::fs::write(&path, "version = 1\n[[library]]\nid = 3\n").unwrap();
    assert_eq!(Lock::read(&path).unwrap_err().code, LoadCode::Config);
    assert_eq!(Lock::read(&root.join("absent.lock")).unwrap_err().code, LoadCode::Config);
}
