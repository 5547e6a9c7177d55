//! Ctrl-C, and the signals that end a batch job.

use std::sync::atomic::{AtomicBool, Ordering};

static ASKED: AtomicBool = AtomicBool::new(false);

/// From now on the first signal asks the run to finish what is in flight; the second ends the program at once.
pub(crate) fn listen() {
    let heard = || {
        if ASKED.swap(true, Ordering::SeqCst) {
            // As a shell counts a program that Ctrl-C ended.
            std::process::exit(130);
        }
    };
    // A second call, as in tests, changes nothing; without a handler signals end the program, as they do by default.
    let _ = ctrlc::set_handler(heard);
}

/// Whether the run is to stop.
pub(crate) fn asked() -> bool {
    ASKED.load(Ordering::SeqCst)
}
