//! Source addresses.

use super::ConfigError;
use crate::config::{
    AddressAttributesConfig, ForeignSourceName, LabelConfig, SourceAddressesConfig,
};
use crate::source_address::{
    AddressAttributes, ForeignSource, Label, PolicyTable, PolicyTableEntry, SourceSettings,
};
use crate::wire::IpVersion;

impl SourceAddressesConfig {
    pub(super) fn settings(&self) -> Result<SourceSettings, ConfigError> {
        for (index, line) in self.labels.iter().enumerate() {
            if line.prefix.0.version() == IpVersion::V4 {
                let cause = "the policy table has IPv6 prefixes; IPv4 addresses are inside ::ffff:0:0/96 (RFC 6724 section 2.1)";
                let at = alloc::format!("labels[{index}].prefix");
                return Err(ConfigError::at(at, cause));
            }
        }
        let own = self.labels.iter().map(PolicyTableEntry::from);
        let attributes = self.attributes.iter().map(|one| (one.address, one.into()));
        Ok(SourceSettings {
            table: PolicyTable::new(PolicyTable::rfc_6724().chain(own)),
            attributes: attributes.collect(),
            foreign: match self.foreign {
                ForeignSourceName::Reject => ForeignSource::Reject,
                ForeignSourceName::Send => ForeignSource::Send,
            },
        })
    }
}

impl From<&LabelConfig> for PolicyTableEntry {
    fn from(config: &LabelConfig) -> Self {
        Self {
            prefix: config.prefix.0,
            precedence: config.precedence,
            label: Label(config.label),
        }
    }
}

impl From<&AddressAttributesConfig> for AddressAttributes {
    fn from(config: &AddressAttributesConfig) -> Self {
        Self {
            deprecated: config.deprecated,
            home: config.home,
            care_of: config.care_of,
            temporary: config.temporary,
            advertised_by: config.advertised_by,
        }
    }
}
