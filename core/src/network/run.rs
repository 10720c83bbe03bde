//! Running: what is due is done, and packets go from station to station.

use core::net::IpAddr;

use super::datagram::{read_udp, write_udp};
use super::event::{Carriage, Event, Fate, Loss, Observer};
use super::flight::{Flight, Origin};
use super::flow::Probe;
use super::station::{Kind, Port};
use super::wire::Arrival;
use super::{Due, Network};
use crate::node::Event as NodeEvent;
use crate::trace::{Step, Trace, Watcher};
use crate::{Instant, LinkId, NetworkId, Node, Packet, Verdict};

/// How a packet comes to a node.
#[derive(Clone, Copy, Debug)]
pub(super) enum Entry {
    /// By a physical link.
    Arrives(LinkId),
    /// From the node itself, in a network.
    Sends(NetworkId),
    /// From the node itself, out of a link.
    SendsVia(LinkId),
}

impl Network {
    /// Does the next thing that is due; tells when that was, or none if nothing will ever happen again.
    pub fn step(&mut self, observer: &mut dyn Observer) -> Option<Instant> {
        self.start(observer);
        let (at, due) = self.schedule.pop()?;
        self.now = at;
        match due {
            Due::Arrive { wire, end, flight } => {
                if let Some(flight) = self.flights.arrive(flight) {
                    self.arrive(Port { wire, end }, flight, observer);
                }
            }
            Due::Send(flow) => self.send_probe(flow, observer),
            Due::Action(action) => self.act(action, observer),
            Due::Inject { action, left } => self.inject(action, left, observer),
            Due::Routing(daemon) => self.routing_timer(daemon, observer),
            Due::Retire { link, generation } => self.retire(link, generation, observer),
        }
        Some(at)
    }

    /// Does everything that is due up to a moment, that moment included.
    pub fn run_until(&mut self, until: Instant, observer: &mut dyn Observer) {
        self.start(observer);
        while self.schedule.next().is_some_and(|next| next <= until) {
            self.step(observer);
        }
        self.now = self.now.max(until);
    }

    /// Runs the scenario to its end.
    pub fn run(&mut self, observer: &mut dyn Observer) {
        self.run_until(Instant::ZERO.after(self.duration), observer);
    }

    /// A packet arrives at an end of a wire.
    fn arrive(&mut self, port: Port, flight: Flight, observer: &mut dyn Observer) {
        let Some(end) = self
            .wire_mut(port.wire)
            .and_then(|wire| wire.end_mut(port.end))
        else {
            return self.flights.end(flight);
        };
        let (station, link) = (end.station, end.link);
        if let Some(recorded) = &mut end.recorded {
            recorded.clear();
            recorded.extend_from_slice(flight.bytes());
        }
        match self.station(station).map(|station| &station.kind) {
            Some(Kind::Node(_)) => self.pass(station, Entry::Arrives(link), flight, observer),
            Some(Kind::Host(_)) => self.reach_host(station, flight, observer),
            None => self.flights.end(flight),
        }
    }

    /// A packet goes through a node, and on from there.
    pub(super) fn pass(
        &mut self,
        station: u32,
        entry: Entry,
        mut flight: Flight,
        observer: &mut dyn Observer,
    ) {
        let now = self.now;
        let place = usize::try_from(station).unwrap_or(usize::MAX);
        let Some(at) = self.stations.get_mut(place) else {
            return self.flights.end(flight);
        };
        let name = at.name.as_str();
        let Kind::Node(router) = &mut at.kind else {
            return self.flights.end(flight);
        };
        let node = &mut router.node;
        let wants_steps = observer.wants_steps();
        let verdict = flight.process(|packet| {
            if !wants_steps {
                return enter(node, now, entry, packet, &mut nobody());
            }
            let mut tell = |step: &Step<'_>| observer.step(now, name, step);
            enter(node, now, entry, packet, &mut Watcher::telling(&mut tell))
        });
        let Some(verdict) = verdict else {
            return self.flights.end(flight);
        };
        let link = match verdict {
            Verdict::Transmit { link, .. } | Verdict::Deliver { link } => Some(link),
            Verdict::Hold | Verdict::Drop(_) => None,
        };
        let arrival = match entry {
            Entry::Arrives(link) => Some(router.link_name(link)),
            Entry::Sends(_) | Entry::SendsVia(_) => None,
        };
        observer.event(
            now,
            &Event::Verdict {
                node: name,
                arrival,
                packet: flight.number,
                verdict,
                link: link.map(|link| router.link_name(link)),
                bytes: flight.bytes(),
            },
        );
        let port = link.and_then(|link| router.port(link));
        let event = router.node.poll_event();
        match verdict {
            Verdict::Transmit { next_hop, .. } => match port {
                Some(port) => self.carry(port, next_hop, flight, observer),
                None => self.lose(station, flight, observer),
            },
            Verdict::Deliver { link } => self.deliver(station, link, flight, observer),
            Verdict::Hold => self.flights.end(flight),
            Verdict::Drop(reason) => {
                if let Some(tally) = self.tally(flight.origin) {
                    tally.dropped(reason, station);
                }
                let place = self.name(station);
                self.tell_end(&flight, place, Fate::Dropped(reason), observer);
                self.flights.end(flight);
            }
        }
        if let Some(event) = event {
            self.node_event(station, event, observer);
        }
    }

    /// A packet goes onto a wire.
    pub(super) fn carry(
        &mut self,
        port: Port,
        next_hop: IpAddr,
        flight: Flight,
        observer: &mut dyn Observer,
    ) {
        let now = self.now;
        let place = usize::try_from(port.wire).unwrap_or(usize::MAX);
        let Some(wire) = self.wires.get_mut(place) else {
            return self.flights.end(flight);
        };
        let mut arrivals = core::mem::take(&mut self.scratch.arrivals);
        let random = &mut self.random;
        wire.carry(now, port.end, next_hop, flight.len(), random, &mut arrivals);
        let from = wire.end(port.end).map(|end| end.station);
        let last = arrivals.len().saturating_sub(1);
        let mut original = Some(flight);
        for (index, Arrival { end, at, damage }) in arrivals.iter().copied().enumerate() {
            let Some(flight) = &original else {
                break;
            };
            let wire = self.wires.get_mut(place);
            let Some(wire) = wire else {
                break;
            };
            let (arrival, to) = match at {
                Ok(at) => {
                    let to = wire.end(end).map(|end| end.station);
                    if let Some(from) = wire.end_mut(port.end) {
                        from.carried.packets = from.carried.packets.saturating_add(1);
                        let bytes = flight.len() as u64;
                        from.carried.bytes = from.carried.bytes.saturating_add(bytes);
                    }
                    (Carriage::Arrives(at), to)
                }
                Err(loss) => {
                    wire.lost = wire.lost.saturating_add(1);
                    (Carriage::Lost(loss), None)
                }
            };
            let event = Event::Carried {
                wire: self.wires.get(place).map_or("", |wire| wire.name.as_str()),
                from: from.map(|from| self.name(from)),
                to: to.map(|to| self.name(to)),
                packet: flight.number,
                arrival,
                bytes: flight.bytes(),
            };
            observer.event(now, &event);
            match at {
                Err(loss) => {
                    let wire = self.wire(port.wire).map_or("", |wire| wire.name.as_str());
                    self.tell_end(flight, wire, Fate::Lost(loss), observer);
                    let origin = flight.origin;
                    if let Some(tally) = self.tally(origin) {
                        tally.lost(loss);
                    }
                }
                Ok(at) => {
                    let copy = if index == last {
                        original.take()
                    } else {
                        Some(self.flights.copy(flight))
                    };
                    let Some(mut copy) = copy else {
                        break;
                    };
                    if let Some(damage) = damage {
                        flip(copy.bytes_mut(), damage);
                    }
                    let flight = self.flights.depart(copy);
                    let wire = port.wire;
                    self.schedule.add(at, Due::Arrive { wire, end, flight });
                }
            }
        }
        self.scratch.arrivals = arrivals;
        if let Some(flight) = original {
            self.flights.end(flight);
        }
    }

    /// A packet leaves a node by a link without a wire.
    fn lose(&mut self, station: u32, flight: Flight, observer: &mut dyn Observer) {
        let loss = Loss::NoNeighbour;
        self.tell_end(&flight, self.name(station), Fate::Lost(loss), observer);
        if let Some(tally) = self.tally(flight.origin) {
            tally.lost(loss);
        }
        self.flights.end(flight);
    }

    /// A packet is for a node's own upper layers.
    fn deliver(&mut self, station: u32, link: LinkId, flight: Flight, observer: &mut dyn Observer) {
        if let Some((addresses, payload)) = read_udp(flight.bytes())
            && let Some((daemon, channel)) = self.listener(station, link, &addresses)
        {
            self.routing_message(daemon, channel, &addresses, payload, observer);
            return self.flights.end(flight);
        }
        self.reach(station, true, flight, observer);
    }

    fn reach_host(&mut self, station: u32, flight: Flight, observer: &mut dyn Observer) {
        let destination = read_udp(flight.bytes()).map(|(addresses, _)| addresses.destination);
        let owns = match self.station(station).map(|station| &station.kind) {
            Some(Kind::Host(host)) => destination.is_some_and(|address| host.owns(address)),
            _ => false,
        };
        if destination.is_some_and(|address| address.is_multicast()) {
            return self.flights.end(flight);
        }
        self.reach(station, owns, flight, observer);
    }

    /// A packet reaches upper layers: those of its flow's end, or others.
    fn reach(&mut self, station: u32, owns: bool, flight: Flight, observer: &mut dyn Observer) {
        self.tell_end(&flight, self.name(station), Fate::Delivered, observer);
        if let Some(tally) = self.tally(flight.origin) {
            tally.reached = tally.reached.saturating_add(1);
        }
        let now = self.now;
        let read = read_udp(flight.bytes());
        let probe =
            read.and_then(|(addresses, payload)| Some((addresses.ttl, Probe::read(payload)?)));
        let place = probe.and_then(|(_, probe)| usize::try_from(probe.flow).ok());
        let flow = place.and_then(|place| self.flows.get_mut(place));
        if let (Some((ttl, probe)), Some(flow)) = (probe, flow) {
            let expected = flow.to == station && owns;
            if expected {
                flow.arrivals.add(now, &probe, ttl);
            } else {
                flow.arrivals.misdelivered = flow.arrivals.misdelivered.saturating_add(1);
            }
            let flow = place.and_then(|place| self.flows.get(place));
            let event = Event::Received {
                station: self.name(station),
                flow: flow.map_or("", |flow| flow.name.as_str()),
                sequence: probe.sequence,
                latency: now.as_nanos().saturating_sub(probe.sent.as_nanos()),
                expected,
            };
            observer.event(now, &event);
        }
        self.flights.end(flight);
    }

    /// The next packet of a flow.
    fn send_probe(&mut self, number: u32, observer: &mut dyn Observer) {
        let now = self.now;
        let place = usize::try_from(number).unwrap_or(usize::MAX);
        let Some(flow) = self.flows.get_mut(place) else {
            return;
        };
        if now >= flow.stop || flow.tally.sent >= flow.count {
            return;
        }
        let probe = Probe {
            flow: number,
            sequence: flow.tally.sent,
            sent: now,
        };
        flow.tally.sent = flow.tally.sent.saturating_add(1);
        let (from, next) = (flow.from, now.after(flow.every));
        self.schedule.add(next, Due::Send(number));
        if flow.selects_source {
            let (network, destination) = (flow.network, flow.destination);
            let router = usize::try_from(from)
                .ok()
                .and_then(|from| self.stations.get(from)?.router());
            match router.map(|router| router.node.select_source(network, destination)) {
                Some(Ok(selected)) => flow.source = selected.address,
                Some(Err(reason)) => return flow.tally.dropped(reason, from),
                None => return,
            }
        }
        let scratch = &mut self.scratch;
        probe.write(flow.size, &mut scratch.payload);
        let addresses = flow.addresses(number);
        write_udp(
            &mut scratch.packet,
            &mut scratch.datagram,
            &addresses,
            &scratch.payload,
        );
        let network = flow.network;
        let flight = self.flights.make(&scratch.packet, Origin::Flow(number));
        match self.station(from).map(|station| &station.kind) {
            Some(Kind::Host(host)) => {
                let (port, next_hop) = (host.port, host.next_hop(addresses.destination));
                self.carry(port, next_hop, flight, observer);
            }
            Some(Kind::Node(_)) => self.pass(from, Entry::Sends(network), flight, observer),
            None => self.flights.end(flight),
        }
    }

    /// A node has something to tell that is not the answer to a packet.
    fn node_event(&mut self, station: u32, event: NodeEvent, observer: &mut dyn Observer) {
        match event {
            NodeEvent::Acquire {
                network, policy, ..
            } => {
                let Some(router) = self.station(station).and_then(|s| s.router()) else {
                    return;
                };
                let tables = router.node.tables().network(network);
                let policy = tables.and_then(|tables| tables.spd().policy(policy));
                let event = Event::Acquire {
                    node: self.name(station),
                    network: tables.map_or("", |tables| tables.name()),
                    policy: policy.map_or("", |policy| policy.name()),
                };
                observer.event(self.now, &event);
            }
            NodeEvent::OutboundSoftExpiry { spi, .. }
            | NodeEvent::InterfaceSoftExpiry { spi, .. } => self.soft_expiry(spi, observer),
            NodeEvent::InboundSoftExpiry { id, .. } => self.soft_expiry(id.spi, observer),
            NodeEvent::InterfaceDown { link } => {
                self.link_changed(station, link, false, observer);
                self.consult_oracle(observer);
            }
        }
    }

    /// Where packets of an origin are counted.
    pub(super) fn tally(&mut self, origin: Origin) -> Option<&mut super::flow::Tally> {
        match origin {
            Origin::Flow(flow) => self.flow_mut(flow).map(|flow| &mut flow.tally),
            Origin::Attack(attack) => {
                let attack = self.attacks.get_mut(usize::try_from(attack).ok()?)?;
                Some(&mut attack.tally)
            }
            Origin::Routing | Origin::Caller => None,
        }
    }
}

/// Who watches where nobody wants to. A page loads the way through a node once; elsewhere it is compiled for nobody,
/// too, which takes a twentieth less time.
#[cfg(target_family = "wasm")]
fn nobody() -> Watcher<'static> {
    Watcher::default()
}

#[cfg(not(target_family = "wasm"))]
const fn nobody() -> crate::trace::NoTrace {
    crate::trace::NoTrace
}

fn enter<T: Trace>(
    node: &mut Node,
    now: Instant,
    entry: Entry,
    packet: &mut Packet<'_>,
    trace: &mut T,
) -> Verdict {
    match entry {
        Entry::Arrives(link) => node.receive(now, link, packet, trace),
        Entry::Sends(network) => node.send(now, network, packet, trace),
        Entry::SendsVia(link) => node.send_via(now, link, packet, trace),
    }
}

/// Changes one bit.
fn flip(bytes: &mut [u8], bit: u64) {
    let bits = (bytes.len() as u64).saturating_mul(8);
    let bit = bit.checked_rem(bits).unwrap_or_default();
    let place = usize::try_from(bit / 8).unwrap_or(usize::MAX);
    if let Some(byte) = bytes.get_mut(place) {
        *byte ^= 1 << (bit % 8);
    }
}
