//! What the tagger and the parser look at: places and cells of their networks.

use super::state::State;

/// The tag of the root; 0 is that of no word.
pub(crate) const ROOT_TAG: u16 = 1;
/// First number of a tag.
pub(crate) const FIRST_TAG: u16 = 2;

/// Places of the tagger: the word, two on each side.
pub(crate) const TAG_PLACES: usize = 5;
/// Places of the parser: two on top of the stack, two ahead, the first dependents of the top and of the next word.
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

/// What the parser looks at, for a state.
pub(crate) struct Look {
    pub(crate) places: [u32; PARSE_PLACES],
    pub(crate) cells: [u32; PARSE_CELLS],
}

impl Look {
    pub(crate) fn at(view: View, state: &State, tags: &[u16]) -> Self {
        let [s0, s1, s2] = [state.stacked(0), state.stacked(1), state.stacked(2)];
        let [b0, b1, b2, b3] = [state.ahead(0), state.ahead(1), state.ahead(2), state.ahead(3)];
        let (top, under, next) = (state.node(s0), state.node(s1), state.node(b0));
        let (l0, r0, lb) = (top.left.outer, top.right.outer, next.left.outer);
        let (l1, r1) = (under.left.outer, under.right.outer);
        let (before, after) = (s0.saturating_sub(1), if s0 == 0 { 0 } else { s0 + 1 });
        let tagged: [u32; TAGS] = [s0, s1, s2, b0, b1, b2, b3, l0, r0, l1, r1, lb, before, after];
        let labelled: [u32; LABELS] = [l0, top.left.inner, r0, top.right.inner, l1, r1, lb, next.left.inner];
        let mut cells = [0; PARSE_CELLS];
        let mut base = 0;
        for (cell, word) in cells.iter_mut().zip(tagged) {
            *cell = base + u32::from(tags[word as usize]);
            base += view.tags;
        }
        for (cell, word) in cells[TAGS..].iter_mut().zip(labelled) {
            *cell = base + u32::from(state.node(word).label);
            base += view.labels;
        }
        let counts = [top.left.count, top.right.count, under.right.count, next.left.count];
        let counts = counts.iter().fold(0, |all, &count| all * VALENCES + u32::from(count).min(VALENCES - 1));
        cells[TAGS + LABELS] = base + distance(s0, b0) * DISTANCES + distance(s1, s0);
        cells[TAGS + LABELS + 1] = base + DISTANCES * DISTANCES + counts;
        Self { places: [s0, s1, b0, b1, l0, lb], cells }
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
