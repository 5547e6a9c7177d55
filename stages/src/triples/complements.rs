//! What belongs to a predicate beside its subject.

use super::clause::{Subject, Verb};
use super::phrase::{Range, Reader};
use super::tags::{Pos, Rel};

/// Words that open clauses which say when or how.
const CLAUSES: [&str; 7] = ["until", "till", "after", "before", "since", "when", "by"];

/// A complement or an adjunct.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) head: u16,
    pub(crate) rel: Rel,
    /// Its preposition, of one word or more.
    pub(crate) preposition: Option<Range>,
    /// Whether it stands elsewhere: what a relative clause describes.
    pub(crate) gap: bool,
}

impl Part {
    fn new(head: u16, rel: Rel) -> Self {
        Self { head, rel, preposition: None, gap: false }
    }

    pub(crate) fn is_clause(&self, reader: Reader<'_>) -> bool {
        self.rel == Rel::Ccomp || self.rel == Rel::Xcomp && reader.tree.pos(self.head) == Pos::Verb
    }
}

impl Reader<'_> {
    /// Gathers what belongs to a predicate, in text order.
    pub(crate) fn complements(self, verb: &Verb, subject: Subject, parts: &mut Vec<Part>) {
        parts.clear();
        let mut at = verb.head;
        loop {
            self.add_parts(at, verb, subject, parts);
            if at == verb.main {
                break;
            }
            match self.next_verb(at) {
                Some(next) => at = next,
                None => break,
            }
        }
        if verb.copula.is_some() {
            let preposition = self.preposition(verb.main);
            let part = Part { preposition, ..Part::new(verb.main, Rel::Cop) };
            parts.insert(0, part);
        }
        self.add_shared_object(verb, parts);
        self.add_gap(verb, subject, parts);
    }

    fn add_parts(self, at: u16, verb: &Verb, subject: Subject, parts: &mut Vec<Part>) {
        for child in self.tree.children(at) {
            let rel = if self.is_content(child) { Rel::Ccomp } else { self.tree.rel(child) };
            let own = match rel {
                Rel::Obj | Rel::Iobj | Rel::Ccomp => true,
                Rel::Obl | Rel::Agent | Rel::OblBare => true,
                Rel::Nmod => verb.copula.is_some() && at == verb.main && self.tree.pos(at) == Pos::Adj,
                Rel::Xcomp => at == verb.main || self.next_verb(at) != Some(child),
                Rel::Advmod => self.is_time(child) && !self.is(child, &["then", "now"]),
                Rel::Advcl if self.next_verb(at) == Some(child) => false,
                Rel::Advcl => {
                    child > at
                        && self.tree.child(child, Rel::Mark).is_some_and(|mark| self.is(mark, &CLAUSES))
                }
                _ => false,
            };
            if !own || child == subject.noun {
                continue;
            }
            let relative = self.is_relative(child);
            let head = if relative { self.antecedent(verb.head).unwrap_or(child) } else { child };
            let preposition =
                if matches!(rel, Rel::Obl | Rel::Agent | Rel::Nmod) { self.preposition(child) } else { None };
            parts.push(Part { head, rel, preposition, gap: relative });
        }
    }

    /// The preposition of a noun, before it.
    pub(crate) fn preposition(self, noun: u16) -> Option<Range> {
        let first =
            self.tree.children(noun).find(|&child| self.tree.rel(child) == Rel::Case && child < noun)?;
        let last = self
            .tree
            .children(noun)
            .filter(|&child| self.tree.rel(child) == Rel::Case && child < noun)
            .last()
            .unwrap_or(first);
        let last = self.tree.node(last).last.max(last);
        Some((first, last.min(noun - 1)))
    }

    /// "buys and sells shares": the object of the first of joined verbs that stands behind the last.
    fn add_shared_object(self, verb: &Verb, parts: &mut Vec<Part>) {
        if parts.iter().any(|part| matches!(part.rel, Rel::Obj | Rel::Ccomp)) {
            return;
        }
        let shared = if self.tree.rel(verb.head) == Rel::Conj {
            self.tree.head(verb.head).and_then(|head| self.tree.child(head, Rel::Obj))
        } else {
            let joined = self.tree.children(verb.head).filter(|&child| self.tree.rel(child) == Rel::Conj);
            let close = joined.take(1).find(|&other| other == verb.last + 2);
            close.and_then(|other| self.tree.child(other, Rel::Obj))
        };
        if let Some(object) =
            shared.filter(|&object| object > verb.last && !verb.mood.passive && verb.copula.is_none())
        {
            parts.insert(0, Part::new(object, Rel::Obj));
        }
    }

    /// What a relative clause describes, where no pronoun stands for it: "the plant they built".
    fn add_gap(self, verb: &Verb, subject: Subject, parts: &mut Vec<Part>) {
        let complete =
            parts.iter().any(|part| matches!(part.rel, Rel::Obj | Rel::Ccomp | Rel::Cop) || part.gap);
        if complete
            || verb.mood.passive
            || self.tree.pos(verb.main) != Pos::Verb
            || self.tree.rel(verb.head) != Rel::Relcl
        {
            return;
        }
        let adverb = self.tree.children(verb.head).any(|child| self.is(child, &["where", "when", "why"]));
        if let Some(noun) = self.antecedent(verb.head).filter(|&noun| noun != subject.noun && !adverb) {
            parts.push(Part { gap: true, ..Part::new(noun, Rel::Obj) });
        }
    }
}
