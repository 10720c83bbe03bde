//! Selectors on inner headers: "IP as extension header" (RFC 3884 section 4.2.3).

use alloc::boxed::Box;

use super::{Direction, Selectors};
use crate::wire::{Flow, InnerFlows};

/// Selector sets for what is inside IP-in-IP packets, beside those for their outer headers: both must
/// match. So IIPtran can express what tunnel-mode selectors express.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InnerSelectors {
    /// Which of the inner packets is compared.
    pub layer: InnerLayer,
    /// The sets, of which one must match.
    pub sets: Box<[Selectors]>,
}

/// Which of several packets inside one another selectors are compared with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InnerLayer {
    /// The innermost: IP inside IP is one more header to skip.
    #[default]
    Innermost,
    /// The one right inside, as in tunnel mode; if it carries another, its next layer protocol is IP.
    Next,
}

impl InnerSelectors {
    /// Whether one of the sets matches. A packet whose inside can't be read is matched by a set for
    /// everything and by no other.
    #[must_use]
    pub fn matches(&self, direction: Direction, inner: Option<&InnerFlows>) -> bool {
        match inner.and_then(|inner| self.layer.flow(inner)) {
            Some(flow) => self.sets.iter().any(|set| set.matches(direction, flow)),
            None => self.sets.contains(&Selectors::ANY),
        }
    }

    /// Whether everything that `other` lets through is let through.
    #[must_use]
    pub fn cover(&self, other: &Self) -> bool {
        let covered = |set| self.sets.iter().any(|own| own.covers(set));
        self.layer == other.layer && other.sets.iter().all(covered)
    }
}

impl InnerLayer {
    /// The fields of the packet of this layer.
    #[must_use]
    pub const fn flow(self, inner: &InnerFlows) -> Option<&Flow> {
        match self {
            Self::Innermost => inner.innermost.as_ref(),
            Self::Next => inner.next.as_ref(),
        }
    }
}
