//! UDP datagrams: what hosts and routing protocols of a simulated network send.

use alloc::vec::Vec;
use core::net::IpAddr;

use zerocopy::IntoBytes;
use zerocopy::network_endian::U16;

use crate::wire::checksum::Sum;
use crate::wire::{self, IpHeader, Ipv4Header, Ipv6Header, Protocol, SkipList, UdpHeader};

/// Where a datagram comes from and goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Addresses {
    pub(crate) source: IpAddr,
    pub(crate) destination: IpAddr,
    /// Source and destination port.
    pub(crate) ports: [u16; 2],
    pub(crate) ttl: u8,
}

/// Writes an IP packet with `payload` behind its header; nothing if the addresses are of different
/// versions, or if it is too long.
pub(crate) fn write_ip(
    packet: &mut Vec<u8>,
    [source, destination]: [IpAddr; 2],
    ttl: u8,
    protocol: Protocol,
    payload: &[u8],
) {
    packet.clear();
    let (protocol_offset, header_length) = match (source, destination) {
        (IpAddr::V4(source), IpAddr::V4(destination)) => {
            let mut header = Ipv4Header::new(source, destination, protocol);
            header.ttl = ttl;
            header.flags_and_offset = U16::new(Ipv4Header::DONT_FRAGMENT);
            packet.extend_from_slice(header.as_bytes());
            (9, Ipv4Header::LENGTH)
        }
        (IpAddr::V6(source), IpAddr::V6(destination)) => {
            let mut header = Ipv6Header::new(source, destination, protocol);
            header.hop_limit = ttl;
            packet.extend_from_slice(header.as_bytes());
            (Ipv6Header::NEXT_HEADER_OFFSET, Ipv6Header::LENGTH)
        }
        _ => return,
    };
    packet.extend_from_slice(payload);
    if wire::set_payload(packet, protocol_offset, protocol, header_length).is_err() {
        packet.clear();
    }
}

/// Writes a UDP packet; see [`write_ip`].
pub(crate) fn write_udp(
    packet: &mut Vec<u8>,
    scratch: &mut Vec<u8>,
    addresses: &Addresses,
    payload: &[u8],
) {
    let Addresses {
        source,
        destination,
        ports: [from, to],
        ttl,
    } = *addresses;
    let length = payload.len().saturating_add(UdpHeader::LENGTH);
    let mut header = UdpHeader {
        source: U16::new(from),
        destination: U16::new(to),
        length: U16::new(u16::try_from(length).unwrap_or(u16::MAX)),
        checksum: U16::ZERO,
    };
    let sum = sum(source, destination, length)
        .add_bytes(header.as_bytes())
        .add_bytes(payload)
        .finish();
    // RFC 768: a sum of zero is sent as all ones.
    header.checksum = U16::new(if sum == 0 { u16::MAX } else { sum });
    scratch.clear();
    scratch.extend_from_slice(header.as_bytes());
    scratch.extend_from_slice(payload);
    write_ip(
        packet,
        [source, destination],
        ttl,
        Protocol::UDP,
        scratch.as_slice(),
    );
}

/// The addresses and the payload of a whole UDP packet whose checksum is right.
pub(crate) fn read_udp(packet: &[u8]) -> Option<(Addresses, &[u8])> {
    let header = IpHeader::parse(packet, &SkipList::default()).ok()?;
    if header.protocol != Protocol::UDP || header.fragment.is_some() {
        return None;
    }
    let datagram = header.payload(packet);
    let (udp, payload) = UdpHeader::parse(datagram).ok()?;
    let length = usize::from(udp.length.get());
    let covered = datagram.get(..length)?;
    let sum = sum(header.source, header.destination, length).add_bytes(covered);
    if udp.checksum.get() != 0 && sum.finish() != 0 {
        return None;
    }
    let addresses = Addresses {
        source: header.source,
        destination: header.destination,
        ports: [udp.source.get(), udp.destination.get()],
        ttl: header.ttl,
    };
    Some((addresses, payload))
}

fn sum(source: IpAddr, destination: IpAddr, length: usize) -> Sum {
    let length = u32::try_from(length).unwrap_or(u32::MAX);
    Sum::default().add_pseudo_header(source, destination, Protocol::UDP, length)
}
