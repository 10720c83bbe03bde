//! Routing protocols and oracle at work: their changes in the nodes' FIBs.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::net::IpAddr;

use super::datagram::{Addresses, write_udp};
use super::event::{Event, Observer};
use super::flight::Origin;
use super::routing::oracle::{Found, Map, Way};
use super::routing::{Change, Message, Outbox, PORTS};
use super::run::Entry;
use super::scenario::RoutingName;
use super::station::{Convergence, Kind};
use super::{Due, Network};
use crate::fib::{self, Origin as RouteOrigin, Path, Prefix, Route, Target};
use crate::{LinkId, NetworkId};

/// Administrative preference of what the protocol found: behind connected and static routes.
const PREFERENCE: u32 = 120;

impl Network {
    /// What happens before anything else.
    pub(super) fn start(&mut self, observer: &mut dyn Observer) {
        if core::mem::replace(&mut self.started, true) {
            return;
        }
        self.mark("start");
        let warnings = core::mem::take(&mut self.warnings);
        for warning in &warnings {
            let event = Event::Vain {
                path: &warning.path,
                cause: &warning.text,
            };
            observer.event(self.now, &event);
        }
        self.warnings = warnings;
        self.consult_oracle(observer);
    }

    /// A moment from which convergence counts.
    pub(super) fn mark(&mut self, cause: &str) {
        self.convergence.push(Convergence {
            at: self.now,
            cause: cause.into(),
            changes: 0,
            last: self.now,
        });
    }

    /// A router's timer.
    pub(super) fn routing_timer(&mut self, number: u32, observer: &mut dyn Observer) {
        let now = self.now;
        let place = usize::try_from(number).unwrap_or(usize::MAX);
        let Some(daemon) = self.daemons.get_mut(place) else {
            return;
        };
        if daemon.timer != now {
            return;
        }
        let mut outbox = Outbox::default();
        daemon.tick(now, &mut self.random, &mut outbox);
        self.after_routing(number, outbox, observer);
    }

    /// A message of the protocol was delivered to a node.
    pub(super) fn routing_message(
        &mut self,
        station: u32,
        link: LinkId,
        addresses: &Addresses,
        payload: &[u8],
        observer: &mut dyn Observer,
    ) {
        let [_, port] = addresses.ports;
        let Some(number) = self
            .daemon_of(station, link)
            .filter(|_| PORTS.contains(&port))
        else {
            return;
        };
        let place = usize::try_from(number).unwrap_or(usize::MAX);
        let mut outbox = Outbox::default();
        if let Some(daemon) = self.daemons.get_mut(place) {
            let random = &mut self.random;
            daemon.receive(self.now, link, addresses, payload, random, &mut outbox);
        }
        self.after_routing(number, outbox, observer);
    }

    /// The router of the network that a node's link is in.
    fn daemon_of(&self, station: u32, link: LinkId) -> Option<u32> {
        let router = self.station(station)?.router()?;
        let network = router.node.tables().link(link)?.network;
        router.daemons.get(network.index()).copied().flatten()
    }

    /// Tells a node's routing, and the oracle, that a link went up or down.
    pub(super) fn set_link(
        &mut self,
        station: u32,
        link: LinkId,
        up: bool,
        observer: &mut dyn Observer,
    ) {
        let now = self.now;
        let Some(router) = self.station_mut(station).and_then(|s| s.router_mut()) else {
            return;
        };
        if router.node.is_link_up(link) == up {
            return;
        }
        router.node.set_link_up(link, up);
        if let Some(router) = self.station(station).and_then(|s| s.router()) {
            let event = Event::Link {
                node: self.name(station),
                link: router.link_name(link),
                up,
            };
            observer.event(now, &event);
        }
        if let Some(number) = self.daemon_of(station, link) {
            let place = usize::try_from(number).unwrap_or(usize::MAX);
            let mut outbox = Outbox::default();
            if let Some(daemon) = self.daemons.get_mut(place) {
                daemon.link_changed(now, link, up, &mut self.random, &mut outbox);
            }
            self.after_routing(number, outbox, observer);
        }
    }

    /// Does what a router wants done.
    fn after_routing(&mut self, number: u32, outbox: Outbox, observer: &mut dyn Observer) {
        let now = self.now;
        let place = usize::try_from(number).unwrap_or(usize::MAX);
        let Some(daemon) = self.daemons.get_mut(place) else {
            return;
        };
        let (station, network) = (daemon.station, daemon.network);
        let due = daemon.due().max(now);
        if daemon.timer != due || due == now {
            daemon.timer = due;
            self.schedule.add(due, Due::Routing(number));
        }
        for &(link, neighbour, up) in &outbox.neighbours {
            self.tell_neighbour(station, link, neighbour, up, observer);
        }
        self.change_routes(station, network, &outbox.changes, observer);
        for message in outbox.messages {
            self.send_message(station, &message, observer);
        }
    }

    fn tell_neighbour(
        &self,
        station: u32,
        link: LinkId,
        neighbour: IpAddr,
        up: bool,
        observer: &mut dyn Observer,
    ) {
        let Some(router) = self.station(station).and_then(|s| s.router()) else {
            return;
        };
        let tables = router.node.tables();
        let network = tables.link(link).and_then(|l| tables.network(l.network));
        let event = Event::Neighbour {
            node: self.name(station),
            network: network.map_or("", |network| network.name()),
            link: router.link_name(link),
            neighbour,
            up,
        };
        observer.event(self.now, &event);
    }

    /// Sends a message out of a link, as any packet of the node.
    fn send_message(&mut self, station: u32, message: &Message, observer: &mut dyn Observer) {
        let scratch = &mut self.scratch;
        write_udp(
            &mut scratch.packet,
            &mut scratch.datagram,
            &message.addresses,
            &message.contents,
        );
        let flight = self.flights.make(&scratch.packet, Origin::Routing);
        self.pass(station, Entry::SendsVia(message.link), flight, observer);
    }

    /// Puts changes into a node's FIB.
    fn change_routes(
        &mut self,
        station: u32,
        network: NetworkId,
        changes: &[Change],
        observer: &mut dyn Observer,
    ) {
        if changes.is_empty() {
            return;
        }
        let now = self.now;
        let Some(router) = self.station_mut(station).and_then(|s| s.router_mut()) else {
            return;
        };
        let tunnels: Vec<bool> = router
            .node
            .tables()
            .links()
            .map(|(_, link)| link.tunnel().is_some())
            .collect();
        let is_tunnel = |link: LinkId| tunnels.get(link.index()).copied().unwrap_or_default();
        router.node.change_fib(network, |fib| {
            for change in changes {
                change_route(fib, change, &is_tunnel);
            }
        });
        if let Some(last) = self.convergence.last_mut() {
            last.changes = last.changes.saturating_add(changes.len() as u64);
            last.last = now;
        }
        let Some(router) = self.station(station).and_then(|s| s.router()) else {
            return;
        };
        let tables = router.node.tables().network(network);
        for change in changes {
            let event = Event::Route {
                node: self.name(station),
                network: tables.map_or("", |tables| tables.name()),
                prefix: change.prefix,
                link: change.way.map(|(link, _)| router.link_name(link)),
                via: change.way.map(|(_, via)| via),
                metric: change.metric,
            };
            observer.event(now, &event);
        }
    }

    /// Computes all routes of the networks that have an oracle.
    pub(super) fn consult_oracle(&mut self, observer: &mut dyn Observer) {
        for number in 0..u32::try_from(self.networks.len()).unwrap_or(u32::MAX) {
            let routing = usize::try_from(number)
                .ok()
                .and_then(|n| self.networks.get(n));
            if routing == Some(&RoutingName::ShortestPaths) {
                let map = self.map(number);
                for &station in map.nodes.keys() {
                    self.follow_oracle(station, number, &map, observer);
                }
            }
        }
    }

    fn follow_oracle(&mut self, station: u32, number: u32, map: &Map, observer: &mut dyn Observer) {
        let routes = map.routes(station);
        let Some(router) = self.station(station).and_then(|s| s.router()) else {
            return;
        };
        let Some(network) = router.network(number) else {
            return;
        };
        let Some(tables) = router.node.tables().network(network) else {
            return;
        };
        let dynamic = tables.fib().routes();
        let dynamic = dynamic.filter(|route| route.origin == RouteOrigin::Dynamic);
        let mut changes: Vec<Change> = Vec::new();
        let mut known: BTreeMap<Prefix, Option<LinkId>> = BTreeMap::new();
        for route in dynamic {
            let link = match &route.target {
                Target::Forward(paths) => paths.as_slice().first().map(|path| path.link),
                _ => None,
            };
            known.insert(route.prefix, link);
            if !routes.contains_key(&route.prefix) {
                changes.push(Change {
                    prefix: route.prefix,
                    way: None,
                    metric: u8::MAX,
                });
            }
        }
        for (&prefix, &Found { link, via, metric }) in &routes {
            if known.get(&prefix) != Some(&Some(link)) {
                let via = via.unwrap_or(prefix.address());
                changes.push(Change {
                    prefix,
                    way: Some((link, via)),
                    metric,
                });
            }
        }
        self.change_routes(station, network, &changes, observer);
    }

    /// The nodes of a network and what connects them now.
    fn map(&self, number: u32) -> Map {
        let mut map = Map::default();
        for (station, place) in self.stations.iter().zip(0..) {
            let Some(router) = station.router() else {
                continue;
            };
            let Some(network) = router.network(number) else {
                continue;
            };
            let place = map.nodes.entry(place).or_default();
            for (id, link) in router.node.tables().links() {
                if link.network == network && router.node.is_link_up(id) {
                    place
                        .prefixes
                        .extend(link.addresses.iter().map(|own| own.prefix));
                }
            }
        }
        for wire in self.wires.iter().filter(|w| w.up && w.network == number) {
            for (place, from) in wire.ends.iter().enumerate() {
                for (other, to) in wire.ends.iter().enumerate() {
                    if place != other {
                        self.connect(&mut map, (from.station, from.link), (to.station, to.link));
                    }
                }
            }
        }
        for link in &self.virtual_links {
            let [a, b] = &link.ends;
            if let (Some(here), Some(there)) = (a.link, b.link) {
                let (here, there) = ((a.station, here), (b.station, there));
                if self.scenario_network(here) == Some(number) {
                    self.connect(&mut map, here, there);
                    self.connect(&mut map, there, here);
                }
            }
        }
        map
    }

    fn scenario_network(&self, (station, link): (u32, LinkId)) -> Option<u32> {
        let router = self.station(station)?.router()?;
        let network = router.node.tables().link(link)?.network;
        router.networks.get(network.index()).copied()
    }

    /// One hop, if both ends are nodes and their links are up.
    fn connect(&self, map: &mut Map, from: (u32, LinkId), to: (u32, LinkId)) {
        let router = |station| match &self.station(station)?.kind {
            Kind::Node(router) => Some(router),
            Kind::Host(_) => None,
        };
        let (Some(near), Some(far)) = (router(from.0), router(to.0)) else {
            return;
        };
        if !near.node.is_link_up(from.1) || !far.node.is_link_up(to.1) {
            return;
        }
        let addresses = far.node.tables().link(to.1).map(|link| &link.addresses);
        let way = Way {
            to: to.0,
            link: from.1,
            addresses: addresses
                .into_iter()
                .flat_map(|own| own.iter().map(|own| own.address))
                .collect(),
        };
        if let Some(place) = map.nodes.get_mut(&from.0) {
            place.ways.push(way);
        }
    }
}

/// Puts one change into a FIB. A tunnel leads to one neighbour, whoever that is.
fn change_route(fib: &mut fib::Fib, change: &Change, is_tunnel: &impl Fn(LinkId) -> bool) {
    let Some((link, via)) = change.way else {
        fib.remove(&change.prefix, RouteOrigin::Dynamic);
        return;
    };
    let via = (!is_tunnel(link)).then_some(via);
    fib.insert(Route {
        prefix: change.prefix,
        target: Target::Forward(Path { link, via }.into()),
        preferred_source: None,
        origin: RouteOrigin::Dynamic,
        preference: PREFERENCE,
    });
}
