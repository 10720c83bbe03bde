//! From a scenario to a network.

mod actions;
mod flows;
mod loops;
mod names;
mod nodes;
mod wires;

pub(super) use actions::no_interface;
pub(super) use nodes::new_keys;

use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::flight::Flights;
use super::random::Random;
use super::routing::{Carried, Channel, Daemon, Interface, SaPeer};
use super::scenario::{ActionConfig, RoutingName, ScenarioConfig, WireConfig};
use super::schedule::Schedule;
use super::station::{Kind, LinkEnd, Router, Station, VirtualLink};
use super::{Due, Network};
use crate::config::{ConfigError, DirectionName, ModeName, SaConfig, Warning};
use crate::fib::Prefix;
use crate::sa::InboundSa;
use crate::sorted::duplicate;
use crate::tables::VirtualLinkForm;
use crate::wire::IpVersion;
use crate::{Instant, LinkId, Mode, NetworkId, Node, SortedMap};
pub(super) use names::Names;
use nodes::Document;

impl Network {
    /// The network that a scenario describes, at the moment before it begins.
    ///
    /// # Errors
    /// [`ConfigError`]: an unknown name, an address that two have, a loop of static routes, an
    /// arrangement that can't do what is asked, or anything else that a node's document may not say.
    pub fn new(config: &ScenarioConfig) -> Result<Self, ConfigError> {
        let wires: Vec<_> = config.wires.iter().map(WireConfig::name_or_ends).collect();
        let names = Names::new(config, &wires)?;
        let documents = nodes::documents(config, &names)?;
        let mut warnings = Vec::new();
        let mut modes = Vec::new();
        let mut stations = Vec::new();
        for (document, node) in documents.iter().zip(&config.nodes) {
            let (router, vain) = router(document, &mut modes)?;
            for Warning { path, text } in vain {
                let path = document.path(&path);
                let warning = Warning { path, text };
                // Both ends of a virtual link say the same.
                if !warnings.contains(&warning) {
                    warnings.push(warning);
                }
            }
            stations.push(Station {
                name: node.name.clone(),
                kind: Kind::Node(Box::new(router)),
            });
        }
        let wires = wires::build(config, &names, &mut stations)?;
        check_addresses(config, &stations)?;
        let modes = modes.into_iter().collect();
        let virtual_links = virtual_links(config, &names, &stations, &modes)?;
        let rekeys =
            |event: &super::scenario::EventConfig| matches!(event.action, ActionConfig::Rekey(_));
        let rekeying =
            config.events.iter().any(rekeys) || config.virtual_links.iter().any(|l| l.rekey);
        let routing = |index: usize| config.networks.get(index).map(|network| network.routing);
        let mut network = Self {
            title: config.title.clone(),
            arrangement: config.arrangement.into(),
            seed: config.seed,
            duration: config.duration.0,
            now: Instant::ZERO,
            random: Random::new(config.seed),
            schedule: Schedule::new(),
            flights: Flights::default(),
            networks: (0..names.networks.len())
                .map(|index| routing(index).unwrap_or_default())
                .collect(),
            stations,
            wires,
            far_ends: far_ends(&virtual_links),
            virtual_links,
            flows: Vec::new(),
            attacks: Vec::new(),
            actions: Vec::new(),
            daemons: Vec::new(),
            convergence: Vec::new(),
            own_sas: own_sas(config),
            warnings,
            documents: rekeying.then(|| documents.iter().map(|d| d.config.clone()).collect()),
            scratch: super::Scratch::default(),
            started: false,
        };
        loops::check(config, &network)?;
        // What happens at the moment at which a flow begins happens first.
        actions::add(config, &names, &documents, &mut network)?;
        flows::add(config, &names, &mut network)?;
        network.add_daemons(config);
        Ok(network)
    }

    fn add_daemons(&mut self, config: &ScenarioConfig) {
        for (station, number) in self.stations.iter_mut().zip(0..) {
            let Some(router) = station.router_mut() else {
                continue;
            };
            for (place, network) in router.networks.iter().enumerate() {
                let index = usize::try_from(*network).unwrap_or(usize::MAX);
                let Some(info) = config.networks.get(index) else {
                    continue;
                };
                if info.routing != RoutingName::DistanceVector {
                    continue;
                }
                let id = NetworkId::at(place);
                let mut interfaces = interfaces(&router.node, id);
                if info.through_sas {
                    interfaces.extend(sa_peers(&mut router.node, id));
                }
                let (timers, random) = (info.timers, &mut self.random);
                let daemon = Daemon::new(number, id, timers, interfaces.into(), random);
                let daemon_number = u32::try_from(self.daemons.len()).unwrap_or(u32::MAX);
                self.schedule.add(daemon.timer, Due::Routing(daemon_number));
                if let Some(slot) = router.daemons.get_mut(place) {
                    *slot = Some(daemon_number);
                }
                self.daemons.push(daemon);
            }
        }
    }
}

/// What a router can speak on: the links that the node's tables have in a network, and no others.
fn interfaces(node: &Node, network: NetworkId) -> Vec<Interface> {
    let links = node.tables().links();
    links
        .filter(|(_, link)| link.network == network)
        .map(|(id, link)| {
            let first = |version| {
                let mut own = link.addresses.iter().map(|own| own.address);
                own.find(|&address| IpVersion::of(address) == version)
            };
            Interface {
                channel: Channel::Link(id),
                peer: None,
                addresses: [first(IpVersion::V4), first(IpVersion::V6)],
                prefixes: link.addresses.iter().map(|own| own.prefix).collect(),
                mtu: link.mtu,
                up: true,
            }
        })
        .collect()
}

/// What a router can speak through where forwarding asks the SAD: the SAs that have an address of its
/// own and one at their far end as selectors. Each gets a route to that address.
fn sa_peers(node: &mut Node, network: NetworkId) -> Vec<Interface> {
    let tables = Arc::clone(node.tables());
    let Some(policies) = tables.network(network).map(|network| network.spd().iter()) else {
        return Vec::new();
    };
    let mut all = Vec::new();
    for (policy, found) in policies {
        let version = |version| Carried::of(found, version);
        for carried in [IpVersion::V4, IpVersion::V6].map(version) {
            let mut pairs = carried.pairs();
            let pair = pairs.find(|(own, _)| tables.owner(network, *own).is_some());
            let path = tables.path_into(network, found.name());
            let (Some((own, address)), Some(path)) = (pair, path) else {
                continue;
            };
            drop(pairs);
            let prefix = Prefix::host(address);
            let interface = Interface {
                channel: Channel::Sa(policy),
                addresses: match IpVersion::of(own) {
                    IpVersion::V4 => [Some(own), None],
                    IpVersion::V6 => [None, Some(own)],
                },
                prefixes: [prefix].into(),
                mtu: crate::config::default_tunnel_mtu(),
                up: true,
                peer: Some(SaPeer { address, carried }),
            };
            let route = super::routes::dynamic(prefix, path);
            node.change_fib(network, |fib| _ = fib.insert(route));
            all.push(interface);
        }
    }
    all
}

/// A node, its inbound SAs installed, and what its document says in vain. `modes` learns the mode of
/// each inbound SA.
fn router(
    document: &Document,
    modes: &mut Vec<(u32, ModeName)>,
) -> Result<(Router, Vec<Warning>), ConfigError> {
    let compiled = document
        .config
        .compile()
        .map_err(|error| document.error(error))?;
    let mut node = Node::new(Arc::new(compiled.tables));
    // Packets come one by one, and nodes are many.
    node.remember_flows(0);
    for (path, sa) in compiled.inbound {
        modes.push((sa.id().spi.0, mode(&sa)));
        node.insert_inbound_sa(sa)
            .map_err(|error| document.error(ConfigError::at(path, error)))?;
    }
    let links = node.tables().links().len();
    let router = Router {
        node,
        ports: alloc::vec![None; links].into(),
        networks: document.networks.clone().into(),
        daemons: alloc::vec![None; document.networks.len()].into(),
    };
    Ok((router, compiled.warnings))
}

fn mode(sa: &InboundSa) -> ModeName {
    match sa.mode() {
        Mode::Transport => ModeName::Transport,
        Mode::Tunnel(_) => ModeName::Tunnel,
    }
}

fn virtual_links(
    config: &ScenarioConfig,
    names: &Names<'_>,
    stations: &[Station],
    modes: &SortedMap<u32, ModeName>,
) -> Result<Vec<VirtualLink>, ConfigError> {
    let count = u32::try_from(config.virtual_links.len()).unwrap_or(u32::MAX);
    let mut links = Vec::new();
    for (link, number) in config.virtual_links.iter().zip(0..) {
        let network = names.network(link.network.as_deref())?;
        let end = |end: &super::scenario::LinkEndConfig| {
            let station = names.station(&end.node)?;
            let router = usize::try_from(station)
                .ok()
                .and_then(|s| stations.get(s))
                .and_then(Station::router);
            let tables = router.map(|router| router.node.tables());
            let interface = tables.and_then(|tables| tables.find_link(&link.name));
            let policy = || {
                let tables = tables?;
                let network = tables.network(router?.network(network)?)?;
                let routed = tables.arrangement().virtual_links() == VirtualLinkForm::RoutedPolicy;
                let (policy, _) = network.spd().find(&link.name).filter(|_| routed)?;
                Some(Channel::Sa(policy))
            };
            Ok::<_, ConfigError>(LinkEnd {
                station,
                link: interface,
                channel: interface.map(Channel::Link).or_else(policy),
                local: end.local,
            })
        };
        let [a, b] = &link.ends;
        let which = super::keys::Which {
            link: number,
            from: 0,
            generation: 0,
        };
        links.push(VirtualLink {
            name: link.name.clone(),
            network,
            ends: [end(a)?, end(b)?],
            transform: link.transform.map(|transform| transform.0),
            mode: modes.get(&which.spi(count).0).copied().unwrap_or_default(),
            extended_sequence: link.extended_sequence,
            udp_encapsulation: link.udp_encapsulation,
            rekey: link.rekey,
            generation: 0,
            retired: 0,
        });
    }
    Ok(links)
}

/// The SAs of the nodes' own documents, each once: as its receiver has it.
fn own_sas(config: &ScenarioConfig) -> Vec<SaConfig> {
    let all = config.nodes.iter().flat_map(|node| &node.sas);
    let inbound = all.filter(|sa| sa.direction == Some(DirectionName::Inbound));
    let listed = inbound.map(|sa| SaConfig {
        direction: None,
        network: None,
        policy: None,
        ..sa.clone()
    });
    listed.collect()
}

fn far_ends(links: &[VirtualLink]) -> SortedMap<(u32, LinkId), u32> {
    let ways = links
        .iter()
        .flat_map(|VirtualLink { ends: [a, b], .. }| [(a, b), (b, a)]);
    let end = |(near, far): (&LinkEnd, &LinkEnd)| {
        near.link.map(|link| ((near.station, link), far.station))
    };
    ways.filter_map(end).collect()
}

/// In one network no two nodes or hosts have the same address.
fn check_addresses(config: &ScenarioConfig, stations: &[Station]) -> Result<(), ConfigError> {
    let mut all = Vec::new();
    for (index, station) in stations.iter().enumerate() {
        match &station.kind {
            Kind::Node(router) => {
                for (id, link) in router.node.tables().links() {
                    let network = router.networks.get(link.network.index());
                    let network = network.copied().unwrap_or_default();
                    let own = link.addresses.iter().map(|own| own.address);
                    all.extend(own.map(|own| ((network, own), (index, Some((id, link)), 0))));
                }
            }
            Kind::Host(host) => {
                let own = host.addresses.iter().zip(0..);
                let own = own.map(|((own, _), place)| ((host.network, *own), (index, None, place)));
                all.extend(own);
            }
        }
    }
    let twice = duplicate(all.iter().map(|(owned, _)| owned));
    let both = twice.and_then(|(first, second)| Some((all.get(first)?, all.get(second)?)));
    let Some(((_, (other, ..)), ((_, address), (index, link, place)))) = both else {
        return Ok(());
    };
    let path = match link {
        Some((id, link)) => address_path(config, *index, *id, &link.name),
        None => {
            let host = index.saturating_sub(config.nodes.len());
            format!("hosts[{host}].addresses[{place}]")
        }
    };
    let other = stations.get(*other).map_or("", |other| &other.name);
    let cause = format!("{address} is an address of {other} in the same network");
    Err(ConfigError::at(path, cause))
}

fn address_path(config: &ScenarioConfig, node: usize, link: LinkId, name: &str) -> String {
    let own = config.nodes.get(node);
    if own.is_some_and(|own| link.index() < own.links.len()) {
        return format!("nodes[{node}].links[{}].addresses", link.index());
    }
    match config.virtual_links.iter().position(|l| l.name == name) {
        Some(index) => format!("virtual-links[{index}].ends"),
        None => format!("nodes[{node}].virtual-links"),
    }
}
