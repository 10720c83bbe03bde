//! Captures cut off, changed at random, or not captures at all.

use iiptran_cli::capture::{CaptureError, Cause, Framing, LinkType};
use proptest::prelude::*;

use super::blocks::{Big, Little};
use super::read;

/// The first bytes of a capture of each kind, and of none.
const STARTS: &[&[u8]] = &[
    b"\xd4\xc3\xb2\xa1\x02\x00\x04\x00",
    b"\xa1\xb2\x3c\x4d\x00\x02\x00\x04",
    b"\x0a\x0d\x0d\x0a\x1c\x00\x00\x00\x4d\x3c\x2b\x1a",
    b"\x0a\x0d\x0d\x0a\x00\x00\x00\x1c\x1a\x2b\x3c\x4d",
    b"",
];

/// Parts of EtherTypes, address families and the first bytes of IP headers.
const TELLING_BYTES: &[u8] = &[0, 2, 4, 8, 0x45, 0x60, 0x81, 0x86, 0xdd];

/// A small capture of each format, and where its records end.
fn samples() -> [(Vec<u8>, Vec<usize>); 2] {
    let pcap = [
        Little.pcap(0xa1b2_c3d4, 1),
        Little.frame(1, 2, 9, &[1, 2, 3]),
        Little.frame(1, 3, 0, &[]),
        Little.frame(1, 4, 5, &[1; 5]),
    ];
    let pcapng = [
        Big.section(),
        Big.interface(113, 0, &Big.option(9, &[6])),
        Big.enhanced_with_options(0, 7, 5, &[1; 5], &Big.option(1, b"first")),
        Big.block(10, &[0xaa; 30]),
        Big.simple(2, &[1, 2]),
        Little.section(),
        Little.interface(101, 0, &[]),
        Little.obsolete(0, 7, 5, &[1; 5]),
    ];
    [ends(&pcap), ends(&pcapng)]
}

fn ends(records: &[Vec<u8>]) -> (Vec<u8>, Vec<usize>) {
    let ends = records.iter().scan(0, |end, record| {
        *end += record.len();
        Some(*end)
    });
    (records.concat(), ends.collect())
}

#[test]
fn a_capture_cut_off_anywhere_gives_what_is_whole_and_says_where_it_ends() {
    for (capture, ends) in samples() {
        let (all, error) = read(&capture);
        assert!(error.is_none() && all.len() == 3);
        for length in 0..capture.len() {
            let (packets, error) = read(&capture[..length]);
            assert_eq!(packets, all[..packets.len()]);
            let whole = ends.iter().rfind(|&&end| end <= length);
            match error {
                None => assert_eq!(whole, Some(&length), "a clean end is between records"),
                Some(CaptureError::Read {
                    offset,
                    packet,
                    cause: Cause::Truncated { needed, found },
                    ..
                }) => {
                    assert!(found < needed);
                    assert_eq!(packet, packets.len() as u64);
                    assert!(offset as usize >= *whole.unwrap_or(&0) && offset as usize <= length);
                }
                Some(other) => panic!("{other}"),
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn bytes_at_random_behind_a_good_start_never_panic(
        start in prop::sample::select(STARTS),
        rest in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        read(&[start, &rest].concat());
    }

    #[test]
    fn a_capture_changed_at_random_never_panics(
        format in 0_usize..2,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..5),
    ) {
        let (mut capture, _) = samples()[format].clone();
        for (index, value) in changes {
            *index.get_mut(&mut capture) = value;
        }
        let (packets, _) = read(&capture);
        for packet in packets {
            let _ = packet.link_type.ip_packet(&packet.bytes);
        }
    }

    #[test]
    fn the_ip_packet_found_is_inside_the_frame(
        link_type in prop::sample::select(LinkType::SUPPORTED),
        frame in prop::collection::vec(prop::sample::select(TELLING_BYTES), 0..40),
    ) {
        if let Framing::Ip { offset } = link_type.0.ip_packet(&frame).unwrap() {
            prop_assert!([4, 6].contains(&(frame[offset] >> 4)));
        }
    }
}
