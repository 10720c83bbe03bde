//! Forwarding consults routing table and SAD together (RFC 3884 section 4.1, alternative 3).
//!
//! ```text
//! send     route: far end of an SA - policy, SA to that far end - outer header of the SA, seal - route - transmit
//! receive  as tunnel-mode
//! ```
//!
//! The route comes first and leads to an SA by its far end; the SAD is searched among the SAs to that far
//! end only. So routes do move traffic, at the price that forwarding and routing protocols have to know
//! the SAD: see [`Tables::routes_to_sas`](crate::Tables::routes_to_sas). What an SA with selectors on
//! ports would mean for a route is undefined: tables with one are refused.

use super::pass::{Pass, Transit};
use super::tunnel_mode;
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
    tunnel_mode::receive_and(pass, packet, network, link, leave)
}

fn leave<T: Trace>(
    pass: &mut Pass<'_, T>,
    packet: &mut Packet<'_>,
    transit: &mut Transit,
    via: Option<LinkId>,
) -> Result<Verdict, DropReason> {
    let hop = pass.next_hop(packet, transit, via)?;
    if !pass.crosses(transit, hop) {
        return pass.transmit(packet, hop);
    }
    let outbound = pass.outbound_policy_among(packet, transit, |_, policy| {
        policy
            .far_end()
            .is_none_or(|far_end| far_end == hop.next_hop)
    })?;
    pass.protect_and_transmit(packet, transit, hop, &outbound)
}
