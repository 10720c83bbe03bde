//! A router: one node's part of the protocol in one network.
//!
//! What RIP has and this has too: periodic and triggered updates, split horizon with poisoned reverse,
//! infinity 16. What is left out: authentication, route tags, other routers as next hops. What is
//! added: a router that lost a route asks its neighbours for theirs, instead of waiting for their next
//! update.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::net::IpAddr;
use core::time::Duration;

use super::message::{self, Contents, GROUPS, INFINITY, PORTS};
use super::table::{Change, Entry, Table};
use super::{Carried, Channel, carried};
use crate::fib::Prefix;
use crate::network::datagram::Addresses;
use crate::network::random::Random;
use crate::network::scenario::TimersConfig;
use crate::wire::IpVersion;
use crate::{Instant, NetworkId, SortedMap};

/// A router.
#[derive(Debug)]
pub(in crate::network) struct Daemon {
    pub(in crate::network) station: u32,
    pub(in crate::network) network: NetworkId,
    timers: TimersConfig,
    interfaces: Box<[Interface]>,
    table: Table,
    neighbours: Neighbours,
    update_at: Instant,
    trigger_at: Option<Instant>,
    /// Whether a route was lost and the neighbours are to be asked for theirs.
    ask: bool,
    pub(in crate::network) sent: Sent,
    /// When the scenario will call [`Self::tick`]; calls for other moments are out of date.
    pub(in crate::network) timer: Instant,
}

/// Who is heard on which channel, and since when.
pub(in crate::network) type Neighbours = SortedMap<(Channel, IpAddr), Heard>;

/// When a neighbour was heard first and last.
#[derive(Clone, Copy, Debug)]
pub(in crate::network) struct Heard {
    pub(in crate::network) since: Instant,
    last: Instant,
}

/// A link that the router speaks on, or SAs that it speaks through.
#[derive(Debug)]
pub(in crate::network) struct Interface {
    pub(in crate::network) channel: Channel,
    /// SAs: who is at their far end.
    pub(in crate::network) peer: Option<SaPeer>,
    /// The node's addresses on it: one of each IP version takes part.
    pub(in crate::network) addresses: [Option<IpAddr>; 2],
    pub(in crate::network) prefixes: Box<[Prefix]>,
    pub(in crate::network) mtu: usize,
    pub(in crate::network) up: bool,
}

/// The router at the far end of SAs.
#[derive(Debug)]
pub(in crate::network) struct SaPeer {
    /// Its address, as the SAs' selectors tell.
    pub(in crate::network) address: IpAddr,
    /// What the SAs carry.
    pub(in crate::network) carried: Carried,
}

/// What a router has sent.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::network) struct Sent {
    pub(in crate::network) messages: u64,
    /// Behind the UDP headers.
    pub(in crate::network) bytes: u64,
    pub(in crate::network) routes: u64,
    /// Selector sets that came with the routes.
    pub(in crate::network) selectors: u64,
}

/// What a router wants done.
#[derive(Debug, Default)]
pub(in crate::network) struct Outbox {
    pub(in crate::network) messages: Vec<Message>,
    pub(in crate::network) changes: Vec<Change>,
    /// What the messages come to.
    pub(in crate::network) sent: Sent,
    /// Neighbours that came (`true`) or went.
    pub(in crate::network) neighbours: Vec<(Channel, IpAddr, bool)>,
}

/// A message to be sent.
#[derive(Debug)]
pub(in crate::network) struct Message {
    pub(in crate::network) channel: Channel,
    pub(in crate::network) addresses: Addresses,
    pub(in crate::network) contents: Vec<u8>,
}

const VERSIONS: [IpVersion; 2] = [IpVersion::V4, IpVersion::V6];
/// IP and UDP header of the larger version.
const HEADERS: usize = 48;

impl Daemon {
    pub(in crate::network) fn new(
        station: u32,
        network: NetworkId,
        timers: TimersConfig,
        interfaces: Box<[Interface]>,
        random: &mut Random,
    ) -> Self {
        let soon = fraction(timers.update.0, 10);
        let update_at = Instant::ZERO.after(Duration::from_nanos(random.below(soon)));
        let mut daemon = Self {
            station,
            network,
            timers,
            interfaces,
            table: Table::default(),
            neighbours: Neighbours::new(),
            update_at,
            trigger_at: None,
            ask: false,
            sent: Sent::default(),
            timer: update_at,
        };
        daemon.connect(Instant::ZERO, &mut Vec::new());
        daemon
    }

    pub(in crate::network) const fn neighbours(&self) -> &Neighbours {
        &self.neighbours
    }

    /// The metrics of all prefixes that can be reached.
    pub(in crate::network) fn metrics(&self) -> impl Iterator<Item = (Prefix, u8)> {
        let reached = |(prefix, entry): (&Prefix, &Entry)| {
            (entry.metric < INFINITY).then_some((*prefix, entry.metric))
        };
        self.table.iter().filter_map(reached)
    }

    /// When [`Self::tick`] wants to be called.
    pub(in crate::network) fn due(&self) -> Instant {
        self.trigger_at
            .map_or(self.update_at, |trigger| trigger.min(self.update_at))
    }

    /// Time has come: for an update, for what changed, or for forgetting.
    pub(in crate::network) fn tick(&mut self, now: Instant, random: &mut Random, out: &mut Outbox) {
        self.forget(now, out);
        self.note(now, random, out);
        let everything = self.update_at <= now;
        if everything {
            let update = self.timers.update.0;
            let wait = fraction(update, 1).saturating_sub(fraction(update, 8));
            let wait = wait.saturating_add(random.below(fraction(update, 4)));
            self.update_at = now.after(Duration::from_nanos(wait.max(1)));
        }
        if everything || self.trigger_at.is_some_and(|trigger| trigger <= now) {
            if core::mem::take(&mut self.ask) {
                self.request(out);
            }
            for interface in &self.interfaces {
                self.respond(interface, !everything, out);
            }
            self.table.told();
            self.trigger_at = None;
        }
    }

    /// The SAs through which a message between two addresses comes.
    pub(in crate::network) fn channel_of(&self, from: IpAddr, to: IpAddr) -> Option<Channel> {
        let speaks = |interface: &&Interface| {
            let peer = interface.peer.as_ref().map(|peer| peer.address);
            peer == Some(from) && interface.addresses.contains(&Some(to))
        };
        self.interfaces.iter().find(speaks).map(|at| at.channel)
    }

    /// A message arrived.
    pub(in crate::network) fn receive(
        &mut self,
        now: Instant,
        channel: Channel,
        addresses: &Addresses,
        payload: &[u8],
        random: &mut Random,
        out: &mut Outbox,
    ) {
        let mut interfaces = self.interfaces.iter();
        let Some(interface) = interfaces.find(|other| other.channel == channel) else {
            return;
        };
        let version = IpVersion::of(addresses.source);
        // RFC 2453 section 3.9.2: from the protocol's port and from a neighbour on the link.
        let is_neighbour = interface
            .prefixes
            .iter()
            .any(|prefix| prefix.contains(addresses.source));
        let is_own = interface.addresses.contains(&Some(addresses.source));
        if !is_neighbour || is_own || addresses.ports != [port(version); 2] || !interface.up {
            return;
        }
        let contents = message::read(version, payload);
        let through_sas = interface.peer.as_ref().and_then(|peer| {
            let routes = carried::read(version, payload)?;
            Some((peer, routes))
        });
        if contents.is_none() && through_sas.is_none() {
            return;
        }
        let key = (channel, addresses.source);
        let heard = self.neighbours.get_or_insert_with(key, || {
            out.neighbours.push((channel, addresses.source, true));
            Heard {
                since: now,
                last: now,
            }
        });
        if let Some(heard) = heard {
            heard.last = now;
        }
        let (via, changes) = (addresses.source, &mut out.changes);
        if let Some((peer, routes)) = through_sas {
            for (prefix, metric, behind) in routes {
                // A route is of use only as far as the SAs on the way carry its packets.
                let is_carried = behind.len() == 0 || behind.leads_to(&prefix);
                if is_carried && peer.carried.leads_to(&prefix) {
                    let entry = (prefix, metric);
                    self.table.learn(now, entry, channel, via, changes);
                }
            }
        }
        match contents {
            Some(Contents::Request) => self.respond(interface, false, out),
            Some(Contents::Response(entries)) => {
                for entry in entries {
                    self.table.learn(now, entry, channel, via, changes);
                }
            }
            None => {}
        }
        self.note(now, random, out);
    }

    /// A link of the node went up or down.
    pub(in crate::network) fn link_changed(
        &mut self,
        now: Instant,
        channel: Channel,
        up: bool,
        random: &mut Random,
        out: &mut Outbox,
    ) {
        let mut interfaces = self.interfaces.iter_mut();
        let Some(interface) = interfaces.find(|other| other.channel == channel) else {
            return;
        };
        if interface.up == up {
            return;
        }
        interface.up = up;
        if up {
            self.connect(now, &mut out.changes);
        } else {
            self.neighbours.retain(|&(at, neighbour), _| {
                if at == channel {
                    out.neighbours.push((at, neighbour, false));
                }
                at != channel
            });
            self.table.lose_channel(now, channel, &mut out.changes);
        }
        self.ask = true;
        self.trigger(now, random);
    }

    /// The networks of the links that are up are the node's own.
    fn connect(&mut self, now: Instant, changes: &mut Vec<Change>) {
        for interface in self.interfaces.iter().filter(|interface| interface.up) {
            for &prefix in &interface.prefixes {
                self.table.connect(now, prefix, interface.channel, changes);
            }
        }
    }

    fn forget(&mut self, now: Instant, out: &mut Outbox) {
        let (hold, garbage) = (self.timers.hold.0, self.timers.garbage.0);
        self.table.expire(now, hold, garbage, &mut out.changes);
        self.neighbours.retain(|&(channel, neighbour), heard| {
            let is_gone = now.since(heard.last) >= hold;
            if is_gone {
                out.neighbours.push((channel, neighbour, false));
            }
            !is_gone
        });
    }

    /// Tells the neighbours of changes soon, and asks them where a route was lost.
    fn note(&mut self, now: Instant, random: &mut Random, out: &Outbox) {
        if !out.changes.is_empty() {
            self.ask |= out.changes.iter().any(|change| change.way.is_none());
            self.trigger(now, random);
        }
    }

    /// RFC 2453 section 3.10.1: not at once, so that several changes make one message.
    fn trigger(&mut self, now: Instant, random: &mut Random) {
        if self.trigger_at.is_none() {
            let update = self.timers.update.0;
            let wait = fraction(update, 100).saturating_add(random.below(fraction(update, 50)));
            self.trigger_at = Some(now.after(Duration::from_nanos(wait)));
        }
    }

    fn request(&self, out: &mut Outbox) {
        for interface in &self.interfaces {
            for version in interface.versions() {
                let mut contents = Vec::new();
                message::request(version, &mut contents);
                out.send(interface.message(version, contents));
            }
        }
    }

    /// The routes, or those that changed, as messages to the neighbours on a channel.
    fn respond(&self, interface: &Interface, changed_only: bool, out: &mut Outbox) {
        for version in interface.versions() {
            let room = interface.mtu.saturating_sub(HEADERS);
            let capacity = message::capacity(version, room);
            let told: Vec<_> = self
                .table
                .iter()
                .filter(|(prefix, entry)| {
                    prefix.version() == version && (entry.changed || !changed_only)
                })
                .collect();
            if told.is_empty() && changed_only {
                continue;
            }
            if interface.peer.is_some() {
                self.respond_through_sas(interface, (version, room), &told, out);
                continue;
            }
            let mut rest = told.as_slice();
            loop {
                let (now, later) = rest.split_at(capacity.min(rest.len()));
                let mut contents = Vec::new();
                message::response(version, &mut contents);
                for &(prefix, entry) in now {
                    message::add(prefix, interface.metric(entry), &mut contents);
                }
                out.sent.routes = out.sent.routes.saturating_add(now.len() as u64);
                out.send(interface.message(version, contents));
                rest = later;
                if rest.is_empty() {
                    break;
                }
            }
        }
    }

    /// The routes with what the SAs behind each carry.
    fn respond_through_sas(
        &self,
        interface: &Interface,
        (version, room): (IpVersion, usize),
        told: &[(&Prefix, &Entry)],
        out: &mut Outbox,
    ) {
        let nothing = Carried::default();
        let mut contents = Vec::new();
        carried::response(version, &mut contents);
        let header = contents.len();
        for &(prefix, entry) in told {
            let mut interfaces = self.interfaces.iter();
            let behind = interfaces.find(|other| other.channel == entry.channel);
            let peer = behind.and_then(|behind| behind.peer.as_ref());
            let behind = peer.map_or(&nothing, |peer| &peer.carried);
            let length = contents.len().saturating_add(behind.length(version));
            if length > room && contents.len() > header {
                let full = core::mem::take(&mut contents);
                out.send(interface.message(version, full));
                carried::response(version, &mut contents);
            }
            carried::add(prefix, interface.metric(entry), behind, &mut contents);
            out.sent.routes = out.sent.routes.saturating_add(1);
            out.sent.selectors = out.sent.selectors.saturating_add(behind.len() as u64);
        }
        out.send(interface.message(version, contents));
    }
}

impl Outbox {
    fn send(&mut self, message: Option<Message>) {
        if let Some(message) = message {
            let sent = &mut self.sent;
            sent.messages = sent.messages.saturating_add(1);
            sent.bytes = sent.bytes.saturating_add(message.contents.len() as u64);
            self.messages.push(message);
        }
    }
}

impl Sent {
    /// Adds what was sent since.
    pub(in crate::network) fn add(&mut self, more: Self) {
        self.messages = self.messages.saturating_add(more.messages);
        self.bytes = self.bytes.saturating_add(more.bytes);
        self.routes = self.routes.saturating_add(more.routes);
        self.selectors = self.selectors.saturating_add(more.selectors);
    }
}

impl Interface {
    /// The versions that are spoken on the link, if it is up.
    fn versions(&self) -> impl Iterator<Item = IpVersion> {
        let speaks = |version: &IpVersion| self.up && self.address(*version).is_some();
        VERSIONS.into_iter().filter(speaks)
    }

    fn address(&self, version: IpVersion) -> Option<IpAddr> {
        let [v4, v6] = self.addresses;
        match version {
            IpVersion::V4 => v4,
            IpVersion::V6 => v6,
        }
    }

    /// What leads out of this very channel is told as unreachable: split horizon with poisoned reverse
    /// (RFC 2453 section 3.4.3).
    fn metric(&self, entry: &Entry) -> u8 {
        if entry.channel == self.channel {
            INFINITY
        } else {
            entry.metric
        }
    }

    fn message(&self, version: IpVersion, contents: Vec<u8>) -> Option<Message> {
        let [v4, v6] = GROUPS;
        // RFC 2080 section 2.5.2 has 255, which proves that nobody forwarded the message; for RIP the
        // group alone keeps it on the link.
        let (destination, ttl) = match (&self.peer, version) {
            // Group and TTL keep nothing on a link that is none: the SAs do.
            (Some(peer), _) => (peer.address, 64),
            (None, IpVersion::V4) => (v4, 1),
            (None, IpVersion::V6) => (v6, 255),
        };
        Some(Message {
            channel: self.channel,
            addresses: Addresses {
                source: self.address(version)?,
                destination,
                ports: [port(version); 2],
                ttl,
            },
            contents,
        })
    }
}

const fn port(version: IpVersion) -> u16 {
    let [v4, v6] = PORTS;
    match version {
        IpVersion::V4 => v4,
        IpVersion::V6 => v6,
    }
}

/// A part of a time, nanoseconds.
fn fraction(duration: Duration, parts: u64) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX) / parts
}
