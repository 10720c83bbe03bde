//! Outbound IPsec: policy, choice of an SA, sealing (RFC 4301 section 5.1).

use alloc::sync::Arc;

use crate::node::Event;
use crate::node::pass::{Pass, Transit};
use crate::sa::{OutboundSa, SealOptions};
use crate::spd::{Action, Direction};
use crate::trace::{Step, Trace};
use crate::{DropReason, Mode, Packet};

/// What policy says of an outbound packet.
pub(in crate::node) enum Outbound<'n> {
    /// It crosses the boundary as it is.
    Bypass,
    /// It is to be sealed by this SA.
    Protect(&'n Arc<OutboundSa>),
}

impl<'n, T: Trace> Pass<'n, T> {
    /// Asks the SPD about a packet that is to cross the boundary, and finds the SA that protects it.
    pub(in crate::node) fn outbound_policy(
        &mut self,
        packet: &Packet<'_>,
        transit: &mut Transit,
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
        let found = network
            .spd()
            .lookup_through(Direction::Outbound, &flow, inner.as_ref());
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
        let chosen = network
            .outbound()
            .choose_through(id, &flow, inner.as_ref(), self.now());
        self.step(&Step::ChooseSa {
            candidates: network.outbound().of_policy(id),
            flow: &flow,
            inner: inner.as_ref(),
            chosen: chosen.map(AsRef::as_ref),
        });
        if chosen.is_err() {
            // An SA that can't describe its traffic is not worth asking for.
            policy.check_populate(&flow)?;
            self.state.events.push(Event::Acquire {
                network: transit.network,
                policy: id,
                flow,
            });
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
        sa.check_size(packet.len(), &transit.header)?;
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
        self.nest(transit)?;
        sa.check_size(packet.len(), &transit.header)?;
        let sequence = sa.reserve()?;
        let outer = sa.choose_outer(packet.bytes(), &transit.header, sequence)?;
        outer.push(packet)?;
        self.step(&Step::Encapsulate {
            tunnel: None,
            outer: &outer,
            packet: packet.bytes(),
        });
        let network = self
            .tables
            .network(transit.network)
            .ok_or(DropReason::NoRoute)?;
        transit.network = network.base();
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
        let options = SealOptions::default();
        let sealed = sa.protect(packet, &transit.header, sequence, &options)?;
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
}
