//! What is read from packets, and what is not (RFC 791, RFC 8200, RFC 4301 section 4.4.1.1).

use iiptran::wire::IpVersion::{V4, V6};
use iiptran::wire::{Flow, Protocol, SkipList, Upper};
use iiptran::{DropReason, Verdict};
use iiptran_tests::lab::{Gateways, Side, gateways, hosts, ip};
use iiptran_tests::{Ip, fill_checksum, header};

/// Why gateway A does not forward these bytes from behind it.
fn refusal(bytes: &[u8]) -> Option<DropReason> {
    let mut a = Gateways::in_clear(V4).node(Side::A);
    let outcome = a.receive("lan", bytes);
    if let Some(reason) = outcome.reason() {
        assert_eq!(outcome.packet, bytes);
        assert_eq!(a.drops(reason), 1);
    }
    outcome.reason()
}

#[test]
fn rte_10_headers_are_checked() {
    let v4 = Ip::udp(hosts(V4), b"payload").bytes();
    let v6 = Ip::udp(hosts(V6), b"payload").bytes();
    assert_eq!((refusal(&v4), refusal(&v6)), (None, None));
    let v4_with = |change: fn(&mut [u8])| {
        let mut packet = v4.clone();
        change(&mut packet);
        fill_checksum(&mut packet);
        packet
    };
    let v6_with = |change: fn(&mut [u8])| {
        let mut packet = v6.clone();
        change(&mut packet);
        packet
    };
    let cases = [
        (Vec::new(), DropReason::Truncated),
        // Versions.
        (v4_with(|p| p[0] = 0x05), DropReason::BadVersion),
        (v4_with(|p| p[0] = 0x55), DropReason::BadVersion),
        (v6_with(|p| p[0] = 0x70), DropReason::BadVersion),
        // Header length: below five words, behind the packet's end.
        (v4_with(|p| p[0] = 0x40), DropReason::BadHeaderLength),
        (v4_with(|p| p[0] = 0x44), DropReason::BadHeaderLength),
        (v4_with(|p| p[0] = 0x4f), DropReason::Truncated),
        // Total length: less than the header, more than there is.
        (v4_with(|p| p[3] = 19), DropReason::BadTotalLength),
        (v4_with(|p| p[3] = 36), DropReason::Truncated),
        (v4_with(|p| p[2] = 0xff), DropReason::Truncated),
        (v4[..34].to_vec(), DropReason::Truncated),
        (v4[..19].to_vec(), DropReason::Truncated),
        // Payload length.
        (v6_with(|p| p[5] += 1), DropReason::Truncated),
        (v6_with(|p| p[4] = 0xff), DropReason::Truncated),
        (v6[..54].to_vec(), DropReason::Truncated),
        (v6[..39].to_vec(), DropReason::Truncated),
    ];
    for (packet, reason) in cases {
        assert_eq!(refusal(&packet), Some(reason), "{packet:02x?}");
    }
    // Any single bit of the IPv4 header that flips is noticed; its checksum has no blind spot.
    for bit in 0..160 {
        let mut packet = v4.clone();
        packet[bit / 8] ^= 1 << (bit % 8);
        assert_ne!(refusal(&packet), None, "bit {bit}");
    }
    // Options take part in the checksum.
    let options = Ip {
        options: vec![0x94, 4, 0, 0],
        ..Ip::udp(hosts(V4), b"payload")
    }
    .bytes();
    assert_eq!(refusal(&options), None);
    let mut changed = options;
    changed[23] ^= 1;
    assert_eq!(refusal(&changed), Some(DropReason::BadChecksum));
    // What a link adds behind the packet's end is no part of it.
    for packet in [v4, v6] {
        let mut a = Gateways::in_clear(V4).node(Side::A);
        let padded = [&packet[..], &[0xee; 20]].concat();
        let outcome = a.receive("lan", &padded);
        assert!(matches!(outcome.verdict, Verdict::Transmit { .. }));
        assert_eq!(outcome.packet.len(), 20 + packet.len());
        let own = match header(&packet).version() {
            V4 => "10.1.0.1",
            V6 => "fd00:1::1",
        };
        let own = Ip::udp([header(&packet).source, ip(own)], b"for A").bytes();
        let padded = [&own[..], &[0xee; 20]].concat();
        assert_eq!(a.receive("lan", &padded).delivered(), own);
    }
}

/// The packet as it is in tunnels, so many of them.
fn nested(packet: &Ip, times: usize) -> Vec<u8> {
    let mut bytes = packet.bytes();
    for layer in 0..times {
        let protocol = header(&bytes).version().protocol();
        let outer = if layer % 2 == 0 { V4 } else { V6 };
        bytes = Ip::new(gateways(outer), protocol, &bytes).bytes();
    }
    bytes
}

/// The fields of the innermost packet.
fn innermost(packet: &[u8]) -> Option<Flow> {
    Flow::innermost(packet, &header(packet), &SkipList::default())
}

const PORTS: Upper = Upper::Ports {
    source: 12345,
    destination: 7,
};

#[test]
fn sel_07_fragments_and_cut_headers_show_no_ports() {
    let fragment_header = |field: u16| {
        let [high, low] = field.to_be_bytes();
        vec![(Protocol::FRAGMENT, vec![0, 0, high, low, 0, 0, 0, 9])]
    };
    for version in [V4, V6] {
        let whole = Ip::udp(hosts(version), &[7; 8]);
        // Offset in units of eight bytes, and whether more follow.
        let fragment = |offset: u16, more: bool| Ip {
            flags_and_offset: offset | u16::from(more) << 13,
            extension_headers: fragment_header(offset << 3 | u16::from(more)),
            ..whole.clone()
        };
        let cut = |packet: Ip, length| Ip {
            payload: packet.payload[..length].to_vec(),
            ..packet
        };
        for (packet, upper) in [
            (whole.clone(), PORTS),
            (fragment(0, true), PORTS),
            (fragment(1, true), Upper::Unavailable),
            (fragment(185, false), Upper::Unavailable),
            (cut(fragment(0, true), 3), Upper::Unavailable),
            (cut(whole.clone(), 4), PORTS),
            (cut(whole.clone(), 3), Upper::Unavailable),
            (cut(whole.clone(), 0), Upper::Unavailable),
        ] {
            // By itself as tunnel mode sees it, and inside a tunnel.
            let bytes = packet.bytes();
            assert_eq!(Flow::of(&bytes, &header(&bytes)).upper, upper);
            let flow = innermost(&nested(&packet, 1)).unwrap();
            assert_eq!((flow.protocol, flow.upper), (Protocol::UDP, upper));
            assert_eq!(flow.is_opaque(), upper != PORTS);
        }
    }
    // A fragment of a tunnel's packet does not show what is inside.
    let mut outer = nested(&Ip::udp(hosts(V4), b"x"), 1);
    outer[7] = 1;
    fill_checksum(&mut outer);
    let flow = innermost(&outer).unwrap();
    assert_eq!(
        (flow.protocol, flow.source),
        (Protocol::IPV4, gateways(V4)[0])
    );
}

#[test]
fn sel_08_a_malformed_inner_header_shows_nothing() {
    // Options and extension headers are no reason to give up.
    let options = Ip {
        options: vec![0x94, 4, 0, 0],
        ..Ip::udp(hosts(V4), b"payload")
    };
    let headers = Ip {
        extension_headers: vec![
            (Protocol::HOP_BY_HOP, vec![0, 0, 1, 4, 0, 0, 0, 0]),
            (Protocol::DESTINATION_OPTIONS, vec![0, 0, 1, 4, 0, 0, 0, 0]),
        ],
        ..Ip::udp(hosts(V6), b"payload")
    };
    for packet in [options, headers] {
        let flow = innermost(&nested(&packet, 1)).unwrap();
        assert_eq!((flow.source, flow.upper), (packet.source, PORTS));
    }
    let inside =
        |protocol, bytes: &[u8]| innermost(&Ip::new(gateways(V4), protocol, bytes).bytes());
    let v4 = Ip::udp(hosts(V4), b"payload").bytes();
    let v6 = Ip::udp(hosts(V6), b"payload").bytes();
    assert!(inside(Protocol::IPV4, &v4).is_some() && inside(Protocol::IPV6, &v6).is_some());
    let changed = |place: usize, value| {
        let mut packet = v4.clone();
        packet[place] = value;
        fill_checksum(&mut packet);
        packet
    };
    let mut checksum = v4.clone();
    checksum[10] ^= 1;
    for malformed in [
        v6.clone(),
        changed(0, 0x44),
        changed(0, 0x55),
        changed(3, 19),
        changed(3, 200),
        checksum,
        v4[..34].to_vec(),
        v4[..19].to_vec(),
        Vec::new(),
    ] {
        assert_eq!(inside(Protocol::IPV4, &malformed), None, "{malformed:02x?}");
    }
    let mut endless = v6.clone();
    endless[6] = 0;
    endless[41] = 255;
    for malformed in [v4, endless, v6[..54].to_vec(), v6[..39].to_vec()] {
        assert_eq!(inside(Protocol::IPV6, &malformed), None, "{malformed:02x?}");
    }
}

#[test]
fn sel_11_headers_are_followed_to_a_limit() {
    for version in [V4, V6] {
        let packet = Ip::udp(hosts(version), b"payload");
        // Eight IP headers, the outermost and the innermost among them.
        for tunnels in 0..8 {
            let flow = innermost(&nested(&packet, tunnels)).unwrap();
            assert_eq!((flow.source, flow.upper), (packet.source, PORTS));
        }
        for tunnels in 8..12 {
            assert_eq!(innermost(&nested(&packet, tunnels)), None);
        }
    }
}
