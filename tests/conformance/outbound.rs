//! Packets that leave across the IPsec boundary (RFC 4301 section 5.1).

use std::sync::Arc;

use iiptran::node::Event;
use iiptran::sa::{OutboundSa, SaParameters};
use iiptran::spd::Direction;
use iiptran::trace::{Stage, Step};
use iiptran::transform::{Keys, Transform};
use iiptran::wire::IpVersion::V4;
use iiptran::wire::{Flow, Protocol, Spi, Upper};
use iiptran::{DropReason, Mode, PacketBuffer, Trace, Verdict};
use iiptran_tests::lab::{Gateways, Lab, Side, hosts, ip};
use iiptran_tests::{Ip, NOW, header};

/// A host with a policy of each kind for peers of its own.
const HOST: &str = r#"
arrangement = "transport"
insecure-test-keys = true

[[links]]
name = "wan"
addresses = ["192.0.2.1/24"]

[[policies]]
name = "clear"
action = "bypass"
selectors = [{ remote = ["192.0.2.2"] }]

[[policies]]
name = "never"
action = "discard"
selectors = [{ remote = ["192.0.2.3"] }]

[[policies]]
name = "secret"
action = "protect"
selectors = [{ remote = ["192.0.2.4"] }]

[[policies]]
name = "waiting"
action = "protect"
selectors = [{ remote = ["192.0.2.5"] }]

[[policies]]
name = "waiting too"
action = "protect"
selectors = [{ remote = ["192.0.2.6"] }]

[[sas]]
direction = "outbound"
policy = "secret"
spi = 0x4000
transform = "aes-128-gcm-16"
key = "000102030405060708090a0b0c0d0e0f10111213"
"#;

fn to(last: u8) -> Vec<u8> {
    let peer = format!("192.0.2.{last}");
    Ip::udp([ip("192.0.2.1"), ip(&peer)], b"payload").bytes()
}

#[test]
fn out_01_what_policy_says() {
    use Stage::*;
    let mut host = Lab::new(HOST);
    let mut outcome = |last| host.send("base", &to(last));
    let bypass = outcome(2);
    assert_eq!(bypass.stages, [Arrive, Route, Policy, End]);
    assert_eq!(bypass.transmitted(), to(2));
    let discard = outcome(3);
    assert_eq!(discard.stages, [Arrive, Route, Policy, End]);
    assert_eq!(discard.reason(), Some(DropReason::PolicyDiscard));
    let protect = outcome(4);
    assert_eq!(protect.stages, [Arrive, Route, Policy, ChooseSa, Seal, End]);
    let wire = protect.transmitted();
    assert_eq!(header(&wire).protocol, Protocol::ESP);
    assert_eq!(wire[20..24], [0, 0, 0x40, 0]);
    let no_sa = outcome(5);
    assert_eq!(no_sa.stages, [Arrive, Route, Policy, ChooseSa, End]);
    assert_eq!(no_sa.reason(), Some(DropReason::NoOutboundSa));
    assert_eq!(no_sa.packet, to(5));
    let no_policy = outcome(7);
    assert_eq!(no_policy.reason(), Some(DropReason::NoPolicy));
    // Only where an SA was missing is one asked for.
    assert!(matches!(
        host.node.poll_event(),
        Some(Event::Acquire { .. })
    ));
    assert_eq!(host.node.poll_event(), None);
}

#[test]
fn out_02_key_management_is_asked_once() {
    let mut host = Lab::new(HOST);
    let base = host.network("base");
    for _ in 0..5 {
        for last in [5, 6] {
            let outcome = host.send("base", &to(last));
            assert_eq!(outcome.reason(), Some(DropReason::NoOutboundSa));
        }
    }
    assert_eq!(host.drops(DropReason::NoOutboundSa), 10);
    for (name, last) in [("waiting", 5), ("waiting too", 6)] {
        let spd = host.node.tables().network(base).unwrap().spd().clone();
        let acquire = Event::Acquire {
            network: base,
            policy: spd.find(name).unwrap().0,
            flow: Flow::of(&to(last), &header(&to(last))),
            worker: None,
        };
        assert_eq!(host.node.poll_event(), Some(acquire));
    }
    assert_eq!(host.node.poll_event(), None);
    // The answer.
    let transform = Transform::from_names("aes-128-gcm-16", None).unwrap();
    let keys = Keys {
        encryption: [3; 20][..].into(),
        ..Keys::default()
    };
    let sa = SaParameters::new(Spi(0x5000), Mode::Transport, transform, keys);
    let sa = Arc::new(OutboundSa::new(sa).unwrap());
    let tables = host.node.tables().clone();
    let (waiting, _) = tables.network(base).unwrap().spd().find("waiting").unwrap();
    let tables = tables.with_outbound_sa(base, waiting, sa);
    host.node.install(Arc::new(tables));
    let wire = host.send("base", &to(5)).transmitted();
    assert_eq!(wire[20..24], [0, 0, 0x50, 0]);
    assert_eq!(host.node.poll_event(), None);
}

/// A policy of the virtual network, whose tunnel interface is on the far side of its boundary.
fn policy(applies: &str, action: &str) -> String {
    format!(
        "[[policies]]\nname = \"{applies}\"\nnetwork = \"vn\"\naction = \"{action}\"\napplies = \"{applies}\"\n"
    )
}

#[test]
fn out_03_each_boundary_has_its_policy() {
    let packet = Ip::udp(hosts(V4), b"payload").bytes();
    let gateways = |more: &str| {
        Gateways::new("iiptran")
            .link("side = \"unprotected\"")
            .more(more)
    };
    let reason = |more: &str| {
        gateways(more)
            .node(Side::A)
            .receive("lan", &packet)
            .reason()
    };
    // Out: the virtual network's SPD, and after encapsulation the base network's.
    assert_eq!(reason(""), Some(DropReason::NoPolicy));
    assert_eq!(
        reason(&policy("outbound", "discard")),
        Some(DropReason::PolicyDiscard)
    );
    let outcome = gateways(&policy("outbound", "bypass"))
        .node(Side::A)
        .receive("lan", &packet);
    use Stage::*;
    assert_eq!(
        outcome.stages[1..8],
        [Hop, Route, Policy, Encapsulate, Policy, ChooseSa, Seal]
    );
    let wire = outcome.transmitted();
    // In: what ESP and the tunnel let pass is in clear for the virtual network's boundary.
    for (more, reason) in [
        (String::new(), Some(DropReason::NoPolicy)),
        (policy("outbound", "bypass"), Some(DropReason::NoPolicy)),
        (
            policy("inbound", "discard"),
            Some(DropReason::PolicyDiscard),
        ),
        (
            policy("both", "protect").replace("applies = \"both\"\n", ""),
            Some(DropReason::Unprotected),
        ),
        (policy("inbound", "bypass"), None),
    ] {
        let document = gateways(&more).document(Side::B);
        let outcome = Lab::new(&document).receive("wan", &wire);
        assert_eq!(outcome.reason(), reason, "{more}");
        assert_eq!(outcome.trail.len(), 2);
    }
}

#[test]
fn out_05_tunnel_mode_carries_fragments() {
    let (mut a, mut b) = Gateways::new("tunnel-mode").nodes();
    let datagram = Ip {
        identification: 0x1234,
        ..Ip::udp(hosts(V4), &[7; 256])
    };
    for fragment in crate::fragments::halves(&datagram.bytes()) {
        let wire = a.receive("lan", &fragment).transmitted();
        assert_eq!(header(&wire).fragment, None, "each in a packet of its own");
        let arrived = b.receive("wan", &wire).transmitted();
        assert_eq!(arrived[20..], fragment[20..]);
        assert_eq!(arrived[4..8], fragment[4..8]);
        assert_eq!(arrived.len(), fragment.len());
    }
    // Transport mode does not (RFC 4303 section 3.3.4).
    let fragment = Ip {
        flags_and_offset: 0x2000,
        ..Ip::udp([ip("192.0.2.1"), ip("192.0.2.4")], &[7; 64])
    };
    let outcome = Lab::new(HOST).send("base", &fragment.bytes());
    assert_eq!(outcome.reason(), Some(DropReason::FragmentOffered));
}

/// What an audit log would have of a packet.
#[derive(Default)]
struct Audit {
    policy: Option<(Direction, Flow)>,
    end: Option<(Verdict, Vec<u8>)>,
}

impl Trace for Audit {
    fn step(&mut self, step: &Step<'_>) {
        match *step {
            Step::Policy {
                direction, flow, ..
            } => self.policy = Some((direction, *flow)),
            Step::End {
                verdict, packet, ..
            } => self.end = Some((verdict, packet.to_vec())),
            _ => {}
        }
    }
}

#[test]
fn out_06_a_discarded_packet_is_recorded() {
    let mut host = Lab::new(HOST);
    let base = host.network("base");
    for (last, reason) in [
        (3, DropReason::PolicyDiscard),
        (5, DropReason::NoOutboundSa),
        (7, DropReason::NoPolicy),
    ] {
        let mut audit = Audit::default();
        let mut buffer = PacketBuffer::new(&to(last));
        let verdict = buffer.process(|packet| host.node.send(NOW, base, packet, &mut audit));
        assert_eq!(verdict, Verdict::Drop(reason));
        assert_eq!(host.drops(reason), 1);
        assert_eq!(audit.end, Some((verdict, to(last))));
        let (direction, flow) = audit.policy.unwrap();
        assert_eq!(direction, Direction::Outbound);
        assert_eq!(flow.source, ip("192.0.2.1"));
        assert_eq!(flow.destination, ip(&format!("192.0.2.{last}")));
        assert_eq!(flow.protocol, Protocol::UDP);
        let ports = Upper::Ports {
            source: 12345,
            destination: 7,
        };
        assert_eq!(flow.upper, ports);
        // In words, with the clause that asks for it.
        assert!(!reason.explanation().clause.is_empty());
    }
    assert_eq!(host.node.counters().all_drops(), 3);
}
