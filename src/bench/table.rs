//! The figures for a terminal.

use std::fmt::Write;

use indicatif::HumanCount;

use super::compare::{Comparison, Ratio};
use super::report::{Figures, Part, Report, Threads};
use super::stats::Summary;

/// So many threads.
pub(super) fn threads(count: usize) -> String {
    format!("{count} thread{}", if count == 1 { "" } else { "s" })
}

/// A number with three digits that count.
pub(super) fn digits(value: f64) -> String {
    match value.abs() {
        size if size >= 1000.0 => HumanCount(value.round() as u64).to_string(),
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        size if size >= 1.0 || size == 0.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

/// A time in the unit that suits it.
pub(super) fn time(seconds: f64) -> String {
    match seconds {
        _ if seconds < 1e-3 => format!("{} µs", digits(seconds * 1e6)),
        _ if seconds < 1.0 => format!("{} ms", digits(seconds * 1e3)),
        _ => format!("{} s", digits(seconds)),
    }
}

pub(super) fn megabytes(bytes: f64) -> String {
    format!("{} MB", digits(bytes / 1e6))
}

/// Half the distance of the quartiles, as a part of the median.
pub(super) fn spread(summary: &Summary) -> String {
    let [low, high] = summary.quartiles;
    format!("±{:.1} %", 50.0 * (high - low) / summary.median.max(f64::MIN_POSITIVE))
}

/// What was measured on what.
pub(super) fn heading(report: &Report) -> Vec<String> {
    let (input, machine) = (&report.input, &report.machine);
    let counts = &input.counts;
    let part = if input.whole { "" } else { " (the first of more)" };
    let memory = machine.memory as f64 / f64::from(1 << 30);
    let load = machine.load.map(|load| format!("load {load:.1} before")).into_iter();
    let mut on = vec![machine.cpu.clone(), format!("{} cores", machine.cores), format!("{memory:.0} GiB")];
    on.extend(std::iter::once(machine.os.clone()).filter(|os| !os.is_empty()).chain(load));
    vec![
        format!(
            "{}: {} documents{part}, {} of text, {} words",
            input.name,
            HumanCount(counts.documents),
            megabytes(counts.text_bytes as f64),
            HumanCount(counts.tokens)
        ),
        on.join(", "),
        format!("pipeline {} ({}), {}", machine.version, machine.profile, machine.rustc),
        format!(
            "{} rounds in {:.0} s; medians, ± half the distance of the quartiles",
            report.rounds, report.seconds
        ),
    ]
}

/// The whole report.
pub(super) fn show(report: &Report) -> String {
    let mut text = heading(report).join("\n") + "\n";
    for figures in &report.sides {
        let _ = write!(text, "\n{}\n", figures.name);
        text.push_str(&grid(&by_threads(figures)));
        text.push('\n');
        text.push_str(&grid(&by_part(figures)));
        text.push('\n');
        text.push_str(&grid(&latencies(figures)));
    }
    text.push_str(&comparison(report));
    text
}

pub(super) fn by_threads(figures: &Figures) -> Vec<Vec<String>> {
    let titles =
        ["threads", "MB/s", "", "documents/s", "words/s", "CPU s", "MB/CPU-s", "peak memory", "speed-up"];
    let one = figures.threads.first().map_or(1.0, |threads| threads.seconds.median);
    let row = |threads: &Threads| {
        let or_dash = |value: &Option<Summary>, show: fn(f64) -> String| {
            value.as_ref().map_or_else(|| "-".to_owned(), |value| show(value.median))
        };
        vec![
            threads.threads.to_string(),
            digits(threads.megabytes_per_second.median),
            spread(&threads.megabytes_per_second),
            digits(threads.documents_per_second.median),
            digits(threads.tokens_per_second.median),
            or_dash(&threads.cpu_seconds, digits),
            or_dash(&threads.megabytes_per_cpu_second, digits),
            or_dash(&threads.peak_bytes, megabytes),
            format!("{:.2} ×", one / threads.seconds.median.max(f64::MIN_POSITIVE)),
        ]
    };
    titled(&titles, figures.threads.iter().map(row))
}

pub(super) fn by_part(figures: &Figures) -> Vec<Vec<String>> {
    let row = |part: &Part| {
        vec![
            part.name.clone(),
            format!("{:.1} %", 100.0 * part.share),
            digits(part.microseconds_per_document),
            digits(part.megabytes_per_second),
            digits(part.tokens_per_second),
            part.origin.clone().unwrap_or_default(),
        ]
    };
    titled(
        &["one thread's time", "share", "µs/document", "MB/s", "words/s", ""],
        figures.parts.iter().map(row),
    )
}

pub(super) fn latencies(figures: &Figures) -> Vec<Vec<String>> {
    let latency = &figures.latency;
    let of = [&latency.p50_seconds, &latency.p90_seconds, &latency.p99_seconds, &latency.max_seconds];
    let ranks = of.iter().map(|seconds| time(seconds.median));
    let start = &figures.start_up_seconds;
    vec![
        ["latency of a document", "p50", "p90", "p99", "max", "start to first record", ""]
            .map(str::to_owned)
            .into(),
        std::iter::once(String::new()).chain(ranks).chain([time(start.median), spread(start)]).collect(),
    ]
}

fn comparison(report: &Report) -> String {
    let (Some(compared), [one, other]) = (&report.comparison, report.sides.as_slice()) else {
        return String::new();
    };
    let rows = grid(&ratios(compared));
    format!("\n{} against {}, round by round\n{rows}{}\n", other.name, one.name, remark(compared))
}

/// The ratios of a comparison.
pub(super) fn ratios(compared: &Comparison) -> Vec<Vec<String>> {
    let row = |ratio: &Ratio| {
        let [low, high] = ratio.ratio.quartiles;
        let interval =
            ratio.ratio.interval.map_or("-".to_owned(), |[low, high]| format!("{low:.3} to {high:.3}"));
        vec![
            ratio.what.clone(),
            format!("{:.3}", ratio.ratio.median),
            format!("{low:.3} to {high:.3}"),
            interval,
            ratio.verdict.words(ratio.more_is_better).to_owned(),
        ]
    };
    titled(&["", "ratio", "quartiles", "99 % interval", ""], compared.ratios.iter().map(row))
}

/// What else is to be said of a comparison.
pub(super) fn remark(compared: &Comparison) -> &'static str {
    match (compared.same_configuration, compared.same_records) {
        (true, _) => {
            "Both are the same configuration: what the ratios differ from 1 is the noise of this machine."
        }
        (_, true) => "Both give the same records, byte for byte.",
        _ => "They give different records.",
    }
}

fn titled(titles: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Vec<Vec<String>> {
    std::iter::once(titles.iter().map(|&title| title.to_owned()).collect()).chain(rows).collect()
}

/// Columns of equal width: the first to the left, the others to the right.
fn grid(rows: &[Vec<String>]) -> String {
    let count = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or_default()
    };
    let widths: Vec<usize> = (0..count).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (nth, (cell, width)) in row.iter().zip(&widths).enumerate() {
            let _ = match nth {
                0 => write!(line, "  {cell:<width$}"),
                _ => write!(line, "  {cell:>width$}"),
            };
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_three_digits_that_count() {
        let shown = [0.01234, 1.234, 12.34, 123.4, 1234.4, 0.0].map(digits);
        assert_eq!(shown, ["0.012", "1.23", "12.3", "123", "1,234", "0.00"]);
        assert_eq!([0.000_5, 0.0123, 2.0].map(time), ["500 µs", "12.3 ms", "2.00 s"]);
    }

    #[test]
    fn columns_stand_below_each_other() {
        let rows = titled(&["a", "bb"], [vec!["long".to_owned(), "1".to_owned()]].into_iter());
        assert_eq!(grid(&rows), "  a     bb\n  long   1\n");
    }
}
