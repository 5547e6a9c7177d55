//! Rounds over sentences: batches cut into fixed parts, so that the sums are the same on any number of cores.

use super::Rates;
use super::sentences::Sentence;
use crate::learn::net::Weights;
use crate::learn::net::adam::Adam;
use crate::learn::net::pass::{Gradients, Pass};
use crate::learn::random::Random;

/// Parts that a batch is cut into.
const PARTS: usize = 4;

/// Trains weights over many rounds.
pub(super) struct Trainer {
    pub(super) weights: Weights,
    adam: Adam,
    parts: Vec<(Pass, Gradients)>,
    rates: Rates,
    seed: u64,
    steps: usize,
    total: usize,
}

/// What one sentence teaches: its loss, with the gradients added.
pub(super) type Lesson<'a> =
    dyn Fn(usize, &Weights, &mut Pass, &mut Gradients, &mut Random) -> f64 + Sync + 'a;

impl Trainer {
    pub(super) fn new(weights: Weights, rates: Rates, seed: u64, sentences: usize) -> Self {
        let shape = weights.shape;
        Self {
            adam: Adam::new(&weights),
            parts: (0..PARTS).map(|_| (Pass::default(), Gradients::new(shape))).collect(),
            weights,
            seed,
            steps: 0,
            total: rates.epochs * sentences.div_ceil(rates.batch),
            rates,
        }
    }

    /// One round over the sentences of these numbers, in random order; the mean loss.
    pub(super) fn round(&mut self, round: usize, numbers: &[usize], lesson: &Lesson<'_>) -> f64 {
        let mut order = numbers.to_vec();
        let seed = self.seed.wrapping_mul(0x9E37).wrapping_add(round as u64) << 32;
        Random::new(seed).shuffle(&mut order);
        let mut loss = 0.0;
        for batch in order.chunks(self.rates.batch) {
            let weights = &self.weights;
            let size = batch.len().div_ceil(PARTS);
            let work = |part: &[usize], (pass, gradients): &mut (Pass, Gradients)| -> f64 {
                let one = |&number: &usize| {
                    let mut random = Random::new(seed ^ (number as u64 + 1));
                    lesson(number, weights, pass, gradients, &mut random)
                };
                part.iter().map(one).sum()
            };
            let losses: Vec<f64> = std::thread::scope(|scope| {
                let parts = batch.chunks(size).zip(&mut self.parts);
                let threads: Vec<_> =
                    parts.map(|(part, memory)| scope.spawn(move || work(part, memory))).collect();
                threads.into_iter().map(|thread| thread.join().unwrap_or(f64::NAN)).collect()
            });
            loss += losses.iter().sum::<f64>();
            let left = 1.0 - self.steps as f32 / self.total as f32;
            let mut gradients: Vec<&mut Gradients> = self.parts.iter_mut().map(|part| &mut part.1).collect();
            self.adam.step(&mut self.weights, self.rates.rate * left.max(0.02), &mut gradients);
            self.steps += 1;
        }
        loss / order.len().max(1) as f64
    }
}

/// Begins a sentence with features of its words left out at random, forms the more often the rarer they are: so the
/// network learns what to make of words it knows little of.
pub(super) fn begin(
    pass: &mut Pass,
    weights: &Weights,
    sentence: &Sentence,
    rates: &Rates,
    random: &mut Random,
) {
    let mut items = sentence.features.clone();
    for (item, &count) in items.iter_mut().zip(&sentence.counts) {
        if count != u32::MAX && random.unit() * (rates.blur + count as f32) < rates.blur {
            item[0] = super::super::lexicon::UNKNOWN;
        }
        if rates.thin > 0.0 {
            item.retain(|_| random.unit() >= rates.thin);
        }
    }
    pass.begin(weights, items.into_iter(), 1.0 / (1.0 - rates.thin));
}

/// Makes scores probabilities.
pub(super) fn softmax(scores: &mut [f32]) {
    let most = scores.iter().fold(f32::NEG_INFINITY, |most, score| most.max(*score));
    scores.iter_mut().for_each(|score| *score = (*score - most).exp());
    let sum: f32 = scores.iter().sum();
    scores.iter_mut().for_each(|score| *score /= sum);
}
