//! Parses under way, side by side: where the parser is unsure, each way is followed until one proves better.
//!
//! Every parse of a sentence takes the same number of actions, and no tree comes of two sequences of them, so the
//! shares of parses can be compared after each action.

use super::state::{Action, State};

/// Parses that are followed at a time.
const MOST: usize = 2;
/// A parse is given up when the log of its share is so far behind that of the best one.
const BEHIND: f32 = 0.7;

/// A way to go on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Way {
    pub(crate) action: Action,
    /// Label of the new arc, from 1; 0 if there is none.
    pub(crate) label: u16,
    /// Log of its share among the ways.
    pub(crate) share: f32,
}

#[derive(Clone, Debug, Default)]
struct Path {
    state: State,
    /// Log of its share, but for what all paths have in common.
    share: f32,
}

/// The parses of one sentence that are followed; memory is reused.
#[derive(Clone, Debug, Default)]
pub(crate) struct Beam {
    /// The first `count` are in use, the best first.
    paths: [Path; MOST],
    count: usize,
    after: [Path; MOST],
    ways: Vec<Way>,
    /// Ways with the path that each goes on from.
    plans: Vec<(usize, Way)>,
}

impl Beam {
    /// Begins a sentence of so many words.
    pub(crate) fn begin(&mut self, words: usize) {
        self.count = 1;
        self.paths[0].share = 0.0;
        self.paths[0].state.begin(words);
    }

    /// The best parse so far.
    pub(crate) fn best(&self) -> &State {
        &self.paths[0].state
    }

    /// Where each parse can but shift, does so; whether that was the case.
    pub(crate) fn shift_all(&mut self) -> bool {
        let paths = &mut self.paths[..self.count];
        let forced = paths.iter().all(|path| path.state.stack.is_empty());
        if forced {
            paths.iter_mut().for_each(|path| path.state.act(Action::Shift, 0));
        }
        forced
    }

    /// Takes the parses one action further. `look` tells what of a state the ways depend on; `find` appends the ways
    /// to go on from a state, at least one, for each look only once; it is told whether that is the only state.
    pub(crate) fn step<L: PartialEq>(
        &mut self,
        look: impl Fn(&State) -> L,
        mut find: impl FnMut(&L, &State, bool, &mut Vec<Way>),
    ) {
        let mut looks: [Option<L>; MOST] = [const { None }; MOST];
        let mut parts = [(0, 0); MOST];
        self.plans.clear();
        self.ways.clear();
        for (from, path) in self.paths[..self.count].iter().enumerate() {
            let sight = look(&path.state);
            parts[from] = match looks[..from].iter().position(|known| known.as_ref() == Some(&sight)) {
                Some(known) => parts[known],
                None => {
                    let start = self.ways.len();
                    find(&sight, &path.state, self.count == 1, &mut self.ways);
                    (start, self.ways.len())
                }
            };
            looks[from] = Some(sight);
            let ways = &self.ways[parts[from].0..parts[from].1];
            self.plans.extend(ways.iter().map(|way| (from, Way { share: way.share + path.share, ..*way })));
        }
        match self.plans[..] {
            [(_, way)] => self.paths[0].state.act(way.action, way.label),
            _ => self.follow(),
        }
    }

    /// Follows the best of several plans.
    fn follow(&mut self) {
        self.plans.sort_by(|a, b| b.1.share.total_cmp(&a.1.share));
        let least = self.plans.first().map_or(0.0, |plan| plan.1.share - BEHIND);
        self.plans.retain(|plan| plan.1.share >= least);
        self.plans.truncate(MOST);
        for (number, &(from, way)) in self.plans.iter().enumerate() {
            let path = &mut self.after[number];
            // The last that goes on from a path takes its memory.
            match self.plans[number + 1..].iter().any(|later| later.0 == from) {
                true => path.state.copy_from(&self.paths[from].state),
                false => std::mem::swap(&mut path.state, &mut self.paths[from].state),
            }
            path.state.act(way.action, way.label);
            path.share = way.share;
        }
        self.count = self.plans.len();
        std::mem::swap(&mut self.paths, &mut self.after);
    }
}

/// The actions worth following, with the logs of their shares. `scores` are logs of odds, in the order of
/// [`Action::ALL`]. Of a parse that is `alone` the share of a sole action does not matter, and is 0.
pub(crate) fn likely(
    scores: [f32; 3],
    allowed: [bool; 3],
    alone: bool,
) -> impl Iterator<Item = (Action, f32)> + Clone {
    let score = move |at: usize| if allowed[at] { scores[at] } else { f32::NEG_INFINITY };
    let best = score(0).max(score(1)).max(score(2));
    let close = [0, 1, 2].map(|at| allowed[at] && score(at) >= best - BEHIND);
    let sole = close.iter().filter(|close| **close).count() == 1;
    let all = match alone && sole {
        true => best,
        false => best + (0..3).map(|at| (score(at) - best).exp()).sum::<f32>().ln(),
    };
    (0..3).filter(move |at| close[*at]).map(move |at| (Action::ALL[at], score(at) - all))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Heads of two words, parsed by one that gives the first word a head to its right unless the share of that is
    /// below a half, and that then finds the second word, as a root, to be worth `root`; under the first, `under`.
    fn heads(left: f32, root: f32, under: f32) -> [u32; 2] {
        let mut beam = Beam::default();
        beam.begin(2);
        while !beam.best().done() {
            beam.step(
                |state| (state.stack.clone(), state.next),
                |_, state, _, ways| {
                    let mut way = |action, share: f32| ways.push(Way { action, label: 1, share: share.ln() });
                    match (&state.stack[..], state.next) {
                        ([1], 2) => {
                            [(Action::Left, left), (Action::Shift, 1.0 - left)].map(|(a, s)| way(a, s))
                        }
                        ([1, 2], _) => [way(Action::Right, under), ()],
                        ([2], _) => [way(Action::Left, root), ()],
                        ([_], _) => [way(Action::Left, 1.0), ()],
                        _ => [way(Action::Shift, 1.0), ()],
                    };
                },
            );
        }
        [1, 2].map(|word| beam.best().nodes[word].head)
    }

    #[test]
    fn what_comes_later_decides_between_ways_that_are_close() {
        assert_eq!(heads(0.6, 0.9, 0.9), [2, 3]);
        assert_eq!(heads(0.6, 0.3, 0.9), [3, 1], "the better way at first leads to a poor end");
        assert_eq!(heads(0.95, 0.01, 0.9), [2, 3], "a way far behind is given up at once");
    }

    #[test]
    fn states_that_look_alike_are_decided_once() {
        let mut beam = Beam::default();
        beam.begin(4);
        let (mut asked, mut most) = (Vec::new(), 0);
        for step in 0.. {
            if beam.best().done() {
                break;
            }
            beam.step(State::allowed, |allowed, _, _, ways| {
                asked.push((step, *allowed));
                let actions = Action::ALL.into_iter().zip(allowed).filter(|(_, allowed)| **allowed);
                ways.extend(actions.map(|(action, _)| Way { action, label: 1, share: 0.0 }));
            });
            most = most.max(beam.count);
        }
        assert_eq!(most, MOST, "several ways were followed");
        let once: BTreeSet<_> = asked.iter().collect();
        assert_eq!(once.len(), asked.len(), "{asked:?}");
    }

    #[test]
    fn likely_actions_are_allowed_and_close_to_the_best() {
        let of =
            |scores, allowed| likely(scores, allowed, true).map(|(action, _)| action).collect::<Vec<_>>();
        assert_eq!(of([1.0, 0.5, -3.0], [true; 3]), [Action::Shift, Action::Left]);
        assert_eq!(of([9.0, 0.5, -3.0], [false, true, false]), [Action::Left]);
        let shares: f32 = likely([0.1, 0.2, 0.3], [true; 3], true).map(|(_, share)| share.exp()).sum();
        assert!((shares - 1.0).abs() < 1e-5, "{shares}");
        let of =
            |alone| likely([0.0, 2.0, 0.0], [true, true, false], alone).map(|way| way.1).collect::<Vec<_>>();
        assert_eq!(of(true), [0.0]);
        assert!((of(false)[0].exp() - 0.88).abs() < 0.01, "{:?}", of(false));
    }
}
