//! SAs in documents.

use alloc::string::String;
use alloc::vec::Vec;
use core::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::text::{HexKey, SpiText, TransformText};
use super::{ConfigError, InnerConfig, InnerLayerName, OuterConfig, SelectorsConfig, error};
use crate::transform::{Keys, Transform};
use crate::wire::Spi;

/// A list of SAs: what is needed to open or seal the packets of a capture.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct KeysConfig {
    /// The SAs.
    pub sas: Vec<SaConfig>,
}

/// An SA in one direction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SaConfig {
    /// A name for people and traces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Which way packets go, for a node; in a list of keys, from where the selectors are seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction: Option<DirectionName>,
    /// The network whose packets the SA carries; by default the node's first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// Outbound: the policy that the SA serves, or the virtual link whose interface it is to share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// The worker that the SA is for, by number, among the SAs of its policy (RFC 9611); by default any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worker: Option<u16>,
    /// Security parameters index, 256 or more.
    pub spi: SpiText,
    /// Source of its ESP packets. Tunnel mode needs it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<IpAddr>,
    /// Destination of its ESP packets. Tunnel mode needs it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub destination: Option<IpAddr>,
    /// Transport or tunnel mode.
    #[serde(default)]
    pub mode: ModeName,
    /// Algorithms, such as `aes-128-gcm-16`, or `aes-256-cbc + hmac-sha2-256-128`.
    pub transform: TransformText,
    /// Encryption key, with its salt behind it, in hexadecimal digits.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub key: HexKey,
    /// Integrity key in hexadecimal digits.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub integrity_key: HexKey,
    /// Whether sequence numbers have 64 bits.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub extended_sequence: bool,
    /// The sequence number before the first packet.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub start: u64,
    /// ESP inside UDP.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub udp_encapsulation: Option<UdpEncapsulationConfig>,
    /// What the SA may carry: any of these sets; by default anything. Local is the node, and the sender
    /// where the SA has no direction.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub selectors: Vec<SelectorsConfig>,
    /// What may be inside the IP packets that it carries: any of these sets; by default anything.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inner_selectors: Vec<SelectorsConfig>,
    /// Which of several packets inside one another the inner selectors look at.
    #[serde(default, skip_serializing_if = "InnerLayerName::is_innermost")]
    pub inner_layer: InnerLayerName,
    /// Lifetimes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lifetime: Option<LifetimeConfig>,

    /// Outbound: whether 32-bit sequence numbers may start again.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub rollover: bool,
    /// Outbound: combined with the counter that is the IV of counter modes.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub iv_mask: u64,
    /// Outbound, tunnel mode: how the outer header is filled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outer: Option<OuterConfig>,
    /// Outbound: the DSCPs that this SA is for, among SAs that are equal otherwise; by default all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dscps: Vec<u8>,
    /// Outbound: the largest packet that the path takes, bytes, once sealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path_mtu: Option<usize>,

    /// Inbound: size of the anti-replay window, or `off`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<WindowConfig>,
    /// Inbound: whether the padding must be 1, 2, 3 and so on; by default it must.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check_padding: Option<bool>,
    /// Inbound: whether bytes behind a UDP datagram's end are cut off.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub flow_padding: bool,
    /// Inbound, tunnel mode: what is taken from the outer header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inner: Option<InnerConfig>,
    /// Inbound, tunnel mode: whether the outer source must be the tunnel's far end.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub verify_outer_source: bool,
    /// Inbound: which addresses take part in the lookup besides the SPI, for multicast.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lookup: Option<LookupName>,
    /// Inbound, ESN: how many failed packets a second are checked for being merely late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_checks_per_second: Option<u32>,
    /// Inbound, ESN: finding the sender again after a long loss.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resynchronisation: Option<ResynchronisationConfig>,
}

/// How a virtual link is protected: an SA each way, alike but for SPI and keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ProtectionConfig {
    /// Algorithms, such as `aes-128-gcm-16`, or `aes-256-cbc + hmac-sha2-256-128`.
    pub transform: TransformText,
    /// The SA for what this node sends; without it, packets are dropped until there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outbound: Option<SaKeysConfig>,
    /// The SA for what this node receives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inbound: Option<SaKeysConfig>,
    /// SAs of single workers, beside those above, which are for any worker (RFC 9611).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub workers: Vec<WorkerSasConfig>,
    /// Whether sequence numbers have 64 bits.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub extended_sequence: bool,
    /// Size of the anti-replay window, or `off`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<WindowConfig>,
    /// ESP inside UDP.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub udp_encapsulation: Option<UdpEncapsulationConfig>,
    /// Lifetimes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lifetime: Option<LifetimeConfig>,
}

/// The SAs of one worker of a virtual link: alike those for any worker but for SPI and keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct WorkerSasConfig {
    /// The worker, by number.
    pub worker: u16,
    /// The SA for what it sends; without it, it uses the one for any worker.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outbound: Option<SaKeysConfig>,
    /// The SA for what it receives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inbound: Option<SaKeysConfig>,
}

/// What differs between the two SAs of a virtual link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SaKeysConfig {
    /// Security parameters index, 256 or more.
    pub spi: SpiText,
    /// Encryption key, with its salt behind it, in hexadecimal digits.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub key: HexKey,
    /// Integrity key in hexadecimal digits.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub integrity_key: HexKey,
    /// The sequence number before the first packet.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub start: u64,
}

/// Which way packets go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum DirectionName {
    /// From this node.
    Outbound,
    /// To this node.
    Inbound,
}

/// Transport or tunnel mode.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ModeName {
    /// ESP behind the packet's own IP header.
    #[default]
    Transport,
    /// The whole packet inside a new one.
    Tunnel,
}

/// Which addresses take part in the lookup of an inbound SA (RFC 4301 section 4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum LookupName {
    /// The SPI alone.
    Spi,
    /// SPI and destination.
    Destination,
    /// SPI, destination and source.
    Source,
}

/// Anti-replay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum WindowConfig {
    /// A window of so many sequence numbers.
    Size(u32),
    /// A word.
    Word(OffName),
}

/// The word for what is switched off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum OffName {
    /// Switched off.
    Off,
}

/// ESP inside UDP (RFC 3948).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct UdpEncapsulationConfig {
    /// Source port.
    pub source: u16,
    /// Destination port.
    pub destination: u16,
}

impl Default for UdpEncapsulationConfig {
    fn default() -> Self {
        let crate::esp::UdpEncapsulation {
            source,
            destination,
        } = Default::default();
        Self {
            source,
            destination,
        }
    }
}

/// When to replace an SA, and when it ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct LifetimeConfig {
    /// When to start replacing it.
    pub soft: LimitsOfLifetime,
    /// When it carries nothing more.
    pub hard: LimitsOfLifetime,
}

/// Limits; whichever is reached first counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct LimitsOfLifetime {
    /// Seconds since the node's time began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u64>,
    /// Bytes given to the cipher.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// Packets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub packets: Option<u64>,
}

/// When and how far to look for a sender that is 2^32 packets or more ahead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ResynchronisationConfig {
    /// How many integrity checks in a row must have failed.
    pub failures: u32,
    /// How many runs of 2^32 sequence numbers to try.
    pub runs: u32,
}

impl ProtectionConfig {
    /// A protection that says no more than its algorithms.
    #[must_use]
    pub const fn new(transform: TransformText) -> Self {
        Self {
            transform,
            outbound: None,
            inbound: None,
            workers: Vec::new(),
            extended_sequence: false,
            window: None,
            udp_encapsulation: None,
            lifetime: None,
        }
    }
}

impl SaConfig {
    /// An SA with its usual values: transport mode, 32-bit sequence numbers, any traffic.
    #[must_use]
    pub fn new(spi: Spi, transform: Transform, keys: Keys) -> Self {
        Self {
            name: None,
            direction: None,
            network: None,
            policy: None,
            worker: None,
            spi: SpiText(spi),
            source: None,
            destination: None,
            mode: ModeName::Transport,
            transform: TransformText(transform),
            key: HexKey(keys.encryption),
            integrity_key: HexKey(keys.integrity),
            extended_sequence: false,
            start: 0,
            udp_encapsulation: None,
            selectors: Vec::new(),
            inner_selectors: Vec::new(),
            inner_layer: InnerLayerName::default(),
            lifetime: None,
            rollover: false,
            iv_mask: 0,
            outer: None,
            dscps: Vec::new(),
            path_mtu: None,
            window: None,
            check_padding: None,
            flow_padding: false,
            inner: None,
            verify_outer_source: false,
            lookup: None,
            late_checks_per_second: None,
            resynchronisation: None,
        }
    }

    /// The same SA as its other end has it: the direction is the other one, and what is local is
    /// remote.
    #[must_use]
    pub fn at_other_end(&self) -> Self {
        let direction = match self.direction {
            Some(DirectionName::Inbound) => DirectionName::Outbound,
            Some(DirectionName::Outbound) | None => DirectionName::Inbound,
        };
        let selectors = self.selectors.iter().map(SelectorsConfig::mirrored);
        Self {
            direction: Some(direction),
            selectors: selectors.collect(),
            ..self.clone()
        }
    }
}

impl KeysConfig {
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

fn is_empty(key: &HexKey) -> bool {
    key.0.is_empty()
}

// serde asks for this signature.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_zero(value: &u64) -> bool {
    *value == 0
}
