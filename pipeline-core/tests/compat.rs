//! Libraries of today under hosts of tomorrow and of yesterday: larger structures with other strides, smaller
//! tables. The host here is made by hand, from the structures of the interface.
#![cfg(all(feature = "host", unix))]
#![allow(unsafe_code, reason = "plays the host's part of the interface by hand")]

mod common;

use std::ffi::c_void;
use std::path::Path;

use common::{c_library, folder, rust_library};
use pipeline_core::Span;
use pipeline_core::plugin::abi;

/// A structure with fields that libraries of today do not know, filled with what must not be read.
#[repr(C)]
struct Grown<T>(T, [u64; 3]);
impl<T> Grown<T> {
    const UNKNOWN: [u64; 3] = [u64::MAX; 3];
    fn new(known: T) -> Self {
        Self(known, Self::UNKNOWN)
    }
}

/// What was emitted: document, slot, spans, symbols of the first column where it has such.
type Emitted = Vec<(u32, u32, Vec<Span>, Vec<u32>)>;

unsafe extern "C" fn emit(out: *mut c_void, doc: u32, slot: u32, layer: *const abi::Layer) -> i32 {
    // SAFETY: `out` is this test's; the layer is as version 1.0 has it.
    unsafe {
        let (out, layer) = (&mut *out.cast::<Emitted>(), &*layer);
        let spans = match layer.spans.is_null() {
            true => Vec::new(),
            false => std::slice::from_raw_parts(layer.spans, layer.len as usize).to_vec(),
        };
        let first = layer.cols.as_ref().filter(|col| layer.n_cols > 0 && col.kind == 6);
        let syms = first
            .map_or(&[][..], |col| std::slice::from_raw_parts(col.data.cast::<u32>(), layer.len as usize));
        out.push((doc, slot, spans, syms.to_vec()));
    }
    0
}

unsafe extern "C" fn doc_error(_: *mut c_void, doc: u32, code: i32, message: abi::Str) {
    // SAFETY: readable text, by the interface.
    let message = unsafe { std::slice::from_raw_parts(message.ptr, message.len) };
    panic!("document {doc} failed with {code}: {}", String::from_utf8_lossy(message));
}

unsafe extern "C" fn intern(_: *mut c_void, word: abi::Str) -> u32 {
    word.len as u32
}

unsafe extern "C" fn nothing(_: *mut c_void, _: abi::Str) -> *const c_void {
    std::ptr::null()
}

fn host() -> Grown<abi::Host> {
    Grown::new(abi::Host {
        size: size_of::<Grown<abi::Host>>() as u32,
        abi_minor: 7,
        data: std::ptr::null_mut(),
        emit: Some(emit),
        doc_error: Some(doc_error),
        intern: Some(intern),
        sym_text: None,
        log: None,
        should_stop: None,
        get_extension: Some(nothing),
    })
}

/// The table a library fills when it is offered one of `size` bytes; nothing beyond them may be touched.
fn enter(library: &Path, host: &Grown<abi::Host>, size: u32) -> abi::Plugin {
    let empty = abi::Plugin { size, create: None, ..abi::Plugin::EMPTY };
    let mut table = Grown::new(empty);
    // SAFETY: the signature is that of the name; the library stays loaded.
    unsafe {
        let library = libloading::Library::new(library).unwrap();
        let entry = *library.get::<abi::Entry>(abi::ENTRY_SYMBOL.as_bytes()).unwrap();
        std::mem::forget(library);
        assert_eq!(entry(&raw const host.0, &raw mut table.0, std::ptr::null_mut()), 0);
    }
    assert_eq!(table.1, Grown::<abi::Plugin>::UNKNOWN, "written beyond the table");
    assert!(table.0.size <= size, "claims more than there was room for");
    table.0
}

/// Runs one stage of a library over texts with the given tokens, under a host of larger structures.
fn run(library: &Path, stage: u32, texts: &[(&str, &[Span])]) -> Emitted {
    let host = host();
    let table = enter(library, &host, size_of::<Grown<abi::Plugin>>() as u32);
    let kinds = [0u8; 8];
    let column = abi::Column { data: kinds.as_ptr().cast(), aux: std::ptr::null(), kind: 1, flags: 0 };
    let cols = [Grown::new(column)];
    let layer = |spans: &[Span]| {
        let cols = (&raw const cols[0]).cast();
        Grown::new(abi::Layer { spans: spans.as_ptr(), cols, len: spans.len() as u32, n_cols: 1 })
    };
    let layers: Vec<_> = texts.iter().map(|(_, spans)| layer(spans)).collect();
    let doc = |((text, _), layer): (&(&str, _), &Grown<abi::Layer>)| {
        let text = abi::Str { ptr: text.as_ptr(), len: text.len() };
        Grown::new(abi::Doc { text, layers: (&raw const *layer).cast(), n_layers: 1, flags: 0 })
    };
    let docs: Vec<_> = texts.iter().zip(&layers).map(doc).collect();
    let mut emitted = Emitted::new();
    let batch = Grown::new(abi::Batch {
        size: size_of::<Grown<abi::Batch>>() as u32,
        n_docs: docs.len() as u32,
        doc_stride: size_of::<Grown<abi::Doc>>() as u32,
        layer_stride: size_of::<Grown<abi::Layer>>() as u32,
        col_stride: size_of::<Grown<abi::Column>>() as u32,
        stage,
        docs: docs.as_ptr().cast(),
        host: &raw const host.0,
        out: (&raw mut emitted).cast(),
    });
    let options = abi::Str { ptr: b"{}".as_ptr(), len: 2 };
    // SAFETY: the calls are in the order of the interface, and all they lead to lives through them.
    unsafe {
        let instance = table.create.unwrap()(stage, &raw const host.0, options, std::ptr::null_mut());
        assert!(!instance.is_null());
        let worker = table.worker_new.map_or(std::ptr::null_mut(), |new| new(instance));
        assert_eq!(table.process.unwrap()(instance, worker, &raw const batch.0), 0);
        if let Some(free) = table.worker_free.filter(|_| !worker.is_null()) {
            free(worker);
        }
        table.destroy.unwrap()(instance);
    }
    emitted
}

#[test]
fn larger_structures_are_walked_by_their_strides() {
    let (one, two) = ([Span::new(0, 4), Span::new(5, 8)], [Span::new(0, 2)]);
    let texts = [("Anna met", &one[..]), ("Bo", &two[..]), ("", &[][..])];
    // Of the Rust library the stage `fixture.caps`, which is its third; its symbol here is the word's length.
    let caps = run(rust_library(), 2, &texts);
    assert_eq!(caps, [(0, 0, vec![one[0]], vec![3]), (1, 0, vec![two[0]], vec![3])]);
    let first = run(&c_library(&folder("grown"), "grown", &[]), 0, &texts);
    assert_eq!(first, [(0, 0, vec![one[0]], vec![5]), (1, 0, vec![two[0]], vec![5])]);
}

#[test]
fn a_smaller_table_is_filled_as_far_as_it_goes() {
    let host = host();
    let c = c_library(&folder("smaller"), "smaller", &[]);
    let known = std::mem::offset_of!(abi::Plugin, get_extension) as u32;
    for library in [rust_library(), &c] {
        let table = enter(library, &host, known);
        assert_eq!(table.size, known);
        assert!(table.create.is_some() && table.process.is_some() && table.get_extension.is_none());
    }
}
