//! The threshold above which a relation is stated, and scores that mean what they say.

use std::fmt;

use super::super::extractor::Calibration;

/// A judgement on a pair: the probability of the relation, and whether it is right.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Guess {
    pub probability: f32,
    pub right: bool,
    /// How far the linear part puts the best relation behind "none".
    pub gap: f32,
}

/// Precision and recall at a threshold.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Figures {
    pub threshold: f32,
    pub precision: f64,
    pub recall: f64,
}

impl Figures {
    fn f1(self) -> f64 {
        2.0 * self.precision * self.recall / (self.precision + self.recall).max(1e-9)
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = |x: f64| 100.0 * x;
        let (p, r, f1) = (percent(self.precision), percent(self.recall), percent(self.f1()));
        write!(f, "precision {p:.1}, recall {r:.1}, F1 {f1:.2} at {:.3}", self.threshold)
    }
}

/// F1 given up at most for a lower threshold: models of parts of the documents are less sure than that of all.
const SLACK: f64 = 0.0005;

/// The lowest threshold with about the best F1 of those with precision at least recall. `gold`: relations to be found.
pub(crate) fn best(guesses: &[Guess], gold: usize) -> Figures {
    let mut sorted: Vec<Guess> = guesses.to_vec();
    sorted.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    let mut curve = Vec::with_capacity(sorted.len());
    let mut right = 0;
    for (place, guess) in sorted.iter().enumerate() {
        right += usize::from(guess.right);
        let figures = Figures {
            threshold: guess.probability,
            precision: right as f64 / (place + 1) as f64,
            recall: right as f64 / gold.max(1) as f64,
        };
        if figures.precision >= figures.recall {
            curve.push(figures);
        }
    }
    let most = curve.iter().fold(0.0_f64, |most, figures| most.max(figures.f1()));
    let near = curve.into_iter().rfind(|figures| figures.f1() >= most - SLACK);
    near.unwrap_or(Figures { threshold: 0.5, ..Figures::default() })
}

/// Threshold, and a logistic fit of rightness on the log odds (Platt 1999) by Newton's method.
pub(crate) fn fit(guesses: &[Guess], gold: usize) -> Calibration {
    let (mut slope, mut offset) = (1.0_f64, 0.0_f64);
    for _ in 0..50 {
        let (mut g, mut h) = ([0.0; 2], [1e-6, 0.0, 1e-6]);
        for guess in guesses {
            let p = f64::from(guess.probability.clamp(1e-6, 1.0 - 1e-6));
            let x = (p / (1.0 - p)).ln();
            let q = 1.0 / (1.0 + (-(slope * x + offset)).exp());
            let error = q - f64::from(u8::from(guess.right));
            let weight = (q * (1.0 - q)).max(1e-9);
            g = [g[0] + error * x, g[1] + error];
            h = [h[0] + weight * x * x, h[1] + weight * x, h[2] + weight];
        }
        let determinant = (h[0] * h[2] - h[1] * h[1]).max(1e-9);
        slope -= (h[2] * g[0] - h[1] * g[1]) / determinant;
        offset -= (h[0] * g[1] - h[1] * g[0]) / determinant;
    }
    let threshold = best(guesses, gold).threshold;
    Calibration { threshold, slope: slope as f32, offset: offset as f32, gap: widest_gap(guesses, threshold) }
}

/// A pair in this many that would be stated may be lost to the early way out.
const LOST: usize = 200;

/// The gap that leaves all but a few of the stated pairs.
fn widest_gap(guesses: &[Guess], threshold: f32) -> f32 {
    let mut gaps: Vec<f32> = guesses.iter().filter(|g| g.probability >= threshold).map(|g| g.gap).collect();
    gaps.sort_by(f32::total_cmp);
    let kept = gaps.len() - gaps.len() / LOST;
    kept.checked_sub(1).and_then(|last| gaps.get(last)).map_or(f32::MAX, |gap| gap + 0.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_threshold_keeps_precision_above_recall() {
        let guesses: Vec<Guess> = (0..100)
            .map(|n| Guess { probability: n as f32 / 100.0, right: n % 3 == 0 || n > 70, gap: 0.0 })
            .collect();
        let figures = best(&guesses, 60);
        assert!(figures.precision >= figures.recall && figures.recall > 0.4, "{figures}");
    }

    #[test]
    fn scores_of_a_doubting_model_are_raised() {
        let guesses: Vec<Guess> = (0..1100)
            .map(|n| Guess { probability: 0.2 + (n % 5) as f32 * 0.05, right: n % 11 != 0, gap: 0.0 })
            .collect();
        let calibration = fit(&guesses, 1000);
        assert!((calibration.score(0.3) - 0.91).abs() < 0.05);
    }
}
