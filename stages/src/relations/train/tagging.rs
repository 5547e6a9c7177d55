//! Training of the tagger.

use super::super::sentence::{Item, Kind};
use super::super::tagger::{FEATURES, LANES, ROWS, Tagger, rows};
use super::super::tags::Tag;

/// Learns a tagger from sentences whose items bear the right tags, as an averaged perceptron of `epochs` rounds.
pub(crate) fn train(sentences: &[Vec<Item>], epochs: usize) -> Tagger {
    let mut weights = vec![0_f32; ROWS * LANES];
    let mut sums = vec![0_f64; ROWS * LANES];
    let mut clock = 1.0_f64;
    let mut total = 0.0;
    for _ in 0..epochs {
        for gold in sentences {
            let mut items = gold.clone();
            for at in 0..items.len() {
                if items[at].kind != Kind::Word || items[at].sure {
                    continue;
                }
                let rows = rows(&items, at);
                let guess = argmax(&weights, &rows);
                let right = gold[at].tag as usize;
                if guess != right {
                    for row in rows {
                        for (lane, step) in [(right, 1.0), (guess, -1.0)] {
                            weights[row * LANES + lane] += step;
                            sums[row * LANES + lane] += f64::from(step) * clock;
                        }
                    }
                }
                items[at].tag = Tag::of_number(u8::try_from(guess).unwrap_or(0));
                clock += 1.0;
                total += 1.0;
            }
        }
    }
    quantise(&weights, &sums, total + 1.0)
}

fn argmax(weights: &[f32], rows: &[usize; FEATURES]) -> usize {
    let mut scores = [0_f32; LANES];
    for &row in rows {
        for (score, weight) in scores.iter_mut().zip(&weights[row * LANES..][..LANES]) {
            *score += weight;
        }
    }
    (0..Tag::COUNT).fold(Tag::Noun as usize, |best, tag| if scores[tag] > scores[best] { tag } else { best })
}

fn quantise(weights: &[f32], sums: &[f64], clock: f64) -> Tagger {
    let averages: Vec<f64> = weights.iter().zip(sums).map(|(w, s)| f64::from(*w) - s / clock).collect();
    let largest = averages.iter().fold(0.0_f64, |m, a| m.max(a.abs())).max(1e-9);
    let scale = 127.0 / largest.min(20.0);
    let weights = averages.iter().map(|a| (a * scale).round().clamp(-127.0, 127.0) as i8).collect();
    Tagger::of_weights(weights).unwrap_or_default()
}
