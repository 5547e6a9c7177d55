//! The model file: one format for every trained model.
//!
//! Little-endian throughout. A fixed prefix of 32 bytes (magic, format version, header length, file length,
//! checksum of all that follows), a JSON [`Header`], and the payload: named sections of plain numbers, each
//! starting at a multiple of 64 bytes. A section is read into a buffer aligned for its number type, ready to
//! use, so that loading costs a checksum and a copy; one that is built in is used where it lies.

use std::borrow::Cow;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use bytemuck::{NoUninit, Pod};
use serde::{Deserialize, Serialize};

const MAGIC: &[u8; 8] = b"PIPE-MDL";
const FORMAT: u32 = 1;
const PREFIX: usize = 32;
const ALIGN: usize = 64;

/// What a model file says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The kind of stage it serves, such as `entities`.
    pub kind: String,
    /// Version of the feature templates its weights were learnt with.
    pub features: u32,
    /// Version of the tokenizer that made the tokens it was trained on.
    pub tokenizer: u32,
    /// Language codes (BCP 47) it is made for.
    pub languages: Vec<String>,
    /// The labels it gives.
    pub labels: Vec<String>,
    /// What it was trained on, and how.
    pub provenance: String,
    /// Licence of the model, with the attributions its sources ask for.
    pub licence: String,
}

/// What a program can work with; a file that differs is refused.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The kind of model wanted.
    pub kind: &'a str,
    /// The version of the feature templates in this program.
    pub features: u32,
    /// The version of the tokenizer in this program; `None` where tokens do not matter.
    pub tokenizer: Option<u32>,
}

/// Why a model file was refused. The message says what is wrong and what helps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModelError {
    /// It does not begin as a model file does.
    NotAModel,
    /// It is in a version of the format that this program does not read.
    Format(u32),
    /// It ends too early, or goes on too long: bytes expected and found.
    Length(u64, u64),
    /// The checksum does not fit the content.
    Altered,
    /// The header cannot be understood.
    Header(String),
    /// It is a model of another kind: wanted and found.
    Kind(String, String),
    /// Its feature templates differ from this program's: wanted and found.
    Features(u32, u32),
    /// It was trained on the tokens of another tokenizer: wanted and found.
    Tokenizer(u32, u32),
    /// A section is missing or has an impossible content.
    Section(String, &'static str),
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const RETRAIN: &str = "train it again with `pipeline train`, or take the file of this version";
        match self {
            Self::NotAModel => write!(f, "this is no model file; name a file that `pipeline train` wrote"),
            Self::Format(found) => write!(
                f,
                "the model file is in format {found}, this program reads format {FORMAT}; {RETRAIN}"
            ),
            Self::Length(want, found) => write!(
                f,
                "the model file should have {want} bytes and has {found}; it is incomplete: copy it again"
            ),
            Self::Altered => write!(f, "the model file has been altered (checksum differs); copy it again"),
            Self::Header(why) => write!(f, "the header of the model file cannot be read ({why}); {RETRAIN}"),
            Self::Kind(want, found) => {
                write!(f, "this is a model for `{found}`, not for `{want}`; name a model for `{want}`")
            }
            Self::Features(want, found) => write!(
                f,
                "the model was trained with feature templates {found}, this program has {want}; {RETRAIN}"
            ),
            Self::Tokenizer(want, found) => write!(
                f,
                "the model was trained on tokens of tokenizer {found}, this program has {want}; {RETRAIN}"
            ),
            Self::Section(name, why) => {
                write!(f, "section `{name}` of the model file {why}; {RETRAIN}")
            }
        }
    }
}

impl std::error::Error for ModelError {}

#[derive(Serialize, Deserialize)]
struct Contents {
    #[serde(flatten)]
    header: Header,
    sections: Vec<Section>,
}

/// Where a section lies: `at` counts from the start of the payload.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Section {
    name: String,
    at: u64,
    bytes: u64,
}

/// Puts a model file together.
#[derive(Debug)]
pub struct ModelWriter {
    header: Header,
    sections: Vec<Section>,
    payload: Vec<u8>,
}

impl ModelWriter {
    /// An empty model with this header.
    #[must_use]
    pub fn new(header: Header) -> Self {
        Self { header, sections: Vec::new(), payload: Vec::new() }
    }

    /// Appends a section of numbers.
    pub fn section<T: NoUninit>(&mut self, name: &str, data: &[T]) {
        let bytes: &[u8] = bytemuck::cast_slice(data);
        let at = self.payload.len() as u64;
        self.sections.push(Section { name: name.to_owned(), at, bytes: bytes.len() as u64 });
        self.payload.extend_from_slice(bytes);
        self.payload.resize(self.payload.len().next_multiple_of(ALIGN), 0);
    }

    /// The bytes of the file.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        let contents = Contents { header: self.header, sections: self.sections };
        let mut header = serde_json::to_vec(&contents).expect("plain strings and numbers always serialise");
        header.resize((PREFIX + header.len()).next_multiple_of(ALIGN) - PREFIX, b' ');
        let total = PREFIX + header.len() + self.payload.len();
        let mut file = Vec::with_capacity(total);
        file.extend_from_slice(MAGIC);
        file.extend_from_slice(&FORMAT.to_le_bytes());
        file.extend_from_slice(&(header.len() as u32).to_le_bytes());
        file.extend_from_slice(&(total as u64).to_le_bytes());
        file.extend_from_slice(&[0; 8]);
        file.extend_from_slice(&header);
        file.extend_from_slice(&self.payload);
        let sum = checksum(&file[PREFIX..]);
        file[24..32].copy_from_slice(&sum.to_le_bytes());
        file
    }
}

/// The whole content of a model file.
#[derive(Clone, Copy, Debug)]
pub enum Content<'a> {
    /// Bytes that were read from somewhere.
    Read(&'a [u8]),
    /// A part of the program, which lasts as long as it runs. A test has seen that it is unaltered.
    BuiltIn(&'static [u8]),
}

impl<'a, T: AsRef<[u8]> + ?Sized> From<&'a T> for Content<'a> {
    fn from(bytes: &'a T) -> Self {
        Self::Read(bytes.as_ref())
    }
}

impl std::ops::Deref for Content<'_> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Read(bytes) => bytes,
            Self::BuiltIn(bytes) => bytes,
        }
    }
}

/// A model file that has passed its checks.
#[derive(Debug)]
pub struct ModelFile<'a> {
    header: Header,
    sections: Vec<Section>,
    payload: Content<'a>,
}

impl<'a> ModelFile<'a> {
    /// Reads and checks the whole content of a file.
    ///
    /// # Errors
    /// The first thing that is wrong: see [`ModelError`].
    pub fn read(content: impl Into<Content<'a>>, expected: &Expected<'_>) -> Result<Self, ModelError> {
        let file = Self::open(content)?;
        let header = &file.header;
        if header.kind != expected.kind {
            return Err(ModelError::Kind(expected.kind.to_owned(), header.kind.clone()));
        }
        if header.features != expected.features {
            return Err(ModelError::Features(expected.features, header.features));
        }
        match expected.tokenizer {
            Some(want) if want != header.tokenizer => Err(ModelError::Tokenizer(want, header.tokenizer)),
            _ => Ok(file),
        }
    }

    /// Reads a file of any kind and version, for listings.
    ///
    /// # Errors
    /// When it is not a whole, unaltered model file of this format.
    pub fn open(content: impl Into<Content<'a>>) -> Result<Self, ModelError> {
        let content = content.into();
        let bytes = &*content;
        if bytes.len() < PREFIX || &bytes[..8] != MAGIC || cfg!(target_endian = "big") {
            return Err(ModelError::NotAModel);
        }
        let format = u32::from_le_bytes(array(&bytes[8..12]));
        if format != FORMAT {
            return Err(ModelError::Format(format));
        }
        let total = u64::from_le_bytes(array(&bytes[16..24]));
        if total != bytes.len() as u64 {
            return Err(ModelError::Length(total, bytes.len() as u64));
        }
        let rest = &bytes[PREFIX..];
        let built_in = matches!(content, Content::BuiltIn(_));
        if !built_in && u64::from_le_bytes(array(&bytes[24..32])) != checksum(rest) {
            return Err(ModelError::Altered);
        }
        let header_len = u32::from_le_bytes(array(&bytes[12..16])) as usize;
        let header = rest.get(..header_len).ok_or(ModelError::Altered)?;
        let contents: Contents =
            serde_json::from_slice(header).map_err(|error| ModelError::Header(error.to_string()))?;
        let payload = match content {
            Content::Read(bytes) => Content::Read(&bytes[PREFIX + header_len..]),
            Content::BuiltIn(bytes) => Content::BuiltIn(&bytes[PREFIX + header_len..]),
        };
        Ok(Self { header: contents.header, sections: contents.sections, payload })
    }

    /// What the file says about itself.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// A section's numbers, copied into a buffer of their own.
    ///
    /// # Errors
    /// When there is no such section or its length is not a whole number of `T`.
    pub fn section<T: Pod>(&self, name: &str) -> Result<Vec<T>, ModelError> {
        let bytes = &self.payload[self.bytes::<T>(name)?];
        let mut numbers = vec![T::zeroed(); bytes.len() / size_of::<T>()];
        bytemuck::cast_slice_mut(&mut numbers).copy_from_slice(bytes);
        Ok(numbers)
    }

    /// A section's numbers where they lie, if they are built in; else copied.
    ///
    /// # Errors
    /// As [`ModelFile::section`].
    pub fn kept<T: Pod>(&self, name: &str) -> Result<Cow<'static, [T]>, ModelError> {
        if let Content::BuiltIn(payload) = self.payload
            && let Ok(numbers) = bytemuck::try_cast_slice(&payload[self.bytes::<T>(name)?])
        {
            return Ok(Cow::Borrowed(numbers));
        }
        self.section(name).map(Cow::Owned)
    }

    /// Where a section of whole `T` lies.
    fn bytes<T>(&self, name: &str) -> Result<std::ops::Range<usize>, ModelError> {
        let fault = |why| ModelError::Section(name.to_owned(), why);
        let section = self.sections.iter().find(|s| s.name == name).ok_or_else(|| fault("is missing"))?;
        let range = usize::try_from(section.at)
            .ok()
            .zip(usize::try_from(section.bytes).ok())
            .and_then(|(at, len)| Some(at..at.checked_add(len)?))
            .filter(|range| range.end <= self.payload.len())
            .ok_or_else(|| fault("lies outside the file"))?;
        if range.len() % size_of::<T>() == 0 { Ok(range) } else { Err(fault("has an odd length")) }
    }
}

fn array<const N: usize>(bytes: &[u8]) -> [u8; N] {
    let mut out = [0; N];
    out.copy_from_slice(bytes);
    out
}

/// A 64-bit checksum against accidents: four interleaved multiply-and-rotate lanes over eight-byte words, so
/// that it runs at memory speed.
fn checksum(bytes: &[u8]) -> u64 {
    const PRIME: u64 = 0x9E37_79B9_7F4A_7C15;
    let step = |lane: u64, word: u64| (lane ^ word).wrapping_mul(PRIME).rotate_left(29);
    let mut lanes = [1u64, 2, 3, bytes.len() as u64];
    let mut blocks = bytes.chunks_exact(32);
    for block in &mut blocks {
        for (lane, word) in lanes.iter_mut().zip(block.chunks_exact(8)) {
            *lane = step(*lane, u64::from_le_bytes(array(word)));
        }
    }
    let tail = blocks.remainder().iter().fold(0, |sum, &byte| step(sum, u64::from(byte)));
    lanes.iter().fold(tail, |sum, &lane| step(sum, lane))
}

/// A number that no other model of this process has, to tell what was kept for one from what was kept for another.
pub(crate) fn identity() -> u64 {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    COUNT.fetch_add(1, Ordering::Relaxed)
}

#[cfg(test)]
#[path = "model/tests.rs"]
mod tests;
