//! A packet's whole journey: through nodes and over what is between them.

use iiptran::config::{HexKey, NodeConfig, SaConfig, SaKeysConfig};
use iiptran::walkthrough::{Change, Hex, Layer, Walkthrough, layers};
use serde::Serialize;

/// A packet's way from its sender to where it ends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Journey {
    /// Its parts, in their order.
    pub legs: Vec<Leg>,
}

/// One part of a journey.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(
    tag = "leg",
    rename_all = "kebab-case",
    rename_all_fields = "kebab-case"
)]
pub enum Leg {
    /// Through a node.
    Node {
        /// The node.
        station: String,
        /// When, nanoseconds.
        time: u64,
        /// Its way inside.
        walkthrough: Walkthrough,
    },
    /// Over a wire.
    Wire {
        /// The wire.
        wire: String,
        /// Who sent it.
        from: String,
        /// Who it comes to; none if it is lost.
        #[serde(skip_serializing_if = "Option::is_none")]
        to: Option<String>,
        /// When it was sent, nanoseconds.
        time: u64,
        /// When it arrives, nanoseconds.
        #[serde(skip_serializing_if = "Option::is_none")]
        arrives: Option<u64>,
        /// The name of the reason for which it is lost.
        #[serde(skip_serializing_if = "Option::is_none")]
        lost: Option<&'static str>,
        /// What happened to it, one sentence each.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        notes: Vec<String>,
        /// The packet as it arrives.
        packet: Hex,
        /// Its headers.
        layers: Vec<Layer>,
        /// Which of its bytes are other than they were sent.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        changes: Vec<Change>,
    },
    /// To a host, or a node's own upper layers.
    Received {
        /// The host or node.
        station: String,
        /// When, nanoseconds.
        time: u64,
        /// Whether it is where the packet was to go.
        expected: bool,
        /// The packet.
        packet: Hex,
        /// Its headers.
        layers: Vec<Layer>,
    },
}

/// The keys of an SA, for whoever wants to compute its ESP packets with other tools.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct KeysReport {
    /// Security parameters index, as walkthroughs write it.
    pub spi: String,
    /// Encryption key, with its salt behind it.
    pub key: String,
    /// Integrity key.
    pub integrity_key: String,
}

impl KeysReport {
    fn new(spi: impl ToString, key: &HexKey, integrity_key: &HexKey) -> Self {
        Self {
            spi: spi.to_string(),
            key: key.to_string(),
            integrity_key: integrity_key.to_string(),
        }
    }

    pub(crate) fn of_sas(sas: &[SaConfig]) -> impl Iterator<Item = Self> {
        sas.iter()
            .map(|sa| Self::new(sa.spi.0, &sa.key, &sa.integrity_key))
    }

    pub(crate) fn of_node(config: &NodeConfig) -> impl Iterator<Item = Self> {
        let links = config.virtual_links.iter();
        let protections = links.filter_map(|link| link.protection.as_ref());
        let of_link = |keys: &SaKeysConfig| Self::new(keys.spi.0, &keys.key, &keys.integrity_key);
        protections
            .flat_map(|protection| [&protection.outbound, &protection.inbound])
            .flatten()
            .map(of_link)
            .chain(Self::of_sas(&config.sas))
    }
}

/// What a packet that was only seen on a wire consists of.
pub(crate) fn dissect(packet: &Hex) -> Vec<Layer> {
    layers(&packet.0)
}
