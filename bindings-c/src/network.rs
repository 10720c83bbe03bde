//! Networks on a virtual clock.

use alloc::string::String;
use alloc::vec::Vec;
use core::ffi::c_char;

use iiptran_host::{Misuse, Network, Watched, names_document, scenarios};

use crate::exclusive::Exclusive;
use crate::pointer::{bytes, free, input, output, text};
use crate::status::{Answer, call, misuse_status, refuse};
use crate::{iiptran_address_t, iiptran_config_error_t, iiptran_status_t, iiptran_text_t};

/// A network of nodes and hosts on a virtual clock: RFC 3884, run. There is no chance but the seed's. One
/// thread at a time; it may move from thread to thread.
#[derive(Debug)]
pub struct iiptran_network_t(Exclusive<Network>);

/// A capture that the library made: a pcap file.
#[derive(Debug)]
pub struct iiptran_capture_t(Vec<u8>);

/// Bytes of a handle.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct iiptran_bytes_t {
    /// The first byte.
    pub first: *const u8,
    /// How many.
    pub length: usize,
}

/// What is due never: see iiptran_network_step.
pub const IIPTRAN_NEVER: u64 = u64::MAX;

impl iiptran_network_t {
    fn enter<R>(
        network: *const Self,
        body: impl FnOnce(&mut Network) -> Result<R, Misuse>,
    ) -> Answer<R> {
        input(network)?
            .0
            .enter(|network| body(network).map_err(misuse_status))
    }
}

/// Makes the network of a scenario's document, or of a scenario that the library brings, by its name; at the
/// moment before it begins. See iiptran_outbound_sa_new. All that happens is noted until it is taken; see
/// iiptran_network_watch. On success the caller owns *network and frees it with iiptran_network_free.
/// Allocates. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_network_new(
    document: *const c_char,
    length: usize,
    error: *mut *mut iiptran_config_error_t,
    network: *mut *mut iiptran_network_t,
) -> iiptran_status_t {
    call(|| {
        let place = output(network)?;
        let network = Network::new(text(document, length)?).map_err(|e| refuse(e, error))?;
        place.give(iiptran_network_t(Exclusive::new(network)));
        Ok(())
    })
}

/// Frees a network; NULL is nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_network_free(network: *mut iiptran_network_t) {
    free(network);
}

/// Begins anew, with another seed unless that is NULL. What was noted is gone; what is watched stays.
/// Allocates. One thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_network_reset(
    network: *mut iiptran_network_t,
    seed: *const u64,
    error: *mut *mut iiptran_config_error_t,
) -> iiptran_status_t {
    call(|| {
        let seed = if seed.is_null() {
            None
        } else {
            Some(*input(seed)?)
        };
        input(network)?
            .0
            .enter(|network| network.reset(seed).map_err(|e| refuse(e, error)))
    })
}

/// What is noted from now on: ends of packets (iiptran_network_take_ends), the trace
/// (iiptran_network_take_trace), what wires carry (iiptran_network_take_capture). At first all of it; what is
/// not taken takes memory. One thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_network_watch(
    network: *mut iiptran_network_t,
    ends: bool,
    trace: bool,
    captures: bool,
) -> iiptran_status_t {
    act(network, |network| {
        network.watch(Watched {
            ends,
            trace,
            captures,
        });
        Ok(())
    })
}

/// Writes how much time has passed, nanoseconds. One thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_network_now(
    network: *const iiptran_network_t,
    value: *mut u64,
) -> iiptran_status_t {
    number(network, value, |network| Ok(network.now()))
}

/// Writes how long the scenario takes, nanoseconds. The network can go on after that; flows end. One thread
/// at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_network_duration(
    network: *const iiptran_network_t,
    value: *mut u64,
) -> iiptran_status_t {
    number(network, value, |network| Ok(network.duration()))
}

/// Writes where all chance comes from. One thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_network_seed(
    network: *const iiptran_network_t,
    value: *mut u64,
) -> iiptran_status_t {
    number(network, value, |network| Ok(network.seed()))
}

/// Writes how many packets are under way. One thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_network_under_way(
    network: *const iiptran_network_t,
    value: *mut u64,
) -> iiptran_status_t {
    number(network, value, |network| {
        Ok(u64::try_from(network.under_way()).unwrap_or(u64::MAX))
    })
}

/// Does the next thing that is due, and writes when that was, nanoseconds; IIPTRAN_NEVER if nothing will ever
/// be due again. Allocates. One thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_network_step(
    network: *mut iiptran_network_t,
    value: *mut u64,
) -> iiptran_status_t {
    number(network, value, |network| {
        Ok(network.step().unwrap_or(IIPTRAN_NEVER))
    })
}

/// Does everything that is due up to a moment, that moment included, nanoseconds. Allocates. One thread at a
/// time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_network_run_until(
    network: *mut iiptran_network_t,
    until: u64,
) -> iiptran_status_t {
    act(network, |network| {
        network.run_until(until);
        Ok(())
    })
}

/// Sends a packet from a node or host now, whole and with its source address, and writes its number in the
/// run. A node sends it in one of its networks; NULL is its first, and of a host the network means nothing.
/// The bytes stay as they are.
///
/// IIPTRAN_UNKNOWN_STATION, IIPTRAN_UNKNOWN_NETWORK, IIPTRAN_NOT_IP. Allocates. One thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_network_send(
    network: *mut iiptran_network_t,
    from: *const c_char,
    from_length: usize,
    inside: *const c_char,
    inside_length: usize,
    packet: *const u8,
    length: usize,
    value: *mut u64,
) -> iiptran_status_t {
    call(|| {
        let place = output(value)?;
        let from = text(from, from_length)?;
        let inside = optional(inside, inside_length)?;
        let packet = bytes(packet, length)?;
        let sent = iiptran_network_t::enter(network, |network| network.send(from, inside, packet))?;
        place.set(sent);
        Ok(())
    })
}

/// Cuts or mends a wire now. The links at its ends go with it if it has carrier. IIPTRAN_UNKNOWN_WIRE.
/// Allocates. One thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_network_set_wire_up(
    network: *mut iiptran_network_t,
    wire: *const c_char,
    length: usize,
    up: bool,
) -> iiptran_status_t {
    call(|| {
        let wire = text(wire, length)?;
        iiptran_network_t::enter(network, |network| network.set_wire_up(wire, up))
    })
}

/// Takes a link of a node, physical or virtual, down or up now. IIPTRAN_UNKNOWN_STATION,
/// IIPTRAN_UNKNOWN_LINK. Allocates. One thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_network_set_link_up(
    network: *mut iiptran_network_t,
    node: *const c_char,
    node_length: usize,
    link: *const c_char,
    link_length: usize,
    up: bool,
) -> iiptran_status_t {
    call(|| {
        let (node, link) = (text(node, node_length)?, text(link, link_length)?);
        iiptran_network_t::enter(network, |network| network.set_link_up(node, link, up))
    })
}

/// Writes what a wire has carried since that was last taken, or all wires if it is NULL: raw IP packets at the
/// moments at which they were sent. The caller owns *capture and frees it with iiptran_capture_free.
/// IIPTRAN_UNKNOWN_WIRE. Allocates. One thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_network_take_capture(
    network: *mut iiptran_network_t,
    wire: *const c_char,
    length: usize,
    capture: *mut *mut iiptran_capture_t,
) -> iiptran_status_t {
    call(|| {
        let place = output(capture)?;
        let wire = optional(wire, length)?;
        let file = iiptran_network_t::enter(network, |network| network.take_capture(wire))?;
        place.give(iiptran_capture_t(file));
        Ok(())
    })
}

/// The pcap file of a capture, until it is freed; nothing of NULL. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_capture_bytes(
    capture: *const iiptran_capture_t,
) -> iiptran_bytes_t {
    let bytes = input(capture).map_or(&[][..], |capture| &capture.0);
    iiptran_bytes_t {
        first: bytes.as_ptr(),
        length: bytes.len(),
    }
}

/// Frees a capture; NULL is nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_capture_free(capture: *mut iiptran_capture_t) {
    free(capture);
}

/// Writes the packets that met their end since they were last taken, in the order of time: moment, number,
/// flow, place, verdict, reason and bytes, as JSON, which the caller owns and frees with iiptran_text_free.
/// Allocates. One thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_network_take_ends(
    network: *mut iiptran_network_t,
    document: *mut *mut iiptran_text_t,
) -> iiptran_status_t {
    tell(
        network,
        document,
        |network| Ok(network.take_ends_document()),
    )
}

/// Writes what happened since it was last taken, a list of events, as JSON, which the caller owns and frees
/// with iiptran_text_free. Allocates. One thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_network_take_trace(
    network: *mut iiptran_network_t,
    document: *mut *mut iiptran_text_t,
) -> iiptran_status_t {
    tell(network, document, |network| Ok(network.take_trace()))
}

/// Writes what the run came to until now: flows, nodes with their counters, wires, routing, as JSON, which
/// the caller owns and frees with iiptran_text_free. Allocates. One thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_network_report(
    network: *const iiptran_network_t,
    document: *mut *mut iiptran_text_t,
) -> iiptran_status_t {
    tell(network, document, |network| Ok(network.report()))
}

/// Writes the keys of all SAs that there were until now, the document that opens captures, as JSON, which the
/// caller owns and frees with iiptran_text_free. Allocates. One thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_network_keys(
    network: *const iiptran_network_t,
    document: *mut *mut iiptran_text_t,
) -> iiptran_status_t {
    tell(network, document, |network| Ok(network.keys()))
}

/// Writes the names of the nodes, as JSON, which the caller owns and frees with iiptran_text_free. Allocates.
/// One thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_network_nodes(
    network: *const iiptran_network_t,
    document: *mut *mut iiptran_text_t,
) -> iiptran_status_t {
    tell(network, document, |network| {
        Ok(names_document(network.nodes()))
    })
}

/// Writes the names of the wires, as JSON, which the caller owns and frees with iiptran_text_free. Allocates.
/// One thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_network_wires(
    network: *const iiptran_network_t,
    document: *mut *mut iiptran_text_t,
) -> iiptran_status_t {
    tell(network, document, |network| {
        Ok(names_document(network.wires()))
    })
}

/// Writes the tables of a node as they are now, as JSON, which the caller owns and frees with
/// iiptran_text_free. IIPTRAN_UNKNOWN_STATION. Allocates. One thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_network_tables(
    network: *const iiptran_network_t,
    node: *const c_char,
    length: usize,
    document: *mut *mut iiptran_text_t,
) -> iiptran_status_t {
    call(|| {
        let place = output(document)?;
        let node = text(node, length)?;
        let tables = iiptran_network_t::enter(network, |network| network.tables(node))?;
        place.give(iiptran_text_t(tables));
        Ok(())
    })
}

/// Writes the name of the link by which a node sends packets to an address in a network now, which the caller
/// owns and frees with iiptran_text_free; NULL if no route leads there. IIPTRAN_UNKNOWN_STATION,
/// IIPTRAN_UNKNOWN_NETWORK. Allocates. One thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_network_way(
    network: *const iiptran_network_t,
    node: *const c_char,
    node_length: usize,
    inside: *const c_char,
    inside_length: usize,
    destination: *const iiptran_address_t,
    link: *mut *mut iiptran_text_t,
) -> iiptran_status_t {
    call(|| {
        let place = output(link)?;
        let (node, inside) = (text(node, node_length)?, text(inside, inside_length)?);
        let destination = input(destination)?.required()?;
        let found = iiptran_network_t::enter(network, |network| {
            let link = network.way(node, inside, destination)?;
            Ok(link.map(String::from))
        })?;
        match found {
            Some(link) => place.give(iiptran_text_t(link)),
            None => place.set(core::ptr::null_mut()),
        }
        Ok(())
    })
}

/// Writes the names of the scenarios that the library brings, as JSON, which the caller owns and frees with
/// iiptran_text_free. Allocates. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_scenarios(document: *mut *mut iiptran_text_t) -> iiptran_status_t {
    call(|| {
        output(document)?.give(iiptran_text_t(names_document(scenarios())));
        Ok(())
    })
}

fn act(
    network: *mut iiptran_network_t,
    body: impl FnOnce(&mut Network) -> Result<(), Misuse>,
) -> iiptran_status_t {
    call(|| iiptran_network_t::enter(network, body))
}

fn number(
    network: *const iiptran_network_t,
    value: *mut u64,
    ask: impl FnOnce(&mut Network) -> Result<u64, Misuse>,
) -> iiptran_status_t {
    call(|| {
        let place = output(value)?;
        place.set(iiptran_network_t::enter(network, ask)?);
        Ok(())
    })
}

fn tell(
    network: *const iiptran_network_t,
    document: *mut *mut iiptran_text_t,
    ask: impl FnOnce(&mut Network) -> Result<String, Misuse>,
) -> iiptran_status_t {
    call(|| {
        let place = output(document)?;
        place.give(iiptran_text_t(iiptran_network_t::enter(network, ask)?));
        Ok(())
    })
}

/// A text that NULL leaves out.
fn optional<'c>(first: *const c_char, length: usize) -> Answer<Option<&'c str>> {
    if first.is_null() && length == 0 {
        return Ok(None);
    }
    text(first, length).map(Some)
}
