//! Things and what connects them.

use std::sync::Arc;

/// Things and edges over all documents, in a fixed order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Network {
    /// In order of their ids.
    pub nodes: Vec<Node>,
    /// In order of head, label and tail.
    pub edges: Vec<Edge>,
    /// Of each thing of the merger: its node, where it has one.
    pub(crate) places: Vec<Option<u32>>,
}

/// A thing that has a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The same for the same type and name, in every run.
    pub id: String,
    /// Its full name, as most often written.
    pub name: String,
    /// Its type.
    pub label: String,
    /// Other ways it is written, the most frequent first.
    pub aliases: Vec<String>,
    /// Its ticker, where a document tells.
    pub ticker: Option<String>,
    /// How often it is named.
    pub mentions: u64,
    /// In how many documents.
    pub documents: u64,
    /// Day of the first document with a date, `YYYY-MM-DD`.
    pub first: Option<String>,
    /// Day of the last.
    pub last: Option<String>,
}

/// A relation between two things, over all documents that state it.
#[derive(Clone, Debug, PartialEq)]
pub struct Edge {
    /// Index of a node. Of a symmetric relation: the smaller.
    pub head: u32,
    /// Index of a node.
    pub tail: u32,
    /// The relation.
    pub label: String,
    /// How many relations of the records it stands for.
    pub count: u64,
    /// In how many documents.
    pub documents: u64,
    /// The best score of these.
    pub score: Option<f32>,
    /// Day of the first document with a date, `YYYY-MM-DD`.
    pub first: Option<String>,
    /// Day of the last.
    pub last: Option<String>,
    /// Where it is stated, in the order of the documents; not all, where there are many.
    pub evidence: Vec<Evidence>,
}

/// Where a relation is stated.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// Id of the document.
    pub document: Arc<str>,
    /// The words that state it, where there are such and the text was there.
    pub trigger: Option<String>,
}

impl Edge {
    /// Ids of the documents of the evidence, each once.
    #[must_use]
    pub fn document_ids(&self) -> Vec<&str> {
        let mut ids: Vec<&str> = self.evidence.iter().map(|evidence| &*evidence.document).collect();
        ids.dedup();
        ids
    }

    /// Triggers of the evidence, each once, in the order of the documents.
    #[must_use]
    pub fn triggers(&self) -> Vec<&str> {
        let mut seen = Vec::new();
        for trigger in self.evidence.iter().filter_map(|evidence| evidence.trigger.as_deref()) {
            if !seen.contains(&trigger) {
                seen.push(trigger);
            }
        }
        seen
    }
}
