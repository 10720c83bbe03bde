//! Single tables in documents, for a router that has the others itself.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{
    ArrangementName, ConfigError, LinkConfig, NodeConfig, PolicyConfig, RouteConfig, SideName,
    compile,
};
use crate::NetworkId;
use crate::fib::Fib;
use crate::spd::Spd;

/// The policies of one network.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SpdConfig {
    /// Policies, in the order of the search.
    pub policies: Vec<PolicyConfig>,
}

/// The routes of one network.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct FibConfig {
    /// The names of the links, physical and virtual; the first has number 0.
    pub links: Vec<String>,
    /// Routes.
    pub routes: Vec<RouteConfig>,
}

impl SpdConfig {
    /// The SPD.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn spd(&self) -> Result<Spd, ConfigError> {
        let policies = self.policies.iter().enumerate().map(|(index, config)| {
            one_network(config.network.as_deref())
                .and_then(|()| compile::policy(config))
                .map_err(|error| error.inside(format!("policies[{index}]")))
        });
        Spd::new(policies.collect::<Result<Vec<_>, _>>()?)
            .map_err(|error| ConfigError::at("policies", error))
    }
}

impl FibConfig {
    /// The FIB.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn fib(&self) -> Result<Fib, ConfigError> {
        for (index, route) in self.routes.iter().enumerate() {
            one_network(route.network.as_deref())
                .map_err(|error| error.inside(format!("routes[{index}]")))?;
        }
        // Routes are understood as a node understands them.
        let node = NodeConfig {
            links: self.links.iter().map(|name| link(name)).collect(),
            routes: self.routes.clone(),
            ..NodeConfig::new(ArrangementName::Iiptran)
        };
        let tables = node.compile()?.tables;
        let fib = tables.network(NetworkId::BASE).map(|network| network.fib());
        Ok(fib.map(|fib| Fib::clone(fib)).unwrap_or_default())
    }
}

fn link(name: &str) -> LinkConfig {
    LinkConfig {
        name: name.into(),
        network: None,
        side: SideName::Unprotected,
        addresses: Vec::new(),
        mtu: usize::from(u16::MAX),
    }
}

fn one_network(network: Option<&str>) -> Result<(), ConfigError> {
    match network {
        None => Ok(()),
        Some(_) => Err(ConfigError::at(
            "network",
            "this document is of one network, which has no name here",
        )),
    }
}
