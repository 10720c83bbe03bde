//! Routes that lead to the far ends of tunnel-mode SAs (RFC 3884 section 4.1, alternatives 2 and 3).

use core::net::IpAddr;

use super::{Network, Tables, VirtualLinkForm};
use crate::fib::{Path, Route, Target};
use crate::spd::{Action, Direction, Policy, PolicyId, Protection};
use crate::wire::Flow;
use crate::{LinkId, Mode, NetworkId};

impl Policy {
    /// The far end of the tunnel that the policy asks for.
    #[inline]
    pub(crate) const fn far_end(&self) -> Option<IpAddr> {
        match self.action() {
            Action::Protect(Protection {
                mode: Mode::Tunnel(ends),
                ..
            }) => Some(ends.remote),
            _ => None,
        }
    }
}

impl Tables {
    /// The path by which a route leads into a virtual link, by its name, whatever the arrangement makes of
    /// it: an interface, or a far end beyond a physical link. `None` where no route can (RFC 3884 section
    /// 2).
    #[must_use]
    pub fn path_into(&self, network: NetworkId, virtual_link: &str) -> Option<Path> {
        if let Some(link) = self.find_link(virtual_link) {
            return Some(Path { link, via: None });
        }
        if self.arrangement.virtual_links() != VirtualLinkForm::RoutedPolicy {
            return None;
        }
        let network = self.network(network)?;
        let (_, policy) = network.spd().find(virtual_link)?;
        let far_end = policy.far_end()?;
        let route = self.network(network.base())?.fib().lookup(far_end)?;
        match &route.target {
            Target::Forward(paths) => paths.as_slice().first().map(|path| Path {
                link: path.link,
                via: Some(far_end),
            }),
            Target::Blackhole | Target::Unreachable | Target::Prohibit => None,
        }
    }

    /// Initial lookup: whether a policy and its SAs are in the SPD and SAD of a physical interface.
    /// Those in tunnel mode are where their far end is reached; all others are everywhere.
    #[inline]
    pub(crate) fn is_of_interface(&self, network: &Network, policy: &Policy, link: LinkId) -> bool {
        let Some(far_end) = policy.far_end() else {
            return true;
        };
        let base = self.network(network.base());
        let route = base.and_then(|base| base.fib().lookup(far_end));
        route.is_some_and(|route| match &route.target {
            Target::Forward(paths) => paths.as_slice().iter().any(|path| path.link == link),
            Target::Blackhole | Target::Unreachable | Target::Prohibit => false,
        })
    }

    /// Initial lookup: the policies of a physical interface that match an outbound packet, the first
    /// being the one that decides. With two of them the SA is undetermined as far as routing goes: the
    /// SAD has no index by which a next hop could tell them apart (RFC 3884 section 4.1).
    pub fn interface_policies<'t>(
        &'t self,
        network: NetworkId,
        link: LinkId,
        flow: &'t Flow,
    ) -> impl Iterator<Item = (PolicyId, &'t Policy)> {
        let network = self.network(network).into_iter();
        network.flat_map(move |network| {
            network.spd().iter().filter(move |(_, policy)| {
                policy.matches(Direction::Outbound, flow)
                    && self.is_of_interface(network, policy, link)
            })
        })
    }

    /// Integrated forwarding: the routes of a network that lead to SAs, each with a policy of these SAs.
    /// This is what a routing protocol has to tell its neighbours, and so must know of the SAD: a prefix
    /// alone does not say which packets the SAs carry (RFC 3884 section 4.1).
    pub fn routes_to_sas(&self, network: NetworkId) -> impl Iterator<Item = (&Route, &Policy)> {
        let network = self.network(network).into_iter();
        network.flat_map(|network| {
            let of = |route: &Route, policy: &Policy| match (&route.target, policy.far_end()) {
                (Target::Forward(paths), Some(far_end)) => {
                    let mut paths = paths.as_slice().iter();
                    paths.any(|path| path.via == Some(far_end))
                }
                _ => false,
            };
            network.fib().routes().flat_map(move |route| {
                let policies = network.spd().iter().map(|(_, policy)| policy);
                policies
                    .filter(move |policy| of(route, policy))
                    .map(move |policy| (route, policy))
            })
        })
    }
}
