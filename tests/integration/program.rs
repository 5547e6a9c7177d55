//! Starting the program, and scratch folders for it.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// What the program said and how it ended.
pub(crate) struct Done {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Done {
    /// Standard output as JSON Lines.
    pub(crate) fn records(&self) -> Vec<Value> {
        let parse =
            |line: &str| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e} in the record {line}"));
        self.out.lines().map(parse).collect()
    }

    /// The records of a run in which all went well.
    #[track_caller]
    pub(crate) fn well(self) -> Vec<Value> {
        assert_eq!(self.status, 0, "{}", self.err);
        self.records()
    }

    /// The message of a command that could not run.
    #[track_caller]
    pub(crate) fn refusal(self) -> String {
        assert_eq!(self.status, 2, "{}", self.err);
        assert_eq!(self.out, "");
        self.err
    }
}

/// The folder of the repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The program with arguments, in the repository.
pub(crate) fn pipeline<A: AsRef<OsStr>>(args: impl IntoIterator<Item = A>) -> Done {
    with_input(args, b"")
}

/// The same with something on standard input.
pub(crate) fn with_input<A: AsRef<OsStr>>(args: impl IntoIterator<Item = A>, input: &[u8]) -> Done {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pipeline"));
    command.args(args).current_dir(root()).env_remove("NO_COLOR");
    finish(command, input)
}

pub(crate) fn finish(mut command: Command, input: &[u8]) -> Done {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A program that does not read its input closes the pipe.
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Done { status: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
}

/// A folder that goes away with the test.
pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// Writes a file, with the folders above it.
    pub(crate) fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn names(&self) -> Vec<String> {
        let name =
            |entry: std::io::Result<std::fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
        let mut names: Vec<_> = std::fs::read_dir(self.0.path()).unwrap().map(name).collect();
        names.sort();
        names
    }
}

/// Arguments of different kinds in one list.
#[macro_export]
macro_rules! args {
    ($($arg:expr),* $(,)?) => { [$(std::ffi::OsString::from(&$arg)),*] };
}

/// The ids of records, in order.
pub(crate) fn ids(records: &[Value]) -> Vec<&str> {
    records.iter().map(|record| record["id"].as_str().unwrap()).collect()
}

/// The code of each error of a record.
pub(crate) fn codes(record: &Value) -> Vec<&str> {
    record["errors"].as_array().unwrap().iter().map(|error| error["code"].as_str().unwrap()).collect()
}
