//! Relations of one sentence that cannot well hold together: the likelier one stays.

use super::is_symmetric;
use super::sentence::Mention;
use super::spread::Pair;

/// A relation about to be stated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Claim {
    /// The mentions, in text order.
    pub pair: Pair,
    /// Whether the second is the head.
    pub backwards: bool,
    pub label: u16,
    /// The item of the word that states it.
    pub item: Option<usize>,
    pub probability: f32,
}

/// First and last item of the enumeration that a name stands in.
type Group = (usize, usize);

impl Claim {
    fn groups(&self, mentions: &[Mention]) -> [Group; 2] {
        [mentions[self.pair.0].group, mentions[self.pair.1].group]
    }

    /// Groups of head and tail.
    fn ends(&self, mentions: &[Mention]) -> [Group; 2] {
        let [first, second] = self.groups(mentions);
        if self.backwards { [second, first] } else { [first, second] }
    }

    fn within_a_group(&self, mentions: &[Mention]) -> bool {
        let [first, second] = self.groups(mentions);
        first == second
    }

    /// Whether `other` speaks against this claim.
    ///
    /// In "a deal of A with B and C" the word joins A to the two, and not these to each other. In "A's spokesman B
    /// told C" the post is held by one of the two: a word names one head, or one enumeration of heads, for a tail.
    fn is_outdone(&self, other: &Self, symmetric: bool, mentions: &[Mention]) -> bool {
        if self.label != other.label || other.within_a_group(mentions) {
            return false;
        }
        if self.within_a_group(mentions) {
            return other.groups(mentions).contains(&mentions[self.pair.0].group);
        }
        let ([head, tail], [other_head, other_tail]) = (self.ends(mentions), other.ends(mentions));
        let one_word = self.item.is_some() && self.item == other.item;
        let likelier = other.probability > self.probability;
        !symmetric && one_word && likelier && tail == other_tail && head != other_head
    }
}

/// Whether each of the claims of a sentence stays.
pub(crate) fn kept(claims: &[Claim], labels: &[String], mentions: &[Mention], keep: &mut Vec<bool>) {
    keep.clear();
    keep.extend(claims.iter().map(|claim| {
        let label = labels.get(usize::from(claim.label));
        let symmetric = label.is_some_and(|label| is_symmetric(label));
        claims.len() == 1 || !claims.iter().any(|other| claim.is_outdone(other, symmetric, mentions))
    }));
}

#[cfg(test)]
mod tests {
    use super::super::sentence::Sentence;
    use super::super::types::NameType::{Gpe, Org, Person};
    use super::*;

    const LABELS: [&str; 2] = ["employee_of", "partners_with"];

    /// Claims of label and item, likelier the earlier they stand, and which stay.
    fn stay(row: &Sentence, claims: &[(Pair, bool, u16, usize)]) -> Vec<bool> {
        let claims: Vec<Claim> = claims
            .iter()
            .zip(0_u8..)
            .map(|(&(pair, backwards, label, item), place)| {
                let probability = 0.9 - 0.1 * f32::from(place);
                Claim { pair, backwards, label, item: Some(item), probability }
            })
            .collect();
        let mut keep = Vec::new();
        kept(&claims, &LABELS.map(str::to_owned), &row.mentions, &mut keep);
        keep
    }

    #[test]
    fn a_post_is_held_by_one_of_two_and_by_all_of_an_enumeration() {
        let names = [("Ostia", Gpe), ("Ana Ruiz", Person), ("Ben Hale", Person)];
        let apart = Sentence::of("Ostia spokesman Ana Ruiz told Ben Hale.", &names);
        assert_eq!(stay(&apart, &[((0, 1), true, 0, 1), ((0, 2), true, 0, 1)]), [true, false]);
        assert_eq!(stay(&apart, &[((0, 1), true, 0, 1), ((0, 2), true, 0, 3)]), [true, true]);
        let both = Sentence::of("Ostia ministers Ana Ruiz and Ben Hale.", &names);
        assert_eq!(stay(&both, &[((0, 1), true, 0, 1), ((0, 2), true, 0, 1)]), [true, true]);
    }

    #[test]
    fn partners_of_another_are_not_partners_of_each_other() {
        let names = [("Kestrel", Org), ("Lumen", Org), ("Velden", Org)];
        let row = Sentence::of("Kestrel has a deal with Lumen and Velden.", &names);
        assert_eq!(stay(&row, &[((1, 2), false, 1, 3), ((0, 1), false, 1, 3)]), [false, true]);
        assert_eq!(stay(&row, &[((1, 2), false, 1, 3)]), [true]);
    }
}
