//! The short-text model: languages of one script told apart by runs of characters.

use super::Memory;
use super::features;
use super::script::Script;

/// Most languages that a group may have.
pub const MAX_LANGUAGES: usize = 64;

/// The languages of one script.
#[derive(Clone, Debug)]
pub struct Group {
    /// The script they share.
    pub script: Script,
    /// Their codes (BCP 47).
    pub codes: Vec<String>,
    /// Logarithm of how likely each is before anything is read: [`super::codes::prior`].
    pub priors: Vec<f32>,
    /// What speaks for them.
    pub rows: Rows,
    /// Evidence per letter that running text of each language gives for itself: see [`Verdict::familiarity`].
    pub typical: Vec<f32>,
}

/// What a group says of a text.
#[derive(Clone, Copy, Debug)]
pub struct Verdict {
    /// Index of the likeliest language.
    pub language: usize,
    /// Probability that it is this one, if it is one of the group.
    pub probability: f32,
    /// Evidence per letter for this language, over the mean of all, as a share of what its own text gives: about 1,
    /// and far below for a language that the group does not have.
    pub familiarity: f32,
}

/// Rows of weights for some of many buckets: a bit per bucket, and the rows in the order of the bits set.
#[derive(Clone, Debug)]
pub struct Rows {
    /// Base-2 logarithm of the number of buckets.
    pub bits: u32,
    /// A bit for each bucket that has a row.
    pub present: Vec<u64>,
    /// Rows before each word of `present`.
    pub before: Vec<u32>,
    /// The rows.
    pub weights: Vec<i8>,
    /// What a weight of 1 stands for.
    pub scale: f32,
}

/// Weights beyond this are cut: they are rare, and would make all others coarse.
const LARGEST: f32 = 3.0;

impl Rows {
    /// Rounds weights to bytes: those of the buckets `kept` (sorted), row by row.
    #[must_use]
    pub fn quantized(bits: u32, kept: &[usize], weights: &[f32]) -> Self {
        let mut present = vec![0u64; (1usize << bits).div_ceil(64)];
        kept.iter().for_each(|&bucket| present[bucket / 64] |= 1 << (bucket % 64));
        let largest = weights.iter().fold(0f32, |max, w| max.max(w.abs()));
        let scale = largest.min(LARGEST) / 127.0;
        let round = |w: &f32| (w / scale).round().clamp(-127.0, 127.0) as i8;
        Self { bits, before: ranks(&present), present, weights: weights.iter().map(round).collect(), scale }
    }

    /// Index of the row of a hash.
    #[inline]
    fn index(&self, hash: u32) -> Option<usize> {
        let bucket = (hash >> (32 - self.bits)) as usize;
        let word = self.present[bucket / 64];
        let bit = bucket % 64;
        if word >> bit & 1 == 0 {
            return None;
        }
        Some(self.before[bucket / 64] as usize + (word & ((1 << bit) - 1)).count_ones() as usize)
    }
}

/// How many bits are set before each word.
pub(super) fn ranks(present: &[u64]) -> Vec<u32> {
    let mut sum = 0;
    present
        .iter()
        .map(|word| {
            let before = sum;
            sum += word.count_ones();
            before
        })
        .collect()
}

impl Group {
    /// What the runs of characters of `word` say, summed up for each language.
    pub(super) fn sums(&self, word: &str) -> [i16; MAX_LANGUAGES] {
        let languages = self.codes.len();
        let mut sums = [0i16; MAX_LANGUAGES]; // a word has at most 160 runs: no overflow
        features::of_word(word, |hash| {
            if let Some(row) = self.rows.index(hash) {
                let row = &self.rows.weights[row * languages..][..languages];
                sums.iter_mut().zip(row).for_each(|(sum, &weight)| *sum += i16::from(weight));
            }
        });
        sums
    }

    /// Judges the scores of a text of so many letters (at least 1).
    #[must_use]
    pub fn judge(&self, scores: &[i32; MAX_LANGUAGES], letters: u32) -> Verdict {
        let scores = &scores[..self.codes.len()];
        let unit = self.rows.scale / temperature(letters);
        let weighed = |i: usize| scores[i] as f32 * unit + self.priors[i];
        let best =
            (0..scores.len()).max_by(|&a, &b| weighed(a).total_cmp(&weighed(b)).then(b.cmp(&a))).unwrap_or(0);
        let top = weighed(best);
        let sum: f32 = (0..scores.len()).map(|i| (weighed(i) - top).exp()).sum();
        let familiarity = self.evidence(scores, best, letters) / self.typical[best];
        Verdict { language: best, probability: 1.0 / sum, familiarity }
    }

    /// Score of a language over the mean of all, per letter.
    fn evidence(&self, scores: &[i32], language: usize, letters: u32) -> f32 {
        let mean = scores.iter().sum::<i32>() as f32 / scores.len() as f32;
        (scores[language] as f32 - mean) * self.rows.scale / letters as f32
    }

    /// Learns what is typical from texts: pairs of a language and words.
    pub fn set_typical<'w>(&mut self, texts: impl Iterator<Item = (usize, Vec<&'w str>)>) {
        let mut sums = vec![(0f32, 0f32); self.codes.len()];
        for (language, words) in texts {
            let mut scores = [0; MAX_LANGUAGES];
            let mut memory = Memory::default();
            words.iter().for_each(|word| memory.add(self, word, &mut scores));
            let letters = words.iter().map(|word| word.chars().count() as u32).sum();
            sums[language].0 += self.evidence(&scores[..self.codes.len()], language, letters);
            sums[language].1 += 1.0;
        }
        self.typical = sums.into_iter().map(|(sum, texts)| sum / texts).collect();
    }
}

/// Runs of characters are not independent, the less so the longer the text: their sum overstates. Fitted to the
/// paragraphs of the Universal Declaration of Human Rights and their parts.
fn temperature(letters: u32) -> f32 {
    (0.35 + letters as f32 * 0.0265).max(0.76)
}
