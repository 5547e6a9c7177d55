//! A small training from sentences written for the purpose, and what comes out of it.

use pipeline_core::Span;

use super::{Options, Resources, TrainError, train};
use crate::gold::{GoldDoc, GoldEntity, GoldRelation};
use crate::relations::{Extractor, Name, NameType, Relation, Scratch};
use crate::tokenize::{Tokenizer, Words};

/// A document from text with names marked `[Ann Berg/PERSON]`.
fn marked(source: &str) -> GoldDoc {
    let mut doc = GoldDoc { entities: Some(Vec::new()), relations: Some(Vec::new()), ..GoldDoc::default() };
    let mut rest = source;
    while let Some((before, after)) = rest.split_once('[') {
        doc.text.push_str(before);
        let (inside, after) = after.split_once(']').expect("closed");
        let (name, label) = inside.split_once('/').expect("a label");
        let start = doc.text.len() as u32;
        doc.text.push_str(name);
        let span = Span::new(start, doc.text.len() as u32);
        doc.entities.as_mut().expect("some").push(GoldEntity { span, label: label.to_owned() });
        rest = after;
    }
    doc.text.push_str(rest);
    doc
}

fn stating(source: &str, relations: &[(u32, &str, u32, &str)]) -> GoldDoc {
    let mut doc = marked(source);
    let found = relations.iter().map(|&(head, label, tail, trigger)| {
        let at = doc.text.find(trigger).filter(|_| !trigger.is_empty());
        let trigger = at.map(|at| Span::new(at as u32, (at + trigger.len()) as u32));
        GoldRelation { head, tail, label: label.to_owned(), trigger }
    });
    doc.relations = Some(found.collect());
    doc
}

const PEOPLE: [&str; 6] = ["Ann Berg", "Tom Reed", "Lena Fox", "Omar Dale", "Ida Stone", "Paul Wick"];
const PLACES: [&str; 6] = ["Norland", "Ostia", "Velden", "Marrow", "Tiria", "Quill"];

/// The same few statements of different people and places.
fn corpus() -> Vec<GoldDoc> {
    let mut docs = Vec::new();
    for (n, person) in PEOPLE.iter().enumerate() {
        let (one, two) = (PLACES[n], PLACES[(n + 1) % 6]);
        let other = PEOPLE[(n + 1) % 6];
        docs.push(stating(
            &format!("On Monday [{person}/PERSON] visited [{one}/GPE] with a small delegation."),
            &[(0, "visits", 1, "visited")],
        ));
        docs.push(stating(
            &format!("[{one}/GPE] President [{person}/PERSON] said the harvest was good."),
            &[(1, "employee_of", 0, "President")],
        ));
        docs.push(stating(
            &format!("[{one}/GPE] was attacked by [{two}/GPE] in the spring."),
            &[(1, "attacks", 0, "attacked")],
        ));
        docs.push(stating(
            &format!("[{person}/PERSON] met [{other}/PERSON] over dinner."),
            &[(0, "meets_with", 1, "met")],
        ));
        docs.push(marked(&format!(
            "Rain fell in [{one}/GPE] while [{person}/PERSON] slept and [{other}/PERSON] read."
        )));
        docs.push(marked(&format!("[{person}/PERSON] never saw [{two}/GPE] or heard of [{one}/GPE].")));
    }
    docs
}

fn options() -> Options {
    let mut options = Options { epochs: 12, folds: 0, vocabulary: 0, ..Options::default() };
    options.tune.dropout = [0.2, 0.1];
    options
}

fn trained(docs: &[GoldDoc]) -> Vec<u8> {
    train(docs, &Resources::default(), &options(), &mut |_| ()).expect("a model")
}

fn found(model: &Extractor, source: &str) -> Vec<(String, String, String, String)> {
    let doc = marked(source);
    let names: Vec<Name> = doc
        .entities
        .iter()
        .flatten()
        .map(|e| Name { span: e.span, kind: NameType::of_label(&e.label) })
        .collect();
    let mut words = Words::default();
    Tokenizer::new().run(&doc.text, "en", &mut words);
    let mut out: Vec<Relation> = Vec::new();
    model.extract(&doc.text, &words.tokens, &words.sentences, &names, &mut Scratch::default(), &mut out);
    let text = |span: Span| if span.is_none() { String::new() } else { doc.text[span.range()].to_owned() };
    out.iter()
        .map(|r| {
            assert!((0.0..=1.0).contains(&r.score));
            let at = |name: u32| text(names[name as usize].span);
            (at(r.head), model.labels()[r.label as usize].clone(), at(r.tail), text(r.trigger))
        })
        .collect()
}

fn fact(head: &str, label: &str, tail: &str, trigger: &str) -> (String, String, String, String) {
    (head.to_owned(), label.to_owned(), tail.to_owned(), trigger.to_owned())
}

#[test]
fn what_was_learnt_is_found_of_new_names_with_direction_and_trigger() {
    let model = Extractor::load(&trained(&corpus())).expect("a sound model");
    let visit = found(&model, "On Friday [Eva Lund/PERSON] visited [Sarn/GPE] with a small delegation.");
    assert_eq!(visit, [fact("Eva Lund", "visits", "Sarn", "visited")]);
    let office = found(&model, "[Sarn/GPE] President [Eva Lund/PERSON] said the harvest was bad.");
    assert_eq!(office, [fact("Eva Lund", "employee_of", "Sarn", "President")]);
    let passive = found(&model, "[Sarn/GPE] was attacked by [Lorn/GPE] in the summer.");
    assert_eq!(passive, [fact("Lorn", "attacks", "Sarn", "attacked")]);
}

#[test]
fn a_first_look_learnt_from_held_out_parts_loses_no_clear_statement() {
    let options = Options { folds: 3, ..options() };
    let bytes = train(&corpus(), &Resources::default(), &options, &mut |_| ()).expect("a model");
    let model = Extractor::load(&bytes).expect("a sound model");
    assert_ne!(model.first_look.cut, i32::MIN);
    let visit = found(&model, "On Friday [Eva Lund/PERSON] visited [Sarn/GPE] with a small delegation.");
    assert_eq!(visit, [fact("Eva Lund", "visits", "Sarn", "visited")]);
    assert!(found(&model, "Rain fell in [Sarn/GPE] while [Eva Lund/PERSON] slept.").is_empty());
}

#[test]
fn a_symmetric_relation_stands_once_in_text_order() {
    let model = Extractor::load(&trained(&corpus())).expect("a sound model");
    let meeting = found(&model, "[Eva Lund/PERSON] met [Karl Moss/PERSON] over dinner.");
    assert_eq!(meeting, [fact("Eva Lund", "meets_with", "Karl Moss", "met")]);
}

#[test]
fn names_in_different_sentences_and_values_take_no_part() {
    let model = Extractor::load(&trained(&corpus())).expect("a sound model");
    assert!(found(&model, "Here spoke [Eva Lund/PERSON]. [Sarn/GPE] was attacked by night.").is_empty());
    assert!(
        found(&model, "On [Friday/DATE] [Eva Lund/PERSON] visited friends with a small delegation.")
            .is_empty()
    );
}

#[test]
fn the_same_documents_give_the_same_bytes() {
    assert_eq!(trained(&corpus()), trained(&corpus()));
}

#[test]
fn a_damaged_model_is_refused() {
    let mut bytes = trained(&corpus());
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    assert!(Extractor::load(&bytes).is_err());
    assert!(Extractor::load(&bytes[..last]).is_err());
}

#[test]
fn documents_without_relations_are_refused_with_a_reason() {
    let docs = [marked("[Eva Lund/PERSON] sang.")];
    let error = train(&docs, &Resources::default(), &options(), &mut |_| ()).expect_err("nothing to learn");
    assert_eq!(error, TrainError::NoRelations);
    assert!(error.to_string().contains("gold file"));
}

#[test]
fn what_a_corpus_does_not_annotate_is_no_counter_example() {
    let mut docs = corpus();
    for place in PLACES {
        for person in PEOPLE {
            let mut doc = marked(&format!(
                "On Sunday [{person}/PERSON] visited [{place}/GPE] with a small delegation."
            ));
            doc.annotated = Some(vec!["employee_of".to_owned()]);
            docs.push(doc);
        }
    }
    let model = Extractor::load(&trained(&docs)).expect("a sound model");
    let visit = found(&model, "On Friday [Eva Lund/PERSON] visited [Sarn/GPE] with a small delegation.");
    assert_eq!(visit, [fact("Eva Lund", "visits", "Sarn", "visited")]);
}

#[test]
fn documents_that_are_not_judged_teach_and_a_weight_of_nothing_silences_them() {
    let mut docs = corpus();
    let judged = docs.len();
    for (person, place) in PEOPLE.iter().zip(PLACES) {
        docs.push(stating(
            &format!("On Sunday [{person}/PERSON] fled [{place}/GPE] with a small suitcase."),
            &[(0, "lives_in", 1, "fled")],
        ));
    }
    let flight = |weight: f32| {
        let options = Options { judged, weight, folds: 3, ..options() };
        let bytes = train(&docs, &Resources::default(), &options, &mut |_| ()).expect("a model");
        let model = Extractor::load(&bytes).expect("a sound model");
        found(&model, "On Friday [Eva Lund/PERSON] fled [Sarn/GPE] with a small suitcase.")
    };
    assert_eq!(flight(1.0), [fact("Eva Lund", "lives_in", "Sarn", "fled")]);
    assert!(flight(0.0).iter().all(|found| found.1 != "lives_in"));
}
