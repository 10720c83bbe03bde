//! Captures of Linux 6.1 in the page's module: each packet opens, and its walk shows what the receiving
//! gateway had in the end.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may fail anywhere"
)]

use std::collections::BTreeMap;
use std::fs;

use iiptran::Arrangement;
use iiptran::config::{KeysConfig, ModeName, SaConfig, UdpEncapsulationConfig};
use iiptran_tests::captures::{self, CapturedSa};
use iiptran_wasm::{Capture, Leg};

fn document(sas: &[CapturedSa]) -> String {
    let sa = |sa: &CapturedSa| {
        let sender = sa.sender(sa.arrangement);
        let mut config = SaConfig::new(sender.spi, sender.transform, sender.keys);
        config.source = Some(sa.ends.local);
        config.destination = Some(sa.ends.remote);
        config.extended_sequence = sender.extended_sequence;
        config.start = sender.start;
        if sa.arrangement == Arrangement::TunnelMode {
            config.mode = ModeName::Tunnel;
        }
        config.udp_encapsulation = sa.udp_encapsulation.then(UdpEncapsulationConfig::default);
        config
    };
    let sas = sas.iter().map(sa).collect();
    serde_json::to_string(&KeysConfig { sas }).unwrap()
}

#[test]
fn each_packet_of_linux_is_opened_and_walked() {
    let mut cases: BTreeMap<String, Vec<CapturedSa>> = BTreeMap::new();
    for sa in captures::load() {
        cases.entry(sa.case.clone()).or_default().push(sa);
    }
    let mut walked = 0;
    for (case, sas) in cases {
        let file = fs::read(captures::file(&case, "wire")).unwrap();
        let (capture, report) = Capture::new(&case, &file, &document(&sas)).unwrap();
        let packets: BTreeMap<_, _> = sas
            .iter()
            .flat_map(|sa| &sa.packets)
            .map(|packet| (packet.wire.clone(), packet.inner.clone()))
            .collect();
        assert_eq!(report.opened, report.packets, "{case}");
        for place in 0..report.packets {
            let walk = capture.walk(place).unwrap();
            let inner = &packets[&walk.packets.last().unwrap().0];
            let Leg::Node { walkthrough, .. } = &walk.line.journey.legs[1] else {
                unreachable!("the receiver comes second");
            };
            let steps = walkthrough.steps.iter();
            assert!(
                steps.clone().any(|step| step.packet.0 == *inner),
                "{case}, packet {place}: {:?} {:?}\n{}",
                steps.map(|step| &step.stage).collect::<Vec<_>>(),
                walkthrough.outcome,
                walk.document,
            );
            walked += 1;
        }
    }
    assert_eq!(walked, captures::PACKETS);
}

#[test]
fn a_packet_that_comes_again_is_seen_to_be_a_replay() {
    let sas = captures::load();
    let sa = sas
        .iter()
        .find(|sa| sa.case == "iiptran-4in4-aes128gcm16")
        .unwrap();
    let mut writer = iiptran_capture::PcapngWriter::new("");
    for packet in [0, 1, 0] {
        writer.write(std::time::Duration::from_secs(1), &sa.packets[packet].wire);
    }
    let keys = document(std::slice::from_ref(sa));
    let (capture, report) = Capture::new("again", &writer.finish(), &keys).unwrap();
    assert_eq!((report.opened, report.dropped), (2, 1));
    let walk = serde_json::to_value(capture.walk(2).unwrap()).unwrap();
    let outcome = &walk["journey"]["legs"][1]["walkthrough"]["outcome"];
    assert_eq!(outcome["reason"], "replayed");
    assert_eq!(walk["packets"].as_array().unwrap().len(), 3);
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let fault = |bytes: &[u8], keys: &str| {
        let fault = Capture::new("x.pcap", bytes, keys).err().unwrap();
        (fault.part.clone(), fault.to_string())
    };
    let (part, text) = fault(b"GIF89a", "");
    assert_eq!(part, "capture");
    assert!(text.contains("not a pcap or pcapng file"), "{text}");
    let empty = iiptran_capture::PcapngWriter::new("").finish();
    let (part, text) = fault(&empty, "\"IPv4\",\"x\"");
    assert_eq!(part, "keys");
    assert!(text.contains("line 1"), "{text}");
}
