//! The alternatives of RFC 3884 section 4.1.

use std::sync::Arc;

use iiptran::config::{ConfigError, NodeConfig};
use iiptran::node::Event;
use iiptran::sa::{InboundSa, OutboundSa, SaParameters};
use iiptran::tables::TablesFault;
use iiptran::trace::Stage;
use iiptran::transform::{Keys, Transform};
use iiptran::wire::{IpVersion, Protocol, Spi};
use iiptran::{DropReason, Mode, NetworkId, TunnelEnds, Verdict};
use iiptran_tests::lab::{Gateways, Lab, Side, hosts, ip};
use iiptran_tests::{Ip, header};

use crate::figure_three::{self, B, C, ONE_LINK, TWO_LINKS, by, flip, flow, gateway, peer};

/// The two ends of a tunnel-mode SA between the gateways, seen from A.
const ENDS: TunnelEnds = TunnelEnds {
    local: std::net::IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1)),
    remote: std::net::IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 2)),
};

fn parameters(spi: u32, mode: Mode, network: NetworkId) -> SaParameters {
    let transform = Transform::from_names("aes-128-gcm-16", None).unwrap();
    let keys = Keys {
        encryption: (&[7; 20][..]).into(),
        ..Keys::default()
    };
    SaParameters {
        network,
        ..SaParameters::new(Spi(spi), mode, transform, keys)
    }
}

fn outbound(lab: &Lab, spi: u32, mode: Mode) -> Arc<OutboundSa> {
    Arc::new(OutboundSa::new(parameters(spi, mode, lab.network("vn"))).unwrap())
}

fn refused(document: &str) -> ConfigError {
    NodeConfig::from_toml(document).unwrap().node().unwrap_err()
}

fn spi(wire: &[u8]) -> u32 {
    let payload = header(wire).payload(wire);
    u32::from_be_bytes(payload[..4].try_into().unwrap())
}

fn stages(arrangement: &'static str) -> [Vec<Stage>; 2] {
    let (mut a, mut b) = Gateways::new(arrangement).nodes();
    let sent = a.receive("lan", &packet());
    let received = b.receive("wan", &sent.packet);
    [sent.stages, received.stages]
}

fn packet() -> Vec<u8> {
    Ip::udp(hosts(IpVersion::V4), b"alternative").bytes()
}

#[test]
fn alt_01_an_sa_pair_is_a_full_interface() {
    crate::interface::is_a_full_interface("interface-sa");
}

#[test]
fn alt_01_routing_comes_before_the_sa() {
    use Stage::*;
    let [sent, received] = stages("interface-sa");
    let sending = [Arrive, Hop, Route, ChooseSa, Encapsulate, Seal, Route, End];
    assert_eq!(sent, sending);
    // The SA tells by which interface a packet came in: no lookup is needed.
    assert_eq!(
        received,
        [
            Arrive,
            FindSa,
            Open,
            Restore,
            Selectors,
            Decapsulate,
            Hop,
            Route,
            End
        ]
    );
}

#[test]
fn alt_02_a_rekey_keeps_the_interface() {
    let (mut a, mut b) = Gateways::new("interface-sa").nodes();
    let (link, vn) = (a.link("link"), a.network("vn"));
    let configuration = |lab: &Lab| {
        let tables = lab.node.tables();
        let fib = tables.network(vn).unwrap().fib().clone();
        (tables.find_link("link"), tables.link(link).cloned(), fib)
    };
    let before = configuration(&a);
    let mut send = |a: &mut Lab| {
        let wire = a.receive("lan", &packet()).transmitted();
        let arrived = b.receive("wan", &wire).transmitted();
        assert_eq!(arrived[20..], packet()[20..]);
        (b.node.tables().find_link("link"), spi(&wire))
    };
    assert_eq!(send(&mut a).1, 0xab01);

    let new = outbound(&a, 0x5000, Mode::Tunnel(ENDS));
    let tables = a.node.tables().with_replaced_interface_sa(link, new);
    let at_b = Mode::Tunnel(TunnelEnds {
        local: ENDS.remote,
        remote: ENDS.local,
    });
    let receiving = InboundSa::new(parameters(0x5000, at_b, vn)).unwrap();
    // The receiver has the new SA first, as in any rekey; packets of the old one still come in.
    let (_, mut b_with_both) = Gateways::new("interface-sa").nodes();
    b_with_both.node.insert_inbound_sa(receiving).unwrap();
    a.node.install(Arc::new(tables.unwrap()));

    assert_eq!(configuration(&a).0, before.0);
    assert_eq!(configuration(&a).1, before.1);
    assert!(Arc::ptr_eq(&configuration(&a).2, &before.2));
    assert!(a.node.is_link_up(link));
    let wire = a.receive("lan", &packet()).transmitted();
    assert_eq!(spi(&wire), 0x5000);
    let arrived = b_with_both.receive("wan", &wire).transmitted();
    assert_eq!(arrived[20..], packet()[20..]);
    // The counters go on.
    assert_eq!(a.node.counters().link(link).unwrap().sent.packets, 2);
}

#[test]
fn alt_02_without_its_sa_the_interface_is_down() {
    let both = "paths = [{ link = \"link-3\" }, { link = \"link-4\" }]";
    let mut a = Lab::new(&figure_three::document("interface-sa", ONE_LINK, both));
    let link = a.link("link-3");
    let tables = a.node.tables().without_interface_sa(link);
    a.node.install(Arc::new(tables));
    assert!(!a.node.is_link_up(link));
    // A route with two paths uses the other; one that leads there only, drops.
    for source in 0..16 {
        let packet = Ip::udp([ip(&format!("10.1.0.{source}")), ip("10.4.0.5")], b"").bytes();
        let outcome = a.receive("lan", &packet);
        if outcome.reason().is_none() {
            assert_eq!(header(&outcome.packet).destination, ip(C));
        } else {
            // This is A's own address.
            assert_eq!(source, 1);
        }
    }
    flip(&mut a, ONE_LINK, &by("link-3"));
    let outcome = a.receive("lan", &figure_three::packet());
    assert_eq!(outcome.reason(), Some(DropReason::LinkDown));
    // With another SA it is up again, at once and with the same number.
    let sa = outbound(&a, 0x5000, Mode::Tunnel(ENDS));
    let tables = a.node.tables().with_interface_sa(link, sa).unwrap();
    a.node.install(Arc::new(tables));
    assert!(a.node.is_link_up(link));
    assert_eq!(peer(&mut a), B);
}

#[test]
fn alt_02_the_end_of_the_sa_takes_the_interface_down() {
    let protection = "lifetime = { soft = { packets = 1 }, hard = { packets = 2 } }".into();
    let mut a = Gateways {
        protection,
        ..Gateways::new("interface-sa")
    }
    .node(Side::A);
    let link = a.link("link");
    let reasons: Vec<_> = (0..5)
        .map(|_| a.receive("lan", &packet()).reason())
        .collect();
    let down = Some(DropReason::LinkDown);
    let exceeded = Some(DropReason::LifetimeExceeded);
    assert_eq!(reasons, [None, None, exceeded, down, down]);
    // Key management hears of it in time, and routing when it has happened, each once.
    let events: Vec<_> = std::iter::from_fn(|| a.node.poll_event()).collect();
    let soft = Event::InterfaceSoftExpiry {
        link,
        spi: Spi(0xab01),
    };
    assert_eq!(events, [soft, Event::InterfaceDown { link }]);
}

#[test]
fn alt_02_an_interface_without_an_sa_starts_down() {
    let document = Gateways::new("interface-sa").document(Side::A);
    let without: Vec<&str> = document
        .lines()
        .filter(|line| !line.starts_with("outbound = "))
        .collect();
    let mut a = Lab::new(&without.join("\n"));
    assert!(!a.node.is_link_up(a.link("link")));
    assert_eq!(
        a.receive("lan", &packet()).reason(),
        Some(DropReason::LinkDown)
    );
    // Without protection there is no such link at all.
    let plain = Gateways {
        transform: None,
        ..Gateways::new("interface-sa")
    };
    let error = refused(&plain.document(Side::A));
    assert_eq!(error.path, "virtual-links[0].protection");
    assert!(error.cause.contains("RFC 3884 section 4.1"), "{error}");
}

/// A second outbound SA for link 3.
fn second_sa(mode: &str, remote: &str, selectors: &str) -> String {
    format!(
        r#"
[[sas]]
network = "vn"
direction = "outbound"
policy = "link-3"
spi = 0x6000
mode = "{mode}"
source = "192.0.2.1"
destination = "{remote}"
selectors = [{{ {selectors} }}]
transform = "aes-128-gcm-16"
key = "000102030405060708090a0b0c0d0e0f10111213"
"#
    )
}

fn with_second_sa(sa: &str) -> String {
    let document = figure_three::document("interface-sa", ONE_LINK, &by("link-3"));
    format!("{document}{sa}")
}

#[test]
fn alt_03_an_sa_interface_has_one_tunnel_mode_sa() {
    for (mode, remote, cause) in [
        ("tunnel", B, "routing would take one for the other"),
        ("tunnel", C, "between other ends"),
        ("transport", B, "would come back to the interface"),
    ] {
        let error = refused(&with_second_sa(&second_sa(mode, remote, "")));
        assert_eq!(error.path, "sas[0]");
        assert!(error.cause.contains(cause), "{error}");
    }
    let a = figure_three::a("interface-sa", ONE_LINK);
    let (link, tables) = (a.link("link-3"), a.node.tables());
    let fault = |mode| {
        let sa = outbound(&a, 0x6000, mode);
        tables.with_interface_sa(link, sa).unwrap_err().fault
    };
    assert_eq!(fault(Mode::Tunnel(ENDS)), TablesFault::SecondSa);
    assert_eq!(fault(Mode::Transport), TablesFault::TransportOnSaInterface);
}

/// The document with what RFC 3884 rules out permitted.
fn demonstration(sa: &str) -> Lab {
    Lab::new(&format!(
        "shared-sa-interfaces = true\n{}",
        with_second_sa(sa)
    ))
}

#[test]
fn alt_03_a_transport_mode_sa_would_loop() {
    let mut a = demonstration(&second_sa("transport", B, "remote = [\"10.255.3.2\"]"));
    let own = Ip::udp([ip("10.255.3.1"), ip("10.255.3.2")], b"round and round").bytes();
    let outcome = a.send("vn", &own);
    assert_eq!(outcome.reason(), Some(DropReason::TunnelLoop));
    // The same route again and again, and each time the packet is sealed once more.
    let rounds = |stage| outcome.stages.iter().filter(|&&s| s == stage).count();
    assert!(rounds(Stage::Route) > 3 && rounds(Stage::Seal) > 3);
    assert_eq!(rounds(Stage::Encapsulate), 0);
}

#[test]
fn alt_03_two_tunnels_in_one_interface_share_its_failures() {
    let route = "[[routes]]\nnetwork = \"vn\"\nprefix = \"10.5.0.0/16\"\n";
    let second = second_sa("tunnel", C, "remote = [\"10.5.0.0/16\"]");
    let mut shared = demonstration(&format!("{route}link = \"link-3\"\n{second}"));
    let separate = figure_three::document("interface-sa", ONE_LINK, &by("link-3"));
    let mut separate = Lab::new(&format!("{separate}{route}link = \"link-4\"\n"));
    let to_c = Ip::udp([ip("10.1.0.5"), ip("10.5.0.5")], b"by C").bytes();
    for a in [&mut shared, &mut separate] {
        assert_eq!(peer(a), B);
        let wire = a.receive("lan", &to_c).transmitted();
        assert_eq!(header(&wire).destination, ip(C));
        // B is lost, and routing is told so of the interface that leads to it.
        let link = a.link("link-3");
        a.node.set_link_up(link, false);
        assert_eq!(peer(a), "");
    }
    // Nothing is wrong with the way to C.
    let reason = |a: &mut Lab| a.receive("lan", &to_c).reason();
    assert_eq!(reason(&mut shared), Some(DropReason::LinkDown));
    assert_eq!(reason(&mut separate), None);
}

#[test]
fn alt_04_physical_interfaces_have_transport_mode_only() {
    let policy = |mode: &str| {
        let document = figure_three::document("interface-sa", ONE_LINK, &by("link-3"));
        let key = "000102030405060708090a0b0c0d0e0f10111213";
        format!(
            r#"{document}
[[policies]]
name = "host"
action = "protect"
{mode}
selectors = [{{ local = ["192.0.2.1"], remote = ["192.0.2.9"] }}]

[[sas]]
direction = "outbound"
policy = "host"
spi = 0x7000
transform = "aes-128-gcm-16"
key = "{key}"
"#
        )
    };
    let tunnel = "mode = \"tunnel\"\ntunnel-local = \"192.0.2.1\"\ntunnel-remote = \"192.0.2.9\"";
    let error = refused(&policy(tunnel));
    assert_eq!(error.path, "policies[0]");
    assert!(error.cause.contains("RFC 3884 section 4.1"), "{error}");

    let mut a = Lab::new(&policy(""));
    let own = Ip::udp([ip("192.0.2.1"), ip("192.0.2.9")], b"host to host").bytes();
    let wire = a.send("base", &own).transmitted();
    assert_eq!(
        (header(&wire).protocol, spi(&wire)),
        (Protocol::ESP, 0x7000)
    );

    let (wan, vn) = (a.link("wan"), a.network("vn"));
    let sa = outbound(&a, 0x6000, Mode::Tunnel(ENDS));
    let refusal = a.node.tables().with_interface_sa(wan, sa).unwrap_err();
    assert_eq!(refusal.fault, TablesFault::TunnelOnPhysicalInterface);
    let elsewhere = Mode::Tunnel(TunnelEnds {
        remote: ip("192.0.2.9"),
        ..ENDS
    });
    let sa = InboundSa::new(parameters(0x6000, elsewhere, vn)).unwrap();
    let refusal = a.node.insert_inbound_sa(sa).unwrap_err();
    assert!(refusal.to_string().contains("RFC 3884 section 4.1"));
}

#[test]
fn alt_05_outer_headers_are_those_of_rfc_4301() {
    let outer_df = crate::appendix::outer_df;
    let clear = "df = \"clear\"";
    assert_eq!(outer_df("interface-sa", clear, true), Ok(false));
    let conflict = Err(DropReason::DfConflict);
    assert_eq!(outer_df("iiptran", clear, true), conflict);
    // Nor does IPsec look for a packet that has been through the tunnel before (RFC 2003 section 4.4).
    let returned = Ip::udp([ip("192.0.2.2"), ip("10.2.0.5")], b"again").bytes();
    let reason = |arrangement| {
        let mut a = Gateways::new(arrangement).node(Side::A);
        a.receive("lan", &returned).reason()
    };
    let recursive = Some(DropReason::RecursiveEncapsulation);
    assert_eq!(reason("iiptran"), recursive);
    assert_eq!(reason("interface-sa"), None);
}

#[test]
fn alt_06_a_bump_in_the_stack_adds_no_interfaces() {
    for arrangement in ["interface-sa", "initial-lookup-b", "integrated"] {
        let document = Gateways::new(arrangement).document(Side::A);
        let error = refused(&format!("bump-in-the-stack = true\n{document}"));
        assert_eq!(error.path, "bump-in-the-stack");
        assert!(error.cause.contains("RFC 3884 section 4.1"), "{error}");
    }
    for arrangement in ["iiptran", "tunnel-mode", "initial-lookup-a"] {
        let document = Gateways::new(arrangement).document(Side::A);
        let _ = Lab::new(&format!("bump-in-the-stack = true\n{document}"));
    }
}

/// The policies of the interface that the route leads to, by name.
fn undetermined(a: &Lab) -> Vec<String> {
    let (tables, flow) = (a.node.tables(), flow());
    let link = figure_three::path(a).link;
    let policies = tables.interface_policies(a.network("vn"), link, &flow);
    policies.map(|(_, policy)| policy.name().into()).collect()
}

#[test]
fn alt_07_one_physical_interface_hides_two_links() {
    use Stage::*;
    let [sent, received] = stages("initial-lookup-a");
    let lookups = [Route, Policy, ChooseSa, Encapsulate, Seal, Route, End];
    assert_eq!(sent[2..], lookups);
    assert_eq!(received, stages("tunnel-mode")[1]);

    let mut a = figure_three::a("initial-lookup-a", ONE_LINK);
    assert_eq!(peer(&mut a), B);
    assert_eq!(undetermined(&a), ["link-3", "link-4"]);
    flip(&mut a, ONE_LINK, &by("link-4"));
    // Both SAs are in the one SAD, and the first that matches wins.
    assert_eq!(peer(&mut a), B);
    assert_eq!(undetermined(&a), ["link-3", "link-4"]);

    // Where each leaves by an interface of its own, there is nothing to confuse.
    let mut a = figure_three::a("initial-lookup-a", TWO_LINKS);
    assert_eq!(gateway(&mut a), Some((B.into(), a.link("wan"))));
    assert_eq!(undetermined(&a), ["link-3"]);
    flip(&mut a, TWO_LINKS, &by("link-4"));
    assert_eq!(gateway(&mut a), Some((C.into(), a.link("wan-to-c"))));
    assert_eq!(undetermined(&a), ["link-4"]);
}

#[test]
fn alt_08_the_next_hop_does_not_determine_the_sa() {
    let mut a = figure_three::a("initial-lookup-a", ONE_LINK);
    flip(&mut a, ONE_LINK, &by("link-4"));
    // The lookup does return C as the next hop, and there are two SAs to choose from all the same.
    assert_eq!(figure_three::path(&a).via, Some(ip(C)));
    assert_eq!(undetermined(&a).len(), 2);
    assert_eq!(peer(&mut a), B);
}

#[test]
fn alt_09_a_routing_daemon_has_no_interface() {
    let mut a = figure_three::a("initial-lookup-a", ONE_LINK);
    assert_eq!(a.node.tables().find_link("link-3"), None);
    // The addresses that the document gives to the virtual links are nobody's.
    let hello = Ip::udp([ip("10.1.0.5"), ip("10.255.3.1")], b"hello").bytes();
    let outcome = a.receive("lan", &hello);
    assert!(!matches!(outcome.verdict, Verdict::Deliver { .. }));
    // Nor does any route lead to a multicast group of neighbours.
    let hello = Ip::new([ip("10.255.3.1"), ip("224.0.0.5")], Protocol(89), b"hello").bytes();
    let outcome = a.send("vn", &hello);
    assert_eq!(outcome.reason(), Some(DropReason::NoRoute));
}

#[test]
fn alt_09_no_virtual_link_carries_another() {
    let route = "[[routes]]\nnetwork = \"vn\"\nprefix = \"10.0.0.0/24\"\nlink = \"outer\"\n";
    for arrangement in ["initial-lookup-a", "integrated"] {
        let nested = crate::model::nested(arrangement, 1, 2);
        let error = refused(&nested);
        assert_eq!(error.path, "routes[0].link");
        assert!(error.cause.contains("leads to \"inner\""), "{error}");
        let error = refused(&nested.replace("[[routes]]", &format!("{route}\n[[routes]]")));
        assert_eq!(error.path, "routes[1].link");
        assert!(error.cause.contains("RFC 3884 section 4.1"), "{error}");
    }
}

#[test]
fn alt_10_the_second_variant_is_interface_sa() {
    let [mut one, mut other] =
        ["interface-sa", "initial-lookup-b"].map(|name| Gateways::new(name).nodes());
    assert_eq!(stages("interface-sa"), stages("initial-lookup-b"));
    for length in [0, 1, 100, 1300] {
        for inner in [IpVersion::V4, IpVersion::V6] {
            let packet = Ip::udp(hosts(inner), &vec![7; length]).bytes();
            let [wire, same] =
                [&mut one.0, &mut other.0].map(|a| a.receive("lan", &packet).transmitted());
            assert_eq!(wire, same);
            let [arrived, same] =
                [&mut one.1, &mut other.1].map(|b| b.receive("wan", &wire).transmitted());
            assert_eq!(arrived, same);
        }
    }
}

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
