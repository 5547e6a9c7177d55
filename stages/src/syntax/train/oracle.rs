//! The dynamic oracle of arc-hybrid (Goldberg and Nivre 2013): which actions lose no arc of the gold tree that is
//! still within reach.

use super::super::state::State;

/// For each action the gold arcs it puts out of reach; `u32::MAX` where it is not possible. `heads` are the gold
/// heads by word.
pub(super) fn costs(state: &State, heads: &[u32]) -> [u32; 3] {
    let allowed = state.allowed();
    let (top, under) = (state.stacked(0), state.stacked(1));
    let waiting = state.next..=state.root;
    let count = |of: bool| u32::from(of);
    let dependents =
        |word: u32, among: &[u32]| among.iter().filter(|&&d| heads[d as usize] == word).count() as u32;
    let mut costs = [u32::MAX; 3];
    if allowed[0] {
        let head = heads[state.next as usize];
        let depth = state.stack.len().saturating_sub(1);
        costs[0] = dependents(state.next, &state.stack) + count(state.stack[..depth].contains(&head));
    }
    let head = heads[top as usize];
    let lost =
        if top == 0 { 0 } else { waiting.clone().filter(|&d| heads[d as usize] == top).count() as u32 };
    if allowed[1] {
        let elsewhere = head != state.next && (waiting.contains(&head) || (head == under && under != 0));
        costs[1] = lost + count(elsewhere);
    }
    if allowed[2] {
        costs[2] = lost + count(waiting.contains(&head));
    }
    costs
}

/// Lifts arcs that cross others to the head's head until none does; heads are by word from 1, the root behind the
/// last word. Returns how many arcs changed.
pub(super) fn make_projective(heads: &mut [u32]) -> usize {
    let words = heads.len() as u32 - 2;
    let mut lifted = 0;
    // Each lift brings a word nearer to the root, so this ends.
    while let Some(word) = (1..=words)
        .filter(|&word| crosses(heads, word))
        .min_by_key(|&word| (word.abs_diff(heads[word as usize]), word))
    {
        heads[word as usize] = heads[heads[word as usize] as usize];
        lifted += 1;
    }
    lifted
}

/// Whether a word between this one and its head hangs outside of both.
fn crosses(heads: &[u32], word: u32) -> bool {
    let head = heads[word as usize];
    if head + 2 > heads.len() as u32 {
        return false;
    }
    let (first, last) = (word.min(head), word.max(head));
    (first + 1..last).any(|between| {
        let mut up = between;
        while up != 0 && up != head && up + 1 != heads.len() as u32 {
            up = heads[up as usize];
        }
        up != head
    })
}

#[cfg(test)]
mod tests {
    use super::super::super::state::Action;
    use super::*;

    /// Follows the first action that costs nothing; the heads that come out.
    fn replay(heads: &[u32]) -> Vec<u32> {
        let mut state = State::default();
        state.begin(heads.len() - 2);
        while !state.done() {
            let costs = costs(&state, heads);
            let best = costs.iter().position(|&cost| cost == 0).expect("a projective tree is never lost");
            state.act(Action::ALL[best], 1);
        }
        state.nodes[1..heads.len() - 1].iter().map(|node| node.head).collect()
    }

    #[test]
    fn following_the_oracle_gives_the_tree() {
        // Every projective tree of four words with one root.
        let mut seen = 0;
        for code in 0..6_u32.pow(4) {
            let mut heads: Vec<u32> = (0..4).map(|word| code / 6_u32.pow(word) % 6).collect();
            heads.insert(0, 0);
            heads.push(0);
            if !is_tree(&heads) || (1..5).any(|word| crosses(&heads, word)) {
                continue;
            }
            seen += 1;
            assert_eq!(replay(&heads), heads[1..5]);
        }
        assert_eq!(seen, 30);
    }

    fn is_tree(heads: &[u32]) -> bool {
        let reaches = |word: u32| {
            let mut up = word;
            (0..5).for_each(|_| up = heads[up as usize]);
            up == 0 && heads[word as usize] != 0
        };
        (1..5).all(reaches) && heads[1..5].iter().filter(|&&head| head == 5).count() == 1
    }

    #[test]
    fn crossing_arcs_are_lifted() {
        // 2 hangs on 4 and 3 on 1: the shorter is lifted no further than it must.
        let mut heads = [0, 5, 4, 1, 1, 0];
        assert_eq!(make_projective(&mut heads), 1);
        assert!((1..5).all(|word| !crosses(&heads, word)), "{heads:?}");
    }
}
