//! A router: one node's part of the protocol in one network.
//!
//! What RIP has and this has too: periodic and triggered updates, split horizon with poisoned reverse,
//! infinity 16. What is left out: authentication, route tags, other routers as next hops. What is
//! added: a router that lost a route asks its neighbours for theirs, instead of waiting for their next
//! update.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::net::IpAddr;
use core::time::Duration;

use super::message::{self, Contents, GROUPS, INFINITY, PORTS};
use super::table::{Change, Table};
use crate::fib::Prefix;
use crate::network::datagram::Addresses;
use crate::network::random::Random;
use crate::network::scenario::TimersConfig;
use crate::wire::IpVersion;
use crate::{Instant, LinkId, NetworkId};

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
    /// When the scenario will call [`Self::tick`]; calls for other moments are out of date.
    pub(in crate::network) timer: Instant,
}

/// Who is heard on which link, and since when.
pub(in crate::network) type Neighbours = BTreeMap<(LinkId, IpAddr), Heard>;

/// When a neighbour was heard first and last.
#[derive(Clone, Copy, Debug)]
pub(in crate::network) struct Heard {
    pub(in crate::network) since: Instant,
    last: Instant,
}

/// A link that the router speaks on.
#[derive(Debug)]
pub(in crate::network) struct Interface {
    pub(in crate::network) link: LinkId,
    /// The node's addresses on it: one of each IP version takes part.
    pub(in crate::network) addresses: [Option<IpAddr>; 2],
    pub(in crate::network) prefixes: Box<[Prefix]>,
    pub(in crate::network) mtu: usize,
    pub(in crate::network) up: bool,
}

/// What a router wants done.
#[derive(Debug, Default)]
pub(in crate::network) struct Outbox {
    pub(in crate::network) messages: Vec<Message>,
    pub(in crate::network) changes: Vec<Change>,
    /// Neighbours that came (`true`) or went.
    pub(in crate::network) neighbours: Vec<(LinkId, IpAddr, bool)>,
}

/// A message to be sent out of a link.
#[derive(Debug)]
pub(in crate::network) struct Message {
    pub(in crate::network) link: LinkId,
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
        let reached = |(prefix, entry): (&Prefix, &super::table::Entry)| {
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

    /// A message arrived by a link.
    pub(in crate::network) fn receive(
        &mut self,
        now: Instant,
        link: LinkId,
        addresses: &Addresses,
        payload: &[u8],
        random: &mut Random,
        out: &mut Outbox,
    ) {
        let Some(interface) = self.interfaces.iter().find(|other| other.link == link) else {
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
        if contents.is_none() {
            return;
        }
        let key = (link, addresses.source);
        let heard = self.neighbours.entry(key).or_insert_with(|| {
            out.neighbours.push((link, addresses.source, true));
            Heard {
                since: now,
                last: now,
            }
        });
        heard.last = now;
        match contents {
            Some(Contents::Request) => self.respond(interface, false, out),
            Some(Contents::Response(entries)) => {
                for entry in entries {
                    let changes = &mut out.changes;
                    self.table
                        .learn(now, entry, link, addresses.source, changes);
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
        link: LinkId,
        up: bool,
        random: &mut Random,
        out: &mut Outbox,
    ) {
        let Some(interface) = self.interfaces.iter_mut().find(|other| other.link == link) else {
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
                if at == link {
                    out.neighbours.push((at, neighbour, false));
                }
                at != link
            });
            self.table.lose_link(now, link, &mut out.changes);
        }
        self.ask = true;
        self.trigger(now, random);
    }

    /// The networks of the links that are up are the node's own.
    fn connect(&mut self, now: Instant, changes: &mut Vec<Change>) {
        for interface in self.interfaces.iter().filter(|interface| interface.up) {
            for &prefix in &interface.prefixes {
                self.table.connect(now, prefix, interface.link, changes);
            }
        }
    }

    fn forget(&mut self, now: Instant, out: &mut Outbox) {
        let (hold, garbage) = (self.timers.hold.0, self.timers.garbage.0);
        self.table.expire(now, hold, garbage, &mut out.changes);
        self.neighbours.retain(|&(link, neighbour), heard| {
            let is_gone = now.since(heard.last) >= hold;
            if is_gone {
                out.neighbours.push((link, neighbour, false));
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
                out.messages.extend(interface.message(version, contents));
            }
        }
    }

    /// The routes, or those that changed, as messages out of a link. What leads out of this very link is
    /// told as unreachable: split horizon with poisoned reverse (RFC 2453 section 3.4.3).
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
            let mut rest = told.as_slice();
            loop {
                let (now, later) = rest.split_at(capacity.min(rest.len()));
                let mut contents = Vec::new();
                message::response(version, &mut contents);
                for (prefix, entry) in now {
                    let poisoned = entry.link == interface.link;
                    let metric = if poisoned { INFINITY } else { entry.metric };
                    message::add(prefix, metric, &mut contents);
                }
                out.messages.extend(interface.message(version, contents));
                rest = later;
                if rest.is_empty() {
                    break;
                }
            }
        }
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

    fn message(&self, version: IpVersion, contents: Vec<u8>) -> Option<Message> {
        let [v4, v6] = GROUPS;
        // RFC 2080 section 2.5.2 has 255, which proves that nobody forwarded the message; for RIP the
        // group alone keeps it on the link.
        let (destination, ttl) = match version {
            IpVersion::V4 => (v4, 1),
            IpVersion::V6 => (v6, 255),
        };
        Some(Message {
            link: self.link,
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
