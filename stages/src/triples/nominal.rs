//! What nouns say without a verb: appositions and titles.

use super::Found;
use super::clause::By;
use super::extract::Draft;
use super::lexicon::MERE_TITLES;
use super::phrase::Reader;
use super::roles::Sense;
use super::score::Rule;
use super::tags::{Pos, Rel};

impl Reader<'_> {
    /// Adds what the noun at `at` says of another.
    pub(crate) fn nominal(self, at: u16, found: &mut Found) {
        let Some(head) = self.tree.head(at) else { return };
        match self.tree.rel(at) {
            Rel::Appos => self.apposition(head, at, found),
            Rel::Title => self.title(head, at, found),
            _ => {}
        }
    }

    fn draft(self, rule: Rule, head: u16) -> Draft {
        Draft {
            rule,
            by: By::Own,
            subject: (head, head),
            relation: None,
            object: None,
            flags: 0,
            split: false,
            head,
        }
    }

    /// "Soto, the founder of Lumen": Soto is the founder of Lumen.
    fn apposition(self, head: u16, at: u16, found: &mut Found) {
        let nominal = |at| matches!(self.tree.pos(at), Pos::Noun | Pos::Propn);
        if !nominal(head)
            || !nominal(at)
            || self.is_time(at)
            || self.is_time(head)
            || self.tree.has(at, Rel::Case)
        {
            return;
        }
        let sense = |at: u16| self.senses[usize::from(at)];
        let places = sense(head) == Sense::Place && sense(at) == Sense::Place;
        if !places && sense(head) == Sense::Name && sense(at) == Sense::Name && self.is_bare(at) {
            // Names of several: an enumeration, not a description.
            return;
        }
        let (subject, object) = match self.tree.pos(head) == Pos::Noun && self.tree.pos(at) == Pos::Propn {
            true => (at, head),
            false => (head, at),
        };
        found.predicates.push_str(if places { "be in" } else { "be" });
        let (subject, object) = (self.phrase(subject), self.phrase(object));
        self.push(Draft { subject, object: Some(object), ..self.draft(Rule::Apposition, at) }, 0, found);
    }

    /// Whether a name stands without anything that describes it.
    fn is_bare(self, at: u16) -> bool {
        let part = |rel| matches!(rel, Rel::Flat | Rel::Compound | Rel::Punct | Rel::Title | Rel::Goeswith);
        self.tree.children(at).all(|child| part(self.tree.rel(child)))
    }

    /// "President Soto": Soto is President.
    fn title(self, head: u16, at: u16, found: &mut Found) {
        if at > head || self.is(at, &MERE_TITLES) {
            return;
        }
        let (start, last) = self.phrase(head);
        let title = (start.min(self.tree.node(at).first), at);
        let first = title.1 + 1;
        if first > last || self.tree.pos(first) != Pos::Propn {
            return;
        }
        found.predicates.push_str("be");
        let draft = Draft { subject: (first, last), object: Some(title), ..self.draft(Rule::Title, at) };
        self.push(draft, 0, found);
    }
}
