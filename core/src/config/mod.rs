//! Nodes described by documents: JSON or TOML in, tables and SAs out.
//!
//! The types here are the only way from a description to a node: every host language passes a document,
//! and the same mistake gets the same [`ConfigError`] in each. Unknown fields are mistakes.

mod alternatives;
mod compile;
mod error;
mod firewall;
mod json;
mod link;
mod node;
mod outer;
mod policy;
mod report;
mod sa;
mod source_address;
mod tables;
mod text;
mod toml;

pub use compile::{Compiled, Warning};
pub use error::{ConfigError, Position, read};
#[cfg(feature = "network")]
pub(crate) use error::{from_json, from_toml};
pub use firewall::{
    DemandConfig, FirewallActionName, FirewallRuleConfig, FragmentsName, TrailConfig,
    TrailPatternConfig,
};
pub use link::{LinkConfig, PathConfig, RouteAction, RouteConfig, SideName, VirtualLinkConfig};
#[cfg(feature = "network")]
pub(crate) use link::{default_tunnel_mtu, protected};
pub use node::{
    ArrangementName, LimitsConfig, NetworkConfig, NodeConfig, OrphansName, UdpPortConfig,
};
pub use outer::{
    DfName, DscpConfig, DscpName, EcnEgressName, EcnIngressName, FlowLabelConfig, FlowLabelName,
    IdentificationName, InnerConfig, InnerDscpName, OuterConfig, OuterPreset, TtlConfig, TtlName,
};
pub use policy::{
    ActionName, AppliesName, InnerLayerName, OpaqueName, OrOpaque, PolicyConfig, PopulateName,
    SelectorsConfig,
};
pub use report::{CountReport, CountersReport, DropReport, LinkReport};
pub use sa::{
    DirectionName, KeysConfig, LifetimeConfig, LimitsOfLifetime, LookupName, ModeName, OffName,
    ProtectionConfig, ResynchronisationConfig, SaConfig, SaKeysConfig, UdpEncapsulationConfig,
    WindowConfig, WorkerSasConfig,
};
pub use source_address::{
    AddressAttributesConfig, ForeignSourceName, LabelConfig, SourceAddressesConfig,
};
pub use tables::{FibConfig, SpdConfig};
pub use text::{
    AddressRangeText, DurationText, HexKey, IcmpRangeText, InterfaceText, Number, PortRangeText,
    PrefixText, ProtocolText, SpiText, TransformText,
};
