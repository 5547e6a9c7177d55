//! What the user may have meant.

/// A message about a word that is none of `known`.
#[must_use]
pub(crate) fn unknown(what: &str, word: &str, known: &[&str]) -> String {
    let hint = closest(word, known).map_or_else(String::new, |best| format!(", did you mean `{best}`?"));
    let known = known.join(", ");
    match hint.is_empty() {
        true => format!("unknown {what} `{word}`; known are {known}"),
        false => format!("unknown {what} `{word}`{hint} Known are {known}"),
    }
}

/// The known word a typing error away, if there is one.
pub(crate) fn closest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let away = |candidate: &&str| strsim::damerau_levenshtein(word, candidate);
    let best = known.iter().copied().min_by_key(away)?;
    (away(&best) <= 1 + word.chars().count() / 4).then_some(best)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_close_is_suggested() {
        assert_eq!(closest("tokenise", &["tokenize", "language"]), Some("tokenize"));
        assert_eq!(closest("relatoins", &["entities", "relations"]), Some("relations"));
        assert_eq!(closest("weather", &["tokenize", "language"]), None);
        assert_eq!(
            unknown("stage", "x", &["a1b", "c"]),
            "unknown stage `x`, did you mean `c`? Known are a1b, c"
        );
    }
}
