//! What a router knows of the ways to each prefix.

use alloc::vec::Vec;
use core::net::IpAddr;
use core::time::Duration;

use super::Channel;
use super::message::INFINITY;
use crate::fib::Prefix;
use crate::{Instant, SortedMap};

/// A router's routes: its own networks, and the best way to each of the others.
#[derive(Debug, Default)]
pub(super) struct Table(SortedMap<Prefix, Entry>);

/// A way to a prefix.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) metric: u8,
    pub(super) channel: Channel,
    /// The neighbour who told of it; none for the node's own networks.
    pub(super) via: Option<IpAddr>,
    /// Whether the neighbours have yet to hear of it.
    pub(super) changed: bool,
    /// When it was last confirmed, or else lost.
    since: Instant,
}

/// A route that changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::network) struct Change {
    /// The destinations.
    pub(in crate::network) prefix: Prefix,
    /// The channel and the neighbour that lead there; none if nothing does.
    pub(in crate::network) way: Option<(Channel, IpAddr)>,
    /// How far it is.
    pub(in crate::network) metric: u8,
}

impl Table {
    /// A network of the node itself: nothing is nearer.
    pub(super) fn connect(
        &mut self,
        now: Instant,
        prefix: Prefix,
        channel: Channel,
        changes: &mut Vec<Change>,
    ) {
        let known = self.0.get(&prefix);
        if known.is_some_and(|entry| entry.via.is_none() && entry.metric < INFINITY) {
            return;
        }
        if known.is_some_and(Entry::leads_somewhere) {
            changes.push(Change::gone(prefix));
        }
        let entry = Entry {
            metric: 1,
            channel,
            via: None,
            changed: true,
            since: now,
        };
        self.0.insert(prefix, entry);
    }

    /// A neighbour says how far a prefix is from it (RFC 2453 section 3.9.2).
    pub(super) fn learn(
        &mut self,
        now: Instant,
        (prefix, metric): (Prefix, u8),
        channel: Channel,
        neighbour: IpAddr,
        changes: &mut Vec<Change>,
    ) {
        let metric = metric.saturating_add(1).min(INFINITY);
        let heard = Entry {
            metric,
            channel,
            via: Some(neighbour),
            changed: true,
            since: now,
        };
        match self.0.get_mut(&prefix) {
            None if metric < INFINITY => {
                self.0.insert(prefix, heard);
                changes.push(heard.change(prefix));
            }
            None => {}
            Some(entry) => {
                let from_same = entry.channel == channel && entry.via == Some(neighbour);
                if from_same && metric == entry.metric {
                    if metric < INFINITY {
                        entry.since = now;
                    }
                } else if from_same || metric < entry.metric {
                    *entry = heard;
                    changes.push(heard.change(prefix));
                }
            }
        }
    }

    /// A channel is closed: what led through it is lost.
    pub(super) fn lose_channel(
        &mut self,
        now: Instant,
        channel: Channel,
        changes: &mut Vec<Change>,
    ) {
        self.lose(now, changes, |entry| entry.channel == channel);
    }

    /// Forgets what was not confirmed in time, and what has been lost for long.
    pub(super) fn expire(
        &mut self,
        now: Instant,
        hold: Duration,
        garbage: Duration,
        changes: &mut Vec<Change>,
    ) {
        let is_old = |entry: &Entry| entry.via.is_some() && now.since(entry.since) >= hold;
        self.lose(now, changes, is_old);
        self.0.retain(|_, entry| {
            entry.metric < INFINITY || now.since(entry.since) < garbage || entry.changed
        });
    }

    fn lose(&mut self, now: Instant, changes: &mut Vec<Change>, is_lost: impl Fn(&Entry) -> bool) {
        for (prefix, entry) in self.0.iter_mut() {
            if entry.metric < INFINITY && is_lost(entry) {
                if entry.leads_somewhere() {
                    changes.push(Change::gone(*prefix));
                }
                (entry.metric, entry.changed, entry.since) = (INFINITY, true, now);
            }
        }
    }

    /// All ways, by prefix.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&Prefix, &Entry)> {
        self.0.iter()
    }

    /// The neighbours have heard of all changes.
    pub(super) fn told(&mut self) {
        for (_, entry) in self.0.iter_mut() {
            entry.changed = false;
        }
    }
}

impl Entry {
    /// Whether the route is one that the protocol put into the FIB.
    const fn leads_somewhere(&self) -> bool {
        self.via.is_some() && self.metric < INFINITY
    }

    fn change(&self, prefix: Prefix) -> Change {
        let way = self.via.filter(|_| self.metric < INFINITY);
        Change {
            prefix,
            way: way.map(|via| (self.channel, via)),
            metric: self.metric,
        }
    }
}

impl Change {
    const fn gone(prefix: Prefix) -> Self {
        Self {
            prefix,
            way: None,
            metric: INFINITY,
        }
    }
}
