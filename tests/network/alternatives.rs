//! The alternatives of RFC 3884 section 4.1 in networks.

use iiptran::network::ScenarioConfig;
use iiptran_tests::header;

use crate::watch::{Seen, arranged, run, watch};

/// The SPIs of ESP packets from an address on a wire, in the order in which they came into use.
fn spis(seen: &Seen, wire: &str, from: &str) -> Vec<u32> {
    let mut all: Vec<u32> = Vec::new();
    for (_, packet) in &seen.wires[wire] {
        if header(packet).source.to_string() == from {
            let spi = u32::from_be_bytes(packet[20..24].try_into().unwrap());
            if !all.contains(&spi) {
                all.push(spi);
            }
        }
    }
    all
}

#[test]
fn alt_02_a_rekey_under_traffic_reaches_interfaces_that_are_sas() {
    let (expected, ..) = watch(&arranged("rekey", "iiptran"));
    let (report, seen, _) = watch(&arranged("rekey", "interface-sa"));
    for (flow, expected) in report.flows.iter().zip(&expected.flows) {
        assert_eq!(
            (flow.delivered, flow.missing),
            (expected.delivered, expected.missing)
        );
    }
    assert!(
        spis(&seen, "left", "192.0.2.1").len() > 1,
        "a new SA is used"
    );
}

#[test]
fn alt_02_an_interface_whose_sa_has_expired_loses_its_routes() {
    let (report, seen, _) = watch(&arranged("sa-expiry", "interface-sa"));
    let down = |node: &str| {
        let event =
            format!("\"event\":\"link\",\"node\":\"{node}\",\"link\":\"link\",\"up\":false");
        seen.lines.iter().any(|line| line.contains(&event))
    };
    // A notices it, and the routes that led over the link are gone at both ends.
    assert!(down("A"));
    for flow in &report.flows {
        let reasons: Vec<_> = flow.drops.iter().map(|drop| drop.reason.as_str()).collect();
        assert!(reasons.contains(&"no-route"), "{reasons:?}");
        assert!(flow.delivered > 0);
    }
}

/// The comparison's network with routers that speak through their SAs, or don't.
fn routed(arrangement: &str, through_sas: bool) -> ScenarioConfig {
    let mut config = arranged("comparison", arrangement);
    config.networks[1].through_sas = through_sas;
    config
}

#[test]
fn alt_11_integrated_forwarding_routes_once_routers_speak_through_sas() {
    let report = run(&routed("integrated", false));
    assert_eq!(report.adjacencies, []);
    assert!(report.flows.iter().all(|flow| flow.delivered == 0));
    let (report, seen, _) = watch(&routed("integrated", true));
    // B is gone in the end; A and C, and C and D have each other.
    assert_eq!(report.adjacencies.len(), 4);
    for flow in &report.flows[..2] {
        assert!(flow.delivered > 200 && flow.missing < 45, "{flow:?}");
    }
    // Nothing of the virtual network is in clear.
    for wire in ["a", "b", "c", "d"] {
        let packets = seen.wires[wire].iter();
        assert!(
            packets
                .map(|(_, packet)| packet[9])
                .all(|protocol| protocol == 50)
        );
    }
}

#[test]
fn alt_12_routes_come_with_the_selectors_of_sas_and_updates_grow() {
    let sent = |arrangement, through_sas| {
        let report = run(&routed(arrangement, through_sas));
        let rows: Vec<_> = report
            .routing
            .into_iter()
            .filter(|r| r.network == "vn")
            .collect();
        assert_eq!(rows.len(), 4);
        let sum = |of: fn(&iiptran::network::RoutingReport) -> u64| rows.iter().map(of).sum();
        let (bytes, routes, selectors): (u64, u64, u64) =
            (sum(|r| r.bytes), sum(|r| r.routes), sum(|r| r.selectors));
        assert!(routes > 100);
        (bytes / routes, selectors)
    };
    let (usual, none) = sent("iiptran", true);
    assert_eq!(none, 0, "interfaces have no use for it");
    let (size, selectors) = sent("integrated", true);
    assert!(selectors > 0);
    assert!(size >= usual + 10, "{size} bytes for a route, not {usual}");
}

#[test]
fn alt_07_routers_that_speak_through_sas_do_not_help_the_initial_lookup() {
    let (report, seen, _) = watch(&routed("initial-lookup-a", true));
    assert_eq!(report.adjacencies.len(), 4);
    // A's route leads to C, and packets go to B, where nobody is: all that is sent after 8 s.
    let late = seen.wires["a"].iter().filter(|(time, packet)| {
        *time > 12_000_000_000
            && packet.len() > 140
            && header(packet).source.to_string() == "192.0.2.1"
    });
    let destinations: Vec<_> = late
        .map(|(_, packet)| header(packet).destination.to_string())
        .collect();
    assert!(destinations.len() > 50);
    let to_b = destinations.iter().filter(|to| *to == "192.0.2.5").count();
    assert!(to_b > 50, "{to_b} of {}", destinations.len());
}

#[test]
fn prb_04_a_node_of_tunnel_mode_sends_with_a_source_of_the_base_network() {
    let own = |arrangement: &str| {
        let report = run(&arranged("comparison", arrangement));
        let flow = report
            .flows
            .into_iter()
            .find(|flow| flow.name == "A to Y")
            .unwrap();
        (flow.source.to_string(), flow.delivered)
    };
    assert_eq!(own("tunnel-mode"), ("192.0.2.1".into(), 0));
    // After B is gone the route leads by link 4, and the source follows it.
    let (source, delivered) = own("iiptran");
    assert_eq!(source, "10.0.4.1");
    assert!(delivered > 20);
}
