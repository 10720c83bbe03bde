//! The three kinds of block that carry a packet.

use core::time::Duration;

use pcap_parser::{EnhancedPacketBlock, SimplePacketBlock};

use super::byte_order::{ByteOrder, word};
use super::interface::Interface;
use crate::Cause;
use crate::reader::Record;

/// What a block says of its packet; the rest is known of the interface.
pub(super) struct PacketBlock {
    /// Number of the interface in its section, from 0.
    pub(super) interface: u32,
    // Units of the interface's clock, if the block says when.
    time: Option<u64>,
    // Bytes of the packet in the block, if it says how many.
    captured: Option<u32>,
    original: u32,
    // Where in the block the packet begins.
    start: usize,
}

impl PacketBlock {
    pub(super) fn enhanced(block: &EnhancedPacketBlock<'_>) -> Self {
        Self {
            interface: block.if_id,
            time: Some(u64::from(block.ts_high) << 32 | u64::from(block.ts_low)),
            captured: Some(block.caplen),
            original: block.origlen,
            start: 28,
        }
    }

    /// What old files have: an enhanced packet block with 16 bits for the interface and 16 for a count
    /// of lost packets in the place of 32 for the interface.
    pub(super) fn obsolete(block: &[u8], byte_order: ByteOrder) -> Self {
        let [first, second, ..] = word(block, 8);
        let [high, low] = [12, 16].map(|offset| u64::from(byte_order.u32(word(block, offset))));
        Self {
            interface: byte_order.u16([first, second]).into(),
            time: Some(high << 32 | low),
            captured: Some(byte_order.u32(word(block, 20))),
            original: byte_order.u32(word(block, 24)),
            start: 28,
        }
    }

    /// A packet of the first interface, which says only how long it was.
    pub(super) fn simple(block: &SimplePacketBlock<'_>) -> Self {
        Self {
            interface: 0,
            time: None,
            captured: None,
            original: block.origlen,
            start: 12,
        }
    }

    /// The packet as it is in a block of `length` bytes, on its interface.
    pub(super) fn record(&self, length: usize, interface: &Interface) -> Result<Record, Cause> {
        let captured = self
            .captured
            .unwrap_or(interface.captured_length(self.original));
        let timestamp = match self.time {
            Some(units) => interface.clock.time(units).ok_or(Cause::Timestamp)?,
            None => Duration::ZERO,
        };
        Ok(Record {
            length,
            data: self.start..self.start.saturating_add(captured as usize),
            timestamp,
            original_length: self.original,
            link_type: interface.link_type,
        })
    }
}
