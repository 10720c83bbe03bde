//! Routing protocols and oracle at work: their changes in the nodes' FIBs.

use alloc::vec::Vec;
use core::net::IpAddr;

use super::datagram::{Addresses, write_udp};
use super::event::{Event, Observer};
use super::flight::Origin;
use super::routing::oracle::{Map, Place, Way};
use super::routing::{Change, Channel, GROUPS, Message, Outbox, PORTS};
use super::run::Entry;
use super::scenario::RoutingName;
use super::station::{Convergence, Kind, Router};
use super::{Due, Network};
use crate::fib::{Origin as RouteOrigin, Path, Prefix, Route, Target};
use crate::node::TrailEntry;
use crate::{LinkId, NetworkId, SortedMap};

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
        number: u32,
        channel: Channel,
        addresses: &Addresses,
        payload: &[u8],
        observer: &mut dyn Observer,
    ) {
        let place = usize::try_from(number).unwrap_or(usize::MAX);
        let mut outbox = Outbox::default();
        if let Some(daemon) = self.daemons.get_mut(place) {
            let random = &mut self.random;
            daemon.receive(self.now, channel, addresses, payload, random, &mut outbox);
        }
        self.after_routing(number, outbox, observer);
    }

    /// The router that a delivered datagram is for, and the channel that it came by.
    pub(super) fn listener(
        &self,
        station: u32,
        link: LinkId,
        addresses: &Addresses,
    ) -> Option<(u32, Channel)> {
        let [_, port] = addresses.ports;
        if !PORTS.contains(&port) {
            return None;
        }
        if GROUPS.contains(&addresses.destination) {
            let number = self.daemon_of(station, link)?;
            return Some((number, Channel::Link(link)));
        }
        let router = self.station(station)?.router()?;
        // Nothing but an SA says that a message comes from the far end of one.
        let mut trail = router.node.trail().entries();
        if !trail.any(|entry| matches!(entry, TrailEntry::Sa { .. })) {
            return None;
        }
        router.daemons.iter().flatten().find_map(|&number| {
            let daemon = self.daemons.get(usize::try_from(number).ok()?)?;
            let channel = daemon.channel_of(addresses.source, addresses.destination)?;
            Some((number, channel))
        })
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
        let Some(router) = self.station_mut(station).and_then(|s| s.router_mut()) else {
            return;
        };
        if router.node.is_link_up(link) == up {
            return;
        }
        router.node.set_link_up(link, up);
        self.link_changed(station, link, up, observer);
    }

    /// Tells a node's routing that a link has gone up or down.
    pub(super) fn link_changed(
        &mut self,
        station: u32,
        link: LinkId,
        up: bool,
        observer: &mut dyn Observer,
    ) {
        let now = self.now;
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
                let channel = Channel::Link(link);
                daemon.link_changed(now, channel, up, &mut self.random, &mut outbox);
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
        daemon.sent.add(outbox.sent);
        let due = daemon.due().max(now);
        if daemon.timer != due || due == now {
            daemon.timer = due;
            self.schedule.add(due, Due::Routing(number));
        }
        for &(channel, neighbour, up) in &outbox.neighbours {
            self.tell_neighbour((station, network), channel, neighbour, up, observer);
        }
        self.change_routes(station, network, &outbox.changes, observer);
        for message in outbox.messages {
            self.send_message((station, network), &message, observer);
        }
    }

    fn tell_neighbour(
        &self,
        (station, network): (u32, NetworkId),
        channel: Channel,
        neighbour: IpAddr,
        up: bool,
        observer: &mut dyn Observer,
    ) {
        let Some(router) = self.station(station).and_then(|s| s.router()) else {
            return;
        };
        let tables = router.node.tables();
        let event = Event::Neighbour {
            node: self.name(station),
            network: tables.network(network).map_or("", |network| network.name()),
            link: channel.name(tables, network),
            neighbour,
            up,
        };
        observer.event(self.now, &event);
    }

    /// Sends a message out of a link, or through SAs as any packet of the node.
    fn send_message(
        &mut self,
        (station, network): (u32, NetworkId),
        message: &Message,
        observer: &mut dyn Observer,
    ) {
        let scratch = &mut self.scratch;
        write_udp(
            &mut scratch.packet,
            &mut scratch.datagram,
            &message.addresses,
            &message.contents,
        );
        let flight = self.flights.make(&scratch.packet, Origin::Routing);
        let entry = match message.channel {
            Channel::Link(link) => Entry::SendsVia(link),
            Channel::Sa(_) => Entry::Sends(network),
        };
        self.pass(station, entry, flight, observer);
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
        let tables = router.node.tables();
        let routes: Vec<Option<Route>> = changes
            .iter()
            .map(|change| {
                let (channel, via) = change.way?;
                let path = channel.path(tables, network, via)?;
                Some(dynamic(change.prefix, path))
            })
            .collect();
        router.node.change_fib(network, |fib| {
            for (change, route) in changes.iter().zip(routes) {
                match route {
                    Some(route) => _ = fib.insert(route),
                    None => _ = fib.remove(&change.prefix, RouteOrigin::Dynamic),
                }
            }
        });
        if let Some(last) = self.convergence.last_mut() {
            last.changes = last.changes.saturating_add(changes.len() as u64);
            last.last = now;
        }
        let Some(router) = self.station(station).and_then(|s| s.router()) else {
            return;
        };
        let tables = router.node.tables();
        let name = tables.network(network).map_or("", |network| network.name());
        for change in changes {
            let event = Event::Route {
                node: self.name(station),
                network: name,
                prefix: change.prefix,
                link: change.way.map(|(channel, _)| channel.name(tables, network)),
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
        let tables = router.node.tables();
        let Some(fib) = tables.network(network).map(|network| network.fib()) else {
            return;
        };
        let dynamic = fib.routes();
        let dynamic = dynamic.filter(|route| route.origin == RouteOrigin::Dynamic);
        let mut changes: Vec<Change> = Vec::new();
        let mut known: SortedMap<Prefix, Option<Path>> = SortedMap::new();
        for route in dynamic {
            let path = match &route.target {
                Target::Forward(paths) => paths.as_slice().first().copied(),
                _ => None,
            };
            known.insert(route.prefix, path);
            if !routes.contains_key(&route.prefix) {
                changes.push(Change {
                    prefix: route.prefix,
                    way: None,
                    metric: u8::MAX,
                });
            }
        }
        for (&prefix, found) in routes.iter() {
            let via = found.via.unwrap_or(prefix.address());
            let path = found.channel.path(tables, network, via);
            if known.get(&prefix) != Some(&path) {
                changes.push(Change {
                    prefix,
                    way: Some((found.channel, via)),
                    metric: found.metric,
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
            let place = map.nodes.get_or_insert_with(place, Place::default);
            let Some(place) = place else {
                continue;
            };
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
                        let channels = [from.link, to.link].map(Channel::Link);
                        self.connect(&mut map, [from.station, to.station], channels);
                    }
                }
            }
        }
        for link in &self.virtual_links {
            let [a, b] = &link.ends;
            if link.network == number
                && let (Some(here), Some(there)) = (a.channel, b.channel)
            {
                self.connect(&mut map, [a.station, b.station], [here, there]);
                self.connect(&mut map, [b.station, a.station], [there, here]);
            }
        }
        map
    }

    /// One hop, if both ends are nodes and their links are up.
    fn connect(&self, map: &mut Map, [from, to]: [u32; 2], [near_end, far_end]: [Channel; 2]) {
        let router = |station| match &self.station(station)?.kind {
            Kind::Node(router) => Some(router),
            Kind::Host(_) => None,
        };
        let (Some(near), Some(far)) = (router(from), router(to)) else {
            return;
        };
        let link = |channel| match channel {
            Channel::Link(link) => Some(link),
            Channel::Sa(_) => None,
        };
        let is_down = |router: &Router, end| link(end).is_some_and(|l| !router.node.is_link_up(l));
        if is_down(near, near_end) || is_down(far, far_end) {
            return;
        }
        let tables = far.node.tables();
        let addresses = link(far_end).and_then(|link| Some(&tables.link(link)?.addresses));
        let way = Way {
            to,
            channel: near_end,
            addresses: addresses
                .into_iter()
                .flat_map(|own| own.iter().map(|own| own.address))
                .collect(),
        };
        if let Some(place) = map.nodes.get_mut(&from) {
            place.ways.push(way);
        }
    }
}

/// A route that the protocol or the oracle found.
pub(super) fn dynamic(prefix: Prefix, path: Path) -> Route {
    Route {
        prefix,
        target: Target::Forward(path.into()),
        preferred_source: None,
        origin: RouteOrigin::Dynamic,
        preference: PREFERENCE,
    }
}
