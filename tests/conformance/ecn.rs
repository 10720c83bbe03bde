//! ECN (RFC 6040) and DSCPs (RFC 2983) through both kinds of tunnel.

use iiptran::DropReason;
use iiptran::outer::Ecn;
use iiptran::wire::IpVersion::{self, V4};
use iiptran_tests::lab::{Gateways, Lab, Side, gateways, hosts, ip, version_pairs};
use iiptran_tests::{Ip, header, with_traffic_class};

// RFC 3168 section 5.
const NOT_ECT: u8 = 0b00;
const ECT_1: u8 = 0b01;
const ECT_0: u8 = 0b10;
const CE: u8 = 0b11;
/// All of them, in the order of the columns of RFC 6040 figure 4.
const ALL: [u8; 4] = [NOT_ECT, ECT_0, ECT_1, CE];

/// An inner packet whose DSCP must not get mixed up.
fn packet(inner: IpVersion, ecn: u8) -> Ip {
    Ip {
        traffic_class: 46 << 2 | ecn,
        ..Ip::udp(hosts(inner), b"payload")
    }
}

/// The gateways of each arrangement that has tunnels, each family in each.
fn tunnels() -> impl Iterator<Item = (Gateways, IpVersion)> {
    version_pairs().flat_map(|(outer, inner)| {
        let protected = |arrangement| Gateways {
            outer,
            ..Gateways::new(arrangement)
        };
        [
            Gateways::in_clear(outer),
            protected("iiptran"),
            protected("tunnel-mode"),
        ]
        .map(|gateways| (gateways, inner))
    })
}

/// What becomes of inner packets when the outer header says something else at the end of the path.
/// Outer headers are not authenticated, so anybody on the way may write there.
fn through(
    [a, b]: [&mut Lab; 2],
    inner: IpVersion,
    inner_ecn: u8,
    outer_ecn: u8,
) -> Result<u8, DropReason> {
    let packet = packet(inner, inner_ecn);
    let wire = a.receive("lan", &packet.bytes()).transmitted();
    let wire = with_traffic_class(&wire, 10 << 2 | outer_ecn);
    let outcome = b.receive("wan", &wire);
    if let Some(reason) = outcome.reason() {
        return Err(reason);
    }
    let traffic_class = header(&outcome.packet).traffic_class;
    let expected = Ip {
        ttl: 62,
        traffic_class,
        ..packet
    };
    assert_eq!(outcome.packet, expected.bytes(), "checksum and DSCP");
    assert_eq!(traffic_class >> 2, 46);
    Ok(traffic_class & 0b11)
}

/// A row of RFC 6040 figure 4, in every tunnel.
fn row(inner_ecn: u8, expected: [Result<u8, DropReason>; 4]) {
    for (gateways, inner) in tunnels() {
        let (mut a, mut b) = gateways.nodes();
        for (outer_ecn, expected) in ALL.into_iter().zip(expected) {
            let result = through([&mut a, &mut b], inner, inner_ecn, outer_ecn);
            assert_eq!(
                result, expected,
                "{} {inner_ecn:02b} in {outer_ecn:02b}",
                gateways.arrangement
            );
        }
    }
}

#[test]
fn ecn_01_normal_and_compatibility_mode() {
    for (gateways, inner) in tunnels() {
        let compatible = gateways.clone().link("outer = { ecn = \"compatibility\" }");
        for (gateways, copies) in [(gateways, true), (compatible, false)] {
            let (mut a, mut b) = gateways.nodes();
            for ecn in ALL {
                let wire = a.receive("lan", &packet(inner, ecn).bytes()).transmitted();
                // The IPv4 checksum of the outer header is checked by `header`.
                let outer = header(&wire).traffic_class;
                assert_eq!(outer, 46 << 2 | if copies { ecn } else { NOT_ECT });
                // Inside, nothing changes.
                let arrived = b.receive("wan", &wire).transmitted();
                let expected = Ip {
                    ttl: 62,
                    ..packet(inner, ecn)
                };
                assert_eq!(arrived, expected.bytes());
            }
        }
    }
}

#[test]
fn ecn_02_the_mode_is_the_tunnels() {
    let more = r#"
[[virtual-links]]
name = "second"
network = "vn"
local = "192.0.2.1"
remote = "192.0.2.3"
outer = { ecn = "compatibility" }

[[routes]]
network = "vn"
prefix = "10.3.0.0/16"
link = "second"
"#;
    let mut a = Gateways::in_clear(V4).more(more).node(Side::A);
    let mut outer = |destination: &str, ecn| {
        let packet = Ip {
            destination: ip(destination),
            ..packet(V4, ecn)
        };
        a.receive("lan", &packet.bytes()).transmitted()[1] & 0b11
    };
    for ecn in ALL {
        assert_eq!(
            outer("10.2.0.5", ecn),
            ecn,
            "normal, as nothing else is told"
        );
        assert_eq!(outer("10.3.0.5", ecn), NOT_ECT);
    }
}

#[test]
fn ecn_03_inner_not_ect() {
    let stays = Ok(NOT_ECT);
    let lost = Err(DropReason::EcnCongestionLost);
    row(NOT_ECT, [stays, stays, stays, lost]);
}

#[test]
fn ecn_04_inner_ect_0() {
    row(ECT_0, [Ok(ECT_0), Ok(ECT_0), Ok(ECT_1), Ok(CE)]);
}

#[test]
fn ecn_05_inner_ect_1() {
    row(ECT_1, [Ok(ECT_1), Ok(ECT_1), Ok(ECT_1), Ok(CE)]);
}

#[test]
fn ecn_06_inner_ce() {
    row(CE, [Ok(CE); 4]);
}

#[test]
fn ecn_07_what_no_honest_path_produces_is_counted() {
    // Marked with (!) and (!!!) in RFC 6040 figure 4: inner and outer.
    const FLAGGED: [(u8, u8); 4] = [
        (NOT_ECT, ECT_0),
        (NOT_ECT, ECT_1),
        (ECT_1, ECT_0),
        (CE, ECT_1),
    ];
    for (gateways, inner) in tunnels() {
        let (mut a, mut b) = gateways.nodes();
        for (inner_ecn, outer_ecn) in ALL.into_iter().flat_map(|i| ALL.map(|o| (i, o))) {
            let before = b.node.counters().ecn_anomalies();
            let result = through([&mut a, &mut b], inner, inner_ecn, outer_ecn);
            let counted = b.node.counters().ecn_anomalies() - before;
            let flagged = FLAGGED.contains(&(inner_ecn, outer_ecn));
            assert_eq!(
                counted,
                u64::from(flagged),
                "{inner_ecn:02b} {outer_ecn:02b}"
            );
            // The fifth one is counted as the drop that it is.
            assert_eq!(result.is_err(), (inner_ecn, outer_ecn) == (NOT_ECT, CE));
        }
        assert_eq!(b.drops(DropReason::EcnCongestionLost), 1);
    }
}

#[test]
fn ecn_08_rfc_4301_differs_in_two_cells() {
    for (gateways, inner) in tunnels() {
        let old = gateways.clone().link("inner = { ecn = \"rfc4301\" }");
        let (mut a, mut b) = gateways.nodes();
        let (mut old_a, mut old_b) = old.nodes();
        let mut differences = Vec::new();
        for (inner_ecn, outer_ecn) in ALL.into_iter().flat_map(|i| ALL.map(|o| (i, o))) {
            let new = through([&mut a, &mut b], inner, inner_ecn, outer_ecn);
            let old = through([&mut old_a, &mut old_b], inner, inner_ecn, outer_ecn);
            if new != old {
                differences.push((inner_ecn, outer_ecn, old));
            }
        }
        let expected = [(NOT_ECT, CE, Ok(NOT_ECT)), (ECT_0, ECT_1, Ok(ECT_0))];
        assert_eq!(differences, expected);
    }
}

#[test]
fn ecn_09_codepoints() {
    for (bits, ecn, name) in [
        (0b00, Ecn::NotEct, "Not-ECT"),
        (0b01, Ecn::Ect1, "ECT(1)"),
        (0b10, Ecn::Ect0, "ECT(0)"),
        (0b11, Ecn::Ce, "CE"),
    ] {
        assert_eq!((ecn as u8, ecn.name()), (bits, name));
        // Whatever the DSCP beside it is.
        for dscp in 0..64 {
            assert_eq!(Ecn::of(dscp << 2 | bits), ecn);
        }
    }
}

#[test]
fn ecn_10_esp_leaves_ecn_alone() {
    // In transport mode the one header that there is keeps what it says, and what the path says.
    let (mut one, mut other) = (crate::hosts::host(1, 2), crate::hosts::host(2, 1));
    for version in [V4, IpVersion::V6] {
        for (sent, arrived) in ALL.into_iter().flat_map(|i| ALL.map(|o| (i, o))) {
            let packet = Ip {
                traffic_class: 46 << 2 | sent,
                ..Ip::udp(gateways(version), b"payload")
            };
            let wire = one.send("base", &packet.bytes()).transmitted();
            assert_eq!(header(&wire).traffic_class, 46 << 2 | sent);
            let wire = with_traffic_class(&wire, 46 << 2 | arrived);
            let expected = Ip {
                traffic_class: 46 << 2 | arrived,
                ..packet
            };
            assert_eq!(other.receive("wan", &wire).delivered(), expected.bytes());
        }
    }
    // In IIPtran, then, protection changes nothing about what the tunnel wrote.
    let mut clear = Gateways::in_clear(V4).node(Side::A);
    let mut protected = Gateways::new("iiptran").node(Side::A);
    for ecn in ALL {
        let packet = packet(V4, ecn).bytes();
        let [clear, protected] =
            [&mut clear, &mut protected].map(|node| node.receive("lan", &packet).transmitted()[1]);
        assert_eq!(clear, protected);
    }
}

#[test]
fn ecn_11_authentication_and_selectors_come_first() {
    for arrangement in ["iiptran", "tunnel-mode"] {
        let mut a = Gateways::new("iiptran").node(Side::A);
        let mut b = Gateways::new(arrangement).node(Side::B);
        let mut marked = |packet: &Ip| {
            let wire = a.receive("lan", &packet.bytes()).transmitted();
            with_traffic_class(&wire, CE)
        };
        let wire = marked(&packet(V4, NOT_ECT));
        let mut forged = wire.clone();
        *forged.last_mut().unwrap() ^= 1;
        assert_eq!(b.receive("wan", &forged).reason(), Some(DropReason::BadIcv));
        // A packet that the SA may not carry: of another inner source in tunnel mode, of other outer
        // addresses in IIPtran.
        let mut foreign = marked(&Ip {
            source: ip("203.0.113.9"),
            ..packet(V4, NOT_ECT)
        });
        if arrangement == "iiptran" {
            foreign[15] = 99;
            iiptran_tests::fill_checksum(&mut foreign);
        }
        assert_eq!(
            b.receive("wan", &foreign).reason(),
            Some(DropReason::SelectorMismatch)
        );
        assert_eq!(b.drops(DropReason::EcnCongestionLost), 0);
        assert_eq!(
            b.receive("wan", &wire).reason(),
            Some(DropReason::EcnCongestionLost)
        );
        assert_eq!(b.drops(DropReason::EcnCongestionLost), 1);
        // It was authentic, so its number is used up.
        assert_eq!(b.receive("wan", &wire).reason(), Some(DropReason::Replayed));
    }
}

/// The DSCPs on the wire and behind the far gateway, of a packet whose outer DSCP the path sets to 10.
fn dscps(gateways: &Gateways, inner: IpVersion, dscp: u8) -> [u8; 2] {
    let (mut a, mut b) = gateways.nodes();
    let packet = Ip {
        traffic_class: dscp << 2 | ECT_0,
        ..Ip::udp(hosts(inner), b"payload")
    };
    let wire = a.receive("lan", &packet.bytes()).transmitted();
    let outer = header(&wire).dscp();
    let wire = with_traffic_class(&wire, 10 << 2 | ECT_0);
    let arrived = header(&b.receive("wan", &wire).transmitted());
    assert_eq!(arrived.traffic_class & 0b11, ECT_0);
    [outer, arrived.dscp()]
}

#[test]
fn ds_01_copied_fixed_or_mapped() {
    for (gateways, inner) in tunnels() {
        let with = |lines: &str| gateways.clone().link(lines);
        for dscp in [0, 1, 46, 63] {
            assert_eq!(dscps(&gateways, inner, dscp), [dscp, dscp]);
            let fixed = with("outer = { dscp = 8 }");
            assert_eq!(dscps(&fixed, inner, dscp), [8, dscp]);
            let mapped = with("outer = { dscp = { 46 = 34, 0 = 1 } }");
            let expected = match dscp {
                46 => 34,
                0 => 1,
                other => other,
            };
            assert_eq!(dscps(&mapped, inner, dscp), [expected, dscp]);
            let overwritten = with("inner = { dscp = \"overwrite\" }");
            assert_eq!(dscps(&overwritten, inner, dscp), [dscp, 10]);
        }
    }
}

#[test]
fn ds_02_a_pipe_or_uniform() {
    for (gateways, inner) in tunnels() {
        // RFC 2983 section 3.1: what happens on the way is nothing to the inner packet.
        let pipe = gateways.clone().link("outer = { dscp = 0 }");
        assert_eq!(dscps(&pipe, inner, 46), [0, 46]);
        // Section 3.2: the packet goes on as if there had been no tunnel.
        let uniform = gateways.clone().link("inner = { dscp = \"overwrite\" }");
        assert_eq!(dscps(&uniform, inner, 46), [46, 10]);
        // IPsec's own: uniform at the entry, a pipe at the exit (section 4.1).
        assert_eq!(dscps(&gateways, inner, 46), [46, 46]);
    }
}
