//! What a run came to, as a document.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::net::IpAddr;

use serde::Serialize;

use super::Network;
use super::flow::{Flow, Tally};
use super::routing::Daemon;
use super::station::{Kind, Station};
use crate::config::{CountReport, CountersReport};
use crate::{Instant, LinkId};

/// What a run came to until now. All times are nanoseconds since it began.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct NetworkReport {
    /// The scenario's title.
    pub title: String,
    /// The arrangement of all nodes.
    pub arrangement: String,
    /// The seed.
    pub seed: u64,
    /// How much time has passed.
    pub time: u64,
    /// Flows, in the order of the scenario.
    pub flows: Vec<FlowReport>,
    /// Packets that events sent.
    pub attacks: Vec<AttackReport>,
    /// Nodes.
    pub nodes: Vec<StationReport>,
    /// Wires.
    pub wires: Vec<WireReport>,
    /// What routers sent, where a protocol runs.
    pub routing: Vec<RoutingReport>,
    /// Routing adjacencies that are up.
    pub adjacencies: Vec<AdjacencyReport>,
    /// How routing followed each event.
    pub convergence: Vec<ConvergenceReport>,
    /// What the scenario says in vain, in this arrangement.
    pub warnings: Vec<String>,
}

/// What became of a flow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct FlowReport {
    /// Name.
    pub name: String,
    /// Source address.
    pub source: IpAddr,
    /// Destination address.
    pub destination: IpAddr,
    /// Packets sent.
    pub sent: u64,
    /// Different packets that arrived where the flow goes.
    pub delivered: u64,
    /// Packets that were sent and did not arrive there, or not yet.
    pub missing: u64,
    /// Packets that arrived there again.
    pub duplicates: u64,
    /// Packets that arrived behind one that was sent later.
    pub reordered: u64,
    /// Packets that arrived somewhere else.
    pub misdelivered: u64,
    /// The shortest time under way.
    pub latency_min: Option<u64>,
    /// The mean time under way.
    pub latency_mean: Option<u64>,
    /// The longest time under way.
    pub latency_max: Option<u64>,
    /// The longest time between two arrivals.
    pub longest_gap: u64,
    /// When it ended.
    pub longest_gap_end: u64,
    /// TTL or hop limit of the last packet as it arrived.
    pub ttl: Option<u8>,
    /// Packets that nodes dropped.
    pub drops: Vec<FlowDropReport>,
    /// Packets that wires lost.
    pub losses: Vec<LossReport>,
}

/// What became of packets that an event sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct AttackReport {
    /// The event's place in the scenario.
    pub event: String,
    /// Packets sent.
    pub sent: u64,
    /// Packets that reached a host, or a node's upper layers.
    pub reached: u64,
    /// Packets that nodes dropped.
    pub drops: Vec<FlowDropReport>,
    /// Packets that wires lost.
    pub losses: Vec<LossReport>,
}

/// How many packets nodes dropped for a reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct FlowDropReport {
    /// The reason.
    pub reason: String,
    /// Packets.
    pub packets: u64,
    /// The node that dropped the last one.
    pub last_node: String,
}

/// How many packets wires lost for a reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct LossReport {
    /// The reason.
    pub reason: String,
    /// Packets.
    pub packets: u64,
}

/// What a node counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct StationReport {
    /// Name.
    pub name: String,
    /// Its counters.
    pub counters: CountersReport,
}

/// What a wire carried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct WireReport {
    /// Name.
    pub name: String,
    /// What arrived, by the end that it was sent from.
    pub carried: Vec<CountReport>,
    /// Packets lost.
    pub lost: u64,
}

/// What a router sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct RoutingReport {
    /// The node.
    pub node: String,
    /// The network.
    pub network: String,
    /// Messages.
    pub messages: u64,
    /// Their bytes, without IP and UDP headers.
    pub bytes: u64,
    /// Routes in them.
    pub routes: u64,
    /// Selector sets of SAs in them.
    pub selectors: u64,
}

/// A neighbour that a node's routing hears.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct AdjacencyReport {
    /// The node.
    pub node: String,
    /// The network.
    pub network: String,
    /// The link, physical or virtual.
    pub link: String,
    /// The neighbour's address on it.
    pub neighbour: IpAddr,
    /// Since when.
    pub since: u64,
}

/// How routing followed an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct ConvergenceReport {
    /// The event; `start` for the beginning.
    pub event: String,
    /// When it happened.
    pub time: u64,
    /// How many routes of all nodes changed until the next event.
    pub changes: u64,
    /// How long after the event the last of them changed; none if none did.
    pub took: Option<u64>,
}

impl Network {
    /// What the run came to until now.
    #[must_use]
    pub fn report(&self) -> NetworkReport {
        let nodes = self.stations.iter().filter_map(|station| {
            let node = &station.router()?.node;
            Some(StationReport {
                name: station.name.clone(),
                counters: node.counters().report(node.tables()),
            })
        });
        let wires = self.wires.iter().map(|wire| WireReport {
            name: wire.name.clone(),
            carried: wire.ends.iter().map(|end| end.carried.into()).collect(),
            lost: wire.lost,
        });
        let convergence = self.convergence.iter().map(|row| ConvergenceReport {
            event: row.cause.clone(),
            time: row.at.as_nanos(),
            changes: row.changes,
            took: (row.changes > 0).then(|| since(row.last, row.at)),
        });
        let attacks = self.attacks.iter().map(|attack| AttackReport {
            event: attack.path.clone(),
            sent: attack.tally.sent,
            reached: attack.tally.reached,
            drops: self.drops(&attack.tally),
            losses: losses(&attack.tally),
        });
        let warnings = self.warnings.iter();
        NetworkReport {
            title: self.title.clone(),
            arrangement: self.arrangement.name().to_string(),
            seed: self.seed,
            time: self.now.as_nanos(),
            flows: self.flows.iter().map(|flow| self.flow(flow)).collect(),
            attacks: attacks.collect(),
            nodes: nodes.collect(),
            wires: wires.collect(),
            routing: self
                .daemons
                .iter()
                .filter_map(|d| self.routing(d))
                .collect(),
            adjacencies: self.adjacencies(),
            convergence: convergence.collect(),
            warnings: warnings
                .map(|warning| alloc::format!("{}: {}", warning.path, warning.text))
                .collect(),
        }
    }

    fn routing(&self, daemon: &Daemon) -> Option<RoutingReport> {
        let tables = self.station(daemon.station)?.router()?.node.tables();
        Some(RoutingReport {
            node: self.name(daemon.station).to_string(),
            network: tables.network(daemon.network)?.name().to_string(),
            messages: daemon.sent.messages,
            bytes: daemon.sent.bytes,
            routes: daemon.sent.routes,
            selectors: daemon.sent.selectors,
        })
    }

    /// The routing adjacencies that are up.
    #[must_use]
    pub fn adjacencies(&self) -> Vec<AdjacencyReport> {
        let mut all = Vec::new();
        for daemon in &self.daemons {
            let Some(router) = self.station(daemon.station).and_then(Station::router) else {
                continue;
            };
            let tables = router.node.tables();
            let network = tables.network(daemon.network);
            for (&(channel, neighbour), heard) in daemon.neighbours().iter() {
                all.push(AdjacencyReport {
                    node: self.name(daemon.station).to_string(),
                    network: network.map_or("", |network| network.name()).to_string(),
                    link: channel.name(tables, daemon.network).to_string(),
                    neighbour,
                    since: heard.since.as_nanos(),
                });
            }
        }
        all
    }

    /// How far each prefix of a network is from each node, as the nodes' routing protocol has it: nodes,
    /// prefixes and metrics, 1 for a network of the node itself.
    pub fn metrics(&self, network: &str) -> impl Iterator<Item = (&str, crate::fib::Prefix, u8)> {
        let running = self.daemons.iter().filter(move |daemon| {
            let router = self.station(daemon.station).and_then(Station::router);
            let tables = router.and_then(|r| r.node.tables().network(daemon.network));
            tables.is_some_and(|tables| tables.name() == network)
        });
        running.flat_map(|daemon| {
            let name = self.name(daemon.station);
            daemon
                .metrics()
                .map(move |(prefix, metric)| (name, prefix, metric))
        })
    }

    /// The link by which a node sends packets to an address in a network now, by name.
    #[must_use]
    pub fn way(&self, node: &str, network: &str, destination: IpAddr) -> Option<&str> {
        let station = self.stations.iter().find(|station| station.name == node)?;
        let Kind::Node(router) = &station.kind else {
            return None;
        };
        let tables = router.node.tables();
        let network = tables.network(tables.find_network(network)?)?;
        let route = network.fib().lookup(destination)?;
        let path = route.choose(0, |link: LinkId| router.node.is_link_up(link))?;
        tables.link(path.link).map(|link| link.name.as_str())
    }

    fn flow(&self, flow: &Flow) -> FlowReport {
        let Flow {
            arrivals, tally, ..
        } = flow;
        FlowReport {
            name: flow.name.clone(),
            source: flow.source,
            destination: flow.destination,
            sent: tally.sent,
            delivered: arrivals.delivered,
            missing: tally.sent.saturating_sub(arrivals.delivered),
            duplicates: arrivals.duplicates,
            reordered: arrivals.reordered,
            misdelivered: arrivals.misdelivered,
            latency_min: arrivals.latency_min,
            latency_mean: arrivals.latency_sum.checked_div(arrivals.delivered),
            latency_max: arrivals.latency_min.map(|_| arrivals.latency_max),
            longest_gap: arrivals.longest_gap,
            longest_gap_end: arrivals.gap_end.as_nanos(),
            ttl: arrivals.ttl,
            drops: self.drops(tally),
            losses: losses(tally),
        }
    }

    fn drops(&self, tally: &Tally) -> Vec<FlowDropReport> {
        let rows = tally
            .drops
            .iter()
            .map(|(reason, &(packets, node))| FlowDropReport {
                reason: reason.name().to_string(),
                packets,
                last_node: self.name(node).to_string(),
            });
        rows.collect()
    }
}

fn losses(tally: &Tally) -> Vec<LossReport> {
    let rows = tally.losses.iter().map(|(loss, &packets)| LossReport {
        reason: loss.name().to_string(),
        packets,
    });
    rows.collect()
}

fn since(later: Instant, earlier: Instant) -> u64 {
    later.as_nanos().saturating_sub(earlier.as_nanos())
}
