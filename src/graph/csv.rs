//! Two CSV files (RFC 4180) with the header fields of `neo4j-admin database import`,
//! <https://neo4j.com/docs/operations-manual/current/import/>.

use std::io::{self, Write};

use super::network::Network;

/// What parts the elements of a list, where `--array-delimiter` says nothing else.
const LIST: &str = ";";

/// Writes the nodes.
pub(super) fn write_nodes(network: &Network, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "id:ID,name,:LABEL,aliases:string[],ticker,mentions:long,documents:long,first:date,last:date"
    )?;
    for node in &network.nodes {
        row(
            out,
            &[
                &node.id,
                &node.name,
                &node.label,
                &list(&node.aliases),
                node.ticker.as_deref().unwrap_or_default(),
                &node.mentions.to_string(),
                &node.documents.to_string(),
                node.first.as_deref().unwrap_or_default(),
                node.last.as_deref().unwrap_or_default(),
            ],
        )?;
    }
    Ok(())
}

/// Writes the edges.
pub(super) fn write_edges(network: &Network, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        ":START_ID,:END_ID,:TYPE,count:long,documents:long,score:double,first:date,last:date,evidence:string[],\
         triggers:string[]"
    )?;
    for edge in &network.edges {
        row(
            out,
            &[
                &network.nodes[edge.head as usize].id,
                &network.nodes[edge.tail as usize].id,
                &edge.label,
                &edge.count.to_string(),
                &edge.documents.to_string(),
                &edge.score.map_or_else(String::new, |score| score.to_string()),
                edge.first.as_deref().unwrap_or_default(),
                edge.last.as_deref().unwrap_or_default(),
                &list(&edge.document_ids()),
                &list(&edge.triggers()),
            ],
        )?;
    }
    Ok(())
}

/// A list in one field. The format has no way to write its delimiter inside an element: there it becomes a comma.
fn list(elements: &[impl AsRef<str>]) -> String {
    elements.iter().map(|element| element.as_ref().replace(LIST, ",")).collect::<Vec<_>>().join(LIST)
}

fn row(out: &mut dyn Write, fields: &[&str]) -> io::Result<()> {
    for (nth, value) in fields.iter().enumerate() {
        if nth > 0 {
            out.write_all(b",")?;
        }
        field(out, value)?;
    }
    out.write_all(b"\n")
}

/// Line breaks become spaces: the importer refuses them inside fields unless told otherwise.
fn field(out: &mut dyn Write, value: &str) -> io::Result<()> {
    let value = value.replace(['\n', '\r'], " ");
    match value.contains(['"', ',', ';']) || value.starts_with(' ') || value.ends_with(' ') {
        true => write!(out, "\"{}\"", value.replace('"', "\"\"")),
        false => out.write_all(value.as_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_where_they_must_be() {
        let mut out = Vec::new();
        row(&mut out, &["plain", "a, b", "say \"no\"", "", "two\nlines", &list(&["x;y", "z"])]).unwrap();
        let row = String::from_utf8(out).unwrap();
        assert_eq!(row, "plain,\"a, b\",\"say \"\"no\"\"\",,two lines,\"x,y;z\"\n");
    }
}
