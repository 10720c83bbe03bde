//! What a node reads while packets pass: an immutable snapshot, replaced as a whole.

mod arrangement;
mod builder;
mod check;
mod continuing;
mod far_ends;
mod interface_sas;

pub use arrangement::{Arrangement, VirtualLinkForm};
pub use builder::{NetworkTables, TablesBuilder};
pub use check::{TablesError, TablesFault, TablesPart};

use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use core::net::IpAddr;

use self::interface_sas::InterfaceSas;
use crate::fib::Fib;
use crate::firewall::Firewall;
use crate::sa::{OutboundSa, SaGroup};
use crate::source_address::SourceSettings;
use crate::spd::{PolicyId, Spd};
use crate::wire::{Flow, InnerFlows, SkipList};
use crate::{DropReason, Instant, Link, LinkId, NetworkId, SortedMap, TunnelEnds};

/// What becomes of an inbound SA whose policy is gone when new tables are installed (RFC 4301 section
/// 4.4.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Orphans {
    /// It stays until its lifetime ends.
    #[default]
    Keep,
    /// It is deleted.
    Delete,
}

/// Bounds on work and memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NodeLimits {
    /// How many tunnels a packet may go into, or come out of, in one node.
    pub nesting: usize,
    /// How many datagrams may be in reassembly at a time; 0 for none.
    pub reassembly_datagrams: usize,
    /// The longest datagram that is reassembled, bytes.
    pub reassembly_size: usize,
    /// How long a datagram waits for its fragments.
    pub reassembly_time: core::time::Duration,
}

impl Default for NodeLimits {
    fn default() -> Self {
        Self {
            nesting: 4,
            reassembly_datagrams: 4,
            reassembly_size: 65_535,
            reassembly_time: core::time::Duration::from_secs(30),
        }
    }
}

/// What a node reads while packets pass. Immutable; many nodes may share one.
///
/// A change is a new value: the parts are shared, so that exchanging one FIB or one set of SAs copies
/// neither the others nor the routes in them.
#[derive(Clone, Debug)]
pub struct Tables {
    arrangement: Arrangement,
    networks: Box<[Network]>,
    links: Arc<[Link]>,
    owners: Arc<SortedMap<(NetworkId, IpAddr), LinkId>>,
    tunnels: Arc<SortedMap<(NetworkId, TunnelEnds), LinkId>>,
    interface_sas: Arc<InterfaceSas>,
    shared_sa_interfaces: bool,
    skip: SkipList,
    udp_port: Option<u16>,
    limits: NodeLimits,
    orphans: Orphans,
    firewall: Arc<Firewall>,
    flow_seed: u64,
}

/// One of the networks that a node is in: its own routes, policies and SAs.
#[derive(Clone, Debug)]
pub struct Network {
    name: String,
    base: NetworkId,
    fib: Arc<Fib>,
    spd: Arc<Spd>,
    outbound: Arc<OutboundSas>,
    sources: Arc<SourceSettings>,
}

/// The outbound SAs of a network, by the policy that they serve; the newest first.
#[derive(Clone, Debug, Default)]
pub struct OutboundSas {
    by_policy: SortedMap<PolicyId, SaGroup>,
}

impl Tables {
    /// How the node combines routing, encapsulation and IPsec.
    #[inline]
    #[must_use]
    pub const fn arrangement(&self) -> Arrangement {
        self.arrangement
    }

    /// The network with this number.
    #[inline]
    #[must_use]
    pub fn network(&self, id: NetworkId) -> Option<&Network> {
        self.networks.get(id.index())
    }

    /// The network with this name.
    #[must_use]
    pub fn find_network(&self, name: &str) -> Option<NetworkId> {
        self.networks()
            .find(|(_, network)| network.name == name)
            .map(|(id, _)| id)
    }

    /// All networks.
    pub fn networks(&self) -> impl ExactSizeIterator<Item = (NetworkId, &Network)> {
        self.networks
            .iter()
            .enumerate()
            .map(|(index, network)| (NetworkId::at(index), network))
    }

    /// The link with this number.
    #[inline]
    #[must_use]
    pub fn link(&self, id: LinkId) -> Option<&Link> {
        self.links.get(id.index())
    }

    /// The link with this name.
    #[must_use]
    pub fn find_link(&self, name: &str) -> Option<LinkId> {
        self.links()
            .find(|(_, link)| link.name == name)
            .map(|(id, _)| id)
    }

    /// All links.
    pub fn links(&self) -> impl ExactSizeIterator<Item = (LinkId, &Link)> {
        self.links
            .iter()
            .enumerate()
            .map(|(index, link)| (LinkId::at(index), link))
    }

    /// The link that has this address in this network, if it is one of the node's own.
    #[inline]
    #[must_use]
    pub fn owner(&self, network: NetworkId, address: IpAddr) -> Option<LinkId> {
        self.owners.get(&(network, address)).copied()
    }

    /// The tunnel interface, or SA interface, with these two ends in this base network.
    #[inline]
    #[must_use]
    pub fn find_tunnel(&self, base: NetworkId, ends: TunnelEnds) -> Option<LinkId> {
        self.tunnels.get(&(base, ends)).copied()
    }

    /// Which IPv6 headers are skipped on the way to the next layer.
    #[inline]
    #[must_use]
    pub const fn skip_list(&self) -> &SkipList {
        &self.skip
    }

    /// The port on which UDP-encapsulated ESP is received.
    #[inline]
    #[must_use]
    pub const fn udp_port(&self) -> Option<u16> {
        self.udp_port
    }

    /// Bounds on work and memory.
    #[inline]
    #[must_use]
    pub const fn limits(&self) -> &NodeLimits {
        &self.limits
    }

    /// A number of this node's own that takes part in the choice among equal-cost paths.
    #[inline]
    #[must_use]
    pub const fn flow_seed(&self) -> u64 {
        self.flow_seed
    }

    /// What becomes of inbound SAs whose policy is gone.
    #[must_use]
    pub const fn orphans(&self) -> Orphans {
        self.orphans
    }

    /// What is asked of packets once IPsec and tunnels have let them through.
    #[inline]
    #[must_use]
    pub fn firewall(&self) -> &Firewall {
        &self.firewall
    }

    /// These tables with another FIB for one network: how routing follows a change.
    #[must_use]
    pub fn with_fib(&self, network: NetworkId, fib: Arc<Fib>) -> Self {
        self.with(network, |network| network.fib = fib)
    }

    /// These tables with another MTU of a link, bytes: how a node follows what a path takes.
    #[must_use]
    pub fn with_mtu(&self, link: LinkId, mtu: usize) -> Self {
        let mut links = self.links.to_vec();
        if let Some(link) = links.get_mut(link.index()) {
            link.mtu = mtu;
        }
        Self {
            links: links.into(),
            ..self.clone()
        }
    }

    /// Changes the FIB of a network in place, copying it only if somebody shares it.
    pub(crate) fn change_fib(&mut self, network: NetworkId, change: impl FnOnce(&mut Fib)) {
        if let Some(network) = self.networks.get_mut(network.index()) {
            change(Arc::make_mut(&mut network.fib));
        }
    }

    /// These tables with one more outbound SA for a policy, which is the newest from now on: how a
    /// rekey begins. Unchanged if there is no such policy.
    #[must_use]
    pub fn with_outbound_sa(
        &self,
        network: NetworkId,
        policy: PolicyId,
        sa: Arc<OutboundSa>,
    ) -> Self {
        self.with(network, |network| {
            if network.spd.policy(policy).is_some() {
                Arc::make_mut(&mut network.outbound).insert(policy, sa);
            }
        })
    }

    /// These tables without an outbound SA: how a rekey ends.
    #[must_use]
    pub fn without_outbound_sa(&self, network: NetworkId, sa: &Arc<OutboundSa>) -> Self {
        self.with(network, |network| {
            Arc::make_mut(&mut network.outbound).remove(sa)
        })
    }

    fn with(&self, id: NetworkId, change: impl FnOnce(&mut Network)) -> Self {
        let mut tables = self.clone();
        if let Some(network) = tables.networks.get_mut(id.index()) {
            change(network);
        }
        tables
    }
}

impl Network {
    /// Name, unique in the node.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The network in which outer headers of this network's tunnel-mode SAs are routed.
    #[inline]
    #[must_use]
    pub const fn base(&self) -> NetworkId {
        self.base
    }

    /// Routes.
    #[inline]
    #[must_use]
    pub fn fib(&self) -> &Arc<Fib> {
        &self.fib
    }

    /// Policies.
    #[inline]
    #[must_use]
    pub fn spd(&self) -> &Arc<Spd> {
        &self.spd
    }

    /// Outbound SAs.
    #[inline]
    #[must_use]
    pub fn outbound(&self) -> &OutboundSas {
        &self.outbound
    }

    /// What is said about source addresses.
    #[must_use]
    pub fn sources(&self) -> &SourceSettings {
        &self.sources
    }
}

impl OutboundSas {
    /// The SAs that serve a policy, the newest first.
    #[inline]
    #[must_use]
    pub fn of_policy(&self, policy: PolicyId) -> &[Arc<OutboundSa>] {
        self.group(policy).map(SaGroup::sas).unwrap_or_default()
    }

    /// The SAs that serve a policy, by the worker that each is for.
    #[inline]
    #[must_use]
    pub fn group(&self, policy: PolicyId) -> Option<&SaGroup> {
        self.by_policy.get(&policy)
    }

    /// The SA for a packet of a node without a number: of those that may carry it and are for any worker, the
    /// newest that is usable now (RFC 4301 section 4.1 and 4.4.2). See [`SaGroup::choose`] for a worker.
    ///
    /// # Errors
    /// [`DropReason::NoOutboundSa`], or the reason why the newest that may carry the packet is not
    /// usable.
    #[inline]
    pub fn choose(
        &self,
        policy: PolicyId,
        flow: &Flow,
        now: Instant,
    ) -> Result<&Arc<OutboundSa>, DropReason> {
        self.choose_through(policy, flow, None, now)
    }

    /// [`Self::choose`] with what is inside the packet, for SAs with inner selectors.
    ///
    /// # Errors
    /// As [`Self::choose`].
    #[inline]
    pub fn choose_through(
        &self,
        policy: PolicyId,
        flow: &Flow,
        inner: Option<&InnerFlows>,
        now: Instant,
    ) -> Result<&Arc<OutboundSa>, DropReason> {
        let group = self.group(policy).ok_or(DropReason::NoOutboundSa)?;
        group.choose(None, flow, inner, now)
    }

    /// Whether an SA of a policy has inner selectors, so that packets have to be looked through.
    #[inline]
    #[must_use]
    pub fn look_through(&self, policy: PolicyId) -> bool {
        let mut sas = self.of_policy(policy).iter();
        sas.any(|sa| sa.inner_selectors().is_some())
    }

    /// All SAs.
    pub fn iter(&self) -> impl Iterator<Item = (PolicyId, &Arc<OutboundSa>)> {
        self.by_policy
            .iter()
            .flat_map(|(&policy, group)| group.sas().iter().map(move |sa| (policy, sa)))
    }

    fn insert(&mut self, policy: PolicyId, sa: Arc<OutboundSa>) {
        let group = self.by_policy.get_or_insert_with(policy, SaGroup::default);
        if let Some(group) = group {
            *group = group.with(sa);
        }
    }

    fn remove(&mut self, sa: &Arc<OutboundSa>) {
        for (_, group) in self.by_policy.iter_mut() {
            if group.sas().iter().any(|other| Arc::ptr_eq(other, sa)) {
                *group = group.retained(|other| !Arc::ptr_eq(other, sa));
            }
        }
    }
}
