//! The model of RFC 3884: virtual networks over base networks.

use iiptran::wire::{IpVersion, Protocol};
use iiptran::{DropReason, Verdict};
use iiptran_tests::lab::{Gateways, Lab, Side, hosts, ip};
use iiptran_tests::{Ip, header};

/// A gateway that is in two virtual networks with the same inner addresses.
const TWO_NETWORKS: &str = r#"
arrangement = "iiptran"
insecure-test-keys = true
networks = [{ name = "base" }, { name = "one" }, { name = "two" }]

[[links]]
name = "wan"
addresses = ["192.0.2.NEAR/24"]

[[links]]
name = "lan-one"
network = "one"
side = "protected"
addresses = ["10.NEAR.0.1/16"]

[[links]]
name = "lan-two"
network = "two"
side = "protected"
addresses = ["10.NEAR.0.1/16"]

[[virtual-links]]
name = "link-one"
network = "one"
local = "192.0.2.NEAR"
remote = "192.0.2.FAR"
protection.transform = "aes-128-gcm-16"
protection.outbound = { spi = 0xNEAR01, key = "000102030405060708090a0b0c0d0e0f10111213" }
protection.inbound = { spi = 0xFAR01, key = "000102030405060708090a0b0c0d0e0f10111213" }

[[links]]
name = "wan-two"
addresses = ["198.51.100.NEAR/24"]

[[virtual-links]]
name = "link-two"
network = "two"
local = "198.51.100.NEAR"
remote = "198.51.100.FAR"
protection.transform = "aes-128-gcm-16"
protection.outbound = { spi = 0xNEAR02, key = "f00102030405060708090a0b0c0d0e0f10111213" }
protection.inbound = { spi = 0xFAR02, key = "f00102030405060708090a0b0c0d0e0f10111213" }

[[routes]]
network = "one"
prefix = "10.FAR.0.0/16"
link = "link-one"

[[routes]]
network = "two"
prefix = "10.FAR.0.0/16"
link = "link-two"
"#;

fn in_two_networks(near: &str, far: &str) -> Lab {
    Lab::new(&TWO_NETWORKS.replace("NEAR", near).replace("FAR", far))
}

#[test]
fn sys_01_a_virtual_link_is_one_hop() {
    for inner in [IpVersion::V4, IpVersion::V6] {
        let (mut a, mut b) = Gateways::new("iiptran").nodes();
        let packet = Ip {
            ttl: 17,
            ..Ip::udp(hosts(inner), b"hello")
        }
        .bytes();
        let mut wire = a.receive("lan", &packet).transmitted();
        // The base network's routers take what they like off the outer TTL.
        for _ in 0..20 {
            iiptran::wire::decrement_ttl(&mut wire).unwrap();
        }
        let arrived = b.receive("wan", &wire).transmitted();
        // A and B are the two virtual routers on the way.
        assert_eq!(header(&arrived).ttl, 15);
    }
}

#[test]
fn sys_02_a_node_is_in_several_networks() {
    let node = in_two_networks("1", "2");
    let tables = node.node.tables();
    let fib = |name| tables.network(node.network(name)).unwrap().fib().clone();
    let destination = ip("10.2.0.5");
    let link = |name| match &fib(name).lookup(destination).unwrap().target {
        iiptran::fib::Target::Forward(paths) => paths.as_slice()[0].link,
        other => panic!("{other:?}"),
    };
    assert_eq!(link("one"), node.link("link-one"));
    assert_eq!(link("two"), node.link("link-two"));
    assert!(fib("base").lookup(destination).is_none());
    // The base role stays: the node sends in the base network as any host.
    let mut node = node;
    let packet = Ip::udp([ip("192.0.2.1"), ip("192.0.2.2")], b"base").bytes();
    assert_eq!(
        node.send("base", &packet).reason(),
        Some(DropReason::NoPolicy)
    );
}

/// The document of one end of two nested virtual links.
pub(crate) fn nested(arrangement: &str, near: u8, far: u8) -> String {
    format!(
        r#"
arrangement = "{arrangement}"
insecure-test-keys = true
networks = [{{ name = "base" }}, {{ name = "vn" }}, {{ name = "vn-in-vn" }}]

[[links]]
name = "wan"
addresses = ["192.0.2.{near}/24"]

[[links]]
name = "lan"
network = "vn-in-vn"
side = "protected"
addresses = ["172.16.{near}.1/24"]

[[virtual-links]]
name = "outer"
network = "vn"
base = "base"
local = "192.0.2.{near}"
remote = "192.0.2.{far}"
addresses = ["10.0.0.{near}/24"]
protection.transform = "aes-128-gcm-16"
protection.outbound = {{ spi = 0x{near}0a1, key = "000102030405060708090a0b0c0d0e0f10111213" }}
protection.inbound = {{ spi = 0x{far}0a1, key = "000102030405060708090a0b0c0d0e0f10111213" }}

[[virtual-links]]
name = "inner"
network = "vn-in-vn"
base = "vn"
local = "10.0.0.{near}"
remote = "10.0.0.{far}"
protection.transform = "aes-256-cbc + hmac-sha2-256-128"
protection.outbound = {{ spi = 0x{near}0b1, key = "{key}", integrity-key = "{key}" }}
protection.inbound = {{ spi = 0x{far}0b1, key = "{key}", integrity-key = "{key}" }}

[[routes]]
network = "vn-in-vn"
prefix = "172.16.{far}.0/24"
link = "inner"
"#,
        key = "0f".repeat(32),
    )
}

#[test]
fn sys_03_virtual_networks_stack() {
    // Wherever a virtual link is an interface.
    stack("iiptran");
    stack("interface-sa");
}

fn stack(arrangement: &str) {
    let [mut a, mut b] =
        [(1, 2), (2, 1)].map(|(near, far)| Lab::new(&nested(arrangement, near, far)));
    let packet = Ip::udp([ip("172.16.1.9"), ip("172.16.2.9")], b"two deep").bytes();
    let wire = a.receive("lan", &packet).transmitted();
    // What an eavesdropper sees is ESP between the base addresses.
    let outer = header(&wire);
    assert_eq!(
        (outer.protocol, outer.source),
        (Protocol::ESP, ip("192.0.2.1"))
    );

    let outcome = b.receive("wan", &wire);
    // ESP(IPIP(ESP(IPIP))): two SAs and two tunnels, the outer ones first.
    let trail: Vec<String> = outcome
        .trail
        .entries()
        .map(|entry| match entry {
            iiptran::node::TrailEntry::Sa { id, .. } => id.to_string(),
            iiptran::node::TrailEntry::Tunnel(link) => {
                b.node.tables().link(*link).unwrap().name.clone()
            }
        })
        .collect();
    assert_eq!(trail, ["0x000010a1", "outer", "0x000010b1", "inner"]);
    let arrived = outcome.transmitted();
    assert_eq!(header(&arrived).payload(&arrived), &packet[20..]);
}

#[test]
fn sys_04_end_to_end_ipsec_crosses_the_virtual_link() {
    let (mut a, mut b) = Gateways::new("iiptran").nodes();
    // An ESP packet of two hosts that have never met the gateways.
    let packet = Ip::new(hosts(IpVersion::V4), Protocol::ESP, &[0x5a; 40]).bytes();
    let wire = a.receive("lan", &packet).transmitted();
    assert_eq!(header(&wire).protocol, Protocol::ESP);
    assert_eq!(header(&wire).source, ip("192.0.2.1"));
    let arrived = b.receive("wan", &wire).transmitted();
    assert_eq!(header(&arrived).protocol, Protocol::ESP);
    assert_eq!(header(&arrived).payload(&arrived), [0x5a; 40]);
}

#[test]
fn sys_05_networks_do_not_leak() {
    let (mut a, mut b) = (in_two_networks("1", "2"), in_two_networks("2", "1"));
    let packet = Ip::udp(hosts(IpVersion::V4), b"same addresses").bytes();
    for (lan, wan) in [("lan-one", "wan"), ("lan-two", "wan-two")] {
        let wire = a.receive(lan, &packet).transmitted();
        let outcome = b.receive(wan, &wire);
        let Verdict::Transmit { link, .. } = outcome.verdict else {
            panic!("{outcome:?}");
        };
        assert_eq!(link, b.link(lan));
        // Sequence numbers of one network say nothing about the other's: only a real replay is one.
        assert_eq!(b.receive(wan, &wire).reason(), Some(DropReason::Replayed));
    }
    // A packet of the one network's SA with the other network's outer addresses reaches neither.
    let mut wire = a.receive("lan-one", &packet).transmitted();
    wire[12..20].copy_from_slice(&[198, 51, 100, 1, 198, 51, 100, 2]);
    iiptran::wire::Ipv4Header::fill_checksum(&mut wire[..20]);
    assert_eq!(
        b.receive("wan-two", &wire).reason(),
        Some(DropReason::SelectorMismatch)
    );
}

#[test]
fn sys_06_a_virtual_router_forwards_as_any_router() {
    let more = r#"
[[routes]]
network = "vn"
prefix = "10.3.0.0/16"
link = "lan"
via = "10.1.0.254"
"#;
    let mut a = Gateways {
        more: more.into(),
        ..Gateways::new("iiptran")
    }
    .node(Side::A);
    let mut hop = |destination: &str| {
        let packet = Ip::udp([ip("10.1.0.5"), ip(destination)], b"").bytes();
        match a.receive("lan", &packet).verdict {
            Verdict::Transmit { link, next_hop } => (
                a.node.tables().link(link).unwrap().name.clone(),
                next_hop.to_string(),
            ),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(hop("10.1.7.7"), ("lan".into(), "10.1.7.7".into()));
    assert_eq!(hop("10.3.0.1"), ("lan".into(), "10.1.0.254".into()));
    assert_eq!(hop("10.2.0.1"), ("wan".into(), "192.0.2.2".into()));
}

#[test]
fn sys_07_one_interface_runs_every_arrangement() {
    let names = iiptran::Arrangement::ALL.map(iiptran::Arrangement::name);
    let [transport, between_gateways @ ..] = names;
    assert_eq!(transport, "transport");
    assert_eq!(
        between_gateways,
        [
            "tunnel-mode",
            "iiptran",
            "interface-sa",
            "initial-lookup-a",
            "initial-lookup-b",
            "integrated"
        ]
    );
    for arrangement in between_gateways {
        let (mut a, mut b) = Gateways::new(arrangement).nodes();
        let packet = Ip::udp(hosts(IpVersion::V4), arrangement.as_bytes()).bytes();
        let wire = a.receive("lan", &packet).transmitted();
        let arrived = b.receive("wan", &wire).transmitted();
        assert_eq!(arrived[20..], packet[20..]);
    }
    let (mut a, mut b) = (crate::hosts::host(1, 2), crate::hosts::host(2, 1));
    let packet = Ip::udp([ip("192.0.2.1"), ip("192.0.2.2")], b"transport").bytes();
    let wire = a.send("base", &packet).transmitted();
    assert_eq!(b.receive("wan", &wire).delivered(), packet);
}
