//! Medians, quartiles, and how well a median is known.

use serde::Serialize;

/// Probability with which an interval is to hold the median.
const CONFIDENCE: f64 = 0.99;

/// What rounds came to.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct Summary {
    /// The middle one.
    pub(super) median: f64,
    /// First and third quartile.
    pub(super) quartiles: [f64; 2],
    /// Where the median of endless rounds is, with a confidence of 99 %; `None` with too few rounds to say.
    pub(super) interval: Option<[f64; 2]>,
    /// The values, in the order they were measured.
    pub(super) rounds: Vec<f64>,
}

impl Summary {
    /// Of values in the order they were measured; `None` without any.
    #[must_use]
    pub(super) fn of(rounds: Vec<f64>) -> Option<Self> {
        let mut sorted = rounds.clone();
        sorted.sort_by(f64::total_cmp);
        let (median, quartiles) =
            (quantile(&sorted, 0.5)?, [quantile(&sorted, 0.25)?, quantile(&sorted, 0.75)?]);
        Some(Self { median, quartiles, interval: interval(&sorted), rounds })
    }

    /// The same in other units.
    #[must_use]
    pub(super) fn map(&self, convert: impl Fn(f64) -> f64) -> Self {
        Self::of(self.rounds.iter().map(|&value| convert(value)).collect()).unwrap_or_default()
    }

    /// Whether the median is known to within this part of it.
    #[must_use]
    pub(super) fn is_known_to(&self, part: f64) -> bool {
        self.interval.is_some_and(|[low, high]| high - low <= 2.0 * part * self.median)
    }
}

/// Between the two values next to the place, in proportion (Hyndman and Fan's definition 7).
fn quantile(sorted: &[f64], part: f64) -> Option<f64> {
    let place = part * sorted.len().checked_sub(1)? as f64;
    let (low, high) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
    Some(low + (high - low) * place.fract())
}

/// The value at a rank: the smallest that at least this part of all values do not exceed.
pub(super) fn nearest_rank(sorted: &[f64], part: f64) -> f64 {
    let rank = (part * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or_default()
}

/// The interval between two order statistics that holds the median: each value is below it with a probability of one
/// half, whatever the distribution, so that the number of those below is binomial (Conover, Practical Nonparametric
/// Statistics, 3.2).
fn interval(sorted: &[f64]) -> Option<[f64; 2]> {
    let count = sorted.len();
    let allowed = (1.0 - CONFIDENCE) / 2.0;
    // Probability of exactly `below` values below the median, and of so many or fewer. With very many rounds the
    // first underflows to nothing, which only widens the interval.
    let (mut exactly, mut tail, mut below) = (0.5f64.powi(i32::try_from(count).ok()?), 0.0, 0);
    while tail + exactly <= allowed && below < count {
        tail += exactly;
        exactly *= (count - below) as f64 / (below + 1) as f64;
        below += 1;
    }
    let low = below.checked_sub(1)?;
    Some([sorted[low], sorted[count - 1 - low]])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(values: impl IntoIterator<Item = u32>) -> Summary {
        Summary::of(values.into_iter().map(f64::from).collect()).unwrap()
    }

    #[test]
    fn medians_and_quartiles() {
        let found = summary([4, 1, 3, 2]);
        assert_eq!((found.median, found.quartiles), (2.5, [1.75, 3.25]));
        assert_eq!(summary([7]).quartiles, [7.0, 7.0]);
        assert_eq!(Summary::of(Vec::new()), None);
    }

    #[test]
    fn ranks() {
        let all: Vec<f64> = (1..=200).map(f64::from).collect();
        assert_eq!([0.5, 0.9, 0.99, 1.0].map(|part| nearest_rank(&all, part)), [100.0, 180.0, 198.0, 200.0]);
        assert_eq!(nearest_rank(&[5.0], 0.5), 5.0);
    }

    #[test]
    fn intervals_are_those_of_the_tables() {
        assert_eq!(summary(1..=7).interval, None);
        assert_eq!(summary(1..=8).interval, Some([1.0, 8.0]));
        // Binomial with one half: of 20, 3 or fewer have a probability of 0.0013, 4 or fewer of 0.0059.
        assert_eq!(summary(1..=20).interval, Some([4.0, 17.0]));
        assert_eq!(summary(1..=100).interval, Some([37.0, 64.0]));
    }

    #[test]
    fn a_median_is_known_when_its_interval_is_narrow() {
        assert!(!summary([100; 7]).is_known_to(0.01));
        assert!(summary([100; 8]).is_known_to(0.01));
        assert!(!summary([100, 100, 100, 100, 100, 100, 100, 103]).is_known_to(0.01));
    }
}
