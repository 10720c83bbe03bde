//! Outer and inner header fields in documents.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;

use serde::{Deserialize, Serialize, Serializer};

use super::ConfigError;
use crate::SortedMap;
use crate::outer::{
    DfRule, DscpRule, EcnEgress, EcnIngress, FlowLabelRule, IdentificationRule, InnerDscpRule,
    InnerFields, OuterFields, TtlRule,
};

/// How a tunnel's entry fills the outer header: a preset, and what differs from it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct OuterConfig {
    /// The row of choices to start from; by default the one that the RFCs give.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preset: Option<OuterPreset>,
    /// TTL or hop limit: a number, or `inherit`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ttl: Option<TtlConfig>,
    /// DSCP: `copy`, a number, or a table from inner to outer DSCPs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dscp: Option<DscpConfig>,
    /// ECN.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ecn: Option<EcnIngressName>,
    /// DF of an outer IPv4 header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub df: Option<DfName>,
    /// Whether an inner DF and a cleared outer DF drop the packet (RFC 3884 appendix A).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strict_df: Option<bool>,
    /// Identification of an outer IPv4 header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identification: Option<IdentificationName>,
    /// Flow label of an outer IPv6 header: `zero`, `copy`, `hash`, or a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flow_label: Option<FlowLabelConfig>,
    /// Tunnel encapsulation limit of an outer IPv6 header; -1 for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encapsulation_limit: Option<i16>,
}

/// What a tunnel's exit takes from the outer header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct InnerConfig {
    /// DSCP.
    pub dscp: InnerDscpName,
    /// ECN.
    pub ecn: EcnEgressName,
}

/// A row of the table of choices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum OuterPreset {
    /// An IPIP tunnel as RFC 2003, 6040 and 3884 have it.
    Ipip,
    /// Tunnel mode as RFC 4301 and 6040 have it.
    TunnelMode,
    /// The devices `ipip` and `sit` of Linux.
    LinuxIpip,
    /// The device `ip6tnl` of Linux.
    LinuxIp6tnl,
    /// Tunnel mode of Linux.
    LinuxTunnelMode,
}

/// TTL or hop limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum TtlConfig {
    /// This value.
    Fixed(core::num::NonZeroU8),
    /// A word.
    Word(TtlName),
}

/// Words for [`TtlConfig`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum TtlName {
    /// The inner one.
    Inherit,
}

/// DSCP of an outer header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum DscpConfig {
    /// This value, 0 to 63.
    Fixed(u8),
    /// A word.
    Word(DscpName),
    /// From inner to outer; those not named are copied.
    Map(
        #[serde(serialize_with = "map")]
        #[cfg_attr(
            feature = "schema",
            schemars(with = "alloc::collections::BTreeMap<String, u8>")
        )]
        SortedMap<String, u8>,
    ),
}

/// Words for [`DscpConfig`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum DscpName {
    /// The inner one.
    Copy,
}

/// ECN at a tunnel's entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum EcnIngressName {
    /// The inner codepoint (RFC 6040).
    Normal,
    /// Always Not-ECT (RFC 6040).
    Compatibility,
    /// The inner codepoint, but ECT(0) for CE (RFC 3168).
    FullFunctionality,
}

/// DF of an outer IPv4 header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum DfName {
    /// The inner one; 1 for an inner IPv6 packet.
    Copy,
    /// Always 1.
    Set,
    /// Always 0.
    Clear,
}

/// Identification of an outer IPv4 header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum IdentificationName {
    /// Counts the packets.
    Counter,
    /// 0 where DF is set, else counts the packets.
    ZeroIfAtomic,
}

/// Flow label of an outer IPv6 header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum FlowLabelConfig {
    /// This value, 20 bits.
    Fixed(u32),
    /// A word.
    Word(FlowLabelName),
}

/// Words for [`FlowLabelConfig`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum FlowLabelName {
    /// 0.
    Zero,
    /// The inner one; 0 around IPv4.
    Copy,
    /// From the inner packet's flow.
    Hash,
}

/// DSCP at a tunnel's exit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum InnerDscpName {
    /// As it was.
    #[default]
    Keep,
    /// The outer one.
    Overwrite,
}

/// ECN at a tunnel's exit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum EcnEgressName {
    /// RFC 6040.
    #[default]
    Rfc6040,
    /// RFC 4301, as Linux has it in tunnel mode.
    Rfc4301,
    /// The outer codepoint is ignored.
    Ignore,
}

impl OuterConfig {
    /// The choices, those that are not made being `default`'s.
    pub(super) fn fields(&self, default: &OuterFields) -> Result<OuterFields, ConfigError> {
        let mut fields = match self.preset {
            None => default.clone(),
            Some(OuterPreset::Ipip) => OuterFields::IPIP,
            Some(OuterPreset::TunnelMode) => OuterFields::TUNNEL_MODE,
            Some(OuterPreset::LinuxIpip) => OuterFields::LINUX_IPIP,
            Some(OuterPreset::LinuxIp6tnl) => OuterFields::LINUX_IP6TNL,
            Some(OuterPreset::LinuxTunnelMode) => OuterFields::LINUX_TUNNEL_MODE,
        };
        if let Some(ttl) = self.ttl {
            fields.ttl = match ttl {
                TtlConfig::Fixed(ttl) => TtlRule::Fixed(ttl.get()),
                TtlConfig::Word(TtlName::Inherit) => TtlRule::Inherit,
            };
        }
        if let Some(dscp) = &self.dscp {
            fields.dscp = dscp.rule()?;
        }
        if let Some(ecn) = self.ecn {
            fields.ecn = match ecn {
                EcnIngressName::Normal => EcnIngress::Normal,
                EcnIngressName::Compatibility => EcnIngress::Compatibility,
                EcnIngressName::FullFunctionality => EcnIngress::FullFunctionality,
            };
        }
        if let Some(df) = self.df {
            fields.df = match df {
                DfName::Copy => DfRule::Copy,
                DfName::Set => DfRule::Set,
                DfName::Clear => DfRule::Clear,
            };
        }
        if let Some(identification) = self.identification {
            fields.identification = match identification {
                IdentificationName::Counter => IdentificationRule::Counter,
                IdentificationName::ZeroIfAtomic => IdentificationRule::ZeroIfAtomic,
            };
        }
        if let Some(flow_label) = self.flow_label {
            fields.flow_label = match flow_label {
                FlowLabelConfig::Word(FlowLabelName::Zero) => FlowLabelRule::Zero,
                FlowLabelConfig::Word(FlowLabelName::Copy) => FlowLabelRule::Copy,
                FlowLabelConfig::Word(FlowLabelName::Hash) => FlowLabelRule::Hash,
                FlowLabelConfig::Fixed(label) if label < 1 << 20 => FlowLabelRule::Fixed(label),
                FlowLabelConfig::Fixed(label) => {
                    let cause = format!("{label} does not fit the 20 bits of a flow label");
                    return Err(ConfigError::at("flow-label", cause));
                }
            };
        }
        if let Some(limit) = self.encapsulation_limit {
            fields.encapsulation_limit = match limit {
                -1 => None,
                limit => Some(u8::try_from(limit).map_err(|_| {
                    let cause = "a limit is from 0 to 255, or -1 for none";
                    ConfigError::at("encapsulation-limit", cause)
                })?),
            };
        }
        fields.strict_df = self.strict_df.unwrap_or(fields.strict_df);
        Ok(fields)
    }
}

fn map<S: Serializer>(map: &SortedMap<String, u8>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(map.iter())
}

impl DscpConfig {
    fn rule(&self) -> Result<DscpRule, ConfigError> {
        let check = |value: u8| {
            let cause = || ConfigError::at("dscp", format!("{value} is not a DSCP from 0 to 63"));
            if value < 64 { Ok(value) } else { Err(cause()) }
        };
        Ok(match self {
            Self::Word(DscpName::Copy) => DscpRule::Copy,
            Self::Fixed(value) => DscpRule::Fixed(check(*value)?),
            Self::Map(map) => {
                let mut table = Box::new(core::array::from_fn(|inner| inner as u8));
                for (inner, &outer) in map.iter() {
                    let inner_value = inner.parse().ok().filter(|&inner: &u8| inner < 64);
                    let place = inner_value.and_then(|inner| table.get_mut(usize::from(inner)));
                    let cause = || format!("{inner} is not a DSCP from 0 to 63");
                    *place.ok_or_else(|| ConfigError::at("dscp", cause()))? = check(outer)?;
                }
                DscpRule::Map(table)
            }
        })
    }
}

impl From<InnerConfig> for InnerFields {
    fn from(config: InnerConfig) -> Self {
        Self {
            dscp: match config.dscp {
                InnerDscpName::Keep => InnerDscpRule::Keep,
                InnerDscpName::Overwrite => InnerDscpRule::Overwrite,
            },
            ecn: match config.ecn {
                EcnEgressName::Rfc6040 => EcnEgress::Rfc6040,
                EcnEgressName::Rfc4301 => EcnEgress::Rfc4301,
                EcnEgressName::Ignore => EcnEgress::Ignore,
            },
        }
    }
}
