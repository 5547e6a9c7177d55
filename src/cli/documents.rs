//! What is typed about the documents that are read.

use clap::Args;

/// How documents are read: which fields are what, and how much of them.
#[derive(Args, Clone, Debug)]
pub struct Documents {
    /// Field of JSON input that holds the text
    #[arg(long, value_name = "NAME", default_value = "text", help_heading = "Input")]
    pub text_field: String,
    /// Field that holds the id; where it is absent the id is file:line
    #[arg(long, value_name = "NAME", default_value = "id", help_heading = "Input")]
    pub id_field: String,
    /// Field that holds the title; it comes back in the record
    #[arg(hide_short_help = true, long, value_name = "NAME", help_heading = "Input")]
    pub title_field: Option<String>,
    /// Field that holds the date; it comes back in the record
    #[arg(hide_short_help = true, long, value_name = "NAME", help_heading = "Input")]
    pub date_field: Option<String>,
    /// Date of documents without one: what "yesterday" is told from, e.g. 2025-03-14
    #[arg(hide_short_help = true, long, value_name = "DATE", value_parser = date, help_heading = "Input")]
    pub date: Option<String>,
    /// Encoding of text and JSON files, e.g. windows-1252, shift_jis, utf-16le
    #[arg(
        hide_short_help = true,
        long,
        value_name = "NAME",
        default_value = "utf-8",
        help_heading = "Input"
    )]
    pub encoding: String,
    /// Stop after this many documents
    #[arg(long, value_name = "N", help_heading = "Input")]
    pub limit: Option<u64>,
    /// Largest document (file or line); accepts K, M, G
    #[arg(hide_short_help = true, long, value_name = "BYTES", default_value = "256M", value_parser = bytes, help_heading = "Input")]
    pub max_doc_bytes: u64,
}

/// A date as ISO 8601 has it, perhaps with a time.
fn date(text: &str) -> Result<String, String> {
    let shape: String = text.chars().take(10).map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    let number = |range: std::ops::Range<usize>| text.get(range).and_then(|part| part.parse::<u32>().ok());
    let fits = shape == "0000-00-00"
        && number(5..7).is_some_and(|month| (1..=12).contains(&month))
        && number(8..10).is_some_and(|day| (1..=31).contains(&day));
    fits.then(|| text.to_owned()).ok_or_else(|| "a date is expected, e.g. 2025-03-14".to_owned())
}

/// A number of bytes, with K, M or G for binary thousands of them.
pub(crate) fn bytes(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = text[digits.len()..].trim();
    let unit = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kb" | "kib" => 1 << 10,
        "m" | "mb" | "mib" => 1 << 20,
        "g" | "gb" | "gib" => 1 << 30,
        _ => return Err(format!("unknown unit `{unit}`: use K, M or G")),
    };
    let number: u64 = digits.trim().parse().map_err(|_| "a number is expected, e.g. 64M".to_owned())?;
    number.checked_mul(unit).filter(|&n| n > 0).ok_or_else(|| "is out of range".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        assert!(date("2025-03-14").is_ok() && date("2025-03-14T10:00:00Z").is_ok());
        assert!(
            ["14.3.2025", "2025-13-01", "2025-3-14", "yesterday", ""].map(date).iter().all(Result::is_err)
        );
    }

    #[test]
    fn sizes() {
        assert_eq!(bytes("64M"), Ok(64 << 20));
        assert_eq!(bytes("1000"), Ok(1000));
        assert!(bytes("many").is_err() && bytes("5X").is_err() && bytes("0").is_err());
    }
}
