//! Alternative 3: the route names the far end, and the SAD is searched for it.

use super::*;

#[test]
fn alt_11_the_route_comes_before_the_sad() {
    use Stage::*;
    let [sent, received] = stages("integrated");
    let lookups = [Route, Policy, ChooseSa, Encapsulate, Seal, Route, End];
    assert_eq!(sent[2..], lookups);
    assert_eq!(received, stages("tunnel-mode")[1]);
    // The route determines the SA, though both match and leave by one interface.
    let mut a = figure_three::a("integrated", ONE_LINK);
    for (link, peer_there) in [("link-4", C), ("link-3", B), ("link-4", C)] {
        flip(&mut a, ONE_LINK, &by(link));
        assert_eq!(peer(&mut a), peer_there);
    }
    // What no route leads to goes nowhere, whatever the SAs would take.
    let stray = Ip::udp([ip("10.1.0.5"), ip("10.9.0.5")], b"").bytes();
    let outcome = a.receive("lan", &stray);
    assert_eq!(outcome.reason(), Some(DropReason::NoRoute));
    assert!(!outcome.stages.contains(&Policy));
}

#[test]
fn alt_11_nothing_leaves_its_network_in_clear() {
    let bypass = "[[policies]]\nname = \"all\"\nnetwork = \"vn\"\naction = \"bypass\"\n";
    for arrangement in ["initial-lookup-a", "integrated"] {
        let document = Gateways {
            more: bypass.into(),
            ..Gateways::new(arrangement)
        };
        let mut a = document.node(Side::A);
        let other = Ip::udp([ip("10.9.0.5"), ip("10.2.0.5")], b"not for the SA").bytes();
        assert_eq!(
            a.receive("lan", &other).reason(),
            Some(DropReason::NoRoute),
            "{arrangement}"
        );
        assert_eq!(a.receive("lan", &packet()).reason(), None);
    }
}

#[test]
fn alt_12_routing_protocols_exchange_the_sad() {
    let a = Gateways::new("integrated").node(Side::A);
    let vn = a.network("vn");
    let updates: Vec<_> = a
        .node
        .tables()
        .routes_to_sas(vn)
        .map(|(route, policy)| (route.prefix.to_string(), policy.selectors().len()))
        .collect();
    // A prefix alone would promise more than the SA carries: its selector sets travel with it, here one
    // for each IP version.
    let expected = [("10.2.0.0/16", 2), ("fd00:2::/64", 2)];
    assert_eq!(updates.len(), expected.len());
    for (prefix, sets) in expected {
        assert!(updates.contains(&(prefix.into(), sets)), "{updates:?}");
    }
    // Those that see an interface have prefixes to tell, and no more.
    for arrangement in ["iiptran", "interface-sa", "tunnel-mode"] {
        let other = Gateways::new(arrangement).node(Side::A);
        assert_eq!(other.node.tables().routes_to_sas(vn).count(), 0);
    }
}

#[test]
fn alt_13_ports_do_not_route() {
    let ports = |arrangement| {
        Gateways::new(arrangement).document(Side::A).replace(
            "local = [\"10.1.0.0/16\"]",
            "protocol = \"udp\", remote-ports = [7], local = [\"10.1.0.0/16\"]",
        )
    };
    let error = refused(&ports("integrated"));
    assert_eq!(error.path, "virtual-links[0]");
    assert!(error.cause.contains("RFC 3884 section 4.1"), "{error}");
    for arrangement in ["tunnel-mode", "initial-lookup-a"] {
        let mut a = Lab::new(&ports(arrangement));
        assert_eq!(a.receive("lan", &packet()).reason(), None);
    }
    // The policy may be wide and one of its SAs narrow.
    let sa = r#"
[[sas]]
network = "vn"
direction = "outbound"
policy = "link"
spi = 0x6000
mode = "tunnel"
source = "192.0.2.1"
destination = "192.0.2.2"
selectors = [{ local = ["10.1.0.0/16"], remote = ["10.2.0.0/16"], protocol = "udp", local-ports = [7] }]
transform = "aes-128-gcm-16"
key = "000102030405060708090a0b0c0d0e0f10111213"
"#;
    let document = Gateways {
        more: sa.into(),
        ..Gateways::new("integrated")
    };
    assert_eq!(refused(&document.document(Side::A)).path, "sas[0]");
}
