//! The scenario's events: what a control plane, a broken cable or an attacker does.

use alloc::format;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::build::no_interface;
use super::datagram::{write_ip, write_udp};
use super::event::{Carriage, Event, Observer};
use super::flight::Origin;
use super::run::Entry;
use super::scenario::PacketConfig;
use super::station::{Action, Injected};
use super::{Due, Network};
use crate::config::RouteConfig;
use crate::fib::{Origin as RouteOrigin, Path};
use crate::network::datagram::Addresses;
use crate::tables::VirtualLinkForm;
use crate::wire::{IpVersion, Protocol};
use crate::{LinkId, NetworkId};

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
                path,
            } => {
                if let Some(router) = self.station_mut(*station).and_then(|s| s.router_mut()) {
                    router.node.change_fib(*network, |fib| {
                        for prefix in remove {
                            fib.remove(prefix, RouteOrigin::Static);
                        }
                    });
                }
                for (index, route) in add.iter().enumerate() {
                    let path = format!("{path}.add[{index}]");
                    self.add_route((*station, *network), route, &path, observer);
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

    /// Adds a static route. One into a virtual link needs an interface, or the far end of SAs that the
    /// base network has a route to.
    fn add_route(
        &mut self,
        (station, network): (u32, NetworkId),
        config: &RouteConfig,
        path: &str,
        observer: &mut dyn Observer,
    ) {
        let now = self.now;
        let Some(router) = self.station_mut(station).and_then(|s| s.router_mut()) else {
            return;
        };
        let tables = Arc::clone(router.node.tables());
        let route = config.route(|at, link, via| {
            let way = match tables.find_link(link) {
                Some(link) => Some(Path { link, via }),
                None => tables.path_into(network, link),
            };
            if way.is_none() {
                let path = format!("{path}{at}.link");
                let cause = match tables.arrangement().virtual_links() {
                    VirtualLinkForm::RoutedPolicy => {
                        format!("no route of the base network leads to the far end of \"{link}\"")
                    }
                    _ => no_interface(link),
                };
                let (path, cause) = (path.as_str(), cause.as_str());
                observer.event(now, &Event::Vain { path, cause });
            }
            Ok(way)
        });
        // What could be wrong with it was found out when the network was built.
        if let Ok(Some(route)) = route {
            router.node.change_fib(network, |fib| _ = fib.insert(route));
        }
    }

    pub(super) fn set_wire(&mut self, number: u32, up: bool, observer: &mut dyn Observer) {
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

pub(super) fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
