//! Learns how sure a triple is, from sentences with gold facts (CaRB's dev part), and prints the tables of
//! `triples/score.rs`; with numbers by rule, and with `show N` the first N sentences with what was found.
//!
//! `cargo run --release --example fit_triples -- FILE [show N]`; FILE holds open relations in any format that
//! `pipeline eval` reads, the environment variable SYNTAX_MODEL may name another model for the parse than the one built
//! in.

use std::collections::BTreeMap;
use std::path::Path;

use pipeline::read::gold;
use pipeline_core::{ColumnData, Document, Pipeline, Span, StageSource, StageUse, Table};
use stages::gold::GoldDoc;
use stages::score_open::{Curve, Fact, likeness};
use stages::syntax::SyntaxStage;
use stages::triples::fit::{Example, Fitted, Word, examples};

struct Sentence {
    text: String,
    gold: Vec<Fact>,
    found: Vec<Example>,
    parse: String,
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let file = args.first().expect("a file of open relations");
    let docs = gold::read(Path::new(file)).unwrap_or_else(|error| panic!("{error}"));
    let mut stage = StageUse::new(StageSource::linked::<SyntaxStage>().expect("a card"));
    if let Ok(model) = std::env::var("SYNTAX_MODEL") {
        stage.config = serde_json::json!({ "models": [model] }).to_string();
    }
    let parser =
        Pipeline::new(vec![stage], &["tokens", "sentences"], &[], Box::new(|_, _| {})).expect("a pipeline");
    let sentences: Vec<Sentence> = docs.into_iter().map(|doc| read(&parser, doc)).collect();
    if args.get(1).is_some_and(|word| word == "show") {
        show(&sentences, args.get(2).and_then(|count| count.parse().ok()).unwrap_or(20));
        return;
    }
    by_rule(&sentences);
    let all: Vec<_> = sentences.iter().map(|one| (one.found.as_slice(), one.gold.as_slice())).collect();
    report("as built in", &sentences, |example| example.fact.confidence);
    // Each fifth is scored by weights that the other four gave.
    let folds: Vec<Fitted> = (0..5)
        .map(|fold| {
            let rest: Vec<_> =
                all.iter().enumerate().filter(|(at, _)| at % 5 != fold).map(|(_, one)| *one).collect();
            Fitted::new(&rest)
        })
        .collect();
    report_by(&sentences, &folds);
    let fitted = Fitted::new(&all);
    report("fitted on all", &sentences, |example| fitted.score(example));
    print!("{}", fitted.table());
}

fn report(title: &str, sentences: &[Sentence], score: impl Fn(&Example) -> f64) {
    let scored: Vec<Vec<Fact>> = sentences
        .iter()
        .map(|one| one.found.iter().map(|e| Fact { confidence: score(e), ..e.fact.clone() }).collect())
        .collect();
    print(title, sentences, &scored);
}

fn report_by(sentences: &[Sentence], folds: &[Fitted]) {
    let scored: Vec<Vec<Fact>> = sentences
        .iter()
        .enumerate()
        .map(|(at, one)| {
            one.found.iter().map(|e| Fact { confidence: folds[at % 5].score(e), ..e.fact.clone() }).collect()
        })
        .collect();
    print("cross-validated", sentences, &scored);
}

fn print(title: &str, sentences: &[Sentence], scored: &[Vec<Fact>]) {
    let pairs: Vec<_> =
        sentences.iter().zip(scored).map(|(one, found)| (one.gold.as_slice(), found.as_slice())).collect();
    let curve = Curve::new(&pairs);
    let (best, all) = (curve.best(), curve.all());
    println!(
        "{title:<18} P {:.3} R {:.3} F1 {:.4} from {:.3}; all: P {:.3} R {:.3} F1 {:.4}; area {:.4}; found {}",
        best.precision,
        best.recall,
        best.f1(),
        best.confidence,
        all.precision,
        all.recall,
        all.f1(),
        curve.area(),
        curve.found
    );
}

fn by_rule(sentences: &[Sentence]) {
    let mut rules: BTreeMap<&str, (usize, f64, usize)> = BTreeMap::new();
    for sentence in sentences {
        for example in &sentence.found {
            let like = sentence.gold.iter().map(|gold| likeness(gold, &example.fact)).fold(0.0, f64::max);
            let entry = rules.entry(example.rule).or_default();
            *entry = (entry.0 + 1, entry.1 + like, entry.2 + usize::from(like >= 0.5));
        }
    }
    for (rule, (count, like, right)) in rules {
        println!("{rule:<12}{count:>6}{:>8.3}{:>8.3}", like / count as f64, right as f64 / count as f64);
    }
}

fn show(sentences: &[Sentence], count: usize) {
    for sentence in sentences.iter().take(count) {
        println!("\n{}\n{}", sentence.text, sentence.parse);
        for gold in &sentence.gold {
            let best = sentence.found.iter().map(|one| likeness(gold, &one.fact)).fold(0.0, f64::max);
            println!("  {best:.2} {} | {}", gold.relation, gold.args.join(" | "));
        }
        for one in &sentence.found {
            let like = sentence.gold.iter().map(|gold| likeness(gold, &one.fact)).fold(0.0, f64::max);
            println!(
                "   > {like:.2} {} {} | {} [{}]",
                one.rule,
                one.fact.relation,
                one.fact.args.join(" | "),
                one.predicate
            );
        }
    }
}

fn read(parser: &Pipeline, gold: GoldDoc) -> Sentence {
    let text = gold.text;
    let doc = parse(parser, &text, gold.tokens.unwrap_or_default(), gold.sentences.unwrap_or_default());
    let plan = parser.plan();
    let table = |layer: &str| doc.layer(plan.layer(layer).expect("a layer")).expect("a table");
    let tokens = table("tokens").spans.clone();
    let [ColumnData::Sym(pos), ColumnData::Ref(heads), ColumnData::Sym(labels)] =
        table("syntax").cols.as_slice()
    else {
        panic!("columns of syntax")
    };
    let word = |at: usize| Word {
        span: tokens[at],
        pos: parser.symbols().text(pos[at]),
        head: (heads[at] != u32::MAX).then_some(heads[at] as usize),
        deprel: parser.symbols().text(labels[at]),
    };
    let words: Vec<Word<'_>> = (0..tokens.len()).map(word).collect();
    let parse = words.iter().enumerate().map(|(at, word)| {
        let head = word.head.map_or("-".to_owned(), |head| text[tokens[head].range()].to_owned());
        format!("{}/{}/{}<{}", &text[tokens[at].range()], word.pos, word.deprel, head)
    });
    let parse = parse.collect::<Vec<_>>().join(" ");
    let found = examples(&text, &words);
    Sentence { gold: gold.facts.unwrap_or_default(), found, parse, text }
}

fn parse(parser: &Pipeline, text: &str, tokens: Vec<Span>, sentences: Vec<Span>) -> Document {
    let mut doc = Document::new("sentence", text);
    let kinds = vec![ColumnData::U8(vec![0; tokens.len()])];
    for (layer, spans, cols) in [("tokens", tokens, kinds), ("sentences", sentences, vec![])] {
        let mut table = Table::default();
        (table.len, table.spans, table.cols) = (spans.len(), spans, cols);
        doc.supply(parser.plan(), parser.plan().layer(layer).expect("a layer"), table)
            .expect("spans that fit");
    }
    let mut docs = [doc];
    parser.process(&mut docs).expect("a run");
    let [doc] = docs;
    doc
}
