//! The tunnel interface of IIPtran (RFC 3884 sections 3.1 and 3.2).

use std::sync::Arc;

use iiptran::wire::{IpVersion, Protocol};
use iiptran::{DropReason, Verdict};
use iiptran_tests::lab::{Gateways, Lab, Side, hosts, ip};
use iiptran_tests::{Ip, header};

#[test]
fn iip_03_the_tunnel_is_a_full_interface() {
    is_a_full_interface("iiptran");
}

/// The virtual link is an interface in every respect.
pub(crate) fn is_a_full_interface(arrangement: &'static str) {
    let (mut a, mut b) = Gateways::new(arrangement).nodes();
    let link = a.link("link");
    // It has addresses, and they are this node's.
    let own = Ip::udp([ip("10.255.0.1"), ip("10.255.0.2")], b"neighbour").bytes();
    let wire = a.send("vn", &own).transmitted();
    let outcome = b.receive("wan", &wire);
    assert_eq!(
        outcome.verdict,
        Verdict::Deliver {
            link: b.link("link")
        }
    );
    assert_eq!(outcome.packet, own);
    // It carries multicast, as routing protocols send it.
    let hello = Ip::new([ip("10.255.0.1"), ip("224.0.0.5")], Protocol(89), b"hello").bytes();
    let wire = a.send_via("link", &hello).transmitted();
    let outcome = b.receive("wan", &wire);
    assert_eq!(
        outcome.verdict,
        Verdict::Deliver {
            link: b.link("link")
        }
    );
    assert_eq!(outcome.packet, hello);
    // It counts.
    let counters = |lab: &Lab, link| lab.node.counters().link(link).unwrap();
    assert_eq!(counters(&a, link).sent.packets, 2);
    assert_eq!(counters(&b, b.link("link")).received.packets, 2);
    assert_eq!(
        counters(&a, link).sent.bytes,
        (own.len() + hello.len()) as u64
    );
    // It has an MTU.
    let large = Ip {
        flags_and_offset: 0x4000,
        ..Ip::udp(hosts(IpVersion::V4), &[0; 1400])
    };
    assert_eq!(
        a.receive("lan", &large.bytes()).reason(),
        Some(DropReason::PacketTooBig)
    );
    // It goes down, and routing may lead elsewhere.
    a.node.set_link_up(link, false);
    let packet = Ip::udp(hosts(IpVersion::V4), b"down").bytes();
    assert_eq!(
        a.receive("lan", &packet).reason(),
        Some(DropReason::LinkDown)
    );
    let network = a.network("vn");
    let mut fib = iiptran::fib::Fib::clone(a.node.tables().network(network).unwrap().fib());
    fib.insert(iiptran::fib::Route {
        prefix: "10.2.0.0/16".parse().unwrap(),
        target: iiptran::fib::Target::Forward(
            iiptran::fib::Path {
                link: a.link("lan"),
                via: Some(ip("10.1.0.254")),
            }
            .into(),
        ),
        preferred_source: None,
        origin: iiptran::fib::Origin::Static,
        preference: 0,
    });
    let tables = a.node.tables().with_fib(network, Arc::new(fib));
    a.node.install(Arc::new(tables));
    let Verdict::Transmit { link, next_hop } = a.receive("lan", &packet).verdict else {
        panic!("not transmitted");
    };
    assert_eq!((link, next_hop), (a.link("lan"), ip("10.1.0.254")));
}

#[test]
fn iip_09_protection_changes_policy_and_nothing_else() {
    let (mut a, mut b) = Gateways::in_clear(IpVersion::V4).nodes();
    let packet = Ip::udp(hosts(IpVersion::V4), b"in clear").bytes();
    let wire = a.receive("lan", &packet).transmitted();
    assert_eq!(header(&wire).protocol, Protocol::IPV4);
    assert!(b.receive("wan", &wire).transmitted().ends_with(b"in clear"));

    // Protection is switched on while the nodes run: links, addresses and routes are what they were.
    for (lab, side) in [(&mut a, Side::A), (&mut b, Side::B)] {
        let config = Gateways::new("iiptran").document(side);
        let config = iiptran::config::NodeConfig::from_toml(&config).unwrap();
        let compiled = config.compile().unwrap();
        let vn = lab.network("vn");
        let routes = |tables: &iiptran::Tables| {
            tables
                .network(vn)
                .unwrap()
                .fib()
                .routes()
                .cloned()
                .collect::<Vec<_>>()
        };
        assert_eq!(routes(lab.node.tables()), routes(&compiled.tables));
        lab.node.install(Arc::new(compiled.tables));
        for (_, sa) in compiled.inbound {
            lab.node.insert_inbound_sa(sa).unwrap();
        }
    }
    let wire = a.receive("lan", &packet).transmitted();
    assert_eq!(header(&wire).protocol, Protocol::ESP);
    assert!(b.receive("wan", &wire).transmitted().ends_with(b"in clear"));
    assert_eq!(
        a.node.counters().link(a.link("link")).unwrap().sent.packets,
        2
    );
}

#[test]
fn iip_13_interfaces_may_share_a_local_outer_address() {
    let more = r#"
[[virtual-links]]
name = "second"
network = "vn"
local = "192.0.2.1"
remote = "192.0.2.3"
addresses = ["10.254.0.1/30"]

[[routes]]
network = "vn"
prefix = "10.3.0.0/16"
link = "second"
"#;
    let mut a = Gateways {
        more: more.into(),
        ..Gateways::new("iiptran")
    }
    .node(Side::A);
    let destination = |lab: &mut Lab, inner: &str| {
        let packet = Ip::udp([ip("10.1.0.5"), ip(inner)], b"").bytes();
        header(&lab.receive("lan", &packet).transmitted()).destination
    };
    assert_eq!(destination(&mut a, "10.2.0.1"), ip("192.0.2.2"));
    assert_eq!(destination(&mut a, "10.3.0.1"), ip("192.0.2.3"));
    assert_eq!(destination(&mut a, "10.254.0.2"), ip("192.0.2.3"));
    // The far end tells by which interface a packet comes in.
    let inner = Ip::udp([ip("10.3.0.9"), ip("10.254.0.1")], b"in").bytes();
    let wire = Ip::new([ip("192.0.2.3"), ip("192.0.2.1")], Protocol::IPV4, &inner).bytes();
    let outcome = a.receive("wan", &wire);
    assert_eq!(
        outcome.verdict,
        Verdict::Deliver {
            link: a.link("second")
        }
    );
}

#[test]
fn iip_14_nothing_leaves_in_clear() {
    let packet = Ip::udp(hosts(IpVersion::V4), b"secret").bytes();
    // There never was an SA.
    let document = Gateways::new("iiptran").document(Side::A);
    let without: Vec<&str> = document
        .lines()
        .filter(|line| !line.starts_with("outbound = "))
        .collect();
    let mut a = Lab::new(&without.join("\n"));
    let policy = a
        .node
        .tables()
        .network(a.network("base"))
        .unwrap()
        .spd()
        .find("link")
        .unwrap()
        .0;
    for _ in 0..3 {
        assert_eq!(
            a.receive("lan", &packet).reason(),
            Some(DropReason::NoOutboundSa)
        );
    }
    // Key management is asked, once.
    let event = a.node.poll_event();
    assert!(
        matches!(event, Some(iiptran::node::Event::Acquire { policy: p, .. }) if p == policy),
        "{event:?}"
    );
    assert_eq!(a.node.poll_event(), None);

    // The SA's lifetime ends while packets flow.
    let protection = "lifetime = { hard = { packets = 2 } }".to_string();
    let mut a = Gateways {
        protection,
        ..Gateways::new("iiptran")
    }
    .node(Side::A);
    let protocols: Vec<Option<Protocol>> = (0..5)
        .map(|_| a.receive("lan", &packet))
        .map(|outcome| {
            outcome
                .reason()
                .is_none()
                .then(|| header(&outcome.packet).protocol)
        })
        .collect();
    let esp = Some(Protocol::ESP);
    assert_eq!(protocols, [esp, esp, None, None, None]);
    assert_eq!(a.drops(DropReason::LifetimeExceeded), 3);
    assert_eq!(
        a.node.counters().link(a.link("wan")).unwrap().sent.packets,
        2
    );

    // The SA is taken away.
    let mut a = Gateways::new("iiptran").node(Side::A);
    let base = a.network("base");
    let tables = a.node.tables().clone();
    let (_, sa) = tables
        .network(base)
        .unwrap()
        .outbound()
        .iter()
        .next()
        .unwrap();
    a.node
        .install(Arc::new(tables.without_outbound_sa(base, sa)));
    assert_eq!(
        a.receive("lan", &packet).reason(),
        Some(DropReason::NoOutboundSa)
    );
}
