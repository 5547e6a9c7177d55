//! Training of the tagger.

use super::super::view::{self, FIRST_TAG, View};
use super::Rates;
use super::batches::{Trainer, begin, softmax};
use super::sentences::Sentence;
use crate::learn::net::pass::{Gradients, Pass};
use crate::learn::net::{Shape, Weights};
use crate::learn::random::Random;

/// What a tagger is trained on.
pub(super) struct Course<'a> {
    pub(super) sentences: &'a [Sentence],
    pub(super) view: View,
    pub(super) features: usize,
    pub(super) rates: Rates,
    pub(super) seed: u64,
}

impl Course<'_> {
    pub(super) fn shape(&self) -> Shape {
        Shape {
            features: self.features,
            dim: self.rates.dim,
            places: view::TAG_PLACES,
            cells: self.view.tag_cells(),
            hidden: self.rates.hidden,
            outcomes: (self.view.tags - u32::from(FIRST_TAG)) as usize,
        }
    }

    /// Learns from the sentences of these numbers.
    pub(super) fn train(&self, numbers: &[usize], say: &mut dyn FnMut(usize, f64, &Weights)) -> Weights {
        let weights = Weights::random(self.shape(), &mut Random::new(self.seed));
        let mut trainer = Trainer::new(weights, self.rates, self.seed, numbers.len());
        for round in 0..self.rates.epochs {
            let loss = trainer.round(round, numbers, &|number, weights, pass, gradients, random| {
                self.lesson(&self.sentences[number], weights, pass, gradients, random)
            });
            say(round, loss, &trainer.weights);
        }
        trainer.weights
    }

    fn lesson(
        &self,
        sentence: &Sentence,
        weights: &Weights,
        pass: &mut Pass,
        gradients: &mut Gradients,
        random: &mut Random,
    ) -> f64 {
        let drop = self.rates.drop;
        begin(pass, weights, sentence, &self.rates, random);
        let mut loss = 0.0;
        let mut before = [0; 2];
        for at in 1..=sentence.words() {
            self.look(sentence.words(), at, before, weights, pass, (drop, random));
            let mut shares = scores(weights, pass);
            softmax(&mut shares);
            let gold = usize::from(sentence.tags[at] - FIRST_TAG);
            let found = best(&shares);
            loss -= f64::from(shares[gold].max(1e-9).ln());
            for (outcome, share) in shares.into_iter().enumerate() {
                let slope = share - f32::from(u8::from(outcome == gold));
                if slope.abs() > 1e-4 {
                    pass.learn(weights, outcome, slope, gradients);
                }
            }
            pass.settle(weights, drop, gradients);
            before = [FIRST_TAG + found as u16, before[0]];
        }
        pass.end(weights, gradients);
        loss / sentence.words().max(1) as f64
    }

    fn look(
        &self,
        words: usize,
        at: usize,
        before: [u16; 2],
        weights: &Weights,
        pass: &mut Pass,
        chance: (f32, &mut Random),
    ) {
        let cells = view::tag_cells(self.view, before, at == 1, false);
        pass.decide(weights, &view::tag_places(at, words), &cells, chance);
    }

    /// The tags that a tagger finds, with none and the root's.
    pub(super) fn tag(&self, weights: &Weights, sentence: &Sentence, pass: &mut Pass) -> Vec<u16> {
        pass.begin(weights, sentence.features.iter().cloned(), 1.0);
        let mut tags = sentence.tags.clone();
        let mut before = [0; 2];
        for (at, tag) in tags.iter_mut().enumerate().skip(1).take(sentence.words()) {
            self.look(sentence.words(), at, before, weights, pass, (0.0, &mut Random::new(0)));
            *tag = FIRST_TAG + best(&scores(weights, pass)) as u16;
            before = [*tag, before[0]];
        }
        tags
    }

    /// For each sentence the tags found by a tagger that was not trained on it: what the parser meets in use.
    pub(super) fn jackknife(&self, folds: usize, say: &mut dyn FnMut(String)) -> Vec<Vec<u16>> {
        let mut found = vec![Vec::new(); self.sentences.len()];
        let mut pass = Pass::default();
        for fold in 0..folds {
            let (held, rest): (Vec<usize>, Vec<usize>) =
                (0..self.sentences.len()).partition(|number| number / FOLD_BLOCK % folds == fold);
            let weights = self.train(&rest, &mut |_, _, _| {});
            let (mut right, mut all) = (0, 0);
            for number in held {
                let sentence = &self.sentences[number];
                let tags = self.tag(&weights, sentence, &mut pass);
                right += tags.iter().zip(&sentence.tags).filter(|(a, b)| a == b).count() - 2;
                all += sentence.words();
                found[number] = tags;
            }
            let share = 100.0 * right as f64 / all.max(1) as f64;
            say(format!("tags for the parser, part {} of {folds}: {share:.2} % right", fold + 1));
        }
        found
    }
}

/// Sentences that stay together in a fold: neighbours have much in common.
const FOLD_BLOCK: usize = 50;

fn scores(weights: &Weights, pass: &Pass) -> Vec<f32> {
    (0..weights.shape.outcomes).map(|outcome| pass.score(weights, outcome)).collect()
}

fn best(scores: &[f32]) -> usize {
    let better = |best: usize, at: usize| if scores[at] > scores[best] { at } else { best };
    (0..scores.len()).fold(0, better)
}
