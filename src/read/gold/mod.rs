//! Annotated documents from files, for training and scoring: one file per format, one shape out of all.

mod conll;
mod conllu;
mod lid_tsv;
mod newsgraph;
mod open;
pub mod standoff;
mod token_jsonl;
mod token_text;

use std::fmt;
use std::path::{Path, PathBuf};

use stages::gold::GoldDoc;
use stages::score_open::Fact;

/// The formats gold documents come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GoldFormat {
    /// One JSON object a line with `text`, `entities`, `relations`; offsets count Unicode characters.
    NewsGraph,
    /// One JSON object a line with `tokens`; offsets count tokens.
    TokenJsonl,
    /// `token<TAB>tag`, blank line between sentences, `-DOCSTART-` between documents.
    Conll,
    /// Universal Dependencies treebank.
    ConllU,
    /// `language<TAB>text`.
    LanguageTsv,
    /// Open relations: `sentence<TAB>relation<TAB>argument<TAB>argument`.
    OpenTsv,
    /// Open relations: one JSON object a line with `sentence` and `extractions`.
    OpenJsonl,
}

/// Why a gold file could not be read: where, what, and what to do.
#[derive(Debug)]
pub struct GoldError {
    /// The file.
    pub file: PathBuf,
    /// Line in it, from 1; 0 when the whole file is meant.
    pub line: usize,
    /// What is wrong and the cure.
    pub message: String,
}

impl fmt::Display for GoldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file.display(), self.message),
            line => write!(f, "{}:{line}: {}", self.file.display(), self.message),
        }
    }
}

impl std::error::Error for GoldError {}

/// What a parser reports; [`read`] adds the file.
#[derive(Debug)]
struct Fault {
    line: usize,
    message: String,
}

impl Fault {
    fn new(line: usize, message: impl Into<String>) -> Self {
        Self { line, message: message.into() }
    }
}

/// Reads a gold file, telling its format by extension and first line.
pub fn read(path: &Path) -> Result<Vec<GoldDoc>, GoldError> {
    let text = load(path)?;
    let format = detect(path, &text).map_err(|fault| locate(path, fault))?;
    parse(path, &text, format)
}

/// Reads a gold file of a known format.
pub fn read_as(path: &Path, format: GoldFormat) -> Result<Vec<GoldDoc>, GoldError> {
    parse(path, &load(path)?, format)
}

/// The format a gold file is in, from its extension and first line.
pub fn format_of(path: &Path) -> Result<GoldFormat, GoldError> {
    detect(path, &load(path)?).map_err(|fault| locate(path, fault))
}

/// Reads the text of a gold file of a known format; `path` is where an error says that it is.
pub fn parse(path: &Path, text: &str, format: GoldFormat) -> Result<Vec<GoldDoc>, GoldError> {
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let docs = match format {
        GoldFormat::NewsGraph => newsgraph::parse(&name, text),
        GoldFormat::TokenJsonl => token_jsonl::parse(&name, text),
        GoldFormat::Conll => conll::parse(&name, text),
        GoldFormat::ConllU => conllu::parse(&name, text),
        GoldFormat::LanguageTsv => lid_tsv::parse(&name, text),
        GoldFormat::OpenTsv => open::parse_tsv(&name, text),
        GoldFormat::OpenJsonl => open::parse_jsonl(&name, text),
    };
    let docs = docs.map_err(|fault| locate(path, fault))?;
    if docs.is_empty() {
        return Err(locate(path, Fault::new(0, "holds no document")));
    }
    Ok(docs)
}

fn locate(path: &Path, fault: Fault) -> GoldError {
    GoldError { file: path.to_path_buf(), line: fault.line, message: fault.message }
}

fn load(path: &Path) -> Result<String, GoldError> {
    let bytes =
        std::fs::read(path).map_err(|e| locate(path, Fault::new(0, format!("cannot be read: {e}"))))?;
    // Offsets are 32 bits wide; half the range leaves room for the spaces put between tokens.
    if bytes.len() > i32::MAX as usize {
        return Err(locate(path, Fault::new(0, "is larger than 2 GiB: split it")));
    }
    String::from_utf8(bytes).map_err(|e| {
        let good = e.utf8_error().valid_up_to();
        let line = 1 + e.as_bytes()[..good].iter().filter(|&&b| b == b'\n').count();
        locate(path, Fault::new(line, "is not UTF-8 here: convert the file, e.g. with iconv -t UTF-8"))
    })
}

fn detect(path: &Path, text: &str) -> Result<GoldFormat, Fault> {
    if text.trim().is_empty() {
        return Err(Fault::new(0, "holds no document"));
    }
    let extension = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("");
    match extension.as_deref() {
        Some("conllu") => Ok(GoldFormat::ConllU),
        Some("conll" | "bio" | "iob" | "iob2") => Ok(GoldFormat::Conll),
        Some("jsonl" | "ndjson") => detect_json(first),
        _ if first.starts_with('{') => detect_json(first),
        _ if open::is_fact(first) => Ok(GoldFormat::OpenTsv),
        _ if first.starts_with("# ") || first.split('\t').count() == 10 => Ok(GoldFormat::ConllU),
        _ if conll::is_tagged_line(first) => Ok(GoldFormat::Conll),
        _ if first.contains('\t') => Ok(GoldFormat::LanguageTsv),
        _ => Err(Fault::new(1, KNOWN_FORMATS)),
    }
}

fn detect_json(first: &str) -> Result<GoldFormat, Fault> {
    let fields: std::collections::BTreeMap<String, serde::de::IgnoredAny> =
        serde_json::from_str(first).map_err(|e| Fault::new(1, json_fault(&e)))?;
    if fields.contains_key("sentence") && fields.contains_key("extractions") {
        return Ok(GoldFormat::OpenJsonl);
    }
    match (fields.contains_key("tokens"), fields.contains_key("text")) {
        (true, _) => Ok(GoldFormat::TokenJsonl),
        (false, true) => Ok(GoldFormat::NewsGraph),
        (false, false) => Err(Fault::new(1, "has neither `text` nor `tokens`: gold JSONL needs one of them")),
    }
}

const KNOWN_FORMATS: &str = "is in no known gold format; known are JSONL with `text` and character offsets, JSONL \
    with `tokens`, JSONL with `sentence` and `extractions`, CoNLL columns (`token<TAB>B-PER`), CoNLL-U (.conllu), \
    `sentence<TAB>relation<TAB>arguments`, and `language<TAB>text`";

/// Reads the facts that another program found: `sentence<TAB>confidence<TAB>relation<TAB>arguments`.
pub fn read_facts(path: &Path) -> Result<Vec<(String, Fact)>, GoldError> {
    open::parse_found(&load(path)?).map_err(|fault| locate(path, fault))
}

/// Lines with their numbers from 1, blank ones left out.
fn filled_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(i, line)| (i + 1, line)).filter(|(_, line)| !line.trim().is_empty())
}

/// What serde says, without its line number, which counts within the one line it was given.
fn json_fault(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let said = text.rsplit_once(" at line ").map_or(text.as_str(), |(said, _)| said);
    format!("is not the JSON expected (column {}): {said}", error.column())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detected(name: &str, text: &str) -> Option<GoldFormat> {
        detect(Path::new(name), text).ok()
    }

    #[test]
    fn formats_are_told_apart() {
        assert_eq!(detected("a.jsonl", "\n{\"text\":\"x\"}"), Some(GoldFormat::NewsGraph));
        assert_eq!(detected("a.jsonl", "{\"id\":\"1\",\"tokens\":[]}"), Some(GoldFormat::TokenJsonl));
        assert_eq!(detected("a.jsonl", "{\"sentence\":1}"), None);
        let fact = "{\"sentence\":\"Ana sang .\",\"extractions\":[]}";
        assert_eq!(detected("a.jsonl", fact), Some(GoldFormat::OpenJsonl));
        assert_eq!(detected("a.tsv", "Ana met Bo .\tmet\tAna\tBo\n"), Some(GoldFormat::OpenTsv));
        assert_eq!(detected("a.conllu", "#"), Some(GoldFormat::ConllU));
        assert_eq!(detected("a.tsv", "Oslo\tB-LOC\n"), Some(GoldFormat::Conll));
        assert_eq!(detected("a.tsv", "deu\tGuten Tag\n"), Some(GoldFormat::LanguageTsv));
        assert_eq!(detected("a.xyz", "no columns here"), None);
    }

    #[test]
    fn errors_name_file_and_line() {
        let error = GoldError { file: "dev.conll".into(), line: 3, message: "has one column".into() };
        assert_eq!(error.to_string(), "dev.conll:3: has one column");
    }
}
