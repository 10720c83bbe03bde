//! From tunnel mode to IIPtran: the mechanical translation of an SPD.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::{
    Action, Applies, InnerLayer, InnerSelectors, Policy, PolicyError, PopulateFromPacket,
    Protection, SelectorError, Selectors, Spd, SpdError,
};
use crate::{Mode, TunnelEnds};

/// What a tunnel-mode SPD becomes under IIPtran. Together the two give each packet the fate that it had,
/// as long as routing leads it into the tunnel that its policy named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Translation {
    /// For the network of the packets: what may cross its boundary in clear. What was to be protected
    /// may not.
    pub clear: Spd,
    /// For the base network: which packets each tunnel protects, by their inner headers.
    pub outer: Spd,
}

/// Why an SPD can't be translated.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TranslationError {
    /// The policy of this name takes selectors of new SAs from the packet: from an outer header they
    /// would be others.
    Populate(String),
    /// The policy of this name looks through IP inside IP already.
    InnerSelectors(String),
    /// Selectors are refused.
    Selectors(SelectorError),
    /// A policy is refused.
    Policy(PolicyError),
    /// The whole is refused.
    Spd(SpdError),
}

impl Spd {
    /// Translates a tunnel-mode SPD: every tunnel-mode policy becomes a transport-mode policy on the
    /// outer header of its tunnel, and its selectors become inner selectors (RFC 3884 section 4.2.3).
    ///
    /// The first match must go on to decide, so whatever came before a policy keeps the same packets
    /// out of its tunnel: a policy that was for another tunnel, or for none, discards there. Names
    /// grow by the far end of the tunnel.
    ///
    /// # Errors
    /// [`TranslationError`].
    pub fn to_iiptran(&self) -> Result<Translation, TranslationError> {
        let mut tunnels: Vec<TunnelEnds> = Vec::new();
        let mut clear = Vec::new();
        for (_, policy) in self.iter() {
            if policy.inner_selectors().is_some() {
                return Err(TranslationError::InnerSelectors(policy.name().into()));
            }
            let Action::Protect(protection) = policy.action() else {
                clear.push(policy.clone());
                continue;
            };
            if protection.populate != PopulateFromPacket::NONE {
                return Err(TranslationError::Populate(policy.name().into()));
            }
            let Mode::Tunnel(ends) = protection.mode else {
                clear.push(policy.clone());
                continue;
            };
            if !tunnels.contains(&ends) {
                tunnels.push(ends);
            }
            let sets = policy.selectors();
            clear.push(Policy::discard(policy.name(), Applies::Both, sets)?);
        }
        let mut outer = Vec::new();
        for ends in tunnels {
            self.add_tunnel(ends, &mut outer)?;
        }
        Ok(Translation {
            clear: Self::new(clear)?,
            outer: Self::new(outer)?,
        })
    }

    /// The policies of one tunnel.
    fn add_tunnel(
        &self,
        ends: TunnelEnds,
        outer: &mut Vec<Policy>,
    ) -> Result<(), TranslationError> {
        let sets = Selectors::of_tunnel(ends)?;
        for (_, policy) in self.iter() {
            let name = format!("{} to {}", policy.name(), ends.remote);
            let translated = match policy.action() {
                Action::Protect(protection) if protection.mode == Mode::Tunnel(ends) => {
                    let protection = Protection {
                        mode: Mode::Transport,
                        ..protection.clone()
                    };
                    Policy::protect(name, sets.clone(), protection)
                }
                _ => Policy::discard(name, policy.applies(), sets.clone()),
            };
            outer.push(translated?.with_inner_selectors(InnerSelectors {
                layer: InnerLayer::Next,
                sets: policy.selectors().into(),
            }));
        }
        Ok(())
    }
}

impl From<SelectorError> for TranslationError {
    fn from(error: SelectorError) -> Self {
        Self::Selectors(error)
    }
}

impl From<PolicyError> for TranslationError {
    fn from(error: PolicyError) -> Self {
        Self::Policy(error)
    }
}

impl From<SpdError> for TranslationError {
    fn from(error: SpdError) -> Self {
        Self::Spd(error)
    }
}

impl fmt::Display for TranslationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Populate(name) => write!(
                f,
                "policy {name:?} takes selectors of new SAs from the packet, and the outer header has others"
            ),
            Self::InnerSelectors(name) => {
                write!(f, "policy {name:?} has inner selectors already")
            }
            Self::Selectors(error) => error.fmt(f),
            Self::Policy(error) => error.fmt(f),
            Self::Spd(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for TranslationError {}
