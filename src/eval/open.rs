//! Open relations: those of the pipeline, or of another program, against gold facts.

use std::collections::HashMap;
use std::fmt::Write;
use std::path::Path;

use stages::gold::GoldDoc;
use stages::score_open::{Curve, Fact, Point};

use crate::read::gold;

/// Scores the facts that `found` lists on the sentences of `gold`; the report.
pub(super) fn of_file(gold: &Path, found: &Path) -> Result<String, String> {
    let docs = gold::read(gold).map_err(|error| error.to_string())?;
    if docs.iter().all(|doc| doc.facts.is_none()) {
        return Err(format!(
            "{} has no open relations, and --found is for these: give a gold file of \
             `sentence<TAB>relation<TAB>arguments`",
            gold.display()
        ));
    }
    let mut of_sentence: HashMap<String, Vec<Fact>> = HashMap::new();
    for (sentence, fact) in gold::read_facts(found).map_err(|error| error.to_string())? {
        of_sentence.entry(key(&sentence)).or_default().push(fact);
    }
    let facts: Vec<Vec<Fact>> =
        docs.iter().map(|doc| of_sentence.remove(&key(&doc.text)).unwrap_or_default()).collect();
    if facts.iter().all(Vec::is_empty) {
        return Err(format!("{} has no sentence of {}", found.display(), gold.display()));
    }
    let mut out = format!("{}: {} sentences", found.display(), docs.len());
    let elsewhere: usize = of_sentence.values().map(Vec::len).sum();
    if elsewhere > 0 {
        let _ = write!(out, ", {elsewhere} facts of other sentences left out");
    }
    out.push('\n');
    write(&mut out, &docs, &facts);
    Ok(out)
}

/// A sentence without what programs change in it: spaces, punctuation, escapes of brackets.
fn key(sentence: &str) -> String {
    const ESCAPES: [&str; 6] = ["-LRB-", "-RRB-", "-LSB-", "-RSB-", "-LCB-", "-RCB-"];
    let mut joined: String = sentence.split_whitespace().collect();
    for escape in ESCAPES {
        joined = joined.replace(escape, "");
    }
    joined.retain(|c| !c.is_ascii_punctuation());
    joined
}

/// Adds the scores of open relations to a report; nothing where the corpus has none.
pub(super) fn write(out: &mut String, docs: &[GoldDoc], found: &[Vec<Fact>]) {
    let pairs: Vec<(&[Fact], &[Fact])> = docs
        .iter()
        .zip(found)
        .filter_map(|(doc, found)| Some((doc.facts.as_deref()?, found.as_slice())))
        .collect();
    if pairs.is_empty() {
        return;
    }
    let curve = Curve::new(&pairs);
    let _ = writeln!(out, "\n{:<26}{:>7}{:>7}{:>7}{:>8}", "open relations (CaRB)", "P", "R", "F1", "score");
    row(out, "best point", curve.best());
    row(out, "all", curve.all());
    let _ = writeln!(out, "{:<26}{:>21.2}", "area under the curve", 100.0 * curve.area());
    let _ = writeln!(out, "{} gold, {} found in {} sentences", curve.gold, curve.found, pairs.len());
}

fn row(out: &mut String, title: &str, point: Point) {
    let [p, r, f] = [point.precision, point.recall, point.f1()].map(|share| 100.0 * share);
    let _ = writeln!(out, "{title:<26}{p:>7.2}{r:>7.2}{f:>7.2}{:>8.3}", point.confidence);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_known_again() {
        assert_eq!(key("He ( Bo ) said : `` yes ''"), key("He -LRB- Bo -RRB- said: \"yes\""));
        assert_ne!(key("He said yes"), key("He said no"));
    }

    #[test]
    fn another_programs_facts_are_scored() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        let gold = file("gold.tsv", "Ana met Bo .\tmet\tAna\tBo\nBo sang well .\tsang well\tBo\n");
        let found = file(
            "found.tsv",
            "Ana met Bo.\t0.9\tmet\tAna\tBo\nIt rained all day.\t0.5\trained\tIt\tall day\n",
        );
        let report = of_file(&gold, &found).unwrap();
        assert!(report.contains("1 facts of other sentences left out"), "{report}");
        let best = report.lines().find(|line| line.starts_with("best point")).unwrap();
        let numbers: Vec<_> = best.split_whitespace().skip(2).collect();
        assert_eq!(numbers, ["100.00", "50.00", "66.67", "0.900"]);
        let other = file("other.tsv", "deu\tGuten Tag\n");
        assert!(of_file(&other, &found).unwrap_err().contains("no open relations"));
        assert!(
            of_file(&gold, &file("none.tsv", "x y\t1\tr\ta\tb\n")).unwrap_err().contains("no sentence of")
        );
    }
}
