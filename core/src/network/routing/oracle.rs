//! Shortest paths, computed centrally: what a routing protocol should find.

use alloc::collections::VecDeque;
use alloc::vec::Vec;
use core::net::IpAddr;

use super::Channel;
use crate::SortedMap;
use crate::fib::Prefix;
use crate::wire::IpVersion;

/// The nodes of a network and what connects them, at a moment.
#[derive(Debug, Default)]
pub(in crate::network) struct Map {
    /// By station.
    pub(in crate::network) nodes: SortedMap<u32, Place>,
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
    pub(in crate::network) fn routes(&self, from: u32) -> SortedMap<Prefix, Found> {
        let Some(start) = self.nodes.get(&from) else {
            return SortedMap::new();
        };
        // The first hop to a station that was reached, and how many hops that takes.
        let last = self.nodes.keys().last().copied().unwrap_or_default();
        let mut reached: Vec<Option<(&Way, u8)>> = (0..=last).map(|_| None).collect();
        let mut queue = VecDeque::from([(from, None)]);
        let mut routes = Vec::new();
        while let Some((at, first)) = queue.pop_front() {
            let Some(place) = self.nodes.get(&at) else {
                continue;
            };
            if let Some((way, hops)) = first {
                let others = place.prefixes.iter();
                let others = others.filter(|prefix| !start.prefixes.contains(prefix));
                routes.extend(others.map(|&prefix| (prefix, (way, hops))));
            }
            for way in &place.ways {
                let (hop, hops): (&Way, u8) = first.unwrap_or((way, 0));
                let place = usize::try_from(way.to).ok();
                let place = place.and_then(|place| reached.get_mut(place));
                if let Some(known @ None) = place.filter(|_| way.to != from) {
                    *known = Some((hop, hops.saturating_add(1)));
                    queue.push_back((way.to, *known));
                }
            }
        }
        // What is nearer was found first.
        let routes = routes.into_iter().rev();
        let found = |(prefix, (way, hops)): (Prefix, (&Way, u8))| {
            (prefix, way.found(prefix, hops.saturating_add(1)))
        };
        routes.map(found).collect()
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
