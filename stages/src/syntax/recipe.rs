//! How the English model that ships is made: its treebanks and settings.

use super::train::Options;

/// Files below the data root that it learns from: UD English EWT, and UD English GUM in genres that may be passed on.
pub const TREEBANKS: [&str; 2] = [
    "ud/UD_English-EWT/en_ewt-ud-train.rebuilt.conllu",
    "ud/UD_English-GUM/en_gum-ud-train.rebuilt_permissive_genres.conllu",
];

/// Word classes and Brown clusters below the data root.
pub const LISTS: [&str; 2] = ["clusters/glove_kmeans.tsv", "clusters/brown.tsv"];

/// Documents whose names begin so are left out: their licence allows no derivatives.
const LEFT_OUT: &str = "GUM_conversation";

/// Whether a document may be learnt from.
#[must_use]
pub fn is_used(id: &str) -> bool {
    !id.starts_with(LEFT_OUT)
}

/// Settings of the model that ships.
#[must_use]
pub fn options() -> Options {
    Options { provenance: PROVENANCE.to_owned(), licence: LICENCE.to_owned(), ..Options::default() }
}

const PROVENANCE: &str = "UD English EWT, train; UD English GUM, train (academic, bio, court, interview, news, speech, \
textbook, vlog, voyage); word classes from GloVe 6B 50d; Brown clusters of spacy-lookups-data";

const LICENCE: &str = "CC-BY-SA-4.0. Attribution: UD English EWT, Natalia Silveira et al. (CC-BY-SA 4.0); UD English GUM, \
Amir Zeldes et al., Georgetown University (CC-BY 4.0; Wikipedia and Wikivoyage texts CC-BY-SA 3.0); GloVe, Stanford NLP \
(PDDL); spacy-lookups-data, Explosion (MIT)";
