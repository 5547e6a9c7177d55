//! The records of a chunk while they are made.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Sender};

use crate::engine::News;

/// Bytes that are written at once: a little less than a megabyte, so that a buffer that grows by doubling stays at one.
const PART: usize = 15 << 16;

/// The records of a chunk: bytes to append to. The record of a very long document need never be held as a whole: where
/// its maker [pauses](Records::pause), what is there may be written.
#[derive(Default)]
pub struct Records {
    bytes: Vec<u8>,
    writer: Option<Writer>,
}

/// The way to the writer, for a chunk.
pub(crate) struct Writer {
    /// Its number.
    pub(crate) number: u64,
    /// Number of the chunk that is to be written next.
    pub(crate) turn: Arc<AtomicU64>,
    pub(crate) news: Sender<News>,
}

impl Records {
    /// Records of a chunk, in a buffer that is used again.
    pub(crate) fn new(bytes: Vec<u8>, writer: Writer) -> Self {
        Self { bytes, writer: Some(writer) }
    }

    /// What has not been written.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// To be called now and then within a record that may be long; nothing that was appended may be changed after.
    #[inline]
    pub fn pause(&mut self) {
        if self.bytes.len() >= PART {
            self.hand_on();
        }
    }

    /// Has what is there written, if it is the chunk's turn; waits for that, so that parts do not pile up.
    #[cold]
    fn hand_on(&mut self) {
        let Some(Writer { number, turn, news }) = &self.writer else { return };
        if turn.load(Ordering::Acquire) != *number {
            return;
        }
        let (back, written) = mpsc::sync_channel(1);
        let sent = news.send(News::Part(std::mem::take(&mut self.bytes), back));
        // Where the writer has gone the run is over, and the rest is for nobody.
        self.bytes = sent.ok().and_then(|()| written.recv().ok()).unwrap_or_default();
    }
}

impl Deref for Records {
    type Target = Vec<u8>;

    fn deref(&self) -> &Vec<u8> {
        &self.bytes
    }
}

impl DerefMut for Records {
    fn deref_mut(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }
}
