//! Tunnels over IPv6 (RFC 2473), and IPv6 over IPv4 (RFC 4213).

use iiptran::DropReason;
use iiptran::trace::Stage;
use iiptran::wire::IpVersion::{V4, V6};
use iiptran::wire::Protocol;
use iiptran_tests::lab::{Gateways, Side, VERSIONS, gateways, hosts, ip};
use iiptran_tests::{Ip, fill_checksum, header};

use crate::ipip::BYPASS;

/// A destination options header with a tunnel encapsulation limit (RFC 2473 section 4.1.1), padded to
/// eight bytes.
fn limit_option(limit: u8) -> (Protocol, Vec<u8>) {
    let option = vec![0, 0, 4, 1, limit, 1, 1, 0];
    (Protocol::DESTINATION_OPTIONS, option)
}

#[test]
fn v6t_01_the_outer_header() {
    for (inner, protocol) in [(V4, Protocol::IPV4), (V6, Protocol::IPV6)] {
        let packet = Ip {
            traffic_class: 0xba,
            flow_label: 0xabcde,
            ..Ip::udp(hosts(inner), b"payload")
        };
        let forwarded = Ip {
            ttl: 63,
            ..packet.clone()
        };
        let outer = Ip {
            traffic_class: 0xba,
            ..Ip::new(gateways(V6), protocol, &forwarded.bytes())
        };
        let cases = [
            ("", outer.clone()),
            (
                "outer = { ttl = 9, dscp = 10, flow-label = 0x12345 }",
                Ip {
                    ttl: 9,
                    traffic_class: 0x2a,
                    flow_label: 0x12345,
                    ..outer.clone()
                },
            ),
            (
                "outer = { flow-label = \"copy\" }",
                Ip {
                    // IPv4 has none.
                    flow_label: if inner == V6 { 0xabcde } else { 0 },
                    ..outer.clone()
                },
            ),
            (
                "outer = { encapsulation-limit = 4 }",
                Ip {
                    extension_headers: vec![limit_option(4)],
                    ..outer.clone()
                },
            ),
        ];
        for (rule, expected) in cases {
            let mut a = Gateways::in_clear(V6).link(rule).node(Side::A);
            let wire = a.receive("lan", &packet.bytes()).transmitted();
            assert_eq!(wire, expected.bytes(), "{rule}");
        }
    }
    // By hand: class 0, label 0, 20 + 8 + 1 bytes inside, next header 4, hop limit 64.
    let mut a = Gateways::in_clear(V6).node(Side::A);
    let wire = a.receive("lan", &Ip::udp(hosts(V4), b"x").bytes());
    assert_eq!(wire.transmitted()[..8], [0x60, 0, 0, 0, 0, 29, 4, 64]);
}

#[test]
fn v6t_02_the_encapsulation_limit() {
    let carrying = |limit| {
        let packet = Ip::udp(hosts(V6), b"x");
        let extension_headers = vec![limit_option(limit)];
        Ip {
            extension_headers,
            ..packet
        }
        .bytes()
    };
    for rule in ["", "outer = { encapsulation-limit = 200 }"] {
        let mut a = Gateways::in_clear(V6).link(rule).node(Side::A);
        // Sent as told, where the packet carries none.
        let wire = a
            .receive("lan", &Ip::udp(hosts(V6), b"x").bytes())
            .transmitted();
        if rule.is_empty() {
            assert_eq!(wire[6], 41);
        } else {
            assert_eq!(wire[6], 60);
            assert_eq!(wire[40..48], [41, 0, 4, 1, 200, 1, 1, 0]);
        }
        // Counted down from the one that it carries, whatever is told.
        for limit in [1, 4, 255] {
            let wire = a.receive("lan", &carrying(limit)).transmitted();
            assert_eq!(wire[6], 60);
            assert_eq!(wire[40..48], [41, 0, 4, 1, limit - 1, 1, 1, 0]);
        }
        // Obeyed: not even once more.
        let outcome = a.receive("lan", &carrying(0));
        assert_eq!(outcome.reason(), Some(DropReason::EncapsulationLimit));
        assert!(!outcome.stages.contains(&Stage::Encapsulate));
    }
    // Found wherever it is among the extension headers: behind others, behind other options.
    let hop_by_hop = (Protocol::HOP_BY_HOP, vec![0, 0, 1, 4, 0, 0, 0, 0]);
    let routing = (Protocol::ROUTING, vec![0, 0, 253, 0, 0, 0, 0, 0]);
    let options = |options: &[u8]| {
        let header = [&[0, 1], options].concat();
        (Protocol::DESTINATION_OPTIONS, header)
    };
    let none = options(&[1, 12, 4, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let late = |limit| options(&[0, 0, 1, 2, 4, 1, 0, 4, 1, limit, 1, 2, 0, 0]);
    for front in [
        vec![],
        vec![hop_by_hop.clone()],
        vec![none.clone(), routing.clone()],
        vec![hop_by_hop, none.clone(), routing],
    ] {
        let mut a = Gateways::in_clear(V6).node(Side::A);
        let mut with = |last| {
            let packet = Ip {
                extension_headers: [front.clone(), vec![last]].concat(),
                ..Ip::udp(hosts(V6), b"x")
            };
            a.receive("lan", &packet.bytes())
        };
        assert_eq!(
            with(late(7)).transmitted()[40..48],
            [41, 0, 4, 1, 6, 1, 1, 0]
        );
        let outcome = with(late(0));
        assert_eq!(outcome.reason(), Some(DropReason::EncapsulationLimit));
        assert_eq!(
            with(none.clone()).transmitted()[6],
            41,
            "those bytes are padding"
        );
    }
    // Over IPv4 there is nowhere to write one, but 0 is 0.
    let mut a = Gateways::in_clear(V4).node(Side::A);
    let outcome = a.receive("lan", &carrying(0));
    assert_eq!(outcome.reason(), Some(DropReason::EncapsulationLimit));
    let wire = a.receive("lan", &carrying(1)).transmitted();
    assert_eq!((wire[0], wire[9], wire[20] >> 4), (0x45, 41, 6));
    // The far end takes it off with the rest.
    let (mut a, mut b) = Gateways::in_clear(V6)
        .link("outer = { encapsulation-limit = 4 }")
        .nodes();
    let packet = Ip::udp(hosts(V6), b"x");
    let wire = a.receive("lan", &packet.bytes()).transmitted();
    let arrived = Ip { ttl: 62, ..packet };
    assert_eq!(b.receive("wan", &wire).transmitted(), arrived.bytes());
}

#[test]
fn v6t_03_the_inner_hop_limit() {
    for outer in VERSIONS {
        let mut a = Gateways::in_clear(outer).node(Side::A);
        let front = if outer == V4 { 20 } else { 40 };
        let packet = |source: &str, ttl| {
            let packet = Ip::udp([ip(source), hosts(V6)[1]], b"x");
            Ip { ttl, ..packet }.bytes()
        };
        for ttl in [2, 64, 255] {
            let wire = a.receive("lan", &packet("fd00:1::5", ttl)).transmitted();
            assert_eq!(wire[front + 7], ttl - 1);
            let wire = a.send("vn", &packet("fd00:ff::1", ttl)).transmitted();
            assert_eq!(wire[front + 7], ttl);
        }
        for outcome in [
            a.receive("lan", &packet("fd00:1::5", 0)),
            a.receive("lan", &packet("fd00:1::5", 1)),
            a.send("vn", &packet("fd00:ff::1", 0)),
        ] {
            assert_eq!(outcome.reason(), Some(DropReason::TtlExpired));
            assert!(!outcome.stages.contains(&Stage::Encapsulate));
        }
    }
}

#[test]
fn v6t_07_the_loop_guards() {
    let mut a = Gateways::in_clear(V6).node(Side::A);
    let from = |source| Ip::udp([ip(source), hosts(V6)[1]], b"x").bytes();
    for source in ["fd00:1::1", "fd00:ff::1", "2001:db8::1", "2001:db8::2"] {
        let outcome = a.receive("lan", &from(source));
        assert_eq!(outcome.reason(), Some(DropReason::RecursiveEncapsulation));
    }
    assert_eq!(a.send("vn", &from("fd00:ff::1")).reason(), None);
    // A route to the far end that leads into the tunnel.
    let document = r#"
arrangement = "iiptran"

[[links]]
name = "wan"
addresses = ["2001:db8::1/64"]

[[virtual-links]]
name = "link"
local = "2001:db8::1"
remote = "2001:db8::2"
LIMIT

[[routes]]
prefix = "2001:db8::2/128"
link = "link"
"#;
    let packet = Ip::udp(gateways(V6), b"round and round").bytes();
    for (limit, reason, times) in [
        ("", DropReason::TunnelLoop, 4),
        // Here the packet itself counts down.
        (
            "outer = { encapsulation-limit = 1 }",
            DropReason::EncapsulationLimit,
            2,
        ),
    ] {
        let mut node = iiptran_tests::lab::Lab::new(&document.replace("LIMIT", limit));
        let outcome = node.send("base", &packet);
        assert_eq!(outcome.reason(), Some(reason));
        let encapsulate = |stage: &&Stage| **stage == Stage::Encapsulate;
        assert_eq!(outcome.stages.iter().filter(encapsulate).count(), times);
    }
}

#[test]
fn sit_01_ipv6_in_ipv4_is_one_hop() {
    let (mut a, mut b) = Gateways::in_clear(V4).nodes();
    let packet = Ip {
        ttl: 17,
        flow_label: 0xabcde,
        ..Ip::udp(hosts(V6), b"payload")
    };
    let mut wire = a.receive("lan", &packet.bytes()).transmitted();
    let inside = Ip {
        ttl: 16,
        ..packet.clone()
    };
    let outer = Ip {
        identification: 1,
        flags_and_offset: 0x4000,
        ..Ip::new(gateways(V4), Protocol::IPV6, &inside.bytes())
    };
    assert_eq!(wire, outer.bytes());
    assert_eq!(wire[9], 41);
    // However many routers the path has, B is the next hop.
    wire[8] = 3;
    fill_checksum(&mut wire);
    let arrived = Ip { ttl: 15, ..packet };
    assert_eq!(b.receive("wan", &wire).transmitted(), arrived.bytes());
    // The gateways' own packets keep all of their hops.
    let own = Ip {
        ttl: 255,
        ..Ip::udp([ip("fd00:ff::1"), ip("fd00:ff::2")], b"neighbour")
    };
    let wire = a.send("vn", &own.bytes()).transmitted();
    assert_eq!(b.receive("wan", &wire).delivered(), own.bytes());
}

#[test]
fn sit_03_another_source_than_the_far_end_is_discarded() {
    let inner = Ip::udp(hosts(V6), b"x").bytes();
    let from = |source| Ip::new([ip(source), gateways(V4)[1]], Protocol::IPV6, &inner).bytes();
    let mut b = Gateways::in_clear(V4).more(BYPASS).node(Side::B);
    assert_eq!(b.receive("wan", &from("192.0.2.1")).reason(), None);
    for (count, source) in ["192.0.2.3", "198.51.100.1", "192.0.2.2"]
        .into_iter()
        .enumerate()
    {
        let outcome = b.receive("wan", &from(source));
        assert_eq!(outcome.reason(), Some(DropReason::UnknownTunnel));
        assert!(!outcome.stages.contains(&Stage::Decapsulate));
        assert_eq!(b.drops(DropReason::UnknownTunnel), count as u64 + 1);
    }
    // With no more policy than that of the link itself, the SPD is the first to refuse it.
    let mut b = Gateways::in_clear(V4).node(Side::B);
    let outcome = b.receive("wan", &from("192.0.2.3"));
    assert_eq!(outcome.reason(), Some(DropReason::NoPolicy));
}

#[test]
fn sit_04_sources_that_cant_come_out_of_ipv4() {
    let mut over_v4 = Gateways::in_clear(V4).node(Side::B);
    let mut over_v6 = Gateways::in_clear(V6).node(Side::B);
    let inner = |source| Ip::udp([ip(source), hosts(V6)[1]], b"x").bytes();
    let outer = |version, source| Ip::new(gateways(version), Protocol::IPV6, &inner(source));
    for source in [
        "ff02::1",
        "ff0e::1234",
        "::",
        "::1",
        "::ffff:10.1.0.5",
        "::10.1.0.5",
    ] {
        let packet = outer(V4, source).bytes();
        let outcome = over_v4.receive("wan", &packet);
        assert_eq!(outcome.reason(), Some(DropReason::Martian), "{source}");
        assert_eq!(outcome.packet, packet);
    }
    for source in ["fd00:1::5", "fe80::1", "2001:db8::5", "::1:0:0:1"] {
        let outcome = over_v4.receive("wan", &outer(V4, source).bytes());
        assert_eq!(outcome.reason(), None, "{source}");
    }
    // RFC 4213 is about IPv4 outside.
    let outcome = over_v6.receive("wan", &outer(V6, "::10.1.0.5").bytes());
    assert_eq!(outcome.reason(), None);
    assert_eq!(header(&outcome.packet).source, ip("::10.1.0.5"));
}
