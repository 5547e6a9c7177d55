//! How the English model that ships is made: its corpora, what their labels mean, and its settings.

mod corpora;

pub use corpora::ENGLISH;

use super::gazetteer;
use super::lexicon::{Lexicon, LexiconBuilder};
use super::train::{Corpus, Options};
use pipeline_core::Span;

use crate::gold::{GoldDoc, GoldEntity};
use crate::model::Header;

/// The types of the English model.
pub const TYPES: [&str; 11] =
    ["PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "EVENT", "PRODUCT", "WORK_OF_ART", "LAW", "LANGUAGE"];

/// The format of a corpus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One document a line, with text, entities, relations and clusters.
    NewsGraph,
    /// The same, of documents that come with the program: its path is from the program's own folder.
    Written,
    /// One token and its BIO label a line, tab between; documents begin at `-DOCSTART-` or, without, are single
    /// sentences.
    Conll,
}

/// A corpus to learn from.
#[derive(Clone, Copy, Debug)]
pub struct Source {
    /// File under the data root.
    pub path: &'static str,
    /// Its format.
    pub format: Format,
    /// So many documents of the file are taken as one: where it holds sentences alone, the tagger learns not to make
    /// too much of what unrelated neighbours say.
    pub group: usize,
    /// How much a sentence counts.
    pub weight: f32,
    /// What its labels are in the model's types, several separated by bars; labels not named here are dropped.
    pub labels: &'static [(&'static str, &'static str)],
    /// Types that it does not annotate.
    pub hidden: &'static [&'static str],
    /// Whether some of its documents are learnt in the case of headlines, too.
    pub recased: bool,
    /// Numbers of its documents that are not used: those whose text is under a share-alike licence.
    pub without: &'static [std::ops::RangeInclusive<usize>],
}

/// The label of words of which nothing is known, not even whether they are a name.
pub const ANY: &str = "?";

impl Source {
    /// The corpus, from all its documents as they were read.
    #[must_use]
    pub fn corpus(&self, docs: Vec<GoldDoc>) -> Corpus {
        let used = |number: &usize| !self.without.iter().any(|range| range.contains(number));
        let docs = (0..).zip(docs).filter(|(number, _)| used(number)).map(|(_, doc)| self.relabel(doc));
        let docs: Vec<GoldDoc> = docs.collect();
        Corpus {
            copies: if self.recased { recased(&docs) } else { Vec::new() },
            docs: if self.group > 1 { docs.chunks(self.group).map(join).collect() } else { docs },
            weight: self.weight,
            hidden: self.hidden.iter().map(|&kind| kind.to_owned()).collect(),
        }
    }

    fn relabel(&self, mut doc: GoldDoc) -> GoldDoc {
        if !self.labels.is_empty()
            && let Some(entities) = &mut doc.entities
        {
            entities.retain_mut(|entity| {
                let to = self.labels.iter().find(|(from, _)| *from == entity.label);
                to.inspect(|(_, to)| (*to).clone_into(&mut entity.label)).is_some()
            });
            entities.iter_mut().for_each(|entity| without_article(&doc.text, entity));
        }
        doc
    }
}

/// Leaves out a leading article, which belongs to titles of works alone.
fn without_article(text: &str, entity: &mut GoldEntity) {
    let name = &text[entity.span.range()];
    let article = name.get(..4).is_some_and(|head| head.eq_ignore_ascii_case("the "));
    if article && !entity.label.contains("WORK_OF_ART") && entity.label != ANY {
        entity.span.start += 4;
    }
}

/// Parts in which the data is cut to make first-pass labels. There is enough of it to learn them from half.
const FOLDS: usize = 2;

/// Features that the model keeps, so that its file is no larger than 12 MB.
const MOST_ROWS: usize = 211_000;

/// Every so many documents are learnt in capitals and in title case, too; an odd number.
const RECASED: usize = 5;

/// Copies of some documents in capitals, then of some in title case, then of all with only their headline so. Only ASCII
/// letters change, so that spans stay good.
///
/// With two folds, of which document `n` is in fold `n % 2`, a copy is in the fold of its original: steps are odd, and
/// the number of the first original is that of the first copy less an even number.
fn recased(docs: &[GoldDoc]) -> Vec<GoldDoc> {
    let mut copies = Vec::new();
    for (step, change) in [(RECASED, whole as Change), (1, headline)] {
        for case in [str::to_ascii_uppercase, title_case] {
            let start = (docs.len() + copies.len()) % FOLDS;
            copies.extend(docs.iter().skip(start).step_by(step).map(|doc| change(doc, case)));
        }
    }
    copies
}

/// How a document is put in another case.
type Change = fn(&GoldDoc, fn(&str) -> String) -> GoldDoc;

fn whole(doc: &GoldDoc, case: fn(&str) -> String) -> GoldDoc {
    GoldDoc { text: case(&doc.text), ..doc.clone() }
}

/// The first line in another case; an empty document where there is but one.
fn headline(doc: &GoldDoc, case: fn(&str) -> String) -> GoldDoc {
    let parts = doc.text.split_once('\n');
    parts.map_or_else(GoldDoc::default, |(head, body)| GoldDoc {
        text: format!("{}\n{body}", case(head)),
        ..doc.clone()
    })
}

/// With the words of four letters and more capitalised, as in headlines.
fn title_case(text: &str) -> String {
    let mut out = text.to_owned();
    for word in
        text.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’').filter(|word| word.len() > 3)
    {
        let at = word.as_ptr() as usize - text.as_ptr() as usize;
        if let Some(first) = out.get_mut(at..=at) {
            first.make_ascii_uppercase();
        }
    }
    out
}

/// One document of several, with a line break between.
fn join(docs: &[GoldDoc]) -> GoldDoc {
    let mut all = GoldDoc::default();
    for doc in docs {
        if !all.text.is_empty() {
            all.text.push('\n');
        }
        let at = all.text.len() as u32;
        let moved = |span: &Span| Span::new(span.start + at, span.end + at);
        all.text.push_str(&doc.text);
        all.pretokenized = doc.pretokenized;
        if let Some(tokens) = &doc.tokens {
            all.tokens.get_or_insert_default().extend(tokens.iter().map(moved));
        }
        if let Some(sentences) = &doc.sentences {
            all.sentences.get_or_insert_default().extend(sentences.iter().map(moved));
        }
        if let Some(names) = &doc.entities {
            let moved =
                names.iter().map(|name| GoldEntity { span: moved(&name.span), label: name.label.clone() });
            all.entities.get_or_insert_default().extend(moved);
        }
    }
    all
}

/// Word classes and name lists of the English model. `read` gives the content of a file by its path under the
/// data root.
///
/// # Errors
/// The first that `read` has.
pub fn lexicon<E>(read: &mut dyn FnMut(&str) -> Result<String, E>) -> Result<Lexicon, E> {
    let mut builder = LexiconBuilder::default();
    builder.brown(&read("clusters/brown.tsv")?);
    builder.classes(&read("clusters/glove_kmeans.tsv")?, usize::MAX);
    gazetteer::add_english(&mut builder, read)?;
    Ok(builder.build())
}

/// Made-up sports pages and agency reports, after the other corpora. `read` gives the content of a file by its path
/// under the data root.
///
/// # Errors
/// The first that `read` has.
pub fn tables<E>(read: &mut dyn FnMut(&str) -> Result<String, E>) -> Result<Corpus, E> {
    super::tables::corpus(read)
}

/// The settings of the English model.
#[must_use]
pub fn options() -> Options {
    Options {
        seed: 1,
        folds: FOLDS,
        epochs: 7,
        least: 3,
        prune_rows: 4,
        most_rows: MOST_ROWS,
        header: Header {
            languages: vec!["en".to_owned()],
            provenance: PROVENANCE.to_owned(),
            licence: LICENCE.to_owned(),
            ..Header::default()
        },
        ..Options::default()
    }
}

const PROVENANCE: &str = "\
    Trained on NewsGraph (Wikinews 2019-2020, Voice of America 2004-2010, newswire of MASC, news of GUM), GUM without its \
    Wikipedia and Wikivoyage genres, WikiGold, CrossNER (politics, literature, music, science), and sports pages and \
    agency reports made up from the name lists; Brown classes of spacy-lookups-data, classes of GloVe 6B vectors; name \
    lists of GeoNames, the US Census 1990, i18n-nationality, datasets/country-codes, S&P 500, NASDAQ and NYSE listings, and \
    dariusk/corpora.";

const LICENCE: &str = "\
    CC-BY-4.0. Sources: Wikinews (CC-BY 2.5, its contributors), Voice of America (public domain), MASC \
    (Manually Annotated Sub-Corpus of the Open American National Corpus, open for any use), NewsGraph labels (CC0), GUM \
    (CC-BY 4.0, Amir Zeldes and others), WikiGold (CC-BY 4.0, Balasuriya and others 2009), CrossNER (MIT, Liu and others \
    2021), GeoNames (CC-BY 4.0), spacy-lookups-data (MIT, Explosion), GloVe (PDDL, Pennington, Socher and Manning 2014), US Census (public \
    domain), i18n-nationality (MIT), country codes and stock listings (PDDL), dariusk/corpora (CC0).";

#[cfg(test)]
mod tests {
    use super::corpora::crossner;
    use super::*;

    #[test]
    fn labels_are_mapped_and_documents_left_out() {
        let doc = |label: &str| GoldDoc {
            text: "Ada".to_owned(),
            entities: Some(vec![GoldEntity { span: Span::new(0, 3), label: label.to_owned() }]),
            ..GoldDoc::default()
        };
        let source = Source { without: &[1..=1], ..ENGLISH[2] };
        let corpus = source.corpus(vec![doc("PER"), doc("ORG"), doc("DATE")]);
        let labels: Vec<_> = corpus.docs.iter().map(|d| d.entities.as_deref().unwrap_or_default()).collect();
        assert_eq!(labels[0][0].label, "PERSON");
        assert!(labels.len() == 2 && labels[1].is_empty());
    }

    #[test]
    fn copies_keep_to_the_fold_of_their_original() {
        let text = "Straße says: iPhone sales of '09 fell in São Paulo";
        assert_eq!(title_case(text), "Straße Says: IPhone Sales of '09 Fell in São Paulo");
        let docs: Vec<GoldDoc> =
            (0..23).map(|n| GoldDoc { text: format!("number {n}\nbody"), ..GoldDoc::default() }).collect();
        let copies = recased(&docs);
        let texts: Vec<&str> = copies.iter().map(|doc| doc.text.as_str()).collect();
        assert_eq!(texts[..2], ["NUMBER 1\nBODY", "NUMBER 6\nBODY"]);
        assert_eq!(texts[5..7], ["Number 0\nBody", "Number 5\nBody"]);
        assert!(texts.contains(&"NUMBER 7\nbody") && texts.contains(&"Number 7\nbody"));
        let original = |text: &str| docs.iter().position(|doc| doc.text.eq_ignore_ascii_case(text));
        assert!(texts.iter().zip(docs.len()..).all(|(text, n)| original(text).unwrap() % FOLDS == n % FOLDS));
    }

    #[test]
    fn articles_belong_to_titles_of_works_alone() {
        let doc = GoldDoc {
            text: "The Band played The Band".to_owned(),
            entities: Some(
                [("ORG", 0, 8), ("MISC", 16, 24)]
                    .map(|(label, start, end)| GoldEntity {
                        span: Span::new(start, end),
                        label: label.to_owned(),
                    })
                    .into(),
            ),
            ..GoldDoc::default()
        };
        let docs = ENGLISH[2].corpus(vec![doc]).docs;
        let names: Vec<&str> =
            docs[0].entities.iter().flatten().map(|name| &docs[0].text[name.span.range()]).collect();
        assert_eq!(names, ["Band", "The Band"]);
    }

    #[test]
    fn sentences_are_joined_with_their_names() {
        let doc = |text: &str, start, end| GoldDoc {
            text: text.to_owned(),
            tokens: Some(vec![Span::new(0, 3)]),
            entities: Some(vec![GoldEntity { span: Span::new(start, end), label: "person".to_owned() }]),
            ..GoldDoc::default()
        };
        let source = Source { group: 2, ..crossner("") };
        let docs = source.corpus(vec![doc("Ada ran", 0, 3), doc("so did Eve", 7, 10), doc("Bo", 0, 2)]).docs;
        let names = |doc: &GoldDoc| -> Vec<String> {
            doc.entities.iter().flatten().map(|name| doc.text[name.span.range()].to_owned()).collect()
        };
        assert_eq!(docs.iter().map(names).collect::<Vec<_>>(), [vec!["Ada", "Eve"], vec!["Bo"]]);
        assert_eq!(docs[0].tokens, Some(vec![Span::new(0, 3), Span::new(8, 11)]));
    }

    #[test]
    fn every_type_named_is_one_of_the_model() {
        let named = ENGLISH.iter().flat_map(|s| s.labels.iter().map(|l| l.1).chain(s.hidden.iter().copied()));
        for kind in named.filter(|&names| names != ANY).flat_map(|names| names.split('|')) {
            assert!(TYPES.contains(&kind), "{kind}");
        }
    }
}
