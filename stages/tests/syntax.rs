//! The stage `syntax` on text written for it, and models trained on the spot.

use pipeline_core::{ColumnData, Document, Pipeline, StageSource, StageUse};
use stages::entities::EntitiesStage;
use stages::gold::{GoldDoc, GoldWord};
use stages::language::LanguageStage;
use stages::syntax::SyntaxStage;
use stages::syntax::train::{self, Options, Progress, Rates, Resources, TrainError};
use stages::syntax::{Parser, Scratch};
use stages::tokenize::TokenizeStage;

/// What a document's words are: word, part of speech, head, dependency.
type Rows = Vec<(String, String, Option<usize>, String)>;

fn run(text: &str, options: &str, entities: bool) -> (Rows, Document) {
    let mut uses = vec![
        StageUse::new(StageSource::linked::<LanguageStage>().unwrap()),
        StageUse::new(StageSource::linked::<TokenizeStage>().unwrap()),
    ];
    if entities {
        uses.push(StageUse::new(StageSource::linked::<EntitiesStage>().unwrap()));
    }
    let syntax = StageSource::linked::<SyntaxStage>().unwrap();
    uses.push(StageUse { config: options.to_owned(), ..StageUse::new(syntax) });
    let pipeline = Pipeline::new(uses, &[], &[], Box::new(|_, _| {})).unwrap();
    let mut docs = [Document::new("a", text)];
    pipeline.process(&mut docs).unwrap();
    let [doc] = docs;
    assert!(doc.errors.is_empty(), "{:?}", doc.errors);
    (rows(&pipeline, &doc), doc)
}

fn rows(pipeline: &Pipeline, doc: &Document) -> Rows {
    let layer = |name| doc.layer(pipeline.plan().layer(name)?);
    let (Some(tokens), Some(table)) = (layer("tokens"), layer("syntax")) else { return Vec::new() };
    let [ColumnData::Sym(pos), ColumnData::Ref(heads), ColumnData::Sym(labels)] = &table.cols[..] else {
        panic!("the columns of the layer: {:?}", table.cols)
    };
    let word = |sym: &_| pipeline.symbols().text(*sym).to_owned();
    let rows = tokens.spans.iter().zip(pos).zip(heads).zip(labels);
    rows.map(|(((span, pos), head), label)| {
        let head = (*head != u32::MAX).then_some(*head as usize);
        (doc.text[span.range()].to_owned(), word(pos), head, word(label))
    })
    .collect()
}

fn row(rows: &Rows, form: &str) -> (usize, String, Option<usize>, String) {
    let at = rows.iter().position(|row| row.0 == form).unwrap_or_else(|| panic!("{form} in {rows:?}"));
    (at, rows[at].1.clone(), rows[at].2, rows[at].3.clone())
}

#[test]
fn a_sentence_has_parts_of_speech_and_one_root() {
    let (rows, _) = run("The old bank sold three small companies.", "{}", false);
    let (sold, pos, head, label) = row(&rows, "sold");
    assert_eq!((pos.as_str(), head, label.as_str()), ("VERB", None, "root"));
    let (bank, pos, head, label) = row(&rows, "bank");
    assert_eq!((pos.as_str(), head, label.as_str()), ("NOUN", Some(sold), "nsubj"));
    assert_eq!(row(&rows, "old").2, Some(bank));
    let (companies, _, head, label) = row(&rows, "companies");
    assert_eq!((head, label.as_str()), (Some(sold), "obj"));
    assert_eq!(row(&rows, "three"), (companies - 2, "NUM".into(), Some(companies), "nummod".into()));
    assert_eq!(row(&rows, ".").2, Some(sold));
    assert_eq!(rows.iter().filter(|row| row.2.is_none()).count(), 1, "{rows:?}");
}

#[test]
fn heads_stay_within_their_sentence_and_lead_to_its_root() {
    let text =
        "Anna Berg runs Lumen. Does she? Yes, and \"it\" (the firm) pays.\n\nA HEADLINE\n\nMore 12.5 % here.";
    let (rows, doc) = run(text, "{}", false);
    for start in 0..rows.len() {
        let mut at = start;
        for _ in 0..rows.len() {
            at = rows[at].2.unwrap_or(at);
        }
        assert_eq!(rows[at].2, None, "from {start}: {rows:?}");
        assert_eq!(rows[at].3, "root");
    }
    let roots = rows.iter().filter(|row| row.2.is_none()).count();
    let sentences = doc.text.matches(['.', '?']).count();
    assert!(roots >= sentences - 1, "{roots} roots: {rows:?}");
}

#[test]
fn where_there_are_names_only_sentences_with_two_are_parsed() {
    let text = "Maria Keller met Angela Merkel in Berlin. It rained all day.";
    let parsed = |rows: &Rows, form: &str| !row(rows, form).1.is_empty();
    let (rows, _) = run(text, "{}", true);
    assert!(parsed(&rows, "met") && !parsed(&rows, "rained"), "{rows:?}");
    assert_eq!(row(&rows, "rained"), (row(&rows, "rained").0, String::new(), None, String::new()));
    let (rows, _) = run(text, r#"{"sentences":"all"}"#, true);
    assert!(parsed(&rows, "met") && parsed(&rows, "rained"), "{rows:?}");
    let (rows, _) = run(text, "{}", false);
    assert!(parsed(&rows, "rained"), "without a layer of names all are parsed: {rows:?}");
}

#[test]
fn a_document_in_another_language_is_skipped() {
    let (rows, doc) = run("Der Vorstand der Werft hat gestern in Hamburg lange beraten.", "{}", false);
    assert!(rows.is_empty());
    assert!(format!("{:?}", doc.skipped).contains("no-model"), "{:?}", doc.skipped);
}

/// A treebank in which verbs are known by their ending and nouns stand before them, as subject, or after, as object.
fn treebank() -> Vec<GoldDoc> {
    let nouns = ["kala", "mito", "sena", "pulo"];
    let verbs = ["tarek", "domek", "silek"];
    let mut docs = Vec::new();
    for (s, subject) in nouns.iter().enumerate() {
        for verb in verbs {
            for object in &nouns[..3] {
                let word = |form: &str, pos: &str, head: Option<u32>, label: &str| GoldWord {
                    form: form.to_owned(),
                    sentence: 0,
                    pos: pos.to_owned(),
                    tag: String::new(),
                    head,
                    label: label.to_owned(),
                };
                let words = vec![
                    word(subject, "NOUN", Some(1), "nsubj"),
                    word(verb, "VERB", None, "root"),
                    word(object, "NOUN", Some(1), "obj"),
                ];
                docs.push(GoldDoc { id: format!("{s}"), syntax: Some(words), ..GoldDoc::default() });
            }
        }
    }
    docs
}

fn small() -> Options {
    let rates =
        Rates { epochs: 12, batch: 4, rate: 1e-2, drop: 0.1, blur: 0.1, thin: 0.0, dim: 16, hidden: 64 };
    Options {
        folds: 2,
        tagger: rates,
        parser: rates,
        least: [1, 2],
        language: "xx".into(),
        ..Options::default()
    }
}

fn learn(docs: &[GoldDoc], options: &Options) -> Result<Vec<u8>, TrainError> {
    train::train(docs, &Resources::default(), options, &Progress { say: &|_| {}, score: None })
}

#[test]
fn a_model_of_any_language_learns_its_treebank() {
    let bytes = learn(&treebank(), &small()).unwrap();
    let parser = Parser::load(&bytes).unwrap();
    assert_eq!(parser.header().languages, ["xx"]);
    let text = "pulo zarek pulo";
    let tokens = [(0, 4), (5, 10), (11, 15)].map(|(start, end)| pipeline_core::Span::new(start, end));
    let mut found = Vec::new();
    parser.parse(text, &tokens, &mut Scratch::default(), &mut found);
    let labels: Vec<&str> =
        found.iter().map(|word| parser.labels()[usize::from(word.label)].as_str()).collect();
    assert_eq!(labels, ["nsubj", "root", "obj"], "a verb that was never seen");
    assert_eq!(found.iter().map(|word| word.head).collect::<Vec<_>>(), [Some(1), None, Some(1)]);
}

#[test]
fn training_gives_the_same_bytes_again_and_the_seed_matters() {
    let options = Options { seed: 7, ..small() };
    let one = learn(&treebank(), &options).unwrap();
    assert!(one == learn(&treebank(), &options).unwrap());
    assert!(one != learn(&treebank(), &small()).unwrap());
}

#[test]
fn what_has_no_dependencies_teaches_nothing() {
    assert_eq!(learn(&[GoldDoc::default()], &small()), Err(TrainError::NoSyntax));
    let words: Vec<GoldWord> = (0..300)
        .map(|n| GoldWord {
            form: "a".into(),
            label: format!("l{n}"),
            pos: "X".into(),
            sentence: n,
            ..GoldWord::default()
        })
        .collect();
    let doc = GoldDoc { syntax: Some(words), ..GoldDoc::default() };
    assert_eq!(learn(&[doc], &small()), Err(TrainError::TooMany(300)));
}
