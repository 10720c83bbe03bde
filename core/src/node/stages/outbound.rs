//! Outbound IPsec: policy, choice of an SA, sealing (RFC 4301 section 5.1).

use alloc::sync::Arc;

use crate::node::Event;
use crate::node::pass::{Hop, Pass, Transit};
use crate::sa::{OutboundSa, SaGroup};
use crate::spd::{Action, Direction, Policy};
use crate::tables::Network;
use crate::trace::{Step, Trace};
use crate::{DropReason, LinkId, Mode, NetworkId, Packet, Verdict};

/// What policy says of an outbound packet.
pub(in crate::node) enum Outbound<'n> {
    /// It crosses the boundary as it is.
    Bypass,
    /// It is to be sealed by this SA.
    Protect(&'n Arc<OutboundSa>),
}

impl<'n, T: Trace> Pass<'n, T> {
    /// Asks the SPD about a packet that is to cross the boundary, and finds the SA that protects it.
    #[inline]
    pub(in crate::node) fn outbound_policy(
        &mut self,
        packet: &Packet<'_>,
        transit: &mut Transit,
    ) -> Result<Outbound<'n>, DropReason> {
        self.outbound_policy_among(packet, transit, |_, _| true)
    }

    /// [`Self::outbound_policy`], with some policies of the network only.
    pub(in crate::node) fn outbound_policy_among(
        &mut self,
        packet: &Packet<'_>,
        transit: &mut Transit,
        is_candidate: impl Fn(&Network, &Policy) -> bool,
    ) -> Result<Outbound<'n>, DropReason> {
        transit.met_policy = true;
        let network = self
            .tables
            .network(transit.network)
            .ok_or(DropReason::NoPolicy)?;
        let flow = transit.flow(packet);
        let mut inner = network
            .spd()
            .looks_through()
            .then(|| self.look_through(packet, transit));
        let found =
            network
                .spd()
                .lookup_among(Direction::Outbound, &flow, inner.as_ref(), |policy| {
                    is_candidate(network, policy)
                });
        self.step(&Step::Policy {
            network: transit.network,
            direction: Direction::Outbound,
            spd: network.spd(),
            flow: &flow,
            inner: inner.as_ref(),
            policy: found.map(|(id, _)| id),
        });
        let (id, policy) = found.ok_or(DropReason::NoPolicy)?;
        match policy.action() {
            Action::Bypass => return Ok(Outbound::Bypass),
            Action::Discard => return Err(DropReason::PolicyDiscard),
            Action::Protect(_) => {}
        }
        if inner.is_none() && network.outbound().look_through(id) {
            inner = Some(self.look_through(packet, transit));
        }
        let (worker, now) = (self.state.worker, self.now());
        let group = network.outbound().group(id);
        let chosen = match group {
            Some(group) => group.choose(worker, &flow, inner.as_ref(), now),
            None => Err(DropReason::NoOutboundSa),
        };
        self.step(&Step::ChooseSa {
            candidates: group.map(SaGroup::sas).unwrap_or_default(),
            worker,
            flow: &flow,
            now,
            inner: inner.as_ref(),
            chosen: chosen.map(AsRef::as_ref),
        });
        // One of its own is asked for while the worker falls back on those of nobody (RFC 9611 section 5).
        let lacking = worker.filter(|worker| group.is_some_and(|group| group.lacks(*worker)));
        if chosen.is_err() || lacking.is_some() {
            // An SA that can't describe its traffic is not worth asking for.
            let describable = policy.check_populate(&flow);
            if chosen.is_err() {
                describable?;
            }
            if describable.is_ok() {
                self.state.events.push(Event::Acquire {
                    network: transit.network,
                    policy: id,
                    flow,
                    worker: lacking,
                });
            }
        }
        let sa = chosen?;
        if sa.take_soft_expiry(self.now()) {
            self.state.events.push(Event::OutboundSoftExpiry {
                network: transit.network,
                policy: id,
                spi: sa.spi(),
            });
        }
        Ok(Outbound::Protect(sa))
    }

    /// Seals the packet in transport mode: only if this node is its source (RFC 4301 section 4.1).
    pub(in crate::node) fn seal_transport(
        &mut self,
        packet: &mut Packet<'_>,
        transit: &mut Transit,
        sa: &OutboundSa,
    ) -> Result<(), DropReason> {
        if self
            .tables
            .owner(transit.network, transit.header.source)
            .is_none()
        {
            return Err(DropReason::TransportInTransit);
        }
        sa.check_packet(packet.len(), &transit.header)?;
        let sequence = sa.reserve()?;
        self.seal(packet, transit, sa, sequence)
    }

    /// Puts the packet into the outer header of a tunnel-mode SA and seals it; it is then a packet of
    /// the base network (RFC 4301 section 5.1.2).
    pub(in crate::node) fn seal_tunnel(
        &mut self,
        packet: &mut Packet<'_>,
        transit: &mut Transit,
        sa: &OutboundSa,
    ) -> Result<(), DropReason> {
        let network = self.tables.network(transit.network);
        let base = network.ok_or(DropReason::NoRoute)?.base();
        self.seal_in_tunnel(packet, transit, sa, (None, base))
    }

    /// [`Self::seal_tunnel`], with the interface that the SA is, if it is one, and the base network.
    pub(in crate::node) fn seal_in_tunnel(
        &mut self,
        packet: &mut Packet<'_>,
        transit: &mut Transit,
        sa: &OutboundSa,
        (interface, base): (Option<LinkId>, NetworkId),
    ) -> Result<(), DropReason> {
        self.nest(transit)?;
        sa.check_packet(packet.len(), &transit.header)?;
        let sequence = sa.reserve()?;
        let outer = sa.choose_outer(packet.bytes(), &transit.header, sequence)?;
        outer.push(packet)?;
        transit.network = base;
        self.step(&Step::Encapsulate {
            tunnel: interface,
            network: base,
            outer: &outer,
            packet: packet.bytes(),
        });
        transit.header = self.parse(packet)?;
        self.seal(packet, transit, sa, sequence)
    }

    fn seal(
        &mut self,
        packet: &mut Packet<'_>,
        transit: &mut Transit,
        sa: &OutboundSa,
        sequence: u64,
    ) -> Result<(), DropReason> {
        let sealed = sa.protect(packet, &transit.header, sequence)?;
        self.step(&Step::Seal {
            sa,
            sealed: &sealed,
            packet: packet.bytes(),
        });
        transit.header = self.parse(packet)?;
        Ok(())
    }

    /// [`Self::outbound_policy`] and what it asks for, in transport mode alone.
    pub(in crate::node) fn protect_in_transport_mode(
        &mut self,
        packet: &mut Packet<'_>,
        transit: &mut Transit,
    ) -> Result<(), DropReason> {
        match self.outbound_policy(packet, transit)? {
            Outbound::Bypass => Ok(()),
            Outbound::Protect(sa) if sa.mode() == Mode::Transport => {
                self.seal_transport(packet, transit, sa)
            }
            // Tables with such an SA are refused when they are built.
            Outbound::Protect(_) => Err(DropReason::NoOutboundSa),
        }
    }

    /// What policy asks for, and the way out: for a packet that a route has led to `hop` before, where
    /// that is a physical link of its own network or of the base network.
    pub(in crate::node) fn protect_and_transmit(
        &mut self,
        packet: &mut Packet<'_>,
        transit: &mut Transit,
        hop: Hop,
        outbound: &Outbound<'_>,
    ) -> Result<Verdict, DropReason> {
        if let Outbound::Protect(sa) = outbound
            && let Mode::Tunnel(_) = sa.mode()
        {
            self.seal_tunnel(packet, transit, sa)?;
            let hop = self.next_hop(packet, transit, None)?;
            return self.transmit(packet, hop);
        }
        // A packet does not leave its network but in a tunnel.
        if self.leaves_network(transit, hop) {
            return Err(DropReason::NoRoute);
        }
        if let Outbound::Protect(sa) = outbound {
            self.seal_transport(packet, transit, sa)?;
        }
        self.transmit(packet, hop)
    }
}
