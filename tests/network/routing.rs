//! The distance-vector protocol finds the shortest ways, on any topology.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write as _;

use iiptran::Instant;
use iiptran::fib::Prefix;
use iiptran::network::{Network, ScenarioConfig};
use proptest::prelude::*;

/// A topology: the pairs of nodes that a virtual link joins.
#[derive(Clone, Debug)]
struct Topology {
    nodes: usize,
    edges: Vec<(usize, usize)>,
}

fn topology() -> impl Strategy<Value = Topology> {
    (2..8_usize).prop_flat_map(|nodes| {
        let pairs: Vec<_> = (0..nodes)
            .flat_map(|a| (a + 1..nodes).map(move |b| (a, b)))
            .collect();
        let most = pairs.len();
        proptest::sample::subsequence(pairs, 1..=most)
            .prop_map(move |edges| Topology { nodes, edges })
    })
}

impl Topology {
    /// All nodes at one switch of the base network, virtual links between some of them.
    fn scenario(&self, version: u8, routing: &str) -> ScenarioConfig {
        let mut text = format!(
            "arrangement = \"iiptran\"\nduration = \"10s\"\n[[networks]]\nname = \"base\"\n\
             [[networks]]\nname = \"vn\"\nrouting = \"{routing}\"\n\
             timers = {{ update = \"1s\", hold = \"3s\", garbage = \"2s\" }}\n"
        );
        let lan = |node: usize| match version {
            4 => format!("10.{node}.0.1/16"),
            _ => format!("fd00:{node}::1/64"),
        };
        for node in 0..self.nodes {
            write!(
                text,
                "[[nodes]]\nname = \"n{node}\"\nlinks = [\n\
                 {{ name = \"lan\", network = \"vn\", side = \"protected\", addresses = [\"{}\"] }},\n\
                 {{ name = \"wan\", addresses = [\"192.0.2.{}/24\"] }},\n]\n",
                lan(node),
                node + 1
            )
            .unwrap();
        }
        let ends: Vec<_> = (0..self.nodes).map(|n| format!("\"n{n}.wan\"")).collect();
        if self.nodes > 1 {
            write!(
                text,
                "[[wires]]\nends = [{}]\ndelay = \"1ms\"\n",
                ends.join(", ")
            )
            .unwrap();
        }
        for (number, &(a, b)) in self.edges.iter().enumerate() {
            let address = |end: usize| match version {
                4 => format!("172.16.{number}.{}/30", end + 1),
                _ => format!("fd01:{number}::{}/126", end + 1),
            };
            write!(
                text,
                "[[virtual-links]]\nname = \"v{number}\"\nnetwork = \"vn\"\n\
                 transform = \"aes-128-gcm-16\"\nends = [\n\
                 {{ node = \"n{a}\", local = \"192.0.2.{}\", addresses = [\"{}\"] }},\n\
                 {{ node = \"n{b}\", local = \"192.0.2.{}\", addresses = [\"{}\"] }},\n]\n",
                a + 1,
                address(0),
                b + 1,
                address(1),
            )
            .unwrap();
        }
        ScenarioConfig::from_toml(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
    }

    /// Hops from each node to each other, by breadth-first search.
    fn distances(&self) -> BTreeMap<(usize, usize), usize> {
        let mut distances = BTreeMap::new();
        for start in 0..self.nodes {
            distances.insert((start, start), 0);
            let mut queue = VecDeque::from([start]);
            while let Some(at) = queue.pop_front() {
                let hops = distances[&(start, at)] + 1;
                for &(a, b) in &self.edges {
                    let next = if a == at { b } else { a };
                    if (a == at || b == at) && !distances.contains_key(&(start, next)) {
                        distances.insert((start, next), hops);
                        queue.push_back(next);
                    }
                }
            }
        }
        distances
    }

    fn lan(version: u8, node: usize) -> Prefix {
        match version {
            4 => format!("10.{node}.0.0/16").parse().unwrap(),
            _ => format!("fd00:{node}::/64").parse().unwrap(),
        }
    }

    /// Checks the metrics of the nodes against the distances, and that each route leads nearer.
    fn check(&self, network: &Network, version: u8) {
        let distances = self.distances();
        let metrics: BTreeMap<_, _> = network
            .metrics("vn")
            .map(|(node, prefix, metric)| ((node.to_string(), prefix), metric))
            .collect();
        for from in 0..self.nodes {
            for to in 0..self.nodes {
                let lan = Self::lan(version, to);
                let found = metrics.get(&(format!("n{from}"), lan));
                let expected = distances.get(&(from, to)).map(|hops| hops + 1);
                assert_eq!(found.map(|&m| usize::from(m)), expected, "{from} to {to}");
                self.check_way(network, &distances, (from, to), lan);
            }
        }
    }

    fn check_way(
        &self,
        network: &Network,
        distances: &BTreeMap<(usize, usize), usize>,
        (from, to): (usize, usize),
        lan: Prefix,
    ) {
        let way = network.way(&format!("n{from}"), "vn", lan.first());
        let Some(hops) = distances.get(&(from, to)) else {
            return assert_eq!(way, None, "{from} to {to}");
        };
        let Some(link) = way.and_then(|way| way.strip_prefix('v')) else {
            return assert_eq!((way, from), (Some("lan"), to));
        };
        let (a, b) = self.edges[link.parse::<usize>().unwrap()];
        let next = if a == from { b } else { a };
        assert_eq!(
            distances[&(next, to)] + 1,
            *hops,
            "{from} to {to} by {next}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn messages_find_the_shortest_ways(topology in topology(), six in any::<bool>()) {
        let version = if six { 6 } else { 4 };
        let config = topology.scenario(version, "distance-vector");
        let mut network = Network::new(&config).unwrap();
        network.run_until(Instant::from_secs(8), &mut ());
        topology.check(&network, version);
        prop_assert_eq!(network.adjacencies().len(), 2 * topology.edges.len());
    }

    #[test]
    fn they_find_them_again_after_a_link_is_lost(topology in topology(), lost in any::<prop::sample::Index>()) {
        let lost = lost.index(topology.edges.len());
        let (a, _) = topology.edges[lost];
        let mut config = topology.scenario(4, "distance-vector");
        let document = format!(
            "arrangement = \"iiptran\"\nduration = \"1s\"\n[[events]]\nat = \"5s\"\naction = {{ link-down = \"n{a}.v{lost}\" }}"
        );
        config.events = ScenarioConfig::from_toml(&document).unwrap().events;
        let mut network = Network::new(&config).unwrap();
        // One end knows at once, the other after the hold time.
        network.run_until(Instant::from_secs(20), &mut ());
        let mut left = topology.clone();
        // The number of the others stays; the lost one joins nothing.
        left.edges[lost] = (usize::MAX, usize::MAX);
        left.check(&network, 4);
    }

    #[test]
    fn the_oracle_knows_the_same(topology in topology(), six in any::<bool>()) {
        let version = if six { 6 } else { 4 };
        let config = topology.scenario(version, "shortest-paths");
        let mut network = Network::new(&config).unwrap();
        network.run_until(Instant::ZERO, &mut ());
        let distances = topology.distances();
        for from in 0..topology.nodes {
            for to in 0..topology.nodes {
                topology.check_way(&network, &distances, (from, to), Topology::lan(version, to));
            }
        }
    }
}
