//! Wrong scenarios: one error with path and cause.

use iiptran::config::ConfigError;
use iiptran::network::{Network, ScenarioConfig, shipped};

use crate::watch::arranged;

fn error(name: &str, from: &str, to: &str) -> ConfigError {
    let text = shipped(name).expect("a scenario").text;
    assert!(text.contains(from), "{from}");
    let text = text.replacen(from, to, 1);
    match ScenarioConfig::from_toml(&text).and_then(|config| Network::new(&config)) {
        Ok(_) => panic!("{to} is not refused"),
        Err(error) => error,
    }
}

#[test]
fn each_fault_has_its_path_and_cause() {
    let spoofing = "link = \"B.wan\", count = 10, packet";
    for (name, from, to, path, cause) in [
        (
            "figure-3",
            "network = \"vn\"",
            "network = \"nv\"",
            "nodes[0].links[0].network",
            "no network is named \"nv\"",
        ),
        (
            "figure-3",
            "from = \"X\"",
            "from = \"Z\"",
            "flows[0].from",
            "no node or host is named \"Z\"",
        ),
        (
            "figure-3",
            "\"A.b\"",
            "\"A.z\"",
            "wires[1].ends[0]",
            "no physical link named \"z\"",
        ),
        ("figure-3", "\"A.b\"", "\"A\"", "wires[1].ends[0]", "A.LINK"),
        (
            "figure-3",
            "\"A.b\"",
            "\"A.c\"",
            "wires[2].ends[0]",
            "wires[1] already",
        ),
        (
            "figure-3",
            "\"A.b\"",
            "\"A.x\"",
            "wires[1].ends[0]",
            "wires[0] already",
        ),
        (
            "figure-3",
            "ends = [\"X\", \"A.x\"]",
            "ends = [\"X\"]",
            "wires[0].ends",
            "two ends",
        ),
        (
            "figure-3",
            "node = \"A\"",
            "node = \"X\"",
            "virtual-links[0].ends[0].node",
            "a host has no virtual links",
        ),
        (
            "figure-3",
            "node = \"A\"",
            "node = \"B\"",
            "virtual-links[0].ends",
            "the same node",
        ),
        (
            "figure-3",
            "local = \"192.0.2.1\"",
            "local = \"192.0.2.99\"",
            "virtual-links[0]",
            "not an address of this node",
        ),
        (
            "figure-3",
            "10.0.4.1/30",
            "10.0.3.2/30",
            "virtual-links[0].ends",
            "10.0.3.2 is an address of",
        ),
        (
            "figure-3",
            "10.2.0.5/24",
            "10.2.0.1/24",
            "hosts[1].addresses[0]",
            "10.2.0.1 is an address of D",
        ),
        (
            "figure-3",
            "wire-down = \"a-b\"",
            "wire-down = \"b-a\"",
            "events[0].action.wire-down",
            "no wire is named \"b-a\"",
        ),
        (
            "figure-3",
            "wire-down = \"a-b\"",
            "link-down = \"A.z\"",
            "events[0].action.link-down",
            "no link named \"z\"",
        ),
        (
            "figure-3",
            "delay = \"5ms\"",
            "delay = \"5\"",
            "wires[1].delay",
            "is not a time",
        ),
        (
            "figure-3",
            "delay = \"5ms\"",
            "loss = 1.5",
            "wires[1].loss",
            "from 0 to 1",
        ),
        (
            "figure-3",
            "delay = \"5ms\"",
            "dilay = \"5ms\"",
            "wires[1].dilay",
            "unknown field",
        ),
        (
            "figure-3",
            "every = \"20ms\"",
            "every = \"0s\"",
            "flows[0].every",
            "time between packets",
        ),
        (
            "figure-3",
            "every = \"20ms\"",
            "size = 10",
            "flows[0].size",
            "24 to 65000",
        ),
        (
            "figure-3",
            "name = \"B\"",
            "name = \"A\"",
            "nodes[1].name",
            "another one is named \"A\"",
        ),
        (
            "figure-3",
            "name = \"vn\"",
            "name = \"base\"",
            "networks[1].name",
            "another one is named \"base\"",
        ),
        (
            "figure-3",
            "\"distance-vector\"",
            "\"ospf\"",
            "networks[1].routing",
            "unknown variant",
        ),
        (
            "rekey",
            "virtual-link = \"link\"",
            "virtual-link = \"kink\"",
            "events[0].action.rekey.virtual-link",
            "no virtual link is named \"kink\"",
        ),
        (
            "spoofing",
            spoofing,
            "link = \"X.wan\", count = 10, packet",
            "events[0].action.inject.link",
            "\"X\" is a host",
        ),
        (
            "spoofing",
            "destination = \"10.2.0.5\" }",
            "destination = \"::1\" }",
            "events[0].action.inject.packet.destination",
            "different IP versions",
        ),
        (
            "figure-1",
            "spi = 0x1002",
            "spi = 5",
            "nodes[0].sas[1].spi",
            "reserved",
        ),
    ] {
        let error = error(name, from, to);
        assert_eq!(error.path, path, "{from} -> {to}: {error}");
        assert!(error.cause.contains(cause), "{from} -> {to}: {error}");
    }
}

#[test]
fn a_fault_of_the_text_has_its_line() {
    let error = error("figure-3", "duration = \"30s\"", "duration = ");
    assert!(error.position.is_some(), "{error}");
}

#[test]
fn a_loop_of_static_routes_is_refused() {
    let text = r#"
        arrangement = "iiptran"
        duration = "1s"
        [[nodes]]
        name = "A"
        links = [{ name = "b", side = "protected", addresses = ["10.0.0.1/30"] }]
        routes = [{ prefix = "10.9.0.0/16", link = "b", via = "10.0.0.2" }]
        [[nodes]]
        name = "B"
        links = [{ name = "a", side = "protected", addresses = ["10.0.0.2/30"] }]
        routes = [
            { prefix = "10.8.0.0/16", link = "a" },
            { prefix = "10.9.0.0/17", link = "a" },
        ]
        [[wires]]
        ends = ["A.b", "B.a"]
    "#;
    let config = ScenarioConfig::from_toml(text).unwrap();
    let error = Network::new(&config).unwrap_err();
    assert_eq!(error.path, "nodes[0].routes[0]");
    assert_eq!(error.cause, "a loop: packets to 10.9.0.0 go round by A, B");
    // Without the second way back there is no loop.
    let config = ScenarioConfig::from_toml(&text.replace("10.9.0.0/17", "10.7.0.0/16")).unwrap();
    assert!(Network::new(&config).is_ok());
}

#[test]
fn an_impossible_arrangement_is_refused() {
    for (name, arrangement, path) in [
        ("figure-3", "transport", "virtual-links[0]"),
        ("figure-4", "tunnel-mode", "virtual-links[0].protection"),
    ] {
        let error = Network::new(&arranged(name, arrangement)).unwrap_err();
        assert_eq!(error.path, path);
        assert!(error.cause.contains(arrangement), "{error}");
    }
}

#[test]
fn what_has_no_effect_is_told() {
    let mut config = arranged("figure-3", "tunnel-mode");
    let document = "arrangement = \"iiptran\"\nduration = \"1s\"\n[[events]]\nat = \"1s\"\naction = { link-down = \"A.link-3\" }";
    config.events = ScenarioConfig::from_toml(document).unwrap().events;
    let (report, seen, _) = crate::watch::watch(&config);
    // Addresses of interfaces that the arrangement has not are for the others.
    assert_eq!(report.warnings, [""; 0]);
    assert_eq!(seen.count("vain"), 1);
}
