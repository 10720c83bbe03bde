//! Packets as a capture: a little-endian pcap file of version 2.4, nanoseconds, raw IP packets.

use alloc::vec::Vec;

use iiptran::Instant;

const MAGIC: u32 = 0xa1b2_3c4d;
const VERSION: u32 = 2 | 4 << 16;
/// The longest packet that libpcap and Wireshark accept, bytes.
const SNAPSHOT_LENGTH: u32 = 256 * 1024;
/// `LINKTYPE_RAW`.
const LINK_TYPE: u32 = 101;

/// The header of a file.
pub(crate) fn header() -> Vec<u8> {
    let mut file = Vec::new();
    put(&mut file, [MAGIC, VERSION, 0, 0]);
    put(&mut file, [SNAPSHOT_LENGTH, LINK_TYPE]);
    file
}

/// A packet that was seen at a moment. What 32 bits of seconds can't say is as if in their last second.
pub(crate) fn record(file: &mut Vec<u8>, time: Instant, packet: &[u8]) {
    const SECOND: u64 = 1_000_000_000;
    let seconds = u32::try_from(time.as_nanos() / SECOND).unwrap_or(u32::MAX);
    let fraction = u32::try_from(time.as_nanos() % SECOND).unwrap_or_default();
    let original = u32::try_from(packet.len()).unwrap_or(u32::MAX);
    let captured = original.min(SNAPSHOT_LENGTH);
    put(file, [seconds, fraction, captured, original]);
    let captured = usize::try_from(captured).unwrap_or(usize::MAX);
    file.extend_from_slice(packet.get(..captured).unwrap_or(packet));
}

fn put<const N: usize>(file: &mut Vec<u8>, words: [u32; N]) {
    file.extend(words.iter().flat_map(|word| word.to_le_bytes()));
}
