//! Echo requests and replies: packets to send through a node when one has none at hand.

use alloc::vec::Vec;
use core::net::IpAddr;

use zerocopy::IntoBytes;
use zerocopy::network_endian::{U16, U32};

use crate::wire::checksum::Sum;
use crate::wire::icmp::IcmpHeader;
use crate::wire::{Ipv4Header, Ipv6Header, Protocol};

/// What a host puts into an echo request so that one sees it again.
pub const ECHO_PAYLOAD: &[u8] = b"RFC 3884 in real life";
const TTL: u8 = 64;
/// Identifier and sequence number.
const REST: u32 = 0x3884_0001;

/// Which of the two echo messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Echo {
    /// The question.
    Request,
    /// The answer.
    Reply,
}

/// An echo message from a host to another (RFC 792, RFC 4443 section 4); `None` if the addresses are of
/// different IP versions, or the payload is too long for one packet.
#[must_use]
pub fn echo(echo: Echo, source: IpAddr, destination: IpAddr, payload: &[u8]) -> Option<Vec<u8>> {
    let kind = match (source.is_ipv4(), echo) {
        (true, Echo::Request) => 8,
        (true, Echo::Reply) => 0,
        (false, Echo::Request) => 128,
        (false, Echo::Reply) => 129,
    };
    let mut icmp = IcmpHeader {
        kind,
        code: 0,
        checksum: U16::ZERO,
        rest: U32::new(REST),
    };
    let message = |icmp: &IcmpHeader| [icmp.as_bytes(), payload].concat();
    let length = u16::try_from(message(&icmp).len()).ok()?;
    match (source, destination) {
        (IpAddr::V4(source), IpAddr::V4(destination)) => {
            icmp.checksum = U16::new(Sum::default().add_bytes(&message(&icmp)).finish());
            let mut header = Ipv4Header::new(source, destination, Protocol::ICMP);
            header.ttl = TTL;
            header.total_length = U16::new(length.checked_add(20)?);
            let mut bytes = header.as_bytes().to_vec();
            Ipv4Header::fill_checksum(&mut bytes);
            Some([bytes, message(&icmp)].concat())
        }
        (IpAddr::V6(v6_source), IpAddr::V6(v6_destination)) => {
            let sum = Sum::default()
                .add_pseudo_header(source, destination, Protocol::ICMPV6, u32::from(length))
                .add_bytes(&message(&icmp));
            icmp.checksum = U16::new(sum.finish());
            let mut header = Ipv6Header::new(v6_source, v6_destination, Protocol::ICMPV6);
            header.hop_limit = TTL;
            header.payload_length = U16::new(length);
            Some([header.as_bytes(), &message(&icmp)].concat())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{IpHeader, SkipList, checksum};

    #[test]
    fn both_families_have_correct_checksums() {
        let [a, b]: [IpAddr; 2] = [[10, 1, 0, 5].into(), [10, 2, 0, 5].into()];
        let packet = echo(Echo::Request, a, b, ECHO_PAYLOAD).unwrap();
        assert!(IpHeader::parse(&packet, &SkipList::default()).is_ok());
        assert_eq!(checksum::internet(&packet[20..]), 0);

        let [a, b]: [IpAddr; 2] = ["fd00:1::5".parse().unwrap(), "fd00:2::5".parse().unwrap()];
        let packet = echo(Echo::Reply, a, b, ECHO_PAYLOAD).unwrap();
        let sum = Sum::default()
            .add_pseudo_header(
                a,
                b,
                Protocol::ICMPV6,
                u32::try_from(packet.len() - 40).unwrap(),
            )
            .add_bytes(&packet[40..]);
        assert_eq!(sum.finish(), 0);
    }

    #[test]
    fn families_do_not_mix() {
        assert_eq!(
            echo(
                Echo::Request,
                [10, 1, 0, 5].into(),
                "::1".parse().unwrap(),
                &[]
            ),
            None
        );
    }
}
