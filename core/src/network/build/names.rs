//! The names of a scenario, and what they stand for.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::config::ConfigError;
use crate::network::scenario::ScenarioConfig;

/// The names of a scenario.
#[derive(Debug)]
pub(in crate::network) struct Names<'c> {
    pub(super) networks: Vec<&'c str>,
    /// The base of each network.
    pub(super) bases: Vec<u32>,
    network_numbers: BTreeMap<&'c str, u32>,
    /// Nodes first, then hosts.
    stations: BTreeMap<&'c str, u32>,
    links: BTreeMap<&'c str, u32>,
    wires: BTreeMap<&'c str, u32>,
}

impl<'c> Names<'c> {
    /// The names of a scenario whose wires have `wires`.
    pub(in crate::network) fn new(
        config: &'c ScenarioConfig,
        wires: &'c [String],
    ) -> Result<Self, ConfigError> {
        let mut names = Self {
            networks: config.networks.iter().map(|n| n.name.as_str()).collect(),
            bases: Vec::new(),
            network_numbers: BTreeMap::new(),
            stations: BTreeMap::new(),
            links: BTreeMap::new(),
            wires: BTreeMap::new(),
        };
        if names.networks.is_empty() {
            names.networks.push("base");
        }
        for (&name, number) in names.networks.iter().zip(0..) {
            if names.network_numbers.insert(name, number).is_some() {
                return Err(duplicate(format!("networks[{number}].name"), name));
            }
        }
        names.bases.resize(names.networks.len(), 0);
        for (index, network) in config.networks.iter().enumerate() {
            let base = names
                .network(network.base.as_deref())
                .map_err(|error| error.inside(format!("networks[{index}].base")))?;
            if let Some(place) = names.bases.get_mut(index) {
                *place = base;
            }
        }
        let nodes = config.nodes.iter().map(|node| node.name.as_str());
        let nodes = nodes
            .enumerate()
            .map(|(i, name)| (format!("nodes[{i}]"), name));
        let hosts = config.hosts.iter().map(|host| host.name.as_str());
        let hosts = hosts
            .enumerate()
            .map(|(i, name)| (format!("hosts[{i}]"), name));
        for ((path, name), number) in nodes.chain(hosts).zip(0..) {
            let path = format!("{path}.name");
            if name.is_empty() || name.contains('.') {
                let cause = "the name of a node or host is not empty and has no dot";
                return Err(ConfigError::at(path, cause));
            }
            if names.stations.insert(name, number).is_some() {
                return Err(duplicate(path, name));
            }
        }
        for (link, number) in config.virtual_links.iter().zip(0..) {
            if names.links.insert(&link.name, number).is_some() {
                let path = format!("virtual-links[{number}].name");
                return Err(duplicate(path, &link.name));
            }
        }
        for (name, number) in wires.iter().zip(0..) {
            if let Some(other) = names.wires.insert(name, number) {
                let cause = format!("wires[{other}] has the same name or the same ends");
                return Err(ConfigError::at(format!("wires[{number}]"), cause));
            }
        }
        Ok(names)
    }

    /// The network of this name; the first if there is no name.
    pub(super) fn network(&self, name: Option<&str>) -> Result<u32, ConfigError> {
        name.map_or(Ok(0), |name| find(&self.network_numbers, name, "network"))
    }

    /// The node or host of this name.
    pub(super) fn station(&self, name: &str) -> Result<u32, ConfigError> {
        find(&self.stations, name, "node or host")
    }

    /// The virtual link of this name.
    pub(super) fn link(&self, name: &str) -> Result<u32, ConfigError> {
        find(&self.links, name, "virtual link")
    }

    /// The wire of this name.
    pub(super) fn wire(&self, name: &str) -> Result<u32, ConfigError> {
        self.wires
            .get(name)
            .copied()
            .ok_or_else(|| ConfigError::at(".", format!("no wire is named \"{name}\"")))
    }
}

fn find(names: &BTreeMap<&str, u32>, name: &str, what: &str) -> Result<u32, ConfigError> {
    const SHOWN: usize = 12;
    names.get(name).copied().ok_or_else(|| {
        let mut known: Vec<_> = names.keys().copied().take(SHOWN).collect();
        if names.len() > SHOWN {
            known.push("...");
        }
        let known = known.join(", ");
        ConfigError::at(
            ".",
            format!("no {what} is named \"{name}\"; there are: {known}"),
        )
    })
}

pub(super) fn duplicate(path: String, name: &str) -> ConfigError {
    ConfigError::at(path, format!("another one is named \"{name}\""))
}
