//! What calls answer.

use alloc::boxed::Box;
use core::ffi::c_char;

use iiptran_host::{DropReason, Error, Misuse, explain};

use crate::iiptran_config_error_t;

/// What a call answers: IIPTRAN_OK; a drop reason (0x10 to 0xff, enum iiptran_drop_reason) if a packet met
/// its end; or one of the values below, from 0x100. Where it is not IIPTRAN_OK, nothing was written to any
/// output, except where a function says so.
pub type iiptran_status_t = u32;

/// The call did what it is for.
pub const IIPTRAN_OK: iiptran_status_t = 0;
/// A document is wrong; the config error says where and why.
pub const IIPTRAN_CONFIG_ERROR: iiptran_status_t = 0x100;
/// A pointer that must not be NULL is NULL, is not aligned for its type, or leads into memory that the call
/// writes something else to.
pub const IIPTRAN_BAD_POINTER: iiptran_status_t = 0x101;
/// A text is not UTF-8.
pub const IIPTRAN_NOT_UTF8: iiptran_status_t = 0x102;
/// An argument has a value that means nothing.
pub const IIPTRAN_BAD_ARGUMENT: iiptran_status_t = 0x103;
/// Another thread is in a call with this handle, or a call with it ended in IIPTRAN_PANIC.
pub const IIPTRAN_BUSY: iiptran_status_t = 0x104;
/// The library found a fault in itself. The handle can only be freed now. Please report it.
pub const IIPTRAN_PANIC: iiptran_status_t = 0x105;
/// The packet's offset and length are not inside its buffer.
pub const IIPTRAN_OUTSIDE_BUFFER: iiptran_status_t = 0x110;
/// The node has no such link.
pub const IIPTRAN_UNKNOWN_LINK: iiptran_status_t = 0x111;
/// Packets come in by physical links, and this one is virtual.
pub const IIPTRAN_VIRTUAL_LINK: iiptran_status_t = 0x112;
/// The node has no such network.
pub const IIPTRAN_UNKNOWN_NETWORK: iiptran_status_t = 0x113;
/// The IV is not of the length that the SA's transform takes.
pub const IIPTRAN_IV_LENGTH: iiptran_status_t = 0x114;
/// The sequence number does not fit 32 bits, and those of the SA are not extended.
pub const IIPTRAN_SEQUENCE_TOO_LARGE: iiptran_status_t = 0x115;
/// Another inbound SA has the same key.
pub const IIPTRAN_DUPLICATE_SA: iiptran_status_t = 0x116;
/// No inbound SA has this key.
pub const IIPTRAN_UNKNOWN_SA: iiptran_status_t = 0x117;
/// Only the arrangement tunnel-mode has tunnel-mode SAs (RFC 3884 appendix A).
pub const IIPTRAN_TUNNEL_MODE_SA: iiptran_status_t = 0x118;
/// The network has no such node or host.
pub const IIPTRAN_UNKNOWN_STATION: iiptran_status_t = 0x119;
/// The network has no such wire.
pub const IIPTRAN_UNKNOWN_WIRE: iiptran_status_t = 0x11a;
/// The bytes are no IP packet, and a host finds no destination in them.
pub const IIPTRAN_NOT_IP: iiptran_status_t = 0x11b;
/// An SA in transport mode puts no outer header in front.
pub const IIPTRAN_NO_OUTER_HEADER: iiptran_status_t = 0x11c;
/// The outer header is no whole IPv4 header without options, and no IPv6 header with nothing but a tunnel
/// encapsulation limit behind it.
pub const IIPTRAN_OUTER_HEADER: iiptran_status_t = 0x11d;

/// Whatever a call does inside.
pub(crate) type Answer<T = ()> = Result<T, iiptran_status_t>;

/// Runs a call. No panic leaves it: unwinding into C is undefined.
#[cfg(feature = "std")]
pub(crate) fn call(body: impl FnOnce() -> Answer) -> iiptran_status_t {
    // What a panic leaves behind is not used again: see `Exclusive`.
    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(body)) {
        Ok(answer) => status_of(answer),
        Err(_) => IIPTRAN_PANIC,
    }
}

/// Runs a call. A panic aborts.
#[cfg(not(feature = "std"))]
pub(crate) fn call(body: impl FnOnce() -> Answer) -> iiptran_status_t {
    status_of(body())
}

/// The status of what a call does inside.
pub(crate) fn status_of<T>(answer: Answer<T>) -> iiptran_status_t {
    answer.err().unwrap_or(IIPTRAN_OK)
}

/// The status of an error. A config error is written to `fault`, unless that is NULL.
pub(crate) fn refuse(error: Error, fault: *mut *mut iiptran_config_error_t) -> iiptran_status_t {
    match error {
        Error::Drop(reason) => drop_status(reason),
        Error::Misuse(misuse) => misuse_status(misuse),
        Error::Config(error) => {
            if !fault.is_null() && fault.is_aligned() {
                let handle = Box::into_raw(Box::new(iiptran_config_error_t::from(error)));
                // SAFETY: neither NULL nor misaligned, and the caller's to write to.
                unsafe { fault.write(handle) };
            }
            IIPTRAN_CONFIG_ERROR
        }
    }
}

pub(crate) fn drop_status(reason: DropReason) -> iiptran_status_t {
    reason.code().into()
}

pub(crate) const fn misuse_status(misuse: Misuse) -> iiptran_status_t {
    match misuse {
        Misuse::OutsideBuffer => IIPTRAN_OUTSIDE_BUFFER,
        Misuse::UnknownLink => IIPTRAN_UNKNOWN_LINK,
        Misuse::VirtualLink => IIPTRAN_VIRTUAL_LINK,
        Misuse::UnknownNetwork => IIPTRAN_UNKNOWN_NETWORK,
        Misuse::IvLength => IIPTRAN_IV_LENGTH,
        Misuse::SequenceTooLarge => IIPTRAN_SEQUENCE_TOO_LARGE,
        Misuse::DuplicateSa => IIPTRAN_DUPLICATE_SA,
        Misuse::UnknownSa => IIPTRAN_UNKNOWN_SA,
        Misuse::TunnelModeSa => IIPTRAN_TUNNEL_MODE_SA,
        Misuse::UnknownStation => IIPTRAN_UNKNOWN_STATION,
        Misuse::UnknownWire => IIPTRAN_UNKNOWN_WIRE,
        Misuse::NotIp => IIPTRAN_NOT_IP,
        Misuse::NoOuterHeader => IIPTRAN_NO_OUTER_HEADER,
        Misuse::OuterHeader => IIPTRAN_OUTER_HEADER,
        _ => IIPTRAN_BAD_ARGUMENT,
    }
}

/// What a drop reason means. The texts are the library's and stay forever.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct iiptran_explanation_t {
    /// Stable name, such as "bad-icv".
    pub name: iiptran_words_t,
    /// The kind of reason, such as "esp".
    pub group: iiptran_words_t,
    /// The clause that asks for the drop.
    pub clause: iiptran_words_t,
    /// What happened.
    pub meaning: iiptran_words_t,
    /// What to look at first.
    pub check: iiptran_words_t,
}

/// A text of the library or of a handle: UTF-8, not NUL-terminated. Print it with "%.*s".
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct iiptran_words_t {
    /// The first character.
    pub text: *const c_char,
    /// Length, bytes.
    pub length: usize,
}

impl From<&str> for iiptran_words_t {
    fn from(text: &str) -> Self {
        Self {
            text: text.as_ptr().cast(),
            length: text.len(),
        }
    }
}

/// Writes what a drop reason means. The texts stay forever.
///
/// IIPTRAN_BAD_ARGUMENT if the status is no drop reason. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_explain(
    reason: iiptran_status_t,
    explanation: *mut iiptran_explanation_t,
) -> iiptran_status_t {
    call(|| {
        let explanation = crate::pointer::output(explanation)?;
        let code = u8::try_from(reason).map_err(|_| IIPTRAN_BAD_ARGUMENT)?;
        let explained = explain(code).ok_or(IIPTRAN_BAD_ARGUMENT)?;
        explanation.set(iiptran_explanation_t {
            name: explained.name.into(),
            group: explained.group.into(),
            clause: explained.clause.into(),
            meaning: explained.meaning.into(),
            check: explained.check.into(),
        });
        Ok(())
    })
}

/// What a status means, in one sentence; for a value that is no status, that. The text stays forever. Any
/// thread.
#[unsafe(no_mangle)]
pub extern "C" fn iiptran_status_text(status: iiptran_status_t) -> iiptran_words_t {
    let misuse = Misuse::ALL
        .into_iter()
        .find(|&misuse| misuse_status(misuse) == status);
    let reason = u8::try_from(status).ok().and_then(explain);
    let text = match (status, misuse, reason) {
        (IIPTRAN_OK, ..) => "the call did what it is for",
        (IIPTRAN_CONFIG_ERROR, ..) => "a document is wrong; the config error says where and why",
        (IIPTRAN_BAD_POINTER, ..) => {
            "a pointer is NULL, not aligned for its type, or leads into another output"
        }
        (IIPTRAN_NOT_UTF8, ..) => "a text is not UTF-8",
        (IIPTRAN_BAD_ARGUMENT, ..) => "an argument has a value that means nothing",
        (IIPTRAN_BUSY, ..) => "another thread is in a call with this handle",
        (IIPTRAN_PANIC, ..) => "the library found a fault in itself",
        (_, Some(misuse), _) => misuse.text(),
        (.., Some(reason)) => reason.meaning,
        _ => "this is no status",
    };
    text.into()
}

/// The version of the library, such as "0.1.0". The text stays forever. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn iiptran_version() -> iiptran_words_t {
    iiptran_host::VERSION.into()
}

#[cfg(all(test, feature = "std"))]
mod tests {
    use super::*;
    use crate::exclusive::Exclusive;

    #[test]
    #[allow(clippy::panic, reason = "the panic that is to become a status")]
    fn host_05_a_panic_becomes_a_status_and_its_handle_stays_shut() {
        let handle = Exclusive::new(7);
        assert_eq!(
            call(|| handle.enter(|_| panic!("on purpose"))),
            IIPTRAN_PANIC
        );
        assert_eq!(call(|| handle.enter(|_| Ok(()))), IIPTRAN_BUSY);
    }

    #[test]
    fn host_06_a_handle_that_someone_is_in_says_so() {
        let handle = Exclusive::new(7);
        let inner = |_: &mut i32| Ok(call(|| handle.enter(|_| Ok(()))));
        assert_eq!(handle.enter(inner), Ok(IIPTRAN_BUSY));
        assert_eq!(call(|| handle.enter(|_| Ok(()))), IIPTRAN_OK);
    }
}
