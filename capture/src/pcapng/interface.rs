//! The interface that a packet was captured on.

use pcap_parser::{InterfaceDescriptionBlock, OptionCode};

use super::byte_order::ByteOrder;
use super::clock::Clock;
use crate::{Cause, LinkType};

/// What an Interface Description Block says of the interface's packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Interface {
    pub(super) link_type: LinkType,
    pub(super) clock: Clock,
    // How much of a longer packet is captured, bytes.
    snapshot_length: u32,
}

impl Interface {
    /// Reads the fields and the options.
    ///
    /// The parser's own reading of the two time options is not used: it has `if_tsoffset` in one byte
    /// order only and no resolution that is a power of two.
    pub(super) fn new(
        block: &InterfaceDescriptionBlock<'_>,
        byte_order: ByteOrder,
    ) -> Result<Self, Cause> {
        let option = |code| {
            let options = block.options.iter();
            options
                .take_while(|option| option.code != OptionCode::EndOfOpt)
                .find(|option| option.code == code)
                .and_then(|option| option.as_bytes().ok())
        };
        let resolution = option(OptionCode::IfTsresol).and_then(<[u8]>::first);
        let resolution = *resolution.unwrap_or(&Clock::DEFAULT_RESOLUTION);
        let offset = option(OptionCode::IfTsoffset).and_then(<[u8]>::first_chunk);
        let offset = offset.map_or(0, |&bytes| byte_order.i64(bytes));
        Ok(Self {
            link_type: LinkType::from_pcap(block.linktype.0),
            clock: Clock::new(resolution, offset).ok_or(Cause::Resolution(resolution))?,
            snapshot_length: match block.snaplen {
                0 => u32::MAX,
                length => length,
            },
        })
    }

    /// How many bytes of a packet are captured.
    pub(super) fn captured_length(&self, original_length: u32) -> u32 {
        original_length.min(self.snapshot_length)
    }
}
