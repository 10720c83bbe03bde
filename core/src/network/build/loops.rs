//! Loops of static routes: packets would go round until their TTL is used up.

use alloc::format;
use alloc::vec::Vec;
use core::net::IpAddr;

use crate::config::ConfigError;
use crate::fib::{Origin, Prefix, Target};
use crate::network::Network;
use crate::network::scenario::ScenarioConfig;
use crate::network::station::Kind;

/// Addresses that are tried of each prefix.
const TRIED: usize = 8;

/// Follows each static route, for the addresses of the scenario that it leads to, from node to node.
pub(super) fn check(config: &ScenarioConfig, network: &Network) -> Result<(), ConfigError> {
    let owners = owners(network);
    for (index, station) in network.stations.iter().enumerate() {
        let Kind::Node(router) = &station.kind else {
            continue;
        };
        for (id, tables) in router.node.tables().networks() {
            let number = router.networks.get(id.index()).copied().unwrap_or_default();
            for route in tables.fib().routes() {
                if route.origin != Origin::Static {
                    continue;
                }
                let start = u32::try_from(index).unwrap_or(u32::MAX);
                for destination in destinations(&owners, number, &route.prefix) {
                    if let Some(round) = follow(network, start, number, destination) {
                        let prefix = route.prefix;
                        let own = config.nodes.get(index);
                        let own = own
                            .and_then(|node| node.routes.iter().position(|r| r.prefix.0 == prefix));
                        let path = format!("nodes[{index}].routes[{}]", own.unwrap_or_default());
                        let cause = format!(
                            "a loop: packets to {destination} go round by {}",
                            round.join(", ")
                        );
                        return Err(ConfigError::at(path, cause));
                    }
                }
            }
        }
    }
    Ok(())
}

/// All addresses with their networks, in order.
fn owners(network: &Network) -> Vec<(u32, IpAddr)> {
    let mut owners = Vec::new();
    for station in &network.stations {
        match &station.kind {
            Kind::Node(router) => {
                for (_, link) in router.node.tables().links() {
                    let number = router.networks.get(link.network.index());
                    let number = number.copied().unwrap_or_default();
                    owners.extend(link.addresses.iter().map(|own| (number, own.address)));
                }
            }
            Kind::Host(host) => {
                owners.extend(host.addresses.iter().map(|(own, _)| (host.network, *own)));
            }
        }
    }
    owners.sort_unstable();
    owners.dedup();
    owners
}

/// Addresses that a route leads to; the prefix's first, if the scenario has none there. Nobody cares
/// where a default route leads addresses that nobody has.
fn destinations(owners: &[(u32, IpAddr)], network: u32, prefix: &Prefix) -> Vec<IpAddr> {
    let [first, last] = [prefix.first(), prefix.last()].map(|address| (network, address));
    let start = owners.partition_point(|owner| *owner < first);
    let known = owners
        .iter()
        .skip(start)
        .take_while(|owner| **owner <= last);
    let found: Vec<IpAddr> = known.take(TRIED).map(|(_, address)| *address).collect();
    if found.is_empty() && prefix.length() > 0 {
        alloc::vec![prefix.first()]
    } else {
        found
    }
}

/// The names of the nodes on the loop that a packet would take.
fn follow(network: &Network, start: u32, number: u32, destination: IpAddr) -> Option<Vec<&str>> {
    let mut visited: Vec<u32> = Vec::new();
    let mut at = start;
    loop {
        if let Some(place) = visited.iter().position(|&other| other == at) {
            let round = visited.get(place..).unwrap_or_default();
            let name = |&station: &u32| network.station(station).map(|s| s.name.as_str());
            return Some(round.iter().filter_map(name).collect());
        }
        visited.push(at);
        let router = network.station(at)?.router()?;
        let id = router.network(number)?;
        let tables = router.node.tables();
        if tables.owner(id, destination).is_some() {
            return None;
        }
        let route = tables.network(id)?.fib().lookup(destination)?;
        let Target::Forward(paths) = &route.target else {
            return None;
        };
        if route.origin == Origin::Connected {
            return None;
        }
        let path = paths.as_slice().first()?;
        let next_hop = path.next_hop(destination);
        at = network.far_end(at, path.link, next_hop)?;
    }
}
