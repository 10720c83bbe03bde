//! A packet through nodes that stand in a line, and what may happen to it between them.

use std::net::IpAddr;
use std::sync::Arc;

use iiptran::config::{ArrangementName, NodeConfig};
use iiptran::trace::{Step, Watcher};
use iiptran::walkthrough::{
    ECHO_PAYLOAD, Echo, Hex, NodeReport, Recorder, Walkthrough, arrival_link, echo,
};
use iiptran::wire::set_traffic_class;
use iiptran::{Instant, LinkId, NetworkId, Node, PacketBuffer, Side, Trace, Verdict};
use serde::{Deserialize, Serialize};

use crate::fault::{Fault, read};
use crate::journey::{Journey, KeysReport, Leg, dissect};
use crate::mishap::{Arrival, Mishap, Weather};

/// Nodes in a line, and a packet that is to go through them.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct LineRequest {
    /// The nodes; the packet goes from one to the next.
    pub stations: Vec<StationRequest>,
    /// Another arrangement for all of them.
    #[serde(default)]
    pub arrangement: Option<String>,
    /// The packet.
    pub packet: PacketRequest,
    /// The link of the first node by which it comes; by default where its source is.
    #[serde(default)]
    pub link: Option<String>,
    /// The network in which the first node sends the packet itself; by default the packet comes by a link.
    #[serde(default)]
    pub sends: Option<String>,
    /// What happens besides.
    #[serde(default)]
    pub mishaps: Vec<Mishap>,
    /// The sequence number before the first packet, at all virtual links.
    #[serde(default)]
    pub start: Option<u64>,
}

/// A node of a line.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct StationRequest {
    /// What people call it.
    pub name: String,
    /// Its document, JSON or TOML.
    pub document: String,
}

/// A packet.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PacketRequest {
    /// These bytes, in hexadecimal digits.
    Hex(String),
    /// An echo request.
    Echo(EchoRequest),
}

/// An echo request.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct EchoRequest {
    /// Source address; by default the one that the first node selects, if it sends the packet itself.
    #[serde(default)]
    pub from: String,
    /// Destination address.
    pub to: String,
    /// Bytes behind the ICMP header.
    #[serde(default)]
    pub size: Option<usize>,
    /// Type of service or traffic class.
    #[serde(default)]
    pub traffic_class: u8,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct LineReport {
    /// The packet's journey.
    pub journey: Journey,
    /// The nodes' tables afterwards.
    pub nodes: Vec<StationTables>,
    /// The keys of the SAs of the first node.
    pub keys: Vec<KeysReport>,
    /// The source address that the first node selected, if it was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceReport>,
}

/// A source address that a node selected (RFC 1122 section 3.3.4.2, RFC 6724).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct SourceReport {
    /// The address.
    pub address: String,
    /// The network whose address it is.
    pub network: String,
    /// What decided.
    pub rule: String,
}

/// A node's tables.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct StationTables {
    /// The node.
    pub name: String,
    /// Its tables.
    pub tables: NodeReport,
}

/// How a packet comes to a node.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Entry {
    /// By a link.
    Arrives(LinkId),
    /// The node sends it in a network.
    Sends(NetworkId),
}

/// Nodes in a line.
pub(crate) struct Line {
    pub(crate) stations: Vec<(String, Node)>,
    pub(crate) packet: Vec<u8>,
    pub(crate) entry: Entry,
    source: Option<SourceReport>,
    pub(crate) now: Instant,
    mishaps: Vec<Mishap>,
    keys: Vec<KeysReport>,
}

/// Follows a packet through a line of nodes.
///
/// # Errors
/// [`Fault`].
pub fn walk(request: &LineRequest) -> Result<LineReport, Fault> {
    let mut line = Line::new(request)?;
    let journey = line.walk();
    let nodes = line.stations.iter().map(|(name, node)| StationTables {
        name: name.clone(),
        tables: node.report(),
    });
    Ok(LineReport {
        journey,
        nodes: nodes.collect(),
        keys: line.keys,
        source: line.source,
    })
}

impl Line {
    pub(crate) fn new(request: &LineRequest) -> Result<Self, Fault> {
        let mut weather = Weather::default();
        for mishap in &request.mishaps {
            weather.add(mishap);
        }
        let arrangement = request.arrangement.as_deref().map(str::parse);
        let arrangement: Option<ArrangementName> = arrangement
            .transpose()
            .map_err(|error| Fault::config("arrangement", &error))?;
        let mut stations = Vec::new();
        let mut keys = Vec::new();
        for (place, station) in request.stations.iter().enumerate() {
            let part = format!("stations[{place}].document");
            let mut config: NodeConfig = read(&part, &station.document)?;
            if let Some(arrangement) = arrangement {
                config.arrangement = arrangement;
            }
            if let Some(start) = request.start {
                set_start(&mut config, start);
            }
            if place == 0 {
                keys.extend(KeysReport::of_node(&config));
            }
            weather.prepare(place, &mut config);
            let node = config.node();
            let mut node = node.map_err(|error| Fault::config(&part, &error))?;
            if let (0, Some(mtu)) = (place, weather.mtu) {
                cut_mtu(&mut node, mtu);
            }
            stations.push((station.name.clone(), node));
        }
        let Some((_, first)) = stations.first() else {
            return Err(Fault::new(
                "stations",
                "a packet needs a node to go through",
            ));
        };
        let tables = first.tables();
        let sends =
            match &request.sends {
                None => None,
                Some(name) => Some(tables.find_network(name).ok_or_else(|| {
                    Fault::new("sends", format!("there is no network \"{name}\""))
                })?),
            };
        let (packet, source) = match (&request.packet, sends) {
            (PacketRequest::Echo(echo), Some(network)) if echo.from.is_empty() => {
                let source = select(first, network, echo)?;
                let echo = EchoRequest {
                    from: source.address.clone(),
                    ..echo.clone()
                };
                (bytes(&PacketRequest::Echo(echo))?, Some(source))
            }
            (packet, _) => (bytes(packet)?, None),
        };
        let entry = match (sends, &request.link) {
            (Some(network), _) => Entry::Sends(network),
            (None, Some(name)) => Entry::Arrives(
                tables
                    .find_link(name)
                    .ok_or_else(|| Fault::new("link", format!("there is no link \"{name}\"")))?,
            ),
            (None, None) => Entry::Arrives(arrival_link(tables, &packet).ok_or_else(|| {
                Fault::new(
                    "link",
                    "no link of the first node leads to the packet's source",
                )
            })?),
        };
        Ok(Self {
            stations,
            packet,
            entry,
            source,
            now: weather.now(),
            mishaps: request.mishaps.clone(),
            keys,
        })
    }

    fn walk(&mut self) -> Journey {
        let mut journey = Journey::default();
        let mut packet = self.packet.clone();
        let mut entry = Some(self.entry);
        let mut clear = None;
        let time = self.now.as_nanos();
        let last = self.stations.len().saturating_sub(1);
        for place in 0..self.stations.len() {
            let Some((walkthrough, verdict, left)) = self.pass(place, entry, &packet) else {
                break;
            };
            clear = clear.or_else(|| in_clear(&walkthrough));
            journey.legs.push(Leg::Node {
                station: self.name(place),
                time,
                walkthrough,
            });
            if !matches!(verdict, Verdict::Transmit { .. }) || place >= last {
                break;
            }
            packet = left;
            let next = place.saturating_add(1);
            if next < last {
                let arrival = Arrival::untouched(&packet);
                journey.legs.push(self.wire(place, next, arrival));
            } else {
                self.overtake(last);
                let arrivals = Mishap::befall(&self.mishaps, &packet, clear.as_deref());
                let count = arrivals.len();
                for (number, arrival) in arrivals.into_iter().enumerate() {
                    packet.clone_from(&arrival.packet.0);
                    journey.legs.push(self.wire(place, last, arrival));
                    if number.saturating_add(1) < count
                        && let Some((walkthrough, ..)) = self.pass(last, None, &packet)
                    {
                        journey.legs.push(Leg::Node {
                            station: self.name(last),
                            time,
                            walkthrough,
                        });
                    }
                }
            }
            entry = None;
        }
        journey
    }

    /// Later packets come to a node before this one, as many as a mishap says.
    fn overtake(&mut self, until: usize) {
        let overtaking = self.mishaps.iter().filter_map(|mishap| match mishap {
            Mishap::Reorder { packets } => Some(*packets),
            _ => None,
        });
        for _ in 0..overtaking.sum::<u32>() {
            let mut packet = self.packet.clone();
            let mut entry = Some(self.entry);
            for place in 0..=until {
                match self.pass(place, entry, &packet) {
                    Some((_, Verdict::Transmit { .. }, left)) => packet = left,
                    _ => break,
                }
                entry = None;
            }
        }
    }

    fn wire(&self, from: usize, to: usize, arrival: Arrival) -> Leg {
        let (from, to) = (self.name(from), self.name(to));
        Leg::Wire {
            wire: format!("{from} to {to}"),
            from,
            to: Some(to),
            time: self.now.as_nanos(),
            arrives: Some(self.now.as_nanos()),
            lost: None,
            notes: arrival.notes,
            layers: dissect(&arrival.packet),
            packet: arrival.packet,
            changes: arrival.changes,
        }
    }

    pub(crate) fn name(&self, place: usize) -> String {
        let station = self.stations.get(place);
        station.map(|(name, _)| name.clone()).unwrap_or_default()
    }

    /// Through one node; without an entry by the link to which the packet's source points.
    pub(crate) fn pass(
        &mut self,
        place: usize,
        entry: Option<Entry>,
        packet: &[u8],
    ) -> Option<(Walkthrough, Verdict, Vec<u8>)> {
        let now = self.now;
        let (_, node) = self.stations.get_mut(place)?;
        let found = || arrival_link(node.tables(), packet).map(Entry::Arrives);
        let entry = entry.or_else(found)?;
        let mut recorder = Recorder::new();
        let (verdict, left) = enter(node, now, entry, packet, &mut recorder);
        Some((recorder.into_walkthrough(), verdict, left))
    }
}

/// Lets a packet into a node.
pub(crate) fn enter(
    node: &mut Node,
    now: Instant,
    entry: Entry,
    packet: &[u8],
    recorder: &mut Recorder,
) -> (Verdict, Vec<u8>) {
    let mut buffer = PacketBuffer::new(packet);
    let mut tell = |step: &Step<'_>| recorder.step(step);
    let mut trace = Watcher::telling(&mut tell);
    let verdict = buffer.process(|packet| match entry {
        Entry::Arrives(link) => node.receive(now, link, packet, &mut trace),
        Entry::Sends(network) => node.send(now, network, packet, &mut trace),
    });
    (verdict, buffer.bytes().to_vec())
}

/// Asks a node for the source address of a packet of its own.
fn select(node: &Node, network: NetworkId, echo: &EchoRequest) -> Result<SourceReport, Fault> {
    let destination = address("to", &echo.to)?;
    let source = node.select_source(network, destination);
    let source = source.map_err(|reason| {
        let cause = format!("the node has no source address for {destination}: {reason}");
        Fault::new("packet.echo.from", cause)
    })?;
    let network = node.tables().network(source.network);
    Ok(SourceReport {
        address: source.address.to_string(),
        network: network
            .map(|network| network.name().to_owned())
            .unwrap_or_default(),
        rule: source.rule.to_string(),
    })
}

fn address(part: &str, text: &str) -> Result<IpAddr, Fault> {
    text.parse().map_err(|_| {
        let cause = format!("\"{text}\" is not an IP address");
        Fault::new(format!("packet.echo.{part}"), cause)
    })
}

/// The bytes of a packet.
///
/// # Errors
/// [`Fault`].
pub(crate) fn bytes(request: &PacketRequest) -> Result<Vec<u8>, Fault> {
    match request {
        PacketRequest::Hex(text) => {
            let bytes: Hex = text
                .parse()
                .map_err(|error| Fault::new("packet.hex", error))?;
            Ok(bytes.0)
        }
        PacketRequest::Echo(request) => {
            let from = address("from", &request.from)?;
            let to = address("to", &request.to)?;
            let size = request.size.unwrap_or(ECHO_PAYLOAD.len());
            if size > usize::from(u16::MAX) {
                // Before so many bytes are there: no packet has them (RFC 791 section 3.1).
                let cause = format!("{size} bytes are more than a packet can have");
                return Err(Fault::new("packet.echo.size", cause));
            }
            let payload: Vec<u8> = ECHO_PAYLOAD.iter().copied().cycle().take(size).collect();
            let packet = echo(Echo::Request, from, to, &payload);
            let mut packet = packet.ok_or_else(|| {
                let cause = "the addresses are of different IP versions, or the packet is too long";
                Fault::new("packet.echo", cause)
            })?;
            if request.traffic_class != 0 {
                set_traffic_class(&mut packet, request.traffic_class);
            }
            Ok(packet)
        }
    }
}

/// The packet as it would be on the wire without ESP, if it was sealed.
pub(crate) fn in_clear(walkthrough: &Walkthrough) -> Option<Vec<u8>> {
    let steps = &walkthrough.steps;
    let seal = steps.iter().rposition(|step| step.stage == "seal")?;
    let before = steps.get(seal.checked_sub(1)?)?;
    Some(before.packet.0.clone())
}

fn set_start(config: &mut NodeConfig, start: u64) {
    for link in &mut config.virtual_links {
        let Some(protection) = &mut link.protection else {
            continue;
        };
        let ends = [&mut protection.outbound, &mut protection.inbound];
        for keys in ends.into_iter().flatten() {
            keys.start = start;
        }
    }
}

/// Makes the links towards the base network take smaller packets only.
fn cut_mtu(node: &mut Node, mtu: usize) {
    let links: Vec<LinkId> = node
        .tables()
        .links()
        .filter(|(_, link)| link.side == Side::Unprotected)
        .map(|(id, _)| id)
        .collect();
    for link in links {
        let tables = node.tables().with_mtu(link, mtu);
        node.install(Arc::new(tables));
    }
}
