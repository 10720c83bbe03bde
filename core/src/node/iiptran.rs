//! IPIP tunnel interfaces, whose packets are protected in transport mode (RFC 3884 section 3).
//!
//! ```text
//! send     route - tunnel interface: encapsulate - policy, SA, seal on the outer header - route - transmit
//! receive  open, selectors on the outer header - decapsulate: arrived by the interface - deliver, or send
//! ```
//!
//! Routing picks the interface, the interface picks the outer header, the outer header picks the SA:
//! each step knows only what the one before it wrote into the packet. Tunnels in tunnels are the same
//! steps once more.

use super::pass::{Pass, Transit};
use crate::link::LinkKind;
use crate::trace::Trace;
use crate::{DropReason, LinkId, NetworkId, Packet, Verdict};

pub(super) fn send<T: Trace>(
    pass: &mut Pass<'_, T>,
    packet: &mut Packet<'_>,
    network: NetworkId,
    via: Option<LinkId>,
) -> Result<Verdict, DropReason> {
    let mut transit = pass.enter(packet, network, None)?;
    leave(pass, packet, &mut transit, via)
}

pub(super) fn receive<T: Trace>(
    pass: &mut Pass<'_, T>,
    packet: &mut Packet<'_>,
    network: NetworkId,
    link: LinkId,
) -> Result<Verdict, DropReason> {
    let mut transit = pass.enter(packet, network, Some(link))?;
    loop {
        if !pass.is_for_this_node(&transit) {
            pass.cross_inwards(packet, &transit)?;
            pass.decrement_ttl(packet, &mut transit)?;
            return leave(pass, packet, &mut transit, None);
        }
        if !pass.reassemble(packet, &mut transit)? {
            return Ok(Verdict::Hold);
        }
        pass.open_transport_mode(packet, &mut transit)?;
        if !transit.header.protocol.is_ip() {
            return pass.deliver(&transit);
        }
        pass.decapsulate(packet, &mut transit)?;
    }
}

fn leave<T: Trace>(
    pass: &mut Pass<'_, T>,
    packet: &mut Packet<'_>,
    transit: &mut Transit,
    mut via: Option<LinkId>,
) -> Result<Verdict, DropReason> {
    loop {
        let hop = pass.next_hop(packet, transit, via.take())?;
        let link = pass.tables.link(hop.link).ok_or(DropReason::NoRoute)?;
        if !transit.met_policy && pass.is_unprotected(hop.link) {
            pass.protect_in_transport_mode(packet, transit)?;
        }
        match &link.kind {
            // Tables with an SA interface are refused when they are built.
            LinkKind::Physical | LinkKind::Sa(_) => return pass.transmit(packet, hop),
            LinkKind::Tunnel(tunnel) => {
                pass.encapsulate(packet, transit, hop.link, tunnel)?;
                pass.protect_in_transport_mode(packet, transit)?;
            }
        }
    }
}
