//! Installing and removing negotiated pairs.

use alloc::boxed::Box;
use alloc::sync::Arc;

use super::{NegotiatedPair, NegotiationError};
use crate::node::Services;
use crate::sa::{InboundSa, OutboundSa, SaId, SaParameters};
use crate::spd::{Action, InnerLayer, InnerSelectors, NextLayer, Policy, PolicyId, Selectors};
use crate::{LinkId, Mode, NetworkId, Node, Tables, TunnelEnds};

/// What becomes of the selectors of a tunnel-mode pair that is installed over a tunnel interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TrafficCheck {
    /// They become inner selectors, and hold as in tunnel mode (RFC 3884 section 4.2.3).
    #[default]
    Inner,
    /// They are left to routing and to the firewall, and the SAs see outer headers only. Protocols and
    /// ports have no place there.
    Outer,
}

/// A pair that is installed.
#[derive(Clone, Debug)]
pub struct InstalledPair {
    /// The tunnel interface that it protects; `None` if it is installed as it was negotiated.
    pub link: Option<LinkId>,
    /// The network whose policy it serves.
    pub network: NetworkId,
    /// The policy.
    pub policy: PolicyId,
    /// The SA for what this node sends.
    pub outbound: Arc<OutboundSa>,
    /// The network in which the packets of the other arrive.
    pub arrival: NetworkId,
    /// The SA for what this node receives.
    pub inbound: SaId,
}

impl Node {
    /// Installs a negotiated pair: both SAs or none.
    ///
    /// A pair in tunnel mode becomes one in transport mode where the node has tunnel interfaces: over
    /// the interface, of the network that the SAs name, whose two ends are the tunnel's (RFC 3884
    /// section 4.2.4). Negotiation and peer don't notice. Where policies ask for tunnel mode, and for pairs
    /// that were negotiated in transport mode, the SAs are installed as they are.
    ///
    /// The outbound SA is the newest of its policy from now on.
    ///
    /// # Errors
    /// [`NegotiationError`]; then nothing has changed.
    pub fn install_negotiated(
        &mut self,
        pair: NegotiatedPair,
        check: TrafficCheck,
    ) -> Result<InstalledPair, NegotiationError> {
        let tables = Arc::clone(self.tables());
        let form = tables.arrangement().virtual_links();
        let (pair, link) = match pair.mode() {
            Mode::Tunnel(ends) if !form.has_tunnel_mode_policies() => {
                let (pair, link) = over_interface(&tables, pair, ends, check)?;
                (pair, Some(link))
            }
            _ => (pair, None),
        };
        let network = pair.outbound().network;
        let policy = find_policy(&tables, pair.outbound())?;
        let (outbound, inbound) = pair.into_parts();
        let outbound = Arc::new(OutboundSa::new(outbound)?);
        let inbound = InboundSa::new(inbound)?;
        let id = inbound.id();
        let arrival = self.arrival_network(&inbound);
        self.insert_inbound_sa(inbound)
            .map_err(|error| NegotiationError::Insert(error.cause))?;
        // Nothing can go wrong from here on.
        let tables = tables.with_outbound_sa(network, policy, Arc::clone(&outbound));
        self.install(Arc::new(tables));
        Ok(InstalledPair {
            link,
            network,
            policy,
            outbound,
            arrival,
            inbound: id,
        })
    }

    /// Removes an installed pair: both SAs or none.
    ///
    /// # Errors
    /// [`NegotiationError::NotInstalled`]; then nothing has changed.
    pub fn remove_negotiated(&mut self, pair: &InstalledPair) -> Result<(), NegotiationError> {
        let tables = Arc::clone(self.tables());
        let network = tables.network(pair.network);
        let is_there = network.is_some_and(|network| {
            let mut sas = network.outbound().of_policy(pair.policy).iter();
            sas.any(|sa| Arc::ptr_eq(sa, &pair.outbound))
        });
        if !is_there
            || self
                .remove_inbound_sa(pair.arrival, &pair.inbound)
                .is_none()
        {
            return Err(NegotiationError::NotInstalled);
        }
        let tables = tables.without_outbound_sa(pair.network, &pair.outbound);
        self.install(Arc::new(tables));
        Ok(())
    }
}

/// The pair in transport mode over the interface with its ends.
fn over_interface(
    tables: &Tables,
    pair: NegotiatedPair,
    ends: TunnelEnds,
    check: TrafficCheck,
) -> Result<(NegotiatedPair, LinkId), NegotiationError> {
    let network = pair.outbound().network;
    let mut links = tables
        .links()
        .filter_map(|(id, link)| Some((id, link.network, link.tunnel()?)));
    let (link, _, tunnel) = links
        .find(|(_, of, tunnel)| (*of, tunnel.ends) == (network, ends))
        .ok_or(NegotiationError::NoLink)?;
    let sets = &pair.outbound().selectors;
    let inner = match check {
        _ if sets.contains(&Selectors::ANY) => None,
        TrafficCheck::Inner => Some(InnerSelectors {
            layer: InnerLayer::Next,
            sets: sets.clone(),
        }),
        TrafficCheck::Outer if sets.iter().any(|set| *set.next_layer() != NextLayer::Any) => {
            return Err(NegotiationError::TransportSelectors);
        }
        TrafficCheck::Outer => None,
    };
    let demanded = tables.firewall().demands.get(&link);
    let demanded = demanded.and_then(|demand| demand.services);
    let given = Services {
        confidentiality: pair.inbound().transform.is_confidential(),
        anti_replay: pair.inbound().window.is_some(),
    };
    if demanded.is_some_and(|demanded| !given.include(demanded)) {
        return Err(NegotiationError::TooWeak);
    }
    let outer = Selectors::of_tunnel(ends).map_err(|_| NegotiationError::NoLink)?;
    let pair = pair.with(|sa| {
        sa.mode = Mode::Transport;
        sa.network = tunnel.base;
        sa.selectors = Box::new(outer.clone());
        sa.inner_selectors = inner.clone();
    });
    Ok((pair, link))
}

/// The first policy that the SA may serve.
fn find_policy(tables: &Tables, sa: &SaParameters) -> Result<PolicyId, NegotiationError> {
    let network = tables.network(sa.network);
    let network = network.ok_or(NegotiationError::NoPolicy)?;
    let protects = |policy: &Policy| match policy.action() {
        Action::Protect(protection) => {
            protection.mode == sa.mode && protection.permits(sa.transform)
        }
        Action::Bypass | Action::Discard => false,
    };
    let covers = |policy: &Policy| sa.selectors.iter().all(|set| policy.covers(set));
    let mut candidates = network
        .spd()
        .iter()
        .filter(|(_, policy)| protects(policy) && covers(policy))
        .peekable();
    candidates.peek().ok_or(NegotiationError::NoPolicy)?;
    let within = |policy: &Policy| match (policy.inner_selectors(), &sa.inner_selectors) {
        (Some(own), Some(inner)) => own.cover(inner),
        _ => true,
    };
    candidates
        .find(|(_, policy)| within(policy))
        .map(|(id, _)| id)
        .ok_or(NegotiationError::BeyondPolicy)
}
