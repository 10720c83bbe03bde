//! Explicit congestion notification across a tunnel (RFC 6040).

use crate::DropReason;

/// The two low bits of TOS and traffic class (RFC 3168 section 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Ecn {
    /// The transport does not know ECN.
    NotEct = 0b00,
    /// ECN-capable, codepoint 1.
    Ect1 = 0b01,
    /// ECN-capable, codepoint 0.
    Ect0 = 0b10,
    /// Congestion experienced.
    Ce = 0b11,
}

/// What a tunnel's entry writes into the outer header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EcnIngress {
    /// The inner codepoint (RFC 6040 section 4.1, normal mode).
    #[default]
    Normal,
    /// Always Not-ECT, for a far end that would not carry a mark inwards (RFC 6040 section 4.1).
    Compatibility,
    /// The inner codepoint, but ECT(0) for CE (RFC 3168 section 9.1.1): what Linux sends.
    FullFunctionality,
}

/// How a tunnel's exit combines the two codepoints.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EcnEgress {
    /// RFC 6040 section 4.2.
    #[default]
    Rfc6040,
    /// RFC 4301 section 5.1.2.1, which RFC 6040 replaces: a mark on a Not-ECT packet is lost, and ECT(1)
    /// outside changes nothing. What Linux does in tunnel mode; for comparison and tests.
    Rfc4301,
    /// The outer codepoint is ignored.
    Ignore,
}

/// A combination that no honest path produces (RFC 6040 section 4.2). Worth a log entry, at a limited
/// rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EcnAnomaly {
    /// Currently unused by any standard, possibly dangerous.
    Possible,
    /// Always potentially dangerous.
    Dangerous,
}

impl Ecn {
    /// The codepoint of a TOS or traffic class byte.
    #[inline]
    #[must_use]
    pub const fn of(traffic_class: u8) -> Self {
        match traffic_class & 0b11 {
            0b00 => Self::NotEct,
            0b01 => Self::Ect1,
            0b10 => Self::Ect0,
            _ => Self::Ce,
        }
    }

    /// The name in the RFCs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotEct => "Not-ECT",
            Self::Ect1 => "ECT(1)",
            Self::Ect0 => "ECT(0)",
            Self::Ce => "CE",
        }
    }
}

impl EcnIngress {
    /// The outer codepoint for an inner one.
    #[inline]
    #[must_use]
    pub const fn outer(self, inner: Ecn) -> Ecn {
        match (self, inner) {
            (Self::Compatibility, _) => Ecn::NotEct,
            (Self::FullFunctionality, Ecn::Ce) => Ecn::Ect0,
            (Self::Normal | Self::FullFunctionality, inner) => inner,
        }
    }
}

impl EcnEgress {
    /// The codepoint with which the inner packet goes on.
    ///
    /// # Errors
    /// [`DropReason::EcnCongestionLost`]: the mark can't be carried inwards.
    #[inline]
    pub const fn combine(self, inner: Ecn, outer: Ecn) -> Result<Ecn, DropReason> {
        match (self, inner, outer) {
            (Self::Rfc6040, Ecn::NotEct, Ecn::Ce) => Err(DropReason::EcnCongestionLost),
            (Self::Rfc6040, Ecn::Ect0, Ecn::Ect1) => Ok(Ecn::Ect1),
            (Self::Rfc6040 | Self::Rfc4301, Ecn::Ect0 | Ecn::Ect1, Ecn::Ce) => Ok(Ecn::Ce),
            (_, inner, _) => Ok(inner),
        }
    }
}

impl EcnAnomaly {
    /// Whether the combination is one that RFC 6040 figure 4 flags.
    #[must_use]
    pub const fn of(inner: Ecn, outer: Ecn) -> Option<Self> {
        match (inner, outer) {
            (Ecn::NotEct, Ecn::Ect0 | Ecn::Ect1 | Ecn::Ce) | (Ecn::Ce, Ecn::Ect1) => {
                Some(Self::Dangerous)
            }
            (Ecn::Ect1, Ecn::Ect0) => Some(Self::Possible),
            _ => None,
        }
    }
}
