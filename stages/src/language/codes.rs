//! Language codes.

/// ISO 639-3 codes with the shortest codes of BCP 47 for the same languages, sorted.
static SHORT: &[(&str, &str)] = &[
    ("afr", "af"),
    ("aka", "ak"),
    ("amh", "am"),
    ("ara", "ar"),
    ("aze", "az"),
    ("azj", "az"),
    ("bel", "be"),
    ("ben", "bn"),
    ("bos", "bs"),
    ("bul", "bg"),
    ("cat", "ca"),
    ("ces", "cs"),
    ("cmn", "zh"),
    ("cym", "cy"),
    ("dan", "da"),
    ("deu", "de"),
    ("ell", "el"),
    ("eng", "en"),
    ("epo", "eo"),
    ("est", "et"),
    ("eus", "eu"),
    ("fas", "fa"),
    ("fin", "fi"),
    ("fra", "fr"),
    ("gle", "ga"),
    ("glg", "gl"),
    ("guj", "gu"),
    ("hau", "ha"),
    ("heb", "he"),
    ("hin", "hi"),
    ("hrv", "hr"),
    ("hun", "hu"),
    ("hye", "hy"),
    ("ind", "id"),
    ("isl", "is"),
    ("ita", "it"),
    ("jav", "jv"),
    ("jpn", "ja"),
    ("kan", "kn"),
    ("kat", "ka"),
    ("kaz", "kk"),
    ("khm", "km"),
    ("kor", "ko"),
    ("lat", "la"),
    ("lav", "lv"),
    ("lit", "lt"),
    ("lug", "lg"),
    ("mal", "ml"),
    ("mar", "mr"),
    ("mkd", "mk"),
    ("mon", "mn"),
    ("mri", "mi"),
    ("msa", "ms"),
    ("mya", "my"),
    ("nep", "ne"),
    ("nld", "nl"),
    ("nno", "nn"),
    ("nob", "nb"),
    ("ori", "or"),
    ("pan", "pa"),
    ("pes", "fa"),
    ("pol", "pl"),
    ("por", "pt"),
    ("ron", "ro"),
    ("rus", "ru"),
    ("sin", "si"),
    ("slk", "sk"),
    ("slv", "sl"),
    ("sna", "sn"),
    ("som", "so"),
    ("sot", "st"),
    ("spa", "es"),
    ("sqi", "sq"),
    ("srp", "sr"),
    ("swa", "sw"),
    ("swe", "sv"),
    ("tam", "ta"),
    ("tel", "te"),
    ("tgl", "tl"),
    ("tha", "th"),
    ("tsn", "tn"),
    ("tso", "ts"),
    ("tuk", "tk"),
    ("tur", "tr"),
    ("ukr", "uk"),
    ("urd", "ur"),
    ("uzb", "uz"),
    ("vie", "vi"),
    ("xho", "xh"),
    ("yid", "yi"),
    ("yor", "yo"),
    ("zho", "zh"),
    ("zul", "zu"),
];

/// The BCP 47 code for an ISO 639-3 code: its two-letter form where there is one we know, else as it is.
#[must_use]
pub fn bcp47(code: &str) -> &str {
    SHORT.binary_search_by_key(&code, |entry| entry.0).map_or(code, |at| SHORT[at].1)
}

/// The same, for codes that a detector may return.
#[must_use]
pub fn known(code: &str) -> Option<&'static str> {
    let short = SHORT.iter().find(|entry| entry.0 == code || entry.1 == code);
    short.map(|entry| entry.1)
}

/// Languages that most of what is published is written in. Where the evidence leaves a choice between one of them and
/// a smaller neighbour, they are the likelier.
static WIDELY_WRITTEN: [&str; 22] = [
    "ar", "cs", "de", "en", "es", "fa", "fr", "hi", "hu", "id", "it", "nl", "pl", "pt", "ro", "ru", "sv",
    "th", "tr", "uk", "vi", "zh",
];

/// Natural logarithm of how much likelier a language is than a rare one before anything is read.
#[must_use]
pub fn prior(code: &str) -> f32 {
    if WIDELY_WRITTEN.contains(&code) { WEIGHT } else { 0.0 }
}

/// Widely written languages are taken to be nearly three times as likely as others: far less than they are, so that the others are
/// still found.
const WEIGHT: f32 = 1.0;
