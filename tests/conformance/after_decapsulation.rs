//! Policy after decapsulation: RFC 3884 section 4.2.3.

use iiptran::firewall::{TrailPattern, TrailPredicate};
use iiptran::node::{Services, TrailEntry};
use iiptran::sa::{OutboundSa, SaParameters};
use iiptran::trace::Step;
use iiptran::transform::{Keys, Transform};
use iiptran::wire::{IpVersion, Protocol, Spi};
use iiptran::{DropReason, Mode, PacketBuffer, Trace, Verdict};
use iiptran_tests::lab::{Gateways, Lab, Side, hosts, ip};
use iiptran_tests::{Ip, NOW, header, process};

/// Key of the SAs that tests add to gateway B.
const KEY: &str = "f00102030405060708090a0b0c0d0e0f10111213";
const AUTHENTICATED: &str = "null + hmac-sha2-256-128";

/// Gateway B with more in its document.
fn gateway_b(transform: Option<&str>, more: &str) -> Lab {
    Gateways {
        transform: transform.map(transform_of),
        more: more.into(),
        ..Gateways::new("iiptran")
    }
    .node(Side::B)
}

const PROTECTED: Option<&str> = Some("aes-128-gcm-16");

fn transform_of(name: &str) -> Transform {
    let (cipher, integrity) = name
        .split_once(" + ")
        .map_or((name, None), |(a, b)| (a, Some(b)));
    Transform::from_names(cipher, integrity).unwrap()
}

/// An inbound SA for the document of B, and what its peer sends with.
fn extra_sa(spi: u32, transform: &str, more: &str) -> (String, OutboundSa) {
    let (key, keys) = match transform {
        AUTHENTICATED => (
            format!("integrity-key = \"{}\"", "09".repeat(32)),
            Keys {
                integrity: (&[9; 32][..]).into(),
                ..Keys::default()
            },
        ),
        _ => (
            format!("key = \"{KEY}\""),
            Keys {
                encryption: data(KEY).into(),
                ..Keys::default()
            },
        ),
    };
    let document = format!(
        "[[sas]]\ndirection = \"inbound\"\nspi = {spi}\ntransform = \"{transform}\"\n{key}\n{more}\n"
    );
    let parameters = SaParameters::new(Spi(spi), Mode::Transport, transform_of(transform), keys);
    (document, OutboundSa::new(parameters).unwrap())
}

fn data(hex: &str) -> Vec<u8> {
    let byte = |i| u8::from_str_radix(&hex[i..i + 2], 16).unwrap();
    (0..hex.len()).step_by(2).map(byte).collect()
}

const OF_THE_TUNNEL: &str =
    "selectors = [{ local = [\"192.0.2.2\"], remote = [\"192.0.2.1\"], protocol = 4 }]";

/// The packet inside IP between the two ends of the tunnel, on the way from A to B.
fn in_tunnel(inner: &[u8]) -> Vec<u8> {
    Ip::new([ip("192.0.2.1"), ip("192.0.2.2")], Protocol::IPV4, inner).bytes()
}

fn sealed(sa: &OutboundSa, packet: &[u8]) -> Vec<u8> {
    process(packet, |packet| sa.seal(NOW, packet)).unwrap()
}

fn inner() -> Ip {
    Ip::udp(hosts(IpVersion::V4), b"inner")
}

/// What A sends through the tunnel for this packet of a host behind it.
fn from_a(packet: &[u8]) -> Vec<u8> {
    let mut a = Gateways::new("iiptran").node(Side::A);
    a.receive("lan", packet).transmitted()
}

#[test]
fn pol_03_the_packet_as_it_first_came_is_at_hand() {
    /// Keeps what came, and compares it with what is there at the end.
    #[derive(Default)]
    struct Keeper {
        first: Vec<u8>,
        steps: usize,
        last: Vec<u8>,
    }
    impl Trace for Keeper {
        fn step(&mut self, step: &Step<'_>) {
            self.steps += 1;
            match step {
                Step::Arrive { packet, .. } => self.first = packet.to_vec(),
                Step::End { packet, .. } => self.last = packet.to_vec(),
                _ => {}
            }
        }
    }
    let mut b = gateway_b(PROTECTED, "");
    let wire = from_a(&inner().bytes());
    let (mut keeper, wan) = (Keeper::default(), b.link("wan"));
    let mut buffer = PacketBuffer::new(&wire);
    let verdict = buffer.process(|packet| b.node.receive(NOW, wan, packet, &mut keeper));
    assert!(matches!(verdict, Verdict::Transmit { .. }));
    assert_eq!(keeper.first, wire);
    assert!(keeper.steps > 8 && keeper.last != wire);
    // With the key, the format in between can be had again from it.
    let mut again = gateway_b(PROTECTED, "");
    assert_eq!(
        again.receive("wan", &keeper.first).transmitted(),
        keeper.last
    );
}

#[test]
fn pol_04_the_bound_sa_opens_the_link() {
    // No rule and no demand is written down.
    for (lan, network) in [
        (true, IpVersion::V4),
        (true, IpVersion::V6),
        (false, IpVersion::V4),
    ] {
        let mut b = gateway_b(PROTECTED, "");
        let [from, to] = hosts(network);
        let to = if lan { to } else { ip("10.255.0.2") };
        let outcome = b.receive("wan", &from_a(&Ip::udp([from, to], b"x").bytes()));
        assert_eq!(outcome.reason(), None);
        assert!(outcome.trail.is_bound());
        let entries: Vec<_> = outcome.trail.entries().collect();
        assert!(
            matches!(entries[..], [TrailEntry::Sa { id, .. }, TrailEntry::Tunnel(link)]
                if id.spi == Spi(0xab01) && *link == b.link("link")),
            "{entries:?}"
        );
    }
    // A second SA of the same link, as after a rekey, is bound as well.
    let (document, sa) = extra_sa(0x4000, "aes-128-gcm-16", OF_THE_TUNNEL);
    let mut b = gateway_b(PROTECTED, &document);
    let outcome = b.receive("wan", &sealed(&sa, &in_tunnel(&inner().bytes())));
    assert!(outcome.trail.is_bound());
    assert_eq!(outcome.reason(), None);
}

#[test]
fn pol_05_each_forgery_has_its_reason() {
    let wire = in_tunnel(&inner().bytes());
    let mut reasons = Vec::new();

    // (a) In clear. The SPD refuses it; where the SPD would not, the link's demand does.
    let mut b = gateway_b(PROTECTED, "");
    reasons.push(b.receive("wan", &wire).reason());
    let demand = |more: &str| format!("[[demands]]\nlink = \"link\"\n{more}\n");
    assert_eq!(gateway_b(None, "").receive("wan", &wire).reason(), None);
    let mut b = gateway_b(None, &demand("protected = true"));
    assert_eq!(
        b.receive("wan", &wire).reason(),
        Some(DropReason::Unprotected)
    );

    // (b) The right outer addresses, and an SA of another peer that may carry anything.
    let (document, sa) = extra_sa(0x4000, "aes-128-gcm-16", "");
    let mut b = gateway_b(PROTECTED, &document);
    reasons.push(b.receive("wan", &sealed(&sa, &wire)).reason());
    // One that may carry this link's packets among others is not bound to it either.
    for wide in [
        "selectors = [{ local = [\"192.0.2.2\"], remote = [\"192.0.2.0/24\"], protocol = 4 }]",
        "selectors = [{ local = [\"192.0.2.2\"], remote = [\"192.0.2.1\"] }]",
        "selectors = [{ local = [\"192.0.2.2\"], remote = [\"192.0.2.1\"], protocol = 4 }, { protocol = 17 }]",
    ] {
        let (document, sa) = extra_sa(0x4000, "aes-128-gcm-16", wide);
        let mut b = gateway_b(PROTECTED, &document);
        let outcome = b.receive("wan", &sealed(&sa, &wire));
        assert_eq!(outcome.reason(), Some(DropReason::WrongSa), "{wide}");
    }

    // (c) The right peer and SA, and no IP inside.
    let (document, sa) = extra_sa(0x4000, "aes-128-gcm-16", OF_THE_TUNNEL);
    let mut b = gateway_b(PROTECTED, &document);
    let udp = Ip::udp([ip("192.0.2.1"), ip("192.0.2.2")], b"not a tunnel").bytes();
    reasons.push(b.receive("wan", &sealed(&sa, &udp)).reason());

    // (d) The right peer, and an SA that gives less: no confidentiality, or no anti-replay service.
    let (document, sa) = extra_sa(0x4000, AUTHENTICATED, OF_THE_TUNNEL);
    let mut b = gateway_b(PROTECTED, &document);
    reasons.push(b.receive("wan", &sealed(&sa, &wire)).reason());
    let no_window = format!("{OF_THE_TUNNEL}\nwindow = \"off\"");
    let (document, sa) = extra_sa(0x4000, "aes-128-gcm-16", &no_window);
    let mut b = gateway_b(PROTECTED, &document);
    let outcome = b.receive("wan", &sealed(&sa, &wire));
    assert_eq!(outcome.reason(), Some(DropReason::WeakProtection));
    // A link may be told to do with less.
    let content = format!("{document}{}", demand("anti-replay = false"));
    let outcome = gateway_b(PROTECTED, &content).receive("wan", &sealed(&sa, &wire));
    assert_eq!(outcome.reason(), None);

    // (e) Everything right, and an inner source from elsewhere.
    let sources = demand("sources = [\"10.1.0.0/16\", \"fd00:1::/64\"]");
    let mut b = gateway_b(PROTECTED, &sources);
    let spoofed = Ip::udp([ip("10.9.0.5"), ip("10.2.0.5")], b"spoofed");
    assert_eq!(b.receive("wan", &from_a(&inner().bytes())).reason(), None);
    let mut b = gateway_b(PROTECTED, &sources);
    reasons.push(b.receive("wan", &from_a(&spoofed.bytes())).reason());
    assert_eq!(b.drops(DropReason::SourceNotAllowed), 1);

    let expected = [
        DropReason::Unprotected,
        DropReason::WrongSa,
        DropReason::SelectorMismatch,
        DropReason::WeakProtection,
        DropReason::SourceNotAllowed,
    ];
    assert_eq!(reasons, expected.map(Some));
}

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

#[test]
fn pol_07_fragments_come_by_one_trail() {
    let (document, sa) = extra_sa(0x4000, "aes-128-gcm-16", OF_THE_TUNNEL);
    // A datagram for B itself, in two fragments of the inner packet.
    let whole = Ip {
        identification: 5,
        ..Ip::udp([ip("10.1.0.5"), ip("10.255.0.2")], &[7; 200])
    };
    let [first, last] = crate::fragments::halves(&whole.bytes()).map(|part| in_tunnel(&part));
    let run = |protected: [bool; 2]| {
        // The SPD lets both pass.
        let mut b = gateway_b(None, &document);
        let [one, other] =
            [(&first, protected[0]), (&last, protected[1])].map(|(part, protect)| {
                let wire = if protect {
                    sealed(&sa, part)
                } else {
                    part.clone()
                };
                b.receive("wan", &wire)
            });
        assert_eq!(one.verdict, Verdict::Hold);
        (other.reason(), other.packet)
    };
    for both in [[true; 2], [false; 2]] {
        assert_eq!(run(both), (None, whole.bytes()));
    }
    for mixed in [[true, false], [false, true]] {
        assert_eq!(run(mixed).0, Some(DropReason::TrailViolation));
    }
}

#[test]
fn pol_08_upper_layers_ask_for_the_trail() {
    let mut b = gateway_b(PROTECTED, "");
    let ipsec = TrailPredicate {
        services: Some(Services {
            confidentiality: true,
            anti_replay: true,
        }),
        ..TrailPredicate::default()
    };
    let of_a = TrailPredicate {
        any: Box::new([TrailPattern::Sa {
            spi: None,
            network: None,
            source: Some(ip("192.0.2.1")),
            destination: None,
        }]),
        ..TrailPredicate::default()
    };
    let to_b = Ip::udp([ip("10.1.0.5"), ip("10.255.0.2")], b"x").bytes();
    let arrived = b.receive("wan", &from_a(&to_b)).delivered();
    assert_eq!(arrived[12..], to_b[12..]);
    assert!(ipsec.holds(b.node.trail()) && of_a.holds(b.node.trail()));
    // The next packet comes from the gateway's own side, in clear.
    let own = Ip::udp([ip("10.2.0.5"), ip("10.2.0.1")], b"x").bytes();
    assert_eq!(b.receive("lan", &own).delivered(), own);
    assert!(!ipsec.holds(b.node.trail()) && !of_a.holds(b.node.trail()));
}

#[test]
fn pol_09_the_trail_stays_in_the_node() {
    let packet = inner().bytes();
    let mut b = gateway_b(PROTECTED, "");
    let outcome = b.receive("wan", &from_a(&packet));
    assert_eq!(outcome.trail.len(), 2);
    // What goes on is the packet that a host sent, two hops later, and not a byte more.
    let forwarded = outcome.transmitted();
    assert_eq!((header(&forwarded).ttl, header(&packet).ttl), (62, 64));
    assert_eq!(forwarded[12..], packet[12..]);
    assert_eq!(forwarded.len(), packet.len());
    let mut next = gateway_b(PROTECTED, "");
    assert!(next.receive("lan", &forwarded).trail.is_empty());
}
