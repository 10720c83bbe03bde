//! Host to host: transport mode on this node's own packets (RFC 4301 sections 4.1, 5.1 and 5.2).
//!
//! ```text
//! send     route - policy, SA, seal - transmit
//! receive  open, selectors - deliver
//! ```

use super::pass::{Hop, Pass, Transit};
use crate::trace::Trace;
use crate::{DropReason, LinkId, NetworkId, Packet, Verdict};

pub(super) fn send<T: Trace>(
    pass: &mut Pass<'_, T>,
    packet: &mut Packet<'_>,
    network: NetworkId,
    via: Option<LinkId>,
) -> Result<Verdict, DropReason> {
    let mut transit = pass.enter(packet, network, None)?;
    let hop = pass.next_hop(packet, &transit, via)?;
    leave(pass, packet, &mut transit, hop)
}

pub(super) fn receive<T: Trace>(
    pass: &mut Pass<'_, T>,
    packet: &mut Packet<'_>,
    network: NetworkId,
    link: LinkId,
) -> Result<Verdict, DropReason> {
    let mut transit = pass.enter(packet, network, Some(link))?;
    if !pass.is_for_this_node(&transit) {
        pass.cross_inwards(packet, &transit)?;
        pass.decrement_ttl(packet, &mut transit)?;
        let hop = pass.next_hop(packet, &transit, None)?;
        return leave(pass, packet, &mut transit, hop);
    }
    if !pass.reassemble(packet, &mut transit)? {
        return Ok(Verdict::Hold);
    }
    let protected = pass.open_transport_mode(packet, &mut transit)?;
    if protected && transit.header.protocol.is_ip() {
        // In transport mode IPsec never opens an inner packet (RFC 3884 appendix A).
        return Err(DropReason::UnknownTunnel);
    }
    pass.deliver(&transit)
}

fn leave<T: Trace>(
    pass: &mut Pass<'_, T>,
    packet: &mut Packet<'_>,
    transit: &mut Transit,
    hop: Hop,
) -> Result<Verdict, DropReason> {
    if pass.is_unprotected(hop.link) {
        pass.protect_in_transport_mode(packet, transit)?;
    }
    pass.transmit(packet, hop)
}
