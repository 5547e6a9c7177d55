//! The merge rule as `docs/graph.md` states it.

use super::{Merger, Network};
use crate::records::{Places, Record};

/// A record of the day `date` with mentions (label, name, cluster) one after the other, and relations (head, label,
/// tail), each with the word `by` as its trigger.
fn record(id: &str, date: &str, mentions: &[(&str, &str, u32)], relations: &[(u32, &str, u32)]) -> Record {
    let mut text = "by".to_owned();
    let mut entities = Vec::new();
    for (label, name, cluster) in mentions {
        let start = text.chars().count() + 1;
        text = format!("{text} {name}");
        let end = start + name.chars().count();
        entities.push(
            serde_json::json!({"start": start, "end": end, "label": label, "text": name, "cluster": cluster}),
        );
    }
    let relation = |(head, label, tail): &(u32, &str, u32)| serde_json::json!({"head": head, "tail": tail, "label": label, "score": 0.5, "trigger": [0, 2]});
    let relations: Vec<_> = relations.iter().map(relation).collect();
    let meta = serde_json::json!({ "date": date });
    let json = serde_json::json!({"id": id, "text": text, "entities": entities, "relations": relations, "meta": meta});
    serde_json::from_value(json).unwrap()
}

fn network(records: &[Record], all: bool, evidence: usize) -> Network {
    let mut merger = Merger::new(evidence);
    for record in records {
        let places = Places::new(record.text.as_deref().unwrap(), record.offsets);
        record.agree(&places).unwrap();
        merger.add(record, &places, record.date("date"));
    }
    merger.finish(all)
}

fn ids(network: &Network) -> Vec<&str> {
    network.nodes.iter().map(|node| node.id.as_str()).collect()
}

#[test]
fn mentions_of_a_cluster_and_names_of_one_key_are_one_thing() {
    let found = network(
        &[
            record(
                "a",
                "2025-03-02",
                &[("ORG", "Lumen", 0), ("ORG", "Lumen Energy", 0), ("GPE", "Oslo", 1)],
                &[(0, "based_in", 2)],
            ),
            record(
                "b",
                "2025-03-01",
                &[("ORG", "LUMEN ENERGY, Inc.", 0), ("GPE", "OSLO", 1)],
                &[(0, "based_in", 1)],
            ),
            record("c", "", &[("ORG", "Lumen", 0), ("PERSON", "Oslo", 1)], &[(1, "employee_of", 0)]),
        ],
        false,
        10,
    );
    assert_eq!(ids(&found), ["GPE:oslo", "ORG:lumen", "ORG:lumen_energy", "PERSON:oslo"]);
    let node = &found.nodes[2];
    assert_eq!(node.name, "LUMEN ENERGY, Inc.");
    assert_eq!(node.aliases, ["Lumen Energy", "Lumen"]);
    assert_eq!((node.mentions, node.documents), (3, 2));
    let edge = &found.edges[0];
    assert_eq!((edge.label.as_str(), edge.count, edge.documents), ("based_in", 2, 2));
    assert_eq!((edge.first.as_deref(), edge.last.as_deref()), (Some("2025-03-01"), Some("2025-03-02")));
    assert_eq!((edge.document_ids(), edge.triggers()), (vec!["a", "b"], vec!["by"]));
}

#[test]
fn an_acronym_joins_the_one_thing_that_bears_it() {
    let full = |id: &str, name: &str| {
        record(id, "", &[("ORG", name, 0), ("ORG", "WFP", 0), ("GPE", "Rome", 1)], &[(0, "based_in", 2)])
    };
    let short = record("s", "", &[("ORG", "W.F.P.", 0), ("GPE", "Rome", 1)], &[(0, "based_in", 1)]);
    let one = network(&[short.clone(), full("a", "World Food Programme")], false, 10);
    assert_eq!(ids(&one), ["GPE:rome", "ORG:world_food_programme"]);
    assert_eq!(one.nodes[1].aliases, ["W.F.P.", "WFP"]);
    assert_eq!((one.edges[0].count, one.edges[0].documents), (2, 2));
    assert_eq!(one.edges[0].document_ids(), ["s", "a"]);
    let two = network(
        &[short, full("a", "World Food Programme"), full("b", "Western Freight Partners")],
        false,
        10,
    );
    assert_eq!(ids(&two).len(), 4, "it is not known which of the two: {:?}", ids(&two));
}

#[test]
fn relations_that_hold_both_ways_are_one_edge() {
    let met = |id: &str, relation: &str, forth: bool| {
        let mentions = [("PERSON", "Ada Beck", 0), ("PERSON", "Cem Dal", 1)];
        let (head, tail) = if forth { (0, 1) } else { (1, 0) };
        record(id, "", &mentions, &[(head, relation, tail)])
    };
    let found = network(&[met("a", "meets_with", true), met("b", "meets_with", false)], false, 10);
    assert_eq!((found.edges.len(), found.edges[0].count), (1, 2));
    let found = network(&[met("a", "defeats", true), met("b", "defeats", false)], false, 10);
    assert_eq!(found.edges.len(), 2);
}

#[test]
fn values_and_names_without_relations_are_left_out() {
    let record = record(
        "a",
        "",
        &[("ORG", "Acme", 0), ("GPE", "Oslo", 1), ("DATE", "today", 2), ("PERSON", "Ada", 3)],
        &[(0, "based_in", 1)],
    );
    assert_eq!(ids(&network(std::slice::from_ref(&record), false, 1)), ["GPE:oslo", "ORG:acme"]);
    assert_eq!(ids(&network(&[record], true, 1)), ["GPE:oslo", "ORG:acme", "PERSON:ada"]);
}

#[test]
fn evidence_is_cut_and_counts_are_not() {
    let records: Vec<_> = (0..5)
        .map(|n| record(&format!("{n}"), "", &[("ORG", "A", 0), ("ORG", "B", 1)], &[(0, "owns", 1)]))
        .collect();
    let edge = &network(&records, false, 2).edges[0];
    assert_eq!((edge.count, edge.documents, edge.document_ids()), (5, 5, vec!["0", "1"]));
}
