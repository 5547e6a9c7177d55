//! Parts of speech, as coarse as finding phrases needs.

/// Part of speech of an item.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Tag {
    /// Anything else.
    #[default]
    Other,
    /// A name of the sentence.
    Name,
    /// A noun, proper nouns that are no names of the sentence included.
    Noun,
    /// A verb, finite or bare.
    Verb,
    /// A past participle.
    Participle,
    /// A form in -ing.
    Gerund,
    /// An auxiliary or modal.
    Aux,
    /// A preposition.
    Adp,
    /// A subordinator.
    Sub,
    /// An article, demonstrative or quantifier.
    Det,
    /// A possessive pronoun.
    PossPron,
    /// An adjective.
    Adj,
    /// An adverb.
    Adv,
    /// A pronoun.
    Pron,
    /// A relative pronoun.
    Rel,
    /// A coordinating conjunction.
    Conj,
    /// A number.
    Num,
    /// `to` before a verb.
    To,
    /// A negation.
    Not,
    /// A possessive ending.
    Possessive,
    /// A comma.
    Comma,
    /// An opening bracket.
    Open,
    /// A closing bracket.
    Close,
    /// A quotation mark.
    Quote,
    /// Other punctuation that parts clauses.
    Stop,
}

impl Tag {
    /// How many there are.
    pub(crate) const COUNT: usize = 25;

    const ALL: [Self; Self::COUNT] = [
        Self::Other,
        Self::Name,
        Self::Noun,
        Self::Verb,
        Self::Participle,
        Self::Gerund,
        Self::Aux,
        Self::Adp,
        Self::Sub,
        Self::Det,
        Self::PossPron,
        Self::Adj,
        Self::Adv,
        Self::Pron,
        Self::Rel,
        Self::Conj,
        Self::Num,
        Self::To,
        Self::Not,
        Self::Possessive,
        Self::Comma,
        Self::Open,
        Self::Close,
        Self::Quote,
        Self::Stop,
    ];

    /// The tag of this number.
    pub(crate) fn of_number(number: u8) -> Self {
        Self::ALL.get(number as usize).copied().unwrap_or_default()
    }

    /// The tag of a word in a treebank, by its universal and its Penn tag.
    pub(crate) fn of_treebank(lower: &str, universal: &str, penn: &str) -> Self {
        match (universal, penn) {
            (_, "POS") => Self::Possessive,
            (_, "TO") => {
                if universal == "PART" {
                    Self::To
                } else {
                    Self::Adp
                }
            }
            (_, "PRP$" | "WP$") => Self::PossPron,
            (_, "WDT" | "WP") => Self::Rel,
            ("PART", _) if matches!(lower, "not" | "n't" | "n’t") => Self::Not,
            ("AUX", _) | (_, "MD") => Self::Aux,
            ("VERB", "VBN") => Self::Participle,
            ("VERB", "VBG") => Self::Gerund,
            ("VERB", _) => Self::Verb,
            ("NOUN" | "PROPN" | "SYM", _) => Self::Noun,
            ("ADP", _) => Self::Adp,
            ("SCONJ", _) => Self::Sub,
            ("DET", _) => Self::Det,
            ("ADJ", _) => Self::Adj,
            ("ADV", _) => Self::Adv,
            ("PRON", _) => Self::Pron,
            ("CCONJ", _) => Self::Conj,
            ("NUM", _) => Self::Num,
            _ => Self::Other,
        }
    }

    /// The tag of a mark.
    pub(crate) fn of_mark(form: &str) -> Self {
        match form {
            "," => Self::Comma,
            "(" | "[" => Self::Open,
            ")" | "]" => Self::Close,
            "\"" | "“" | "”" | "''" | "``" | "‘" => Self::Quote,
            "." | ";" | ":" | "!" | "?" | "–" | "—" | "--" => Self::Stop,
            "'" | "’" => Self::Possessive,
            "&" => Self::Conj,
            _ => Self::Other,
        }
    }

    /// Whether it belongs inside a noun phrase.
    pub(crate) fn is_nominal(self) -> bool {
        matches!(self, Self::Noun | Self::Name | Self::Adj | Self::Num | Self::Det | Self::PossPron)
    }

    /// Whether it is a full verb in any form.
    pub(crate) fn is_verbal(self) -> bool {
        matches!(self, Self::Verb | Self::Participle | Self::Gerund)
    }
}
