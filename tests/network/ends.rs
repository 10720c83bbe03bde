//! The ends of packets, and captures as the hosts have them, against the run's own report and a reader of
//! pcap files that we did not write.

use iiptran_host::{Network, scenarios};
use pcap_parser::{PcapCapture, parse_pcap};
use serde_json::Value;

fn count(report: &Value, list: &str, of: impl Fn(&Value) -> u64) -> u64 {
    report[list].as_array().unwrap().iter().map(of).sum()
}

/// What flows and nodes counted is what ends tell, packet by packet.
#[test]
fn ends_are_what_the_report_counts() {
    for name in scenarios() {
        let mut network = Network::new(name).unwrap();
        network.run_until(network.duration());
        let report: Value = serde_json::from_str(&network.report()).unwrap();
        let ends = network.take_ends();
        assert!(ends.is_sorted_by_key(|end| end.time), "{name}");
        let of_flows = |verdict: &str| {
            let ends = ends.iter().filter(|end| end.flow.is_some());
            ends.filter(|end| end.verdict == verdict).count() as u64
        };
        let arrived = count(&report, "flows", |flow| {
            let fields = ["delivered", "duplicates", "misdelivered"];
            fields.iter().map(|f| flow[*f].as_u64().unwrap()).sum()
        });
        assert_eq!(of_flows("deliver"), arrived, "{name}");
        let packets =
            |flow: &Value, list| count(flow, list, |row| row["packets"].as_u64().unwrap());
        let lost = count(&report, "flows", |flow| packets(flow, "losses"));
        assert_eq!(of_flows("lose"), lost, "{name}");
        let dropped = count(&report, "flows", |flow| packets(flow, "drops"));
        // A packet whose node finds no source for it is never made, and has no end.
        assert!(of_flows("drop") <= dropped, "{name}");
    }
}

/// A reader of pcap files finds as many packets and bytes as the wire carried.
#[test]
fn captures_hold_what_wires_carried() {
    let mut network = Network::new("figure-3").unwrap();
    network.run_until(8_000_000_000);
    let report: Value = serde_json::from_str(&network.report()).unwrap();
    for wire in report["wires"].as_array().unwrap() {
        let name = wire["name"].as_str().unwrap();
        let file = network.take_capture(Some(name)).unwrap();
        let PcapCapture { header, blocks } = parse_pcap(&file).unwrap().1;
        assert!(header.is_nanosecond_precision());
        let bytes: u64 = blocks.iter().map(|block| u64::from(block.caplen)).sum();
        let of = |field| count(wire, "carried", |end| end[field].as_u64().unwrap());
        assert_eq!(blocks.len() as u64, of("packets"), "{name}");
        assert_eq!(bytes, of("bytes"), "{name}");
    }
}
