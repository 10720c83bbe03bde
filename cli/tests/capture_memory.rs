//! However long a capture is, and whatever it claims, reading it takes little memory.
//!
//! A test binary of its own, because it counts what the whole process allocates.
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may fail anywhere"
)]

use std::io::{self, Read};

use iiptran_cli::capture::CaptureReader;
use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

const MIB: usize = 1 << 20;

/// The file header of a pcap file.
const PCAP: &[u8] = b"\xd4\xc3\xb2\xa1\x02\0\x04\0\0\0\0\0\0\0\0\0\0\0\x04\0\x65\0\0\0";

/// A section header and an interface description.
const PCAPNG: &[u8] =
    b"\n\r\r\n\x1c\0\0\0\x4d\x3c\x2b\x1a\x01\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\x1c\0\0\0\
    \x01\0\0\0\x14\0\0\0\x65\0\0\0\0\0\0\0\x14\0\0\0";

/// The same bytes again and again.
struct Repeated {
    bytes: Vec<u8>,
    at: usize,
}

impl Read for Repeated {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while filled < buffer.len() {
            let piece = &self.bytes[self.at..];
            let count = piece.len().min(buffer.len() - filled);
            buffer[filled..filled + count].copy_from_slice(&piece[..count]);
            filled += count;
            self.at = (self.at + count) % self.bytes.len();
        }
        Ok(filled)
    }
}

/// Packets of, and most memory taken by reading, a start and then 64 MiB of a repeated record.
fn read(start: &[u8], record: &[u8]) -> (u64, usize) {
    let whole = 64 * MIB / record.len() * record.len();
    let records = Repeated {
        bytes: record.to_vec(),
        at: 0,
    };
    let input = start.chain(records.take(whole as u64));
    let before = ALLOCATOR.current_usage();
    ALLOCATOR.reset_peak_usage();
    let mut reader = CaptureReader::new("large", input).unwrap();
    let mut packets = 0;
    while let Ok(Some(packet)) = reader.next() {
        packets = packet.index + 1;
    }
    (packets, ALLOCATOR.peak_usage() - before)
}

/// One test, so that no other allocates beside it.
#[test]
fn memory_is_bounded() {
    let packet = &[0x45; 1_500][..];
    let interface = b"\x01\0\0\0\x14\0\0\0\x65\0\0\0\0\0\0\0\x14\0\0\0";
    let frame = [&[0; 8], &b"\xdc\x05\0\0\xdc\x05\0\0"[..], packet].concat();
    let claims_4_gib = [&[0; 8], &b"\xff\xff\xff\xff\xdc\x05\0\0"[..], packet].concat();
    let head = b"\x06\0\0\0\xfc\x05\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xdc\x05\0\0\xdc\x05\0\0";
    let block = [head, packet, b"\xfc\x05\0\0"].concat();
    let secrets_of_48_mib = [b"\x0a\0\0\0\0\0\0\x03", packet].concat();
    let length = 500_020_u32.to_le_bytes();
    let options = b"\x01\0\0\0".repeat(125_000);
    let head = [b"\x01\0\0\0", &length[..], b"\x65\0\0\0\0\0\0\0"].concat();
    let all_options = [&head, &options, &length[..]].concat();

    for (what, start, record, has_packets, limit) in [
        ("pcap", PCAP, &frame[..], true, MIB),
        ("pcapng", PCAPNG, &block, true, MIB),
        ("a claim of 4 GiB", PCAP, &claims_4_gib, false, MIB),
        (
            "a block passed over",
            PCAPNG,
            &secrets_of_48_mib,
            false,
            MIB,
        ),
        ("nothing but interfaces", PCAPNG, interface, false, 4 * MIB),
        ("nothing but options", PCAPNG, &all_options, false, 8 * MIB),
    ] {
        let (packets, peak) = read(start, record);
        let expected = if has_packets {
            64 * MIB / record.len()
        } else {
            0
        };
        assert_eq!(packets, expected as u64, "{what}");
        assert!(peak < limit, "{what}: {peak} bytes");
    }
}
