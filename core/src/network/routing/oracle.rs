//! Shortest paths, computed centrally: what a routing protocol should find.

use alloc::collections::{BTreeMap, VecDeque};
use alloc::vec::Vec;
use core::net::IpAddr;

use super::Channel;
use crate::fib::Prefix;
use crate::wire::IpVersion;

/// The nodes of a network and what connects them, at a moment.
#[derive(Debug, Default)]
pub(in crate::network) struct Map {
    /// By station.
    pub(in crate::network) nodes: BTreeMap<u32, Place>,
}

/// A node on the map.
#[derive(Debug, Default)]
pub(in crate::network) struct Place {
    /// Prefixes of its own links that are up.
    pub(in crate::network) prefixes: Vec<Prefix>,
    /// Its neighbours.
    pub(in crate::network) ways: Vec<Way>,
}

/// One hop.
#[derive(Clone, Debug)]
pub(in crate::network) struct Way {
    /// The neighbour.
    pub(in crate::network) to: u32,
    /// How the node reaches it.
    pub(in crate::network) channel: Channel,
    /// The neighbour's addresses there.
    pub(in crate::network) addresses: Vec<IpAddr>,
}

/// A route that the oracle found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::network) struct Found {
    pub(in crate::network) channel: Channel,
    pub(in crate::network) via: Option<IpAddr>,
    /// As the protocol counts: 1 is a network of the node itself.
    pub(in crate::network) metric: u8,
}

impl Map {
    /// The shortest way from one node to each prefix that is not its own. Of equal ways, that over the
    /// link that stands first.
    pub(in crate::network) fn routes(&self, from: u32) -> BTreeMap<Prefix, Found> {
        let mut routes = BTreeMap::new();
        let Some(start) = self.nodes.get(&from) else {
            return routes;
        };
        let mut reached = BTreeMap::from([(from, None::<(&Way, u8)>)]);
        let mut queue = VecDeque::from([from]);
        while let Some(at) = queue.pop_front() {
            let first = reached.get(&at).copied().flatten();
            let Some(place) = self.nodes.get(&at) else {
                continue;
            };
            if let Some((way, hops)) = first {
                for &prefix in &place.prefixes {
                    if start.prefixes.contains(&prefix) {
                        continue;
                    }
                    routes
                        .entry(prefix)
                        .or_insert_with(|| way.found(prefix, hops.saturating_add(1)));
                }
            }
            for way in &place.ways {
                reached.entry(way.to).or_insert_with(|| {
                    queue.push_back(way.to);
                    let (way, hops) = first.unwrap_or((way, 0));
                    Some((way, hops.saturating_add(1)))
                });
            }
        }
        routes
    }
}

impl Way {
    fn found(&self, prefix: Prefix, metric: u8) -> Found {
        let same = |address: &&IpAddr| IpVersion::of(**address) == prefix.version();
        let via = self.addresses.iter().find(same).or(self.addresses.first());
        Found {
            channel: self.channel,
            via: via.copied(),
            metric,
        }
    }
}
