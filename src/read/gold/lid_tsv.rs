//! Language identification: `language<TAB>text`, one a line.

use stages::gold::GoldDoc;

use super::{Fault, filled_lines};

pub(super) fn parse(name: &str, text: &str) -> Result<Vec<GoldDoc>, Fault> {
    filled_lines(text).map(|(number, line)| row(name, number, line)).collect()
}

fn row(name: &str, number: usize, line: &str) -> Result<GoldDoc, Fault> {
    let (language, text) = line
        .split_once('\t')
        .filter(|(language, _)| !language.trim().is_empty())
        .ok_or_else(|| Fault::new(number, "has no `language<TAB>text`"))?;
    Ok(GoldDoc {
        id: format!("{name}:{number}"),
        text: text.to_owned(),
        language: Some(language.trim().to_owned()),
        ..GoldDoc::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_document_a_line() {
        let docs = parse("lid.tsv", "deu\tGuten\tTag\n\nfra\tBonjour\n").unwrap();
        assert_eq!(docs[0].text, "Guten\tTag");
        assert_eq!((docs[1].id.as_str(), docs[1].language.as_deref()), ("lid.tsv:3", Some("fra")));
        assert_eq!(parse("x", "deu\tJa\nnein\n").unwrap_err().line, 2);
    }
}
