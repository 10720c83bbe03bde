//! Wires and hosts.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::net::IpAddr;

use super::names::Names;
use crate::LinkId;
use crate::config::ConfigError;
use crate::network::scenario::{HostConfig, ScenarioConfig, WireConfig};
use crate::network::station::{Host, Kind, Port, Station};
use crate::network::wire::{End, Wire};

/// An end of a wire: who is there, in which network.
struct Attached {
    end: End,
    network: u32,
    addresses: Vec<IpAddr>,
}

/// Connects everything. Hosts are added behind the nodes.
pub(super) fn build(
    config: &ScenarioConfig,
    names: &Names<'_>,
    stations: &mut Vec<Station>,
) -> Result<Vec<Wire>, ConfigError> {
    let mut hosts: Vec<Option<(Port, u32)>> = alloc::vec![None; config.hosts.len()];
    let mut wires = Vec::new();
    for (wire, number) in config.wires.iter().zip(0..) {
        let path = format!("wires[{number}]");
        let wire = one(config, names, (wire, number), stations, &mut hosts)
            .map_err(|error| error.inside(path))?;
        wires.push(wire);
    }
    for (index, (host, place)) in config.hosts.iter().zip(&hosts).enumerate() {
        let (port, network) = place.ok_or_else(|| {
            let cause = format!("no wire leads to \"{}\"", host.name);
            ConfigError::at(format!("hosts[{index}]"), cause)
        })?;
        if host.addresses.is_empty() {
            let path = format!("hosts[{index}].addresses");
            return Err(ConfigError::at(path, "a host has an address"));
        }
        stations.push(Station {
            name: host.name.clone(),
            kind: Kind::Host(Host {
                addresses: host
                    .addresses
                    .iter()
                    .map(|text| (text.address, text.prefix()))
                    .collect(),
                gateway: host.gateway,
                port,
                network,
            }),
        });
    }
    Ok(wires)
}

fn one(
    config: &ScenarioConfig,
    names: &Names<'_>,
    (wire, number): (&WireConfig, u32),
    stations: &mut [Station],
    hosts: &mut [Option<(Port, u32)>],
) -> Result<Wire, ConfigError> {
    check(wire)?;
    let mut attached: Vec<Attached> = Vec::new();
    for (end, place) in wire.ends.iter().zip(0_u32..) {
        let port = Port {
            wire: number,
            end: place,
        };
        let inside = |error: ConfigError| error.inside(format!("ends[{place}]"));
        let found = match end.split_once('.') {
            Some((node, link)) => node_end(names, stations, node, link, port),
            None => host_end(config, names, end, port, hosts),
        };
        attached.push(found.map_err(inside)?);
    }
    let fixed = attached
        .iter()
        .find(|end| end.network != u32::MAX)
        .map_or(0, |end| end.network);
    for (place, end) in attached.iter().enumerate() {
        if end.network == u32::MAX {
            let host = usize::try_from(end.end.station).unwrap_or(usize::MAX);
            let host = host.saturating_sub(config.nodes.len());
            if let Some(Some((_, network))) = hosts.get_mut(host) {
                *network = fixed;
            }
        } else if end.network != fixed {
            let cause = "its link is in another network than the first end's";
            return Err(ConfigError::at(format!("ends[{place}]"), cause));
        }
    }
    let ends = attached.iter().filter(|_| attached.len() > 2).zip(0..);
    let by_address =
        ends.flat_map(|(end, place)| end.addresses.iter().map(move |&own| (own, place)));
    let by_address = by_address.collect();
    let name = wire.name_or_ends();
    let ends = attached.into_iter().map(|end| end.end).collect();
    Ok(Wire::new(name, fixed, ends, by_address, wire))
}

fn node_end(
    names: &Names<'_>,
    stations: &mut [Station],
    node: &str,
    link: &str,
    port: Port,
) -> Result<Attached, ConfigError> {
    let station = names.station(node)?;
    let router = usize::try_from(station)
        .ok()
        .and_then(|s| stations.get_mut(s))
        .and_then(Station::router_mut)
        .ok_or_else(|| ConfigError::at(".", "a host has no links with names"))?;
    let tables = router.node.tables();
    let id = tables.find_link(link);
    let found = id
        .and_then(|id| tables.link(id))
        .filter(|l| l.tunnel().is_none());
    let (Some(id), Some(found)) = (id, found) else {
        let cause = format!("\"{node}\" has no physical link named \"{link}\"");
        return Err(ConfigError::at(".", cause));
    };
    let network = router.networks.get(found.network.index()).copied();
    let addresses = found.addresses.iter().map(|own| own.address).collect();
    let slot = router.ports.get_mut(id.index());
    if let Some(slot) = slot
        && let Some(other) = slot.replace(port)
    {
        return Err(taken(other));
    }
    Ok(Attached {
        end: End::new(station, id),
        network: network.unwrap_or_default(),
        addresses,
    })
}

/// The host's network is that of the wire's other ends; it is filled in later.
fn host_end(
    config: &ScenarioConfig,
    names: &Names<'_>,
    name: &str,
    port: Port,
    hosts: &mut [Option<(Port, u32)>],
) -> Result<Attached, ConfigError> {
    let station = names.station(name)?;
    let place = usize::try_from(station)
        .ok()
        .and_then(|s| s.checked_sub(config.nodes.len()));
    let slot = place.and_then(|place| hosts.get_mut(place));
    let host: Option<&HostConfig> = place.and_then(|place| config.hosts.get(place));
    let (Some(slot), Some(host)) = (slot, host) else {
        let cause = format!("\"{name}\" is a node; an end is one of its links: {name}.LINK");
        return Err(ConfigError::at(".", cause));
    };
    if let Some((other, _)) = slot.replace((port, u32::MAX)) {
        return Err(taken(other));
    }
    Ok(Attached {
        end: End::new(station, LinkId(0)),
        network: u32::MAX,
        addresses: host.addresses.iter().map(|text| text.address).collect(),
    })
}

fn taken(other: Port) -> ConfigError {
    let cause = format!("it is an end of wires[{}] already", other.wire);
    ConfigError::at(".", cause)
}

fn check(wire: &WireConfig) -> Result<(), ConfigError> {
    let fail = |field: &str, cause: &str| Err(ConfigError::at(String::from(field), cause));
    if wire.ends.len() < 2 {
        return fail("ends", "a wire has two ends or more");
    }
    for (field, probability) in [
        ("loss", wire.loss),
        ("duplicate", wire.duplicate),
        ("reorder", wire.reorder),
        ("damage", wire.damage),
    ] {
        if !(0.0..=1.0).contains(&probability) {
            return fail(field, "a probability is from 0 to 1");
        }
    }
    if wire.bandwidth == Some(0) {
        return fail("bandwidth", "a wire without bandwidth carries nothing");
    }
    if wire.mtu.is_some_and(|mtu| mtu < 68) {
        return fail("mtu", "it is below the 68 bytes that IPv4 asks for");
    }
    Ok(())
}
