//! Appendix A of RFC 3884, and policy after decapsulation (its section 3.3).

use iiptran::config::NodeConfig;
use iiptran::node::TrailEntry;
use iiptran::trace::Stage;
use iiptran::wire::{IpVersion, Protocol};
use iiptran::{DropReason, Verdict};
use iiptran_tests::lab::{Gateways, Lab, Side, hosts, ip};
use iiptran_tests::{Ip, header};

/// A packet of a host behind A, its DF bit as told.
fn packet(df: bool) -> Vec<u8> {
    Ip {
        identification: 1,
        flags_and_offset: if df { 0x4000 } else { 0 },
        ..Ip::udp(hosts(IpVersion::V4), b"x")
    }
    .bytes()
}

/// DF of the outer header that a rule gives, or why the packet is dropped.
pub(crate) fn outer_df(
    arrangement: &'static str,
    rule: &str,
    inner_df: bool,
) -> Result<bool, DropReason> {
    let link = format!("outer = {{ {rule} }}");
    let mut a = Gateways {
        link,
        ..Gateways::new(arrangement)
    }
    .node(Side::A);
    let outcome = a.receive("lan", &packet(inner_df));
    outcome
        .reason()
        .map_or_else(|| Ok(header(&outcome.packet).dont_fragment), Err)
}

#[test]
fn apx_01_only_rfc_2003_encapsulates() {
    let more = r#"
[[policies]]
name = "own tunnel"
action = "protect"
mode = "tunnel"
tunnel-local = "192.0.2.1"
tunnel-remote = "192.0.2.2"
"#;
    let document = Gateways {
        more: more.into(),
        ..Gateways::new("iiptran")
    }
    .document(Side::A);
    let error = NodeConfig::from_toml(&document)
        .unwrap()
        .node()
        .unwrap_err();
    assert_eq!(error.path, "policies[0]");
    assert!(error.cause.contains("RFC 3884 appendix A"), "{error}");
    // Nor is an inbound SA taken that would decapsulate.
    let more = r#"
[[sas]]
direction = "inbound"
spi = 0x5000
mode = "tunnel"
source = "192.0.2.2"
destination = "192.0.2.1"
transform = "aes-128-gcm-16"
key = "000102030405060708090a0b0c0d0e0f10111213"
"#;
    let document = Gateways {
        more: more.into(),
        ..Gateways::new("iiptran")
    }
    .document(Side::A);
    let error = NodeConfig::from_toml(&document)
        .unwrap()
        .node()
        .unwrap_err();
    assert_eq!(error.path, "sas[0]");
}

#[test]
fn apx_02_an_inner_df_is_carried_outwards() {
    assert_eq!(outer_df("iiptran", "df = \"copy\"", true), Ok(true));
    assert_eq!(outer_df("iiptran", "df = \"copy\"", false), Ok(false));
    assert_eq!(outer_df("iiptran", "df = \"set\"", true), Ok(true));
    assert_eq!(outer_df("iiptran", "df = \"set\"", false), Ok(true));
}

#[test]
fn apx_03_clearing_an_inner_df_drops() {
    assert_eq!(
        outer_df("iiptran", "df = \"clear\"", true),
        Err(DropReason::DfConflict)
    );
    assert_eq!(outer_df("iiptran", "df = \"clear\"", false), Ok(false));
}

#[test]
fn apx_04_df_is_set_by_default() {
    assert_eq!(outer_df("iiptran", "", false), Ok(true));
}

#[test]
fn apx_05_tos_follows_dscp_and_ecn() {
    let mut a = Gateways::new("iiptran").node(Side::A);
    for traffic_class in 0..=255 {
        let packet = Ip {
            traffic_class,
            ..Ip::udp(hosts(IpVersion::V4), b"x")
        };
        let wire = a.receive("lan", &packet.bytes()).transmitted();
        assert_eq!(header(&wire).traffic_class, traffic_class);
    }
}

#[test]
fn apx_06_the_mode_decides_who_decapsulates() {
    // The same wire packet, at two nodes that differ in the mode of their SA.
    let wire = Gateways::new("iiptran")
        .node(Side::A)
        .receive("lan", &packet(true))
        .transmitted();
    let by_tunnel = |arrangement| {
        let mut b = Gateways::new(arrangement).node(Side::B);
        let outcome = b.receive("wan", &wire);
        assert_eq!(
            outcome.stages.contains(&Stage::FindTunnel),
            arrangement == "iiptran"
        );
        let tunnels = |entry: &&TrailEntry| matches!(entry, TrailEntry::Tunnel(_));
        (
            outcome.trail.entries().filter(tunnels).count(),
            outcome.transmitted(),
        )
    };
    let (interfaces, arrived) = by_tunnel("iiptran");
    assert_eq!(interfaces, 1);
    assert_eq!(by_tunnel("tunnel-mode"), (0, arrived));
}

#[test]
fn apx_07_there_is_no_third_mode() {
    for word in ["any", "either", "tunnel-or-transport", ""] {
        let sa = format!(
            "[[sas]]\ndirection = \"inbound\"\nspi = 4096\nmode = \"{word}\"\ntransform = \"null + hmac-sha1-96\"\n"
        );
        let document = Gateways {
            more: sa,
            ..Gateways::new("iiptran")
        }
        .document(Side::A);
        let error = NodeConfig::from_toml(&document).unwrap_err();
        assert_eq!(error.path, "sas[0].mode", "{error}");
    }
}

#[test]
fn apx_08_what_may_be_inside() {
    // A tunnel-mode SA that carries something else than IP.
    let a = Gateways::new("iiptran").node(Side::A);
    let base = a.network("base");
    let tables = a.node.tables().clone();
    let (_, sa) = tables
        .network(base)
        .unwrap()
        .outbound()
        .iter()
        .next()
        .unwrap();
    let udp = Ip::udp([ip("192.0.2.1"), ip("192.0.2.2")], b"no packet").bytes();
    let wire = iiptran_tests::process(&udp, |packet| sa.seal(iiptran_tests::NOW, packet)).unwrap();
    let mut b = Gateways::new("tunnel-mode").node(Side::B);
    assert_eq!(
        b.receive("wan", &wire).reason(),
        Some(DropReason::NotTunnelled)
    );

    // A transport-mode SA whose packet holds a packet, and no interface for it.
    let mut host = crate::hosts::host(2, 1);
    let mut sender = crate::hosts::host(1, 2);
    let inner = packet(false);
    let ipip = Ip::new([ip("192.0.2.1"), ip("192.0.2.2")], Protocol::IPV4, &inner).bytes();
    let wire = sender.send("base", &ipip).transmitted();
    let outcome = host.receive("wan", &wire);
    assert_eq!(outcome.reason(), Some(DropReason::UnknownTunnel));
    assert!(!outcome.stages.contains(&Stage::Decapsulate));
    // The same at a gateway whose interface has other ends.
    let mut a = a;
    let wire = a.receive("lan", &packet(true)).transmitted();
    let other = Gateways::new("iiptran")
        .document(Side::B)
        .replace("remote = \"192.0.2.1\"", "remote = \"192.0.2.99\"");
    let other = other.replace("networks =", "udp-encapsulation-port = \"off\"\nnetworks =");
    let mut b = Lab::new(&other);
    // Its SA is for the other end only, and says so first.
    assert_eq!(
        b.receive("wan", &wire).reason(),
        Some(DropReason::SelectorMismatch)
    );
}

#[test]
fn pol_01_one_step_or_two() {
    use Stage::*;
    let wire = Gateways::new("iiptran")
        .node(Side::A)
        .receive("lan", &packet(true))
        .transmitted();
    let steps = |arrangement| {
        Gateways::new(arrangement)
            .node(Side::B)
            .receive("wan", &wire)
            .stages
    };
    // Tunnel mode compares the inner packet with the SA, then takes the header off.
    assert_eq!(
        steps("tunnel-mode")[..6],
        [Arrive, FindSa, Open, Restore, Selectors, Decapsulate]
    );
    // IIPtran compares the outer packet; the tunnel is asked for, and opened, after that.
    assert_eq!(
        steps("iiptran")[..7],
        [
            Arrive,
            FindSa,
            Open,
            Restore,
            Selectors,
            FindTunnel,
            Decapsulate
        ]
    );
    // So a source that the far end's network does not have passes the SA of IIPtran only.
    let stranger = Ip::udp([ip("203.0.113.9"), ip("10.2.0.5")], b"who?").bytes();
    let wire = Gateways::new("iiptran")
        .node(Side::A)
        .receive("lan", &stranger)
        .transmitted();
    let verdict = |arrangement| {
        Gateways::new(arrangement)
            .node(Side::B)
            .receive("wan", &wire)
    };
    assert_eq!(
        verdict("tunnel-mode").reason(),
        Some(DropReason::SelectorMismatch)
    );
    assert_eq!(verdict("iiptran").reason(), None);
}

#[test]
fn pol_02_the_trail_is_kept_until_the_verdict() {
    let (mut a, mut b) = Gateways::new("iiptran").nodes();
    let own = Ip::udp([ip("10.255.0.1"), ip("10.255.0.2")], b"for B itself").bytes();
    let wire = a.send("vn", &own).transmitted();
    let outcome = b.receive("wan", &wire);
    assert_eq!(
        outcome.verdict,
        Verdict::Deliver {
            link: b.link("link")
        }
    );
    let entries: Vec<TrailEntry> = outcome.trail.entries().copied().collect();
    let [
        TrailEntry::Sa {
            network,
            id,
            tunnel_mode: false,
            source,
            destination,
            services,
        },
        TrailEntry::Tunnel(link),
    ] = entries[..]
    else {
        panic!("{entries:?}");
    };
    assert_eq!((network, link), (b.network("base"), b.link("link")));
    assert_eq!(id.to_string(), "0x0000ab01");
    assert_eq!((source, destination), (ip("192.0.2.1"), ip("192.0.2.2")));
    assert!(services.confidentiality && services.anti_replay);
    // The next packet starts with an empty one; reassembly keeps it.
    let clear = Ip::udp([ip("192.0.2.1"), ip("192.0.2.2")], b"in clear").bytes();
    assert!(b.receive("wan", &clear).trail.is_empty());
    let large = Ip::udp([ip("10.255.0.1"), ip("10.255.0.2")], &[0; 600]).bytes();
    let wire = a.send("vn", &large).transmitted();
    let [first, last] = crate::fragments::halves(&wire);
    assert_eq!(b.receive("wan", &first).verdict, Verdict::Hold);
    assert_eq!(b.receive("wan", &last).trail.len(), 2);
}
