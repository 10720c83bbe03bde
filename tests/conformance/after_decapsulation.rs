//! Policy after decapsulation: RFC 3884 section 4.2.3.

mod rules;

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
