//! What is known of labels.

/// Types of entities that are values, not names of things.
pub const VALUE_LABELS: [&str; 7] = ["DATE", "TIME", "MONEY", "PERCENT", "QUANTITY", "ORDINAL", "CARDINAL"];

/// Whether entities of this type are values.
#[must_use]
pub fn is_value(label: &str) -> bool {
    VALUE_LABELS.contains(&label)
}
