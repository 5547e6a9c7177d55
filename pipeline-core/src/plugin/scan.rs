//! What a library says of itself, read from its file. Nothing of it runs.
#![forbid(unsafe_code)]

use std::fs::File;
use std::path::{Path, PathBuf};

use object::read::ReadCache;

use super::abi;
use super::image::{self, Format, Image};
use super::refusal::{LoadCode, LoadError, Refusal};
use crate::manifest::{Card, LayerCard};

/// What helps where a declaration is not as the kit writes it.
const REBUILD: &str = "build it again with the kit's macro";

/// A processor and an operating system, by the numbers of the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Platform {
    /// As in [`abi::OS`].
    pub os: u16,
    /// As in [`abi::ARCH`].
    pub arch: u16,
}

impl Platform {
    /// The one this program was built for.
    pub const HOST: Self = Self { os: abi::OS, arch: abi::ARCH };

    /// Its name in sidecars and locks: `linux_x86_64`.
    #[must_use]
    pub fn name(self) -> String {
        let os = match self.os {
            1 => "linux",
            2 => "macos",
            3 => "windows",
            4 => "freebsd",
            _ => "other",
        };
        let arch = match self.arch {
            62 => "x86_64",
            183 => "aarch64",
            3 => "x86",
            40 => "arm",
            243 => "riscv64",
            _ => "other",
        };
        format!("{os}_{arch}")
    }
}

/// What a panic in a library does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PanicMode {
    /// There are none: not written in Rust.
    None,
    /// It unwinds, and the document fails.
    Unwind,
    /// It ends the process.
    Abort,
}

/// The declaration of a library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// Interface it speaks.
    pub abi_major: u16,
    /// Interface it was built against; for information.
    pub abi_minor: u16,
    /// Least minor version it can do with.
    pub abi_min_minor: u16,
    /// Bytes in a pointer.
    pub ptr_width: u8,
    /// What a panic does.
    pub panic: PanicMode,
    /// What it runs on.
    pub platform: Platform,
    /// Name and version of the development kit.
    pub sdk: String,
    /// Compiler.
    pub compiler: String,
    /// Id of the plugin.
    pub id: String,
}

/// A library whose declaration and card have been read.
#[derive(Clone, Debug)]
pub struct Scanned {
    /// The file: absolute, symbolic links followed.
    pub path: PathBuf,
    /// How the file is built.
    pub format: Format,
    /// Major versions of the interface it has entry functions for.
    pub entries: Vec<u16>,
    /// Its declaration.
    pub declared: Declared,
    /// Its stages.
    pub card: Card,
    /// The declaration as it stands in the file, card included.
    pub(super) bytes: Vec<u8>,
    /// Processor of the file's headers.
    arch: u16,
}

/// Reading libraries without loading them.
#[derive(Clone, Copy, Debug)]
pub struct Library;

impl Library {
    /// Reads a library that this program could load.
    ///
    /// # Errors
    /// When it is none, or not one for this program.
    pub fn scan(path: &Path) -> Result<Scanned, LoadError> {
        let scanned = Self::inspect(path)?;
        scanned.fit().map_err(|refusal| refusal.at(path, Some(&scanned.declared.id)))?;
        Ok(scanned)
    }

    /// Reads a library, also one for another platform or a later minor version of the interface.
    ///
    /// # Errors
    /// When its declaration or card cannot be read.
    pub fn inspect(path: &Path) -> Result<Scanned, LoadError> {
        let mut id = None;
        read_file(path, &mut id).map_err(|refusal| refusal.at(path, id.as_deref()))
    }

    /// As [`Library::scan`], for the bytes of a file.
    ///
    /// # Errors
    /// As there; the error names no file.
    pub fn scan_bytes(bytes: &[u8]) -> Result<Scanned, LoadError> {
        let mut id = None;
        let result = image::read(bytes).and_then(|image| from_image(Path::new(""), image, &mut id));
        let result = result.and_then(|scanned| scanned.fit().map(|()| scanned));
        result.map_err(|refusal| refusal.at(Path::new(""), id.as_deref()))
    }
}

impl Scanned {
    /// Whether this program could load it, apart from how it was built to panic.
    fn fit(&self) -> Result<(), Refusal> {
        let declared = &self.declared;
        let headers = Platform { arch: self.arch, ..declared.platform };
        let width = usize::from(declared.ptr_width) == size_of::<usize>();
        if headers != Platform::HOST || declared.platform != Platform::HOST || !width || !native(self.format)
        {
            let found =
                format!("a library ({}) for {}", self.format.name(), declared.platform.describe(self.arch));
            let remedy = "get or build it for this platform";
            return Err(Refusal::new(LoadCode::Platform, found, Platform::HOST.name(), remedy));
        }
        if declared.abi_min_minor > abi::ABI_MINOR {
            let found = format!("a need for interface {}.{}", abi::ABI_MAJOR, declared.abi_min_minor);
            let expected = format!("at most {}.{}", abi::ABI_MAJOR, abi::ABI_MINOR);
            let remedy = "use a later version of this program, or a build of the plugin that asks for less";
            return Err(Refusal::new(LoadCode::AbiNewer, found, expected, remedy));
        }
        if !self.entries.contains(&abi::ABI_MAJOR) {
            let found = match self.entries.as_slice() {
                [] => "no entry function".to_string(),
                majors => format!("entry functions for major {majors:?}"),
            };
            return Err(Refusal::new(LoadCode::NoEntry, found, format!("`{}`", abi::ENTRY_SYMBOL), REBUILD));
        }
        Ok(())
    }
}

impl Platform {
    /// In words, with the processor of the file's headers where it is another.
    fn describe(self, headers: u16) -> String {
        let declared = self.name();
        if headers == self.arch {
            return declared;
        }
        format!("{declared} in a file for {}", Self { arch: headers, ..self }.name())
    }
}

/// Whether the loader of this system reads files of this kind.
const fn native(format: Format) -> bool {
    match format {
        Format::Elf => cfg!(all(unix, not(target_vendor = "apple"))),
        Format::MachO => cfg!(target_vendor = "apple"),
        Format::Pe => cfg!(windows),
    }
}

fn read_file(path: &Path, id: &mut Option<String>) -> Result<Scanned, Refusal> {
    let missing = |error: std::io::Error| {
        let remedy = "check the name; a plugin is named by its file, not by its id";
        Refusal::new(LoadCode::NotFound, format!("no file that can be read ({error})"), "a library", remedy)
    };
    // Asked before it is opened: opening a pipe would wait.
    if !std::fs::metadata(path).map_err(missing)?.is_file() {
        let remedy = "name the library itself; folders go with --plugin-dir";
        return Err(Refusal::new(LoadCode::NotFound, "something that is no file", "a library", remedy));
    }
    let real = path.canonicalize().map_err(missing)?;
    let file = ReadCache::new(File::open(&real).map_err(missing)?);
    from_image(&real, image::read(&file)?, id)
}

fn from_image(path: &Path, image: Image, id: &mut Option<String>) -> Result<Scanned, Refusal> {
    let raw = Raw::new(&image.decl)?;
    let declared = raw.declared()?;
    *id = Some(declared.id.clone());
    let bytes = raw.whole()?.to_vec();
    let card = card(&bytes[abi::DECL_HEADER..], &declared)?;
    Ok(Scanned {
        path: path.into(),
        format: image.format,
        entries: image.entries,
        declared,
        card,
        bytes,
        arch: image.arch,
    })
}

fn wrong(found: impl Into<Box<str>>, expected: impl Into<Box<str>>) -> Refusal {
    Refusal::new(LoadCode::Card, found, expected, REBUILD)
}

/// A declaration as bytes, in the byte order it states.
struct Raw<'a> {
    bytes: &'a [u8],
    swapped: bool,
}

impl<'a> Raw<'a> {
    fn new(bytes: &'a [u8]) -> Result<Self, Refusal> {
        if bytes.len() < abi::DECL_HEADER {
            let found = format!("a declaration of {} bytes", bytes.len());
            return Err(wrong(found, format!("at least {}", abi::DECL_HEADER)));
        }
        if bytes[..16] != abi::MAGIC {
            return Err(wrong("a declaration that does not begin as one", "the magic of this interface"));
        }
        let raw = Self { bytes, swapped: false };
        match raw.u32(20) {
            abi::ENDIAN => Ok(raw),
            other if other.swap_bytes() == abi::ENDIAN => Ok(Self { swapped: true, ..raw }),
            other => Err(wrong(format!("byte order {other:#010x}"), format!("{:#010x}", abi::ENDIAN))),
        }
    }

    fn u16(&self, at: usize) -> u16 {
        let value = u16::from_ne_bytes([self.bytes[at], self.bytes[at + 1]]);
        if self.swapped { value.swap_bytes() } else { value }
    }

    fn u32(&self, at: usize) -> u32 {
        let bytes = [self.bytes[at], self.bytes[at + 1], self.bytes[at + 2], self.bytes[at + 3]];
        let value = u32::from_ne_bytes(bytes);
        if self.swapped { value.swap_bytes() } else { value }
    }

    fn text(&self, at: usize, len: usize) -> String {
        let text = &self.bytes[at..at + len];
        let end = text.iter().position(|byte| *byte == 0).unwrap_or(len);
        String::from_utf8_lossy(&text[..end]).into_owned()
    }

    fn declared(&self) -> Result<Declared, Refusal> {
        let abi_major = self.u16(24);
        // Beyond this point another major version may mean something else.
        if abi_major != abi::ABI_MAJOR {
            let found = format!("interface {abi_major}.{}", self.u16(26));
            let expected = format!("{}.x", abi::ABI_MAJOR);
            let remedy = "build it again with the kit of this program's version";
            return Err(Refusal::new(LoadCode::AbiMajor, found, expected, remedy));
        }
        let panic = match self.bytes[31] {
            0 => PanicMode::None,
            1 => PanicMode::Unwind,
            2 => PanicMode::Abort,
            other => return Err(wrong(format!("panic mode {other}"), "0, 1 or 2")),
        };
        let id = self.text(88, 64);
        if id.is_empty() || id.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\u{fffd}') {
            return Err(wrong(format!("the id {id:?}"), "an id of printed characters without spaces"));
        }
        Ok(Declared {
            abi_major,
            abi_minor: self.u16(26),
            abi_min_minor: self.u16(28),
            ptr_width: self.bytes[30],
            panic,
            platform: Platform { arch: self.u16(32), os: self.u16(34) },
            sdk: self.text(40, 24),
            compiler: self.text(64, 24),
            id,
        })
    }

    /// The declaration with its card and nothing behind it.
    fn whole(&self) -> Result<&'a [u8], Refusal> {
        let (size, card) = (self.u32(16) as usize, self.u32(36) as usize);
        let end = abi::DECL_HEADER.saturating_add(card);
        if end > size || end > self.bytes.len() || size as u64 > image::MAX_DECL {
            let found =
                format!("a card of {card} bytes in a declaration of {size}, {} there", self.bytes.len());
            return Err(wrong(found, "a card within its declaration"));
        }
        Ok(&self.bytes[..end])
    }
}

fn card(bytes: &[u8], declared: &Declared) -> Result<Card, Refusal> {
    let text = std::str::from_utf8(bytes);
    let text = text.map_err(|error| wrong(format!("a card that is not UTF-8 ({error})"), "JSON"))?;
    let text = text.trim_end_matches('\0');
    let card: Card = serde_json::from_str(text).map_err(|error| {
        wrong(format!("a card that cannot be read ({error})"), "JSON as the kit writes it")
    })?;
    if card.id != declared.id {
        let found = format!("the id `{}` in the card", card.id);
        return Err(wrong(found, format!("`{}` as in the declaration", declared.id)));
    }
    check_stages(&card)?;
    Ok(card)
}

fn check_stages(card: &Card) -> Result<(), Refusal> {
    if card.stages.is_empty() {
        return Err(wrong("a card without stages", "at least one stage"));
    }
    for (number, stage) in card.stages.iter().enumerate() {
        if stage.name.is_empty() || stage.name.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return Err(wrong(format!("the stage name {:?}", stage.name), "`vendor.name`"));
        }
        if card.stages[..number].iter().any(|other| other.name == stage.name) {
            return Err(wrong(format!("two stages named `{}`", stage.name), "one name a stage"));
        }
        stage.outputs().try_for_each(|(layer, _)| check_columns(layer))?;
        crate::options::check_schema(&stage.config).map_err(|problem| {
            wrong(
                format!("options of stage `{}`: {problem}", stage.name),
                "a JSON Schema of the supported kind",
            )
        })?;
    }
    Ok(())
}

/// Columns become members of records, beside the ends of the span.
fn check_columns(layer: &LayerCard) -> Result<(), Refusal> {
    for (number, col) in layer.cols.iter().enumerate() {
        let name = &col.name;
        let taken = layer.spans && (name == "start" || name == "end");
        if taken || name.is_empty() || layer.cols[..number].iter().any(|other| other.name == *name) {
            let found = format!("a column {name:?} in layer `{}`", layer.layer);
            return Err(wrong(
                found,
                "names once in a layer, and none of them `start` or `end` beside spans",
            ));
        }
    }
    Ok(())
}
