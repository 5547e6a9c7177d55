//! Learns the short-text model: a softmax over the languages of a script, its weights kept for the most telling
//! runs of characters only, as bytes.
//!
//! One thread and one seed: the same words give the same file.

use super::codes::prior;
use super::features;
use super::ngrams::{Group, Rows};
use super::script::Script;

/// Words of a language to learn from.
#[derive(Clone, Debug)]
pub struct Source {
    /// BCP 47 code.
    pub code: String,
    /// Words as often as they occur in text.
    pub running: Vec<String>,
    /// Every word once.
    pub distinct: Vec<String>,
}

/// How to learn.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Base-2 logarithm of the number of buckets that runs of characters are hashed to.
    pub bits: u32,
    /// Buckets kept in the end.
    pub rows: usize,
    /// Examples per language.
    pub examples: usize,
    /// Seed of the choice of examples.
    pub seed: u64,
}

/// Learns to tell the languages of one script apart.
///
/// Buckets are chosen by what their counts alone say of the languages; their weights, at first the smoothed
/// logarithms of these counts, are then learnt from examples.
#[must_use]
pub fn train(script: Script, sources: &[Source], options: &Options) -> Group {
    let counts = Counts::of(sources, options.bits);
    let kept = counts.most_telling(options.rows);
    let mut learner = Learner::new(&counts, &kept, options);
    learner.run(sources, options.examples);
    let rows = Rows::quantized(options.bits, &kept, &learner.weights);
    let codes = sources.iter().map(|source| source.code.clone()).collect();
    let priors = sources.iter().map(|source| prior(&source.code)).collect();
    let mut group = Group { script, codes, priors, rows, typical: Vec::new() };
    let texts = (0..sources.len() * TEXTS).map(|text| {
        let language = text / TEXTS;
        let running = &sources[language].running;
        (language, (0..12).map(|_| running[learner.random.below(running.len())].as_str()).collect())
    });
    group.set_typical(texts);
    group
}

/// Texts per language from which it is learnt how typical text scores.
const TEXTS: usize = 500;

/// How often each bucket was seen in each language.
struct Counts {
    languages: usize,
    seen: Vec<u32>,
}

impl Counts {
    /// Counts half over running words, half over distinct ones, so that rare words weigh more than in text.
    fn of(sources: &[Source], bits: u32) -> Self {
        let languages = sources.len();
        let mut seen = vec![0; languages << bits];
        for (language, source) in sources.iter().enumerate() {
            for word in source.running.iter().take(COUNTED).chain(spread(&source.distinct)) {
                features::of_word(word, |hash| {
                    seen[(hash >> (32 - bits)) as usize * languages + language] += 1
                });
            }
        }
        Self { languages, seen }
    }

    fn row(&self, bucket: usize) -> &[u32] {
        &self.seen[bucket * self.languages..][..self.languages]
    }

    /// The smoothed logarithms of the counts, about 0.
    fn logarithms(&self, bucket: usize) -> Vec<f32> {
        let row = self.row(bucket);
        let smooth = 0.5 + row.iter().sum::<u32>() as f32 / (20 * row.len()) as f32;
        let logs: Vec<f32> = row.iter().map(|&n| (n as f32 + smooth).ln()).collect();
        let mean = logs.iter().sum::<f32>() / logs.len() as f32;
        logs.iter().map(|log| log - mean).collect()
    }

    /// The buckets that say most, summed over all occurrences; sorted.
    fn most_telling(&self, rows: usize) -> Vec<usize> {
        let said = |bucket: usize| -> f32 {
            let row = self.row(bucket);
            self.logarithms(bucket).iter().zip(row).map(|(log, &n)| log * n as f32).sum()
        };
        let buckets = self.seen.len() / self.languages;
        let mut ranked: Vec<(f32, usize)> =
            (0..buckets).map(|b| (-said(b), b)).filter(|r| r.0 < 0.0).collect();
        ranked.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let mut kept: Vec<usize> = ranked.into_iter().take(rows).map(|(_, bucket)| bucket).collect();
        kept.sort_unstable();
        kept
    }
}

/// Running words of a language that are counted, and at most as many distinct ones.
const COUNTED: usize = 100_000;

/// Evenly chosen words, at most [`COUNTED`].
fn spread(words: &[String]) -> impl Iterator<Item = &String> {
    words.iter().step_by(words.len().div_ceil(COUNTED).max(1))
}

/// Xorshift64*: small, and the same everywhere.
pub struct Random(u64);

impl Random {
    /// A sequence of its own for every seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// The next number.
    pub fn draw(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number in `0..1`.
    pub fn unit(&mut self) -> f64 {
        (self.draw() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A number below `bound`, which is not 0.
    pub fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.draw()) * bound as u128) >> 64) as usize
    }
}

struct Learner {
    languages: usize,
    shift: u32,
    /// Row of each bucket, [`NO_ROW`] for those left out.
    row_of: Vec<u32>,
    weights: Vec<f32>,
    /// AdaGrad: sum of squared gradients per row.
    squares: Vec<f32>,
    random: Random,
}

const NO_ROW: u32 = u32::MAX;
const RATE: f32 = 0.3;

/// Runs of characters overlap: their logarithms are too much by about this factor.
const OVERLAP: f32 = 0.3;

impl Learner {
    fn new(counts: &Counts, kept: &[usize], options: &Options) -> Self {
        let mut row_of = vec![NO_ROW; 1 << options.bits];
        kept.iter().enumerate().for_each(|(row, &bucket)| row_of[bucket] = row as u32);
        let start = |&bucket: &usize| counts.logarithms(bucket).into_iter().map(|log| log * OVERLAP);
        Self {
            languages: counts.languages,
            shift: 32 - options.bits,
            row_of,
            weights: kept.iter().flat_map(start).collect(),
            squares: vec![0.05; kept.len()],
            random: Random::new(options.seed),
        }
    }

    fn run(&mut self, sources: &[Source], examples: usize) {
        let mut rows = Vec::new();
        let mut scores = vec![0f32; self.languages];
        let total = examples * sources.len();
        for step in 0..total {
            let language = self.random.below(sources.len());
            rows.clear();
            self.example(&sources[language], &mut rows);
            let rate = RATE * (1.0 - step as f32 / total as f32);
            self.learn(&rows, language, rate, &mut scores);
        }
    }

    /// The rows of one to twenty words of a language. A third of the examples are single words, mostly rare ones.
    fn example(&mut self, source: &Source, rows: &mut Vec<u32>) {
        let (words, rare) = match self.random.below(100) {
            0..25 => (1, true),
            25..35 => (1, false),
            35..55 => (2, true),
            55..80 => (3 + self.random.below(6), false),
            _ => (10 + self.random.below(11), false),
        };
        let pool = if rare { &source.distinct } else { &source.running };
        for _ in 0..words {
            let word = &pool[self.random.below(pool.len())];
            features::of_word(word, |hash| match self.row_of[(hash >> self.shift) as usize] {
                NO_ROW => {}
                row => rows.push(row),
            });
        }
    }

    fn learn(&mut self, rows: &[u32], language: usize, rate: f32, scores: &mut [f32]) {
        scores.fill(0.0);
        for &row in rows {
            let row = &self.weights[row as usize * self.languages..][..self.languages];
            scores.iter_mut().zip(row).for_each(|(score, weight)| *score += weight);
        }
        softmax(scores);
        scores[language] -= 1.0;
        let square = scores.iter().map(|g| g * g).sum::<f32>();
        if square < 1e-6 {
            return;
        }
        for &row in rows {
            let squares = &mut self.squares[row as usize];
            *squares += square / 8.0;
            let step = rate / squares.sqrt() / (rows.len() as f32).sqrt();
            let row = &mut self.weights[row as usize * self.languages..][..self.languages];
            row.iter_mut().zip(scores.iter()).for_each(|(weight, g)| *weight -= step * g);
        }
    }
}

fn softmax(scores: &mut [f32]) {
    let max = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0;
    for score in scores.iter_mut() {
        *score = (*score - max).exp();
        sum += *score;
    }
    scores.iter_mut().for_each(|score| *score /= sum);
}
