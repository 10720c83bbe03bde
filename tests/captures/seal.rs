//! Sending.

use iiptran::Arrangement;
use iiptran::sa::{OutboundSa, SealOptions};
use iiptran_tests::captures::{self, CapturedSa, PACKETS};
use iiptran_tests::{outer_header, process, send};

use super::other_arrangement;

/// Seals each packet of an SA with the sequence number, IV and outer header that it had; how many
/// there were.
fn seal_all(captured: &CapturedSa, arrangement: Arrangement) -> usize {
    let sa = OutboundSa::new(captured.sender(arrangement)).unwrap();
    for packet in &captured.packets {
        let outer = outer_header(&packet.wire, &packet.inner);
        let options = SealOptions {
            sequence: Some(packet.sequence),
            iv: Some(packet.iv),
            ..SealOptions::default()
        };
        let wire = process(&packet.inner, |inner| {
            send(arrangement, &sa, inner, outer, &options)
        });
        assert_eq!(wire.as_deref(), Ok(&*packet.wire), "{}", captured.case);
    }
    captured.packets.len()
}

#[test]
fn the_bytes_that_linux_sent_are_sent() {
    let sealed: usize = captures::load()
        .iter()
        .map(|captured| seal_all(captured, captured.arrangement))
        .sum();
    assert_eq!(sealed, PACKETS);
}

/// RFC 3884 section 3.1: no byte depends on the arrangement.
#[test]
fn the_other_arrangement_sends_the_same_bytes() {
    let sealed: usize = captures::load()
        .iter()
        .filter_map(|captured| Some(seal_all(captured, other_arrangement(captured)?)))
        .sum();
    assert_eq!(sealed, PACKETS - 4 * 24, "all but those of transport mode");
}
