//! Joint model of the relation and the word that states it (experiment).
#![allow(missing_docs, clippy::all)]
use super::experiment::{Example, Rng, softmax};
use std::collections::HashMap;

pub struct Net {
    pub n: usize,
    pub k: usize,
    pub ids: HashMap<u64, u32>,
    pub cids: HashMap<u64, u32>,
    pub lin: Vec<f32>,
    pub emb: Vec<f32>,
    pub bias: Vec<f32>, // hidden bias k
    pub out: Vec<f32>,  // n*k
    pub allowed: HashMap<u8, Vec<bool>>,
}

#[derive(Clone)]
pub struct NetOptions {
    pub k: usize,
    pub epochs: usize,
    pub rate: f32,
    pub rate_emb: f32,
    pub cutoff: u32,
    pub seed: u64,
    pub dropout: f32,
    pub drop_emb: f32,
    pub init: f32,
    pub init_emb: f32,
    pub l2: f32,
}

struct Rows {
    lin: Vec<u32>,
    cands: Vec<Vec<u32>>,
}

struct Work {
    h: Vec<f32>,
    s: Vec<f32>,
}

impl Net {
    fn rows(&self, e: &Example) -> Rows {
        Rows {
            lin: e.features.iter().filter_map(|h| self.ids.get(h).copied()).collect(),
            cands: e.cands.iter().map(|c| c.iter().filter_map(|h| self.cids.get(h).copied()).collect()).collect(),
        }
    }
    fn mask(&self, types: u8) -> Option<&Vec<bool>> {
        self.allowed.get(&types)
    }
    /// joint scores: (cands+1) x n ; last row is "no trigger"
    fn forward(&self, lin: &[u32], ls: f32, cands: &[Vec<u32>], es: f32, types: u8, w: &mut Work) {
        let (n, k) = (self.n, self.k);
        let c = cands.len();
        w.h.clear();
        w.h.resize(c * k, 0.);
        w.s.clear();
        w.s.resize((c + 1) * n, 0.);
        let mut l = vec![0f32; n];
        for &i in lin {
            for (a, b) in l.iter_mut().zip(&self.lin[i as usize * n..][..n]) {
                *a += b
            }
        }
        for a in &mut l {
            *a *= ls
        }
        for (ci, f) in cands.iter().enumerate() {
            let h = &mut w.h[ci * k..][..k];
            for &i in f {
                for (a, b) in h.iter_mut().zip(&self.emb[i as usize * k..][..k]) {
                    *a += b
                }
            }
            for (a, b) in h.iter_mut().zip(&self.bias) {
                *a = (*a * es + b).max(0.)
            }
            for r in 1..n {
                let o = &self.out[r * k..][..k];
                let mut d = 0f32;
                for j in 0..k {
                    d += o[j] * h[j];
                }
                w.s[ci * n + r] = d + l[r];
            }
            w.s[ci * n] = -1e9;
        }
        w.s[c * n..].copy_from_slice(&l);
        let m = self.mask(types);
        for ci in 0..=c {
            for r in 1..n {
                if m.is_none_or(|m| !m[r]) {
                    w.s[ci * n + r] = -1e9
                }
            }
        }
        softmax(&mut w.s);
    }
    /// P(r), best candidate per r
    pub fn probs(&self, e: &Example) -> (Vec<f32>, Vec<usize>) {
        let r = self.rows(e);
        let mut w = Work { h: vec![], s: vec![] };
        self.forward(&r.lin, 1., &r.cands, 1., e.types, &mut w);
        let n = self.n;
        let mut p = vec![0f32; n];
        let mut best = vec![r.cands.len(); n];
        for ci in 0..=r.cands.len() {
            for k in 0..n {
                p[k] += w.s[ci * n + k];
                if w.s[ci * n + k] > w.s[best[k] * n + k] {
                    best[k] = ci
                }
            }
        }
        (p, best)
    }
    pub fn train(ex: &[&Example], n: usize, o: &NetOptions) -> Net {
        let mut count: HashMap<u64, u32> = HashMap::new();
        let mut ccount: HashMap<u64, u32> = HashMap::new();
        let mut allowed: HashMap<u8, Vec<bool>> = HashMap::new();
        for e in ex {
            for f in &e.features {
                *count.entry(*f).or_default() += 1;
            }
            for c in &e.cands {
                for f in c {
                    *ccount.entry(*f).or_default() += 1;
                }
            }
            let m = allowed.entry(e.types).or_insert_with(|| vec![false; n]);
            m[0] = true;
            for g in &e.gold {
                m[*g as usize] = true;
            }
        }
        let mut ids = HashMap::new();
        let mut cids = HashMap::new();
        for e in ex {
            for f in &e.features {
                if count[f] >= o.cutoff {
                    let k = ids.len() as u32;
                    ids.entry(*f).or_insert(k);
                }
            }
            for c in &e.cands {
                for f in c {
                    if ccount[f] >= o.cutoff {
                        let k = cids.len() as u32;
                        cids.entry(*f).or_insert(k);
                    }
                }
            }
        }
        let k = o.k;
        let mut rng = Rng(o.seed.wrapping_mul(0x9e3779b97f4a7c15) | 1);
        for _ in 0..10 {
            rng.next();
        }
        let mut m = Net {
            n,
            k,
            lin: vec![0.; ids.len() * n],
            emb: (0..cids.len() * k).map(|_| (rng.unit() - 0.5) * 0.2).collect(),
            bias: vec![0.; k],
            out: (0..n * k).map(|_| (rng.unit() - 0.5) * 0.4).collect(),
            ids,
            cids,
            allowed,
        };
        let rows: Vec<Rows> = ex.iter().map(|e| m.rows(e)).collect();
        let mut gl = vec![o.init; m.lin.len()];
        let mut ge = vec![o.init_emb; m.emb.len()];
        let mut go = vec![o.init_emb; m.out.len()];
        let mut gb = vec![o.init_emb; k];
        let mut avg: Option<(Vec<f32>, Vec<f32>, Vec<f32>, Vec<f32>)> = None;
        let mut na = 0.;
        let mut order: Vec<usize> = (0..ex.len()).collect();
        let mut w = Work { h: vec![], s: vec![] };
        let mut kept = vec![];
        let mut kc: Vec<Vec<u32>> = vec![];
        let mut dh = vec![0f32; k];
        let mut dout = vec![0f32; n * k];
        for ep in 0..o.epochs {
            for i in (1..order.len()).rev() {
                order.swap(i, (rng.next() % (i as u64 + 1)) as usize);
            }
            for &e in &order {
                let r = &rows[e];
                kept.clear();
                for &i in &r.lin {
                    if rng.unit() >= o.dropout {
                        kept.push(i)
                    }
                }
                kc.clear();
                for c in &r.cands {
                    kc.push(c.iter().copied().filter(|_| rng.unit() >= o.drop_emb).collect());
                }
                let es = 1. / (1. - o.drop_emb);
                m.forward(&kept, 1. / (1. - o.dropout), &kc, es, ex[e].types, &mut w);
                // target distribution
                let c = kc.len();
                let g = &mut w.s;
                if ex[e].gold.is_empty() {
                    if g[c * n] > 0.995 {
                        continue;
                    }
                    g[c * n] -= 1.;
                } else {
                    let q = 1. / ex[e].gold.len() as f32;
                    let p: Vec<f32> = g.clone();
                    for (gi, &l) in ex[e].gold.iter().enumerate() {
                        let l = l as usize;
                        match ex[e].trig[gi] {
                            Some(ci) => g[ci as usize * n + l] -= q,
                            None => {
                                // marginal
                                let z: f32 = (0..=c).map(|x| p[x * n + l]).sum::<f32>().max(1e-12);
                                for x in 0..=c {
                                    g[x * n + l] -= q * p[x * n + l] / z
                                }
                            }
                        }
                    }
                }
                // linear grads
                let mut gl_ = vec![0f32; n];
                for x in 0..=c {
                    for r in 0..n {
                        gl_[r] += g[x * n + r]
                    }
                }
                for &i in &kept {
                    let b = i as usize * n;
                    for r in 0..n {
                        let gr = gl_[r];
                        if gr.abs() < 1e-6 {
                            continue;
                        }
                        let a = &mut gl[b + r];
                        let gr = gr + o.l2 * m.lin[b + r];
                        *a += gr * gr;
                        m.lin[b + r] -= o.rate * gr / a.sqrt();
                    }
                }
                dout.fill(0.);
                for x in 0..c {
                    let h = &w.h[x * k..][..k];
                    dh.fill(0.);
                    for r in 1..n {
                        let gr = g[x * n + r];
                        if gr.abs() < 1e-6 {
                            continue;
                        }
                        let ob = &m.out[r * k..][..k];
                        for j in 0..k {
                            dh[j] += gr * ob[j];
                            dout[r * k + j] += gr * h[j];
                        }
                    }
                    for j in 0..k {
                        if h[j] <= 0. {
                            dh[j] = 0.
                        }
                    }
                    for j in 0..k {
                        let gr = dh[j];
                        gb[j] += gr * gr;
                        m.bias[j] -= o.rate_emb * gr / gb[j].sqrt();
                    }
                    for &i in &kc[x] {
                        let b = i as usize * k;
                        for j in 0..k {
                            let gr = dh[j] * es + o.l2 * m.emb[b + j];
                            let a = &mut ge[b + j];
                            *a += gr * gr;
                            m.emb[b + j] -= o.rate_emb * gr / a.sqrt();
                        }
                    }
                }
                for (i, gr) in dout.iter().enumerate() {
                    if *gr != 0. {
                        let gr = gr + o.l2 * m.out[i];
                        go[i] += gr * gr;
                        m.out[i] -= o.rate_emb * gr / go[i].sqrt();
                    }
                }
            }
            if ep + 3 >= o.epochs {
                let a = avg.get_or_insert_with(|| {
                    (vec![0.; m.lin.len()], vec![0.; m.emb.len()], vec![0.; k], vec![0.; n * k])
                });
                for (x, y) in [(&mut a.0, &m.lin), (&mut a.1, &m.emb), (&mut a.2, &m.bias), (&mut a.3, &m.out)] {
                    for (p, q) in x.iter_mut().zip(y) {
                        *p += q
                    }
                }
                na += 1.;
            }
        }
        let a = avg.unwrap();
        let f = |v: Vec<f32>| v.into_iter().map(|x| x / na).collect::<Vec<f32>>();
        m.lin = f(a.0);
        m.emb = f(a.1);
        m.bias = f(a.2);
        m.out = f(a.3);
        m
    }
}
