//! What the tagger sees of a word. Trainer and tagger share this file.
//!
//! All but a few features of a position are those of one word at one distance. They depend on nothing but the
//! word and its [`Setting`], so that their weights can be added up once per word and kept.

use super::lexicon::{self, GRAINS, Lexicon, extend};
use crate::learn::hash;

/// Version of the templates below; a model made with another is refused.
pub(super) const VERSION: u32 = 6;

/// How far to each side the tagger looks.
pub(super) const REACH: usize = 2;

/// Distances looked at: from `REACH` words before to `REACH` words after.
pub(super) const SLOTS: usize = 2 * REACH + 1;

/// What capitals mean where a word stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) enum Setting {
    /// In running text: a capital marks a name.
    #[default]
    Running,
    /// First in a sentence or a quotation: a capital means little.
    Opening,
    /// In a headline with most words capitalised.
    Title,
    /// In a line all in capitals.
    Capitals,
}

/// How a word is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Case {
    /// No letter and no digit.
    #[default]
    Mark,
    /// Only digits and marks.
    Number,
    /// No upper-case letter.
    Lower,
    /// One letter, upper case.
    Letter,
    /// First letter upper case, the others not.
    Initial,
    /// Two or more letters, all upper case.
    Upper,
    /// Upper-case letters after lower-case ones, or lower case first.
    Mixed,
    /// Letters and digits.
    Alphanumeric,
}

/// Number of [`Case`]s.
pub(super) const CASES: usize = 8;

impl Case {
    /// The case of a word.
    #[must_use]
    pub(super) fn of(word: &str) -> Self {
        let (mut upper, mut lower, mut digits) = (0, 0, 0);
        if word.is_ascii() {
            for byte in word.bytes() {
                upper += u32::from(byte.is_ascii_uppercase());
                lower += u32::from(byte.is_ascii_lowercase());
                digits += u32::from(byte.is_ascii_digit());
            }
        } else {
            for c in word.chars() {
                if c.is_uppercase() {
                    upper += 1;
                } else if c.is_alphabetic() {
                    lower += 1;
                } else if c.is_numeric() {
                    digits += 1;
                }
            }
        }
        match (upper, lower, digits) {
            (0, 0, 0) => Self::Mark,
            (0, 0, _) => Self::Number,
            (_, _, 1..) => Self::Alphanumeric,
            (0, _, _) => Self::Lower,
            (1, 0, _) => Self::Letter,
            (_, 0, _) => Self::Upper,
            (1, _, _) if word.starts_with(char::is_uppercase) => Self::Initial,
            _ => Self::Mixed,
        }
    }

    /// Whether a word so written may be part of a name by its looks.
    #[must_use]
    pub(super) const fn capital(self) -> bool {
        matches!(self, Self::Letter | Self::Initial | Self::Upper | Self::Mixed | Self::Alphanumeric)
    }
}

/// A template: the distances (-2..=2, a bit each from the lowest) at which its values count.
#[derive(Clone, Copy, Debug)]
struct Template {
    number: u8,
    slots: u8,
}

const fn at(number: u8, slots: u8) -> Template {
    Template { number, slots }
}

const ALL: u8 = 0b11111;
const NEAR: u8 = 0b01110;
const HERE: u8 = 0b00100;

const WORD: Template = at(1, NEAR);
const WORD_CASE: Template = at(2, NEAR);
const SHAPE: Template = at(3, NEAR);
const CASE: Template = at(4, ALL);
const PREFIX: Template = at(5, HERE);
const SUFFIX: Template = at(6, HERE);
const SUFFIX_NEAR: Template = at(7, NEAR);
const BROWN: [Template; 4] = [at(8, ALL), at(9, ALL), at(10, ALL), at(11, ALL)];
const CLASS: [Template; GRAINS] = [at(12, ALL), at(13, ALL), at(14, ALL), at(15, ALL)];
/// The finest classes are too thin to be split by case.
const CLASS_CASE: [Template; GRAINS - 1] = [at(16, NEAR), at(17, NEAR), at(18, NEAR)];
const BROWN_CASE: Template = at(20, NEAR);
const LIST: Template = at(21, ALL);
const BIAS: Template = at(22, HERE);
const LAST_PART: Template = at(23, HERE);

/// The class of words that have none.
const UNKNOWN: u16 = 0xFFFF;

/// What is worked out for a word once.
#[derive(Clone, Debug, Default)]
pub(super) struct Word {
    /// How it is written.
    pub case: Case,
    /// Hash of its lower-case form.
    pub lower: u64,
    /// Hash of the list entry of this word alone.
    pub phrase: u64,
    /// Lists that hold this word alone, and whether it begins a longer entry.
    pub lists: u16,
    /// Its features: hash and distance.
    pub features: Vec<(u64, u8)>,
    /// Ranges of features that many words have together, each with a key: words with the same key have the same.
    pub parts: Vec<(u64, std::ops::Range<usize>)>,
}

/// Works out the features of words; keeps its buffers.
#[derive(Clone, Debug, Default)]
pub(super) struct Extractor {
    lower: String,
    shape: String,
    title: String,
}

impl Extractor {
    /// What there is to know of `text` in `setting`, into `word`.
    pub(super) fn word(&mut self, text: &str, setting: Setting, lexicon: &Lexicon, word: &mut Word) {
        lower_case(text, &mut self.lower);
        word.case = Case::of(text);
        word.lower = hash::bytes(self.lower.as_bytes());
        word.phrase = extend(0, word.lower);
        word.lists = lexicon.lists(word.phrase);
        word.features.clear();
        word.parts.clear();
        let looks = looks(word.case, setting);
        word.part(CASE, looks, |word| {
            word.add(BIAS, 0);
            word.add(CASE, looks);
        });
        word.add(WORD, word.lower);
        word.add(WORD_CASE, hash::mix(word.lower, looks));
        shape(text, &mut self.shape);
        word.add(SHAPE, hash::mix(hash::bytes(self.shape.as_bytes()), setting as u64));
        affixes(&self.lower, word);
        self.classes(text, setting, looks, lexicon, word);
        let lists = u64::from(word.lists & !lexicon::PREFIX);
        word.part(LIST, lists << 8 | looks, |word| {
            for list in (0..15).filter(|list| lists >> list & 1 == 1) {
                word.add(LIST, list << 8 | looks);
            }
        });
    }

    fn classes(&mut self, text: &str, setting: Setting, looks: u64, lexicon: &Lexicon, word: &mut Word) {
        let written = if setting == Setting::Capitals {
            title_case(&self.lower, &mut self.title);
            &self.title
        } else {
            text
        };
        let brown = lexicon.brown(written).or_else(|| lexicon.brown(&self.lower));
        if let Some(class) = brown {
            word.part(BROWN_CASE, u64::from(class) << 8 | looks, |word| {
                for (template, bits) in BROWN.into_iter().zip([0xFFFFu16, 0x3FF, 0x3F, 0xF]) {
                    word.add(template, u64::from(class & bits));
                }
                word.add(BROWN_CASE, u64::from(class) << 8 | looks);
            });
        }
        let classes = lexicon.classes(word.lower);
        let finest = classes.map_or(u64::from(u32::MAX), |classes| u64::from(classes[GRAINS - 1]));
        word.part(CLASS[GRAINS - 1], finest << 8 | looks, |word| {
            for (i, class) in classes.unwrap_or([UNKNOWN; GRAINS]).into_iter().enumerate() {
                // An unknown word has the coarsest class alone.
                if classes.is_some() || i == 0 {
                    word.add(CLASS[i], u64::from(class));
                    if let Some(&template) = CLASS_CASE.get(i) {
                        word.add(template, u64::from(class) << 8 | looks);
                    }
                }
            }
        });
        if classes.is_none() {
            self.last_part(lexicon, word);
        }
    }

    /// Of an unknown word with hyphens, the class of what follows the last.
    fn last_part(&self, lexicon: &Lexicon, word: &mut Word) {
        if let Some((_, part)) = self.lower.rsplit_once('-')
            && let Some(classes) = lexicon.classes(hash::bytes(part.as_bytes()))
        {
            word.add(LAST_PART, u64::from(classes[1]));
        }
    }
}

impl Word {
    fn add(&mut self, template: Template, value: u64) {
        let hash = hash::mix(u64::from(template.number), value);
        for slot in (0..SLOTS as u8).filter(|slot| template.slots >> slot & 1 == 1) {
            self.features.push((hash::mix(hash, u64::from(slot)), slot));
        }
    }

    /// What `add` adds depends on `key` alone, a number that no other part with this template has.
    fn part(&mut self, template: Template, key: u64, add: impl FnOnce(&mut Self)) {
        let start = self.features.len();
        add(self);
        if self.features.len() > start {
            self.parts.push((hash::mix(u64::from(template.number), key), start..self.features.len()));
        }
    }
}

/// Case and setting as one number below 256.
const fn looks(case: Case, setting: Setting) -> u64 {
    case as u64 | (setting as u64) << 4
}

fn affixes(lower: &str, word: &mut Word) {
    let mut length = 0u64;
    for (at, c) in lower.char_indices().take(5) {
        length += 1;
        if length > 1 {
            word.add(PREFIX, hash::mix(length, hash::bytes(&lower.as_bytes()[..at + c.len_utf8()])));
        }
    }
    length = 0;
    for (at, _) in lower.char_indices().rev().take(5) {
        length += 1;
        let value = hash::mix(length, hash::bytes(&lower.as_bytes()[at..]));
        word.add(SUFFIX, value);
        if length == 3 {
            word.add(SUFFIX_NEAR, value);
        }
    }
}

/// `Xx`, `X.X.`, `0-x`: letters and digits by kind, repetitions left out.
fn shape(text: &str, out: &mut String) {
    out.clear();
    let mut last = '\0';
    for c in text.chars() {
        let kind = match c {
            c if c.is_uppercase() => 'X',
            c if c.is_alphabetic() => 'x',
            c if c.is_numeric() => '0',
            c => c,
        };
        if kind != last || !kind.is_alphanumeric() {
            out.push(kind);
        }
        last = kind;
    }
}

fn lower_case(text: &str, out: &mut String) {
    out.clear();
    if text.is_ascii() {
        out.push_str(text);
        out.make_ascii_lowercase();
    } else {
        out.extend(text.chars().flat_map(char::to_lowercase).map(|c| if c == '’' { '\'' } else { c }));
    }
}

fn title_case(lower: &str, out: &mut String) {
    out.clear();
    let mut chars = lower.chars();
    out.extend(chars.next().into_iter().flat_map(char::to_uppercase));
    out.push_str(chars.as_str());
}
