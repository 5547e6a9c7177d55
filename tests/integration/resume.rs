//! Long runs: what is interrupted, killed or out of room can be gone on with, and comes out the same.

use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::args;
use crate::program::{Folder, pipeline};

/// Lines of documents, of which some are none; `bad` says which.
fn lines(folder: &Folder, count: usize, bad: impl Fn(usize) -> bool) -> PathBuf {
    let line = |i: usize| match bad(i) {
        true => format!("{{\"id\":\"{i}\"}}\n"),
        false => {
            format!("{{\"id\":\"{i}\",\"text\":\"Ana Soto joined Lumen in Oslo on day {i}. She left.\"}}\n")
        }
    };
    folder.file("in.jsonl", (0..count).map(line).collect::<String>())
}

/// A run that makes words and sentences of `input`.
fn start(input: &Path, output: &Path, resume: bool) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pipeline"));
    command.args(["run", "--layers", "language,tokens,sentences", "--threads", "2"]);
    command.args([input.as_os_str(), "-o".as_ref(), output.as_os_str()]).args(resume.then_some("--resume"));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    command
}

#[track_caller]
fn finished(mut command: Command) -> (i32, String) {
    let output = command.output().unwrap();
    (output.status.code().unwrap_or(-1), String::from_utf8(output.stderr).unwrap())
}

fn bytes(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

const FORMATS: [&str; 4] = ["out.jsonl", "out.jsonl.gz", "out.jsonl.zst", "out.parquet"];

#[test]
fn a_run_that_gave_up_is_gone_on_with() {
    let folder = Folder::new();
    // Parquet goes on after whole row groups, of which there are two here.
    let input = lines(&folder, 40_000, |i| i == 2 || i == 35_000);
    for name in FORMATS {
        let (whole, part) = (folder.path(&format!("whole/{name}")), folder.path(name));
        std::fs::create_dir_all(whole.parent().unwrap()).unwrap();
        assert_eq!(finished(start(&input, &whole, false)).0, 1);
        let mut command = start(&input, &part, false);
        command.args(["--max-errors", "1"]);
        let (status, said) = finished(command);
        assert_eq!(status, 2, "{said}");
        assert!(said.contains("--resume"), "{said}");
        assert!(!part.exists());
        let (status, said) = finished(start(&input, &part, true));
        assert_eq!(status, 1, "{said}");
        assert!(said.contains("40,000 documents") && said.contains("by an earlier run"), "{said}");
        assert!(said.contains("2 with errors"), "{said}");
        assert!(bytes(&part) == bytes(&whole), "{name} differs from that of an undisturbed run");
    }
    let mut names = FORMATS.map(str::to_owned).to_vec();
    names.extend(["in.jsonl".to_owned(), "whole".to_owned()]);
    names.sort();
    assert_eq!(folder.names(), names);
}

#[test]
fn killed_runs_lose_nothing_and_repeat_nothing() {
    let kills: u32 = std::env::var("PIPELINE_KILLS").map_or(5, |kills| kills.parse().unwrap());
    let folder = Folder::new();
    let input = lines(&folder, 50_000, |i| i % 10_000 == 7);
    for name in ["out.jsonl", "out.jsonl.zst", "out.parquet"] {
        let (whole, part) = (folder.path(&format!("whole-{name}")), folder.path(name));
        let begin = Instant::now();
        assert_eq!(finished(start(&input, &whole, false)).0, 1);
        let took = begin.elapsed();
        let mut left = kills;
        while left > 0 {
            let mut child = start(&input, &part, true).spawn().unwrap();
            std::thread::sleep(took.mul_f64(random()));
            child.kill().unwrap();
            child.wait().unwrap();
            if !part.exists() {
                left -= 1;
                continue;
            }
            // It came to its end before: the next begins anew.
            assert!(bytes(&part) == bytes(&whole), "{name}: {} kills", kills - left);
            std::fs::remove_file(&part).unwrap();
        }
        let (status, said) = finished(start(&input, &part, true));
        assert_eq!(status, 1, "{said}");
        assert!(said.contains("50,000 documents") && said.contains("5 with errors"), "{said}");
        assert!(bytes(&part) == bytes(&whole), "{name} differs from that of an undisturbed run");
    }
}

/// From 0 to 1. Which moments are tried differs from run to run; what must come out does not.
fn random() -> f64 {
    use std::hash::{BuildHasher, RandomState};
    (RandomState::new().hash_one(0) % 1000) as f64 / 1000.0
}

#[cfg(unix)]
fn interrupt(child: &Child) {
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
}

/// Waits until something has been written.
fn wait_for(path: &Path) {
    let begin = Instant::now();
    while std::fs::metadata(path).map_or(0, |file| file.len()) == 0 {
        assert!(begin.elapsed() < Duration::from_secs(120), "{} does not come", path.display());
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_says_how_to_go_on() {
    let folder = Folder::new();
    let input = lines(&folder, 200_000, |_| false);
    let output = folder.path("out.jsonl");
    let child = start(&input, &output, false).spawn().unwrap();
    wait_for(&folder.path("out.jsonl.part"));
    interrupt(&child);
    let ended = child.wait_with_output().unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(2), "{said}");
    assert!(said.contains("interrupted after") && said.contains("--resume"), "{said}");
    assert_eq!(folder.names(), ["in.jsonl", "out.jsonl.part", "out.jsonl.part.journal"]);
    let (status, said) = finished(start(&input, &output, true));
    assert_eq!(status, 0, "{said}");
    let written = std::fs::read_to_string(&output).unwrap();
    for (number, line) in written.lines().enumerate() {
        assert!(line.starts_with(&format!("{{\"id\":\"{number}\"")), "line {number} is {line}");
    }
    assert_eq!(written.lines().count(), 200_000);
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_on_standard_input_writes_what_it_has() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pipeline"));
    command.args(["run", "-", "--layers", "language"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(b"{\"text\":\"Oslo.\"}\n{\"text\":\"Ber").unwrap();
    stdin.flush().unwrap();
    // A handler that is not there yet lets the signal end the program, and the test fails.
    std::thread::sleep(Duration::from_secs(2));
    interrupt(&child);
    let ended = child.wait_with_output().unwrap();
    drop(stdin);
    let said = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(2), "{said}");
    assert!(said.contains("interrupted"), "{said}");
    let out = String::from_utf8(ended.stdout).unwrap();
    assert!(out.starts_with("{\"id\":\"-:1\"") && out.ends_with("}\n"), "{out}");
}

#[test]
fn what_has_changed_is_said() {
    let folder = Folder::new();
    let input = lines(&folder, 1000, |i| i == 10);
    let output = folder.path("out.jsonl");
    let give_up = |more: &[&str]| {
        let mut all: Vec<OsString> = args!["run", input, "-o", output, "--max-errors", "0"].to_vec();
        all.extend(more.iter().map(OsString::from));
        assert_eq!(pipeline(all).status, 2);
    };
    let resume = |more: &[&str]| {
        let mut all: Vec<OsString> = args!["run", input, "-o", output, "--resume"].to_vec();
        all.extend(more.iter().map(OsString::from));
        pipeline(all)
    };
    give_up(&[]);
    let said = resume(&["--offsets", "bytes", "--limit", "5"]).refusal();
    assert!(
        said.contains("--offsets was chars, is bytes") && said.contains("--limit was not set, is 5"),
        "{said}"
    );
    // How many threads work is of no matter.
    assert_eq!(resume(&["--threads", "1"]).status, 1);
    give_up(&[]);
    std::fs::write(&input, "{\"text\":\"Oslo.\"}\n").unwrap();
    let said = resume(&[]).refusal();
    assert!(said.contains("the input has changed") && said.contains("in.jsonl"), "{said}");
    // Without --resume it begins anew, and says so.
    let done = pipeline(args!["run", input, "-o", output]);
    assert!(done.err.contains("is begun anew"), "{}", done.err);
    assert_eq!(std::fs::read_to_string(&output).unwrap().lines().count(), 1);
}

#[test]
fn only_files_can_be_gone_on_with() {
    let folder = Folder::new();
    let output = folder.path("out.jsonl");
    for all in [
        args!["run", "-", "-o", output, "--resume"].to_vec(),
        args!["run", "examples/news", "--resume"].to_vec(),
    ] {
        let said = pipeline(all).refusal();
        assert!(said.contains("files in and a file out"), "{said}");
    }
    // There is nothing to go on with: it is an ordinary run.
    let done = pipeline(args!["run", "examples/news", "-o", output, "--resume"]);
    assert_eq!(done.status, 0, "{}", done.err);
    assert_eq!(folder.names(), ["out.jsonl"]);
}

#[test]
fn a_full_disk_is_said() {
    if !Path::new("/dev/full").exists() {
        eprintln!("skipped: there is no /dev/full");
        return;
    }
    let said = pipeline(["run", "examples/news", "-o", "/dev/full"]).refusal();
    assert!(said.contains("no space left") && said.contains("make room"), "{said}");
}

#[test]
fn what_stands_in_the_way_is_named() {
    let folder = Folder::new();
    folder.file("out.jsonl.part/x", "");
    let said = pipeline(args!["run", "examples/news", "-o", folder.path("out.jsonl")]).refusal();
    assert!(said.contains("out.jsonl.part is a directory"), "{said}");
    folder.file("b.jsonl.part.journal/x", "");
    let said = pipeline(args!["run", "examples/news", "-o", folder.path("b.jsonl")]).refusal();
    assert!(said.contains("b.jsonl.part.journal is a directory"), "{said}");
}

#[cfg(unix)]
#[test]
fn unreadable_files_have_a_record() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let closed = folder.file("in/a.txt", "Oslo.");
    folder.file("in/b.txt", "Bergen.");
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o000)).unwrap();
    if std::fs::read(&closed).is_ok() {
        eprintln!("skipped: this user may read everything");
        return;
    }
    let done = pipeline(args!["run", folder.path("in")]);
    assert_eq!(done.status, 1);
    assert_eq!(done.records()[0]["errors"][0]["code"], "unreadable");
}
