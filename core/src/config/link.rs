//! Links and routes in documents.

use alloc::string::String;
use alloc::vec::Vec;
use core::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::text::{InterfaceText, PrefixText};
use super::{InnerConfig, OuterConfig, ProtectionConfig, SelectorsConfig};

/// A physical link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct LinkConfig {
    /// Name, unique in the node.
    pub name: String,
    /// Its network; by default the node's first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// On which side of the IPsec boundary it is; by default on the far one.
    #[serde(default)]
    pub side: SideName,
    /// This node's addresses on it, with the length of the prefix around each.
    #[serde(default)]
    pub addresses: Vec<InterfaceText>,
    /// The largest packet that it takes, bytes.
    #[serde(default = "default_mtu")]
    pub mtu: usize,
}

/// A virtual link of RFC 3884. What it becomes depends on the arrangement: a tunnel interface whose
/// packets are protected in transport mode (`iiptran`), an interface that is a pair of tunnel-mode SAs
/// (`interface-sa`, `initial-lookup-b`), or a policy that picks a tunnel-mode SA, with routes that lead to
/// its far end (`initial-lookup-a`, `integrated`) or without (`tunnel-mode`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct VirtualLinkConfig {
    /// Name, unique among links, and among the policies of its networks.
    pub name: String,
    /// The virtual network that it is a link of; by default the node's first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// The network that carries it; by default the node's first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// This end, an address of this node in the base network.
    pub local: IpAddr,
    /// The far end.
    pub remote: IpAddr,
    /// This node's addresses on the virtual interface, where it is one.
    #[serde(default)]
    pub addresses: Vec<InterfaceText>,
    /// The largest packet that the virtual interface takes, bytes.
    #[serde(default = "default_tunnel_mtu")]
    pub mtu: usize,
    /// On which side of the IPsec boundary of the virtual network the interface is; on the far one for
    /// end-to-end IPsec inside the virtual network.
    #[serde(default = "protected")]
    pub side: SideName,
    /// How the outer header is filled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outer: Option<OuterConfig>,
    /// What is taken from the outer header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inner: Option<InnerConfig>,
    /// Which packets go into the tunnel, where policy decides that; by default all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub traffic: Vec<SelectorsConfig>,
    /// `iiptran`: whether `traffic` holds there too, as inner selectors of the policy and the SAs (RFC 3884
    /// section 4.2.3).
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub check_traffic: bool,
    /// How it is protected; by default not at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protection: Option<ProtectionConfig>,
}

/// A route.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RouteConfig {
    /// The network whose route it is; by default the node's first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// The destinations.
    pub prefix: PrefixText,
    /// The link that leads there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// The router on that link; none if the destination is on the link, or the link is a tunnel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via: Option<IpAddr>,
    /// Several equal ways instead of one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub paths: Vec<PathConfig>,
    /// No way at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<RouteAction>,
    /// Source address of packets that this node sends by this route.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<IpAddr>,
    /// Among routes to one prefix the lowest wins.
    #[serde(default)]
    pub preference: u32,
}

/// One of several equal ways.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PathConfig {
    /// The link.
    pub link: String,
    /// The router on that link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via: Option<IpAddr>,
}

/// What a route does that leads nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum RouteAction {
    /// Discards silently.
    Blackhole,
    /// Discards as unreachable.
    Unreachable,
    /// Discards as forbidden.
    Prohibit,
}

/// The side of the IPsec boundary.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum SideName {
    /// The node's own side: packets pass without a look at the SPD.
    Protected,
    /// The far side: the SPD decides.
    #[default]
    Unprotected,
}

impl LinkConfig {
    /// A physical link that says no more than its name.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self {
            name: name.into(),
            network: None,
            side: SideName::default(),
            addresses: Vec::new(),
            mtu: default_mtu(),
        }
    }
}

impl VirtualLinkConfig {
    /// A virtual link that says no more than its name and its ends.
    #[must_use]
    pub fn new(name: &str, local: IpAddr, remote: IpAddr) -> Self {
        Self {
            name: name.into(),
            network: None,
            base: None,
            local,
            remote,
            addresses: Vec::new(),
            mtu: default_tunnel_mtu(),
            side: protected(),
            outer: None,
            inner: None,
            traffic: Vec::new(),
            check_traffic: false,
            protection: None,
        }
    }
}

const fn default_mtu() -> usize {
    1500
}

/// Leaves room for IPv6, UDP and any ESP in a packet of 1500 bytes.
pub(crate) const fn default_tunnel_mtu() -> usize {
    1400
}

pub(crate) const fn protected() -> SideName {
    SideName::Protected
}
