//! The host's side: what it offers, and the instances it calls.

use core::ffi::c_void;
use core::ptr::NonNull;
use core::slice;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::host_ref::str_of;
use super::parallel;
use super::sink::{Call, Job, Sink, doc_error, emit};
use super::{Sym, abi};
use crate::document::Document;
use crate::intern::Interner;
use crate::plan::Input;
use crate::stage::Threads;

/// Receives what stages log: a level from 1 (error) to 5 (trace), and the words.
pub type Log = Box<dyn Fn(u32, &str) + Send + Sync>;

/// What stages can reach of a run.
pub(crate) struct RunContext {
    pub(crate) symbols: Interner,
    pub(crate) stop: AtomicBool,
    log: Log,
}

/// The host as the boundary sees it. The structure and what it points to stay where they are.
///
/// Behind plain pointers: a box that moves claims what it holds for itself alone, and stages keep pointers to both.
pub(crate) struct HostSide {
    raw: NonNull<abi::Host>,
    context: NonNull<RunContext>,
}

// SAFETY: both pointers are its own; what they lead to is never changed, or shared safely.
unsafe impl Send for HostSide {}
// SAFETY: as above.
unsafe impl Sync for HostSide {}

impl HostSide {
    pub(crate) fn new(log: Log) -> Self {
        let context = RunContext { symbols: Interner::default(), stop: AtomicBool::new(false), log };
        let context = NonNull::from(Box::leak(Box::new(context)));
        let raw = abi::Host {
            size: size_of::<abi::Host>() as u32,
            abi_minor: u32::from(abi::ABI_MINOR),
            data: context.as_ptr().cast(),
            emit: Some(emit),
            doc_error: Some(doc_error),
            intern: Some(intern),
            sym_text: Some(sym_text),
            log: Some(log_message),
            should_stop: Some(should_stop),
            get_extension: Some(get_extension),
        };
        Self { raw: NonNull::from(Box::leak(Box::new(raw))), context }
    }

    /// Where the structure stands.
    pub(super) fn raw(&self) -> *const abi::Host {
        self.raw.as_ptr()
    }

    pub(crate) fn context(&self) -> &RunContext {
        // SAFETY: made by `new`, and there until `self` is dropped; only ever shared.
        unsafe { self.context.as_ref() }
    }
}

impl Drop for HostSide {
    fn drop(&mut self) {
        // SAFETY: both were boxes in `new`, and whatever was made with them has been ended before.
        unsafe {
            drop(Box::from_raw(self.raw.as_ptr()));
            drop(Box::from_raw(self.context.as_ptr()));
        }
    }
}

/// # Safety
/// `data` must be the one the host handed out.
unsafe fn context<'a>(data: *mut c_void) -> &'a RunContext {
    // SAFETY: it leads to the run's context, which outlives every instance.
    unsafe { &*data.cast::<RunContext>() }
}

unsafe extern "C" fn intern(data: *mut c_void, word: abi::Str) -> u32 {
    // SAFETY: by the interface; bytes that are not UTF-8 are replaced rather than trusted.
    let (context, word) = unsafe { (context(data), lossy(word)) };
    catch_unwind(AssertUnwindSafe(|| context.symbols.intern(&word).0)).unwrap_or(0)
}

unsafe extern "C" fn sym_text(data: *mut c_void, sym: u32) -> abi::Str {
    // SAFETY: by the interface.
    let context = unsafe { context(data) };
    str_of(catch_unwind(AssertUnwindSafe(|| context.symbols.text(Sym(sym)))).unwrap_or(""))
}

unsafe extern "C" fn log_message(data: *mut c_void, level: u32, message: abi::Str) {
    // SAFETY: by the interface.
    let (context, message) = unsafe { (context(data), lossy(message)) };
    let _ = catch_unwind(AssertUnwindSafe(|| (context.log)(level, &message)));
}

unsafe extern "C" fn should_stop(data: *mut c_void) -> u8 {
    // SAFETY: by the interface.
    u8::from(unsafe { context(data) }.stop.load(Ordering::Relaxed))
}

unsafe extern "C" fn get_extension(_data: *mut c_void, id: abi::Str) -> *const c_void {
    // SAFETY: by the interface.
    let id = unsafe { lossy(id) };
    if id == parallel::PARALLEL { parallel::get() } else { core::ptr::null() }
}

/// # Safety
/// `raw` must be readable.
unsafe fn lossy<'a>(raw: abi::Str) -> std::borrow::Cow<'a, str> {
    if raw.len == 0 || raw.ptr.is_null() {
        return "".into();
    }
    // SAFETY: by the contract.
    String::from_utf8_lossy(unsafe { slice::from_raw_parts(raw.ptr, raw.len) })
}

/// The functions behind a stage, and which of the library's stages it is.
#[derive(Clone, Copy)]
pub(crate) struct Functions {
    pub(crate) table: abi::Plugin,
    pub(crate) stage: u32,
}

/// A pointer that belongs to a plugin.
#[derive(Clone, Copy)]
struct Foreign(*mut c_void);
// SAFETY: the interface says from which threads each may be used; the code below keeps to it.
unsafe impl Send for Foreign {}
// SAFETY: as above.
unsafe impl Sync for Foreign {}

/// Longest text, in bytes, after which a worker is used again.
const KEEP_WORKER: usize = 4 << 20;

/// An instance with the workers that belong to it.
struct Unit {
    instance: Foreign,
    workers: Mutex<Vec<Foreign>>,
}

/// A stage ready to work: one instance, or one a worker, as its card says.
pub(crate) struct Runner {
    functions: Functions,
    threads: Threads,
    config: String,
    host: *const abi::Host,
    units: Mutex<Vec<Unit>>,
    shared: Option<Unit>,
    alone: Mutex<()>,
}

// SAFETY: the pointer leads to the host's structure, which outlives the runner and is shared safely.
unsafe impl Send for Runner {}
// SAFETY: as above.
unsafe impl Sync for Runner {}

impl Runner {
    /// Makes the instance. The host must outlive the runner.
    pub(crate) fn new(
        functions: Functions,
        threads: Threads,
        host: &HostSide,
        config: String,
    ) -> Result<Self, String> {
        let mut runner = Self {
            functions,
            threads,
            config,
            host: host.raw(),
            units: Mutex::default(),
            shared: None,
            alone: Mutex::default(),
        };
        let unit = runner.unit()?;
        match threads {
            Threads::PerWorker => lock(&runner.units).push(unit),
            Threads::Any | Threads::One => runner.shared = Some(unit),
        }
        Ok(runner)
    }

    fn unit(&self) -> Result<Unit, String> {
        let create = self.functions.table.create.ok_or("the library has no `create`")?;
        let mut bytes = vec![0u8; 4096];
        let mut err = abi::ErrBuf { buf: bytes.as_mut_ptr(), cap: bytes.len() as u32, len: 0 };
        // SAFETY: every argument lives through the call, as the interface asks.
        let instance = unsafe { create(self.functions.stage, self.host, str_of(&self.config), &raw mut err) };
        if instance.is_null() {
            bytes.truncate((err.len as usize).min(4096));
            let message = String::from_utf8_lossy(&bytes);
            return Err(if message.is_empty() { "it gave no reason".into() } else { message.into_owned() });
        }
        Ok(Unit { instance: Foreign(instance), workers: Mutex::default() })
    }

    /// Calls the stage; what it gives is in `scratch` then.
    pub(crate) fn process(&self, host: &HostSide, job: Job<'_>, scratch: &mut Scratch) -> Result<(), String> {
        match &self.shared {
            Some(unit) => {
                if self.threads == Threads::Any {
                    return self.call(unit, host, job, scratch);
                }
                let _alone = lock(&self.alone);
                parallel::one_at_a_time(|| self.call(unit, host, job, scratch))
            }
            None => {
                let idle = lock(&self.units).pop();
                let unit = idle.map_or_else(|| self.unit(), Ok)?;
                let result = self.call(&unit, host, job, scratch);
                lock(&self.units).push(unit);
                result
            }
        }
    }

    fn call(&self, unit: &Unit, host: &HostSide, job: Job<'_>, scratch: &mut Scratch) -> Result<(), String> {
        let process = self.functions.table.process.ok_or("the library has no `process`")?;
        scratch.views.fill(job);
        scratch.sink.open(job.active.len(), job.step);
        let mut call = Call { sink: &mut scratch.sink, job, symbols: &host.context().symbols };
        let batch = scratch.views.batch(self.functions.stage, host, (&raw mut call).cast());
        let worker = self.worker(unit);
        // SAFETY: instance and worker are the plugin's own, the worker is this call's alone, and the batch and
        // all it leads to live through the call.
        let status = unsafe { process(unit.instance.0, worker.0, &raw const batch) };
        self.put_back(unit, worker, job);
        scratch.sink.check_refs(job);
        if status < 0 { Err(format!("the stage gave up on the batch (status {status})")) } else { Ok(()) }
    }

    /// A worker from the pool, or a new one.
    fn worker(&self, unit: &Unit) -> Foreign {
        let idle = lock(&unit.workers).pop();
        idle.unwrap_or_else(|| match self.functions.table.worker_new {
            // SAFETY: the instance is the plugin's own.
            Some(new) => Foreign(unsafe { new(unit.instance.0) }),
            None => Foreign(core::ptr::null_mut()),
        })
    }

    /// A worker back to the pool; one that a very long text may have made large is freed, so that its memory is there
    /// for the stages after.
    fn put_back(&self, unit: &Unit, worker: Foreign, job: Job<'_>) {
        let longest = job.active.iter().map(|&number| job.docs[number].text.len()).max();
        if longest.is_some_and(|bytes| bytes > KEEP_WORKER) {
            return self.free(worker);
        }
        lock(&unit.workers).push(worker);
    }

    fn free(&self, worker: Foreign) {
        if let Some(free) = self.functions.table.worker_free.filter(|_| !worker.0.is_null()) {
            // SAFETY: made by `worker_new`, handed back once, and no call is running with it.
            unsafe { free(worker.0) };
        }
    }

    fn end(&self, unit: &Unit) {
        std::mem::take(&mut *lock(&unit.workers)).into_iter().for_each(|worker| self.free(worker));
        if let Some(destroy) = self.functions.table.destroy {
            // SAFETY: made by `create`, handed back once, and no call is running.
            unsafe { destroy(unit.instance.0) };
        }
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        let units = std::mem::take(&mut *lock(&self.units));
        units.iter().chain(self.shared.as_ref()).for_each(|unit| self.end(unit));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Memory of a task that is used again: views and what stages give.
#[derive(Default)]
pub(crate) struct Scratch {
    views: Views,
    pub(crate) sink: Sink,
    pub(crate) active: Vec<usize>,
}

/// Documents as the boundary sees them.
#[derive(Default)]
struct Views {
    cols: Vec<abi::Column>,
    layers: Vec<abi::Layer>,
    docs: Vec<abi::Doc>,
}

// SAFETY: the pointers are used only during a call, on one thread.
unsafe impl Send for Views {}

impl Views {
    /// Views of the documents with the layers of a step. They point into `docs`.
    fn fill(&mut self, Job { step, docs, active }: Job<'_>) {
        self.cols.clear();
        self.layers.clear();
        self.docs.clear();
        let n_cols: usize = step.inputs.iter().map(|input| input.cols.len()).sum();
        // Pointers into these are taken while they fill: they must not move.
        self.cols.reserve(n_cols * active.len());
        self.layers.reserve(step.inputs.len() * active.len());
        for &number in active {
            let doc = &docs[number];
            let first = self.layers.len();
            step.inputs.iter().for_each(|input| self.layer(doc, input));
            self.docs.push(abi::Doc {
                text: str_of(&doc.text),
                layers: self.layers[first..].as_ptr(),
                n_layers: step.inputs.len() as u32,
                flags: if doc.ascii { abi::DOC_ASCII } else { 0 },
            });
        }
    }

    fn layer(&mut self, doc: &Document, input: &Input) {
        let table = input.layer.and_then(|layer| doc.layer(layer));
        let first = self.cols.len();
        if let Some(table) = table {
            let cols = input.cols.iter().map(|col| match col {
                Some(col) => table.cols[*col].as_abi(),
                None => NO_COLUMN,
            });
            self.cols.extend(cols);
        }
        self.layers.push(abi::Layer {
            spans: table
                .filter(|table| !table.spans.is_empty())
                .map_or(core::ptr::null(), |table| table.spans.as_ptr()),
            cols: self.cols[first..].as_ptr(),
            len: table.map_or(0, |table| table.len as u32),
            n_cols: (self.cols.len() - first) as u32,
        });
    }

    fn batch(&self, stage: u32, host: &HostSide, out: *mut c_void) -> abi::Batch {
        abi::Batch {
            size: size_of::<abi::Batch>() as u32,
            n_docs: self.docs.len() as u32,
            doc_stride: size_of::<abi::Doc>() as u32,
            layer_stride: size_of::<abi::Layer>() as u32,
            col_stride: size_of::<abi::Column>() as u32,
            stage,
            docs: self.docs.as_ptr(),
            host: host.raw(),
            out,
        }
    }
}

const NO_COLUMN: abi::Column =
    abi::Column { data: core::ptr::null(), aux: core::ptr::null(), kind: 0, flags: 0 };

/// The functions of a stage that is linked in.
pub(crate) const fn linked<S: crate::BatchStage>() -> Functions {
    Functions { table: super::export::table(super::export::create_linked::<S>), stage: 0 }
}
