//! Networks at a moment: what RFC 3884 section 2.1 says of figure 3.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use iiptran::walkthrough::Outcome;
use iiptran_wasm::{HistoryRequest, Journey, Leg, LookReport, LookRequest, history, look};

const SECOND: u64 = 1_000_000_000;

fn figure_3(arrangement: &str, at: u64, events: &str) -> LookReport {
    let events: serde_json::Value = serde_json::from_str(events).unwrap();
    let request = serde_json::json!({
        "run": { "scenario": "figure-3", "arrangement": arrangement, "events": events },
        "at": at,
        "flow": 0,
    });
    let request: LookRequest = serde_json::from_value(request).unwrap();
    look(&request).unwrap()
}

fn way(journey: &Journey) -> Vec<&str> {
    let stations = journey.legs.iter().filter_map(|leg| match leg {
        Leg::Node { station, .. } | Leg::Received { station, .. } => Some(station.as_str()),
        Leg::Wire { .. } => None,
    });
    stations.collect()
}

#[test]
fn routing_moves_to_the_other_link_and_a_policy_does_not() {
    for arrangement in ["iiptran", "tunnel-mode"] {
        let before = figure_3(arrangement, 10 * SECOND, "[]");
        assert_eq!(way(&before.journey), ["A", "B", "D", "Y"], "{arrangement}");
    }
    let after = figure_3("iiptran", 20 * SECOND, "[]");
    assert_eq!(way(&after.journey), ["A", "C", "D", "Y"]);
    assert_eq!(after.cut, ["a-b"]);
    let after = figure_3("tunnel-mode", 20 * SECOND, "[]");
    assert!(!way(&after.journey).contains(&"Y"));
}

#[test]
fn a_wire_that_is_cut_by_hand_changes_the_way() {
    let events = r#"[{ "at": "6s", "action": { "wire-down": "b-d" } }]"#;
    let report = figure_3("iiptran", 14 * SECOND, events);
    assert_eq!(way(&report.journey), ["A", "C", "D", "Y"]);
}

#[test]
fn a_moment_is_the_same_however_often_one_looks() {
    let [first, second] =
        [0, 1].map(|_| serde_json::to_string(&figure_3("iiptran", 12 * SECOND, "[]")).unwrap());
    assert_eq!(first, second);
}

#[test]
fn what_befalls_a_packet_of_a_network_meets_the_node_that_opens_it() {
    for (mishap, reason) in [
        (r#"{ "mishap": "flip", "bit": 400 }"#, "bad-icv"),
        (r#"{ "mishap": "truncate", "bytes": 5 }"#, "truncated"),
        (r#"{ "mishap": "replay" }"#, "replayed"),
        (
            r#"{ "mishap": "reorder", "packets": 80 }"#,
            "left-of-window",
        ),
        (r#"{ "mishap": "clear" }"#, "unprotected"),
    ] {
        let mut request =
            serde_json::json!({ "run": { "scenario": "figure-3" }, "at": 10 * SECOND, "flow": 0 });
        request["mishap"] = serde_json::from_str(mishap).unwrap();
        let report = look(&serde_json::from_value(request).unwrap()).unwrap();
        let Some(Leg::Node {
            station,
            walkthrough,
            ..
        }) = report.journey.legs.last()
        else {
            panic!("{mishap}");
        };
        assert_eq!(station, "B", "{mishap}");
        let Some(Outcome::Drop { reason: why, .. }) = &walkthrough.outcome else {
            panic!("{mishap}");
        };
        assert_eq!(*why, reason);
    }
}

/// Figure 3 loses a wire at 15 s; a route is out of date after 3 s.
#[test]
fn a_history_shows_the_gap_that_routing_closes_and_a_policy_does_not() {
    for (arrangement, at_the_end) in [("iiptran", true), ("tunnel-mode", false)] {
        let request = serde_json::json!({
            "run": { "scenario": "figure-3", "arrangement": arrangement },
            "flow": 0,
            "parts": 30,
        });
        let parts = history(&serde_json::from_value::<HistoryRequest>(request).unwrap()).unwrap();
        assert_eq!(parts.len(), 30);
        assert_eq!(parts[12].sent, 50, "one packet every 20 ms");
        assert!(parts[12].delivered > 45);
        assert_eq!(parts[16].delivered, 0);
        assert_eq!(parts[28].delivered > 45, at_the_end, "{arrangement}");
    }
}
