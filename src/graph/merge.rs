//! Mentions become things and relations become edges, over documents in a stream.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::name;
use super::network::{Edge, Evidence, Network, Node};
use super::vocabulary::is_value;
use crate::records::{Mention, Places, Record};
use stages::relations::is_symmetric;

/// Takes records one after the other; holds things and edges, never texts.
#[derive(Debug, Default)]
pub struct Merger {
    keys: HashMap<(String, String), u32>,
    things: Vec<Thing>,
    edges: HashMap<(u32, String, u32), Statements>,
    documents: u32,
    /// Statements kept of an edge: the first, which are the first of whatever it is merged into.
    evidence: usize,
}

/// A thing by type and key.
#[derive(Debug)]
struct Thing {
    label: String,
    key: String,
    /// Every way it is written, and how often.
    forms: BTreeMap<String, u64>,
    /// Those of them that were the full name in a document.
    full: BTreeMap<String, u64>,
    ticker: Option<String>,
    seen: Seen,
}

/// How often, in which documents and when.
#[derive(Debug, Default)]
struct Seen {
    count: u64,
    /// Numbers of documents, each once, ascending.
    documents: Vec<u32>,
    first: Option<String>,
    last: Option<String>,
}

#[derive(Debug, Default)]
struct Statements {
    seen: Seen,
    score: Option<f32>,
    evidence: Vec<(u32, Evidence)>,
}

/// What is known of the document at hand.
struct Context<'a> {
    number: u32,
    id: Arc<str>,
    date: Option<&'a str>,
}

impl Merger {
    /// With nothing in it; will keep at most `evidence` statements of an edge.
    #[must_use]
    pub fn new(evidence: usize) -> Self {
        Self { evidence, ..Self::default() }
    }

    /// Records taken so far.
    #[must_use]
    pub fn documents(&self) -> u64 {
        self.documents.into()
    }

    /// Takes a record of the day `date`; says for each of its mentions which thing it is, by a number that
    /// [`Network::node_of`] understands.
    pub fn add(&mut self, record: &Record, places: &Places, date: Option<&str>) -> Vec<u32> {
        let context = Context { number: self.documents, id: record.id.as_str().into(), date };
        self.documents += 1;
        let mut things = vec![0; record.mentions().len()];
        for group in groups(record.mentions()) {
            let thing = self.thing(record.mentions(), &group, &context);
            group.iter().for_each(|&at| things[at] = thing);
        }
        for relation in record.statements() {
            let (head, tail) = (things[relation.head as usize], things[relation.tail as usize]);
            let words = relation.trigger.and_then(|pair| record.range(places, pair));
            let text = record.text.as_deref().unwrap_or_default();
            let trigger = words.map(|range| name::plain(&text[range])).filter(|words| !words.is_empty());
            let statements = self.edges.entry((head, relation.label.clone(), tail)).or_default();
            statements.seen.once(context.number, context.date);
            statements.score = best(statements.score, relation.score);
            if statements.evidence.len() < self.evidence {
                let evidence = Evidence { document: Arc::clone(&context.id), trigger };
                statements.evidence.push((context.number, evidence));
            }
        }
        things
    }

    fn thing(&mut self, mentions: &[Mention], group: &[usize], context: &Context<'_>) -> u32 {
        let label = commonest(group.iter().map(|&at| mentions[at].label.as_str()));
        let forms = group.iter().map(|&at| name::plain(&mentions[at].text));
        let full = longest(forms.clone());
        let key = name::key(&full, label);
        let next = self.things.len() as u32;
        let number = *self.keys.entry((label.to_owned(), key.clone())).or_insert(next);
        if number == next {
            self.things.push(Thing::new(label, key));
        }
        let thing = &mut self.things[number as usize];
        *thing.full.entry(full).or_default() += 1;
        for (form, &at) in forms.zip(group) {
            *thing.forms.entry(form).or_default() += 1;
            thing.seen.once(context.number, context.date);
            if thing.ticker.is_none() {
                thing.ticker.clone_from(&mentions[at].ticker);
            }
        }
        number
    }

    /// The network: of things that a relation touches, or of `all` that are no values.
    #[must_use]
    pub fn finish(mut self, all: bool) -> Network {
        let merged = self.join_acronyms();
        let mut touched = vec![false; self.things.len()];
        for (head, _, tail) in self.edges.keys() {
            touched[merged[*head as usize] as usize] = true;
            touched[merged[*tail as usize] as usize] = true;
        }
        let wanted = |at: usize, thing: &Thing| {
            merged[at] as usize == at && (touched[at] || (all && !is_value(&thing.label)))
        };
        let things = self.things.iter().enumerate();
        let mut nodes: Vec<(Node, usize)> =
            things.filter(|(at, thing)| wanted(*at, thing)).map(|(at, thing)| (thing.node(), at)).collect();
        nodes.sort_by(|(a, _), (b, _)| a.id.cmp(&b.id));
        let mut place = vec![None; self.things.len()];
        for (node, (_, at)) in nodes.iter().enumerate() {
            place[*at] = Some(node as u32);
        }
        let places: Vec<_> = merged.iter().map(|&at| place[at as usize]).collect();
        let edges = edges(self.edges, &places, self.evidence);
        Network { nodes: nodes.into_iter().map(|(node, _)| node).collect(), edges, places }
    }

    /// A thing that is only ever called by an acronym joins the one thing of its type that documents also call so.
    /// Says for each thing which it has become.
    fn join_acronyms(&mut self) -> Vec<u32> {
        let mut bearers: HashMap<(&str, String), Vec<u32>> = HashMap::new();
        for (at, thing) in self.things.iter().enumerate() {
            for form in thing.forms.keys().filter(|form| name::is_acronym(form)) {
                let key = name::key(form, &thing.label);
                let bearers = bearers.entry((&thing.label, key)).or_default();
                if bearers.last() != Some(&(at as u32)) {
                    bearers.push(at as u32);
                }
            }
        }
        let mut merged: Vec<u32> = (0..self.things.len() as u32).collect();
        for (at, thing) in self.things.iter().enumerate() {
            if !thing.forms.keys().all(|form| name::is_acronym(form)) {
                continue;
            }
            let all = bearers.get(&(thing.label.as_str(), thing.key.clone()));
            let mut others = all.into_iter().flatten().filter(|&&bearer| bearer as usize != at);
            if let (Some(&bearer), None) = (others.next(), others.next()) {
                merged[at] = bearer;
            }
        }
        for (at, &into) in merged.iter().enumerate().filter(|(at, into)| **into as usize != *at) {
            let gone = std::mem::replace(&mut self.things[at], Thing::new("", String::new()));
            self.things[into as usize].take(gone);
        }
        merged
    }
}

impl Network {
    /// The node that a thing of the merger became; `None` where it is not part of the network.
    #[must_use]
    pub fn node_of(&self, thing: u32) -> Option<u32> {
        self.places.get(thing as usize).copied().flatten()
    }
}

/// Indexes of mentions of one thing each, in order of their first.
fn groups(mentions: &[Mention]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut of_cluster: HashMap<u32, usize> = HashMap::new();
    for (at, mention) in mentions.iter().enumerate() {
        let next = groups.len();
        let group = mention.cluster.map_or(next, |cluster| *of_cluster.entry(cluster).or_insert(next));
        if group == next {
            groups.push(Vec::new());
        }
        groups[group].push(at);
    }
    groups
}

fn edges(
    found: HashMap<(u32, String, u32), Statements>,
    places: &[Option<u32>],
    evidence: usize,
) -> Vec<Edge> {
    let node = |thing: u32| places[thing as usize].unwrap_or_default();
    let mut merged: BTreeMap<(u32, String, u32), Statements> = BTreeMap::new();
    for ((head, label, tail), statements) in found {
        let (mut head, mut tail) = (node(head), node(tail));
        if is_symmetric(&label) && head > tail {
            (head, tail) = (tail, head);
        }
        merged.entry((head, label, tail)).or_default().take(statements);
    }
    let edge = |((head, label, tail), statements): ((u32, String, u32), Statements)| {
        let Statements { seen, score, evidence: mut all } = statements;
        all.sort_by(|(a, left), (b, right)| a.cmp(b).then_with(|| left.trigger.cmp(&right.trigger)));
        all.truncate(evidence);
        Edge {
            head,
            tail,
            label,
            count: seen.count,
            documents: seen.documents.len() as u64,
            score,
            first: seen.first,
            last: seen.last,
            evidence: all.into_iter().map(|(_, evidence)| evidence).collect(),
        }
    };
    merged.into_iter().map(edge).collect()
}

impl Thing {
    fn new(label: &str, key: String) -> Self {
        let (forms, full) = (BTreeMap::new(), BTreeMap::new());
        Self { label: label.to_owned(), key, forms, full, ticker: None, seen: Seen::default() }
    }

    fn take(&mut self, other: Self) {
        for (form, count) in other.forms {
            *self.forms.entry(form).or_default() += count;
        }
        self.ticker = self.ticker.take().or(other.ticker);
        self.seen.take(other.seen);
    }

    fn node(&self) -> Node {
        let name = ranked(&self.full).first().map_or_else(String::new, |name| (*name).to_owned());
        let aliases = ranked(&self.forms).into_iter().filter(|form| **form != name).cloned().collect();
        Node {
            id: name::id(&self.label, &self.key),
            name,
            label: self.label.clone(),
            aliases,
            ticker: self.ticker.clone(),
            mentions: self.seen.count,
            documents: self.seen.documents.len() as u64,
            first: self.seen.first.clone(),
            last: self.seen.last.clone(),
        }
    }
}

impl Seen {
    fn once(&mut self, document: u32, date: Option<&str>) {
        self.count += 1;
        if self.documents.last() != Some(&document) {
            self.documents.push(document);
        }
        self.date(date, date);
    }

    fn date(&mut self, first: Option<&str>, last: Option<&str>) {
        if first.is_some_and(|first| self.first.as_deref().is_none_or(|known| first < known)) {
            self.first = first.map(str::to_owned);
        }
        if last.is_some_and(|last| self.last.as_deref().is_none_or(|known| last > known)) {
            self.last = last.map(str::to_owned);
        }
    }

    fn take(&mut self, other: Self) {
        self.count += other.count;
        self.documents.extend(other.documents);
        self.documents.sort_unstable();
        self.documents.dedup();
        self.date(other.first.as_deref(), other.last.as_deref());
    }
}

impl Statements {
    fn take(&mut self, other: Self) {
        self.seen.take(other.seen);
        self.score = best(self.score, other.score);
        self.evidence.extend(other.evidence);
    }
}

fn best(a: Option<f32>, b: Option<f32>) -> Option<f32> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.max(b)),
        (a, b) => a.or(b),
    }
}

/// The form that most mentions have; of several the first.
fn commonest<'a>(labels: impl Iterator<Item = &'a str> + Clone) -> &'a str {
    let count = |label: &str| labels.clone().filter(|other| *other == label).count();
    let mut best = ("", 0);
    for label in labels.clone() {
        let count = count(label);
        if count > best.1 {
            best = (label, count);
        }
    }
    best.0
}

/// The longest form in characters; of several the first that is not all capitals, as in headlines.
fn longest(forms: impl Iterator<Item = String>) -> String {
    let rank = |form: &str| (form.chars().count(), form.chars().any(char::is_lowercase));
    let mut best = ((0, false), String::new());
    for form in forms {
        let rank = rank(&form);
        if rank > best.0 {
            best = (rank, form);
        }
    }
    best.1
}

/// Forms, the most frequent first, then the longest, then by letters.
fn ranked(forms: &BTreeMap<String, u64>) -> Vec<&String> {
    let mut ranked: Vec<_> = forms.iter().collect();
    ranked.sort_by(|(a, left), (b, right)| right.cmp(left).then(b.len().cmp(&a.len())).then(a.cmp(b)));
    ranked.into_iter().map(|(form, _)| form).collect()
}
