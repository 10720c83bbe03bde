//! What makes tables impossible.

use alloc::format;
use alloc::string::String;
use core::fmt;

use super::{Arrangement, NetworkTables, Tables, TablesBuilder, VirtualLinkForm, interface_sas};
use crate::fib::{Prefix, Target};
use crate::sa::{InboundSa, OutboundSa};
use crate::sorted::duplicate;
use crate::spd::{
    Action, AddressSet, NextLayer, Policy, PolicyId, Protection, Selectors, UpperSelector,
};
use crate::wire::IpVersion;
use crate::{Link, LinkId, Mode, NetworkId, SortedMap};

/// Why tables can't be built: which part is wrong, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TablesError {
    /// The part.
    pub part: TablesPart,
    /// Its name, such as `link "wan"`.
    pub name: String,
    /// What is wrong.
    pub fault: TablesFault,
}

/// A part of what tables are built from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TablesPart {
    /// The networks as a whole.
    Networks,
    /// A network.
    Network(NetworkId),
    /// A link.
    Link(LinkId),
    /// A route of a network.
    Route(NetworkId, Prefix),
    /// A policy of a network.
    Policy(NetworkId, PolicyId),
    /// An outbound SA of a network: its place in the list.
    OutboundSa(NetworkId, usize),
    /// An outbound SA of an SA interface: its place in the list.
    InterfaceSa(usize),
    /// A rule of the firewall: its place in the list.
    FirewallRule(usize),
}

/// What can be wrong with a part of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TablesFault {
    /// There is no network.
    NoNetwork,
    /// Another part has the same name.
    DuplicateName,
    /// It names a network that does not exist.
    UnknownNetwork,
    /// It names a link that does not exist.
    UnknownLink,
    /// It names a policy that does not exist.
    UnknownPolicy,
    /// Another link of the network has the same address.
    DuplicateAddress,
    /// An address lies outside its prefix.
    AddressOutsidePrefix,
    /// The MTU is below the 68 bytes that IPv4 asks for (RFC 791 section 3.2).
    SmallMtu,
    /// The two ends of a tunnel are of different IP versions.
    MixedTunnelEnds,
    /// The tunnel's own end is not an address of this node in the base network: transport mode would
    /// protect another node's packets (RFC 4301 section 4.1).
    ForeignTunnelEnd,
    /// Another tunnel has the same two ends.
    DuplicateTunnel,
    /// The route leads out of a link of another network.
    LinkOfOtherNetwork,
    /// The preferred source is of another IP version than the prefix.
    MixedRoute,
    /// The SA serves a policy that does not say PROTECT.
    NotProtecting,
    /// The SA's mode or tunnel ends differ from its policy's.
    ModeDiffers,
    /// The SA's transform is none of its policy's.
    TransformNotPermitted,
    /// The SA's selectors reach beyond its policy's.
    SelectorsBeyondPolicy,
    /// Transport mode for packets between other nodes (RFC 4301 section 4.1).
    TransportForOthers,
    /// The arrangement has no virtual interfaces of this kind.
    VirtualInterface,
    /// The arrangement has no tunnel mode: IPsec adds no encapsulation of its own (RFC 3884 appendix A).
    TunnelMode,
    /// A physical interface's SAD holds SAs in transport mode only, where SAs are interfaces (RFC 3884
    /// section 4.1).
    TunnelOnPhysicalInterface,
    /// An SA interface has no SA in transport mode: the sealed packet would come back to it (RFC 3884
    /// section 4.1).
    TransportOnSaInterface,
    /// An SA interface has one SA: of two, routing would take one for the other (RFC 3884 section 4.1).
    SecondSa,
    /// The SA has not the ends of its interface.
    SaInterfaceEnds,
    /// The interface is none that is an SA.
    NoSaInterface,
    /// An SA that forwarding is to choose has selectors of the transport layer, such as ports. What that
    /// would mean RFC 3884 section 4.1 leaves open.
    TransportLayerSelectors,
    /// Another SA of the same group has other selectors: which packets are protected would depend on the worker
    /// that they come to (RFC 9611 section 4).
    SelectorsOfWorker,
    /// Fragments that follow the first fragment of their datagram are not tracked.
    StatefulFragments,
}

type Checked = Result<(), TablesError>;

pub(super) fn fail(part: TablesPart, name: impl Into<String>, fault: TablesFault) -> TablesError {
    TablesError {
        part,
        name: name.into(),
        fault,
    }
}

pub(super) fn all(builder: &TablesBuilder) -> Checked {
    if builder.networks.is_empty() {
        return Err(fail(
            TablesPart::Networks,
            "networks",
            TablesFault::NoNetwork,
        ));
    }
    links(builder)?;
    let names = builder.networks.iter().map(|tables| &tables.name);
    let twice = duplicate(names).map(|(_, second)| second);
    for (index, tables) in builder.networks.iter().enumerate() {
        let network = NetworkId::at(index);
        let name = || format!("network \"{}\"", tables.name);
        let faulty = |fault| Err(fail(TablesPart::Network(network), name(), fault));
        if twice == Some(index) {
            return faulty(TablesFault::DuplicateName);
        }
        if tables.base.index() >= builder.networks.len() {
            return faulty(TablesFault::UnknownNetwork);
        }
        routes(builder, network, tables)?;
        policies(builder, network, tables)?;
        outbound(builder, network, tables)?;
    }
    of_interfaces(builder)?;
    firewall(builder)
}

fn firewall(builder: &TablesBuilder) -> Checked {
    let is_known = |link: &LinkId| link.index() < builder.links.len();
    let names = builder.firewall.rules.iter().map(|rule| &rule.name);
    let twice = duplicate(names).map(|(_, second)| second);
    for (index, rule) in builder.firewall.rules.iter().enumerate() {
        let faulty = |fault| {
            let name = format!("firewall rule \"{}\"", rule.name);
            Err(fail(TablesPart::FirewallRule(index), name, fault))
        };
        if twice == Some(index) {
            return faulty(TablesFault::DuplicateName);
        }
        if !rule.links.iter().all(is_known) {
            return faulty(TablesFault::UnknownLink);
        }
    }
    let mut demands = builder.firewall.demands.keys();
    match demands.find(|link| !is_known(link)) {
        Some(link) => {
            let name = format!("demand of link {}", link.0);
            Err(fail(
                TablesPart::Link(*link),
                name,
                TablesFault::UnknownLink,
            ))
        }
        None => Ok(()),
    }
}

fn links(builder: &TablesBuilder) -> Checked {
    let links = || builder.links.iter();
    let second = |twice: Option<(usize, usize)>| twice.map(|(_, second)| second);
    let same_name = second(duplicate(links().map(|link| &link.name)));
    let addresses = links().flat_map(|link| {
        let own = link.addresses.iter().map(|own| own.address);
        own.map(|own| (link.network, own))
    });
    let same_address = second(duplicate(addresses));
    let same_ends = second(duplicate(links().filter_map(Link::virtual_ends)));
    let (mut addresses, mut tunnels) = (0.., 0..);
    for (index, link) in builder.links.iter().enumerate() {
        let name = format!("link \"{}\"", link.name);
        let part = TablesPart::Link(LinkId::at(index));
        let faulty = |fault| Err(fail(part, name.clone(), fault));
        if same_name == Some(index) {
            return faulty(TablesFault::DuplicateName);
        }
        if link.network.index() >= builder.networks.len() {
            return faulty(TablesFault::UnknownNetwork);
        }
        if link.mtu < 68 {
            return faulty(TablesFault::SmallMtu);
        }
        for interface in &link.addresses {
            let faulty = |fault| {
                Err(fail(
                    part,
                    format!("{name}, address {}", interface.address),
                    fault,
                ))
            };
            if !interface.prefix.contains(interface.address) {
                return faulty(TablesFault::AddressOutsidePrefix);
            }
            if same_address.is_some() && same_address == addresses.next() {
                return faulty(TablesFault::DuplicateAddress);
            }
        }
        let Some((base, ends)) = link.virtual_ends() else {
            continue;
        };
        let form = match link.tunnel() {
            Some(_) => VirtualLinkForm::TunnelInterface,
            None => VirtualLinkForm::SaInterface,
        };
        if builder.arrangement.virtual_links() != form {
            return faulty(TablesFault::VirtualInterface);
        }
        if base.index() >= builder.networks.len() {
            return faulty(TablesFault::UnknownNetwork);
        }
        if IpVersion::of(ends.local) != IpVersion::of(ends.remote) {
            return faulty(TablesFault::MixedTunnelEnds);
        }
        if !is_own(builder, base, ends.local) {
            return faulty(TablesFault::ForeignTunnelEnd);
        }
        if same_ends.is_some() && same_ends == tunnels.next() {
            return faulty(TablesFault::DuplicateTunnel);
        }
    }
    Ok(())
}

fn routes(builder: &TablesBuilder, network: NetworkId, tables: &NetworkTables) -> Checked {
    for route in tables.fib.routes() {
        let name = || format!("network \"{}\", route {}", tables.name, route.prefix);
        let part = TablesPart::Route(network, route.prefix);
        let version = route.prefix.version();
        if route
            .preferred_source
            .is_some_and(|source| IpVersion::of(source) != version)
        {
            return Err(fail(part, name(), TablesFault::MixedRoute));
        }
        let Target::Forward(paths) = &route.target else {
            continue;
        };
        for path in paths.as_slice() {
            let link = builder.links.get(path.link.index());
            let link = link.ok_or_else(|| fail(part, name(), TablesFault::UnknownLink))?;
            let leads_to_sa = builder.arrangement.virtual_links() == VirtualLinkForm::RoutedPolicy
                && link.network == tables.base
                && path.via.is_some();
            if link.network != network && !leads_to_sa {
                return Err(fail(part, name(), TablesFault::LinkOfOtherNetwork));
            }
        }
    }
    Ok(())
}

fn policies(builder: &TablesBuilder, network: NetworkId, tables: &NetworkTables) -> Checked {
    for (id, policy) in tables.spd.iter() {
        let faulty = |fault| {
            Err(fail(
                TablesPart::Policy(network, id),
                format!("network \"{}\", policy \"{}\"", tables.name, policy.name()),
                fault,
            ))
        };
        let Action::Protect(protection) = policy.action() else {
            continue;
        };
        if protection.stateful_fragments {
            return faulty(TablesFault::StatefulFragments);
        }
        match (protection.mode, builder.arrangement.virtual_links()) {
            (Mode::Tunnel(_), VirtualLinkForm::SaInterface) => {
                return faulty(TablesFault::TunnelOnPhysicalInterface);
            }
            (Mode::Tunnel(_), form) if !form.has_tunnel_mode_policies() => {
                return faulty(TablesFault::TunnelMode);
            }
            (Mode::Tunnel(_), _)
                if builder.arrangement == Arrangement::Integrated
                    && policy.selectors().iter().any(has_transport_layer) =>
            {
                return faulty(TablesFault::TransportLayerSelectors);
            }
            (Mode::Transport, _) if !is_for_own_packets(builder, network, policy) => {
                return faulty(TablesFault::TransportForOthers);
            }
            _ => {}
        }
    }
    Ok(())
}

fn outbound(builder: &TablesBuilder, network: NetworkId, tables: &NetworkTables) -> Checked {
    for (index, (policy_name, sa)) in tables.outbound.iter().enumerate() {
        let faulty = |fault| {
            Err(fail(
                TablesPart::OutboundSa(network, index),
                format!("network \"{}\", outbound SA \"{}\"", tables.name, sa.name()),
                fault,
            ))
        };
        let Some((_, policy)) = tables.spd.find(policy_name) else {
            return faulty(TablesFault::UnknownPolicy);
        };
        let Action::Protect(protection) = policy.action() else {
            return faulty(TablesFault::NotProtecting);
        };
        if protection.mode != sa.mode() {
            return faulty(TablesFault::ModeDiffers);
        }
        if !protection.permits(sa.transform()) {
            return faulty(TablesFault::TransformNotPermitted);
        }
        let any = sa.selectors().contains(&Selectors::ANY);
        if !any && !sa.selectors().iter().all(|set| policy.covers(set)) {
            return faulty(TablesFault::SelectorsBeyondPolicy);
        }
        if builder.arrangement == Arrangement::Integrated
            && sa.selectors().iter().any(has_transport_layer)
        {
            return faulty(TablesFault::TransportLayerSelectors);
        }
        // An SA without inner selectors is narrowed by its policy's, as one for any traffic is.
        if let Some(inner) = sa.inner_selectors()
            && policy
                .inner_selectors()
                .is_some_and(|own| !own.cover(inner))
        {
            return faulty(TablesFault::SelectorsBeyondPolicy);
        }
        let mut fallbacks = tables
            .outbound
            .iter()
            .filter(|(of, other)| of == policy_name && other.worker().is_none())
            .peekable();
        if sa.worker().is_some()
            && fallbacks.peek().is_some()
            && !fallbacks.any(|(_, other)| carries_alike(sa, other))
        {
            return faulty(TablesFault::SelectorsOfWorker);
        }
    }
    Ok(())
}

/// Whether two SAs carry the same packets as far as their selectors say.
fn carries_alike(one: &OutboundSa, other: &OutboundSa) -> bool {
    one.selectors() == other.selectors() && one.inner_selectors() == other.inner_selectors()
}

fn of_interfaces(builder: &TablesBuilder) -> Checked {
    let mut seen = SortedMap::new();
    for (index, (id, sa)) in builder.interface_sas.iter().enumerate() {
        let faulty = |fault| {
            let name = format!("outbound SA \"{}\"", sa.name());
            fail(TablesPart::InterfaceSa(index), name, fault)
        };
        let link = builder.links.get(id.index());
        let link = link.ok_or_else(|| faulty(TablesFault::UnknownLink))?;
        let holds = usize::from(seen.insert((*id, sa.worker()), ()).is_some());
        interface_sas::check(link, sa, holds, builder.shared_sa_interfaces).map_err(faulty)?;
    }
    Ok(())
}

/// Whether selectors look at ports, message types or mobility headers, which no route knows.
fn has_transport_layer(selectors: &Selectors) -> bool {
    matches!(
        selectors.next_layer(),
        NextLayer::Protocol { upper, .. } if *upper != UpperSelector::Any
    )
}

fn is_own(builder: &TablesBuilder, network: NetworkId, address: core::net::IpAddr) -> bool {
    let has = |link: &Link| link.addresses.iter().any(|own| own.address == address);
    builder
        .links
        .iter()
        .any(|link| link.network == network && has(link))
}

/// Whether each selector set of a policy takes in an address of this node: the packet's own source is
/// checked when there is one.
fn is_for_own_packets(builder: &TablesBuilder, network: NetworkId, policy: &Policy) -> bool {
    let own = || {
        let links = builder.links.iter().filter(|link| link.network == network);
        links.flat_map(|link| link.addresses.iter().map(|own| own.address))
    };
    policy.selectors().iter().all(|set| match set.local() {
        AddressSet::Any => true,
        local => own().any(|address| local.contains(address)),
    })
}

impl Tables {
    /// Whether there is a policy, or an SA interface, that an inbound SA may serve.
    pub(crate) fn has_policy_for(&self, sa: &InboundSa) -> bool {
        let serves = |policy: &Policy| match policy.action() {
            Action::Protect(Protection { mode, .. }) => {
                mode.name() == sa.mode().name()
                    && sa
                        .selectors()
                        .iter()
                        .any(|set| policy.covers(set) || *set == Selectors::ANY)
            }
            _ => false,
        };
        self.interface_of(sa).is_some()
            || self
                .network(sa.network())
                .is_some_and(|network| network.spd().iter().any(|(_, policy)| serves(policy)))
    }
}

impl fmt::Display for TablesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.fault)
    }
}

impl core::error::Error for TablesError {}

impl fmt::Display for TablesFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoNetwork => "a node is in one network at least",
            Self::DuplicateName => "another one has the same name",
            Self::UnknownNetwork => "there is no such network",
            Self::UnknownLink => "there is no such link",
            Self::UnknownPolicy => "there is no such policy in this network",
            Self::DuplicateAddress => "another link of this network has the same address",
            Self::AddressOutsidePrefix => "the address lies outside its prefix",
            Self::SmallMtu => "the MTU is below the 68 bytes that IPv4 asks for (RFC 791 section 3.2)",
            Self::MixedTunnelEnds => "the two ends of the tunnel are of different IP versions",
            Self::ForeignTunnelEnd => {
                "the local end is not an address of this node in the base network; transport mode is for a node's own packets (RFC 4301 section 4.1)"
            }
            Self::DuplicateTunnel => "another tunnel has the same two ends",
            Self::LinkOfOtherNetwork => "the link is in another network",
            Self::MixedRoute => "the preferred source is of another IP version than the prefix",
            Self::NotProtecting => "the policy that the SA serves does not say PROTECT",
            Self::ModeDiffers => "the SA's mode or tunnel ends differ from its policy's",
            Self::TransformNotPermitted => "the SA's transform is none of its policy's",
            Self::SelectorsBeyondPolicy => "the SA's selectors reach beyond its policy's",
            Self::TransportForOthers => {
                "transport mode for packets of other nodes: no local address of the policy is this node's (RFC 4301 section 4.1)"
            }
            Self::VirtualInterface => "the arrangement has no virtual interfaces of this kind",
            Self::TunnelMode => {
                "the arrangement has no tunnel-mode policies: IPsec adds no encapsulation of its own (RFC 3884 appendix A)"
            }
            Self::TunnelOnPhysicalInterface => {
                "where SAs are interfaces, the SADs of physical interfaces hold SAs in transport mode only (RFC 3884 section 4.1)"
            }
            Self::TransportOnSaInterface => {
                "an SA interface has no SA in transport mode: it adds no outer header, so that the packet would come back to the interface (RFC 3884 section 4.1)"
            }
            Self::SecondSa => {
                "the interface has an SA; of two tunnels in one interface, routing would take one for the other (RFC 3884 section 4.1)"
            }
            Self::SaInterfaceEnds => "the SA is between other ends than its interface",
            Self::NoSaInterface => "the interface is none that is an SA; its SAs serve policies",
            Self::TransportLayerSelectors => {
                "forwarding can't choose an SA by ports or other fields of the transport layer, which routes don't know; RFC 3884 section 4.1 leaves open what it would mean, and so it is refused"
            }
            Self::SelectorsOfWorker => {
                "an SA of a worker carries what the policy's SAs for any worker carry: none of those has the same selectors (RFC 9611 section 4)"
            }
            Self::StatefulFragments => "stateful fragment checking (RFC 4301 section 7.3) is not implemented",
        })
    }
}
