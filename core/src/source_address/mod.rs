//! Which source address a packet of this node gets (RFC 1122 section 3.3.4.3, RFC 6724 section 5).
//!
//! The route comes first: it picks the outgoing link, and the link's addresses are the candidates. So a
//! destination in a virtual network gets a source in that network as long as the virtual link is an
//! interface. Where SAs are no interfaces, no route leads into the virtual network, and what is left
//! is the default gateway's interface: an address of the base network (RFC 3884 section 2.4).

mod policy_table;
mod settings;
mod v4;
mod v6;

pub use policy_table::{Label, PolicyTable, PolicyTableEntry};
pub use settings::{AddressAttributes, ForeignSource, SourceSettings};
pub use v6::{Candidate, choose_v6};

use core::net::IpAddr;

use crate::fib::{Origin, Path, Route};
use crate::wire::{IpVersion, mix_address};
use crate::{Arrangement, DropReason, Link, LinkId, NetworkId, Tables};

/// A source address, and why it is this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// The address.
    pub address: IpAddr,
    /// The network whose address it is: not that of the destination where the base network had to be
    /// asked.
    pub network: NetworkId,
    /// The link that has it.
    pub link: LinkId,
    /// What decided.
    pub rule: SourceRule,
}

/// What decides about a source address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum SourceRule {
    /// The application has bound it.
    Bound,
    /// The route names it.
    PreferredSource,
    /// The destination is an address of this node.
    SameAddress,
    /// IPv4: the link is on the destination's own network.
    Connected,
    /// IPv4: the route's link has it.
    Route,
    /// IPv4: the default gateway's link has it.
    DefaultGateway,
    /// The outgoing link has no address; it is the first that the node has in this network.
    Unnumbered,
    /// IPv6: the link has no other.
    OnlyCandidate,
    /// IPv6 rule 2: the scope suits the destination's.
    Scope,
    /// IPv6 rule 3: the others are deprecated.
    Deprecated,
    /// IPv6 rule 4: it is a home address.
    Home,
    /// IPv6 rule 5: it is on the outgoing link.
    OutgoingLink,
    /// IPv6 rule 5.5: the next hop advertised its prefix.
    NextHopPrefix,
    /// IPv6 rule 6: its label is the destination's.
    Label,
    /// IPv6 rule 7: it is a temporary one.
    Temporary,
    /// IPv6 rule 8: it has the most leading bits in common with the destination.
    LongestPrefix,
    /// IPv6: no rule tells it from another; it is the first.
    First,
}

impl Tables {
    /// The source address for a packet of this node, when all links for which `is_up` holds are up.
    ///
    /// Of several equal-cost paths one is taken by the destination alone, as the packet has no flow
    /// yet; a source that is on none of the other paths may then leave by one of them.
    ///
    /// # Errors
    /// [`DropReason::NoRoute`], [`DropReason::LinkDown`] or what the route says, if no packet could be
    /// sent; [`DropReason::NoSourceAddress`].
    pub fn select_source(
        &self,
        network: NetworkId,
        destination: IpAddr,
        is_up: impl Fn(LinkId) -> bool,
    ) -> Result<Source, DropReason> {
        let tables = self.network(network).ok_or(DropReason::NoRoute)?;
        if let Some(link) = self.owner(network, destination) {
            return Ok(Source {
                address: destination,
                network,
                link,
                rule: SourceRule::SameAddress,
            });
        }
        let Some(route) = tables.fib().lookup(destination) else {
            let base = tables.base();
            let no_interface = self.arrangement() == Arrangement::TunnelMode && base != network;
            // Only the base network has interfaces here. It is asked as a network of its own, so that
            // a chain of bases ends with the first.
            return if no_interface {
                self.select_by_route_of(base, destination, is_up)
            } else {
                Err(DropReason::NoRoute)
            };
        };
        self.select_by_route(network, destination, route, is_up)
    }

    fn select_by_route_of(
        &self,
        network: NetworkId,
        destination: IpAddr,
        is_up: impl Fn(LinkId) -> bool,
    ) -> Result<Source, DropReason> {
        let tables = self.network(network).ok_or(DropReason::NoRoute)?;
        let route = tables.fib().lookup(destination);
        let route = route.ok_or(DropReason::NoSourceAddress)?;
        self.select_by_route(network, destination, route, is_up)
    }

    fn select_by_route(
        &self,
        network: NetworkId,
        destination: IpAddr,
        route: &Route,
        is_up: impl Fn(LinkId) -> bool,
    ) -> Result<Source, DropReason> {
        let path = route.choose(mix_address(self.flow_seed(), destination), is_up);
        let refusal = route.target.drop_reason().unwrap_or(DropReason::LinkDown);
        let path = path.ok_or(refusal)?;
        // The prefixes of links have a preferred source too: their own address, which the rules find.
        let preferred = route
            .preferred_source
            .filter(|_| route.origin != Origin::Connected);
        if let Some(address) = preferred
            && let Some(link) = self.owner(network, address)
        {
            return Ok(Source {
                address,
                network,
                link,
                rule: SourceRule::PreferredSource,
            });
        }
        let rule = match (route.origin, route.prefix.length()) {
            (Origin::Connected, _) => SourceRule::Connected,
            (_, 0) => SourceRule::DefaultGateway,
            _ => SourceRule::Route,
        };
        self.select_on_link(network, destination, path, rule)
    }

    /// The source address for a packet of this node that goes out of a certain link without a route, as
    /// routing protocols send.
    ///
    /// # Errors
    /// [`DropReason::NoSourceAddress`].
    pub fn select_source_via(
        &self,
        link: LinkId,
        destination: IpAddr,
    ) -> Result<Source, DropReason> {
        let network = self.link(link).ok_or(DropReason::NoSourceAddress)?.network;
        let path = Path { link, via: None };
        self.select_on_link(network, destination, &path, SourceRule::Connected)
    }

    fn select_on_link(
        &self,
        network: NetworkId,
        destination: IpAddr,
        path: &Path,
        rule: SourceRule,
    ) -> Result<Source, DropReason> {
        let version = IpVersion::of(destination);
        let outgoing = self.link(path.link).ok_or(DropReason::NoSourceAddress)?;
        let (link, carrier, rule) = if outgoing.has_address(version) {
            (path.link, outgoing, rule)
        } else {
            let (id, link) = self
                .links()
                .find(|(_, link)| link.network == network && link.has_address(version))
                .ok_or(DropReason::NoSourceAddress)?;
            (id, link, SourceRule::Unnumbered)
        };
        let found = match version {
            IpVersion::V4 => v4::choose(carrier, path.next_hop(destination)).map(|own| (own, rule)),
            IpVersion::V6 => {
                let settings = self.network(network).map(|network| network.sources());
                let settings = settings.ok_or(DropReason::NoSourceAddress)?;
                v6::choose_on_link(carrier, link == path.link, destination, path.via, settings)
                    .map(|(own, decided)| (own, decided.unless_unnumbered(rule)))
            }
        };
        let (address, rule) = found.ok_or(DropReason::NoSourceAddress)?;
        Ok(Source {
            address,
            network,
            link,
            rule,
        })
    }

    /// A source that an application has bound, if it may send with it in this network: it is an address
    /// of this node there. Established flows keep their source in this way when routes change.
    ///
    /// # Errors
    /// [`DropReason::ForeignSource`]; for an address of this node in another network only unless
    /// [`ForeignSource`] says to send.
    pub fn bind_source(&self, network: NetworkId, source: IpAddr) -> Result<Source, DropReason> {
        let tables = self.network(network).ok_or(DropReason::ForeignSource)?;
        let own = |network| Some((network, self.owner(network, source)?));
        let elsewhere = || match tables.sources().foreign {
            ForeignSource::Reject => None,
            ForeignSource::Send => self.networks().find_map(|(id, _)| own(id)),
        };
        let found = own(network).or_else(elsewhere);
        let (network, link) = found.ok_or(DropReason::ForeignSource)?;
        Ok(Source {
            address: source,
            network,
            link,
            rule: SourceRule::Bound,
        })
    }
}

impl Link {
    fn has_address(&self, version: IpVersion) -> bool {
        let mut own = self.addresses.iter();
        own.any(|own| IpVersion::of(own.address) == version)
    }
}

impl SourceRule {
    /// The stable name, in kebab case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bound => "bound",
            Self::PreferredSource => "preferred-source",
            Self::SameAddress => "same-address",
            Self::Connected => "connected",
            Self::Route => "route",
            Self::DefaultGateway => "default-gateway",
            Self::Unnumbered => "unnumbered",
            Self::OnlyCandidate => "only-candidate",
            Self::Scope => "scope",
            Self::Deprecated => "deprecated",
            Self::Home => "home",
            Self::OutgoingLink => "outgoing-link",
            Self::NextHopPrefix => "next-hop-prefix",
            Self::Label => "label",
            Self::Temporary => "temporary",
            Self::LongestPrefix => "longest-prefix",
            Self::First => "first",
        }
    }

    /// The clause that it comes from.
    #[must_use]
    pub const fn clause(self) -> &'static str {
        match self {
            Self::Bound => "RFC 1122 section 3.3.4.3",
            Self::PreferredSource => "the route",
            Self::Connected => "RFC 1122 section 3.3.4.3 (a)",
            Self::Route => "RFC 1122 section 3.3.4.3 (b) and (c)",
            Self::DefaultGateway => "RFC 1122 section 3.3.4.3 (d)",
            Self::Unnumbered => "RFC 1812 section 2.2.7",
            Self::SameAddress => "RFC 6724 section 5 rule 1",
            Self::OnlyCandidate => "RFC 6724 section 4",
            Self::Scope => "RFC 6724 section 5 rule 2",
            Self::Deprecated => "RFC 6724 section 5 rule 3",
            Self::Home => "RFC 6724 section 5 rule 4",
            Self::OutgoingLink => "RFC 6724 section 5 rule 5",
            Self::NextHopPrefix => "RFC 6724 section 5 rule 5.5",
            Self::Label => "RFC 6724 section 5 rule 6",
            Self::Temporary => "RFC 6724 section 5 rule 7",
            Self::LongestPrefix => "RFC 6724 section 5 rule 8",
            Self::First => "RFC 6724 section 5",
        }
    }

    /// That the link has no address says more than how one of the other link's was chosen.
    const fn unless_unnumbered(self, link: Self) -> Self {
        match link {
            Self::Unnumbered => Self::Unnumbered,
            _ => self,
        }
    }
}

impl core::fmt::Display for SourceRule {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.name())
    }
}
