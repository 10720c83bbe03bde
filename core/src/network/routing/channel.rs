//! How a router reaches its neighbours.

use core::net::IpAddr;

use crate::fib::Path;
use crate::spd::PolicyId;
use crate::{LinkId, NetworkId, Tables};

/// What leads to a neighbour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::network) enum Channel {
    /// A link, physical or virtual.
    Link(LinkId),
    /// The SAs of a policy, which are no interface: the neighbour is at their far end.
    Sa(PolicyId),
}

impl Channel {
    /// The path of a route that leads there; `None` if no route can. A tunnel leads to one neighbour,
    /// whoever that is.
    pub(in crate::network) fn path(
        self,
        tables: &Tables,
        network: NetworkId,
        via: IpAddr,
    ) -> Option<Path> {
        match self {
            Self::Link(link) => {
                let tunnel = tables.link(link).and_then(|link| link.tunnel());
                let via = tunnel.is_none().then_some(via);
                Some(Path { link, via })
            }
            Self::Sa(_) => tables.path_into(network, self.name(tables, network)),
        }
    }

    /// The name of the link, or of the virtual link that the policy is.
    pub(in crate::network) fn name(self, tables: &Tables, network: NetworkId) -> &str {
        match self {
            Self::Link(link) => tables.link(link).map_or("", |link| link.name.as_str()),
            Self::Sa(policy) => {
                let network = tables.network(network);
                let policy = network.and_then(|network| network.spd().policy(policy));
                policy.map_or("", |policy| policy.name())
            }
        }
    }
}
