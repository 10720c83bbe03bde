//! What became of a packet.

use core::net::IpAddr;

use crate::{DropReason, LinkId};

/// What the caller is to do with a packet that went through a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Verdict {
    /// Send the packet out of a physical link.
    Transmit {
        /// The link.
        link: LinkId,
        /// The neighbour on that link: the far end itself, or a router.
        next_hop: IpAddr,
    },
    /// Hand the packet to this node's own upper layers.
    Deliver {
        /// The physical or virtual interface that it came through.
        link: LinkId,
    },
    /// The packet is a fragment; the node keeps it until the datagram is whole.
    Hold,
    /// The packet meets its end here.
    Drop(DropReason),
}

impl Verdict {
    /// The drop reason, if the packet was dropped.
    #[must_use]
    pub const fn drop_reason(self) -> Option<DropReason> {
        match self {
            Self::Drop(reason) => Some(reason),
            _ => None,
        }
    }
}

impl From<Result<Self, DropReason>> for Verdict {
    fn from(result: Result<Self, DropReason>) -> Self {
        result.unwrap_or_else(Verdict::Drop)
    }
}
