//! Pointers of C: NULL and misaligned ones are found out, for the others the header's rules hold.

use alloc::boxed::Box;
use core::ffi::c_char;
use core::slice;

use crate::status::{Answer, IIPTRAN_BAD_POINTER, IIPTRAN_NOT_UTF8};

/// A place that a call writes to when all else has succeeded.
pub(crate) struct Output<T>(*mut T);

impl<T> Output<T> {
    /// Writes the value. What was there before is not dropped: it may be anything.
    pub(crate) fn set(&self, value: T) {
        // SAFETY: neither NULL nor misaligned; the header asks for a place that may be written to.
        unsafe { self.0.write(value) }
    }
}

impl<T: Copy> Output<T> {
    /// What is there, where something is.
    pub(crate) const fn get(&self) -> T {
        // SAFETY: neither NULL nor misaligned; the header asks for a value of the type.
        unsafe { self.0.read() }
    }
}

impl<T> Output<*mut T> {
    /// Gives a new handle to the caller.
    pub(crate) fn give(&self, value: T) {
        self.set(Box::into_raw(Box::new(value)));
    }
}

/// Checks a place to write to.
pub(crate) fn output<T>(place: *mut T) -> Answer<Output<T>> {
    check(place)?;
    Ok(Output(place))
}

/// What a pointer points at.
pub(crate) fn input<'c, T>(value: *const T) -> Answer<&'c T> {
    check(value)?;
    // SAFETY: neither NULL nor misaligned; the header asks for a value of the type, that nobody else
    // changes in the meantime.
    Ok(unsafe { &*value })
}

/// Bytes; none at all may have any pointer.
pub(crate) fn bytes<'c>(first: *const u8, length: usize) -> Answer<&'c [u8]> {
    if length == 0 {
        return Ok(&[]);
    }
    check_length::<u8>(length)?;
    check(first)?;
    // SAFETY: the header asks for so many bytes there.
    Ok(unsafe { slice::from_raw_parts(first, length) })
}

/// Values to change; none at all may have any pointer.
pub(crate) fn values_mut<'c, T>(first: *mut T, count: usize) -> Answer<&'c mut [T]> {
    if count == 0 {
        return Ok(&mut []);
    }
    check_length::<T>(count)?;
    check(first)?;
    // SAFETY: the header asks for so many values there, which nobody else touches in the meantime.
    Ok(unsafe { slice::from_raw_parts_mut(first, count) })
}

/// Values in a row, read and written one by one; no reference to them is made.
pub(crate) struct Values<T> {
    first: *mut T,
    count: usize,
}

impl<T> Values<T> {
    /// The place with this number, if there is one. The length was checked, so that each is inside the row.
    pub(crate) fn at(&self, index: usize) -> Option<Output<T>> {
        (index < self.count).then(|| Output(self.first.wrapping_add(index)))
    }

    pub(crate) fn memory(&self) -> Memory {
        Memory::of(self.first, self.count)
    }
}

/// Values in a row; none at all may have any pointer.
pub(crate) fn values<T>(first: *mut T, count: usize) -> Answer<Values<T>> {
    if count > 0 {
        check_length::<T>(count)?;
        check(first)?;
    }
    Ok(Values { first, count })
}

/// A stretch of memory, to be compared with others.
#[derive(Clone, Copy)]
pub(crate) struct Memory {
    begin: usize,
    end: usize,
}

impl Memory {
    pub(crate) const NONE: Self = Self { begin: 0, end: 0 };

    pub(crate) fn of<T>(first: *const T, count: usize) -> Self {
        let begin = first.addr();
        Self {
            begin,
            end: begin.saturating_add(count.saturating_mul(size_of::<T>())),
        }
    }

    /// A stretch that covers both; nothing at all adds nothing.
    pub(crate) fn and(self, other: Self) -> Self {
        if self.begin == self.end {
            return other;
        }
        if other.begin == other.end {
            return self;
        }
        Self {
            begin: self.begin.min(other.begin),
            end: self.end.max(other.end),
        }
    }

    /// Refuses what reaches into other memory; nothing at all reaches into none.
    pub(crate) const fn must_be_apart_from(self, other: Self) -> Answer {
        let begin = if self.begin > other.begin {
            self.begin
        } else {
            other.begin
        };
        let end = if self.end < other.end {
            self.end
        } else {
            other.end
        };
        if begin < end {
            return Err(IIPTRAN_BAD_POINTER);
        }
        Ok(())
    }
}

/// A text.
pub(crate) fn text<'c>(first: *const c_char, length: usize) -> Answer<&'c str> {
    core::str::from_utf8(bytes(first.cast(), length)?).map_err(|_| IIPTRAN_NOT_UTF8)
}

/// Takes a handle back and drops it; NULL is nothing.
pub(crate) fn free<T>(handle: *mut T) {
    if check(handle).is_ok() {
        // SAFETY: the header asks for a handle that the library gave and that is not in use.
        drop(unsafe { Box::from_raw(handle) });
    }
}

fn check<T>(pointer: *const T) -> Answer {
    if pointer.is_null() || !pointer.is_aligned() {
        return Err(IIPTRAN_BAD_POINTER);
    }
    Ok(())
}

/// No object is larger than `isize` can tell.
fn check_length<T>(count: usize) -> Answer {
    let size = count.checked_mul(size_of::<T>());
    match size {
        Some(size) if isize::try_from(size).is_ok() => Ok(()),
        _ => Err(IIPTRAN_BAD_POINTER),
    }
}
