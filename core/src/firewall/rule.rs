//! One rule of a firewall.

use alloc::boxed::Box;
use alloc::string::String;

use super::TrailPredicate;
use crate::LinkId;
use crate::node::SaTrail;
use crate::spd::{Direction, Selectors};
use crate::wire::{Flow, Fragment};

/// A rule: which packets, and what becomes of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// A name for people and traces, unique in the node.
    pub name: String,
    /// What becomes of the packets.
    pub action: RuleAction,
    /// The links by which they arrived; empty for any.
    pub links: Box<[LinkId]>,
    /// Their fields, in any of these sets: addresses, protocol, ports, ICMP type and code. As they come
    /// in, the local address is the destination.
    pub selectors: Box<[Selectors]>,
    /// Which parts of a datagram.
    pub fragments: FragmentState,
    /// Their DSCPs, one bit each.
    pub dscps: u64,
    /// The way that they came.
    pub trail: TrailPredicate,
}

/// What becomes of the packets of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleAction {
    /// They go on.
    Accept,
    /// They are dropped.
    Discard,
}

/// Which parts of a datagram a rule is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FragmentState {
    /// All of them.
    #[default]
    Any,
    /// Whole datagrams.
    Whole,
    /// First fragments.
    First,
    /// Fragments other than the first, which show no ports.
    Later,
}

impl Rule {
    /// A rule for every packet by any link.
    #[must_use]
    pub fn new(name: impl Into<String>, action: RuleAction) -> Self {
        Self {
            name: name.into(),
            action,
            links: Box::default(),
            selectors: Box::new([Selectors::ANY]),
            fragments: FragmentState::Any,
            dscps: u64::MAX,
            trail: TrailPredicate::default(),
        }
    }

    /// Whether it is for packets that arrived by a link.
    #[inline]
    #[must_use]
    pub fn is_for(&self, link: LinkId) -> bool {
        self.links.is_empty() || self.links.contains(&link)
    }

    /// Whether it is for a packet.
    #[must_use]
    pub fn matches(&self, link: LinkId, flow: &Flow, trail: &SaTrail) -> bool {
        let dscp = flow.traffic_class >> 2;
        self.is_for(link)
            && self.dscps >> dscp & 1 == 1
            && self.fragments.includes(flow.fragment)
            && self
                .selectors
                .iter()
                .any(|set| set.matches(Direction::Inbound, flow))
            && self.trail.holds(trail)
    }
}

impl FragmentState {
    /// Whether a packet is such a part.
    #[must_use]
    pub fn includes(self, fragment: Option<Fragment>) -> bool {
        match self {
            Self::Any => true,
            Self::Whole => fragment.is_none(),
            Self::First => fragment.is_some_and(Fragment::is_first),
            Self::Later => fragment.is_some_and(|fragment| !fragment.is_first()),
        }
    }
}
