//! Clauses: who does, what is done, to whom, and how it is said.

use super::lemma::is_past;
use super::lexicon::{FUTURE, MODALS, NEGATIONS, NEVER_PASSIVE};
use super::phrase::Reader;
use super::tags::{Pos, Rel};

/// What holds of a clause beside what it says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mood {
    pub(crate) negated: bool,
    pub(crate) modal: bool,
    pub(crate) future: bool,
    pub(crate) passive: bool,
}

/// The words that make the predicate of a clause.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Verb {
    /// The word the clause hangs on.
    pub(crate) head: u16,
    /// The last verb of a chain ("attempted to popularize"); the head where there is none.
    pub(crate) main: u16,
    /// Form of "be" between subject and what is said of it.
    pub(crate) copula: Option<u16>,
    /// First and last of the words.
    pub(crate) first: u16,
    pub(crate) last: u16,
    pub(crate) mood: Mood,
}

/// Who or what a clause is about, and how that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Subject {
    pub(crate) noun: u16,
    pub(crate) by: By,
}

/// Where a subject stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    /// In the clause itself.
    Own,
    /// It is what a relative clause describes.
    Relative,
    /// It is what a participle describes.
    Participle,
    /// It is that of the verb joined by "and".
    Joined,
    /// It is that of the clause above.
    Above,
}

impl Reader<'_> {
    /// Whether a word makes a clause of its own.
    pub(crate) fn is_predicate(self, at: u16) -> bool {
        let node = self.tree.node(at);
        if matches!(
            node.rel,
            Rel::Amod
                | Rel::Compound
                | Rel::Case
                | Rel::Mark
                | Rel::Fixed
                | Rel::Flat
                | Rel::Aux
                | Rel::AuxPass
                | Rel::Cop
                | Rel::Cc
        ) {
            return false;
        }
        match node.pos {
            Pos::Verb => true,
            Pos::Aux => self.tree.children(at).any(|child| self.tree.rel(child).is_subject()),
            _ => self.tree.has(at, Rel::Cop),
        }
    }

    /// The subject of the clause of `verb`.
    pub(crate) fn subject(self, verb: u16) -> Option<Subject> {
        self.subject_within(verb, 8)
    }

    fn subject_within(self, verb: u16, steps: u8) -> Option<Subject> {
        let steps = steps.checked_sub(1)?;
        let is_own = |&child: &u16| self.tree.rel(child).is_subject() && child >= self.dateline;
        if let Some(own) = self.tree.children(verb).find(is_own) {
            let nominal = |&noun: &u16| self.tree.pos(noun).is_nominal();
            let described = || self.antecedent(verb).filter(nominal).or_else(|| self.noun_before(own));
            return match self.is_relative(own).then(described).flatten() {
                Some(noun) => Some(Subject { noun, by: By::Relative }),
                // "who" and "which" of nobody; "that" may point to what was said before.
                None if self.is(own, &["who", "which"]) => None,
                None => Some(Subject { noun: own, by: By::Own }),
            };
        }
        if self.tree.has(verb, Rel::Expl) || self.tree.has(verb, Rel::Csubj) {
            return None;
        }
        let head = self.tree.head(verb)?;
        match self.tree.rel(verb) {
            Rel::Conj if self.is_predicate(head) => {
                let subject = self.subject_within(head, steps)?;
                Some(Subject { by: if subject.by == By::Own { By::Joined } else { subject.by }, ..subject })
            }
            Rel::Acl if self.tree.pos(head).is_nominal() && self.is_participle(verb) => {
                Some(self.described(verb, head))
            }
            Rel::Advcl if self.is_predicate(head) && self.shares_subject(verb) => {
                let subject = self.subject_within(head, steps)?;
                Some(Subject { by: By::Above, ..subject })
            }
            Rel::Xcomp if self.is_predicate(head) => match self.tree.child(head, Rel::Obj) {
                Some(noun) => Some(Subject { noun, by: By::Above }),
                None => self.subject_within(head, steps).map(|subject| Subject { by: By::Above, ..subject }),
            },
            _ => None,
        }
    }

    /// What a participle describes. A past form with an object is the verb of the sentence, whose subject is the noun
    /// that all before it describes.
    fn described(self, verb: u16, noun: u16) -> Subject {
        if self.is_present(verb) || !self.tree.has(verb, Rel::Obj) {
            return Subject { noun, by: By::Participle };
        }
        let above = |&at: &u16| (self.tree.rel(at) == Rel::Appos).then(|| self.tree.head(at)).flatten();
        let noun = std::iter::successors(Some(noun), above).last().unwrap_or(noun);
        Subject { noun, by: By::Participle }
    }

    /// A clause without a subject of its own whose doer is that of the clause it hangs on.
    fn shares_subject(self, verb: u16) -> bool {
        let mark = self.tree.child(verb, Rel::Mark);
        let known = ["after", "before", "while", "when", "by", "since", "upon", "as", "without"];
        self.is_participle(verb) && mark.is_none_or(|mark| self.is(mark, &known))
    }

    /// The noun that a relative clause describes, of which `verb` is the verb or joined to it.
    pub(crate) fn antecedent(self, verb: u16) -> Option<u16> {
        let mut at = verb;
        while self.tree.rel(at) == Rel::Conj {
            at = self.tree.head(at)?;
        }
        (self.tree.rel(at) == Rel::Relcl).then(|| self.tree.head(at)).flatten()
    }

    /// The noun that a pronoun which opens a relative clause follows, where the parse does not tie them.
    fn noun_before(self, pronoun: u16) -> Option<u16> {
        if !self.is(pronoun, &["who", "which"]) {
            return None;
        }
        let comma = |at: u16| self.tree.pos(at) == Pos::Punct;
        let last = (0..pronoun).rev().find(|&at| !comma(at)).filter(|&at| at + 2 >= pronoun)?;
        let named = |at: u16| matches!(self.tree.pos(at), Pos::Noun | Pos::Propn);
        let above = |&at: &u16| {
            self.tree.head(at).filter(|&head| named(head) && self.tree.rel(at) != Rel::Nmod && head < pronoun)
        };
        named(last).then(|| std::iter::successors(Some(last), above).last()).flatten()
    }

    /// Whether a word is a pronoun that stands for what a relative clause describes.
    pub(crate) fn is_relative(self, at: u16) -> bool {
        matches!(self.tree.pos(at), Pos::Pron | Pos::Det | Pos::Sconj)
            && self.is(at, &["who", "whom", "which", "that"])
    }

    /// Whether a verb without auxiliaries is a participle, by its ending or its subject.
    pub(crate) fn is_participle(self, verb: u16) -> bool {
        let finite =
            |at: u16| matches!(self.tree.rel(at), Rel::Aux | Rel::AuxPass | Rel::Cop) && !self.is_present(at);
        let no_finite = !self.tree.children(verb).any(finite);
        self.tree.pos(verb) == Pos::Verb
            && no_finite
            && (self.is_past_participle(verb) || self.is_present(verb))
    }

    /// Whether a verb is a form in -ing.
    pub(crate) fn is_present(self, verb: u16) -> bool {
        let word = self.word(verb).as_bytes();
        word.len() > 4 && word[word.len() - 3..].eq_ignore_ascii_case(b"ing")
    }

    fn is_past_participle(self, verb: u16) -> bool {
        let to = |at: u16| self.tree.rel(at) == Rel::Mark && self.is(at, &["to"]);
        !self.is_present(verb) && is_past(self.word(verb)) && !self.tree.children(verb).any(to)
    }

    /// Reads the words of the predicate that hangs on `head`.
    pub(crate) fn verb(self, head: u16) -> Verb {
        let copula = self.tree.child(head, Rel::Cop);
        let mut verb = Verb { head, main: head, copula, first: head, last: head, mood: Mood::default() };
        if let Some(copula) = copula {
            (verb.first, verb.last) = (copula, copula);
            if self.tree.pos(head) == Pos::Adj && self.follow(head).is_some() {
                (verb.copula, verb.last) = (None, head);
            }
        }
        self.add_mood(head, &mut verb.mood);
        if verb.copula.is_none() {
            while let Some(next) = self.follow(verb.main) {
                verb.mood.passive = false;
                verb.main = next;
                self.add_mood(next, &mut verb.mood);
                match self.tree.child(next, Rel::Cop) {
                    Some(copula) => {
                        (verb.copula, verb.last) = (Some(copula), copula);
                        break;
                    }
                    None => verb.last = next,
                }
            }
        }
        self.add_particle(&mut verb);
        verb.first = self.start_of_verb(&verb);
        verb
    }

    /// The verb that goes on where this one leaves off: "began to sing", "is able to sing".
    fn follow(self, verb: u16) -> Option<u16> {
        if self.tree.children(verb).any(|child| matches!(self.tree.rel(child), Rel::Obj | Rel::Iobj)) {
            return None;
        }
        let next = self.next_verb(verb)?;
        let clause = self.tree.pos(next) == Pos::Verb || self.tree.has(next, Rel::Cop);
        let close = (verb + 1..self.tree.node(next).first)
            .all(|at| matches!(self.tree.pos(at), Pos::Adv | Pos::Part));
        // "was seen leaving" and "kept leaving" go on; a past participle does not.
        let verbal = self.is_present(next) || self.tree.has(next, Rel::Mark) || self.tree.has(next, Rel::Cop);
        (clause && close && verbal).then_some(next)
    }

    /// The verb that a verb may go on with: what is marked as such, or what follows with "to".
    pub(crate) fn next_verb(self, verb: u16) -> Option<u16> {
        let marked = self.tree.child(verb, Rel::Xcomp).filter(|&next| next > verb);
        let follows = |next: u16| {
            let node = self.tree.node(next);
            self.tree.rel(next) == Rel::Advcl && node.first == verb + 1 && self.is(node.first, &["to"])
        };
        marked.or_else(|| self.tree.children(verb).find(|&next| follows(next)))
    }

    fn add_particle(self, verb: &mut Verb) {
        if let Some(particle) = self.tree.child(verb.main, Rel::Particle).filter(|&at| at == verb.last + 1) {
            verb.last = particle;
        }
    }

    /// The first of auxiliaries and adverbs before the verb.
    fn start_of_verb(self, verb: &Verb) -> u16 {
        let mut first = verb.first;
        let own = |at: u16| {
            let rel = self.tree.rel(at);
            let belongs = self.tree.head(at) == Some(verb.head);
            belongs
                && (matches!(rel, Rel::Aux | Rel::AuxPass | Rel::Cop)
                    || rel == Rel::Advmod
                        && self.tree.pos(at) != Pos::Sconj
                        && self.tree.node(at).first == at)
        };
        while let Some(before) = first.checked_sub(1).filter(|&before| own(before)) {
            first = before;
        }
        // An adverb that opens the sentence says something of all of it.
        while first < verb.last && first == 0 && self.tree.rel(first) == Rel::Advmod {
            first += 1;
        }
        first
    }

    fn add_mood(self, verb: u16, mood: &mut Mood) {
        for child in self.tree.children(verb) {
            match self.tree.rel(child) {
                Rel::Advmod | Rel::Cc if self.is(child, &NEGATIONS) => mood.negated = true,
                Rel::Aux if self.is(child, &MODALS) => mood.modal = true,
                Rel::Aux if self.is(child, &FUTURE) => mood.future = true,
                Rel::AuxPass | Rel::NsubjPass => mood.passive = true,
                Rel::Mark if self.is(child, &["without"]) => mood.negated = true,
                Rel::Nsubj | Rel::Obj
                    if self.tree.children(child).any(|det| self.is(det, &["no", "neither"])) =>
                {
                    mood.negated = true;
                }
                Rel::Agent => mood.passive = true,
                _ => {}
            }
        }
        let joined_to_passive = self.tree.rel(verb) == Rel::Conj
            && self.tree.head(verb).is_some_and(|head| self.tree.has(head, Rel::AuxPass))
            && !self
                .tree
                .children(verb)
                .any(|child| matches!(self.tree.rel(child), Rel::Aux | Rel::Nsubj | Rel::Cop))
            && self.is_participle(verb)
            && !self.is_present(verb)
            && !self.is(verb, &NEVER_PASSIVE);
        self.add_shared_mood(verb, mood);
        let describes = self.tree.rel(verb) == Rel::Acl
            || self.tree.rel(verb) == Rel::Advcl
                && !self.tree.children(verb).any(|child| self.tree.rel(child).is_subject());
        let bare = !self.tree.has(verb, Rel::Aux) && self.is_participle(verb) && !self.is_present(verb);
        // What has an object is no participle that describes: "the founder, met the minister".
        mood.passive |= joined_to_passive || describes && bare && !self.tree.has(verb, Rel::Obj);
    }

    /// "may build and sell": auxiliaries of the first of joined verbs hold for those without their own.
    fn add_shared_mood(self, verb: u16, mood: &mut Mood) {
        let own = |at: u16| {
            matches!(self.tree.rel(at), Rel::Aux | Rel::AuxPass | Rel::Cop | Rel::Nsubj | Rel::NsubjPass)
        };
        let Some(head) = self.tree.head(verb).filter(|_| self.tree.rel(verb) == Rel::Conj) else { return };
        if self.tree.children(verb).any(own) || self.tree.pos(verb) != Pos::Verb {
            return;
        }
        for aux in self.tree.children(head).filter(|&at| self.tree.rel(at) == Rel::Aux) {
            mood.modal |= self.is(aux, &MODALS);
            mood.future |= self.is(aux, &FUTURE);
        }
    }
}
