//! The corpora of the English model.

use super::{ANY, Format, Source};

/// News annotated after the guide that the model follows.
const NEWS: Source = Source {
    path: "newsgraph/train.jsonl",
    format: Format::NewsGraph,
    group: 1,
    weight: 1.0,
    labels: &[],
    hidden: &[],
    recased: true,
    without: &[],
};

/// The corpora of the English model, the one it follows first.
pub const ENGLISH: &[Source] = &[
    NEWS,
    Source {
        path: "ner/gum_named_permissive/train.conll",
        format: Format::Conll,
        group: 1,
        weight: 0.7,
        labels: &[
            ("PER", "PERSON"),
            ("ORG", "ORG"),
            ("LOC", "GPE|LOC|FAC"),
            ("FAC", "FAC"),
            ("NORP", "NORP"),
            ("EVENT", "EVENT"),
            ("PRODUCT", "PRODUCT"),
        ],
        hidden: &["WORK_OF_ART", "LAW", "LANGUAGE"],
        recased: false,
        without: &[14..=29, 119..=132],
    },
    Source {
        path: "ner/wikigold/train.conll",
        format: Format::Conll,
        group: 1,
        weight: 0.7,
        labels: &[
            ("PER", "PERSON"),
            ("ORG", "ORG"),
            ("LOC", "GPE|LOC|FAC"),
            ("MISC", "NORP|EVENT|PRODUCT|WORK_OF_ART|LAW|LANGUAGE"),
        ],
        hidden: &[],
        recased: false,
        without: &[],
    },
    crossner("ner/crossner_politics/train.conll"),
    crossner("ner/crossner_politics/dev.conll"),
    crossner("ner/crossner_literature/train.conll"),
    crossner("ner/crossner_literature/dev.conll"),
    crossner("ner/crossner_music/train.conll"),
    crossner("ner/crossner_music/dev.conll"),
    crossner("ner/crossner_science/train.conll"),
    crossner("ner/crossner_science/dev.conll"),
    Source {
        path: "models/newsgraph/written.jsonl",
        format: Format::Written,
        weight: 0.4,
        recased: false,
        ..NEWS
    },
];

/// A part of CrossNER: only its people, organisations and places are told from each other as this model does.
pub(super) const fn crossner(path: &'static str) -> Source {
    Source {
        path,
        format: Format::Conll,
        group: 10,
        weight: 0.4,
        labels: CROSSNER,
        hidden: &["NORP", "EVENT", "PRODUCT", "WORK_OF_ART", "LAW", "LANGUAGE"],
        recased: false,
        without: &[],
    }
}

/// What CrossNER's labels are here; [`ANY`] for those that are cut in another way.
const CROSSNER: &[(&str, &str)] = &[
    ("person", "PERSON"),
    ("politician", "PERSON"),
    ("writer", "PERSON"),
    ("scientist", "PERSON"),
    ("musicalartist", "PERSON"),
    ("organisation", "ORG"),
    ("politicalparty", "ORG"),
    ("university", "ORG"),
    ("band", "ORG"),
    ("country", "GPE|LOC|FAC"),
    ("location", "GPE|LOC|FAC"),
    ("event", ANY),
    ("election", ANY),
    ("misc", ANY),
    ("book", ANY),
    ("poem", ANY),
    ("magazine", ANY),
    ("literarygenre", ANY),
    ("song", ANY),
    ("album", ANY),
    ("musicgenre", ANY),
    ("musicalinstrument", ANY),
    ("award", ANY),
    ("academicjournal", ANY),
    ("discipline", ANY),
    ("theory", ANY),
    ("enzyme", ANY),
    ("protein", ANY),
    ("chemicalcompound", ANY),
    ("chemicalelement", ANY),
    ("astronomicalobject", ANY),
];
