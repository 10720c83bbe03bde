//! Scenarios: networks of nodes, and what happens in them, as documents.

mod event;
mod topology;
mod traffic;

pub use event::{
    ActionConfig, EventConfig, InjectConfig, InnerPacketConfig, MtuConfig, PacketConfig,
    RekeyConfig, ReplayConfig, RouteChangeConfig,
};
pub use topology::{
    HostConfig, LinkEndConfig, RoutingName, ScenarioLinkConfig, ScenarioNetworkConfig,
    ScenarioNodeConfig, TimersConfig, WireConfig,
};
pub use traffic::FlowConfig;

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::config::{ArrangementName, ConfigError, DurationText, from_json, from_toml};

/// A scenario: nodes and hosts, what connects them, and what happens.
///
/// The arrangement stands in it once. The same scenario under another arrangement is the same document
/// with another word there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ScenarioConfig {
    /// What it is called.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// What it shows.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// How all nodes combine routing, encapsulation and IPsec.
    pub arrangement: ArrangementName,
    /// Where all random choices come from: the same seed gives the same run.
    #[serde(default)]
    pub seed: u64,
    /// How long it takes.
    pub duration: DurationText,
    /// Networks; the first is the base network. By default there is one, named `base`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub networks: Vec<ScenarioNetworkConfig>,
    /// Nodes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nodes: Vec<ScenarioNodeConfig>,
    /// Hosts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hosts: Vec<HostConfig>,
    /// What connects the physical links of nodes, and hosts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wires: Vec<WireConfig>,
    /// Virtual links between nodes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub virtual_links: Vec<ScenarioLinkConfig>,
    /// Packets that are sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flows: Vec<FlowConfig>,
    /// What else happens.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<EventConfig>,
}

impl ScenarioConfig {
    /// A scenario without anything in it.
    #[must_use]
    pub const fn new(arrangement: ArrangementName, duration: DurationText) -> Self {
        Self {
            title: String::new(),
            description: String::new(),
            arrangement,
            seed: 0,
            duration,
            networks: Vec::new(),
            nodes: Vec::new(),
            hosts: Vec::new(),
            wires: Vec::new(),
            virtual_links: Vec::new(),
            flows: Vec::new(),
            events: Vec::new(),
        }
    }

    /// Reads a document from JSON text.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn from_json(text: &str) -> Result<Self, ConfigError> {
        from_json(text)
    }

    /// Reads a document from TOML text.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn from_toml(text: &str) -> Result<Self, ConfigError> {
        from_toml(text)
    }
}
