//! N-Triples, <https://www.w3.org/TR/n-triples/>. The vocabulary is described in `docs/graph.md`.

use std::io::{self, Write};

use super::network::{Edge, Network, Node};

const TYPE: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
const LABEL: &str = "http://www.w3.org/2000/01/rdf-schema#label";
const ALIAS: &str = "http://www.w3.org/2004/02/skos/core#altLabel";
const INTEGER: &str = "http://www.w3.org/2001/XMLSchema#integer";
const DECIMAL: &str = "http://www.w3.org/2001/XMLSchema#decimal";
const DATE: &str = "http://www.w3.org/2001/XMLSchema#date";

/// Writes the network with IRIs that begin with `base`.
pub(super) fn write(network: &Network, base: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut pen = Pen { base: &escape(base), out };
    network.nodes.iter().try_for_each(|node| pen.node(node))?;
    network.edges.iter().try_for_each(|edge| pen.edge(network, edge))
}

struct Pen<'a> {
    base: &'a str,
    out: &'a mut dyn Write,
}

impl Pen<'_> {
    fn iri(&self, room: &str, name: &str) -> String {
        format!("{}{room}/{}", self.base, segment(name))
    }

    /// A term of our own.
    fn term(&self, name: &str) -> String {
        format!("{}term/{name}", self.base)
    }

    fn link(&mut self, subject: &str, predicate: &str, object: &str) -> io::Result<()> {
        writeln!(self.out, "<{subject}> <{predicate}> <{object}> .")
    }

    fn text(&mut self, subject: &str, predicate: &str, value: &str) -> io::Result<()> {
        writeln!(self.out, "<{subject}> <{predicate}> \"{}\" .", literal(value))
    }

    fn typed(&mut self, subject: &str, name: &str, value: &str, kind: &str) -> io::Result<()> {
        let term = self.term(name);
        writeln!(self.out, "<{subject}> <{term}> \"{value}\"^^<{kind}> .")
    }

    fn days(&mut self, subject: &str, first: Option<&str>, last: Option<&str>) -> io::Result<()> {
        for (name, day) in [("first", first), ("last", last)] {
            if let Some(day) = day {
                self.typed(subject, name, day, DATE)?;
            }
        }
        Ok(())
    }

    fn node(&mut self, node: &Node) -> io::Result<()> {
        let thing = self.iri("thing", &node.id);
        let kind = self.iri("type", &node.label);
        self.link(&thing, TYPE, &kind)?;
        self.text(&thing, LABEL, &node.name)?;
        for alias in &node.aliases {
            self.text(&thing, ALIAS, alias)?;
        }
        if let Some(ticker) = &node.ticker {
            let term = self.term("ticker");
            self.text(&thing, &term, ticker)?;
        }
        self.typed(&thing, "mentions", &node.mentions.to_string(), INTEGER)?;
        self.typed(&thing, "documents", &node.documents.to_string(), INTEGER)?;
        self.days(&thing, node.first.as_deref(), node.last.as_deref())
    }

    /// The edge as a triple, and as a thing of its own of which more can be said.
    fn edge(&mut self, network: &Network, edge: &Edge) -> io::Result<()> {
        let (head, tail) = (&network.nodes[edge.head as usize].id, &network.nodes[edge.tail as usize].id);
        let (from, to) = (self.iri("thing", head), self.iri("thing", tail));
        let relation = self.iri("relation", &edge.label);
        self.link(&from, &relation, &to)?;
        let statement =
            format!("{}edge/{}/{}/{}", self.base, segment(head), segment(&edge.label), segment(tail));
        let of_edges = self.term("Edge");
        self.link(&statement, TYPE, &of_edges)?;
        for (name, object) in [("head", &from), ("relation", &relation), ("tail", &to)] {
            let term = self.term(name);
            self.link(&statement, &term, object)?;
        }
        self.typed(&statement, "count", &edge.count.to_string(), INTEGER)?;
        self.typed(&statement, "documents", &edge.documents.to_string(), INTEGER)?;
        if let Some(score) = edge.score.filter(|score| score.is_finite()) {
            self.typed(&statement, "score", &score.to_string(), DECIMAL)?;
        }
        self.days(&statement, edge.first.as_deref(), edge.last.as_deref())?;
        for (name, values) in [("evidence", edge.document_ids()), ("trigger", edge.triggers())] {
            let term = self.term(name);
            values.iter().try_for_each(|value| self.text(&statement, &term, value))?;
        }
        Ok(())
    }
}

/// A part of an IRI between two slashes: letters and digits of every script stay, other signs are percent-encoded.
fn segment(name: &str) -> String {
    let mut segment = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '-' | '_' | '.' | ':' | '~' => segment.push(c),
            _ if c.is_alphanumeric() => segment.push(c),
            _ => {
                c.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| segment.push_str(&format!("%{byte:02X}")))
            }
        }
    }
    segment
}

/// What an IRI may not hold, percent-encoded; a percent sign stays, since the user may mean it.
fn escape(iri: &str) -> String {
    let odd = |c: char| c <= ' ' || "<>\"{}|^`\\".contains(c);
    iri.chars().map(|c| if odd(c) { format!("%{:02X}", u32::from(c)) } else { c.to_string() }).collect()
}

fn literal(value: &str) -> String {
    let mut literal = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '"' => literal.push_str("\\\""),
            '\\' => literal.push_str("\\\\"),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\t' => literal.push_str("\\t"),
            '\0'..='\u{1f}' | '\u{7f}' => literal.push_str(&format!("\\u{:04X}", u32::from(c))),
            _ => literal.push(c),
        }
    }
    literal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_out() {
        assert_eq!(literal("a \"b\" \\ c\n\0"), "a \\\"b\\\" \\\\ c\\n\\u0000");
        assert_eq!(segment("ORG:a b/<x>é🥇"), "ORG:a%20b%2F%3Cx%3Eé%F0%9F%A5%87");
        assert_eq!(escape("http://x/ >"), "http://x/%20%3E");
    }
}
