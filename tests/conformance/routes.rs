//! Forwarding: RFC 1812 section 5.2.4, RFC 2991, RFC 2992.

use std::collections::{BTreeMap, BTreeSet};

use iiptran::wire::IpVersion;
use iiptran::{DropReason, LinkId, Verdict};
use iiptran_tests::Ip;
use iiptran_tests::lab::{Gateways, Lab, Outcome, Side, ip};

/// A router with three links, all on its own side of the boundary, so that no policy is in the way.
const ROUTER: &str = r#"
arrangement = "transport"
networks = [{ name = "one" }, { name = "two" }]
links = [
    { name = "a", network = "one", side = "protected", addresses = ["192.0.2.1/26", "2001:db8:a::1/64"] },
    { name = "b", network = "one", side = "protected", addresses = ["192.0.2.65/26", "2001:db8:b::1/64"] },
    { name = "c", network = "two", side = "protected", addresses = ["192.0.2.1/26"] },
]
"#;

/// Where a router with these routes sends a packet for `destination`.
fn way(router: &mut Lab, destination: &str) -> Result<(String, String), DropReason> {
    let source = if destination.contains(':') {
        "2001:db8:a::9"
    } else {
        "192.0.2.9"
    };
    let packet = Ip::udp([source, destination].map(ip), b"").bytes();
    to(router.receive("a", &packet), router)
}

fn to(outcome: Outcome, router: &Lab) -> Result<(String, String), DropReason> {
    match outcome.verdict {
        Verdict::Transmit { link, next_hop } => {
            let link = router.node.tables().link(link).unwrap();
            Ok((link.name.clone(), next_hop.to_string()))
        }
        other => Err(other.drop_reason().unwrap()),
    }
}

#[test]
fn rte_01_longest_prefix_preference_and_routes_that_discard() {
    let routes = r#"
routes = [
    { network = "one", prefix = "0.0.0.0/0", link = "a", via = "192.0.2.2" },
    { network = "one", prefix = "10.0.0.0/8", link = "b", via = "192.0.2.66" },
    { network = "one", prefix = "10.1.0.0/16", link = "a", via = "192.0.2.3" },
    { network = "one", prefix = "10.1.2.0/24", action = "blackhole" },
    { network = "one", prefix = "10.1.3.0/24", action = "unreachable" },
    { network = "one", prefix = "10.1.4.0/24", action = "prohibit" },
    { network = "one", prefix = "10.1.4.7/32", link = "b", via = "192.0.2.67" },
    { network = "one", prefix = "2001:db8:f::/48", link = "b", via = "2001:db8:b::2" },
    { network = "two", prefix = "10.1.0.0/16", link = "c", via = "192.0.2.4" },
]
"#;
    let mut router = Lab::new(&[routes, ROUTER].concat());
    let by = |link: &str, via: &str| Ok((link.to_string(), via.to_string()));
    for (destination, expected) in [
        ("203.0.113.1", by("a", "192.0.2.2")),
        ("10.255.255.255", by("b", "192.0.2.66")),
        ("10.1.0.1", by("a", "192.0.2.3")),
        ("10.1.255.255", by("a", "192.0.2.3")),
        ("10.2.0.0", by("b", "192.0.2.66")),
        ("10.1.2.3", Err(DropReason::Blackhole)),
        ("10.1.3.3", Err(DropReason::Unreachable)),
        ("10.1.4.3", Err(DropReason::Prohibited)),
        ("10.1.4.7", by("b", "192.0.2.67")),
        // What is on the link itself.
        ("192.0.2.77", by("b", "192.0.2.77")),
        ("2001:db8:b::7", by("b", "2001:db8:b::7")),
        ("2001:db8:f:1::7", by("b", "2001:db8:b::2")),
        ("2001:db8:e::7", Err(DropReason::NoRoute)),
    ] {
        assert_eq!(way(&mut router, destination), expected, "{destination}");
    }
    // The other network has tables of its own.
    let packet = Ip::udp(["192.0.2.9", "10.1.2.3"].map(ip), b"").bytes();
    let outcome = router.receive("c", &packet);
    assert_eq!(to(outcome, &router), by("c", "192.0.2.4"));
    let packet = Ip::udp(["192.0.2.9", "203.0.113.1"].map(ip), b"").bytes();
    let outcome = router.receive("c", &packet);
    assert_eq!(to(outcome, &router), Err(DropReason::NoRoute));
}

#[test]
fn rte_01_the_lowest_preference_wins() {
    use iiptran::fib::{Fib, Origin, Path, Route, Target};
    let route = |link, origin, preference| Route {
        prefix: "10.0.0.0/8".parse().unwrap(),
        target: Target::Forward(
            Path {
                link: LinkId(link),
                via: None,
            }
            .into(),
        ),
        preferred_source: None,
        origin,
        preference,
    };
    let mut fib = Fib::default();
    let chosen = |fib: &Fib| {
        let route = fib.lookup(ip("10.1.2.3")).unwrap();
        route.choose(0, |_| true).unwrap().link.0
    };
    fib.insert(route(1, Origin::Static, 20));
    assert_eq!(chosen(&fib), 1);
    fib.insert(route(2, Origin::Dynamic, 10));
    assert_eq!(chosen(&fib), 2);
    // Of equal ones a link's own prefix is before the static route, and that before the learnt one.
    fib.insert(route(2, Origin::Dynamic, 20));
    assert_eq!(chosen(&fib), 1);
    fib.insert(route(3, Origin::Connected, 20));
    assert_eq!(chosen(&fib), 3);
}

/// Which link each of many flows takes out of a router.
fn flows(router: &mut Lab, arrival: &str) -> BTreeMap<u16, LinkId> {
    (0..256_u16)
        .map(|port| {
            let [high, low] = port.to_be_bytes();
            let datagram = [high, low, 0, 53, 0, 8, 0, 0];
            let ends = ["10.1.0.5", "10.2.0.5"].map(ip);
            let packet = Ip::new(ends, iiptran::wire::Protocol::UDP, &datagram).bytes();
            let outcome = router.receive(arrival, &packet);
            let Verdict::Transmit { link, .. } = outcome.verdict else {
                panic!("{outcome:?}");
            };
            (port, link)
        })
        .collect()
}

#[test]
fn rte_02_equal_paths_share_flows() {
    let mut router = Lab::new(
        r#"
arrangement = "transport"
links = [
    { name = "in", side = "protected", addresses = ["10.1.0.1/16"] },
    { name = "a", side = "protected", addresses = ["192.0.2.1/30"] },
    { name = "b", side = "protected", addresses = ["192.0.2.5/30"] },
    { name = "c", side = "protected", addresses = ["192.0.2.9/30"] },
]
[[routes]]
prefix = "10.2.0.0/16"
paths = [
    { link = "a", via = "192.0.2.2" },
    { link = "b", via = "192.0.2.6" },
    { link = "c", via = "192.0.2.10" },
]
"#,
    );
    let before = flows(&mut router, "in");
    // Every path has its share, and a flow stays on its own.
    for name in ["a", "b", "c"] {
        let link = router.link(name);
        let share = before.values().filter(|&&taken| taken == link).count();
        assert!(share > 256 / 6, "{share} of 256 by {name}");
    }
    assert_eq!(flows(&mut router, "in"), before);
    // A path that goes takes its own flows with it and moves no other; back again, all is as before.
    let gone = router.link("b");
    router.node.set_link_up(gone, false);
    let after = flows(&mut router, "in");
    for (port, link) in &before {
        if *link == gone {
            assert_ne!(after[port], gone);
        } else {
            assert_eq!(after[port], *link);
        }
    }
    router.node.set_link_up(gone, true);
    assert_eq!(flows(&mut router, "in"), before);
    // All fragments of a datagram go one way, though only the first shows its ports.
    for identification in 0..64 {
        let links: BTreeSet<_> = [(0x2000, 16), (2, 16), (4, 8)]
            .map(|(flags_and_offset, length)| Ip {
                identification,
                flags_and_offset,
                ..Ip::new(
                    [ip("10.1.0.5"), ip("10.2.0.5")],
                    iiptran::wire::Protocol::UDP,
                    &vec![identification as u8; length],
                )
            })
            .into_iter()
            .map(|fragment| way_of(router.receive("in", &fragment.bytes())))
            .collect();
        assert_eq!(links.len(), 1);
    }
}

fn way_of(outcome: Outcome) -> LinkId {
    match outcome.verdict {
        Verdict::Transmit { link, .. } => link,
        other => panic!("{other:?}"),
    }
}

#[test]
fn rte_02_the_base_network_sees_one_flow_for_each_tunnel() {
    // The far end is two equal ways away; what is inside the tunnel does not spread over them.
    for outer in [IpVersion::V4, IpVersion::V6] {
        let more = r#"
[[links]]
name = "other"
addresses = ["198.51.100.1/24", "2001:db8:1::1/64"]

[[routes]]
prefix = "192.0.2.2/32"
paths = [{ link = "wan" }, { link = "other", via = "198.51.100.254" }]

[[routes]]
prefix = "2001:db8::2/128"
paths = [{ link = "wan" }, { link = "other", via = "2001:db8:1::fe" }]
"#;
        let gateways = Gateways {
            outer,
            more: more.into(),
            ..Gateways::new("iiptran")
        };
        let mut a = gateways.node(Side::A);
        let taken: BTreeSet<LinkId> = flows(&mut a, "lan").into_values().collect();
        assert_eq!(taken.len(), 1);
    }
}
