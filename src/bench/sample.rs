//! The documents that are measured on.

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use pipeline_core::engine::Source;
use tempfile::TempDir;

use super::args::Bench;
use super::generate;
use crate::config::RunConfig;
use crate::read::{self, Input};

/// Documents that can be read again and again.
pub(super) struct Sample {
    /// What they are, for people.
    pub(super) name: String,
    /// The file they lie in, unless the user named files.
    pub(super) file: Option<PathBuf>,
    /// Goes away with the sample.
    _folder: Option<TempDir>,
}

impl Sample {
    /// The user's documents, or generated ones.
    ///
    /// # Errors
    /// In words for the user.
    pub(super) fn of(args: &Bench) -> Result<Self, String> {
        let fault = |error: io::Error| {
            format!("no room for a copy of the documents: {error}; set TMPDIR to another folder")
        };
        if args.inputs.is_empty() {
            let folder = tempfile::tempdir().map_err(fault)?;
            let file = folder.path().join("generated.jsonl");
            generated(args, &file).map_err(fault)?;
            let name = format!("generated news (--seed {})", args.seed);
            return Ok(Self { name, file: Some(file), _folder: Some(folder) });
        }
        if args.inputs == [Path::new("-")] {
            let folder = tempfile::tempdir().map_err(fault)?;
            let file = copied(folder.path()).map_err(fault)?;
            return Ok(Self { name: "standard input".into(), file: Some(file), _folder: Some(folder) });
        }
        if read::list(&args.inputs)?.once {
            return Err("documents are read several times, and standard input or a pipe gives them once: give - alone, \
                        or files"
                .into());
        }
        let names: Vec<_> = args.inputs.iter().map(|input| input.display().to_string()).collect();
        Ok(Self { name: names.join(", "), file: None, _folder: None })
    }

    /// The inputs a run has to read.
    pub(super) fn inputs(&self, args: &Bench) -> Vec<PathBuf> {
        self.file.clone().map_or_else(|| args.inputs.clone(), |file| vec![file])
    }
}

fn generated(args: &Bench, file: &Path) -> io::Result<()> {
    let mut out = BufWriter::new(File::create(file)?);
    generate::write(args.seed, args.size, &mut out)?;
    io::Write::flush(&mut out)
}

/// Standard input, as a file with a name that tells what it holds.
fn copied(folder: &Path) -> io::Result<PathBuf> {
    let plain = folder.join("standard-input");
    io::copy(&mut io::stdin().lock(), &mut File::create(&plain)?)?;
    let form = read::stream::sniff(Box::new(io::BufReader::new(File::open(&plain)?)))?.0;
    let named = plain.with_extension(if form == read::Form::Json { "jsonl" } else { "txt" });
    std::fs::rename(&plain, &named)?;
    Ok(named)
}

/// How many of the first documents have about so many bytes of input, at least one; and whether that is all.
pub(super) fn first_documents(config: &RunConfig, bytes: f64) -> Result<(u64, bool), String> {
    let mut input = Input::new(read::list(&config.inputs)?, config.decode.clone(), config.limits);
    let (mut documents, mut size, mut chunk) = (0, 0.0, Vec::new());
    loop {
        input.next_chunk(&mut chunk).map_err(|error| error.to_string())?;
        if chunk.is_empty() {
            return Ok((documents, true));
        }
        for raw in chunk.drain(..) {
            if size >= bytes {
                return Ok((documents, false));
            }
            size += Input::size(&raw) as f64;
            documents += 1;
        }
    }
}
