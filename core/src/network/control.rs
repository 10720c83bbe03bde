//! The scenario's events: what a control plane, a broken cable or an attacker does.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::time::Duration;

use super::build::{Names, virtual_link};
use super::datagram::{write_ip, write_udp};
use super::event::{Carriage, Event, KeyChange, Observer};
use super::flight::Origin;
use super::keys::Which;
use super::run::Entry;
use super::scenario::PacketConfig;
use super::station::{Action, Injected};
use super::{Due, Network};
use crate::config::{Compiled, LifetimeConfig};
use crate::fib::Origin as RouteOrigin;
use crate::network::datagram::Addresses;
use crate::sa::{OutboundSa, SaId};
use crate::spd::PolicyId;
use crate::wire::{IpVersion, Protocol, Spi};
use crate::{LinkId, NetworkId, Tables};

impl Network {
    /// An event of the scenario happens.
    pub(super) fn act(&mut self, number: u32, observer: &mut dyn Observer) {
        let place = usize::try_from(number).unwrap_or(usize::MAX);
        let Some((name, action)) = self.actions.get_mut(place) else {
            return;
        };
        // It is put back at once: events are done one after another.
        let (name, action) = (
            core::mem::take(name),
            core::mem::replace(action, Action::DeleteSas(u32::MAX)),
        );
        self.mark(&name);
        self.perform(number, &action, observer);
        if let Some(slot) = self.actions.get_mut(place) {
            *slot = (name, action);
        }
        if !matches!(action_of(self, place), Some(Action::Inject { .. })) {
            self.consult_oracle(observer);
        }
    }

    fn perform(&mut self, number: u32, action: &Action, observer: &mut dyn Observer) {
        match action {
            Action::Wire { wire, up } => self.set_wire(*wire, *up, observer),
            Action::Link { station, link, up } => self.set_link(*station, *link, *up, observer),
            Action::Mtu { wire, mtu } => self.set_mtu(*wire, *mtu, observer),
            Action::Rekey { link, overlap } => self.rekey(*link, *overlap, observer),
            Action::DeleteSas(link) => self.delete_sas(*link, observer),
            Action::Routes {
                station,
                network,
                remove,
                add,
                vain,
            } => {
                if let Some(router) = self.station_mut(*station).and_then(|s| s.router_mut()) {
                    router.node.change_fib(*network, |fib| {
                        for prefix in remove {
                            fib.remove(prefix, RouteOrigin::Static);
                        }
                        for route in add {
                            fib.insert(route.clone());
                        }
                    });
                }
                for (path, cause) in vain {
                    observer.event(self.now, &Event::Vain { path, cause });
                }
            }
            Action::Inject { count, .. } => {
                let due = Due::Inject {
                    action: number,
                    left: *count,
                };
                self.schedule.add(self.now, due);
            }
            Action::Vain { path, cause } => {
                observer.event(self.now, &Event::Vain { path, cause });
            }
        }
    }

    fn set_wire(&mut self, number: u32, up: bool, observer: &mut dyn Observer) {
        let now = self.now;
        let Some(wire) = self.wire_mut(number) else {
            return;
        };
        if core::mem::replace(&mut wire.up, up) == up {
            return;
        }
        let carrier = wire.carrier;
        let ends: Vec<_> = wire
            .ends
            .iter()
            .map(|end| (end.station, end.link))
            .collect();
        let name = self.wire(number).map_or("", |wire| wire.name.as_str());
        observer.event(now, &Event::Wire { wire: name, up });
        for (station, link) in ends.into_iter().filter(|_| carrier) {
            self.set_link(station, link, up, observer);
        }
    }

    fn set_mtu(&mut self, number: u32, mtu: usize, observer: &mut dyn Observer) {
        let Some(wire) = self.wire_mut(number) else {
            return;
        };
        wire.mtu = Some(mtu);
        let ends: Vec<_> = wire
            .ends
            .iter()
            .map(|end| (end.station, end.link))
            .collect();
        for (station, link) in ends {
            if let Some(router) = self.station_mut(station).and_then(|s| s.router_mut()) {
                let tables = router.node.tables().with_mtu(link, mtu);
                router.node.install(Arc::new(tables));
            }
        }
        let wire = self.wire(number).map_or("", |wire| wire.name.as_str());
        observer.event(self.now, &Event::Mtu { wire, mtu });
    }

    /// The SAs of a virtual link come near their end.
    pub(super) fn soft_expiry(&mut self, spi: Spi, observer: &mut dyn Observer) {
        let links = self.link_count();
        let Some(number) = Which::link_of(spi, links) else {
            return;
        };
        let link = self.virtual_links.get(index(number));
        let is_current = link.is_some_and(|link| {
            let spis = [0, 1].map(|from| {
                let generation = link.generation;
                let which = Which {
                    link: number,
                    from,
                    generation,
                };
                which.spi(links)
            });
            link.rekey && spis.contains(&spi)
        });
        if is_current {
            self.rekey(number, Duration::from_secs(1), observer);
        }
    }

    fn link_count(&self) -> u32 {
        u32::try_from(self.virtual_links.len()).unwrap_or(u32::MAX)
    }

    /// New SAs for both ends of a virtual link. Those that receive come first, so that no packet comes
    /// too early; the old ones stay for packets that are under way (RFC 7296 section 2.8).
    fn rekey(&mut self, number: u32, overlap: Duration, observer: &mut dyn Observer) {
        let Some(link) = self.virtual_links.get(index(number)) else {
            return;
        };
        let generation = link.generation.saturating_add(1);
        let stations = [0, 1].map(|end: usize| link.ends.get(end).map(|end| end.station));
        let mut renewed = Vec::new();
        for (end, station) in stations.into_iter().enumerate() {
            let compiled = station.and_then(|s| self.compile_again(number, s, end, generation));
            let (Some(station), Some(compiled)) = (station, compiled) else {
                return;
            };
            renewed.push((station, compiled));
        }
        let links = self.link_count();
        let spi = |from: usize, generation| {
            let from = u32::try_from(from).unwrap_or_default();
            let which = Which {
                link: number,
                from,
                generation,
            };
            which.spi(links)
        };
        for (end, (station, compiled)) in renewed.iter_mut().enumerate() {
            let new = spi(1_usize.saturating_sub(end), generation);
            let place = compiled
                .inbound
                .iter()
                .position(|(_, sa)| sa.id().spi == new);
            let sa = place.map(|place| compiled.inbound.swap_remove(place).1);
            let router = self.station_mut(*station).and_then(|s| s.router_mut());
            if let (Some(sa), Some(router)) = (sa, router) {
                // Its SPI is new, so that there is nothing to refuse.
                let _ = router.node.insert_inbound_sa(sa);
            }
        }
        for (end, (station, compiled)) in renewed.iter().enumerate() {
            let router = self.station_mut(*station).and_then(|s| s.router_mut());
            let new = find_outbound(&compiled.tables, spi(end, generation));
            if let (Some((network, policy, sa)), Some(router)) = (new, router) {
                let tables = router.node.tables();
                let old = find_outbound(tables, spi(end, generation.saturating_sub(1)));
                let mut tables = tables.with_outbound_sa(network, policy, sa);
                if let Some((network, _, old)) = old {
                    tables = tables.without_outbound_sa(network, &old);
                }
                router.node.install(Arc::new(tables));
            }
        }
        if let Some(link) = self.virtual_links.get_mut(index(number)) {
            link.generation = generation;
        }
        let due = Due::Retire {
            link: number,
            generation,
        };
        self.schedule.add(self.now.after(overlap), due);
        self.tell_keys(number, KeyChange::Rekeyed, observer);
    }

    /// A node's document with other SAs for one virtual link, compiled.
    fn compile_again(
        &self,
        number: u32,
        station: u32,
        end: usize,
        generation: u32,
    ) -> Option<Compiled> {
        let rekeying = self.rekeying.as_ref()?;
        let scenario = &rekeying.scenario;
        let names = Names::new(scenario).ok()?;
        let link = scenario.virtual_links.get(index(number))?;
        let mut document = rekeying.documents.get(index(station))?.clone();
        let mut renewed =
            virtual_link(scenario, &names, (link, index(number)), end, generation).ok()?;
        if let Some(protection) = &mut renewed.protection {
            let passed = self.now.as_nanos() / 1_000_000_000;
            protection.lifetime = protection.lifetime.map(|life| later(life, passed));
        }
        let old = document
            .virtual_links
            .iter_mut()
            .find(|other| other.name == link.name)?;
        *old = renewed;
        document.compile().ok()
    }

    /// The inbound SAs before a generation are no longer needed.
    pub(super) fn retire(&mut self, number: u32, generation: u32, observer: &mut dyn Observer) {
        let Some(link) = self.virtual_links.get_mut(index(number)) else {
            return;
        };
        let retired = link.retired;
        link.retired = generation.max(retired);
        for old in retired..generation {
            self.remove_inbound(number, old);
        }
        self.tell_keys(number, KeyChange::Retired, observer);
    }

    fn delete_sas(&mut self, number: u32, observer: &mut dyn Observer) {
        let Some(link) = self.virtual_links.get_mut(index(number)) else {
            return;
        };
        let (generation, retired) = (link.generation, link.retired);
        link.retired = generation.saturating_add(1);
        let stations = [0, 1].map(|end: usize| link.ends.get(end).map(|end| end.station));
        for old in retired..=generation {
            self.remove_inbound(number, old);
        }
        let links = self.link_count();
        for (from, station) in (0..).zip(stations.into_iter().flatten()) {
            let which = Which {
                link: number,
                from,
                generation,
            };
            if let Some(router) = self.station_mut(station).and_then(|s| s.router_mut()) {
                let tables = router.node.tables();
                if let Some((network, _, sa)) = find_outbound(tables, which.spi(links)) {
                    let tables = tables.without_outbound_sa(network, &sa);
                    router.node.install(Arc::new(tables));
                }
            }
        }
        self.tell_keys(number, KeyChange::Deleted, observer);
    }

    fn remove_inbound(&mut self, number: u32, generation: u32) {
        let links = self.link_count();
        for receiver in 0..2_usize {
            let from = u32::from(receiver == 0);
            let which = Which {
                link: number,
                from,
                generation,
            };
            let id = SaId::unicast(which.spi(links));
            let link = self.virtual_links.get(index(number));
            let station = link.and_then(|link| link.ends.get(receiver));
            let station = station.map_or(u32::MAX, |end| end.station);
            if let Some(router) = self.station_mut(station).and_then(|s| s.router_mut()) {
                for network in 0..router.networks.len() {
                    router.node.remove_inbound_sa(NetworkId::at(network), &id);
                }
            }
        }
    }

    fn tell_keys(&self, number: u32, change: KeyChange, observer: &mut dyn Observer) {
        if let Some(link) = self.virtual_links.get(index(number)) {
            let event = Event::Keys {
                virtual_link: &link.name,
                change,
                generation: link.generation,
            };
            observer.event(self.now, &event);
        }
    }

    /// A packet from nowhere arrives at a node.
    pub(super) fn inject(&mut self, number: u32, left: u32, observer: &mut dyn Observer) {
        let Some(left) = left.checked_sub(1) else {
            return;
        };
        let Some(Action::Inject {
            station,
            link,
            packet,
            every,
            tally,
            ..
        }) = action_of(self, index(number))
        else {
            return;
        };
        let (station, link, every, tally) = (*station, *link, *every, *tally);
        match packet.clone() {
            Injected::Made(packet) => self.make(&packet),
            Injected::Recorded(port) => {
                let mut bytes = core::mem::take(&mut self.scratch.packet);
                bytes.clear();
                let end = self.wire(port.wire).and_then(|wire| wire.end(port.end));
                let recorded = end.and_then(|end| end.recorded.as_ref());
                bytes.extend_from_slice(recorded.map(Vec::as_slice).unwrap_or_default());
                self.scratch.packet = bytes;
            }
        }
        let due = Due::Inject {
            action: number,
            left,
        };
        self.schedule.add(self.now.after(every), due);
        if self.scratch.packet.is_empty() {
            return;
        }
        if let Some(attack) = self.attacks.get_mut(index(tally)) {
            attack.tally.sent = attack.tally.sent.saturating_add(1);
        }
        let flight = self
            .flights
            .make(&self.scratch.packet, Origin::Attack(tally));
        let port = self.port_of(station, link);
        let event = Event::Carried {
            wire: port
                .and_then(|wire| self.wire(wire))
                .map_or("", |wire| wire.name.as_str()),
            from: None,
            to: Some(self.name(station)),
            packet: flight.number,
            arrival: Carriage::Arrives(self.now),
            bytes: flight.bytes(),
        };
        observer.event(self.now, &event);
        self.pass(station, Entry::Arrives(link), flight, observer);
    }

    fn port_of(&self, station: u32, link: LinkId) -> Option<u32> {
        let router = self.station(station)?.router()?;
        router.port(link).map(|port| port.wire)
    }

    /// Makes a packet to order, in the scratch buffer.
    fn make(&mut self, config: &PacketConfig) {
        let scratch = &mut self.scratch;
        scratch.payload.clear();
        scratch.payload.resize(config.size, 0);
        self.random.fill(&mut scratch.payload);
        let addresses = |source, destination| Addresses {
            source,
            destination,
            ports: [0xbfff, 9],
            ttl: config.ttl,
        };
        let ends = [config.source, config.destination];
        if let Some(inner) = &config.inner {
            let addresses = addresses(inner.source, inner.destination);
            let (packet, datagram) = (&mut scratch.packet, &mut scratch.datagram);
            write_udp(packet, datagram, &addresses, &scratch.payload);
            core::mem::swap(packet, &mut scratch.payload);
            let protocol = IpVersion::of(inner.source).protocol();
            write_ip(packet, ends, config.ttl, protocol, &scratch.payload);
            return;
        }
        match config.protocol.map_or(Protocol::UDP, |protocol| protocol.0) {
            Protocol::UDP => {
                let addresses = addresses(config.source, config.destination);
                write_udp(
                    &mut scratch.packet,
                    &mut scratch.datagram,
                    &addresses,
                    &scratch.payload,
                );
            }
            protocol => {
                if let Some(spi) = config.spi {
                    let fields = [spi.0.0.to_be_bytes(), config.sequence.to_be_bytes()];
                    for (place, byte) in scratch.payload.iter_mut().zip(fields.as_flattened()) {
                        *place = *byte;
                    }
                }
                let packet = &mut scratch.packet;
                write_ip(packet, ends, config.ttl, protocol, &scratch.payload);
            }
        }
    }
}

fn action_of(network: &Network, place: usize) -> Option<&Action> {
    network.actions.get(place).map(|(_, action)| action)
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// The outbound SA with an SPI, and the policy that it serves.
fn find_outbound(tables: &Tables, spi: Spi) -> Option<(NetworkId, PolicyId, Arc<OutboundSa>)> {
    tables.networks().find_map(|(id, network)| {
        let mut sas = network.outbound().iter();
        let (policy, sa) = sas.find(|(_, sa)| sa.spi() == spi)?;
        Some((id, policy, sa.clone()))
    })
}

/// A lifetime whose seconds count from now.
fn later(mut life: LifetimeConfig, passed: u64) -> LifetimeConfig {
    for limits in [&mut life.soft, &mut life.hard] {
        limits.seconds = limits.seconds.map(|seconds| seconds.saturating_add(passed));
    }
    life
}
