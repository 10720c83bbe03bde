//! Flows.

use alloc::format;
use alloc::string::String;
use core::net::IpAddr;

use super::names::Names;
use crate::config::ConfigError;
use crate::network::flow::{Arrivals, Flow, Tally};
use crate::network::scenario::{FlowConfig, ScenarioConfig};
use crate::network::station::{Kind, Station};
use crate::network::{Due, Network};
use crate::wire::IpVersion;
use crate::{Instant, NetworkId};

pub(super) fn add(
    config: &ScenarioConfig,
    names: &Names<'_>,
    network: &mut Network,
) -> Result<(), ConfigError> {
    for (flow, number) in config.flows.iter().zip(0..) {
        let path = format!("flows[{number}]");
        let start = Instant::ZERO.after(flow.start.0);
        let flow = one(names, network, flow).map_err(|error| error.inside(path))?;
        network.flows.push(flow);
        network.schedule.add(start, Due::Send(number));
    }
    Ok(())
}

fn one(names: &Names<'_>, network: &Network, flow: &FlowConfig) -> Result<Flow, ConfigError> {
    let station = |field: &'static str, name: &str| {
        let number = names.station(name).map_err(|error| error.inside(field))?;
        let missing = || ConfigError::at(field, "no such node or host");
        let station = network.station(number).ok_or_else(missing)?;
        Ok::<_, ConfigError>((number, station))
    };
    let (from, sender) = station("from", &flow.from)?;
    let (to, receiver) = station("to", &flow.to)?;
    let asked = flow.network.as_deref();
    let asked = asked.map(|name| {
        names
            .network(Some(name))
            .map_err(|error| error.inside("network"))
    });
    let asked = asked.transpose()?;
    let number = match (&sender.kind, asked) {
        (Kind::Host(host), None) => host.network,
        (Kind::Host(host), Some(asked)) if host.network != asked => {
            let cause = format!("\"{}\" is a host in another network", flow.from);
            return Err(ConfigError::at("network", cause));
        }
        (_, asked) => asked.unwrap_or_default(),
    };
    let id = match &sender.kind {
        Kind::Host(_) => NetworkId::BASE,
        Kind::Node(router) => router.network(number).ok_or_else(|| {
            let cause = format!("\"{}\" is not in this network", flow.from);
            ConfigError::at("network", cause)
        })?,
    };
    let none = |field: &'static str, name: &str| {
        let cause = format!("\"{name}\" has no address that could be it; give one");
        ConfigError::at(field, cause)
    };
    let version = flow.source.or(flow.destination).map(IpVersion::of);
    let source = flow
        .source
        .or_else(|| first_address(sender, number, version))
        .ok_or_else(|| none("source", &flow.from))?;
    let version = IpVersion::of(source);
    let destination = flow
        .destination
        .or_else(|| first_address(receiver, number, Some(version)))
        .ok_or_else(|| none("destination", &flow.to))?;
    if IpVersion::of(destination) != version {
        let cause = "source and destination are of different IP versions";
        return Err(ConfigError::at("destination", cause));
    }
    if flow.every.0.is_zero() {
        return Err(ConfigError::at("every", "a flow has time between packets"));
    }
    let sizes = Flow::SMALLEST..=65_000;
    if !sizes.contains(&flow.size) {
        let cause = format!("a packet has {} to {} bytes", sizes.start(), sizes.end());
        return Err(ConfigError::at("size", cause));
    }
    let stop = flow.stop.map_or(network.duration, |stop| stop.0);
    let name = flow.name.clone();
    Ok(Flow {
        name: name.unwrap_or_else(|| format!("{} to {}", flow.from, flow.to)),
        from,
        to,
        network: id,
        source,
        selects_source: flow.source.is_none() && matches!(sender.kind, Kind::Node(_)),
        destination,
        stop: Instant::ZERO.after(stop),
        every: flow.every.0,
        count: flow.count.unwrap_or(u64::MAX),
        size: flow.size,
        ttl: flow.ttl,
        tally: Tally::default(),
        arrivals: Arrivals::default(),
    })
}

/// The first address of a node in a network, or of a host.
fn first_address(station: &Station, network: u32, version: Option<IpVersion>) -> Option<IpAddr> {
    let fits = |address: &IpAddr| version.is_none_or(|version| IpVersion::of(*address) == version);
    match &station.kind {
        Kind::Host(host) => host.addresses.iter().map(|own| own.0).find(fits),
        Kind::Node(router) => {
            let id = router.network(network)?;
            let links = router.node.tables().links();
            links
                .filter(|(_, link)| link.network == id)
                .flat_map(|(_, link)| link.addresses.iter().map(|own| own.address))
                .find(fits)
        }
    }
}

/// `NODE.LINK` in its two parts.
pub(super) fn link_name(text: &str) -> Result<(&str, &str), ConfigError> {
    text.split_once('.').ok_or_else(|| {
        let cause: String = format!("\"{text}\" is not a link: NODE.LINK");
        ConfigError::at(".", cause)
    })
}
