//! Random packets, tunnels and keys.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use iiptran::TunnelEnds;
use iiptran::wire::Protocol;
use iiptran_tests::{Ip, KEY_BYTES};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// The longest payload, bytes.
const LONGEST: usize = 2000;

/// Two addresses of one version. Those of IPv6 are global, as only such may come out of IPv4.
pub(super) fn ends() -> impl Strategy<Value = [IpAddr; 2]> {
    let v4 = any::<[u32; 2]>().prop_map(|bits| bits.map(|bits| Ipv4Addr::from(bits).into()));
    let global = |bits: u128| Ipv6Addr::from(2 << 124 | bits >> 4).into();
    let v6 = any::<[u128; 2]>().prop_map(move |bits| bits.map(global));
    prop_oneof![v4, v6]
}

/// Ends of a tunnel of either version.
pub(super) fn tunnel() -> impl Strategy<Value = TunnelEnds> {
    ends().prop_map(|[local, remote]| TunnelEnds { local, remote })
}

prop_compose! {
    /// A whole packet with options or extension headers.
    pub(super) fn ip()(
        ends in ends(),
        (protocol, payload) in payload(),
        traffic_class in any::<u8>(),
        ttl in 1..=u8::MAX,
        identification in any::<u16>(),
        dont_fragment in any::<bool>(),
        options in 0..=10_usize,
        filling in any::<u8>(),
        flow_label in any::<u32>(),
        hop_by_hop in any::<bool>(),
        extension_headers in vec(extension_header(), 0..=5),
    ) -> Ip {
        let mut packet = Ip {
            traffic_class,
            ttl,
            identification,
            flags_and_offset: u16::from(dont_fragment) << 14,
            options: vec![filling; options * 4],
            flow_label,
            extension_headers,
            ..Ip::new(ends, protocol, &payload)
        };
        if hop_by_hop {
            let header = (Protocol::HOP_BY_HOP, vec![0, 0, 1, 4, 0, 0, 0, 0]);
            packet.extension_headers.insert(0, header);
        }
        packet
    }
}

/// A correct UDP datagram, or bytes of another protocol.
fn payload() -> impl Strategy<Value = (Protocol, Vec<u8>)> {
    let ends = [IpAddr::V4(Ipv4Addr::LOCALHOST); 2];
    let udp = vec(any::<u8>(), 0..=LONGEST - 8).prop_map(move |content| {
        let Ip {
            protocol, payload, ..
        } = Ip::udp(ends, &content);
        (protocol, payload)
    });
    let others = [1, 4, 6, 41, 47, 50, 58, 132, 253].map(Protocol);
    prop_oneof![
        udp,
        (select(others.to_vec()), vec(any::<u8>(), 0..=LONGEST))
    ]
}

/// Destination options, a routing header, or the fragment header of a datagram that is whole.
fn extension_header() -> impl Strategy<Value = (Protocol, Vec<u8>)> {
    let kinds = [
        Protocol::DESTINATION_OPTIONS,
        Protocol::ROUTING,
        Protocol::FRAGMENT,
    ];
    (select(kinds.to_vec()), 0..=2_u8, any::<u8>()).prop_map(|(kind, units, filling)| {
        let header = if kind == Protocol::FRAGMENT {
            vec![0, 0, 0, 0, filling, filling, filling, filling]
        } else {
            // Padding of four bytes, then whatever there is.
            let mut header = vec![filling; 8 * (usize::from(units) + 1)];
            header[1..8].copy_from_slice(&[units, 1, 4, 0, 0, 0, 0]);
            header
        };
        (kind, header)
    })
}

/// Bytes to cut keys from.
pub(super) fn key_bytes() -> impl Strategy<Value = [u8; KEY_BYTES]> {
    vec(any::<u8>(), KEY_BYTES).prop_map(|bytes| bytes.try_into().unwrap())
}
