//! Parts of speech and dependencies (Universal Dependencies v2) as small numbers.

use pipeline_core::Sym;

macro_rules! names {
    ($(#[$doc:meta])* $name:ident: $($variant:ident = $text:literal,)+) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        #[repr(u8)]
        pub(crate) enum $name {
            /// Not parsed, or not known.
            #[default]
            None,
            $($variant,)+
        }

        impl $name {
            const ALL: &[(Self, &'static str)] = &[$((Self::$variant, $text),)+];

            /// The one of this name.
            pub(crate) fn of(name: &str) -> Self {
                Self::ALL.iter().find(|(_, known)| *known == name).map_or(Self::None, |(one, _)| *one)
            }
        }
    };
}

names! {
    /// Universal part of speech.
    Pos:
    Adj = "ADJ", Adp = "ADP", Adv = "ADV", Aux = "AUX", Cconj = "CCONJ", Det = "DET", Intj = "INTJ",
    Noun = "NOUN", Num = "NUM", Part = "PART", Pron = "PRON", Propn = "PROPN", Punct = "PUNCT",
    Sconj = "SCONJ", Sym = "SYM", Verb = "VERB", X = "X",
}

names! {
    /// Dependency, with the subtypes that matter here.
    Rel:
    Acl = "acl", Relcl = "acl:relcl", Advcl = "advcl", Advmod = "advmod", Amod = "amod", Appos = "appos",
    Aux = "aux", AuxPass = "aux:pass", Case = "case", Cc = "cc", Ccomp = "ccomp", Compound = "compound",
    Particle = "compound:prt", Conj = "conj", Cop = "cop", Csubj = "csubj", Det = "det",
    Discourse = "discourse", Dislocated = "dislocated", Expl = "expl", Fixed = "fixed", Flat = "flat",
    Goeswith = "goeswith", Iobj = "iobj", List = "list", Mark = "mark", Nmod = "nmod", Title = "nmod:desc",
    Poss = "nmod:poss", NmodBare = "nmod:unmarked", Nsubj = "nsubj", NsubjPass = "nsubj:pass",
    Nummod = "nummod", Obj = "obj", Obl = "obl", Agent = "obl:agent", OblBare = "obl:unmarked",
    Orphan = "orphan", Parataxis = "parataxis", Punct = "punct", Reparandum = "reparandum", Root = "root",
    Vocative = "vocative", Xcomp = "xcomp",
}

impl Pos {
    /// Whether it names things.
    pub(crate) fn is_nominal(self) -> bool {
        matches!(self, Self::Noun | Self::Propn | Self::Pron | Self::Num | Self::Sym | Self::X)
    }
}

impl Rel {
    /// The one of this name; a subtype that does not matter here counts as its type, and so do the names that
    /// earlier treebanks have.
    pub(crate) fn of_label(label: &str) -> Self {
        let label = match label {
            "obl:tmod" | "obl:npmod" => "obl:unmarked",
            "nmod:tmod" | "nmod:npmod" => "nmod:unmarked",
            "csubj:pass" => "csubj",
            _ => label,
        };
        match Self::of(label) {
            Self::None => Self::of(label.split(':').next().unwrap_or_default()),
            known => known,
        }
    }

    /// Whether it makes the subject of a clause.
    pub(crate) fn is_subject(self) -> bool {
        matches!(self, Self::Nsubj | Self::NsubjPass)
    }
}

/// What the symbols of a run stand for; learnt as they are met.
#[derive(Clone, Debug, Default)]
pub(crate) struct Meanings {
    known: Vec<Option<(Pos, Rel)>>,
}

impl Meanings {
    /// Part of speech and dependency that a symbol may stand for; `text` spells it.
    pub(crate) fn of<'a>(&mut self, sym: Sym, text: impl FnOnce(Sym) -> &'a str) -> (Pos, Rel) {
        let at = sym.0 as usize;
        if at >= self.known.len() {
            self.known.resize(at + 1, None);
        }
        *self.known[at].get_or_insert_with(|| {
            let text = text(sym);
            (Pos::of(text), Rel::of_label(text))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subtypes_count_as_their_type() {
        assert_eq!(Rel::of_label("nsubj:outer"), Rel::Nsubj);
        assert_eq!(Rel::of_label("nsubj:pass"), Rel::NsubjPass);
        assert_eq!(Rel::of_label("obl:tmod"), Rel::OblBare);
        assert_eq!(Rel::of_label("unheard:of"), Rel::None);
        assert_eq!(Pos::of("PROPN"), Pos::Propn);
    }
}
