//! The report as one page that needs nothing else: no script, no network.

use std::fmt::Write;

use super::charts::{self, escaped};
use super::report::Report;
use super::table;

const FRAME: &str = include_str!("assets/page.html");
const STYLE: &str = include_str!("assets/page.css");

/// The page.
pub(super) fn assemble(report: &Report) -> String {
    let mut page = String::new();
    for (nth, part) in FRAME.split("{{").enumerate() {
        let (place, rest) = if nth == 0 { ("", part) } else { part.split_once("}}").unwrap_or_default() };
        match place {
            "style" => page.push_str(STYLE),
            "heading" => paragraphs("p", &table::heading(report), &mut page),
            "warnings" => paragraphs("p class=\"warning\"", &report.warnings, &mut page),
            "keys" => keys(report, &mut page),
            "by-threads" => page.push_str(&charts::by_threads(&report.sides)),
            "by-part" => page.push_str(&charts::by_part(&report.sides)),
            "latency" => page.push_str(&charts::latencies(&report.sides)),
            "rounds" => page.push_str(&charts::rounds(&report.sides)),
            "comparison" => comparison(report, &mut page),
            "tables" => tables(report, &mut page),
            _ => {}
        }
        page.push_str(rest);
    }
    page
}

fn paragraphs(tag: &str, lines: &[String], page: &mut String) {
    let end = tag.split(' ').next().unwrap_or(tag);
    for line in lines {
        let _ = writeln!(page, "<{tag}>{}</{end}>", escaped(line));
    }
}

/// Which colour is which configuration.
fn keys(report: &Report, page: &mut String) {
    for (nth, figures) in report.sides.iter().enumerate() {
        let _ = write!(page, "<span class=\"key side{nth}\"></span>{} ", escaped(&figures.name));
    }
}

fn comparison(report: &Report, page: &mut String) {
    let (Some(compared), [one, other]) = (&report.comparison, report.sides.as_slice()) else { return };
    let title = format!("{} against {}", other.name, one.name);
    let _ = write!(
        page,
        "<section><h2>{}</h2><p>Ratios round by round: the dot is the median, the thick line reaches from quartile to \
         quartile, the thin one is the 99 % interval of the median. {}</p>{}",
        escaped(&title),
        table::remark(compared),
        charts::ratios(compared)
    );
    rows(&table::ratios(compared), page);
    page.push_str("</section>");
}

fn tables(report: &Report, page: &mut String) {
    for figures in &report.sides {
        let _ = write!(page, "<section><h2>{}</h2>", escaped(&figures.name));
        for table in [table::by_threads(figures), table::by_part(figures), table::latencies(figures)] {
            rows(&table, page);
        }
        page.push_str("</section>");
    }
}

/// A table; its first row has the titles.
fn rows(rows: &[Vec<String>], page: &mut String) {
    page.push_str("<div class=\"wide\"><table>");
    for (nth, row) in rows.iter().enumerate() {
        page.push_str("<tr>");
        let cell = if nth == 0 { "th" } else { "td" };
        row.iter().for_each(|text| _ = write!(page, "<{cell}>{}</{cell}>", escaped(text)));
        page.push_str("</tr>\n");
    }
    page.push_str("</table></div>");
}
