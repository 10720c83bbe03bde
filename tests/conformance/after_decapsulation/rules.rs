//! Firewall rules.

use super::*;

fn rule(conditions: &str) -> String {
    format!(
        "[[firewall]]\nname = \"rule\"\naction = \"accept\"\nlinks = [\"link\"]\n{conditions}\n"
    )
}

#[test]
fn pol_06_rules_match_the_fields_of_the_inner_packet() {
    let icmp = Ip::new(
        hosts(IpVersion::V4),
        Protocol::ICMP,
        &[8, 0, 0, 0, 0, 0, 0, 0],
    );
    let marked = Ip {
        traffic_class: 46 << 2 | 1,
        ..inner()
    };
    let fragment = |flags_and_offset| Ip {
        flags_and_offset,
        ..inner()
    };
    let (first, later) = (fragment(0x2000), fragment(0x2001));
    let six = Ip::udp(hosts(IpVersion::V6), b"six");
    let packets = [inner(), icmp, marked, first, later, six];
    // Which of the packets each condition accepts. UDP goes from port 12345 to port 7.
    let table = [
        ("", [true; 6]),
        (
            "selectors = [{ remote = [\"10.1.0.0/16\"] }]",
            [true, true, true, true, true, false],
        ),
        (
            "selectors = [{ local = [\"fd00:2::/64\"] }]",
            [false, false, false, false, false, true],
        ),
        ("selectors = [{ local = [\"10.1.0.0/16\"] }]", [false; 6]),
        (
            "selectors = [{ protocol = \"udp\" }]",
            [true, false, true, true, true, true],
        ),
        (
            "selectors = [{ protocol = \"udp\", local-ports = [7], remote-ports = [\"12000-13000\"] }]",
            [true, false, true, true, false, true],
        ),
        (
            "selectors = [{ protocol = \"udp\", local-ports = [12345] }]",
            [false; 6],
        ),
        (
            "selectors = [{ protocol = \"icmp\", remote-icmp = [\"8/0\"] }]",
            [false, true, false, false, false, false],
        ),
        (
            "selectors = [{ protocol = \"icmp\", remote-icmp = [\"8/1\"] }]",
            [false; 6],
        ),
        (
            "fragments = \"whole\"",
            [true, true, true, false, false, true],
        ),
        (
            "fragments = \"first\"",
            [false, false, false, true, false, false],
        ),
        (
            "fragments = \"later\"",
            [false, false, false, false, true, false],
        ),
        ("dscps = [46]", [false, false, true, false, false, false]),
        ("dscps = [0, 46]", [true; 6]),
    ];
    for (conditions, accepted) in table {
        for (packet, accepts) in packets.iter().zip(accepted) {
            let outcome =
                gateway_b(PROTECTED, &rule(conditions)).receive("wan", &from_a(&packet.bytes()));
            let expected = (!accepts).then_some(DropReason::NoFirewallRule);
            assert_eq!(outcome.reason(), expected, "{conditions} {packet:?}");
        }
    }
}

#[test]
fn pol_06_rules_match_the_way_that_a_packet_came() {
    let (sas, weak) = extra_sa(0x4000, AUTHENTICATED, OF_THE_TUNNEL);
    let (other, wide) = extra_sa(0x5000, "aes-128-gcm-16", "");
    // The link itself demands nothing, so that the rules decide.
    let open = "[[demands]]\nlink = \"link\"\nprotected = false\n";
    let wire = in_tunnel(&inner().bytes());
    let ways = [
        from_a(&inner().bytes()),
        sealed(&weak, &wire),
        sealed(&wide, &wire),
    ];
    let table = [
        ("", [true, true, true]),
        (
            "any = [{ spi = 0xab01 }, { spi = 0x4000 }]",
            [true, true, false],
        ),
        (
            "all = [{ spi = 0xab01 }, { tunnel = \"link\" }]",
            [true, false, false],
        ),
        (
            "all = [{ spi = 0xab01 }, { spi = 0x4000 }]",
            [false, false, false],
        ),
        ("none = [{ spi = 0xab01 }]", [false, true, true]),
        ("none = [{ tunnel = \"link\" }]", [false, false, false]),
        (
            "any = [{ source = \"192.0.2.1\", network = \"base\" }]",
            [true, true, true],
        ),
        ("any = [{ source = \"192.0.2.9\" }]", [false, false, false]),
        (
            "any = [{ network = \"vn\", spi = 0xab01 }]",
            [false, false, false],
        ),
        (
            "sequence = [{ spi = 0x5000 }, { tunnel = \"link\" }]",
            [false, false, true],
        ),
        (
            "sequence = [{ tunnel = \"link\" }, { spi = 0x5000 }]",
            [false, false, false],
        ),
        ("sequence = [{ spi = 0x5000 }]", [false, false, false]),
        ("protected = true", [true, true, true]),
        ("confidentiality = true", [true, false, true]),
        ("anti-replay = true", [true, true, true]),
        ("bound = true", [true, true, false]),
        ("bound = true, confidentiality = true", [true, false, false]),
    ];
    for (conditions, accepted) in table {
        let more = format!(
            "{sas}{other}{open}{}",
            rule(&format!("trail = {{ {conditions} }}"))
        );
        let mut b = gateway_b(PROTECTED, &more);
        for (wire, accepts) in ways.iter().zip(accepted) {
            let expected = (!accepts).then_some(DropReason::NoFirewallRule);
            assert_eq!(b.receive("wan", wire).reason(), expected, "{conditions}");
        }
    }
}

#[test]
fn pol_06_what_no_rule_accepts_is_discarded() {
    let rules = r#"
[[firewall]]
name = "not these"
action = "discard"
links = ["link"]
selectors = [{ remote = ["10.1.66.0/24"] }]

[[firewall]]
name = "the rest of them"
action = "accept"
links = ["link"]
selectors = [{ remote = ["10.1.0.0/16"] }]
"#;
    let mut b = gateway_b(None, rules);
    let mut reason = |source: &str, destination: &str| {
        let packet = in_tunnel(&Ip::udp([ip(source), ip(destination)], b"x").bytes());
        b.receive("wan", &packet).reason()
    };
    // To be forwarded, and to be delivered: the first match decides.
    for destination in ["10.2.0.5", "10.255.0.2"] {
        let discarded = Some(DropReason::FirewallDiscard);
        assert_eq!(reason("10.1.66.6", destination), discarded);
        assert_eq!(reason("10.1.0.6", destination), None);
        let unnamed = Some(DropReason::NoFirewallRule);
        assert_eq!(reason("10.9.0.6", destination), unnamed);
    }
    // No rule is for the other links: they are as before.
    let outcome = b.receive(
        "lan",
        &Ip::udp([ip("10.2.0.5"), ip("10.1.66.6")], b"").bytes(),
    );
    assert_eq!(outcome.reason(), None);

    // Tunnel mode has no such interface. The rules of the physical link see what came out of the SA.
    let wan = rules.replace("[\"link\"]", "[\"wan\"]") + "trail = { any = [{ spi = 0xab01 }] }\n";
    let [mut a, mut b] = [(Side::A, ""), (Side::B, wan.as_str())].map(|(side, more)| {
        Gateways {
            more: more.into(),
            ..Gateways::new("tunnel-mode")
        }
        .node(side)
    });
    let mut reason = |source: &str| {
        let packet = Ip::udp([ip(source), ip("10.2.0.5")], b"x").bytes();
        b.receive("wan", &a.receive("lan", &packet).transmitted())
            .reason()
    };
    assert_eq!(reason("10.1.66.6"), Some(DropReason::FirewallDiscard));
    assert_eq!(reason("10.1.0.6"), None);
    // Rules for a link that is none say so.
    let document = Gateways {
        more: rules.into(),
        ..Gateways::new("tunnel-mode")
    }
    .document(Side::B);
    let config = iiptran::config::NodeConfig::from_toml(&document).unwrap();
    let compiled = config.compile().unwrap();
    let paths: Vec<_> = compiled
        .warnings
        .iter()
        .map(|warning| warning.path.as_str())
        .collect();
    assert!(paths.contains(&"firewall[1].links[0]"), "{paths:?}");
    assert!(compiled.tables.firewall().rules.is_empty());
}
