//! Layers: what kinds of tables annotations are kept in, and the standard ones.

use core::fmt;

/// What the values of a column are. The numbers are part of the plugin interface.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Small unsigned integer.
    U8 = 1,
    /// Unsigned integer.
    U32 = 2,
    /// Signed integer.
    I64 = 3,
    /// Single precision.
    F32 = 4,
    /// Double precision.
    F64 = 5,
    /// Number of a word in the run's table of symbols; 0 is the empty word.
    Sym = 6,
    /// Row of another layer; `u32::MAX` is none.
    Ref = 7,
    /// Text of its own.
    Str = 8,
    /// Stretch of the document's text; [`crate::Span::NONE`] is none.
    Span = 9,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 9] =
        [Self::U8, Self::U32, Self::I64, Self::F32, Self::F64, Self::Sym, Self::Ref, Self::Str, Self::Span];

    /// The kind of a number that came over the boundary.
    #[must_use]
    pub fn from_raw(raw: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| *kind as u32 == raw)
    }

    /// Its name in cards and documentation.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::U8 => "u8",
            Self::U32 => "u32",
            Self::I64 => "i64",
            Self::F32 => "f32",
            Self::F64 => "f64",
            Self::Sym => "sym",
            Self::Ref => "ref",
            Self::Str => "str",
            Self::Span => "span",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What holds between the spans of a layer, checked when a stage hands them over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Nothing.
    Any,
    /// Starts never go back.
    Sorted,
    /// Sorted, and no two overlap.
    Disjoint,
}

impl Order {
    /// Its name in cards and documentation.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Sorted => "sorted",
            Self::Disjoint => "disjoint",
        }
    }
}

/// A column of a layer.
#[derive(Clone, Copy, Debug)]
pub struct ColumnSpec {
    /// Its name.
    pub name: &'static str,
    /// What its values are.
    pub kind: Kind,
    /// For [`Kind::Ref`] the layer referred to, else empty.
    pub target: &'static str,
}

/// A column by name and kind.
#[must_use]
pub const fn column(name: &'static str, kind: Kind) -> ColumnSpec {
    ColumnSpec { name, kind, target: "" }
}

/// A column of references to rows of the layer `target`.
#[must_use]
pub const fn reference(name: &'static str, target: &'static str) -> ColumnSpec {
    ColumnSpec { name, kind: Kind::Ref, target }
}

/// The shape of a layer.
#[derive(Clone, Copy, Debug)]
pub struct LayerSpec {
    /// Its name: a standard one, or `vendor.name`.
    pub name: &'static str,
    /// Whether its rows have spans.
    pub spans: bool,
    /// What holds between the spans.
    pub order: Order,
    /// Its columns.
    pub cols: &'static [ColumnSpec],
}

impl LayerSpec {
    /// A layer of spans in any order.
    #[must_use]
    pub const fn spans(name: &'static str, cols: &'static [ColumnSpec]) -> Self {
        Self { name, spans: true, order: Order::Any, cols }
    }

    /// A layer of rows without spans.
    #[must_use]
    pub const fn rows(name: &'static str, cols: &'static [ColumnSpec]) -> Self {
        Self { name, spans: false, order: Order::Any, cols }
    }

    /// The same with a promise about its spans.
    #[must_use]
    pub const fn ordered(self, order: Order) -> Self {
        Self { order, ..self }
    }
}

use Kind::{F32, Str, Sym, U8, U32};

/// `language`: one row, the language of the document as BCP 47 code, how sure that is, and the code that later
/// stages go by: the same, or the fallback where that is too little.
pub const LANGUAGE: LayerSpec =
    LayerSpec::rows("language", &[column("lang", Sym), column("confidence", F32), column("route", Sym)]);
/// `passages`: stretches in one language.
pub const PASSAGES: LayerSpec =
    LayerSpec::spans("passages", &[column("lang", Sym), column("confidence", F32)]);
/// `tokens`: words.
pub const TOKENS: LayerSpec = LayerSpec::spans("tokens", &[column("kind", U8)]).ordered(Order::Disjoint);
/// `sentences`.
pub const SENTENCES: LayerSpec = LayerSpec::spans("sentences", &[]).ordered(Order::Disjoint);
/// `entities`: names and values. In order of position as provided; rows that others append come after.
pub const ENTITIES: LayerSpec = LayerSpec::spans(
    "entities",
    &[
        column("label", Sym),
        column("score", F32),
        column("cluster", U32),
        column("value", Str),
        column("ticker", Str),
    ],
);
/// `relations`: directed, between entities.
pub const RELATIONS: LayerSpec = LayerSpec::rows(
    "relations",
    &[
        reference("head", "entities"),
        reference("tail", "entities"),
        column("label", Sym),
        column("score", F32),
        column("trigger", Kind::Span),
    ],
);
/// `syntax`: one row a token.
pub const SYNTAX: LayerSpec =
    LayerSpec::rows("syntax", &[column("pos", Sym), reference("head", "tokens"), column("deprel", Sym)]);
/// `triples`: open relations. `relation` is the words that state it, `predicate` their normal form, `flags` bits that
/// [`TRIPLE_FLAGS`] names; an absent object is [`crate::Span::NONE`].
pub const TRIPLES: LayerSpec = LayerSpec::rows(
    "triples",
    &[
        column("subject", Kind::Span),
        column("relation", Kind::Span),
        column("object", Kind::Span),
        column("predicate", Str),
        column("flags", U32),
        column("score", F32),
    ],
);
/// What the bits of `flags` in [`TRIPLES`] say, the lowest first.
pub const TRIPLE_FLAGS: [&str; 6] = ["negated", "passive", "modal", "future", "conditional", "attributed"];
/// `triple_args`: further arguments of triples.
pub const TRIPLE_ARGS: LayerSpec = LayerSpec::rows(
    "triple_args",
    &[reference("triple", "triples"), column("role", Sym), column("arg", Kind::Span)],
);
/// `meta`: fields that came with the document.
pub const META: LayerSpec = LayerSpec::rows("meta", &[column("key", Str), column("value", Str)]);

/// Every standard layer.
pub const STANDARD: [LayerSpec; 10] =
    [LANGUAGE, PASSAGES, TOKENS, SENTENCES, ENTITIES, RELATIONS, SYNTAX, TRIPLES, TRIPLE_ARGS, META];

/// Whether two strings are equal, in constant evaluation too.
pub(crate) const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}
