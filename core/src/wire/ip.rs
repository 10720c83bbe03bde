//! One summary of an IPv4 or IPv6 header, and the changes that both kinds undergo.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use zerocopy::FromBytes;
use zerocopy::network_endian::U16;

use super::{Fragment, Ipv4Header, Ipv6Header, Protocol, SkipList, checksum, walk};
use crate::DropReason;

/// The version of an IP packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IpVersion {
    /// IPv4.
    V4,
    /// IPv6.
    V6,
}

impl IpVersion {
    /// The version of an address.
    #[inline]
    #[must_use]
    pub const fn of(address: IpAddr) -> Self {
        if address.is_ipv4() {
            Self::V4
        } else {
            Self::V6
        }
    }

    /// The protocol number of such a packet inside another.
    #[must_use]
    pub const fn protocol(self) -> Protocol {
        match self {
            Self::V4 => Protocol::IPV4,
            Self::V6 => Protocol::IPV6,
        }
    }

    /// Length of the header without options, bytes.
    #[must_use]
    pub const fn header_length(self) -> usize {
        match self {
            Self::V4 => Ipv4Header::LENGTH,
            Self::V6 => Ipv6Header::LENGTH,
        }
    }
}

/// What an IP header says, options and skipped extension headers included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IpHeader {
    /// Source address.
    pub source: IpAddr,
    /// Destination address.
    pub destination: IpAddr,
    /// DSCP (6 bits) and ECN (2 bits).
    pub traffic_class: u8,
    /// TTL or hop limit.
    pub ttl: u8,
    /// Flow label; 0 in IPv4.
    pub flow_label: u32,
    /// Whether the header forbids fragmentation; IPv6 always does.
    pub dont_fragment: bool,
    /// Which part of a datagram this is; `None` for a whole one.
    pub fragment: Option<Fragment>,
    /// Length of the headers that each fragment of a datagram repeats, bytes: all of IPv4's, those
    /// before IPv6's fragment header; 0 in IPv6 if there is none.
    pub unfragmentable: usize,
    /// Next layer protocol, behind options and skipped extension headers.
    pub protocol: Protocol,
    /// Where the byte that names [`Self::protocol`] is.
    pub protocol_offset: usize,
    /// Bytes before the next layer.
    pub length: usize,
    /// Bytes of the whole packet as the header says; what lies behind is link padding.
    pub total_length: usize,
    /// Where transport mode puts ESP; see [`super::ExtensionHeaders::esp_offset`].
    pub esp_offset: usize,
    /// Where the byte is that names the header at [`Self::esp_offset`].
    pub esp_protocol_offset: usize,
}

impl IpHeader {
    /// Reads and checks the header at the start of `bytes`.
    ///
    /// # Errors
    /// The reasons of group parse: see [`Ipv4Header::parse`], [`Ipv6Header::parse`] and [`walk`].
    #[inline]
    pub fn parse(bytes: &[u8], skip: &SkipList) -> Result<Self, DropReason> {
        match bytes.first().map(|byte| byte >> 4) {
            Some(4) => Self::parse_v4(bytes),
            Some(6) => Self::parse_v6(bytes, skip),
            Some(_) => Err(DropReason::BadVersion),
            None => Err(DropReason::Truncated),
        }
    }

    fn parse_v4(bytes: &[u8]) -> Result<Self, DropReason> {
        const PROTOCOL_OFFSET: usize = 9;
        let header = Ipv4Header::parse(bytes)?;
        let length = header.header_length();
        Ok(Self {
            source: Ipv4Addr::from(header.source).into(),
            destination: Ipv4Addr::from(header.destination).into(),
            traffic_class: header.traffic_class,
            ttl: header.ttl,
            flow_label: 0,
            dont_fragment: header.dont_fragment(),
            fragment: header.fragment(),
            unfragmentable: length,
            protocol: Protocol(header.protocol),
            protocol_offset: PROTOCOL_OFFSET,
            length,
            total_length: usize::from(header.total_length.get()),
            esp_offset: length,
            esp_protocol_offset: PROTOCOL_OFFSET,
        })
    }

    fn parse_v6(bytes: &[u8], skip: &SkipList) -> Result<Self, DropReason> {
        let header = Ipv6Header::parse(bytes)?;
        let total_length =
            usize::from(header.payload_length.get()).saturating_add(Ipv6Header::LENGTH);
        let packet = bytes.get(..total_length).ok_or(DropReason::Truncated)?;
        let chain = walk(packet, Protocol(header.next_header), skip)?;
        Ok(Self {
            source: Ipv6Addr::from(header.source).into(),
            destination: Ipv6Addr::from(header.destination).into(),
            traffic_class: header.traffic_class(),
            ttl: header.hop_limit,
            flow_label: header.flow_label(),
            dont_fragment: true,
            fragment: chain.fragment,
            unfragmentable: chain.unfragmentable,
            protocol: chain.protocol,
            protocol_offset: chain.protocol_offset,
            length: chain.length,
            total_length,
            esp_offset: chain.esp_offset,
            esp_protocol_offset: chain.esp_protocol_offset,
        })
    }

    /// The IP version.
    #[inline]
    #[must_use]
    pub const fn version(&self) -> IpVersion {
        IpVersion::of(self.source)
    }

    /// The six bits of the DSCP.
    #[must_use]
    pub const fn dscp(&self) -> u8 {
        self.traffic_class >> 2
    }

    /// The bytes behind the header, link padding cut off.
    #[inline]
    #[must_use]
    pub fn payload<'p>(&self, packet: &'p [u8]) -> &'p [u8] {
        packet
            .get(self.length..self.total_length)
            .unwrap_or_default()
    }
}

/// Takes one hop off the TTL or hop limit, as forwarding does (RFC 1812 section 5.3.1).
///
/// # Errors
/// [`DropReason::TtlExpired`] if none would be left; the packet is as it was.
#[inline]
pub fn decrement_ttl(packet: &mut [u8]) -> Result<(), DropReason> {
    match packet.first().map(|byte| byte >> 4) {
        Some(4) => {
            let (header, _) =
                Ipv4Header::mut_from_prefix(packet).map_err(|_| DropReason::Truncated)?;
            let ttl = header.ttl.checked_sub(1).filter(|&left| left > 0);
            let ttl = ttl.ok_or(DropReason::TtlExpired)?;
            let old = u16::from_be_bytes([header.ttl, header.protocol]);
            header.ttl = ttl;
            let new = u16::from_be_bytes([header.ttl, header.protocol]);
            header
                .checksum
                .set(checksum::update(header.checksum.get(), old, new));
        }
        _ => {
            let (header, _) =
                Ipv6Header::mut_from_prefix(packet).map_err(|_| DropReason::Truncated)?;
            let hops = header.hop_limit.checked_sub(1).filter(|&left| left > 0);
            header.hop_limit = hops.ok_or(DropReason::TtlExpired)?;
        }
    }
    Ok(())
}

/// Sets DSCP and ECN; an IPv4 checksum follows.
#[inline]
pub fn set_traffic_class(packet: &mut [u8], traffic_class: u8) {
    match packet.first() {
        Some(&first) if first >> 4 == 4 => {
            if let Ok((header, _)) = Ipv4Header::mut_from_prefix(packet) {
                let old = u16::from_be_bytes([first, header.traffic_class]);
                header.traffic_class = traffic_class;
                let new = u16::from_be_bytes([first, traffic_class]);
                header
                    .checksum
                    .set(checksum::update(header.checksum.get(), old, new));
            }
        }
        _ => {
            if let Ok((header, _)) = Ipv6Header::mut_from_prefix(packet) {
                header.set_class_and_flow(traffic_class, header.flow_label());
            }
        }
    }
}

/// Makes the header fit a payload that was replaced: writes the protocol at `protocol_offset` and the
/// length of the whole packet, and renews an IPv4 checksum over `header_length` bytes.
///
/// # Errors
/// [`DropReason::PacketTooBig`] if the length does not fit its field.
#[inline]
pub fn set_payload(
    packet: &mut [u8],
    protocol_offset: usize,
    protocol: Protocol,
    header_length: usize,
) -> Result<(), DropReason> {
    let total = packet.len();
    if let Some(byte) = packet.get_mut(protocol_offset) {
        *byte = protocol.0;
    }
    match packet.first().map(|byte| byte >> 4) {
        Some(4) => {
            let (header, _) =
                Ipv4Header::mut_from_prefix(packet).map_err(|_| DropReason::Truncated)?;
            let total = u16::try_from(total).map_err(|_| DropReason::PacketTooBig)?;
            header.total_length = U16::new(total);
            Ipv4Header::fill_checksum(packet.get_mut(..header_length).unwrap_or_default());
        }
        _ => {
            let (header, payload) =
                Ipv6Header::mut_from_prefix(packet).map_err(|_| DropReason::Truncated)?;
            let length = u16::try_from(payload.len()).map_err(|_| DropReason::PacketTooBig)?;
            header.payload_length = U16::new(length);
        }
    }
    Ok(())
}
