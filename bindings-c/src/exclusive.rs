//! A value that one thread at a time is in.

use core::cell::UnsafeCell;
use core::sync::atomic::{AtomicBool, Ordering};

use crate::status::{Answer, IIPTRAN_BUSY};

/// A value that one thread at a time is in. Two threads in one handle are a mistake of the caller, and get
/// IIPTRAN_BUSY instead of undefined behaviour; one uncontended atomic exchange for each call is what that
/// costs.
#[derive(Debug)]
pub(crate) struct Exclusive<T> {
    busy: AtomicBool,
    value: UnsafeCell<T>,
}

// SAFETY: the value is reached through `enter` alone, by one thread at a time.
unsafe impl<T: Send> Sync for Exclusive<T> {}

impl<T> Exclusive<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self {
            busy: AtomicBool::new(false),
            value: UnsafeCell::new(value),
        }
    }

    /// Runs `body` with the value. If that panics, the value stays busy, so that nobody sees it half done.
    pub(crate) fn enter<R>(&self, body: impl FnOnce(&mut T) -> Answer<R>) -> Answer<R> {
        if self.busy.swap(true, Ordering::Acquire) {
            return Err(IIPTRAN_BUSY);
        }
        // SAFETY: whoever found `busy` unset is alone until it is unset.
        let result = body(unsafe { &mut *self.value.get() });
        self.busy.store(false, Ordering::Release);
        result
    }
}
