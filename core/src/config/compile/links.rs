//! Links, virtual links and routes.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use core::net::IpAddr;

use super::policies::selector_sets;
use super::sas::LinkSas;
use super::{Compiler, ConfigError};
use crate::config::{RouteAction, RouteConfig, SideName, VirtualLinkConfig};
use crate::fib::{Origin, Path, Paths, Route, Target};
use crate::outer::OuterFields;
use crate::spd::{Applies, Policy, Protection, Selectors};
use crate::wire::Protocol;
use crate::{
    Arrangement, InterfaceAddress, Link, LinkKind, Mode, NetworkId, Side, Tunnel, TunnelEnds,
};

impl<'c> Compiler<'c> {
    pub(super) fn add_links(&mut self) -> Result<(), ConfigError> {
        for (index, config) in self.config.links.iter().enumerate() {
            let path = format!("links[{index}]");
            let network = self
                .network(config.network.as_deref())
                .map_err(|error| error.inside("network").inside(&path))?;
            self.add_link(
                path,
                &config.name,
                Link {
                    name: config.name.clone(),
                    network,
                    side: config.side.into(),
                    addresses: config
                        .addresses
                        .iter()
                        .map(InterfaceAddress::from)
                        .collect(),
                    mtu: config.mtu,
                    kind: LinkKind::Physical,
                },
            );
        }
        Ok(())
    }

    fn add_link(&mut self, path: String, name: &'c str, link: Link) {
        let id = self.builder.add_link(link);
        self.links.entry(name).or_insert(id);
        self.link_paths.push(path);
    }

    pub(super) fn add_virtual_links(&mut self) -> Result<(), ConfigError> {
        for (index, config) in self.config.virtual_links.iter().enumerate() {
            let path = format!("virtual-links[{index}]");
            self.add_virtual_link(&path, config)
                .map_err(|error| error.inside(&path))?;
        }
        Ok(())
    }

    fn add_virtual_link(
        &mut self,
        path: &str,
        config: &'c VirtualLinkConfig,
    ) -> Result<(), ConfigError> {
        let network = self.network(config.network.as_deref());
        let network = network.map_err(|error| error.inside("network"))?;
        let base = self.network(config.base.as_deref());
        let base = base.map_err(|error| error.inside("base"))?;
        let ends = TunnelEnds {
            local: config.local,
            remote: config.remote,
        };
        match self.builder.arrangement {
            Arrangement::Iiptran => self.add_tunnel(path, config, network, base, ends),
            Arrangement::TunnelMode => self.add_tunnel_policy(path, config, network, base, ends),
            Arrangement::Transport => Err(ConfigError::at(
                ".",
                "the arrangement \"transport\" is host to host and has no virtual links",
            )),
        }
    }

    /// RFC 3884 section 3: an interface, and a policy on the outer header.
    fn add_tunnel(
        &mut self,
        path: &str,
        config: &'c VirtualLinkConfig,
        network: NetworkId,
        base: NetworkId,
        ends: TunnelEnds,
    ) -> Result<(), ConfigError> {
        let outer = config
            .outer
            .as_ref()
            .map_or(Ok(OuterFields::IPIP), |outer| {
                outer
                    .fields(&OuterFields::IPIP)
                    .map_err(|error| error.inside("outer"))
            })?;
        let tunnel = Tunnel {
            ends,
            base,
            outer,
            inner: config.inner.unwrap_or_default().into(),
        };
        let link = Link {
            name: config.name.clone(),
            network,
            side: config.side.into(),
            addresses: config
                .addresses
                .iter()
                .map(InterfaceAddress::from)
                .collect(),
            mtu: config.mtu,
            kind: LinkKind::Tunnel(Box::new(tunnel)),
        };
        self.add_link(path.into(), &config.name, link);

        let sets = [Protocol::IPV4, Protocol::IPV6]
            .map(|protocol| Selectors::new(ends.local.into(), ends.remote.into(), protocol.into()));
        let sets = sets.into_iter().collect::<Result<Box<[_]>, _>>();
        let sets = sets.map_err(|error| ConfigError::at("remote", error))?;
        let name = config.name.as_str();
        let policy = match &config.protection {
            None => Policy::bypass(name, Applies::Both, sets),
            Some(protection) => {
                let sas = LinkSas {
                    mode: Mode::Transport,
                    network: base,
                    selectors: &sets,
                };
                self.add_link_sas(path, name, protection, &sas, config)?;
                Policy::protect(name, sets, Protection::new(Mode::Transport))
            }
        };
        let policy = policy.map_err(|error| ConfigError::at(".", error))?;
        self.add_policy(base, path.into(), policy);
        Ok(())
    }

    /// RFC 3884 section 2: a policy on the packet's own header, and no interface.
    fn add_tunnel_policy(
        &mut self,
        path: &str,
        config: &'c VirtualLinkConfig,
        network: NetworkId,
        base: NetworkId,
        ends: TunnelEnds,
    ) -> Result<(), ConfigError> {
        let protection = config.protection.as_ref().ok_or_else(|| {
            let cause = "the arrangement \"tunnel-mode\" has no virtual links without IPsec";
            ConfigError::at("protection", cause)
        })?;
        if !config.addresses.is_empty() {
            self.warn(
                format!("{path}.addresses"),
                "the arrangement \"tunnel-mode\" has no interface that could have addresses",
            );
        }
        self.set_base(network, base)?;
        let sets = selector_sets(&config.traffic).map_err(|error| error.inside("traffic"))?;
        let mode = Mode::Tunnel(ends);
        let sas = LinkSas {
            mode,
            network,
            selectors: &sets,
        };
        self.add_link_sas(path, &config.name, protection, &sas, config)?;
        let policy = Policy::protect(config.name.as_str(), sets, Protection::new(mode));
        let policy = policy.map_err(|error| ConfigError::at(".", error))?;
        self.add_policy(network, path.into(), policy);
        Ok(())
    }

    /// All tunnel-mode SAs of a network use one base network.
    fn set_base(&mut self, network: NetworkId, base: NetworkId) -> Result<(), ConfigError> {
        let Some(parts) = self.networks.get_mut(network.index()) else {
            return Ok(());
        };
        if parts.base_is_set && parts.tables.base != base {
            let cause = "the arrangement \"tunnel-mode\" carries a network's tunnels in one base network only";
            return Err(ConfigError::at("base", cause));
        }
        parts.base_is_set = true;
        parts.tables.base = base;
        Ok(())
    }

    pub(super) fn add_routes(&mut self) -> Result<(), ConfigError> {
        for (index, config) in self.config.routes.iter().enumerate() {
            let path = format!("routes[{index}]");
            self.add_route(&path, config)
                .map_err(|error| error.inside(&path))?;
        }
        Ok(())
    }

    fn add_route(&mut self, path: &str, config: &RouteConfig) -> Result<(), ConfigError> {
        let network = self.network(config.network.as_deref());
        let network = network.map_err(|error| error.inside("network"))?;
        let route = config.route(|at, link, via| {
            let at = format!("{path}{at}");
            self.path(&at, link, via)
        })?;
        let Some(route) = route else {
            return Ok(());
        };
        self.route_paths.push((network, route.prefix, path.into()));
        let parts = self.networks.get_mut(network.index());
        if parts.is_some_and(|parts| parts.tables.fib.insert(route).is_some()) {
            return Err(ConfigError::at(
                "prefix",
                "another route of this network has this prefix",
            ));
        }
        Ok(())
    }

    /// A way of a route; `None` if its virtual link is none that routing sees.
    fn path(
        &mut self,
        at: &str,
        link: &str,
        via: Option<IpAddr>,
    ) -> Result<Option<Path>, ConfigError> {
        if let Some(&link) = self.links.get(link) {
            return Ok(Some(Path { link, via }));
        }
        if self
            .config
            .virtual_links
            .iter()
            .any(|other| other.name == link)
        {
            self.warn(
                format!("{at}.link"),
                format!("\"{link}\" is no interface in the arrangement \"tunnel-mode\": no route can lead into it (RFC 3884 section 2)"),
            );
            return Ok(None);
        }
        Err(ConfigError::at(
            "link",
            format!("no link is named \"{link}\""),
        ))
    }
}

impl RouteConfig {
    /// The route, once `path` has found each way: it gets the place of the way in this document, the
    /// name of its link and the router. `None` if no way is left.
    pub(crate) fn route(
        &self,
        mut path: impl FnMut(&str, &str, Option<IpAddr>) -> Result<Option<Path>, ConfigError>,
    ) -> Result<Option<Route>, ConfigError> {
        let target = match (self.action, &self.link, self.paths.as_slice()) {
            (Some(action), None, []) => action.into(),
            (None, Some(link), []) => match path("", link, self.via)? {
                Some(way) => Target::Forward(way.into()),
                None => return Ok(None),
            },
            (None, None, [_, ..]) => {
                let mut ways = alloc::vec::Vec::new();
                for (index, way) in self.paths.iter().enumerate() {
                    let found = path(&format!(".paths[{index}]"), &way.link, way.via);
                    ways.extend(found.map_err(|error| error.inside(format!("paths[{index}]")))?);
                }
                match Paths::new(ways) {
                    Some(ways) => Target::Forward(ways),
                    None => return Ok(None),
                }
            }
            _ => {
                let cause = "a route has either a link, or paths, or an action";
                return Err(ConfigError::at(".", cause));
            }
        };
        Ok(Some(Route {
            prefix: self.prefix.0,
            target,
            preferred_source: self.source,
            origin: Origin::Static,
            preference: self.preference,
        }))
    }
}

impl From<RouteAction> for Target {
    fn from(action: RouteAction) -> Self {
        match action {
            RouteAction::Blackhole => Self::Blackhole,
            RouteAction::Unreachable => Self::Unreachable,
            RouteAction::Prohibit => Self::Prohibit,
        }
    }
}

impl From<SideName> for Side {
    fn from(name: SideName) -> Self {
        match name {
            SideName::Protected => Self::Protected,
            SideName::Unprotected => Self::Unprotected,
        }
    }
}

impl From<&crate::config::InterfaceText> for InterfaceAddress {
    fn from(text: &crate::config::InterfaceText) -> Self {
        Self {
            address: text.address,
            prefix: text.prefix(),
        }
    }
}
