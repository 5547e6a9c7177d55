//! One configuration against another.

use serde::Serialize;

use super::report::Figures;
use super::stats::Summary;

/// Smallest difference that is called one; processes differ by as much from one start to the next.
const SMALLEST: f64 = 0.01;

/// The second configuration against the first.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Comparison {
    /// Whether both were made from the same settings: what differs then is noise.
    pub(super) same_configuration: bool,
    /// Whether both gave the same records, byte for byte.
    pub(super) same_records: bool,
    /// What was compared.
    pub(super) ratios: Vec<Ratio>,
}

/// A figure of the second configuration, divided by that of the first in the same round.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Ratio {
    /// Which figure.
    pub(super) what: String,
    /// Whether more of it is better.
    pub(super) more_is_better: bool,
    /// Ratios, a value each round.
    pub(super) ratio: Summary,
    /// What that means.
    pub(super) verdict: Verdict,
}

/// What a ratio means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Verdict {
    /// Fewer than eight rounds.
    TooFewRounds,
    /// Within the noise, or less than 1 %.
    NoDifference,
    /// The second has more.
    More,
    /// The second has less.
    Less,
}

impl Comparison {
    pub(super) fn new(one: &Figures, other: &Figures, same_configuration: bool) -> Self {
        let mut ratios = Vec::new();
        let mut add = |what: String, more_is_better, one: &Summary, other: &Summary| {
            ratios.extend(Ratio::new(what, more_is_better, one, other, same_configuration));
        };
        for (one, other) in one.threads.iter().zip(&other.threads) {
            let threads = super::table::threads(one.threads);
            add(format!("MB/s, {threads}"), true, &one.megabytes_per_second, &other.megabytes_per_second);
            if let Some((one, other)) =
                one.megabytes_per_cpu_second.as_ref().zip(other.megabytes_per_cpu_second.as_ref())
            {
                add(format!("MB a CPU-second, {threads}"), true, one, other);
            }
        }
        let (latency, others) = (&one.latency, &other.latency);
        add("latency, median".into(), false, &latency.p50_seconds, &others.p50_seconds);
        add("latency, p99".into(), false, &latency.p99_seconds, &others.p99_seconds);
        add("start-up".into(), false, &one.start_up_seconds, &other.start_up_seconds);
        let memory =
            |figures: &Figures| figures.threads.first().and_then(|threads| threads.peak_bytes.clone());
        if let Some((one, other)) = memory(one).zip(memory(other)) {
            add("peak memory, 1 thread".into(), false, &one, &other);
        }
        Self { same_configuration, same_records: one.counts == other.counts, ratios }
    }
}

impl Ratio {
    fn new(what: String, more_is_better: bool, one: &Summary, other: &Summary, same: bool) -> Option<Self> {
        let pairs = one.rounds.iter().zip(&other.rounds).filter(|(one, _)| **one > 0.0);
        let ratio = Summary::of(pairs.map(|(one, other)| other / one).collect())?;
        let verdict = verdict(&ratio, same);
        Some(Self { what, more_is_better, ratio, verdict })
    }
}

/// What is known beforehand is not asked of the figures: a configuration does not differ from itself.
fn verdict(ratio: &Summary, same: bool) -> Verdict {
    match ratio.interval {
        _ if same => Verdict::NoDifference,
        None => Verdict::TooFewRounds,
        Some([low, _]) if low > 1.0 && ratio.median > 1.0 + SMALLEST => Verdict::More,
        Some([_, high]) if high < 1.0 && ratio.median < 1.0 - SMALLEST => Verdict::Less,
        Some(_) => Verdict::NoDifference,
    }
}

impl Verdict {
    /// In a word or two.
    #[must_use]
    pub(super) const fn words(self, more_is_better: bool) -> &'static str {
        match (self, more_is_better) {
            (Self::TooFewRounds, _) => "too few rounds to tell",
            (Self::NoDifference, _) => "no difference",
            (Self::More, true) | (Self::Less, false) => "better",
            (Self::More, false) | (Self::Less, true) => "worse",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratio(one: &[f64], other: &[f64]) -> Ratio {
        let summary = |values: &[f64]| Summary::of(values.to_vec()).unwrap();
        Ratio::new("x".into(), true, &summary(one), &summary(other), false).unwrap()
    }

    #[test]
    fn a_difference_must_be_larger_than_noise_and_than_one_percent() {
        let one = [100.0, 110.0, 90.0, 130.0, 105.0, 95.0, 102.0, 99.0];
        let faster = one.map(|value| value * 1.05);
        assert_eq!(ratio(&one, &faster).verdict, Verdict::More);
        assert_eq!(ratio(&faster, &one).verdict, Verdict::Less);
        assert_eq!(ratio(&one, &one.map(|value| value * 1.005)).verdict, Verdict::NoDifference);
        let noisy = [110.0, 100.0, 99.0, 120.0, 115.0, 100.0, 110.0, 90.0];
        assert_eq!(ratio(&one, &noisy).verdict, Verdict::NoDifference);
        assert_eq!(ratio(&one[..7], &faster[..7]).verdict, Verdict::TooFewRounds);
    }

    #[test]
    fn rounds_are_compared_in_pairs() {
        // The machine slowed down for both alike.
        let found = ratio(&[100.0, 50.0, 10.0], &[110.0, 55.0, 11.0]);
        assert!((found.ratio.median - 1.1).abs() < 1e-9 && (found.ratio.quartiles[0] - 1.1).abs() < 1e-9);
    }
}
