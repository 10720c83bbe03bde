//! Running scenarios and looking at the wires.

use std::collections::BTreeMap;

use iiptran::config::{ArrangementName, KeysConfig};
use iiptran::network::{
    Carriage, Event, FlowReport, Network, NetworkReport, Observer, Record, ScenarioConfig, shipped,
};
use iiptran::{Instant, wire::Protocol};
use iiptran_tests::{header, reference};

/// The document of a scenario that comes with the crate.
pub(crate) fn scenario(name: &str) -> ScenarioConfig {
    let text = shipped(name).expect("a scenario").text;
    ScenarioConfig::from_toml(text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The same in another arrangement: one word is another one.
pub(crate) fn arranged(name: &str, arrangement: &str) -> ScenarioConfig {
    let mut config = scenario(name);
    config.arrangement = word(arrangement);
    config
}

pub(crate) fn word(arrangement: &str) -> ArrangementName {
    serde_json::from_value(arrangement.into()).expect("an arrangement")
}

/// Runs a scenario to its end.
pub(crate) fn run(config: &ScenarioConfig) -> NetworkReport {
    watch(config).0
}

/// Runs a scenario to its end and tells what was seen.
pub(crate) fn watch(config: &ScenarioConfig) -> (NetworkReport, Seen, KeysConfig) {
    let mut network = Network::new(config).unwrap_or_else(|error| panic!("{error}"));
    let mut seen = Seen::default();
    network.run(&mut seen);
    (network.report(), seen, network.keys())
}

/// What an observer saw.
#[derive(Default, PartialEq, Eq)]
pub(crate) struct Seen {
    /// Events as lines of JSON.
    pub(crate) lines: Vec<String>,
    /// Packets by wire, with the time at which each was sent.
    pub(crate) wires: BTreeMap<String, Vec<(u64, Vec<u8>)>>,
}

impl Observer for Seen {
    fn event(&mut self, time: Instant, event: &Event<'_>) {
        let line = serde_json::to_string(&Record { time, event }).expect("JSON");
        self.lines.push(line);
        if let Event::Carried {
            wire,
            bytes,
            arrival: Carriage::Arrives(_),
            ..
        } = event
        {
            let packet = (time.as_nanos(), bytes.to_vec());
            self.wires.entry((*wire).into()).or_default().push(packet);
        }
    }
}

impl Seen {
    /// Packets of a protocol that a wire carried.
    pub(crate) fn of(&self, wire: &str, protocol: Protocol) -> Vec<&[u8]> {
        let packets = self.wires.get(wire).into_iter().flatten();
        packets
            .map(|(_, bytes)| bytes.as_slice())
            .filter(|bytes| header(bytes).protocol == protocol)
            .collect()
    }

    /// How many events are of a kind.
    pub(crate) fn count(&self, kind: &str) -> usize {
        let field = format!("\"event\":\"{kind}\"");
        self.lines
            .iter()
            .filter(|line| line.contains(&field))
            .count()
    }
}

pub(crate) fn flow<'r>(report: &'r NetworkReport, name: &str) -> &'r FlowReport {
    let found = report.flows.iter().find(|flow| flow.name == name);
    found.unwrap_or_else(|| panic!("no flow {name}"))
}

/// What ESP with AES-128-GCM carries: the next header and the payload, decrypted with another
/// implementation of AES (RFC 4106).
pub(crate) fn decrypt(packet: &[u8], key: &[u8]) -> (u8, Vec<u8>) {
    let esp = &packet[header(packet).length..];
    let (key, salt) = key.split_at(16);
    let iv = &esp[8..16];
    let mut plain = esp[16..esp.len() - 16].to_vec();
    for (number, block) in plain.chunks_mut(16).enumerate() {
        let counter = u32::try_from(number + 2).unwrap().to_be_bytes();
        let input = [salt, iv, &counter].concat();
        let stream = reference::aes_block(key, input.try_into().unwrap());
        for (byte, mask) in block.iter_mut().zip(stream) {
            *byte ^= mask;
        }
    }
    let next = plain[plain.len() - 1];
    let padding = usize::from(plain[plain.len() - 2]);
    plain.truncate(plain.len() - 2 - padding);
    (next, plain)
}

/// The key of the SA that a packet names.
pub(crate) fn key_of(packet: &[u8], keys: &KeysConfig) -> Vec<u8> {
    let at = header(packet).length;
    let spi = u32::from_be_bytes(packet[at..at + 4].try_into().unwrap());
    let sa = keys.sas.iter().find(|sa| sa.spi.0.0 == spi);
    sa.expect("an SA").key.0.expose().to_vec()
}
