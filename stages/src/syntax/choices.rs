//! What is worth weighing: the tags a word has had, the labels that arcs between two tags have had. It saves most
//! of the time that outcomes nobody would believe in take, and keeps them out.

use std::collections::{BTreeMap, BTreeSet};

use super::view::{FIRST_TAG, ROOT_TAG};
use crate::model::{ModelError, ModelFile, ModelWriter};

/// A form seen so often has no other tags; one in lower case needs less.
const LEAST: [u32; 2] = [10, 100];
/// Of arcs between two tags seen so often, labels seen once are mistakes.
const SURE: u32 = 50;

/// Sets of outcomes, by number; set 0 has all of them.
#[derive(Clone, Debug, Default)]
struct Sets {
    ends: Vec<u32>,
    members: Vec<u8>,
}

impl Sets {
    /// The number of a set.
    fn add(&mut self, set: &BTreeSet<u8>, numbers: &mut BTreeMap<BTreeSet<u8>, u16>) -> u16 {
        *numbers.entry(set.clone()).or_insert_with(|| {
            self.members.extend(set);
            self.ends.push(self.members.len() as u32);
            self.ends.len() as u16 - 1
        })
    }

    fn get(&self, number: u16) -> &[u8] {
        let end = |number: usize| self.ends[number] as usize;
        let start = usize::from(number).checked_sub(1).map_or(0, end);
        &self.members[start..end(usize::from(number))]
    }
}

/// The choices of a model.
#[derive(Clone, Debug, Default)]
pub(crate) struct Choices {
    tags: Sets,
    /// Of forms by feature: the set in lower case, and with a capital.
    of_form: Vec<[u16; 2]>,
    labels: Sets,
    /// Sets of labels by tag of the dependent, tag of the head, and side.
    of_arc: Vec<u16>,
    /// How many tags there are, none and the root among them.
    width: usize,
}

/// Tags and arcs seen in a treebank.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// By feature of the form, each tag's count.
    pub(crate) forms: BTreeMap<u32, BTreeMap<u8, u32>>,
    /// By tag of the dependent, tag of the head, and whether the head is behind: each label's count.
    pub(crate) arcs: BTreeMap<(u16, u16, bool), BTreeMap<u8, u32>>,
}

impl Choices {
    /// From what was seen, for so many features, tags and labels.
    pub(crate) fn new(seen: &Seen, features: usize, tags: usize, labels: usize) -> Self {
        let mut choices = Self { width: tags + usize::from(FIRST_TAG), ..Self::default() };
        choices.forms(seen, features, tags);
        choices.arcs(seen, labels);
        choices
    }

    fn forms(&mut self, seen: &Seen, features: usize, tags: usize) {
        let count = |tags: &BTreeMap<u8, u32>| tags.values().sum::<u32>();
        let rare = seen.forms.values().filter(|tags| count(tags) < LEAST[0]);
        let open: BTreeSet<u8> = rare.flat_map(|tags| tags.keys().copied()).collect();
        let open = if open.is_empty() { (0..tags as u8).collect() } else { open };
        let mut numbers = BTreeMap::new();
        self.tags.add(&open, &mut numbers);
        self.of_form = vec![[0; 2]; features];
        for (&form, tags) in &seen.forms {
            let set: BTreeSet<u8> = tags.keys().copied().collect();
            for (of, least) in self.of_form[form as usize].iter_mut().zip(LEAST) {
                if count(tags) >= least {
                    *of = self.tags.add(&set, &mut numbers);
                }
            }
        }
    }

    fn arcs(&mut self, seen: &Seen, labels: usize) {
        let mut numbers = BTreeMap::new();
        self.labels.add(&(0..labels as u8).collect(), &mut numbers);
        let mut of_dependent: BTreeMap<(u16, bool), BTreeMap<u8, u32>> = BTreeMap::new();
        for (&(tag, _, behind), counts) in &seen.arcs {
            let all = of_dependent.entry((tag, behind)).or_default();
            counts.iter().for_each(|(&label, count)| *all.entry(label).or_default() += count);
        }
        self.of_arc = vec![0; self.width * self.width * 2];
        for tag in 0..self.width as u16 {
            for (head, behind) in (0..self.width as u16).flat_map(|head| [(head, false), (head, true)]) {
                let counts = seen.arcs.get(&(tag, head, behind)).or_else(|| of_dependent.get(&(tag, behind)));
                let Some(counts) = counts else { continue };
                let sure = counts.values().sum::<u32>() >= SURE;
                let often = counts.iter().filter(|(_, count)| !sure || **count > 1);
                let set: BTreeSet<u8> = often.map(|(label, _)| *label).collect();
                let number = self.labels.add(&set, &mut numbers);
                let at = self.arc(tag, head, behind);
                self.of_arc[at] = number;
            }
        }
    }

    fn arc(&self, tag: u16, head: u16, behind: bool) -> usize {
        (usize::from(tag) * self.width + usize::from(head)) * 2 + usize::from(behind)
    }

    /// Number of the set of tags that a form may have, given its feature.
    pub(crate) fn set_of_form(&self, feature: u32, capital: bool) -> u16 {
        self.of_form[feature as usize][usize::from(capital)]
    }

    /// The tags of a set.
    pub(crate) fn tags(&self, set: u16) -> &[u8] {
        self.tags.get(set)
    }

    /// The labels that an arc may have.
    pub(crate) fn labels(&self, tag: u16, head: u16, behind: bool) -> &[u8] {
        self.labels.get(self.of_arc[self.arc(tag, head, behind)])
    }

    pub(crate) fn write(&self, writer: &mut ModelWriter) {
        writer.section("choices.tags.ends", &self.tags.ends);
        writer.section("choices.tags", &self.tags.members);
        writer.section("choices.forms", &self.of_form);
        writer.section("choices.labels.ends", &self.labels.ends);
        writer.section("choices.labels", &self.labels.members);
        writer.section("choices.arcs", &self.of_arc);
    }

    /// Reads the choices among so many tags and labels.
    pub(crate) fn read(
        file: &ModelFile<'_>,
        features: usize,
        tags: usize,
        labels: usize,
    ) -> Result<Self, ModelError> {
        let sets = |name: &str| -> Result<Sets, ModelError> {
            Ok(Sets { ends: file.section(&format!("{name}.ends"))?, members: file.section(name)? })
        };
        let choices = Self {
            tags: sets("choices.tags")?,
            of_form: file.section("choices.forms")?,
            labels: sets("choices.labels")?,
            of_arc: file.section("choices.arcs")?,
            width: tags + usize::from(FIRST_TAG),
        };
        let fits = |sets: &Sets, outcomes: usize, most: Option<u16>| {
            let mut rising = sets.ends.iter().scan(0, |last, &end| Some(end > std::mem::replace(last, end)));
            rising.all(|one| one)
                && sets.ends.last().map(|&end| end as usize) == Some(sets.members.len())
                && sets.members.iter().all(|&member| usize::from(member) < outcomes)
                && most.is_none_or(|most| usize::from(most) < sets.ends.len())
        };
        let sound = choices.of_form.len() == features
            && choices.of_arc.len() == choices.width * choices.width * 2
            && fits(&choices.tags, tags, choices.of_form.iter().flatten().copied().max())
            && fits(&choices.labels, labels, choices.of_arc.iter().copied().max());
        match sound {
            true => Ok(choices),
            false => Err(ModelError::Section("choices".to_owned(), "does not fit the labels")),
        }
    }
}

impl Seen {
    /// Adds a sentence: features of forms, tags, heads and labels by word, as training has them.
    pub(crate) fn add(&mut self, forms: &[u32], gold: &[u16], tags: &[u16], heads: &[u32], labels: &[u16]) {
        for word in 1..tags.len() - 1 {
            let own = self.forms.entry(forms[word]).or_default();
            *own.entry((gold[word] - FIRST_TAG) as u8).or_default() += 1;
            let head = heads[word] as usize;
            let arc = (tags[word], tags[head], head > word);
            *self.arcs.entry(arc).or_default().entry((labels[word] - 1) as u8).or_default() += 1;
        }
        debug_assert_eq!(tags.last(), Some(&ROOT_TAG));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A form of feature 3 with tag 0 a hundred times, one of feature 4 with tags 0 and 2 ten times, rare ones with
    /// tag 1; arcs from tag 2 to the root.
    fn choices() -> Choices {
        let mut seen = Seen::default();
        seen.forms.insert(3, BTreeMap::from([(0, 100)]));
        seen.forms.insert(4, BTreeMap::from([(0, 6), (2, 4)]));
        seen.forms.insert(5, BTreeMap::from([(1, 2)]));
        seen.arcs.insert((2, ROOT_TAG, true), BTreeMap::from([(0, 60), (1, 1), (2, 2)]));
        Choices::new(&seen, 8, 3, 4)
    }

    #[test]
    fn frequent_forms_have_the_tags_they_had_and_others_the_open_ones() {
        let choices = choices();
        let tags = |feature, capital| choices.tags(choices.set_of_form(feature, capital)).to_vec();
        assert_eq!((tags(3, false), tags(3, true)), (vec![0], vec![0]));
        assert_eq!((tags(4, false), tags(4, true)), (vec![0, 2], vec![1]));
        assert_eq!((tags(5, false), tags(7, false)), (vec![1], vec![1]));
    }

    #[test]
    fn arcs_have_the_labels_they_had_more_than_once() {
        let choices = choices();
        assert_eq!(choices.labels(2, ROOT_TAG, true), [0, 2]);
        assert_eq!(choices.labels(2, 3, true), [0, 2], "another head: as with all heads");
        assert_eq!(choices.labels(3, 2, false), [0, 1, 2, 3], "never seen: all");
    }
}
