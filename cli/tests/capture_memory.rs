//! However long a capture is, and whatever it claims, reading and opening it takes little memory.
//!
//! A test binary of its own, because it counts what the whole process allocates.
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may fail anywhere"
)]

use std::ffi::OsString;
use std::fs;
use std::io::{self, Read};
use std::process::ExitCode;
use std::time::Duration;

use iiptran::wire::{self, Protocol};
use iiptran_cli::capture::{CaptureReader, CaptureWriter, Precision};
use iiptran_tests::captures;
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
    let [small, large] = [1, 8].map(|mib| command(mib * MIB));
    assert!(
        large < small + MIB,
        "{small} bytes for 1 MiB, {large} for 8 MiB"
    );
}

/// Most memory taken by opening a capture of about so many bytes and sealing it again. Packets are
/// good ones, ones of many SPIs that no key or a wrong one is for, and ones that are not ESP.
fn command(length: usize) -> usize {
    const CASE: &str = "iiptran-4in4-aes128gcm16";
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).into_os_string();
    let captured = captures::load().into_iter().find(|sa| sa.case == CASE);
    let captured = captured.unwrap();
    let sa = captured.sender(captured.arrangement);
    let key: String = sa
        .keys
        .encryption
        .expose()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let keys = [sa.spi.to_string(), "0x0000****".to_string()].map(|spi| {
        format!("\"Any\",\"*\",\"*\",\"{spi}\",\"AES-GCM with 16 octet ICV [RFC4106]\",\"0x{key}\",\"NULL\",\"\"\n")
    });
    fs::write(path("keys"), keys.concat()).unwrap();

    let mut packet = captured.packets[0].wire.clone();
    let mut writer = CaptureWriter::create(path("wire").as_ref(), Precision::Microseconds).unwrap();
    for index in 0..length / packet.len() {
        let spi = match index % 4 {
            0 | 1 => sa.spi.0,
            2 => index as u32,
            _ => index as u32 | 1 << 31,
        };
        packet[20..24].copy_from_slice(&spi.to_be_bytes());
        // Experimental (RFC 3692), or ESP.
        let protocol = Protocol(if index % 4 == 1 { 253 } else { 50 });
        wire::set_payload(&mut packet, 9, protocol, 20).unwrap();
        writer.write(Duration::ZERO, &packet).unwrap();
    }
    writer.finish().unwrap();

    let before = ALLOCATOR.current_usage();
    ALLOCATOR.reset_peak_usage();
    let options = ["--no-anti-replay", "-k"].map(OsString::from);
    for (command, files) in [
        ("open", vec![path("keys"), path("wire"), path("inner")]),
        (
            "seal",
            vec![
                path("keys"),
                "--like".into(),
                path("wire"),
                path("inner"),
                path("again"),
            ],
        ),
    ] {
        let name = ["iiptran", "pcap", command].map(OsString::from);
        let arguments = name.into_iter().chain(options.clone()).chain(files);
        assert_eq!(iiptran_cli::main_with(arguments), ExitCode::SUCCESS);
    }
    let sizes = ["wire", "again"].map(|name| fs::metadata(path(name)).unwrap().len());
    assert!(
        sizes[1] >= sizes[0] / 2,
        "half of the packets come through: {sizes:?}"
    );
    ALLOCATOR.peak_usage() - before
}
