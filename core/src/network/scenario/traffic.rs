//! Flows.

use alloc::string::String;
use core::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::config::DurationText;

/// Numbered UDP packets from one node or host to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct FlowConfig {
    /// Name; by default `FROM to TO`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The node or host that sends.
    pub from: String,
    /// The node or host that is to receive; packets that reach another one are misdelivered.
    pub to: String,
    /// If a node sends: in which of its networks; by default the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// Source address; by default what a node selects by its routes, and a host's first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<IpAddr>,
    /// Destination address; by default the receiver's first of the source's IP version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub destination: Option<IpAddr>,
    /// When it begins.
    #[serde(default)]
    pub start: DurationText,
    /// When it ends; by default with the scenario.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop: Option<DurationText>,
    /// Time from packet to packet.
    #[serde(default = "default_every")]
    pub every: DurationText,
    /// How many packets are sent; by default as many as there is time for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// Bytes behind the UDP header, 24 or more.
    #[serde(default = "default_size")]
    pub size: usize,
    /// TTL or hop limit.
    #[serde(default = "default_ttl")]
    pub ttl: u8,
}

impl FlowConfig {
    /// A packet every 10 ms from one node or host to another.
    #[must_use]
    pub fn new(from: &str, to: &str) -> Self {
        Self {
            name: None,
            from: from.into(),
            to: to.into(),
            network: None,
            source: None,
            destination: None,
            start: DurationText::default(),
            stop: None,
            every: default_every(),
            count: None,
            size: default_size(),
            ttl: default_ttl(),
        }
    }
}

const fn default_every() -> DurationText {
    DurationText(core::time::Duration::from_millis(10))
}

const fn default_size() -> usize {
    64
}

const fn default_ttl() -> u8 {
    64
}
