//! Policy after decapsulation in documents (RFC 3884 section 4.2.3).

use alloc::string::String;
use alloc::vec::Vec;
use core::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::SelectorsConfig;
use super::text::{AddressRangeText, SpiText};

/// What packets must show that come out of a virtual link. What is left out is as the link's protection
/// has it: with protection, an SA that is bound to the link and gives what the protection gives;
/// without, nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct DemandConfig {
    /// The virtual link.
    pub link: String,
    /// Whether an SA must have opened them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protected: Option<bool>,
    /// Whether that SA must carry nothing but IP packets between the link's two ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bound: Option<bool>,
    /// Whether nobody else may have been able to read them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidentiality: Option<bool>,
    /// Whether none may have been received twice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anti_replay: Option<bool>,
    /// The sources that inner packets may have; by default any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<AddressRangeText>,
}

/// A rule: which packets, and what becomes of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct FirewallRuleConfig {
    /// Name, unique in the node.
    pub name: String,
    /// What becomes of the packets.
    pub action: FirewallActionName,
    /// The links by which they arrived; by default any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<String>,
    /// Their fields, in any of these sets; the local address is the destination. By default anything.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub selectors: Vec<SelectorsConfig>,
    /// Which parts of a datagram.
    #[serde(default, skip_serializing_if = "FragmentsName::is_any")]
    pub fragments: FragmentsName,
    /// Their DSCPs; by default all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dscps: Vec<u8>,
    /// The way that they came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trail: Option<TrailConfig>,
}

/// What becomes of the packets of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum FirewallActionName {
    /// They go on.
    Accept,
    /// They are dropped.
    Discard,
}

/// Which parts of a datagram.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum FragmentsName {
    /// All of them.
    #[default]
    Any,
    /// Whole datagrams.
    Whole,
    /// First fragments.
    First,
    /// Fragments other than the first.
    Later,
}

impl FragmentsName {
    fn is_any(&self) -> bool {
        *self == Self::Any
    }
}

/// Conditions on the way that a packet came, all of which must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct TrailConfig {
    /// One of these is in the trail.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub any: Vec<TrailPatternConfig>,
    /// Each of these is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub all: Vec<TrailPatternConfig>,
    /// None of these is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub none: Vec<TrailPatternConfig>,
    /// The trail is these entries, in this order, and nothing else; `[]` for a packet in clear.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sequence: Option<Vec<TrailPatternConfig>>,
    /// An SA opened it.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub protected: bool,
    /// An SA opened it that nobody else can read.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub confidentiality: bool,
    /// An SA opened it that lets nothing in twice.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub anti_replay: bool,
    /// It came out of a tunnel, and the SA that is bound to the tunnel opened it.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub bound: bool,
}

/// An entry of a trail: a tunnel, or an SA; what is left out may be anything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct TrailPatternConfig {
    /// A virtual link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tunnel: Option<String>,
    /// An SA's SPI.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spi: Option<SpiText>,
    /// The network in which the SA's packets arrive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// Source of the header in front of ESP.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<IpAddr>,
    /// Destination of that header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub destination: Option<IpAddr>,
}
