//! Sums of a sentence that serve several pairs: of each candidate word, of each name, and of its place towards
//! each word.

use super::candidates::{self, Candidate, Side};
use super::index::key;
use super::scorer::{HIDDEN, Hidden, Scorer};
use super::sentence::Sentence;

/// What sums are of.
#[derive(Clone, Copy)]
enum Part {
    Word(Candidate),
    Name(usize, Side),
    Place(usize, Side, Candidate),
}

/// The sums of one sentence, made when first asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cache {
    width: usize,
    /// Per item, and once more for the names by themselves: a number for the word and two for each mention; where
    /// its sums are, plus one.
    places: Vec<u32>,
    sums: Vec<(Hidden, u64)>,
    features: Vec<u64>,
    rows: Vec<u32>,
}

impl Cache {
    /// Forgets the last sentence.
    pub(crate) fn clear(&mut self, sentence: &Sentence) {
        self.width = 1 + 2 * sentence.mentions.len();
        self.places.clear();
        self.places.resize(self.width * (sentence.items.len() + 1), 0);
        self.sums.clear();
    }

    /// The sums of a candidate for mentions `first` and `second`.
    pub(crate) fn hidden(
        &mut self,
        scorer: &Scorer,
        sentence: &Sentence,
        (first, second): (usize, usize),
        candidate: Candidate,
    ) -> Hidden {
        let one = self.part(scorer, sentence, Part::Place(first, Side::First, candidate));
        let two = self.part(scorer, sentence, Part::Place(second, Side::Second, candidate));
        let parts = [Part::Word(candidate), Part::Name(first, Side::First), Part::Name(second, Side::Second)];
        let [word, a, b] = parts.map(|part| self.part(scorer, sentence, part));
        let mut hidden = self.sums[word].0;
        for part in [a, b, one, two] {
            let sums = &self.sums[part].0;
            for at in 0..HIDDEN {
                hidden[at] = hidden[at].saturating_add(sums[at]);
            }
        }
        let places = [self.sums[one].1, self.sums[two].1];
        let (a, b) = (&sentence.mentions[first], &sentence.mentions[second]);
        self.features.clear();
        candidates::together(sentence, a, b, candidate, places, &mut self.features);
        for &feature in &self.features {
            scorer.vectors.add(key(feature), &mut hidden);
        }
        hidden
    }

    fn part(&mut self, scorer: &Scorer, sentence: &Sentence, part: Part) -> usize {
        let column = |number: usize, side: Side| 1 + 2 * number + side as usize;
        let (item, column) = match part {
            Part::Word(candidate) => (candidate.item, 0),
            Part::Name(number, side) => (sentence.items.len(), column(number, side)),
            Part::Place(number, side, candidate) => (candidate.item, column(number, side)),
        };
        let at = item * self.width + column;
        if self.places[at] == 0 {
            let sums = self.add_up(scorer, sentence, part);
            self.sums.push(sums);
            self.places[at] = u32::try_from(self.sums.len()).unwrap_or(1);
        }
        self.places[at] as usize - 1
    }

    fn add_up(&mut self, scorer: &Scorer, sentence: &Sentence, part: Part) -> (Hidden, u64) {
        self.features.clear();
        let features = &mut self.features;
        let mut place = 0;
        match part {
            Part::Word(candidate) => candidates::word(sentence, candidate, features),
            Part::Name(number, side) => {
                candidates::name(sentence, &sentence.mentions[number], side, features);
            }
            Part::Place(number, side, candidate) => {
                place = candidates::place(sentence, &sentence.mentions[number], side, candidate, features);
            }
        }
        let mut sums = [0; HIDDEN];
        scorer.vectors.add_all(&self.features, &mut self.rows, &mut sums);
        (sums, place)
    }
}
