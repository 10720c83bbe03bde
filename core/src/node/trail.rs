//! The record of what protected a packet (RFC 3884 section 3.3).

use core::net::IpAddr;

use crate::sa::SaId;
use crate::{LinkId, NetworkId};

/// The SAs that opened a packet and the tunnels that it came out of, in order. It is this node's own
/// knowledge and stays here when the packet goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SaTrail {
    entries: [Option<TrailEntry>; Self::LONGEST],
    length: usize,
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

impl SaTrail {
    /// The most entries that a trail has: more than the nesting limit of any node lets happen.
    pub const LONGEST: usize = 16;

    pub(crate) const fn new() -> Self {
        Self {
            entries: [None; Self::LONGEST],
            length: 0,
        }
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
