//! The arcs of a sentence, decision after decision.

use super::beam::{self, Beam, Way};
use super::cache::Given;
use super::parser::{Parser, label_range};
use super::state::{Action, State};
use super::view::{self, AROUND_NEXT, AROUND_TOP, AROUND_UNDER, CHANGING, Changing, Look, Place};
use crate::learn::net::fast::{Hidden, Net};

/// Memory of one sentence, reused.
#[derive(Debug, Default)]
pub(crate) struct Desk {
    pub(crate) beam: Beam,
    /// What each word gives on top of the stack, under that, and as the next, with the tags of the words beside it.
    own: Vec<i16>,
    hidden: Hidden,
    scores: Vec<i32>,
}

/// Sums kept for each word.
const OWN: usize = 3;
/// Rows that add up to the hidden layer, at most.
const ROWS: usize = OWN + 2 + CHANGING;

/// The words of a sentence.
#[derive(Clone, Copy)]
pub(crate) struct Words<'w> {
    /// Their numbers in the cache, with those of none and of the root.
    pub(crate) numbers: &'w [u32],
    pub(crate) tags: &'w [u16],
}

/// All that a decision depends on.
#[derive(Clone, PartialEq, Eq)]
struct Sight {
    /// The top of the stack, the word under it, the next.
    own: [u32; OWN],
    /// The first dependents of the top and of the next word.
    first: [u32; 2],
    changing: Changing,
}

impl Parser {
    /// Finds the arcs of a sentence; the best parse is then that of the beam.
    pub(super) fn attach(&self, given: &mut Given, words: Words<'_>, desk: &mut Desk) {
        self.add_up(given, words, &mut desk.own);
        let Desk { beam, own, hidden, scores } = desk;
        beam.begin(words.tags.len() - 2);
        while !beam.best().done() {
            if beam.shift_all() {
                continue;
            }
            let look = |state: &State| self.sight(state, words.tags);
            beam.step(look, |sight, state, alone, ways| {
                self.hide(given, words.numbers, sight, own, hidden);
                self.ways(state, words.tags, (hidden, scores), alone, ways);
            });
        }
    }

    fn sight(&self, state: &State, tags: &[u16]) -> Sight {
        let look = Look::at(state);
        let [top, under, _] = look.stack;
        let [first_of_top, .., first_of_next] = look.outer;
        Sight {
            own: [top, under, look.next],
            first: [first_of_top, first_of_next],
            changing: look.changing(self.view, state, tags),
        }
    }

    /// Sums that only depend on a word and on the tags beside it.
    fn add_up(&self, given: &mut Given, words: Words<'_>, own: &mut Vec<i16>) {
        let Words { numbers, tags } = words;
        let net = &self.parser;
        let units = net.shape().hidden;
        own.resize(own.len().max(numbers.len() * OWN * units), 0);
        for (word, sums) in own.chunks_exact_mut(OWN * units).enumerate().take(numbers.len()).skip(1) {
            let (number, after) = (numbers[word], numbers.get(word + 1).copied().unwrap_or(0));
            let [top, under, next] = [Place::Top, Place::Under, Place::Next].map(|place| place as usize);
            let rows =
                [given.row(net, number, top), given.row(net, number, under), given.row(net, number, next)];
            let second = given.row(net, after, Place::Second as usize);
            let [top, under, next] = rows.map(|row| given.get(net, row));
            let word = word as u32;
            let cells = view::around(self.view, tags, word, view::TOP, AROUND_TOP);
            net.add_up(&with::<1, 5, 6>(net, [top], cells), &mut sums[..units]);
            let cells = view::around(self.view, tags, word, view::UNDER, AROUND_UNDER);
            net.add_up(&with::<1, 3, 4>(net, [under], cells), &mut sums[units..2 * units]);
            let cells = view::around(self.view, tags, word, view::NEXT, AROUND_NEXT);
            net.add_up(
                &with::<3, 5, 8>(net, [net.bias(), next, given.get(net, second)], cells),
                &mut sums[2 * units..],
            );
        }
    }

    fn hide(&self, given: &mut Given, numbers: &[u32], sight: &Sight, own: &[i16], hidden: &mut Hidden) {
        let net = &self.parser;
        let place = [Place::FirstOfTop as usize, Place::FirstOfNext as usize];
        let first = [0, 1].map(|at| match sight.first[at] {
            0 => None,
            word => Some(given.row(net, numbers[word as usize], place[at])),
        });
        let mut rows = [&[][..]; ROWS];
        let mut count = 0;
        let mut add = |row| {
            rows[count] = row;
            count += 1;
        };
        let units = net.shape().hidden;
        for (part, word) in sight.own.into_iter().enumerate().filter(|(_, word)| *word != 0) {
            add(&own[(word as usize * OWN + part) * units..][..units]);
        }
        first.into_iter().flatten().for_each(|row| add(given.get(net, row)));
        sight.changing.cells().iter().for_each(|&cell| add(net.cell(cell)));
        net.hide(&rows[..count], hidden);
    }

    /// The ways to go on from a state that are worth following. Where the state is `alone` and there is one way,
    /// its share does not matter, and is not worked out.
    fn ways(
        &self,
        state: &State,
        tags: &[u16],
        (hidden, scores): (&Hidden, &mut Vec<i32>),
        alone: bool,
        ways: &mut Vec<Way>,
    ) {
        self.parser.scores(hidden, 0, &[0, 1, 2], scores);
        let odds = [0, 1, 2].map(|action| scores[action] as f32 / self.parser.unit());
        let likely = beam::likely(odds, state.allowed(), alone);
        let sure = alone && likely.clone().count() == 1;
        for (action, share) in likely {
            let (label, of_label) = self.label(state, tags, action, (hidden, scores), sure);
            ways.push(Way { action, label, share: share + of_label });
        }
    }

    /// The label, from 1, of the arc that an action makes, 0 if it makes none; and the log of the label's share,
    /// unless it is `sure` that the action will be taken.
    fn label(
        &self,
        state: &State,
        tags: &[u16],
        action: Action,
        (hidden, scores): (&Hidden, &mut Vec<i32>),
        sure: bool,
    ) -> (u16, f32) {
        let Some(range) = label_range(action, self.header.labels.len()) else { return (0, 0.0) };
        let behind = action == Action::Left;
        let head = if behind { state.next } else { state.stacked(1) };
        let (tag, head) = (tags[state.stacked(0) as usize], tags[head as usize]);
        let open = self.choices.labels(tag, head, behind);
        if let [only] = open {
            return (u16::from(*only) + 1, 0.0);
        }
        self.parser.scores(hidden, range.start, open, scores);
        let best = best(scores);
        (u16::from(open[best]) + 1, if sure { 0.0 } else { self.parser.share(scores, best) })
    }
}

/// Rows, and those of cells.
fn with<'n, const A: usize, const B: usize, const N: usize>(
    net: &'n Net,
    rows: [&'n [i16]; A],
    cells: [u32; B],
) -> [&'n [i16]; N] {
    const { assert!(A + B == N) };
    std::array::from_fn(|at| if at < A { rows[at] } else { net.cell(cells[at - A]) })
}

/// The place of the best score: the first of equals.
pub(crate) fn best(scores: &[i32]) -> usize {
    (1..scores.len()).fold(0, |best, at| if scores[at] > scores[best] { at } else { best })
}
