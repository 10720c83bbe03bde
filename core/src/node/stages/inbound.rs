//! Inbound: reassembly, IPsec and policy (RFC 4301 section 5.2).

use crate::node::pass::{Pass, Transit};
use crate::node::{Event, Services, TrailEntry};
use crate::outer;
use crate::sa::{EspPlace, SaId};
use crate::spd::{Action, Direction};
use crate::trace::{Step, Trace};
use crate::wire::{EspHeader, Flow, IpHeader, Protocol, Spi, Upper};
use crate::{DropReason, LinkId, Mode, NetworkId, Packet};

/// An SA that opened a packet.
#[derive(Clone, Copy, Debug)]
pub(in crate::node) struct Opener {
    network: NetworkId,
    id: SaId,
    /// The mode decides who may take an inner header off (RFC 3884 appendix A).
    pub(in crate::node) mode: Mode,
}

impl<T: Trace> Pass<'_, T> {
    /// Completes a datagram for this node from its fragments: `false` while some are missing.
    pub(in crate::node) fn reassemble(
        &mut self,
        packet: &mut Packet<'_>,
        transit: &mut Transit,
    ) -> Result<bool, DropReason> {
        if transit.header.fragment.is_none() {
            return Ok(true);
        }
        let state = &mut *self.state;
        let timed_out = state.reassembly.expire(state.now);
        state.counters.timed_out(timed_out);
        let key = (transit.network, transit.arrival);
        let whole = state
            .reassembly
            .add(state.now, key, &state.trail, packet, &transit.header)?;
        self.step(&Step::Reassemble {
            whole,
            packet: packet.bytes(),
        });
        if whole {
            transit.header = self.parse(packet)?;
        }
        Ok(whole)
    }

    /// Finds ESP in a packet for this node, behind IP or behind UDP on the port for it.
    pub(in crate::node) fn find_esp(
        &self,
        packet: &Packet<'_>,
        transit: &Transit,
    ) -> Result<Option<EspPlace>, DropReason> {
        let udp_port = || match transit.flow(packet).upper {
            Upper::Ports { destination, .. } => Some(destination) == self.tables.udp_port(),
            _ => false,
        };
        match transit.header.protocol {
            Protocol::ESP => EspPlace::find(packet.bytes(), &transit.header),
            Protocol::UDP if udp_port() => EspPlace::find(packet.bytes(), &transit.header),
            _ => Ok(None),
        }
    }

    /// Looks the SA up and opens the packet: afterwards it is what it was before it was protected in
    /// transport mode, or the outer header and the inner packet of tunnel mode.
    pub(in crate::node) fn open(
        &mut self,
        packet: &mut Packet<'_>,
        transit: &mut Transit,
        place: &EspPlace,
    ) -> Result<Opener, DropReason> {
        let esp = packet
            .bytes()
            .get(place.offset..)
            .ok_or(DropReason::Truncated)?;
        let header = *EspHeader::parse(esp)?;
        let id = self.find_sa(transit, &header)?;
        let now = self.now();
        let network = transit.network;
        let Self {
            tables,
            state,
            trace,
            opened,
        } = self;
        let sad = state
            .sads
            .get_mut(network.index())
            .ok_or(DropReason::UnknownSpi)?;
        let sa = sad.get_mut(&id).ok_or(DropReason::UnknownSpi)?;

        let opened = match opened.take() {
            Some(opened) => opened,
            None => sa.authenticate(now, packet, place),
        };
        if T::ENABLED {
            let opened = match &opened {
                Ok((sequence, esp)) => Ok((*sequence, esp)),
                Err(reason) => Err(*reason),
            };
            let low = header.sequence.get();
            trace.step(&Step::Open {
                sa,
                low,
                opened,
                packet: packet.bytes(),
            });
        }
        let (_, esp) = opened?;
        if sa.take_soft_expiry(now) {
            state.events.push(Event::InboundSoftExpiry { network, id });
        }
        sa.check_payload(packet.bytes(), &esp)?;
        let (source, destination) = (transit.header.source, transit.header.destination);
        transit.header = sa.restore(packet, place, &esp, tables.skip_list())?;
        let opener = Opener {
            network,
            id,
            mode: sa.mode(),
        };
        let services = Services {
            confidentiality: sa.transform().is_confidential(),
            anti_replay: sa.window().is_some(),
        };
        self.step(&Step::Restore {
            packet: packet.bytes(),
        });
        self.record(TrailEntry::Sa {
            network,
            id,
            tunnel_mode: opener.mode != Mode::Transport,
            source,
            destination,
            services,
        })?;
        Ok(opener)
    }

    fn find_sa(&mut self, transit: &Transit, esp: &EspHeader) -> Result<SaId, DropReason> {
        let (source, destination) = (transit.header.source, transit.header.destination);
        let spi = Spi(esp.spi.get());
        let sad = self
            .state
            .sads
            .get(transit.network.index())
            .ok_or(DropReason::UnknownSpi)?;
        let found = sad.lookup(spi, destination, source);
        if T::ENABLED {
            self.trace.step(&Step::FindSa {
                sad,
                spi,
                destination,
                source,
                found,
            });
        }
        found.ok_or(DropReason::UnknownSpi)
    }

    /// Opens ESP in transport mode, as often as it is nested, and checks each packet that comes out
    /// (RFC 4301 section 5.2 step 4). A packet in clear crosses the boundary instead. Tells whether the
    /// packet was protected.
    pub(in crate::node) fn open_transport_mode(
        &mut self,
        packet: &mut Packet<'_>,
        transit: &mut Transit,
    ) -> Result<bool, DropReason> {
        let mut protected = false;
        while let Some(place) = self.find_esp(packet, transit)? {
            let opener = self.open(packet, transit, &place)?;
            self.check_selectors(&opener, packet, transit)?;
            protected = true;
        }
        if !protected {
            self.cross_inwards(packet, transit)?;
        }
        Ok(protected)
    }

    /// Compares a packet with the selectors of the transport-mode SA that opened it.
    pub(in crate::node) fn check_selectors(
        &mut self,
        opener: &Opener,
        packet: &Packet<'_>,
        transit: &Transit,
    ) -> Result<(), DropReason> {
        self.compare(opener, packet.bytes(), &transit.header)
    }

    fn compare(
        &mut self,
        opener: &Opener,
        packet: &[u8],
        header: &IpHeader,
    ) -> Result<(), DropReason> {
        let Self {
            tables,
            state,
            trace,
            ..
        } = self;
        let sa = state
            .sa(opener.network, &opener.id)
            .ok_or(DropReason::UnknownSpi)?;
        let flow = Flow::of(packet, header);
        let inner = sa.look_through(packet, header, tables.skip_list());
        let result = sa.check_selectors(&flow, inner.as_ref());
        if T::ENABLED {
            trace.step(&Step::Selectors {
                sa,
                flow: &flow,
                inner: inner.as_ref(),
                matches: result.is_ok(),
            });
        }
        result
    }

    /// Takes off the outer header of a tunnel-mode SA, once the inner packet is one that the SA may
    /// carry: checking and decapsulating are one step here (RFC 3884 section 2). The packet is then one
    /// of the SA's own network. `interface` is the one that the SA is, where SAs are interfaces.
    pub(in crate::node) fn leave_tunnel_mode(
        &mut self,
        packet: &mut Packet<'_>,
        transit: &mut Transit,
        opener: &Opener,
        interface: Option<LinkId>,
    ) -> Result<(), DropReason> {
        self.nest(transit)?;
        let outer = transit.header;
        let mut inner = outer::inspect(packet.bytes(), &outer, self.tables.skip_list())?;
        self.compare(opener, outer.payload(packet.bytes()), &inner)?;
        let sa = self
            .state
            .sa(opener.network, &opener.id)
            .ok_or(DropReason::UnknownSpi)?;
        sa.check_outer_source(outer.source)?;
        transit.network = sa.network();
        let anomaly = outer::remove(packet, &outer, &mut inner, sa.inner_fields())?;
        transit.header = inner;
        self.decapsulated(packet, transit, interface, anomaly);
        Ok(())
    }

    /// Asks the SPD about a packet that came in clear from the far side of the boundary (RFC 4301
    /// section 5.2 step 3b). No SA comes of it.
    pub(in crate::node) fn cross_inwards(
        &mut self,
        packet: &Packet<'_>,
        transit: &Transit,
    ) -> Result<(), DropReason> {
        if !transit
            .arrival
            .is_some_and(|link| self.is_unprotected(link))
        {
            return Ok(());
        }
        let tables = self.tables;
        let network = tables
            .network(transit.network)
            .ok_or(DropReason::NoPolicy)?;
        let flow = transit.flow(packet);
        let inner = network
            .spd()
            .looks_through()
            .then(|| self.look_through(packet, transit));
        let found = network
            .spd()
            .lookup_through(Direction::Inbound, &flow, inner.as_ref());
        self.step(&Step::Policy {
            network: transit.network,
            direction: Direction::Inbound,
            spd: network.spd(),
            flow: &flow,
            inner: inner.as_ref(),
            policy: found.map(|(id, _)| id),
        });
        match found.map(|(_, policy)| policy.action()) {
            Some(Action::Bypass) => Ok(()),
            Some(Action::Discard) => Err(DropReason::PolicyDiscard),
            Some(Action::Protect(_)) => Err(DropReason::Unprotected),
            None => Err(DropReason::NoPolicy),
        }
    }
}
