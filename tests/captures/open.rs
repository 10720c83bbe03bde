//! Receiving.

use iiptran::Arrangement;
use iiptran::sa::InboundSa;
use iiptran_tests::captures::{self, CapturedSa, PACKETS};
use iiptran_tests::{NOW, process, receive};

use super::other_arrangement;

/// Opens all packets of an SA in the order of the wire; how many there were.
fn open_all(captured: &CapturedSa, arrangement: Arrangement) -> usize {
    let mut sa = InboundSa::new(captured.receiver(arrangement)).unwrap();
    for packet in &captured.packets {
        let mut sequence = None;
        let inner = process(&packet.wire, |wire| {
            sequence = Some(receive(arrangement, &mut sa, wire)?);
            Ok(())
        });
        assert_eq!(inner.as_deref(), Ok(&*packet.inner), "{}", captured.case);
        assert_eq!(sequence, Some(packet.sequence), "{}", captured.case);
    }
    assert_eq!(sa.usage().packets, captured.packets.len() as u64);
    captured.packets.len()
}

#[test]
fn each_receiver_gets_what_linux_got() {
    let opened: usize = captures::load()
        .iter()
        .map(|captured| open_all(captured, captured.arrangement))
        .sum();
    assert_eq!(opened, PACKETS);
}

/// RFC 3884 section 3.1: a packet does not show whether tunnel mode made it, or a tunnel interface and
/// transport mode.
#[test]
fn each_end_may_be_of_the_other_arrangement() {
    let opened: usize = captures::load()
        .iter()
        .filter_map(|captured| Some(open_all(captured, other_arrangement(captured)?)))
        .sum();
    assert_eq!(opened, PACKETS - 4 * 24, "all but those of transport mode");
}

/// RFC 3884 section 3.1: what tunnel mode has behind ESP is what transport mode protects for a tunnel
/// interface.
#[test]
fn with_its_outer_header_a_packet_of_tunnel_mode_is_one_of_ip_in_ip() {
    let mut compared = 0;
    for captured in captures::load() {
        if captured.arrangement != Arrangement::TunnelMode {
            continue;
        }
        let sa = |arrangement| InboundSa::new(captured.receiver(arrangement)).unwrap();
        let mut tunnel = sa(Arrangement::TunnelMode);
        let mut transport = sa(Arrangement::Iiptran);
        for packet in &captured.packets {
            let kept = process(&packet.wire, |wire| tunnel.open_keeping_outer(NOW, wire));
            let ipip = process(&packet.wire, |wire| transport.open(NOW, wire));
            assert_eq!(kept, ipip, "{}", captured.case);
            assert!(kept.unwrap().ends_with(&packet.inner), "{}", captured.case);
            compared += 1;
        }
    }
    assert_eq!(compared, 14 * 14, "14 cases of 14 packets");
}
