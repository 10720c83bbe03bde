//! The block format: sections, each with its byte order and its interfaces, of which each has its
//! link type and its clock (draft-ietf-opsawg-pcapng).
//!
//! ```text
//! +------+--------+-------------------+--------+
//! | type | length |     contents      | length |    4, 4, n and 4 bytes
//! +------+--------+-------------------+--------+
//! ```
//!
//! Blocks are told apart here, by their lengths, so that one of any size can be passed over unread;
//! the parser gets one whole block at a time.

mod byte_order;
mod clock;
mod interface;
mod packet;

use std::io::Read;

use pcap_parser::nom::IResult;
// One parser for each block that is needed: the one for any block would bring those of all others along.
use pcap_parser::{
    EPB_MAGIC, IDB_MAGIC, InterfaceDescriptionBlock, OptionCode, PcapError, SHB_MAGIC, SPB_MAGIC,
    SectionHeaderBlock, parse_enhancedpacketblock_be, parse_enhancedpacketblock_le,
    parse_interfacedescriptionblock_be, parse_interfacedescriptionblock_le,
    parse_sectionheaderblock, parse_simplepacketblock_be, parse_simplepacketblock_le,
};

use super::Cause;
use super::reader::Record;
use super::source::Source;
use byte_order::{ByteOrder, word};
use interface::Interface;
use packet::PacketBlock;

/// The packet block of old files. The parser leaves it alone.
const OBSOLETE_PACKET: u32 = 2;

/// Type and two lengths: the shortest block, bytes.
const MIN_BLOCK: u32 = 12;

/// The length behind the contents, bytes.
const TRAILER: usize = 4;

/// As many as the 16-bit interface number of an obsolete packet block tells apart. It bounds what a
/// file full of descriptions makes the reader keep.
const MAX_INTERFACES: usize = 1 << 16;

/// What the blocks so far say of the packets to come.
#[derive(Default)]
pub(super) struct Pcapng {
    byte_order: ByteOrder,
    interfaces: Vec<Interface>,
    /// The comments of the first section, once its header was read.
    comment: Option<String>,
}

impl Pcapng {
    /// Whether a file that begins so is of this format.
    pub(super) const fn is_magic(first: [u8; 4]) -> bool {
        u32::from_be_bytes(first) == SHB_MAGIC
    }

    /// The comments of the first section, one behind the other. Its header is the first block, and is read if
    /// it was not yet.
    pub(super) fn comment<R: Read>(&mut self, source: &mut Source<R>) -> Result<&str, Cause> {
        if self.comment.is_none() {
            self.next_block(source)?;
        }
        Ok(self.comment.as_deref().unwrap_or_default())
    }

    /// Finds the next packet, past all other blocks; `None` at the end of the file.
    pub(super) fn next_record<R: Read>(
        &mut self,
        source: &mut Source<R>,
    ) -> Result<Option<Record>, Cause> {
        while !source.at_end()? {
            if let Some(record) = self.next_block(source)? {
                return Ok(Some(record));
            }
        }
        Ok(None)
    }

    /// Reads the block at the start of the window and passes it over, unless it has a packet.
    fn next_block<R: Read>(&mut self, source: &mut Source<R>) -> Result<Option<Record>, Cause> {
        let (kind, length) = self.read_frame(source)?;
        if !is_needed(kind) {
            source.skip(u64::from(length).saturating_sub(TRAILER as u64))?;
            self.check_trailer(length, source.peek()?)?;
            source.take(TRAILER);
            return Ok(None);
        }
        let size = length as usize;
        source.fill(size)?;
        let block = source.window().get(..size).unwrap_or_default();
        let contents_end = size.saturating_sub(TRAILER);
        self.check_trailer(length, word(block, contents_end))?;
        if let Some(packet) = self.read_block(kind, block)? {
            let interface = self.interfaces.get(packet.interface as usize);
            let interface = interface.ok_or(Cause::UnknownInterface(packet.interface))?;
            let record = packet.record(size, interface)?;
            if record.data.end > contents_end {
                return Err(Cause::Block(kind));
            }
            return Ok(Some(record));
        }
        source.take(size);
        Ok(None)
    }

    /// Type and length of the block at the start of the window.
    fn read_frame<R: Read>(&mut self, source: &mut Source<R>) -> Result<(u32, u32), Cause> {
        let head: [u8; MIN_BLOCK as usize] = source.peek()?;
        // The type of a section header reads the same in both orders; its contents tell which it is.
        if Self::is_magic(word(&head, 0)) {
            self.byte_order = ByteOrder::of_section(word(&head, 8))?;
        }
        let kind = self.byte_order.u32(word(&head, 0));
        let length = self.byte_order.u32(word(&head, 4));
        if length < MIN_BLOCK || !length.is_multiple_of(4) {
            return Err(Cause::BlockLength(length));
        }
        Ok((kind, length))
    }

    fn check_trailer(&self, front: u32, trailer: [u8; TRAILER]) -> Result<(), Cause> {
        let back = self.byte_order.u32(trailer);
        if back != front {
            return Err(Cause::BlockTrailer { front, back });
        }
        Ok(())
    }

    /// Learns from a whole block, or finds its packet.
    fn read_block(&mut self, kind: u32, block: &[u8]) -> Result<Option<PacketBlock>, Cause> {
        if kind == OBSOLETE_PACKET {
            return Ok(Some(PacketBlock::obsolete(block, self.byte_order)));
        }
        let little = self.byte_order == ByteOrder::Little;
        match kind {
            SHB_MAGIC => self.begin_section(&whole(kind, parse_sectionheaderblock(block))?)?,
            IDB_MAGIC => {
                let parse = if little {
                    parse_interfacedescriptionblock_le
                } else {
                    parse_interfacedescriptionblock_be
                };
                self.add_interface(&whole(kind, parse(block))?)?;
            }
            EPB_MAGIC => {
                let parse = if little {
                    parse_enhancedpacketblock_le
                } else {
                    parse_enhancedpacketblock_be
                };
                return Ok(Some(PacketBlock::enhanced(&whole(kind, parse(block))?)));
            }
            SPB_MAGIC => {
                let parse = if little {
                    parse_simplepacketblock_le
                } else {
                    parse_simplepacketblock_be
                };
                return Ok(Some(PacketBlock::simple(&whole(kind, parse(block))?)));
            }
            _ => {}
        }
        Ok(None)
    }

    fn begin_section(&mut self, header: &SectionHeaderBlock<'_>) -> Result<(), Cause> {
        let (major, minor) = (header.major_version, header.minor_version);
        if major != 1 {
            return Err(Cause::Version { major, minor });
        }
        self.interfaces.clear();
        self.comment.get_or_insert_with(|| comment(header));
        Ok(())
    }

    fn add_interface(&mut self, block: &InterfaceDescriptionBlock<'_>) -> Result<(), Cause> {
        if self.interfaces.len() == MAX_INTERFACES {
            return Err(Cause::TooManyInterfaces(MAX_INTERFACES));
        }
        let interface = Interface::new(block, self.byte_order)?;
        self.interfaces.push(interface);
        Ok(())
    }
}

/// The comments of a section, one behind the other: a long text is in several (see [`super::PcapngWriter`]).
fn comment(header: &SectionHeaderBlock<'_>) -> String {
    let options = header.options.iter();
    let comments = options.filter(|option| option.code == OptionCode::Comment);
    // The parser leaves the bytes in that fill up to a multiple of four.
    let parts = comments.filter_map(|option| option.value.get(..usize::from(option.len)));
    String::from_utf8_lossy(&parts.collect::<Vec<_>>().concat()).into_owned()
}

/// What the parser makes of a whole block: where it wants more, the block contradicts itself.
fn whole<'b, T>(kind: u32, parsed: IResult<&'b [u8], T, PcapError<&'b [u8]>>) -> Result<T, Cause> {
    match parsed {
        Ok((_, block)) => Ok(block),
        Err(_) => Err(Cause::Block(kind)),
    }
}

/// Whether a block of this type says anything of packets.
const fn is_needed(kind: u32) -> bool {
    matches!(
        kind,
        SHB_MAGIC | IDB_MAGIC | EPB_MAGIC | SPB_MAGIC | OBSOLETE_PACKET
    )
}
