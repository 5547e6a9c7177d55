//! Standard input, read by a thread of its own so that nobody waits for it once the user wants to stop.

use std::io::{self, Read};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;

use crate::interrupt;

const PIECE: usize = 128 << 10;
/// How soon an interrupted run notices while nothing comes in.
const PATIENCE: Duration = Duration::from_millis(50);

/// Whether standard input was left before its end.
static CUT: AtomicBool = AtomicBool::new(false);

/// Whether standard input was left before its end: what came last may be no whole document.
pub(super) fn cut() -> bool {
    CUT.load(Ordering::Relaxed)
}

/// Reads standard input; ends early when the run is interrupted.
pub(super) struct StandardInput {
    pieces: Receiver<io::Result<Vec<u8>>>,
    piece: io::Cursor<Vec<u8>>,
}

impl StandardInput {
    /// Starts to read. The thread ends with the input or with the program.
    pub(super) fn start() -> Self {
        let (sender, pieces) = sync_channel(2);
        std::thread::spawn(move || pump(&sender));
        Self { pieces, piece: io::Cursor::default() }
    }

    fn next(&self) -> io::Result<Option<Vec<u8>>> {
        loop {
            match self.pieces.recv_timeout(PATIENCE) {
                Ok(piece) => return piece.map(Some),
                Err(RecvTimeoutError::Disconnected) => return Ok(None),
                Err(RecvTimeoutError::Timeout) if interrupt::asked() => {
                    CUT.store(true, Ordering::Relaxed);
                    return Ok(None);
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }
}

fn pump(sender: &SyncSender<io::Result<Vec<u8>>>) {
    let mut stdin = io::stdin().lock();
    loop {
        let mut piece = vec![0; PIECE];
        let piece = match stdin.read(&mut piece) {
            Ok(0) => return,
            Ok(read) => {
                piece.truncate(read);
                Ok(piece)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => Err(error),
        };
        let failed = piece.is_err();
        if sender.send(piece).is_err() || failed {
            return;
        }
    }
}

impl Read for StandardInput {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.piece.read(buffer)?;
        if read > 0 || buffer.is_empty() {
            return Ok(read);
        }
        match self.next()? {
            Some(piece) => self.piece = io::Cursor::new(piece),
            None => return Ok(0),
        }
        self.piece.read(buffer)
    }
}
