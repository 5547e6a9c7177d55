//! What further arguments say: when, where, who told, or after which preposition they stand.

use super::complements::Part;
use super::lexicon::{PLACE_PREPOSITIONS, TIME_PREPOSITIONS, TIMES};
use super::phrase::Reader;
use super::tags::{Pos, Rel};

/// What an entity says of a word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Sense {
    #[default]
    None,
    Time,
    Place,
    Name,
}

impl Sense {
    /// What an entity with this label says of its words.
    pub(crate) fn of_label(label: &str) -> Self {
        match label {
            "DATE" | "TIME" => Self::Time,
            "GPE" | "LOC" | "FAC" => Self::Place,
            "MONEY" | "PERCENT" | "QUANTITY" | "ORDINAL" | "CARDINAL" => Self::None,
            _ => Self::Name,
        }
    }
}

/// Role of a further argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Time,
    Place,
    /// Who said it.
    Source,
    /// Who did it, of a passive.
    Agent,
    /// To or for whom, of a verb with two objects.
    Recipient,
    /// A preposition, by its place in [`PREPOSITIONS`].
    Preposition(u8),
    /// None of these.
    Other,
}

/// Prepositions that are roles.
pub(crate) const PREPOSITIONS: [&str; 26] = [
    "about", "after", "against", "as", "at", "before", "between", "by", "during", "for", "from", "in",
    "into", "like", "of", "on", "over", "through", "to", "under", "until", "upon", "with", "within",
    "without", "since",
];

impl Role {
    /// How many there are.
    pub(crate) const COUNT: usize = 6 + PREPOSITIONS.len();

    /// Its number below [`Role::COUNT`].
    pub(crate) fn number(self) -> usize {
        match self {
            Self::Time => 0,
            Self::Place => 1,
            Self::Source => 2,
            Self::Agent => 3,
            Self::Recipient => 4,
            Self::Other => 5,
            Self::Preposition(at) => 6 + usize::from(at),
        }
    }

    /// Name of the role with a number.
    pub(crate) fn name(number: usize) -> &'static str {
        match number {
            0 => "time",
            1 => "place",
            2 => "source",
            3 => "agent",
            4 => "recipient",
            5 => "other",
            _ => PREPOSITIONS[number - 6],
        }
    }
}

impl Reader<'_> {
    /// Whether a word tells a time: as an entity, a noun of time, or a year.
    pub(crate) fn is_time(self, at: u16) -> bool {
        if self.senses[usize::from(at)] == Sense::Time {
            return true;
        }
        let word = self.word(at);
        let year = matches!(word.len(), 3 | 4)
            && word.bytes().all(|byte| byte.is_ascii_digit())
            && self.tree.pos(at) == Pos::Num
            && (word.len() == 3 || matches!(word.as_bytes()[0], b'1' | b'2'))
            && !self.tree.children(at).any(|child| self.tree.rel(child) == Rel::Nmod);
        year || matches!(self.tree.pos(at), Pos::Noun | Pos::Propn | Pos::Adv) && self.is(at, &TIMES)
    }

    /// What an oblique says.
    pub(crate) fn role(self, part: &Part) -> Role {
        if part.rel == Rel::Agent {
            return Role::Agent;
        }
        if matches!(part.rel, Rel::Iobj | Rel::Obj) {
            return Role::Recipient;
        }
        if part.rel == Rel::Advcl {
            let by = self.tree.child(part.head, Rel::Mark).is_some_and(|mark| self.is(mark, &["by"]));
            return if by { Role::Other } else { Role::Time };
        }
        let preposition = part.preposition.map(|(first, _)| first);
        if self.is_time(part.head) && preposition.is_none_or(|at| self.is(at, &TIME_PREPOSITIONS)) {
            return Role::Time;
        }
        let Some(at) = preposition else { return Role::Other };
        if self.senses[usize::from(part.head)] == Sense::Place && self.is(at, &PLACE_PREPOSITIONS) {
            return Role::Place;
        }
        let known = PREPOSITIONS.iter().position(|known| self.word(at).eq_ignore_ascii_case(known));
        known.map_or(Role::Other, |at| Role::Preposition(at as u8))
    }
}
