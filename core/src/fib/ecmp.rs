//! Equal-cost multipath: which of a route's paths a flow takes.
//!
//! Packets of one flow take one path, or they would overtake one another (RFC 2991 section 2). Each
//! path draws a weight from the flow's hash and its own identity, and the highest wins: rendezvous
//! hashing, which RFC 2991 calls highest random weight. A path's weight does not depend on the
//! other paths, so one that goes takes only its own flows with it, and one that comes takes an
//! equal share from each: the least disruption of the methods that RFC 2992 compares.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::{Path, Route, Target};
use crate::LinkId;
use crate::wire::{mix, mix_address};

/// The paths of a route: one or more, each once, in order, so that equal sets are equal values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths(Box<[Path]>);

impl Paths {
    /// The set of these paths; `None` if there is none.
    #[must_use]
    pub fn new(paths: impl IntoIterator<Item = Path>) -> Option<Self> {
        let mut paths: Vec<Path> = paths.into_iter().collect();
        paths.sort_unstable();
        paths.dedup();
        (!paths.is_empty()).then(|| Self(paths.into()))
    }

    /// The paths, in order.
    #[must_use]
    pub const fn as_slice(&self) -> &[Path] {
        &self.0
    }

    /// The path of a flow; see [`Route::choose`].
    #[inline]
    fn choose(&self, flow_hash: u64, usable: impl Fn(LinkId) -> bool) -> Option<&Path> {
        match self.as_slice() {
            // Most routes: nothing to weigh.
            [only] => usable(only.link).then_some(only),
            paths => paths
                .iter()
                .filter(|path| usable(path.link))
                .max_by_key(|path| path.weight(flow_hash)),
        }
    }
}

impl From<Path> for Paths {
    fn from(path: Path) -> Self {
        Self(Box::new([path]))
    }
}

impl Path {
    /// What this path bids for a flow. It depends on the path alone, not on its place in the set.
    fn weight(&self, flow_hash: u64) -> u64 {
        let link = mix(u64::from(self.link.0));
        let identity = self.via.map_or(link, |via| mix_address(link, via));
        mix(flow_hash ^ identity)
    }
}

impl Route {
    /// Whether a packet's flow decides which of its paths it takes.
    pub(crate) const fn has_several_paths(&self) -> bool {
        match &self.target {
            Target::Forward(paths) => paths.as_slice().len() > 1,
            Target::Blackhole | Target::Unreachable | Target::Prohibit => false,
        }
    }

    /// The path of a flow among those whose link is usable; `None` if no link is, or if the route
    /// does not forward.
    ///
    /// `flow_hash` is [`Flow::hash`](crate::wire::Flow::hash). Nodes in a row whose links have the
    /// same numbers would all choose alike and leave links idle; a node avoids that by a number of
    /// its own, XORed into the hash.
    #[inline]
    #[must_use]
    pub fn choose(&self, flow_hash: u64, usable: impl Fn(LinkId) -> bool) -> Option<&Path> {
        match &self.target {
            Target::Forward(paths) => paths.choose(flow_hash, usable),
            Target::Blackhole | Target::Unreachable | Target::Prohibit => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Flow, Fragment, Protocol, Upper};
    use alloc::vec;
    use alloc::vec::Vec;
    use core::net::IpAddr;
    use proptest::collection::btree_set;
    use proptest::prelude::*;

    fn tunnels(count: u32) -> Paths {
        let tunnel = |link| Path {
            link: LinkId(link),
            via: None,
        };
        Paths::new((0..count).map(tunnel)).unwrap()
    }

    fn flow(source_port: u16) -> Flow {
        Flow {
            source: [192, 0, 2, 1].into(),
            destination: [198, 51, 100, 1].into(),
            protocol: Protocol::UDP,
            upper: Upper::Ports {
                source: source_port,
                destination: 53,
            },
            traffic_class: 0,
            flow_label: 0,
            fragment: None,
        }
    }

    /// How many of the flows choose each path.
    fn shares(paths: &Paths, hashes: impl Iterator<Item = u64>) -> Vec<u32> {
        let mut shares = vec![0; paths.as_slice().len()];
        for hash in hashes {
            let chosen = paths.choose(hash, |_| true).unwrap();
            shares[paths.as_slice().binary_search(chosen).unwrap()] += 1;
        }
        shares
    }

    #[test]
    fn flows_are_spread_evenly() {
        let router = |octet| Path {
            link: LinkId(0),
            via: Some([192, 0, 2, octet].into()),
        };
        for paths in [tunnels(4), Paths::new((1..=4).map(router)).unwrap()] {
            let shares = shares(&paths, (0..=u16::MAX).map(|port| flow(port).hash()));
            assert!(
                shares.iter().all(|&share| share.abs_diff(16_384) < 500),
                "{shares:?}"
            );
        }
    }

    #[test]
    fn a_number_of_its_own_makes_the_second_node_choose_anew() {
        let paths = tunnels(4);
        let arriving = (0..=u16::MAX)
            .map(|port| flow(port).hash())
            .filter(|&hash| paths.choose(hash, |_| true).unwrap().link == LinkId(0));
        let shares = shares(&paths, arriving.map(|hash| hash ^ 0x5eed));
        assert!(
            shares.iter().all(|&share| share.abs_diff(4_096) < 250),
            "{shares:?}"
        );
    }

    #[test]
    fn rte_02_fragments_of_a_datagram_stay_together() {
        let fragment = |upper, offset| Flow {
            upper,
            fragment: Fragment::new(1, offset, true),
            ..flow(7)
        };
        let first = fragment(flow(7).upper, 0);
        let second = fragment(Upper::Unavailable, 8);
        assert_eq!(first.hash(), second.hash());
        assert_ne!(first.hash(), flow(7).hash());
    }

    #[test]
    fn the_flow_label_tells_flows_apart() {
        let labelled = |flow_label| Flow {
            source: IpAddr::from([1; 16]),
            destination: IpAddr::from([2; 16]),
            flow_label,
            ..flow(7)
        };
        assert_ne!(labelled(1).hash(), labelled(2).hash());
    }

    #[test]
    fn a_single_path_is_taken_if_it_can_be() {
        let paths = tunnels(1);
        assert_eq!(paths.choose(7, |_| true), paths.as_slice().first());
        assert_eq!(paths.choose(7, |_| false), None);
        assert_eq!(Paths::new([]), None);
    }

    fn any_path() -> impl Strategy<Value = Path> {
        let via = proptest::option::of(any::<IpAddr>());
        (0..4_u32, via).prop_map(|(link, via)| Path {
            link: LinkId(link),
            via,
        })
    }

    proptest! {
        #[test]
        fn neither_order_nor_repetition_matters(
            paths in btree_set(any_path(), 1..8), hash in any::<u64>(),
        ) {
            let forwards = Paths::new(paths.iter().copied()).unwrap();
            let backwards = Paths::new(paths.iter().rev().chain(&paths).copied()).unwrap();
            prop_assert_eq!(&forwards, &backwards);
            prop_assert_eq!(forwards.choose(hash, |_| true), backwards.choose(hash, |_| true));
        }

        #[test]
        fn rte_02_a_path_that_goes_moves_only_its_own_flows(
            paths in btree_set(any_path(), 2..8), hash in any::<u64>(),
        ) {
            let all = Paths::new(paths.iter().copied()).unwrap();
            let chosen = all.choose(hash, |_| true).unwrap();
            for gone in &paths {
                let rest = paths.iter().copied().filter(|path| path != gone);
                let rest = Paths::new(rest).unwrap();
                let now = rest.choose(hash, |_| true).unwrap();
                prop_assert_eq!(now == chosen, gone != chosen);
            }
        }

        #[test]
        fn a_link_that_is_down_is_a_path_that_is_gone(
            paths in btree_set(any_path(), 1..8), hash in any::<u64>(), down in 0..4_u32,
        ) {
            let all = Paths::new(paths.iter().copied()).unwrap();
            let up = |link| link != LinkId(down);
            let rest = Paths::new(paths.iter().copied().filter(|path| up(path.link)));
            let expected = rest.as_ref().and_then(|rest| rest.choose(hash, |_| true));
            prop_assert_eq!(all.choose(hash, up), expected);
        }
    }
}
