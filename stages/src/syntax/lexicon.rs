//! What is known of a word form: the features whose vectors make up its own.

use std::collections::{BTreeSet, HashMap};

use crate::learn::hash::{self, Hashed};
use crate::model::{ModelError, ModelFile, ModelWriter};

/// Version of the features; a model made with another is refused.
pub(crate) const VERSION: u32 = 4;

/// Feature of no word: beside the sentence.
pub(crate) const NONE: u32 = 0;
/// Feature of the root, which stands behind the last word.
pub(crate) const ROOT: u32 = 1;
/// Feature of every form that is not in the vocabulary.
pub(crate) const UNKNOWN: u32 = 2;
/// Features that are not looked up.
const FIXED: u32 = 3;

/// Classes of a form by its distribution; zero is unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Classes {
    /// One of some thousand, by the words around it in a window.
    fine: u16,
    /// One of a thousand, by the words next to it.
    brown: u16,
}

/// The features of a language's words.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lexicon {
    /// Keys of the forms, affixes and shapes that have a feature, sorted.
    keys: Vec<u32>,
    rows: Hashed<u32, u32>,
    classes: Hashed<u32, Classes>,
    /// For each fine class a coarser one, from 1 on.
    coarse: Vec<u16>,
    /// The Brown cluster behind each number, from 1 on, and the numbers of its shorter prefixes.
    brown: Vec<u32>,
    prefixes: Vec<[u16; 2]>,
}

/// Templates of features, kept apart by these numbers.
#[derive(Clone, Copy)]
enum Template {
    Form = 1,
    Ending,
    Beginning,
    Shape,
}

fn key(template: Template, text: &str) -> u32 {
    fold(hash::mix(template as u64, hash::bytes(text.as_bytes())))
}

fn fold(hash: u64) -> u32 {
    (hash ^ hash >> 32) as u32
}

/// The form in lower case with all digits alike: what its feature goes by.
fn normal(form: &str) -> String {
    let normal = |c: char| match c {
        '0'..='9' => '0',
        '’' => '\'',
        c => c,
    };
    form.chars().flat_map(char::to_lowercase).map(normal).collect()
}

/// `Xx`, `X.X.`, `0-x`: letters and digits by kind, repetitions left out.
fn shape(form: &str) -> String {
    let mut shape = String::new();
    for c in form.chars().take(20) {
        let kind = match c {
            c if c.is_uppercase() => 'X',
            c if c.is_alphabetic() => 'x',
            c if c.is_numeric() => '0',
            c => c,
        };
        if !shape.ends_with(kind) || !kind.is_alphanumeric() {
            shape.push(kind);
        }
    }
    shape
}

/// The first and last characters of a form that are features, shortest first.
fn affixes(normal: &str) -> impl Iterator<Item = (Template, &str)> {
    let endings =
        normal.char_indices().rev().take(4).skip(1).map(|(at, _)| (Template::Ending, &normal[at..]));
    let beginnings = normal.char_indices().skip(2).take(2);
    endings.chain(beginnings.map(|(at, _)| (Template::Beginning, &normal[..at])))
}

impl Lexicon {
    /// Appends the features of a form, the one of the form itself first.
    pub(crate) fn features(&self, form: &str, features: &mut Vec<u32>) {
        let normal = normal(form);
        features.push(self.rows.get(&key(Template::Form, &normal)).copied().unwrap_or(UNKNOWN));
        let known = |(template, text): (Template, &str)| self.rows.get(&key(template, text)).copied();
        features.extend(affixes(&normal).filter_map(known));
        features.extend(known((Template::Shape, &shape(form))));
        self.classes(form, &normal, features);
    }

    fn classes(&self, form: &str, normal: &str, features: &mut Vec<u32>) {
        let find = |text: &str| self.classes.get(&fold(hash::bytes(text.as_bytes()))).copied();
        let lower = find(normal).unwrap_or_default();
        let exact = find(form).unwrap_or_default();
        let fine = u32::from(lower.fine);
        let brown = u32::from(if exact.brown == 0 { lower.brown } else { exact.brown });
        let mut base = FIXED + self.keys.len() as u32;
        features.push(base + fine);
        base += self.coarse.len() as u32 + 1;
        if fine > 0 {
            features.push(base + u32::from(self.coarse[fine as usize - 1]));
        }
        base += COARSE;
        features.push(base + brown);
        base += self.brown.len() as u32 + 1;
        if brown > 0 {
            let [ten, six] = self.prefixes[brown as usize - 1].map(u32::from);
            features.extend([base + ten, base + self.brown.len() as u32 + six]);
        }
    }

    /// How many features there are.
    pub(crate) fn len(&self) -> usize {
        FIXED as usize + self.keys.len() + self.coarse.len() + 1 + COARSE as usize + 3 * self.brown.len() + 1
    }

    /// Adds to the classes those of two tables. `distribution` has lines of `word, k64, k256, k1024, k4096` under
    /// a heading, `brown` of `word, cluster`; frequent words first. At most so many words are taken of each.
    pub(crate) fn add_classes(&mut self, distribution: &str, brown: &str, most: [usize; 2]) {
        let mut votes: HashMap<(u16, u16), f64> = HashMap::new();
        for (rank, line) in distribution.lines().skip(1).take(most[0]).enumerate() {
            let fields: Vec<&str> = line.split('\t').collect();
            let [word, _, coarse, _, fine] = fields[..] else { continue };
            let (Ok(coarse), Ok(fine)) = (coarse.parse::<u16>(), fine.parse::<u16>()) else { continue };
            self.classes.entry(fold(hash::bytes(word.as_bytes()))).or_default().fine = fine + 1;
            *votes.entry((fine, coarse)).or_default() += 1.0 / (rank + 10) as f64;
        }
        self.coarse = majority(&votes);
        let rows: Vec<(&str, u32)> = brown
            .lines()
            .filter_map(|line| line.split_once('\t'))
            .filter_map(|(word, cluster)| Some((word, cluster.trim().parse().ok()?)))
            .collect();
        self.brown = rows.iter().map(|row| row.1).collect::<BTreeSet<u32>>().into_iter().collect();
        for (rank, (word, cluster)) in rows.iter().enumerate() {
            let hash = fold(hash::bytes(word.as_bytes()));
            if rank < most[1] || self.classes.contains_key(&hash) {
                let number = self.brown.binary_search(cluster).unwrap_or(0) as u16 + 1;
                self.classes.entry(hash).or_default().brown = number;
            }
        }
        self.index_prefixes();
    }

    fn index_prefixes(&mut self) {
        let number = |mask: u32| {
            let set: BTreeSet<u32> = self.brown.iter().map(|cluster| cluster & mask).collect();
            let list: Vec<u32> = set.into_iter().collect();
            move |cluster: u32| list.binary_search(&(cluster & mask)).unwrap_or(0) as u16
        };
        let (ten, six) = (number(0x3FF), number(0x3F));
        self.prefixes = self.brown.iter().map(|&cluster| [ten(cluster), six(cluster)]).collect();
    }

    /// Gives a feature to each form that occurs `least[0]` times, and to each affix and shape that `least[1]`
    /// different forms have.
    pub(crate) fn add_forms<'a>(&mut self, forms: impl Iterator<Item = &'a str>, least: [u32; 2]) {
        let mut counts: HashMap<&str, u32> = HashMap::new();
        forms.for_each(|form| *counts.entry(form).or_default() += 1);
        let (mut words, mut parts): (HashMap<u32, u32>, HashMap<u32, u32>) = Default::default();
        for (form, count) in counts {
            let normal = normal(form);
            *words.entry(key(Template::Form, &normal)).or_default() += count;
            for (template, text) in affixes(&normal) {
                *parts.entry(key(template, text)).or_default() += 1;
            }
            *parts.entry(key(Template::Shape, &shape(form))).or_default() += 1;
        }
        let often = |counts: HashMap<u32, u32>, least: u32| {
            counts.into_iter().filter(move |(_, count)| *count >= least).map(|(key, _)| key)
        };
        let keys: BTreeSet<u32> = often(words, least[0]).chain(often(parts, least[1])).collect();
        self.keys = keys.into_iter().collect();
        self.index();
    }

    fn index(&mut self) {
        self.rows = self.keys.iter().copied().zip(FIXED..).collect();
    }

    pub(crate) fn write(&self, writer: &mut ModelWriter) {
        writer.section("lexicon.keys", &self.keys);
        let mut words: Vec<(u32, Classes)> = self.classes.iter().map(|(key, of)| (*key, *of)).collect();
        words.sort_unstable_by_key(|word| word.0);
        writer.section("lexicon.words", &words.iter().map(|word| word.0).collect::<Vec<u32>>());
        let classes: Vec<[u16; 2]> = words.iter().map(|(_, of)| [of.fine, of.brown]).collect();
        writer.section("lexicon.classes", &classes);
        writer.section("lexicon.coarse", &self.coarse);
        writer.section("lexicon.brown", &self.brown);
    }

    pub(crate) fn read(file: &ModelFile<'_>) -> Result<Self, ModelError> {
        let words: Vec<u32> = file.section("lexicon.words")?;
        let classes: Vec<[u16; 2]> = file.section("lexicon.classes")?;
        let mut lexicon = Self {
            keys: file.section("lexicon.keys")?,
            coarse: file.section("lexicon.coarse")?,
            brown: file.section("lexicon.brown")?,
            ..Self::default()
        };
        let most = [lexicon.coarse.len(), lexicon.brown.len()];
        let sound = |of: &[u16; 2]| usize::from(of[0]) <= most[0] && usize::from(of[1]) <= most[1];
        if words.len() != classes.len()
            || !classes.iter().all(sound)
            || lexicon.coarse.iter().any(|&class| u32::from(class) >= COARSE)
        {
            return Err(ModelError::Section("lexicon.classes".to_owned(), "does not fit its words"));
        }
        let classes = classes.into_iter().map(|[fine, brown]| Classes { fine, brown });
        lexicon.classes = words.into_iter().zip(classes).collect();
        lexicon.index();
        lexicon.index_prefixes();
        Ok(lexicon)
    }
}

/// Most coarse classes.
const COARSE: u32 = 256;

/// For each first number the second that most votes are for.
fn majority(votes: &HashMap<(u16, u16), f64>) -> Vec<u16> {
    let mut ballots: Vec<(u16, f64, u16)> = votes.iter().map(|(&(a, b), &weight)| (a, weight, b)).collect();
    ballots.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(b.2.cmp(&a.2)));
    let len = ballots.last().map_or(0, |ballot| usize::from(ballot.0) + 1);
    let mut most = vec![0; len];
    ballots.into_iter().for_each(|(a, _, b)| most[usize::from(a)] = b);
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lexicon() -> Lexicon {
        let mut lexicon = Lexicon::default();
        let classes =
            "word\tk64\tk256\tk1024\tk4096\nriver\t1\t7\t9\t3\nlake\t1\t7\t9\t3\nsing\t2\t8\t9\t5\n";
        lexicon.add_classes(classes, "river\t38\nRiver\t1062\nsing\t6\n", [10, 10]);
        lexicon.add_forms("river River sing singing ringing bringing 1999".split(' '), [1, 3]);
        lexicon
    }

    fn features(lexicon: &Lexicon, form: &str) -> Vec<u32> {
        let mut features = Vec::new();
        lexicon.features(form, &mut features);
        assert!(features.iter().all(|&feature| (feature as usize) < lexicon.len()), "{form}: {features:?}");
        features
    }

    #[test]
    fn forms_share_features_by_case_digits_endings_and_classes() {
        let lexicon = lexicon();
        let shared = |a: &str, b: &str| {
            let (a, b) = (features(&lexicon, a), features(&lexicon, b));
            a.iter().filter(|feature| b.contains(feature)).count()
        };
        assert_eq!(features(&lexicon, "RIVER")[0], features(&lexicon, "river")[0]);
        assert_eq!(features(&lexicon, "1999")[0], features(&lexicon, "2024")[0]);
        assert_eq!(features(&lexicon, "unheard")[0], UNKNOWN);
        assert!(shared("stinging", "bringing") >= 3, "three endings are known");
        assert!(shared("lake", "river") > shared("sing", "river"), "one class of words");
        assert_ne!(features(&lexicon, "River"), features(&lexicon, "river"), "clusters know capitals");
    }

    #[test]
    fn it_comes_back_from_a_model_file() {
        use crate::model::{Expected, Header};
        let lexicon = lexicon();
        let mut writer = ModelWriter::new(Header { kind: "x".into(), ..Header::default() });
        lexicon.write(&mut writer);
        let bytes = writer.finish();
        let expected = Expected { kind: "x", features: 0, tokenizer: None };
        let again = Lexicon::read(&ModelFile::read(&bytes, &expected).unwrap()).unwrap();
        for form in ["River", "singing", "lake", "no-one", "é", ""] {
            assert_eq!(features(&again, form), features(&lexicon, form), "{form}");
        }
    }
}
