//! Selectors on inner headers: RFC 3884 section 4.2.3.

mod growth;
mod translation;

use iiptran::config::NodeConfig;
use iiptran::spd::{
    Action, AddressSet, Applies, Direction, InnerLayer, InnerSelectors, NextLayer, Policy, PortSet,
    Protection, SelectorError, Selectors, Sides, Spd, UpperSelector,
};
use iiptran::trace::Stage;
use iiptran::wire::{Flow, InnerFlows, IpVersion, MAX_IP_LAYERS, Protocol, SkipList};
use iiptran::{DropReason, Mode};
use iiptran_tests::lab::{Gateways, Lab, Outcome, Side, hosts, ip};
use iiptran_tests::{Ip, header};

use Direction::{Inbound, Outbound};

const ENDS: [&str; 2] = ["192.0.2.1", "192.0.2.2"];

/// Packets to a port, of protocol TCP; from here to there.
fn to_port(port: impl Into<PortSet>) -> Selectors {
    let sides = Sides {
        local: PortSet::Any,
        remote: port.into(),
    };
    let next_layer = NextLayer::Protocol {
        protocol: Protocol::TCP,
        upper: UpperSelector::Ports(sides),
    };
    Selectors::new(AddressSet::Any, AddressSet::Any, next_layer).unwrap()
}

/// Twenty bytes that begin like a TCP header.
fn tcp(destination: u16) -> Vec<u8> {
    let mut segment = vec![0; 20];
    segment[..2].copy_from_slice(&40_000_u16.to_be_bytes());
    segment[2..4].copy_from_slice(&destination.to_be_bytes());
    segment
}

fn segment(port: u16) -> Ip {
    Ip::new(hosts(IpVersion::V4), Protocol::TCP, &tcp(port))
}

fn in_tunnel(inner: &[u8]) -> Vec<u8> {
    let protocol = match inner.first().map_or(0, |byte| byte >> 4) {
        6 => Protocol::IPV6,
        _ => Protocol::IPV4,
    };
    Ip::new(ENDS.map(ip), protocol, inner).bytes()
}

fn inside(packet: &[u8]) -> InnerFlows {
    InnerFlows::of(packet, &header(packet), &SkipList::default())
}

fn innermost(sets: impl Into<Box<[Selectors]>>) -> InnerSelectors {
    InnerSelectors {
        layer: InnerLayer::Innermost,
        sets: sets.into(),
    }
}

/// Whether inner selectors for TCP to port 23 match what is inside this packet.
fn is_to_23(packet: &[u8]) -> bool {
    innermost([to_port(23)]).matches(Outbound, Some(&inside(packet)))
}

#[test]
fn sel_01_without_the_extension_the_outer_header_is_all_there_is() {
    // Ports of the inner packet can't even be asked for.
    let ports = NextLayer::Protocol {
        protocol: Protocol::IPV4,
        upper: UpperSelector::Ports(Sides {
            local: PortSet::Any,
            remote: 23.into(),
        }),
    };
    let refused = Selectors::new(AddressSet::Any, AddressSet::Any, ports);
    assert_eq!(refused, Err(SelectorError::NoPorts));
    // A policy for the port does not see it inside the tunnel.
    let spd = Spd::new([Policy::bypass("telnet", Applies::Both, [to_port(23)]).unwrap()]).unwrap();
    assert!(!spd.looks_through());
    let clear = segment(23).bytes();
    let wrapped = in_tunnel(&clear);
    let found = |packet: &[u8]| {
        let flow = Flow::of(packet, &header(packet));
        spd.lookup_through(Outbound, &flow, Some(&inside(packet)))
            .is_some()
    };
    assert!(found(&clear) && !found(&wrapped));
}

#[test]
fn sel_02_ip_is_a_next_layer_protocol_and_matched_exactly() {
    let four = Selectors::new(AddressSet::Any, AddressSet::Any, Protocol::IPV4.into()).unwrap();
    let six = Selectors::new(AddressSet::Any, AddressSet::Any, Protocol::IPV6.into()).unwrap();
    for (inner, of_four) in [(IpVersion::V4, true), (IpVersion::V6, false)] {
        let wire = in_tunnel(&Ip::udp(hosts(inner), b"").bytes());
        let flow = Flow::of(&wire, &header(&wire));
        assert_eq!(four.matches(Outbound, &flow), of_four);
        assert_eq!(six.matches(Outbound, &flow), !of_four);
    }
}

#[test]
fn sel_03_ip_in_ip_is_one_more_header_to_skip() {
    let options = |next: &[u8]| (Protocol::DESTINATION_OPTIONS, next.to_vec());
    let padding = [0, 0, 1, 4, 0, 0, 0, 0];
    let inner = Ip {
        options: vec![1; 8],
        ..segment(23)
    };
    // IPv6, options, IPv4 with options, TCP; and once more inside IPv4.
    let six = Ip {
        extension_headers: vec![options(&padding)],
        ..Ip::new(
            [ip("2001:db8::1"), ip("2001:db8::2")],
            Protocol::IPV4,
            &inner.bytes(),
        )
    };
    for packet in [inner.bytes(), six.bytes(), in_tunnel(&six.bytes())] {
        assert!(is_to_23(&packet), "{packet:02x?}");
    }
    let of = |packet: &[u8]| inside(packet).innermost.unwrap();
    assert_eq!(of(&in_tunnel(&six.bytes())).source, inner.source);
    // The next layer stops where tunnel mode would.
    let next = inside(&in_tunnel(&six.bytes())).next.unwrap();
    assert_eq!(
        (next.source, next.protocol),
        (ip("2001:db8::1"), Protocol::IPV4)
    );
    // AH, ESP and what nobody knows end the walk.
    for protocol in [Protocol::AH, Protocol::ESP, Protocol(253)] {
        let hidden = Ip::new(hosts(IpVersion::V4), protocol, &tcp(23)).bytes();
        assert_eq!(of(&in_tunnel(&hidden)).protocol, protocol);
        assert!(!is_to_23(&in_tunnel(&hidden)));
    }
}

#[test]
fn sel_04_both_the_outer_and_the_inner_set_must_match() {
    let outer = Selectors::new(
        ip(ENDS[0]).into(),
        ip(ENDS[1]).into(),
        Protocol::IPV4.into(),
    )
    .unwrap();
    let inner = Selectors::new(
        AddressSet::prefix(ip("10.1.0.0"), 16).unwrap(),
        AddressSet::prefix(ip("10.2.0.0"), 16).unwrap(),
        to_port(23).next_layer().clone(),
    )
    .unwrap();
    let policy = Policy::protect("both", [outer], Protection::new(Mode::Transport)).unwrap();
    let policy = policy.with_inner_selectors(innermost([inner]));
    let spd = Spd::new([policy]).unwrap();
    assert!(spd.looks_through());
    let found = |direction, packet: &[u8]| {
        let flow = Flow::of(packet, &header(packet));
        spd.lookup_through(direction, &flow, Some(&inside(packet)))
            .is_some()
    };
    let right = segment(23);
    assert!(found(Outbound, &in_tunnel(&right.bytes())));
    let elsewhere = Ip::new(
        [ip(ENDS[0]), ip("192.0.2.3")],
        Protocol::IPV4,
        &right.bytes(),
    );
    assert!(!found(Outbound, &elsewhere.bytes()));
    for wrong in [
        segment(24),
        Ip {
            source: ip("10.9.0.5"),
            ..right.clone()
        },
        Ip {
            destination: ip("10.9.0.5"),
            ..right.clone()
        },
        Ip {
            protocol: Protocol::UDP,
            ..right.clone()
        },
    ] {
        assert!(!found(Outbound, &in_tunnel(&wrong.bytes())), "{wrong:?}");
    }
    // Inbound, local is the destination, inside as outside.
    let mut answer = tcp(40_000);
    answer[..2].copy_from_slice(&23_u16.to_be_bytes());
    let [here, there] = hosts(IpVersion::V4);
    let answer = Ip::new([there, here], Protocol::TCP, &answer).bytes();
    let back = Ip::new([ip(ENDS[1]), ip(ENDS[0])], Protocol::IPV4, &answer).bytes();
    assert!(found(Inbound, &back) && !found(Outbound, &back));
    // Without a look inside, the policy is for nothing.
    let wire = in_tunnel(&right.bytes());
    let flow = Flow::of(&wire, &header(&wire));
    assert!(spd.lookup(Outbound, &flow).is_none());
    let policies = "[[policies]]\nname = \"p\"\naction = \"bypass\"\ninner-layer = \"next\"\n\
                    inner-selectors = [{ protocol = \"tcp\", remote-ports = [23] }]\n";
    // So it is written in documents.
    let gateway = Gateways {
        more: policies.into(),
        ..Gateways::new("iiptran")
    };
    let lab = gateway.node(Side::A);
    let base = lab.node.tables().network(lab.network("base")).unwrap();
    let sets = base.spd().find("p").unwrap().1.inner_selectors().unwrap();
    assert_eq!(
        (sets.layer, &*sets.sets),
        (InnerLayer::Next, &[to_port(23)][..])
    );
}

/// Gateways whose link carries TCP from A to port 23 behind B, and answers, and nothing else; A does not
/// check it if it is told not to.
fn telnet_only(a_checks: bool) -> (Lab, Lab) {
    let gateways = Gateways {
        link: "check-traffic = true".into(),
        ..Gateways::new("iiptran")
    };
    let to = |side, network: &str, field: &str| {
        let traffic = format!("remote = [\"{network}\"] }},");
        let narrow = format!("remote = [\"{network}\"], protocol = \"tcp\", {field} = [23] }},");
        let document = gateways.document(side);
        assert!(document.contains(&traffic));
        document.replace(&traffic, &narrow)
    };
    let a = to(Side::A, "10.2.0.0/16", "remote-ports");
    let a = if a_checks {
        a
    } else {
        a.replace("check-traffic = true", "")
    };
    (
        Lab::new(&a),
        Lab::new(&to(Side::B, "10.1.0.0/16", "local-ports")),
    )
}

#[test]
fn sel_05_the_sa_looks_inside_before_decapsulation() {
    let (mut a, mut b) = telnet_only(true);
    let wire = a.receive("lan", &segment(23).bytes()).transmitted();
    assert_eq!(b.receive("wan", &wire).reason(), None);
    // An honest A has no policy for another port.
    let outcome = a.receive("lan", &segment(24).bytes());
    assert_eq!(outcome.reason(), Some(DropReason::NoPolicy));
    // One that does not care is found out by B, with the outer header still on.
    let (mut a, mut b) = telnet_only(false);
    let wire = a.receive("lan", &segment(24).bytes()).transmitted();
    let outcome = b.receive("wan", &wire);
    assert_eq!(outcome.reason(), Some(DropReason::SelectorMismatch));
    assert_eq!(
        outcome.stages[outcome.stages.len() - 2..],
        [Stage::Selectors, Stage::End]
    );
    assert_eq!(header(&outcome.packet).protocol, Protocol::IPV4);
    assert_eq!(b.drops(DropReason::SelectorMismatch), 1);
    // It is the packet that was refused, not the peer.
    let wire = a.receive("lan", &segment(23).bytes()).transmitted();
    assert_eq!(b.receive("wan", &wire).reason(), None);
}

#[test]
fn sel_07_inner_fragments_have_opaque_ports() {
    let opaque = |wire: &[u8]| {
        let sets = innermost([to_port(PortSet::Opaque)]);
        sets.matches(Outbound, Some(&inside(wire)))
    };
    let part = |flags_and_offset| Ip {
        flags_and_offset,
        ..segment(23)
    };
    let (first, later) = (part(0x2000).bytes(), part(0x2002).bytes());
    assert!(is_to_23(&in_tunnel(&first)) && !opaque(&in_tunnel(&first)));
    assert!(!is_to_23(&in_tunnel(&later)) && opaque(&in_tunnel(&later)));
    // A first fragment that ends before the ports.
    let short = Ip {
        payload: tcp(23)[..3].to_vec(),
        ..part(0x2000)
    };
    assert!(!is_to_23(&in_tunnel(&short.bytes())) && opaque(&in_tunnel(&short.bytes())));
}

#[test]
fn sel_08_what_can_not_be_read_matches_no_value() {
    let right = segment(23).bytes();
    let damage = |change: fn(&mut Vec<u8>)| {
        let mut inner = right.clone();
        change(&mut inner);
        Ip::new(ENDS.map(ip), Protocol::IPV4, &inner).bytes()
    };
    let six = Ip::new([ip("fd00:1::5"), ip("fd00:2::5")], Protocol::TCP, &tcp(23)).bytes();
    let malformed = [
        // IPv6 where protocol 4 promises IPv4, and the other way round.
        Ip::new(ENDS.map(ip), Protocol::IPV4, &six).bytes(),
        Ip::new(ENDS.map(ip), Protocol::IPV6, &right).bytes(),
        damage(|inner| inner.truncate(19)),
        damage(|inner| inner.truncate(30)),
        damage(|inner| inner[0] = 0x44), // A header of 16 bytes.
        damage(|inner| inner[10] ^= 1),  // The checksum.
        damage(Vec::clear),
    ];
    for wire in malformed {
        assert!(!is_to_23(&wire), "{wire:02x?}");
        let opaque = innermost([to_port(PortSet::Opaque)]);
        assert!(!opaque.matches(Outbound, Some(&inside(&wire))));
        let any = innermost([Selectors::ANY]);
        assert!(any.matches(Outbound, Some(&inside(&wire))));
        let next = InnerSelectors {
            layer: InnerLayer::Next,
            ..innermost([to_port(23)])
        };
        assert!(!next.matches(Outbound, Some(&inside(&wire))));
    }
    assert!(is_to_23(&in_tunnel(&right)));
    // Options and extension headers are no damage.
    let options = Ip {
        options: vec![1; 40],
        ..segment(23)
    };
    let headers = Ip {
        extension_headers: vec![(Protocol::HOP_BY_HOP, vec![0, 0, 1, 4, 0, 0, 0, 0])],
        ..Ip::new([ip("fd00:1::5"), ip("fd00:2::5")], Protocol::TCP, &tcp(23))
    };
    assert!(is_to_23(&in_tunnel(&options.bytes())) && is_to_23(&in_tunnel(&headers.bytes())));
}

#[test]
fn sel_10_parallel_virtual_networks_and_a_classifier() {
    // Two virtual networks with the same addresses: by their own links, SAs and ways.
    let gateway = |near: u8, far: u8| {
        let network = |name: &str, number: u8| {
            format!(
                r#"
[[links]]
name = "wan-{name}"
addresses = ["198.51.{number}.{near}/24"]

[[links]]
name = "lan-{name}"
network = "{name}"
side = "protected"
addresses = ["10.{near}.0.1/16"]

[[routes]]
network = "{name}"
prefix = "10.{far}.0.0/16"
link = "{name}"

[[virtual-links]]
name = "{name}"
network = "{name}"
local = "198.51.{number}.{near}"
remote = "198.51.{number}.{far}"
protection.transform = "aes-128-gcm-16"
protection.outbound = {{ spi = 0x{number}0{near}, key = "{number}0102030405060708090a0b0c0d0e0f101112131" }}
protection.inbound = {{ spi = 0x{number}0{far}, key = "{number}0102030405060708090a0b0c0d0e0f101112131" }}
"#
            )
        };
        Lab::new(&format!(
            "arrangement = \"iiptran\"\ninsecure-test-keys = true\n\
             networks = [{{ name = \"base\" }}, {{ name = \"web\" }}, {{ name = \"shell\" }}]\n{}{}",
            network("web", 1),
            network("shell", 2),
        ))
    };
    let (mut a, mut b) = (gateway(1, 2), gateway(2, 1));
    // The classifier is policy routing: which network a packet is one of.
    let mut carry = |port: u16| -> (Outcome, String) {
        let packet = segment(port).bytes();
        let network = match Flow::of(&packet, &header(&packet)).upper {
            iiptran::wire::Upper::Ports {
                destination: 80, ..
            } => "web",
            _ => "shell",
        };
        let wire = a.receive(&format!("lan-{network}"), &packet).transmitted();
        (b.receive(&format!("wan-{network}"), &wire), network.into())
    };
    for (port, network, spi) in [(80, "web", 0x101), (22, "shell", 0x201)] {
        let (outcome, by) = carry(port);
        assert_eq!((by.as_str(), outcome.reason()), (network, None));
        let first = outcome.trail.entries().next().unwrap();
        assert!(
            matches!(first, iiptran::node::TrailEntry::Sa { id, .. } if id.spi.0 == spi),
            "{first:?}"
        );
    }
}

#[test]
fn sel_11_the_walk_has_an_end() {
    let nested = |depth: usize| (0..depth).fold(segment(23).bytes(), |inner, _| in_tunnel(&inner));
    for depth in 0..MAX_IP_LAYERS + 3 {
        let wire = nested(depth);
        assert_eq!(is_to_23(&wire), depth < MAX_IP_LAYERS, "{depth}");
        let any = innermost([Selectors::ANY]);
        assert!(any.matches(Outbound, Some(&inside(&wire))));
    }
}
