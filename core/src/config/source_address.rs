//! Source addresses in documents.

use alloc::vec::Vec;
use core::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::PrefixText;

/// What is said about source addresses in a network (RFC 1122 section 3.3.4.3, RFC 6724).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct SourceAddressesConfig {
    /// Lines of the policy table, besides those of RFC 6724 section 2.1; a prefix that is there already
    /// is replaced. Sources and destinations of one label go together.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<LabelConfig>,
    /// What is to be known of single addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<AddressAttributesConfig>,
    /// What becomes of packets whose source is bound and is none of the node's in this network.
    pub foreign: ForeignSourceName,
}

/// A line of the policy table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct LabelConfig {
    /// The addresses; IPv4 ones inside `::ffff:0:0/96`.
    pub prefix: PrefixText,
    /// How much destinations are liked; the highest the most.
    #[serde(default)]
    pub precedence: u32,
    /// What they go together with.
    pub label: u32,
}

/// What is to be known of an address of the node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct AddressAttributesConfig {
    /// The address.
    pub address: IpAddr,
    /// It should not be used for new flows.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub deprecated: bool,
    /// It is a mobile node's home address.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub home: bool,
    /// It is a mobile node's care-of address.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub care_of: bool,
    /// It is a temporary address.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub temporary: bool,
    /// The router that advertised its prefix.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advertised_by: Option<IpAddr>,
}

/// What becomes of packets whose source is none of the node's in the network.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ForeignSourceName {
    /// They are refused.
    #[default]
    Reject,
    /// They are sent.
    Send,
}
