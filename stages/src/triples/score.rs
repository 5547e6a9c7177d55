//! How sure a triple is.

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
    /// "Lumen's founder".
    Possessive,
}

/// What the score looks at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Signs {
    pub(crate) rule: Rule,
    /// Each 0 or 1, or a number near that; [`NAMES`] says what.
    pub(crate) values: [f32; SIGNS],
}

/// Number of signs beside the rule.
pub(crate) const SIGNS: usize = 14;

/// Estimated probability that a triple with these signs is right.
pub(crate) fn score(signs: &Signs) -> f32 {
    let weights = RULES[signs.rule as usize];
    let sum: f32 = WEIGHTS.iter().zip(&signs.values).map(|(weight, value)| weight * value).sum();
    1.0 / (1.0 + (-(weights + sum)).exp())
}

const RULES: [f32; 10] = [1.0, 0.8, 0.8, 0.6, -0.8, 1.0, 0.3, 0.5, 0.2, -0.2];
const WEIGHTS: [f32; SIGNS] = [0.0; SIGNS];
