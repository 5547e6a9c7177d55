//! How sure a triple is: a logistic regression over a few signs, learnt from the dev part of CaRB
//! (`examples/fit_triples.rs` prints these tables).

/// How a triple was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub(crate) enum Rule {
    /// A verb with an object.
    Object,
    /// A verb with a preposition.
    Oblique,
    /// A passive.
    Passive,
    /// A verb with a clause.
    Clause,
    /// A verb with nothing but time and place, or nothing.
    Alone,
    /// What something is.
    Copula,
    /// How something is.
    Quality,
    /// "Soto, the founder".
    Apposition,
    /// "president Soto".
    Title,
}

/// The rules, as [`Rule`] numbers them, and how sure each is.
pub(crate) const RULES: [(&str, f32); 9] = [
    ("object", 1.20),
    ("oblique", 1.26),
    ("passive", 1.95),
    ("clause", 1.23),
    ("alone", -0.75),
    ("copula", 0.85),
    ("quality", 0.70),
    ("apposition", 1.33),
    ("title", 1.32),
];

/// Number of signs beside the rule.
pub(crate) const SIGNS: usize = 13;

/// What else is looked at, and what it weighs. Signs are 0 or 1, counts are scaled to about that.
pub(crate) const SIGN_NAMES: [(&str, f32); SIGNS] = [
    ("subject is a pronoun", -0.54),
    ("subject of the verb before", 0.40),
    ("subject described by a relative clause", -0.20),
    ("subject described by a participle", -0.90),
    ("subject of the clause above", -1.00),
    ("words of the subject / 10", 0.06),
    ("words of the object / 10", 0.53),
    ("further arguments / 3", 0.71),
    ("words of the relation / 5", 1.14),
    ("one of several joined", 0.18),
    ("words above it / 5", -1.15),
    ("object is a pronoun", -1.01),
    ("words of the sentence / 40", -0.72),
];

/// What the score looks at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Signs {
    pub(crate) rule: Rule,
    /// As [`SIGN_NAMES`] says.
    pub(crate) values: [f32; SIGNS],
}

/// Weights of rules and signs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Weights {
    pub(crate) rules: [f32; RULES.len()],
    pub(crate) signs: [f32; SIGNS],
}

impl Weights {
    /// The tables above.
    pub(crate) const BUILT_IN: Self = {
        let mut weights = Self { rules: [0.0; RULES.len()], signs: [0.0; SIGNS] };
        let mut at = 0;
        while at < RULES.len() {
            weights.rules[at] = RULES[at].1;
            at += 1;
        }
        at = 0;
        while at < SIGNS {
            weights.signs[at] = SIGN_NAMES[at].1;
            at += 1;
        }
        weights
    };

    /// Estimated probability that a triple with these signs is right.
    pub(crate) fn score(&self, signs: &Signs) -> f32 {
        let sum: f32 = self.signs.iter().zip(&signs.values).map(|(weight, value)| weight * value).sum();
        1.0 / (1.0 + (-(self.rules[signs.rule as usize] + sum)).exp())
    }
}
