//! Packets through the two gateways, and what may befall them: the verdicts are those of the RFCs.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use iiptran::walkthrough::{GATEWAYS, Outcome};
use iiptran_wasm::{Leg, LineReport, LineRequest, walk};

fn request(mishaps: &str) -> LineRequest {
    let [a, b] = GATEWAYS
        .map(|gateway| serde_json::json!({ "name": gateway.name, "document": gateway.text }));
    let mishaps: serde_json::Value = serde_json::from_str(mishaps).unwrap();
    let request = serde_json::json!({
        "stations": [a, b],
        "packet": { "echo": { "from": "10.1.0.5", "to": "10.2.0.5" } },
        "mishaps": mishaps,
    });
    serde_json::from_value(request).unwrap()
}

fn outcomes(report: &LineReport) -> Vec<&'static str> {
    let nodes = report.journey.legs.iter().filter_map(|leg| match leg {
        Leg::Node { walkthrough, .. } => walkthrough.outcome.as_ref(),
        _ => None,
    });
    nodes
        .map(|outcome| match outcome {
            Outcome::Transmit { .. } => "transmit",
            Outcome::Deliver { .. } => "deliver",
            Outcome::Hold => "hold",
            Outcome::Drop { reason, .. } => reason,
        })
        .collect()
}

fn after(mishaps: &str) -> Vec<&'static str> {
    outcomes(&walk(&request(mishaps)).unwrap())
}

#[test]
fn an_echo_request_comes_through_both_gateways_as_it_was_but_for_two_hops() {
    let report = walk(&request("[]")).unwrap();
    assert_eq!(outcomes(&report), ["transmit", "transmit"]);
    let packets: Vec<_> = report
        .journey
        .legs
        .iter()
        .filter_map(|leg| match leg {
            Leg::Node { walkthrough, .. } => Some(&walkthrough.steps),
            _ => None,
        })
        .map(|steps| {
            [
                &steps.first().unwrap().packet.0,
                &steps.last().unwrap().packet.0,
            ]
        })
        .collect();
    let [[sent, sealed], [_, arrived]] = packets[..] else {
        panic!("two nodes");
    };
    assert_eq!(sealed[9], 50, "ESP on the wire");
    assert_eq!(sent[12..], arrived[12..], "addresses and all behind them");
    assert_eq!(sent[8], arrived[8] + 2, "TTL");
}

#[test]
fn what_befalls_a_packet_has_the_verdict_of_its_rfc() {
    // RFC 4303 section 3.4.3 and 3.4.4, RFC 4301 section 4.4.2.1, RFC 6040 section 4.2, RFC 791.
    assert_eq!(
        after(r#"[{"mishap":"flip","bit":800}]"#),
        ["transmit", "bad-icv"]
    );
    assert_eq!(
        after(r#"[{"mishap":"replay"}]"#),
        ["transmit", "transmit", "replayed"]
    );
    assert_eq!(
        after(r#"[{"mishap":"wrong-key"}]"#),
        ["transmit", "bad-icv"]
    );
    assert_eq!(
        after(r#"[{"mishap":"reorder","packets":2}]"#),
        ["transmit", "transmit"]
    );
    assert_eq!(
        after(r#"[{"mishap":"mark-ce"}]"#),
        ["transmit", "ecn-congestion-lost"]
    );
    assert_eq!(
        after(r#"[{"mishap":"truncate","bytes":5}]"#),
        ["transmit", "truncated"]
    );
    assert_eq!(after(r#"[{"mishap":"expire"}]"#), ["sa-expired"]);
    assert_eq!(
        after(r#"[{"mishap":"clear"}]"#),
        ["transmit", "unprotected"]
    );
    assert_eq!(after(r#"[{"mishap":"mtu","mtu":100}]"#), ["packet-too-big"]);
}

#[test]
fn a_packet_that_too_many_others_overtook_is_too_old() {
    let far = after(r#"[{"mishap":"reorder","packets":80}]"#);
    // With extended numbers an old one can't be told from a forged one (RFC 4303 appendix A2.2).
    assert_eq!(far.len(), 2);
    assert!(["left-of-window", "bad-icv"].contains(&far[1]), "{far:?}");
}

#[test]
fn a_fault_has_its_part_and_its_place() {
    let mut wrong = request("[]");
    wrong.stations[1].document = "arrangement = \"iiptran\"\nlinks = [{ nam = \"lan\" }]".into();
    let fault = walk(&wrong).unwrap_err();
    assert_eq!(fault.part, "stations[1].document");
    assert_eq!(fault.line, Some(2));
    assert!(fault.cause.contains("nam"), "{}", fault.cause);

    let mut wrong = request("[]");
    wrong.packet = serde_json::from_str(r#"{ "hex": "45 0g" }"#).unwrap();
    assert!(walk(&wrong).unwrap_err().cause.contains("place 5"));

    let mut wrong = request("[]");
    wrong.arrangement = Some("tunnel".into());
    assert_eq!(walk(&wrong).unwrap_err().part, "arrangement");

    // More than the total length can tell (RFC 791 section 3.1): refused before memory is taken for it.
    let mut wrong = request("[]");
    wrong.packet = serde_json::from_str(
        r#"{ "echo": { "from": "10.1.0.5", "to": "10.2.0.5", "size": 4294967295 } }"#,
    )
    .unwrap();
    assert_eq!(walk(&wrong).unwrap_err().part, "packet.echo.size");
}

#[test]
fn prb_04_without_an_interface_the_source_is_of_the_base_network() {
    // RFC 3884 section 2.4: where the virtual link is no interface, neither a connected network nor a
    // route gives a source, and the default gateway's interface does.
    for (arrangement, network) in [("iiptran", "vn"), ("tunnel-mode", "base")] {
        let mut own = request("[]");
        own.arrangement = Some(arrangement.into());
        own.sends = Some("vn".into());
        own.packet = serde_json::from_str(r#"{ "echo": { "to": "10.2.0.5" } }"#).unwrap();
        let source = walk(&own).unwrap().source.unwrap();
        assert_eq!(source.network, network, "{arrangement}");
    }
}

/// A router between the gateways, as the page has one.
fn with_router(mishaps: &str) -> LineReport {
    let request = request(mishaps);
    let router = iiptran_wasm::StationRequest {
        name: "Router".into(),
        document: include_str!("../www/src/lib/router.toml").into(),
    };
    let mut stations = request.stations.clone();
    stations.insert(1, router);
    walk(&LineRequest {
        stations,
        ..request
    })
    .unwrap()
}

#[test]
fn a_router_between_the_gateways_takes_one_hop_from_the_outer_header_alone() {
    let report = with_router("[]");
    assert_eq!(outcomes(&report), ["transmit", "transmit", "transmit"]);
    let wires: Vec<&[u8]> = report
        .journey
        .legs
        .iter()
        .filter_map(|leg| match leg {
            Leg::Wire { packet, .. } => Some(&*packet.0),
            _ => None,
        })
        .collect();
    let [before, after] = wires[..] else {
        panic!("two wires");
    };
    // RFC 791 section 3.1: TTL in byte 8, header checksum in bytes 10 and 11.
    let other: Vec<usize> = (0..before.len())
        .filter(|&at| before[at] != after[at])
        .collect();
    assert!(other.iter().all(|at| [8, 10, 11].contains(at)), "{other:?}");
    assert_eq!(after[8], before[8] - 1);
}

#[test]
fn a_mishap_behind_a_router_meets_the_gateway_that_opens() {
    for (mishaps, reason) in [
        (r#"[{ "mishap": "replay" }]"#, "replayed"),
        (
            r#"[{ "mishap": "reorder", "packets": 80 }]"#,
            "left-of-window",
        ),
        (r#"[{ "mishap": "clear" }]"#, "unprotected"),
        (r#"[{ "mishap": "wrong-key" }]"#, "bad-icv"),
    ] {
        assert_eq!(outcomes(&with_router(mishaps)).last(), Some(&reason));
    }
}
