//! Nodes described by documents: JSON or TOML in, tables and SAs out.
//!
//! The types here are the only way from a description to a node: every host language passes a document,
//! and the same mistake gets the same [`ConfigError`] in each. Unknown fields are mistakes.

mod compile;
mod error;
mod link;
mod node;
mod outer;
mod policy;
mod report;
mod sa;
mod tables;
mod text;

pub use compile::{Compiled, Warning};
pub use error::{ConfigError, Position, read};
pub use link::{LinkConfig, PathConfig, RouteAction, RouteConfig, SideName, VirtualLinkConfig};
pub use node::{
    ArrangementName, LimitsConfig, NetworkConfig, NodeConfig, OrphansName, UdpPortConfig,
};
pub use outer::{
    DfName, DscpConfig, DscpName, EcnEgressName, EcnIngressName, FlowLabelConfig, FlowLabelName,
    IdentificationName, InnerConfig, InnerDscpName, OuterConfig, OuterPreset, TtlConfig, TtlName,
};
pub use policy::{
    ActionName, AppliesName, OpaqueName, OrOpaque, PolicyConfig, PopulateName, SelectorsConfig,
};
pub use report::{CountReport, CountersReport, DropReport, LinkReport};
pub use sa::{
    DirectionName, KeysConfig, LifetimeConfig, LimitsOfLifetime, LookupName, ModeName, OffName,
    ProtectionConfig, ResynchronisationConfig, SaConfig, SaKeysConfig, UdpEncapsulationConfig,
    WindowConfig,
};
pub use tables::{FibConfig, SpdConfig};
pub use text::{
    AddressRangeText, HexKey, IcmpRangeText, InterfaceText, Number, PortRangeText, PrefixText,
    ProtocolText, SpiText, TransformText,
};
