//! Each node's own document, from the scenario's.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::names::Names;
use crate::Arrangement;
use crate::config::{ConfigError, NetworkConfig, NodeConfig, ProtectionConfig, VirtualLinkConfig};
use crate::network::keys::Which;
use crate::network::scenario::{ScenarioConfig, ScenarioLinkConfig, ScenarioNodeConfig};

/// A node's document, and where its virtual links stand in the scenario.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) config: NodeConfig,
    /// The node's place in the scenario.
    path: String,
    /// How many virtual links the node's part of the scenario has itself.
    own_links: usize,
    /// The scenario's virtual links that end at it.
    shared_links: Vec<usize>,
    /// The scenario's numbers of the node's networks.
    pub(super) networks: Vec<u32>,
}

/// The documents of all nodes.
pub(super) fn documents(
    config: &ScenarioConfig,
    names: &Names<'_>,
) -> Result<Vec<Document>, ConfigError> {
    let mut ending: Vec<Vec<(usize, usize)>> = alloc::vec![Vec::new(); config.nodes.len()];
    for (index, link) in config.virtual_links.iter().enumerate() {
        for (end, side) in link.ends.iter().enumerate() {
            let at = |error: ConfigError| {
                error.inside(format!("virtual-links[{index}].ends[{end}].node"))
            };
            let station = names.station(&side.node).map_err(at)?;
            let place = usize::try_from(station)
                .ok()
                .and_then(|s| ending.get_mut(s));
            let place = place.ok_or_else(|| {
                at(ConfigError::at(
                    ".",
                    "a host has no virtual links; a node has",
                ))
            })?;
            place.push((index, end));
        }
        let [a, b] = &link.ends;
        if a.node == b.node {
            let path = format!("virtual-links[{index}].ends");
            return Err(ConfigError::at(path, "both ends are at the same node"));
        }
    }
    let nodes = config.nodes.iter().zip(&ending).enumerate();
    nodes
        .map(|(index, (node, ends))| document(config, names, index, node, ends))
        .collect()
}

fn document(
    scenario: &ScenarioConfig,
    names: &Names<'_>,
    index: usize,
    node: &ScenarioNodeConfig,
    ends: &[(usize, usize)],
) -> Result<Document, ConfigError> {
    let mut virtual_links = node.virtual_links.clone();
    let mut shared_links = Vec::new();
    for &(link, end) in ends {
        if let Some(config) = scenario.virtual_links.get(link) {
            let path = format!("virtual-links[{link}]");
            virtual_links.push(
                virtual_link(scenario, names, (config, link), end)
                    .map_err(|error| error.inside(path))?,
            );
            shared_links.push(link);
        }
    }
    let path = format!("nodes[{index}]");
    let networks = networks(names, node, &virtual_links).map_err(|error| error.inside(&path))?;
    let config = NodeConfig {
        insecure_test_keys: true,
        networks: networks
            .iter()
            .map(|&number| network(scenario, names, number))
            .collect(),
        links: node.links.clone(),
        virtual_links,
        routes: node.routes.clone(),
        policies: node.policies.clone(),
        sas: node.sas.clone(),
        demands: node.demands.clone(),
        firewall: node.firewall.clone(),
        limits: node.limits,
        // Routers in a row are not to choose alike.
        flow_seed: Some(scenario.seed.wrapping_add(index as u64)),
        ..NodeConfig::new(scenario.arrangement)
    };
    Ok(Document {
        config,
        path,
        own_links: node.virtual_links.len(),
        shared_links,
        networks,
    })
}

fn network(scenario: &ScenarioConfig, names: &Names<'_>, number: u32) -> NetworkConfig {
    let index = usize::try_from(number).unwrap_or(usize::MAX);
    let name = names.networks.get(index).copied().unwrap_or_default();
    NetworkConfig {
        name: name.to_string(),
        base: scenario
            .networks
            .get(index)
            .and_then(|network| network.base.clone()),
        source_addresses: None,
    }
}

/// The networks that a node is in: the first, those that something of it is in, and their bases; in
/// the scenario's order.
fn networks(
    names: &Names<'_>,
    node: &ScenarioNodeConfig,
    virtual_links: &[VirtualLinkConfig],
) -> Result<Vec<u32>, ConfigError> {
    let mut numbers = alloc::vec![0];
    let mut add = |name: Option<&str>, path: &dyn Fn() -> String| {
        let number = names
            .network(name)
            .map_err(|error| error.inside("network").inside(path()))?;
        if !numbers.contains(&number) {
            numbers.push(number);
        }
        Ok::<_, ConfigError>(())
    };
    for (index, link) in node.links.iter().enumerate() {
        add(link.network.as_deref(), &|| format!("links[{index}]"))?;
    }
    for (index, link) in virtual_links.iter().enumerate() {
        let path = || format!("virtual-links[{index}]");
        add(link.network.as_deref(), &path)?;
        add(link.base.as_deref(), &path)?;
    }
    for (index, route) in node.routes.iter().enumerate() {
        add(route.network.as_deref(), &|| format!("routes[{index}]"))?;
    }
    for (index, policy) in node.policies.iter().enumerate() {
        add(policy.network.as_deref(), &|| format!("policies[{index}]"))?;
    }
    for (index, sa) in node.sas.iter().enumerate() {
        add(sa.network.as_deref(), &|| format!("sas[{index}]"))?;
    }
    let mut index = 0;
    while let Some(&number) = numbers.get(index) {
        let base = usize::try_from(number)
            .ok()
            .and_then(|n| names.bases.get(n));
        if let Some(base) = base
            && !numbers.contains(base)
        {
            numbers.push(*base);
        }
        index = index.saturating_add(1);
    }
    numbers.sort_unstable();
    Ok(numbers)
}

/// The keys of SAs at one end of a virtual link: of how many there are, by number, after so many rekeys.
pub(in crate::network) fn new_keys(
    protection: &mut ProtectionConfig,
    seed: u64,
    (links, link, generation): (u32, u32, u32),
    end: usize,
) {
    let transform = protection.transform.0;
    let keys = |from| {
        let which = Which {
            link,
            from,
            generation,
        };
        Some(which.keys(seed, links, transform))
    };
    let from = u32::from(end != 0);
    protection.outbound = keys(from);
    protection.inbound = keys(1_u32.saturating_sub(from));
}

/// One end of a virtual link of the scenario, with the SAs that it has first.
fn virtual_link(
    scenario: &ScenarioConfig,
    names: &Names<'_>,
    (link, index): (&ScenarioLinkConfig, usize),
    end: usize,
) -> Result<VirtualLinkConfig, ConfigError> {
    let network = names
        .network(link.network.as_deref())
        .map_err(|error| error.inside("network"))?;
    let base = match &link.base {
        Some(base) => names
            .network(Some(base))
            .map_err(|error| error.inside("base"))?,
        None => usize::try_from(network)
            .ok()
            .and_then(|n| names.bases.get(n))
            .copied()
            .unwrap_or_default(),
    };
    let name = |number: u32| {
        let index = usize::try_from(number).unwrap_or(usize::MAX);
        names.networks.get(index).map(ToString::to_string)
    };
    let [a, b] = &link.ends;
    let (near, far) = if end == 0 { (a, b) } else { (b, a) };
    let links = u32::try_from(scenario.virtual_links.len()).unwrap_or(u32::MAX);
    let index = u32::try_from(index).unwrap_or(u32::MAX);
    let protection = link.transform.map(|transform| {
        let mut protection = ProtectionConfig {
            extended_sequence: link.extended_sequence,
            window: link.window,
            udp_encapsulation: link.udp_encapsulation,
            lifetime: link.lifetime,
            ..ProtectionConfig::new(transform)
        };
        new_keys(&mut protection, scenario.seed, (links, index, 0), end);
        protection
    });
    let traffic = match end {
        0 => link.traffic.clone(),
        _ => link.traffic.iter().map(|set| set.mirrored()).collect(),
    };
    Ok(VirtualLinkConfig {
        network: name(network),
        base: name(base),
        // Where it is no interface, nothing has them.
        addresses: if Arrangement::from(scenario.arrangement)
            .virtual_links()
            .is_interface()
        {
            near.addresses.clone()
        } else {
            Vec::new()
        },
        mtu: link.mtu,
        side: link.side,
        outer: link.outer.clone(),
        inner: link.inner,
        traffic,
        check_traffic: link.check_traffic,
        protection,
        ..VirtualLinkConfig::new(&link.name, near.local, far.local)
    })
}

impl Document {
    /// Where in the scenario a field of the node's document stands.
    pub(super) fn path(&self, field: &str) -> String {
        let shared = field.strip_prefix("virtual-links[").and_then(|rest| {
            let (number, rest) = rest.split_once(']')?;
            let shared = number.parse::<usize>().ok()?.checked_sub(self.own_links)?;
            let link = self.shared_links.get(shared)?;
            Some(format!("virtual-links[{link}]{rest}"))
        });
        shared.unwrap_or_else(|| match field {
            "." => self.path.clone(),
            field => format!("{}.{field}", self.path),
        })
    }

    /// The same fault, at its place in the scenario.
    pub(super) fn error(&self, error: ConfigError) -> ConfigError {
        ConfigError {
            path: self.path(&error.path),
            ..error
        }
    }
}
