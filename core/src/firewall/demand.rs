//! What a packet must show that comes out of a tunnel interface.

use alloc::boxed::Box;
use core::net::IpAddr;

use crate::DropReason;
use crate::node::{SaTrail, Services};
use crate::spd::AddressSet;

/// What a packet must show that comes out of a tunnel interface. By default nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Demand {
    /// What an SA must have given it; `None` if it may come in clear.
    pub services: Option<Services>,
    /// Whether that SA must be bound to the interface: one that carries nothing but IP packets between
    /// the interface's two ends. So an SA of another peer does not do, nor one for anything.
    pub bound: bool,
    /// The sources that inner packets may have, in any of these sets; empty for any.
    pub sources: Box<[AddressSet]>,
}

impl Demand {
    /// Asks for an SA that is bound to the interface and gives these services: the rule of RFC 3884
    /// section 4.2.3.
    #[must_use]
    pub fn bound(services: Services) -> Self {
        Self {
            services: Some(services),
            bound: true,
            sources: Box::default(),
        }
    }

    /// Compares what a packet shows: its trail, which ends with the interface, and its inner source.
    ///
    /// # Errors
    /// [`DropReason::Unprotected`], [`DropReason::WrongSa`], [`DropReason::WeakProtection`],
    /// [`DropReason::SourceNotAllowed`].
    pub fn check(&self, trail: &SaTrail, source: IpAddr) -> Result<(), DropReason> {
        if let Some(services) = self.services {
            let sas = || trail.last_layer();
            let counts = |is_bound: bool| is_bound || !self.bound;
            if sas().next().is_none() {
                return Err(DropReason::Unprotected);
            }
            if !sas().any(|(_, is_bound)| counts(is_bound)) {
                return Err(DropReason::WrongSa);
            }
            if !sas().any(|(given, is_bound)| counts(is_bound) && given.include(services)) {
                return Err(DropReason::WeakProtection);
            }
        }
        let mut sources = self.sources.iter();
        if self.sources.is_empty() || sources.any(|set| set.contains(source)) {
            Ok(())
        } else {
            Err(DropReason::SourceNotAllowed)
        }
    }
}
