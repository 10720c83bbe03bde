//! The IPIP tunnel interface (RFC 3884 section 3).

use crate::ipip::{self, Origin};
use crate::link::Tunnel;
use crate::node::pass::{Pass, Transit};
use crate::outer::EcnAnomaly;
use crate::trace::{Step, Trace};
use crate::{DropReason, LinkId, Packet, TunnelEnds};

impl<T: Trace> Pass<'_, T> {
    /// The packet goes out of a tunnel interface: it gets an outer header and is then a packet of the
    /// base network.
    pub(in crate::node) fn encapsulate(
        &mut self,
        packet: &mut Packet<'_>,
        transit: &mut Transit,
        link: LinkId,
        tunnel: &Tunnel,
    ) -> Result<(), DropReason> {
        self.nest(transit)?;
        let mtu = self.tables.link(link).map_or(usize::MAX, |link| link.mtu);
        if packet.len() > mtu && transit.header.dont_fragment {
            return Err(DropReason::PacketTooBig);
        }
        let origin = match transit.arrival {
            None => Origin::Local,
            Some(_) => Origin::Forwarded {
                source_is_own: self
                    .tables
                    .owner(transit.network, transit.header.source)
                    .is_some(),
            },
        };
        let number = self.state.number(link);
        let inner_length = packet.len();
        let outer = ipip::encapsulate(
            packet,
            &transit.header,
            origin,
            tunnel.ends,
            &tunnel.outer,
            number,
        )?;
        self.state.counters.sent(link, inner_length);
        self.step(&Step::Encapsulate {
            tunnel: Some(link),
            network: tunnel.base,
            outer: &outer,
            packet: packet.bytes(),
        });
        transit.network = tunnel.base;
        transit.arrival = None;
        transit.met_policy = false;
        transit.header = self.parse(packet)?;
        Ok(())
    }

    /// Takes a packet for this node out of the tunnel interface that has its outer addresses as its
    /// two ends: it has then arrived by that interface, in the interface's network.
    pub(in crate::node) fn decapsulate(
        &mut self,
        packet: &mut Packet<'_>,
        transit: &mut Transit,
    ) -> Result<(), DropReason> {
        self.nest(transit)?;
        let outer = transit.header;
        let ends = TunnelEnds {
            local: outer.destination,
            remote: outer.source,
        };
        let found = self.tables.find_tunnel(transit.network, ends);
        self.step(&Step::FindTunnel {
            network: transit.network,
            ends,
            found,
        });
        let link = found.ok_or(DropReason::UnknownTunnel)?;
        if !self.state.is_up(link) {
            return Err(DropReason::LinkDown);
        }
        let interface = self.tables.link(link).ok_or(DropReason::UnknownTunnel)?;
        let tunnel = interface.tunnel().ok_or(DropReason::UnknownTunnel)?;
        let skip = self.tables.skip_list();
        let decapsulated = ipip::decapsulate(packet, &outer, tunnel.inner, skip)?;
        self.state.counters.received(link, packet.len());
        transit.network = interface.network;
        transit.arrival = Some(link);
        transit.met_policy = false;
        transit.header = decapsulated.inner;
        self.decapsulated(packet, transit, Some(link), decapsulated.anomaly);
        self.come_out_of(link, ends, transit)
    }

    pub(in crate::node) fn decapsulated(
        &mut self,
        packet: &Packet<'_>,
        transit: &Transit,
        tunnel: Option<LinkId>,
        anomaly: Option<EcnAnomaly>,
    ) {
        if anomaly.is_some() {
            self.state.counters.ecn_anomaly();
        }
        self.step(&Step::Decapsulate {
            tunnel,
            network: transit.network,
            anomaly,
            packet: packet.bytes(),
        });
    }
}
