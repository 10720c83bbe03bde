//! The SPD.

use core::ffi::c_char;

use iiptran_host::{Direction, Spd};

use crate::pointer::{bytes, free, input, output, text};
use crate::status::{IIPTRAN_BAD_ARGUMENT, call, refuse};
use crate::{iiptran_config_error_t, iiptran_status_t, iiptran_words_t};

/// The Security Policy Database (RFC 4301 section 4.4.1). Threads may share the handle.
#[derive(Debug)]
pub struct iiptran_spd_t(Spd);

/// From this node.
pub const IIPTRAN_OUTBOUND: u32 = 0;
/// To this node.
pub const IIPTRAN_INBOUND: u32 = 1;

/// The policy that decides about a packet.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct iiptran_policy_t {
    /// Its place in the document, from 0.
    pub index: u32,
    /// Its name, until the SPD is freed.
    pub name: iiptran_words_t,
    /// "discard", "bypass" or "protect"; the text stays forever.
    pub action: iiptran_words_t,
}

/// Makes the SPD of a document with "policies", which are those of a node's document; see
/// iiptran_outbound_sa_new. On success the caller owns *spd and frees it with iiptran_spd_free. Allocates.
/// Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_spd_new(
    document: *const c_char,
    length: usize,
    error: *mut *mut iiptran_config_error_t,
    spd: *mut *mut iiptran_spd_t,
) -> iiptran_status_t {
    call(|| {
        let place = output(spd)?;
        let spd = Spd::new(text(document, length)?).map_err(|e| refuse(e, error))?;
        place.give(iiptran_spd_t(spd));
        Ok(())
    })
}

/// Frees an SPD; NULL is nothing. No other thread may be using it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_spd_free(spd: *mut iiptran_spd_t) {
    free(spd);
}

/// Writes the first policy that matches an IP packet. The direction is IIPTRAN_OUTBOUND or
/// IIPTRAN_INBOUND.
///
/// IIPTRAN_DROP_NO_POLICY if none matches: the packet is to be discarded. Allocates nothing. Many threads
/// at once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_spd_lookup(
    spd: *const iiptran_spd_t,
    direction: u32,
    packet: *const u8,
    length: usize,
    policy: *mut iiptran_policy_t,
) -> iiptran_status_t {
    call(|| {
        let place = output(policy)?;
        let direction = match direction {
            IIPTRAN_OUTBOUND => Direction::Outbound,
            IIPTRAN_INBOUND => Direction::Inbound,
            _ => return Err(IIPTRAN_BAD_ARGUMENT),
        };
        let found = input(spd)?.0.lookup(direction, bytes(packet, length)?);
        let found = found.map_err(|error| refuse(error, core::ptr::null_mut()))?;
        place.set(iiptran_policy_t {
            index: found.index,
            name: found.name.into(),
            action: found.action.into(),
        });
        Ok(())
    })
}
