//! Conditions on the way that a packet came.

use alloc::boxed::Box;
use core::net::IpAddr;

use crate::node::{SaTrail, Services, TrailEntry};
use crate::wire::Spi;
use crate::{LinkId, NetworkId};

/// Conditions on a trail, all of which must hold; by default there is none. Upper layers may ask the
/// same of [`crate::Node::trail`] ("this socket wants IPsec").
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrailPredicate {
    /// One of these is in the trail; empty for no condition.
    pub any: Box<[TrailPattern]>,
    /// Each of these is.
    pub all: Box<[TrailPattern]>,
    /// None of these is.
    pub none: Box<[TrailPattern]>,
    /// The trail is these entries, in this order, and nothing else.
    pub sequence: Option<Box<[TrailPattern]>>,
    /// An SA gave these services.
    pub services: Option<Services>,
    /// The packet came out of a tunnel, and the SA that is bound to it had opened the packet.
    pub bound: bool,
}

/// A description of an entry of a trail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrailPattern {
    /// An SA; what is `None` may be anything.
    Sa {
        /// Its SPI.
        spi: Option<Spi>,
        /// The network in which ESP arrived.
        network: Option<NetworkId>,
        /// Source of the header in front of ESP: who the peer is, or says it is.
        source: Option<IpAddr>,
        /// Destination of that header.
        destination: Option<IpAddr>,
    },
    /// A tunnel interface.
    Tunnel(LinkId),
}

impl TrailPredicate {
    /// Whether the conditions hold.
    #[must_use]
    pub fn holds(&self, trail: &SaTrail) -> bool {
        let has = |pattern: &TrailPattern| trail.entries().any(|entry| pattern.matches(entry));
        let gives = |services| {
            let given = |entry: &TrailEntry| match entry {
                TrailEntry::Sa { services, .. } => Some(*services),
                TrailEntry::Tunnel(_) => None,
            };
            let mut all = trail.entries().filter_map(given);
            all.any(|given| given.include(services))
        };
        (self.any.is_empty() || self.any.iter().any(has))
            && self.all.iter().all(has)
            && !self.none.iter().any(has)
            && self
                .sequence
                .as_ref()
                .is_none_or(|sequence| is_exactly(sequence, trail))
            && self.services.is_none_or(gives)
            && (!self.bound || trail.is_bound())
    }
}

fn is_exactly(sequence: &[TrailPattern], trail: &SaTrail) -> bool {
    let mut pairs = sequence.iter().zip(trail.entries());
    sequence.len() == trail.len() && pairs.all(|(pattern, entry)| pattern.matches(entry))
}

impl TrailPattern {
    /// Whether an entry is as described.
    #[must_use]
    pub fn matches(&self, entry: &TrailEntry) -> bool {
        match (self, entry) {
            (Self::Tunnel(link), TrailEntry::Tunnel(by)) => link == by,
            (
                Self::Sa {
                    spi,
                    network,
                    source,
                    destination,
                },
                TrailEntry::Sa {
                    id,
                    network: by_network,
                    source: by_source,
                    destination: by_destination,
                    ..
                },
            ) => {
                spi.is_none_or(|spi| spi == id.spi)
                    && network.is_none_or(|network| network == *by_network)
                    && source.is_none_or(|source| source == *by_source)
                    && destination.is_none_or(|destination| destination == *by_destination)
            }
            _ => false,
        }
    }
}
