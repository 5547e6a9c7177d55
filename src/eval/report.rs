//! Scores in a table.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

use stages::gold::GoldDoc;
use stages::score::BCubed;
use stages::score_syntax::SyntaxScores;
use stages::score_text::{BUCKETS, Counts, Languages};

use super::tally::Tally;

/// The report on a file. `missing` are layers that no stage makes.
pub(super) fn write(
    file: &Path,
    docs: &[GoldDoc],
    tally: &Tally,
    missing: &[String],
    took: Duration,
) -> String {
    let mut out = format!("{}: {} documents", file.display(), docs.len());
    let seconds = took.as_secs_f64().max(1e-9);
    if tally.seen > 0 {
        let rate = tally.seen as f64 / seconds;
        let _ = write!(out, ", {} tokens in {seconds:.2} s ({rate:.0} tokens/s)", tally.seen);
    }
    out.push('\n');
    for layer in missing {
        let _ = writeln!(out, "not scored: {layer} (no stage makes it)");
    }
    let scored = |layer: &str| !missing.iter().any(|missing| missing == layer);
    if scored("entities") {
        names(&mut out, tally);
        clusters(&mut out, tally);
    }
    if scored("relations") {
        table(&mut out, "relations, end to end", "all", tally.relations.micro(), &tally.relations.by_label);
        let with_names = &tally.relations_with_names;
        table(&mut out, "relations, names given", "all", with_names.micro(), &with_names.by_label);
    }
    words(&mut out, tally);
    if scored("syntax") {
        syntax(&mut out, "syntax, raw text", &tally.syntax);
        syntax(&mut out, "syntax, words given", &tally.syntax_of_words);
    }
    languages(&mut out, &tally.languages);
    out
}

fn names(out: &mut String, tally: &Tally) {
    let micro = tally.names.micro();
    if micro.gold == 0 {
        return;
    }
    header(out, "names");
    row(out, "all types", micro);
    row(out, "PER LOC ORG", tally.folded.micro());
    tally.names.by_label.iter().for_each(|(label, &counts)| row(out, &format!("  {label}"), counts));
    if micro.correct == 0 && tally.folded.micro().correct > 0 {
        let _ = writeln!(out, "(the corpus has other types than the pipeline: PER LOC ORG compares)");
    }
}

fn clusters(out: &mut String, tally: &Tally) {
    if tally.clusters == BCubed::default() {
        return;
    }
    let _ = writeln!(out, "\n{:<26}{:>7}{:>7}{:>7}", "clusters, B-cubed", "P", "R", "F1");
    for (title, scores) in
        [("end to end", tally.clusters), ("of names found right", tally.clusters_of_right_names)]
    {
        let (p, r, f) = scores.scores();
        let _ = writeln!(out, "{title:<26}{:>7.2}{:>7.2}{:>7.2}", 100.0 * p, 100.0 * r, 100.0 * f);
    }
}

fn words(out: &mut String, tally: &Tally) {
    if tally.words.gold > 0 {
        header(out, "text");
        row(out, "tokens (surface)", tally.tokens);
        row(out, "words (syntactic)", tally.words);
        row(out, "sentences", tally.sentences);
    }
}

fn syntax(out: &mut String, title: &str, scores: &SyntaxScores) {
    if scores.pos.gold > 0 && scores.pos.found > 0 {
        header(out, title);
        row(out, "UPOS", scores.pos);
        row(out, "UAS", scores.uas);
        row(out, "LAS", scores.las);
    } else if scores.pos.gold > 0 {
        let _ = writeln!(out, "\n{title}: nothing was parsed (no model for the language)");
    }
}

fn table(out: &mut String, title: &str, all: &str, micro: Counts, by_label: &BTreeMap<String, Counts>) {
    if micro.gold > 0 {
        header(out, title);
        row(out, all, micro);
        by_label.iter().for_each(|(label, &counts)| row(out, &format!("  {label}"), counts));
    }
}

fn header(out: &mut String, title: &str) {
    let _ = writeln!(
        out,
        "\n{title:<26}{:>7}{:>7}{:>7}{:>8}{:>8}{:>8}",
        "P", "R", "F1", "gold", "found", "right"
    );
}

fn row(out: &mut String, title: &str, counts: Counts) {
    let Counts { correct, gold, found } = counts;
    let [p, r, f] = [counts.precision(), counts.recall(), counts.f1()].map(|share| 100.0 * share);
    let _ = writeln!(out, "{title:<26}{p:>7.2}{r:>7.2}{f:>7.2}{gold:>8}{found:>8}{correct:>8}");
}

fn languages(out: &mut String, languages: &Languages) {
    let all: u64 = languages.buckets.iter().map(|(_, all)| all).sum();
    if all == 0 {
        return;
    }
    let _ = writeln!(out, "\n{:<26}{:>9}{:>9}", "language, by characters", "accuracy", "texts");
    for ((bucket, accuracy), (_, texts)) in BUCKETS.iter().zip(languages.accuracies()).zip(languages.buckets)
    {
        if texts > 0 {
            let _ = writeln!(out, "{bucket:<26}{:>9.2}{texts:>9}", 100.0 * accuracy);
        }
    }
    let right: u64 = languages.buckets.iter().map(|(right, _)| right).sum();
    let _ = writeln!(out, "{:<26}{:>9.2}{all:>9}", "all", 100.0 * right as f64 / all as f64);
    let per_language = languages.codes.values().map(|&(right, all)| right as f64 / all as f64);
    let mean = per_language.sum::<f64>() / languages.codes.len() as f64;
    let _ = writeln!(out, "{:<26}{:>9.2}{:>9}", "mean over languages", 100.0 * mean, languages.codes.len());
}
