//! GraphML, <http://graphml.graphdrawing.org/specification.html>, with the attribute names that networkx and Gephi
//! look for: `label` to show, `weight` of an edge.

use std::io::{self, Write};

use super::network::{Edge, Network, Node};

/// Attributes: of what, name, type.
const KEYS: [(&str, &str, &str); 17] = [
    ("node", "label", "string"),
    ("node", "type", "string"),
    ("node", "aliases", "string"),
    ("node", "ticker", "string"),
    ("node", "mentions", "long"),
    ("node", "documents", "long"),
    ("node", "first", "string"),
    ("node", "last", "string"),
    ("edge", "label", "string"),
    ("edge", "weight", "double"),
    ("edge", "count", "long"),
    ("edge", "documents", "long"),
    ("edge", "score", "double"),
    ("edge", "first", "string"),
    ("edge", "last", "string"),
    ("edge", "evidence", "string"),
    ("edge", "triggers", "string"),
];

/// Writes the network.
pub(super) fn write(network: &Network, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">")?;
    for (of, name, kind) in KEYS {
        writeln!(out, "  <key id=\"{of}-{name}\" for=\"{of}\" attr.name=\"{name}\" attr.type=\"{kind}\"/>")?;
    }
    writeln!(out, "  <graph id=\"G\" edgedefault=\"directed\">")?;
    network.nodes.iter().try_for_each(|node| write_node(node, out))?;
    for (nth, edge) in network.edges.iter().enumerate() {
        write_edge(network, nth, edge, out)?;
    }
    writeln!(out, "  </graph>\n</graphml>")
}

fn write_node(node: &Node, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "    <node id=\"{}\">", text(&node.id))?;
    let mut data = Data { of: "node", out };
    data.put("label", &node.name)?;
    data.put("type", &node.label)?;
    data.list("aliases", &node.aliases)?;
    data.maybe("ticker", node.ticker.as_deref())?;
    data.put("mentions", &node.mentions.to_string())?;
    data.put("documents", &node.documents.to_string())?;
    data.maybe("first", node.first.as_deref())?;
    data.maybe("last", node.last.as_deref())?;
    writeln!(out, "    </node>")
}

fn write_edge(network: &Network, nth: usize, edge: &Edge, out: &mut dyn Write) -> io::Result<()> {
    let id = |node: u32| text(&network.nodes[node as usize].id);
    let (head, tail) = (id(edge.head), id(edge.tail));
    writeln!(out, "    <edge id=\"e{nth}\" source=\"{head}\" target=\"{tail}\">")?;
    let mut data = Data { of: "edge", out };
    data.put("label", &edge.label)?;
    data.put("weight", &format!("{}.0", edge.count))?;
    data.put("count", &edge.count.to_string())?;
    data.put("documents", &edge.documents.to_string())?;
    data.maybe("score", edge.score.map(|score| score.to_string()).as_deref())?;
    data.maybe("first", edge.first.as_deref())?;
    data.maybe("last", edge.last.as_deref())?;
    data.list("evidence", &edge.document_ids())?;
    data.list("triggers", &edge.triggers())?;
    writeln!(out, "    </edge>")
}

struct Data<'a> {
    of: &'static str,
    out: &'a mut dyn Write,
}

impl Data<'_> {
    fn put(&mut self, name: &str, value: &str) -> io::Result<()> {
        writeln!(self.out, "      <data key=\"{}-{name}\">{}</data>", self.of, text(value))
    }

    fn maybe(&mut self, name: &str, value: Option<&str>) -> io::Result<()> {
        value.map_or(Ok(()), |value| self.put(name, value))
    }

    /// GraphML has no lists: a JSON array, which every reader of attributes can take apart.
    fn list<S: serde::Serialize>(&mut self, name: &str, values: &[S]) -> io::Result<()> {
        match values.is_empty() {
            true => Ok(()),
            false => self.put(name, &serde_json::to_string(values)?),
        }
    }
}

/// Characters that XML has a use for are escaped; those it cannot hold at all are replaced.
fn text(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' | '\r' => escaped.push_str(&format!("&#{};", u32::from(c))),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            _ => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_can_stand_in_xml() {
        assert_eq!(
            text("<b>\"A & B\"</b>\n\0é🥇"),
            "&lt;b&gt;&quot;A &amp; B&quot;&lt;/b&gt;&#10;\u{fffd}é🥇"
        );
    }
}
