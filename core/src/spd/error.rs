//! Why selectors, a policy or an SPD are refused.

use alloc::string::String;
use core::fmt;

use super::PolicyId;

/// Why selectors are refused (RFC 4301 sections 4.4.1.1 to 4.4.1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SelectorError {
    /// A list of ranges has no range.
    EmptyList,
    /// A range ends before it starts.
    ReversedRange,
    /// A prefix is longer than its address.
    PrefixTooLong,
    /// IPv4 and IPv6 addresses in one selector set.
    MixedFamilies,
    /// OPAQUE as the next layer protocol of IPv4, which shows its protocol always.
    OpaqueProtocol,
    /// Port values for a protocol without ports.
    NoPorts,
    /// ICMP types for a protocol that is not the ICMP of this IP version.
    NoIcmpType,
    /// Mobility header types for another protocol, or for IPv4.
    NoMobilityType,
}

impl fmt::Display for SelectorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::EmptyList => "a list of ranges needs at least one range",
            Self::ReversedRange => "a range ends before it starts",
            Self::PrefixTooLong => "a prefix is longer than its address",
            Self::MixedFamilies => "a selector set has both IPv4 and IPv6 addresses",
            Self::OpaqueProtocol => "the next layer protocol can be OPAQUE in IPv6 only",
            Self::NoPorts => "the protocol has no ports, so they can only be ANY or OPAQUE",
            Self::NoIcmpType => "the protocol is not the ICMP of this IP version",
            Self::NoMobilityType => "the protocol is not the mobility header of IPv6",
        })
    }
}

impl core::error::Error for SelectorError {}

/// Why a policy is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PolicyError {
    /// The policy has no selector set.
    NoSelectors,
    /// A field is to be populated from the packet, and its selector is OPAQUE: there is nothing in the
    /// packet to take (RFC 4301 section 4.4.2.2).
    PopulateOpaque,
    /// Ports are to be populated from the packet, and its protocol is not: ports of any protocol have
    /// no meaning (RFC 4301 section 7.1).
    PopulatePortOfAnyProtocol,
    /// One end of the tunnel has an IPv4 address and the other an IPv6 address.
    MixedTunnelEnds,
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoSelectors => "a policy needs at least one selector set",
            Self::PopulateOpaque => "an OPAQUE selector can't be populated from the packet",
            Self::PopulatePortOfAnyProtocol => {
                "ports can be populated from the packet only if its protocol is fixed or populated too"
            }
            Self::MixedTunnelEnds => "the two ends of a tunnel have different IP versions",
        })
    }
}

impl core::error::Error for PolicyError {}

/// Why a list of policies is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SpdError {
    /// Two policies have one name.
    DuplicateName {
        /// The name.
        name: String,
        /// The policy that has it.
        first: PolicyId,
        /// The policy that has it again.
        second: PolicyId,
    },
}

impl fmt::Display for SpdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::DuplicateName {
            name,
            first,
            second,
        } = self;
        write!(
            f,
            "policies {} and {} are both named {name:?}",
            first.0, second.0
        )
    }
}

impl core::error::Error for SpdError {}
