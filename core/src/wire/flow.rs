//! The fields of a packet that selectors, route choice and classifiers look at.

use core::net::IpAddr;

use super::{Fragment, IpHeader, IpVersion, Protocol, SkipList};

/// How many IP headers inside one another are looked through: work per packet stays bounded.
pub const MAX_IP_LAYERS: usize = 8;

/// The fields of a packet that selectors, route choice and classifiers look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flow {
    /// Source address.
    pub source: IpAddr,
    /// Destination address.
    pub destination: IpAddr,
    /// Next layer protocol. Behind a fragment header other than the first it may be an extension
    /// header's number, as nothing more is known there.
    pub protocol: Protocol,
    /// What the next layer shows.
    pub upper: Upper,
    /// DSCP (6 bits) and ECN (2 bits).
    pub traffic_class: u8,
    /// Flow label; 0 in IPv4.
    pub flow_label: u32,
    /// Which part of a datagram this is; `None` for a whole one.
    pub fragment: Option<Fragment>,
}

/// What the next layer shows of itself (RFC 4301 section 4.4.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upper {
    /// Ports.
    Ports {
        /// Source port.
        source: u16,
        /// Destination port.
        destination: u16,
    },
    /// ICMP message type and code.
    Icmp {
        /// Type.
        kind: u8,
        /// Code.
        code: u8,
    },
    /// Mobility header type.
    Mobility {
        /// Type.
        kind: u8,
    },
    /// The protocol has no such field.
    Absent,
    /// The protocol has one, but not in these bytes: a fragment, or a header cut short.
    Unavailable,
}

impl Flow {
    /// The fields of the packet whose header is `header`.
    #[inline]
    #[must_use]
    pub fn of(packet: &[u8], header: &IpHeader) -> Self {
        Self {
            source: header.source,
            destination: header.destination,
            protocol: header.protocol,
            upper: Upper::of(packet, header),
            traffic_class: header.traffic_class,
            flow_label: header.flow_label,
            fragment: header.fragment,
        }
    }

    /// The fields of the innermost packet, when IP inside IP counts as one more header to skip (the
    /// extension of RFC 3884 section 4.2.3). The packet itself if it carries no other.
    ///
    /// `None` if an inner header is malformed, is not of the version that the protocol number
    /// promises, or lies deeper than [`MAX_IP_LAYERS`]: then nothing inside may be trusted.
    #[must_use]
    pub fn innermost(packet: &[u8], header: &IpHeader, skip: &SkipList) -> Option<Self> {
        let (mut packet, mut header) = (packet, *header);
        for _ in 0..MAX_IP_LAYERS {
            let hidden = header.fragment.is_some_and(|fragment| !fragment.is_first());
            let expected = match header.protocol {
                Protocol::IPV4 if !hidden => IpVersion::V4,
                Protocol::IPV6 if !hidden => IpVersion::V6,
                _ => return Some(Self::of(packet, &header)),
            };
            packet = header.payload(packet);
            header = IpHeader::parse(packet, skip).ok()?;
            if header.version() != expected {
                return None;
            }
        }
        None
    }

    /// The next layer protocol; `None` in an IPv6 fragment, other than the first, whose datagram has
    /// extension headers behind the fragment header: they are in the first fragment.
    #[inline]
    #[must_use]
    pub fn next_layer(&self) -> Option<Protocol> {
        let is_later = self.fragment.is_some_and(|fragment| !fragment.is_first());
        let is_hidden = self.source.is_ipv6() && is_later && self.protocol.is_extension_header();
        (!is_hidden).then_some(self.protocol)
    }

    /// Whether the fields of the next layer can't be read.
    #[must_use]
    pub const fn is_opaque(&self) -> bool {
        matches!(self.upper, Upper::Absent | Upper::Unavailable)
    }

    /// A number that is equal for packets of one flow, from addresses, protocol, ports and flow
    /// label; fragments count by their addresses alone, as only the first shows its ports.
    #[must_use]
    pub fn hash(&self) -> u64 {
        let hash = mix_address(mix_address(0, self.source), self.destination);
        if self.fragment.is_some() {
            return hash;
        }
        let ports = match self.upper {
            Upper::Ports {
                source,
                destination,
            } => u64::from(source) << 16 | u64::from(destination),
            _ => 0,
        };
        let label = u64::from(self.flow_label);
        mix(hash ^ (label << 40 | ports << 8 | u64::from(self.protocol.0)))
    }
}

impl Upper {
    fn of(packet: &[u8], header: &IpHeader) -> Self {
        let kind = Kind::of(header.protocol, header.version());
        if matches!(kind, Kind::None) {
            return Self::Absent;
        }
        if header.fragment.is_some_and(|fragment| !fragment.is_first()) {
            return Self::Unavailable;
        }
        match (kind, header.payload(packet)) {
            (Kind::Ports, &[s1, s2, d1, d2, ..]) => Self::Ports {
                source: u16::from_be_bytes([s1, s2]),
                destination: u16::from_be_bytes([d1, d2]),
            },
            (Kind::Icmp, &[kind, code, ..]) => Self::Icmp { kind, code },
            (Kind::Mobility, &[_, _, kind, ..]) => Self::Mobility { kind },
            _ => Self::Unavailable,
        }
    }
}

enum Kind {
    Ports,
    Icmp,
    Mobility,
    None,
}

impl Kind {
    const fn of(protocol: Protocol, version: IpVersion) -> Self {
        match (protocol, version) {
            (Protocol::ICMP, IpVersion::V4) | (Protocol::ICMPV6, IpVersion::V6) => Self::Icmp,
            (Protocol::MOBILITY, IpVersion::V6) => Self::Mobility,
            (protocol, _) if protocol.has_ports() => Self::Ports,
            _ => Self::None,
        }
    }
}

/// The finaliser of SplitMix64: every input bit reaches every output bit.
pub(crate) const fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// Mixes an address into a hash.
pub(crate) fn mix_address(hash: u64, address: IpAddr) -> u64 {
    match address {
        IpAddr::V4(address) => mix(hash ^ u64::from(address.to_bits())),
        IpAddr::V6(address) => {
            let [high, low] = halves(address.to_bits());
            mix(mix(hash ^ high) ^ low)
        }
    }
}

const fn halves(value: u128) -> [u64; 2] {
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = value.to_be_bytes();
    [
        u64::from_be_bytes([a, b, c, d, e, f, g, h]),
        u64::from_be_bytes([i, j, k, l, m, n, o, p]),
    ]
}
