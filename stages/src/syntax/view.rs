//! What the tagger and the parser look at: places and cells of their networks.

use super::state::State;

/// The tag of the root; 0 is that of no word.
pub(crate) const ROOT_TAG: u16 = 1;
/// First number of a tag.
pub(crate) const FIRST_TAG: u16 = 2;

/// Places of the tagger: the word, two on each side.
pub(crate) const TAG_PLACES: usize = 5;
/// Places of the parser: two on top of the stack, two ahead, the first dependents of the top and of the next word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Top,
    Under,
    Next,
    Second,
    FirstOfTop,
    FirstOfNext,
}

pub(crate) const PARSE_PLACES: usize = 6;

/// Counts that cells tell apart.
const DISTANCES: u32 = 8;
const VALENCES: u32 = 4;

/// How many tags and labels there are, with those that stand for none.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct View {
    pub(crate) tags: u32,
    pub(crate) labels: u32,
}

impl View {
    /// Of a model with so many tags and labels.
    pub(crate) fn new(tags: usize, labels: usize) -> Self {
        Self { tags: tags as u32 + u32::from(FIRST_TAG), labels: labels as u32 + 1 }
    }

    pub(crate) fn tag_cells(self) -> usize {
        (2 * self.tags + 4) as usize
    }

    pub(crate) fn parse_cells(self) -> usize {
        let pairs = DISTANCES.pow(2) + VALENCES.pow(4);
        (TAGS as u32 * self.tags + LABELS as u32 * self.labels + pairs) as usize
    }
}

impl View {
    /// The cell of a tag in the parser's place of this number.
    #[inline]
    fn tag_cell(self, at: usize, tag: u16) -> u32 {
        at as u32 * self.tags + u32::from(tag)
    }

    /// The cell of a label in the parser's place of this number.
    #[inline]
    fn label_cell(self, at: usize, label: u16) -> u32 {
        TAGS as u32 * self.tags + at as u32 * self.labels + u32::from(label)
    }

    /// The cells of what is not there, in the parser's table, each with how many cells it is the first of.
    pub(crate) fn nothing(self) -> impl Iterator<Item = (u32, u32)> {
        let tags = (0..TAGS).map(move |at| (self.tag_cell(at, 0), self.tags));
        tags.chain((0..LABELS).map(move |at| (self.label_cell(at, 0), self.labels)))
    }
}

/// Cells that a word has on top of the stack: those of its tag and of the tags beside it.
pub(crate) fn top_cells(view: View, tags: &[u16], word: usize) -> [u32; 3] {
    let tag = |at: usize| tags.get(at).copied().unwrap_or(0);
    [view.tag_cell(0, tag(word)), view.tag_cell(12, tag(word - 1)), view.tag_cell(13, tag(word + 1))]
}

/// Cells that a word has as the next: those of its tag and of the tags that follow.
pub(crate) fn next_cells(view: View, tags: &[u16], word: usize) -> [u32; 4] {
    std::array::from_fn(|ahead| view.tag_cell(3 + ahead, tags.get(word + ahead).copied().unwrap_or(0)))
}

/// Items at the tagger's places, for the word at `at` (from 1) of `count`.
pub(crate) fn tag_places(at: usize, count: usize) -> [usize; TAG_PLACES] {
    let item =
        |place: usize| (at + place).checked_sub(2).filter(|item| (1..=count).contains(item)).unwrap_or(0);
    std::array::from_fn(item)
}

/// Cells of the tagger: the two tags before, and whether the sentence begins here or is in capitals.
pub(crate) fn tag_cells(view: View, before: [u16; 2], first: bool, capitals: bool) -> [u32; 3] {
    let looks = u32::from(first) + 2 * u32::from(capitals);
    [u32::from(before[0]), view.tags + u32::from(before[1]), 2 * view.tags + looks]
}

/// Cells of the parser by kind: tags, labels, distances and counts of dependents.
const TAGS: usize = 14;
const LABELS: usize = 8;
pub(crate) const PARSE_CELLS: usize = TAGS + LABELS + 2;

/// What the parser looks at, for a state: words, from the top of the stack to the first dependents, and counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Look {
    /// Three words of the stack.
    pub(crate) stack: [u32; 3],
    /// The next word.
    pub(crate) next: u32,
    /// First and last dependent of the top of the stack and of the word under it, first dependent of the next word.
    pub(crate) outer: [u32; 5],
    /// The dependents within, of the top of the stack on both sides and of the next word.
    inner: [u32; 3],
    distances: u32,
    counts: u32,
}

impl Look {
    pub(crate) fn at(state: &State) -> Self {
        let [s0, s1, s2] = [state.stacked(0), state.stacked(1), state.stacked(2)];
        let (top, under, next) = (state.node(s0), state.node(s1), state.node(state.next));
        let counts = [top.left.count, top.right.count, under.right.count, next.left.count];
        let few = |all: u32, &count: &u8| all * VALENCES + u32::from(count).min(VALENCES - 1);
        Self {
            stack: [s0, s1, s2],
            next: state.next,
            outer: [top.left.outer, top.right.outer, under.left.outer, under.right.outer, next.left.outer],
            inner: [top.left.inner, top.right.inner, next.left.inner],
            distances: distance(s0, state.next) * DISTANCES + distance(s1, s0),
            counts: counts.iter().fold(0, few),
        }
    }

    /// Items at the parser's places.
    pub(crate) fn places(&self, state: &State) -> [u32; PARSE_PLACES] {
        [self.stack[0], self.stack[1], self.next, state.ahead(1), self.outer[0], self.outer[4]]
    }

    /// Cells of the parser.
    pub(crate) fn cells(&self, view: View, state: &State, tags: &[u16]) -> [u32; PARSE_CELLS] {
        let ([s0, s1, s2], [l0, r0, l1, r1, lb], [l, r, b]) = (self.stack, self.outer, self.inner);
        let [b0, b1, b2, b3] = [0, 1, 2, 3].map(|distance| state.ahead(distance));
        let (before, after) = (s0.saturating_sub(1), if s0 == 0 { 0 } else { s0 + 1 });
        let tagged: [u32; TAGS] = [s0, s1, s2, b0, b1, b2, b3, l0, r0, l1, r1, lb, before, after];
        let labelled: [u32; LABELS] = [l0, l, r0, r, l1, r1, lb, b];
        let mut cells = [0; PARSE_CELLS];
        for (at, word) in tagged.into_iter().enumerate() {
            cells[at] = view.tag_cell(at, tags[word as usize]);
        }
        for (at, word) in labelled.into_iter().enumerate() {
            cells[TAGS + at] = view.label_cell(at, state.node(word).label);
        }
        cells[TAGS + LABELS..].copy_from_slice(&self.pairs(view));
        cells
    }

    /// Cells of distances and counts.
    #[inline]
    fn pairs(&self, view: View) -> [u32; 2] {
        let base = view.label_cell(LABELS, 0);
        [base + self.distances, base + DISTANCES.pow(2) + self.counts]
    }

    /// The cells that [`top_cells`] and [`next_cells`] do not have, without those of words that are not there.
    pub(crate) fn changing(&self, view: View, state: &State, tags: &[u16]) -> Changing {
        let ([_, s1, s2], [l0, r0, l1, r1, lb], [l, r, b]) = (self.stack, self.outer, self.inner);
        let mut changing = Changing::default();
        self.pairs(view).into_iter().for_each(|cell| changing.push(cell));
        for (at, word) in [(1, s1), (2, s2), (7, l0), (8, r0), (9, l1), (10, r1), (11, lb)] {
            if word != 0 {
                changing.push(view.tag_cell(at, tags[word as usize]));
            }
        }
        for (at, word) in [l0, l, r0, r, l1, r1, lb, b].into_iter().enumerate() {
            if word != 0 {
                changing.push(view.label_cell(at, state.node(word).label));
            }
        }
        changing
    }
}

/// Most cells that change from state to state.
pub(crate) const CHANGING: usize = 2 + 7 + LABELS;

/// Cells that change from state to state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Changing {
    cells: [u32; CHANGING],
    count: usize,
}

impl Changing {
    #[inline]
    fn push(&mut self, cell: u32) {
        self.cells[self.count] = cell;
        self.count += 1;
    }

    #[inline]
    pub(crate) fn cells(&self) -> &[u32] {
        &self.cells[..self.count]
    }
}

/// Distance between two words in steps that grow; 0 where there is no first word.
fn distance(left: u32, right: u32) -> u32 {
    if left == 0 || right <= left {
        return 0;
    }
    match right - left {
        n @ 1..=4 => n,
        5..=6 => 5,
        7..=10 => 6,
        _ => 7,
    }
}
