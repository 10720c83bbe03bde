//! However many packets a network carries, it takes no more memory.
//!
//! A test binary of its own, because it counts what the whole process allocates.
#![allow(clippy::unwrap_used, reason = "a test may fail anywhere")]

use iiptran::network::{Network, ScenarioConfig, shipped};
use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// The most memory that figure 3 takes while each flow sends so many packets, bytes.
fn peak(packets: u64) -> usize {
    let text = shipped("figure-3").unwrap().text;
    let mut scenario = ScenarioConfig::from_toml(text).unwrap();
    for flow in &mut scenario.flows {
        flow.every = "1ms".parse().unwrap();
        flow.count = Some(packets);
    }
    let before = ALLOCATOR.current_usage();
    ALLOCATOR.reset_peak_usage();
    let mut network = Network::new(&scenario).unwrap();
    network.run(&mut ());
    let sent: u64 = network.report().flows.iter().map(|flow| flow.sent).sum();
    assert_eq!(sent, packets * scenario.flows.len() as u64);
    ALLOCATOR.peak_usage() - before
}

/// One test, so that no other allocates beside it.
#[test]
fn memory_grows_with_nodes_and_links_and_not_with_packets() {
    let [few, many] = [200, 8_000].map(peak);
    assert!(
        many < few + few / 20,
        "{few} bytes for 200 packets a flow, {many} for 8,000"
    );
}
