//! Training of the parser, on states that it gets into by itself.

use super::super::parser::{OUTCOMES, label_range};
use super::super::state::{Action, State};
use super::super::view::{Look, PARSE_PLACES, View};
use super::Rates;
use super::batches::{Trainer, begin, softmax};
use super::oracle::costs;
use super::sentences::Sentence;
use crate::learn::net::pass::{Gradients, Pass};
use crate::learn::net::{Shape, Weights};
use crate::learn::random::Random;

/// What a parser is trained on.
pub(super) struct Course<'a> {
    pub(super) sentences: &'a [Sentence],
    /// Tags as the tagger finds them.
    pub(super) tags: &'a [Vec<u16>],
    pub(super) view: View,
    pub(super) features: usize,
    pub(super) labels: usize,
    pub(super) rates: Rates,
    pub(super) seed: u64,
}

/// The weights under training, and where the gradients go.
struct Desk<'a> {
    weights: &'a Weights,
    pass: &'a mut Pass,
    gradients: &'a mut Gradients,
}

impl Course<'_> {
    fn shape(&self) -> Shape {
        Shape {
            features: self.features,
            dim: self.rates.dim,
            places: PARSE_PLACES,
            cells: self.view.parse_cells(),
            hidden: self.rates.hidden,
            outcomes: OUTCOMES + 2 * self.labels,
        }
    }

    /// Learns from all sentences.
    pub(super) fn train(&self, say: &mut dyn FnMut(usize, f64, &Weights)) -> Weights {
        let weights = Weights::random(self.shape(), &mut Random::new(self.seed));
        let mut trainer = Trainer::new(weights, self.rates, self.seed, self.sentences.len());
        let numbers: Vec<usize> = (0..self.sentences.len()).collect();
        for round in 0..self.rates.epochs {
            let loss = trainer.round(round, &numbers, &|number, weights, pass, gradients, random| {
                self.lesson(number, Desk { weights, pass, gradients }, random, round > 0)
            });
            say(round, loss, &trainer.weights);
        }
        trainer.weights
    }

    fn lesson(&self, number: usize, mut desk: Desk<'_>, random: &mut Random, explore: bool) -> f64 {
        let (sentence, tags) = (&self.sentences[number], &self.tags[number]);
        let drop = self.rates.drop;
        begin(desk.pass, desk.weights, sentence, &self.rates, random);
        let mut state = State::default();
        state.begin(sentence.words());
        let mut loss = 0.0;
        while !state.done() {
            let look = Look::at(&state);
            let places = look.places(&state).map(|item| item as usize);
            let cells = look.cells(self.view, &state, tags);
            desk.pass.decide(desk.weights, &places, &cells, (drop, random));
            let costs = costs(&state, &sentence.heads);
            let (shares, wrong) = desk.actions(&costs);
            loss += wrong;
            let action = choose(&shares, &costs, explore, random);
            let mut label = 0;
            for one in [Action::Left, Action::Right] {
                let gold = gold_label(&state, sentence, one).filter(|_| costs[one as usize] != u32::MAX);
                if let Some(range) = label_range(one, self.labels)
                    && (gold.is_some() || one == action)
                {
                    let found = desk.labels(range, gold, &mut loss);
                    label = if one == action { found } else { label };
                }
            }
            desk.pass.settle(desk.weights, drop, desk.gradients);
            state.act(action, label);
        }
        desk.pass.end(desk.weights, desk.gradients);
        loss / (2 * sentence.words().max(1)) as f64
    }
}

impl Desk<'_> {
    /// Shares of the actions, and the loss: minus the log of what those have together that cost least.
    fn actions(&mut self, costs: &[u32; 3]) -> ([f32; 3], f64) {
        let mut shares = [0, 1, 2].map(|action| match costs[action] {
            u32::MAX => f32::NEG_INFINITY,
            _ => self.pass.score(self.weights, action),
        });
        softmax(&mut shares);
        let least = costs.iter().min().copied().unwrap_or(0);
        let good: f32 =
            shares.iter().zip(costs).filter(|(_, cost)| **cost == least).map(|(share, _)| share).sum();
        let good = good.max(1e-9);
        for (action, &share) in shares.iter().enumerate().filter(|(action, _)| costs[*action] != u32::MAX) {
            let slope = if costs[action] == least { share - share / good } else { share };
            self.pass.learn(self.weights, action, slope, self.gradients);
        }
        (shares, -f64::from(good.ln()))
    }

    /// The best label, from 1; learns the gold one where there is one.
    fn labels(&mut self, range: std::ops::Range<usize>, gold: Option<u16>, loss: &mut f64) -> u16 {
        let mut shares: Vec<f32> =
            range.clone().map(|outcome| self.pass.score(self.weights, outcome)).collect();
        softmax(&mut shares);
        let better = |best: usize, at: usize| if shares[at] > shares[best] { at } else { best };
        let best = (0..shares.len()).fold(0, better);
        if let Some(gold) = gold {
            let gold = usize::from(gold) - 1;
            *loss -= f64::from(shares[gold].max(1e-9).ln());
            for (label, share) in shares.into_iter().enumerate() {
                let slope = share - f32::from(u8::from(label == gold));
                if slope.abs() > 1e-4 {
                    self.pass.learn(self.weights, range.start + label, slope, self.gradients);
                }
            }
        }
        best as u16 + 1
    }
}

/// The gold label of the arc that an action makes, if that arc is in the gold tree.
fn gold_label(state: &State, sentence: &Sentence, action: Action) -> Option<u16> {
    let word = state.stacked(0);
    let head = if action == Action::Left { state.next } else { state.stacked(1) };
    (word != 0 && head != 0 && sentence.heads[word as usize] == head).then(|| sentence.labels[word as usize])
}

/// The action to go on with: the best of those that cost least, or one drawn by its share.
fn choose(shares: &[f32; 3], costs: &[u32; 3], explore: bool, random: &mut Random) -> Action {
    let least = costs.iter().min().copied().unwrap_or(0);
    let mut left = random.unit();
    let mut best = None;
    for ((action, &share), &cost) in Action::ALL.into_iter().zip(shares).zip(costs) {
        if explore && cost != u32::MAX {
            left -= share;
            best = Some((share, action));
            if left < 0.0 {
                break;
            }
        } else if cost == least && best.is_none_or(|(most, _)| share > most) {
            best = Some((share, action));
        }
    }
    best.map_or(Action::Shift, |(_, action)| action)
}
