//! Networks of nodes on a virtual clock.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::net::IpAddr;

use iiptran::config::{ConfigError, read};
use iiptran::network::{
    self, Carriage, End, Event, Fate, Observer, Record, SHIPPED, ScenarioConfig, shipped,
};
use iiptran::{DropReason, Instant};
use serde::Serialize;

use crate::node::json;
use crate::{Error, Misuse, pcap};

/// A network of nodes and hosts on a virtual clock (RFC 3884, run). There is no chance but the seed's:
/// the same calls give the same bytes on every host.
#[derive(Debug)]
pub struct Network {
    scenario: ScenarioConfig,
    network: network::Network,
    log: Log,
}

/// What a network notes of what happens in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watched {
    /// The ends of packets; see [`Network::take_ends`].
    pub ends: bool,
    /// Events; see [`Network::take_trace`].
    pub trace: bool,
    /// What wires carry; see [`Network::take_capture`].
    pub captures: bool,
}

/// A packet that reached upper layers, was dropped, or got lost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct PacketEnd {
    /// When, nanoseconds since the scenario began.
    pub time: u64,
    /// Its number in the run; copies that a wire made have the same.
    pub number: u64,
    /// The flow of the scenario that sent it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flow: Option<String>,
    /// `deliver`, `drop`, or `lose` for a wire.
    pub verdict: &'static str,
    /// The node or host, or the wire that lost it.
    pub place: String,
    /// Why: the name of a drop reason, or how the wire lost it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    /// The packet as it was then.
    #[serde(serialize_with = "hex")]
    pub packet: Vec<u8>,
}

/// The names of the scenarios that the library brings.
pub fn scenarios() -> impl Iterator<Item = &'static str> {
    SHIPPED.iter().map(|scenario| scenario.name)
}

impl Network {
    /// The network of a scenario's document, or of a scenario that the library brings, by its name; at the
    /// moment before it begins. All that happens is noted until it is taken; see [`Self::watch`].
    ///
    /// # Errors
    /// [`Error::Config`].
    pub fn new(document: &str) -> Result<Self, Error> {
        let scenario = scenario(document)?;
        Ok(Self {
            network: network::Network::new(&scenario)?,
            scenario,
            log: Log::default(),
        })
    }

    /// Begins anew, with another seed if one is given. What was noted is gone; what is watched stays.
    ///
    /// # Errors
    /// [`Error::Config`]; nothing has changed then.
    pub fn reset(&mut self, seed: Option<u64>) -> Result<(), Error> {
        let scenario = ScenarioConfig {
            seed: seed.unwrap_or(self.scenario.seed),
            ..self.scenario.clone()
        };
        self.network = network::Network::new(&scenario)?;
        self.scenario = scenario;
        self.log = Log {
            watched: self.log.watched,
            ..Log::default()
        };
        Ok(())
    }

    /// What is noted from now on. Whatever is not taken takes memory.
    pub const fn watch(&mut self, watched: Watched) {
        self.log.watched = watched;
    }

    /// How much time has passed, nanoseconds.
    #[must_use]
    pub const fn now(&self) -> u64 {
        self.network.now().as_nanos()
    }

    /// How long the scenario takes, nanoseconds. The network can go on after that; flows end.
    #[must_use]
    pub fn duration(&self) -> u64 {
        Instant::ZERO.after(self.network.duration()).as_nanos()
    }

    /// Where all chance comes from.
    #[must_use]
    pub const fn seed(&self) -> u64 {
        self.scenario.seed
    }

    /// How many packets are under way.
    #[must_use]
    pub const fn under_way(&self) -> usize {
        self.network.under_way()
    }

    /// Does the next thing that is due, and tells when that was; `None` if nothing will ever be due again.
    pub fn step(&mut self) -> Option<u64> {
        let at = self.network.step(&mut self.log);
        at.map(Instant::as_nanos)
    }

    /// Does everything that is due up to a moment, that moment included, nanoseconds.
    pub fn run_until(&mut self, until: u64) {
        let until = Instant::from_nanos(until);
        self.network.run_until(until, &mut self.log);
    }

    /// Sends a packet from a node or host now, whole and with its source address, and tells its number in
    /// the run. A node sends it in one of its networks, by default in its first; of a host the network
    /// means nothing.
    ///
    /// # Errors
    /// [`Misuse::UnknownStation`], [`Misuse::UnknownNetwork`], [`Misuse::NotIp`].
    pub fn send(
        &mut self,
        from: &str,
        network: Option<&str>,
        packet: &[u8],
    ) -> Result<u64, Misuse> {
        Ok(self.network.send(from, network, packet, &mut self.log)?)
    }

    /// Cuts or mends a wire now. The links at its ends go with it if it has carrier.
    ///
    /// # Errors
    /// [`Misuse::UnknownWire`].
    pub fn set_wire_up(&mut self, wire: &str, up: bool) -> Result<(), Misuse> {
        Ok(self.network.set_wire_up(wire, up, &mut self.log)?)
    }

    /// Takes a link of a node, physical or virtual, down or up now.
    ///
    /// # Errors
    /// [`Misuse::UnknownStation`], [`Misuse::UnknownLink`].
    pub fn set_link_up(&mut self, node: &str, link: &str, up: bool) -> Result<(), Misuse> {
        Ok(self.network.set_link_up(node, link, up, &mut self.log)?)
    }

    /// The packets that met their end since they were last taken, in the order of time. Messages of
    /// routing protocols that arrived are not among them.
    pub fn take_ends(&mut self) -> Vec<PacketEnd> {
        core::mem::take(&mut self.log.ends)
    }

    /// [`Self::take_ends`] as JSON.
    pub fn take_ends_document(&mut self) -> String {
        json(&self.take_ends())
    }

    /// What happened since it was last taken, as a list in JSON: each entry is a line of what `iiptran sim
    /// --events` writes.
    pub fn take_trace(&mut self) -> String {
        let trace = core::mem::take(&mut self.log.trace);
        format!("[{}]", trace.join(","))
    }

    /// What a wire has carried since that was last taken, or all of them, as a pcap file: raw IP packets
    /// at the moments at which they were sent, nanoseconds since the scenario began. [`Self::keys`] open
    /// them.
    ///
    /// # Errors
    /// [`Misuse::UnknownWire`].
    pub fn take_capture(&mut self, wire: Option<&str>) -> Result<Vec<u8>, Misuse> {
        let wires: Vec<&str> = self.network.wires().collect();
        if wire.is_some_and(|wire| !wires.contains(&wire)) {
            return Err(Misuse::UnknownWire);
        }
        Ok(self.log.capture(wire))
    }

    /// What the run came to until now, as JSON: flows, nodes with their counters, wires, routing.
    #[must_use]
    pub fn report(&self) -> String {
        json(&self.network.report())
    }

    /// The keys of all SAs that there were until now, as JSON: the document that opens captures.
    #[must_use]
    pub fn keys(&self) -> String {
        json(&self.network.keys())
    }

    /// The tables of a node as they are now, as JSON: links, routes, policies, SAs.
    ///
    /// # Errors
    /// [`Misuse::UnknownStation`].
    pub fn tables(&self, node: &str) -> Result<String, Misuse> {
        let mut nodes = self.network.nodes();
        let found = nodes.find(|(name, _)| *name == node);
        let (_, node) = found.ok_or(Misuse::UnknownStation)?;
        Ok(json(&node.report()))
    }

    /// The link by which a node sends packets to an address in a network now; `None` if no route leads
    /// there.
    ///
    /// # Errors
    /// [`Misuse::UnknownStation`], [`Misuse::UnknownNetwork`].
    pub fn way(
        &self,
        node: &str,
        network: &str,
        destination: IpAddr,
    ) -> Result<Option<&str>, Misuse> {
        let mut nodes = self.network.nodes();
        let found = nodes.find(|(name, _)| *name == node);
        let (_, found) = found.ok_or(Misuse::UnknownStation)?;
        let known = found.tables().find_network(network);
        known.ok_or(Misuse::UnknownNetwork)?;
        Ok(self.network.way(node, network, destination))
    }

    /// The names of the nodes, in the order of the scenario.
    pub fn nodes(&self) -> impl Iterator<Item = &str> {
        self.network.nodes().map(|(name, _)| name)
    }

    /// The names of the wires, in the order of the scenario.
    pub fn wires(&self) -> impl Iterator<Item = &str> {
        self.network.wires()
    }
}

/// The scenario of a document or name.
fn scenario(document: &str) -> Result<ScenarioConfig, ConfigError> {
    let name = document.trim();
    if let Some(shipped) = shipped(name) {
        return read(shipped.text);
    }
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    if !name.is_empty() && name.chars().all(is_word) {
        let known: Vec<&str> = scenarios().collect();
        return Err(ConfigError {
            path: ".".into(),
            cause: format!(
                "no scenario is named \"{name}\"; there are {}",
                known.join(", ")
            ),
            position: None,
        });
    }
    read(document)
}

/// What is noted until it is taken.
#[derive(Debug, Default)]
struct Log {
    watched: Watched,
    ends: Vec<PacketEnd>,
    trace: Vec<String>,
    /// What each wire carried, as records of a pcap file with their numbers in the order of time.
    carried: BTreeMap<String, Vec<(u64, Vec<u8>)>>,
    records: u64,
}

impl Default for Watched {
    fn default() -> Self {
        Self {
            ends: true,
            trace: true,
            captures: true,
        }
    }
}

impl Log {
    fn capture(&mut self, wire: Option<&str>) -> Vec<u8> {
        let mut records = match wire {
            Some(wire) => self.carried.remove(wire).unwrap_or_default(),
            None => {
                let carried = core::mem::take(&mut self.carried);
                carried.into_values().flatten().collect()
            }
        };
        records.sort_unstable_by_key(|(number, _)| *number);
        let mut file = pcap::header();
        file.extend(records.into_iter().flat_map(|(_, record)| record));
        file
    }
}

impl Observer for Log {
    fn event(&mut self, time: Instant, event: &Event<'_>) {
        if self.watched.trace {
            self.trace.push(json(&Record { time, event }));
        }
        if let Event::Carried {
            wire,
            bytes,
            arrival: Carriage::Arrives(_),
            ..
        } = *event
            && self.watched.captures
        {
            let mut record = Vec::with_capacity(bytes.len().saturating_add(16));
            pcap::record(&mut record, time, bytes);
            self.records = self.records.wrapping_add(1);
            if let Some(carried) = self.carried.get_mut(wire) {
                carried.push((self.records, record));
            } else {
                let first = alloc::vec![(self.records, record)];
                self.carried.insert(wire.to_owned(), first);
            }
        }
    }

    fn end(&mut self, time: Instant, end: &End<'_>) {
        if !self.watched.ends {
            return;
        }
        let (verdict, reason) = match end.fate {
            Fate::Delivered => ("deliver", None),
            Fate::Dropped(reason) => ("drop", Some(DropReason::name(reason))),
            Fate::Lost(loss) => ("lose", Some(loss.name())),
        };
        self.ends.push(PacketEnd {
            time: time.as_nanos(),
            number: end.packet,
            flow: end.flow.map(ToOwned::to_owned),
            verdict,
            place: end.place.to_owned(),
            reason,
            packet: end.bytes.to_vec(),
        });
    }
}

fn hex<S: serde::Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    use core::fmt::Write as _;
    let mut text = String::with_capacity(bytes.len().saturating_mul(2));
    for byte in bytes {
        // Writing to a string can't fail.
        let _ = write!(text, "{byte:02x}");
    }
    serializer.serialize_str(&text)
}

/// A list of names as JSON.
pub fn names_document<'n>(names: impl Iterator<Item = &'n str>) -> String {
    json(&names.collect::<Vec<_>>())
}
