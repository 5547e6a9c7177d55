//! Throwaway experiments.
#![allow(missing_docs)]
use std::collections::BTreeMap;
use std::time::Instant;

use pipeline_core::Span;
use serde_json::Value;
use stages::entities::train::{Corpus, Options, train};
use stages::entities::{Scratch, Tagger};
use stages::gold::{GoldDoc, GoldEntity};
use stages::tokenize::{Tokenizer, Words};

pub const DATA: &str = "/work/shared/data";
const TYPES: [&str; 11] =
    ["PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "EVENT", "PRODUCT", "WORK_OF_ART", "LAW", "LANGUAGE"];

fn newsgraph(part: &str) -> Vec<GoldDoc> {
    let text = std::fs::read_to_string(format!("{DATA}/newsgraph/{part}.jsonl")).unwrap();
    text.lines()
        .map(|l| {
            let v: Value = serde_json::from_str(l).unwrap();
            let text = v["text"].as_str().unwrap().to_owned();
            let mut bytes: Vec<u32> = text.char_indices().map(|(i, _)| i as u32).collect();
            bytes.push(text.len() as u32);
            let span = |s: &Value, e: &Value| {
                Span::new(bytes[s.as_u64().unwrap() as usize], bytes[e.as_u64().unwrap() as usize])
            };
            let entities = v["entities"].as_array().unwrap().iter().map(|e| GoldEntity {
                span: span(&e["start"], &e["end"]),
                label: e["label"].as_str().unwrap().to_owned(),
            });
            let clusters = v["clusters"].as_array().unwrap().iter();
            let clusters = clusters
                .map(|c| c.as_array().unwrap().iter().map(|s| s.as_str().unwrap().to_owned()).collect())
                .collect();
            GoldDoc {
                id: v["id"].as_str().unwrap().to_owned(),
                entities: Some(entities.collect()),
                clusters: Some(clusters),
                text,
                ..GoldDoc::default()
            }
        })
        .collect()
}

/// Reads token/label files; sentences are grouped to documents at -DOCSTART- (or all `group` sentences).
fn conll(path: &str, map: &dyn Fn(&str) -> String, group: usize) -> Vec<GoldDoc> {
    let text = std::fs::read_to_string(format!("{DATA}/ner/{path}")).unwrap();
    let mut docs = vec![];
    let mut doc = empty();
    let mut sent: Vec<(&str, &str)> = vec![];
    let mut n = 0;
    let starts = text.contains("-DOCSTART-");
    for line in text.lines().chain([""]) {
        if line.is_empty() {
            if sent.is_empty() {
                continue;
            }
            add_sentence(&mut doc, &sent, map);
            sent.clear();
            n += 1;
            if !starts && n % group == 0 {
                docs.push(std::mem::replace(&mut doc, empty()));
            }
        } else if line.starts_with("-DOCSTART-") {
            if !doc.text.is_empty() {
                docs.push(std::mem::replace(&mut doc, empty()));
            }
        } else if let Some((w, l)) = line.rsplit_once('\t') {
            sent.push((w, l));
        }
    }
    if !doc.text.is_empty() {
        docs.push(doc);
    }
    docs
}

fn empty() -> GoldDoc {
    GoldDoc { tokens: Some(vec![]), sentences: Some(vec![]), entities: Some(vec![]), ..GoldDoc::default() }
}

fn add_sentence(doc: &mut GoldDoc, sent: &[(&str, &str)], map: &dyn Fn(&str) -> String) {
    if !doc.text.is_empty() {
        doc.text.push('\n');
    }
    let begin = doc.text.len() as u32;
    let mut open = false;
    for (i, (w, l)) in sent.iter().enumerate() {
        if i > 0 {
            doc.text.push(' ');
        }
        let s = doc.text.len() as u32;
        doc.text.push_str(w);
        let e = doc.text.len() as u32;
        doc.tokens.as_mut().unwrap().push(Span::new(s, e));
        let (p, t) = l.split_once('-').unwrap_or(("O", ""));
        let t = if t.is_empty() { String::new() } else { map(t) };
        let ents = doc.entities.as_mut().unwrap();
        if p == "O" || t.is_empty() {
            open = false;
        } else if p == "I" && open && ents.last().is_some_and(|x| x.label == t) {
            ents.last_mut().unwrap().span.end = e;
        } else {
            ents.push(GoldEntity { span: Span::new(s, e), label: t });
            open = true;
        }
    }
    let end = doc.text.len() as u32;
    doc.sentences.as_mut().unwrap().push(Span::new(begin, end));
}

fn split(text: &str) -> (Vec<Span>, Vec<Span>) {
    let mut w = Words::default();
    Tokenizer::new().run(text, "en", &mut w);
    (w.tokens, w.sentences)
}

const MISC: &str = "NORP|EVENT|PRODUCT|WORK_OF_ART|LAW|LANGUAGE";

fn coarse4(l: &str) -> String {
    match l {
        "PER" => "PERSON",
        "LOC" => "GPE|LOC|FAC",
        "ORG" => "ORG",
        "MISC" => MISC,
        _ => "",
    }
    .to_owned()
}

fn rich(l: &str) -> String {
    match l {
        "PER" | "person" | "PERSON" => "PERSON",
        "LOC" | "location" => "GPE|LOC|FAC",
        "WORK" | "creative-work" => "WORK_OF_ART",
        "corporation" | "group" => "ORG",
        "MISC" => MISC,
        "ORG" | "FAC" | "NORP" | "EVENT" | "LAW" | "PRODUCT" | "GPE" | "WORK_OF_ART" | "LANGUAGE" => l,
        "product" => "PRODUCT",
        _ => "",
    }
    .to_owned()
}

fn crossner(l: &str) -> String {
    match l {
        "politician" | "person" | "writer" | "researcher" | "scientist" | "musicalartist" => "PERSON",
        "politicalparty" | "organisation" | "university" | "band" | "conference" => {
            if l == "conference" {
                "EVENT"
            } else {
                "ORG"
            }
        }
        "country" => "GPE",
        "location" => "GPE|LOC|FAC",
        "election" | "event" => "EVENT",
        "book" | "song" | "album" | "poem" | "magazine" => {
            if l == "magazine" {
                "ORG|WORK_OF_ART"
            } else {
                "WORK_OF_ART"
            }
        }
        "academicjournal" => "ORG|WORK_OF_ART",
        "misc" => "NORP|EVENT|PRODUCT|WORK_OF_ART|LAW|LANGUAGE",
        _ => "",
    }
    .to_owned()
}

fn lexicon() -> stages::entities::LexiconBuilder {
    let mut b = stages::entities::LexiconBuilder::default();
    let read = |p: &str| std::fs::read_to_string(format!("{DATA}/{p}")).unwrap();
    b.brown(&read("clusters/brown.tsv"));
    b.classes(&read("clusters/glove_kmeans.tsv"), 400_000);
    gazetteers(&mut b, &read);
    b
}

fn entry(b: &mut stages::entities::LexiconBuilder, name: &str, list: u8) {
    let lower = name.to_lowercase();
    let (tokens, _) = split(&lower);
    let words: Vec<&str> = tokens.iter().map(|t| &lower[t.range()]).collect();
    let words = if words.len() > 1 && words[0] == "the" { &words[1..] } else { &words[..] };
    if !words.is_empty() && lower.chars().any(char::is_alphabetic) {
        b.entry(words.iter().copied(), list);
    }
}

fn column<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
    let mut lines = text.lines();
    let at = lines.next().unwrap().split('\t').position(|h| h == name).unwrap();
    lines.filter_map(|l| l.split('\t').nth(at)).collect()
}

fn gazetteers(b: &mut stages::entities::LexiconBuilder, read: &dyn Fn(&str) -> String) {
    for f in ["nltk_names_female", "nltk_names_male"] {
        read(&format!("gaz/{f}.tsv")).lines().for_each(|l| entry(b, l, 0));
    }
    for f in ["female", "male"] {
        column(&read(&format!("gaz/us_census1990_{f}_first.tsv")), "name")
            .iter()
            .for_each(|l| entry(b, l, 0));
    }
    column(&read("gaz/us_census1990_all_last.tsv"), "name").iter().take(40_000).for_each(|l| entry(b, l, 1));
    let c = read("gaz/geonames_countries.tsv");
    column(&c, "name").iter().for_each(|l| entry(b, l, 2));
    column(&c, "capital").iter().for_each(|l| entry(b, l, 3));
    let codes = read("gaz/country_codes_pddl.tsv");
    let header = codes.lines().next().unwrap();
    for col in header.split('\t').filter(|h| h.to_lowercase().contains("english") || h.contains("CLDR")) {
        column(&codes, col).iter().for_each(|l| entry(b, l, 2));
    }
    let cities = read("gaz/cities_geonames.tsv");
    for line in cities.lines().skip(1) {
        let f: Vec<&str> = line.split('\t').collect();
        let pop: u64 = f[3].parse().unwrap_or(0);
        entry(b, f[0], if pop > 150_000 { 4 } else { 5 });
        if pop > 500_000 {
            for alt in f[6]
                .split('|')
                .filter(|a| a.len() > 4 && a.is_ascii() && a.starts_with(|c: char| c.is_ascii_uppercase()))
            {
                entry(b, alt, 5);
            }
        }
    }
    column(&read("gaz/geonames_us_counties.tsv"), "name").iter().for_each(|l| entry(b, l, 6));
    column(&read("gaz/geonames_us_states.tsv"), "name").iter().for_each(|l| entry(b, l, 6));
    column(&read("gaz/geonames_continents.tsv"), "name").iter().for_each(|l| entry(b, l, 7));
    for f in ["oceans", "rivers"] {
        read(&format!("gaz/dariusk_{f}.tsv")).lines().for_each(|l| entry(b, l, 7));
    }
    for l in read("gaz/nationalities_i18n_en.tsv").lines() {
        let n = l.split('\t').nth(1).unwrap_or("");
        entry(b, n, 8);
        entry(b, &format!("{n}s"), 8);
    }
    for f in ["newspapers"] {
        read(&format!("gaz/dariusk_{f}.tsv")).lines().for_each(|l| entry(b, l, 9));
    }
    read("gaz/dariusk_fortune500.tsv").lines().for_each(|l| company(b, l, 10));
    column(&read("gaz/sp500_pddl.tsv"), "Security").iter().for_each(|l| company(b, l, 10));
    for (f, col) in [("nasdaq_listed_pddl", "Security Name"), ("nyse_other_listed_pddl", "Company Name")] {
        for l in column(&read(&format!("gaz/{f}.tsv")), col) {
            company(b, l, 11);
        }
    }
    for line in read("gaz/companies_financedatabase.tsv").lines().skip(50) {
        let f: Vec<&str> = line.split('\t').collect();
        if f.len() > 4 && (f[4].contains("Large") || f[4].contains("Mega") || f[4].contains("Mid")) {
            company(b, f[0], 11);
        }
    }
    read("gaz/dariusk_englishHonorifics.tsv").lines().for_each(|l| entry(b, l, 12));
    read("gaz/dariusk_occupations.tsv").lines().for_each(|l| entry(b, l, 13));
    column(&read("gaz/us_legislators_current.tsv"), "name").iter().for_each(|l| entry(b, l, 14));
}

fn company(b: &mut stages::entities::LexiconBuilder, name: &str, list: u8) {
    let mut name = name.split(" - ").next().unwrap().trim();
    if ["ETF", "Fund", "Notes", "Trust", "Warrant", "%"].iter().any(|x| name.contains(x)) {
        return;
    }
    for cut in [
        " Common Stock",
        " Class A",
        " Class B",
        " Class C",
        " American Depositary",
        " Ordinary Shares",
        " Depositary",
        " Units",
        " (The)",
        "(The)",
    ] {
        if let Some(i) = name.find(cut) {
            name = &name[..i];
        }
    }
    if name.split(' ').count() > 6 {
        return;
    }
    entry(b, name.trim_end_matches([',', '.']), list);
    let mut short = name;
    loop {
        let before = short;
        short = short.trim_end_matches([',', ' ']);
        for s in [
            " Inc.",
            " Inc",
            " Corp.",
            " Corp",
            " Corporation",
            " Ltd.",
            " Ltd",
            " Limited",
            " plc",
            " PLC",
            " Co.",
            " Company",
            " S.A.",
            " N.V.",
            " AG",
            " SE",
            " LLC",
            " L.P.",
            " LP",
            " Incorporated",
            " Group",
            " Holdings",
            " Holding",
            " A/S",
            " S.p.A.",
            " AB",
            " Oyj",
            " ASA",
            " Public",
        ] {
            if let Some(x) = short.strip_suffix(s) {
                short = x;
            }
        }
        if short == before {
            break;
        }
    }
    if short != name && (short.len() > 3) {
        entry(b, short, list);
    }
}

#[derive(Default)]
struct Counts {
    by: BTreeMap<String, [u32; 3]>, // right, found, gold
}

impl Counts {
    fn add(&mut self, gold: &[(Span, String)], found: &[(Span, String)]) {
        for g in gold {
            self.by.entry(g.1.clone()).or_default()[2] += 1;
        }
        for f in found {
            let e = self.by.entry(f.1.clone()).or_default();
            e[1] += 1;
            e[0] += u32::from(gold.contains(f));
        }
    }
    fn f1(&self) -> (f64, f64, f64) {
        let s = self.by.values().fold([0; 3], |a, b| [a[0] + b[0], a[1] + b[1], a[2] + b[2]]);
        let (p, r) = (f64::from(s[0]) / f64::from(s[1]), f64::from(s[0]) / f64::from(s[2]));
        (100.0 * p, 100.0 * r, 200.0 * p * r / (p + r))
    }
}

fn plo(l: &str) -> Option<&'static str> {
    match l {
        "PERSON" => Some("PER"),
        "ORG" => Some("ORG"),
        "GPE" | "LOC" | "FAC" => Some("LOC"),
        _ => None,
    }
}

fn evaluate(bytes: &[u8], docs: &[GoldDoc], name: &str, errors: bool, by_type: bool) -> (f64, f64) {
    let start = Instant::now();
    let tagger = Tagger::load(bytes).unwrap();
    let load = start.elapsed();
    let mut scratch = Scratch::default();
    let mut out = vec![];
    let (mut fine, mut coarse, mut time, mut n) = (Counts::default(), Counts::default(), 0.0, 0);
    for round in 0..2 {
        (fine, coarse, time, n) = (Counts::default(), Counts::default(), 0.0, 0);
        for d in docs {
            let (tokens, sentences) = match (&d.tokens, &d.sentences) {
                (Some(t), Some(s)) => (t.clone(), s.clone()),
                _ => split(&d.text),
            };
            let t0 = Instant::now();
            tagger.tag(&d.text, &tokens, &sentences, &mut scratch, &mut out);
            time += t0.elapsed().as_secs_f64();
            n += tokens.len();
            let gold: Vec<(Span, String)> =
                d.entities.iter().flatten().map(|e| (e.span, e.label.clone())).collect();
            let found: Vec<(Span, String)> =
                out.iter().map(|e| (e.span, tagger.labels()[usize::from(e.label)].clone())).collect();
            fine.add(&gold, &found);
            let c = |v: &[(Span, String)]| -> Vec<(Span, String)> {
                v.iter()
                    .filter_map(|(s, l)| Some((*s, plo(l.split('|').next().unwrap())?.to_owned())))
                    .collect()
            };
            let (cg, cf) = (c(&gold), c(&found));
            coarse.add(&cg, &cf);
            if errors && round == 1 {
                let show = |v: &(Span, String), sign: &str| {
                    let mut a = v.0.start.saturating_sub(60) as usize;
                    while !d.text.is_char_boundary(a) {
                        a += 1
                    }
                    let mut b = (v.0.end as usize + 40).min(d.text.len());
                    while !d.text.is_char_boundary(b) {
                        b -= 1
                    }
                    println!(
                        "{sign} {:11} {:30} | {}[{}]{}",
                        v.1,
                        &d.text[v.0.range()],
                        d.text[a..v.0.start as usize].replace('\n', "¶"),
                        &d.text[v.0.range()],
                        d.text[v.0.end as usize..b].replace('\n', "¶")
                    );
                };
                let mut all: Vec<(&(Span, String), &str)> =
                    gold.iter().filter(|g| !found.contains(g)).map(|g| (g, "-")).collect();
                all.extend(found.iter().filter(|g| !gold.contains(g)).map(|g| (g, "+")));
                all.sort_by_key(|x| x.0.0.start);
                all.iter().for_each(|(v, s)| show(v, s));
            }
        }
    }
    let ((_, _, f), (p3, r3, f3)) = (fine.f1(), coarse.f1());
    let per: Vec<String> = coarse
        .by
        .iter()
        .map(|(k, v)| format!("{k} {:.1}", 200.0 * f64::from(v[0]) / f64::from(v[1] + v[2])))
        .collect();
    println!(
        "{name:10} fine {f:.2}  PLO {f3:.2} (P {p3:.1} R {r3:.1}; {})  {:.2}M tok/s, load {load:?}, {:.2} MB",
        per.join(" "),
        n as f64 / time / 1e6,
        bytes.len() as f64 / 1e6
    );
    if by_type {
        for (k, v) in &fine.by {
            println!(
                "   {k:12} P {:.1} R {:.1} F {:.1} ({})",
                100.0 * f64::from(v[0]) / f64::from(v[1]),
                100.0 * f64::from(v[0]) / f64::from(v[2]),
                200.0 * f64::from(v[0]) / f64::from(v[1] + v[2]),
                v[2]
            );
        }
    }
    (f, f3)
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let has = |a: &str| args.iter().any(|x| x == a);
    let num = |key: &str, default: f64| {
        args.iter().find_map(|a| a.strip_prefix(key)?.parse().ok()).unwrap_or(default)
    };
    let dev = newsgraph("dev");
    let pud = conll("uner_en_pud/test.conll", &coarse4, 20);
    if has("eval") {
        let bytes = std::fs::read("models/entities.en.bin").unwrap();
        evaluate(&bytes, &dev, "dev", has("errors"), true);
        evaluate(&bytes, &pud, "pud", false, false);
        return;
    }
    let mut o = Options {
        seed: num("seed=", 1.0) as u64,
        epochs: num("epochs=", 10.0) as usize,
        folds: num("folds=", 4.0) as usize,
        dropout: num("dropout=", 0.5) as f32,
        rate: num("rate=", 0.05) as f32,
        averaged: num("avg=", 3.0) as usize,
        least: num("least=", 1.0) as u32,
        prune: num("prune=", 2.0) as i32,
        first_pass: num("first=", 0.4) as f32,
        ..Options::default()
    };
    o.header.provenance = "lab".into();
    let mut corpora = vec![Corpus { docs: newsgraph("train"), weight: 1.0, hidden: vec![] }];
    let mut add = |docs: Vec<GoldDoc>, key: &str, hidden: &[&str]| {
        let w = num(&format!("{key}="), 0.0);
        if w > 0.0 {
            corpora.push(Corpus {
                docs,
                weight: w as f32,
                hidden: hidden.iter().map(|s| (*s).to_owned()).collect(),
            });
        }
    };
    add(conll("wikigold/train.conll", &coarse4, 10), "wikigold", &[]);
    add(conll("grobid_ner/train.conll", &rich, 10), "grobid", &["WORK_OF_ART", "PRODUCT", "LANGUAGE"]);
    add(conll("gum_named_permissive/train.conll", &rich, 10), "gum", &["WORK_OF_ART", "LAW", "LANGUAGE"]);
    add(conll("gmb_clean/train.conll", &rich, 20), "gmb", &[]);
    for c in ["politics", "literature", "music", "science"] {
        for p in ["train", "dev"] {
            add(
                conll(&format!("crossner_{c}/{p}.conll"), &crossner, 10),
                "crossner",
                &["PRODUCT", "WORK_OF_ART", "LAW", "LANGUAGE", "NORP", "FAC", "EVENT"],
            );
        }
    }
    add(conll("wnut17/train.conll", &rich, 10), "wnut", &["NORP", "EVENT", "LAW", "LANGUAGE", "WORK_OF_ART"]);
    add(conll("ship_coarse_plus/train.conll", &coarse4, 20), "coarse", &[]);
    let types: Vec<String> = TYPES.iter().map(|s| (*s).to_owned()).collect();
    let t0 = Instant::now();
    let lexicon = lexicon().build();
    println!("lexicon {:.1?}", t0.elapsed());
    for seed in o.seed..o.seed + num("seeds=", 1.0) as u64 {
        o.seed = seed;
        let t0 = Instant::now();
        let bytes = train(&corpora, &types, &lexicon, &split, &o, &|s| {
            if has("say") {
                println!("{s}")
            }
        });
        println!("seed {seed}: trained in {:.1?}", t0.elapsed());
        if has("save") {
            std::fs::create_dir_all("models").unwrap();
            std::fs::write("models/entities.en.bin", &bytes).unwrap();
        }
        evaluate(&bytes, &dev, "dev", has("errors"), has("types"));
        evaluate(&bytes, &pud, "pud", false, false);
    }
}
