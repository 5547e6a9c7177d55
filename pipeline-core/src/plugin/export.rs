//! A stage as the boundary sees it: the functions of [`abi::Plugin`], for linked and loaded stages alike.

use core::ffi::c_void;
use std::any::Any;

use super::guard::{guard, install_hook};
use super::host_ref::{HostRef, str_from};
use super::out::{Out, report};
use super::view::{Doc, Frame, Shape};
use super::{Table, abi};
use crate::stage::{BatchStage, Init};
use crate::{Error, ErrorCode, Result};

/// The documents of one call, for stages that override [`BatchStage::process_batch`].
pub struct Batch<'a> {
    raw: &'a abi::Batch,
    frame: &'a Frame<'a>,
    tables: &'a mut [Table],
    cols: &'a mut Vec<abi::Column>,
}

impl<'a> Batch<'a> {
    /// How many documents.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.raw.n_docs as usize
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.raw.n_docs == 0
    }

    /// A document by index.
    ///
    /// # Panics
    /// When there are not that many.
    #[must_use]
    pub fn doc(&self, index: usize) -> Doc<'a> {
        assert!(index < self.len(), "document {index} of a batch of {}", self.len());
        // SAFETY: the host passes `n_docs` documents, `doc_stride` bytes apart, that live as long as the batch.
        let raw = unsafe { &*self.raw.docs.byte_add(index * self.raw.doc_stride as usize) };
        Doc::new(raw, self.frame)
    }

    /// Runs `f` for one document, and hands what it put out to the host; an error or panic is that document's.
    /// Returns whether it panicked.
    pub fn document(&mut self, index: usize, f: impl FnOnce(Doc<'_>, &mut Out<'_>) -> Result) -> bool {
        let doc = self.doc(index);
        let mut out = Out::new(self.tables, self.frame.shape, doc);
        let result = guard(|| f(doc, &mut out));
        // SAFETY: `out` is this batch's, and this is the thread it was handed to.
        let mut flush = || unsafe { out.flush(index as u32, self.raw.out, self.cols) };
        let error = match result {
            Ok(()) => match flush() {
                Ok(()) => return false,
                Err(error) => error,
            },
            Err(error) if error.code == ErrorCode::Skipped => flush().err().unwrap_or(error),
            Err(error) => error,
        };
        // SAFETY: as above.
        unsafe { report(self.frame, index as u32, &error, self.raw.out) };
        error.code == ErrorCode::Panic
    }

    /// Runs `f` for each document in turn; after a panic the worker is made anew.
    pub fn each<W>(
        &mut self,
        worker: &mut W,
        renew: impl Fn() -> W,
        f: impl Fn(&mut W, Doc<'_>, &mut Out<'_>) -> Result,
    ) {
        for index in 0..self.len() {
            if self.document(index, |doc, out| f(worker, doc, out)) {
                // What the panic left behind may not be fit to drop either.
                std::mem::forget(std::mem::replace(worker, renew()));
            }
        }
    }
}

/// An instance of any stage.
pub trait Instance: Send + Sync {
    /// Makes a worker of this instance.
    fn worker(&self) -> Box<dyn Any + Send>;
    /// Works on a batch; the worker is of this instance or there is none.
    ///
    /// # Safety
    /// `batch` must be as the interface says.
    unsafe fn process(&self, worker: Option<&mut (dyn Any + Send)>, batch: &abi::Batch) -> i32;
}

struct Running<S> {
    stage: S,
    shape: Shape,
}

struct WorkerOf<W> {
    /// Made when it is needed; none after a panic that may have left it broken.
    state: Option<W>,
    tables: Vec<Table>,
    cols: Vec<abi::Column>,
}

// SAFETY: `cols` is scratch that holds pointers only during a call.
unsafe impl<W: Send> Send for WorkerOf<W> {}

impl<S: BatchStage> Running<S> {
    fn fresh(&self) -> WorkerOf<S::Worker> {
        WorkerOf { state: None, tables: Out::tables(&self.shape), cols: Vec::new() }
    }

    /// # Safety
    /// As [`Instance::process`].
    unsafe fn run(&self, worker: &mut WorkerOf<S::Worker>, raw: &abi::Batch) {
        // SAFETY: the batch names the host, which outlives it.
        let host = unsafe { HostRef::new(raw.host) };
        let frame = Frame {
            shape: &self.shape,
            host,
            layer_stride: raw.layer_stride as usize,
            col_stride: raw.col_stride as usize,
        };
        let mut batch = Batch { raw, frame: &frame, tables: &mut worker.tables, cols: &mut worker.cols };
        let state = worker.state.get_or_insert_with(|| self.stage.worker());
        self.stage.process_batch(state, &mut batch);
    }

    /// A panic outside any document (in a worker's making, or between documents) fails them all, with its message.
    ///
    /// # Safety
    /// As [`Instance::process`].
    unsafe fn fail(&self, worker: &mut WorkerOf<S::Worker>, raw: &abi::Batch, error: &Error) {
        // What the panic left behind may not be fit to drop.
        std::mem::forget(worker.state.take());
        // SAFETY: as in `run`.
        let host = unsafe { HostRef::new(raw.host) };
        let frame = Frame { shape: &self.shape, host, layer_stride: 0, col_stride: 0 };
        // SAFETY: `out` is this batch's, and this is the thread it was handed to.
        (0..raw.n_docs).for_each(|index| unsafe { report(&frame, index, error, raw.out) });
    }
}

impl<S: BatchStage> Instance for Running<S> {
    fn worker(&self) -> Box<dyn Any + Send> {
        Box::new(self.fresh())
    }

    unsafe fn process(&self, worker: Option<&mut (dyn Any + Send)>, batch: &abi::Batch) -> i32 {
        let worker = worker.and_then(|worker| worker.downcast_mut::<WorkerOf<S::Worker>>());
        let mut fresh = None;
        let worker = worker.unwrap_or_else(|| fresh.insert(self.fresh()));
        let result = guard(|| {
            // SAFETY: passed on.
            unsafe { self.run(worker, batch) };
            Ok(())
        });
        if let Err(error) = result {
            // SAFETY: passed on.
            unsafe { self.fail(worker, batch, &error) };
        }
        0
    }
}

/// Makes instances of one stage.
pub type Maker = fn(&Init<'_>) -> Result<Box<dyn Instance>>;

/// The maker of a stage.
///
/// # Errors
/// Those of the stage.
pub fn make<S: BatchStage>(cx: &Init<'_>) -> Result<Box<dyn Instance>> {
    Ok(Box::new(Running { stage: S::new(cx)?, shape: Shape::new(&S::INFO) }))
}

/// What an instance is behind its pointer.
type Handle = Box<dyn Instance>;
/// What a worker is behind its pointer.
type WorkerHandle = Box<dyn Any + Send>;

/// Body of [`abi::Plugin::create`].
///
/// # Safety
/// As the interface says of `create`.
pub unsafe fn create(
    makers: &[Maker],
    stage: u32,
    host: *const abi::Host,
    config: abi::Str,
    err: *mut abi::ErrBuf,
) -> *mut c_void {
    let result = guard(|| {
        let maker = makers.get(stage as usize);
        let maker = maker.ok_or_else(|| Error::new(format!("there is no stage number {stage}")))?;
        // SAFETY: host and options live until `create` returns; symbols and log are used within it.
        let cx = unsafe { Init { host: HostRef::new(host), config: str_from(config) } };
        maker(&cx)
    });
    match result {
        Ok(instance) => Box::into_raw(Box::new(instance)).cast(),
        Err(error) => {
            // SAFETY: the host's buffer, valid during the call.
            unsafe { tell(err, &error) };
            core::ptr::null_mut()
        }
    }
}

/// Writes an error's words into the host's buffer, cut at a character.
unsafe fn tell(err: *mut abi::ErrBuf, error: &Error) {
    // SAFETY: by the interface the buffer is null or has `cap` writable bytes.
    unsafe {
        let Some(err) = err.as_mut() else { return };
        let message = match error.code {
            ErrorCode::Stage => error.message.clone(),
            code => format!("{code}: {}", error.message),
        };
        let mut len = message.len().min(err.cap as usize);
        while !message.is_char_boundary(len) {
            len -= 1;
        }
        core::ptr::copy_nonoverlapping(message.as_ptr(), err.buf, len);
        err.len = len as u32;
    }
}

unsafe extern "C" fn destroy(inst: *mut c_void) {
    let _ = guard(|| {
        // SAFETY: made by `create`, and handed back once.
        drop(unsafe { Box::from_raw(inst.cast::<Handle>()) });
        Ok(())
    });
}

unsafe extern "C" fn worker_new(inst: *mut c_void) -> *mut c_void {
    // SAFETY: made by `create`.
    let instance = unsafe { &*inst.cast::<Handle>() };
    match guard(|| Ok(instance.worker())) {
        Ok(worker) => Box::into_raw(Box::<WorkerHandle>::new(worker)).cast(),
        Err(_) => core::ptr::null_mut(),
    }
}

unsafe extern "C" fn worker_free(worker: *mut c_void) {
    let _ = guard(|| {
        // SAFETY: made by `worker_new`, and handed back once.
        drop(unsafe { Box::from_raw(worker.cast::<WorkerHandle>()) });
        Ok(())
    });
}

unsafe extern "C" fn process(inst: *mut c_void, worker: *mut c_void, batch: *const abi::Batch) -> i32 {
    // SAFETY: made by `create` and `worker_new`; the worker is this call's alone; the batch is valid during it.
    unsafe {
        let worker = worker.cast::<WorkerHandle>().as_mut().map(AsMut::as_mut);
        (*inst.cast::<Handle>()).process(worker, &*batch)
    }
}

/// Signature of [`abi::Plugin::create`].
pub type Create = unsafe extern "C" fn(u32, *const abi::Host, abi::Str, *mut abi::ErrBuf) -> *mut c_void;

/// The functions of a library whose `create` is given.
#[must_use]
pub const fn table(create: Create) -> abi::Plugin {
    abi::Plugin {
        size: size_of::<abi::Plugin>() as u32,
        flags: 0,
        create: Some(create),
        destroy: Some(destroy),
        worker_new: Some(worker_new),
        worker_free: Some(worker_free),
        process: Some(process),
        get_extension: None,
    }
}

/// Body of the entry function of a loaded library.
///
/// # Safety
/// As the interface says of the entry function.
pub unsafe fn entry(create: Create, out: *mut abi::Plugin) -> i32 {
    install_hook();
    let full = table(create);
    // SAFETY: the host passes its structure, zeroed, with its own size; no more than that is written.
    unsafe {
        let size = (*out).size.min(full.size);
        core::ptr::copy_nonoverlapping((&raw const full).cast::<u8>(), out.cast(), size as usize);
        (*out).size = size;
    }
    0
}

/// `create` of a stage that is linked in.
#[cfg(feature = "host")]
pub(crate) unsafe extern "C" fn create_linked<S: BatchStage>(
    stage: u32,
    host: *const abi::Host,
    config: abi::Str,
    err: *mut abi::ErrBuf,
) -> *mut c_void {
    // SAFETY: passed on.
    unsafe { create(&[make::<S>], stage, host, config, err) }
}

/// Exports stages from a library: once in a `cdylib`, with the types of its stages.
///
/// ```ignore
/// pipeline_core::export_plugin!(Caps);
/// ```
#[macro_export]
macro_rules! export_plugin {
    ($($stage:ty),+ $(,)?) => {
        const _: () = {
            use $crate::plugin::{abi, export};
            const META: $crate::PluginMeta = $crate::PluginMeta {
                id: env!("CARGO_PKG_NAME"),
                version: env!("CARGO_PKG_VERSION"),
                license: env!("CARGO_PKG_LICENSE"),
            };
            const STAGES: &[$crate::StageInfo] = &[$(<$stage as $crate::BatchStage>::INFO),+];
            const CARD: usize = $crate::card_len(&META, STAGES);

            #[allow(non_upper_case_globals)]
            #[used]
            #[unsafe(no_mangle)]
            pub static pipeline_plugin_decl: abi::Decl<CARD> = $crate::declare::<CARD>(&META, STAGES);

            unsafe extern "C" fn create(
                stage: u32,
                host: *const abi::Host,
                config: abi::Str,
                err: *mut abi::ErrBuf,
            ) -> *mut ::core::ffi::c_void {
                unsafe { export::create(&[$(export::make::<$stage>),+], stage, host, config, err) }
            }

            #[unsafe(no_mangle)]
            pub unsafe extern "C" fn pipeline_plugin_entry_v1(
                _host: *const abi::Host,
                out: *mut abi::Plugin,
                _err: *mut abi::ErrBuf,
            ) -> i32 {
                unsafe { export::entry(create, out) }
            }
        };
    };
}
