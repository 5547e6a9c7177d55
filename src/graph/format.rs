//! Where a network goes, and as what: told by the name of the file.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::network::Network;
use super::{csv, graphml, ntriples};
use crate::write::Output;

const CHOICES: &str =
    "name it .graphml (networkx, Gephi), .csv (two files, for neo4j-admin import) or .nt (N-Triples)";

/// What is to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    GraphMl(PathBuf),
    NTriples(PathBuf),
    /// Two files; `folder` is made where it does not exist.
    Csv {
        folder: Option<PathBuf>,
        nodes: PathBuf,
        edges: PathBuf,
    },
}

impl Target {
    /// What a name stands for: a folder for two CSV files, else a file by its extension.
    pub(super) fn new(name: &Path) -> Result<Self, String> {
        let ends_as_folder = name.as_os_str().as_encoded_bytes().ends_with(b"/");
        if name.is_dir() || ends_as_folder {
            let [nodes, edges] = ["nodes.csv", "edges.csv"].map(|file| name.join(file));
            return Ok(Self::Csv { folder: Some(name.into()), nodes, edges });
        }
        let extension = name.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase());
        match extension.as_deref() {
            Some("graphml") => Ok(Self::GraphMl(name.into())),
            Some("nt") => Ok(Self::NTriples(name.into())),
            Some("csv") => {
                let [nodes, edges] = ["nodes.csv", "edges.csv"].map(|end| name.with_extension(end));
                Ok(Self::Csv { folder: None, nodes, edges })
            }
            _ => Err(format!("the name {} tells no format: {CHOICES}", name.display())),
        }
    }

    pub(super) fn names(&self) -> String {
        match self {
            Self::GraphMl(file) | Self::NTriples(file) => file.display().to_string(),
            Self::Csv { nodes, edges, .. } => format!("{} and {}", nodes.display(), edges.display()),
        }
    }

    pub(super) fn write(&self, network: &Network, base: &str) -> Result<(), String> {
        match self {
            Self::GraphMl(file) => save(file, |out| graphml::write(network, out)),
            Self::NTriples(file) => save(file, |out| ntriples::write(network, base, out)),
            Self::Csv { folder, nodes, edges } => {
                if let Some(folder) = folder {
                    std::fs::create_dir_all(folder)
                        .map_err(|error| format!("{} cannot be made: {error}", folder.display()))?;
                }
                save(nodes, |out| csv::write_nodes(network, out))?;
                save(edges, |out| csv::write_edges(network, out))
            }
        }
    }
}

/// Passes on what formats write.
struct Pipe<'a>(&'a mut Output);

impl Write for Pipe<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes).map(|()| bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn save(file: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), String> {
    let mut output = Output::open(Some(file))?;
    let name = output.name();
    write(&mut Pipe(&mut output))
        .and_then(|()| output.finish())
        .map_err(|error| format!("{name} cannot be written: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_the_format() {
        let csv = |folder: Option<&str>, nodes: &str, edges: &str| Target::Csv {
            folder: folder.map(PathBuf::from),
            nodes: nodes.into(),
            edges: edges.into(),
        };
        assert_eq!(Target::new(Path::new("a/who.GraphML")), Ok(Target::GraphMl("a/who.GraphML".into())));
        assert_eq!(Target::new(Path::new("who.nt")), Ok(Target::NTriples("who.nt".into())));
        assert_eq!(Target::new(Path::new("who.csv")), Ok(csv(None, "who.nodes.csv", "who.edges.csv")));
        assert_eq!(Target::new(Path::new("new/")), Ok(csv(Some("new/"), "new/nodes.csv", "new/edges.csv")));
        for odd in ["who", "who.xml", "who.csv.gz"] {
            let error = Target::new(Path::new(odd)).unwrap_err();
            assert!([".graphml", ".csv", ".nt"].iter().all(|choice| error.contains(choice)), "{error}");
        }
    }
}
