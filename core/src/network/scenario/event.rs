//! What happens besides flows.

use alloc::string::String;
use alloc::vec::Vec;
use core::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::config::{DurationText, PrefixText, ProtocolText, RouteConfig, SpiText};

/// Something that happens at a moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct EventConfig {
    /// When.
    pub at: DurationText,
    /// What.
    pub action: ActionConfig,
}

/// What happens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ActionConfig {
    /// A wire is cut. The links at its ends go down with it if it has carrier.
    WireDown(String),
    /// A wire is mended.
    WireUp(String),
    /// A link of a node, `NODE.LINK`, physical or virtual, is taken down.
    LinkDown(String),
    /// A link of a node is taken up.
    LinkUp(String),
    /// From now on a wire, and the links at its ends, take smaller or larger packets.
    Mtu(MtuConfig),
    /// The SAs of a virtual link are replaced by new ones.
    Rekey(RekeyConfig),
    /// The SAs of a virtual link are deleted at both ends.
    DeleteSas(String),
    /// The static routes of a node change.
    Routes(RouteChangeConfig),
    /// Packets that nobody of the scenario sent arrive by a link.
    Inject(InjectConfig),
    /// The last packet that arrived by a link arrives again.
    Replay(ReplayConfig),
}

/// A new MTU.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct MtuConfig {
    /// The wire.
    pub wire: String,
    /// The largest packet, bytes.
    pub mtu: usize,
}

/// New SAs for a virtual link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RekeyConfig {
    /// The virtual link.
    pub virtual_link: String,
    /// How long the old inbound SAs stay, for packets that are under way.
    #[serde(default = "default_overlap")]
    pub overlap: DurationText,
}

/// A change of a node's static routes. A virtual link that is no interface in the arrangement can't be
/// routed into: such a route is left out, and an event says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RouteChangeConfig {
    /// The node.
    pub node: String,
    /// Its network; by default the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// Routes that are withdrawn.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remove: Vec<PrefixText>,
    /// Routes that are added, or take the place of others of the same prefix.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub add: Vec<RouteConfig>,
}

/// Spoofed packets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct InjectConfig {
    /// The link by which they arrive: `NODE.LINK`.
    pub link: String,
    /// The packet.
    pub packet: PacketConfig,
    /// How many.
    #[serde(default = "one")]
    pub count: u32,
    /// Time from packet to packet.
    #[serde(default = "default_gap")]
    pub every: DurationText,
}

/// A packet that came once comes again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ReplayConfig {
    /// The link by which it came and comes again: `NODE.LINK`.
    pub link: String,
    /// How often.
    #[serde(default = "one")]
    pub count: u32,
    /// Time from packet to packet.
    #[serde(default = "default_gap")]
    pub every: DurationText,
}

/// A packet made to order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PacketConfig {
    /// Source address.
    pub source: IpAddr,
    /// Destination address.
    pub destination: IpAddr,
    /// TTL or hop limit.
    #[serde(default = "default_ttl")]
    pub ttl: u8,
    /// A UDP packet inside, as if it came out of a tunnel in clear.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inner: Option<InnerPacketConfig>,
    /// Without an inner packet: the protocol; by default `udp`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protocol: Option<ProtocolText>,
    /// For the protocol `esp`: the SPI.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spi: Option<SpiText>,
    /// For the protocol `esp`: the sequence number.
    #[serde(default)]
    pub sequence: u32,
    /// Bytes behind the header; at random, but for UDP's header and ESP's first fields.
    #[serde(default = "default_size")]
    pub size: usize,
}

/// The packet inside another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct InnerPacketConfig {
    /// Source address.
    pub source: IpAddr,
    /// Destination address.
    pub destination: IpAddr,
}

const fn default_overlap() -> DurationText {
    DurationText(core::time::Duration::from_secs(1))
}

const fn default_gap() -> DurationText {
    DurationText(core::time::Duration::from_millis(10))
}

const fn one() -> u32 {
    1
}

const fn default_ttl() -> u8 {
    64
}

const fn default_size() -> usize {
    64
}
