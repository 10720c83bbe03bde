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
    /// Runs `process` on the packet, and moves to where it left the packet if it succeeds.
    pub(crate) fn process<R>(
        &mut self,
        buffer: &mut [u8],
        process: impl FnOnce(&mut Packet<'_>) -> Result<R, Error>,
    ) -> Result<R, Error> {
        let end = self.offset.checked_add(self.length);
        let range = self.offset..end.ok_or(Misuse::OutsideBuffer)?;
        let mut packet = Packet::new(buffer, range).ok_or(Misuse::OutsideBuffer)?;
        let result = process(&mut packet)?;
        *self = Self {
            offset: packet.range().start,
            length: packet.len(),
        };
        Ok(result)
    }
}
