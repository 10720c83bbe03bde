//! The Security Policy Database (RFC 4301 section 4.4.1): which packets cross the IPsec boundary, and
//! how.
//!
//! The SPD is one ordered list, and the first [`Policy`] that matches decides. RFC 4301's SPD-S, SPD-O
//! and SPD-I are views of it: the PROTECT policies, which are for both directions, and the BYPASS and
//! DISCARD policies of each direction. What no policy names is discarded.
//!
//! ```
//! use core::net::IpAddr;
//! use iiptran::Mode;
//! use iiptran::spd::{Applies, Direction, Policy, Protection, Selectors, Spd};
//! use iiptran::wire::{Flow, Protocol, Upper};
//!
//! // RFC 3884 in one policy: the IP packets inside IP between two tunnel ends are protected.
//! let [here, there]: [IpAddr; 2] = ["192.0.2.1".parse()?, "198.51.100.1".parse()?];
//! let link = Selectors::new(here.into(), there.into(), Protocol::IPV4.into())?;
//! let spd = Spd::new([
//!     Policy::protect("link", [link], Protection::new(Mode::Transport))?,
//!     Policy::discard("rest", Applies::Both, [Selectors::ANY])?,
//! ])?;
//!
//! let flow = Flow {
//!     source: here,
//!     destination: there,
//!     protocol: Protocol::IPV4,
//!     upper: Upper::Absent,
//!     traffic_class: 0,
//!     flow_label: 0,
//!     fragment: None,
//! };
//! let first = |direction| spd.lookup(direction, &flow).map(|(_, policy)| policy.name());
//! assert_eq!(first(Direction::Outbound), Some("link"));
//! assert_eq!(first(Direction::Inbound), Some("rest"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod address;
mod compiled;
mod direction;
mod display;
mod error;
mod field;
mod inner;
mod mismatch;
mod next_layer;
mod pfp;
mod policy;
mod range;
mod selector;
#[cfg(test)]
mod tests;
mod translation;

pub use address::{AddressSet, prefix_range};
pub use direction::Direction;
pub use error::{PolicyError, SelectorError, SpdError};
pub use field::{FieldSet, IcmpMessage, IcmpSet, MobilitySet, PortSet, Sides};
pub use inner::{InnerLayer, InnerSelectors};
pub use mismatch::Mismatch;
pub use next_layer::{NextLayer, UpperSelector};
pub use pfp::PopulateFromPacket;
pub use policy::{Action, Applies, Policy, Protection};
pub use range::{RangeSet, Successor};
pub use selector::Selectors;
pub use translation::{Translation, TranslationError};

use alloc::boxed::Box;

use crate::sorted::duplicate;
use crate::wire::{Flow, InnerFlows};
use compiled::{Compiled, LANES};

/// The Security Policy Database. The empty one, which is the default, matches nothing.
#[derive(Clone, Debug, Default)]
pub struct Spd {
    // Invariant: no two have one name.
    policies: Box<[Policy]>,
    looks_through: bool,
    compiled: Compiled,
}

impl PartialEq for Spd {
    fn eq(&self, other: &Self) -> bool {
        self.policies == other.policies
    }
}

impl Eq for Spd {}

/// A policy of an SPD: its place in the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PolicyId(pub u32);

impl Spd {
    /// The SPD of these policies, the first to be tried first.
    ///
    /// # Errors
    /// [`SpdError::DuplicateName`].
    pub fn new(policies: impl Into<Box<[Policy]>>) -> Result<Self, SpdError> {
        let policies = policies.into();
        let mut all = policies.iter();
        let spd = Self {
            looks_through: all.any(|policy| policy.inner_selectors().is_some()),
            compiled: Compiled::new(&policies),
            policies,
        };
        let twice = duplicate(spd.iter().map(|(_, policy)| policy.name()));
        if let Some((first, second)) = twice
            && let (Some((first, _)), Some((second, policy))) =
                (spd.iter().nth(first), spd.iter().nth(second))
        {
            return Err(SpdError::DuplicateName {
                name: policy.name().into(),
                first,
                second,
            });
        }
        Ok(spd)
    }

    /// The first policy that matches the packet. `None` means: discard it. What is inside the packet
    /// remains unknown; see [`Self::lookup_through`].
    #[must_use]
    pub fn lookup(&self, direction: Direction, flow: &Flow) -> Option<(PolicyId, &Policy)> {
        self.lookup_through(direction, flow, None)
    }

    /// [`Self::lookup`] with what is inside the packet, for policies with inner selectors.
    #[must_use]
    pub fn lookup_through(
        &self,
        direction: Direction,
        flow: &Flow,
        inner: Option<&InnerFlows>,
    ) -> Option<(PolicyId, &Policy)> {
        self.lookup_among(direction, flow, inner, |_| true)
    }

    /// [`Self::lookup_through`], with some of the policies only: the first that matches and that
    /// `is_candidate` accepts.
    #[inline]
    #[must_use]
    pub fn lookup_among(
        &self,
        direction: Direction,
        flow: &Flow,
        inner: Option<&InnerFlows>,
        is_candidate: impl Fn(&Policy) -> bool,
    ) -> Option<(PolicyId, &Policy)> {
        let is_accepted = |id: u32, is_sure: bool| {
            self.policy(PolicyId(id)).is_some_and(|policy| {
                (is_sure || policy.matches_through(direction, flow, inner)) && is_candidate(policy)
            })
        };
        match self.compiled.find(direction, flow, is_accepted) {
            Some(found) => {
                let id = PolicyId(found?);
                Some((id, self.policy(id)?))
            }
            None => self.iter().find(|(_, policy)| {
                policy.matches_through(direction, flow, inner) && is_candidate(policy)
            }),
        }
    }

    /// The first policies that match packets of one direction: in each place what [`Self::lookup`] says of
    /// the packet there.
    ///
    /// If one of the slices is longer, the rest of it is left alone.
    pub fn lookup_burst(
        &self,
        direction: Direction,
        flows: &[Flow],
        found: &mut [Option<PolicyId>],
    ) {
        let count = flows.len().min(found.len());
        let flows = flows.get(..count).unwrap_or_default();
        let found = found.get_mut(..count).unwrap_or_default();
        let one = |flow| self.lookup(direction, flow).map(|(id, _)| id);
        let (eights, rest) = flows.as_chunks::<LANES>();
        let (found, last) = found.as_chunks_mut::<LANES>();
        for (flows, found) in eights.iter().zip(found) {
            let known = self.compiled.find_all(direction, flows);
            for ((flow, found), known) in flows.iter().zip(found).zip(known.iter()) {
                *found = match known {
                    Some(known) => known.map(PolicyId),
                    None => one(flow),
                };
            }
        }
        for (flow, found) in rest.iter().zip(last) {
            *found = one(flow);
        }
    }

    /// Whether a policy has inner selectors, so that packets have to be looked through.
    #[inline]
    #[must_use]
    pub const fn looks_through(&self) -> bool {
        self.looks_through
    }

    /// The policy in this place.
    #[must_use]
    pub fn policy(&self, id: PolicyId) -> Option<&Policy> {
        self.policies.get(usize::try_from(id.0).ok()?)
    }

    /// The policy of this name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<(PolicyId, &Policy)> {
        self.iter().find(|(_, policy)| policy.name() == name)
    }

    /// The policies in their order.
    pub fn iter(&self) -> impl Iterator<Item = (PolicyId, &Policy)> {
        (0..).map(PolicyId).zip(&self.policies)
    }
}
