//! From parsed sentences to triples.

use pipeline_core::Span;

use super::clause::{By, Subject, Verb};
use super::complements::Part;
use super::lemma::{push_lemma, push_lower};
use super::phrase::{Range, Reader};
use super::roles::{Role, Sense};
use super::score::{Rule, SIGNS, Signs, Weights};
use super::tags::{Pos, Rel};
use super::tree::{Node, Tree};
use super::{Arg, Found, Triple, flag};

/// Memory of the extraction, reused from sentence to sentence.
#[derive(Clone, Debug, Default)]
pub(crate) struct Extractor {
    tree: Tree,
    senses: Vec<Sense>,
    names: Vec<Range>,
    parts: Vec<Part>,
    lemma: String,
}

/// Joined subjects and objects that are told one by one.
const JOINED: usize = 6;

/// A triple about to be written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Draft {
    pub(crate) rule: Rule,
    pub(crate) by: By,
    pub(crate) subject: Range,
    pub(crate) relation: Option<Range>,
    pub(crate) object: Option<Range>,
    pub(crate) flags: u32,
    /// Whether its subject or object is one of several that are joined.
    pub(crate) split: bool,
    /// The word it hangs on.
    pub(crate) head: u16,
}

impl Extractor {
    /// Makes room for the next sentence.
    pub(crate) fn begin(&mut self) {
        self.tree.clear();
        self.senses.clear();
        self.names.clear();
    }

    /// Adds a word, and what the entity that covers it says. `goes_on`: it is the same as that of the word before.
    pub(crate) fn push(&mut self, node: Node, sense: Sense, goes_on: bool) {
        let at = self.tree.len();
        let first = self.names.last().filter(|_| goes_on).map_or(at, |(first, _)| *first);
        self.tree.push(node);
        self.senses.push(sense);
        self.names.push((first, at));
        self.names[usize::from(first)..].iter_mut().for_each(|name| name.1 = at);
    }

    /// Appends what the sentence says.
    pub(crate) fn extract(&mut self, text: &str, found: &mut Found) {
        self.tree.tie();
        let Self { tree, senses, names, parts, lemma } = self;
        let reader = Reader { text, tree, senses, names, dateline: 0 }.behind_dateline();
        for at in 0..tree.len() {
            if reader.is_predicate(at) {
                clause(reader, at, parts, lemma, found);
            }
            reader.nominal(at, found);
        }
    }
}

/// Adds what a clause says.
fn clause(reader: Reader<'_>, head: u16, parts: &mut Vec<Part>, lemma: &mut String, found: &mut Found) {
    if reader.continues(head) {
        return;
    }
    let Some(subject) = reader.subject(head) else { return };
    let verb = reader.verb(head);
    reader.complements(&verb, subject, parts);
    let mut statement = Statement::new(reader, verb, subject, lemma);
    statement.choose_object(parts);
    statement.write(parts, found);
}

/// A clause, with what is its object.
struct Statement<'a> {
    reader: Reader<'a>,
    verb: Verb,
    subject: Subject,
    flags: u32,
    source: Option<Range>,
    /// Which of the parts is the object.
    object: Option<usize>,
}

impl<'a> Statement<'a> {
    fn new(reader: Reader<'a>, verb: Verb, subject: Subject, lemma: &mut String) -> Self {
        let mood = verb.mood;
        let bits = [
            (mood.negated, flag::NEGATED),
            (mood.passive, flag::PASSIVE),
            (mood.modal, flag::MODAL),
            (mood.future, flag::FUTURE),
            (reader.is_conditional(verb.head), flag::CONDITIONAL),
        ];
        let mut flags = bits.iter().filter(|(holds, _)| *holds).map(|(_, bit)| bit).sum();
        let source = reader.source(verb.head, lemma);
        if source.is_some() {
            flags |= flag::ATTRIBUTED;
        }
        Self { reader, verb, subject, flags, source: source.flatten(), object: None }
    }

    /// The object: what is done something to; where there is none, what the first preposition leads to.
    fn choose_object(&mut self, parts: &[Part]) {
        let first = |wanted: &[Rel]| parts.iter().position(|part| wanted.contains(&part.rel));
        let speech = first(&[Rel::Ccomp]).filter(|_| first(&[Rel::Obj, Rel::Iobj]).is_some());
        let quality = parts.first().is_some_and(|part| part.rel == Rel::Cop)
            && self.reader.tree.pos(self.verb.main) == Pos::Adj;
        let of_quality = || {
            parts.iter().position(|part| {
                part.rel == Rel::Obl && part.preposition.is_some_and(|(first, _)| first == self.verb.main + 1)
            })
        };
        self.object = (if quality { of_quality() } else { None })
            .or_else(|| first(&[Rel::Cop]))
            .or(speech)
            .or_else(|| first(&[Rel::Obj]))
            .or_else(|| first(&[Rel::Ccomp, Rel::Xcomp]))
            .or_else(|| first(&[Rel::Iobj]))
            .or_else(|| first(&[Rel::Agent]))
            .or_else(|| self.oblique_object(parts));
    }

    /// What a preposition leads to: not a time, rather no place, rather behind the verb, rather near it.
    fn oblique_object(&self, parts: &[Part]) -> Option<usize> {
        let rank = |part: &Part| {
            let role = self.reader.role(part);
            let known = part.rel == Rel::Obl && role != Role::Time;
            let near = part.preposition.is_none_or(|(first, _)| first != self.verb.last + 1);
            let before = part.head < self.verb.head && !part.gap;
            known.then(|| (before, role == Role::Place, near))
        };
        let ranked = parts.iter().enumerate().filter_map(|(at, part)| Some((rank(part)?, at)));
        ranked.min().map(|(_, at)| at)
    }

    fn rule(&self, object: Option<&Part>) -> Rule {
        match object.map(|part| part.rel) {
            None => Rule::Alone,
            Some(Rel::Cop) if self.reader.tree.pos(self.verb.main) == Pos::Adj => Rule::Quality,
            Some(Rel::Cop) => Rule::Copula,
            Some(_) if self.verb.copula.is_some() => Rule::Quality,
            Some(_) if self.verb.mood.passive => Rule::Passive,
            Some(Rel::Xcomp) if object.is_some_and(|part| !part.is_clause(self.reader)) => Rule::Copula,
            Some(Rel::Ccomp | Rel::Xcomp) => Rule::Clause,
            Some(Rel::Obl | Rel::Agent | Rel::Nmod) => Rule::Oblique,
            Some(_) => Rule::Object,
        }
    }

    /// Writes it once for each of joined subjects and objects.
    fn write(&self, parts: &[Part], found: &mut Found) {
        let reader = self.reader;
        let object = self.object.map(|at| parts[at]);
        let joined_subject = self.subject.by != By::Relative && self.subject.by != By::Participle;
        let subjects = |noun| reader.joined(noun).take(if joined_subject { JOINED } else { 1 });
        let nominal = object.is_some_and(|part| !part.is_clause(reader) && !part.gap);
        let count = subjects(self.subject.noun).count();
        for subject in subjects(self.subject.noun) {
            let Some(part) = object else {
                self.write_one(subject, None, parts, count > 1, found);
                continue;
            };
            let most = if nominal { JOINED } else { 1 };
            let several = reader.joined(part.head).take(most).count() > 1 || count > 1;
            for head in reader.joined(part.head).take(most) {
                self.write_one(subject, Some((part, head)), parts, several, found);
            }
        }
    }

    fn write_one(
        &self,
        subject: u16,
        object: Option<(Part, u16)>,
        parts: &[Part],
        split: bool,
        found: &mut Found,
    ) {
        let reader = self.reader;
        let (relation, preposition) = self.relation(object.map(|(part, _)| part));
        let object_range = object.map(|(part, head)| self.object_range(&part, head, parts));
        self.push_predicate(preposition, object.map(|(part, _)| part), &mut found.predicates);
        let args = found.args.len();
        self.push_args(parts, found);
        let draft = Draft {
            rule: self.rule(object.as_ref().map(|(part, _)| part)),
            by: self.subject.by,
            subject: self.subject_range(subject),
            relation: Some(relation),
            object: object_range,
            flags: self.flags,
            split,
            head: self.verb.head,
        };
        reader.push(draft, found.args.len() - args, found);
    }

    /// The subject; of what a clause describes, without that clause.
    fn subject_range(&self, subject: u16) -> Range {
        let mut clause = self.verb.head;
        while self.reader.tree.rel(clause) == Rel::Conj {
            clause = self.reader.tree.head(clause).unwrap_or(clause);
        }
        match self.subject.by {
            By::Relative | By::Participle => self.reader.phrase_before(subject, clause),
            _ => self.reader.phrase(subject),
        }
    }

    /// The words of the relation, with the preposition of the object where it follows.
    fn relation(&self, object: Option<Part>) -> (Range, Option<Range>) {
        let (first, mut last) = (self.verb.first, self.verb.last);
        let reader = self.reader;
        if let Some(part) = object
            && self.verb.copula.is_some()
            && part.rel != Rel::Cop
        {
            // "is close to": how it is belongs to the relation.
            last = last.max(self.verb.main);
        }
        let Some(part) = object.filter(|part| part.preposition.is_some() && !part.gap) else {
            let that = object
                .filter(|part| part.rel == Rel::Ccomp)
                .and_then(|part| reader.tree.child(part.head, Rel::Mark));
            let that = that.filter(|&at| reader.is(at, &["that"]) && at == last + 1);
            return ((first, that.unwrap_or(last)), None);
        };
        let preposition = part.preposition.unwrap_or((last, last));
        let adverbs = (last + 1..preposition.0).all(|at| reader.tree.pos(at) == Pos::Adv);
        if preposition.0 > last && adverbs {
            last = preposition.1;
        }
        ((first, last), Some(preposition))
    }

    fn object_range(&self, part: &Part, head: u16, parts: &[Part]) -> Range {
        let reader = self.reader;
        if part.rel == Rel::Ccomp {
            let mark = reader.tree.child(part.head, Rel::Mark).filter(|&mark| reader.is(mark, &["that"]));
            return reader.whole(part.head, mark.map_or(0, |mark| mark + 1));
        }
        if part.rel == Rel::Xcomp && reader.tree.pos(head) == Pos::Verb {
            return reader.whole(head, 0);
        }
        let range = reader.phrase(head);
        // "allowed employees to dress casually": who and what together.
        let more =
            parts.iter().find(|more| more.rel == Rel::Xcomp && part.rel == Rel::Obj && more.head > range.1);
        match more {
            Some(more) if !part.gap => (range.0, reader.whole(more.head, 0).1),
            _ => range,
        }
    }

    fn push_args(&self, parts: &[Part], found: &mut Found) {
        let reader = self.reader;
        let triple = found.triples.len() as u32;
        let has_object = self.object.is_some_and(|at| parts[at].rel == Rel::Obj);
        for (at, part) in parts.iter().enumerate() {
            if Some(at) == self.object
                || part.rel == Rel::Xcomp && has_object
                || part.gap && part.preposition.is_none()
            {
                continue;
            }
            if matches!(part.rel, Rel::Cop | Rel::Ccomp) {
                continue;
            }
            let (first, last) = match part.rel {
                Rel::Xcomp | Rel::Advcl => reader.whole(part.head, 0),
                _ => reader.joined_phrase(part.head),
            };
            let first = part.preposition.filter(|_| !part.gap).map_or(first, |(start, _)| start.min(first));
            found.args.push(Arg { triple, role: reader.role(part), span: reader.span((first, last)) });
        }
        if let Some(source) = self.source {
            found.args.push(Arg { triple, role: Role::Source, span: reader.span(source) });
        }
    }

    /// The predicate in its normal form: "be founded in", "attempt to popularize".
    fn push_predicate(&self, preposition: Option<Range>, object: Option<Part>, out: &mut String) {
        let reader = self.reader;
        let mut at = self.verb.head;
        loop {
            self.push_verb(at, object, out);
            if at == self.verb.main {
                break;
            }
            let Some(next) = reader.next_verb(at) else { break };
            out.push_str(if reader.tree.children(next).any(|child| reader.is(child, &["to"])) {
                " to "
            } else {
                " "
            });
            at = next;
        }
        if let Some(particle) = reader.tree.child(self.verb.main, Rel::Particle) {
            out.push(' ');
            push_lower(reader.word(particle), out);
        }
        for at in preposition.into_iter().flat_map(|(first, last)| first..=last) {
            out.push(' ');
            push_lower(reader.word(at), out);
        }
    }

    fn push_verb(&self, at: u16, object: Option<Part>, out: &mut String) {
        let (reader, verb) = (self.reader, &self.verb);
        let passive = if at == verb.main { verb.mood.passive } else { reader.tree.has(at, Rel::AuxPass) };
        if at == verb.main && verb.copula.is_some() {
            out.push_str("be");
            if object.is_some_and(|part| part.rel != Rel::Cop) {
                out.push(' ');
                push_lower(reader.word(at), out);
            }
        } else if passive || reader.tree.pos(at) == Pos::Adj {
            out.push_str("be ");
            push_lower(reader.word(at), out);
        } else if at != verb.head && reader.is_present(at) {
            push_lower(reader.word(at), out);
        } else {
            push_lemma(reader.word(at), out);
        }
    }
}

impl Reader<'_> {
    /// Writes a triple whose predicate and arguments are there already.
    pub(crate) fn push(self, draft: Draft, args: usize, found: &mut Found) {
        let span = |range: Option<Range>| range.map_or(Span::NONE, |range| self.span(range));
        let (subject, relation, object) =
            (self.span(draft.subject), span(draft.relation), span(draft.object));
        let same = |one: &Triple| one.subject == subject && one.relation == relation && one.object == object;
        if subject == object || found.triples.iter().rev().take(JOINED * JOINED).any(same) {
            found.args.truncate(found.args.len() - args);
            let end = found.triples.last().map_or(0, |last| last.predicate_end);
            return found.predicates.truncate(end);
        }
        let signs = self.signs(&draft, args);
        found.signs.push(signs);
        found.triples.push(Triple {
            subject,
            relation,
            object,
            predicate_end: found.predicates.len(),
            flags: draft.flags,
            score: Weights::BUILT_IN.score(&signs),
        });
    }

    fn signs(self, draft: &Draft, args: usize) -> Signs {
        let yes = |holds: bool| f32::from(u8::from(holds));
        let words = |range: Range, per: f32| (f32::from(range.1 - range.0 + 1) / per).min(2.0);
        let pronoun = |range: Range| yes(range.0 == range.1 && self.tree.pos(range.0) == Pos::Pron);
        let values: [f32; SIGNS] = [
            pronoun(draft.subject),
            yes(draft.by == By::Joined),
            yes(draft.by == By::Relative),
            yes(draft.by == By::Participle),
            yes(draft.by == By::Above),
            words(draft.subject, 10.0),
            draft.object.map_or(0.0, |range| words(range, 10.0)),
            (args as f32 / 3.0).min(2.0),
            draft.relation.map_or(0.0, |range| words(range, 5.0)),
            yes(draft.split),
            (self.tree.depth(draft.head) as f32 / 5.0).min(2.0),
            draft.object.map_or(0.0, pronoun),
            (f32::from(self.tree.len()) / 40.0).min(2.0),
        ];
        Signs { rule: draft.rule, values }
    }
}
