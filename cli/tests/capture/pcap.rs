//! The classic format.

use core::time::Duration;
use std::io::{self, Read};
use std::path::Path;

use iiptran_cli::capture::{CaptureError, CaptureReader, Cause, LinkType};

use super::blocks::{Big, Little};
use super::{Owned, fault, packets, read};

const MICROSECONDS: u32 = 0xa1b2_c3d4;
const NANOSECONDS: u32 = 0xa1b2_3c4d;

#[test]
fn both_orders_and_both_units_are_read() {
    for order in [Little, Big] {
        for (magic, unit) in [(MICROSECONDS, 1_000), (NANOSECONDS, 1)] {
            let capture = [
                order.pcap(magic, 101),
                order.frame(1_795_419_487, 7, 3, &[0x45, 1, 2]),
                order.frame(0, 0, 1_500, &[]),
            ];
            let first = Owned {
                timestamp: Duration::new(1_795_419_487, 7 * unit),
                original_length: 3,
                link_type: LinkType::RAW,
                bytes: vec![0x45, 1, 2],
            };
            let second = Owned {
                timestamp: Duration::ZERO,
                original_length: 1_500,
                link_type: LinkType::RAW,
                bytes: vec![],
            };
            assert_eq!(packets(&capture.concat()), [first, second], "{order:?}");
        }
    }
}

#[test]
fn the_original_length_is_never_less_than_the_captured_one() {
    let capture = [
        Little.pcap(MICROSECONDS, 101),
        Little.frame(0, 0, 1, &[0; 9]),
    ];
    assert_eq!(packets(&capture.concat())[0].original_length, 9);
}

#[test]
fn a_whole_second_in_the_fraction_is_a_second() {
    let capture = [
        Little.pcap(MICROSECONDS, 101),
        Little.frame(u32::MAX, u32::MAX, 0, &[]),
    ];
    assert_eq!(
        packets(&capture.concat())[0].timestamp,
        Duration::new(u32::MAX.into(), 0) + Duration::from_micros(u32::MAX.into())
    );
}

#[test]
fn the_snapshot_length_of_the_file_does_not_limit_its_packets() {
    let capture = [
        Little.pcap(MICROSECONDS, 101),
        Little.frame(0, 0, 262_144, &vec![1; 262_144]),
    ];
    assert_eq!(packets(&capture.concat())[0].bytes.len(), 262_144);
}

#[test]
fn the_bits_of_the_frame_check_sequence_are_not_the_link_type() {
    let capture = [Big.pcap(MICROSECONDS, 0x2400_0001), Big.frame(0, 0, 0, &[])];
    assert_eq!(packets(&capture.concat())[0].link_type, LinkType::EN10MB);
}

#[test]
fn a_claimed_length_beyond_reason_is_refused_where_it_stands() {
    let capture = [
        Little.pcap(MICROSECONDS, 101),
        Little.frame(0, 0, 4, &[1; 4]),
        vec![0, 0, 0, 0, 0, 0, 0, 0, 0xf0, 0xff, 0xff, 0xff],
        vec![9; 100],
    ];
    let (packet, offset, cause) = fault(&capture.concat());
    assert_eq!((packet, offset), (1, 44));
    assert_eq!(
        cause.to_string(),
        "the record claims 4294967296 bytes; 524288 are the most"
    );
}

#[test]
fn another_file_or_version_is_told_apart() {
    for (capture, message) in [
        (
            &b"\x1f\x8b\x08\x00...."[..],
            "test: byte 0: not a pcap or pcapng file: it begins with [1f, 8b, 08, 00]",
        ),
        (
            b"\xd4\xc3\xb2\xa1\x01\x00\x00\x00................",
            "test: byte 0: version 1.0 of the format is not supported",
        ),
        (
            b"",
            "test: byte 0: the file is cut off: 4 bytes belong here, 0 are left",
        ),
    ] {
        assert_eq!(read(capture).1.unwrap().to_string(), message);
    }
}

#[test]
fn a_file_tells_its_length_and_the_place_reached() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/iiptran-6in4-aes128gcm16.wire.pcap");
    let mut reader = CaptureReader::open(&path).unwrap();
    assert_eq!((reader.position(), reader.length()), (24, Some(2_512)));
    let mut spis = Vec::new();
    while let Some(packet) = reader.next().unwrap() {
        assert_eq!(packet.link_type, LinkType::RAW);
        spis.push(packet.bytes[23]);
    }
    assert_eq!(spis.len(), 14);
    assert!(spis.iter().all(|spi| [0x3e, 0x3f].contains(spi)));
    assert_eq!(reader.position(), 2_512);
}

#[test]
fn an_input_that_is_no_file_has_no_length() {
    let capture = Little.pcap(MICROSECONDS, 101);
    let reader = CaptureReader::new("-", capture.as_slice()).unwrap();
    assert_eq!((reader.position(), reader.length()), (24, None));
}

#[test]
fn a_missing_file_is_named() {
    let error = CaptureReader::open(Path::new("missing.pcap"))
        .err()
        .unwrap();
    assert!(matches!(&error, CaptureError::Open { file, .. } if file == "missing.pcap"));
    assert!(error.to_string().starts_with("missing.pcap: can't open: "));
}

#[test]
fn a_failing_input_is_an_error_of_its_place() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("unplugged"))
        }
    }
    let start = [
        Little.pcap(MICROSECONDS, 101),
        Little.frame(0, 0, 2, &[1, 2]),
    ]
    .concat();
    let (packets, error) = super::read_from(start.as_slice().chain(Failing));
    assert_eq!(packets.len(), 1);
    let error = error.unwrap();
    assert_eq!(
        error.to_string(),
        "test: after 1 packet, at byte 42: unplugged"
    );
    assert!(matches!(
        error,
        CaptureError::Read {
            cause: Cause::Io(_),
            ..
        }
    ));
}
