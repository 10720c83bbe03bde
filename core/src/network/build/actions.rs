//! Events of a scenario.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::flows::link_name;
use super::names::Names;
use super::nodes::Document;
use crate::config::ConfigError;
use crate::fib::Path;
use crate::network::scenario::{
    ActionConfig, InjectConfig, PacketConfig, ReplayConfig, RouteChangeConfig, ScenarioConfig,
};
use crate::network::station::{Action, Injected, Router};
use crate::network::{Attack, Due, Network};
use crate::wire::{IpVersion, Protocol};
use crate::{Instant, LinkId};

type Resolved = Result<Action, ConfigError>;

pub(super) fn add(
    config: &ScenarioConfig,
    names: &Names<'_>,
    documents: &[Document],
    network: &mut Network,
) -> Result<(), ConfigError> {
    for (event, number) in config.events.iter().zip(0..) {
        let path = format!("events[{number}].action");
        let mut resolver = Resolver {
            names,
            documents,
            network: &mut *network,
            path: &path,
        };
        let action = resolver
            .resolve(&event.action)
            .map_err(|error| error.inside(&path))?;
        network.actions.push((name(&event.action), action));
        let at = Instant::ZERO.after(event.at.0);
        network.schedule.add(at, Due::Action(number));
    }
    Ok(())
}

struct Resolver<'r> {
    names: &'r Names<'r>,
    documents: &'r [Document],
    network: &'r mut Network,
    path: &'r str,
}

impl Resolver<'_> {
    fn resolve(&mut self, action: &ActionConfig) -> Resolved {
        let wire = |names: &Names<'_>, field: &str, name: &str| {
            names.wire(name).map_err(|error| error.inside(field))
        };
        match action {
            ActionConfig::WireDown(name) => Ok(Action::Wire {
                wire: wire(self.names, "wire-down", name)?,
                up: false,
            }),
            ActionConfig::WireUp(name) => Ok(Action::Wire {
                wire: wire(self.names, "wire-up", name)?,
                up: true,
            }),
            ActionConfig::LinkDown(name) => {
                let link = self.link_action(name, false);
                link.map_err(|error| error.inside("link-down"))
            }
            ActionConfig::LinkUp(name) => {
                let link = self.link_action(name, true);
                link.map_err(|error| error.inside("link-up"))
            }
            ActionConfig::Mtu(config) if config.mtu < 68 => Err(ConfigError::at(
                "mtu.mtu",
                "it is below the 68 bytes that IPv4 asks for",
            )),
            ActionConfig::Mtu(config) => Ok(Action::Mtu {
                wire: wire(self.names, "mtu.wire", &config.wire)?,
                mtu: config.mtu,
            }),
            ActionConfig::Rekey(config) => Ok(Action::Rekey {
                link: self
                    .protected_link(&config.virtual_link)
                    .map_err(|error| error.inside("rekey.virtual-link"))?,
                overlap: config.overlap.0,
            }),
            ActionConfig::DeleteSas(name) => self
                .protected_link(name)
                .map(Action::DeleteSas)
                .map_err(|error| error.inside("delete-sas")),
            ActionConfig::Routes(config) => {
                self.routes(config).map_err(|error| error.inside("routes"))
            }
            ActionConfig::Inject(config) => {
                self.inject(config).map_err(|error| error.inside("inject"))
            }
            ActionConfig::Replay(config) => {
                self.replay(config).map_err(|error| error.inside("replay"))
            }
        }
    }

    fn router(&self, name: &str) -> Result<(u32, &Router), ConfigError> {
        let station = self.names.station(name)?;
        let router = self.network.station(station).and_then(|s| s.router());
        router.map(|router| (station, router)).ok_or_else(|| {
            ConfigError::at(".", format!("\"{name}\" is a host; a node is asked for"))
        })
    }

    /// The link `NODE.LINK`; none if it is a virtual link that is no interface in the arrangement.
    fn link(&self, text: &str) -> Result<(u32, Option<LinkId>), ConfigError> {
        let (node, link) = link_name(text)?;
        let (station, router) = self.router(node)?;
        let found = router.node.tables().find_link(link);
        if found.is_none() && !self.is_virtual(station, link) {
            let cause = format!("\"{node}\" has no link named \"{link}\"");
            return Err(ConfigError::at(".", cause));
        }
        Ok((station, found))
    }

    fn is_virtual(&self, station: u32, link: &str) -> bool {
        let document = usize::try_from(station)
            .ok()
            .and_then(|s| self.documents.get(s));
        let mut links = document.into_iter().flat_map(|d| &d.config.virtual_links);
        links.any(|other| other.name == link)
    }

    fn link_action(&self, name: &str, up: bool) -> Resolved {
        Ok(match self.link(name)? {
            (station, Some(link)) => Action::Link { station, link, up },
            (_, None) => Action::Vain {
                path: self.path.to_string(),
                cause: no_interface(name),
            },
        })
    }

    /// A virtual link that has SAs.
    fn protected_link(&self, name: &str) -> Result<u32, ConfigError> {
        let number = self.names.link(name)?;
        let link = usize::try_from(number)
            .ok()
            .and_then(|n| self.network.virtual_links.get(n));
        match link {
            Some(link) if link.transform.is_some() => Ok(number),
            _ => Err(ConfigError::at(".", "this virtual link has no SAs")),
        }
    }

    fn routes(&self, config: &RouteChangeConfig) -> Resolved {
        let (station, router) = self
            .router(&config.node)
            .map_err(|error| error.inside("node"))?;
        let number = self.names.network(config.network.as_deref());
        let number = number.map_err(|error| error.inside("network"))?;
        let network = router.network(number).ok_or_else(|| {
            let cause = format!("\"{}\" is not in this network", config.node);
            ConfigError::at("network", cause)
        })?;
        for (index, route) in config.add.iter().enumerate() {
            let tables = router.node.tables();
            let way = |_: &str, link: &str, via| match tables.find_link(link) {
                Some(id) if tables.link(id).is_some_and(|l| l.network != network) => Err(
                    ConfigError::at("link", format!("\"{link}\" is in another network")),
                ),
                Some(link) => Ok(Some(Path { link, via })),
                // Whether a route can lead into it is known when it is added.
                None if self.is_virtual(station, link) => Ok(None),
                None => Err(ConfigError::at(
                    "link",
                    format!("no link is named \"{link}\""),
                )),
            };
            let route = route.route(way);
            route.map_err(|error| error.inside(format!("add[{index}]")))?;
        }
        Ok(Action::Routes {
            station,
            network,
            remove: config.remove.iter().map(|prefix| prefix.0).collect(),
            add: config.add.clone(),
            path: format!("{}.routes", self.path),
        })
    }

    fn attack(&mut self) -> u32 {
        self.network.attacks.push(Attack {
            path: self.path.to_string(),
            tally: crate::network::flow::Tally::default(),
        });
        u32::try_from(self.network.attacks.len().saturating_sub(1)).unwrap_or(u32::MAX)
    }

    fn inject(&mut self, config: &InjectConfig) -> Resolved {
        let (station, link) = self
            .physical(&config.link)
            .map_err(|error| error.inside("link"))?;
        check_packet(&config.packet).map_err(|error| error.inside("packet"))?;
        Ok(Action::Inject {
            station,
            link,
            packet: Injected::Made(config.packet.clone()),
            count: config.count,
            every: config.every.0,
            tally: self.attack(),
        })
    }

    fn replay(&mut self, config: &ReplayConfig) -> Resolved {
        let inside = |error: ConfigError| error.inside("link");
        let (station, link) = self.physical(&config.link).map_err(inside)?;
        let router = self.network.station(station).and_then(|s| s.router());
        let port = router.and_then(|router| router.port(link));
        let port = port.ok_or_else(|| inside(ConfigError::at(".", "no wire leads to it")))?;
        if let Some(end) = self
            .network
            .wire_mut(port.wire)
            .and_then(|wire| wire.end_mut(port.end))
        {
            end.recorded = Some(Vec::new());
        }
        Ok(Action::Inject {
            station,
            link,
            packet: Injected::Recorded(port),
            count: config.count,
            every: config.every.0,
            tally: self.attack(),
        })
    }

    fn physical(&self, text: &str) -> Result<(u32, LinkId), ConfigError> {
        let (station, link) = self.link(text)?;
        let router = self.network.station(station).and_then(|s| s.router());
        let is_physical = |link: &LinkId| {
            let link = router.and_then(|router| router.node.tables().link(*link));
            link.is_some_and(|link| link.tunnel().is_none())
        };
        link.filter(is_physical)
            .map(|link| (station, link))
            .ok_or_else(|| ConfigError::at(".", "packets arrive by physical links"))
    }
}

/// Why nothing can be done with a virtual link.
pub(in crate::network) fn no_interface(link: &str) -> String {
    format!("\"{link}\" is no interface in this arrangement (RFC 3884 section 2)")
}

fn check_packet(packet: &PacketConfig) -> Result<(), ConfigError> {
    let fail = |field: &str, cause: &str| Err(ConfigError::at(String::from(field), cause));
    let mixed = "source and destination are of different IP versions";
    if IpVersion::of(packet.source) != IpVersion::of(packet.destination) {
        return fail("destination", mixed);
    }
    if packet.size > 65_000 {
        return fail("size", "a packet has 65000 bytes at most");
    }
    if let Some(inner) = &packet.inner
        && IpVersion::of(inner.source) != IpVersion::of(inner.destination)
    {
        return fail("inner.destination", mixed);
    }
    let is_esp = packet.protocol.is_some_and(|p| p.0 == Protocol::ESP);
    if packet.spi.is_some() && (!is_esp || packet.inner.is_some()) {
        return fail("spi", "goes with the protocol \"esp\" only");
    }
    Ok(())
}

/// What an action is called in a report.
fn name(action: &ActionConfig) -> String {
    match action {
        ActionConfig::WireDown(name) => format!("wire {name} down"),
        ActionConfig::WireUp(name) => format!("wire {name} up"),
        ActionConfig::LinkDown(name) => format!("link {name} down"),
        ActionConfig::LinkUp(name) => format!("link {name} up"),
        ActionConfig::Mtu(config) => format!("MTU {} on wire {}", config.mtu, config.wire),
        ActionConfig::Rekey(config) => format!("rekey of {}", config.virtual_link),
        ActionConfig::DeleteSas(name) => format!("SAs of {name} deleted"),
        ActionConfig::Routes(config) => format!("routes of {}", config.node),
        ActionConfig::Inject(config) => format!("packets injected at {}", config.link),
        ActionConfig::Replay(config) => format!("packets replayed at {}", config.link),
    }
}
