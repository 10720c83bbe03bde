//! Sequence numbers and IVs: an SA that starts where the recorded one did counts on by itself, across
//! 2^32 too.

use iiptran::sa::{OutboundSa, SaParameters, SealOptions};
use iiptran::transform::{Iv, Transform};
use iiptran_tests::captures::{self, CapturedPacket, CapturedSa, PACKETS};
use iiptran_tests::{outer_header, process, send};

/// Seals all packets of an SA with the next number each and the IV that `iv` gives; how many there
/// were.
fn seal_all(
    captured: &CapturedSa,
    parameters: SaParameters,
    iv: impl Fn(&CapturedPacket) -> Option<Iv>,
) -> usize {
    let sa = OutboundSa::new(parameters).unwrap();
    for packet in &captured.packets {
        let options = SealOptions {
            iv: iv(packet),
            ..SealOptions::default()
        };
        let outer = outer_header(&packet.wire, &packet.inner);
        let wire = process(&packet.inner, |inner| {
            send(captured.arrangement, &sa, inner, outer, &options)
        });
        assert_eq!(wire.as_deref(), Ok(&*packet.wire), "{}", captured.case);
        assert_eq!(sa.sequence(), packet.sequence, "{}", captured.case);
    }
    captured.packets.len()
}

/// In counter modes, Linux's IV is the whole sequence number combined with a random number of the SA.
/// The first packet gives that number away.
fn counter(captured: &CapturedSa) -> usize {
    let mut parameters = captured.sender(captured.arrangement);
    let first = &captured.packets[0];
    let iv = first.iv.as_bytes().try_into().unwrap();
    parameters.iv_mask = u64::from_be_bytes(iv) ^ first.sequence;
    seal_all(captured, parameters, |_| None)
}

#[test]
fn numbers_and_ivs_follow_from_the_first_packet() {
    let (mut counters, mut random, mut none) = (0, 0, 0);
    for captured in captures::load() {
        let parameters = || captured.sender(captured.arrangement);
        match captured.transform {
            Transform::AesCbc { .. } => {
                random += seal_all(&captured, parameters(), |packet| Some(packet.iv));
            }
            Transform::Null { .. } => none += seal_all(&captured, parameters(), |_| None),
            _ => counters += counter(&captured),
        }
    }
    assert_eq!([counters, random, none], [572, 238, 14]);
    assert_eq!(counters + random + none, PACKETS);
}
