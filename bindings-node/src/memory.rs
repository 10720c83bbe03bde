//! Bytes in JavaScript's memory: read from there and written there, and never lent.
//!
//! Rust may not hold a reference to what something else may write: JavaScript that runs in between may
//! detach a buffer or resize it, and two views may show the same bytes. So a [`View`] is an address and
//! a length that are good until JavaScript runs next, and its bytes are copied. Memory that other
//! threads share is refused, as nothing can be copied out of it without a race.
#![allow(
    unsafe_code,
    reason = "Node tells addresses and lengths; see each SAFETY"
)]

use std::marker::PhantomData;
use std::ptr;

use napi::bindgen_prelude::{JsValue, Unknown};
use napi::{Env, Error, Result, Status, sys};

use crate::fault;

/// What the elements of a typed array are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Elements {
    /// `Uint8Array`, and so `Buffer`.
    Bytes,
    /// `BigUint64Array`.
    Words,
}

/// The bytes of a typed array, as long as no JavaScript runs.
#[derive(Clone, Copy)]
pub(crate) struct View<'now> {
    start: *mut u8,
    length: usize,
    now: PhantomData<&'now ()>,
}

impl View<'_> {
    /// The bytes of a typed array. No JavaScript runs in here, and none may run while the view is used.
    pub(crate) fn of(env: &Env, array: &Unknown<'_>, elements: Elements) -> Result<Self> {
        let (raw, value) = (env.raw(), array.raw());
        let mut is_typed = false;
        // SAFETY: environment and value are those of the call that runs; the result is written.
        check(unsafe { sys::napi_is_typedarray(raw, value, &raw mut is_typed) })?;
        if !is_typed {
            return Err(wrong_type());
        }
        let (mut kind, mut count) = (0, 0);
        let (mut start, mut buffer) = (ptr::null_mut(), ptr::null_mut());
        // SAFETY: the value is a typed array; the results that are wanted are written.
        check(unsafe {
            sys::napi_get_typedarray_info(
                raw,
                value,
                &raw mut kind,
                &raw mut count,
                &raw mut start,
                &raw mut buffer,
                ptr::null_mut(),
            )
        })?;
        let (wanted, size) = match elements {
            Elements::Bytes => (sys::TypedarrayType::uint8_array, 1),
            Elements::Words => (sys::TypedarrayType::biguint64_array, 8),
        };
        if kind != wanted {
            return Err(wrong_type());
        }
        let mut is_own = false;
        // SAFETY: as above; a `SharedArrayBuffer` is no `ArrayBuffer`.
        check(unsafe { sys::napi_is_arraybuffer(raw, buffer, &raw mut is_own) })?;
        if !is_own {
            return Err(fault::misuse(
                env,
                "shared-buffer",
                "the buffer is shared with other threads, which may write to it in between",
            ));
        }
        Ok(Self {
            start: start.cast(),
            length: count.saturating_mul(size),
            now: PhantomData,
        })
    }

    pub(crate) const fn len(&self) -> usize {
        self.length
    }

    /// Its addresses: the first, and the first behind.
    pub(crate) fn addresses(&self) -> (usize, usize) {
        let start = self.start.addr();
        (start, start.saturating_add(self.length))
    }

    /// Reads `length` bytes from `from` on into `bytes`, whose contents they replace; as many as there
    /// are.
    pub(crate) fn read(&self, from: usize, length: usize, bytes: &mut Vec<u8>) {
        bytes.clear();
        let from = from.min(self.length);
        let length = length.min(self.length.saturating_sub(from));
        if length == 0 {
            return;
        }
        bytes.reserve(length);
        // SAFETY: Node says that `self.length` bytes lie at `start`, and nothing ran since; the range is
        // inside of them and not empty, so `start` is no null pointer. There is room in `bytes`, which is
        // Rust's and so not the same memory, and `length` bytes of it are written before they count.
        unsafe {
            ptr::copy_nonoverlapping(self.start.add(from), bytes.as_mut_ptr(), length);
            bytes.set_len(length);
        }
    }

    /// All bytes.
    pub(crate) fn to_vec(self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.read(0, self.length, &mut bytes);
        bytes
    }

    /// Writes bytes from `at` on; none at all unless there is room for all.
    pub(crate) fn write(&self, at: usize, bytes: &[u8]) {
        let end = at.checked_add(bytes.len());
        if bytes.is_empty() || end.is_none_or(|end| end > self.length) {
            return;
        }
        // SAFETY: as in `read`: the range is inside the array's bytes, and `bytes` is Rust's memory.
        unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), self.start.add(at), bytes.len()) };
    }
}

fn check(status: sys::napi_status) -> Result<()> {
    match status {
        sys::Status::napi_ok => Ok(()),
        failed => Err(Error::new(
            Status::from(failed),
            "Node can't tell about the array",
        )),
    }
}

fn wrong_type() -> Error {
    Error::new(Status::InvalidArg, "not a typed array of the right kind")
}
