//! From a document to tables and SAs.

mod firewall;
mod links;
mod policies;
mod sas;
mod sources;
#[cfg(test)]
mod twice;

pub(super) use policies::policy;

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::time::Duration;

use super::{ArrangementName, ConfigError, NodeConfig, OrphansName, UdpPortConfig};
use crate::fib::Prefix;
use crate::sa::{InboundSa, OutboundSa};
use crate::spd::{Policy, Spd};
use crate::tables::{NetworkTables, Orphans, TablesError, TablesPart};
use crate::wire::{Protocol, SkipList};
use crate::{Arrangement, LinkId, NetworkId, Node, Tables, TablesBuilder};

/// What a document describes.
#[derive(Debug)]
pub struct Compiled {
    /// What the node reads.
    pub tables: Tables,
    /// Its inbound SAs, each with its place in the document.
    pub inbound: Vec<(String, InboundSa)>,
    /// What the document says in vain.
    pub warnings: Vec<Warning>,
}

/// Something that a document says in vain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The field.
    pub path: String,
    /// Why it has no effect.
    pub text: String,
}

impl NodeConfig {
    /// Checks the document and makes tables and SAs of it.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn compile(&self) -> Result<Compiled, ConfigError> {
        let mut compiler = Compiler::new(self)?;
        compiler.add_links()?;
        compiler.add_virtual_links()?;
        compiler.add_routes()?;
        compiler.add_policies()?;
        compiler.add_sas()?;
        compiler.add_demands()?;
        compiler.add_firewall()?;
        compiler.finish()
    }

    /// Makes a node, its inbound SAs installed.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn node(&self) -> Result<Node, ConfigError> {
        let compiled = self.compile()?;
        let mut node = Node::new(Arc::new(compiled.tables));
        for (path, sa) in compiled.inbound {
            node.insert_inbound_sa(sa)
                .map_err(|error| ConfigError::at(path, error))?;
        }
        Ok(node)
    }
}

/// A document on its way to tables.
struct Compiler<'c> {
    config: &'c NodeConfig,
    builder: TablesBuilder,
    networks: Vec<NetworkParts>,
    names: BTreeMap<&'c str, u32>,
    /// Place in the document of each link.
    link_paths: Vec<String>,
    links: BTreeMap<&'c str, u32>,
    route_paths: Vec<(NetworkId, Prefix, String)>,
    interface_sa_paths: Vec<String>,
    inbound: Vec<(String, InboundSa)>,
    /// Place in the document of each firewall rule.
    firewall_paths: Vec<String>,
    warnings: Vec<Warning>,
}

/// A network on its way to tables, with the places in the document.
#[derive(Default)]
struct NetworkParts {
    tables: NetworkTables,
    base_is_set: bool,
    policies: Vec<Policy>,
    policy_paths: Vec<String>,
    sa_paths: Vec<String>,
}

impl<'c> Compiler<'c> {
    fn new(config: &'c NodeConfig) -> Result<Self, ConfigError> {
        let mut compiler = Self {
            config,
            builder: TablesBuilder::new(config.arrangement.into()),
            networks: Vec::new(),
            names: BTreeMap::new(),
            link_paths: Vec::new(),
            links: BTreeMap::new(),
            route_paths: Vec::new(),
            interface_sa_paths: Vec::new(),
            inbound: Vec::new(),
            firewall_paths: Vec::new(),
            warnings: Vec::new(),
        };
        if config.networks.is_empty() {
            compiler.add_network("base");
        }
        for network in &config.networks {
            compiler.add_network(&network.name);
        }
        for (index, network) in config.networks.iter().enumerate() {
            let base = compiler
                .network(network.base.as_deref())
                .map_err(|error| error.inside(format!("networks[{index}].base")))?;
            if let Some(parts) = compiler.networks.get_mut(index) {
                parts.tables.base = base;
                parts.base_is_set = network.base.is_some();
                if let Some(config) = &network.source_addresses {
                    let at = format!("networks[{index}].source-addresses");
                    let settings = config.settings();
                    parts.tables.sources = settings.map_err(|error| error.inside(at))?;
                }
            }
        }
        compiler.set_options()?;
        Ok(compiler)
    }

    fn add_network(&mut self, name: &'c str) {
        let id = NetworkId::at(self.networks.len());
        // A second network of the same name is found out when the tables are built.
        self.names.entry(name).or_insert(id.0);
        let tables = NetworkTables {
            name: name.to_string(),
            ..NetworkTables::default()
        };
        self.networks.push(NetworkParts {
            tables,
            ..NetworkParts::default()
        });
    }

    fn set_options(&mut self) -> Result<(), ConfigError> {
        let config = self.config;
        self.check_placement()?;
        self.builder.shared_sa_interfaces = config.shared_sa_interfaces;
        if let Some(headers) = &config.skipped_headers {
            let protocols: Vec<Protocol> = headers.iter().map(|header| header.0).collect();
            let ipsec = |protocol: &Protocol| matches!(*protocol, Protocol::ESP | Protocol::AH);
            if let Some(index) = protocols.iter().position(ipsec) {
                return Err(ConfigError::at(
                    format!("skipped-headers[{index}]"),
                    "AH and ESP are next layer protocols and never skipped (RFC 4301 section 4.4.1.1)",
                ));
            }
            self.builder.skip = SkipList::new(&protocols);
        }
        self.builder.udp_port = match config.udp_encapsulation_port {
            None => self.builder.udp_port,
            Some(UdpPortConfig::Port(port)) => Some(port),
            Some(UdpPortConfig::Word(_)) => None,
        };
        if let Some(limits) = config.limits {
            let own = &mut self.builder.limits;
            own.nesting = limits.nesting.unwrap_or(own.nesting);
            own.reassembly_datagrams = limits
                .reassembly_datagrams
                .unwrap_or(own.reassembly_datagrams);
            own.reassembly_size = limits.reassembly_size.unwrap_or(own.reassembly_size);
            own.reassembly_time = limits
                .reassembly_seconds
                .map_or(own.reassembly_time, Duration::from_secs);
        }
        if config.orphaned_sas == Some(OrphansName::Delete) {
            self.builder.orphans = Orphans::Delete;
        }
        self.builder.flow_seed = config.flow_seed.unwrap_or_default();
        Ok(())
    }

    /// A shim below the IP layer adds no interfaces to it and does not change how it forwards.
    fn check_placement(&self) -> Result<(), ConfigError> {
        let impossible = match self.builder.arrangement {
            Arrangement::InterfaceSa | Arrangement::InitialLookupB => {
                "a shim below the forwarding table can't add interfaces to it (RFC 3884 section 4.1, alternative 1)"
            }
            Arrangement::Integrated => {
                "a shim below the forwarding table can't make it consult the SAD (RFC 3884 section 4.1, alternative 3)"
            }
            Arrangement::Transport
            | Arrangement::TunnelMode
            | Arrangement::Iiptran
            | Arrangement::InitialLookupA => return Ok(()),
        };
        if self.config.bump_in_the_stack {
            return Err(ConfigError::at("bump-in-the-stack", impossible));
        }
        Ok(())
    }

    /// The network of this name; the first if there is no name.
    fn network(&self, name: Option<&str>) -> Result<NetworkId, ConfigError> {
        let Some(name) = name else {
            return Ok(NetworkId::BASE);
        };
        let known = || self.names.keys().copied().collect::<Vec<_>>().join(", ");
        self.names.get(name).copied().map(NetworkId).ok_or_else(|| {
            ConfigError::at(
                ".",
                format!("no network is named \"{name}\"; there are: {}", known()),
            )
        })
    }

    /// The link of this name, if it is an interface.
    fn interface(&self, name: &str) -> Option<LinkId> {
        self.links.get(name).copied().map(LinkId)
    }

    fn finish(mut self) -> Result<Compiled, ConfigError> {
        let networks = core::mem::take(&mut self.networks);
        let mut origins = Vec::new();
        for (index, mut parts) in networks.into_iter().enumerate() {
            let at = format!("networks[{index}]");
            parts.tables.spd =
                Spd::new(parts.policies).map_err(|error| ConfigError::at(at, error))?;
            origins.push((parts.policy_paths, parts.sa_paths));
            self.builder.add_network(parts.tables);
        }
        let Self {
            builder,
            link_paths,
            route_paths,
            interface_sa_paths,
            inbound,
            warnings,
            firewall_paths,
            ..
        } = self;
        let tables = builder.build().map_err(|error| {
            let path = match error.part {
                TablesPart::Network(id) => Some(format!("networks[{}]", id.0)),
                TablesPart::Link(id) => link_paths.get(id.index()).cloned(),
                TablesPart::Route(network, prefix) => route_paths
                    .iter()
                    .find(|(at, of, _)| (*at, *of) == (network, prefix))
                    .map(|(.., path)| path.clone()),
                TablesPart::Policy(network, id) => origins
                    .get(network.index())
                    .and_then(|(policies, _)| policies.get(usize::try_from(id.0).ok()?).cloned()),
                TablesPart::OutboundSa(network, index) => origins
                    .get(network.index())
                    .and_then(|(_, sas)| sas.get(index).cloned()),
                TablesPart::InterfaceSa(index) => interface_sa_paths.get(index).cloned(),
                TablesPart::FirewallRule(index) => firewall_paths.get(index).cloned(),
                TablesPart::Networks => None,
            };
            let TablesError { fault, .. } = &error;
            match path {
                Some(path) => ConfigError::at(path, fault),
                None => ConfigError::at("networks", fault),
            }
        })?;
        Ok(Compiled {
            tables,
            inbound,
            warnings,
        })
    }

    fn warn(&mut self, path: impl Into<String>, text: impl Into<String>) {
        self.warnings.push(Warning {
            path: path.into(),
            text: text.into(),
        });
    }

    fn add_policy(&mut self, network: NetworkId, path: String, policy: Policy) {
        if let Some(parts) = self.networks.get_mut(network.index()) {
            parts.policies.push(policy);
            parts.policy_paths.push(path);
        }
    }

    fn add_interface_sa(&mut self, link: LinkId, path: String, sa: OutboundSa) {
        self.builder.interface_sas.push((link, Arc::new(sa)));
        self.interface_sa_paths.push(path);
    }

    fn add_outbound(&mut self, network: NetworkId, path: String, policy: &str, sa: OutboundSa) {
        if let Some(parts) = self.networks.get_mut(network.index()) {
            parts
                .tables
                .outbound
                .push((policy.to_string(), Arc::new(sa)));
            parts.sa_paths.push(path);
        }
    }
}

impl From<ArrangementName> for Arrangement {
    fn from(name: ArrangementName) -> Self {
        match name {
            ArrangementName::Transport => Self::Transport,
            ArrangementName::TunnelMode => Self::TunnelMode,
            ArrangementName::Iiptran => Self::Iiptran,
            ArrangementName::InterfaceSa => Self::InterfaceSa,
            ArrangementName::InitialLookupA => Self::InitialLookupA,
            ArrangementName::InitialLookupB => Self::InitialLookupB,
            ArrangementName::Integrated => Self::Integrated,
        }
    }
}
