//! A policy: an entry of the SPD.

use alloc::boxed::Box;
use alloc::string::String;

use super::{Direction, InnerSelectors, PolicyError, PopulateFromPacket, Selectors};
use crate::Mode;
use crate::transform::Transform;
use crate::wire::{Flow, InnerFlows, IpVersion};

/// An entry of the SPD: which packets, and what becomes of them (RFC 4301 section 4.4.1.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    name: String,
    applies: Applies,
    // Invariant: at least one.
    selectors: Box<[Selectors]>,
    inner: Option<InnerSelectors>,
    action: Action,
}

/// What becomes of the packets that a policy matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// They don't cross the IPsec boundary.
    Discard,
    /// They cross it in clear.
    Bypass,
    /// They cross it protected by IPsec.
    Protect(Protection),
}

/// The directions for which a policy is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Applies {
    /// Outbound and inbound.
    Both,
    /// Outbound only: an entry of the SPD-O.
    Outbound,
    /// Inbound only: an entry of the SPD-I.
    Inbound,
}

/// How packets are protected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Protection {
    /// Transport mode, or tunnel mode with its two ends.
    pub mode: Mode,
    /// Which selectors of a new SA are the packet's values and not the policy's.
    pub populate: PopulateFromPacket,
    /// The algorithms that SAs may have, the best first; empty for any.
    pub transforms: Box<[Transform]>,
    /// Whether sequence numbers have 64 bits.
    pub extended_sequence: bool,
    /// Whether fragments that don't show their ports follow the first fragment of their datagram (RFC
    /// 4301 section 7.3).
    pub stateful_fragments: bool,
}

impl Policy {
    /// A policy that lets packets pass in clear.
    ///
    /// # Errors
    /// [`PolicyError::NoSelectors`].
    pub fn bypass(
        name: impl Into<String>,
        applies: Applies,
        selectors: impl Into<Box<[Selectors]>>,
    ) -> Result<Self, PolicyError> {
        Self::new(name.into(), applies, selectors.into(), Action::Bypass)
    }

    /// A policy that drops packets.
    ///
    /// # Errors
    /// [`PolicyError::NoSelectors`].
    pub fn discard(
        name: impl Into<String>,
        applies: Applies,
        selectors: impl Into<Box<[Selectors]>>,
    ) -> Result<Self, PolicyError> {
        Self::new(name.into(), applies, selectors.into(), Action::Discard)
    }

    /// A policy that protects packets. It applies to both directions: what goes out is sealed, and what
    /// comes in clear is not let in.
    ///
    /// # Errors
    /// Any [`PolicyError`].
    pub fn protect(
        name: impl Into<String>,
        selectors: impl Into<Box<[Selectors]>>,
        protection: Protection,
    ) -> Result<Self, PolicyError> {
        let selectors = selectors.into();
        if let Mode::Tunnel(ends) = protection.mode
            && IpVersion::of(ends.local) != IpVersion::of(ends.remote)
        {
            return Err(PolicyError::MixedTunnelEnds);
        }
        selectors
            .iter()
            .try_for_each(|set| protection.populate.check(set))?;
        let action = Action::Protect(protection);
        Self::new(name.into(), Applies::Both, selectors, action)
    }

    /// The same policy for those packets only that have something inside that these selectors match too.
    #[must_use]
    pub fn with_inner_selectors(self, inner: InnerSelectors) -> Self {
        Self {
            inner: Some(inner),
            ..self
        }
    }

    /// Whether the policy is for this packet: it applies to the direction, and one of its selector
    /// sets matches. What is inside the packet remains unknown.
    #[inline]
    #[must_use]
    pub fn matches(&self, direction: Direction, flow: &Flow) -> bool {
        self.matches_through(direction, flow, None)
    }

    /// [`Self::matches`] with what is inside the packet, for inner selectors.
    #[inline]
    #[must_use]
    pub fn matches_through(
        &self,
        direction: Direction,
        flow: &Flow,
        inner: Option<&InnerFlows>,
    ) -> bool {
        self.applies.includes(direction)
            && self
                .selectors
                .iter()
                .any(|set| set.matches(direction, flow))
            && self
                .inner
                .as_ref()
                .is_none_or(|sets| sets.matches(direction, inner))
    }

    /// Whether an SA with these selectors stays inside the policy: one selector set covers them.
    #[must_use]
    pub fn covers(&self, selectors: &Selectors) -> bool {
        self.selectors.iter().any(|set| set.covers(selectors))
    }

    /// The name, unique in an SPD.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The directions for which it is looked at.
    #[must_use]
    pub const fn applies(&self) -> Applies {
        self.applies
    }

    /// The selector sets, one at least; a packet matches if it matches any of them.
    #[must_use]
    pub const fn selectors(&self) -> &[Selectors] {
        &self.selectors
    }

    /// The selectors for what is inside the packets, if the policy has any.
    #[must_use]
    pub const fn inner_selectors(&self) -> Option<&InnerSelectors> {
        self.inner.as_ref()
    }

    /// What becomes of the packets.
    #[must_use]
    pub const fn action(&self) -> &Action {
        &self.action
    }

    fn new(
        name: String,
        applies: Applies,
        selectors: Box<[Selectors]>,
        action: Action,
    ) -> Result<Self, PolicyError> {
        if selectors.is_empty() {
            return Err(PolicyError::NoSelectors);
        }
        Ok(Self {
            name,
            applies,
            selectors,
            inner: None,
            action,
        })
    }
}

impl Action {
    /// `discard`, `bypass` or `protect`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Discard => "discard",
            Self::Bypass => "bypass",
            Self::Protect(_) => "protect",
        }
    }
}

impl Applies {
    /// Whether the direction is one of them.
    #[inline]
    #[must_use]
    pub const fn includes(self, direction: Direction) -> bool {
        matches!(
            (self, direction),
            (Self::Both, _)
                | (Self::Outbound, Direction::Outbound)
                | (Self::Inbound, Direction::Inbound)
        )
    }
}

impl Protection {
    /// Protection in this mode, with the defaults of RFC 4301: 64-bit sequence numbers (section
    /// 4.4.2.1), every selector as the policy has it, no stateful fragment checking.
    #[must_use]
    pub fn new(mode: Mode) -> Self {
        Self {
            mode,
            populate: PopulateFromPacket::NONE,
            transforms: Box::default(),
            extended_sequence: true,
            stateful_fragments: false,
        }
    }

    /// Whether an SA may have this transform.
    #[must_use]
    pub fn permits(&self, transform: Transform) -> bool {
        self.transforms.is_empty() || self.transforms.contains(&transform)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TunnelEnds;
    use crate::spd::tests::fixture::*;
    use crate::spd::{AddressSet, NextLayer, PortSet};
    use crate::wire::{Protocol, Upper};
    use Direction::{Inbound, Outbound};

    #[test]
    fn bypass_and_discard_are_for_one_direction_or_both() {
        let esp = flow_v4(Protocol::ESP, Upper::Absent);
        for (applies, outbound, inbound) in [
            (Applies::Both, true, true),
            (Applies::Outbound, true, false),
            (Applies::Inbound, false, true),
        ] {
            for policy in [
                Policy::bypass("policy", applies, [Selectors::ANY]).unwrap(),
                Policy::discard("policy", applies, [Selectors::ANY]).unwrap(),
            ] {
                assert_eq!(policy.matches(Outbound, &esp), outbound);
                assert_eq!(policy.matches(Inbound, &esp), inbound);
            }
        }
    }

    #[test]
    fn protect_is_for_both_directions() {
        let protection = Protection::new(Mode::Transport);
        let policy = Policy::protect("policy", [Selectors::ANY], protection.clone()).unwrap();
        assert_eq!(policy.applies(), Applies::Both);
        assert_eq!(policy.action(), &Action::Protect(protection));
    }

    #[test]
    fn one_matching_selector_set_is_enough() {
        let sets = [
            tcp_set(sides(PortSet::Any, 22)),
            any_to_any(Protocol::ESP.into()),
        ];
        let policy = Policy::bypass("policy", Applies::Both, sets).unwrap();
        assert!(policy.matches(Outbound, &tcp_packet(1024, 22)));
        assert!(policy.matches(Outbound, &flow_v4(Protocol::ESP, Upper::Absent)));
        assert!(!policy.matches(Outbound, &tcp_packet(1024, 23)));
    }

    #[test]
    fn a_policy_without_selectors_is_refused() {
        let refused = Policy::discard("policy", Applies::Both, []);
        assert_eq!(refused, Err(PolicyError::NoSelectors));
    }

    #[test]
    fn the_two_ends_of_a_tunnel_have_one_family() {
        let protect = |local, remote| {
            let ends = TunnelEnds {
                local: address(local),
                remote: address(remote),
            };
            let protection = Protection::new(Mode::Tunnel(ends));
            Policy::protect("policy", [Selectors::ANY], protection).err()
        };
        assert_eq!(protect("192.0.2.1", "198.51.100.1"), None);
        let mixed = protect("192.0.2.1", "2001:db8::1");
        assert_eq!(mixed, Some(PolicyError::MixedTunnelEnds));
    }

    #[test]
    fn an_sa_stays_inside_one_selector_set() {
        let to = |prefix, length| {
            let remote = AddressSet::prefix(address(prefix), length).unwrap();
            Selectors::new(AddressSet::Any, remote, NextLayer::Any).unwrap()
        };
        let sets = [to("192.0.2.0", 25), to("192.0.2.128", 25)];
        let policy = Policy::protect("policy", sets, Protection::new(Mode::Transport)).unwrap();
        assert!(policy.covers(&to("192.0.2.0", 25)) && policy.covers(&to("192.0.2.200", 32)));
        assert!(!policy.covers(&to("192.0.2.0", 24)) && !policy.covers(&Selectors::ANY));
    }
}
