//! The engine: chunks of documents through a pipeline on all cores, written in the order they came.
//!
//! One thread reads, Rayon's workers do everything else, and the calling thread writes. A chunk needs a permit
//! before it is read and gives it back when it is written, so memory is bounded by the chunks in flight, and
//! output that waits for its turn cannot pile up. Of the chunk whose turn it is, long records are written while they are
//! made.

use std::collections::BTreeMap;
use std::io;
use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use crate::document::Document;
use crate::pipeline::Pipeline;
use crate::records::Writer;

pub use crate::records::Records;

/// Where documents come from, before they are decoded.
pub trait Source: Send {
    /// A document as it lies in its file.
    type Raw: Send;

    /// Fills `chunk` with the next few; none at the end. Where it cuts may depend on the input only.
    ///
    /// # Errors
    /// When the input as a whole cannot be read on. What is wrong with one document is told in its record.
    fn next_chunk(&mut self, chunk: &mut Vec<Self::Raw>) -> io::Result<()>;

    /// Bytes a raw document takes.
    fn size(raw: &Self::Raw) -> usize;
}

/// A chunk that has been through, ready to be written.
#[derive(Debug, Default)]
pub struct Finished {
    /// Its records; those that were not written yet, where parts went before.
    pub bytes: Vec<u8>,
    /// Whether it is only a part of a chunk, which may end within a record. It counts nothing: the rest does.
    pub part: bool,
    /// Documents.
    pub docs: u64,
    /// Those with an error.
    pub failed: u64,
    /// Bytes of text.
    pub text_bytes: u64,
    /// Words.
    pub tokens: u64,
}

/// How a run is to go.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Threads that work; reading and writing have threads of their own that mostly wait.
    pub threads: NonZero<usize>,
    /// Bytes of raw input in flight at once; a single larger chunk still passes.
    pub bytes_in_flight: usize,
}

impl Options {
    /// So many threads, and 32 MB in flight.
    #[must_use]
    pub const fn new(threads: NonZero<usize>) -> Self {
        Self { threads, bytes_in_flight: 32 << 20 }
    }
}

/// Why a run ended early.
#[derive(Debug)]
pub enum RunError {
    /// The input could not be read on.
    Read(io::Error),
    /// The output could not be written on.
    Write(io::Error),
    /// A stage failed whose policy is to end the run.
    Stage(String),
    /// The worker threads could not be started.
    Threads(String),
}

/// What workers tell the writer.
pub(crate) enum News {
    /// A chunk is through.
    Chunk(u64, Slot),
    /// Records of the chunk whose turn it is; the buffer is to be given back.
    Part(Vec<u8>, SyncSender<Vec<u8>>),
}

/// A chunk on its way.
#[derive(Default)]
pub(crate) struct Slot {
    finished: Finished,
    docs: Vec<Document>,
    cost: Permits,
    error: Option<RunError>,
}

/// What the threads of a run share.
struct Shared {
    permits: Mutex<Permits>,
    freed: Condvar,
    stop: AtomicBool,
    /// Number of the chunk that is to be written next.
    turn: Arc<AtomicU64>,
    idle: Mutex<Vec<Slot>>,
}

#[derive(Clone, Copy, Default)]
struct Permits {
    chunks: usize,
    bytes: usize,
}

/// A chunk of more bytes, a long document mostly, counts as [`LARGE_CHUNKS`].
const LARGE: usize = 1 << 19;
/// One in work for each thread and one or two that wait are enough where each takes so long.
const LARGE_CHUNKS: usize = 3;
/// Bytes of the buffer for records that a chunk keeps.
const KEEP_BYTES: usize = 1 << 20;

/// Runs all documents of `source` through `pipeline`.
///
/// `load` decodes a raw document into an empty [`Document`]; `encode` writes the records of a chunk; both run on
/// the workers. `write` gets the chunks in the order of the input, and long records of the next in parts, on the
/// calling thread; it ends the run with an error, or with `Ok(false)`.
///
/// # Errors
/// The first thing that ended the run early; chunks before it have been written.
pub fn run<S: Source>(
    pipeline: &Pipeline,
    options: Options,
    mut source: S,
    load: impl Fn(S::Raw, &mut Document) + Sync,
    encode: impl Fn(&[Document], &mut Records) + Sync,
    mut write: impl FnMut(&Finished) -> io::Result<bool>,
) -> Result<(), RunError> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(options.threads.get()).build();
    let pool = pool.map_err(|error| RunError::Threads(error.to_string()))?;
    let shared = Shared::new(options);
    let (sender, receiver) = mpsc::channel();
    let (shared, load, encode) = (&shared, &load, &encode);
    pool.in_place_scope(|scope| {
        std::thread::scope(|threads| {
            threads.spawn(move || {
                let read = read(&mut source, shared, |number, chunk: Vec<S::Raw>, cost| {
                    let sender = sender.clone();
                    scope.spawn(move |_| {
                        let writer = Writer { number, turn: shared.turn.clone(), news: sender.clone() };
                        let work = || work(pipeline, shared, (chunk, cost), writer, load, encode);
                        let slot =
                            catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Slot::broken(cost));
                        // The writer may have gone already.
                        let _ = sender.send(News::Chunk(number, slot));
                    });
                });
                if let Err((number, error)) = read {
                    let slot = Slot { error: Some(RunError::Read(error)), ..Slot::default() };
                    let _ = sender.send(News::Chunk(number, slot));
                }
            });
            let result = collect(&receiver, shared, &mut write);
            if result.is_err() || shared.stopped() {
                pipeline.stop();
                shared.end();
            }
            result
        })
    })
}

impl Shared {
    fn new(options: Options) -> Self {
        let permits = Permits { chunks: 4 * options.threads.get(), bytes: options.bytes_in_flight };
        Self {
            permits: Mutex::new(permits),
            freed: Condvar::new(),
            stop: AtomicBool::new(false),
            turn: Arc::default(),
            idle: Mutex::default(),
        }
    }

    /// Waits until a chunk more may be in flight; `false` if the run is over.
    fn enter(&self) -> bool {
        let mut permits = lock(&self.permits);
        while (permits.chunks == 0 || permits.bytes == 0) && !self.stopped() {
            permits = self.freed.wait(permits).unwrap_or_else(PoisonError::into_inner);
        }
        permits.chunks = permits.chunks.saturating_sub(1);
        !self.stopped()
    }

    /// Charges the chunk that entered for its size; a large one may take all there is. Returns what was charged.
    fn charge(&self, bytes: usize) -> Permits {
        let mut permits = lock(&self.permits);
        let more = if bytes > LARGE { permits.chunks.min(LARGE_CHUNKS - 1) } else { 0 };
        let cost = Permits { chunks: 1 + more, bytes: bytes.min(permits.bytes) };
        permits.chunks -= more;
        permits.bytes -= cost.bytes;
        cost
    }

    fn leave(&self, cost: Permits) {
        let mut permits = lock(&self.permits);
        permits.chunks += cost.chunks;
        permits.bytes += cost.bytes;
        self.freed.notify_one();
    }

    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Acquire)
    }

    fn end(&self) {
        let _permits = lock(&self.permits);
        self.stop.store(true, Ordering::Release);
        self.freed.notify_all();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Reads chunks and hands them on, with their number and what they were charged.
fn read<S: Source>(
    source: &mut S,
    shared: &Shared,
    hand_on: impl Fn(u64, Vec<S::Raw>, Permits),
) -> Result<(), (u64, io::Error)> {
    for number in 0.. {
        if !shared.enter() {
            break;
        }
        let mut chunk = Vec::new();
        source.next_chunk(&mut chunk).map_err(|error| (number, error))?;
        if chunk.is_empty() {
            break;
        }
        let cost = shared.charge(chunk.iter().map(S::size).sum());
        hand_on(number, chunk, cost);
    }
    Ok(())
}

/// One chunk, from raw to records.
fn work<R>(
    pipeline: &Pipeline,
    shared: &Shared,
    (chunk, cost): (Vec<R>, Permits),
    writer: Writer,
    load: impl Fn(R, &mut Document),
    encode: impl Fn(&[Document], &mut Records),
) -> Slot {
    let mut slot = lock(&shared.idle).pop().unwrap_or_default();
    slot.cost = cost;
    if shared.stopped() {
        return slot;
    }
    let count = chunk.len();
    slot.docs.resize_with(count.max(slot.docs.len()), Document::default);
    let docs = &mut slot.docs[..count];
    for (raw, doc) in chunk.into_iter().zip(docs.iter_mut()) {
        doc.clear();
        load(raw, doc);
    }
    slot.error = pipeline.process(docs).err().map(RunError::Stage);
    if slot.error.is_none() {
        let mut records = Records::new(std::mem::take(&mut slot.finished.bytes), writer);
        encode(docs, &mut records);
        slot.finished.bytes = records.into_bytes();
    }
    slot.finished.count(docs, pipeline.plan().layer("tokens"));
    slot.trim();
    slot
}

impl Slot {
    /// Stages cannot get here: their panics stop at the boundary. The message went to the panic hook.
    fn broken(cost: Permits) -> Self {
        let error =
            RunError::Stage("a worker panicked outside any stage; this is a fault of the program".into());
        Self { cost, error: Some(error), ..Self::default() }
    }

    /// Gives back memory that large documents took: any of the places of a chunk may have held one, so that what is
    /// kept for each must be little. Making tables anew costs nothing beside the work on such a text.
    fn trim(&mut self) {
        const KEEP: usize = 4 << 10;
        self.docs.retain(|doc| doc.text.capacity() <= KEEP);
    }
}

impl Finished {
    fn count(&mut self, docs: &[Document], tokens: Option<usize>) {
        self.docs = docs.len() as u64;
        self.failed = docs.iter().filter(|doc| !doc.errors.is_empty()).count() as u64;
        self.text_bytes = docs.iter().map(|doc| doc.text.len() as u64).sum();
        let words =
            |doc: &Document| tokens.and_then(|layer| doc.layer(layer)).map_or(0, |table| table.len as u64);
        self.tokens = docs.iter().map(words).sum();
    }
}

/// Writes chunks in order as they come in.
fn collect(
    receiver: &Receiver<News>,
    shared: &Shared,
    write: &mut impl FnMut(&Finished) -> io::Result<bool>,
) -> Result<(), RunError> {
    let mut waiting = BTreeMap::new();
    let mut next = 0;
    let mut write = |finished: &Finished| {
        let go_on = write(finished).map_err(RunError::Write);
        if !matches!(go_on, Ok(true)) {
            shared.end();
        }
        go_on
    };
    for news in receiver {
        match news {
            News::Part(bytes, back) => {
                let mut finished = Finished { bytes, part: true, ..Finished::default() };
                if !write(&finished)? {
                    return Ok(());
                }
                finished.bytes.clear();
                // Whoever waits for it goes on without it, too.
                let _ = back.send(finished.bytes);
            }
            News::Chunk(number, slot) => {
                waiting.insert(number, slot);
            }
        }
        while let Some(mut slot) = waiting.remove(&next) {
            next += 1;
            if let Some(error) = slot.error.take() {
                shared.end();
                return Err(error);
            }
            if !write(&slot.finished)? {
                return Ok(());
            }
            shared.turn.store(next, Ordering::Release);
            shared.leave(slot.cost);
            slot.finished.bytes.clear();
            slot.finished.bytes.shrink_to(KEEP_BYTES);
            lock(&shared.idle).push(slot);
        }
    }
    Ok(())
}
