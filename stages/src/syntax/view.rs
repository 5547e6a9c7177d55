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

/// The tags that are looked at around a word, by how far ahead they are: on top of the stack, under the top, and as
/// the next word.
pub(crate) const AROUND_TOP: [i32; 5] = [0, -1, 1, -2, 2];
pub(crate) const AROUND_UNDER: [i32; 3] = [0, -1, 1];
pub(crate) const AROUND_NEXT: [i32; 5] = [0, 1, 2, 3, -1];

/// Cells of the tags around a word; the first is in the parser's place of this number. No word has none around it.
pub(crate) fn around<const N: usize>(
    view: View,
    tags: &[u16],
    word: u32,
    first: usize,
    ahead: [i32; N],
) -> [u32; N] {
    std::array::from_fn(|number| {
        let at = word.checked_add_signed(ahead[number]).filter(|_| word > 0);
        let tag = at.and_then(|at| tags.get(at as usize)).copied().unwrap_or(0);
        view.tag_cell(first + number, tag)
    })
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

/// Numbers of the first tags that are looked at, by what they are around.
pub(crate) const TOP: usize = 0;
pub(crate) const UNDER: usize = TOP + AROUND_TOP.len();
pub(crate) const NEXT: usize = UNDER + AROUND_UNDER.len();
/// Of those of the third word of the stack and of dependents.
const OTHERS: usize = NEXT + AROUND_NEXT.len();

/// Cells of the parser by kind: tags, labels, distances and counts of dependents.
const TAGS: usize = OTHERS + 6;
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
        let mut cells = [0; PARSE_CELLS];
        let [s0, s1, _] = self.stack;
        cells[TOP..UNDER].copy_from_slice(&around(view, tags, s0, TOP, AROUND_TOP));
        cells[UNDER..NEXT].copy_from_slice(&around(view, tags, s1, UNDER, AROUND_UNDER));
        cells[NEXT..OTHERS].copy_from_slice(&around(view, tags, self.next, NEXT, AROUND_NEXT));
        for (at, word) in (OTHERS..).zip(self.others()) {
            cells[at] = view.tag_cell(at, tags[word as usize]);
        }
        for (at, word) in self.labelled().into_iter().enumerate() {
            cells[TAGS + at] = view.label_cell(at, state.node(word).label);
        }
        cells[TAGS + LABELS..].copy_from_slice(&self.pairs(view));
        cells
    }

    /// The words of which but the tag is looked at.
    #[inline]
    fn others(&self) -> [u32; 6] {
        let [l0, r0, l1, r1, lb] = self.outer;
        [self.stack[2], l0, r0, l1, r1, lb]
    }

    /// The words whose label is looked at.
    #[inline]
    fn labelled(&self) -> [u32; LABELS] {
        let ([l0, r0, l1, r1, lb], [l, r, b]) = (self.outer, self.inner);
        [l0, l, r0, r, l1, r1, lb, b]
    }

    /// Cells of distances and counts.
    #[inline]
    fn pairs(&self, view: View) -> [u32; 2] {
        let base = view.label_cell(LABELS, 0);
        [base + self.distances, base + DISTANCES.pow(2) + self.counts]
    }

    /// The cells that are not [`around`] a word, without those of words that are not there.
    pub(crate) fn changing(&self, view: View, state: &State, tags: &[u16]) -> Changing {
        let mut changing = Changing::default();
        let [distances, counts] = self.pairs(view);
        changing.push(distances);
        changing.push(counts);
        for (at, word) in (OTHERS..).zip(self.others()) {
            if word != 0 {
                changing.push(view.tag_cell(at, tags[word as usize]));
            }
        }
        for (at, word) in self.labelled().into_iter().enumerate() {
            if word != 0 {
                changing.push(view.label_cell(at, state.node(word).label));
            }
        }
        changing
    }
}

/// Most cells that change from state to state.
pub(crate) const CHANGING: usize = 2 + 6 + LABELS;

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
