//! What a burst tells of each of its packets.

use super::{Received, SealedPacket};
use crate::wire::Protocol;

/// A packet of a burst that was sealed or opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Carried {
    /// The whole sequence number.
    pub sequence: u64,
    /// Pad length, bytes.
    pub pad_length: u8,
    /// The payload's protocol: 4 or 41 for an IP packet.
    pub next_header: Protocol,
}

impl Carried {
    /// `next_header` is of the sealed packet.
    pub(super) fn sealed(packet: &SealedPacket, next_header: Protocol) -> Self {
        Self {
            sequence: packet.esp.authenticated.sequence,
            pad_length: pad_length(packet.esp.pad_length),
            next_header,
        }
    }
}

impl From<&Received> for Carried {
    fn from(received: &Received) -> Self {
        Self {
            sequence: received.sequence,
            pad_length: pad_length(received.esp.pad_length),
            next_header: received.esp.next_header,
        }
    }
}

/// It is a byte on the wire.
fn pad_length(length: usize) -> u8 {
    u8::try_from(length).unwrap_or(u8::MAX)
}
