//! IP inside IP (RFC 2003).

use iiptran::trace::Stage;
use iiptran::wire::{IpVersion::V4, Protocol};
use iiptran::{DropReason, Verdict};
use iiptran_tests::lab::{Gateways, Lab, Side, gateways, hosts, ip};
use iiptran_tests::{Ip, fill_checksum, header};

/// A packet that is in a tunnel of IPv4, as it is between the two gateways.
fn in_tunnel(inner: &[u8]) -> Vec<u8> {
    Ip::new(gateways(V4), Protocol::IPV4, inner).bytes()
}

/// Accepts everything in clear, so that what is refused is refused by the tunnel.
pub(crate) const BYPASS: &str = "[[policies]]\nname = \"all\"\naction = \"bypass\"\n";

#[test]
fn ipip_01_the_outer_header() {
    let mut a = Gateways::in_clear(V4).node(Side::A);
    let inner = Ip {
        traffic_class: 0xba,
        identification: 0x1234,
        ttl: 33,
        ..Ip::udp(hosts(V4), b"payload")
    };
    let wire = a.receive("lan", &inner.bytes()).transmitted();
    // By hand: 20 bytes of header, 20 + 8 + 7 bytes inside, protocol 4, between the tunnel's ends.
    let mut outer = [
        0x45, 0xba, 0, 55, 0, 1, 0x40, 0, 64, 4, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2,
    ];
    fill_checksum(&mut outer);
    assert_eq!(wire[..20], outer);
    // The identification is the tunnel's own.
    for number in 2..5_u8 {
        let wire = a.receive("lan", &inner.bytes()).transmitted();
        assert_eq!(wire[4..6], [0, number]);
    }
}

#[test]
fn ipip_02_the_inner_packet_is_carried_unchanged() {
    let mut a = Gateways::in_clear(V4).node(Side::A);
    // Router alert and padding; all the fields that a header has; a fragment.
    let inner = Ip {
        traffic_class: 0xff,
        identification: 0xbeef,
        flags_and_offset: 0x2000 | 185,
        options: vec![0x94, 4, 0, 0, 1, 1, 1, 0],
        ..Ip::new(hosts(V4), Protocol(99), &[7; 64])
    };
    let wire = a.receive("lan", &inner.bytes()).transmitted();
    let forwarded = Ip { ttl: 63, ..inner };
    assert_eq!(wire[20..], forwarded.bytes());
    let outer = header(&wire);
    assert_eq!(outer.length, 20, "no options of its own");
    assert_eq!(outer.fragment, None);
    // What the node itself sends is not touched at all.
    let own = Ip {
        source: ip("10.255.0.1"),
        ..forwarded
    };
    assert_eq!(a.send("vn", &own.bytes()).transmitted()[20..], own.bytes());
}

#[test]
fn ipip_03_ttl() {
    for (rule, outer) in [("", 64), ("outer = { ttl = 9 }", 9)] {
        let mut a = Gateways::in_clear(V4).link(rule).node(Side::A);
        for ttl in [2, 64, 255] {
            let from = |source| Ip {
                ttl,
                ..Ip::udp([source, hosts(V4)[1]], b"x")
            };
            let forwarded = a.receive("lan", &from(hosts(V4)[0]).bytes());
            let own = a.send("vn", &from(ip("10.255.0.1")).bytes());
            for (outcome, inner) in [(forwarded, ttl - 1), (own, ttl)] {
                let wire = outcome.transmitted();
                assert_eq!((wire[8], wire[20 + 8]), (outer, inner));
            }
        }
    }
}

#[test]
fn ipip_04_no_packet_without_hops_is_encapsulated() {
    let mut a = Gateways::in_clear(V4).node(Side::A);
    let packet = |source, ttl| {
        let packet = Ip::udp([source, hosts(V4)[1]], b"x");
        Ip { ttl, ..packet }.bytes()
    };
    let own = packet(ip("10.255.0.1"), 0);
    let refused = [
        (a.send("vn", &own), own),
        (
            a.receive("lan", &packet(hosts(V4)[0], 0)),
            packet(hosts(V4)[0], 0),
        ),
        (
            a.receive("lan", &packet(hosts(V4)[0], 1)),
            packet(hosts(V4)[0], 1),
        ),
    ];
    for (outcome, before) in refused {
        assert_eq!(outcome.reason(), Some(DropReason::TtlExpired));
        assert!(!outcome.stages.contains(&Stage::Encapsulate));
        assert_eq!(outcome.packet, before, "for the ICMP message about it");
    }
    assert_eq!(a.drops(DropReason::TtlExpired), 3);
}

#[test]
fn ipip_05_decapsulation_leaves_the_ttl_alone() {
    let mut b = Gateways::in_clear(V4).node(Side::B);
    let mut arrive = |destination, ttl| {
        let inner = Ip::udp([hosts(V4)[0], ip(destination)], b"x");
        b.receive("wan", &in_tunnel(&Ip { ttl, ..inner }.bytes()))
    };
    // For the gateway itself.
    for ttl in [1, 2, 255] {
        assert_eq!(arrive("10.255.0.2", ttl).delivered()[8], ttl);
    }
    assert_eq!(
        arrive("10.255.0.2", 0).reason(),
        Some(DropReason::TtlExpired)
    );
    // To be forwarded, which is one hop.
    for ttl in [2, 255] {
        assert_eq!(arrive("10.2.0.5", ttl).transmitted()[8], ttl - 1);
    }
    for ttl in [0, 1] {
        let outcome = arrive("10.2.0.5", ttl);
        assert_eq!(outcome.reason(), Some(DropReason::TtlExpired));
    }
}

#[test]
fn ipip_06_df() {
    // Inner DF, then for copy, set and clear: the outer DF, or `None` for a packet that is dropped.
    let table = [
        (0x0000, [Some(0), Some(0x40), Some(0)]),
        (0x4000, [Some(0x40), Some(0x40), None]),
    ];
    for (inner, expected) in table {
        for (rule, expected) in ["copy", "set", "clear"].into_iter().zip(expected) {
            let link = format!("outer = {{ df = \"{rule}\" }}");
            let mut a = Gateways::in_clear(V4).link(&link).node(Side::A);
            let packet = Ip {
                flags_and_offset: inner,
                ..Ip::udp(hosts(V4), b"x")
            };
            let outcome = a.receive("lan", &packet.bytes());
            match expected {
                Some(flags) => assert_eq!(outcome.transmitted()[6], flags, "{rule} {inner:#x}"),
                None => assert_eq!(outcome.reason(), Some(DropReason::DfConflict)),
            }
            let dropped = u64::from(expected.is_none());
            assert_eq!(a.drops(DropReason::DfConflict), dropped);
            let link = a.node.counters().link(a.link("link")).unwrap();
            assert_eq!(link.sent.packets, 1 - dropped);
        }
    }
}

#[test]
fn ipip_07_tos() {
    // RFC 2003 copies the byte; RFC 2983 and RFC 6040 let its two parts differ.
    let rules = [
        ("", [0xba, 0xbb]),
        ("outer = { dscp = 10 }", [0x2a, 0x2b]),
        ("outer = { ecn = \"compatibility\" }", [0xb8, 0xb8]),
        (
            "outer = { dscp = 10, ecn = \"compatibility\" }",
            [0x28, 0x28],
        ),
    ];
    for (rule, outer) in rules {
        let mut a = Gateways::in_clear(V4).link(rule).node(Side::A);
        for (inner, outer) in [0xba, 0xbb].into_iter().zip(outer) {
            let packet = Ip {
                traffic_class: inner,
                ..Ip::udp(hosts(V4), b"x")
            };
            let wire = a.receive("lan", &packet.bytes()).transmitted();
            assert_eq!((wire[1], wire[21]), (outer, inner), "{rule}");
        }
    }
}

#[test]
fn ipip_08_what_was_in_the_tunnel_before_is_not_forwarded_into_it() {
    let mut a = Gateways::in_clear(V4).node(Side::A);
    let from = |source| Ip::udp([ip(source), hosts(V4)[1]], b"x").bytes();
    // This node's own addresses, the tunnel's near end among them, and its far end.
    for source in ["10.1.0.1", "10.255.0.1", "192.0.2.1", "192.0.2.2"] {
        let outcome = a.receive("lan", &from(source));
        assert_eq!(outcome.reason(), Some(DropReason::RecursiveEncapsulation));
    }
    assert_eq!(a.drops(DropReason::RecursiveEncapsulation), 4);
    // Sent by the node itself, its own address is the right one.
    for source in ["10.1.0.1", "10.255.0.1"] {
        assert_eq!(a.send("vn", &from(source)).reason(), None);
    }
    assert_eq!(a.receive("lan", &from("10.1.0.2")).reason(), None);
}

/// A node in one network, whose tunnels `through` lead to 192.0.2.2 and on, each far end reached by
/// the link that is named with it.
fn looping(through: &[(&str, u8, &str)], more: &str) -> Lab {
    let mut document = format!(
        "arrangement = \"iiptran\"\n{more}\n[[links]]\nname = \"wan\"\naddresses = [\"192.0.2.1/24\"]\n"
    );
    for (name, far, by) in through {
        document += &format!(
            "[[virtual-links]]\nname = \"{name}\"\nlocal = \"192.0.2.1\"\nremote = \"192.0.2.{far}\"\n\
             [[routes]]\nprefix = \"192.0.2.{far}/32\"\nlink = \"{by}\"\n"
        );
    }
    document += "[[routes]]\nprefix = \"10.0.0.0/8\"\nlink = \"one\"\n";
    Lab::new(&document)
}

#[test]
fn ipip_09_a_tunnel_into_itself_ends() {
    let packet = Ip::udp([ip("192.0.2.1"), ip("10.2.0.5")], b"round and round").bytes();
    let loops: [&[(&str, u8, &str)]; 2] = [
        &[("one", 2, "one")],
        &[("one", 2, "two"), ("two", 3, "one")],
    ];
    for through in loops {
        for (limits, encapsulations) in [("", 4), ("limits = { nesting = 2 }", 2)] {
            let mut node = looping(through, limits);
            let outcome = node.send("base", &packet);
            assert_eq!(outcome.reason(), Some(DropReason::TunnelLoop));
            let encapsulate = |stage: &&Stage| **stage == Stage::Encapsulate;
            assert_eq!(
                outcome.stages.iter().filter(encapsulate).count(),
                encapsulations
            );
            assert_eq!(node.drops(DropReason::TunnelLoop), 1);
        }
    }
    // The same tunnels one inside the other, without a loop.
    let mut node = looping(&[("one", 2, "two"), ("two", 3, "wan")], "");
    let wire = node.send("base", &packet).transmitted();
    assert_eq!(wire[16..20], [192, 0, 2, 3]);
    assert_eq!(wire[36..40], [192, 0, 2, 2]);
    assert_eq!(wire[40..], packet);
}

#[test]
fn ipip_10_the_two_outer_addresses_are_the_way_in() {
    let second = "[[links]]\nname = \"wan2\"\naddresses = [\"198.51.100.2/24\"]\n";
    let mut b = Gateways::in_clear(V4)
        .more(&format!("{second}{BYPASS}"))
        .node(Side::B);
    let inner = Ip::udp(hosts(V4), &[7; 64]).bytes();
    let mut arrive = |ends: [&str; 2]| {
        let packet = Ip::new(ends.map(ip), Protocol::IPV4, &inner).bytes();
        b.receive("wan", &packet)
    };
    let right = arrive(["192.0.2.1", "192.0.2.2"]);
    assert_eq!(right.transmitted()[20..], inner[20..]);
    for ends in [
        ["192.0.2.9", "192.0.2.2"],
        ["192.0.2.1", "198.51.100.2"],
        ["198.51.100.1", "198.51.100.2"],
    ] {
        let outcome = arrive(ends);
        assert_eq!(outcome.reason(), Some(DropReason::UnknownTunnel));
        assert!(!outcome.stages.contains(&Stage::Decapsulate));
    }
    assert_eq!(b.drops(DropReason::UnknownTunnel), 3);
    // Fragments of an outer packet wait for each other, in any order.
    let [first, last] = crate::fragments::halves(&in_tunnel(&inner));
    for [one, other] in [[&first, &last], [&last, &first]] {
        assert_eq!(b.receive("wan", one).verdict, Verdict::Hold);
        let arrived = b.receive("wan", other).transmitted();
        assert_eq!(arrived[20..], inner[20..]);
    }
}

#[test]
fn ipip_11_the_inner_packet_is_checked() {
    let mut b = Gateways::in_clear(V4).node(Side::B);
    let good = Ip::udp(hosts(V4), b"payload").bytes();
    let mut reason = |protocol, inner: &[u8]| {
        let outer = Ip::new(gateways(V4), protocol, inner).bytes();
        let outcome = b.receive("wan", &outer);
        if outcome.reason().is_some() {
            assert_eq!(outcome.packet, outer, "refused packets stay as they are");
        }
        outcome.reason()
    };
    let changed = |change: fn(&mut Vec<u8>)| {
        let mut packet = good.clone();
        change(&mut packet);
        if packet.len() >= 20 {
            fill_checksum(&mut packet);
        }
        packet
    };
    let v4 = Protocol::IPV4;
    assert_eq!(reason(v4, &good), None);
    let faults = [
        (changed(|p| p[0] = 0x55), DropReason::BadVersion),
        (changed(|p| p[0] = 0x44), DropReason::BadHeaderLength),
        (changed(|p| p[3] = 19), DropReason::BadTotalLength),
        (changed(|p| p[3] += 1), DropReason::Truncated),
        (changed(|p| p.truncate(34)), DropReason::Truncated),
        (changed(|p| p.truncate(19)), DropReason::Truncated),
        (Vec::new(), DropReason::Truncated),
    ];
    for (inner, expected) in faults {
        assert_eq!(reason(v4, &inner), Some(expected), "{inner:02x?}");
    }
    let mut checksum = good.clone();
    checksum[10] ^= 1;
    assert_eq!(reason(v4, &checksum), Some(DropReason::BadChecksum));
    // Versions that are not the one that the protocol number promises.
    let v6 = Ip::udp(hosts(iiptran::wire::IpVersion::V6), b"payload").bytes();
    assert_eq!(reason(v4, &v6), Some(DropReason::BadVersion));
    assert_eq!(reason(Protocol::IPV6, &good), Some(DropReason::BadVersion));
    assert_eq!(reason(Protocol::IPV6, &v6), None);
    // What lies behind the inner packet's end is cut.
    for inner in [good.clone(), v6] {
        let padded = [&inner[..], &[0xee; 9]].concat();
        let outer = match inner[0] >> 4 {
            4 => in_tunnel(&padded),
            _ => Ip::new(gateways(V4), Protocol::IPV6, &padded).bytes(),
        };
        let arrived = b.receive("wan", &outer).transmitted();
        assert_eq!(arrived.len(), inner.len());
        assert!(arrived.ends_with(b"payload"));
    }
}
