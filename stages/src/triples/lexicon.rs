//! Words that say how something is said: negations, modal verbs, verbs of speech, times, prepositions.

/// Words that deny.
pub(crate) const NEGATIONS: [&str; 8] = ["not", "n't", "n’t", "never", "neither", "nor", "hardly", "no"];
/// Auxiliaries that say what may, must or would be.
pub(crate) const MODALS: [&str; 10] =
    ["may", "might", "could", "would", "should", "must", "can", "ought", "ca", "'d"];
/// Past forms of verbs that have no passive.
pub(crate) const NEVER_PASSIVE: [&str; 16] = [
    "consisted", "belonged", "remained", "occurred", "appeared", "became", "happened", "arrived", "rose", "existed",
    "came", "went", "died", "fell", "lived", "worked",
];
/// Titles that say nothing of who bears them.
pub(crate) const MERE_TITLES: [&str; 12] =
    ["Mr.", "Mrs.", "Ms.", "Miss", "Mr", "Mrs", "Ms", "Dr.", "Dr", "Sir", "Madam", "Messrs."];
/// Normal forms of verbs whose complement is what somebody says or thinks.
pub(crate) const SPEECH: [&str; 62] = [
    "say", "tell", "add", "announce", "report", "state", "claim", "argue", "believe", "think", "insist", "warn",
    "deny", "confirm", "declare", "allege", "suggest", "estimate", "expect", "predict", "note", "explain", "write",
    "assert", "contend", "maintain", "hope", "fear", "suspect", "doubt", "acknowledge", "admit", "concede", "agree",
    "assume", "complain", "conclude", "disclose", "indicate", "propose", "promise", "reply", "respond", "stress",
    "testify", "recall", "observe", "remark", "mention", "urge", "demand", "feel", "imply", "speculate", "pledge",
    "vow", "charge", "deem", "consider", "emphasize", "reveal", "caution",
];
/// Nouns and adverbs of time.
pub(crate) const TIMES: [&str; 62] = [
    "year", "years", "month", "months", "week", "weeks", "weekend", "day", "days", "hour", "hours", "minute",
    "minutes", "second", "seconds", "decade", "decades", "century", "centuries", "season", "seasons", "quarter",
    "morning", "afternoon", "evening", "night", "midnight", "noon", "spring", "summer", "autumn", "fall", "winter",
    "today", "yesterday", "tomorrow", "tonight", "now", "then", "recently", "monday", "tuesday", "wednesday",
    "thursday", "friday", "saturday", "sunday", "january", "february", "march", "april", "june", "july", "august",
    "september", "october", "november", "december", "moment", "period", "era", "later",
];
/// Prepositions of time.
pub(crate) const TIME_PREPOSITIONS: [&str; 14] =
    ["in", "on", "at", "during", "since", "until", "till", "from", "to", "for", "by", "after", "before", "between"];
/// Prepositions of place.
pub(crate) const PLACE_PREPOSITIONS: [&str; 21] = [
    "in", "at", "near", "from", "to", "on", "into", "across", "around", "outside", "inside", "within", "toward",
    "towards", "over", "along", "through", "under", "above", "beside", "off",
];
