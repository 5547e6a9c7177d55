//! `pipeline.parallel/1`: a loop on the host's threads, for stages that split up the work of one document.
//!
//! A library that starts threads of its own competes with the engine, which has one for each core already.

use core::ffi::c_void;
use core::marker::PhantomData;
use std::sync::Mutex;

use super::HostRef;

/// Id of the extension.
pub const PARALLEL: &str = "pipeline.parallel/1";

/// What the host hands out under [`PARALLEL`].
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct RawParallel {
    /// Size of this structure in bytes.
    pub size: u32,
    /// Reserved, zero.
    pub flags: u32,
    /// Calls `body(context, index)` for every index below `count`, on any threads and in any order, and returns when
    /// all have returned. On a thread that is not the host's, and in stages that take one call at a time, the calls
    /// come one after the other on the same thread.
    pub for_each: Option<
        unsafe extern "C" fn(
            count: u32,
            context: *mut c_void,
            body: unsafe extern "C" fn(context: *mut c_void, index: u32),
        ),
    >,
}

/// A loop on the host's threads.
#[derive(Clone, Copy)]
pub struct Parallel<'a> {
    raw: Option<RawParallel>,
    life: PhantomData<&'a RawParallel>,
}

impl<'a> HostRef<'a> {
    /// A loop on the host's threads; on a host that offers none, the calls come one after the other.
    #[must_use]
    pub fn parallel(&self) -> Parallel<'a> {
        let raw = self.extension(PARALLEL).map(|raw| {
            // SAFETY: this is what the id stands for, and it lives as long as the host.
            unsafe { *raw.cast::<RawParallel>().as_ptr() }
        });
        Parallel { raw, life: PhantomData }
    }
}

struct Loop<'a, F> {
    body: &'a F,
    panicked: Mutex<Option<crate::Error>>,
}

unsafe extern "C" fn call<F: Fn(u32) + Sync>(context: *mut c_void, index: u32) {
    // SAFETY: `for_each` below passes its own structure, which outlives the loop.
    let state = unsafe { &*context.cast::<Loop<'_, F>>() };
    let result = super::guard::guard(|| {
        (state.body)(index);
        Ok(())
    });
    if let Err(error) = result {
        let mut first = state.panicked.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        first.get_or_insert(error);
    }
}

impl Parallel<'_> {
    /// Calls `body` for every index below `count`, on any threads and in any order.
    ///
    /// # Panics
    /// When a call did, once all have ended, with the message of one of them.
    pub fn for_each<F: Fn(u32) + Sync>(&self, count: u32, body: F) {
        let Some(for_each) = self.raw.and_then(|raw| raw.for_each) else {
            return (0..count).for_each(body);
        };
        let state = Loop { body: &body, panicked: Mutex::new(None) };
        // SAFETY: the context is what `call` expects, shared by calls that only read it.
        unsafe { for_each(count, (&raw const state).cast_mut().cast(), call::<F>) };
        let panicked = state.panicked.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(error) = panicked {
            panic!("in a parallel loop: {}", error.message());
        }
    }
}

#[cfg(feature = "host")]
pub(super) use offer::{get, one_at_a_time};

#[cfg(feature = "host")]
mod offer {
    use std::cell::Cell;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use rayon::iter::{IntoParallelIterator, ParallelIterator};

    use super::{RawParallel, c_void};

    static OFFER: RawParallel =
        RawParallel { size: size_of::<RawParallel>() as u32, flags: 0, for_each: Some(for_each) };

    thread_local! {
        static ALONE: Cell<bool> = const { Cell::new(false) };
    }

    /// What is handed out under the id.
    pub(in super::super) fn get() -> *const c_void {
        (&raw const OFFER).cast()
    }

    /// Runs a call of a stage that takes one at a time. A loop that waits for its parts may run another chunk on
    /// this thread meanwhile, which would wait for the very call that waits for it.
    pub(in super::super) fn one_at_a_time<R>(call: impl FnOnce() -> R) -> R {
        let before = ALONE.replace(true);
        let result = call();
        ALONE.set(before);
        result
    }

    struct Context(*mut c_void);
    // SAFETY: the interface asks of the caller that the context may be used from any thread.
    unsafe impl Sync for Context {}

    unsafe extern "C" fn for_each(
        count: u32,
        context: *mut c_void,
        body: unsafe extern "C" fn(*mut c_void, u32),
    ) {
        let context = Context(context);
        // SAFETY: both are the caller's, valid until this returns.
        let one = |index| unsafe { body(context_of(&context), index) };
        let serial = ALONE.get() || rayon::current_thread_index().is_none();
        let _ = catch_unwind(AssertUnwindSafe(|| {
            if serial { (0..count).for_each(one) } else { (0..count).into_par_iter().for_each(one) }
        }));
    }

    /// The pointer, through a reference to the whole: closures would otherwise capture the bare field.
    const fn context_of(context: &Context) -> *mut c_void {
        context.0
    }
}
