//! Library files as bytes: ELF, Mach-O and PE, read as far as it takes to find the declaration.
//!
//! Nothing is executed and nothing mapped. The declaration is found through the export table, as the loader would
//! find it; every part of the file that the loader would map must be there, because a loader that maps past the
//! end of a file takes the process down.
#![forbid(unsafe_code)]

use object::read::elf::{FileHeader, ProgramHeader, SectionHeader, Sym};
use object::read::macho::{FatArch, MachHeader, MachOFatFile32, MachOFatFile64, MachOFile, Segment};
use object::read::pe::{ImageNtHeaders, PeFile};
use object::read::{ExportTarget, NameOrOrdinal};
use object::{FileKind, Object, ReadRef, elf, macho, pe};

use super::abi;
use super::refusal::{LoadCode, Refusal};

/// Exports looked at before a table counts as broken.
const MAX_EXPORTS: usize = 1 << 20;
/// Start of the names of entry functions; the major version follows.
const ENTRY_PREFIX: &str = "pipeline_plugin_entry_v";

/// How a library file is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Linux, the BSDs and most others.
    Elf,
    /// macOS.
    MachO,
    /// Windows.
    Pe,
}

impl Format {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Elf => "ELF",
            Self::MachO => "Mach-O",
            Self::Pe => "PE",
        }
    }
}

/// What the headers say.
#[derive(Debug)]
pub(super) struct Image {
    pub(super) format: Format,
    /// ELF machine number, 0 if unknown.
    pub(super) arch: u16,
    /// Major versions there are entry functions for, rising.
    pub(super) entries: Vec<u16>,
    /// The declaration and whatever follows it in its part of the file.
    pub(super) decl: Vec<u8>,
}

/// A part of the file and where it is mapped.
#[derive(Clone, Copy, Debug)]
struct Part {
    address: u64,
    offset: u64,
    size: u64,
}

/// What is looked for among the exports.
#[derive(Default)]
struct Exports {
    decl: Option<u64>,
    entries: Vec<u16>,
}

impl Exports {
    fn note(&mut self, name: &[u8], address: u64) {
        if name == abi::DECL_SYMBOL.as_bytes() {
            self.decl = Some(address);
        }
        let major = name.strip_prefix(ENTRY_PREFIX.as_bytes());
        let major = major.and_then(|digits| std::str::from_utf8(digits).ok()?.parse::<u16>().ok());
        self.entries.extend(major);
    }
}

type Result<T> = std::result::Result<T, Refusal>;

fn broken(format: Format, error: &object::Error) -> Refusal {
    let found = format!("{} headers that do not hold together ({error})", format.name());
    Refusal::new(LoadCode::Truncated, found, "a whole library", "copy or build the file again")
}

fn not_plugin(found: impl Into<Box<str>>) -> Refusal {
    let expected = format!("a library that exports `{}`", abi::DECL_SYMBOL);
    let remedy = "name a library built with export_plugin! or with pipeline_stage.h";
    Refusal::new(LoadCode::NotPlugin, found, expected, remedy)
}

fn truncated(what: &str, end: u64, len: u64) -> Refusal {
    let found = format!("{len} bytes, though {what} ends at byte {end}");
    Refusal::new(LoadCode::Truncated, found, "a whole library", "copy or build the file again")
}

/// Reads the headers of a library.
pub(super) fn read<'d, R: ReadRef<'d>>(data: R) -> Result<Image> {
    let len = data.len().map_err(|()| not_plugin("a file without a length"))?;
    if len < 64 {
        return Err(not_plugin(format!("a file of {len} bytes")));
    }
    match FileKind::parse(data) {
        Ok(FileKind::Elf64) => elf_image::<elf::FileHeader64<object::Endianness>, R>(data, len),
        Ok(FileKind::Elf32) => elf_image::<elf::FileHeader32<object::Endianness>, R>(data, len),
        Ok(FileKind::MachO64) => macho_image::<macho::MachHeader64<object::Endianness>, R>(data, len),
        Ok(FileKind::MachO32) => macho_image::<macho::MachHeader32<object::Endianness>, R>(data, len),
        Ok(FileKind::MachOFat32) => {
            let fat = MachOFatFile32::parse(data).map_err(|error| broken(Format::MachO, &error))?;
            fat_image(fat.arches(), data)
        }
        Ok(FileKind::MachOFat64) => {
            let fat = MachOFatFile64::parse(data).map_err(|error| broken(Format::MachO, &error))?;
            fat_image(fat.arches(), data)
        }
        Ok(FileKind::Pe64) => pe_image::<pe::ImageNtHeaders64, R>(data, len),
        Ok(FileKind::Pe32) => pe_image::<pe::ImageNtHeaders32, R>(data, len),
        Ok(kind) => Err(not_plugin(format!("a file of the kind {kind:?}"))),
        Err(_) => Err(not_plugin("a file that is no library of any known kind")),
    }
}

/// Cuts out the declaration, once all parts are known to be there.
fn image<'d, R: ReadRef<'d>>(
    data: R,
    format: Format,
    arch: u16,
    parts: &[Part],
    exports: Exports,
) -> Result<Image> {
    let Exports { decl, mut entries } = exports;
    entries.sort_unstable();
    entries.dedup();
    let Some(address) = decl else {
        return Err(not_plugin(format!("a library ({}) that exports no such symbol", format.name())));
    };
    let part = parts.iter().find(|part| part.address <= address && address - part.address < part.size);
    let Some(part) = part else {
        let found = format!("a declaration at address {address:#x}, which no part of the file fills");
        return Err(Refusal::new(
            LoadCode::Card,
            found,
            "a declaration with a value",
            "define it with the macro of the kit",
        ));
    };
    let skip = address - part.address;
    let room = (part.size - skip).min(MAX_DECL);
    let bytes = data.read_bytes_at(part.offset + skip, room);
    let bytes =
        bytes.map_err(|()| truncated("its data", part.offset + part.size, data.len().unwrap_or(0)))?;
    Ok(Image { format, arch, entries, decl: bytes.to_vec() })
}

/// Most bytes a declaration with its card may take.
pub(super) const MAX_DECL: u64 = 1 << 20;

fn within(what: &str, offset: u64, size: u64, len: u64) -> Result<()> {
    match offset.checked_add(size) {
        Some(end) if end <= len => Ok(()),
        end => Err(truncated(what, end.unwrap_or(u64::MAX), len)),
    }
}

fn elf_image<'d, H: FileHeader + 'd, R: ReadRef<'d>>(data: R, len: u64) -> Result<Image>
where
    H::Endian: 'd,
{
    let fail = |error: object::Error| broken(Format::Elf, &error);
    let header = H::parse(data).map_err(fail)?;
    let endian = header.endian().map_err(fail)?;
    if header.e_type(endian) != elf::ET_DYN {
        return Err(not_plugin("an ELF file that is no shared library"));
    }
    let table = u64::from(header.e_phnum(endian)).saturating_mul(u64::from(header.e_phentsize(endian)));
    within("its table of segments", header.e_phoff(endian).into(), table, len)?;
    let table = u64::from(header.e_shnum(endian)).saturating_mul(u64::from(header.e_shentsize(endian)));
    within("its table of sections", header.e_shoff(endian).into(), table, len)?;
    let mut parts = Vec::new();
    for segment in header.program_headers(endian, data).map_err(fail)? {
        if segment.p_type(endian) != elf::PT_LOAD {
            continue;
        }
        let (offset, size) = (segment.p_offset(endian).into(), segment.p_filesz(endian).into());
        within("a segment", offset, size, len)?;
        parts.push(Part { address: segment.p_vaddr(endian).into(), offset, size });
    }
    let exports = elf_exports(header, endian, data)?;
    image(data, Format::Elf, header.e_machine(endian).0, &parts, exports)
}

fn elf_exports<'d, H: FileHeader, R: ReadRef<'d>>(
    header: &'d H,
    endian: H::Endian,
    data: R,
) -> Result<Exports> {
    let fail = |error: object::Error| broken(Format::Elf, &error);
    let sections = header.sections(endian, data).map_err(fail)?;
    if !sections.iter().any(|section| section.sh_type(endian) == elf::SHT_DYNSYM) {
        return Err(not_plugin("an ELF file without a table of exported symbols"));
    }
    let symbols = sections.symbols(endian, data, elf::SHT_DYNSYM).map_err(fail)?;
    let mut exports = Exports::default();
    for symbol in symbols.iter().take(MAX_EXPORTS) {
        let hidden = symbol.is_local() || symbol.st_shndx(endian) == elf::SHN_UNDEF;
        if let Some(name) = symbol.name(endian, symbols.strings()).ok().filter(|_| !hidden) {
            exports.note(name, symbol.st_value(endian).into());
        }
    }
    Ok(exports)
}

fn macho_image<'d, H: MachHeader, R: ReadRef<'d>>(data: R, len: u64) -> Result<Image> {
    let fail = |error: object::Error| broken(Format::MachO, &error);
    let header = H::parse(data, 0).map_err(fail)?;
    let endian = header.endian().map_err(fail)?;
    if !matches!(header.filetype(endian), macho::MH_DYLIB | macho::MH_BUNDLE) {
        return Err(not_plugin("a Mach-O file that is no shared library"));
    }
    let mut parts = Vec::new();
    let mut commands = header.load_commands(endian, data, 0).map_err(fail)?;
    while let Some(command) = commands.next().map_err(fail)? {
        let Some((segment, _)) = H::Segment::from_command(command).map_err(fail)? else { continue };
        let (offset, size) = (segment.fileoff(endian).into(), segment.filesize(endian).into());
        within("a segment", offset, size, len)?;
        parts.push(Part { address: segment.vmaddr(endian).into(), offset, size });
    }
    let file = MachOFile::<H, R>::parse(data).map_err(fail)?;
    let exports = listed(Format::MachO, file.exports(), b"_")?;
    image(data, Format::MachO, macho_arch(header.cputype(endian)), &parts, exports)
}

const fn macho_arch(cpu: macho::CpuType) -> u16 {
    match cpu {
        macho::CPU_TYPE_X86_64 => 62,
        macho::CPU_TYPE_ARM64 => 183,
        macho::CPU_TYPE_X86 => 3,
        macho::CPU_TYPE_ARM => 40,
        _ => 0,
    }
}

/// The part of a file for several processors that is for this one, or the first.
fn fat_image<'d, A: FatArch, R: ReadRef<'d>>(arches: &[A], data: R) -> Result<Image> {
    let ours = arches.iter().find(|arch| macho_arch(arch.cputype()) == abi::ARCH);
    let Some(arch) = ours.or(arches.first()) else {
        return Err(not_plugin("a Mach-O file for no processor"));
    };
    let (offset, size) = arch.file_range();
    within("the part for a processor", offset, size, data.len().unwrap_or(0))?;
    let part: &[u8] = arch.data(data).map_err(|error| broken(Format::MachO, &error))?;
    match FileKind::parse(part) {
        Ok(FileKind::MachO64 | FileKind::MachO32) => read(part),
        _ => Err(not_plugin("a Mach-O file whose part for a processor is no library")),
    }
}

fn pe_image<'d, H: ImageNtHeaders, R: ReadRef<'d>>(data: R, len: u64) -> Result<Image> {
    let fail = |error: object::Error| broken(Format::Pe, &error);
    let file = PeFile::<H, R>::parse(data).map_err(fail)?;
    let header = file.nt_headers().file_header();
    if !header.characteristics.get(object::LittleEndian).contains(pe::IMAGE_FILE_DLL) {
        return Err(not_plugin("a PE file that is no library"));
    }
    let base = file.relative_address_base();
    let mut parts = Vec::new();
    for section in file.section_table().iter() {
        let (offset, size) = section.pe_file_range();
        let stored = section.size_of_raw_data.get(object::LittleEndian);
        within("a section", offset.into(), stored.into(), len)?;
        let address = u64::from(section.virtual_address.get(object::LittleEndian));
        parts.push(Part { address: base.wrapping_add(address), offset: offset.into(), size: size.into() });
    }
    let arch = match header.machine.get(object::LittleEndian) {
        pe::IMAGE_FILE_MACHINE_AMD64 => 62,
        pe::IMAGE_FILE_MACHINE_ARM64 => 183,
        pe::IMAGE_FILE_MACHINE_I386 => 3,
        _ => 0,
    };
    let exports = listed(Format::Pe, file.exports(), b"")?;
    image(data, Format::Pe, arch, &parts, exports)
}

/// Exports as the parser lists them; `prefix` is what the format puts before the names of C.
fn listed<'d>(
    format: Format,
    exports: object::Result<impl Iterator<Item = object::Result<object::Export<'d>>>>,
    prefix: &[u8],
) -> Result<Exports> {
    let fail = |error: object::Error| broken(format, &error);
    let mut found = Exports::default();
    for export in exports.map_err(fail)?.take(MAX_EXPORTS) {
        let export = export.map_err(fail)?;
        if let (NameOrOrdinal::Name(name), ExportTarget::Address { address }) =
            (export.name(), export.target())
        {
            found.note(name.strip_prefix(prefix).unwrap_or(name), address);
        }
    }
    Ok(found)
}
