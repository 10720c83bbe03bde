//! A pair of SAs as it was negotiated.

use core::fmt;

use crate::Mode;
use crate::sa::{InsertCause, SaError, SaParameters};

/// What a key exchange agreed on: an SA each way, of the same mode (RFC 7296 section 1.3.1).
#[derive(Clone, Debug)]
pub struct NegotiatedPair {
    // Invariants: both have one mode, network and transform.
    outbound: SaParameters,
    inbound: SaParameters,
}

/// Why a negotiated pair can't be installed or removed. Nothing has changed then.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NegotiationError {
    /// The two SAs differ in mode, tunnel ends, network, transform or sequence numbers.
    NotAPair,
    /// No tunnel interface of the network has these two ends.
    NoLink,
    /// No policy of the network protects this traffic with SAs like these.
    NoPolicy,
    /// The selectors name protocols or ports, and inner headers are not to be looked at.
    TransportSelectors,
    /// The selectors reach beyond the policy's.
    BeyondPolicy,
    /// The pair gives less than the tunnel interface demands.
    TooWeak,
    /// An SA can't be made.
    Sa(SaError),
    /// The inbound SA can't be inserted.
    Insert(InsertCause),
    /// One of the two is not there, or both.
    NotInstalled,
}

impl NegotiatedPair {
    /// The pair of these two SAs, seen from this node.
    ///
    /// # Errors
    /// [`NegotiationError::NotAPair`].
    pub fn new(outbound: SaParameters, inbound: SaParameters) -> Result<Self, NegotiationError> {
        let common = |sa: &SaParameters| (sa.mode, sa.network, sa.transform, sa.extended_sequence);
        if common(&outbound) != common(&inbound) || outbound.selectors != inbound.selectors {
            return Err(NegotiationError::NotAPair);
        }
        Ok(Self { outbound, inbound })
    }

    /// Mode of both, and in tunnel mode the two ends.
    #[must_use]
    pub const fn mode(&self) -> Mode {
        self.outbound.mode
    }

    /// The SA for what this node sends.
    #[must_use]
    pub const fn outbound(&self) -> &SaParameters {
        &self.outbound
    }

    /// The SA for what this node receives.
    #[must_use]
    pub const fn inbound(&self) -> &SaParameters {
        &self.inbound
    }

    /// The same change to both.
    pub(super) fn with(mut self, change: impl Fn(&mut SaParameters)) -> Self {
        change(&mut self.outbound);
        change(&mut self.inbound);
        self
    }

    pub(super) fn into_parts(self) -> (SaParameters, SaParameters) {
        (self.outbound, self.inbound)
    }
}

impl From<SaError> for NegotiationError {
    fn from(error: SaError) -> Self {
        Self::Sa(error)
    }
}

impl fmt::Display for NegotiationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAPair => {
                "the two SAs differ in mode, tunnel ends, network, selectors, transform or sequence numbers"
            }
            Self::NoLink => "no tunnel interface of the network has these two ends",
            Self::NoPolicy => "no policy of the network protects this traffic with such SAs",
            Self::TransportSelectors => {
                "the selectors name protocols or ports, which the outer header does not show (RFC 3884 section 4.2.4)"
            }
            Self::BeyondPolicy => "the selectors reach beyond those of the policy",
            Self::TooWeak => "the pair gives less than the tunnel interface demands",
            Self::Sa(error) => return error.fmt(f),
            Self::Insert(InsertCause::DuplicateKey) => "another inbound SA has the same key",
            Self::Insert(InsertCause::UnknownNetwork) => "the node is not in the network",
            Self::Insert(InsertCause::TunnelMode) => "the arrangement has no tunnel-mode SAs",
            Self::Insert(InsertCause::NoInterface) => "no interface is the SA between these ends",
            Self::NotInstalled => "the pair is not installed, or not as a pair",
        })
    }
}

impl core::error::Error for NegotiationError {}
