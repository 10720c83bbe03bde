//! Policies between two prefixes each, and flows that they match.

use core::hint::black_box;
use std::net::{IpAddr, Ipv4Addr};
use std::rc::Rc;
use std::time::Instant;

use iiptran::spd::{AddressSet, Applies, Direction, NextLayer, Policy, Selectors, Spd};
use iiptran::wire::{Flow, Protocol, Upper};
use iiptran_benches::inputs::{self, FLOWS, UdpFlow};
use iiptran_turns::{BURST, Rows};

/// Adds rows for so many policies, and how long building the SPD took.
pub(crate) fn add(rows: &mut Rows, count: usize) {
    let name = format!("spd/policies/{count}");
    let building = format!("build/policies/{count}/ms");
    if !rows.wants(&name) && !rows.wants(&building) {
        return;
    }
    let sides = inputs::policies(count);
    let policies: Box<[Policy]> = sides.iter().enumerate().map(policy).collect();
    let mut best = f64::INFINITY;
    for _ in 0..3 {
        let policies = policies.clone();
        let clock = Instant::now();
        black_box(Spd::new(policies).expect("an SPD"));
        best = best.min(clock.elapsed().as_secs_f64() * 1e3);
    }
    rows.value(&building, crate::SELF, best);
    let spd = Spd::new(policies).expect("an SPD");
    let flows = inputs::flows(&sides).iter().map(flow).collect::<Vec<_>>();
    let found = flows
        .iter()
        .take(BURST)
        .all(|flow| spd.lookup(Direction::Outbound, flow).is_some());
    assert!(found, "a policy matches each flow");
    let shared = Rc::new((spd, flows));
    crate::add(rows, &name, FLOWS, || {
        let shared = Rc::clone(&shared);
        let mut found = [None; BURST];
        move |place| {
            let (spd, flows) = &*shared;
            spd.lookup_burst(
                Direction::Outbound,
                &flows[place..place + BURST],
                &mut found,
            );
            black_box(&mut found);
        }
    });
}

fn policy((number, sides): (usize, &[Ipv4Addr; 2])) -> Policy {
    let [local, remote] = sides.map(|side| {
        let prefix = AddressSet::prefix(side.into(), 24);
        prefix.expect("a prefix")
    });
    let selectors = Selectors::new(local, remote, NextLayer::Any).expect("selectors");
    let policy = Policy::bypass(number.to_string(), Applies::Both, [selectors]);
    policy.expect("a policy")
}

fn flow(flow: &UdpFlow) -> Flow {
    let [source, destination] = flow.addresses.map(IpAddr::from);
    let [source_port, destination_port] = flow.ports;
    Flow {
        source,
        destination,
        protocol: Protocol::UDP,
        upper: Upper::Ports {
            source: source_port,
            destination: destination_port,
        },
        traffic_class: 0,
        flow_label: 0,
        fragment: None,
    }
}
