//! The transition system: arc-hybrid (Kuhlmann, Gómez-Rodríguez and Satta 2011).
//!
//! Words are numbered from 1; 0 stands for none, and the root comes after the last word. A word gets its head when
//! it leaves the stack: to the left of the next word, or to the right of the word under it. The root takes one
//! word only.

/// What the parser does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// The next word goes on the stack.
    Shift,
    /// The top of the stack becomes a dependent of the next word.
    Left,
    /// The top of the stack becomes a dependent of the word under it.
    Right,
}

impl Action {
    pub(crate) const ALL: [Self; 3] = [Self::Shift, Self::Left, Self::Right];
}

/// Dependents so far on one side: the outermost two, and how many.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Side {
    pub(crate) outer: u32,
    pub(crate) inner: u32,
    pub(crate) count: u8,
}

impl Side {
    fn add(&mut self, word: u32) {
        (self.inner, self.outer) = (self.outer, word);
        self.count = self.count.saturating_add(1);
    }
}

/// What is known of a word.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Node {
    pub(crate) head: u32,
    pub(crate) label: u16,
    pub(crate) left: Side,
    pub(crate) right: Side,
}

/// A parse under way.
#[derive(Clone, Debug, Default)]
pub(crate) struct State {
    pub(crate) stack: Vec<u32>,
    /// The next word.
    pub(crate) next: u32,
    /// The root: words and one.
    pub(crate) root: u32,
    pub(crate) nodes: Vec<Node>,
}

impl State {
    /// Begins a sentence of so many words.
    pub(crate) fn begin(&mut self, words: usize) {
        self.stack.clear();
        self.next = 1;
        self.root = words as u32 + 1;
        self.nodes.clear();
        self.nodes.resize(words + 2, Node::default());
    }

    /// Becomes a copy, in the memory it has.
    pub(crate) fn copy_from(&mut self, other: &Self) {
        self.stack.clone_from(&other.stack);
        self.nodes.clone_from(&other.nodes);
        (self.next, self.root) = (other.next, other.root);
    }

    #[inline]
    pub(crate) fn done(&self) -> bool {
        self.stack.is_empty() && self.next == self.root
    }

    /// Which actions are possible, in the order of [`Action::ALL`].
    #[inline]
    pub(crate) fn allowed(&self) -> [bool; 3] {
        let (depth, end) = (self.stack.len(), self.next == self.root);
        [!end, if end { depth == 1 } else { depth > 0 }, depth > 1]
    }

    /// The word so deep in the stack; 0 for none.
    #[inline]
    pub(crate) fn stacked(&self, depth: usize) -> u32 {
        self.stack.len().checked_sub(depth + 1).map_or(0, |at| self.stack[at])
    }

    /// The word so far ahead; 0 for none.
    #[inline]
    pub(crate) fn ahead(&self, distance: u32) -> u32 {
        let word = self.next + distance;
        if word <= self.root { word } else { 0 }
    }

    #[inline]
    pub(crate) fn node(&self, word: u32) -> &Node {
        &self.nodes[word as usize]
    }

    /// Acts; the label is that of the new arc.
    pub(crate) fn act(&mut self, action: Action, label: u16) {
        if action == Action::Shift {
            self.stack.push(self.next);
            self.next += 1;
            return;
        }
        let Some(word) = self.stack.pop() else { return };
        let head = if action == Action::Left { self.next } else { self.stacked(0) };
        let node = &mut self.nodes[word as usize];
        (node.head, node.label) = (head, label);
        let head = &mut self.nodes[head as usize];
        let side = if action == Action::Left { &mut head.left } else { &mut head.right };
        side.add(word);
    }
}
