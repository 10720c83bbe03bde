//! Reading and writing packet captures, through the public interface.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail anywhere"
)]

mod blocks;
mod damage;
mod pcap;
mod pcapng;
mod writer;

use core::time::Duration;
use std::io::Read;

use iiptran_cli::capture::{CaptureError, CaptureReader, Cause, LinkType};

/// A packet with its own bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Owned {
    timestamp: Duration,
    original_length: u32,
    link_type: LinkType,
    bytes: Vec<u8>,
}

/// All packets before the end or the first error, and that error.
fn read(capture: &[u8]) -> (Vec<Owned>, Option<CaptureError>) {
    read_from(capture)
}

fn read_from(input: impl Read) -> (Vec<Owned>, Option<CaptureError>) {
    let mut packets = Vec::new();
    let mut reader = match CaptureReader::new("test", input) {
        Ok(reader) => reader,
        Err(error) => return (packets, Some(error)),
    };
    loop {
        let position = reader.position();
        match reader.next() {
            Ok(Some(packet)) => {
                assert_eq!(packet.index, packets.len() as u64);
                packets.push(Owned {
                    timestamp: packet.timestamp,
                    original_length: packet.original_length,
                    link_type: packet.link_type,
                    bytes: packet.bytes.to_vec(),
                });
                assert!(reader.position() > position);
            }
            Ok(None) => return (packets, None),
            Err(error) => {
                assert!(reader.next().unwrap().is_none(), "nothing after an error");
                return (packets, Some(error));
            }
        }
    }
}

/// The packets of a capture without fault.
fn packets(capture: &[u8]) -> Vec<Owned> {
    let (packets, error) = read(capture);
    assert!(error.is_none(), "{error:?}");
    packets
}

/// Index, offset and cause of the error that a capture ends with.
fn fault(capture: &[u8]) -> (u64, u64, Cause) {
    match read(capture).1 {
        Some(CaptureError::Read {
            file,
            offset,
            packet,
            cause,
        }) => {
            assert_eq!(file, "test");
            (packet, offset, cause)
        }
        other => panic!("{other:?}"),
    }
}
