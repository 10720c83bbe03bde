//! The interface that is a pair of tunnel-mode SAs (RFC 3884 section 4.1, alternative 1).

use super::inbound::Opener;
use crate::link::SaInterface;
use crate::node::Event;
use crate::node::pass::{Pass, Transit};
use crate::sa::SaGroup;
use crate::trace::{Step, Trace};
use crate::{DropReason, LinkId, Mode, Packet, TunnelEnds};

impl<T: Trace> Pass<'_, T> {
    /// The packet goes out of an SA interface: the SA there gives it an outer header and seals it, and it
    /// is then a packet of the base network. With the end of the SA the interface goes down.
    pub(in crate::node) fn seal_by_sa(
        &mut self,
        packet: &mut Packet<'_>,
        transit: &mut Transit,
        link: LinkId,
        interface: &SaInterface,
    ) -> Result<(), DropReason> {
        let length = packet.len();
        let mtu = self.tables.link(link).map_or(usize::MAX, |link| link.mtu);
        if length > mtu && transit.header.dont_fragment {
            return Err(DropReason::PacketTooBig);
        }
        let group = self.tables.interface_group(link);
        let candidates = group.map(SaGroup::sas).unwrap_or_default();
        let (worker, now) = (self.state.worker, self.now());
        let flow = transit.flow(packet);
        let inner = candidates
            .iter()
            .any(|sa| sa.inner_selectors().is_some())
            .then(|| self.look_through(packet, transit));
        let chosen = match group {
            Some(group) => group.choose(worker, &flow, inner.as_ref(), now),
            None => Err(DropReason::NoOutboundSa),
        };
        self.step(&Step::ChooseSa {
            candidates,
            worker,
            flow: &flow,
            inner: inner.as_ref(),
            now,
            chosen: chosen.map(AsRef::as_ref),
        });
        let mut own = group.into_iter().flat_map(|group| group.of_worker(worker));
        if chosen.is_err() && own.all(|sa| sa.check(now).is_err()) && self.state.lose_carrier(link)
        {
            self.state.events.push(Event::InterfaceDown { link });
        }
        let sa = chosen?;
        if sa.take_soft_expiry(self.now()) {
            let spi = sa.spi();
            let event = Event::InterfaceSoftExpiry { link, spi };
            self.state.events.push(event);
        }
        match sa.mode() {
            Mode::Tunnel(_) => {
                self.seal_in_tunnel(packet, transit, sa, (Some(link), interface.base))?;
            }
            // In a demonstration only: no outer header, so that the packet comes back to the interface.
            Mode::Transport => {
                self.nest(transit)?;
                self.seal_transport(packet, transit, sa)?;
            }
        }
        self.state.counters.sent(link, length);
        transit.met_policy = true;
        Ok(())
    }

    /// Takes off the outer header of the SA that opened the packet: it has then arrived by the interface
    /// that is this SA, in the interface's network.
    pub(in crate::node) fn arrive_by_sa(
        &mut self,
        packet: &mut Packet<'_>,
        transit: &mut Transit,
        opener: &Opener,
        ends: TunnelEnds,
    ) -> Result<(), DropReason> {
        let found = self.tables.find_tunnel(transit.network, ends);
        let link = found.ok_or(DropReason::UnknownTunnel)?;
        if !self.state.is_up(link) {
            return Err(DropReason::LinkDown);
        }
        self.leave_tunnel_mode(packet, transit, opener, Some(link))?;
        self.state.counters.received(link, packet.len());
        transit.arrival = Some(link);
        transit.met_policy = false;
        self.come_out_of(link, ends, transit)
    }
}
