//! What is known of labels.

/// Types of entities that are values, not names of things.
pub const VALUE_LABELS: [&str; 7] = ["DATE", "TIME", "MONEY", "PERCENT", "QUANTITY", "ORDINAL", "CARDINAL"];

/// Relations that hold both ways whenever they hold.
const SYMMETRIC: [&str; 4] = ["meets_with", "partners_with", "relative_of", "spouse_of"];

/// Whether entities of this type are values.
#[must_use]
pub fn is_value(label: &str) -> bool {
    VALUE_LABELS.contains(&label)
}

/// Whether `a relation b` says the same as `b relation a`.
#[must_use]
pub fn is_symmetric(relation: &str) -> bool {
    SYMMETRIC.contains(&relation)
}
