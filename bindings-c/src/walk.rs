//! Walkthroughs.

use alloc::string::String;

use iiptran_host::{LinkId, NetworkId, Node, Verdict};

use crate::packet::Packet;
use crate::pointer::output;
use crate::status::{Answer, call};
use crate::{
    iiptran_node_t, iiptran_packet_t, iiptran_status_t, iiptran_text_t, iiptran_verdict_t,
};

/// iiptran_node_send, and the packet's way as JSON: what was looked up at each step, why, and which bytes
/// changed.
///
/// The walkthrough is written if the packet was dropped too, and never else without IIPTRAN_OK; the caller
/// owns it and frees it with iiptran_text_free. Allocates. One thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_node_walk_send(
    node: *mut iiptran_node_t,
    now: u64,
    network: u32,
    packet: *mut iiptran_packet_t,
    verdict: *mut iiptran_verdict_t,
    walkthrough: *mut *mut iiptran_text_t,
) -> iiptran_status_t {
    walk(node, packet, verdict, walkthrough, |node, packet| {
        packet.process(|buffer, place| node.walk_send(now, NetworkId(network), buffer, place))
    })
}

/// iiptran_node_send_via, and the packet's way as JSON; see iiptran_node_walk_send.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_node_walk_send_via(
    node: *mut iiptran_node_t,
    now: u64,
    link: u32,
    packet: *mut iiptran_packet_t,
    verdict: *mut iiptran_verdict_t,
    walkthrough: *mut *mut iiptran_text_t,
) -> iiptran_status_t {
    walk(node, packet, verdict, walkthrough, |node, packet| {
        packet.process(|buffer, place| node.walk_send_via(now, LinkId(link), buffer, place))
    })
}

/// iiptran_node_receive, and the packet's way as JSON; see iiptran_node_walk_send.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_node_walk_receive(
    node: *mut iiptran_node_t,
    now: u64,
    link: u32,
    packet: *mut iiptran_packet_t,
    verdict: *mut iiptran_verdict_t,
    walkthrough: *mut *mut iiptran_text_t,
) -> iiptran_status_t {
    walk(node, packet, verdict, walkthrough, |node, packet| {
        packet.process(|buffer, place| node.walk_receive(now, LinkId(link), buffer, place))
    })
}

fn walk(
    node: *mut iiptran_node_t,
    packet: *mut iiptran_packet_t,
    verdict: *mut iiptran_verdict_t,
    walkthrough: *mut *mut iiptran_text_t,
    way: impl FnOnce(&mut Node, &mut Packet) -> Answer<(Verdict, String)>,
) -> iiptran_status_t {
    call(|| {
        let (place, text) = (output(verdict)?, output(walkthrough)?);
        let mut packet = Packet::at(packet)?;
        let (verdict, document) = iiptran_node_t::enter(node, |node| way(node, &mut packet))?;
        text.give(iiptran_text_t(document));
        place.set(iiptran_verdict_t::of(verdict)?);
        Ok(())
    })
}
