//! Recorded packets with a few bytes changed: what is delivered is what was sent, or nothing.

use std::sync::LazyLock;

use iiptran::Arrangement;
use iiptran::sa::InboundSa;
use iiptran::wire::Ipv4Header;
use iiptran_tests::captures::{self, CapturedSa};
use iiptran_tests::{header, process, receive};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

static CAPTURED: LazyLock<Vec<CapturedSa>> = LazyLock::new(captures::load);

/// What IPsec protects of a delivered packet: all of one that was in a tunnel, and in transport mode
/// what is behind the header.
fn protected(arrangement: Arrangement, packet: &[u8]) -> Vec<u8> {
    match arrangement {
        Arrangement::Transport => header(packet).payload(packet).to_vec(),
        _ => packet.to_vec(),
    }
}

/// Gives a changed IPv4 header a checksum that fits, as somebody on the path could.
fn mend_checksum(packet: &mut [u8]) {
    let length = usize::from(packet[0] & 0x0f) * 4;
    if packet[0] >> 4 == 4
        && let Some(header) = packet.get_mut(..length)
    {
        Ipv4Header::fill_checksum(header);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn a_changed_packet_is_the_original_or_nothing(
        sa in any::<Index>(),
        packet in any::<Index>(),
        changes in vec((any::<Index>(), 0..64_usize, any::<bool>(), 1..=u8::MAX), 1..4),
        mend in any::<bool>(),
    ) {
        let captured = sa.get(&CAPTURED);
        let packet = packet.get(&captured.packets);
        let mut changed = packet.wire.clone();
        for (anywhere, early, is_early, difference) in changes {
            // Headers are short and have more to tell.
            let place = if is_early { early } else { anywhere.index(changed.len()) };
            changed[place] ^= difference;
        }
        if mend {
            mend_checksum(&mut changed);
        }
        let arrangement = captured.arrangement;
        let mut receiver = InboundSa::new(captured.receiver(arrangement)).unwrap();
        let delivered = process(&changed, |packet| receive(arrangement, &mut receiver, packet));
        if let Ok(delivered) = delivered {
            let expected = protected(arrangement, &packet.inner);
            prop_assert_eq!(protected(arrangement, &delivered), expected, "{}", captured.case);
        }
    }
}
