//! Training of the first look: on what the model makes of documents it has not seen.

use super::super::first_look::{FirstLook, ROWS};
use super::calibrate::Guess;
use super::examples::Example;
use crate::learn::random::Random;

const EPOCHS: usize = 8;
const RATE: f32 = 0.2;

/// What a pair that may be stated weighs against one that is not: losing it costs more than looking again.
const WEIGHT: f32 = 2.0;

/// A pair may be stated from this share of the threshold on.
const NEAR: f32 = 0.5;

/// A pair in this many that would be stated may be lost to the first look: the least sure ones, which are wrong as
/// often as right.
const LOST: usize = 20;

/// A pair and whether it may be stated.
type Case<'e> = (&'e Example, bool);

/// Learns from the examples and what models that have not seen them make of each; the cut is the highest that
/// leaves all but a few of the pairs stated at `threshold`. Gives also which pairs pass when each part is judged by
/// what the others teach.
pub(crate) fn fit(
    examples: &[(&Example, Guess)],
    threshold: f32,
    folds: usize,
    seed: u64,
) -> (FirstLook, Vec<bool>) {
    let case = |&(example, guess): &(_, Guess)| (example, guess.probability >= NEAR * threshold);
    let mut sums = vec![0; examples.len()];
    for fold in 0..folds {
        let held = |e: &Example| e.doc.is_some_and(|doc| doc as usize % folds == fold);
        let look = learn(examples.iter().filter(|e| !held(e.0)).map(case).collect(), seed);
        let places = sums.iter_mut().zip(examples).filter(|(_, e)| held(e.0));
        places.for_each(|(sum, (example, _))| *sum = look.sum(&example.first));
    }
    let stated = sums.iter().zip(examples).filter(|(_, e)| e.1.probability >= threshold);
    let mut stated: Vec<i32> = stated.map(|(sum, _)| *sum).collect();
    stated.sort_unstable();
    let mut look = learn(examples.iter().map(case).collect(), seed);
    look.cut = stated.get(stated.len() / LOST).copied().unwrap_or(i32::MIN);
    let passes = sums.iter().map(|&sum| sum >= look.cut).collect();
    (look, passes)
}

/// Logistic regression (AdaGrad).
fn learn(mut cases: Vec<Case<'_>>, seed: u64) -> FirstLook {
    let (mut weights, mut squares) = (vec![0.0_f32; ROWS], vec![1.0_f32; ROWS]);
    let mut random = Random::new(seed);
    for _ in 0..EPOCHS {
        random.shuffle(&mut cases);
        for &case in &cases {
            step(case, &mut weights, &mut squares);
        }
    }
    FirstLook::of_weights(&weights)
}

fn step((example, stated): Case<'_>, weights: &mut [f32], squares: &mut [f32]) {
    let sum: f32 = example.first.iter().map(|&row| weights[row as usize]).sum();
    let probability = 1.0 / (1.0 + (-sum).exp());
    let gradient = if stated { (probability - 1.0) * WEIGHT } else { probability };
    for &row in &example.first {
        let row = row as usize;
        squares[row] += gradient * gradient;
        weights[row] -= RATE * gradient / squares[row].sqrt();
    }
}
