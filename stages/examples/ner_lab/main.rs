//! Throwaway experiments.
#![allow(missing_docs)]
use std::collections::BTreeMap;
use std::time::Instant;

use pipeline_core::Span;
use serde_json::Value;
use stages::entities::recipe::{self, Format};
use stages::entities::train::{Corpus, Options, Progress, train};
use stages::entities::{Scratch, Tagger};
use stages::gold::{GoldDoc, GoldEntity};
use stages::tokenize::{Tokenizer, Words};

pub const DATA: &str = "/work/shared/data";
use stages::entities::recipe::TYPES;

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

fn strict(l: &str) -> String {
    match l {
        "PER" => "PERSON",
        "ORG" => "ORG",
        "LOC" | "GPE" | "FAC" => "GPE|LOC|FAC",
        "NORP" => "NORP",
        "EVENT" | "PRODUCT" | "MISC" | "WORK" | "LAW" => "?",
        _ => "",
    }
    .to_owned()
}

fn crossner_strict(l: &str) -> String {
    match l {
        "politician" | "person" | "writer" | "researcher" | "scientist" | "musicalartist" => "PERSON",
        "politicalparty" | "organisation" | "university" | "band" => "ORG",
        "country" | "location" => "GPE|LOC|FAC",
        _ => "?",
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

static SELF: std::sync::OnceLock<(f32, usize)> = std::sync::OnceLock::new();

fn silver(bytes: &[u8], most: usize) -> Vec<GoldDoc> {
    let tagger = Tagger::load(bytes).unwrap();
    let mut scratch = Scratch::default();
    let mut out = vec![];
    let mut docs = vec![];
    for f in ["gum_wikinews", "gmb_voa_detok"] {
        let text = std::fs::read_to_string(format!("{DATA}/raw/{f}.jsonl")).unwrap();
        for l in text.lines() {
            let v: Value = serde_json::from_str(l).unwrap();
            let text = v["text"].as_str().unwrap().to_owned();
            let (tokens, sentences) = split(&text);
            tagger.tag(&text, &tokens, &sentences, &mut scratch, &mut out);
            let entities = out
                .iter()
                .map(|e| GoldEntity { span: e.span, label: tagger.labels()[usize::from(e.label)].clone() })
                .collect();
            docs.push(GoldDoc { text, entities: Some(entities), ..GoldDoc::default() });
        }
    }
    let step = docs.len().div_ceil(most).max(1);
    docs.into_iter().step_by(step).collect()
}

fn cross(
    corpora: &[Corpus],
    types: &[String],
    lexicon: &stages::entities::Lexicon,
    o: &Options,
    k: usize,
    by_type: bool,
) {
    let (mut fine, mut coarse) = (Counts::default(), Counts::default());
    let t0 = Instant::now();
    let run = |fold: usize| {
        let mut c = corpora.to_vec();
        let all = std::mem::take(&mut c[0].docs);
        let (mut test, mut rest) = (vec![], vec![]);
        for (i, d) in all.into_iter().enumerate() {
            if i % k == fold { test.push(d) } else { rest.push(d) }
        }
        c[0].docs = rest;
        let bytes = train(&c, types, lexicon, &split, o, Progress { say: &|_| (), score: None }).unwrap();
        if SELF.get().is_none_or(|x| x.0 == 0.0) {
            return (bytes, test);
        }
        let &(w, n) = SELF.get().unwrap();
        c.push(Corpus { docs: silver(&bytes, n), weight: w, hidden: vec![] });
        (train(&c, types, lexicon, &split, o, Progress { say: &|_| (), score: None }).unwrap(), test)
    };
    for fold in 0..k {
        let (bytes, test) = run(fold);
        let (f, c) = evaluate(&bytes, &test, "", false, false);
        for (a, b) in [(&mut fine, f), (&mut coarse, c)] {
            for (l, n) in b.by {
                let e = a.by.entry(l).or_default();
                for i in 0..3 {
                    e[i] += n[i]
                }
            }
        }
    }
    let per: Vec<String> = coarse
        .by
        .iter()
        .map(|(k, v)| format!("{k} {:.1}", 200.0 * f64::from(v[0]) / f64::from(v[1] + v[2])))
        .collect();
    println!(
        "CV fine {:.2} (P {:.1} R {:.1})  PLO {:.2} ({})  {:.0?}",
        fine.f1().2,
        fine.f1().0,
        fine.f1().1,
        coarse.f1().2,
        per.join(" "),
        t0.elapsed()
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
}

fn evaluate(bytes: &[u8], docs: &[GoldDoc], name: &str, errors: bool, by_type: bool) -> (Counts, Counts) {
    let start = Instant::now();
    let tagger = Tagger::load(bytes).unwrap();
    let load = start.elapsed();
    let mut scratch = Scratch::default();
    let mut out = vec![];
    let (mut fine, mut coarse, mut time, mut n) = (Counts::default(), Counts::default(), 0.0, 0);
    let (mut bp, mut br, mut bn) = (0.0f64, 0.0f64, 0.0f64);
    for round in usize::from(name.is_empty())..2 {
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
            if round == 1 && d.clusters.is_some() {
                let mut cluster_of: BTreeMap<String, String> = BTreeMap::new();
                for (i, c) in d.clusters.iter().flatten().enumerate() {
                    for t in c {
                        cluster_of.insert(t.clone(), format!("#{i}"));
                    }
                }
                let hit: Vec<(u32, String)> = out
                    .iter()
                    .zip(&found)
                    .filter_map(|(e, f)| {
                        gold.iter().find(|g| g.0 == f.0).map(|g| {
                            let t = d.text[g.0.range()].to_owned();
                            (e.cluster, cluster_of.get(&t).cloned().unwrap_or_else(|| format!("{t}|{}", g.1)))
                        })
                    })
                    .collect();
                for a in &hit {
                    let both = hit.iter().filter(|b| b == &a).count() as f64;
                    bp += both / hit.iter().filter(|b| b.0 == a.0).count() as f64;
                    br += both / hit.iter().filter(|b| b.1 == a.1).count() as f64;
                    bn += 1.0;
                }
                if errors {
                    let mut seen: Vec<(String, String)> = vec![];
                    for (i, a) in hit.iter().enumerate() {
                        for b in &hit[..i] {
                            if (a.0 == b.0) != (a.1 == b.1) {
                                let p = (a.1.clone(), b.1.clone());
                                if a.0 == b.0 && !seen.contains(&p) {
                                    println!("JOINED {p:?}");
                                    seen.push(p);
                                }
                            }
                        }
                    }
                    for c in d.clusters.iter().flatten() {
                        let ids: Vec<(String, Option<u32>)> = c
                            .iter()
                            .map(|t| {
                                (
                                    t.clone(),
                                    out.iter().find(|e| &d.text[e.span.range()] == t).map(|e| e.cluster),
                                )
                            })
                            .collect();
                        if ids.iter().any(|x| x.1 != ids[0].1 && x.1.is_some() && ids[0].1.is_some()) {
                            println!("SPLIT {ids:?}");
                        }
                    }
                }
            }
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
    if !name.is_empty() {
        println!(
            "{name:10} fine {f:.2}  PLO {f3:.2} (P {p3:.1} R {r3:.1}; {})  {:.2}M tok/s, load {load:?}, {:.2} MB",
            per.join(" "),
            n as f64 / time / 1e6,
            bytes.len() as f64 / 1e6
        );
    }
    if bn > 0.0 && !name.is_empty() {
        println!(
            "   B-cubed P {:.2} R {:.2} F {:.2}",
            100.0 * bp / bn,
            100.0 * br / bn,
            200.0 * bp * br / (bp + br) / bn
        );
    }
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
    (fine, coarse)
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let has = |a: &str| args.iter().any(|x| x == a);
    let num = |key: &str, default: f64| {
        args.iter().find_map(|a| a.strip_prefix(key)?.parse().ok()).unwrap_or(default)
    };
    let dev = newsgraph("dev");
    if has("speed") {
        let bytes = std::fs::read("models/entities.en.bin").unwrap();
        let tagger = Tagger::load(&bytes).unwrap();
        let cut: Vec<_> = dev.iter().map(|d| split(&d.text)).collect();
        let n: usize = cut.iter().map(|c| c.0.len()).sum();
        let mut scratch = Scratch::default();
        let mut out = vec![];
        let ticks = || {
            let s = std::fs::read_to_string("/proc/self/stat").unwrap();
            s.split(' ').nth(13).unwrap().parse::<f64>().unwrap()
        };
        let rounds = num("rounds=", 100.0) as usize;
        let t0 = ticks();
        for _ in 0..rounds {
            for (d, c) in dev.iter().zip(&cut) {
                tagger.tag(&d.text, &c.0, &c.1, &mut scratch, &mut out);
            }
        }
        println!("{:.2}M tokens/s user CPU", (rounds * n) as f64 / ((ticks() - t0) / 100.0) / 1e6);
        return;
    }
    if has("eval") {
        let bytes = std::fs::read("models/entities.en.bin").unwrap();
        evaluate(&bytes, &dev, "dev", has("errors"), true);
        evaluate(&bytes, &conll("uner_en_ewt/dev.conll", &coarse4, 8), "ewt-dev", false, false);
        for g in [1, 5, 1000] {
            evaluate(
                &bytes,
                &conll("uner_en_pud/test.conll", &coarse4, g),
                &format!("pud/{g}"),
                false,
                false,
            );
        }
        return;
    }
    let mut o = recipe::options();
    o.seed = num("seed=", o.seed as f64) as u64;
    o.epochs = num("epochs=", o.epochs as f64) as usize;
    o.folds = num("folds=", o.folds as f64) as usize;
    o.dropout = num("dropout=", f64::from(o.dropout)) as f32;
    o.rate = num("rate=", f64::from(o.rate)) as f32;
    o.averaged = num("avg=", o.averaged as f64) as usize;
    o.least = num("least=", f64::from(o.least)) as u32;
    o.prune = num("prune=", f64::from(o.prune)) as i32;
    o.first_pass = num("first=", f64::from(o.first_pass)) as f32;
    let mut corpora: Vec<Corpus> = vec![];
    for (i, source) in recipe::ENGLISH.iter().enumerate() {
        let docs = match source.format {
            Format::NewsGraph => newsgraph("train"),
            Format::Conll => {
                conll(source.path.strip_prefix("ner/").unwrap(), &|l| l.to_owned(), source.group)
            }
        };
        let mut c = source.corpus(docs);
        c.weight = num(&format!("w{i}="), f64::from(c.weight)) as f32;
        if c.weight > 0.0 {
            corpora.push(c);
        }
    }
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
    let rest = ["NORP", "EVENT", "PRODUCT", "WORK_OF_ART", "LAW", "LANGUAGE"];
    add(conll("wikigold/train.conll", &strict, 10), "wikigold_s", &rest);
    add(conll("gum_named_permissive/train.conll", &strict, 10), "gum_s", &rest[1..]);
    let cs: Vec<GoldDoc> = ["politics", "literature", "music", "science"]
        .iter()
        .flat_map(|c| {
            ["train", "dev"]
                .iter()
                .flat_map(move |p| conll(&format!("crossner_{c}/{p}.conll"), &crossner_strict, 10))
        })
        .collect();
    add(cs, "crossner_s", &rest);
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
    let lexicon = recipe::lexicon(&mut |p| std::fs::read_to_string(format!("{DATA}/{p}"))).unwrap();
    println!("lexicon {:.1?}", t0.elapsed());
    SELF.set((num("self=", 0.0) as f32, num("selfn=", 500.0) as usize)).unwrap();
    if has("cv") {
        cross(&corpora, &types, &lexicon, &o, num("k=", 3.0) as usize, has("types"));
        return;
    }
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
        evaluate(&bytes, &conll("uner_en_ewt/dev.conll", &coarse4, 8), "ewt-dev", false, false);
        for g in [1, 5, 1000] {
            evaluate(
                &bytes,
                &conll("uner_en_pud/test.conll", &coarse4, g),
                &format!("pud/{g}"),
                false,
                false,
            );
        }
    }
}
