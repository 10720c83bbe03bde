//! Where a packet is in its buffer.

use iiptran::Packet;

use crate::{Error, Misuse};

/// Where a packet is in its buffer. What is before it is headroom, what is behind it tailroom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The packet's first byte in the buffer.
    pub offset: usize,
    /// Its length, bytes.
    pub length: usize,
}

impl Place {
    /// The packet at this place of a buffer.
    pub(crate) fn packet(self, buffer: &mut [u8]) -> Result<Packet<'_>, Misuse> {
        let end = self.offset.checked_add(self.length);
        let range = self.offset..end.ok_or(Misuse::OutsideBuffer)?;
        Packet::new(buffer, range).ok_or(Misuse::OutsideBuffer)
    }

    /// Where a packet is in its buffer.
    pub(crate) fn of(packet: &Packet<'_>) -> Self {
        Self {
            offset: packet.range().start,
            length: packet.len(),
        }
    }

    /// Runs `process` on the packet, and moves to where it left the packet if it succeeds.
    pub(crate) fn process<R>(
        &mut self,
        buffer: &mut [u8],
        process: impl FnOnce(&mut Packet<'_>) -> Result<R, Error>,
    ) -> Result<R, Error> {
        let mut packet = self.packet(buffer)?;
        let result = process(&mut packet)?;
        *self = Self::of(&packet);
        Ok(result)
    }
}
