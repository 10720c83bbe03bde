//! Where key exchange meets IIPtran: RFC 3884 section 4.2.4.

mod setup;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use iiptran::config::NodeConfig;
use iiptran::negotiation::{
    Action, LinkSetup, Message, NegotiatedPair, NegotiationError, Role, Script, SetupFault,
    TrafficCheck, notify,
};
use iiptran::node::Event;
use iiptran::sa::{InsertCause, SaParameters};
use iiptran::spd::{AddressSet, NextLayer, PortSet, Selectors, Sides, UpperSelector};
use iiptran::transform::{Keys, Transform};
use iiptran::wire::{IpVersion, Protocol, Spi};
use iiptran::{DropReason, Instant, Mode, NetworkId, TunnelEnds, Verdict};
use iiptran_tests::lab::{Gateways, Lab, Side, hosts, ip};
use iiptran_tests::{Ip, header};

/// Gateways whose link is protected and has no SAs yet.
fn without_keys(arrangement: &'static str, side: Side) -> Lab {
    let document = Gateways::new(arrangement).document(side);
    let lines = document
        .lines()
        .filter(|line| !line.starts_with("outbound = ") && !line.starts_with("inbound = "));
    Lab::new(&lines.collect::<Vec<_>>().join("\n"))
}

fn both_without_keys(arrangements: [&'static str; 2]) -> (Lab, Lab) {
    let [a, b] = arrangements;
    (without_keys(a, Side::A), without_keys(b, Side::B))
}

fn keys(seed: u8) -> Keys {
    Keys {
        encryption: (&[seed; 20][..]).into(),
        ..Keys::default()
    }
}

fn gcm() -> Transform {
    Transform::from_names("aes-128-gcm-16", None).unwrap()
}

/// The two ends of the link, seen from this side.
fn ends(side: Side) -> TunnelEnds {
    let [a, b] = ["192.0.2.1", "192.0.2.2"].map(ip);
    match side {
        Side::A => TunnelEnds {
            local: a,
            remote: b,
        },
        Side::B => TunnelEnds {
            local: b,
            remote: a,
        },
    }
}

/// What the two gateways have negotiated in tunnel mode, seen from this side.
fn negotiated(network: NetworkId, side: Side, sets: &[Selectors]) -> NegotiatedPair {
    let sa = |spi, seed| SaParameters {
        network,
        selectors: sets.into(),
        ..SaParameters::new(Spi(spi), Mode::Tunnel(ends(side)), gcm(), keys(seed))
    };
    let (to_b, to_a) = (sa(0xa000, 1), sa(0xb000, 2));
    match side {
        Side::A => NegotiatedPair::new(to_b, to_a),
        Side::B => NegotiatedPair::new(to_a, to_b),
    }
    .unwrap()
}

fn between(side: Side, next_layer: NextLayer) -> Vec<Selectors> {
    let [near, far] = match side {
        Side::A => ["10.1.0.0", "10.2.0.0"],
        Side::B => ["10.2.0.0", "10.1.0.0"],
    };
    let network = |address| AddressSet::prefix(ip(address), 16).unwrap();
    vec![Selectors::new(network(near), network(far), next_layer).unwrap()]
}

/// UDP with this port on the side of B.
fn port_of_b(side: Side, port: u16) -> NextLayer {
    let mut sides = Sides {
        local: PortSet::Any,
        remote: PortSet::from(port),
    };
    if side == Side::B {
        sides = Sides {
            local: sides.remote,
            remote: sides.local,
        };
    }
    NextLayer::Protocol {
        protocol: Protocol::UDP,
        upper: UpperSelector::Ports(sides),
    }
}

fn install(
    lab: &mut Lab,
    side: Side,
    next_layer: NextLayer,
    check: TrafficCheck,
) -> Result<iiptran::negotiation::InstalledPair, NegotiationError> {
    let pair = negotiated(lab.network("vn"), side, &between(side, next_layer));
    lab.node.install_negotiated(pair, check)
}

/// A host behind A speaks to one behind B.
fn carry(a: &mut Lab, b: &mut Lab) -> Option<DropReason> {
    let there = a.receive("lan", &Ip::udp(hosts(IpVersion::V4), b"there").bytes());
    if let Some(reason) = there.reason() {
        return Some(reason);
    }
    assert_eq!(header(&there.packet).protocol, Protocol::ESP);
    b.receive("wan", &there.packet).reason()
}

#[test]
fn ike_01_manual_keys_do() {
    let (mut a, mut b) = Gateways::new("iiptran").nodes();
    assert_eq!(carry(&mut a, &mut b), None);
    assert_eq!((a.node.poll_event(), b.node.poll_event()), (None, None));
    // Without them key management is asked, and that is all.
    let (mut a, mut b) = both_without_keys(["iiptran"; 2]);
    assert_eq!(carry(&mut a, &mut b), Some(DropReason::NoOutboundSa));
    assert!(matches!(a.node.poll_event(), Some(Event::Acquire { .. })));
}

#[test]
fn ike_02_a_tunnel_mode_pair_is_installed_over_the_interface() {
    // Each knows the other's arrangement as little as any peer does.
    for arrangements in [
        ["iiptran", "tunnel-mode"],
        ["tunnel-mode", "iiptran"],
        ["iiptran", "iiptran"],
        ["tunnel-mode", "tunnel-mode"],
    ] {
        for check in [TrafficCheck::Inner, TrafficCheck::Outer] {
            let (mut a, mut b) = both_without_keys(arrangements);
            let one = install(&mut a, Side::A, NextLayer::Any, check).unwrap();
            let other = install(&mut b, Side::B, NextLayer::Any, check).unwrap();
            for (lab, pair, arrangement) in
                [(&a, &one, arrangements[0]), (&b, &other, arrangements[1])]
            {
                let over = (arrangement == "iiptran").then(|| lab.link("link"));
                assert_eq!(pair.link, over);
                let transport = pair.outbound.mode() == Mode::Transport;
                assert_eq!(transport, arrangement == "iiptran");
            }
            assert_eq!(carry(&mut a, &mut b), None, "{arrangements:?} {check:?}");
            let back = Ip::udp([ip("10.2.0.5"), ip("10.1.0.5")], b"back").bytes();
            let wire = b.receive("lan", &back).transmitted();
            assert!(a.receive("wan", &wire).transmitted().ends_with(b"back"));
        }
    }
    // Ports: not without a look at inner headers, and with one they hold. Packets go to port 7.
    let (mut a, mut b) = both_without_keys(["tunnel-mode", "iiptran"]);
    let refused = install(&mut b, Side::B, port_of_b(Side::B, 7), TrafficCheck::Outer);
    assert_eq!(refused.err(), Some(NegotiationError::TransportSelectors));
    assert!(b.node.sad(b.network("base")).unwrap().is_empty());
    install(&mut a, Side::A, NextLayer::Any, TrafficCheck::Inner).unwrap();
    install(&mut b, Side::B, port_of_b(Side::B, 7), TrafficCheck::Inner).unwrap();
    assert_eq!(carry(&mut a, &mut b), None);
    let (mut a, mut b) = both_without_keys(["tunnel-mode", "iiptran"]);
    install(&mut a, Side::A, NextLayer::Any, TrafficCheck::Inner).unwrap();
    install(&mut b, Side::B, port_of_b(Side::B, 8), TrafficCheck::Inner).unwrap();
    assert_eq!(carry(&mut a, &mut b), Some(DropReason::SelectorMismatch));
}

#[test]
fn ike_03_two_iiptran_peers_negotiate_transport_mode() {
    let (mut a, mut b) = both_without_keys(["iiptran"; 2]);
    for (lab, side) in [(&mut a, Side::A), (&mut b, Side::B)] {
        let ends = ends(side);
        let sets = Selectors::of_tunnel(ends).unwrap();
        // Outer addresses, protocols 4 and 41, and nothing else.
        let protocols = sets.each_ref().map(|set| set.next_layer().clone());
        assert_eq!(protocols, [Protocol::IPV4.into(), Protocol::IPV6.into()]);
        assert!(sets.iter().all(|set| set.are_of_tunnel(ends)));
        let base = lab.network("base");
        let sa = |spi, seed| SaParameters {
            network: base,
            selectors: Box::new(sets.clone()),
            ..SaParameters::new(Spi(spi), Mode::Transport, gcm(), keys(seed))
        };
        let [to_b, to_a] = [sa(0xa000, 1), sa(0xb000, 2)];
        let (outbound, inbound) = match side {
            Side::A => (to_b, to_a),
            Side::B => (to_a, to_b),
        };
        let pair = NegotiatedPair::new(outbound, inbound).unwrap();
        let installed = lab.node.install_negotiated(pair, TrafficCheck::default());
        assert_eq!(installed.unwrap().link, None);
    }
    assert_eq!(carry(&mut a, &mut b), None);
    assert!(b.node.trail().is_bound());
}

#[test]
fn ike_05_a_pair_comes_and_goes_as_one() {
    let (mut a, mut b) = both_without_keys(["iiptran"; 2]);
    let vn = a.network("vn");
    // Two SAs of different modes, ends or algorithms are no pair.
    let pair = negotiated(vn, Side::A, &[Selectors::ANY]);
    for change in [
        |sa: &mut SaParameters| sa.mode = Mode::Transport,
        |sa: &mut SaParameters| sa.mode = Mode::Tunnel(ends(Side::B)),
        |sa: &mut SaParameters| sa.extended_sequence = true,
        |sa: &mut SaParameters| sa.network = NetworkId::BASE,
    ] {
        let mut inbound = pair.inbound().clone();
        change(&mut inbound);
        let refused = NegotiatedPair::new(pair.outbound().clone(), inbound);
        assert_eq!(refused.err(), Some(NegotiationError::NotAPair));
    }

    let state = |lab: &Lab| {
        let base = lab.network("base");
        let outbound = lab
            .node
            .tables()
            .network(base)
            .unwrap()
            .outbound()
            .iter()
            .count();
        (outbound, lab.node.sad(base).unwrap().len())
    };
    assert_eq!(state(&a), (0, 0));
    let installed = install(&mut a, Side::A, NextLayer::Any, TrafficCheck::Inner).unwrap();
    install(&mut b, Side::B, NextLayer::Any, TrafficCheck::Inner).unwrap();
    assert_eq!(state(&a), (1, 1));
    assert_eq!(carry(&mut a, &mut b), None);

    // A pair that can't come whole does not come at all, and what is there works on.
    let before = Arc::clone(a.node.tables());
    let refused = install(&mut a, Side::A, NextLayer::Any, TrafficCheck::Inner);
    let duplicate = NegotiationError::Insert(InsertCause::DuplicateKey);
    assert_eq!(refused.err(), Some(duplicate));
    let no_link = negotiated(NetworkId::BASE, Side::A, &[Selectors::ANY]);
    let refused = a.node.install_negotiated(no_link, TrafficCheck::Inner);
    assert_eq!(refused.err(), Some(NegotiationError::NoLink));
    let weak = |sa: &SaParameters| SaParameters {
        window: None,
        ..sa.clone()
    };
    let weak = NegotiatedPair::new(weak(pair.outbound()), weak(pair.inbound())).unwrap();
    let refused = a.node.install_negotiated(weak, TrafficCheck::Inner);
    assert_eq!(refused.err(), Some(NegotiationError::TooWeak));
    let mut reserved = pair.outbound().clone();
    reserved.spi = Spi(7);
    let reserved = NegotiatedPair::new(reserved, pair.inbound().clone()).unwrap();
    let refused = a.node.install_negotiated(reserved, TrafficCheck::Inner);
    assert!(matches!(refused, Err(NegotiationError::Sa(_))));
    assert!(Arc::ptr_eq(&before, a.node.tables()));
    assert_eq!(state(&a), (1, 1));
    assert_eq!(carry(&mut a, &mut b), None);

    // It goes as one, once.
    a.node.remove_negotiated(&installed).unwrap();
    assert_eq!(state(&a), (0, 0));
    assert_eq!(carry(&mut a, &mut b), Some(DropReason::NoOutboundSa));
    let again = a.node.remove_negotiated(&installed);
    assert_eq!(again, Err(NegotiationError::NotInstalled));
    // If one half is gone already, the other stays.
    let installed = install(&mut a, Side::A, NextLayer::Any, TrafficCheck::Inner).unwrap();
    let sa = a
        .node
        .remove_inbound_sa(installed.arrival, &installed.inbound);
    assert!(sa.is_some());
    let refused = a.node.remove_negotiated(&installed);
    assert_eq!(refused, Err(NegotiationError::NotInstalled));
    assert_eq!(state(&a), (1, 0));
}

#[test]
fn ike_06_numbers_of_notify_messages() {
    // IANA, "IKEv2 Notify Message Error Types" and "Status Types".
    assert_eq!(notify::INVALID_SELECTORS, 39);
    assert_eq!(notify::USE_TRANSPORT_MODE, 16391);
    assert_eq!(notify::ESP_TFC_PADDING_NOT_SUPPORTED, 16394);
    assert_eq!(notify::NON_FIRST_FRAGMENTS_ALSO, 16395);
    assert_eq!(notify::USE_AGGFRAG, 16442);
}
