//! Routes: what becomes of packets to the addresses of a prefix.

use core::net::IpAddr;

use super::{Paths, Prefix};
use crate::{DropReason, LinkId};

/// A route: what becomes of packets to the addresses of a prefix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The destinations.
    pub prefix: Prefix,
    /// What becomes of the packets.
    pub target: Target,
    /// The source address of packets that this node sends itself and that have none yet.
    pub preferred_source: Option<IpAddr>,
    /// Who made the route.
    pub origin: Origin,
    /// Administrative preference among routes of one prefix: the lowest wins, and of equal ones
    /// that of the first [`Origin`] (RFC 1812 section 5.2.4.4).
    pub preference: u32,
}

impl Route {
    /// What routes of one prefix are ordered by, best first.
    pub(super) const fn rank(&self) -> (u32, Origin) {
        (self.preference, self.origin)
    }
}

/// What becomes of packets that take a route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// They go out by one of these paths.
    Forward(Paths),
    /// They are dropped silently.
    Blackhole,
    /// They are dropped, and the sender learns that the destination is unreachable.
    Unreachable,
    /// They are dropped, and the sender learns that the destination is forbidden.
    Prohibit,
}

impl Target {
    /// Why packets that take this route are dropped; `None` if they are forwarded.
    #[must_use]
    pub const fn drop_reason(&self) -> Option<DropReason> {
        match self {
            Self::Forward(_) => None,
            Self::Blackhole => Some(DropReason::Blackhole),
            Self::Unreachable => Some(DropReason::Unreachable),
            Self::Prohibit => Some(DropReason::Prohibited),
        }
    }
}

/// One way to a destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path {
    /// The link to send by, physical or virtual.
    pub link: LinkId,
    /// The router on that link; `None` if the destination itself is there, or the link leads to one
    /// neighbour only, as a tunnel does. It may be of the other IP version (RFC 8950).
    pub via: Option<IpAddr>,
}

impl Path {
    /// The neighbour that receives packets to `destination`.
    #[inline]
    #[must_use]
    pub fn next_hop(&self, destination: IpAddr) -> IpAddr {
        self.via.unwrap_or(destination)
    }
}

/// Who made a route. Of equal preference, the first origin wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// The prefix of an address of a link.
    Connected,
    /// The configuration.
    Static,
    /// A routing protocol.
    Dynamic,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_hop_is_the_router_or_the_destination_itself() {
        let (link, destination) = (LinkId(0), IpAddr::from([192, 0, 2, 1]));
        let router = IpAddr::from([198, 51, 100, 1]);
        let next_hop = |via| Path { link, via }.next_hop(destination);
        assert_eq!(next_hop(None), destination);
        assert_eq!(next_hop(Some(router)), router);
    }

    #[test]
    fn only_forwarding_has_no_drop_reason() {
        let path = Path {
            link: LinkId(0),
            via: None,
        };
        assert_eq!(Target::Forward(path.into()).drop_reason(), None);
        assert_eq!(Target::Blackhole.drop_reason(), Some(DropReason::Blackhole));
        assert_eq!(
            Target::Unreachable.drop_reason(),
            Some(DropReason::Unreachable)
        );
        assert_eq!(Target::Prohibit.drop_reason(), Some(DropReason::Prohibited));
    }
}
