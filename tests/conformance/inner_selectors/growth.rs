//! What a virtual network that grows asks of selectors: RFC 3884 section 4.2.3.2, figure 6.

use super::*;

/// The document of one end of link `place` in a chain of `size` gateways with a network behind each.
fn chain_link(size: usize, place: usize, left: bool, literal: bool) -> String {
    let prefixes = |range: std::ops::RangeInclusive<usize>| {
        let prefix = |number| format!("\"10.{number}.0.0/16\"");
        range.map(prefix).collect::<Vec<_>>().join(", ")
    };
    let (mut local, mut remote) = (prefixes(1..=place), prefixes(place + 1..=size));
    if !left {
        (local, remote) = (remote, local);
    }
    let (near, far) = if left { (1, 2) } else { (2, 1) };
    let traffic = if literal {
        format!("traffic = [{{ local = [{local}], remote = [{remote}] }}]\ncheck-traffic = true")
    } else {
        String::new()
    };
    format!(
        r#"
arrangement = "iiptran"
insecure-test-keys = true
networks = [{{ name = "base" }}, {{ name = "vn" }}]
links = [
    {{ name = "wan", addresses = ["192.0.2.{near}/24"] }},
    {{ name = "lan", network = "vn", side = "protected", addresses = ["172.16.{near}.1/24"] }},
]
routes = [
    {{ network = "vn", prefix = "10.1.0.0/16", link = "{at_1}" }},
    {{ network = "vn", prefix = "10.0.0.0/8", link = "{at_rest}" }},
]

[[virtual-links]]
name = "link"
network = "vn"
local = "192.0.2.{near}"
remote = "192.0.2.{far}"
{traffic}
protection.transform = "aes-128-gcm-16"
protection.outbound = {{ spi = 0x100{near}, key = "000102030405060708090a0b0c0d0e0f10111213" }}
protection.inbound = {{ spi = 0x100{far}, key = "000102030405060708090a0b0c0d0e0f10111213" }}
"#,
        at_1 = if left { "lan" } else { "link" },
        at_rest = if left { "link" } else { "lan" },
    )
}

/// How many policies and SAs of a chain have to change when a network joins behind its last gateway.
fn changes(size: usize, literal: bool) -> usize {
    let newcomer = ip(&format!("10.{}.0.5", size + 1));
    let lacks = |inner: Option<&InnerSelectors>| {
        inner.is_some_and(|inner| {
            let known =
                |set: &Selectors| set.local().contains(newcomer) || set.remote().contains(newcomer);
            !inner.sets.iter().any(known)
        })
    };
    let end = |(place, left)| {
        let document = chain_link(size, place, left, literal);
        let compiled = NodeConfig::from_toml(&document).unwrap().compile().unwrap();
        let base = compiled.tables.find_network("base").unwrap();
        let base = compiled.tables.network(base).unwrap();
        let policies = base
            .spd()
            .iter()
            .filter(|(_, policy)| lacks(policy.inner_selectors()));
        let outbound = base
            .outbound()
            .iter()
            .filter(|(_, sa)| lacks(sa.inner_selectors()));
        let inbound = compiled
            .inbound
            .iter()
            .filter(|(_, sa)| lacks(sa.inner_selectors()));
        policies.count() + outbound.count() + inbound.count()
    };
    let places = (1..size).flat_map(|place| [(place, true), (place, false)]);
    places.map(end).sum()
}

#[test]
fn sel_09_wildcards_take_new_nodes_in_without_a_change() {
    // What a newcomer behind the far gateway sends to 10.1.0.5, at the near one.
    let answer = |literal: bool, size: usize| {
        let mut far = Lab::new(&chain_link(size, 1, false, false));
        let mut near = Lab::new(&chain_link(size, 1, true, literal));
        let packet = Ip::udp([ip("10.3.0.5"), ip("10.1.0.5")], b"I am new").bytes();
        let wire = far.receive("lan", &packet).transmitted();
        near.receive("wan", &wire).reason()
    };
    assert_eq!(answer(false, 2), None);
    assert_eq!(answer(true, 2), Some(DropReason::SelectorMismatch));
    assert_eq!(answer(true, 3), None);
    // Literal selectors: three places at each end of each link, so the more nodes the more work.
    for size in 2..6 {
        assert_eq!(changes(size, true), 6 * (size - 1));
        assert_eq!(changes(size, false), 0);
    }
}
