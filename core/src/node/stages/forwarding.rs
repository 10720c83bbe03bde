//! Forwarding: routes, hops and links.

use crate::fib::{Path, Route};
use crate::node::pass::{Hop, Pass, Transit};
use crate::trace::{Step, Trace};
use crate::{DropReason, LinkId, Packet, Side, Verdict, wire};

impl<T: Trace> Pass<'_, T> {
    /// Where the packet goes next in its network: by the link that is given, or as its route says
    /// (RFC 1812 section 5.2.4).
    pub(in crate::node) fn next_hop(
        &mut self,
        packet: &Packet<'_>,
        transit: &Transit,
        via: Option<LinkId>,
    ) -> Result<Hop, DropReason> {
        if let Some(link) = via {
            let hop = Hop {
                link,
                next_hop: transit.header.destination,
            };
            return if self.state.is_up(link) {
                Ok(hop)
            } else {
                Err(DropReason::LinkDown)
            };
        }
        let tables = self.tables;
        let network = tables.network(transit.network).ok_or(DropReason::NoRoute)?;
        let destination = transit.header.destination;
        let route = network.fib().lookup(destination);
        let path = route.and_then(|route| self.choose_path(route, packet, transit));
        self.step(&Step::Route {
            network: transit.network,
            fib: network.fib(),
            destination,
            route,
            path,
        });
        let route = route.ok_or(DropReason::NoRoute)?;
        match path {
            Some(path) => Ok(Hop {
                link: path.link,
                next_hop: path.next_hop(destination),
            }),
            None => Err(route.target.drop_reason().unwrap_or(DropReason::LinkDown)),
        }
    }

    /// The path of a route that the packet's flow takes, among those whose links are up.
    fn choose_path<'r>(
        &self,
        route: &'r Route,
        packet: &Packet<'_>,
        transit: &Transit,
    ) -> Option<&'r Path> {
        let hash = || transit.flow(packet).hash() ^ self.tables.flow_seed();
        route.choose(hash(), |link| self.state.is_up(link))
    }

    /// Whether the packet's route keeps it on this side of the IPsec boundary, so that it does not meet
    /// the SPD.
    pub(in crate::node) fn leads_inside(&self, packet: &Packet<'_>, transit: &Transit) -> bool {
        let network = self.tables.network(transit.network);
        let route = network.and_then(|network| network.fib().lookup(transit.header.destination));
        let path = route.and_then(|route| self.choose_path(route, packet, transit));
        path.is_some_and(|path| !self.is_unprotected(path.link))
    }

    /// Whether the packet is for this node: one of its addresses, or a group on the link.
    #[inline]
    pub(in crate::node) fn is_for_this_node(&self, transit: &Transit) -> bool {
        let destination = transit.header.destination;
        destination.is_multicast() || self.tables.owner(transit.network, destination).is_some()
    }

    /// Whether the link is on the far side of the IPsec boundary.
    #[inline]
    pub(in crate::node) fn is_unprotected(&self, link: LinkId) -> bool {
        self.tables
            .link(link)
            .is_some_and(|link| link.side == Side::Unprotected)
    }

    /// Whether a hop leads into another network than the packet's.
    pub(in crate::node) fn leaves_network(&self, transit: &Transit, hop: Hop) -> bool {
        self.tables
            .link(hop.link)
            .is_none_or(|link| link.network != transit.network)
    }

    /// Whether a hop leads across the IPsec boundary, or out of the packet's network.
    pub(in crate::node) fn crosses(&self, transit: &Transit, hop: Hop) -> bool {
        self.is_unprotected(hop.link) || self.leaves_network(transit, hop)
    }

    /// Takes one hop off the TTL of a packet that is forwarded (RFC 1812 section 5.3.1), once the
    /// firewall has let it through.
    pub(in crate::node) fn decrement_ttl(
        &mut self,
        packet: &mut Packet<'_>,
        transit: &mut Transit,
    ) -> Result<(), DropReason> {
        self.admit(packet, transit)?;
        wire::decrement_ttl(packet.bytes_mut())?;
        transit.header.ttl = transit.header.ttl.saturating_sub(1);
        self.step(&Step::Hop {
            packet: packet.bytes(),
        });
        Ok(())
    }

    /// The packet is ready for a physical link.
    #[inline]
    pub(in crate::node) fn transmit(
        &self,
        packet: &Packet<'_>,
        hop: Hop,
    ) -> Result<Verdict, DropReason> {
        let link = self.tables.link(hop.link).ok_or(DropReason::NoRoute)?;
        if packet.len() > link.mtu {
            return Err(DropReason::PacketTooBig);
        }
        Ok(Verdict::Transmit {
            link: hop.link,
            next_hop: hop.next_hop,
        })
    }
}
