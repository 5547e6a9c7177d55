//! Normal forms of English verbs: a table of irregular forms, and rules for the rest.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// A verb a line: its normal form, then the forms that the rules do not find.
const TABLE: &str = include_str!("irregular.txt");
/// Stems whose normal form has an e though their ending does not suggest one.
const WITH_E: &str = include_str!("stems.txt");

static IRREGULAR: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let forms = TABLE.lines().flat_map(|line| {
        let lemma = line.split(' ').next().unwrap_or_default();
        line.split(' ').map(move |form| (form, lemma))
    });
    forms.collect()
});

static STEMS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| WITH_E.split_ascii_whitespace().collect());

/// Appends the normal form of a verb to `out`: `founded` gives `found`, `was` gives `be`.
pub(crate) fn push_lemma(form: &str, out: &mut String) {
    let start = out.len();
    push_lower(form, out);
    if let Some(lemma) = IRREGULAR.get(&out[start..]) {
        out.truncate(start);
        out.push_str(lemma);
        return;
    }
    let word = &out[start..];
    let Some((cut, tail)) = regular(word) else { return };
    out.truncate(start + cut);
    out.push_str(tail);
}

/// Verbs whose past form is their normal form.
const UNCHANGED: [&str; 18] = [
    "bet", "burst", "cast", "cost", "cut", "forecast", "hit", "hurt", "let", "put", "quit", "read", "rid",
    "set", "shed", "shut", "split", "spread",
];

/// Whether a form, other than one in -ing, can be a past participle.
pub(crate) fn is_past(form: &str) -> bool {
    let ends = |end: &str| form.len() > end.len() && form[form.len() - end.len()..].eq_ignore_ascii_case(end);
    if !form.is_ascii() || form.ends_with('s') {
        return false;
    }
    if ends("ed") || UNCHANGED.iter().any(|verb| form.eq_ignore_ascii_case(verb)) {
        return true;
    }
    let mut lower = [0; 16];
    let Some(lower) = lower.get_mut(..form.len()) else { return false };
    lower.copy_from_slice(form.as_bytes());
    lower.make_ascii_lowercase();
    let lower = std::str::from_utf8(lower).unwrap_or_default();
    let known = IRREGULAR.get(lower).is_some_and(|lemma| *lemma != lower);
    known || matches!(lower, "become" | "come" | "overcome" | "run" | "beat")
}

/// Appends a word in lower case.
pub(crate) fn push_lower(form: &str, out: &mut String) {
    if form.is_ascii() {
        let start = out.len();
        out.push_str(form);
        out[start..].make_ascii_lowercase();
    } else {
        out.extend(form.chars().flat_map(char::to_lowercase));
    }
}

/// How much of a regular form is kept, and what is put behind it; `None` where it is its own normal form.
fn regular(word: &str) -> Option<(usize, &'static str)> {
    let bytes = word.as_bytes();
    let n = bytes.len();
    if !word.is_ascii() || n < 4 {
        return None;
    }
    if word.ends_with("ies") || word.ends_with("ied") {
        return Some(if n == 4 { (n - 1, "") } else { (n - 3, "y") });
    }
    if word.ends_with("es") && ends_sibilant(&word[..n - 2]) {
        // "fixes" is of "fix", "uses" of "use", "passes" of "pass".
        return Some(if takes_e(&bytes[..n - 2]) { (n - 1, "") } else { (n - 2, "") });
    }
    if word.ends_with('s') && !matches!(bytes[n - 2], b's' | b'u' | b'i') {
        return Some((n - 1, ""));
    }
    let cut = if word.ends_with("ed") && bytes[n - 3] != b'e' {
        2
    } else if word.ends_with("eed") && n > 5 {
        // "agreed", "freed"; not "need", "exceed".
        return (!["exceed", "proceed", "succeed", "speed", "breed", "bleed"].contains(&word))
            .then_some((n - 1, ""));
    } else if word.ends_with("ing") && n > 4 {
        3
    } else {
        return None;
    };
    let stem = &bytes[..n - cut];
    has_vowel(stem).then(|| ending(stem))
}

fn ends_sibilant(stem: &str) -> bool {
    ["s", "x", "z", "ch", "sh"].iter().any(|end| stem.ends_with(end))
}

fn is_vowel(byte: u8) -> bool {
    matches!(byte, b'a' | b'e' | b'i' | b'o' | b'u')
}

fn has_vowel(stem: &[u8]) -> bool {
    stem.iter().any(|&byte| is_vowel(byte) || byte == b'y')
}

/// The stem of a form in -ed or -ing as a normal form: its last letter may have been doubled, an e may have gone.
fn ending(stem: &[u8]) -> (usize, &'static str) {
    let n = stem.len();
    let last = stem[n - 1];
    if n > 2 && last == stem[n - 2] && !is_vowel(last) {
        let kept =
            matches!(last, b'l' | b's' | b'z' | b'f') && !ends_with_any(stem, &["pell", "cell", "rebell"]);
        let kept = kept || matches!(stem, b"add" | b"err" | b"purr");
        return if kept { (n, "") } else { (n - 1, "") };
    }
    if takes_e(stem) { (n, "e") } else { (n, "") }
}

fn ends_with_any(stem: &[u8], ends: &[&str]) -> bool {
    ends.iter().any(|end| stem.ends_with(end.as_bytes()))
}

/// Stems whose normal form has no e though their ending suggests one.
const WITHOUT_E: &[&str] = &[
    "focus", "bias", "target", "visit", "edit", "credit", "limit", "profit", "benefit", "exit", "audit",
    "orbit", "deposit", "inhibit", "exhibit", "prohibit", "permit", "budget", "market", "pocket", "rocket",
    "ticket", "offer", "open", "happen", "develop", "gallop", "gossip", "worship", "control", "travel",
    "cancel",
];
/// Whether a stem lost an e.
fn takes_e(stem: &[u8]) -> bool {
    let known = std::str::from_utf8(stem).unwrap_or_default();
    if WITHOUT_E.contains(&known) || STEMS.contains(known) {
        return STEMS.contains(known);
    }
    let n = stem.len();
    let (last, before) = (stem[n - 1], if n > 1 { stem[n - 2] } else { 0 });
    let further = if n > 2 { stem[n - 3] } else { 0 };
    match last {
        b'v' | b'c' | b'u' => true,
        b'z' => before != b'z' && n > 2,
        b'g' => {
            before != b'n'
                && (before == b'd' || before == b'r' || ends_with_any(stem, &["ag", "eg", "ulg", "og"]))
        }
        b's' => is_vowel(before) && is_vowel(further) || ends_with_any(stem, &["is", "ns", "rs", "os", "us"]),
        b'l' => !is_vowel(before) && !matches!(before, b'l' | b'r' | b'w'),
        b't' => before == b'a' && !is_vowel(further) || ends_with_any(stem, &["iat", "uat", "eat_"]),
        b'r' => ends_with_any(stem, &["quir", "tur", "sur", "spir", "clar", "plor"]),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_have_normal_forms() {
        let cases = [
            ("was", "be"),
            ("Founded", "found"),
            ("acquired", "acquire"),
            ("says", "say"),
            ("studies", "study"),
            ("died", "die"),
            ("planned", "plan"),
            ("planning", "plan"),
            ("passes", "pass"),
            ("uses", "use"),
            ("using", "use"),
            ("agreed", "agree"),
            ("exceed", "exceed"),
            ("stated", "state"),
            ("treated", "treat"),
            ("announced", "announce"),
            ("handled", "handle"),
            ("wrote", "write"),
            ("merging", "merge"),
            ("falling", "fall"),
            ("led", "lead"),
            ("watches", "watch"),
            ("visited", "visit"),
            ("need", "need"),
            ("rose", "rise"),
            ("pass", "pass"),
            ("bring", "bring"),
            ("created", "create"),
            ("continues", "continue"),
        ];
        for (form, lemma) in cases {
            let mut out = String::from("x ");
            push_lemma(form, &mut out);
            assert_eq!(out, format!("x {lemma}"));
        }
    }
}
