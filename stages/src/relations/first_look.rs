//! A first look at a pair of names, before any word is tagged: most pairs state nothing, and the words beside and
//! between them mostly show it.

use super::columns::type_pair;
use super::features::bucket;
use super::hash;
use super::sentence::{Item, Kind, Sentence};
use crate::model::{ModelError, ModelFile, ModelWriter};

/// Weights; a power of two. Features share them by hash.
pub(crate) const ROWS: usize = 1 << 15;

/// What one stands for in a sum of weights.
pub(crate) const UNIT: f32 = 1.0 / 32.0;

/// Words looked at between the names, from each end, and outside them.
const INSIDE: usize = 8;
const OUTSIDE: usize = 4;

/// A linear classifier: whether the pair may state any relation.
#[derive(Clone, Debug, Default)]
pub(crate) struct FirstLook {
    /// One per row, or none at all.
    weights: Vec<i8>,
    /// Least sum of a pair that is looked at again.
    pub(crate) cut: i32,
}

impl FirstLook {
    /// A classifier of these weights that lets everything pass.
    pub(crate) fn of_weights(weights: &[f32]) -> Self {
        let weights = weights.iter().map(|w| (w / UNIT).round().clamp(-127.0, 127.0) as i8).collect();
        Self { weights, cut: i32::MIN }
    }

    /// Whether the pair may state a relation.
    pub(crate) fn passes(&self, sentence: &Sentence, first: usize, second: usize) -> bool {
        if self.weights.len() != ROWS || self.cut == i32::MIN {
            return true;
        }
        let mut sum = 0;
        rows(sentence, first, second, |row| sum += i32::from(self.weights[row & (ROWS - 1)]));
        sum >= self.cut
    }

    /// The sum of the weights of rows.
    pub(crate) fn sum(&self, rows: &[u16]) -> i32 {
        rows.iter().filter_map(|&row| self.weights.get(row as usize)).map(|&w| i32::from(w)).sum()
    }

    pub(crate) fn write(&self, writer: &mut ModelWriter) {
        writer.section("first.weights", &self.weights);
        writer.section("first.cut", &[self.cut]);
    }

    pub(crate) fn read(file: &ModelFile<'_>) -> Result<Self, ModelError> {
        let weights: Vec<i8> = file.section("first.weights")?;
        let cut = file.section::<i32>("first.cut")?;
        match cut[..] {
            [cut] if weights.is_empty() || weights.len() == ROWS => Ok(Self { weights, cut }),
            _ => Err(ModelError::Section("first.weights".to_owned(), "has the wrong size")),
        }
    }
}

/// Gives the rows of the pair of mentions `first` < `second`.
pub(crate) fn rows(sentence: &Sentence, first: usize, second: usize, mut put: impl FnMut(usize)) {
    let (a, b) = (&sentence.mentions[first], &sentence.mentions[second]);
    let types = hash::sequence(&[type_pair(a.kind, b.kind) as u64]);
    let mut typed = |template: u64, value: u64| put(row(types ^ template, value));
    let between = b.item - a.item - 1;
    let names = (second - first - 1).min(4) as u64;
    typed(1, bucket(between) * 8 + names);
    typed(2, between.min(30) as u64);
    let at = |place: usize| sentence.items.get(place).map_or(3, stem);
    let before = |n: usize| a.item.checked_sub(n).map_or(4, at);
    let (open, close) = (at(a.item + 1), at(b.item - 1));
    typed(3, open);
    typed(4, close);
    typed(5, open ^ close.rotate_left(9));
    typed(6, before(1));
    typed(7, at(b.item + 1));
    typed(8, open ^ at(a.item + 2).rotate_left(9));
    typed(9, close ^ at(b.item.saturating_sub(2)).rotate_left(9));
    typed(10, open ^ before(1).rotate_left(9));
    typed(11, close ^ at(b.item + 1).rotate_left(9));
    typed(12, u64::from(a.last_class));
    typed(13, u64::from(b.last_class));
    typed(14, u64::from(a.sense) << 8 | u64::from(b.sense));
    let kind = |n: usize| sentence.mentions.get(n).map_or(15, |m| m.kind as u64);
    typed(15, first.checked_sub(1).map_or(14, kind) << 4 | kind(second + 1));
    typed(16, kind(first + 1) << 4 | kind(second - 1));
    inside(&sentence.items[a.item + 1..b.item], types, &mut put);
    outside(sentence, (a.item, b.item), types, &mut put);
}

fn inside(items: &[Item], types: u64, put: &mut impl FnMut(usize)) {
    let n = items.len();
    let (head, tail) = items.split_at(n.min(INSIDE));
    let tail = &tail[tail.len() - tail.len().min(INSIDE)..];
    let mut commas = 0;
    for item in head.iter().chain(tail).filter(|item| !matches!(item.kind, Kind::Name(_))) {
        commas += u64::from(item.kind == Kind::Mark);
        put(row(17, item.stem));
        put(row(types ^ 18, u64::from(item.coarse)));
        for sense in senses(item) {
            put(row(types ^ 19, sense));
        }
    }
    put(row(types ^ 20, commas.min(4)));
}

fn outside(sentence: &Sentence, (a, b): (usize, usize), types: u64, put: &mut impl FnMut(usize)) {
    let items = &sentence.items;
    let sides =
        [(21, &items[a.saturating_sub(OUTSIDE)..a]), (22, &items[b + 1..items.len().min(b + 1 + OUTSIDE)])];
    for (template, side) in sides {
        for item in side {
            for sense in senses(item) {
                put(row(types ^ template, sense));
            }
        }
    }
}

fn senses(item: &Item) -> impl Iterator<Item = u64> + use<> {
    item.senses.into_iter().take_while(|&s| s != 0).map(u64::from)
}

fn stem(item: &Item) -> u64 {
    item.stem
}

#[inline]
fn row(template: u64, value: u64) -> usize {
    (hash::join(template, value) >> 30) as usize & (ROWS - 1)
}
