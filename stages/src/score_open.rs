//! Scores of open relations, by the measure of CaRB (Bhardwaj, Aggarwal and Mausam, EMNLP 2019).
//!
//! What was found is compared with the gold data word by word: a pair of facts has a precision (share of the words
//! found that the gold fact has, slot by slot) and a recall (share of its words that were found). Recall takes for
//! each gold fact the best that was found; precision pairs facts one to one, greedily. Both over all thresholds of
//! confidence make a curve.

/// An open relation as words: its relation, then its arguments, the subject first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fact {
    /// The words of the relation.
    pub relation: String,
    /// Subject, object, further arguments.
    pub args: Vec<String>,
    /// How sure the finder is; gold facts do not need it.
    pub confidence: f64,
}

/// A point of the curve: what counts from a confidence on.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// Facts with this confidence or more count.
    pub confidence: f64,
    /// Share of what was found that is right, 0 to 1.
    pub precision: f64,
    /// Share of the gold facts that was found, 0 to 1.
    pub recall: f64,
}

impl Point {
    /// Harmonic mean of precision and recall, 0 to 1.
    #[must_use]
    pub fn f1(&self) -> f64 {
        let sum = self.precision + self.recall;
        if sum == 0.0 { 0.0 } else { 2.0 * self.precision * self.recall / sum }
    }
}

/// Precision and recall over all thresholds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curve {
    /// By rising confidence.
    pub points: Vec<Point>,
    /// Gold facts.
    pub gold: usize,
    /// Facts found.
    pub found: usize,
}

impl Curve {
    /// The curve over sentences, each with its gold facts and those found.
    #[must_use]
    pub fn new(sentences: &[(&[Fact], &[Fact])]) -> Self {
        let mut thresholds: Vec<f64> =
            sentences.iter().flat_map(|(_, found)| found.iter().map(|fact| fact.confidence)).collect();
        thresholds.sort_by(f64::total_cmp);
        thresholds.dedup();
        let mut sums = vec![Sums::default(); thresholds.len()];
        for (gold, found) in sentences {
            add_sentence(gold, found, &thresholds, &mut sums);
        }
        let point = |(sums, &confidence): (&Sums, &f64)| Point {
            confidence,
            precision: if sums.found > 0.0 { sums.precision / sums.found } else { 1.0 },
            recall: if sums.gold > 0.0 { sums.recall / sums.gold } else { 0.0 },
        };
        Self {
            points: sums.iter().zip(&thresholds).map(point).collect(),
            gold: sentences.iter().map(|(gold, _)| gold.len()).sum(),
            found: sentences.iter().map(|(_, found)| found.len()).sum(),
        }
    }

    /// The point with the highest F1.
    #[must_use]
    pub fn best(&self) -> Point {
        let better = |best: Point, &point: &Point| if point.f1() > best.f1() { point } else { best };
        self.points.iter().fold(Point::default(), better)
    }

    /// Where everything that was found counts.
    #[must_use]
    pub fn all(&self) -> Point {
        self.points.first().copied().unwrap_or_default()
    }

    /// Area under precision over recall, from no recall at full precision to the recall of everything found.
    #[must_use]
    pub fn area(&self) -> f64 {
        let end = Point { confidence: f64::INFINITY, precision: 1.0, recall: 0.0 };
        let next = self.points.iter().skip(1).chain(std::iter::once(&end));
        let slice = |(a, b): (&Point, &Point)| (a.recall - b.recall) * (a.precision + b.precision) / 2.0;
        self.points.iter().zip(next).map(slice).sum()
    }
}

/// Numerators and denominators at one threshold.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    precision: f64,
    found: f64,
    recall: f64,
    gold: f64,
}

fn add_sentence(gold: &[Fact], found: &[Fact], thresholds: &[f64], sums: &mut [Sums]) {
    let scores: Vec<Vec<(f64, f64)>> =
        gold.iter().map(|gold| found.iter().map(|found| compare(gold, found)).collect()).collect();
    let mut own: Vec<f64> = found.iter().map(|fact| fact.confidence).collect();
    own.sort_by(f64::total_cmp);
    own.dedup();
    let mut from = 0;
    for confidence in own {
        let to = thresholds.partition_point(|&threshold| threshold <= confidence);
        let counted: Vec<usize> =
            (0..found.len()).filter(|&one| found[one].confidence >= confidence).collect();
        let (precision, recall) = (paired(&scores, &counted), covered(&scores, &counted));
        for sums in &mut sums[from..to] {
            sums.precision += precision;
            sums.recall += recall;
            sums.found += counted.len() as f64;
        }
        from = to;
    }
    sums.iter_mut().for_each(|sums| sums.gold += gold.len() as f64);
}

/// Sum over gold facts of the best recall among the facts counted.
fn covered(scores: &[Vec<(f64, f64)>], counted: &[usize]) -> f64 {
    let best = |row: &Vec<(f64, f64)>| counted.iter().map(|&one| row[one].1).fold(0.0, f64::max);
    scores.iter().map(best).sum()
}

/// Sum of the precisions of a one-to-one pairing: the best pair first, then the best of what is left; of equal ones
/// the first.
fn paired(scores: &[Vec<(f64, f64)>], counted: &[usize]) -> f64 {
    let (mut rows, mut columns) = (vec![false; scores.len()], vec![false; counted.len()]);
    let mut sum = 0.0;
    for _ in 0..scores.len().min(counted.len()) {
        let mut best = (-1.0, 0, 0);
        for row in (0..scores.len()).filter(|&row| !rows[row]) {
            for column in (0..counted.len()).filter(|&column| !columns[column]) {
                let precision = scores[row][counted[column]].0;
                if precision > best.0 {
                    best = (precision, row, column);
                }
            }
        }
        sum += best.0;
        (rows[best.1], columns[best.2]) = (true, true);
    }
    sum
}

/// Verbs of speech, whose speaker and words may stand in either order.
const SPEECH: [&str; 5] = ["said", "told", "added", "adds", "says"];

/// Precision and recall of a fact found, against a gold fact. All arguments after the subject count as one.
fn compare(gold: &Fact, found: &Fact) -> (f64, f64) {
    let straight = compare_slots(gold, &slots(&gold.args, false), found, &slots(&found.args, false));
    if !SPEECH.iter().any(|verb| gold.relation.contains(verb)) {
        return straight;
    }
    let turned = compare_slots(gold, &slots(&gold.args, false), found, &slots(&found.args, true));
    if turned > straight { turned } else { straight }
}

/// How like what was found is to a gold fact: harmonic mean of precision and recall by words, 0 to 1.
#[must_use]
pub fn likeness(gold: &Fact, found: &Fact) -> f64 {
    let (precision, recall) = compare(gold, found);
    Point { confidence: 0.0, precision, recall }.f1()
}

/// Words of the subject and words of all other arguments.
fn slots(args: &[String], turned: bool) -> Vec<Vec<&str>> {
    let Some((subject, rest)) = args.split_first() else { return Vec::new() };
    let subject: Vec<&str> = subject.split_whitespace().collect();
    if rest.is_empty() {
        return vec![subject];
    }
    let rest = rest.iter().flat_map(|arg| arg.split_whitespace()).collect();
    if turned { vec![rest, subject] } else { vec![subject, rest] }
}

const FORMS_OF_BE: [&str; 8] = ["be", "is", "am", "are", "was", "were", "been", "being"];

fn compare_slots(gold: &Fact, gold_args: &[Vec<&str>], found: &Fact, found_args: &[Vec<&str>]) -> (f64, f64) {
    let gold_words: Vec<&str> = gold.relation.split_whitespace().collect();
    let mut left: Vec<&str> = found.relation.split_whitespace().collect();
    let (mut found_total, mut gold_total) = (left.len(), gold_words.len());
    let mut shared = take_shared(&gold_words, &mut left);
    // "be" stands for all its forms.
    if left.contains(&"be") && gold_words.iter().any(|word| FORMS_OF_BE.contains(word)) {
        shared += 1;
    }
    if shared == 0 || found_args.len() < gold_args.len() {
        return (0.0, 0.0);
    }
    for (gold, found) in gold_args.iter().zip(found_args) {
        let mut left = found.clone();
        gold_total += gold.len();
        found_total += left.len();
        shared += take_shared(gold, &mut left);
    }
    let share = |all: usize| if all == 0 { 0.0 } else { shared as f64 / all as f64 };
    (share(found_total), share(gold_total))
}

/// How many words of `gold` are in `left`, each used once.
fn take_shared(gold: &[&str], left: &mut Vec<&str>) -> usize {
    let mut take = |word: &str| left.iter().position(|&one| one == word).map(|at| left.swap_remove(at));
    gold.iter().filter(|word| take(word).is_some()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fact(relation: &str, args: &[&str], confidence: f64) -> Fact {
        let args = args.iter().map(|&arg| arg.to_owned()).collect();
        Fact { relation: relation.to_owned(), args, confidence }
    }

    #[test]
    fn words_count_slot_by_slot() {
        let gold = fact("was founded in", &["the Lumen company", "Bergen"], 1.0);
        let found = fact("founded", &["Lumen", "in Bergen", "by Soto"], 1.0);
        // founded, Lumen, Bergen of six words found and of seven gold words.
        assert_eq!(compare(&gold, &found), (3.0 / 6.0, 3.0 / 7.0));
        assert_eq!(compare(&gold, &fact("owns", &["Lumen", "Bergen"], 1.0)), (0.0, 0.0));
        assert_eq!(compare(&gold, &fact("founded", &["Lumen"], 1.0)), (0.0, 0.0));
    }

    #[test]
    fn speakers_may_come_last_and_be_has_forms() {
        let gold = fact("said", &["Soto", "profits rose"], 1.0);
        assert_eq!(compare(&gold, &fact("said", &["profits rose", "Soto"], 1.0)), (1.0, 1.0));
        let gold = fact("is", &["Soto", "head"], 1.0);
        assert_eq!(compare(&gold, &fact("be", &["Soto", "head"], 1.0)), (1.0, 1.0));
    }

    #[test]
    fn precision_pairs_and_recall_does_not() {
        let gold = [fact("met", &["A", "B"], 1.0)];
        let found = [fact("met", &["A", "B"], 0.9), fact("met", &["A", "B"], 0.4)];
        let curve = Curve::new(&[(&gold, &found)]);
        let all = curve.all();
        assert_eq!((all.precision, all.recall, all.confidence), (0.5, 1.0, 0.4));
        assert_eq!((curve.best().f1(), curve.best().confidence), (1.0, 0.9));
        assert!((curve.area() - 1.0).abs() < 1e-12, "{}", curve.area());
        let two = [fact("met", &["A", "B"], 1.0), fact("met", &["A", "B"], 1.0)];
        assert_eq!(Curve::new(&[(&two, &found[..1])]).all().recall, 1.0);
    }

    #[test]
    fn sentences_without_facts_lower_recall_only() {
        let gold = [fact("met", &["A", "B"], 1.0)];
        let curve = Curve::new(&[(&gold, &gold), (&gold, &[])]);
        assert_eq!((curve.best().precision, curve.best().recall), (1.0, 0.5));
        assert_eq!(Curve::new(&[(&gold, &[])]).best(), Point::default());
    }
}
