//! Open relations: facts as words, a sentence each, as CaRB publishes them. Sentences are tokens with spaces between.

use pipeline_core::Span;
use serde::Deserialize;
use stages::gold::GoldDoc;
use stages::score_open::Fact;

use super::{Fault, filled_lines, json_fault};

#[derive(Deserialize)]
struct Record {
    sentence: String,
    extractions: Vec<Extraction>,
}

#[derive(Deserialize)]
struct Extraction {
    rel: String,
    args: Vec<String>,
}

/// Whether a line says what holds in a sentence: its first column has several words.
pub(super) fn is_fact(line: &str) -> bool {
    let mut columns = line.split('\t');
    columns.next().is_some_and(|sentence| sentence.trim().contains(' ')) && columns.count() >= 2
}

/// `sentence<TAB>relation<TAB>argument...`; the lines of a sentence stand together.
pub(super) fn parse_tsv(name: &str, text: &str) -> Result<Vec<GoldDoc>, Fault> {
    let mut docs: Vec<GoldDoc> = Vec::new();
    for (number, line) in filled_lines(text) {
        let mut columns = line.split('\t').map(str::trim);
        let (Some(sentence), Some(relation)) = (columns.next(), columns.next()) else {
            return Err(Fault::new(number, "has no `sentence<TAB>relation<TAB>arguments`"));
        };
        let args = columns.filter(|arg| counts(arg)).map(str::to_owned).collect();
        let fact = Fact { relation: relation.to_owned(), args, confidence: 1.0 };
        match docs.iter_mut().rev().find(|doc| doc.text == sentence) {
            Some(doc) => doc.facts.get_or_insert_default().push(fact),
            None => docs.push(document(name, number, sentence, vec![fact])),
        }
    }
    Ok(docs)
}

/// Annotators note with `C:` under what context a fact holds: no argument, and not scored.
fn counts(arg: &str) -> bool {
    !arg.trim().is_empty() && !arg.contains("C: ")
}

/// `{"sentence","extractions":[{"rel","args"}]}`, a sentence a line.
pub(super) fn parse_jsonl(name: &str, text: &str) -> Result<Vec<GoldDoc>, Fault> {
    filled_lines(text).map(|(number, line)| record(name, number, line)).collect()
}

fn record(name: &str, number: usize, line: &str) -> Result<GoldDoc, Fault> {
    let record: Record = serde_json::from_str(line).map_err(|e| Fault::new(number, json_fault(&e)))?;
    let fact = |one: Extraction| Fact {
        relation: one.rel,
        args: one.args.into_iter().filter(|arg| counts(arg)).collect(),
        confidence: 1.0,
    };
    let facts = record.extractions.into_iter().map(fact).collect();
    Ok(document(name, number, &record.sentence, facts))
}

/// `sentence<TAB>confidence<TAB>relation<TAB>argument...`: sentences and facts, in the order of the file.
pub(super) fn parse_found(text: &str) -> Result<Vec<(String, Fact)>, Fault> {
    filled_lines(text).map(|(number, line)| found(number, line)).collect()
}

fn found(number: usize, line: &str) -> Result<(String, Fact), Fault> {
    let columns: Vec<&str> = line.split('\t').map(str::trim).collect();
    let [sentence, confidence, relation, args @ ..] = columns.as_slice() else {
        return Err(Fault::new(number, "has no `sentence<TAB>confidence<TAB>relation<TAB>arguments`"));
    };
    let confidence = confidence.parse::<f64>().ok().filter(|number| number.is_finite());
    let confidence = confidence.ok_or_else(|| {
        Fault::new(number, format!("has `{}` where a confidence should stand: give a number", columns[1]))
    })?;
    let args = args.iter().map(|&arg| arg.to_owned()).collect();
    Ok(((*sentence).to_owned(), Fact { relation: (*relation).to_owned(), args, confidence }))
}

fn document(name: &str, number: usize, sentence: &str, facts: Vec<Fact>) -> GoldDoc {
    let text = sentence.trim().to_owned();
    let tokens = text.split_whitespace().map(|word| {
        let start = word.as_ptr() as usize - text.as_ptr() as usize;
        Span::new(start as u32, (start + word.len()) as u32)
    });
    let (tokens, whole) = (tokens.collect(), Span::new(0, text.len() as u32));
    GoldDoc {
        id: format!("{name}:{number}"),
        pretokenized: true,
        tokens: Some(tokens),
        sentences: Some(vec![whole]),
        facts: Some(facts),
        text,
        ..GoldDoc::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_formats_say_the_same() {
        let tsv = "Ana met Bo .\tmet\tAna\tBo\nAna met Bo .\tis\tBo\nBo sang .\tsang\tBo\t\tC: Ana says\n";
        let jsonl = r#"{"sentence":"Ana met Bo .","extractions":[{"rel":"met","args":["Ana","Bo"]},{"rel":"is","args":["Bo"]}]}
            {"sentence":"Bo sang .","extractions":[{"rel":"sang","args":["Bo"]}]}"#;
        let (a, b) = (parse_tsv("a", tsv).unwrap(), parse_jsonl("b", jsonl).unwrap());
        assert_eq!(a.len(), 2);
        for (a, b) in a.iter().zip(&b) {
            assert_eq!((&a.text, &a.facts, &a.tokens), (&b.text, &b.facts, &b.tokens));
        }
        assert_eq!(a[0].tokens.as_ref().unwrap()[2], Span::new(8, 10));
    }

    #[test]
    fn faults_carry_their_line() {
        assert_eq!(parse_tsv("a", "Ana met Bo .\tmet\nno columns\n").unwrap_err().line, 2);
        let fault = parse_found("Ana met Bo .\thigh\tmet\tAna\tBo\n").unwrap_err();
        assert!(fault.line == 1 && fault.message.contains("`high`"), "{}", fault.message);
    }
}
