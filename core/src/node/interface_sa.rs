//! Each pair of tunnel-mode SAs is an interface (RFC 3884 section 4.1, alternative 1).
//!
//! ```text
//! send     route - SA interface: its SA, outer header of the SA, seal - route - transmit
//! receive  open - selectors on the inner packet, outer header off: arrived by the interface - deliver, or send
//! ```
//!
//! Routing sees the virtual links, as it does in `iiptran`. The price is that IPsec encapsulates, by its
//! own rules (RFC 4301 section 5.1.2), and that its databases now make and unmake interfaces: one that
//! has no SA is down. Only a physical interface asks for policies and SAs in transport mode.

use super::pass::{Pass, Transit};
use crate::link::LinkKind;
use crate::trace::Trace;
use crate::{DropReason, LinkId, Mode, NetworkId, Packet, Verdict};

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
    let mut protected = false;
    loop {
        if !pass.is_for_this_node(&transit) {
            pass.cross_inwards(packet, &transit)?;
            pass.decrement_ttl(packet, &mut transit)?;
            return leave(pass, packet, &mut transit, None);
        }
        if !pass.reassemble(packet, &mut transit)? {
            return Ok(Verdict::Hold);
        }
        let Some(place) = pass.find_esp(packet, &transit)? else {
            break;
        };
        let opener = pass.open(packet, &mut transit, &place)?;
        match opener.mode {
            Mode::Tunnel(ends) => pass.arrive_by_sa(packet, &mut transit, &opener, ends)?,
            Mode::Transport => pass.check_selectors(&opener, packet, &transit)?,
        }
        protected = opener.mode == Mode::Transport;
    }
    if !protected {
        pass.cross_inwards(packet, &transit)?;
    } else if transit.header.protocol.is_ip() {
        // A transport-mode SA carried it: IPsec does not open it (RFC 3884 appendix A).
        return Err(DropReason::UnknownTunnel);
    }
    pass.deliver(&transit)
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
            LinkKind::Sa(interface) => pass.seal_by_sa(packet, transit, hop.link, interface)?,
            // Tables with a tunnel interface are refused when they are built.
            LinkKind::Physical | LinkKind::Tunnel(_) => return pass.transmit(packet, hop),
        }
    }
}
