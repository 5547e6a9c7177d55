//! What the classifier looks at for a pair of names: hashes of templates filled from the sentence.
//!
//! Trainer and extractor share this file; [`TEMPLATES`] changes whenever a template does, and a model trained
//! with other templates is refused.

use std::sync::LazyLock;

use super::hash;
use super::sentence::{Item, Kind, Mention, Sentence};
use super::tags::Tag;

/// Version of the templates.
pub(crate) const TEMPLATES: u32 = 3;

/// Words looked at before and after the pair.
const WINDOW: usize = 5;

/// Spreads the numbers of templates over a hash.
const TEMPLATE: u64 = 0xd6e8_feb8_6659_fd93;

/// Items looked at one by one at each end of the path.
const END: usize = 7;

static BY: LazyLock<u64> = LazyLock::new(|| hash::lower("by"));

/// Features of a pair of names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Features {
    /// Of names of these types.
    pub typed: Vec<u64>,
    /// Whatever the types.
    pub plain: Vec<u64>,
}

impl Features {
    pub(crate) fn clear(&mut self) {
        self.typed.clear();
        self.plain.clear();
    }
}

/// The items between two names that are looked at one by one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Path {
    items: Vec<usize>,
    /// Stem and short stand-in of each, after what stands for the start and before what stands for the end.
    forms: Vec<[u64; 2]>,
}

/// Features of pairs of one sentence, into a reused buffer.
pub(crate) struct PairFeatures<'a> {
    sentence: &'a Sentence,
    out: &'a mut Features,
    a: &'a Mention,
    b: &'a Mention,
    /// Types of both.
    types: u64,
    path: &'a mut Path,
}

/// Appends the features of the pair of mentions `first` < `second` to `out`.
pub(crate) fn pair(sentence: &Sentence, first: usize, second: usize, path: &mut Path, out: &mut Features) {
    let (a, b) = (&sentence.mentions[first], &sentence.mentions[second]);
    let types = hash::sequence(&[a.kind as u64, b.kind as u64]);
    let mut features = PairFeatures { sentence, out, a, b, types, path };
    features.all(first, second);
}

impl PairFeatures<'_> {
    fn all(&mut self, first: usize, second: usize) {
        self.find_path();
        self.frame(first, second);
        self.names();
        self.whole_path();
        self.path_words();
        self.path_ngrams();
        self.around();
        self.verbs();
        self.neighbours(first, second);
        self.skeleton();
    }

    /// A feature of the pair with these types.
    fn typed(&mut self, template: u64, values: &[u64]) {
        let head = self.types ^ template.wrapping_mul(TEMPLATE);
        self.out.typed.push(values.iter().fold(head, |h, &v| hash::join(h, v)));
    }

    /// The same, and one of pairs of any types.
    fn both(&mut self, template: u64, values: &[u64]) {
        let plain = values.iter().fold(template.wrapping_mul(TEMPLATE), |h, &v| hash::join(h, v));
        self.out.plain.push(plain);
        self.out.typed.push(hash::join(plain, self.types));
    }

    fn same_group(&self) -> bool {
        self.a.group == self.b.group && self.a.group.0 != self.a.group.1
    }

    /// Items between the two, from the end of the enumeration of the first to the start of that of the second,
    /// without articles and bracketed short forms.
    fn find_path(&mut self) {
        let (mut from, mut to) = (self.a.item + 1, self.b.item);
        if !self.same_group() {
            from = self.a.group.1 + 1;
            to = self.b.group.0;
        }
        self.path.items.clear();
        self.path.forms.clear();
        self.path.forms.push([2; 2]);
        let items = &self.sentence.items;
        let mut at = from;
        while at < to {
            let item = &items[at];
            if item.tag == Tag::Open && self.closes_alias(at, to) {
                at += 3;
                continue;
            }
            if !matches!(item.tag, Tag::Det | Tag::Quote) {
                self.path.items.push(at);
                self.path.forms.push([item.stem, skeletal(item)]);
            }
            at += 1;
        }
        self.path.forms.push([3; 2]);
    }

    fn closes_alias(&self, at: usize, to: usize) -> bool {
        let items = &self.sentence.items;
        at + 2 < to && items[at + 1].tag == Tag::Name && items[at + 2].tag == Tag::Close
    }

    fn item(&self, position: usize) -> &Item {
        &self.sentence.items[self.path.items[position]]
    }

    fn frame(&mut self, first: usize, second: usize) {
        let between = self.b.item - self.a.item - 1;
        let distance = bucket(between);
        let names = (second - first - 1).min(4) as u64;
        let group = u64::from(self.same_group());
        self.typed(1, &[]);
        self.typed(2, &[distance]);
        self.typed(3, &[names, group]);
        self.typed(4, &[bucket(self.path.items.len()), names]);
        let n = self.sentence.mentions.len();
        self.typed(5, &[u64::from(first == 0), u64::from(second + 1 == n), n.min(4) as u64]);
        let in_groups = (self.a.group.0 != self.a.group.1, self.b.group.0 != self.b.group.1);
        self.typed(7, &[u64::from(in_groups.0), u64::from(in_groups.1), group]);
    }

    fn names(&mut self) {
        let (a, b) = (self.a, self.b);
        self.typed(10, &[a.last]);
        self.typed(11, &[b.last]);
        self.typed(12, &[u64::from(a.last_class)]);
        self.typed(13, &[u64::from(b.last_class)]);
        self.typed(14, &[u64::from(a.whole == b.whole)]);
        self.typed(18, &[u64::from(a.sense)]);
        self.typed(19, &[u64::from(b.sense)]);
    }

    fn whole_path(&mut self) {
        let n = self.path.items.len();
        if n > 7 {
            return;
        }
        let mut stems = 1;
        let mut skeleton = 1;
        for &[stem, short] in &self.path.forms[1..=n] {
            stems = hash::join(stems, stem);
            skeleton = hash::join(skeleton, short);
        }
        self.typed(21, &[stems]);
        self.typed(22, &[skeleton]);
    }

    fn path_words(&mut self) {
        let n = self.path.items.len();
        for position in (0..n).filter(|p| *p < END || n - p <= END) {
            let item = *self.item(position);
            if item.tag == Tag::Name {
                self.typed(30, &[item.word]);
                continue;
            }
            self.both(31, &[item.stem]);
            for sense in senses(&item) {
                self.both(34, &[sense]);
            }
        }
    }

    /// Stem and short stand-in of a position of the path, with its ends.
    fn form(&self, position: isize) -> [u64; 2] {
        let last = self.path.forms.len() - 1;
        self.path.forms[usize::try_from(position + 1).unwrap_or(0).min(last)]
    }

    fn path_ngrams(&mut self) {
        let n = self.path.items.len() as isize;
        for at in (-1..n).filter(|at| *at < END as isize || n - at <= END as isize) {
            let ([stem, short], [next_stem, next_short]) = (self.form(at), self.form(at + 1));
            self.both(40, &[stem, next_stem]);
            self.typed(41, &[short, next_short]);
            if at + 1 < n {
                self.typed(43, &[short, next_short, self.form(at + 2)[1]]);
            }
        }
        let [first, second, before_last, last] = [0, 1, n - 2, n - 1].map(|at| self.form(at));
        self.typed(44, &[first[0], last[0]]);
        self.typed(45, &[first[1], last[1]]);
        self.typed(46, &[first[0]]);
        self.typed(47, &[last[0]]);
        self.typed(48, &[first[0], second[0]]);
        self.typed(49, &[before_last[0], last[0]]);
    }

    fn outside(&self, at: isize, form: impl Fn(&Item) -> u64) -> u64 {
        if at < 0 {
            return 4;
        }
        self.sentence.items.get(at as usize).map_or(5, form)
    }

    /// Words before the first name (its enumeration) and after the second.
    fn around(&mut self) {
        let before = self.a.group.0 as isize;
        let after = self.b.group.1 as isize;
        let left = [self.outside(before - 2, |i| i.stem), self.outside(before - 1, |i| i.stem)];
        let right = [self.outside(after + 1, |i| i.stem), self.outside(after + 2, |i| i.stem)];
        self.both(50, &[left[1]]);
        self.typed(51, &left);
        self.both(52, &[right[0]]);
        self.typed(53, &right);
        self.typed(55, &[self.outside(before - 1, skeletal)]);
        self.typed(56, &[self.outside(after + 1, skeletal)]);
        let group = u64::from(self.same_group());
        for step in 1..=WINDOW as isize {
            self.window(60, before - step, group);
            self.window(63, after + step, group);
        }
    }

    fn window(&mut self, template: u64, at: isize, group: u64) {
        if at < 0 || at as usize >= self.sentence.items.len() {
            return;
        }
        let item = self.sentence.items[at as usize];
        if item.kind != Kind::Word || matches!(item.tag, Tag::Det | Tag::Adp | Tag::Aux | Tag::Conj | Tag::To)
        {
            return;
        }
        for sense in senses(&item) {
            self.typed(template + 1, &[sense, group]);
        }
    }

    /// The verbs between: the first, the last, how many; passive forms.
    fn verbs(&mut self) {
        let mut verbs = 0_u64;
        let mut first = 0;
        let mut last = 0;
        let mut by = false;
        for position in 0..self.path.items.len() {
            let item = *self.item(position);
            if item.tag.is_verbal() {
                if verbs == 0 {
                    first = item.stem;
                }
                last = item.stem;
                verbs += 1;
            }
            by |= verbs > 0 && item.word == *BY;
        }
        self.typed(70, &[verbs.min(4), u64::from(by)]);
        if verbs > 0 {
            self.both(71, &[first, u64::from(by)]);
            self.both(72, &[last, u64::from(by)]);
        }
    }

    /// The phrases between the two.
    fn skeleton(&mut self) {
        let phrases = &self.sentence.phrases;
        let (from, to) = if self.same_group() {
            (self.a.phrase, self.b.phrase)
        } else {
            (self.a.phrase_group.1, self.b.phrase_group.0)
        };
        if from == to {
            let inner = &self.sentence.items[self.a.item + 1..self.b.item];
            let tags = inner.iter().fold(1, |h, i| hash::join(h, i.tag as u64));
            self.both(90, &[tags]);
            return;
        }
        let between = &phrases[(from + 1).min(to)..to];
        if between.len() > 7 {
            return;
        }
        let codes = between.iter().fold(1, |h, p| hash::join(h, p.code));
        let items = &self.sentence.items;
        let heads = between.iter().fold(2, |h, p| hash::join(h, skeletal(&items[p.head])));
        self.both(91, &[codes]);
        self.both(92, &[heads]);
    }

    /// Names beside the pair.
    fn neighbours(&mut self, first: usize, second: usize) {
        let mentions = &self.sentence.mentions;
        let kind = |index: Option<usize>| index.and_then(|i| mentions.get(i)).map_or(15, |m| m.kind as u64);
        let before = kind(first.checked_sub(1));
        let after = kind(Some(second + 1));
        let (inner_first, inner_last) =
            if second > first + 1 { (kind(Some(first + 1)), kind(Some(second - 1))) } else { (14, 14) };
        self.typed(80, &[before]);
        self.typed(81, &[after]);
        self.typed(84, &[inner_first, inner_last]);
        if second == first + 2 {
            let middle = mentions[first + 1].item;
            let left = self.outside(middle as isize - 1, |i| i.stem);
            let right = self.outside(middle as isize + 1, |i| i.stem);
            self.typed(85, &[inner_first, left, right]);
        }
    }
}

fn senses(item: &Item) -> impl Iterator<Item = u64> + use<> {
    item.senses.into_iter().filter(|&s| s != 0).map(u64::from)
}

/// A short stand-in for an item: its first sense, the word itself where it is of a closed class, else the tag.
fn skeletal(item: &Item) -> u64 {
    if item.senses[0] != 0 {
        return hash::sequence(&[7, u64::from(item.senses[0])]);
    }
    match item.tag {
        Tag::Adp
        | Tag::Conj
        | Tag::To
        | Tag::Rel
        | Tag::Sub
        | Tag::PossPron
        | Tag::Pron
        | Tag::Possessive
        | Tag::Comma
        | Tag::Name => item.stem,
        tag => hash::sequence(&[8, tag as u64]),
    }
}

/// A number of words or names, coarser the larger it is.
pub(super) fn bucket(n: usize) -> u64 {
    match n {
        0..=3 => n as u64,
        4..=5 => 4,
        6..=8 => 5,
        9..=13 => 6,
        14..=20 => 7,
        _ => 8,
    }
}
