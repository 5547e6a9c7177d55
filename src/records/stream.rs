//! Lines of a file of records.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use serde_json::Value;

use super::Record;

/// What to do when a file is not what is wanted.
pub(super) const CURE: &str = "give the JSON Lines that `pipeline run INPUT -o out.jsonl` writes";

const BUFFER: usize = 128 << 10;

/// A file of records, decompressed.
pub(super) struct Lines {
    name: String,
    stream: Box<dyn BufRead>,
    number: u64,
    line: Vec<u8>,
}

impl Lines {
    pub(super) fn open(path: &Path) -> Result<Self, String> {
        let (name, inner): (String, Box<dyn Read>) = match path == Path::new("-") {
            true => ("standard input".to_owned(), Box::new(io::stdin())),
            false => (path.display().to_string(), Box::new(file(path)?)),
        };
        let mut stream = BufReader::with_capacity(BUFFER, inner);
        let unreadable = |error| format!("{name} cannot be read: {error}");
        let head: Vec<u8> = stream.fill_buf().map_err(unreadable)?.iter().take(4).copied().collect();
        let stream: Box<dyn BufRead> = match head[..] {
            [0x1F, 0x8B, ..] => buffered(flate2::bufread::MultiGzDecoder::new(stream)),
            [0x28, 0xB5, 0x2F, 0xFD, ..] => buffered(zstd::Decoder::with_buffer(stream).map_err(unreadable)?),
            [b'P', b'A', b'R', b'1', ..] => return Err(format!("{name} is Parquet: {CURE}")),
            _ => Box::new(stream),
        };
        Ok(Self { name, stream, number: 0, line: Vec::new() })
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The next record; blank lines are skipped.
    pub(super) fn next(&mut self) -> Result<Option<Record>, String> {
        loop {
            self.line.clear();
            let read = self.stream.read_until(b'\n', &mut self.line);
            if read.map_err(|error| format!("{} cannot be read: {error}", self.name))? == 0 {
                return Ok(None);
            }
            self.number += 1;
            if !self.line.trim_ascii().is_empty() {
                return self.record().map(Some);
            }
        }
    }

    fn record(&self) -> Result<Record, String> {
        let wrong = |what: &str| format!("{} line {}: {what}", self.name, self.number);
        let error = match serde_json::from_slice::<Record>(&self.line) {
            Ok(record) if record.entities.is_none() && !self.has("entities") => {
                return Err(wrong(&format!("no entities in this record: {}", missing(&record))));
            }
            Ok(record) => return Ok(record),
            Err(error) => error,
        };
        if error.is_eof() && !self.line.ends_with(b"\n") {
            return Err(wrong(
                "the record is cut off: the run that wrote it did not end; let it end, or cut this line",
            ));
        }
        let said = error.to_string();
        let said = said.rsplit_once(" at line ").map_or(said.as_str(), |(said, _)| said);
        Err(wrong(&format!("no record of `run` ({said}, column {}): {CURE}", error.column())))
    }

    fn has(&self, layer: &str) -> bool {
        serde_json::from_slice::<Value>(&self.line).is_ok_and(|value| value.get(layer).is_some())
    }
}

fn missing(record: &Record) -> String {
    match record.language.is_some() || record.relations.is_some() {
        true => "run with the layers language,entities,relations (the default), and +text".to_owned(),
        false => CURE.to_owned(),
    }
}

fn file(path: &Path) -> Result<File, String> {
    let shown = path.display();
    if path.is_dir() {
        return Err(format!("{shown} is a folder: {CURE}"));
    }
    File::open(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => format!("{shown} does not exist: {CURE}"),
        _ => format!("{shown} cannot be read: {error}"),
    })
}

fn buffered(read: impl Read + 'static) -> Box<dyn BufRead> {
    Box::new(BufReader::with_capacity(BUFFER, read))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn ids(bytes: &[u8]) -> Result<Vec<String>, String> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        let mut lines = Lines::open(file.path())?;
        let mut ids = Vec::new();
        while let Some(record) = lines.next()? {
            ids.push(record.id);
        }
        Ok(ids)
    }

    const TWO: &[u8] = b"{\"id\":\"a\",\"entities\":[]}\n\n{\"id\":\"b\",\"entities\":null,\"new\":{}}";

    #[test]
    fn plain_and_compressed_files_are_read() {
        assert_eq!(ids(TWO).unwrap(), ["a", "b"]);
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(TWO).unwrap();
        assert_eq!(ids(&gzip.finish().unwrap()).unwrap(), ["a", "b"]);
        assert_eq!(ids(&zstd::encode_all(TWO, 1).unwrap()).unwrap(), ["a", "b"]);
        assert_eq!(ids(b"").unwrap(), [""; 0]);
    }

    #[test]
    fn other_files_are_refused_with_the_cure() {
        let cases: [(&[u8], &str); 6] = [
            (
                b"Oslo is a city.\n",
                "line 1: no record of `run` (expected value, column 1): give the JSON Lines",
            ),
            (b"{\"id\":\"a\",\"entities\":[]}\n{\"id\":\"b\",\"enti", "line 2: the record is cut off"),
            (
                b"{\"id\":\"a\",\"text\":\"documents as they came\"}\n",
                "no entities in this record: give the JSON",
            ),
            (b"{\"id\":\"a\",\"language\":{\"code\":\"en\"}}\n", "run with the layers"),
            (b"{\"id\":\"a\",\"offsets\":\"words\",\"entities\":[]}\n", "unknown variant `words`"),
            (b"PAR1....", "is Parquet"),
        ];
        for (bytes, said) in cases {
            let error = ids(bytes).unwrap_err();
            assert!(error.contains(said), "{error}");
        }
        assert!(Lines::open(Path::new("none.jsonl")).err().unwrap().contains("does not exist"));
    }
}
