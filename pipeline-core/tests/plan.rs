//! Plans from cards alone: what fits together, and what is said where it does not.
#![cfg(feature = "host")]

use pipeline_core::manifest::StageCard;
use pipeline_core::plan::{Plan, Wanted};

fn card(json: &str) -> StageCard {
    serde_json::from_str(json).unwrap()
}

fn plan_of(cards: &[StageCard], renames: &[(usize, &str, &str)]) -> Result<Plan, String> {
    let renames: Vec<Vec<(String, String)>> = (0..cards.len())
        .map(|stage| {
            let own = renames.iter().filter(|(of, ..)| *of == stage);
            own.map(|(_, from, to)| ((*from).to_owned(), (*to).to_owned())).collect()
        })
        .collect();
    let wanted: Vec<_> = cards.iter().zip(&renames).map(|(card, renames)| Wanted { card, renames }).collect();
    let known = card(MAKER);
    Plan::new(&wanted, &["meta"], &[&known]).map_err(|error| error.to_string())
}

fn refused(cards: &[&str]) -> String {
    plan_of(&cards.iter().map(|json| card(json)).collect::<Vec<_>>(), &[]).expect_err("a plan to refuse")
}

const MAKER: &str = r#"{"name":"a.maker","provides":[{"layer":"a.notes","form":"spans",
    "cols":[{"name":"weight","kind":"f32"}]}]}"#;
const READER: &str = r#"{"name":"a.reader","requires":[{"layer":"a.notes","form":"spans",
    "cols":[{"name":"weight","kind":"f32"}]}]}"#;

#[test]
fn what_is_missing_is_named_with_who_could_make_it() {
    let error = refused(&[READER]);
    for words in
        ["`a.reader` requires layer `a.notes`", "add `a.maker` to the stages", "layers of this run: meta"]
    {
        assert!(error.contains(words), "{error}");
    }
    for list in ["extends", "replaces"] {
        let error = refused(&[&READER.replace("requires", list)]);
        assert!(error.contains(&format!("`a.reader` {list} layer `a.notes`")), "{error}");
    }
    let error = refused(&[r#"{"name":"a.links","provides":[{"layer":"a.links",
        "cols":[{"name":"to","kind":"ref","layer":"a.notes"}]}]}"#]);
    assert!(error.contains("`a.links` refers to layer `a.notes`, which nothing makes"), "{error}");
}

#[test]
fn layers_that_are_not_standard_have_a_vendor() {
    let error = refused(&[&MAKER.replace("a.notes", "notes")]);
    assert!(error.contains("`a.maker` provides `notes`") && error.contains("vendor.notes"), "{error}");
}

#[test]
fn references_follow_the_names_of_the_run() {
    let cards = [
        MAKER,
        r#"{"name":"a.links","requires":[{"layer":"a.notes","form":"spans"}],"provides":[{"layer":"a.links",
            "cols":[{"name":"to","kind":"ref","layer":"a.notes"}]}]}"#,
    ];
    let cards = cards.map(card);
    let plan = plan_of(&cards, &[(0, "a.notes", "b.notes"), (1, "a.notes", "b.notes")]).unwrap();
    let links = &plan.layers()[plan.layer("a.links").unwrap()];
    assert_eq!(links.cols[0].layer, "b.notes");
}

#[test]
fn a_layer_has_one_maker() {
    let error = refused(&[MAKER, &MAKER.replace("a.maker", "b.maker")]);
    assert!(error.contains("`a.notes` is made twice, by `a.maker` and by `b.maker`"), "{error}");
    let error = refused(&[r#"{"name":"a.meta","provides":[{"layer":"meta","cols":[]}]}"#]);
    assert!(error.contains("`meta` is made twice, by the input and by `a.meta`"), "{error}");
}

#[test]
fn shapes_must_fit() {
    for (from, to) in [("f32", "f64"), ("weight", "height"), ("\"form\":\"spans\"", "\"form\":\"rows\"")] {
        let error = refused(&[MAKER, &READER.replace(from, to)]);
        assert!(error.contains("`a.reader` expects") && error.contains("but the run has"), "{error}");
    }
}

#[test]
fn circles_are_found() {
    let stage = |name: &str, needs: &str| {
        format!(
            r#"{{"name":"{name}","requires":[{{"layer":"{needs}","cols":[]}}],"provides":[{{"layer":"{name}","cols":[]}}]}}"#
        )
    };
    let error = refused(&[&stage("c.a", "c.b"), &stage("c.b", "c.c"), &stage("c.c", "c.a")]);
    assert!(error.contains("`c.a`, `c.b`, `c.c` need each other's layers in a circle"), "{error}");
}

#[test]
fn renames_join_what_has_different_names_and_part_what_has_the_same() {
    let other = READER.replace("a.notes", "b.remarks");
    let plan = plan_of(&[card(MAKER), card(&other)], &[(1, "b.remarks", "a.notes")]).unwrap();
    assert_eq!(plan.layers().len(), 2);
    let second = MAKER.replace("a.maker", "b.maker");
    let plan = plan_of(&[card(MAKER), card(&second)], &[(1, "a.notes", "b.notes")]).unwrap();
    assert!(plan.layer("a.notes").is_some() && plan.layer("b.notes").is_some());
}

#[test]
fn what_is_optional_is_waited_for_where_it_is_made_and_done_without_where_it_is_not() {
    let optional = READER.replace("requires", "optional");
    assert_eq!(plan_of(&[card(&optional)], &[]).unwrap().order().collect::<Vec<_>>(), [0]);
    let both = plan_of(&[card(&optional), card(MAKER)], &[]).unwrap();
    assert_eq!(both.order().collect::<Vec<_>>(), [1, 0]);
    let error = refused(&[MAKER, &optional.replace("f32", "sym")]);
    assert!(error.contains("expects"), "{error}");
}

#[test]
fn a_layer_that_is_referred_to_is_not_replaced() {
    let links = r#"{"name":"a.links","requires":[{"layer":"a.notes","form":"spans","cols":[]}],"provides":[{"layer":"a.links",
        "cols":[{"name":"to","kind":"ref","layer":"a.notes"}]}]}"#;
    let replacer = READER.replace("requires", "replaces").replace("a.reader", "a.replacer");
    let error = refused(&[MAKER, links, &replacer]);
    assert!(error.contains("`a.replacer` replaces `a.notes`, but `a.links` has run before it"), "{error}");
    let early = plan_of(&[card(MAKER), card(&replacer), card(links)], &[]).unwrap();
    assert_eq!(early.order().collect::<Vec<_>>(), [0, 1, 2]);
}
