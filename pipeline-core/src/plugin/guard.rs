//! Panics stop here.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use crate::{Error, ErrorCode, Result};

thread_local! {
    static LAST: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Runs `f`; a panic becomes an error with its message, and its place where the hook is installed.
#[inline]
pub(crate) fn guard<R>(f: impl FnOnce() -> Result<R>) -> Result<R> {
    catch_unwind(AssertUnwindSafe(f)).unwrap_or_else(|payload| Err(caught(payload)))
}

#[cold]
fn caught(payload: Box<dyn Any + Send>) -> Error {
    // The hook's note, if it is of this panic: one that was passed on from elsewhere leaves none.
    let plain = describe(payload.as_ref());
    let noted = LAST.take().filter(|noted| noted.starts_with(&plain));
    let message = noted.unwrap_or(plain);
    // The payload's drop may panic in its turn: it is not run.
    std::mem::forget(payload);
    Error { code: ErrorCode::Panic, message }
}

/// Notes message and place of panics instead of printing them. For loaded libraries only, whose standard
/// library is their own: the host's hook stays as it is.
pub(crate) fn install_hook() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        std::panic::set_hook(Box::new(|info| {
            let place = info.location().map_or_else(String::new, |place| format!(" at {place}"));
            let message = format!("{}{place}", describe(info.payload()));
            LAST.with(|last| *last.borrow_mut() = Some(message));
        }));
    });
}

fn describe(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    format!("panicked: {}", text.unwrap_or("(no message)"))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("dropped");
        }
    }

    #[test]
    fn panics_become_errors_whatever_they_carry() {
        let error = guard(|| -> Result { panic!("no {}", 1) }).unwrap_err();
        assert_eq!((error.code(), error.message()), (ErrorCode::Panic, "panicked: no 1"));
        let error = guard(|| -> Result { std::panic::panic_any(Bomb) }).unwrap_err();
        assert_eq!(error.message(), "panicked: (no message)");
    }
}
