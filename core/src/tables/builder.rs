//! Building tables.

use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::check::{self, TablesError};
use super::interface_sas::InterfaceSas;
use super::{Arrangement, Network, NodeLimits, Orphans, OutboundSas, Tables};
use crate::fib::{Fib, Origin, Path, Route, Target};
use crate::firewall::Firewall;
use crate::sa::OutboundSa;
use crate::source_address::SourceSettings;
use crate::spd::Spd;
use crate::wire::SkipList;
use crate::{Link, LinkId, NetworkId};

/// One network, before its parts are put together.
#[derive(Debug, Default)]
pub struct NetworkTables {
    /// Name, unique in the node.
    pub name: String,
    /// The network in which outer headers of this network's tunnel-mode SAs are routed.
    pub base: NetworkId,
    /// Routes, besides those to the prefixes of the links, which are added.
    pub fib: Fib,
    /// Policies.
    pub spd: Spd,
    /// What is said about source addresses.
    pub sources: SourceSettings,
    /// Outbound SAs, each with the name of the policy that it serves, the newest last.
    pub outbound: Vec<(String, Arc<OutboundSa>)>,
}

/// What [`Tables`] are made from.
#[derive(Debug)]
pub struct TablesBuilder {
    /// How the node combines routing, encapsulation and IPsec.
    pub arrangement: Arrangement,
    /// Networks; the first is [`NetworkId::BASE`].
    pub networks: Vec<NetworkTables>,
    /// Links; the first is `LinkId(0)`.
    pub links: Vec<Link>,
    /// Outbound SAs of SA interfaces, each with its interface.
    pub interface_sas: Vec<(LinkId, Arc<OutboundSa>)>,
    /// For demonstration: an SA interface may have several SAs, of both modes, which RFC 3884 section
    /// 4.1 rules out because packets then come back to the interface, and routing takes one tunnel for
    /// another.
    pub shared_sa_interfaces: bool,
    /// Which IPv6 headers are skipped on the way to the next layer.
    pub skip: SkipList,
    /// The port on which UDP-encapsulated ESP is received; `None` for none.
    pub udp_port: Option<u16>,
    /// Bounds on work and memory.
    pub limits: NodeLimits,
    /// What becomes of inbound SAs whose policy is gone.
    pub orphans: Orphans,
    /// What is asked of packets once IPsec and tunnels have let them through.
    pub firewall: Firewall,
    /// A number of this node's own that takes part in the choice among equal-cost paths; routers in a
    /// row that share it would all choose alike.
    pub flow_seed: u64,
}

impl TablesBuilder {
    /// Nothing yet: no network, no link.
    #[must_use]
    pub fn new(arrangement: Arrangement) -> Self {
        Self {
            arrangement,
            networks: Vec::new(),
            links: Vec::new(),
            interface_sas: Vec::new(),
            shared_sa_interfaces: false,
            skip: SkipList::default(),
            udp_port: Some(crate::esp::UdpEncapsulation::PORT),
            limits: NodeLimits::default(),
            orphans: Orphans::default(),
            firewall: Firewall::default(),
            flow_seed: 0,
        }
    }

    /// Adds a network.
    pub fn add_network(&mut self, network: NetworkTables) -> NetworkId {
        self.networks.push(network);
        NetworkId::at(self.networks.len().saturating_sub(1))
    }

    /// Adds a link.
    pub fn add_link(&mut self, link: Link) -> LinkId {
        self.links.push(link);
        LinkId::at(self.links.len().saturating_sub(1))
    }

    /// Checks the whole and puts it together.
    ///
    /// # Errors
    /// [`TablesError`]: which part is wrong, and why.
    pub fn build(self) -> Result<Tables, TablesError> {
        check::all(&self)?;
        let mut owners = Vec::new();
        let mut tunnels = Vec::new();
        let mut networks = self.networks;
        for (index, link) in self.links.iter().enumerate() {
            let id = LinkId::at(index);
            for interface in &link.addresses {
                owners.push(((link.network, interface.address), id));
                if let Some(network) = networks.get_mut(link.network.index()) {
                    network.fib.insert(Route {
                        prefix: interface.prefix,
                        target: Target::Forward(
                            Path {
                                link: id,
                                via: None,
                            }
                            .into(),
                        ),
                        preferred_source: Some(interface.address),
                        origin: Origin::Connected,
                        preference: 0,
                    });
                }
            }
            tunnels.extend(link.virtual_ends().map(|ends| (ends, id)));
        }
        let mut interface_sas = InterfaceSas::default();
        for (link, sa) in self.interface_sas {
            interface_sas.insert(link, sa);
        }
        Ok(Tables {
            arrangement: self.arrangement,
            networks: networks.into_iter().map(Network::from).collect(),
            links: self.links.into(),
            owners: Arc::new(owners.into_iter().collect()),
            tunnels: Arc::new(tunnels.into_iter().collect()),
            interface_sas: Arc::new(interface_sas),
            shared_sa_interfaces: self.shared_sa_interfaces,
            skip: self.skip,
            udp_port: self.udp_port,
            limits: self.limits,
            orphans: self.orphans,
            firewall: Arc::new(self.firewall),
            flow_seed: self.flow_seed,
        })
    }
}

impl Default for NetworkId {
    fn default() -> Self {
        Self::BASE
    }
}

impl From<NetworkTables> for Network {
    fn from(tables: NetworkTables) -> Self {
        let mut outbound = OutboundSas::default();
        for (policy, sa) in tables.outbound {
            if let Some((id, _)) = tables.spd.find(&policy) {
                outbound.insert(id, sa);
            }
        }
        Self {
            name: tables.name.to_string(),
            base: tables.base,
            fib: Arc::new(tables.fib),
            spd: Arc::new(tables.spd),
            outbound: Arc::new(outbound),
            sources: Arc::new(tables.sources),
        }
    }
}
