//! Problem 1 of RFC 3884 section 2.3: routing does not see tunnel-mode SAs.

use iiptran::network::scenario::{ActionConfig, EventConfig, RouteChangeConfig};
use iiptran::network::{Network, ScenarioConfig};
use iiptran::wire::Protocol;
use iiptran::{DropReason, Instant};
use iiptran_tests::Ip;
use iiptran_tests::lab::{Gateways, Side, ip};

use crate::watch::{arranged, flow, run, watch};

/// Figure 3 without dynamic routing: after 10 s somebody gives A and D the route over C.
fn flip(arrangement: &str) -> ScenarioConfig {
    let mut config = arranged("figure-3", arrangement);
    for network in &mut config.networks {
        network.routing = Default::default();
    }
    let route = |node: &str, prefix: &str, link: &str| {
        let document = format!("network = \"vn\"\nprefix = \"{prefix}\"\nlink = \"{link}\"");
        let change = |add| RouteChangeConfig {
            node: node.into(),
            network: Some("vn".into()),
            remove: Vec::new(),
            add,
        };
        change(vec![toml_route(&document)])
    };
    let (x, y) = ("10.1.0.0/24", "10.2.0.0/24");
    let at = |at: &str, change| EventConfig {
        at: at.to_string().try_into().unwrap(),
        action: ActionConfig::Routes(change),
    };
    config.events = vec![
        at("0s", route("A", y, "link-3")),
        at("0s", route("B", y, "link-5")),
        at("0s", route("B", x, "link-3")),
        at("0s", route("C", y, "link-6")),
        at("0s", route("C", x, "link-4")),
        at("0s", route("D", x, "link-5")),
        at("10s", route("A", y, "link-4")),
        at("10s", route("D", x, "link-6")),
    ];
    config
}

fn toml_route(document: &str) -> iiptran::config::RouteConfig {
    let node = format!("arrangement = \"iiptran\"\n[[routes]]\n{document}");
    let mut node = iiptran::config::NodeConfig::from_toml(&node).unwrap();
    node.routes.remove(0)
}

#[test]
fn prb_01_tunnel_mode_goes_on_to_b_when_the_route_says_c() {
    // In the first 10 s both arrangements use B; afterwards the route leads to C.
    let share = |arrangement: &str| {
        let (report, seen, _) = watch(&flip(arrangement));
        assert!(report.flows.iter().all(|flow| flow.missing < 3));
        let late = |wire: &str| {
            let packets = seen.wires.get(wire).into_iter().flatten();
            packets.filter(|(time, _)| *time > 11_000_000_000).count()
        };
        (late("a-b"), late("a-c"))
    };
    let (b, c) = share("iiptran");
    assert!(b == 0 && c > 1_000, "IIPtran follows the route: {b} {c}");
    let (b, c) = share("tunnel-mode");
    assert!(
        c == 0 && b > 1_000,
        "tunnel mode does not ask for it: {b} {c}"
    );
}

#[test]
fn prb_02_no_adjacency_forms_over_tunnel_mode() {
    let report = run(&arranged("figure-3", "tunnel-mode"));
    assert_eq!(report.adjacencies, []);
    for name in ["X to Y", "Y to X"] {
        let flow = flow(&report, name);
        // All that is sent after the failure goes into the tunnel to B and is lost.
        assert_eq!(flow.missing, 750);
        assert_eq!(flow.drops.len(), 1);
        assert_eq!(flow.drops[0].reason, "link-down");
    }
    assert_eq!(run(&arranged("figure-3", "iiptran")).adjacencies.len(), 6);
    // The routers themselves speak in both arrangements: on what they have.
    let mut network = Network::new(&arranged("figure-3", "tunnel-mode")).unwrap();
    network.run_until(Instant::from_secs(5), &mut ());
    let routes = |node| network.metrics("vn").filter(|(at, ..)| *at == node).count();
    assert_eq!(
        (routes("A"), routes("D")),
        (1, 1),
        "the LAN and nothing else"
    );
}

#[test]
fn prb_03_hellos_to_a_group_match_no_policy_of_tunnel_mode() {
    // A response of RIP version 2 without routes, to its group.
    let hello = [2, 8, 2, 8, 0, 12, 0, 0, 2, 2, 0, 0];
    let ends = [ip("10.1.0.1"), ip("224.0.0.9")];
    let mut packet = Ip::new(ends, Protocol::UDP, &hello);
    packet.ttl = 1;
    let mut a = Gateways::new("tunnel-mode").node(Side::A);
    let outcome = a.send("vn", &packet.bytes());
    assert_eq!(outcome.reason(), Some(DropReason::NoPolicy));
    assert!(
        a.node.tables().find_link("link").is_none(),
        "nothing to send out of"
    );

    let (mut a, mut b) = Gateways::new("iiptran").nodes();
    let sealed = a.send_via("link", &packet.bytes()).transmitted();
    let arrived = b.receive("wan", &sealed).delivered();
    assert_eq!(arrived, packet.bytes());
}
