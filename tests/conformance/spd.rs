//! The SPD: RFC 4301 section 4.4.1.

use std::sync::Arc;

use iiptran::config::{ConfigError, NodeConfig};
use iiptran::spd::{Action, PopulateFromPacket};
use iiptran::trace::Stage;
use iiptran::wire::Protocol;
use iiptran::{DropReason, Mode, Verdict};
use iiptran_tests::Ip;
use iiptran_tests::lab::{Gateways, Lab, Outcome, Side, ip};
use iiptran_tests::sa::transform;

/// The host 192.0.2.1 (2001:db8::1) with a link to the world, and these policies.
fn host(policies: &str) -> Lab {
    Lab::new(&document(policies))
}

fn document(policies: &str) -> String {
    format!(
        "arrangement = \"transport\"\n\n[[links]]\nname = \"wan\"\n\
         addresses = [\"192.0.2.1/24\", \"2001:db8::1/64\"]\n{policies}"
    )
}

/// The fault of a document.
fn fault(policies: &str) -> ConfigError {
    let config = NodeConfig::from_toml(&document(policies));
    config.and_then(|config| config.compile()).unwrap_err()
}

/// A policy for packets with these selectors.
fn policy(name: &str, action: &str, selectors: &str) -> String {
    format!("[[policies]]\nname = \"{name}\"\naction = \"{action}\"\nselectors = [{selectors}]\n")
}

const HERE: &str = "192.0.2.1";
const THERE: &str = "192.0.2.9";

/// A packet from here to there.
fn packet(protocol: Protocol, payload: &[u8]) -> Ip {
    Ip::new([HERE, THERE].map(ip), protocol, payload)
}

/// The same packet in the other direction.
fn back(packet: Ip) -> Ip {
    Ip {
        source: packet.destination,
        destination: packet.source,
        ..packet
    }
}

/// From here to there, with IPv6.
fn packet_v6(protocol: Protocol, payload: &[u8]) -> Ip {
    Ip::new(["2001:db8::1", "2001:db8::9"].map(ip), protocol, payload)
}

/// A UDP header between these ports.
fn udp(source: u16, destination: u16) -> Vec<u8> {
    let ports = [source.to_be_bytes(), destination.to_be_bytes()].concat();
    [&ports[..], &[0, 8, 0, 0]].concat()
}

/// A TCP header between these ports, all else zero.
fn tcp(source: u16, destination: u16) -> Vec<u8> {
    let ports = [source.to_be_bytes(), destination.to_be_bytes()].concat();
    [&ports[..], &[0; 16]].concat()
}

fn passes(outcome: &Outcome) -> bool {
    match outcome.reason() {
        None => true,
        Some(DropReason::NoPolicy) => false,
        Some(other) => panic!("{other}"),
    }
}

#[test]
fn spd_01_every_packet_that_crosses_meets_the_spd() {
    let ike = [&[1, 244, 1, 244, 0, 12, 0, 0][..], &[0; 4]].concat();
    let packets = [
        packet(Protocol::UDP, &udp(7, 7)),
        packet(Protocol::TCP, &tcp(7, 7)),
        packet(Protocol::ICMP, &[8, 0, 0, 0]),
        packet(Protocol::UDP, &ike),
        packet(Protocol::AH, &[0; 24]),
        packet(Protocol(253), b""),
        packet_v6(Protocol::UDP, &udp(7, 7)),
        packet_v6(Protocol::ICMPV6, &[128, 0, 0, 0]),
    ];
    for sent in &packets {
        let received = back(sent.clone());
        // Without policies nothing crosses, in either direction.
        let mut node = host("");
        assert_eq!(
            node.send("base", &sent.bytes()).reason(),
            Some(DropReason::NoPolicy)
        );
        let outcome = node.receive("wan", &received.bytes());
        assert_eq!(outcome.reason(), Some(DropReason::NoPolicy));
        // What is bypassed was looked up too.
        let mut node = host("[[policies]]\nname = \"all\"\naction = \"bypass\"\n");
        for outcome in [
            node.send("base", &sent.bytes()),
            node.receive("wan", &received.bytes()),
        ] {
            assert_eq!(outcome.reason(), None);
            assert!(outcome.stages.contains(&Stage::Policy), "{outcome:?}");
        }
    }
    // In transit too: it crosses on its way in, and again on its way out.
    let transit = Ip::udp(["192.0.2.7", "203.0.113.1"].map(ip), b"").bytes();
    let more = "[[routes]]\nprefix = \"203.0.113.0/24\"\nlink = \"wan\"\nvia = \"192.0.2.254\"\n";
    let inbound = "[[policies]]\nname = \"in\"\naction = \"bypass\"\napplies = \"inbound\"\n";
    let outbound = "[[policies]]\nname = \"out\"\naction = \"bypass\"\napplies = \"outbound\"\n";
    for (policies, crosses) in [
        (vec![], false),
        (vec![inbound], false),
        (vec![outbound], false),
        (vec![inbound, outbound], true),
    ] {
        let mut node = host(&[more, &policies.concat()].concat());
        assert_eq!(passes(&node.receive("wan", &transit)), crosses);
    }
}

#[test]
fn spd_02_each_network_has_an_spd_of_its_own() {
    let mut node = Lab::new(
        r#"
arrangement = "transport"
networks = [{ name = "open" }, { name = "shut" }]
links = [
    { name = "one", network = "open", addresses = ["192.0.2.1/24"] },
    { name = "two", network = "shut", addresses = ["192.0.2.1/24"] },
]
policies = [
    { name = "rule", network = "open", action = "bypass" },
    { name = "rule", network = "shut", action = "discard" },
]
"#,
    );
    let sent = packet(Protocol::UDP, &udp(7, 7));
    let received = back(sent.clone()).bytes();
    // The same bytes: the link that they come by, or the network that they are sent in, decides.
    assert_eq!(node.receive("one", &received).reason(), None);
    assert_eq!(
        node.receive("two", &received).reason(),
        Some(DropReason::PolicyDiscard)
    );
    assert_eq!(node.send("open", &sent.bytes()).reason(), None);
    assert_eq!(
        node.send("shut", &sent.bytes()).reason(),
        Some(DropReason::PolicyDiscard)
    );
}

#[test]
fn spd_05_what_matches_nothing_is_counted() {
    let mut node = host(&policy("web", "discard", r#"{ protocol = "tcp" }"#));
    for _ in 0..3 {
        node.send("base", &packet(Protocol::UDP, &udp(7, 7)).bytes());
    }
    node.send("base", &packet(Protocol::TCP, &tcp(7, 80)).bytes());
    // The implicit last rule has a counter of its own.
    assert_eq!(node.drops(DropReason::NoPolicy), 3);
    assert_eq!(node.drops(DropReason::PolicyDiscard), 1);
}

#[test]
fn spd_07_every_kind_of_selector() {
    let icmp = |kind, code| packet(Protocol::ICMP, &[kind, code, 0, 0]);
    let to = |there| Ip::new([HERE, there].map(ip), Protocol::UDP, &udp(7, 7));
    let datagram = |local, remote| packet(Protocol::UDP, &udp(local, remote));
    let mobility = |kind| packet_v6(Protocol::MOBILITY, &[59, 0, kind, 0, 0, 0, 0, 0]);
    for (selectors, matching, other) in [
        (
            r#"{ remote = ["192.0.2.8-192.0.2.10", "192.0.2.64/26"] }"#,
            vec![
                to("192.0.2.8"),
                to("192.0.2.10"),
                to("192.0.2.64"),
                to("192.0.2.127"),
            ],
            vec![
                to("192.0.2.7"),
                to("192.0.2.11"),
                to("192.0.2.128"),
                packet_v6(Protocol::UDP, &udp(7, 7)),
            ],
        ),
        (
            r#"{ local = ["2001:db8::/127"] }"#,
            vec![packet_v6(Protocol::UDP, &udp(7, 7))],
            vec![to("192.0.2.8")],
        ),
        (
            r#"{ protocol = 253 }"#,
            vec![packet(Protocol(253), b"")],
            vec![packet(Protocol(254), b"")],
        ),
        (
            r#"{ protocol = "udp", local-ports = ["1024-2047", "4000"], remote-ports = [53] }"#,
            vec![datagram(1024, 53), datagram(2047, 53), datagram(4000, 53)],
            vec![
                datagram(1023, 53),
                datagram(2048, 53),
                datagram(4000, 54),
                datagram(53, 4000),
                packet(Protocol::TCP, &tcp(4000, 53)),
            ],
        ),
        (
            r#"{ protocol = "icmp", local-icmp = ["8", "3/1-5/2"] }"#,
            vec![
                icmp(8, 0),
                icmp(8, 255),
                icmp(3, 1),
                icmp(4, 200),
                icmp(5, 2),
            ],
            vec![icmp(9, 0), icmp(3, 0), icmp(5, 3), datagram(8, 0)],
        ),
        (
            r#"{ protocol = 135, local-mobility = [5, 6] }"#,
            vec![mobility(5), mobility(6)],
            vec![mobility(4), mobility(7)],
        ),
    ] {
        let mut node = host(&policy("these", "bypass", selectors));
        for (packets, expected) in [(matching, true), (other, false)] {
            for packet in packets {
                let outcome = node.send("base", &packet.bytes());
                assert_eq!(passes(&outcome), expected, "{selectors}: {packet:?}");
            }
        }
    }
}

#[test]
fn spd_11_which_ipv6_headers_are_skipped_can_be_set() {
    let options = vec![0, 0, 1, 4, 0, 0, 0, 0];
    let behind_options = Ip {
        extension_headers: vec![(Protocol::DESTINATION_OPTIONS, options.clone())],
        ..packet_v6(Protocol::UDP, &udp(7, 53))
    }
    .bytes();
    let dns = policy(
        "dns",
        "bypass",
        r#"{ protocol = "udp", remote-ports = [53] }"#,
    );
    let unskipped = policy("options", "bypass", "{ protocol = 60 }");
    let skipping = |list: &str, policies: &str| {
        Lab::new(&format!("skipped-headers = {list}\n{}", document(policies)))
    };
    // By default 0, 43, 44 and 60.
    assert!(passes(&host(&dns).send("base", &behind_options)));
    assert!(!passes(&host(&unskipped).send("base", &behind_options)));
    // Where destination options are not in the list, they are the next layer.
    let some = "[0, 43, 44]";
    assert!(!passes(&skipping(some, &dns).send("base", &behind_options)));
    assert!(passes(
        &skipping(some, &unskipped).send("base", &behind_options)
    ));
    // Another header may be put in: shim6, 140.
    let behind_shim = Ip {
        extension_headers: vec![(Protocol(140), options)],
        ..packet_v6(Protocol::UDP, &udp(7, 53))
    }
    .bytes();
    assert!(!passes(&host(&dns).send("base", &behind_shim)));
    let more = "[0, 43, 44, 60, 140]";
    assert!(passes(&skipping(more, &dns).send("base", &behind_shim)));
    // AH and ESP are next layers and nothing else.
    for (number, header) in [(51, &[17, 4, 0, 0][..]), (50, &[0, 0, 1, 0])] {
        let payload = [header, &[0; 20], &udp(7, 53)].concat();
        let packet = packet_v6(Protocol(number), &payload).bytes();
        let named = policy("ipsec", "bypass", &format!("{{ protocol = {number} }}"));
        assert!(!passes(&host(&dns).send("base", &packet)));
        assert!(passes(&host(&named).send("base", &packet)));
        let list = format!("skipped-headers = [0, {number}]\n{}", document(""));
        let error = NodeConfig::from_toml(&list).unwrap().compile().unwrap_err();
        assert_eq!(error.path, "skipped-headers[1]");
    }
}

#[test]
fn spd_12_ports_of_protocols_that_have_none() {
    // Of a protocol without ports they can be OPAQUE or ANY, and no number.
    let gre = packet(Protocol(47), &[0; 8]).bytes();
    let opaque = r#"{ protocol = 47, local-ports = "opaque", remote-ports = "opaque" }"#;
    assert!(passes(
        &host(&policy("gre", "bypass", opaque)).send("base", &gre)
    ));
    let numbered = r#"{ protocol = 47, local-ports = [1] }"#;
    let error = fault(&policy("gre", "bypass", numbered));
    assert_eq!(error.path, "policies[0].selectors[0]");
    // Echo requests may be sent and not received.
    let one_way = r#"{ protocol = "icmp", local-icmp = ["8"], remote-icmp = "opaque" }"#;
    let mut node = host(&policy("ping", "bypass", one_way));
    let echo = packet(Protocol::ICMP, &[8, 0, 0, 0]);
    assert!(passes(&node.send("base", &echo.bytes())));
    assert!(!passes(&node.receive("wan", &back(echo).bytes())));
}

#[test]
fn spd_13_what_an_entry_says() {
    let config = NodeConfig::from_toml(
        r#"
arrangement = "tunnel-mode"

[[links]]
name = "wan"
addresses = ["192.0.2.1/24"]

[[policies]]
name = "branch"
action = "protect"
mode = "tunnel"
tunnel-local = "192.0.2.1"
tunnel-remote = "192.0.2.2"
populate = ["local", "remote", "protocol", "local-port", "remote-port"]
selectors = [{ protocol = "udp" }, { protocol = "tcp" }]
transforms = ["aes-256-gcm-16", "aes-128-cbc + hmac-sha2-256-128"]
extended-sequence = false

[[policies]]
name = "rest"
action = "discard"
"#,
    );
    let tables = config.unwrap().compile().unwrap().tables;
    let (_, network) = tables.networks().next().unwrap();
    let (_, branch) = network.spd().find("branch").unwrap();
    assert_eq!((branch.name(), branch.selectors().len()), ("branch", 2));
    let Action::Protect(protection) = branch.action() else {
        panic!("{branch:?}");
    };
    let Mode::Tunnel(ends) = protection.mode else {
        panic!("{protection:?}");
    };
    assert_eq!(
        [ends.local, ends.remote],
        ["192.0.2.1", "192.0.2.2"].map(ip)
    );
    let all = PopulateFromPacket {
        local: true,
        remote: true,
        protocol: true,
        local_port: true,
        remote_port: true,
    };
    assert_eq!(protection.populate, all);
    let best_first = ["aes-256-gcm-16", "aes-128-cbc + hmac-sha2-256-128"].map(transform);
    assert_eq!(*protection.transforms, best_first);
    assert!(!protection.extended_sequence);
    // What is not said is as RFC 4301 section 4.4.1.2 has it: 64-bit sequence numbers, no PFP.
    let usual = policy("usual", "protect", r#"{ local = ["192.0.2.1"] }"#);
    let usual = NodeConfig::from_toml(&document(&usual)).unwrap();
    let tables = usual.compile().unwrap().tables;
    let (_, network) = tables.networks().next().unwrap();
    let Some(Action::Protect(usual)) = network.spd().iter().next().map(|(_, p)| p.action()) else {
        panic!("{network:?}");
    };
    assert_eq!(usual.mode, Mode::Transport);
    assert_eq!(usual.populate, PopulateFromPacket::NONE);
    assert!(usual.extended_sequence);
}

#[test]
fn spd_18_a_change_takes_effect_between_packets() {
    let install = |lab: &mut Lab, document: &str| {
        let config = NodeConfig::from_toml(document).unwrap();
        lab.node.install(Arc::new(config.compile().unwrap().tables));
    };
    let sent = packet(Protocol::UDP, &udp(7, 7)).bytes();
    let all = |action| {
        document(&format!(
            "[[policies]]\nname = \"all\"\naction = \"{action}\"\n"
        ))
    };
    let mut node = Lab::new(&all("bypass"));
    assert_eq!(node.send("base", &sent).reason(), None);
    install(&mut node, &all("discard"));
    assert_eq!(
        node.send("base", &sent).reason(),
        Some(DropReason::PolicyDiscard)
    );

    // An inbound SA whose policy is gone is kept or deleted, as told.
    for (orphans, kept) in [("keep", true), ("delete", false)] {
        let (mut a, mut b) = Gateways::new("iiptran").nodes();
        let inner = Ip::udp(["10.1.0.5", "10.2.0.5"].map(ip), b"").bytes();
        let wire = a.receive("lan", &inner).transmitted();
        let protected = Gateways::new("iiptran").document(Side::B);
        let plain = Gateways {
            transform: None,
            ..Gateways::new("iiptran")
        };
        let rule = format!("orphaned-sas = \"{orphans}\"\n");
        // With its policy still there, it stays in any case.
        install(&mut b, &[&rule, &*protected].concat());
        assert!(matches!(
            b.receive("wan", &wire).verdict,
            Verdict::Transmit { .. }
        ));
        install(&mut b, &[&rule, &*plain.document(Side::B)].concat());
        let next = a.receive("lan", &inner).transmitted();
        let expected = (!kept).then_some(DropReason::UnknownSpi);
        assert_eq!(b.receive("wan", &next).reason(), expected, "{orphans}");
    }
}

#[test]
fn spd_21_ike_needs_a_bypass_of_its_own() {
    let protect = policy(
        "peer",
        "protect",
        r#"{ local = ["192.0.2.1"], remote = ["192.0.2.9"] }"#,
    );
    let bypass = policy(
        "ike",
        "bypass",
        r#"{ protocol = "udp", local-ports = [500, 4500], remote-ports = [500, 4500] }"#,
    );
    let message = |port| {
        // RFC 7296 section 2.23: on port 4500, four zero bytes come first.
        let content = [0; 4 + 28];
        let header = udp(port, port);
        let mut datagram = [&header[..4], &[0, 8 + 32, 0, 0], &content].concat();
        datagram[4..6].copy_from_slice(&40_u16.to_be_bytes());
        packet(Protocol::UDP, &datagram)
    };
    for port in [500, 4500] {
        let sent = message(port);
        let received = back(sent.clone()).bytes();
        let mut without = host(&protect);
        // IKE is not let through by itself: policy says PROTECT, and nobody can set the SA up.
        let outcome = without.send("base", &sent.bytes());
        assert_eq!(outcome.reason(), Some(DropReason::NoOutboundSa));
        let outcome = without.receive("wan", &received);
        assert_eq!(outcome.reason(), Some(DropReason::Unprotected));
        let mut with = host(&[&*bypass, &*protect].concat());
        assert_eq!(with.send("base", &sent.bytes()).transmitted(), sent.bytes());
        assert_eq!(with.receive("wan", &received).delivered(), received);
    }
}

#[test]
fn spd_22_ports_without_a_protocol_are_refused() {
    for ports in [
        "local-ports = [80]",
        "remote-ports = [80]",
        "remote-ports = \"opaque\"",
        "local-icmp = [\"8\"]",
        "local-mobility = [5]",
    ] {
        for action in ["protect", "bypass", "discard"] {
            let error = fault(&policy("web", action, &format!("{{ {ports} }}")));
            assert_eq!(error.path, "policies[0].selectors[0].protocol", "{ports}");
            assert!(error.cause.contains("need a protocol"), "{error}");
        }
    }
    // With any protocol, ports can't be taken from the packet either.
    let populate = format!(
        "{}populate = [\"remote-port\"]\n",
        policy("web", "protect", r#"{ local = ["192.0.2.1"] }"#)
    );
    let error = fault(&populate);
    assert_eq!(error.path, "policies[0]");
}
