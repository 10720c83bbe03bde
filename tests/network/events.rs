//! Rekeying, expiry, MTUs and attacks.

use std::collections::BTreeMap;

use iiptran::wire::Protocol;

use crate::watch::{arranged, flow, run, scenario, watch};

#[test]
fn a_rekey_under_traffic_loses_nothing() {
    for arrangement in ["iiptran", "tunnel-mode"] {
        let (report, seen, keys) = watch(&arranged("rekey", arrangement));
        for flow in &report.flows {
            assert_eq!((flow.missing, flow.duplicates), (0, 0), "{}", flow.name);
        }
        let mut spis: BTreeMap<[u8; 4], usize> = BTreeMap::new();
        for packet in seen.of("left", Protocol::ESP) {
            *spis.entry(packet[20..24].try_into().unwrap()).or_default() += 1;
        }
        // 1000 packets each way: 200 until the event, then 400 with each pair of SAs.
        let known = |spi: &[u8; 4]| {
            let spi = u32::from_be_bytes(*spi);
            keys.sas.iter().any(|sa| sa.spi.0.0 == spi)
        };
        assert!(spis.len() >= 6 && spis.keys().all(known), "{spis:?}");
        assert!(spis.values().all(|&packets| packets <= 402), "{spis:?}");
    }
}

#[test]
fn an_expired_sa_lets_nothing_out() {
    for arrangement in ["iiptran", "tunnel-mode"] {
        let (report, seen, _) = watch(&arranged("sa-expiry", arrangement));
        for flow in &report.flows {
            assert_eq!(flow.delivered, 500, "5 s of 10");
            assert_eq!(flow.drops[0].reason, "sa-expired");
        }
        let packets = &seen.wires["left"];
        assert!(packets.iter().all(|(time, _)| *time <= 5_000_000_000));
        assert_eq!(packets.len(), seen.of("left", Protocol::ESP).len());
    }
}

#[test]
fn a_smaller_path_mtu_drops_what_is_too_big() {
    let report = run(&scenario("path-mtu"));
    let large = flow(&report, "large");
    assert_eq!((large.delivered, large.missing), (300, 300));
    assert_eq!(large.drops[0].reason, "packet-too-big");
    assert_eq!(large.drops[0].last_node, "R");
    assert_eq!(flow(&report, "small").missing, 0);
}

#[test]
fn no_spoofed_packet_gets_through() {
    let report = run(&scenario("spoofing"));
    let reasons: Vec<_> = report
        .attacks
        .iter()
        .map(|attack| {
            assert_eq!((attack.sent, attack.reached), (10, 0), "{}", attack.event);
            assert_eq!(attack.drops[0].packets, 10);
            attack.drops[0].reason.as_str()
        })
        .collect();
    let expected = [
        "no-policy",
        "unprotected",
        "unknown-spi",
        "bad-icv",
        "replayed",
    ];
    assert_eq!(reasons, expected);
    assert!(report.flows.iter().all(|flow| flow.missing == 0));
}

#[test]
fn deleted_sas_stop_the_link() {
    let mut config = scenario("figure-5");
    let document = "arrangement = \"iiptran\"\nduration = \"1s\"\n[[events]]\nat = \"1s\"\naction = { delete-sas = \"link\" }";
    config.events = iiptran::network::ScenarioConfig::from_toml(document)
        .unwrap()
        .events;
    let (report, seen, _) = watch(&config);
    for flow in &report.flows {
        // What is under way when the SAs go can't be opened any more.
        assert!((99..=101).contains(&flow.delivered), "{}", flow.delivered);
        assert!(
            flow.drops
                .iter()
                .any(|drop| drop.reason == "no-outbound-sa")
        );
    }
    assert!(seen.count("acquire") >= 2, "both ends ask");
    assert_eq!(seen.count("keys"), 1);
}
