//! What a clause stands under: a verb it goes on from, a condition, somebody who says so.

use super::lemma::push_lemma;
use super::lexicon::SPEECH;
use super::phrase::{Range, Reader};
use super::tags::{Pos, Rel};

/// Words at the end of a sentence among which somebody is looked for who says it.
const MOST_AFTER: usize = 8;

/// Words of a dateline, at most.
const MOST_IN_DATELINE: u16 = 12;

impl Reader<'_> {
    /// The same, knowing where the dateline ends, if the sentence begins with one: "OSLO, March 3 (Lumen) -".
    pub(crate) fn behind_dateline(self) -> Self {
        let words = || (0..self.tree.len().min(MOST_IN_DATELINE)).map(|at| self.word(at));
        let Some(dash) = words().position(|word| matches!(word, "-" | "--" | "–" | "—")) else {
            return self;
        };
        let capitals = |word: &str| word.len() > 2 && word.chars().all(char::is_uppercase);
        let fits = |word: &str| word.chars().next().is_some_and(|c| !c.is_lowercase());
        let begins = words().next().is_some_and(capitals) || words().take(dash).any(|word| word == "(");
        match begins && words().take(dash).all(fits) {
            true => Self { dateline: dash as u16 + 1, ..self },
            false => self,
        }
    }

    /// Whether a predicate goes on with that of its head, and so says nothing alone.
    pub(crate) fn continues(self, at: u16) -> bool {
        let Some(head) = self.tree.head(at) else { return false };
        if self.tree.rel(at) == Rel::Advcl {
            return self.next_verb(head) == Some(at)
                && self.is_predicate(head)
                && self.verb(head).main != head;
        }
        if self.tree.rel(at) != Rel::Xcomp {
            return false;
        }
        // Its words stand in the object of the verb above, or in its relation.
        self.is_predicate(head)
    }

    /// Whether a clause, or one it hangs on, is said under a condition.
    pub(crate) fn is_conditional(self, verb: u16) -> bool {
        let under = |at: u16| {
            matches!(self.tree.rel(at), Rel::Advcl | Rel::Ccomp)
                && self
                    .tree
                    .child(at, Rel::Mark)
                    .is_some_and(|mark| self.is(mark, &["if", "unless", "whether"]))
        };
        std::iter::successors(Some(verb), |&at| self.tree.head(at)).any(under)
    }

    /// Whether somebody is said to say or think this, and who, if that is told.
    pub(crate) fn source(self, verb: u16, lemma: &mut String) -> Option<Option<Range>> {
        let told = self.source_above(verb, lemma);
        told.or_else(|| self.told_at_the_end(verb, lemma).map(|subject| Some(self.phrase(subject))))
    }

    /// Who says so at the end of the sentence: "..., Soto said on Monday." It speaks for all before it, wherever the
    /// parse hangs it.
    fn told_at_the_end(self, verb: u16, lemma: &mut String) -> Option<u16> {
        let told = (verb + 1..self.tree.len())
            .rev()
            .take(MOST_AFTER)
            .find(|&at| matches!(self.tree.pos(at), Pos::Verb | Pos::Aux))?;
        let content = [Rel::Ccomp, Rel::Xcomp, Rel::Obj];
        let says_more =
            self.tree.children(told).any(|part| part > told && content.contains(&self.tree.rel(part)));
        if says_more || !self.speaks(told, lemma) {
            return None;
        }
        let subject = self.tree.children(told).find(|&part| self.tree.rel(part).is_subject())?;
        let first = self.phrase(subject).0.min(told);
        let behind_comma = |at: u16| at > verb + 1 && self.word(at - 1) == ",";
        let tied = std::iter::successors(Some(verb), |&at| self.tree.head(at))
            .any(|at| self.tree.rel(at) == Rel::Advcl && self.tree.has(at, Rel::Mark));
        let nobody = self.is_relative(subject) || self.is(subject, &["i", "we", "you"]) || lemma == "deny";
        (behind_comma(first) && !tied && !nobody).then_some(subject)
    }

    fn source_above(self, verb: u16, lemma: &mut String) -> Option<Option<Range>> {
        let mut at = verb;
        loop {
            if let Some(told) = self.tree.child(at, Rel::Parataxis).filter(|&told| self.speaks(told, lemma)) {
                return Some(self.subject(told).map(|subject| self.phrase(subject.noun)));
            }
            if let Some(told) = self.according_to(at) {
                return Some(Some(self.joined_phrase(told)));
            }
            let head = self.tree.head(at)?;
            if (self.tree.rel(at) == Rel::Parataxis || self.is_content(at)) && self.speaks(head, lemma) {
                return Some(self.subject(head).map(|subject| self.phrase(subject.noun)));
            }
            if !matches!(
                self.tree.rel(at),
                Rel::Ccomp | Rel::Conj | Rel::Advcl | Rel::Relcl | Rel::Xcomp | Rel::Acl
            ) {
                return None;
            }
            at = head;
        }
    }

    /// Whether a clause is what the verb above says: marked as its content, or before it without a word that ties it.
    pub(crate) fn is_content(self, at: u16) -> bool {
        let before = |head: u16| at < head && !self.tree.has(at, Rel::Mark);
        match self.tree.rel(at) {
            Rel::Ccomp => true,
            Rel::Advcl => {
                let own = self.tree.children(at).any(|child| self.tree.rel(child).is_subject());
                own && self.tree.head(at).is_some_and(|head| {
                    before(head) && !self.tree.has(head, Rel::Ccomp) && self.speaks(head, &mut String::new())
                })
            }
            _ => false,
        }
    }

    fn speaks(self, verb: u16, lemma: &mut String) -> bool {
        lemma.clear();
        push_lemma(self.word(verb), lemma);
        self.tree.pos(verb) == Pos::Verb && SPEECH.contains(&lemma.as_str())
    }

    fn according_to(self, verb: u16) -> Option<u16> {
        self.tree.children(verb).find(|&child| {
            self.tree.rel(child) == Rel::Obl
                && self.preposition(child).is_some_and(|(first, _)| self.is(first, &["according"]))
        })
    }
}
