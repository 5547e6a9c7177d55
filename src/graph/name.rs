//! When two names are written differently and are the same name.

/// Words that say what kind of company an organisation is, and are often left out.
const LEGAL_FORMS: [&str; 21] = [
    "ab",
    "ag",
    "asa",
    "bv",
    "co",
    "company",
    "corp",
    "corporation",
    "gmbh",
    "inc",
    "incorporated",
    "kg",
    "limited",
    "llc",
    "llp",
    "ltd",
    "nv",
    "oyj",
    "plc",
    "sa",
    "spa",
];

/// The key of a name: names of one type with one key are one thing.
///
/// Lower case; letters, digits and the signs `& + # @ $ %` are kept; a full stop or an apostrophe is dropped, so that
/// `U.S.` is `us` and `O'Donnell` is `odonnell`; everything else counts as a space. Then a leading `the` goes, and a
/// possessive `'s` at the end; of organisations a legal form at the end too. A name that has nothing of the kind is
/// its own key.
pub(super) fn key(name: &str, label: &str) -> String {
    let name = name.trim();
    let name = name.strip_suffix("'s").or_else(|| name.strip_suffix("’s")).unwrap_or(name);
    let folded = fold(name);
    let mut words: Vec<&str> = folded.split_whitespace().collect();
    if words.len() > 1 && words[0] == "the" {
        words.remove(0);
    }
    if label == "ORG" {
        while words.len() > 1 && LEGAL_FORMS.contains(words.last().unwrap_or(&"")) {
            words.pop();
        }
    }
    if words.is_empty() { name.to_lowercase() } else { words.join(" ") }
}

fn fold(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '.' | '\'' | '’' | 'ʼ' | '\u{ad}' | '\u{200b}'..='\u{200f}' => {}
            '&' | '+' | '#' | '@' | '$' | '%' => folded.push(c),
            _ if c.is_alphanumeric() || is_mark(c) => folded.extend(c.to_lowercase()),
            _ => folded.push(' '),
        }
    }
    folded
}

/// Marks that combine with a letter where the standard library does not count them as letters.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{93c}' | '\u{94d}' | '\u{9cd}' | '\u{e47}'..='\u{e4e}' | '\u{64b}'..='\u{65f}')
}

/// Whether a name is an acronym: two to eight capitals, with or without full stops.
pub(super) fn is_acronym(name: &str) -> bool {
    let letters = name.chars().filter(|&c| c != '.');
    (2..=8).contains(&letters.clone().count()) && letters.clone().all(char::is_uppercase)
}

/// Spaces and line breaks of a name made single spaces.
pub(super) fn plain(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// An id made of a type and a key: a name token of XML, the same in every format and run.
///
/// A space becomes `_`; what is no letter, digit, `-` or `.` becomes `_xHHHH_`.
pub(super) fn id(label: &str, key: &str) -> String {
    let mut id = String::with_capacity(label.len() + key.len() + 1);
    escape(label, &mut id);
    id.push(':');
    escape(key, &mut id);
    id
}

fn escape(part: &str, id: &mut String) {
    for c in part.chars() {
        match c {
            ' ' | '_' => id.push('_'),
            '-' | '.' => id.push(c),
            _ if c.is_alphanumeric() || is_mark(c) => id.push(c),
            _ => id.push_str(&format!("_x{:04X}_", u32::from(c))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_have_one_key() {
        let same = [
            ("ORG", ["The Orbit Search, Inc.", "ORBIT  SEARCH", "Orbit-Search's"]),
            ("GPE", ["U.S.", "US", "the US"]),
            ("PERSON", ["Liam O'Donnell", "Liam O’Donnell", "LIAM O’DONNELL’s"]),
        ];
        for (label, names) in same {
            let keys = names.map(|name| key(name, label));
            assert!(keys.iter().all(|key| *key == keys[0]), "{keys:?}");
        }
    }

    #[test]
    fn different_names_have_different_keys() {
        let names =
            ["C", "C++", "C#", "The", "The Hague", "AT&T", "At T", "Zoë", "Zoe", "!!!", "Acme Co", "Acme"];
        let mut keys: Vec<_> = names.iter().map(|name| key(name, "PRODUCT")).collect();
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), names.len());
        assert_eq!(key("Acme Co", "ORG"), key("Acme", "ORG"));
        assert_eq!(key("Co", "ORG"), "co");
    }

    #[test]
    fn ids_are_name_tokens() {
        assert_eq!(id("ORG", "brandt & söhne"), "ORG:brandt__x0026__söhne");
        assert_eq!(id("acme.part", "星海"), "acme.part:星海");
    }

    #[test]
    fn acronyms() {
        assert!(["UN", "U.S.", "NATO", "ÖVP"].iter().all(|name| is_acronym(name)));
        assert!(
            !["U", "Nato", "星海科技", "LUMEN ENERGY", "B400", "DAVYDENKO"]
                .iter()
                .any(|name| is_acronym(name))
        );
    }
}
