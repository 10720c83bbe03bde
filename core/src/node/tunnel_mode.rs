//! Policy picks a tunnel-mode SA (RFC 4301 sections 5.1 and 5.2; RFC 3884 section 2).
//!
//! ```text
//! send     policy, SA - outer header of the SA, seal - route - transmit
//! receive  open - selectors on the inner packet, outer header off - deliver, or send
//! ```
//!
//! The policy decides before routing is asked, and the SA names the far end: no route leads into a
//! tunnel, and no interface tells that a packet came out of one. That is what RFC 3884 argues against.

use super::pass::{Pass, Transit};
use super::stages::Outbound;
use crate::trace::Trace;
use crate::{DropReason, LinkId, Mode, NetworkId, Packet, Verdict};

/// How packets leave an arrangement.
type Leaving<T> = fn(
    &mut Pass<'_, T>,
    &mut Packet<'_>,
    &mut Transit,
    Option<LinkId>,
) -> Result<Verdict, DropReason>;

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
    receive_and(pass, packet, network, link, leave)
}

/// Receives, and sends by `leave` what is for others: arrangements that receive alike.
pub(super) fn receive_and<T: Trace>(
    pass: &mut Pass<'_, T>,
    packet: &mut Packet<'_>,
    network: NetworkId,
    link: LinkId,
    leave: Leaving<T>,
) -> Result<Verdict, DropReason> {
    let mut transit = pass.enter(packet, network, Some(link))?;
    let mut protected = false;
    loop {
        if !pass.is_for_this_node(&transit) {
            if !protected {
                pass.cross_inwards(packet, &transit)?;
            }
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
            Mode::Tunnel(_) => pass.leave_tunnel_mode(packet, &mut transit, &opener, None)?,
            Mode::Transport => pass.check_selectors(&opener, packet, &transit)?,
        }
        protected = true;
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
    via: Option<LinkId>,
) -> Result<Verdict, DropReason> {
    let stays_inside = match via {
        Some(link) => !pass.is_unprotected(link),
        None => pass.leads_inside(packet, transit),
    };
    if !stays_inside {
        match pass.outbound_policy(packet, transit)? {
            Outbound::Bypass => {}
            Outbound::Protect(sa) => match sa.mode() {
                Mode::Tunnel(_) => pass.seal_tunnel(packet, transit, sa)?,
                Mode::Transport => pass.seal_transport(packet, transit, sa)?,
            },
        }
    }
    let hop = pass.next_hop(packet, transit, via)?;
    pass.transmit(packet, hop)
}
