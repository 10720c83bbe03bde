//! `iiptran walk`: what a user sees, and what a program reads.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail anywhere"
)]

use std::process::{Command, Output};

use serde_json::Value;

const GATEWAY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../core/gateways/a.toml");

fn iiptran(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_iiptran"))
        .args(arguments)
        .output()
        .unwrap()
}

/// The walks that the command prints as JSON, one a line.
fn walks(arguments: &[&str]) -> Vec<Value> {
    let output = iiptran(&[&["--json"], arguments].concat());
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn refusal(arguments: &[&str]) -> String {
    let output = iiptran(arguments);
    assert!(
        !output.status.success() && output.stdout.is_empty(),
        "{output:?}"
    );
    String::from_utf8(output.stderr).unwrap()
}

fn stages(walk: &Value) -> Vec<&str> {
    let steps = walk["walkthrough"]["steps"].as_array().unwrap();
    steps
        .iter()
        .map(|step| step["stage"].as_str().unwrap())
        .collect()
}

fn bytes(step: &Value) -> Vec<u8> {
    let digits = step["packet"].as_str().unwrap();
    (0..digits.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap())
        .collect()
}

#[test]
fn without_arguments_a_packet_goes_there_and_back() {
    let walks = walks(&[]);
    let titles: Vec<_> = walks
        .iter()
        .map(|walk| walk["title"].as_str().unwrap())
        .collect();
    assert_eq!(titles, ["Gateway A", "Gateway B", "Gateway B", "Gateway A"]);
    // RFC 3884 section 3: route, encapsulate, then IPsec by the outer header, then route.
    assert_eq!(
        stages(&walks[0]),
        [
            "arrive",
            "hop",
            "route",
            "encapsulate",
            "policy",
            "choose-sa",
            "seal",
            "route"
        ]
    );
    assert_eq!(
        stages(&walks[1]),
        [
            "arrive",
            "find-sa",
            "open",
            "restore",
            "selectors",
            "find-tunnel",
            "decapsulate",
            "demand",
            "hop",
            "route"
        ]
    );
    for walk in &walks {
        assert_eq!(walk["walkthrough"]["outcome"]["verdict"], "transmit");
    }
    // What the host sent comes out at the far end two hops older, and nothing of it is on the wire.
    let first = |walk: &Value| bytes(&walk["walkthrough"]["steps"][0]);
    let last = |walk: &Value| {
        bytes(
            walk["walkthrough"]["steps"]
                .as_array()
                .unwrap()
                .last()
                .unwrap(),
        )
    };
    let (sent, wire, received) = (first(&walks[0]), last(&walks[0]), last(&walks[1]));
    assert_eq!(sent[8], received[8] + 2);
    assert_eq!(sent[12..], received[12..]);
    assert_eq!(wire[9], 50);
    assert!(!wire.windows(8).any(|window| window == &sent[28..36]));
}

#[test]
fn one_word_switches_the_arrangement() {
    let walks = walks(&["walk", "--arrangement", "tunnel-mode"]);
    assert_eq!(
        stages(&walks[0]),
        [
            "arrive",
            "hop",
            "policy",
            "choose-sa",
            "encapsulate",
            "seal",
            "route"
        ]
    );
}

#[test]
fn changes_and_fields_point_at_the_right_bytes() {
    let walks = walks(&[]);
    let steps = walks[0]["walkthrough"]["steps"].as_array().unwrap();
    let hop = &steps[1];
    let ranges: Vec<_> = hop["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| (&c["start"], &c["before"]))
        .collect();
    assert_eq!(
        (ranges[0].0.as_u64(), ranges[0].1.as_str()),
        (Some(8), Some("40"))
    );
    let outer = &steps[3]["layers"][0];
    let field = |name: &str| {
        let fields = outer["fields"].as_array().unwrap();
        fields.iter().find(|field| field["name"] == name).unwrap()
    };
    let source = field("source");
    assert_eq!(
        (source["start"].as_u64(), source["end"].as_u64()),
        (Some(12), Some(16))
    );
    assert_eq!(source["setting"], "local");
    assert_eq!(bytes(&steps[3])[12..16], [192, 0, 2, 1]);
    let seal = &steps[6]["esp"];
    // RFC 4106 section 5 with extended sequence numbers: SPI, high half, low half.
    assert_eq!(seal["associated"], "0000b0010000000000000001");
    let icv: Vec<u64> = serde_json::from_value(seal["icv"].clone()).unwrap();
    assert_eq!(icv[1] - icv[0], 16);
}

#[test]
fn a_drop_says_why() {
    let walks = walks(&["walk", GATEWAY, "--from", "10.1.0.5", "--to", "10.9.0.5"]);
    let outcome = &walks[0]["walkthrough"]["outcome"];
    assert_eq!(
        (&outcome["reason"], &outcome["stage"]),
        (&"no-route".into(), &"route".into())
    );
    assert!(
        outcome["check"]
            .as_str()
            .is_some_and(|check| !check.is_empty())
    );
}

#[test]
fn a_packet_enters_by_the_link_that_its_source_is_on() {
    let packet = "45 00 00 16 00 00 00 00 40 fd 65 df 0a 01 00 05 0a 02 00 05 aa bb";
    let text = String::from_utf8(iiptran(&["walk", GATEWAY, "--packet", packet]).stdout).unwrap();
    assert!(
        text.contains("arrives by lan") && text.contains("Transmit by wan"),
        "{text}"
    );
    let text =
        String::from_utf8(iiptran(&["walk", GATEWAY, "--packet", packet, "--link", "wan"]).stdout);
    assert!(text.unwrap().contains("Drop: no-policy"));
}

#[test]
fn wrong_input_has_place_and_cause() {
    assert!(refusal(&["walk", GATEWAY]).contains("--packet"));
    assert!(refusal(&["walk", GATEWAY, "--packet", "45 zz"]).contains("\"z\" at place 4"));
    assert!(refusal(&["walk", "--packet", "45"]).contains("name its document"));
    assert!(refusal(&["walk", "no-such.toml", "--packet", "45"]).contains("no-such.toml"));
    assert!(refusal(&["walk", "--arrangement", "wrong"]).contains("tunnel-mode"));
    let link = refusal(&["walk", GATEWAY, "--packet", "45", "--link", "lam"]);
    assert!(
        link.contains("\"lam\"") && link.contains("lan, wan"),
        "{link}"
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("node.toml");
    std::fs::write(
        &file,
        "arrangement = \"iiptran\"\nlinks = [{ name = \"lan\", mtuu = 9 }]\n",
    )
    .unwrap();
    let wrong = refusal(&["walk", file.to_str().unwrap(), "--packet", "45"]);
    assert!(
        wrong.contains("node.toml") && wrong.contains("links[0]") && wrong.contains("mtuu"),
        "{wrong}"
    );
}

#[test]
fn broken_packets_are_walked_too() {
    let walks = walks(&["walk", GATEWAY, "--packet", "45 00", "--link", "wan"]);
    assert_eq!(walks[0]["walkthrough"]["outcome"]["reason"], "truncated");
}
