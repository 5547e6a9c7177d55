//! The types of names as the relation model sees them.

/// Coarse type of a name. Labels of any tagger are mapped onto these once, when a model is loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum NameType {
    /// A person.
    Person,
    /// An organisation.
    Org,
    /// A country, state or city.
    Gpe,
    /// A place without a government.
    Loc,
    /// A building, road, airport.
    Fac,
    /// A nationality, religion or political adherence.
    Norp,
    /// A named event.
    Event,
    /// A product.
    Product,
    /// A titled work.
    Work,
    /// A law or treaty.
    Law,
    /// A language.
    Language,
    /// A name of a type that this model does not tell apart.
    Other,
}

impl NameType {
    /// How many there are.
    pub const COUNT: usize = 12;

    /// The type that a tagger's label stands for; `None` for values (dates, amounts, ...), which take no part
    /// in relations.
    #[must_use]
    pub fn of_label(label: &str) -> Option<Self> {
        Some(match label.to_ascii_uppercase().as_str() {
            "PERSON" | "PER" | "PEOP" => Self::Person,
            "ORG" | "ORGANISATION" | "ORGANIZATION" => Self::Org,
            "GPE" => Self::Gpe,
            "LOC" | "LOCATION" => Self::Loc,
            "FAC" | "FACILITY" => Self::Fac,
            "NORP" => Self::Norp,
            "EVENT" => Self::Event,
            "PRODUCT" => Self::Product,
            "WORK_OF_ART" => Self::Work,
            "LAW" => Self::Law,
            "LANGUAGE" => Self::Language,
            "DATE" | "TIME" | "MONEY" | "PERCENT" | "QUANTITY" | "ORDINAL" | "CARDINAL" => return None,
            _ => Self::Other,
        })
    }
}

/// Labels that hold either way round.
pub const SYMMETRIC: [&str; 4] = ["partners_with", "meets_with", "spouse_of", "relative_of"];

/// Whether `a label b` says the same as `b label a`.
#[must_use]
pub fn is_symmetric(label: &str) -> bool {
    SYMMETRIC.contains(&label)
}

#[cfg(test)]
mod tests {
    use super::NameType;

    #[test]
    fn labels_of_other_taggers_are_understood_and_values_are_not_names() {
        assert_eq!(NameType::of_label("PER"), Some(NameType::Person));
        assert_eq!(NameType::of_label("Organisation"), Some(NameType::Org));
        assert_eq!(NameType::of_label("MISC"), Some(NameType::Other));
        assert_eq!(NameType::of_label("DATE"), None);
    }
}
