//! The claim of RFC 3884 section 3.1, for any packet: the wire does not show which arrangement sent it.

use iiptran::wire::{self, IpVersion, Protocol};
use iiptran_tests::Ip;
use iiptran_tests::lab::{Gateways, Lab, Outcome, Side, hosts};
use proptest::prelude::*;
use proptest::sample::select;

use iiptran::transform::Transform;

/// All that put packets into tunnels.
const ARRANGEMENTS: [&str; 6] = [
    "tunnel-mode",
    "iiptran",
    "interface-sa",
    "initial-lookup-a",
    "initial-lookup-b",
    "integrated",
];

fn family() -> impl Strategy<Value = IpVersion> {
    select(vec![IpVersion::V4, IpVersion::V6])
}

prop_compose! {
    /// A packet from a host behind A to one behind B. It has no encapsulation limit, of which RFC 2473
    /// speaks and RFC 4301 does not.
    fn inner()(
        family in family(),
        traffic_class in any::<u8>(),
        ttl in any::<u8>(),
        identification in any::<u16>(),
        dont_fragment in any::<bool>(),
        flow_label in any::<u32>(),
        protocol in select(&[1, 4, 6, 17, 41, 47, 58, 132, 253]).prop_map(Protocol),
        payload in proptest::collection::vec(any::<u8>(), 0..1300),
    ) -> Ip {
        Ip {
            traffic_class,
            ttl,
            identification,
            flags_and_offset: u16::from(dont_fragment) << 14,
            flow_label,
            ..Ip::new(hosts(family), protocol, &payload)
        }
    }
}

/// The field that RFC 2003 fills by the packets of a tunnel, and tunnel mode by those of an SA.
const ALIKE: &str = "outer = { preset = \"tunnel-mode\", identification = \"zero-if-atomic\" }";

prop_compose! {
    fn link()(
        outer in family(),
        transform in select(Transform::all().collect::<Vec<_>>()),
        extended in any::<bool>(),
    ) -> Gateways {
        Gateways {
            outer,
            transform: Some(transform),
            extended,
            link: ALIKE.into(),
            ..Gateways::new("")
        }
    }
}

fn all(link: &Gateways, side: Side) -> [Lab; ARRANGEMENTS.len()] {
    ARRANGEMENTS.map(|arrangement| {
        Gateways {
            arrangement,
            ..link.clone()
        }
        .node(side)
    })
}

/// What each of the nodes makes of a packet; all of them must make the same of it.
fn same(nodes: &mut [Lab], link: &str, packet: &[u8]) -> Result<Outcome, TestCaseError> {
    let mut outcomes = nodes.iter_mut().map(|node| node.receive(link, packet));
    let first = outcomes.next().unwrap();
    for (other, arrangement) in outcomes.zip(&ARRANGEMENTS[1..]) {
        prop_assert_eq!(first.reason(), other.reason(), "{}", arrangement);
        prop_assert_eq!(&first.packet, &other.packet, "{}", arrangement);
    }
    Ok(first)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn iip_04_05_no_packet_tells_the_arrangement(
        link in link(),
        packets in proptest::collection::vec(inner(), 1..5),
    ) {
        let (mut senders, mut receivers) = (all(&link, Side::A), all(&link, Side::B));
        for packet in packets {
            let sent = same(&mut senders, "lan", &packet.bytes())?;
            if sent.reason().is_some() {
                prop_assert!(packet.ttl < 2, "{:?}", sent.reason());
                continue;
            }
            // As all wires are one, each receiver has now understood each sender.
            let received = same(&mut receivers, "wan", &sent.packet)?;
            if packet.ttl == 2 {
                prop_assert!(received.reason().is_some());
                continue;
            }
            // What arrives is what a router would have passed on, and another behind it.
            let mut expected = packet.bytes();
            wire::decrement_ttl(&mut expected).unwrap();
            wire::decrement_ttl(&mut expected).unwrap();
            prop_assert_eq!(received.transmitted(), expected);
        }
    }
}
