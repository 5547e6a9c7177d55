//! The entity stage from gold documents to names, as a user of `train` and `run` would meet it.

use pipeline_core::Span;
use proptest::prelude::*;
use stages::entities::train::{Corpus, Options, Progress, TrainError, train, types};
use stages::entities::{Entity, Lexicon, Scratch, Tagger};
use stages::gold::{GoldDoc, GoldEntity};
use stages::tokenize::{Tokenizer, Words};

const TYPES: [&str; 3] = ["PERSON", "ORG", "GPE"];

fn split(text: &str) -> (Vec<Span>, Vec<Span>) {
    let mut words = Words::default();
    Tokenizer::new().run(text, "en", &mut words);
    (words.tokens, words.sentences)
}

/// A document from text in which names are written `[Name|TYPE]`.
fn doc(marked: &str) -> GoldDoc {
    let mut text = String::new();
    let mut entities = Vec::new();
    for piece in marked.split('[') {
        if let Some((inside, rest)) = piece.split_once(']') {
            let (name, label) = inside.rsplit_once('|').expect("name and type");
            let start = text.len() as u32;
            text.push_str(name);
            let span = Span::new(start, text.len() as u32);
            entities.push(GoldEntity { span, label: label.to_owned() });
            text.push_str(rest);
        } else {
            text.push_str(piece);
        }
    }
    GoldDoc { text, entities: Some(entities), ..GoldDoc::default() }
}

/// Sentences of a few patterns about people, firms and towns.
fn lessons() -> Vec<GoldDoc> {
    let people = ["Maria Keller", "Jon Weiss", "Aisha Bello", "Pavel Novak", "Ines Duarte"];
    let firms = ["Acme Corp", "Borealis Ltd", "Nordwind AG", "Talon Inc", "Vela Corp"];
    let towns = ["Oslo", "Lagos", "Porto", "Brno", "Galway"];
    let mut docs = Vec::new();
    for i in 0..25 {
        let (person, firm, town) = (people[i % 5], firms[(i / 5) % 5], towns[(i * 2) % 5]);
        let last = person.rsplit(' ').next().unwrap_or(person);
        docs.push(doc(&format!(
            "[{person}|PERSON] works for [{firm}|ORG] in [{town}|GPE]. Mr. [{last}|PERSON] said that the firm would \
             leave [{town}|GPE] next year. The mayor of [{town}|GPE] was told by [{firm}|ORG] on Monday."
        )));
    }
    docs
}

fn model(options: &Options, corpora: &[Corpus]) -> Vec<u8> {
    let types: Vec<String> = TYPES.iter().map(|&t| t.to_owned()).collect();
    let progress = Progress { say: &|_| (), score: None };
    train(corpora, &types, &Lexicon::default(), &split, options, progress).expect("something to learn")
}

fn small() -> Options {
    Options { epochs: 6, folds: 2, least: 1, ..Options::default() }
}

fn corpus(docs: Vec<GoldDoc>) -> Corpus {
    Corpus { docs, weight: 1.0, ..Corpus::default() }
}

fn tag(tagger: &Tagger, text: &str, scratch: &mut Scratch) -> Vec<Entity> {
    let (tokens, sentences) = split(text);
    let mut out = Vec::new();
    tagger.tag(text, &tokens, &sentences, scratch, &mut out);
    out
}

fn names<'a>(tagger: &'a Tagger, text: &'a str, found: &[Entity]) -> Vec<(&'a str, &'a str)> {
    found.iter().map(|e| (&text[e.span.range()], tagger.labels()[usize::from(e.label)].as_str())).collect()
}

#[test]
fn learns_names_and_finds_new_ones() {
    let bytes = model(&small(), &[corpus(lessons())]);
    let tagger = Tagger::load(&bytes).expect("a model just made");
    let text = "Emil Tanaka works for Zephyr Corp in Oslo. Mr. Tanaka said that the firm would leave Oslo next year.";
    let found = tag(&tagger, text, &mut Scratch::default());
    let want = [
        ("Emil Tanaka", "PERSON"),
        ("Zephyr Corp", "ORG"),
        ("Oslo", "GPE"),
        ("Tanaka", "PERSON"),
        ("Oslo", "GPE"),
    ];
    assert_eq!(names(&tagger, text, &found), want);
    assert!(found.iter().all(|e| e.score > 0.2 && e.score <= 1.0));
    assert_eq!(found[0].cluster, found[3].cluster);
    assert_ne!(found[0].cluster, found[1].cluster);
}

#[test]
fn the_same_seed_gives_the_same_file() {
    let corpora = [corpus(lessons())];
    assert!(model(&small(), &corpora) == model(&small(), &corpora));
    assert!(model(&small(), &corpora) != model(&Options { seed: 2, ..small() }, &corpora));
}

#[test]
fn progress_is_told_with_scores_that_change_nothing() {
    let corpora = [corpus(lessons())];
    let lines = std::sync::Mutex::new(Vec::new());
    let say = |line: &str| lines.lock().expect("one thread at a time").push(line.to_owned());
    let score = |tagger: &Tagger| format!("{} types", tagger.labels().len());
    let progress = Progress { say: &say, score: Some(&score) };
    let bytes = train(&corpora, &types(&corpora), &Lexicon::default(), &split, &small(), progress);
    let plain = Progress { say: &|_| (), score: None };
    assert!(bytes == train(&corpora, &types(&corpora), &Lexicon::default(), &split, &small(), plain));
    let lines = lines.into_inner().expect("no thread failed");
    assert!(
        lines.last().is_some_and(|line| line.contains("pass 6 of 6") && line.contains("3 types")),
        "{lines:?}"
    );
}

#[test]
fn nothing_to_learn_is_an_error_that_says_so() {
    let progress = Progress { say: &|_| (), score: None };
    let learn = |corpora: &[Corpus], types: &[String]| {
        train(corpora, types, &Lexicon::default(), &split, &small(), progress).expect_err("nothing to learn")
    };
    assert_eq!(learn(&[], &[]), TrainError::NoTypes);
    assert_eq!(learn(&[corpus(vec![doc("")])], &["ORG".to_owned()]), TrainError::NoText);
    let many: Vec<String> = (0..100).map(|n| format!("T{n}")).collect();
    assert!(learn(&[corpus(lessons())], &many).to_string().contains("100 entity types"));
}

#[test]
fn types_a_corpus_does_not_tell_apart_are_learnt_from_another() {
    let coarse = lessons().into_iter().map(|mut doc| {
        for entity in doc.entities.iter_mut().flatten().filter(|e| e.label != "PERSON") {
            entity.label = "ORG|GPE".to_owned();
        }
        doc
    });
    let fine = corpus(lessons().into_iter().take(5).collect());
    let bytes = model(&small(), &[fine, corpus(coarse.collect())]);
    let tagger = Tagger::load(&bytes).expect("a model just made");
    let text = "Aisha Bello works for Talon Inc in Porto.";
    let found = tag(&tagger, text, &mut Scratch::default());
    assert_eq!(
        names(&tagger, text, &found),
        [("Aisha Bello", "PERSON"), ("Talon Inc", "ORG"), ("Porto", "GPE")]
    );
}

#[test]
fn a_scratch_may_serve_two_models_and_forgets_nothing_wrongly() {
    let a = Tagger::load(&model(&small(), &[corpus(lessons())])).expect("a model");
    let b = Tagger::load(&model(&Options { seed: 9, ..small() }, &[corpus(lessons()[..9].to_vec())]))
        .expect("a model");
    let text = "Pavel Novak works for Vela Corp in Brno.";
    let mut shared = Scratch::default();
    for tagger in [&a, &b, &a] {
        assert_eq!(tag(tagger, text, &mut shared), tag(tagger, text, &mut Scratch::default()));
    }
}

#[test]
fn an_empty_text_has_no_names() {
    let tagger = Tagger::load(&model(&small(), &[corpus(lessons())])).expect("a model");
    assert!(tag(&tagger, "", &mut Scratch::default()).is_empty());
    let mut out = vec![Entity::default()];
    tagger.tag("no tokens here", &[], &[], &mut Scratch::default(), &mut out);
    assert!(out.is_empty());
}

#[test]
fn a_cut_model_is_refused() {
    let bytes = model(&small(), &[corpus(lessons())]);
    let error = Tagger::load(&bytes[..bytes.len() / 2]).expect_err("half a file").to_string();
    assert!(error.contains("incomplete"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn spans_are_sound_on_any_text(text in "([A-Z]?[a-z]{0,6}|\\PC{0,4}|[.,\"'()\n ]| ){0,40}") {
        static TAGGER: std::sync::OnceLock<Tagger> = std::sync::OnceLock::new();
        let tagger = TAGGER.get_or_init(|| {
            Tagger::load(&model(&small(), &[corpus(lessons())])).expect("a model")
        });
        let found = tag(tagger, &text, &mut Scratch::default());
        let mut end = 0;
        for entity in found {
            prop_assert!(entity.span.start >= end && entity.span.start < entity.span.end);
            prop_assert!(text.get(entity.span.range()).is_some());
            prop_assert!(usize::from(entity.label) < TYPES.len());
            end = entity.span.end;
        }
    }
}
