//! Packets that come in across the IPsec boundary (RFC 4301 section 5.2).

use iiptran::sa::InboundSa;
use iiptran::trace::Stage;
use iiptran::wire::IpVersion::V4;
use iiptran::wire::Protocol;
use iiptran::{DropReason, Verdict};
use iiptran_tests::lab::{Gateways, Lab, Outcome, Side, gateways, hosts, ip};
use iiptran_tests::{Ip, NOW, fill_checksum, process};

use crate::fragments::{halves, piece};
use crate::hosts::{document, host};
use crate::ipip::BYPASS;

/// The peer and the host, and what the peer says.
fn ends() -> [std::net::IpAddr; 2] {
    gateways(V4)
}

fn protected(packet: &Ip) -> Vec<u8> {
    host(1, 2).send("base", &packet.bytes()).transmitted()
}

#[test]
fn inb_01_only_whole_datagrams_are_opened() {
    let packet = Ip::udp(ends(), &[7; 300]);
    let wire = protected(&packet);
    let [first, last] = halves(&wire);
    let mut receiver = host(2, 1);
    // Whichever comes first.
    for (one, other, expected) in [
        (&last, &first, None),
        (&first, &last, Some(DropReason::Replayed)),
    ] {
        let outcome = receiver.receive("wan", one);
        assert_eq!(outcome.verdict, Verdict::Hold);
        assert!(!outcome.stages.contains(&Stage::FindSa));
        let outcome = receiver.receive("wan", other);
        assert_eq!(outcome.stages[1], Stage::Reassemble);
        assert_eq!(outcome.reason(), expected);
        if expected.is_none() {
            assert_eq!(outcome.packet, packet.bytes());
        }
    }
    // The datagram has no flag and no offset any more.
    let mut receiver = Lab::new(&format!("{}{BYPASS}", document(3, 4)));
    let clear = Ip {
        identification: 9,
        ..Ip::udp([ip("192.0.2.9"), ip("192.0.2.3")], &[7; 300])
    }
    .bytes();
    let pieces = [
        piece(&clear, 0, 104, true),
        piece(&clear, 104, 104, true),
        piece(&clear, 208, 100, false),
    ];
    for piece in &pieces[..2] {
        assert_eq!(receiver.receive("wan", piece).verdict, Verdict::Hold);
    }
    assert_eq!(receiver.receive("wan", &pieces[2]).delivered(), clear);
    // Nobody opens a fragment: a node that reassembles nothing, or an SA alone.
    let none = format!(
        "limits = {{ reassembly-datagrams = 0 }}\n{}",
        document(2, 1)
    );
    let parameters = || {
        let config = iiptran::config::NodeConfig::from_toml(&document(2, 1)).unwrap();
        let mut inbound = config.compile().unwrap().inbound;
        inbound.pop().unwrap().1
    };
    for fragment in [&first, &last] {
        let outcome = Lab::new(&none).receive("wan", fragment);
        assert_eq!(outcome.reason(), Some(DropReason::FragmentOffered));
        let mut sa: InboundSa = parameters();
        let opened = process(fragment, |packet| sa.open(NOW, packet));
        assert_eq!(opened, Err(DropReason::FragmentOffered));
    }
}

#[test]
fn inb_02_the_spd_is_that_of_the_link() {
    let mut document = String::from(
        "arrangement = \"transport\"\nnetworks = [{ name = \"open\" }, { name = \"closed\" }, { name = \"empty\" }]\n",
    );
    for network in ["open", "closed", "empty"] {
        document += &format!(
            "[[links]]\nname = \"to {network}\"\nnetwork = \"{network}\"\naddresses = [\"192.0.2.2/24\"]\n"
        );
    }
    for (network, action) in [("open", "bypass"), ("closed", "discard")] {
        document += &format!(
            "[[policies]]\nname = \"all\"\nnetwork = \"{network}\"\naction = \"{action}\"\n"
        );
    }
    let mut node = Lab::new(&document);
    let packet = Ip::udp(ends(), b"the same").bytes();
    let mut reason = |link| node.receive(link, &packet).reason();
    assert_eq!(reason("to open"), None);
    assert_eq!(reason("to closed"), Some(DropReason::PolicyDiscard));
    assert_eq!(reason("to empty"), Some(DropReason::NoPolicy));
}

#[test]
fn inb_03_the_sad_or_the_spd() {
    use Stage::*;
    let mut receiver = Lab::new(&format!("{}{BYPASS}", document(2, 1)));
    let packet = Ip::udp(ends(), b"payload");
    let wire = protected(&packet);
    // ESP for this node.
    let outcome = receiver.receive("wan", &wire);
    assert_eq!(
        outcome.stages,
        [Arrive, FindSa, Open, Restore, Selectors, End]
    );
    assert_eq!(outcome.delivered(), packet.bytes());
    // Everything else, ICMP and UDP among it.
    for protocol in [Protocol::ICMP, Protocol::UDP, Protocol(99)] {
        let clear = Ip::new([ip("192.0.2.9"), ip("192.0.2.2")], protocol, &[8; 16]).bytes();
        let outcome = receiver.receive("wan", &clear);
        assert_eq!(outcome.stages, [Arrive, Policy, End]);
        assert_eq!(outcome.delivered(), clear);
    }
    // ESP for somebody else is a packet like any other, though this node has its SPI.
    let mut transit = wire.clone();
    transit[19] = 77;
    fill_checksum(&mut transit);
    let outcome = receiver.receive("wan", &transit);
    assert_eq!(outcome.stages, [Arrive, Policy, Hop, Route, Policy, End]);
    let forwarded = outcome.transmitted();
    assert_eq!(forwarded[20..], wire[20..]);
    assert_eq!(forwarded[8], 63);
    let mut strict = host(2, 1);
    let outcome = strict.receive("wan", &transit);
    assert_eq!(outcome.stages, [Arrive, Policy, End]);
    assert_eq!(outcome.reason(), Some(DropReason::NoPolicy));
}

#[test]
fn inb_04_what_is_unknown_is_discarded() {
    let mut receiver = host(2, 1);
    let base = receiver.network("base");
    let sas = |lab: &Lab| lab.node.sad(base).unwrap().len();
    assert_eq!(sas(&receiver), 1);
    let mut unknown = protected(&Ip::udp(ends(), b"payload"));
    unknown[20..24].copy_from_slice(&[0, 0, 0x77, 0x77]);
    let outcome = receiver.receive("wan", &unknown);
    assert_eq!(outcome.reason(), Some(DropReason::UnknownSpi));
    assert_eq!(outcome.packet, unknown);
    assert_eq!(receiver.drops(DropReason::UnknownSpi), 1);
    // In clear: from the peer, and from somebody without any policy.
    for (source, reason) in [
        ("192.0.2.1", DropReason::Unprotected),
        ("192.0.2.9", DropReason::NoPolicy),
    ] {
        let clear = Ip::udp([ip(source), ends()[1]], b"payload").bytes();
        assert_eq!(receiver.receive("wan", &clear).reason(), Some(reason));
        assert_eq!(receiver.drops(reason), 1);
    }
    // None of that made an SA, or asked for one.
    assert_eq!(sas(&receiver), 1);
    assert_eq!(receiver.node.poll_event(), None);
}

#[test]
fn inb_05_what_selectors_are_compared_with() {
    // Transport mode: the restored packet, with its own protocol and ports.
    let narrow =
        "selectors = [{ remote = [\"192.0.2.1\"], protocol = \"udp\", local-ports = [\"7\"] }]\n";
    let mut receiver = Lab::new(&format!("{}{narrow}", document(2, 1)));
    let mut sender = host(1, 2);
    let mut send = |packet: &Ip| {
        let wire = sender.send("base", &packet.bytes()).transmitted();
        receiver.receive("wan", &wire)
    };
    let right = Ip::udp(ends(), b"payload");
    assert_eq!(send(&right).delivered(), right.bytes());
    let mut other_port = right.clone();
    other_port.payload[3] = 8;
    let other_protocol = Ip {
        protocol: Protocol::TCP,
        ..right
    };
    for wrong in [other_port, other_protocol] {
        let outcome = send(&wrong);
        assert_eq!(outcome.reason(), Some(DropReason::SelectorMismatch));
        assert_eq!(
            outcome.stages.last_chunk(),
            Some(&[Stage::Selectors, Stage::End])
        );
    }
    // Tunnel mode: the inner packet, whatever the outer one says.
    let mut a = Gateways::new("iiptran").node(Side::A);
    let mut b = Gateways::new("tunnel-mode").node(Side::B);
    let mut send = |source, new_outer_source: bool| -> Outcome {
        let packet = Ip::udp([ip(source), hosts(V4)[1]], b"payload").bytes();
        let mut wire = a.receive("lan", &packet).transmitted();
        if new_outer_source {
            wire[15] = 99;
            fill_checksum(&mut wire);
        }
        b.receive("wan", &wire)
    };
    for new_outer_source in [false, true] {
        assert_eq!(send("10.1.0.5", new_outer_source).reason(), None);
        let outcome = send("10.3.0.5", new_outer_source);
        assert_eq!(outcome.reason(), Some(DropReason::SelectorMismatch));
        assert!(!outcome.stages.contains(&Stage::Decapsulate));
    }
}

#[test]
fn inb_06_a_packet_that_goes_on_across_the_boundary_meets_the_spd() {
    let uplink = r#"
[[links]]
name = "uplink"
network = "vn"
addresses = ["203.0.113.2/24"]
"#;
    let packet = Ip::udp([ip("10.1.0.5"), ip("203.0.113.9")], b"payload").bytes();
    let route = "[[routes]]\nnetwork = \"vn\"\nprefix = \"203.0.113.0/24\"\nlink = \"link\"\n";
    let policy = |action: &str| {
        format!("[[policies]]\nname = \"out\"\nnetwork = \"vn\"\naction = \"{action}\"\n")
    };
    for (policy, expected) in [
        (String::new(), Some(DropReason::NoPolicy)),
        (policy("discard"), Some(DropReason::PolicyDiscard)),
        (policy("bypass"), None),
    ] {
        let mut a = Gateways::new("iiptran").more(route).node(Side::A);
        let mut b = Gateways::new("iiptran")
            .more(&format!("{uplink}{policy}"))
            .node(Side::B);
        let wire = a.receive("lan", &packet).transmitted();
        let outcome = b.receive("wan", &wire);
        use Stage::*;
        assert_eq!(
            outcome.stages[5..],
            [FindTunnel, Decapsulate, Demand, Hop, Route, Policy, End]
        );
        assert_eq!(outcome.reason(), expected);
        if expected.is_none() {
            let (link, next_hop) = (b.link("uplink"), ip("203.0.113.9"));
            assert_eq!(outcome.verdict, Verdict::Transmit { link, next_hop });
        }
    }
}

#[test]
fn inb_07_telnet_in_clear() {
    // Telnet is to be protected, everything else may be in clear.
    let telnet = "selectors = [{ protocol = \"tcp\", local-ports = [\"23\"] }]\n";
    let policies =
        format!("[[policies]]\nname = \"telnet\"\naction = \"protect\"\n{telnet}{BYPASS}");
    let link =
        "arrangement = \"transport\"\n[[links]]\nname = \"wan\"\naddresses = [\"192.0.2.2/24\"]\n";
    let mut receiver = Lab::new(&format!("{link}{policies}"));
    let mut reason = |port: u8| {
        let segment = [
            0xc0, 0x01, 0, port, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, 2, 0, 0, 0, 0, 0, 0,
        ];
        let packet = Ip::new(ends(), Protocol::TCP, &segment).bytes();
        receiver.receive("wan", &packet).reason()
    };
    assert_eq!(reason(23), Some(DropReason::Unprotected));
    assert_eq!(reason(22), None);
    assert_eq!(reason(24), None);
    assert_eq!(receiver.drops(DropReason::Unprotected), 1);
}
