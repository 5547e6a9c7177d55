//! The parse of one sentence.

use pipeline_core::Span;

use super::tags::{Pos, Rel};

/// No node.
pub(crate) const NONE: u16 = u16::MAX;

/// A word of a sentence and its place in the tree. All numbers count words of the sentence.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    pub(crate) span: Span,
    pub(crate) pos: Pos,
    pub(crate) rel: Rel,
    /// [`NONE`] for a root.
    pub(crate) head: u16,
    /// First and last word of all that depends on it.
    pub(crate) first: u16,
    pub(crate) last: u16,
    /// Its leftmost dependent, and the next dependent of its head; [`NONE`] where there is none.
    child: u16,
    next: u16,
}

impl Node {
    /// A word that depends on word `head`; [`NONE`] for a root.
    pub(crate) fn new(span: Span, pos: Pos, rel: Rel, head: u16) -> Self {
        Self { span, pos, rel, head, first: 0, last: 0, child: NONE, next: NONE }
    }
}

/// A parsed sentence. Memory is reused from one to the next.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tree {
    nodes: Vec<Node>,
}

impl Tree {
    /// Longest sentence in words; longer ones are lists and tables, not sentences.
    pub(crate) const MOST: usize = 400;

    /// Forgets the sentence.
    pub(crate) fn clear(&mut self) {
        self.nodes.clear();
    }

    /// Adds the next word.
    pub(crate) fn push(&mut self, node: Node) {
        self.nodes.push(node);
    }

    /// Ties dependents to their heads. Heads outside the sentence count as none, and so do those of words that
    /// depend on themselves in a circle.
    pub(crate) fn tie(&mut self) {
        let count = self.nodes.len();
        for at in 0..count {
            if usize::from(self.nodes[at].head) >= count || self.circles(at) {
                self.nodes[at].head = NONE;
            }
            (self.nodes[at].first, self.nodes[at].last) = (at as u16, at as u16);
        }
        for at in (0..count).rev() {
            let head = self.nodes[at].head;
            if head != NONE {
                let head = usize::from(head);
                self.nodes[at].next = self.nodes[head].child;
                self.nodes[head].child = at as u16;
            }
        }
        for at in 0..count {
            let mut up = self.nodes[at].head;
            while up != NONE {
                let node = &mut self.nodes[usize::from(up)];
                (node.first, node.last) = (node.first.min(at as u16), node.last.max(at as u16));
                up = node.head;
            }
        }
    }

    fn circles(&self, at: usize) -> bool {
        let mut up = self.nodes[at].head;
        for _ in 0..self.nodes.len() {
            match self.nodes.get(usize::from(up)) {
                Some(_) if usize::from(up) == at => return true,
                Some(node) => up = node.head,
                None => return false,
            }
        }
        // A circle among the words above: cut where it is met.
        false
    }

    pub(crate) fn len(&self) -> u16 {
        self.nodes.len() as u16
    }

    pub(crate) fn node(&self, at: u16) -> &Node {
        &self.nodes[usize::from(at)]
    }

    pub(crate) fn pos(&self, at: u16) -> Pos {
        self.node(at).pos
    }

    pub(crate) fn rel(&self, at: u16) -> Rel {
        self.node(at).rel
    }

    /// The head of a word, where it has one.
    pub(crate) fn head(&self, at: u16) -> Option<u16> {
        Some(self.node(at).head).filter(|&head| head != NONE)
    }

    /// Dependents of a word in text order.
    pub(crate) fn children(&self, at: u16) -> impl Iterator<Item = u16> + '_ {
        let existing = |at: u16| (at != NONE).then_some(at);
        std::iter::successors(existing(self.node(at).child), move |&child| existing(self.node(child).next))
    }

    /// The first dependent of a word that is `rel`.
    pub(crate) fn child(&self, at: u16, rel: Rel) -> Option<u16> {
        self.children(at).find(|&child| self.rel(child) == rel)
    }

    /// Whether a word has a dependent that is `rel`.
    pub(crate) fn has(&self, at: u16, rel: Rel) -> bool {
        self.child(at, rel).is_some()
    }

    /// The text from word `first` to word `last`.
    pub(crate) fn span(&self, first: u16, last: u16) -> Span {
        Span::new(self.node(first).span.start, self.node(last).span.end)
    }

    /// How many words there are above.
    pub(crate) fn depth(&self, at: u16) -> usize {
        std::iter::successors(self.head(at), |&up| self.head(up)).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(heads: &[u16]) -> Tree {
        let mut tree = Tree::default();
        for (at, &head) in heads.iter().enumerate() {
            let at = at as u32;
            tree.push(Node::new(Span::new(2 * at, 2 * at + 1), Pos::Noun, Rel::Nmod, head));
        }
        tree.tie();
        tree
    }

    #[test]
    fn dependents_and_extents() {
        let tree = tree(&[1, 3, 1, NONE, 3]);
        assert_eq!(tree.children(3).collect::<Vec<_>>(), [1, 4]);
        assert_eq!(tree.children(1).collect::<Vec<_>>(), [0, 2]);
        assert_eq!((tree.node(1).first, tree.node(1).last), (0, 2));
        assert_eq!((tree.depth(0), tree.span(1, 3)), (2, Span::new(2, 7)));
    }

    #[test]
    fn circles_and_heads_elsewhere_are_cut() {
        for heads in [&[1, 0, 1][..], &[0], &[1, 2, 0], &[9, 0, 3, 2], &[1, 2, 1, 0]] {
            let tree = tree(heads);
            (0..tree.len()).for_each(|at| assert!(tree.depth(at) < heads.len()));
        }
    }
}
