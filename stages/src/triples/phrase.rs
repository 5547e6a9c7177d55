//! Where noun phrases begin and end.

use pipeline_core::Span;

use super::roles::Sense;
use super::tags::{Pos, Rel};
use super::tree::{NONE, Tree};

/// A sentence with its text.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    /// What entities say of each word.
    pub(crate) senses: &'a [Sense],
    /// First and last word of the name each word is part of; itself where it is none.
    pub(crate) names: &'a [Range],
    pub(crate) text: &'a str,
    pub(crate) tree: &'a Tree,
    /// The words before this one are a dateline, and nobody who does or says anything.
    pub(crate) dateline: u16,
}

/// Words from the first to the last.
pub(crate) type Range = (u16, u16);

impl<'a> Reader<'a> {
    /// The word as it stands.
    pub(crate) fn word(self, at: u16) -> &'a str {
        &self.text[self.tree.node(at).span.range()]
    }

    /// Whether the word, in any case, is one of these.
    pub(crate) fn is(self, at: u16, words: &[&str]) -> bool {
        let word = self.word(at);
        words.iter().any(|one| word.eq_ignore_ascii_case(one))
    }

    pub(crate) fn span(self, (first, last): Range) -> Span {
        self.tree.span(first, last)
    }

    /// The phrase of a noun: with what describes it, without its preposition, without what only adds to it
    /// (appositions, clauses behind a comma) and without what it is joined to.
    pub(crate) fn phrase(self, head: u16) -> Range {
        self.phrase_before(head, NONE)
    }

    /// The same, but ending before the clause of the word `clause`.
    pub(crate) fn phrase_before(self, head: u16, clause: u16) -> Range {
        let mut end = self.phrase_end(head);
        if clause != NONE && clause > head {
            end = end.min(self.tree.node(clause).first.saturating_sub(1)).max(head);
        }
        self.finished(head, (self.phrase_start(head), end))
    }

    /// With all of the name the head is part of, without marks at the ends, with quotation marks around.
    fn finished(self, head: u16, (first, last): Range) -> Range {
        let (name_first, name_last) = self.names[usize::from(head)];
        self.with_quotes(self.trimmed((first.min(name_first), last.max(name_last))))
    }

    fn phrase_start(self, head: u16) -> u16 {
        let mut start = None;
        for child in self.tree.children(head).take_while(|&child| child < head) {
            let rel = self.tree.rel(child);
            let inside = matches!(
                rel,
                Rel::Det
                    | Rel::Amod
                    | Rel::Compound
                    | Rel::Nummod
                    | Rel::Poss
                    | Rel::Title
                    | Rel::Nmod
                    | Rel::NmodBare
                    | Rel::Advmod
                    | Rel::Flat
                    | Rel::Fixed
                    | Rel::Goeswith
            );
            let inside = inside || matches!(rel, Rel::Cc | Rel::Punct) && start.is_some();
            // "a year later"
            let inside = inside || rel == Rel::OblBare && self.tree.pos(head) == Pos::Adv;
            start = if inside { start.or(Some(self.tree.node(child).first)) } else { None };
        }
        start.unwrap_or(head)
    }

    fn phrase_end(self, head: u16) -> u16 {
        let mut end = head;
        for child in self.tree.children(head).skip_while(|&child| child < head) {
            let after_comma = self.begins_after_comma(child);
            let inside = match self.tree.rel(child) {
                Rel::Punct => continue,
                Rel::Nmod | Rel::Flat | Rel::Compound | Rel::Nummod | Rel::Amod | Rel::Fixed => true,
                Rel::Goeswith | Rel::Title | Rel::Det => !after_comma,
                // "Soto yesterday" is not who, but when.
                Rel::NmodBare => !after_comma && !self.is_time(child),
                Rel::Advmod => !after_comma && self.tree.pos(head) == Pos::Noun && !self.is_time(child),
                Rel::Acl => !after_comma,
                Rel::Relcl => !after_comma && self.tree.pos(head) == Pos::Pron,
                Rel::Obl | Rel::Xcomp | Rel::Ccomp | Rel::Advcl => {
                    self.tree.pos(head) == Pos::Adj && !after_comma
                }
                _ => false,
            };
            if !inside {
                break;
            }
            let node = self.tree.node(child);
            let whole = matches!(
                self.tree.rel(child),
                Rel::Acl | Rel::Relcl | Rel::Obl | Rel::Xcomp | Rel::Ccomp | Rel::Advcl
            );
            let reached = if whole { node.last } else { self.joined_end(child) };
            end = end.max(reached);
            if reached < node.last {
                break;
            }
        }
        end
    }

    /// End of a phrase with all that is joined to it by "and".
    fn joined_end(self, head: u16) -> u16 {
        let end = self.phrase_end(head);
        let joined = self.tree.children(head).filter(|&child| self.tree.rel(child) == Rel::Conj);
        joined.filter(|&child| child > end).map(|child| self.phrase_end(child)).last().unwrap_or(end)
    }

    /// The phrase of a noun with all that is joined to it.
    pub(crate) fn joined_phrase(self, head: u16) -> Range {
        self.finished(head, (self.phrase_start(head), self.joined_end(head).max(self.phrase_end(head))))
    }

    /// All that depends on a word, without marks at its ends and without what stands before `from`.
    pub(crate) fn whole(self, head: u16, from: u16) -> Range {
        let node = self.tree.node(head);
        self.trimmed((node.first.max(from), node.last))
    }

    fn begins_after_comma(self, at: u16) -> bool {
        let node = self.tree.node(at);
        let before = node.first.checked_sub(1).filter(|&before| self.tree.pos(before) == Pos::Punct);
        let own = self.tree.pos(node.first) == Pos::Punct;
        before.is_some_and(|before| self.is(before, &[",", "(", "-", "--", "–", "—", ":", "-LRB-"])) || own
    }

    /// Without marks and joining words at the ends.
    fn trimmed(self, (mut first, mut last): Range) -> Range {
        let mark = |at| matches!(self.tree.pos(at), Pos::Punct | Pos::Cconj);
        while first < last && mark(first) && !self.is(first, &["$", "%"]) {
            first += 1;
        }
        while last > first && mark(last) && !self.is(last, &["%"]) {
            last -= 1;
        }
        (first, last)
    }

    /// With the quotation marks around it; of a bracket or a quotation mark that stands alone the phrase is cut.
    fn with_quotes(self, (first, last): Range) -> Range {
        let around = first.checked_sub(1).filter(|_| last + 1 < self.tree.len());
        match around {
            Some(before) if self.opens(before) && self.closes(last + 1) => (before, last + 1),
            _ => {
                let unclosed = (first..=last).filter(|&at| self.opens(at)).count()
                    > (first..=last).filter(|&at| self.closes(at)).count();
                if unclosed && last + 1 < self.tree.len() && self.closes(last + 1) {
                    (first, last + 1)
                } else {
                    (first, last)
                }
            }
        }
    }

    fn opens(self, at: u16) -> bool {
        self.is(at, &["``", "`", "“", "‘", "\"", "«"])
    }

    fn closes(self, at: u16) -> bool {
        self.is(at, &["''", "'", "”", "’", "\"", "»"])
    }

    /// A noun and the nouns joined to it.
    pub(crate) fn joined(self, head: u16) -> impl Iterator<Item = u16> + 'a {
        let tree = self.tree;
        let nominal = move |&child: &u16| {
            tree.rel(child) == Rel::Conj && (tree.pos(child).is_nominal() || tree.pos(child) == Pos::Adj)
        };
        let more = tree.children(head).filter(nominal);
        std::iter::once(head).chain(more.filter(move |_| head != NONE))
    }
}
