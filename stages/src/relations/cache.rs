//! Sums of a sentence that serve several pairs: of each candidate word, of each name, and of its place towards
//! each word.

use super::candidates::{self, Candidate, Side};
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
        let together = candidates::together(sentence, a, b, candidate, places);
        scorer.vectors.add_each(&together, &mut hidden);
        hidden
    }

    fn part(&mut self, scorer: &Scorer, sentence: &Sentence, part: Part) -> usize {
        let column = |number: usize, side: Side| 1 + 2 * number + side as usize;
        let (item, column) = match part {
            Part::Word(candidate) => (candidate.item, 0),
            Part::Name(number, side) => (sentence.items.len(), column(number, side)),
            // Towards a word of another phrase it is that towards the phrase.
            Part::Place(number, side, Candidate { phrase, item }) => {
                let within = sentence.mentions[number].phrase == phrase;
                (if within { item } else { sentence.phrases[phrase].head }, column(number, side))
            }
        };
        let at = item * self.width + column;
        if self.places[at] == 0 {
            let sums = add_up(scorer, sentence, part);
            self.sums.push(sums);
            self.places[at] = u32::try_from(self.sums.len()).unwrap_or(1);
        }
        self.places[at] as usize - 1
    }
}

fn add_up(scorer: &Scorer, sentence: &Sentence, part: Part) -> (Hidden, u64) {
    let vectors = &scorer.vectors;
    let (mut sums, mut place) = ([0; HIDDEN], 0);
    match part {
        Part::Word(candidate) => {
            vectors.add_each(&candidates::word(sentence, candidate), &mut sums);
            for sense in candidates::senses(sentence, candidate) {
                vectors.add_each(&sense, &mut sums);
            }
        }
        Part::Name(number, side) => {
            vectors.add_each(&candidates::name(sentence, &sentence.mentions[number], side), &mut sums);
        }
        Part::Place(number, side, candidate) => {
            let mention = &sentence.mentions[number];
            let features;
            (features, place) = candidates::place(sentence, mention, side, candidate);
            vectors.add_each(&features, &mut sums);
        }
    }
    (sums, place)
}
