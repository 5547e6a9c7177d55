//! Checks in a process of their own: what becomes of them, whatever the library does to the process.

use std::io::{self, Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// Begins a line of the child that says what it does next.
const TELLS: char = '\u{1}';

/// How a check ended.
pub(super) enum End {
    /// The stage was checked; the report, and whether it keeps the contract.
    Report { text: String, kept: bool },
    /// The process came to no end of its own: what happened, and where.
    Lost(String),
}

/// In the child: says what is done next.
pub(super) fn tell(what: &str) {
    super::print(&format!("{TELLS}{what}\n"));
    let _ = io::stdout().flush();
}

/// Runs this command once more for one stage of the library, for `limit` at the most.
///
/// # Errors
/// What the child could not do, in its words; or that it could not be started.
pub(super) fn check(stage: &str, limit: Duration) -> Result<End, String> {
    let program = std::env::current_exe().map_err(|error| format!("this program is not found: {error}"))?;
    let mut command = Command::new(program);
    command.args(std::env::args_os().skip(1)).args(["--in-process", "--stage", stage]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| format!("no process can be started: {error}"))?;
    let (out, err) = (drain(child.stdout.take()), drain(child.stderr.take()));
    let status = wait(&mut child, limit).map_err(|error| format!("the process is lost: {error}"))?;
    let (out, err) = (text(out), text(err));
    Ok(match status.as_ref().map(ExitStatus::code) {
        Some(Some(code @ (0 | 1))) if !out.ends_with_telling() => {
            End::Report { text: out.report(), kept: code == 0 }
        }
        Some(Some(2)) if err.starts_with("error: ") => return Err(err["error: ".len()..].trim().to_owned()),
        _ => End::Lost(lost(status, limit, &out, &err)),
    })
}

/// Reads a pipe to its end, beside everything else.
fn drain(pipe: Option<impl Read + Send + 'static>) -> JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // What was read before an error is what there is.
        let _ = pipe.map(|mut pipe| pipe.read_to_end(&mut bytes));
        bytes
    })
}

fn text(reader: JoinHandle<Vec<u8>>) -> String {
    String::from_utf8_lossy(&reader.join().unwrap_or_default()).into_owned()
}

/// How the child ended; `None` if it had to be ended.
fn wait(child: &mut Child, limit: Duration) -> io::Result<Option<ExitStatus>> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if start.elapsed() > limit {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(Duration::from_millis(10));
    }
}

/// What the child wrote.
trait Written {
    fn report(&self) -> String;
    fn last_told(&self) -> &str;
    fn ends_with_telling(&self) -> bool;
}

impl Written for String {
    fn report(&self) -> String {
        self.split_inclusive('\n').filter(|line| !line.starts_with(TELLS)).collect()
    }

    fn last_told(&self) -> &str {
        let mut told = self.lines().filter_map(|line| line.strip_prefix(TELLS));
        told.next_back().unwrap_or("before it was begun")
    }

    fn ends_with_telling(&self) -> bool {
        self.lines().next_back().is_none_or(|line| line.starts_with(TELLS))
    }
}

fn lost(status: Option<ExitStatus>, limit: Duration, out: &String, err: &str) -> String {
    let place = out.last_told();
    let Some(status) = status else {
        let seconds = limit.as_secs();
        return format!("no end after {seconds} s {place}; an endless loop? --time-limit gives it longer");
    };
    let words = err.lines().rev().find(|line| !line.trim().is_empty());
    let words = words.map_or_else(String::new, |words| format!(" ({})", words.trim()));
    format!("the process was ended by {} {place}{words}", cause(status))
}

#[cfg(unix)]
fn cause(status: ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt;
    const NAMES: [(i32, &str); 8] = [
        (4, "SIGILL"),
        (6, "SIGABRT"),
        (8, "SIGFPE"),
        (9, "SIGKILL"),
        (11, "SIGSEGV"),
        (13, "SIGPIPE"),
        (15, "SIGTERM"),
        (if cfg!(target_os = "linux") { 7 } else { 10 }, "SIGBUS"),
    ];
    match status.signal() {
        Some(signal) => {
            let name = NAMES.iter().find(|(number, _)| *number == signal).map(|(_, name)| *name);
            format!("signal {signal}{}", name.map_or_else(String::new, |name| format!(" ({name})")))
        }
        None => status.to_string(),
    }
}

#[cfg(not(unix))]
fn cause(status: ExitStatus) -> String {
    status.to_string()
}
