//! IIPtran: encapsulation, then transport mode (RFC 3884 section 3).

use std::fs;
use std::path::{Path, PathBuf};

use iiptran::DropReason;
use iiptran::trace::Stage;
use iiptran::transform::Transform;
use iiptran::wire::{IpVersion, Protocol};
use iiptran_tests::lab::{Gateways, Lab, Side, VERSIONS, hosts, ip};
use iiptran_tests::{Ip, header};

/// Outer fields that both arrangements fill alike, so that what differs is the arrangement.
fn gateways(arrangement: &'static str, outer: IpVersion, transform: Transform) -> Gateways {
    let link = "outer = { preset = \"tunnel-mode\", identification = \"zero-if-atomic\" }";
    Gateways {
        outer,
        transform: Some(transform),
        link: link.into(),
        ..Gateways::new(arrangement)
    }
}

#[test]
fn iip_01_outbound_order() {
    use Stage::*;
    let mut a = Gateways::new("iiptran").node(Side::A);
    let outcome = a.receive("lan", &Ip::udp(hosts(IpVersion::V4), b"x").bytes());
    assert_eq!(
        outcome.stages,
        [
            Arrive,
            Hop,
            Route,
            Encapsulate,
            Policy,
            ChooseSa,
            Seal,
            Route,
            End
        ]
    );
    // Tunnel mode asks policy first and looks up no route for the packet itself.
    let mut a = Gateways::new("tunnel-mode").node(Side::A);
    let outcome = a.receive("lan", &Ip::udp(hosts(IpVersion::V4), b"x").bytes());
    assert_eq!(
        outcome.stages,
        [Arrive, Hop, Policy, ChooseSa, Encapsulate, Seal, Route, End]
    );
}

#[test]
fn iip_02_inner_fields_do_not_choose_the_sa() {
    use proptest::prelude::*;
    let a = std::cell::RefCell::new(Gateways::new("iiptran").node(Side::A));
    let mut runner = proptest::test_runner::TestRunner::default();
    let inner = (
        any::<[u8; 2]>(),
        any::<[u8; 2]>(),
        any::<u8>(),
        any::<u8>(),
        0..600_usize,
    );
    let spi = |wire: &[u8]| wire[20..24].to_vec();
    runner
        .run(
            &inner,
            |(source, destination, traffic_class, protocol, length)| {
                let ends = [
                    [10, 1, source[0], source[1]].into(),
                    [10, 2, destination[0], destination[1]].into(),
                ];
                // An own address as the source of a forwarded packet is a loop, not a packet.
                prop_assume!(ends[0] != ip("10.1.0.1"));
                let packet = Ip {
                    traffic_class,
                    ..Ip::new(ends, Protocol(protocol), &vec![7; length])
                };
                let outcome = a.borrow_mut().receive("lan", &packet.bytes());
                prop_assert_eq!(spi(&outcome.transmitted()), [0, 0, 0xab, 1]);
                Ok(())
            },
        )
        .unwrap();
}

#[test]
fn iip_04_the_bytes_are_those_of_tunnel_mode() {
    for transform in Transform::all() {
        for outer in VERSIONS {
            let mut nodes = ["iiptran", "tunnel-mode", "interface-sa"]
                .map(|arrangement| gateways(arrangement, outer, transform).node(Side::A));
            for inner in VERSIONS {
                for ttl in [2, 64] {
                    for traffic_class in [0, 0xb8, 0xff] {
                        let packet = Ip {
                            ttl,
                            traffic_class,
                            ..Ip::udp(hosts(inner), b"same bytes")
                        };
                        let [one, others @ ..] = nodes
                            .each_mut()
                            .map(|node| node.receive("lan", &packet.bytes()).transmitted());
                        assert_eq!(others, [one.clone(), one], "{transform}");
                    }
                }
            }
        }
    }
}

#[test]
fn iip_05_each_arrangement_understands_the_other() {
    let arrangements = ["iiptran", "tunnel-mode", "interface-sa"];
    for transform in Transform::all() {
        for outer in VERSIONS {
            for extended in [false, true] {
                let make = |arrangement| Gateways {
                    outer,
                    transform: Some(transform),
                    extended,
                    ..Gateways::new(arrangement)
                };
                for sender in arrangements {
                    let mut a = make(sender).node(Side::A);
                    let mut receivers = arrangements.map(|receiver| make(receiver).node(Side::B));
                    for inner in VERSIONS {
                        let packet = Ip::udp(hosts(inner), b"who is it?").bytes();
                        let wire = a.receive("lan", &packet).transmitted();
                        for (b, receiver) in receivers.iter_mut().zip(arrangements) {
                            let outcome = b.receive("wan", &wire);
                            let reason = outcome.reason();
                            assert_eq!(reason, None, "{transform} {sender} {receiver}");
                            let header = header(&outcome.packet);
                            assert_eq!(header.payload(&outcome.packet)[8..], *b"who is it?");
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn iip_06_inbound_order() {
    use Stage::*;
    let (mut a, mut b) = Gateways::new("iiptran").nodes();
    let wire = a
        .receive("lan", &Ip::udp(hosts(IpVersion::V4), b"x").bytes())
        .transmitted();
    let outcome = b.receive("wan", &wire);
    assert_eq!(
        outcome.stages,
        [
            Arrive,
            FindSa,
            Open,
            Restore,
            Selectors,
            FindTunnel,
            Decapsulate,
            Demand,
            Hop,
            Route,
            End
        ]
    );
    // In fragments, reassembly comes before all of that.
    let wire = a
        .receive("lan", &Ip::udp(hosts(IpVersion::V4), &[7; 400]).bytes())
        .transmitted();
    let [first, last] = crate::fragments::halves(&wire);
    assert_eq!(b.receive("wan", &first).stages, [Arrive, Reassemble, End]);
    let stages = b.receive("wan", &last).stages;
    assert_eq!(stages[..4], [Arrive, Reassemble, FindSa, Open]);
}

#[test]
fn iip_07_transport_mode_is_for_own_packets() {
    // A tunnel whose local end is somebody else's address is refused.
    let foreign = Gateways::new("iiptran")
        .document(Side::A)
        .replace("local = \"192.0.2.1\"", "local = \"192.0.2.77\"");
    let config = iiptran::config::NodeConfig::from_toml(&foreign).unwrap();
    let error = config.node().unwrap_err();
    assert_eq!(error.path, "virtual-links[0]");
    assert!(error.cause.contains("RFC 4301 section 4.1"), "{error}");
    // A packet in transit that a wildcard policy would put into transport mode is dropped.
    let wide = crate::hosts::document(1, 2).replace("local = [\"192.0.2.1\"], remote", "remote");
    let mut host = Lab::new(&wide);
    let transit = Ip::udp([ip("192.0.2.9"), ip("192.0.2.2")], b"in transit").bytes();
    let bypass = "[[policies]]\nname = \"in\"\naction = \"bypass\"\napplies = \"inbound\"\n";
    assert_eq!(
        host.receive("wan", &transit).reason(),
        Some(DropReason::NoPolicy)
    );
    let mut host = Lab::new(&format!("{wide}\n{bypass}"));
    let outcome = host.receive("wan", &transit);
    assert_eq!(outcome.reason(), Some(DropReason::TransportInTransit));
}

#[test]
fn iip_08_ipsec_knows_no_encapsulation_and_no_routing() {
    let source = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../core/src");
    let mut files = 0;
    for module in ["esp", "transform", "sa", "spd", "outer", "wire"] {
        for (file, text) in rust_files(&source.join(module)) {
            files += 1;
            for line in text
                .lines()
                .take_while(|line| !line.contains("#[cfg(test)]"))
            {
                for upper in ["ipip", "fib", "node", "tables", "trace"] {
                    let uses = line.contains(&format!("crate::{upper}"))
                        || line.contains(&format!("{upper}::")) && line.starts_with("use crate");
                    assert!(!uses, "{}: {line}", file.display());
                }
            }
        }
    }
    assert!(files > 30, "only {files} files were looked at");
}

fn rust_files(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push((path.clone(), fs::read_to_string(&path).unwrap()));
        }
    }
    files
}

#[test]
fn iip_10_clear_ipip_is_refused_where_policy_protects() {
    let mut b = Gateways::new("iiptran").node(Side::B);
    let inner = Ip::udp(hosts(IpVersion::V4), b"forged").bytes();
    let forged = Ip::new([ip("192.0.2.1"), ip("192.0.2.2")], Protocol::IPV4, &inner).bytes();
    assert_eq!(
        b.receive("wan", &forged).reason(),
        Some(DropReason::Unprotected)
    );
    assert_eq!(b.drops(DropReason::Unprotected), 1);
}

#[test]
fn iip_11_fragments_travel_as_payload() {
    let (mut a, mut b) = Gateways::new("iiptran").nodes();
    let fragment = Ip {
        identification: 9,
        flags_and_offset: 100, // Not the first: no ports in it.
        ..Ip::new(hosts(IpVersion::V4), Protocol::UDP, &[3; 256])
    };
    let wire = a.receive("lan", &fragment.bytes()).transmitted();
    assert_eq!(header(&wire).fragment, None);
    let arrived = b.receive("wan", &wire).transmitted();
    assert_eq!(header(&arrived).fragment.unwrap().offset, 800);
    // What does not fit the base link is not cut before ESP, nor sent.
    let more = "[[links]]\nname = \"small\"\nmtu = 300\naddresses = [\"198.51.100.1/24\"]\n";
    let small = Gateways {
        more: more.into(),
        ..Gateways::new("iiptran")
    };
    let document = small
        .document(Side::A)
        .replace("local = \"192.0.2.1\"", "local = \"198.51.100.1\"")
        .replace("remote = \"192.0.2.2\"", "remote = \"198.51.100.2\"");
    let large = Ip::udp(hosts(IpVersion::V4), &[0; 400]).bytes();
    let outcome = Lab::new(&document).receive("lan", &large);
    assert_eq!(outcome.reason(), Some(DropReason::PacketTooBig));
}

#[test]
fn iip_12_bytes_behind_the_inner_packet_are_cut() {
    let mut b = Gateways::in_clear(IpVersion::V4).node(Side::B);
    let inner = Ip::udp(hosts(IpVersion::V4), b"exact").bytes();
    for padding in [1, 7, 700, 1400] {
        let padded = [inner.clone(), vec![0xee; padding]].concat();
        let wire = Ip::new([ip("192.0.2.1"), ip("192.0.2.2")], Protocol::IPV4, &padded).bytes();
        let arrived = b.receive("wan", &wire).transmitted();
        assert_eq!(arrived.len(), inner.len());
        assert_eq!(arrived[20..], inner[20..]);
    }
}
