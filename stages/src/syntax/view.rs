//! What the tagger and the parser look at: places and cells of their networks.

use super::state::{Side, State};

/// Numbers of tags and labels that are not in the model.
pub(crate) const NO_TAG: u16 = 0;
pub(crate) const ROOT_TAG: u16 = 1;
/// First number of a tag.
pub(crate) const FIRST_TAG: u16 = 2;

/// Places of the tagger: the word, two on each side.
pub(crate) const TAG_PLACES: usize = 5;
/// Places of the parser.
pub(crate) const PARSE_PLACES: usize = 9;

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
        (TAGS as u32 * self.tags + LABELS as u32 * self.labels + 2 * DISTANCES + VALENCE as u32 * VALENCES) as usize
    }
}

/// Items at the tagger's places, for the word at `at` (from 1) of `count`.
pub(crate) fn tag_places(at: usize, count: usize) -> [usize; TAG_PLACES] {
    let item = |place: usize| (at + place).checked_sub(2).filter(|item| (1..=count).contains(item)).unwrap_or(0);
    std::array::from_fn(item)
}

/// Cells of the tagger: the two tags before, and whether the sentence begins here or is in capitals.
pub(crate) fn tag_cells(view: View, before: [u16; 2], first: bool, capitals: bool) -> [u32; 3] {
    let looks = u32::from(first) + 2 * u32::from(capitals);
    [u32::from(before[0]), view.tags + u32::from(before[1]), 2 * view.tags + looks]
}

/// Cells of the parser by kind.
const TAGS: usize = 19;
const LABELS: usize = 9;
const VALENCE: usize = 4;
pub(crate) const PARSE_CELLS: usize = TAGS + LABELS + 2 + VALENCE;

/// What the parser looks at, for a state.
pub(crate) struct Look {
    pub(crate) places: [u32; PARSE_PLACES],
    pub(crate) cells: [u32; PARSE_CELLS],
}

impl Look {
    pub(crate) fn at(view: View, state: &State, tags: &[u16]) -> Self {
        let [s0, s1, s2] = [0, 1, 2].map(|depth| state.stacked(depth));
        let [b0, b1, b2, b3] = [0, 1, 2, 3].map(|distance| state.ahead(distance));
        let (top, under, next) = (*state.node(s0), *state.node(s1), *state.node(b0));
        let ends = |side: Side| [side.outer, side.inner];
        let [l0, l0b] = ends(top.left);
        let [r0, r0b] = ends(top.right);
        let [r1, r1b] = ends(under.right);
        let [lb, lbb] = ends(next.left);
        let l1 = under.left.outer;
        let beside = [s0.saturating_sub(1), if s0 == 0 { 0 } else { s0 + 1 }, if s1 == 0 { 0 } else { s1 + 1 }];
        let tagged: [u32; TAGS] = [
            s0, s1, s2, b0, b1, b2, b3, l0, l0b, r0, r0b, l1, r1, r1b, lb, lbb, beside[0], beside[1], beside[2],
        ];
        let labelled: [u32; LABELS] = [l0, l0b, r0, r0b, l1, r1, r1b, lb, lbb];
        let mut cells = [0; PARSE_CELLS];
        let mut base = 0;
        let mut at = 0;
        let mut put = |value: u32, size: u32| {
            cells[at] = base + value.min(size - 1);
            base += size;
            at += 1;
        };
        tagged.iter().for_each(|&word| put(u32::from(tags[word as usize]), view.tags));
        labelled.iter().for_each(|&word| put(u32::from(state.node(word).label), view.labels));
        put(distance(s0, b0), DISTANCES);
        put(distance(s1, s0), DISTANCES);
        for count in [top.left.count, top.right.count, under.right.count, next.left.count] {
            put(u32::from(count), VALENCES);
        }
        Self { places: [s0, s1, s2, b0, b1, l0, r0, r1, lb], cells }
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
