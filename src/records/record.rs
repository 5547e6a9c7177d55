//! One record: a document and what was found in it.

use std::ops::Range;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::Places;

/// What offsets of a record count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// Unicode characters.
    #[default]
    Chars,
    /// Bytes of UTF-8.
    Bytes,
    /// UTF-16 code units.
    Utf16,
}

/// A pair of offsets, in the record's unit; the end is exclusive.
pub type Pair = [u32; 2];

/// A record of `run`, as it stands in the file. Layers that were not asked for, or could not be made, are `None`.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Record {
    /// Id of the document.
    pub id: String,
    /// What all offsets count.
    #[serde(default)]
    pub offsets: Unit,
    /// The text, where the record holds it or `--source` gave it.
    pub text: Option<String>,
    /// Its language.
    pub language: Option<Language>,
    /// Sentences.
    pub sentences: Option<Vec<Pair>>,
    /// Names and values.
    pub entities: Option<Vec<Mention>>,
    /// Typed relations.
    pub relations: Option<Vec<Relation>>,
    /// Open relations.
    pub triples: Option<Vec<Triple>>,
    /// Fields that came with the document.
    #[serde(default)]
    pub meta: Option<Map<String, Value>>,
    /// Stages that had nothing for it.
    #[serde(default)]
    pub skipped: Vec<Skipped>,
    /// What went wrong.
    #[serde(default)]
    pub errors: Vec<Failure>,
}

/// Language of a document.
#[derive(Clone, Debug, Deserialize)]
pub struct Language {
    /// BCP 47.
    pub code: String,
}

/// A name or a value.
#[derive(Clone, Debug, Deserialize)]
pub struct Mention {
    /// First offset.
    pub start: u32,
    /// Offset after the last.
    pub end: u32,
    /// Its type.
    pub label: String,
    /// Its words.
    pub text: String,
    /// How sure, 0 to 1.
    pub score: Option<f32>,
    /// Mentions of one thing in this document share it.
    pub cluster: Option<u32>,
    /// Normal form of a value.
    pub value: Option<String>,
    /// Ticker of a company.
    pub ticker: Option<String>,
}

/// A typed relation between two mentions.
#[derive(Clone, Debug, Deserialize)]
pub struct Relation {
    /// Index of a mention.
    pub head: u32,
    /// Index of a mention.
    pub tail: u32,
    /// Its type.
    pub label: String,
    /// How sure, 0 to 1.
    pub score: Option<f32>,
    /// The words that state it.
    pub trigger: Option<Pair>,
}

/// An open relation: who does what.
#[derive(Clone, Debug, Deserialize)]
pub struct Triple {
    /// Who.
    pub subject: Pair,
    /// Does what: normalised words.
    #[serde(default)]
    pub predicate: String,
    /// The words of the predicate.
    pub relation: Option<Pair>,
    /// To whom.
    pub object: Option<Pair>,
    /// `negated`, `passive` and the like.
    #[serde(default)]
    pub flags: Vec<String>,
    /// Time, place and the like.
    #[serde(default)]
    pub args: Vec<Argument>,
    /// How sure, 0 to 1.
    pub score: Option<f32>,
}

/// A further argument of an open relation.
#[derive(Clone, Debug, Deserialize)]
pub struct Argument {
    /// `time`, `place` and the like.
    pub role: String,
    /// Its words.
    pub span: Pair,
}

/// A stage that had nothing for the document.
#[derive(Clone, Debug, Deserialize)]
pub struct Skipped {
    /// Its name.
    pub stage: String,
    /// Why.
    pub reason: String,
}

/// An error in the document.
#[derive(Clone, Debug, Deserialize)]
pub struct Failure {
    /// The stage it is of.
    #[serde(default)]
    pub stage: String,
    /// What happened.
    #[serde(default)]
    pub message: String,
}

impl Record {
    /// Names and values; none where the layer is absent.
    #[must_use]
    pub fn mentions(&self) -> &[Mention] {
        self.entities.as_deref().unwrap_or_default()
    }

    /// Typed relations whose ends are there.
    pub fn statements(&self) -> impl Iterator<Item = &Relation> {
        let known = self.mentions().len() as u32;
        let all = self.relations.as_deref().unwrap_or_default();
        all.iter().filter(move |relation| relation.head < known && relation.tail < known)
    }

    /// Day of the document, `YYYY-MM-DD`, from a field of `meta`.
    #[must_use]
    pub fn date(&self, field: &str) -> Option<&str> {
        let date = self.meta.as_ref()?.get(field)?.as_str()?.trim().get(..10)?;
        let shape =
            |(at, byte): (usize, u8)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() };
        date.bytes().enumerate().all(shape).then_some(date)
    }

    /// Bytes of the text that `pair` stands for; `None` where it lies outside or inside a character.
    #[must_use]
    pub fn range(&self, places: &Places, pair: Pair) -> Option<Range<usize>> {
        let text = self.text.as_deref()?;
        let (start, end) = (places.byte(text, pair[0])?, places.byte(text, pair[1])?);
        (start <= end).then_some(start..end)
    }

    /// Checks that the text is the one the record is about.
    ///
    /// # Errors
    /// In words for the user, when mentions do not stand where the record says.
    pub fn agree(&self, places: &Places) -> Result<(), String> {
        let Some(text) = &self.text else { return Ok(()) };
        for mention in self.mentions() {
            let there = self.range(places, [mention.start, mention.end]).map(|range| &text[range]);
            if there != Some(&mention.text) {
                return Err(format!(
                    "{}: the text is not the one that was annotated: \"{}\" should stand at {}..{}, there is {}; \
                     give the very documents that `run` read with --source, or run again with --layers +text",
                    self.id,
                    mention.text,
                    mention.start,
                    mention.end,
                    there.map_or("no such place".to_owned(), |there| format!("\"{there}\"")),
                ));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(json: &str) -> Record {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn days_are_taken_from_meta() {
        let with = |date: &str| record(&format!(r#"{{"id":"a","meta":{{"date":"{date}"}}}}"#));
        assert_eq!(with("2025-04-14T10:00:00Z").date("date"), Some("2025-04-14"));
        for odd in ["14 April 2025", "2025-4-14", "", "２０２５-04-14"] {
            assert_eq!(with(odd).date("date"), None, "{odd}");
        }
        assert_eq!(with("2025-04-14").date("published"), None);
    }

    #[test]
    fn another_text_is_noticed() {
        let json = r#"{"id":"a","text":"TEXT","entities":[{"start":0,"end":4,"label":"ORG","text":"Zoë!"}]}"#;
        let check = |text: &str| {
            let record = record(&json.replace("TEXT", text));
            record.agree(&Places::new(text, record.offsets))
        };
        assert_eq!(check("Zoë! spoke"), Ok(()));
        assert!(check("Zoe! spoke").unwrap_err().contains("there is \"Zoe!\""));
        assert!(check("Zo").unwrap_err().contains("no such place"));
    }

    #[test]
    fn relations_to_nothing_are_left_out() {
        let json = r#"{"id":"a","entities":[{"start":0,"end":1,"label":"ORG","text":"A"}],
            "relations":[{"head":0,"tail":0,"label":"owns"},{"head":0,"tail":1,"label":"owns"}]}"#;
        assert_eq!(record(json).statements().count(), 1);
        assert_eq!(record(r#"{"id":"a","entities":null,"relations":null}"#).statements().count(), 0);
    }
}
