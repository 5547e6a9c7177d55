//! Words and sentences against a treebank: `score_tokens [--surface] [--show N] [--language L] FILE...`
//!
//! The raw text of a document is its sentences, joined by a space unless the last token says `SpaceAfter=No`, and by
//! a blank line where `# newpar` or `# newdoc` stands.
use pipeline_core::Span;
use stages::score_text::Counts;
use stages::tokenize::{Tokenizer, Words};
use std::collections::HashMap;

#[derive(Default)]
struct Doc {
    text: String,
    words: Vec<Span>,
    sentences: Vec<Span>,
}

fn span(start: usize, end: usize) -> Span {
    Span::new(start as u32, end as u32)
}

fn read(file: &str, surface: bool) -> Vec<Doc> {
    let content = std::fs::read_to_string(file).expect("readable");
    let mut docs: Vec<Doc> = vec![Doc::default()];
    for block in content.split("\n\n") {
        if block.trim().is_empty() {
            continue;
        }
        if block.lines().any(|l| l.starts_with("# newdoc")) && !docs[docs.len() - 1].text.is_empty() {
            docs.push(Doc::default());
        }
        let newpar = block.lines().any(|l| l == "# newpar" || l.starts_with("# newpar "));
        let doc = docs.last_mut().expect("one");
        if newpar && !doc.text.is_empty() {
            let keep = doc.text.trim_end().len();
            doc.text.truncate(keep);
            doc.text.push_str("\n\n");
        }
        add_sentence(doc, block, surface);
    }
    docs
}

fn add_sentence(doc: &mut Doc, block: &str, surface: bool) {
    let begin = doc.text.len();
    let mut end = begin;
    let mut rest: Option<(usize, usize, usize)> = None; // last word of a multiword token, next byte, end
    for line in block.lines().filter(|l| !l.starts_with('#')) {
        let f: Vec<&str> = line.split('\t').collect();
        if f[0].contains('.') {
            continue;
        }
        let space = if f[9].split('|').any(|m| m == "SpaceAfter=No") { "" } else { " " };
        if let Some((_, last)) = f[0].split_once('-') {
            let start = doc.text.len();
            doc.text.push_str(f[1]);
            end = doc.text.len();
            doc.text.push_str(space);
            if surface {
                doc.words.push(span(start, end));
            }
            rest = Some((last.parse().expect("number"), start, end));
            continue;
        }
        let id: usize = f[0].parse().expect("number");
        if let Some((last, at, stop)) = rest {
            if !surface {
                let to = (at + f[1].len()).min(stop);
                doc.words.push(span(at, if id == last { stop } else { to }));
                rest = Some((last, to, stop));
            }
            if id == last {
                rest = None;
            }
            continue;
        }
        let start = doc.text.len();
        doc.text.push_str(f[1]);
        end = doc.text.len();
        doc.text.push_str(space);
        doc.words.push(span(start, end));
    }
    doc.sentences.push(span(begin, end));
}

fn main() {
    let mut args = std::env::args().skip(1).peekable();
    let (mut surface, mut show, mut language, mut files) = (false, 0, "en".to_owned(), vec![]);
    while let Some(a) = args.next() {
        match a.as_str() {
            "--surface" => surface = true,
            "--show" => show = args.next().expect("N").parse().expect("N"),
            "--language" => language = args.next().expect("L"),
            _ => files.push(a),
        }
    }
    for file in files {
        let (mut words, mut sentences) = (Counts::default(), Counts::default());
        let mut out = Words::default();
        let mut errors: HashMap<String, usize> = HashMap::new();
        let mut shown = vec![];
        for doc in read(&file, surface) {
            Tokenizer::new().run(&doc.text, &language, &mut out);
            words.add(Counts::of(&doc.words, &out.tokens));
            sentences.add(Counts::of(&doc.sentences, &out.sentences));
            if show > 0 {
                differences(&doc, &out, &mut errors);
                wrong_sentences(&doc, &out, &mut shown);
            }
        }
        println!(
            "words {:.2} (P {:.2} R {:.2})  sentences {:.2} (P {:.2} R {:.2})  {file}",
            100.0 * words.f1(),
            100.0 * words.precision(),
            100.0 * words.recall(),
            100.0 * sentences.f1(),
            100.0 * sentences.precision(),
            100.0 * sentences.recall()
        );
        let mut errors: Vec<_> = errors.into_iter().collect();
        errors.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        for (error, count) in errors.iter().take(show) {
            println!("{count}\t{error}");
        }
        for line in shown.iter().step_by((shown.len() / (show + 1)).max(1)).take(show) {
            println!("{line}");
        }
    }
}

/// Stretches where the two differ: gold pieces => found pieces.
fn differences(doc: &Doc, out: &Words, errors: &mut HashMap<String, usize>) {
    let (gold, found) = (&doc.words, &out.tokens);
    let (mut g, mut f) = (0, 0);
    while g < gold.len() && f < found.len() {
        if gold[g] == found[f] {
            (g, f) = (g + 1, f + 1);
            continue;
        }
        let (g0, f0) = (g, f);
        (g, f) = (g + 1, f + 1);
        while gold[g - 1].end != found[f - 1].end {
            if gold[g - 1].end < found[f - 1].end {
                if g == gold.len() {
                    break;
                }
                g += 1;
            } else {
                if f == found.len() {
                    break;
                }
                f += 1;
            }
        }
        let show = |s: &[Span]| s.iter().map(|s| &doc.text[s.range()]).collect::<Vec<_>>().join(" | ");
        let after: String = doc.text[gold[g - 1].end as usize..].chars().take(8).collect();
        let _ = after;
        *errors.entry(format!("{}  =>  {}", show(&gold[g0..g]), show(&found[f0..f]))).or_default() += 1;
    }
}

fn wrong_sentences(doc: &Doc, out: &Words, shown: &mut Vec<String>) {
    let ends = |s: &[Span]| s.iter().map(|s| s.end).collect::<std::collections::BTreeSet<u32>>();
    let (gold, found) = (ends(&doc.sentences), ends(&out.sentences));
    for (sign, end) in
        gold.difference(&found).map(|e| ("missed", e)).chain(found.difference(&gold).map(|e| ("extra ", e)))
    {
        let before: String =
            doc.text[..*end as usize].chars().rev().take(60).collect::<Vec<_>>().into_iter().rev().collect();
        let after: String = doc.text[*end as usize..].chars().take(40).collect();
        shown.push(format!("{sign} {before:?} || {after:?}"));
    }
}
