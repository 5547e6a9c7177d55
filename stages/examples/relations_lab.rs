//! Trains the relation model on NewsGraph and shows how it does: scores, mistakes, speed.
//!
//! `relations_lab train MODEL [folds=N] [epochs=N] ...`, `relations_lab names ENTITY-MODEL PART`, `relations_lab score MODEL [NAMES]`,
//! `relations_lab mistakes MODEL`, `relations_lab time MODEL [PART [ENTITY-MODEL]]`. The data root is `PIPELINE_DATA`.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Instant;

use pipeline_core::Span;
use serde_json::Value;
use stages::gold::{GoldDoc, GoldEntity, GoldRelation};
use stages::relations::train::{Options, Resources, train};
use stages::relations::{Extractor, Name, NameType, Relation, SYMMETRIC, Scratch};
use stages::score_relations::RelationScores;
use stages::tokenize::{Tokenizer, Words};

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let text = |at: usize| args.get(at).map_or("", String::as_str);
    match text(1) {
        "train" => run_training(text(2), &args[3..]),
        "score" => score(text(2), args.get(3).map(String::as_str), &args),
        "mistakes" => mistakes(text(2)),
        "time" => time(text(2), text(3), text(4)),
        "names" => write_names(text(2), text(3)),
        _ => eprintln!("relations_lab train|score|mistakes|time MODEL"),
    }
}

fn root() -> PathBuf {
    std::env::var_os("PIPELINE_DATA").map_or_else(|| "../shared/data".into(), PathBuf::from)
}

fn load(part: &str) -> String {
    let path = root().join(part);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn documents(part: &str) -> Vec<GoldDoc> {
    load(part).lines().map(document).collect()
}

fn document(line: &str) -> GoldDoc {
    let record: Value = serde_json::from_str(line).expect("a JSON record");
    let text = record["text"].as_str().expect("text").to_owned();
    let mut bytes: Vec<u32> = text.char_indices().map(|(at, _)| at as u32).collect();
    bytes.push(text.len() as u32);
    let at = |v: &Value| bytes[v.as_u64().expect("offset") as usize];
    let span = |a: &Value, b: &Value| Span::new(at(a), at(b));
    let list = |name: &str| record[name].as_array().cloned().unwrap_or_default();
    let entity = |e: &Value| GoldEntity {
        span: span(&e["start"], &e["end"]),
        label: e["label"].as_str().expect("label").to_owned(),
    };
    let relation = |r: &Value| GoldRelation {
        head: r["head"].as_u64().expect("head") as u32,
        tail: r["tail"].as_u64().expect("tail") as u32,
        label: r["label"].as_str().expect("label").to_owned(),
        trigger: r["trigger"].as_array().map(|t| span(&t[0], &t[1])),
    };
    GoldDoc {
        id: record["id"].as_str().unwrap_or_default().to_owned(),
        sentences: Some(list("sentences").iter().map(|s| span(&s[0], &s[1])).collect()),
        entities: Some(list("entities").iter().map(entity).collect()),
        relations: Some(list("relations").iter().map(relation).collect()),
        text,
        ..GoldDoc::default()
    }
}

fn run_training(model: &str, settings: &[String]) {
    let mut docs = documents("newsgraph/train.jsonl");
    let mut options = Options::recipe(docs.len());
    for setting in settings {
        let (name, value) = setting.split_once('=').expect("name=value");
        if name == "more" {
            docs.extend(std::fs::read_to_string(value).expect("more documents").lines().map(document));
            continue;
        }
        let number: f32 = value.parse().expect("a number");
        match name {
            "weight" => options.weight = number,
            "epochs" => options.epochs = number as usize,
            "folds" => options.folds = number as usize,
            "seed" => options.seed = number as u64,
            "linear" => options.most[0] = number as usize,
            "plain" => options.most[1] = number as usize,
            "vectors" => options.most[2] = number as usize,
            "vocabulary" => options.vocabulary = number as usize,
            "cutoff" => options.tune.cutoff = number as u32,
            "ldrop" => options.tune.dropout[0] = number,
            "vdrop" => options.tune.dropout[1] = number,
            "lrate" => options.tune.rates[0] = number,
            "vrate" => options.tune.rates[1] = number,
            "linert" => options.tune.inertia[0] = number,
            "vinert" => options.tune.inertia[1] = number,
            _ => panic!("unknown setting {name}"),
        }
    }
    let classes = load("clusters/glove_kmeans.tsv");
    let treebank = load("ud/UD_English-GUM/en_gum-ud-train.rebuilt_permissive_genres.conllu");
    let resources = Resources { classes: &classes, treebank: &treebank };
    let start = Instant::now();
    let bytes = train(&docs, &resources, &options, &mut |line| {
        println!("{:6.1} s  {line}", start.elapsed().as_secs_f32())
    })
    .expect("a model");
    println!("{} bytes", bytes.len());
    std::fs::write(model, bytes).expect("written");
}

fn extractor(model: &str) -> Extractor {
    Extractor::load(&std::fs::read(model).expect("a model file")).expect("a sound model")
}

fn given(doc: &GoldDoc) -> Vec<Name> {
    let names = doc.entities.as_deref().unwrap_or_default();
    names.iter().map(|e| Name { span: e.span, kind: NameType::of_label(&e.label) }).collect()
}

/// Names of the documents as a tagger finds them, a line of `[start, end, label]` each (bytes).
fn write_names(model: &str, part: &str) {
    let tagger = stages::entities::Tagger::load(&std::fs::read(model).expect("a model")).expect("sound");
    let (mut words, mut scratch, mut out) =
        (Words::default(), stages::entities::Scratch::default(), Vec::new());
    for doc in documents(part) {
        Tokenizer::new().run(&doc.text, "en", &mut words);
        tagger.tag(&doc.text, &words.tokens, &words.sentences, &mut scratch, &mut out);
        let names: Vec<_> = out
            .iter()
            .map(|e| serde_json::json!([e.span.start, e.span.end, tagger.labels()[e.label as usize]]))
            .collect();
        println!("{}", serde_json::Value::Array(names));
    }
}

/// Names from such a file, else those of the gold data.
fn tagged(file: Option<&str>) -> impl FnMut(&GoldDoc) -> Vec<Name> {
    let lines: Option<Vec<String>> =
        file.map(|f| std::fs::read_to_string(f).expect("a names file").lines().map(str::to_owned).collect());
    let mut at = 0;
    move |doc| {
        let Some(lines) = &lines else { return given(doc) };
        let list: Vec<(u32, u32, String)> = serde_json::from_str(&lines[at]).expect("names");
        at += 1;
        list.into_iter()
            .map(|(s, e, l)| Name { span: Span::new(s, e), kind: NameType::of_label(&l) })
            .collect()
    }
}

fn score(model: &str, entities: Option<&str>, args: &[String]) {
    let part = args.get(4).map_or("newsgraph/dev.jsonl", String::as_str);
    let docs = documents(part);
    let extractor = extractor(model);
    let counted: BTreeSet<&str> = extractor.labels().iter().map(String::as_str).collect();
    let mut names_of = tagged(entities.filter(|e| *e != "gold"));
    let (mut words, mut scratch, mut out) = (Words::default(), Scratch::default(), Vec::new());
    let mut scores = RelationScores::default();
    let (mut same, mut near, mut right) = (0, 0, 0);
    for doc in &docs {
        Tokenizer::new().run(&doc.text, "en", &mut words);
        let names = names_of(doc);
        out.clear();
        extractor.extract(&doc.text, &words.tokens, &words.sentences, &names, &mut scratch, &mut out);
        let gold_names = doc.entities.as_deref().unwrap_or_default();
        let at = |i: u32| gold_names[i as usize].span;
        let gold = doc.relations.as_deref().unwrap_or_default();
        let right_ones: Vec<_> = gold.iter().map(|r| (at(r.head), at(r.tail), r.label.as_str())).collect();
        let found: Vec<_> = out.iter().map(|r| triple(r, &names, &extractor)).collect();
        for (relation, made) in out.iter().zip(&found) {
            if let Some(place) = right_ones.iter().position(|g| g == made) {
                right += 1;
                let want = gold[place].trigger.unwrap_or(Span::NONE);
                same += usize::from(want == relation.trigger);
                near += usize::from(
                    want == relation.trigger
                        || (!want.is_none()
                            && !relation.trigger.is_none()
                            && want.overlaps(relation.trigger)),
                );
            }
        }
        scores.add(&right_ones, &found, &counted, &SYMMETRIC);
    }
    for (label, c) in &scores.by_label {
        row(label, c.gold as f64, c.found as f64, c.correct as f64);
    }
    let all = scores.micro();
    row("all", all.gold as f64, all.found as f64, all.correct as f64);
    println!(
        "triggers of right relations: {:.1} % the same, {:.1} % overlap",
        100.0 * same as f64 / right as f64,
        100.0 * near as f64 / right as f64
    );
}

fn row(label: &str, gold: f64, found: f64, correct: f64) {
    let (p, r) = (100.0 * correct / found.max(1.0), 100.0 * correct / gold.max(1.0));
    let f = 2.0 * p * r / (p + r).max(1e-9);
    println!("{label:16} gold {gold:4} found {found:4} right {correct:4}  P {p:5.1} R {r:5.1} F1 {f:5.1}");
}

fn triple<'a>(relation: &Relation, names: &[Name], extractor: &'a Extractor) -> (Span, Span, &'a str) {
    let at = |i: u32| names[i as usize].span;
    (at(relation.head), at(relation.tail), &extractor.labels()[relation.label as usize])
}

fn mistakes(model: &str) {
    let extractor = extractor(model);
    let (mut words, mut scratch, mut out) = (Words::default(), Scratch::default(), Vec::new());
    for doc in documents("newsgraph/dev.jsonl") {
        Tokenizer::new().run(&doc.text, "en", &mut words);
        let names = given(&doc);
        out.clear();
        extractor.extract(&doc.text, &words.tokens, &words.sentences, &names, &mut scratch, &mut out);
        let text = |s: Span| &doc.text[s.range()];
        let mut found: Vec<_> = out.iter().map(|r| (triple(r, &names, &extractor), r.score)).collect();
        let gold: Vec<_> = doc.relations.iter().flatten().collect();
        for bounds in &words.sentences {
            let mut lines = Vec::new();
            for relation in &gold {
                let (h, t) = (names[relation.head as usize].span, names[relation.tail as usize].span);
                if !bounds.contains(h) {
                    continue;
                }
                let trigger = relation.trigger.map_or("", text);
                match found.iter().position(|f| f.0 == (h, t, relation.label.as_str())) {
                    Some(at) => drop(found.remove(at)),
                    None => lines.push(format!(
                        "  MISS  {} | {} | {} | {trigger}",
                        text(h),
                        relation.label,
                        text(t)
                    )),
                }
            }
            for ((h, t, label), score) in found.iter().filter(|f| bounds.contains(f.0.0)) {
                lines.push(format!("  FALSE {} | {label} | {} ({score:.2})", text(*h), text(*t)));
            }
            if !lines.is_empty() {
                println!("{}\n{}", text(*bounds).replace('\n', " "), lines.join("\n"));
            }
        }
    }
}

/// Texts of a part with only texts, or documents with names, with tokens and with names.
fn prepared(part: &str, entities: &str) -> Vec<(String, Words, Vec<Name>)> {
    let tagger = (!entities.is_empty())
        .then(|| stages::entities::Tagger::load(&std::fs::read(entities).expect("a model")).expect("sound"));
    let (mut scratch, mut found) = (stages::entities::Scratch::default(), Vec::new());
    documents(part)
        .into_iter()
        .map(|doc| {
            let mut words = Words::default();
            Tokenizer::new().run(&doc.text, "en", &mut words);
            let Some(tagger) = &tagger else {
                let names = given(&doc);
                return (doc.text, words, names);
            };
            tagger.tag(&doc.text, &words.tokens, &words.sentences, &mut scratch, &mut found);
            let kind = |label: u16| NameType::of_label(&tagger.labels()[usize::from(label)]);
            let names = found.iter().map(|e| Name { span: e.span, kind: kind(e.label) }).collect();
            (doc.text, words, names)
        })
        .collect()
}

/// Time of the stage alone on `part`, with the names of the gold data or of an entity model.
fn time(model: &str, part: &str, entities: &str) {
    let extractor = extractor(model);
    let made = prepared(if part.is_empty() { "newsgraph/dev.jsonl" } else { part }, entities);
    let tokens: usize = made.iter().map(|m| m.1.tokens.len()).sum();
    let (mut scratch, mut out) = (Scratch::default(), Vec::new());
    let mut best = f64::MAX;
    let rounds: usize = std::env::var("ROUNDS").ok().and_then(|r| r.parse().ok()).unwrap_or(15);
    let mut relations = 0;
    for _ in 0..rounds {
        let start = Instant::now();
        relations = 0;
        for (text, words, names) in &made {
            out.clear();
            extractor.extract(text, &words.tokens, &words.sentences, names, &mut scratch, &mut out);
            relations += out.len();
        }
        best = best.min(start.elapsed().as_secs_f64());
    }
    let speed = tokens as f64 / best / 1e6;
    println!("{tokens} tokens, {relations} relations, {speed:.2} million tokens a second");
}
