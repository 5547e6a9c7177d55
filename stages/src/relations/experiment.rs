//! Cross-validation playground (temporary).
#![allow(missing_docs, clippy::all)]
use super::features;
use super::sentence::Sentence;
use super::types::{NameType, SYMMETRIC};
use super::words::Words;
use crate::gold::GoldDoc;
use pipeline_core::Span;
use std::collections::HashMap;

pub fn disabled(t: u64) -> bool {
    static S: std::sync::OnceLock<std::collections::HashSet<u64>> = std::sync::OnceLock::new();
    S.get_or_init(|| {
        std::env::var("OFF").ok().map_or(Default::default(), |v| {
            v.split(',')
                .flat_map(|p| match p.split_once('-') {
                    Some((a, b)) => (a.parse().unwrap()..=b.parse().unwrap()).collect::<Vec<u64>>(),
                    None => vec![p.parse().unwrap()],
                })
                .collect()
        })
    })
    .contains(&t)
}

pub struct Example {
    pub doc: usize,
    pub sent: usize,
    pub head: u32,
    pub tail: u32,
    pub features: Vec<u64>,
    pub gold: Vec<u16>,
    pub types: u8,
    pub cands: Vec<Vec<u64>>,
    pub spans: Vec<Span>,
    /// candidate of the gold trigger per gold label; cands.len() for no trigger; None unknown
    pub trig: Vec<Option<u32>>,
    pub gold_trig: Vec<Option<Span>>,
}

pub fn label_space(labels: &[String]) -> Vec<(usize, bool)> {
    let mut v = vec![];
    for (i, l) in labels.iter().enumerate() {
        v.push((i, false));
        if !SYMMETRIC.contains(&l.as_str()) {
            v.push((i, true));
        }
    }
    v
}

pub fn words(root: &str) -> Words {
    let mut w = Words::default();
    w.add_lexicon(include_str!("lexicon.tsv"));
    w.add_classes(&std::fs::read_to_string(format!("{root}/clusters/glove_kmeans.tsv")).unwrap(), 60000);
    w.add_times();
    let tb = std::fs::read_to_string(format!("{root}/ud/UD_English-GUM/en_gum-ud-train.rebuilt_permissive_genres.conllu")).unwrap();
    super::treebank::learn_tags(&tb, &mut w);
    let tb = std::fs::read_to_string(format!("{root}/ud/UD_English-GUM/en_gum-ud-dev.permissive_genres.conllu")).unwrap();
    println!("tagger dev {:.4}", super::treebank::accuracy(&tb, &w));
    w
}

pub fn examples(docs: &[GoldDoc], labels: &[String], words: &Words) -> Vec<Example> {
    let space = label_space(labels);
    let mut out = vec![];
    let mut s = Sentence::default();
    let mut path = vec![];
    for (d, doc) in docs.iter().enumerate() {
        let ents = doc.entities.as_ref().unwrap();
        let toks = doc.tokens.as_ref().unwrap();
        let mut gold: HashMap<(u32, u32), Vec<(u16, Option<Span>)>> = HashMap::new();
        for r in doc.relations.as_ref().unwrap() {
            let (a, b) = (r.head.min(r.tail), r.head.max(r.tail));
            let l = labels.iter().position(|l| *l == r.label).unwrap();
            let back = r.head > r.tail && !SYMMETRIC.contains(&r.label.as_str());
            let id = space.iter().position(|x| *x == (l, back)).unwrap() as u16 + 1;
            gold.entry((a, b)).or_default().push((id, r.trigger));
        }
        for (si, sent) in doc.sentences.as_ref().unwrap().iter().enumerate() {
            let names: Vec<(u32, Span, NameType)> = ents
                .iter()
                .enumerate()
                .filter(|(_, e)| sent.contains(e.span))
                .map(|(i, e)| (i as u32, e.span, NameType::of_label(&e.label).unwrap()))
                .collect();
            if names.len() < 2 {
                continue;
            }
            let ts: Vec<Span> = toks.iter().copied().filter(|t| sent.contains(*t)).collect();
            s.fill(&doc.text, &ts, &names, words);
            for i in 0..s.mentions.len() {
                for j in i + 1..s.mentions.len() {
                    let mut f = vec![];
                    features::pair(&s, i, j, &mut path, &mut f);
                    f.sort_unstable();
                    f.dedup();
                    let (h, t) = (s.mentions[i].entity, s.mentions[j].entity);
                    let mut cs = vec![];
                    let (a, b) = (s.mentions[i], s.mentions[j]);
                    super::candidates::find(&s, &a, &b, &mut cs);
                    let mut cands = vec![];
                    for c in &cs {
                        let mut v = vec![];
                        super::candidates::features(&s, &a, &b, *c, &mut v);
                        cands.push(v);
                    }
                    let gs = gold.get(&(h, t)).cloned().unwrap_or_default();
                    let trig = gs
                        .iter()
                        .map(|g| match g.1 {
                            None => Some(cs.len() as u32),
                            Some(sp) => {
                                let hit: Vec<usize> =
                                    (0..cs.len()).filter(|k| s.items[cs[*k].item].span.overlaps(sp)).collect();
                                hit.iter()
                                    .copied()
                                    .find(|k| s.items[cs[*k].item].senses[0] != 0)
                                    .or(hit.first().copied())
                                    .map(|k| k as u32)
                            }
                        })
                        .collect();
                    out.push(Example {
                        spans: cs.iter().map(|c| s.items[c.item].span).collect(),
                        cands,
                        trig,
                        gold_trig: gs.iter().map(|g| g.1).collect(),
                        doc: d,
                        sent: si,
                        head: h,
                        tail: t,
                        features: f,
                        gold: gs.iter().map(|g| g.0).collect(),
                        types: s.mentions[i].kind as u8 * 12 + s.mentions[j].kind as u8,
                    });
                }
            }
        }
    }
    out
}

pub struct Linear {
    pub ids: HashMap<u64, u32>,
    pub w: Vec<f32>,
    pub n: usize,
    pub allowed: HashMap<u8, Vec<bool>>,
}

#[derive(Clone)]
pub struct Options {
    pub epochs: usize,
    pub rate: f32,
    pub l2: f32,
    pub cutoff: u32,
    pub seed: u64,
    pub dropout: f32,
    pub init: f32,
    pub power: f32,
}

pub(crate) struct Rng(pub(crate) u64);
impl Rng {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
    pub(crate) fn unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1u64 << 24) as f32
    }
}

impl Linear {
    pub fn ids_of(&self, f: &[u64]) -> Vec<u32> {
        f.iter().filter_map(|h| self.ids.get(h).copied()).collect()
    }
    pub fn probs(&self, ids: &[u32], types: u8, scale: f32) -> Vec<f32> {
        let mut s = vec![0f32; self.n];
        for &i in ids {
            let r = &self.w[i as usize * self.n..][..self.n];
            for (a, b) in s.iter_mut().zip(r) {
                *a += *b;
            }
        }
        for a in &mut s {
            *a *= scale;
        }
        if let Some(m) = self.allowed.get(&types) {
            for k in 0..self.n {
                if !m[k] {
                    s[k] = -1e9
                }
            }
        } else {
            for k in 1..self.n {
                s[k] = -1e9
            }
        }
        softmax(&mut s);
        s
    }
    pub fn train(ex: &[&Example], n: usize, o: &Options) -> Linear {
        let mut count: HashMap<u64, u32> = HashMap::new();
        let mut allowed: HashMap<u8, Vec<bool>> = HashMap::new();
        for e in ex {
            for f in &e.features {
                *count.entry(*f).or_default() += 1;
            }
            let m = allowed.entry(e.types).or_insert_with(|| vec![false; n]);
            m[0] = true;
            for g in &e.gold {
                m[*g as usize] = true;
            }
        }
        let mut ids = HashMap::new();
        let mut rows: Vec<Vec<u32>> = vec![];
        for e in ex {
            let mut r = vec![];
            for f in &e.features {
                if count[f] >= o.cutoff {
                    let k = ids.len() as u32;
                    r.push(*ids.entry(*f).or_insert(k));
                }
            }
            rows.push(r);
        }
        let mut m = Linear { n, w: vec![0.; ids.len() * n], ids, allowed };
        let mut g2 = vec![o.init; m.w.len()];
        let mut order: Vec<usize> = (0..ex.len()).collect();
        let mut rng = Rng(o.seed.wrapping_mul(0x9e3779b97f4a7c15) | 1);
        let mut kept = vec![];
        let mut sum = vec![0f32; m.w.len()];
        let mut nsum = 0;
        for ep in 0..o.epochs {
            for i in (1..order.len()).rev() {
                order.swap(i, (rng.next() % (i as u64 + 1)) as usize);
            }
            for &e in &order {
                kept.clear();
                if o.dropout > 0. {
                    for &r in &rows[e] {
                        if rng.unit() >= o.dropout {
                            kept.push(r)
                        }
                    }
                } else {
                    kept.extend_from_slice(&rows[e]);
                }
                let mut p = m.probs(&kept, ex[e].types, 1. / (1. - o.dropout));
                if ex[e].gold.is_empty() {
                    if p[0] > 0.995 {
                        continue;
                    }
                    p[0] -= 1.;
                } else {
                    let q = 1. / ex[e].gold.len() as f32;
                    for g in &ex[e].gold {
                        p[*g as usize] -= q;
                    }
                }
                for &i in &kept {
                    let b = i as usize * n;
                    for k in 0..n {
                        let g = p[k];
                        if g == 0. {
                            continue;
                        }
                        let w = &mut m.w[b + k];
                        let g = g + o.l2 * *w;
                        let a = &mut g2[b + k];
                        *a += g * g;
                        *w -= o.rate * g / if o.power == 0.5 { a.sqrt() } else if o.power == 0. { 1. } else { a.powf(o.power) };
                    }
                }
            }
            if ep + 3 >= o.epochs {
                for (s, w) in sum.iter_mut().zip(&m.w) {
                    *s += *w
                }
                nsum += 1;
            }
        }
        for (w, s) in m.w.iter_mut().zip(&sum) {
            *w = *s / nsum as f32
        }
        m
    }
}

pub(crate) fn softmax(s: &mut [f32]) {
    let m = s.iter().cloned().fold(f32::MIN, f32::max);
    let mut t = 0.;
    for a in s.iter_mut() {
        *a = (*a - m).exp();
        t += *a
    }
    for a in s.iter_mut() {
        *a /= t
    }
}

/// (label id, confidence) guesses per example with probabilities
pub struct Guess {
    pub label: u16,
    pub p: f32,
    pub right: bool,
}

pub fn guesses(ex: &[&Example], probs: &[Vec<f32>]) -> (Vec<Guess>, usize) {
    let mut out = vec![];
    let mut gold = 0;
    for (e, p) in ex.iter().zip(probs) {
        gold += e.gold.len();
        let mut best = 1;
        for k in 1..p.len() {
            if p[k] > p[best] {
                best = k
            }
        }
        out.push(Guess { label: best as u16, p: 1.0 - p[0], right: e.gold.contains(&(best as u16)) });
    }
    out.sort_by(|a, b| b.p.total_cmp(&a.p));
    (out, gold)
}

/// best (f1, threshold, p, r) with p >= r
pub fn best(g: &[Guess], gold: usize, require: bool) -> (f64, f32, f64, f64) {
    let mut b = (0., 1., 0., 0.);
    let mut right = 0;
    for (i, x) in g.iter().enumerate() {
        right += x.right as usize;
        let p = right as f64 / (i + 1) as f64;
        let r = right as f64 / gold as f64;
        let f = 2. * p * r / (p + r).max(1e-9);
        if f > b.0 && (!require || p >= r) {
            b = (f, x.p, p, r)
        }
    }
    b
}
pub fn at(g: &[Guess], gold: usize, t: f32) -> (f64, f64, f64) {
    let k = g.iter().filter(|x| x.p >= t).count();
    let right = g.iter().filter(|x| x.p >= t && x.right).count();
    let p = right as f64 / k.max(1) as f64;
    let r = right as f64 / gold as f64;
    (2. * p * r / (p + r).max(1e-9), p, r)
}
