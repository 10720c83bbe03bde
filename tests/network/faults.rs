//! What wires do to packets, and loops.

use iiptran::network::{ScenarioConfig, scenario::WireConfig};

use crate::watch::{run, word};

/// Two hosts and a wire.
fn hosts(change: impl FnOnce(&mut WireConfig), flow: &str) -> iiptran::network::FlowReport {
    let document = format!(
        r#"
        arrangement = "iiptran"
        duration = "10s"
        hosts = [
            {{ name = "X", addresses = ["192.0.2.1/24"] }},
            {{ name = "Y", addresses = ["192.0.2.2/24"] }},
        ]
        wires = [{{ ends = ["X", "Y"], delay = "1ms" }}]
        flows = [{{ from = "X", to = "Y", every = "1ms", stop = "9s", {flow} }}]
        "#
    );
    let mut config = ScenarioConfig::from_toml(&document).unwrap();
    change(&mut config.wires[0]);
    run(&config).flows.remove(0)
}

#[test]
fn a_good_wire_changes_nothing() {
    let flow = hosts(|_| (), "");
    assert_eq!((flow.sent, flow.delivered), (9_000, 9_000));
    assert_eq!((flow.duplicates, flow.reordered), (0, 0));
    assert_eq!(flow.latency_min, Some(1_000_000));
    assert_eq!(flow.latency_max, Some(1_000_000));
}

#[test]
fn loss_duplication_and_reordering_are_as_asked() {
    let flow = hosts(|wire| wire.loss = 0.1, "");
    assert!((800..1_000).contains(&flow.missing), "{}", flow.missing);
    assert_eq!(flow.losses[0].packets, flow.missing);

    let flow = hosts(|wire| wire.duplicate = 0.1, "");
    assert!(
        (800..1_000).contains(&flow.duplicates),
        "{}",
        flow.duplicates
    );
    assert_eq!(flow.missing, 0);

    let held = |wire: &mut WireConfig| {
        wire.reorder = 0.1;
        wire.reorder_by = "2500us".to_string().try_into().unwrap();
    };
    let flow = hosts(held, "");
    assert!((750..1_000).contains(&flow.reordered), "{}", flow.reordered);
    assert_eq!((flow.missing, flow.duplicates), (0, 0));

    let flow = hosts(|wire| wire.damage = 0.1, "");
    assert!((800..1_000).contains(&flow.missing), "{}", flow.missing);
}

#[test]
fn a_slow_wire_delays_and_then_loses() {
    // 92 bytes every millisecond are 736 kbit/s.
    let flow = hosts(|wire| wire.bandwidth = Some(1_000_000), "");
    assert_eq!(flow.missing, 0);
    assert_eq!(flow.latency_max, Some(1_736_000), "92 bytes at 1 Mbit/s");
    // Half of what it takes: 500 packets a second.
    let flow = hosts(|wire| wire.bandwidth = Some(368_000), "");
    assert!(
        (4_900..=5_000).contains(&flow.delivered),
        "{}",
        flow.delivered
    );
    assert_eq!(flow.losses[0].reason, "queue-full");
}

#[test]
fn a_wire_takes_what_fits() {
    let flow = hosts(|wire| wire.mtu = Some(92), "count = 5");
    assert_eq!((flow.sent, flow.delivered), (5, 5));
    let flow = hosts(|wire| wire.mtu = Some(91), "count = 5");
    assert_eq!(
        (flow.delivered, flow.losses[0].reason.as_str()),
        (0, "too-big")
    );
}

/// Three nodes in a ring; an event gives each of them a route to the next.
const RING: &str = r#"
    arrangement = "iiptran"
    duration = "2s"
    [[nodes]]
    name = "A"
    links = [
        { name = "b", side = "protected", addresses = ["10.0.1.1/30"] },
        { name = "c", side = "protected", addresses = ["10.0.3.2/30"] },
    ]
    [[nodes]]
    name = "B"
    links = [
        { name = "c", side = "protected", addresses = ["10.0.2.1/30"] },
        { name = "a", side = "protected", addresses = ["10.0.1.2/30"] },
    ]
    [[nodes]]
    name = "C"
    links = [
        { name = "a", side = "protected", addresses = ["10.0.3.1/30"] },
        { name = "b", side = "protected", addresses = ["10.0.2.2/30"] },
    ]
    [[wires]]
    ends = ["A.b", "B.a"]
    delay = "1ms"
    [[wires]]
    ends = ["B.c", "C.b"]
    delay = "1ms"
    [[wires]]
    ends = ["C.a", "A.c"]
    delay = "1ms"
    [[events]]
    at = "0s"
    action = { routes = { node = "A", add = [{ prefix = "10.9.0.0/16", link = "b" }] } }
    [[events]]
    at = "0s"
    action = { routes = { node = "B", add = [{ prefix = "10.9.0.0/16", link = "c" }] } }
    [[events]]
    at = "0s"
    action = { routes = { node = "C", add = [{ prefix = "10.9.0.0/16", link = "a" }] } }
    [[flows]]
    from = "A"
    to = "C"
    destination = "10.9.0.1"
    count = 3
    ttl = 200
"#;

#[test]
fn a_forwarding_loop_ends_by_ttl() {
    let report = run(&ScenarioConfig::from_toml(RING).unwrap());
    let flow = &report.flows[0];
    assert_eq!((flow.sent, flow.delivered), (3, 0));
    assert_eq!(flow.drops[0].reason, "ttl-expired");
    assert_eq!(flow.drops[0].packets, 3);
    // 200 transmissions a packet: one by the sender, and one for each hop that the TTL allows.
    let carried = report.wires.iter().flat_map(|wire| &wire.carried);
    assert_eq!(carried.map(|count| count.packets).sum::<u64>(), 3 * 200);
}

#[test]
fn a_tunnel_that_leads_into_itself_ends_by_the_nesting_limit() {
    let document = r#"
        arrangement = "iiptran"
        duration = "1s"
        flows = [{ from = "A", to = "B", destination = "10.0.0.2", source = "192.0.2.1", count = 3 }]
        [[nodes]]
        name = "A"
        links = [{ name = "wan", addresses = ["192.0.2.1/32"] }]
        routes = [{ prefix = "192.0.2.2/32", link = "tunnel" }]
        [[nodes]]
        name = "B"
        links = [{ name = "wan", addresses = ["192.0.2.2/32"] }]
        [[wires]]
        ends = ["A.wan", "B.wan"]
        [[virtual-links]]
        name = "tunnel"
        ends = [
            { node = "A", local = "192.0.2.1", addresses = ["10.0.0.1/30"] },
            { node = "B", local = "192.0.2.2", addresses = ["10.0.0.2/30"] },
        ]
    "#;
    let mut config = ScenarioConfig::from_toml(document).unwrap();
    config.arrangement = word("iiptran");
    config.flows[0].source = Some("10.0.0.1".parse().unwrap());
    let report = run(&config);
    let flow = &report.flows[0];
    let reason = flow.drops[0].reason.as_str();
    assert!(
        ["tunnel-loop", "recursive-encapsulation"].contains(&reason),
        "{reason}"
    );
    assert_eq!((flow.delivered, flow.drops[0].packets), (0, 3));
}
