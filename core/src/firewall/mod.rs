//! Policy after decapsulation (RFC 3884 section 4.2.3).
//!
//! In tunnel mode, the SA that opened a packet says what may be inside. IIPtran takes the outer header
//! off in a step of its own, so what protected the packet has to be remembered, and asked for after
//! that step:
//!
//! - A [`Demand`] says what a packet must show that comes out of a tunnel interface: that the SA bound
//!   to the interface opened it, with which services, and which sources it may have. A protected
//!   virtual link of a document demands its own SA without being told.
//! - [`Rule`]s say which packets may be delivered or forwarded: by the link that they arrived by, their
//!   fields as they are now, and the way that they came. The first that matches decides. A link that
//!   no rule names lets everything pass; one that a rule names lets nothing pass but what a rule
//!   accepts.

mod demand;
mod rule;
mod trail;

pub use demand::Demand;
pub use rule::{FragmentState, Rule, RuleAction};
pub use trail::{TrailPattern, TrailPredicate};

use alloc::vec::Vec;

use crate::node::SaTrail;
use crate::wire::Flow;
use crate::{DropReason, LinkId, SortedMap};

/// What a node asks of packets once IPsec and tunnels have let them through. By default, nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Firewall {
    /// What packets must show that come out of a tunnel interface.
    pub demands: SortedMap<LinkId, Demand>,
    /// Which packets may be delivered or forwarded, the first rule to be tried first.
    pub rules: Vec<Rule>,
}

impl Firewall {
    /// Whether it asks for nothing.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.demands.is_empty() && self.rules.is_empty()
    }

    /// The place of the rule that decides about a packet; `None` if none matches.
    #[must_use]
    pub fn lookup(&self, link: LinkId, flow: &Flow, trail: &SaTrail) -> Option<usize> {
        self.rules
            .iter()
            .position(|rule| rule.matches(link, flow, trail))
    }

    /// What the rule in this place says of a packet that arrived by a link; without one, what becomes
    /// of packets that no rule accepts.
    ///
    /// # Errors
    /// [`DropReason::FirewallDiscard`]; [`DropReason::NoFirewallRule`] if the link has rules.
    pub fn verdict(&self, link: LinkId, rule: Option<usize>) -> Result<(), DropReason> {
        match rule.and_then(|rule| self.rules.get(rule)) {
            Some(rule) => match rule.action {
                RuleAction::Accept => Ok(()),
                RuleAction::Discard => Err(DropReason::FirewallDiscard),
            },
            None if self.rules.iter().any(|rule| rule.is_for(link)) => {
                Err(DropReason::NoFirewallRule)
            }
            None => Ok(()),
        }
    }
}
