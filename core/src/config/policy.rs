//! Policies and selectors in documents.

use alloc::string::String;
use alloc::vec::Vec;
use core::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::ModeName;
use super::text::{AddressRangeText, IcmpRangeText, PortRangeText, ProtocolText, TransformText};

/// An entry of the SPD. The order of the document is the order of the search.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PolicyConfig {
    /// Name, unique in its network.
    pub name: String,
    /// The network whose boundary it guards; by default the node's first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// What becomes of the packets.
    pub action: ActionName,
    /// Bypass and discard: for which direction; by default both. Protect is for both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applies: Option<AppliesName>,
    /// Which packets: those that match any of these sets; by default all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub selectors: Vec<SelectorsConfig>,
    /// Which packets by what is inside them, IP in IP: any of these sets must match too. By default
    /// anything.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inner_selectors: Vec<SelectorsConfig>,
    /// Which of several packets inside one another the inner selectors look at.
    #[serde(default, skip_serializing_if = "InnerLayerName::is_innermost")]
    pub inner_layer: InnerLayerName,
    /// Protect: transport or tunnel mode; by default transport.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<ModeName>,
    /// Protect in tunnel mode: this end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tunnel_local: Option<IpAddr>,
    /// Protect in tunnel mode: the far end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tunnel_remote: Option<IpAddr>,
    /// Protect: which selectors of a new SA are the packet's own values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub populate: Vec<PopulateName>,
    /// Protect: the algorithms that SAs may have, the best first; by default any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub transforms: Vec<TransformText>,
    /// Protect: whether new SAs have sequence numbers of 64 bits; by default they do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extended_sequence: Option<bool>,
}

/// A selector set, as seen from the node. What is left out matches anything; the word `opaque` matches
/// what the packet does not show.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct SelectorsConfig {
    /// Local addresses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub local: Option<Vec<AddressRangeText>>,
    /// Remote addresses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remote: Option<Vec<AddressRangeText>>,
    /// Next layer protocol.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub protocol: Option<OrOpaque<ProtocolText>>,
    /// Local ports.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub local_ports: Option<OrOpaque<Vec<PortRangeText>>>,
    /// Remote ports.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remote_ports: Option<OrOpaque<Vec<PortRangeText>>>,
    /// ICMP messages that this side may send.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub local_icmp: Option<OrOpaque<Vec<IcmpRangeText>>>,
    /// ICMP messages that the far side may send.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remote_icmp: Option<OrOpaque<Vec<IcmpRangeText>>>,
    /// Mobility header types that this side may send.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub local_mobility: Option<OrOpaque<Vec<u8>>>,
    /// Mobility header types that the far side may send.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remote_mobility: Option<OrOpaque<Vec<u8>>>,
}

impl SelectorsConfig {
    /// The same packets as seen from the far side.
    #[must_use]
    pub fn mirrored(&self) -> Self {
        Self {
            local: self.remote.clone(),
            remote: self.local.clone(),
            protocol: self.protocol.clone(),
            local_ports: self.remote_ports.clone(),
            remote_ports: self.local_ports.clone(),
            local_icmp: self.remote_icmp.clone(),
            remote_icmp: self.local_icmp.clone(),
            local_mobility: self.remote_mobility.clone(),
            remote_mobility: self.local_mobility.clone(),
        }
    }
}

/// Which of several packets inside one another inner selectors look at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum InnerLayerName {
    /// The innermost: IP inside IP is one more header to skip.
    #[default]
    Innermost,
    /// The one right inside, as in tunnel mode.
    Next,
}

impl InnerLayerName {
    pub(super) fn is_innermost(&self) -> bool {
        *self == Self::Innermost
    }
}

/// Values, or the word `opaque`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum OrOpaque<T> {
    /// A word.
    Word(OpaqueName),
    /// Values.
    Values(T),
}

/// The word of [`OrOpaque`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum OpaqueName {
    /// The packet does not show the field.
    Opaque,
}

/// What becomes of the packets of a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ActionName {
    /// They don't cross the boundary.
    Discard,
    /// They cross it in clear.
    Bypass,
    /// They cross it protected.
    Protect,
}

/// For which direction a policy is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum AppliesName {
    /// Both.
    Both,
    /// Outbound.
    Outbound,
    /// Inbound.
    Inbound,
}

/// A selector that a new SA takes from the packet (PFP).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum PopulateName {
    /// Local address.
    Local,
    /// Remote address.
    Remote,
    /// Next layer protocol.
    Protocol,
    /// Local port, ICMP message or mobility header type.
    LocalPort,
    /// Remote port, ICMP message or mobility header type.
    RemotePort,
}
