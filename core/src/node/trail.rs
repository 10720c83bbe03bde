//! The record of what protected a packet (RFC 3884 section 4.2.3).

use core::net::IpAddr;

use crate::sa::SaId;
use crate::{LinkId, NetworkId};

/// The SAs that opened a packet and the tunnels that it came out of, in order. It is this node's own
/// knowledge and stays here when the packet goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SaTrail {
    entries: [Option<TrailEntry>; Self::LONGEST],
    length: usize,
    /// One bit for each SA that is bound to the tunnel that the packet came out of next.
    bound: u16,
}

/// A trail of two entries at most.
#[derive(Clone, Debug)]
pub(super) struct ShortTrail {
    entries: [Option<TrailEntry>; 2],
    bound: u16,
}

/// One entry of a trail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrailEntry {
    /// An SA opened the packet.
    Sa {
        /// The network in which ESP arrived.
        network: NetworkId,
        /// Which SA.
        id: SaId,
        /// Whether it was in tunnel mode.
        tunnel_mode: bool,
        /// Source of the header in front of ESP.
        source: IpAddr,
        /// Destination of that header.
        destination: IpAddr,
        /// What the SA gave the packet.
        services: Services,
    },
    /// The packet came out of a tunnel interface.
    Tunnel(LinkId),
}

/// What an SA gives its packets (RFC 4301 section 3.2). Integrity it always gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Services {
    /// Whether nobody else could read them.
    pub confidentiality: bool,
    /// Whether none was received twice.
    pub anti_replay: bool,
}

impl Services {
    /// Whether all of `demanded` are among these.
    #[must_use]
    pub const fn include(self, demanded: Self) -> bool {
        (self.confidentiality || !demanded.confidentiality)
            && (self.anti_replay || !demanded.anti_replay)
    }
}

impl SaTrail {
    /// The most entries that a trail has: more than the nesting limit of any node lets happen.
    pub const LONGEST: usize = 16;

    pub(crate) const fn new() -> Self {
        Self {
            entries: [None; Self::LONGEST],
            length: 0,
            bound: 0,
        }
    }

    /// Makes it empty. What is behind the entries stays empty, so that equal trails are equal values.
    #[inline]
    pub(crate) fn clear(&mut self) {
        for entry in self.entries.iter_mut().take(self.length) {
            *entry = None;
        }
        (self.length, self.bound) = (0, 0);
    }

    /// The trail of a packet that one SA opened and that came out of at most one tunnel; `None` if it is
    /// longer.
    pub(super) fn short(&self) -> Option<ShortTrail> {
        let [first, second, ..] = self.entries;
        (self.length <= 2).then_some(ShortTrail {
            entries: [first, second],
            bound: self.bound,
        })
    }

    /// Makes it a short one.
    #[inline]
    pub(super) fn copy_from(&mut self, other: &ShortTrail) {
        self.clear();
        for entry in other.entries.into_iter().flatten() {
            self.push(entry);
        }
        self.bound = other.bound;
    }

    /// Adds an entry; `false` if there is no room.
    pub(crate) fn push(&mut self, entry: TrailEntry) -> bool {
        match self.entries.get_mut(self.length) {
            Some(place) => {
                *place = Some(entry);
                self.length = self.length.saturating_add(1);
                true
            }
            None => false,
        }
    }

    /// Marks the SAs since the last tunnel for which `is_bound` holds.
    pub(crate) fn mark_bound(&mut self, is_bound: impl Fn(NetworkId, &SaId) -> bool) {
        let start = self.layer_start(self.length);
        for (index, entry) in self.entries.iter().enumerate().skip(start) {
            if let Some(TrailEntry::Sa { network, id, .. }) = entry
                && is_bound(*network, id)
            {
                self.bound |= 1 << index;
            }
        }
    }

    /// The SAs that opened the packet right before it came out of its last tunnel: what each gave, and
    /// whether it is bound to the tunnel.
    pub(crate) fn last_layer(&self) -> impl Iterator<Item = (Services, bool)> {
        let tunnel = self.length.saturating_sub(1);
        let layer = self.entries.iter().enumerate().take(tunnel);
        layer
            .skip(self.layer_start(tunnel))
            .filter_map(|(index, entry)| match entry {
                Some(TrailEntry::Sa { services, .. }) => {
                    Some((*services, self.bound >> index & 1 == 1))
                }
                _ => None,
            })
    }

    /// Where the entries begin that lie between the last tunnel before `end` and `end`.
    fn layer_start(&self, end: usize) -> usize {
        let is_tunnel = |entry: &Option<TrailEntry>| matches!(entry, Some(TrailEntry::Tunnel(_)));
        let before = self.entries.get(..end).unwrap_or_default();
        before
            .iter()
            .rposition(is_tunnel)
            .map_or(0, |tunnel| tunnel.saturating_add(1))
    }

    /// Whether the packet came out of a tunnel last, and an SA that is bound to the tunnel had opened
    /// it: one that carries nothing but IP packets between the tunnel's two ends (RFC 3884 section
    /// 4.2.3). Known where the node has a firewall; a protected virtual link of a document is one.
    #[must_use]
    pub fn is_bound(&self) -> bool {
        let came_out = matches!(self.entries().last(), Some(TrailEntry::Tunnel(_)));
        came_out && self.last_layer().any(|(_, bound)| bound)
    }

    /// The entries, the first to be met first.
    pub fn entries(&self) -> impl Iterator<Item = &TrailEntry> {
        self.entries.iter().flatten()
    }

    /// How many entries there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.length
    }

    /// Whether the packet came in clear and by no tunnel, or was made here.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.length == 0
    }
}
