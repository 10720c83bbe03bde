//! IIPtran: RFC 3884 section 3.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use iiptran::trace::Stage;
use iiptran::transform::Transform;
use iiptran::wire::{IpVersion, Protocol};
use iiptran::{DropReason, Verdict};
use iiptran_tests::lab::{Gateways, Lab, Side, hosts, ip};
use iiptran_tests::{Ip, header};

const FAMILIES: [IpVersion; 2] = [IpVersion::V4, IpVersion::V6];

/// Outer fields that both arrangements fill alike, so that what differs is the arrangement.
fn gateways(arrangement: &'static str, outer: IpVersion) -> Gateways {
    let link = "outer = { preset = \"tunnel-mode\", identification = \"zero-if-atomic\" }";
    Gateways {
        outer,
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
fn iip_03_the_tunnel_is_a_full_interface() {
    let (mut a, mut b) = Gateways::new("iiptran").nodes();
    let link = a.link("link");
    // It has addresses, and they are this node's.
    let own = Ip::udp([ip("10.255.0.1"), ip("10.255.0.2")], b"neighbour").bytes();
    let wire = a.send("vn", &own).transmitted();
    let outcome = b.receive("wan", &wire);
    assert_eq!(
        outcome.verdict,
        Verdict::Deliver {
            link: b.link("link")
        }
    );
    assert_eq!(outcome.packet, own);
    // It carries multicast, as routing protocols send it.
    let hello = Ip::new([ip("10.255.0.1"), ip("224.0.0.5")], Protocol(89), b"hello").bytes();
    let wire = a.send_via("link", &hello).transmitted();
    let outcome = b.receive("wan", &wire);
    assert_eq!(
        outcome.verdict,
        Verdict::Deliver {
            link: b.link("link")
        }
    );
    assert_eq!(outcome.packet, hello);
    // It counts.
    let counters = |lab: &Lab, link| lab.node.counters().link(link).unwrap();
    assert_eq!(counters(&a, link).sent.packets, 2);
    assert_eq!(counters(&b, b.link("link")).received.packets, 2);
    assert_eq!(
        counters(&a, link).sent.bytes,
        (own.len() + hello.len()) as u64
    );
    // It has an MTU.
    let large = Ip {
        flags_and_offset: 0x4000,
        ..Ip::udp(hosts(IpVersion::V4), &[0; 1400])
    };
    assert_eq!(
        a.receive("lan", &large.bytes()).reason(),
        Some(DropReason::PacketTooBig)
    );
    // It goes down, and routing may lead elsewhere.
    a.node.set_link_up(link, false);
    let packet = Ip::udp(hosts(IpVersion::V4), b"down").bytes();
    assert_eq!(
        a.receive("lan", &packet).reason(),
        Some(DropReason::LinkDown)
    );
    let network = a.network("vn");
    let mut fib = iiptran::fib::Fib::clone(a.node.tables().network(network).unwrap().fib());
    fib.insert(iiptran::fib::Route {
        prefix: "10.2.0.0/16".parse().unwrap(),
        target: iiptran::fib::Target::Forward(
            iiptran::fib::Path {
                link: a.link("lan"),
                via: Some(ip("10.1.0.254")),
            }
            .into(),
        ),
        preferred_source: None,
        origin: iiptran::fib::Origin::Static,
        preference: 0,
    });
    let tables = a.node.tables().with_fib(network, Arc::new(fib));
    a.node.install(Arc::new(tables));
    let Verdict::Transmit { link, next_hop } = a.receive("lan", &packet).verdict else {
        panic!("not transmitted");
    };
    assert_eq!((link, next_hop), (a.link("lan"), ip("10.1.0.254")));
}

#[test]
fn iip_04_the_bytes_are_those_of_tunnel_mode() {
    for outer in FAMILIES {
        for inner in FAMILIES {
            let mut nodes = ["iiptran", "tunnel-mode"]
                .map(|arrangement| gateways(arrangement, outer).node(Side::A));
            for ttl in [2, 64] {
                for traffic_class in [0, 0xb8, 0xff] {
                    let packet = Ip {
                        ttl,
                        traffic_class,
                        ..Ip::udp(hosts(inner), b"same bytes")
                    };
                    let [one, other] = nodes
                        .each_mut()
                        .map(|node| node.receive("lan", &packet.bytes()));
                    assert_eq!(one.transmitted(), other.transmitted());
                }
            }
        }
    }
}

#[test]
fn iip_05_each_arrangement_understands_the_other() {
    for transform in Transform::all() {
        for outer in FAMILIES {
            for extended in [false, true] {
                for [sender, receiver] in [
                    ["iiptran", "iiptran"],
                    ["iiptran", "tunnel-mode"],
                    ["tunnel-mode", "iiptran"],
                    ["tunnel-mode", "tunnel-mode"],
                ] {
                    let make = |arrangement| Gateways {
                        outer,
                        transform: Some(transform),
                        extended,
                        ..Gateways::new(arrangement)
                    };
                    let mut a = make(sender).node(Side::A);
                    let mut b = make(receiver).node(Side::B);
                    for inner in FAMILIES {
                        let packet = Ip::udp(hosts(inner), b"who is it?").bytes();
                        let wire = a.receive("lan", &packet).transmitted();
                        let outcome = b.receive("wan", &wire);
                        assert_eq!(outcome.reason(), None, "{transform} {sender} {receiver}");
                        let header = header(&outcome.packet);
                        assert_eq!(header.payload(&outcome.packet)[8..], *b"who is it?");
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
fn iip_09_protection_changes_policy_and_nothing_else() {
    let plain = Gateways {
        transform: None,
        ..Gateways::new("iiptran")
    };
    let (mut a, mut b) = plain.nodes();
    let packet = Ip::udp(hosts(IpVersion::V4), b"in clear").bytes();
    let wire = a.receive("lan", &packet).transmitted();
    assert_eq!(header(&wire).protocol, Protocol::IPV4);
    assert!(b.receive("wan", &wire).transmitted().ends_with(b"in clear"));

    // Protection is switched on while the nodes run: links, addresses and routes are what they were.
    for (lab, side) in [(&mut a, Side::A), (&mut b, Side::B)] {
        let config = Gateways::new("iiptran").document(side);
        let config = iiptran::config::NodeConfig::from_toml(&config).unwrap();
        let compiled = config.compile().unwrap();
        let vn = lab.network("vn");
        let routes = |tables: &iiptran::Tables| {
            tables
                .network(vn)
                .unwrap()
                .fib()
                .routes()
                .cloned()
                .collect::<Vec<_>>()
        };
        assert_eq!(routes(lab.node.tables()), routes(&compiled.tables));
        lab.node.install(Arc::new(compiled.tables));
        for (_, sa) in compiled.inbound {
            lab.node.insert_inbound_sa(sa).unwrap();
        }
    }
    let wire = a.receive("lan", &packet).transmitted();
    assert_eq!(header(&wire).protocol, Protocol::ESP);
    assert!(b.receive("wan", &wire).transmitted().ends_with(b"in clear"));
    assert_eq!(
        a.node.counters().link(a.link("link")).unwrap().sent.packets,
        2
    );
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
    let mut b = Gateways {
        transform: None,
        ..Gateways::new("iiptran")
    }
    .node(Side::B);
    let inner = Ip::udp(hosts(IpVersion::V4), b"exact").bytes();
    for padding in [1, 7, 700, 1400] {
        let padded = [inner.clone(), vec![0xee; padding]].concat();
        let wire = Ip::new([ip("192.0.2.1"), ip("192.0.2.2")], Protocol::IPV4, &padded).bytes();
        let arrived = b.receive("wan", &wire).transmitted();
        assert_eq!(arrived.len(), inner.len());
        assert_eq!(arrived[20..], inner[20..]);
    }
}

#[test]
fn iip_13_interfaces_may_share_a_local_outer_address() {
    let more = r#"
[[virtual-links]]
name = "second"
network = "vn"
local = "192.0.2.1"
remote = "192.0.2.3"
addresses = ["10.254.0.1/30"]

[[routes]]
network = "vn"
prefix = "10.3.0.0/16"
link = "second"
"#;
    let mut a = Gateways {
        more: more.into(),
        ..Gateways::new("iiptran")
    }
    .node(Side::A);
    let destination = |lab: &mut Lab, inner: &str| {
        let packet = Ip::udp([ip("10.1.0.5"), ip(inner)], b"").bytes();
        header(&lab.receive("lan", &packet).transmitted()).destination
    };
    assert_eq!(destination(&mut a, "10.2.0.1"), ip("192.0.2.2"));
    assert_eq!(destination(&mut a, "10.3.0.1"), ip("192.0.2.3"));
    assert_eq!(destination(&mut a, "10.254.0.2"), ip("192.0.2.3"));
    // The far end tells by which interface a packet comes in.
    let inner = Ip::udp([ip("10.3.0.9"), ip("10.254.0.1")], b"in").bytes();
    let wire = Ip::new([ip("192.0.2.3"), ip("192.0.2.1")], Protocol::IPV4, &inner).bytes();
    let outcome = a.receive("wan", &wire);
    assert_eq!(
        outcome.verdict,
        Verdict::Deliver {
            link: a.link("second")
        }
    );
}

#[test]
fn iip_14_nothing_leaves_in_clear() {
    let packet = Ip::udp(hosts(IpVersion::V4), b"secret").bytes();
    // There never was an SA.
    let document = Gateways::new("iiptran").document(Side::A);
    let without: Vec<&str> = document
        .lines()
        .filter(|line| !line.starts_with("outbound = "))
        .collect();
    let mut a = Lab::new(&without.join("\n"));
    let policy = a
        .node
        .tables()
        .network(a.network("base"))
        .unwrap()
        .spd()
        .find("link")
        .unwrap()
        .0;
    for _ in 0..3 {
        assert_eq!(
            a.receive("lan", &packet).reason(),
            Some(DropReason::NoOutboundSa)
        );
    }
    // Key management is asked, once.
    let event = a.node.poll_event();
    assert!(
        matches!(event, Some(iiptran::node::Event::Acquire { policy: p, .. }) if p == policy),
        "{event:?}"
    );
    assert_eq!(a.node.poll_event(), None);

    // The SA's lifetime ends while packets flow.
    let protection = "lifetime = { hard = { packets = 2 } }".to_string();
    let mut a = Gateways {
        protection,
        ..Gateways::new("iiptran")
    }
    .node(Side::A);
    let protocols: Vec<Option<Protocol>> = (0..5)
        .map(|_| a.receive("lan", &packet))
        .map(|outcome| {
            outcome
                .reason()
                .is_none()
                .then(|| header(&outcome.packet).protocol)
        })
        .collect();
    let esp = Some(Protocol::ESP);
    assert_eq!(protocols, [esp, esp, None, None, None]);
    assert_eq!(a.drops(DropReason::LifetimeExceeded), 3);
    assert_eq!(
        a.node.counters().link(a.link("wan")).unwrap().sent.packets,
        2
    );

    // The SA is taken away.
    let mut a = Gateways::new("iiptran").node(Side::A);
    let base = a.network("base");
    let tables = a.node.tables().clone();
    let (_, sa) = tables
        .network(base)
        .unwrap()
        .outbound()
        .iter()
        .next()
        .unwrap();
    a.node
        .install(Arc::new(tables.without_outbound_sa(base, sa)));
    assert_eq!(
        a.receive("lan", &packet).reason(),
        Some(DropReason::NoOutboundSa)
    );
}
