//! The host as a stage sees it.

use core::ffi::c_void;
use core::marker::PhantomData;
use core::slice;

use super::{Sym, abi};

/// The host, as a stage may use it.
#[derive(Clone, Copy)]
pub struct HostRef<'a> {
    raw: *const abi::Host,
    life: PhantomData<&'a abi::Host>,
}

// SAFETY: the interface allows `intern`, `sym_text`, `log` and `should_stop` from any thread.
unsafe impl Send for HostRef<'_> {}
// SAFETY: as above.
unsafe impl Sync for HostRef<'_> {}

impl<'a> HostRef<'a> {
    /// # Safety
    /// `raw` must be the host's structure and stay valid for `'a`.
    pub(crate) const unsafe fn new(raw: *const abi::Host) -> Self {
        Self { raw, life: PhantomData }
    }

    pub(crate) fn raw(&self) -> &abi::Host {
        // SAFETY: valid for 'a, by the contract of `new`.
        unsafe { &*self.raw }
    }

    /// The number of a word in the run's table of symbols; [`Sym::EMPTY`] where the table is full.
    #[must_use]
    pub fn intern(&self, word: &str) -> Sym {
        let host = self.raw();
        // SAFETY: `data` is the host's own; the word outlives the call.
        host.intern.map_or(Sym::EMPTY, |intern| Sym(unsafe { intern(host.data, str_of(word)) }))
    }

    /// The word of a number.
    #[must_use]
    pub fn text(&self, sym: Sym) -> &'a str {
        let host = self.raw();
        // SAFETY: words live as long as the run, and the host hands out UTF-8.
        host.sym_text.map_or("", |text| unsafe { str_from(text(host.data, sym.0)) })
    }

    /// Writes to the host's log: 1 error, 2 warning, 3 information, 4 detail, 5 trace.
    pub fn log(&self, level: u32, message: &str) {
        let host = self.raw();
        if let Some(log) = host.log {
            // SAFETY: `data` is the host's own; the message outlives the call.
            unsafe { log(host.data, level, str_of(message)) }
        }
    }

    /// Functions of the host beyond its structure, by id (`vendor.name/1`); they live as long as the host.
    #[must_use]
    pub fn extension(&self, id: &str) -> Option<core::ptr::NonNull<c_void>> {
        let host = self.raw();
        // SAFETY: `data` is the host's own; the id outlives the call.
        let found = host.get_extension.map(|get| unsafe { get(host.data, str_of(id)) });
        found.and_then(|found| core::ptr::NonNull::new(found.cast_mut()))
    }

    /// Whether the run is being stopped: a stage that takes long per document may return early.
    #[must_use]
    pub fn should_stop(&self) -> bool {
        let host = self.raw();
        // SAFETY: `data` is the host's own.
        host.should_stop.is_some_and(|stop| unsafe { stop(host.data) } != 0)
    }
}

/// A text as it crosses the boundary.
pub(crate) const fn str_of(text: &str) -> abi::Str {
    abi::Str { ptr: text.as_ptr(), len: text.len() }
}

/// # Safety
/// `raw` must be UTF-8 that stays valid for `'a`.
pub(crate) const unsafe fn str_from<'a>(raw: abi::Str) -> &'a str {
    if raw.len == 0 {
        return "";
    }
    // SAFETY: by the contract.
    unsafe { core::str::from_utf8_unchecked(slice::from_raw_parts(raw.ptr, raw.len)) }
}
