//! A forwarding lookup before tunnel-mode processing (RFC 3884 section 4.1, alternative 2).
//!
//! ```text
//! a send     route: physical interface - policy, SA of that interface - outer header of the SA, seal - route - transmit
//!   receive  as tunnel-mode
//! b          as interface-sa
//! ```
//!
//! What the alternative comes to depends on what the lookup returns. In `b` it returns an interface that
//! is an SA, which is `interface-sa` by another name. In `a` it returns the *physical* interface that the
//! final packet will leave by, and the SA is looked up in that interface's SAD. Two virtual links that
//! leave by one physical interface share that SAD: the first policy that matches decides, and the route
//! does not. The next hop that the lookup returns as well is of no use, as no SAD is indexed by it.

pub(super) mod a {
    use crate::node::pass::{Pass, Transit};
    use crate::node::tunnel_mode;
    use crate::trace::Trace;
    use crate::{DropReason, LinkId, NetworkId, Packet, Verdict};

    pub(in crate::node) fn send<T: Trace>(
        pass: &mut Pass<'_, T>,
        packet: &mut Packet<'_>,
        network: NetworkId,
        via: Option<LinkId>,
    ) -> Result<Verdict, DropReason> {
        let mut transit = pass.enter(packet, network, None)?;
        leave(pass, packet, &mut transit, via)
    }

    pub(in crate::node) fn receive<T: Trace>(
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
        let tables = pass.tables;
        let outbound = pass.outbound_policy_among(packet, transit, |network, policy| {
            tables.is_of_interface(network, policy, hop.link)
        })?;
        pass.protect_and_transmit(packet, transit, hop, &outbound)
    }
}

pub(super) mod b {
    pub(in crate::node) use crate::node::interface_sa::{receive, send};
}
