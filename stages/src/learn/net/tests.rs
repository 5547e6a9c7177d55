//! The network learns, its gradients are right, and the fast form answers as the trained one.

use super::adam::Adam;
use super::fast::{Hidden, Net};
use super::pass::{Gradients, Pass};
use super::{Shape, Weights};
use crate::learn::random::Random;
use crate::model::{Expected, Header, ModelFile, ModelWriter};

const SHAPE: Shape = Shape { features: 12, dim: 16, places: 2, cells: 6, hidden: 64, outcomes: 4 };

/// Two decisions on a sequence of three items, with the outcomes that would be right.
const DECISIONS: [([usize; 2], [u32; 2], usize); 2] = [([0, 1], [2, 3], 1), ([2, 0], [4, 5], 3)];

fn items() -> impl Iterator<Item = Vec<u32>> {
    [vec![0, 3], vec![1, 3, 7], vec![11]].into_iter()
}

/// The loss of the decisions: minus the log of the right outcomes' shares. With `gradients`, learns them.
fn loss(weights: &Weights, mut gradients: Option<&mut Gradients>) -> f64 {
    let mut pass = Pass::default();
    pass.begin(weights, items(), 1.0);
    let mut loss = 0.0;
    for (places, cells, right) in DECISIONS {
        pass.decide(weights, &places, &cells, (0.0, &mut Random::new(0)));
        let scores: Vec<f64> = (0..4).map(|outcome| f64::from(pass.score(weights, outcome)).exp()).collect();
        let sum: f64 = scores.iter().sum();
        loss -= (scores[right] / sum).ln();
        if let Some(gradients) = gradients.as_deref_mut() {
            for (outcome, score) in scores.iter().enumerate() {
                let slope = score / sum - f64::from(u8::from(outcome == right));
                pass.learn(weights, outcome, slope as f32, gradients);
            }
            pass.settle(weights, 0.0, gradients);
        }
    }
    if let Some(gradients) = gradients {
        pass.end(weights, gradients);
    }
    loss
}

fn parts(weights: &mut Weights) -> [&mut Vec<f32>; 6] {
    let Weights { embed, project, cells, bias, out, out_bias, .. } = weights;
    [embed, project, cells, bias, out, out_bias]
}

#[test]
fn gradients_are_the_slopes_of_the_loss() {
    let mut weights = Weights::random(SHAPE, &mut Random::new(3));
    let mut gradients = Gradients::new(SHAPE);
    loss(&weights, Some(&mut gradients));
    for part in 0..6 {
        let length = parts(&mut weights)[part].len();
        for at in (0..length).step_by(length.div_ceil(40)) {
            let mut near = |by: f32| {
                let before = parts(&mut weights)[part][at];
                parts(&mut weights)[part][at] = before + by;
                let there = loss(&weights, None);
                parts(&mut weights)[part][at] = before;
                there
            };
            // Small: a hidden unit that comes to life on the way bends the line.
            let slope = (near(2e-4) - near(-2e-4)) / 4e-4;
            let found = f64::from(parts(&mut gradients.sums)[part][at]);
            assert!(
                (found - slope).abs() < 5e-3 + 0.03 * slope.abs(),
                "part {part}, {at}: {found} for {slope}"
            );
        }
    }
}

#[test]
fn steps_lower_the_loss_and_the_fast_form_decides_the_same() {
    let mut weights = Weights::random(SHAPE, &mut Random::new(5));
    let (mut adam, mut gradients) = (Adam::new(&weights), Gradients::new(SHAPE));
    let before = loss(&weights, None);
    for _ in 0..60 {
        loss(&weights, Some(&mut gradients));
        adam.step(&mut weights, 0.01, &mut [&mut gradients]);
    }
    assert!(loss(&weights, None) < 0.1 * before, "{} from {before}", loss(&weights, None));
    let net = Net::of(&weights);
    let (mut vectors, mut given) = (Vec::new(), vec![0; 3 * SHAPE.places * SHAPE.hidden]);
    for (number, features) in items().enumerate() {
        net.vector(&features, &mut vectors);
        let vector = &vectors[number * SHAPE.dim..];
        let rows = given.chunks_exact_mut(SHAPE.hidden).skip(number * SHAPE.places).take(SHAPE.places);
        rows.enumerate().for_each(|(place, row)| net.give(vector, place, row));
    }
    let mut same = net.clone();
    // Feature 1 and cell 2 are what is left out.
    same.take_out(1, [(2, 2)].into_iter());
    let (mut hidden, mut scores) = (Hidden::default(), Vec::new());
    for (places, cells, right) in DECISIONS {
        let item = |place: usize| (places[place] * SHAPE.places + place) * SHAPE.hidden;
        let items = [0, 1].map(|place| &given[item(place)..][..SHAPE.hidden]);
        let rows = [net.bias(), items[0], items[1], net.cell(cells[0]), net.cell(cells[1])];
        net.hide(&rows, &mut hidden);
        net.scores(&hidden, 0, &[0, 1, 2, 3], &mut scores);
        let best = (0..4).max_by_key(|outcome| scores[*outcome]).unwrap();
        assert_eq!(best, right);
        let shares: f32 = (0..4).map(|outcome| net.share(&scores, outcome).exp()).sum();
        assert!((shares - 1.0).abs() < 1e-4, "{shares}");
        let all = scores.clone();
        net.scores(&hidden, 1, &[2, 0], &mut scores);
        assert_eq!(scores, [all[3], all[1]], "counted from the base");
    }
}

impl Net {
    /// The fast form of weights, by way of a model file.
    pub(crate) fn of(weights: &Weights) -> Self {
        written(weights)
    }
}

fn written(weights: &Weights) -> Net {
    let mut writer = ModelWriter::new(Header { kind: "net".into(), ..Header::default() });
    Net::write(weights, "net", &mut writer);
    let bytes = writer.finish();
    let expected = Expected { kind: "net", features: 0, tokenizer: None };
    Net::read(&ModelFile::read(&bytes, &expected).unwrap(), "net").unwrap()
}
