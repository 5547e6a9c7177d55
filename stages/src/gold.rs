//! Annotated documents for training and scoring.
//!
//! The formats they come in are read elsewhere; this is the one shape they all take. All offsets are bytes
//! into `text`.

use pipeline_core::Span;

use crate::score_open::Fact;

/// One annotated document. What a corpus does not annotate is `None`, which is not the same as empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GoldDoc {
    /// Name of the document in its corpus.
    pub id: String,
    /// The text. For corpora that hold only tokens: these joined by single spaces, sentences by line breaks.
    pub text: String,
    /// Whether `text` is tokens joined by spaces rather than text as published: such a document is tagged and
    /// scored with its tokens given.
    pub pretokenized: bool,
    /// Surface tokens as annotated, in order and disjoint (a multiword token such as `don't` is one).
    pub tokens: Option<Vec<Span>>,
    /// Syntactic words of a treebank, in order: `don't` is `do` and `n't`. A word its multiword token does not
    /// spell out (French `du` is `de le`) is [`Span::NONE`]: it counts as a word and can not be found.
    pub words: Option<Vec<Span>>,
    /// What a treebank says of each of `words`: parts of speech and dependencies.
    pub syntax: Option<Vec<GoldWord>>,
    /// Sentences as annotated.
    pub sentences: Option<Vec<Span>>,
    /// Names.
    pub entities: Option<Vec<GoldEntity>>,
    /// Relations between `entities`.
    pub relations: Option<Vec<GoldRelation>>,
    /// Relation labels annotated exhaustively here; `None`: all of the corpus's.
    pub annotated: Option<Vec<String>>,
    /// Groups of texts that name one thing in this document.
    pub clusters: Option<Vec<Vec<String>>>,
    /// Open relations, as words.
    pub facts: Option<Vec<Fact>>,
    /// Language code as the corpus writes it.
    pub language: Option<String>,
}

/// A name in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoldEntity {
    /// Where it stands.
    pub span: Span,
    /// Its type as the corpus writes it.
    pub label: String,
}

/// A directed relation between two names of one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoldRelation {
    /// Index into the document's entities.
    pub head: u32,
    /// Index into the document's entities.
    pub tail: u32,
    /// Its label as the corpus writes it.
    pub label: String,
    /// The words that state it.
    pub trigger: Option<Span>,
}

/// A syntactic word of a treebank.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GoldWord {
    /// Its form, as written.
    pub form: String,
    /// Number of its sentence in the document.
    pub sentence: u32,
    /// Universal part of speech; empty where the treebank gives none.
    pub pos: String,
    /// The language's own tag; empty where there is none.
    pub tag: String,
    /// Index of the word it depends on among the document's words; `None` for a root.
    pub head: Option<u32>,
    /// Label of the dependency; empty where the treebank gives none.
    pub label: String,
}
