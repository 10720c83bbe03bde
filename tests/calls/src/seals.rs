//! Packets sealed one after another, so that time can be taken of nothing else.

use iiptran_host::{Error, OutboundSa, Place, SealOptions};

/// What an SA puts before and behind a packet, bytes, is less than this.
const ROOM: usize = 128;
const HEADER: usize = 20;

/// An SA and the packet that it seals.
#[derive(Debug)]
pub struct Seals {
    sa: OutboundSa,
    header: [u8; HEADER],
    buffer: Vec<u8>,
    place: Place,
}

impl Seals {
    /// The outbound SA of a document, and an IPv4 packet of `size` bytes.
    ///
    /// # Errors
    /// What is wrong with the document.
    ///
    /// # Panics
    /// If a header is longer than the packet, or the packet longer than any.
    pub fn new(document: &str, size: usize) -> Result<Self, Error> {
        let [high, low] = u16::try_from(size).expect("an IPv4 packet").to_be_bytes();
        // RFC 791 section 3.1: protocol 253 is for experiments (RFC 3692), and the addresses are RFC 5737's.
        let mut header = [
            0x45, 0, high, low, 0, 0, 0, 0, 64, 253, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2,
        ];
        let words = header.as_chunks::<2>().0.iter().copied();
        let sum: u32 = words.map(|word| u32::from(u16::from_be_bytes(word))).sum();
        let checksum = !((sum & 0xffff) + (sum >> 16));
        header[10..12].copy_from_slice(&checksum.to_be_bytes()[2..]);
        let mut buffer = vec![0; ROOM + size + ROOM];
        buffer[ROOM..][..HEADER].copy_from_slice(&header);
        Ok(Self {
            sa: OutboundSa::new(document)?,
            header,
            buffer,
            place: whole(size),
        })
    }

    /// Seals the packet `count` times, and gives what the last of them came to: each has what the one before
    /// it came to as its payload.
    ///
    /// # Errors
    /// Why a packet was not sealed.
    pub fn run(&mut self, count: u32) -> Result<&[u8], Error> {
        let size = self.buffer.len() - 2 * ROOM;
        for _ in 0..count {
            self.place = whole(size);
            self.buffer[ROOM..][..HEADER].copy_from_slice(&self.header);
            let options = SealOptions::default();
            let Self {
                sa, buffer, place, ..
            } = self;
            sa.seal(0, buffer, place, &options)?;
        }
        Ok(&self.buffer[self.place.offset..][..self.place.length])
    }
}

const fn whole(size: usize) -> Place {
    Place {
        offset: ROOM,
        length: size,
    }
}
