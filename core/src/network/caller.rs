//! What a caller does in a network, besides what its scenario says.

use super::event::{End, Fate, Observer};
use super::flight::{Flight, Origin};
use super::run::Entry;
use super::station::Kind;
use super::{Network, Station};
use crate::wire::{IpHeader, SkipList};

/// Why a network does not do what it is asked to. Nothing has happened then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It has no node or host of this name.
    UnknownStation,
    /// The node is in no network of this name.
    UnknownNetwork,
    /// It has no wire of this name.
    UnknownWire,
    /// The node has no link of this name.
    UnknownLink,
    /// The bytes are no IP packet, and a host finds no destination in them.
    NotIp,
}

impl Network {
    /// Sends a packet from a node or host now, whole and with its source address, and tells its number in
    /// the run. A node sends it in one of its networks, by default in its first.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn send(
        &mut self,
        from: &str,
        network: Option<&str>,
        packet: &[u8],
        observer: &mut dyn Observer,
    ) -> Result<u64, Refusal> {
        let station = self.find_station(from)?;
        let place = self.station(station).ok_or(Refusal::UnknownStation)?;
        match &place.kind {
            Kind::Host(host) => {
                let header = IpHeader::parse(packet, &SkipList::default());
                let header = header.map_err(|_| Refusal::NotIp)?;
                let (port, next_hop) = (host.port, host.next_hop(header.destination));
                self.start(observer);
                let flight = self.flights.make(packet, Origin::Caller);
                let number = flight.number;
                self.carry(port, next_hop, flight, observer);
                Ok(number)
            }
            Kind::Node(router) => {
                let tables = router.node.tables();
                let network = match network {
                    Some(name) => tables.find_network(name),
                    None => tables.networks().next().map(|(network, _)| network),
                };
                let network = network.ok_or(Refusal::UnknownNetwork)?;
                self.start(observer);
                let flight = self.flights.make(packet, Origin::Caller);
                let number = flight.number;
                self.pass(station, Entry::Sends(network), flight, observer);
                Ok(number)
            }
        }
    }

    /// Cuts or mends a wire now; see [`ActionConfig`](super::scenario::ActionConfig).
    ///
    /// # Errors
    /// [`Refusal::UnknownWire`].
    pub fn set_wire_up(
        &mut self,
        wire: &str,
        up: bool,
        observer: &mut dyn Observer,
    ) -> Result<(), Refusal> {
        let found = self.wires.iter().zip(0..).find(|(w, _)| w.name == wire);
        let number = found.ok_or(Refusal::UnknownWire)?.1;
        self.start(observer);
        self.mark(&alloc::format!("wire {wire} {}", way(up)));
        self.set_wire(number, up, observer);
        self.consult_oracle(observer);
        Ok(())
    }

    /// Takes a link of a node down or up now.
    ///
    /// # Errors
    /// [`Refusal::UnknownStation`], [`Refusal::UnknownLink`].
    pub fn set_link_up(
        &mut self,
        node: &str,
        link: &str,
        up: bool,
        observer: &mut dyn Observer,
    ) -> Result<(), Refusal> {
        let station = self.find_station(node)?;
        let router = self.station(station).and_then(Station::router);
        let tables = router.ok_or(Refusal::UnknownStation)?.node.tables();
        let number = tables.find_link(link).ok_or(Refusal::UnknownLink)?;
        self.start(observer);
        self.mark(&alloc::format!("link {node}.{link} {}", way(up)));
        self.set_link(station, number, up, observer);
        self.consult_oracle(observer);
        Ok(())
    }

    fn find_station(&self, name: &str) -> Result<u32, Refusal> {
        let found = self.stations.iter().zip(0..).find(|(s, _)| s.name == name);
        found
            .map(|(_, number)| number)
            .ok_or(Refusal::UnknownStation)
    }

    /// Tells an observer of a packet's end.
    pub(super) fn tell_end(
        &self,
        flight: &Flight,
        place: &str,
        fate: Fate,
        observer: &mut dyn Observer,
    ) {
        let flow = match flight.origin {
            Origin::Flow(number) => usize::try_from(number)
                .ok()
                .and_then(|number| self.flows.get(number)),
            Origin::Attack(_) | Origin::Routing | Origin::Caller => None,
        };
        let end = End {
            packet: flight.number,
            flow: flow.map(|flow| flow.name.as_str()),
            place,
            fate,
            bytes: flight.bytes(),
        };
        observer.end(self.now, &end);
    }
}

const fn way(up: bool) -> &'static str {
    if up { "up" } else { "down" }
}
