//! Sums of a sentence that serve several pairs: of each candidate word, and of each name's place towards it.

use super::candidates::{self, Candidate, Side};
use super::scorer::{HIDDEN, Hidden, Scorer};
use super::sentence::Sentence;
use super::table::key;

/// The sums of one sentence, made when first asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cache {
    width: usize,
    /// Per item: a number for the word and two for each mention; where its sums are, plus one.
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
        self.places.resize(self.width * sentence.items.len(), 0);
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
        let word = self.part(scorer, sentence, None, candidate);
        let one = self.part(scorer, sentence, Some((first, Side::First)), candidate);
        let two = self.part(scorer, sentence, Some((second, Side::Second)), candidate);
        let mut hidden = self.sums[word].0;
        for part in [one, two] {
            hidden.iter_mut().zip(&self.sums[part].0).for_each(|(h, s)| *h = h.saturating_add(*s));
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

    fn part(
        &mut self,
        scorer: &Scorer,
        sentence: &Sentence,
        mention: Option<(usize, Side)>,
        candidate: Candidate,
    ) -> usize {
        let slot = mention.map_or(0, |(number, side)| 1 + 2 * number + side as usize);
        let at = candidate.item * self.width + slot;
        if self.places[at] == 0 {
            let sums = self.add_up(scorer, sentence, mention, candidate);
            self.sums.push(sums);
            self.places[at] = u32::try_from(self.sums.len()).unwrap_or(1);
        }
        self.places[at] as usize - 1
    }

    fn add_up(
        &mut self,
        scorer: &Scorer,
        sentence: &Sentence,
        mention: Option<(usize, Side)>,
        candidate: Candidate,
    ) -> (Hidden, u64) {
        self.features.clear();
        let place = match mention {
            None => {
                candidates::word(sentence, candidate, &mut self.features);
                0
            }
            Some((number, side)) => {
                candidates::side(sentence, &sentence.mentions[number], side, candidate, &mut self.features)
            }
        };
        let mut sums = [0; HIDDEN];
        scorer.vectors.add_all(&self.features, &mut self.rows, &mut sums);
        (sums, place)
    }
}
