//! The headers of tunnel mode (RFC 4301 section 5.1.2).

use iiptran::DropReason;
use iiptran::wire::IpVersion::{V4, V6};
use iiptran::wire::Protocol;
use iiptran_tests::lab::{Gateways, Lab, Side, VERSIONS, gateways, hosts, ip, version_pairs};
use iiptran_tests::{Ip, header, with_traffic_class};

/// Gateways in tunnel mode, with lines for the virtual link.
fn tunnel_mode(outer: iiptran::wire::IpVersion, link: &str) -> Gateways {
    Gateways {
        outer,
        ..Gateways::new("tunnel-mode")
    }
    .link(link)
}

/// What gateway A makes of a packet from behind it.
fn wire(gateways: &Gateways, packet: &Ip) -> Vec<u8> {
    let mut a = gateways.node(Side::A);
    a.receive("lan", &packet.bytes()).transmitted()
}

/// An outer header in front of as many bytes as the wire packet has behind it.
fn outer_header(version: iiptran::wire::IpVersion, wire: &[u8]) -> Ip {
    let length = version.header_length();
    Ip::new(gateways(version), Protocol::ESP, &wire[length..])
}

/// Packets with much in their headers, for both versions.
fn rich() -> [Ip; 2] {
    let v4 = Ip {
        traffic_class: 0xba,
        identification: 0x1234,
        flags_and_offset: 0x2000 | 185,
        options: vec![0x94, 4, 0, 0],
        ..Ip::new(hosts(V4), Protocol::UDP, &[7; 64])
    };
    let v6 = Ip {
        traffic_class: 0xba,
        flow_label: 0xabcde,
        extension_headers: vec![
            (Protocol::HOP_BY_HOP, vec![0, 0, 1, 4, 0, 0, 0, 0]),
            (Protocol::ROUTING, vec![0, 0, 253, 0, 0, 0, 0, 0]),
            (Protocol::DESTINATION_OPTIONS, vec![0, 0, 1, 4, 0, 0, 0, 0]),
        ],
        ..Ip::udp(hosts(V6), &[7; 64])
    };
    [v4, v6]
}

#[test]
fn hdr_01_outer_ipv4() {
    for inner in rich() {
        for (rule, traffic_class, flags_and_offset, ttl) in [
            ("", 0xba, 0x4000, 64),
            ("outer = { dscp = 10, ttl = 9 }", 0x2a, 0x4000, 9),
            ("outer = { ecn = \"compatibility\" }", 0xb8, 0x4000, 64),
            ("outer = { df = \"clear\" }", 0xba, 0, 64),
        ] {
            // Version 4, five words, MF and offset 0 whatever is inside; checksum and total length.
            let wire = wire(&tunnel_mode(V4, rule), &inner);
            let expected = Ip {
                traffic_class,
                flags_and_offset,
                ttl,
                identification: 1,
                ..outer_header(V4, &wire)
            };
            assert_eq!(wire, expected.bytes(), "{rule}");
        }
    }
    // DF is copied from IPv4 when told.
    for df in [0, 0x4000] {
        let inner = Ip {
            flags_and_offset: df,
            ..Ip::udp(hosts(V4), b"x")
        };
        let wire = wire(&tunnel_mode(V4, "outer = { df = \"copy\" }"), &inner);
        assert_eq!(wire[6..8], df.to_be_bytes());
    }
}

#[test]
fn hdr_02_outer_ipv6() {
    for inner in rich() {
        let inner_label = inner.flow_label;
        for (rule, traffic_class, flow_label, ttl) in [
            ("", 0xba, 0, 64),
            (
                "outer = { dscp = 10, ttl = 9, flow-label = 0x12345 }",
                0x2a,
                0x12345,
                9,
            ),
            ("outer = { ecn = \"compatibility\" }", 0xb8, 0, 64),
            ("outer = { flow-label = \"copy\" }", 0xba, inner_label, 64),
        ] {
            // ESP follows at once: no extension header is copied. Payload length.
            let wire = wire(&tunnel_mode(V6, rule), &inner);
            let expected = Ip {
                traffic_class,
                flow_label,
                ttl,
                ..outer_header(V6, &wire)
            };
            assert_eq!(wire, expected.bytes(), "{rule}");
        }
    }
}

#[test]
fn hdr_03_what_changes_in_the_inner_header() {
    for outer in VERSIONS {
        for inner in rich() {
            let (mut a, mut b) = tunnel_mode(outer, "").nodes();
            let wire = a.receive("lan", &inner.bytes()).transmitted();
            // The path changes all that it may in the outer header.
            let mut wire = with_traffic_class(&wire, 0xff);
            match outer {
                V4 => {
                    wire[8] = 3;
                    iiptran_tests::fill_checksum(&mut wire);
                }
                V6 => {
                    wire[7] = 3;
                    wire[3] = 0x77;
                }
            }
            // ECT(0) outside which CE was found, and two forwardings: nothing else.
            let expected = Ip {
                traffic_class: 0xbb,
                ttl: 62,
                ..inner
            };
            assert_eq!(b.receive("wan", &wire).transmitted(), expected.bytes());
        }
    }
}

#[test]
fn hdr_04_one_hop_at_each_forwarding() {
    for (outer, inner) in version_pairs() {
        let own = |side: u8| match inner {
            V4 => ip(&format!("10.{side}.0.1")),
            V6 => ip(&format!("fd00:{side}::1")),
        };
        let [near, far] = hosts(inner);
        // Who sends and who receives: the gateways themselves, or hosts behind them.
        for (ends, hops) in [
            ([near, far], 2),
            ([near, own(2)], 1),
            ([own(1), far], 1),
            ([own(1), own(2)], 0),
        ] {
            let (mut a, mut b) = tunnel_mode(outer, "").nodes();
            let packet = Ip {
                ttl: 17,
                ..Ip::udp(ends, b"x")
            }
            .bytes();
            let wire = if ends[0] == near {
                a.receive("lan", &packet)
            } else {
                a.send("vn", &packet)
            };
            assert_eq!(header(&wire.packet).ttl, 64);
            let outcome = b.receive("wan", &wire.transmitted());
            let arrived = if ends[1] == far {
                outcome.transmitted()
            } else {
                outcome.delivered()
            };
            assert_eq!(header(&arrived).ttl, 17 - hops, "{ends:?}");
        }
    }
}

#[test]
fn hdr_05_all_families_in_all() {
    for (outer, inner) in version_pairs() {
        let (mut a, mut b) = tunnel_mode(outer, "").nodes();
        let packet = Ip::udp(hosts(inner), b"payload");
        let wire = a.receive("lan", &packet.bytes()).transmitted();
        assert_eq!(
            [header(&wire).source, header(&wire).destination],
            gateways(outer)
        );
        let arrived = Ip { ttl: 62, ..packet };
        assert_eq!(b.receive("wan", &wire).transmitted(), arrived.bytes());
    }
    // IPv6 has no DF to copy: set unless told otherwise, and never in conflict.
    let inner = Ip::udp(hosts(V6), b"payload");
    for (rule, df) in [
        ("", true),
        ("outer = { df = \"set\" }", true),
        ("outer = { df = \"clear\" }", false),
        ("outer = { df = \"clear\", strict-df = true }", false),
    ] {
        let wire = wire(&tunnel_mode(V4, rule), &inner);
        assert_eq!(wire[6], if df { 0x40 } else { 0 }, "{rule}");
    }
}

#[test]
fn hdr_06_clearing_df() {
    let inner = Ip {
        flags_and_offset: 0x4000,
        ..Ip::udp(hosts(V4), b"x")
    };
    // RFC 4301 section 8.1: the SA may clear it.
    let clears = tunnel_mode(V4, "outer = { df = \"clear\" }");
    assert_eq!(wire(&clears, &inner)[6], 0);
    // RFC 3884 appendix A for those who want it.
    let strict = tunnel_mode(V4, "outer = { df = \"clear\", strict-df = true }");
    let outcome = strict.node(Side::A).receive("lan", &inner.bytes());
    assert_eq!(outcome.reason(), Some(DropReason::DfConflict));
    // And the other way round.
    let lax = Gateways::new("iiptran").link("outer = { df = \"clear\", strict-df = false }");
    assert_eq!(wire(&lax, &inner)[6], 0);
}

#[test]
fn hdr_07_identification() {
    let numbers = |node: &mut Lab| -> Vec<u16> {
        let packet = Ip::udp(hosts(V4), b"x").bytes();
        let wires = (0..4).map(|_| node.receive("lan", &packet).transmitted());
        wires
            .map(|wire| u16::from_be_bytes([wire[4], wire[5]]))
            .collect()
    };
    for arrangement in ["iiptran", "tunnel-mode"] {
        for (rule, expected) in [
            ("", [1, 2, 3, 4]),
            ("outer = { df = \"clear\" }", [1, 2, 3, 4]),
            ("outer = { identification = \"zero-if-atomic\" }", [0; 4]),
            (
                "outer = { df = \"clear\", identification = \"zero-if-atomic\" }",
                [1, 2, 3, 4],
            ),
        ] {
            let mut a = Gateways::new(arrangement).link(rule).node(Side::A);
            assert_eq!(numbers(&mut a), expected, "{arrangement} {rule}");
        }
    }
}
