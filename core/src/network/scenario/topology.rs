//! Networks, nodes, hosts, wires and virtual links.

use alloc::string::String;
use alloc::vec::Vec;
use core::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::config::{
    DemandConfig, DurationText, FirewallRuleConfig, InnerConfig, InterfaceText, LifetimeConfig,
    LimitsConfig, LinkConfig, OuterConfig, PolicyConfig, RouteConfig, SaConfig, SelectorsConfig,
    SideName, TransformText, UdpEncapsulationConfig, VirtualLinkConfig, WindowConfig,
};

/// A network: the base network, or a virtual one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ScenarioNetworkConfig {
    /// Name, unique in the scenario.
    pub name: String,
    /// The network that carries its virtual links; by default the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// Where its nodes have routes from, besides those of their own documents.
    #[serde(default)]
    pub routing: RoutingName,
    /// `distance-vector`: its times.
    #[serde(default)]
    pub timers: TimersConfig,
    /// `distance-vector`: whether routers, where forwarding asks the SAD and an SA is no interface, speak
    /// through their SAs to the far ends, and tell what the SAs carry (RFC 3884 section 4.1, alternative
    /// 3): a changed protocol, in all of them. It takes SAs whose selectors name a router at each end.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub through_sas: bool,
}

/// Where routes come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum RoutingName {
    /// From the nodes' own documents alone.
    #[default]
    Static,
    /// From an oracle that knows the whole topology at every moment: what any protocol would find in
    /// the end.
    ShortestPaths,
    /// From a distance-vector protocol among the nodes, a stand-in for OSPF or BGP.
    DistanceVector,
}

/// The times of the distance-vector protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct TimersConfig {
    /// Between two updates. RFC 2453 has 30 s.
    pub update: DurationText,
    /// How long a neighbour and its routes hold without an update. RFC 2453 has 180 s.
    pub hold: DurationText,
    /// How long a route that is lost is told to be so. RFC 2453 has 120 s.
    pub garbage: DurationText,
}

impl Default for TimersConfig {
    fn default() -> Self {
        let seconds = |seconds| DurationText(core::time::Duration::from_secs(seconds));
        Self {
            update: seconds(30),
            hold: seconds(180),
            garbage: seconds(120),
        }
    }
}

/// A node: what a node's own document says, but for the arrangement and the networks, which are the
/// scenario's. It is in the first network and in all others that it has links in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ScenarioNodeConfig {
    /// Name, unique among nodes and hosts.
    pub name: String,
    /// Physical links.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<LinkConfig>,
    /// Virtual links whose far end is not in the scenario, or that differ at their two ends.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub virtual_links: Vec<VirtualLinkConfig>,
    /// Routes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub routes: Vec<RouteConfig>,
    /// Policies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub policies: Vec<PolicyConfig>,
    /// SAs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sas: Vec<SaConfig>,
    /// What packets must show that come out of its virtual links.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub demands: Vec<DemandConfig>,
    /// Rules for packets that IPsec and tunnels have let through.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub firewall: Vec<FirewallRuleConfig>,
    /// Bounds on work and memory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<LimitsConfig>,
}

/// A host: it sends and receives, without IPsec and without a choice of ways.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct HostConfig {
    /// Name, unique among nodes and hosts.
    pub name: String,
    /// Its addresses, with the length of the prefix around each.
    pub addresses: Vec<InterfaceText>,
    /// The router for all other destinations; needed where a wire has more than two ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gateway: Option<IpAddr>,
}

/// What connects physical links: a cable, or with more than two ends a switch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct WireConfig {
    /// Name; by default its ends with `-` between them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its ends: `NODE.LINK`, or the name of a host.
    pub ends: Vec<String>,
    /// How long a packet takes.
    #[serde(default)]
    pub delay: DurationText,
    /// How much longer it may take, at random.
    #[serde(default)]
    pub jitter: DurationText,
    /// How many packets are lost, 0 to 1.
    #[serde(default)]
    pub loss: f64,
    /// How many packets arrive twice, 0 to 1.
    #[serde(default)]
    pub duplicate: f64,
    /// How many packets are held back, so that later ones overtake them, 0 to 1.
    #[serde(default)]
    pub reorder: f64,
    /// How long they are held back.
    #[serde(default = "default_reorder_by")]
    pub reorder_by: DurationText,
    /// How many packets have one bit changed, 0 to 1.
    #[serde(default)]
    pub damage: f64,
    /// Bits per second in each direction; by default without limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bandwidth: Option<u64>,
    /// With a bandwidth: how many bytes wait in each direction before packets are lost.
    #[serde(default = "default_queue")]
    pub queue: u64,
    /// The largest packet that it takes, bytes; larger ones are lost. By default without limit: the
    /// nodes' links have MTUs of their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mtu: Option<usize>,
    /// Whether the links at its ends go down with it. Otherwise the nodes must find out by themselves.
    #[serde(default = "yes")]
    pub carrier: bool,
}

impl WireConfig {
    /// Its name, or what stands for it.
    #[must_use]
    pub fn name_or_ends(&self) -> String {
        self.name.clone().unwrap_or_else(|| self.ends.join("-"))
    }
}

/// A virtual link between two nodes of the scenario, with the same name at both. SPIs and keys are made
/// from the seed and the name: they are for this run alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ScenarioLinkConfig {
    /// Name, unique among virtual links.
    pub name: String,
    /// The virtual network that it is a link of; by default the first network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// The network that carries it; by default the base of its network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// Its two ends.
    pub ends: [LinkEndConfig; 2],
    /// Algorithms of its SAs; by default it is in clear.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transform: Option<TransformText>,
    /// Where policy picks the tunnel: which packets go into it, as seen from the first end; by default
    /// all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub traffic: Vec<SelectorsConfig>,
    /// Whether `traffic` holds where SAs see outer headers alone too: as inner selectors (RFC 3884 section
    /// 4.2.3).
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub check_traffic: bool,
    /// The largest packet that it takes, bytes.
    #[serde(default = "crate::config::default_tunnel_mtu")]
    pub mtu: usize,
    /// On which side of the virtual network's IPsec boundary it is.
    #[serde(default = "crate::config::protected")]
    pub side: SideName,
    /// How the outer header is filled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outer: Option<OuterConfig>,
    /// What is taken from the outer header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inner: Option<InnerConfig>,
    /// Whether sequence numbers have 64 bits.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub extended_sequence: bool,
    /// Size of the anti-replay window, or `off`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<WindowConfig>,
    /// ESP inside UDP.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub udp_encapsulation: Option<UdpEncapsulationConfig>,
    /// Lifetimes of its SAs, from the moment at which they are made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lifetime: Option<LifetimeConfig>,
    /// Whether its SAs are replaced when they reach the soft limits of their lifetime.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub rekey: bool,
}

/// One end of a virtual link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct LinkEndConfig {
    /// The node.
    pub node: String,
    /// Its address in the network that carries the link.
    pub local: IpAddr,
    /// Where the virtual link is an interface: the node's addresses on it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<InterfaceText>,
}

impl WireConfig {
    /// A wire without delay, loss and bounds.
    #[must_use]
    pub fn new(ends: Vec<String>) -> Self {
        Self {
            name: None,
            ends,
            delay: DurationText::default(),
            jitter: DurationText::default(),
            loss: 0.0,
            duplicate: 0.0,
            reorder: 0.0,
            reorder_by: default_reorder_by(),
            damage: 0.0,
            bandwidth: None,
            queue: default_queue(),
            mtu: None,
            carrier: true,
        }
    }
}

impl ScenarioLinkConfig {
    /// A virtual link in clear between two ends.
    #[must_use]
    pub fn new(name: &str, ends: [LinkEndConfig; 2]) -> Self {
        Self {
            name: name.into(),
            network: None,
            base: None,
            ends,
            transform: None,
            traffic: Vec::new(),
            check_traffic: false,
            mtu: crate::config::default_tunnel_mtu(),
            side: crate::config::protected(),
            outer: None,
            inner: None,
            extended_sequence: false,
            window: None,
            udp_encapsulation: None,
            lifetime: None,
            rekey: false,
        }
    }
}

const fn default_reorder_by() -> DurationText {
    DurationText(core::time::Duration::from_millis(1))
}

const fn default_queue() -> u64 {
    64 * 1024
}

const fn yes() -> bool {
    true
}
