//! Why a packet met its end: one machine-readable reason for every packet that does not get through.
//!
//! The same list is the counters, the trace, the exit of every stage and, in each language, the
//! error. Codes are appended, never renumbered; the high half of a code is the group.

mod explanation;

pub use explanation::{Explained, Explanation};

/// Why a packet was dropped.
///
/// ```
/// use iiptran::DropReason;
///
/// assert_eq!(DropReason::from_name("bad-icv"), Some(DropReason::BadIcv));
/// assert_eq!(DropReason::BadIcv.code(), 0x52);
/// assert_eq!(DropReason::BadIcv.explanation().clause, "RFC 4303 section 3.4.4");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
#[repr(u8)]
pub enum DropReason {
    /// The packet ends before its headers say that it does.
    Truncated = 0x10,
    /// The IP version is not the one that belongs here.
    BadVersion = 0x11,
    /// A header's length field is smaller than the header.
    BadHeaderLength = 0x12,
    /// The IPv4 header checksum is wrong.
    BadChecksum = 0x13,
    /// The total or payload length contradicts the bytes.
    BadTotalLength = 0x14,
    /// An IPv6 extension header is out of place, too many, or longer than the packet.
    BadExtensionHeader = 0x15,

    /// No route leads to the destination.
    NoRoute = 0x20,
    /// The TTL or hop limit is used up.
    TtlExpired = 0x21,
    /// The node has no address that may be the source.
    NoSourceAddress = 0x22,
    /// The link is down.
    LinkDown = 0x23,
    /// The source or destination address can't be on the wire here.
    Martian = 0x24,
    /// The source is not reached through the link the packet came by.
    ReversePath = 0x25,
    /// The route says to discard silently.
    Blackhole = 0x26,
    /// The route says that the destination is unreachable.
    Unreachable = 0x27,
    /// The route says that the destination is forbidden.
    Prohibited = 0x28,
    /// The source is none of the node's addresses in this network.
    ForeignSource = 0x29,

    /// A policy says DISCARD.
    PolicyDiscard = 0x30,
    /// No policy matches.
    NoPolicy = 0x31,
    /// The packet came in clear although policy wants it protected.
    Unprotected = 0x32,
    /// The packet is not one that its SA may carry.
    SelectorMismatch = 0x33,
    /// The fragments of a datagram came by different SAs and tunnels.
    TrailViolation = 0x34,
    /// Transport mode was asked for a packet of somebody else.
    TransportInTransit = 0x35,
    /// A policy takes selector values from the packet, and the packet has none.
    SelectorUnavailable = 0x36,
    /// The packet came out of a tunnel, and its SA is none that is bound to the tunnel.
    WrongSa = 0x37,
    /// The packet's SA gave less than the tunnel demands.
    WeakProtection = 0x38,
    /// The packet came out of a tunnel with an inner source that the tunnel does not permit.
    SourceNotAllowed = 0x39,
    /// A rule of the firewall says to discard.
    FirewallDiscard = 0x3a,
    /// The link has firewall rules, and none accepts the packet.
    NoFirewallRule = 0x3b,

    /// No SA has this SPI.
    UnknownSpi = 0x40,
    /// The SA's lifetime in time is over.
    SaExpired = 0x41,
    /// The SA's sequence numbers are used up.
    SequenceExhausted = 0x42,
    /// Policy says PROTECT and no outbound SA is usable.
    NoOutboundSa = 0x43,
    /// The SA's lifetime in bytes or packets is over.
    LifetimeExceeded = 0x44,

    /// The sequence number was already received.
    Replayed = 0x50,
    /// The sequence number is older than the anti-replay window.
    LeftOfWindow = 0x51,
    /// The integrity check value is wrong: damaged, forged, or another key.
    BadIcv = 0x52,
    /// The ESP padding is longer than the payload or has the wrong contents.
    BadPadding = 0x53,
    /// A fragment was offered to IPsec.
    FragmentOffered = 0x54,
    /// A dummy packet of traffic-flow confidentiality.
    Dummy = 0x55,
    /// A NAT keepalive.
    NatKeepalive = 0x56,

    /// A tunnel-mode SA carried something that is not an IP packet.
    NotTunnelled = 0x60,
    /// No tunnel has these two ends.
    UnknownTunnel = 0x61,
    /// Tunnels are nested too deep, or lead into themselves.
    TunnelLoop = 0x62,
    /// Congestion was marked on a packet that can't carry the mark inwards.
    EcnCongestionLost = 0x63,
    /// The inner header forbids fragmentation and the outer one would permit it.
    DfConflict = 0x64,
    /// The packet's source is the tunnel itself.
    RecursiveEncapsulation = 0x65,
    /// The packet may not be encapsulated once more.
    EncapsulationLimit = 0x66,

    /// The packet is larger than the link's MTU.
    PacketTooBig = 0x70,
    /// The buffer has too little room before the packet.
    NoHeadroom = 0x71,
    /// The buffer has too little room after the packet.
    NoTailroom = 0x72,
    /// All places for reassembly are taken, or the datagram is too large for one.
    ReassemblyFull = 0x73,
    /// Fragments of a datagram did not all come in time.
    ReassemblyTimeout = 0x74,
    /// Fragments of a datagram overlap.
    FragmentOverlap = 0x75,
}

/// The kinds of drop reasons: the high half of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
#[repr(u8)]
pub enum ReasonGroup {
    /// The bytes are not a packet.
    Parse = 0x1,
    /// Forwarding found no way.
    Route = 0x2,
    /// The security policy forbids it.
    Policy = 0x3,
    /// The SA is missing or used up.
    Sa = 0x4,
    /// ESP processing failed.
    Esp = 0x5,
    /// Encapsulation or decapsulation failed.
    Tunnel = 0x6,
    /// The packet does not fit.
    Size = 0x7,
}

impl DropReason {
    /// Every reason, in the order of its code.
    pub const ALL: &'static [Self] = &[
        Self::Truncated,
        Self::BadVersion,
        Self::BadHeaderLength,
        Self::BadChecksum,
        Self::BadTotalLength,
        Self::BadExtensionHeader,
        Self::NoRoute,
        Self::TtlExpired,
        Self::NoSourceAddress,
        Self::LinkDown,
        Self::Martian,
        Self::ReversePath,
        Self::Blackhole,
        Self::Unreachable,
        Self::Prohibited,
        Self::ForeignSource,
        Self::PolicyDiscard,
        Self::NoPolicy,
        Self::Unprotected,
        Self::SelectorMismatch,
        Self::TrailViolation,
        Self::TransportInTransit,
        Self::SelectorUnavailable,
        Self::WrongSa,
        Self::WeakProtection,
        Self::SourceNotAllowed,
        Self::FirewallDiscard,
        Self::NoFirewallRule,
        Self::UnknownSpi,
        Self::SaExpired,
        Self::SequenceExhausted,
        Self::NoOutboundSa,
        Self::LifetimeExceeded,
        Self::Replayed,
        Self::LeftOfWindow,
        Self::BadIcv,
        Self::BadPadding,
        Self::FragmentOffered,
        Self::Dummy,
        Self::NatKeepalive,
        Self::NotTunnelled,
        Self::UnknownTunnel,
        Self::TunnelLoop,
        Self::EcnCongestionLost,
        Self::DfConflict,
        Self::RecursiveEncapsulation,
        Self::EncapsulationLimit,
        Self::PacketTooBig,
        Self::NoHeadroom,
        Self::NoTailroom,
        Self::ReassemblyFull,
        Self::ReassemblyTimeout,
        Self::FragmentOverlap,
    ];

    /// The stable number of this reason.
    #[must_use]
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// The reason with this number.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|reason| reason.code() == code)
    }

    /// The stable name, in kebab case, such as `bad-icv`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.explanation().name
    }

    /// The reason with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|reason| reason.name() == name)
    }

    /// The kind of reason.
    #[must_use]
    pub const fn group(self) -> ReasonGroup {
        match self.code() >> 4 {
            0x1 => ReasonGroup::Parse,
            0x2 => ReasonGroup::Route,
            0x3 => ReasonGroup::Policy,
            0x4 => ReasonGroup::Sa,
            0x5 => ReasonGroup::Esp,
            0x6 => ReasonGroup::Tunnel,
            _ => ReasonGroup::Size,
        }
    }

    /// Whether the packet was meant to end here: nothing is wrong, and nothing needs a log entry.
    #[must_use]
    pub const fn is_expected(self) -> bool {
        matches!(self, Self::Dummy | Self::NatKeepalive)
    }
}

impl core::fmt::Display for DropReason {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.name())
    }
}

impl core::error::Error for DropReason {}

impl ReasonGroup {
    /// The name of the group, in lower case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Parse => "parse",
            Self::Route => "route",
            Self::Policy => "policy",
            Self::Sa => "sa",
            Self::Esp => "esp",
            Self::Tunnel => "tunnel",
            Self::Size => "size",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeSet;

    #[test]
    fn codes_and_names_are_unique_and_ordered() {
        let codes: BTreeSet<u8> = DropReason::ALL.iter().map(|reason| reason.code()).collect();
        let names: BTreeSet<&str> = DropReason::ALL.iter().map(|reason| reason.name()).collect();
        assert_eq!(codes.len(), DropReason::ALL.len());
        assert_eq!(names.len(), DropReason::ALL.len());
        assert!(DropReason::ALL.is_sorted());
        for &reason in DropReason::ALL {
            assert_eq!(DropReason::from_code(reason.code()), Some(reason));
            assert_eq!(DropReason::from_name(reason.name()), Some(reason));
            assert_eq!(reason.group() as u8, reason.code() >> 4);
        }
    }

    #[test]
    fn a_name_is_the_variant_in_kebab_case() {
        for reason in DropReason::ALL {
            let mut kebab = alloc::string::String::new();
            for (index, letter) in alloc::format!("{reason:?}").char_indices() {
                if letter.is_ascii_uppercase() && index > 0 {
                    kebab.push('-');
                }
                kebab.push(letter.to_ascii_lowercase());
            }
            assert_eq!(kebab, reason.name());
        }
    }
}
