//! A node's document.

use alloc::string::String;
use alloc::vec::Vec;
use core::str::FromStr;

use serde::de::IntoDeserializer;
use serde::de::value::{Error as ValueError, StrDeserializer};
use serde::{Deserialize, Serialize};

use super::text::ProtocolText;
use super::{
    ConfigError, DemandConfig, FirewallRuleConfig, LinkConfig, PolicyConfig, RouteConfig, SaConfig,
    SourceAddressesConfig, VirtualLinkConfig, error,
};

/// The description of a node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct NodeConfig {
    /// How the node combines routing, encapsulation and IPsec.
    pub arrangement: ArrangementName,
    /// Whether IPsec is a shim below an IP layer that it can't change ("bump in the stack", RFC 4301
    /// section 3.3). Arrangements that need more than that are refused.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub bump_in_the_stack: bool,
    /// For demonstration: SA interfaces may have several SAs, of both modes, by `sas` that name the
    /// virtual link as their policy. RFC 3884 section 4.1 rules that out: packets come back to the
    /// interface, and routing takes one tunnel for another.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub shared_sa_interfaces: bool,
    /// Whether counter-mode algorithms may have keys from this document. A restart would use the same
    /// IVs again, which gives plaintexts away (RFC 8221 section 3): for tests only.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub insecure_test_keys: bool,
    /// The networks that the node is in; by default one, named `base`. What names no network is in the
    /// first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub networks: Vec<NetworkConfig>,
    /// Physical links.
    #[serde(default)]
    pub links: Vec<LinkConfig>,
    /// Virtual links.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub virtual_links: Vec<VirtualLinkConfig>,
    /// Routes, besides those to the prefixes of the links.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub routes: Vec<RouteConfig>,
    /// Policies, searched in this order behind those of the virtual links. What none names is
    /// discarded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub policies: Vec<PolicyConfig>,
    /// SAs, besides those of the virtual links.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sas: Vec<SaConfig>,
    /// What packets must show that come out of virtual links. A link with protection demands the SA that
    /// is bound to it without being told (RFC 3884 section 4.2.3).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub demands: Vec<DemandConfig>,
    /// Which packets may be delivered or forwarded once IPsec and tunnels have let them through, the
    /// first rule to be tried first. A link that no rule is for lets everything pass; one that a rule
    /// is for lets nothing pass but what a rule accepts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub firewall: Vec<FirewallRuleConfig>,
    /// IPv6 headers that are skipped on the way to the next layer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skipped_headers: Option<Vec<ProtocolText>>,
    /// The port on which UDP-encapsulated ESP is received, or `off`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub udp_encapsulation_port: Option<UdpPortConfig>,
    /// Bounds on work and memory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<LimitsConfig>,
    /// What becomes of inbound SAs whose policy is gone when another document is installed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub orphaned_sas: Option<OrphansName>,
    /// A number of this node's own that takes part in the choice among equal ways.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow_seed: Option<u64>,
}

/// How a node combines routing, encapsulation and IPsec.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ArrangementName {
    /// Transport mode between two hosts.
    Transport,
    /// Policy picks a tunnel-mode SA (RFC 3884 section 2).
    TunnelMode,
    /// IPIP tunnel interfaces protected in transport mode (RFC 3884 section 3).
    Iiptran,
    /// Each pair of tunnel-mode SAs is an interface (RFC 3884 section 4.1, alternative 1).
    InterfaceSa,
    /// A forwarding lookup before tunnel mode gives the physical interface in whose SAD the SA is (RFC
    /// 3884 section 4.1, alternative 2).
    InitialLookupA,
    /// A forwarding lookup before tunnel mode gives an SA interface: the same as `interface-sa` (RFC
    /// 3884 section 4.1, alternative 2).
    InitialLookupB,
    /// Forwarding asks the routing table, and then the SAD for the SA that the route leads to (RFC 3884
    /// section 4.1, alternative 3).
    Integrated,
}

impl FromStr for ArrangementName {
    type Err = ConfigError;

    /// Reads the word as documents spell it.
    fn from_str(word: &str) -> Result<Self, ConfigError> {
        let deserializer: StrDeserializer<'_, ValueError> = word.into_deserializer();
        Self::deserialize(deserializer).map_err(|error| ConfigError::at(".", error))
    }
}

/// A network that the node is in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct NetworkConfig {
    /// Name, unique in the node.
    pub name: String,
    /// The network that carries the tunnel-mode packets of this one; by default the node's first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// What is said about source addresses of packets that the node sends in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_addresses: Option<SourceAddressesConfig>,
}

/// Bounds on work and memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct LimitsConfig {
    /// How many tunnels a packet may go into or come out of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nesting: Option<usize>,
    /// How many datagrams may be in reassembly; 0 for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reassembly_datagrams: Option<usize>,
    /// The longest datagram that is reassembled, bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reassembly_size: Option<usize>,
    /// How long a datagram waits for its fragments, seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reassembly_seconds: Option<u64>,
}

/// A port, or `off`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum UdpPortConfig {
    /// This port.
    Port(u16),
    /// A word.
    Word(super::OffName),
}

/// What becomes of inbound SAs whose policy is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum OrphansName {
    /// They stay until their lifetime ends.
    Keep,
    /// They are deleted.
    Delete,
}

impl NodeConfig {
    /// A document that says no more than its arrangement.
    #[must_use]
    pub const fn new(arrangement: ArrangementName) -> Self {
        Self {
            arrangement,
            bump_in_the_stack: false,
            shared_sa_interfaces: false,
            insecure_test_keys: false,
            networks: Vec::new(),
            links: Vec::new(),
            virtual_links: Vec::new(),
            routes: Vec::new(),
            policies: Vec::new(),
            demands: Vec::new(),
            firewall: Vec::new(),
            sas: Vec::new(),
            skipped_headers: None,
            udp_encapsulation_port: None,
            limits: None,
            orphaned_sas: None,
            flow_seed: None,
        }
    }

    /// Reads a document from JSON text.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn from_json(text: &str) -> Result<Self, ConfigError> {
        error::from_json(text)
    }

    /// Reads a document from TOML text.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn from_toml(text: &str) -> Result<Self, ConfigError> {
        error::from_toml(text)
    }
}
