//! The alternatives of RFC 3884 section 4.1; here the first, where SAs are interfaces.

mod initial_lookup;
mod integrated;

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
