//! A crude English stemmer: enough to bring the forms of a regular verb or noun together.

/// The stem of a lower-case word: plural, past and progressive endings off, a doubled consonant undone, a
/// final `e` off and a final `y` made `i`. Words of three letters and fewer stay as they are.
pub(crate) fn stem(word: &str) -> &str {
    if word.len() <= 3 || !word.is_ascii() {
        return word;
    }
    let base = strip_ending(word);
    base.strip_suffix('e').filter(|rest| rest.len() >= 3).unwrap_or(base)
}

fn strip_ending(word: &str) -> &str {
    if let Some(rest) = word.strip_suffix("ies").or_else(|| word.strip_suffix("ied")) {
        return &word[..rest.len() + 1];
    }
    for ending in ["ing", "ed"] {
        if let Some(rest) = word.strip_suffix(ending)
            && rest.len() >= 2
            && rest.bytes().any(is_vowel)
        {
            return undouble(rest);
        }
    }
    if word.ends_with("ss") || word.ends_with("us") || word.ends_with("is") {
        return word;
    }
    if let Some(rest) = word.strip_suffix("es")
        && (rest.ends_with("sh") || rest.ends_with("ch") || rest.ends_with("ss") || rest.ends_with('x'))
    {
        return rest;
    }
    word.strip_suffix('s').unwrap_or(word)
}

fn is_vowel(byte: u8) -> bool {
    matches!(byte, b'a' | b'e' | b'i' | b'o' | b'u' | b'y')
}

fn undouble(base: &str) -> &str {
    let bytes = base.as_bytes();
    let n = bytes.len();
    let doubled =
        n >= 3 && bytes[n - 1] == bytes[n - 2] && !matches!(bytes[n - 1], b'l' | b's' | b'z' | b'e' | b'o');
    if doubled { &base[..n - 1] } else { base }
}

/// Hash of the stem of a lower-case word; a final `y` counts as `i`.
pub(crate) fn stem_hash(lower: &str) -> u64 {
    let stem = stem(lower);
    match stem.strip_suffix(['y', 'i']) {
        Some(rest) if stem.len() > 3 => super::hash::join(super::hash::lower(rest), u64::from(b'i')),
        _ => super::hash::lower(stem),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_share_a_stem() {
        for forms in [
            ["criticize", "criticized", "criticizing", "criticizes"],
            ["ban", "banned", "banning", "bans"],
            ["deny", "denied", "denies", "denying"],
            ["attack", "attacks", "attacked", "attacking"],
        ] {
            for form in forms {
                assert_eq!(stem_hash(form), stem_hash(forms[0]), "{form}");
            }
        }
    }

    #[test]
    fn different_words_keep_different_stems() {
        assert_ne!(stem_hash("ministry"), stem_hash("minister"));
        assert_ne!(stem_hash("press"), stem_hash("pres"));
    }
}
