//! Temporary cross-validation.
use pipeline_core::Span;
use stages::gold::*;
use stages::relations::experiment::*;

fn read(path: &str) -> Vec<GoldDoc> {
    let mut out = vec![];
    for line in std::fs::read_to_string(path).unwrap().lines() {
        let v: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = v["text"].as_str().unwrap().to_string();
        let mut off: Vec<u32> = text.char_indices().map(|(i, _)| i as u32).collect();
        off.push(text.len() as u32);
        let sp = |a: &serde_json::Value, b: &serde_json::Value| Span::new(off[a.as_u64().unwrap() as usize], off[b.as_u64().unwrap() as usize]);
        let ents: Vec<GoldEntity> = v["entities"].as_array().unwrap().iter().map(|e| GoldEntity { span: sp(&e["start"], &e["end"]), label: e["label"].as_str().unwrap().into() }).collect();
        let sents: Vec<Span> = v["sentences"].as_array().unwrap().iter().map(|e| sp(&e[0], &e[1])).collect();
        let rels = v["relations"].as_array().unwrap().iter().map(|e| GoldRelation {
            head: e["head"].as_u64().unwrap() as u32, tail: e["tail"].as_u64().unwrap() as u32, label: e["label"].as_str().unwrap().into(),
            trigger: e["trigger"].as_array().map(|t| sp(&t[0], &t[1])) }).collect();
        let tokens = tokenize(&text);
        out.push(GoldDoc { id: v["id"].as_str().unwrap().into(), tokens: Some(tokens), sentences: Some(sents), entities: Some(ents), relations: Some(rels), text, ..Default::default() });
    }
    out
}
fn tokenize(t: &str) -> Vec<Span> {
    let mut out = vec![];
    let cs: Vec<(usize, char)> = t.char_indices().collect();
    let end = |i: usize| cs.get(i).map_or(t.len(), |c| c.0) as u32;
    let mut i = 0;
    while i < cs.len() {
        let c = cs[i].1;
        if c.is_whitespace() { i += 1; continue }
        let s = i;
        if c.is_alphanumeric() {
            while i < cs.len() && (cs[i].1.is_alphanumeric() || (cs[i].1 == '.' && i - s <= 6 && i + 1 < cs.len() && (cs[i + 1].1.is_alphanumeric() || (i > s + 1 && cs[i - 2].1 == '.'))) || (cs[i].1 == ',' && cs[i-1].1.is_numeric() && i + 1 < cs.len() && cs[i + 1].1.is_numeric()) ) { i += 1 }
        } else if (c == '\'' || c == '’') && i + 1 < cs.len() && cs[i + 1].1 == 's' && (i + 2 >= cs.len() || !cs[i + 2].1.is_alphanumeric()) {
            i += 2;
        } else { i += 1 }
        out.push(Span::new(end(s), end(i)));
    }
    out
}
fn main() {
    let root = std::env::var("PIPELINE_DATA").unwrap_or("../shared/data".into());
    let train = read(&format!("{root}/newsgraph/train.jsonl"));
    let dev = read(&format!("{root}/newsgraph/dev.jsonl"));
    let mut labels: Vec<String> = train.iter().flat_map(|d| d.relations.iter().flatten().map(|r| r.label.clone())).collect();
    labels.sort(); labels.dedup();
    let w = words(&root);
    let ex = examples(&train, &labels, &w);
    let dex = examples(&dev, &labels, &w);
    let n = label_space(&labels).len() + 1;
    println!("{} pairs, {} labels, {:.1} feats", ex.len(), n, ex.iter().map(|e| e.features.len()).sum::<usize>() as f64 / ex.len() as f64);
    let arg = |k: &str, d: f32| std::env::var(k).ok().map_or(d, |v| v.parse().unwrap());
    let o = Options { epochs: arg("EPOCHS", 15.) as usize, rate: arg("RATE", 0.05), l2: arg("L2", 0.), cutoff: arg("CUT", 3.) as u32, seed: arg("SEED", 1.) as u64, dropout: arg("DROP", 0.5), init: arg("INIT", 1.), power: arg("POWER", 0.5) };
    let no = stages::relations::net::NetOptions { k: arg("K", 48.) as usize, epochs: arg("NEPOCHS", 12.) as usize, rate: arg("NRATE", 0.05), rate_emb: arg("ERATE", 0.05), cutoff: arg("NCUT", 2.) as u32, seed: arg("SEED", 1.) as u64, dropout: arg("NDROP", 0.5), drop_emb: arg("EDROP", 0.2), init: arg("NINIT", 1.), init_emb: arg("EINIT", 0.1), l2: arg("NL2", 0.) };
    let mode = std::env::var("MODE").unwrap_or("net".into());
    let run = |tr: &[&Example], te: &[&Example]| -> (Vec<Vec<f32>>, Vec<Vec<usize>>) {
        let mut p: Vec<Vec<f32>> = te.iter().map(|_| vec![0f32; n]).collect();
        let mut b = vec![vec![]; te.len()];
        let mut parts = 0.;
        if mode != "net" {
            let m = Linear::train(tr, n, &o);
            parts += 1.;
            for (i, e) in te.iter().enumerate() { for (x, y) in p[i].iter_mut().zip(m.probs(&m.ids_of(&e.features), e.types, 1.)) { *x += y } }
        }
        if mode != "lin" {
            for s in 0..arg("NETS", 1.) as u64 {
                let mut no = no.clone(); no.seed += s * 100;
                let m = stages::relations::net::Net::train(tr, n, &no);
                parts += 1.;
                for (i, e) in te.iter().enumerate() { let (q, bb) = m.probs(e); for (x, y) in p[i].iter_mut().zip(q) { *x += y } b[i] = bb; }
            }
        }
        for x in &mut p { for y in x.iter_mut() { *y /= parts } }
        (p, b)
    };
    let folds = arg("FOLDS", 5.) as usize;
    let mut all_e = vec![]; let mut all_p = vec![]; let mut all_b = vec![];
    for f in 0..folds {
        let tr: Vec<&Example> = ex.iter().filter(|e| e.doc % folds != f).collect();
        let te: Vec<&Example> = ex.iter().filter(|e| e.doc % folds == f).collect();
        let (p, b) = run(&tr, &te);
        all_p.extend(p); all_e.extend(te); all_b.extend(b);
        if folds == 1000 { break }
    }
    let (g, gold) = guesses(&all_e, &all_p);
    let gold_all: usize = train.iter().map(|d| d.relations.as_ref().unwrap().len()).sum();
    let b = best(&g, gold_all, false); let b2 = best(&g, gold_all, true);
    println!("CV best F {:.2} (P {:.1} R {:.1} t {:.3}); with P>=R {:.2} (t {:.3}); gold in examples {gold}/{gold_all}", b.0 * 100., b.2 * 100., b.3 * 100., b.1, b2.0 * 100., b2.1);
    if std::env::var("SHOW").is_ok() { show(&train, &labels, &all_e, &all_p, b.1); }
    if std::env::var("DEV").is_ok() {
    let tr: Vec<&Example> = ex.iter().collect();
    let de: Vec<&Example> = dex.iter().collect();
    let (dp, _) = run(&tr, &de);
    let (g, _) = guesses(&de, &dp);
    let gold_dev: usize = dev.iter().map(|d| d.relations.as_ref().unwrap().len()).sum();
    let d = at(&g, gold_dev, b.1); let d2 = best(&g, gold_dev, false);
    println!("dev at t: F {:.2} P {:.1} R {:.1}; best {:.2}", d.0 * 100., d.1 * 100., d.2 * 100., d2.0 * 100.);
    }
}

fn show(train: &[GoldDoc], labels: &[String], es: &[&Example], ps: &[Vec<f32>], t: f32) {
    let sp = label_space(labels);
    let name = |l: u16| if l == 0 { "NONE".to_string() } else { format!("{}{}", labels[sp[l as usize - 1].0], if sp[l as usize - 1].1 { "<" } else { "" }) };
    let mut conf: std::collections::BTreeMap<(String, String), usize> = Default::default();
    let mut per: std::collections::BTreeMap<String, [usize; 3]> = Default::default();
    let base = |l: u16| labels[sp[l as usize - 1].0].clone();
    for (e, p) in es.iter().zip(ps) {
        let mut b = 1; for k in 1..p.len() { if p[k] > p[b] { b = k } }
        let pred = if 1.0 - p[0] >= t { b as u16 } else { 0 };
        for g in &e.gold { per.entry(base(*g)).or_default()[0] += 1; }
        if pred > 0 { per.entry(base(pred)).or_default()[1] += 1; if e.gold.contains(&pred) { per.entry(base(pred)).or_default()[2] += 1; } }
        let ok = if pred == 0 { e.gold.is_empty() } else { e.gold.contains(&pred) };
        if ok { continue }
        let g = e.gold.first().copied().unwrap_or(0);
        *conf.entry((name(g), name(pred))).or_default() += 1;
        let d = &train[e.doc]; let s = d.sentences.as_ref().unwrap()[e.sent];
        let en = d.entities.as_ref().unwrap();
        let mut text = String::new(); let mut at = s.start as usize;
        for (i, x) in en.iter().enumerate() { if s.contains(x.span) {
            text += &d.text[at..x.span.start as usize];
            let m = if i as u32 == e.head { "A" } else if i as u32 == e.tail { "B" } else { "" };
            text += &format!("[{}{}:{}]", m, &d.text[x.span.range()], x.label); at = x.span.end as usize;
        } }
        text += &d.text[at..s.end as usize];
        println!("@{}\t{}\t{:.2}\t{}", name(g), name(pred), 1.0 - p[0], text.replace('\n', " "));
    }
    let mut v: Vec<_> = conf.into_iter().collect(); v.sort_by_key(|x| std::cmp::Reverse(x.1));
    for (k, n) in v.iter().take(60) { println!("# {} -> {}: {}", k.0, k.1, n); }
    for (k, x) in per { println!("% {:16} gold {:4} pred {:4} right {:4}  P {:5.1} R {:5.1}", k, x[0], x[1], x[2], 100. * x[2] as f32 / x[1] as f32, 100. * x[2] as f32 / x[0] as f32); }
}
