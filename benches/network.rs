//! A virtual network of many gateways: packets a second on one core, and bytes a node.
//!
//! Each gateway has a host behind it and ten virtual links to the gateways that follow it, all over one
//! base network; each host sends to one behind another gateway. A packet is sealed once and opened
//! once, and crosses three wires. Memory is told after the network is built and at its highest, for
//! two numbers of packets: it does not depend on them.
#![allow(clippy::expect_used, reason = "a bench may fail anywhere")]

use std::time::Instant as Clock;

use iiptran::config::{ArrangementName, LimitsConfig, LinkConfig, RouteConfig, SideName};
use iiptran::network::scenario::{
    FlowConfig, HostConfig, LinkEndConfig, ScenarioLinkConfig, ScenarioNetworkConfig,
    ScenarioNodeConfig, WireConfig,
};
use iiptran::network::{Network, ScenarioConfig};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const LINKS_OF_A_GATEWAY: usize = 10;

fn main() {
    println!(
        "gateways   links    packets   build s   packets/s   bytes/node   built MiB   peak MiB"
    );
    for (gateways, packets) in [(100, 100_000), (1_000, 100_000), (1_000, 1_000_000)] {
        run(gateways, packets);
    }
}

fn run(gateways: usize, packets: usize) {
    let scenario = scenario(gateways, packets / gateways);
    let links = scenario.virtual_links.len();
    let before = MEMORY.current_usage();
    let clock = Clock::now();
    let mut network = Network::new(&scenario).expect("a network");
    let build = clock.elapsed().as_secs_f64();
    let built = MEMORY.current_usage() - before;
    MEMORY.reset_peak_usage();
    let clock = Clock::now();
    network.run(&mut ());
    let run = clock.elapsed().as_secs_f64();
    let peak = MEMORY.peak_usage() - before;
    let report = network.report();
    let delivered: u64 = report.flows.iter().map(|flow| flow.delivered).sum();
    assert_eq!(delivered, packets as u64, "every packet arrives");
    let mebibytes = |bytes: usize| bytes as f64 / f64::from(1 << 20);
    println!(
        "{gateways:8} {links:7} {packets:10} {build:9.2} {:11.0} {:12} {:11.1} {:10.1}",
        packets as f64 / run,
        built / gateways,
        mebibytes(built),
        mebibytes(peak),
    );
}

fn scenario(gateways: usize, packets: usize) -> ScenarioConfig {
    let duration = text("100s");
    let mut scenario = ScenarioConfig::new(ArrangementName::Iiptran, duration);
    for name in ["base", "vn"] {
        scenario.networks.push(ScenarioNetworkConfig {
            name: name.into(),
            base: None,
            routing: Default::default(),
            timers: Default::default(),
            through_sas: false,
        });
    }
    let number = |gateway: usize| (gateway / 250, gateway % 250 + 1);
    let base = |gateway: usize| {
        let (high, low) = number(gateway);
        format!("172.16.{high}.{low}")
    };
    let lan = |gateway: usize| {
        let (high, low) = number(gateway);
        format!("10.{high}.{low}")
    };
    let mut wan = Vec::new();
    for gateway in 0..gateways {
        let near = (1..=LINKS_OF_A_GATEWAY).flat_map(|step| {
            let after = (gateway + step) % gateways;
            let before = (gateway + gateways - step) % gateways;
            [(gateway, after, after), (before, gateway, before)]
        });
        let routes = near.map(|(from, to, far)| {
            let prefix = format!("{}.0/24", lan(far)).parse().expect("a prefix");
            route(prefix, &format!("{from}-{to}"))
        });
        scenario.nodes.push(ScenarioNodeConfig {
            name: format!("g{gateway}"),
            links: vec![
                LinkConfig {
                    network: Some("vn".into()),
                    side: SideName::Protected,
                    addresses: vec![text(&format!("{}.1/24", lan(gateway)))],
                    ..LinkConfig::new("lan")
                },
                LinkConfig {
                    addresses: vec![text(&format!("{}/16", base(gateway)))],
                    ..LinkConfig::new("wan")
                },
            ],
            routes: routes.collect(),
            limits: Some(LimitsConfig {
                reassembly_datagrams: Some(0),
                ..LimitsConfig::default()
            }),
            ..ScenarioNodeConfig::default()
        });
        scenario.hosts.push(HostConfig {
            name: format!("h{gateway}"),
            addresses: vec![text(&format!("{}.5/24", lan(gateway)))],
            gateway: None,
        });
        let ends = vec![format!("h{gateway}"), format!("g{gateway}.lan")];
        scenario.wires.push(WireConfig::new(ends));
        wan.push(format!("g{gateway}.wan"));
        for step in 1..=LINKS_OF_A_GATEWAY {
            let to = (gateway + step) % gateways;
            let end = |gateway: usize| LinkEndConfig {
                node: format!("g{gateway}"),
                local: base(gateway).parse().expect("an address"),
                addresses: Vec::new(),
            };
            scenario.virtual_links.push(ScenarioLinkConfig {
                network: Some("vn".into()),
                transform: Some(text("aes-128-gcm-16")),
                ..ScenarioLinkConfig::new(&format!("{gateway}-{to}"), [end(gateway), end(to)])
            });
        }
        let far = (gateway + 1 + gateway % LINKS_OF_A_GATEWAY) % gateways;
        scenario.flows.push(FlowConfig {
            count: Some(packets as u64),
            start: text(&format!("{gateway}us")),
            ..FlowConfig::new(&format!("h{gateway}"), &format!("h{far}"))
        });
    }
    scenario.wires.push(WireConfig {
        name: Some("wan".into()),
        delay: text("5ms"),
        ..WireConfig::new(wan)
    });
    scenario
}

fn route(prefix: iiptran::config::PrefixText, link: &str) -> RouteConfig {
    RouteConfig {
        network: Some("vn".into()),
        prefix,
        link: Some(link.into()),
        via: None,
        paths: Vec::new(),
        action: None,
        source: None,
        preference: 0,
    }
}

fn text<T: std::str::FromStr>(text: &str) -> T
where
    T::Err: std::fmt::Debug,
{
    text.parse().expect("a value")
}
