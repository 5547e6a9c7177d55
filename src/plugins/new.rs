//! `pipeline plugins new`: a project for a stage, that builds and tests itself.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::scaffold::{self, File};
use crate::cli;
use crate::status::Status;

/// Longest name, in bytes: the declaration of a library has room for 63.
const LONGEST: usize = 60;
/// Names that Cargo, Rust or Windows keep for themselves.
const RESERVED: [&str; 24] = [
    "alloc",
    "as",
    "async",
    "aux",
    "con",
    "const",
    "core",
    "crate",
    "deps",
    "enum",
    "examples",
    "fn",
    "impl",
    "match",
    "mod",
    "nul",
    "pipeline",
    "pipeline-core",
    "prn",
    "proc-macro",
    "std",
    "struct",
    "test",
    "type",
];

/// Runs the command.
///
/// # Errors
/// When the name cannot be one, the folder is in use, or a file cannot be written.
pub(super) fn new(args: &cli::PluginNew) -> Result<Status, String> {
    let names = Names::of(&args.name)?;
    let folder = PathBuf::from(&names.folder);
    refuse_used(&folder)?;
    let (files, kit): (_, &[File]) = match args.lang {
        cli::PluginLang::Rust => (scaffold::RUST, scaffold::KIT),
        cli::PluginLang::C => (scaffold::C, &[]),
    };
    for (path, contents) in files {
        write(&folder.join(names.fill(path)), &names.fill(contents))?;
    }
    for (path, contents) in kit {
        write(&folder.join(path), contents)?;
    }
    let (build, library, test) = match args.lang {
        cli::PluginLang::Rust => ("cargo build --release", "target/release/", "cargo test"),
        cli::PluginLang::C => ("make", "", "make test"),
    };
    let library = format!("{library}{}", library_name(&names.krate));
    let Names { folder, stage, .. } = names;
    println!("{folder}: stage `{stage}`. Next:\n\n  cd {folder}\n  {build}");
    println!(
        "  pipeline plugins check {library}\n  pipeline run --plugin {library} --stages +{stage} sample.txt"
    );
    println!("\n`{test}` does all of this.");
    Ok(Status::Well)
}

/// The file name of a library on this system.
fn library_name(krate: &str) -> String {
    format!("{}{krate}{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX)
}

/// What a plugin is called where.
#[derive(Debug, PartialEq)]
struct Names {
    /// Folder and package: `acme-caps`.
    folder: String,
    /// Library: `acme_caps`.
    krate: String,
    /// Stage: `acme.caps`.
    stage: String,
    /// Type: `AcmeCaps`.
    kind: String,
}

impl Names {
    /// From `acme-caps` or `acme.caps`; a single word is by the vendor `my`.
    fn of(name: &str) -> Result<Self, String> {
        check(name)?;
        let folder = name.replace('.', "-");
        let (vendor, rest) = folder.split_once('-').unwrap_or(("my", &folder));
        let stage = format!("{vendor}.{rest}");
        let kind = stage.split(['.', '-']).map(capitalised).collect();
        Ok(Self { krate: folder.replace('-', "_"), stage, kind, folder })
    }

    fn fill(&self, text: &str) -> String {
        let program = std::env::current_exe().unwrap_or_else(|_| "pipeline".into());
        text.replace("{{folder}}", &self.folder)
            .replace("{{crate}}", &self.krate)
            .replace("{{stage}}", &self.stage)
            .replace("{{type}}", &self.kind)
            .replace("{{program}}", &program.display().to_string())
    }
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + chars.as_str())
}

fn check(name: &str) -> Result<(), String> {
    let word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_lowercase())
            && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    if !name.split(['-', '.']).all(word) || name.matches('.').count() > 1 {
        let proposal = proposal(name);
        return Err(format!(
            "`{name}` cannot be the name of a plugin: words of lower-case letters and digits, joined by hyphens, the \
             first one the vendor, for example `{proposal}`"
        ));
    }
    if name.len() > LONGEST {
        return Err(format!(
            "the name has {} characters, {LONGEST} are the most: take a shorter one",
            name.len()
        ));
    }
    if RESERVED.contains(&name.replace('.', "-").as_str()) {
        return Err(format!(
            "`{name}` means something else to Rust or the system: take `my-{name}`, for example"
        ));
    }
    Ok(())
}

/// A name that can be one and is like `name`.
fn proposal(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let plain: String = name.chars().map(plain).collect();
    let words = plain.split('-').map(|word| word.trim_start_matches(|c: char| c.is_ascii_digit()));
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    if words.is_empty() { "acme-caps".into() } else { words.join("-") }
}

fn refuse_used(folder: &Path) -> Result<(), String> {
    let shown = folder.display();
    match fs::read_dir(folder).map(|mut entries| entries.next().is_some()) {
        Ok(false) => Ok(()),
        Ok(true) => {
            Err(format!("the folder `{shown}` is there and not empty: take another name, or move it away"))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(format!("`{shown}` is no folder to write to ({error}): take another name")),
    }
}

/// Writes a file that was not there.
fn write(path: &Path, contents: &str) -> Result<(), String> {
    let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| {
        fs::OpenOptions::new().write(true).create_new(true).open(path)?.write_all(contents.as_bytes())
    });
    written.map_err(|error| format!("`{}` cannot be written: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_from_one() {
        let names = |name| Names::of(name).map(|names| [names.folder, names.krate, names.stage, names.kind]);
        assert_eq!(names("acme-caps").unwrap(), ["acme-caps", "acme_caps", "acme.caps", "AcmeCaps"]);
        assert_eq!(
            names("acme.first-word").unwrap()[1..],
            ["acme_first_word", "acme.first-word", "AcmeFirstWord"]
        );
        assert_eq!(names("doc").unwrap(), ["doc", "doc", "my.doc", "MyDoc"]);
    }

    #[test]
    fn names_that_cannot_be_are_refused_with_one_that_can() {
        for (name, cure) in [
            ("Acme Caps", "`acme-caps`"),
            ("../up", "`up`"),
            ("", "`acme-caps`"),
            ("3d-view", "`d-view`"),
            ("a--b", "`a-b`"),
            ("a.b.c", "`a-b-c`"),
            ("_x", "`x`"),
            ("é", "`acme-caps`"),
            ("type", "`my-type`"),
            ("pipeline.core", "`my-pipeline.core`"),
            (&"a".repeat(61), "shorter"),
        ] {
            let error = Names::of(name).unwrap_err();
            assert!(error.contains(cure), "{name}: {error}");
        }
        assert!(Names::of(&proposal("My Great Stage!")).is_ok());
    }
}
