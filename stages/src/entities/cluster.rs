//! Joins the names of one thing in a document: full and short names, long forms and acronyms.
//!
//! Every longer name offers keys (its last word, its initials, ...) under which a shorter one of the same type
//! may find it. Where several offer the same key, the short name goes to the one last introduced before it,
//! else to the first introduced after it. Names are joined by what they look like, never by what they resemble:
//! a wrong join costs more than a missing one.

use pipeline_core::Span;

use super::Entity;
use crate::learn::hash;

/// How a short name may relate to a longer one; joined in this order of preference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Link {
    /// Same words but for case and full stops.
    Same,
    /// Last word of a person's name.
    Last,
    /// First and last word of a person's name.
    Ends,
    /// First word of a person's name.
    First,
    /// A word inside a person's name.
    Middle,
    /// Initials of the capitalised words, or of all.
    Initials,
    /// The last words.
    Suffix,
    /// The first words.
    Prefix,
}

/// Words that come after a person's last name.
const AFTER_NAME: [&[u8]; 6] = [b"jr", b"sr", b"ii", b"iii", b"iv", b"phd"];

/// Words that may be left out at the end of a place's name.
const PLACE_KINDS: [&[u8]; 12] = [
    b"city",
    b"strip",
    b"province",
    b"county",
    b"state",
    b"region",
    b"district",
    b"valley",
    b"island",
    b"islands",
    b"republic",
    b"of",
];

/// Other ways to write a name that no rule of form would find.
const ALIASES: [(&str, &str); 6] = [
    ("united states of america", "united states"),
    ("usa", "united states"),
    ("america", "united states"),
    ("great britain", "united kingdom"),
    ("britain", "united kingdom"),
    ("burma", "myanmar"),
];

/// Memory for joining, reused from document to document.
#[derive(Debug, Default)]
pub struct Joiner {
    /// Lower-case words of the name in hand, without full stops, each with its place in `letters` and its hash.
    words: Vec<(std::ops::Range<usize>, u64)>,
    letters: Vec<u8>,
    /// First letters of capitalised words and of all words.
    initials: [String; 2],
    /// Different names: hash of text and type, number of the first entity so called.
    names: Vec<(u64, u32)>,
    /// Names by hash, with their numbers in order of first mention.
    by_hash: Vec<(u64, u32)>,
    keys: Vec<u64>,
    /// For each entity, its name (an index into `names` ordered by first entity).
    name_of: Vec<u32>,
    /// Keys offered: hash, name.
    offers: Vec<(u64, u32)>,
    /// For each name the name it is joined to.
    parents: Vec<u32>,
    numbers: Vec<u32>,
}

impl Joiner {
    /// Sets the clusters of `entities`, which are in order of place. `labels` are the types' names.
    pub fn join(&mut self, text: &str, entities: &mut [Entity], labels: &[String]) {
        self.find_names(text, entities);
        self.offers.clear();
        self.parents.clear();
        self.parents.extend(0..self.names.len() as u32);
        for name in 0..self.names.len() {
            self.offer(text, &entities[self.names[name].1 as usize], name as u32, labels);
        }
        self.offers.sort_unstable();
        for name in 0..self.names.len() {
            if let Some(other) = self.longer(text, entities, name as u32, labels) {
                let (a, b) = (self.root(name as u32), self.root(other));
                self.parents[a.max(b) as usize] = a.min(b);
            }
        }
        self.write(entities);
    }

    fn find_names(&mut self, text: &str, entities: &[Entity]) {
        let key = |e: &Entity| hash::mix(hash::bytes(text[e.span.range()].as_bytes()), u64::from(e.label));
        self.keys.clear();
        self.keys.extend(entities.iter().map(key));
        self.names.clear();
        self.names.extend(self.keys.iter().zip(0..).map(|(&key, entity)| (key, entity)));
        self.names.sort_unstable();
        self.names.dedup_by_key(|name| name.0);
        // Name numbers follow the order of first mention; look-up goes by hash.
        self.names.sort_unstable_by_key(|name| name.1);
        self.by_hash.clear();
        self.by_hash.extend(self.names.iter().zip(0..).map(|(&(hash, _), number)| (hash, number)));
        self.by_hash.sort_unstable();
        self.name_of.clear();
        let by_hash = &self.by_hash;
        let number = |&key: &u64| by_hash[by_hash.partition_point(|&(hash, _)| hash < key)].1;
        self.name_of.extend(self.keys.iter().map(number));
    }

    /// Puts the words of a name into `words`, lower-case, without full stops, a leading "the" and possessives.
    fn read(&mut self, name: &str) {
        self.words.clear();
        self.letters.clear();
        self.initials.iter_mut().for_each(String::clear);
        for word in name.split(|c: char| c.is_whitespace() || c == ',') {
            let word = without(without(word, "'s"), "’s");
            let start = self.letters.len();
            if word.is_ascii() {
                let letters = word.bytes().filter(|&b| b != b'.');
                self.letters.extend(letters.map(|b| b.to_ascii_lowercase()));
            } else {
                let letters = word.chars().filter(|&c| c != '.').flat_map(char::to_lowercase);
                letters.for_each(|c| self.letters.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()));
            }
            let first = word.chars().find(|c| c.is_alphanumeric());
            if self.letters.len() == start || (self.words.is_empty() && &self.letters[start..] == b"the") {
                self.letters.truncate(start);
                continue;
            }
            self.words.push((start..self.letters.len(), hash::bytes(&self.letters[start..])));
            if let Some(first) = first {
                self.initials[1].extend(first.to_lowercase());
                if first.is_uppercase() {
                    self.initials[0].extend(first.to_lowercase());
                }
            }
        }
        while self.words.len() > 1 && AFTER_NAME.contains(&self.word(self.words.len() - 1)) {
            self.words.pop();
        }
    }

    fn word(&self, at: usize) -> &[u8] {
        &self.letters[self.words[at].0.clone()]
    }

    fn phrase(&self, words: std::ops::Range<usize>) -> u64 {
        words.fold(0, |sum, at| hash::mix(sum, self.words[at].1))
    }

    /// The key under which the words of the name in hand are found as a whole.
    fn whole(&self) -> u64 {
        let count = self.words.len();
        let same = |from: &str| {
            let mut words = from.split(' ');
            (0..count).all(|at| words.next().map(str::as_bytes) == Some(self.word(at)))
                && words.next().is_none()
        };
        let first = self.words.first().map_or(&b""[..], |_| self.word(0));
        let alias = ALIASES.iter().find(|(from, _)| from.as_bytes().starts_with(first) && same(from));
        match alias {
            Some((_, to)) => to.split(' ').fold(0, |sum, word| hash::mix(sum, hash::bytes(word.as_bytes()))),
            None => self.phrase(0..count),
        }
    }

    fn offer(&mut self, text: &str, entity: &Entity, name: u32, labels: &[String]) {
        self.read(&text[entity.span.range()]);
        let (count, kind) = (self.words.len(), u64::from(entity.label));
        let mut offers = std::mem::take(&mut self.offers);
        let mut offer = |link: Link, key: u64| offers.push((offer_key(kind, link, key), name));
        offer(Link::Same, self.whole());
        if labels[usize::from(entity.label)].starts_with("PER") && count > 1 {
            self.offer_person(&mut offer);
        }
        if count > 1 {
            self.offer_parts(labels[usize::from(entity.label)] == "GPE", &mut offer);
        }
        self.offers = offers;
    }

    /// By which words of a person's name the others may call them.
    fn offer_person(&self, offer: &mut impl FnMut(Link, u64)) {
        let count = self.words.len();
        offer(Link::Last, self.phrase(count - 1..count));
        let last = self.word(count - 1);
        if let Some(hyphen) = last.iter().rposition(|&b| b == b'-') {
            offer(Link::Last, hash::mix(0, hash::bytes(&last[hyphen + 1..])));
        }
        offer(Link::Ends, hash::mix(self.phrase(0..1), self.phrase(count - 1..count)));
        offer(Link::First, self.phrase(0..1));
        (1..count - 1).for_each(|at| offer(Link::Middle, self.phrase(at..at + 1)));
    }

    /// Initials, first and last words.
    fn offer_parts(&self, place: bool, offer: &mut impl FnMut(Link, u64)) {
        let count = self.words.len();
        for initials in &self.initials {
            offer(Link::Initials, hash::bytes(initials.as_bytes()));
        }
        if !place {
            (1..count).for_each(|at| offer(Link::Suffix, self.phrase(at..count)));
        }
        let shortest = if place { count - 1 } else { 1 };
        if !place || PLACE_KINDS.contains(&self.word(count - 1)) {
            (shortest..count).for_each(|at| offer(Link::Prefix, self.phrase(0..at)));
        }
    }

    /// The name that `name` is short for, or the same as.
    fn longer(&mut self, text: &str, entities: &[Entity], name: u32, labels: &[String]) -> Option<u32> {
        let first = self.names[name as usize].1 as usize;
        let entity = entities[first];
        let written = &text[entity.span.range()];
        self.read(written);
        let count = self.words.len();
        if count == 0 {
            return None;
        }
        let kind = u64::from(entity.label);
        let find = |link: Link, key: u64| self.pick(offer_key(kind, link, key), name);
        let whole = self.phrase(0..count);
        // A later spelling finds this one by itself.
        if let Some(found) = find(Link::Same, self.whole()).filter(|&other| other < name) {
            return Some(found);
        }
        if labels[usize::from(entity.label)].starts_with("PER") {
            if count == 1 {
                return find(Link::Last, whole)
                    .or_else(|| find(Link::First, whole))
                    .or_else(|| find(Link::Middle, whole));
            }
            let ends = hash::mix(self.phrase(0..1), self.phrase(count - 1..count));
            return find(Link::Ends, ends)
                .or_else(|| find(Link::Suffix, whole))
                .or_else(|| find(Link::Prefix, whole));
        }
        let acronym = count == 1 && written.chars().filter(|c| c.is_uppercase()).count() >= 2;
        let initials = if acronym { find(Link::Initials, hash::bytes(&self.letters)) } else { None };
        initials
            .or_else(|| if acronym { self.bracketed(text, entities, first) } else { None })
            .or_else(|| find(Link::Suffix, whole))
            .or_else(|| find(Link::Prefix, whole))
    }

    /// The name right before an acronym in brackets, if of the same type and beginning with the same letter.
    fn bracketed(&self, text: &str, entities: &[Entity], at: usize) -> Option<u32> {
        let (before, own) = (entities.get(at.checked_sub(1)?)?, &entities[at]);
        let between = Span::new(before.span.end, own.span.start);
        let letter = |e: &Entity| text[e.span.range()].chars().next();
        let bracketed = text[between.range()].trim() == "(" && text[own.span.end as usize..].starts_with(')');
        (bracketed && before.label == own.label && letter(before) == letter(own))
            .then(|| self.name_of[at - 1])
    }

    /// Among the names that offer a key, the last before `name`, else the first after it.
    fn pick(&self, key: u64, name: u32) -> Option<u32> {
        let start = self.offers.partition_point(|offer| offer.0 < key);
        let offers = self.offers[start..].iter().take_while(|offer| offer.0 == key).map(|offer| offer.1);
        let (mut before, mut after) = (None, None);
        for other in offers {
            if other < name {
                before = Some(other);
            } else if other > name && after.is_none() {
                after = Some(other);
            }
        }
        before.or(after)
    }

    fn root(&self, mut name: u32) -> u32 {
        while self.parents[name as usize] != name {
            name = self.parents[name as usize];
        }
        name
    }

    /// Clusters are numbered in order of first mention.
    fn write(&mut self, entities: &mut [Entity]) {
        self.numbers.clear();
        self.numbers.resize(self.names.len(), u32::MAX);
        let mut next = 0;
        for (entity, &name) in entities.iter_mut().zip(&self.name_of) {
            let mut root = name;
            while self.parents[root as usize] != root {
                root = self.parents[root as usize];
            }
            if self.numbers[root as usize] == u32::MAX {
                self.numbers[root as usize] = next;
                next += 1;
            }
            entity.cluster = self.numbers[root as usize];
        }
    }
}

/// A word without an ending, however often it stands there.
fn without<'a>(mut word: &'a str, ending: &str) -> &'a str {
    while let Some(rest) = word.strip_suffix(ending) {
        word = rest;
    }
    word
}

fn offer_key(kind: u64, link: Link, key: u64) -> u64 {
    hash::mix(key, kind << 8 | link as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Clusters of names found by their text, in the order given.
    fn clusters(text: &str, names: &[(&str, &str)]) -> Vec<u32> {
        let labels: Vec<String> = ["PERSON", "ORG", "GPE"].iter().map(|s| (*s).to_owned()).collect();
        let mut from = 0;
        let mut entities: Vec<Entity> = names
            .iter()
            .map(|(name, label)| {
                let start = from + text[from..].find(name).expect("the name stands in the text");
                from = start + name.len();
                let label = labels.iter().position(|l| l == label).expect("a label of the list") as u16;
                Entity { span: Span::new(start as u32, from as u32), label, ..Entity::default() }
            })
            .collect();
        Joiner::default().join(text, &mut entities, &labels);
        entities.iter().map(|e| e.cluster).collect()
    }

    #[test]
    fn a_last_name_goes_to_the_person_introduced_before() {
        let text = "Maria Keller met Jon Weiss. Keller smiled. Later Peter Keller came, and Weiss left.";
        let names = ["Maria Keller", "Jon Weiss", "Keller", "Peter Keller", "Weiss"].map(|n| (n, "PERSON"));
        assert_eq!(clusters(text, &names), [0, 1, 0, 2, 1]);
    }

    #[test]
    fn a_headline_may_use_the_short_name_first() {
        let text = "Keller resigns\n\nMinister Maria Keller resigned.";
        assert_eq!(clusters(text, &[("Keller", "PERSON"), ("Maria Keller", "PERSON")]), [0, 0]);
    }

    #[test]
    fn acronyms_find_their_long_form() {
        let text =
            "The North Sea Rail Union (NSRU) and Bundesbahn Holding (BHX): NSRU struck, B.H.X. did not.";
        let names = ["North Sea Rail Union", "NSRU", "Bundesbahn Holding", "BHX", "NSRU", "B.H.X."]
            .map(|n| (n, "ORG"));
        assert_eq!(clusters(text, &names), [0, 0, 1, 1, 0, 1]);
        let text = "The United States and the U.S. and America";
        let names = ["United States", "U.S.", "America"].map(|n| (n, "GPE"));
        assert_eq!(clusters(text, &names), [0, 0, 0]);
    }

    #[test]
    fn different_things_stay_apart() {
        let text = "North Korea and South Korea; Korea. Paris in Paris Match.";
        let names = [
            ("North Korea", "GPE"),
            ("South Korea", "GPE"),
            ("Korea", "GPE"),
            ("Paris", "GPE"),
            ("Paris Match", "ORG"),
        ];
        assert_eq!(clusters(text, &names), [0, 1, 2, 3, 4]);
    }
}
