//! The FIB.

use core::ffi::c_char;

use iiptran_host::{Error, Fib, NextHop};

use crate::pointer::{bytes, free, input, output, text};
use crate::status::{Answer, call, refuse};
use crate::{iiptran_address_t, iiptran_config_error_t, iiptran_status_t};

/// The forwarding table of one network. Threads may share the handle.
#[derive(Debug)]
pub struct iiptran_fib_t(Fib);

/// Where a route leads.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct iiptran_next_hop_t {
    /// The link's place in the document, from 0.
    pub link: u32,
    /// The neighbour on that link: the router, or the destination itself.
    pub address: iiptran_address_t,
}

/// Makes the FIB of a document with "links", their names, and "routes", which are those of a node's
/// document; see iiptran_outbound_sa_new. On success the caller owns *fib and frees it with
/// iiptran_fib_free. Allocates. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_fib_new(
    document: *const c_char,
    length: usize,
    error: *mut *mut iiptran_config_error_t,
    fib: *mut *mut iiptran_fib_t,
) -> iiptran_status_t {
    call(|| {
        let place = output(fib)?;
        let fib = Fib::new(text(document, length)?).map_err(|e| refuse(e, error))?;
        place.give(iiptran_fib_t(fib));
        Ok(())
    })
}

/// Frees a FIB; NULL is nothing. No other thread may be using it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_fib_free(fib: *mut iiptran_fib_t) {
    free(fib);
}

/// Writes where an IP packet goes: the longest prefix that contains its destination, and of several equal
/// paths the one of its flow.
///
/// IIPTRAN_DROP_NO_ROUTE, or the drop reason of a route that leads nowhere. Allocates nothing. Many threads
/// at once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_fib_lookup(
    fib: *const iiptran_fib_t,
    packet: *const u8,
    length: usize,
    next_hop: *mut iiptran_next_hop_t,
) -> iiptran_status_t {
    lookup(fib, next_hop, |fib| Ok(fib.lookup(bytes(packet, length)?)))
}

/// Writes where a destination lies; flows with different hashes may take different ones of equal paths.
/// Otherwise as iiptran_fib_lookup.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_fib_lookup_address(
    fib: *const iiptran_fib_t,
    destination: *const iiptran_address_t,
    flow_hash: u64,
    next_hop: *mut iiptran_next_hop_t,
) -> iiptran_status_t {
    lookup(fib, next_hop, |fib| {
        Ok(fib.lookup_address(input(destination)?.required()?, flow_hash))
    })
}

fn lookup(
    fib: *const iiptran_fib_t,
    next_hop: *mut iiptran_next_hop_t,
    ask: impl FnOnce(&Fib) -> Answer<Result<NextHop, Error>>,
) -> iiptran_status_t {
    call(|| {
        let place = output(next_hop)?;
        let hop = ask(&input(fib)?.0)?;
        let hop = hop.map_err(|error| refuse(error, core::ptr::null_mut()))?;
        place.set(iiptran_next_hop_t {
            link: hop.link,
            address: hop.address.into(),
        });
        Ok(())
    })
}

/// How many routes there are; 0 of NULL. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_fib_len(fib: *const iiptran_fib_t) -> usize {
    input(fib).map_or(0, |fib| fib.0.len())
}
