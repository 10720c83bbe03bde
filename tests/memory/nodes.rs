//! Nodes: whatever becomes of a packet, nothing is taken from memory for it.

use std::collections::BTreeSet;

use iiptran::sa::{OutboundSa, SealOptions};
use iiptran::wire::{IpVersion, Protocol};
use iiptran::{DropReason, NetworkId, NoTrace, PacketBuffer, Verdict};
use iiptran_tests::fragments::piece;
use iiptran_tests::lab::{Gateways, Lab, Side, hosts as inner_hosts, ip};
use iiptran_tests::sa::ENDS;
use iiptran_tests::{Ip, NOW, hosts, process};

use crate::Place;
use crate::allocator::calls;

/// How a packet comes to a node.
#[derive(Clone, Copy, Debug)]
enum By {
    Link(&'static str),
    Network(&'static str),
}

use By::{Link, Network};

/// Hands a packet to a node; gives the packet as the node left it, and the reason if it was dropped.
fn pass(lab: &mut Lab, place: &mut Place, by: By, packet: &[u8]) -> (Vec<u8>, Option<DropReason>) {
    let (link, network) = match by {
        Link(name) => (Some(lab.link(name)), NetworkId::BASE),
        Network(name) => (None, lab.network(name)),
    };
    let node = &mut lab.node;
    let mut range = 0..0;
    let (verdict, taken) = calls(|| {
        place.process(packet, |packet| {
            let verdict = match link {
                Some(link) => node.receive(NOW, link, packet, &mut NoTrace),
                None => node.send(NOW, network, packet, &mut NoTrace),
            };
            range = packet.range();
            verdict
        })
    });
    assert_eq!(taken, 0, "{by:?}: {verdict:?}");
    (place.0[range].to_vec(), verdict.drop_reason())
}

/// A packet that passes.
fn through(lab: &mut Lab, place: &mut Place, by: By, packet: &[u8]) -> Vec<u8> {
    let (packet, reason) = pass(lab, place, by, packet);
    assert_eq!(reason, None, "{by:?}");
    packet
}

#[test]
fn mem_01_good_packets_through_gateways() {
    let mut place = Place::new();
    let versions = [IpVersion::V4, IpVersion::V6];
    let tunnelling = [
        "iiptran",
        "tunnel-mode",
        "interface-sa",
        "initial-lookup-a",
        "integrated",
    ];
    for arrangement in tunnelling {
        for outer in versions {
            for protection in ["", "udp-encapsulation = {}"] {
                let gateways = Gateways {
                    outer,
                    protection: protection.into(),
                    ..Gateways::new(arrangement)
                };
                let (mut a, mut b) = gateways.nodes();
                for inner in versions {
                    // There and back, forwarded; and to the far gateway itself.
                    let packet = Ip::udp(inner_hosts(inner), &[7; 600]);
                    let wire = through(&mut a, &mut place, Link("lan"), &packet.bytes());
                    through(&mut b, &mut place, Link("wan"), &wire);
                    let reply = Ip {
                        source: packet.destination,
                        destination: packet.source,
                        ..packet.clone()
                    };
                    let wire = through(&mut b, &mut place, Link("lan"), &reply.bytes());
                    through(&mut a, &mut place, Link("wan"), &wire);
                    let to_gateway = Ip {
                        destination: match inner {
                            IpVersion::V4 => ip("10.2.0.1"),
                            IpVersion::V6 => ip("fd00:2::1"),
                        },
                        ..packet
                    };
                    let wire = through(&mut a, &mut place, Link("lan"), &to_gateway.bytes());
                    through(&mut b, &mut place, Link("wan"), &wire);
                }
                // What the gateway says itself, and what stays inside.
                let own = Ip::udp(["10.1.0.1", "10.2.0.5"].map(ip), b"own").bytes();
                let wire = through(&mut a, &mut place, Network("vn"), &own);
                through(&mut b, &mut place, Link("wan"), &wire);
                let inside = Ip::udp(["10.1.0.5", "10.1.0.6"].map(ip), b"").bytes();
                through(&mut a, &mut place, Link("lan"), &inside);
            }
        }
    }
}

/// Policies behind those of a host.
const MORE_POLICIES: &str = r#"
[[policies]]
name = "web"
action = "bypass"
selectors = [{ protocol = "tcp" }]

[[policies]]
name = "experiment"
action = "discard"
selectors = [{ protocol = 253 }]
"#;

#[test]
fn mem_01_packets_of_hosts() {
    let mut place = Place::new();
    let host = |near, far| Lab::new(&[&hosts::document(near, far), MORE_POLICIES].concat());
    let (mut a, mut b) = (host(1, 2), host(2, 1));
    let packet = Ip::udp(ENDS.map(ip), b"hello").bytes();
    let wire = through(&mut a, &mut place, Network("base"), &packet);
    assert_eq!(through(&mut b, &mut place, Link("wan"), &wire), packet);
    let other = ["192.0.2.1", "192.0.2.9"].map(ip);
    let web = Ip::new(other, Protocol::TCP, &[0; 20]).bytes();
    through(&mut a, &mut place, Network("base"), &web);
    for (protocol, expected) in [
        (Protocol(253), DropReason::PolicyDiscard),
        (Protocol(254), DropReason::NoPolicy),
    ] {
        let packet = Ip::new(other, protocol, b"").bytes();
        let (_, reason) = pass(&mut a, &mut place, Network("base"), &packet);
        assert_eq!(reason, Some(expected));
    }
    // Transport mode for what is in transit, and IP inside of it.
    let transit = Ip::udp(["192.0.2.1", "192.0.2.2"].map(ip), b"").bytes();
    let (_, reason) = pass(&mut b, &mut place, Link("wan"), &transit);
    assert_eq!(reason, Some(DropReason::Unprotected));
    let inner = Ip::new(ENDS.map(ip), Protocol::IPV4, &packet).bytes();
    let wire = through(&mut a, &mut place, Network("base"), &inner);
    let (_, reason) = pass(&mut b, &mut place, Link("wan"), &wire);
    assert_eq!(reason, Some(DropReason::UnknownTunnel));
}

/// Gateway A with routes that lead nowhere, and tunnels that can't be used.
fn gateway() -> Gateways {
    let more = r#"
[[virtual-links]]
name = "unkeyed"
network = "vn"
local = "192.0.2.1"
remote = "192.0.2.3"
protection.transform = "aes-128-gcm-16"

[[virtual-links]]
name = "cleared"
network = "vn"
local = "192.0.2.1"
remote = "192.0.2.4"
outer = { df = "clear" }

[[virtual-links]]
name = "loop"
network = "base"
local = "192.0.2.1"
remote = "198.51.100.1"

[[virtual-links]]
name = "down"
network = "vn"
local = "192.0.2.1"
remote = "192.0.2.6"

[[routes]]
prefix = "198.51.100.0/24"
link = "loop"
[[routes]]
network = "vn"
prefix = "10.3.0.0/16"
link = "unkeyed"
[[routes]]
network = "vn"
prefix = "10.4.0.0/16"
link = "cleared"
[[routes]]
network = "vn"
prefix = "10.5.0.0/16"
action = "blackhole"
[[routes]]
network = "vn"
prefix = "10.6.0.0/16"
action = "unreachable"
[[routes]]
network = "vn"
prefix = "10.7.0.0/16"
action = "prohibit"
[[routes]]
network = "vn"
prefix = "10.8.0.0/16"
link = "down"
"#;
    Gateways {
        more: more.into(),
        ..Gateways::new("iiptran")
    }
}

#[test]
fn mem_01_bad_packets_of_every_kind_at_a_gateway() {
    let mut place = Place::new();
    let mut a = gateway().node(Side::A);
    let down = a.link("down");
    a.node.set_link_up(down, false);
    let to = |destination: &str| Ip::udp(["10.1.0.5", destination].map(ip), b"hello");
    let unfragmented = |packet| Ip {
        flags_and_offset: 0x4000,
        ..packet
    };
    let good = to("10.2.0.5").bytes();
    let changed = |at: usize, value: u8| {
        let mut packet = good.clone();
        packet[at] = value;
        packet
    };
    let last_hop = Ip {
        ttl: 1,
        ..to("10.2.0.5")
    };
    let large = Ip::udp(inner_hosts(IpVersion::V4), &[0; 1500]);
    let from_far_end = Ip::udp(["192.0.2.2", "10.2.0.5"].map(ip), b"");
    let misplaced = Ip {
        extension_headers: vec![
            (Protocol::DESTINATION_OPTIONS, vec![0, 0, 1, 4, 0, 0, 0, 0]),
            (Protocol::HOP_BY_HOP, vec![0, 0, 1, 4, 0, 0, 0, 0]),
        ],
        ..Ip::udp(inner_hosts(IpVersion::V6), b"")
    };
    let limit_reached = Ip {
        extension_headers: vec![(Protocol::DESTINATION_OPTIONS, vec![0, 0, 4, 1, 0, 1, 1, 0])],
        ..Ip::udp(inner_hosts(IpVersion::V6), b"")
    };
    let mut seen = BTreeSet::new();
    let mut check = |lab: &mut Lab, by, packet: &[u8], expected| {
        let (_, reason) = pass(lab, &mut place, by, packet);
        assert_eq!(reason, Some(expected));
        seen.insert(expected);
    };
    // On the way out.
    for (packet, expected) in [
        (good[..16].to_vec(), DropReason::Truncated),
        (changed(0, 0x55), DropReason::BadVersion),
        (changed(0, 0x44), DropReason::BadHeaderLength),
        (changed(10, 1), DropReason::BadChecksum),
        (misplaced.bytes(), DropReason::BadExtensionHeader),
        (to("203.0.113.1").bytes(), DropReason::NoRoute),
        (last_hop.bytes(), DropReason::TtlExpired),
        (to("10.8.0.5").bytes(), DropReason::LinkDown),
        (to("10.5.0.5").bytes(), DropReason::Blackhole),
        (to("10.6.0.5").bytes(), DropReason::Unreachable),
        (to("10.7.0.5").bytes(), DropReason::Prohibited),
        (to("10.3.0.5").bytes(), DropReason::NoOutboundSa),
        (unfragmented(to("10.4.0.5")).bytes(), DropReason::DfConflict),
        (unfragmented(large).bytes(), DropReason::PacketTooBig),
        (from_far_end.bytes(), DropReason::RecursiveEncapsulation),
        (limit_reached.bytes(), DropReason::EncapsulationLimit),
    ] {
        check(&mut a, Link("lan"), &packet, expected);
    }
    let looping = Ip::udp(["192.0.2.1", "198.51.100.7"].map(ip), b"").bytes();
    check(&mut a, Network("base"), &looping, DropReason::TunnelLoop);

    // On the way in: what B's peer seals, and what it does not.
    let (peer, mut b) = Gateways::new("iiptran").nodes();
    let sa = outbound(&peer);
    let inner = to("10.2.0.5").bytes();
    let sealed = |outer: Ip, options: SealOptions| {
        process(&outer.bytes(), |packet| sa.seal_with(NOW, packet, &options)).unwrap()
    };
    let outer = |payload: &[u8]| Ip::new(ENDS.map(ip), Protocol::IPV4, payload);
    let numbered = |sequence| SealOptions {
        sequence: Some(sequence),
        ..SealOptions::default()
    };
    let wire = sealed(outer(&inner), numbered(1000));
    let mut forged = sealed(outer(&inner), numbered(1001));
    *forged.last_mut().unwrap() ^= 1;
    let mut unknown = wire.clone();
    unknown[20] ^= 1;
    let dummy = SealOptions {
        dummy: true,
        ..numbered(1002)
    };
    let marked = Ip {
        traffic_class: 3,
        ..outer(&inner)
    };
    let keepalive = [17, 148, 17, 148, 0, 9, 0, 0, 0xff];
    let keepalive = Ip::new(ENDS.map(ip), Protocol::UDP, &keepalive).bytes();
    let from_stranger = Ip::new(["192.0.2.9", "192.0.2.2"].map(ip), Protocol::IPV4, &inner);
    through(&mut b, &mut Place::new(), Link("wan"), &wire);
    for (packet, expected) in [
        (wire.clone(), DropReason::Replayed),
        (sealed(outer(&inner), numbered(1)), DropReason::LeftOfWindow),
        (forged, DropReason::BadIcv),
        (unknown, DropReason::UnknownSpi),
        (sealed(outer(&inner), dummy), DropReason::Dummy),
        (
            sealed(Ip::udp(ENDS.map(ip), b""), numbered(1003)),
            DropReason::SelectorMismatch,
        ),
        (
            sealed(outer(&inner[..24]), numbered(1004)),
            DropReason::Truncated,
        ),
        (
            sealed(marked, numbered(1005)),
            DropReason::EcnCongestionLost,
        ),
        (outer(&inner).bytes(), DropReason::Unprotected),
        (from_stranger.bytes(), DropReason::NoPolicy),
        (keepalive, DropReason::NatKeepalive),
    ] {
        check(&mut b, Link("wan"), &packet, expected);
    }
    assert_eq!(seen.len(), 27);
}

/// The SA by which a gateway sends.
fn outbound(gateway: &Lab) -> &OutboundSa {
    let base = gateway.node.tables().network(NetworkId::BASE).unwrap();
    base.outbound().iter().next().unwrap().1
}

#[test]
fn mem_01_no_room_around_the_packet() {
    let mut a = gateway().node(Side::A);
    let packet = Ip::udp(inner_hosts(IpVersion::V4), b"hello").bytes();
    let link = a.link("lan");
    for (before, behind, expected) in [
        (19, 64, DropReason::NoHeadroom),
        (35, 64, DropReason::NoHeadroom),
        (64, 17, DropReason::NoTailroom),
    ] {
        let mut buffer = PacketBuffer::with_room(&packet, before, behind);
        let node = &mut a.node;
        let (verdict, taken) =
            calls(|| buffer.process(|packet| node.receive(NOW, link, packet, &mut NoTrace)));
        assert_eq!((verdict.drop_reason(), taken), (Some(expected), 0));
    }
}

#[test]
fn mem_01_bursts() {
    let (mut a, mut b) = Gateways::new("iiptran").nodes();
    let clear = Ip::udp(inner_hosts(IpVersion::V4), b"hello").bytes();
    let mut buffers = [(); 32].map(|()| PacketBuffer::new(&clear));
    let [lan, wan] = [a.link("lan"), b.link("wan")];
    let mut verdict = Verdict::Hold;
    for buffer in &mut buffers {
        let ((), taken) = calls(|| {
            buffer.process(|packet| {
                let (packets, verdicts) = (
                    core::slice::from_mut(packet),
                    core::slice::from_mut(&mut verdict),
                );
                a.node
                    .receive_burst(NOW, lan, packets, verdicts, &mut NoTrace);
                b.node
                    .receive_burst(NOW, wan, packets, verdicts, &mut NoTrace);
            });
        });
        assert_eq!((verdict.drop_reason(), taken), (None, 0));
    }
}

/// Reassembly has its places from the day that the node is made.
#[test]
fn mem_01_fragments() {
    let mut place = Place::new();
    let (mut a, mut b) = Gateways::new("iiptran").nodes();
    for number in 0..20_u16 {
        let packet = Ip::udp(inner_hosts(IpVersion::V4), &[7; 600]).bytes();
        let mut wire = through(&mut a, &mut place, Link("lan"), &packet);
        wire[4..6].copy_from_slice(&number.to_be_bytes());
        let rest = wire.len() - 20 - 400;
        // Behind before front, and one of them twice.
        for (fragment, whole) in [
            (piece(&wire, 400, rest, false), false),
            (piece(&wire, 400, rest, false), false),
            (piece(&wire, 0, 400, true), true),
        ] {
            let left = through(&mut b, &mut place, Link("wan"), &fragment);
            assert_eq!(left.ends_with(&[7; 600]), whole);
        }
    }
    // A flood of first fragments finds all places taken; overlapping ones are given up.
    let mut packet = Ip::udp(ENDS.map(ip), &[7; 600]).bytes();
    let mut reasons = BTreeSet::new();
    for number in 100..110_u16 {
        packet[4..6].copy_from_slice(&number.to_be_bytes());
        let first = piece(&packet, 0, 400, true);
        reasons.insert(pass(&mut b, &mut place, Link("wan"), &first).1);
    }
    assert_eq!(
        reasons,
        BTreeSet::from([None, Some(DropReason::ReassemblyFull)])
    );
    packet[4..6].copy_from_slice(&100_u16.to_be_bytes());
    let overlapping = piece(&packet, 392, 208, false);
    let (_, reason) = pass(&mut b, &mut place, Link("wan"), &overlapping);
    assert_eq!(reason, Some(DropReason::FragmentOverlap));
}

#[test]
fn mem_01_bursts_of_flows_that_are_known_and_that_are_not() {
    for arrangement in ["iiptran", "tunnel-mode", "interface-sa"] {
        let (mut a, mut b) = Gateways::new(arrangement).nodes();
        let (lan, wan) = (a.link("lan"), b.link("wan"));
        for _ in 0..3 {
            let packets: Vec<_> = (0..40_u8)
                .map(|host| [[10, 1, 0, 2 + host % 7].into(), ip("10.2.0.5")])
                .map(|ends| PacketBuffer::new(&Ip::udp(ends, &[7; 100]).bytes()))
                .map(|buffer| buffer.bytes().to_vec())
                .collect();
            let mut rooms: Vec<_> = packets
                .iter()
                .map(|packet| [&[0; 128][..], packet, &[0; 128]].concat())
                .collect();
            let mut burst: Vec<_> = rooms
                .iter_mut()
                .map(|room| {
                    let end = room.len() - 128;
                    iiptran::Packet::new(room, 128..end).expect("a packet")
                })
                .collect();
            let mut verdicts = vec![Verdict::Hold; burst.len()];
            for (node, link) in [(&mut a.node, lan), (&mut b.node, wan)] {
                let ((), taken) = calls(|| {
                    node.receive_burst(NOW, link, &mut burst, &mut verdicts, &mut NoTrace);
                });
                assert_eq!(taken, 0, "{arrangement}");
                for verdict in &verdicts {
                    assert!(matches!(verdict, Verdict::Transmit { .. }), "{verdict:?}");
                }
            }
        }
    }
}
