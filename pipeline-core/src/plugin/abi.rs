//! The structures that cross the boundary between host and stage, major version 1.
//!
//! `include/pipeline_stage.h` is the contract in words: who may call what, from which thread, and how long
//! each pointer lives. This file mirrors it; tests on both sides pin the layout.

use core::ffi::c_void;

use crate::Span;

/// Version of the interface that must match exactly.
pub const ABI_MAJOR: u16 = 1;
/// Version of the interface that only ever adds to what is there.
pub const ABI_MINOR: u16 = 0;
/// Value of [`Decl::magic`].
pub const MAGIC: [u8; 16] = *b"pipeline-stage\x01\n";
/// Value of [`Decl::endian`], read in the file's own byte order.
pub const ENDIAN: u32 = 0x0102_0304;
/// Name of the exported data symbol that holds a [`Decl`].
pub const DECL_SYMBOL: &str = "pipeline_plugin_decl";
/// Name of the exported entry function of this major version.
pub const ENTRY_SYMBOL: &str = "pipeline_plugin_entry_v1";

/// UTF-8 text, not terminated by a NUL.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Str {
    /// First byte; may be dangling when `len` is 0.
    pub ptr: *const u8,
    /// Length in bytes.
    pub len: usize,
}

/// One column of a layer: as many values as the layer has rows.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// The values; for `str` the `len + 1` offsets into `aux`.
    pub data: *const c_void,
    /// For `str` the bytes, else null.
    pub aux: *const c_void,
    /// A [`crate::Kind`] as a number.
    pub kind: u32,
    /// Reserved, zero.
    pub flags: u32,
}

/// One table of annotations of one document.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Layer {
    /// `len` spans, or null where the rows have none.
    pub spans: *const Span,
    /// `n_cols` columns.
    pub cols: *const Column,
    /// Rows.
    pub len: u32,
    /// Columns.
    pub n_cols: u32,
}

/// One document as one stage sees it.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Doc {
    /// The text; at most `u32::MAX - 1` bytes.
    pub text: Str,
    /// The layers asked for: `requires`, then `optional`, in the order of the card.
    pub layers: *const Layer,
    /// How many.
    pub n_layers: u32,
    /// Bits of [`DOC_ASCII`].
    pub flags: u32,
}

/// Set in [`Doc::flags`] where the whole text is ASCII.
pub const DOC_ASCII: u32 = 1;

/// The documents of one call of `process`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Batch {
    /// Size of this structure in bytes; a field is there only if it ends within it.
    pub size: u32,
    /// Documents.
    pub n_docs: u32,
    /// Bytes from one [`Doc`] to the next.
    pub doc_stride: u32,
    /// Bytes from one [`Layer`] to the next.
    pub layer_stride: u32,
    /// Bytes from one [`Column`] to the next.
    pub col_stride: u32,
    /// Which stage of the card is called.
    pub stage: u32,
    /// The documents.
    pub docs: *const Doc,
    /// What the host offers.
    pub host: *const Host,
    /// Handed back to `emit` and `doc_error`, on the calling thread and during the call only.
    pub out: *mut c_void,
}

/// What the host offers a stage.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Host {
    /// Size of this structure in bytes.
    pub size: u32,
    /// The host's minor version.
    pub abi_minor: u32,
    /// The host's own, handed back to the functions that take `data`.
    pub data: *mut c_void,
    /// Gives a layer of a document to the host, which checks and copies it: 0, or a negative number if refused.
    pub emit: Option<unsafe extern "C" fn(out: *mut c_void, doc: u32, slot: u32, layer: *const Layer) -> i32>,
    /// Reports that a document failed in this stage; see [`crate::ErrorCode`] for the codes.
    pub doc_error: Option<unsafe extern "C" fn(out: *mut c_void, doc: u32, code: i32, message: Str)>,
    /// Number of a word in the run's table of symbols; 0 stands for the empty word, and for a table that is full.
    pub intern: Option<unsafe extern "C" fn(data: *mut c_void, word: Str) -> u32>,
    /// The word of a number; valid for the run.
    pub sym_text: Option<unsafe extern "C" fn(data: *mut c_void, sym: u32) -> Str>,
    /// Writes to the host's log: 1 error, 2 warning, 3 information, 4 detail, 5 trace.
    pub log: Option<unsafe extern "C" fn(data: *mut c_void, level: u32, message: Str)>,
    /// Whether the run is being stopped.
    pub should_stop: Option<unsafe extern "C" fn(data: *mut c_void) -> u8>,
    /// Functions beyond this structure, by id (`pipeline.parallel/1`); null if unknown.
    pub get_extension: Option<unsafe extern "C" fn(data: *mut c_void, id: Str) -> *const c_void>,
}

/// What a library offers the host.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Plugin {
    /// In: size of the host's structure. Out: how much of it was filled.
    pub size: u32,
    /// Reserved, zero.
    pub flags: u32,
    /// Makes an instance of a stage from its options (a JSON object); null on failure, with the reason in the buffer.
    pub create: Option<
        unsafe extern "C" fn(
            stage: u32,
            host: *const Host,
            config_json: Str,
            err: *mut ErrBuf,
        ) -> *mut c_void,
    >,
    /// Ends an instance; never while `process` runs.
    pub destroy: Option<unsafe extern "C" fn(inst: *mut c_void)>,
    /// Makes scratch memory for one thread at a time (optional).
    pub worker_new: Option<unsafe extern "C" fn(inst: *mut c_void) -> *mut c_void>,
    /// Frees it (optional).
    pub worker_free: Option<unsafe extern "C" fn(worker: *mut c_void)>,
    /// Works on a batch; a negative result fails every document of it.
    pub process:
        Option<unsafe extern "C" fn(inst: *mut c_void, worker: *mut c_void, batch: *const Batch) -> i32>,
    /// Functions beyond this structure, by id (optional).
    pub get_extension: Option<unsafe extern "C" fn(id: Str) -> *const c_void>,
}

impl Plugin {
    /// Nothing offered.
    pub const EMPTY: Self = Self {
        size: size_of::<Self>() as u32,
        flags: 0,
        create: None,
        destroy: None,
        worker_new: None,
        worker_free: None,
        process: None,
        get_extension: None,
    };
}

/// Memory of the host that a plugin writes an error message into.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct ErrBuf {
    /// Where to write.
    pub buf: *mut u8,
    /// Bytes there are.
    pub cap: u32,
    /// Bytes written.
    pub len: u32,
}

/// Signature of the exported entry function: 0, or a negative number with the reason in `err`.
pub type Entry = unsafe extern "C" fn(host: *const Host, out: *mut Plugin, err: *mut ErrBuf) -> i32;

/// What a library says about itself, readable from the file without running any of it.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Decl<const N: usize> {
    /// [`MAGIC`].
    pub magic: [u8; 16],
    /// Size of the whole, card included, in bytes.
    pub size: u32,
    /// [`ENDIAN`].
    pub endian: u32,
    /// Must equal the host's.
    pub abi_major: u16,
    /// What the library was built against; for information.
    pub abi_minor: u16,
    /// The least minor version the library can do with.
    pub abi_min_minor: u16,
    /// Bytes in a pointer.
    pub ptr_width: u8,
    /// What a panic does: 0 does not apply, 1 unwinds, 2 aborts.
    pub panic: u8,
    /// ELF machine number of the processor (62 x86-64, 183 AArch64), 0 if it has none.
    pub arch: u16,
    /// 1 Linux, 2 macOS, 3 Windows, 4 FreeBSD, 0 other.
    pub os: u16,
    /// Bytes of `card`.
    pub card_len: u32,
    /// Name and version of the development kit, padded with NULs.
    pub sdk: [u8; 24],
    /// Compiler, padded with NULs.
    pub rustc: [u8; 24],
    /// Id of the plugin, padded with NULs.
    pub id: [u8; 64],
    /// JSON that lists the stages.
    pub card: [u8; N],
}

/// Size of a [`Decl`] without its card, in bytes.
pub const DECL_HEADER: usize = size_of::<Decl<0>>();

/// ELF machine number of the processor this is compiled for.
pub const ARCH: u16 = if cfg!(target_arch = "x86_64") {
    62
} else if cfg!(target_arch = "aarch64") {
    183
} else if cfg!(target_arch = "x86") {
    3
} else if cfg!(target_arch = "arm") {
    40
} else if cfg!(target_arch = "riscv64") {
    243
} else {
    0
};

/// Number of the operating system this is compiled for.
pub const OS: u16 = if cfg!(target_os = "linux") {
    1
} else if cfg!(target_os = "macos") {
    2
} else if cfg!(target_os = "windows") {
    3
} else if cfg!(target_os = "freebsd") {
    4
} else {
    0
};

#[cfg(test)]
mod tests {
    use super::*;
    use core::mem::offset_of;

    #[test]
    fn layout_is_the_one_the_header_states() {
        assert_eq!(size_of::<Span>(), 8);
        if size_of::<usize>() == 8 {
            assert_eq!(
                [size_of::<Str>(), size_of::<Column>(), size_of::<Layer>(), size_of::<Doc>()],
                [16, 24, 24, 32]
            );
            assert_eq!(
                [size_of::<Batch>(), size_of::<Host>(), size_of::<Plugin>(), size_of::<ErrBuf>()],
                [48, 72, 56, 16]
            );
            assert_eq!(
                [offset_of!(Batch, docs), offset_of!(Batch, host), offset_of!(Batch, out)],
                [24, 32, 40]
            );
            assert_eq!([offset_of!(Host, emit), offset_of!(Host, get_extension)], [16, 64]);
            assert_eq!([offset_of!(Plugin, create), offset_of!(Plugin, process)], [8, 40]);
        }
        assert_eq!(DECL_HEADER, 152);
        assert_eq!(offset_of!(Decl<0>, card_len), 36);
        assert_eq!(offset_of!(Decl<0>, id), 88);
        assert_eq!(offset_of!(Decl<0>, card), 152);
    }
}
