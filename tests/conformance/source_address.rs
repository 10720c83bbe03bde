//! Source address selection, and what tunnel mode does to it (RFC 3884 sections 2.4 and 3.3,
//! RFC 6724).

mod rules;

use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

use iiptran::fib::{Fib, Origin, Path, Prefix, Route, Target};
use iiptran::source_address::{
    AddressAttributes, Candidate, PolicyTable, Source, SourceRule, choose_v6,
};
use iiptran::wire::Protocol;
use iiptran::{DropReason, Verdict};
use iiptran_tests::lab::{Lab, ip};
use iiptran_tests::{Ip, header};

/// Y, a host of the virtual network, far away.
const Y: &str = "10.2.0.5";

/// X of RFC 3884's figures: a host with a virtual link to the router A. `traffic` is what a tunnel-mode
/// policy would name.
fn x(arrangement: &str, traffic: &str, more: &str) -> Lab {
    Lab::new(&format!(
        r#"
arrangement = "{arrangement}"
insecure-test-keys = true

[[links]]
name = "wan"
addresses = ["192.0.2.1/24"]

[[virtual-links]]
name = "link1"
local = "192.0.2.1"
remote = "192.0.2.2"
addresses = ["10.0.1.1/30"]
{traffic}
protection.transform = "aes-128-gcm-16"
protection.outbound = {{ spi = 0x1001, key = "000102030405060708090a0b0c0d0e0f10111213" }}

[[routes]]
prefix = "10.0.0.0/8"
link = "link1"

[[routes]]
prefix = "0.0.0.0/0"
link = "wan"
via = "192.0.2.254"
{more}
"#
    ))
}

fn source(lab: &Lab, network: &str, destination: &str) -> Result<Source, DropReason> {
    lab.node
        .select_source(lab.network(network), ip(destination))
}

/// The address, and the name of the rule that gave it.
fn chosen(lab: &Lab, network: &str, destination: &str) -> (IpAddr, SourceRule) {
    let source = source(lab, network, destination).unwrap();
    (source.address, source.rule)
}

#[test]
fn prb_04_tunnel_mode_gives_a_source_of_the_base_network() {
    // The same document with one word changed.
    assert_eq!(
        chosen(&x("iiptran", "", ""), "base", Y),
        (ip("10.0.1.1"), SourceRule::Route)
    );
    assert_eq!(
        chosen(&x("tunnel-mode", "", ""), "base", Y),
        (ip("192.0.2.1"), SourceRule::DefaultGateway)
    );
    // The same with the virtual network as a network of its own: it has no interface to ask.
    let apart = |arrangement| {
        Lab::new(&format!(
            r#"
arrangement = "{arrangement}"
networks = [{{ name = "base" }}, {{ name = "vn" }}]
routes = [
    {{ network = "vn", prefix = "10.0.0.0/8", link = "link1" }},
    {{ prefix = "0.0.0.0/0", link = "wan", via = "192.0.2.254" }},
]
links = [{{ name = "wan", addresses = ["192.0.2.1/24"] }}]

[[virtual-links]]
name = "link1"
network = "vn"
local = "192.0.2.1"
remote = "192.0.2.2"
addresses = ["10.0.1.1/30"]
protection.transform = "aes-128-gcm-16"
"#
        ))
    };
    let lab = apart("iiptran");
    let found = source(&lab, "vn", Y).unwrap();
    assert_eq!(
        (found.address, found.network, found.link),
        (ip("10.0.1.1"), lab.network("vn"), lab.link("link1"))
    );
    let lab = apart("tunnel-mode");
    let found = source(&lab, "vn", Y).unwrap();
    assert_eq!(
        (found.address, found.network, found.link),
        (ip("192.0.2.1"), lab.network("base"), lab.link("wan"))
    );
}

#[test]
fn prb_05_without_wildcards_the_packet_is_dropped_or_leaks() {
    let traffic = "traffic = [{ local = [\"10.0.1.1\"], remote = [\"10.0.0.0/8\"] }]";
    let packet = |lab: &Lab| Ip::udp([chosen(lab, "base", Y).0, ip(Y)], b"secret").bytes();
    let mut lab = x("tunnel-mode", traffic, "");
    let outcome = lab.send("base", &packet(&lab));
    assert_eq!(outcome.reason(), Some(DropReason::NoPolicy));
    // With a policy for everything else it leaves, and anybody may read it.
    let bypass = "[[policies]]\nname = \"rest\"\naction = \"bypass\"\n";
    let mut lab = x("tunnel-mode", traffic, bypass);
    let wire = lab.send("base", &packet(&lab)).transmitted();
    assert!(header(&wire).protocol == Protocol::UDP && wire.ends_with(b"secret"));
    // IIPtran protects it under the very same document.
    let mut lab = x("iiptran", traffic, bypass);
    let wire = lab.send("base", &packet(&lab)).transmitted();
    assert_eq!(header(&wire).protocol, Protocol::ESP);
}

#[test]
fn prb_06_with_wildcards_the_answer_does_not_come_back() {
    // A, a router of the virtual network.
    let a = || {
        Lab::new(
            r#"
arrangement = "iiptran"
insecure-test-keys = true
networks = [{ name = "base" }, { name = "vn" }]
links = [
    { name = "wan", addresses = ["192.0.2.2/24"] },
    { name = "lan", network = "vn", side = "protected", addresses = ["10.2.0.1/16"] },
]

[[virtual-links]]
name = "link1"
network = "vn"
local = "192.0.2.2"
remote = "192.0.2.1"
addresses = ["10.0.1.2/30"]
protection.transform = "aes-128-gcm-16"
protection.outbound = { spi = 0x1002, key = "000102030405060708090a0b0c0d0e0f10111213" }
protection.inbound = { spi = 0x1001, key = "000102030405060708090a0b0c0d0e0f10111213" }
"#,
        )
    };
    let answer = |arrangement| {
        let (mut x, mut a) = (x(arrangement, "", ""), a());
        let from = chosen(&x, "base", Y).0;
        let wire = x.send("base", &Ip::udp([from, ip(Y)], b"ask").bytes());
        let arrived = a.receive("wan", &wire.transmitted()).transmitted();
        assert_eq!(header(&arrived).source, from);
        a.receive("lan", &Ip::udp([ip(Y), from], b"answer").bytes())
    };
    let back = answer("iiptran");
    assert_eq!(header(&back.transmitted()).protocol, Protocol::ESP);
    // Tunnel mode carried the question, and nothing of the virtual network leads to where it came from.
    assert_eq!(answer("tunnel-mode").reason(), Some(DropReason::NoRoute));
}

/// A of RFC 3884's figures: a router with two ways to Y, link 3 by B and link 4 by C.
fn multihomed() -> Lab {
    let link = |number: u8| {
        format!(
            "[[virtual-links]]\nname = \"link{number}\"\nnetwork = \"vn\"\nlocal = \"192.0.2.1\"\n\
             remote = \"192.0.2.{number}\"\naddresses = [\"10.0.{number}.1/30\"]\n"
        )
    };
    Lab::new(&format!(
        "arrangement = \"iiptran\"\nnetworks = [{{ name = \"base\" }}, {{ name = \"vn\" }}]\n\
         links = [{{ name = \"wan\", addresses = [\"192.0.2.1/24\"] }}]\n\
         routes = [{{ network = \"vn\", prefix = \"10.2.0.0/16\", link = \"link3\" }}]\n{}{}",
        link(3),
        link(4),
    ))
}

/// Routing finds another way: by `link`.
fn reroute(lab: &mut Lab, link: &str, preferred_source: Option<IpAddr>) {
    let (network, link) = (lab.network("vn"), lab.link(link));
    let mut fib = Fib::clone(lab.node.tables().network(network).unwrap().fib());
    fib.insert(Route {
        prefix: "10.2.0.0/16".parse().unwrap(),
        target: Target::Forward(Path { link, via: None }.into()),
        preferred_source,
        origin: Origin::Static,
        preference: 0,
    });
    let tables = lab.node.tables().with_fib(network, Arc::new(fib));
    lab.node.install(Arc::new(tables));
}

#[test]
fn prb_07_the_source_is_that_of_the_virtual_link() {
    let mut a = multihomed();
    assert_eq!(chosen(&a, "vn", Y).0, ip("10.0.3.1"));
    reroute(&mut a, "link4", None);
    assert_eq!(chosen(&a, "vn", Y).0, ip("10.0.4.1"));
}

#[test]
fn sas_01_the_route_comes_first() {
    let mut a = multihomed();
    // The neighbour's own prefix, and this node itself.
    assert_eq!(
        chosen(&a, "vn", "10.0.4.2"),
        (ip("10.0.4.1"), SourceRule::Connected)
    );
    assert_eq!(
        chosen(&a, "vn", "10.0.4.1"),
        (ip("10.0.4.1"), SourceRule::SameAddress)
    );
    // No route, no source; and a link that is down sends nothing.
    assert_eq!(source(&a, "vn", "10.9.0.1"), Err(DropReason::NoRoute));
    assert_eq!(source(&a, "vn", "fd00::1"), Err(DropReason::NoRoute));
    let link = a.link("link3");
    a.node.set_link_up(link, false);
    assert_eq!(source(&a, "vn", Y), Err(DropReason::LinkDown));
    // Out of a certain link, as routing protocols speak.
    let group = ip("224.0.0.5");
    let via = a.node.select_source_via(link, group).unwrap();
    assert_eq!((via.address, via.link), (ip("10.0.3.1"), link));
    // The source that was chosen is the source on the wire: the packet is one of the virtual network.
    a.node.set_link_up(link, true);
    let own = Ip::udp([chosen(&a, "vn", Y).0, ip(Y)], b"whole way").bytes();
    let wire = a.send("vn", &own).transmitted();
    assert_eq!(header(&wire).payload(&wire)[12..16], [10, 0, 3, 1]);
}

#[test]
fn sas_02_ipv4_asks_interface_route_and_default_gateway() {
    let lab = Lab::new(
        r#"
arrangement = "iiptran"
routes = [
    { prefix = "198.51.100.0/24", link = "one", via = "192.0.2.254" },
    { prefix = "203.0.113.0/24", link = "one", via = "10.7.0.254" },
    { prefix = "203.0.113.128/25", link = "one", via = "192.0.2.254", source = "10.7.0.1" },
    { prefix = "203.0.113.192/26", link = "one", via = "192.0.2.254", source = "10.99.0.1" },
    { prefix = "0.0.0.0/0", link = "two", via = "10.8.0.254" },
    { prefix = "172.16.0.0/12", action = "prohibit" },
    { prefix = "172.31.0.0/16", link = "bare" },
    { prefix = "2001:db8:5::/48", link = "one" },
]

[[links]]
name = "one"
addresses = ["192.0.2.1/24", "10.7.0.1/16"]

[[links]]
name = "two"
addresses = ["10.8.0.1/16"]

[[links]]
name = "bare"
"#,
    );
    let table = [
        ("192.0.2.77", "192.0.2.1", SourceRule::Connected),
        ("10.7.1.1", "10.7.0.1", SourceRule::Connected),
        ("198.51.100.1", "192.0.2.1", SourceRule::Route),
        // The router knows the way back to an address of the network that it is in.
        ("203.0.113.1", "10.7.0.1", SourceRule::Route),
        ("203.0.113.129", "10.7.0.1", SourceRule::PreferredSource),
        // A preferred source that is nobody's is none.
        ("203.0.113.193", "192.0.2.1", SourceRule::Route),
        ("8.8.8.8", "10.8.0.1", SourceRule::DefaultGateway),
        ("172.31.0.1", "192.0.2.1", SourceRule::Unnumbered),
    ];
    for (destination, address, rule) in table {
        assert_eq!(
            chosen(&lab, "base", destination),
            (ip(address), rule),
            "{destination}"
        );
    }
    assert_eq!(
        source(&lab, "base", "172.16.0.1"),
        Err(DropReason::Prohibited)
    );
    assert_eq!(
        source(&lab, "base", "2001:db8:5::1"),
        Err(DropReason::NoSourceAddress)
    );
}

#[test]
fn sas_05_a_bound_source_of_another_network_is_refused() {
    let document = |foreign: &str| {
        format!(
            r#"
arrangement = "iiptran"
networks = [{{ name = "base" }}, {{ name = "vn", source-addresses = {{ foreign = "{foreign}" }} }}]
links = [{{ name = "wan", addresses = ["192.0.2.1/24"] }}]

[[virtual-links]]
name = "link1"
network = "vn"
local = "192.0.2.1"
remote = "192.0.2.2"
addresses = ["10.0.1.1/30"]
"#
        )
    };
    let mut lab = Lab::new(&document("reject"));
    let vn = lab.network("vn");
    let bound = lab.node.bind_source(vn, ip("10.0.1.1")).unwrap();
    assert_eq!(
        (bound.link, bound.rule),
        (lab.link("link1"), SourceRule::Bound)
    );
    for foreign in ["192.0.2.1", "10.0.1.2"] {
        let refused = lab.node.bind_source(vn, ip(foreign));
        assert_eq!(refused, Err(DropReason::ForeignSource));
    }
    assert_eq!(lab.drops(DropReason::ForeignSource), 2);
    // Told to send, it does; but only what is this node's at all.
    let mut lab = Lab::new(&document("send"));
    let bound = lab.node.bind_source(vn, ip("192.0.2.1")).unwrap();
    assert_eq!(
        (bound.network, bound.rule),
        (lab.network("base"), SourceRule::Bound)
    );
    assert!(lab.node.bind_source(vn, ip("10.0.1.2")).is_err());
}

#[test]
fn sas_06_a_change_of_routes_leaves_flows_alone() {
    let mut a = multihomed();
    let vn = a.network("vn");
    let established = chosen(&a, "vn", Y).0;
    reroute(&mut a, "link4", None);
    assert_eq!(chosen(&a, "vn", Y).0, ip("10.0.4.1"));
    // The old flow keeps its source and goes the new way.
    let bound = a.node.bind_source(vn, established).unwrap();
    assert_eq!(bound.address, ip("10.0.3.1"));
    let wire = a.send("vn", &Ip::udp([bound.address, ip(Y)], b"old flow").bytes());
    assert!(matches!(wire.verdict, Verdict::Transmit { .. }));
    let wire = wire.transmitted();
    assert_eq!(header(&wire).destination, ip("192.0.2.4"));
    assert_eq!(header(&wire).payload(&wire)[12..16], [10, 0, 3, 1]);
    // The route may name a source of its own.
    reroute(&mut a, "link4", Some(established));
    assert_eq!(
        chosen(&a, "vn", Y),
        (established, SourceRule::PreferredSource)
    );
}
