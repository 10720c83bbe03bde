//! Links, virtual links and routes.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use core::net::IpAddr;

use super::policies::selector_sets;
use super::sas::LinkSas;
use super::{Compiler, ConfigError};
use crate::config::{ProtectionConfig, RouteAction, RouteConfig, SideName, VirtualLinkConfig};
use crate::fib::{Origin, Path, Paths, Route, Target};
use crate::outer::OuterFields;
use crate::spd::{Applies, InnerLayer, InnerSelectors, Policy, Protection, Selectors};
use crate::tables::VirtualLinkForm;
use crate::{
    InterfaceAddress, Link, LinkId, LinkKind, Mode, NetworkId, SaInterface, Side, Tunnel,
    TunnelEnds,
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

    fn add_link(&mut self, path: String, name: &'c str, link: Link) -> LinkId {
        let id = self.builder.add_link(link);
        self.links.entry(name).or_insert(id.0);
        self.link_paths.push(path);
        id
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
        match self.builder.arrangement.virtual_links() {
            VirtualLinkForm::TunnelInterface => self.add_tunnel(path, config, network, base, ends),
            VirtualLinkForm::SaInterface => {
                self.add_sa_interface(path, config, network, SaInterface { ends, base })
            }
            VirtualLinkForm::Policy | VirtualLinkForm::RoutedPolicy => {
                self.add_tunnel_policy(path, config, network, base, ends)
            }
            VirtualLinkForm::None => Err(ConfigError::at(
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
        self.add_virtual_interface(path, config, network, LinkKind::Tunnel(Box::new(tunnel)));

        let sets = Selectors::of_tunnel(ends).map_err(|error| ConfigError::at("remote", error))?;
        let inner = if config.check_traffic {
            let sets = selector_sets(&config.traffic).map_err(|error| error.inside("traffic"))?;
            let layer = InnerLayer::Next;
            Some(InnerSelectors { layer, sets })
        } else {
            None
        };
        let name = config.name.as_str();
        let policy = match &config.protection {
            None => Policy::bypass(name, Applies::Both, sets),
            Some(protection) => {
                let sas = LinkSas {
                    mode: Mode::Transport,
                    network: base,
                    selectors: &sets,
                    interface: None,
                    inner: inner.as_ref(),
                };
                self.add_link_sas(path, name, protection, &sas, config)?;
                self.demand_bound_sa(&config.name, protection);
                Policy::protect(name, sets, Protection::new(Mode::Transport))
            }
        };
        let mut policy = policy.map_err(|error| ConfigError::at(".", error))?;
        if let Some(inner) = inner {
            policy = policy.with_inner_selectors(inner);
        }
        self.add_policy(base, path.into(), policy);
        Ok(())
    }

    /// RFC 3884 section 4.1, alternative 1: an interface that is a pair of tunnel-mode SAs.
    fn add_sa_interface(
        &mut self,
        path: &str,
        config: &'c VirtualLinkConfig,
        network: NetworkId,
        interface: SaInterface,
    ) -> Result<(), ConfigError> {
        let protection = self.protection(config)?;
        let link = self.add_virtual_interface(path, config, network, LinkKind::Sa(interface));
        let sas = LinkSas {
            mode: Mode::Tunnel(interface.ends),
            network,
            // What goes into the interface is what routing sends there, multicast too.
            selectors: &[Selectors::ANY],
            interface: Some(link),
            inner: None,
        };
        self.add_link_sas(path, &config.name, protection, &sas, config)
    }

    fn add_virtual_interface(
        &mut self,
        path: &str,
        config: &'c VirtualLinkConfig,
        network: NetworkId,
        kind: LinkKind,
    ) -> LinkId {
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
            kind,
        };
        self.add_link(path.into(), &config.name, link)
    }

    /// The protection of a virtual link that is nothing without it.
    fn protection(
        &self,
        config: &'c VirtualLinkConfig,
    ) -> Result<&'c ProtectionConfig, ConfigError> {
        config.protection.as_ref().ok_or_else(|| {
            let name = self.builder.arrangement.name();
            let section = match self.builder.arrangement.virtual_links() {
                VirtualLinkForm::Policy => "2",
                _ => "4.1",
            };
            let cause = format!(
                "the arrangement \"{name}\" has no virtual links without IPsec: a link is a pair of SAs (RFC 3884 section {section})"
            );
            ConfigError::at("protection", cause)
        })
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
        let protection = self.protection(config)?;
        if !config.addresses.is_empty() {
            let name = self.builder.arrangement.name();
            self.warn(
                format!("{path}.addresses"),
                format!("the arrangement \"{name}\" has no interface that could have addresses"),
            );
        }
        self.set_base(network, base)?;
        let sets = selector_sets(&config.traffic).map_err(|error| error.inside("traffic"))?;
        let mode = Mode::Tunnel(ends);
        let sas = LinkSas {
            mode,
            network,
            selectors: &sets,
            interface: None,
            inner: None,
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
            let cause = format!(
                "the arrangement \"{}\" carries a network's tunnels in one base network only",
                self.builder.arrangement.name()
            );
            return Err(ConfigError::at("base", cause));
        }
        parts.base_is_set = true;
        parts.tables.base = base;
        Ok(())
    }

    pub(super) fn add_routes(&mut self) -> Result<(), ConfigError> {
        // A route to a far end is resolved by the routes of the base network, which come first.
        let config = self.config;
        let is_virtual = |name: &str| config.virtual_links.iter().any(|link| link.name == name);
        let resolved = |route: &RouteConfig| {
            let paths = route.paths.iter().map(|path| path.link.as_str());
            paths.chain(route.link.as_deref()).any(is_virtual)
        };
        for late in [false, true] {
            for (index, route) in config.routes.iter().enumerate() {
                if resolved(route) == late {
                    let path = format!("routes[{index}]");
                    self.add_route(&path, route)
                        .map_err(|error| error.inside(&path))?;
                }
            }
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
        if let Some(link) = self.interface(link) {
            return Ok(Some(Path { link, via }));
        }
        let mut others = self.config.virtual_links.iter();
        if let Some(other) = others.find(|other| other.name == link) {
            if self.builder.arrangement.virtual_links() == VirtualLinkForm::RoutedPolicy {
                return self.path_to_far_end(other).map(Some);
            }
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

    /// The path to the far end of a virtual link that is no interface: by the physical link that leads
    /// there, which is all that a route can name (RFC 3884 section 4.1, alternatives 2 and 3).
    fn path_to_far_end(&self, link: &VirtualLinkConfig) -> Result<Path, ConfigError> {
        let base = self.network(link.base.as_deref());
        let base = base.map_err(|error| error.inside("base"))?;
        // The routes to the prefixes of the links are not yet in the table.
        let connected = (0_u32..).map(LinkId).zip(&self.builder.links);
        let connected = connected.filter(|(_, other)| other.network == base);
        let connected = connected.flat_map(|(id, other)| {
            let addresses = other.addresses.iter();
            let prefixes = addresses.map(|address| address.prefix);
            prefixes.map(move |prefix| (prefix, id))
        });
        let connected = connected.filter(|(prefix, _)| prefix.contains(link.remote));
        let parts = self.networks.get(base.index());
        let route = parts.and_then(|parts| parts.tables.fib.lookup(link.remote));
        let routed = route.and_then(|route| match &route.target {
            Target::Forward(paths) => {
                let first = paths.as_slice().first();
                first.map(|path| (route.prefix, path.link))
            }
            Target::Blackhole | Target::Unreachable | Target::Prohibit => None,
        });
        let longest = connected
            .chain(routed)
            .max_by_key(|(prefix, _)| prefix.length());
        let link_there = longest.map(|(_, link)| link);
        let cause = || {
            format!(
                "no link of the base network leads to \"{}\", the far end {}",
                link.name, link.remote
            )
        };
        let link_there = link_there.ok_or_else(|| ConfigError::at("link", cause()))?;
        let way = self.builder.links.get(link_there.index());
        if way.is_none_or(|way| way.network != base) {
            let cause = format!(
                "\"{}\" lies inside another virtual link, which the arrangement \"{}\" knows no interface of (RFC 3884 section 4.1)",
                link.name,
                self.builder.arrangement.name()
            );
            return Err(ConfigError::at("link", cause));
        }
        Ok(Path {
            link: link_there,
            via: Some(link.remote),
        })
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
