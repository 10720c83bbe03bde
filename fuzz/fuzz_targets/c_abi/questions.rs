//! Making handles, options and questions for calls.

use std::ptr;

use iiptran_c::*;

use crate::memory::{Place, check};
use crate::{Options, SaConfig};

/// A packet as long as its header says: what is behind it, an Ethernet frame's padding for example, is no
/// part of it.
pub(crate) fn claimed(mut packet: Vec<u8>) -> Vec<u8> {
    let length = match packet.as_slice() {
        [0x60..=0x6f, _, _, _, high, low, ..] => {
            40 + usize::from(u16::from_be_bytes([*high, *low]))
        }
        [_, _, high, low, ..] => usize::from(u16::from_be_bytes([*high, *low])),
        _ => 0,
    };
    packet.truncate(length);
    packet
}

/// Where a packet is, if it is where it says.
pub(crate) fn inside(packet: &iiptran_packet_t) -> Option<(*const u8, usize)> {
    let end = packet.offset.checked_add(packet.length)?;
    let is_inside = end <= packet.capacity && isize::try_from(packet.capacity).is_ok();
    is_inside.then(|| match packet.buffer.is_null() {
        true => (ptr::null(), packet.length),
        false => (
            packet.buffer.wrapping_add(packet.offset).cast_const(),
            packet.length,
        ),
    })
}

pub(crate) fn outbound(config: &SaConfig) -> Option<*mut iiptran_outbound_sa_t> {
    config.with(|config| {
        made(false, |error, place| {
            // SAFETY: what the config points at is there.
            unsafe { iiptran_outbound_sa_from_config(config, error, place) }
        })
    })
}

/// Makes a handle; the config error is there if and only if the status says so.
pub(crate) fn made<T>(
    is_null: bool,
    call: impl FnOnce(*mut *mut iiptran_config_error_t, *mut *mut T) -> iiptran_status_t,
) -> Option<*mut T> {
    let (mut error, mut place) = (
        Place::<*mut iiptran_config_error_t>::new(false),
        Place::new(is_null),
    );
    let status = check(call(error.pointer(), place.pointer()));
    if status == IIPTRAN_CONFIG_ERROR {
        assert!(!error.is_untouched());
        let error = error.value();
        // SAFETY: the library gave it.
        unsafe {
            assert!(iiptran_config_error_path(error).length > 0);
            assert!(iiptran_config_error_cause(error).length > 0);
            iiptran_config_error_free(error);
        }
    } else {
        assert!(error.is_untouched());
    }
    place.after(status)
}

impl Options {
    pub(crate) fn with<R>(
        options: Option<&Self>,
        call: impl FnOnce(*const iiptran_seal_options_t) -> R,
    ) -> R {
        let Some(options) = options else {
            return call(ptr::null());
        };
        call(&iiptran_seal_options_t {
            has_sequence: options.has_sequence % 2,
            padding: options.padding,
            dummy: options.dummy % 2,
            sequence: options.sequence,
            iv: options.iv.as_ref().map_or(ptr::null(), |iv| iv.as_ptr()),
            iv_length: options.iv.as_ref().map_or(0, Vec::len),
            outer: options
                .outer
                .as_ref()
                .map_or(ptr::null(), |outer| outer.as_ptr()),
            outer_length: options.outer.as_ref().map_or(0, Vec::len),
            flow_padding: options.flow_padding.into(),
        })
    }
}

/// What a node tells of itself.
///
/// # Safety
/// The node is live, and nobody else's, or NULL.
pub(crate) unsafe fn ask(node: *mut iiptran_node_t, reason: u32, name: &[u8]) {
    let (name, length) = (name.as_ptr().cast(), name.len());
    // SAFETY: every place may be written to, the name is as long as it says, and the texts are the library's.
    unsafe {
        let mut link = Place::new(false);
        let status = check(iiptran_node_link(node, name, length, link.pointer()));
        link.after(status);
        let mut network = Place::new(false);
        let status = check(iiptran_node_network(node, name, length, network.pointer()));
        network.after(status);
        let mut drops = Place::new(false);
        let status = check(iiptran_node_drops(node, reason % 0x120, drops.pointer()));
        drops.after(status);
        let mut explanation = Place::new(false);
        let status = check(iiptran_explain(reason % 0x120, explanation.pointer()));
        explanation.after(status);
        let mut text = Place::new(false);
        let status = check(iiptran_node_counters(node, text.pointer()));
        iiptran_text_free(text.after(status).unwrap_or(ptr::null_mut()));
        let mut text = Place::new(false);
        let status = check(iiptran_node_link_name(node, reason % 5, text.pointer()));
        iiptran_text_free(text.after(status).unwrap_or(ptr::null_mut()));
        let mut text = Place::new(false);
        let status = check(iiptran_node_poll_event(node, text.pointer()));
        iiptran_text_free(text.after(status).unwrap_or(ptr::null_mut()));
    }
}
